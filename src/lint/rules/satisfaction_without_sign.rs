//! A satisfaction has a lower bound.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::Scope;
use crate::lint::figure::has_percentage;

pub(super) static RULE: Rule = Rule {
    code: "W206",
    name: "满意度没有比较号",
    severity: Severity::Warning,
    explanation: r#"看什么：满意度指标的百分比前面有没有 ≥ 这样的比较号（或“不低于”“以上”）。
为什么：满意度是要达到的下限，不会恰好等于一个数；没有比较号，多出来的也算没有完成。
反例：`"群众满意度" = "95%"`
正例：`"群众满意度" = "≥95%"`"#,
};

const SIGNS: &[&str] =
    &["≥", "＞", ">", "≧", "不低于", "不少于", "不小于", "以上", "超过", "至少", "高于", "大于"];

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    for (_, row) in scope.project.rows() {
        let Some(value) = scope.reading(row) else { continue };
        let value = value.as_str();
        let is_bounded = SIGNS.iter().any(|sign| value.contains(sign));
        if !row.name.get_ref().contains("满意度") || !has_percentage(value) || is_bounded {
            continue;
        }
        let finding = scope
            .about_value(&RULE, row, "满意度没有写比较号")
            .label("前面要有 ≥")
            .help("写成 ≥95% 的样子");
        findings.push(finding);
    }
}
