//! No space stands between Han characters and figures.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::text::{Text, is_han};

pub(super) static RULE: Rule = Rule {
    code: "W403",
    name: "汉字和数字之间有空格",
    severity: Severity::Warning,
    explanation: r#"看什么：汉字和数字之间有没有空格。
为什么：GB/T 15835-2011《出版物上数字用法》的用法里数字和汉字连写；空格多半是从 PDF 或网页复制来的，换行时会把数和单位分开。可以用 jixiao check --fix 自动改。
反例：`"2 次"`
正例：`"2次"`"#,
};

pub(super) fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let content = text.as_str();
    let is_space = |c: char| c.is_whitespace() && !matches!(c, '\n' | '\t');
    let mut end = 0;
    while let Some(offset) = content[end..].find(is_space) {
        let start = end + offset;
        end =
            content[start..].find(|c| !is_space(c)).map_or(content.len(), |length| start + length);
        if !is_before_or_behind_figure(&content[..start], &content[end..]) {
            continue;
        }
        let finding =
            Finding::at(&RULE, text.near(start..end), "汉字和数字之间有空格").help("删掉空格");
        findings.push(match text.part(start..end) {
            Some(span) => finding.fix(span, ""),
            None => finding,
        });
    }
}

/// Whether a space between these texts parts Han characters from a figure.
pub(super) fn is_before_or_behind_figure(before: &str, after: &str) -> bool {
    let (Some(before), Some(after)) = (before.chars().next_back(), after.chars().next()) else {
        return false;
    };
    (is_han(before) && after.is_ascii_digit())
        || ((before.is_ascii_digit() || before == '%') && is_han(after))
}
