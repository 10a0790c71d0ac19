//! What a department's file and a project's have in common: header fields and waivers.

use crate::data::{Fields, WAIVERS, Waiver};
use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::Field;
use crate::toml::{Need, Table};

pub(crate) static NO_REASON: Rule = Rule {
    code: "E116",
    name: "豁免没有理由",
    severity: Severity::Error,
    explanation: r#"看什么：["豁免"] 里每一条有没有写理由。
为什么：没有理由的豁免，别人看不出是核对过的，还是只想让警告消失。
反例：`"W501" = ""`
正例：`"W501" = "今年新增三个村"`"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&NO_REASON];

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
    let mut fields = Fields::new();
    for (field, need) in declared {
        if let Some(text) = table.text(&field.name, need, findings) {
            fields.insert(field.name.clone(), text);
        }
    }
    fields
}
