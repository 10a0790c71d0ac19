//! Punctuation between Han characters is full-width.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::text::{Text, is_han};

pub(super) static RULE: Rule = Rule {
    code: "W401",
    name: "半角标点",
    severity: Severity::Warning,
    explanation: r#"看什么：汉字之间的逗号、冒号、分号、问号、叹号、括号是不是全角的。
为什么：GB/T 15834-2011《标点符号用法》规定中文用全角标点；半角标点印出来挤在字边上。可以用 jixiao check --fix 自动改。
反例：`"改善条件,带动增收"`
正例：`"改善条件，带动增收"`"#,
};

const PAIRS: &[(char, char)] =
    &[(',', '，'), (';', '；'), (':', '：'), ('?', '？'), ('!', '！'), ('(', '（'), (')', '）')];

pub(super) fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let mut before = None;
    let mut characters = text.as_str().char_indices().peekable();
    let mut open = Vec::new();
    while let Some((at, c)) = characters.next() {
        let after = characters.peek().map(|&(_, after)| after);
        let is_between = match c {
            // A bracket goes with its partner, whatever stands behind it.
            '(' => {
                let is_wide = before.is_some_and(is_han) && after.is_some_and(is_han);
                open.push(is_wide);
                is_wide && has_partner(&text.as_str()[at..])
            }
            ')' => open.pop().unwrap_or(false),
            _ => before.is_some_and(is_han) && after.is_some_and(is_han),
        };
        before = Some(c);
        let Some(&(_, wide)) = PAIRS.iter().find(|&&(narrow, _)| narrow == c && is_between) else {
            continue;
        };
        let message = format!("汉字之间用了半角的“{c}”");
        let part = at..at + c.len_utf8();
        let finding = Finding::at(&RULE, text.near(part.clone()), message)
            .help(format!("改成全角的“{wide}”"));
        findings.push(match text.part(part) {
            Some(span) => finding.fix(span, wide),
            None => finding,
        });
    }
}

fn has_partner(text: &str) -> bool {
    let mut depth = 0_i32;
    text.chars().any(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0
    })
}
