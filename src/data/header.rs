//! What a department's file and a project's have in common: header fields and waivers.

use toml::Spanned;

use crate::data::{Fields, WAIVERS, Waiver};
use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::{Field, Kind};
use crate::text::folded;
use crate::toml::{Entry, Need, Table};

pub(crate) static NO_REASON: Rule = Rule {
    code: "E116",
    name: "豁免没有理由",
    severity: Severity::Error,
    explanation: r#"看什么：["豁免"] 里每一条有没有写理由。
为什么：没有理由的豁免，别人看不出是核对过的，还是只想让警告消失。
反例：`"W501" = ""`
正例：`"W501" = "今年新增三个村"`"#,
};

static NO_CHOICE: Rule = Rule {
    code: "E117",
    name: "不在选项里",
    severity: Severity::Error,
    explanation: r#"看什么：只能从几个词里选一个的栏目，写的是不是其中的一个。
为什么：预算系统只认这几个词，写法差一点就对不上。
反例：选项是“≥、≤、＝、定性”的，写了 `"指标性质" = "大于"`
正例：`"指标性质" = "≥"`"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&NO_REASON, &NO_CHOICE];

/// Reads what a field or a column of this kind says, if it has to be there, or is.
pub(super) fn declared(
    table: &mut Table<'_>,
    (name, kind, need): (&str, &Kind, Need),
    findings: &mut Vec<Finding>,
) -> Option<Spanned<String>> {
    let example = match kind {
        Kind::Text | Kind::Paragraph | Kind::Choice(_) => "\"……\"",
        Kind::Number(_) => "0",
    };
    let entry = table.take_needed(name, need, &format!("\"{name}\" = {example}"))?;
    written(&entry, kind, need, findings)
}

/// Reads what is written, as it is printed.
pub(super) fn written(
    entry: &Entry<'_>,
    kind: &Kind,
    need: Need,
    findings: &mut Vec<Finding>,
) -> Option<Spanned<String>> {
    let choices = match kind {
        Kind::Text | Kind::Paragraph => return entry.filled_text(need, findings),
        Kind::Number(_) => {
            let number = entry.number(findings)?;
            let text = number.get_ref().normalize().to_string();
            return Some(Spanned::new(number.span(), text));
        }
        Kind::Choice(choices) => &choices.words,
    };
    let text = entry.filled_text(need, findings)?;
    let chosen = text.get_ref();
    if chosen.is_empty() || choices.contains(chosen) {
        return Some(text);
    }
    let message = format!("“{}”不能写“{chosen}”", entry.key());
    let all = choices.join("、");
    let finding = Finding::at(&NO_CHOICE, entry.value_span(), message);
    let finding = finding.help(format!("写下面的一个：{all}"));
    let mut meant = choices.iter().filter(|choice| folded(choice) == folded(chosen));
    findings.push(match (meant.next(), meant.next()) {
        (Some(choice), None) => finding.fix(entry.value_span(), format!("\"{choice}\"")),
        _ => finding,
    });
    None
}

/// Reads the table of waivers; a waiver without a reason is reported and left out.
pub(super) fn waivers(root: &mut Table<'_>, findings: &mut Vec<Finding>) -> Vec<Waiver> {
    let Some(mut table) = root.table(WAIVERS, Need::Optional, findings) else {
        return Vec::new();
    };
    let rows = table.take_rest().filter_map(|entry| {
        let reason = entry.text(findings)?;
        if reason.get_ref().trim().is_empty() {
            let message = format!("豁免“{}”没有写理由", entry.key());
            let finding = Finding::at(&NO_REASON, entry.value_span(), message)
                .help("在引号里写明为什么这样填是对的");
            findings.push(finding);
            return None;
        }
        Some(Waiver { code: entry.spanned_key(), reason })
    });
    rows.collect()
}

/// Reads header fields. What is missing or wrong is reported and left out.
pub(super) fn fields<'f>(
    table: &mut Table<'_>,
    declared: impl IntoIterator<Item = (&'f Field, Need)>,
    findings: &mut Vec<Finding>,
) -> Fields {
    let mut fields = Fields::default();
    for (field, need) in declared {
        let kind = (field.name.as_str(), &field.kind, need);
        if let Some(text) = self::declared(table, kind, findings) {
            fields.insert(&field.name, field.meaning, text);
        }
    }
    fields
}
