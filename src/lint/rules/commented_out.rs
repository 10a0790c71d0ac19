//! No data stands in a comment.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::comment::Comment;

pub(super) static RULE: Rule = Rule {
    code: "W703",
    name: "注释掉的内容",
    severity: Severity::Warning,
    explanation: r#"看什么：注释里有没有像数据的内容，例如 `#"培训次数" = "2次"`、`#["质量指标"]`。
为什么：行首有 # 的不会印出来；多半是临时注释掉以后忘了恢复。
反例：`# "培训次数" = "2次"`
正例：`"培训次数" = "2次"`；真的不要了，就把这一行删掉"#,
};

pub(super) fn check(comment: &Comment<'_>, findings: &mut Vec<Finding>) {
    let text = comment.text.trim_start_matches('#').trim();
    let message = if is_header(text) {
        format!("表{text}被注释掉了，不会印出来")
    } else if let Some(key) = commented_key(text) {
        format!("“{key}”这一行被注释掉了，不会印出来")
    } else {
        return;
    };
    let finding = Finding::at(&RULE, comment.span(), message);
    findings.push(finding.help("要印就去掉行首的 #；不要了就删掉这一行"));
}

/// `["质量指标"]`
fn is_header(text: &str) -> bool {
    let inner = text.strip_prefix(['[', '【']).and_then(|rest| rest.strip_suffix([']', '】']));
    inner.is_some_and(|inner| {
        let is_quoted = inner.starts_with(QUOTES) && inner.ends_with(QUOTES);
        is_quoted || (inner.ends_with("指标") && !inner.contains(char::is_whitespace))
    })
}

/// The key of `"培训次数" = "2次"`, unless it is the pattern that new files carry.
fn commented_key(text: &str) -> Option<&str> {
    let (key, value) = text.split_once(['=', '＝'])?;
    let (key, value) = (key.trim(), value.trim());
    let is_quoted = key.starts_with(QUOTES) && key.ends_with(QUOTES);
    let has_value = value.starts_with(QUOTES)
        || value.starts_with('{')
        || value.starts_with(|c: char| c.is_ascii_digit());
    let is_word =
        !key.is_empty() && !key.contains(|c: char| c.is_whitespace() || "，。：；".contains(c));
    let key = key.trim_matches(QUOTES);
    ((is_quoted || is_word) && has_value && key != "三级指标").then_some(key)
}

const QUOTES: &[char] = &['"', '\'', '“', '”', '‘', '’'];
