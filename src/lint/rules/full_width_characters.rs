//! Digits and Latin letters are half-width.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::text::Text;

pub(super) static RULE: Rule = Rule {
    code: "W402",
    name: "全角数字或字母",
    severity: Severity::Warning,
    explanation: r#"看什么：有没有全角的数字、字母和百分号。
为什么：GB/T 15835-2011《出版物上数字用法》用的是半角阿拉伯数字；全角的“２２”查找不到，也不能参加核对。可以用 jixiao check --fix 自动改。
反例：`"２次"`
正例：`"2次"`"#,
};

pub(super) fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let content = text.as_str();
    let mut end = 0;
    while let Some(offset) = content[end..].find(is_wide) {
        let start = end + offset;
        end = content[start..].find(|c| !is_wide(c)).map_or(content.len(), |length| start + length);
        let narrow: String = content[start..end].chars().map(narrow).collect();
        let message = format!("“{}”是全角的", &content[start..end]);
        let finding = Finding::at(&RULE, text.near(start..end), message)
            .help(format!("改成半角的“{narrow}”"));
        findings.push(match text.part(start..end) {
            Some(span) => finding.fix(span, narrow),
            None => finding,
        });
    }
}

fn is_wide(c: char) -> bool {
    matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '％')
}

/// The half-width form: the full-width block repeats ASCII in its order.
fn narrow(c: char) -> char {
    let code = u32::from(c).saturating_sub(u32::from('！')) + u32::from('!');
    char::from_u32(code).unwrap_or(c)
}
