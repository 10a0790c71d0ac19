//! Characters are those of the language, not their look-alikes.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::text::Text;
use crate::text::ideograph;

pub(super) static RULE: Rule = Rule {
    code: "W408",
    name: "形近的怪字",
    severity: Severity::Warning,
    explanation: r#"看什么：有没有部首字符和兼容字符，例如 ⼈（U+2F08）、⺠（U+2EA0）。
为什么：它们和“人”“民”看上去一样，却是另外的字：查找、排序、核对都当作不同的字。多半是从 PDF 复制来的。可以用 jixiao check --fix 自动改。
反例：`"⼈⺠⽣活补助"`
正例：`"人民生活补助"`"#,
};

pub(super) fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let content = text.as_str();
    let is_odd = |c: char| ideograph(c).is_some();
    let mut end = 0;
    while let Some(offset) = content[end..].find(is_odd) {
        let start = end + offset;
        end = content[start..].find(|c| !is_odd(c)).map_or(content.len(), |length| start + length);
        let odd = &content[start..end];
        let right: String = odd.chars().filter_map(ideograph).collect();
        let codes: Vec<String> =
            odd.chars().map(|c| format!("U+{:04X}", u32::from(c))).take(3).collect();
        let more = if odd.chars().count() > 3 { " 等" } else { "" };
        let message = format!("“{odd}”不是平常的汉字（{}{more}）", codes.join("、"));
        let finding = Finding::at(&RULE, text.near(start..end), message)
            .help(format!("改成“{right}”，重新打一遍也可以"));
        findings.push(match text.part(start..end) {
            Some(span) => finding.fix(span, right),
            None => finding,
        });
    }
}
