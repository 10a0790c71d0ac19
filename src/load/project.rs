//! A project's file.

use std::sync::Arc;

use indexmap::IndexMap;
use toml::Spanned;

use super::department::{fields, waivers};
use crate::diagnostics::{Finding, Rule, Severity, SourceFile};
use crate::document::{Document, Entry, Need, Table};
use crate::form::Definition;
use crate::model::{Fields, Funding, Indicator, IndicatorGroup, Project};

static KEY_IN_WRONG_TABLE: Rule = Rule {
    code: "E114",
    name: "键写错了表",
    severity: Severity::Error,
    explanation: r#"看什么：表头的栏目有没有误写进指标表里。
为什么：TOML 里，写在 ["表名"] 下面的行都属于这张表；栏目写到文件末尾，就成了最后一张表的一条指标。
反例：在 `["服务对象满意度指标"]` 下面写 `"项目期" = "1年"`
正例：把 `"项目期" = "1年"` 移到文件开头。"#,
};
static EMPTY_INDICATOR: Rule = Rule {
    code: "E115",
    name: "指标没有名称",
    severity: Severity::Error,
    explanation: r#"看什么：三级指标有没有名称。
为什么：没有名称就看不出这个指标值考核的是什么。
反例：`"" = "2次"`
正例：`"组织网格员参加培训" = "2次"`"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&KEY_IN_WRONG_TABLE, &EMPTY_INDICATOR];

/// Reads a project and reports everything that is wrong in its file. `None` if a part of it could
/// not be read.
pub fn project(
    source: &Arc<SourceFile>,
    form: &Definition,
    findings: &mut Vec<Finding>,
) -> Option<Project> {
    let document = Document::parse(source, findings);
    let mut root = document.root(findings);
    let own = fields(&mut root, &form.project_fields, |field| field.need, findings);
    let overridable = form.department_fields.iter().filter(|field| field.overridable);
    let overridden = fields(&mut root, overridable, |_| Need::Optional, findings);
    let funding = root
        .table(&form.funding, Need::Present, findings)
        .and_then(|table| funding(table, form, findings));
    let mut indicators = Vec::new();
    for level in form.second_levels() {
        let Some(entry) = root.take(&level.name) else { continue };
        if let Some(table) = entry.table(findings) {
            let name = Spanned::new(entry.key_span().range, level.name.clone());
            indicators.push(IndicatorGroup { name, indicators: rows(table, form, findings) });
        }
    }
    let waivers = waivers(&mut root, findings);
    root.finish(findings);
    let own: Fields = own?;
    let fields = overridden?.into_iter().chain(own).collect();
    Some(Project { source: Arc::clone(source), fields, funding: funding?, indicators, waivers })
}

fn funding(
    mut table: Table<'_>,
    form: &Definition,
    findings: &mut Vec<Finding>,
) -> Option<Funding> {
    let range = table.span().range;
    let written_total = table.money(&form.funding_total, Need::Optional, findings);
    let mut lines = IndexMap::new();
    for name in &form.funding_lines {
        if let Some(amount) = table.money(name, Need::Present, findings) {
            lines.insert(name.clone(), amount);
        }
    }
    table.finish(findings);
    let complete = lines.len() == form.funding_lines.len();
    complete.then_some(Funding { range, lines, written_total })
}

fn rows(mut table: Table<'_>, form: &Definition, findings: &mut Vec<Finding>) -> Vec<Indicator> {
    let place = table.place();
    let mut rows = Vec::new();
    for entry in table.take_rest() {
        // The commonest slip in TOML: a line added at the end of the file belongs to the last
        // table, where any key would pass for an indicator.
        if form.keys().any(|key| key == entry.key()) {
            let message = format!("“{}”写在了{place}里面", entry.key());
            let help = format!(
                "[表名] 下面的行都属于这张表。“{}”是表样上的栏目，移到它该在的地方",
                entry.key()
            );
            findings.push(Finding::at(&KEY_IN_WRONG_TABLE, entry.key_span(), message).help(help));
        } else if entry.key().trim().is_empty() {
            let finding = Finding::at(&EMPTY_INDICATOR, entry.key_span(), "三级指标没有名称")
                .help("等号左边写三级指标，右边写指标值");
            findings.push(finding);
        } else if let Some(values) = values(&entry, form, findings) {
            rows.push(Indicator { name: entry.spanned_key(), values });
        }
    }
    rows
}

/// `"三级指标" = "值"`, or a table with a value for each column of the form.
fn values(
    entry: &Entry<'_>,
    form: &Definition,
    findings: &mut Vec<Finding>,
) -> Option<IndexMap<String, Spanned<String>>> {
    if entry.is_table() {
        let mut table = entry.table(findings)?;
        let mut values = IndexMap::new();
        let mut complete = true;
        for column in &form.columns {
            match table.text(&column.name, column.need, findings) {
                Some(value) => drop(values.insert(column.name.clone(), value)),
                None => complete &= column.need == Need::Optional,
            }
        }
        table.finish(findings);
        return complete.then_some(values);
    }
    let column = form.columns.first()?;
    let value = entry.filled_text(column.need, findings)?;
    Some(IndexMap::from([(column.name.clone(), value)]))
}
