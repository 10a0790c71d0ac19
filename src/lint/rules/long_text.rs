//! A text fits on a page.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::text::Text;

pub(super) static RULE: Rule = Rule {
    code: "W407",
    name: "文字太长",
    severity: Severity::Warning,
    explanation: r#"看什么：一格里的文字有没有超过 3000 字。
为什么：表上一格不能跨页，一页放不下 3000 字；多半是把整份方案粘贴了进来。这样的项目只报这一条，改短以后再看别的。
反例：把实施方案全文粘贴成年度总体目标。
正例：用几句话概括目标，方案另附。"#,
};

const MOST_CHARACTERS: usize = 3000;

pub(super) fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let count = text.as_str().chars().count();
    if count > MOST_CHARACTERS {
        let message = format!("这一格有 {count} 个字，超过了 {MOST_CHARACTERS} 个");
        let finding = Finding::at(&RULE, text.inner(), message);
        findings.push(finding.help("概括成几句话；这一处改短以后，再检查这个文件的其他内容"));
    }
}
