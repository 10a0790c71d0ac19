//! Spaces are plain, and none stands at either end of a text.

use super::space_before_figure::is_before_or_behind_figure;
use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::text::Text;

pub(super) static RULE: Rule = Rule {
    code: "W409",
    name: "多余或特殊的空格",
    severity: Severity::Warning,
    explanation: r#"看什么：开头和结尾有没有空格，中间有没有特殊的空格（不换行空格 U+00A0、半字空格 U+2002、窄空格 U+2009 等）。
为什么：看不出来，却让两处一样的文字对不上，印出来宽窄也不一样；多半是从网页、Word 或 Excel 复制来的。可以用 jixiao check --fix 自动改。
反例：`"办公经费 "`
正例：`"办公经费"`"#,
};

pub(super) fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let content = text.as_str();
    // What is all spaces is empty; other rules say so.
    if content.trim().is_empty() {
        return;
    }
    let mut end = 0;
    while let Some(offset) = content[end..].find(is_space) {
        let start = end + offset;
        end =
            content[start..].find(|c| !is_space(c)).map_or(content.len(), |length| start + length);
        let spaces = &content[start..end];
        let (message, help, right) = if start == 0 {
            if spaces == INDENT {
                continue;
            }
            ("开头有空格".to_owned(), "删掉空格", "")
        } else if end == content.len() {
            ("结尾有空格".to_owned(), "删掉空格", "")
        } else if let Some(odd) = spaces.chars().find(|&c| is_odd(c))
            && !is_before_or_behind_figure(&content[..start], &content[end..])
        {
            let message = format!("这里的空格是特殊的空格 U+{:04X}", u32::from(odd));
            (message, "改成平常的空格，不需要就删掉", " ")
        } else {
            continue;
        };
        let finding = Finding::at(&RULE, text.near(start..end), message).help(help);
        findings.push(match text.part(start..end) {
            Some(span) => finding.fix(span, right),
            None => finding,
        });
    }
}

/// How a paragraph begins.
const INDENT: &str = "　　";

fn is_space(c: char) -> bool {
    c.is_whitespace() && c != '\n'
}

/// Whether a space is neither the plain one nor one as wide as a character.
fn is_odd(c: char) -> bool {
    !matches!(c, ' ' | '\u{3000}') && !c.is_control()
}
