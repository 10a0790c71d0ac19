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

const WIDE: &[(char, char)] = &[(',', '，'), (';', '；'), (':', '：'), ('?', '？'), ('!', '！')];

pub(super) fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let mut before = None;
    let mut characters = text.as_str().char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let after = characters.peek().map(|&(_, after)| after);
        let is_between = before.is_some_and(is_han) && after.is_some_and(is_han);
        before = Some(c);
        if !is_between {
            continue;
        }
        if c == '(' {
            findings.extend(partner(text.as_str(), at).map(|end| brackets(text, at, end)));
        } else if let Some((_, wide)) = WIDE.iter().find(|(narrow, _)| *narrow == c) {
            let message = format!("汉字之间用了半角的“{c}”");
            let finding = Finding::at(&RULE, text.near(at..at + 1), message)
                .help(format!("改成全角的“{wide}”"));
            findings.push(match text.part(at..at + 1) {
                Some(span) => finding.fix(span, *wide),
                None => finding,
            });
        }
    }
}

/// A bracket goes with its partner, whatever stands behind that: both are put right, or none.
fn brackets(text: &Text<'_>, start: usize, end: usize) -> Finding {
    let finding = Finding::at(&RULE, text.near(start..start + 1), "汉字之间用了半角的“(”和“)”")
        .help("改成全角的“（”和“）”");
    match (text.part(start..start + 1), text.part(end..end + 1)) {
        (Some(open), Some(close)) => finding.fix(open, "（").fix(close, "）"),
        _ => finding,
    }
}

/// Where the partner of a bracket is.
fn partner(text: &str, start: usize) -> Option<usize> {
    let mut depth = 0_i32;
    let behind = text.get(start..)?.char_indices();
    let mut ends = behind.filter(|(_, c)| {
        depth += i32::from(*c == '(') - i32::from(*c == ')');
        depth == 0
    });
    ends.next().map(|(at, _)| start + at)
}
