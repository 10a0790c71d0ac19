//! No character is invisible.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::text::Text;
use crate::text::{is_direction, is_zero_width};

pub(super) static RULE: Rule = Rule {
    code: "W405",
    name: "看不见的字符",
    severity: Severity::Warning,
    explanation: r#"看什么：有没有控制字符、零宽字符、改变文字方向的字符和私用区字符。
为什么：这些字符看不见，却会让查找、核对和排版出错，方向字符甚至能让印出来的数字和文件里的不一样。多半是从网页或聊天软件复制来的。可以用 jixiao check --fix 自动删掉（私用区字符除外）。
反例：`"22万元"`的中间夹着零宽空格 U+200B
正例：重新打一遍这几个字。"#,
};

pub(super) fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    for (at, c) in text.as_str().char_indices() {
        let Some(kind) = kind(c) else { continue };
        let part = at..at + c.len_utf8();
        let message = format!("这里有看不见的{kind} U+{:04X}", u32::from(c));
        let finding = Finding::at(&RULE, text.near(part.clone()), message);
        findings.push(match text.part(part) {
            // What a private character was meant to show, only its author knows.
            _ if kind == PRIVATE => finding.help("删掉它，重新打出要写的字"),
            Some(span) => finding.fix(span, "").help("删掉它"),
            None => finding.help("删掉它"),
        });
    }
}

const PRIVATE: &str = "私用区字符";

fn kind(c: char) -> Option<&'static str> {
    match c {
        '\n' => None,
        c if is_zero_width(c) => Some("零宽字符"),
        c if is_direction(c) => Some("方向字符"),
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{fffff}' | '\u{100000}'..='\u{10ffff}' => {
            Some(PRIVATE)
        }
        c if c.is_control() => Some("控制字符"),
        _ => None,
    }
}
