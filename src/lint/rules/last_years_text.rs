//! What speaks of last year was not left over from last year.

use toml::Spanned;

use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::FieldMeaning;
use crate::lint::Scope;
use crate::lint::text::Text;

pub(super) static RULE: Rule = Rule {
    code: "W502",
    name: "照抄上年",
    severity: Severity::Warning,
    explanation: r#"看什么：带着上一年年份的目标和指标，是不是和上一年的表一字不差（有上一年数据时才看）。
为什么：指标每年要重新核定；连年份都没有改，说明这一行没有看过。
反例：2024年度的表里还是`"2023年全年" = "12个月"`
正例：`"2024年全年" = "12个月"`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    for (text, leftover) in printed(scope) {
        if leftover {
            let finding =
                Finding::at(&RULE, text.inner(), "和上一年的表一字不差，年份也是上一年的")
                    .help(format!("重新核定这一行，并把年份改成{}年", scope.year));
            findings.push(finding);
        }
    }
}

/// The texts that speak of a project's year: header fields but for its name, indicators and
/// values. With each goes whether it was left word for word as last year, with that year in it.
pub(super) fn printed<'a>(scope: &Scope<'a>) -> Vec<(Text<'a>, bool)> {
    let last_year = scope.year.parse::<u32>().ok().and_then(|year| year.checked_sub(1));
    let last_year = last_year.map(|year| format!("{year}年"));
    let is_leftover = |text: &str, twin: Option<&Spanned<String>>| {
        last_year.as_ref().is_some_and(|year| text.contains(year))
            && twin.is_some_and(|twin| twin.get_ref() == text)
    };
    let mut texts = Vec::new();
    for (name, text) in scope.project.fields.but(FieldMeaning::ProjectName) {
        let twin = scope.previous.and_then(|previous| previous.fields.get(name));
        texts.push((scope.text(text), is_leftover(text.get_ref(), twin)));
    }
    for (group, row) in scope.project.rows() {
        let twin = scope.previous.and_then(|previous| {
            let group = previous.group(group.name.get_ref())?;
            group.indicators.iter().find(|twin| twin.name.get_ref() == row.name.get_ref())
        });
        texts.push((
            scope.text(&row.name),
            is_leftover(row.name.get_ref(), twin.map(|twin| &twin.name)),
        ));
        for (column, text) in row.values.iter() {
            let twin = twin.and_then(|twin| twin.values.get(column));
            texts.push((scope.text(text), is_leftover(text.get_ref(), twin)));
        }
    }
    texts
}
