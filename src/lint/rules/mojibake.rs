//! No text was read in another encoding than it was written in.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::misread::misread;
use crate::lint::text::Text;

pub(super) static RULE: Rule = Rule {
    code: "W411",
    name: "乱码",
    severity: Severity::Warning,
    explanation: r#"看什么：有没有乱码：“锟斤拷”“烫烫烫”、替换字符 U+FFFD，以及“鍔炲叕缁忚垂”这样用错编码打开又存下来的文字。
为什么：乱码会原样印出来；“锟斤拷”和 U+FFFD 原来的字已经丢了，只能重新输入。还能认出原文的，可以用 jixiao check --fix 自动改。
反例：`"锟斤拷锟斤拷经费"`
正例：`"办公经费"`"#,
};

pub(super) fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let content = text.as_str();
    let mut found = Vec::new();
    let is_lost = |c: char| LOST.contains(c);
    for (start, run) in runs(content, |c| !c.is_ascii()) {
        if let Some((range, right)) = misread(run) {
            found.push((start + range.start..start + range.end, right));
        }
    }
    for (start, run) in runs(content, is_lost) {
        let is_said = found.iter().any(|(range, _)| range.contains(&start));
        if !is_said && (run.contains('\u{fffd}') || run.chars().count() >= 3) {
            found.push((start..start + run.len(), None));
        }
    }
    for (range, right) in found {
        let message = format!("“{}”是乱码", &content[range.clone()]);
        let finding = Finding::at(&RULE, text.near(range.clone()), message);
        findings.push(match (right, text.part(range)) {
            (Some(right), Some(span)) => finding.help(format!("原文是“{right}”")).fix(span, right),
            (Some(right), None) => finding.help(format!("原文是“{right}”")),
            (None, _) => finding.help("原来的字已经丢了，照原来的材料重新输入"),
        });
    }
}

/// What takes the place of characters that were lost.
const LOST: &str = "\u{fffd}锟斤拷烫屯";

/// The stretches of a text of such characters, with where they start.
fn runs(text: &str, is_part: impl Fn(char) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let runs = text.split(move |c| !is_part(c)).filter(|run| !run.is_empty());
    runs.map(|run| (run.as_ptr().addr() - text.as_ptr().addr(), run))
}
