//! Digits and Latin letters are half-width.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::text::Text;
use crate::text::narrow;

pub(super) static RULE: Rule = Rule {
    code: "W402",
    name: "全角数字或字母",
    severity: Severity::Warning,
    explanation: r#"看什么：有没有全角的数字（连同其中的小数点和千分位逗号）、字母和百分号。
为什么：GB/T 15835-2011《出版物上数字用法》用的是半角阿拉伯数字；全角的“２２”查找不到，也不能参加核对。可以用 jixiao check --fix 自动改。
反例：`"８．５万元"`
正例：`"8.5万元"`"#,
};

pub(super) fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let content = text.as_str();
    let characters: Vec<(usize, char)> = content.char_indices().collect();
    let mut index = 0;
    while index < characters.len() {
        let length = characters[index..]
            .iter()
            .zip(index..)
            .take_while(|&(_, at)| is_wide(&characters, at))
            .count();
        index += length + 1;
        if length == 0 {
            continue;
        }
        let (first, last) = (characters[index - 1 - length], characters[index - 2]);
        let part = first.0..last.0 + last.1.len_utf8();
        let narrow: String = content[part.clone()].chars().map(narrow).collect();
        let message = format!("“{}”是全角的", &content[part.clone()]);
        let finding = Finding::at(&RULE, text.near(part.clone()), message)
            .help(format!("改成半角的“{narrow}”"));
        findings.push(match text.part(part) {
            Some(span) => finding.fix(span, narrow),
            None => finding,
        });
    }
}

/// Whether a character is a full-width digit, letter or percent sign, or the point or the comma of
/// a number.
fn is_wide(characters: &[(usize, char)], index: usize) -> bool {
    let at = |offset: isize| {
        index.checked_add_signed(offset).and_then(|index| characters.get(index)).map(|&(_, c)| c)
    };
    let is_digit = |offset| at(offset).is_some_and(|c| narrow(c).is_ascii_digit());
    let is_wide_digit = |offset| at(offset).is_some_and(|c| matches!(c, '０'..='９'));
    match characters[index].1 {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '％' => true,
        '．' => is_digit(-1) && is_digit(1),
        // Elsewhere it is a comma of the sentence: １，２，３.
        '，' => is_wide_digit(-1) && (1..=3).all(is_wide_digit) && !is_digit(4),
        _ => false,
    }
}
