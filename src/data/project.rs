//! A project's file.

use std::sync::Arc;

use toml::Spanned;

use super::header::{declared, fields, waivers, written};
use crate::amount::Money;
use crate::data::{Amounts, Funding, Indicator, IndicatorGroup, Project, Values};
use crate::diagnostics::{Finding, Rule, Severity, SourceFile};
use crate::form::{self, Column, ColumnMeaning, Definition, Line, Order};
use crate::toml::{Entry, MISSING_KEY, Need, Table};

static KEY_IN_WRONG_TABLE: Rule = Rule {
    code: "E114",
    name: "键写错了表",
    severity: Severity::Error,
    explanation: r#"看什么：表头的栏目有没有误写进指标表里。
为什么：TOML 里，写在 ["表名"] 下面的行都属于这张表；栏目写到文件末尾，就成了最后一张表的一条指标。
反例：在 `["服务对象满意度指标"]` 下面写 `"项目期" = "1年"`
正例：把 `"项目期" = "1年"` 移到文件开头。"#,
};
pub(crate) static EMPTY_INDICATOR: Rule = Rule {
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

/// Reads a project and reports everything that is wrong in its file.
///
/// What cannot be read is left out, so that the rules see the rest in the same run. `None` if the
/// brackets are so broken that nothing can be said of the rest.
pub fn project(
    source: &Arc<SourceFile>,
    form: &Definition,
    findings: &mut Vec<Finding>,
) -> Option<Project> {
    let document = form.document(source, findings);
    if document.report_blank(findings) {
        return None;
    }
    let mut root = document.root();
    let own = form.project_fields.iter().map(|field| (field, field.need));
    let overridden = form.department_fields.iter().filter(|field| field.overridable);
    let declared = own.chain(overridden.map(|field| (field, Need::Optional)));
    let fields = fields(&mut root, declared, findings);
    let mut misplaced = Vec::new();
    let funding = match &form.funding.table {
        Some(key) => root.table(key, Need::Present, findings).and_then(|mut table| {
            let funding = funding(&mut table, form, findings);
            misplaced.extend(take_misplaced(&mut table, form, findings));
            table.finish(findings);
            funding
        }),
        None => funding(&mut root, form, findings),
    };
    let mut indicators = Vec::new();
    let mut unread = Vec::new();
    for level in form.second_levels() {
        let entry = root.take(&level.key);
        let is_read = match &entry {
            None => !document.may_be_lost(&level.name),
            Some(entry) => {
                let name = Spanned::new(entry.key_span().range, level.key.clone());
                let table = entry.table(findings);
                let columns = form.columns_of(&level.key);
                let rows =
                    table.map(|table| rows(table, (form, columns), &mut misplaced, findings));
                let (rows, all_read) = rows.unwrap_or_default();
                indicators.push(IndicatorGroup { name, indicators: rows });
                all_read && document.is_whole()
            }
        };
        if !is_read {
            unread.push(level.key.clone());
        }
    }
    if form.order == Order::Written {
        indicators.sort_by_key(|group: &IndicatorGroup| group.name.span().start);
    }
    let waivers = waivers(&mut root, findings);
    for key in &misplaced {
        root.stands_elsewhere(key);
    }
    unread.extend(root.finish(findings));
    document.is_data().then(|| Project {
        source: Arc::clone(source),
        fields,
        funding: funding.unwrap_or_default(),
        indicators,
        unread,
        waivers,
    })
}

/// The funds, if all that has to be written of them could be read.
fn funding(
    table: &mut Table<'_>,
    form: &Definition,
    findings: &mut Vec<Finding>,
) -> Option<Funding> {
    let range = table.span().range;
    let declared = &form.funding;
    let mut columns: Vec<Amounts> = declared.column_names().map(|_| Amounts::default()).collect();
    let sums = declared.sums().map(|line| (line, Need::Optional));
    let leaves = declared.leaves().map(|line| (line, Need::Present));
    for (line, need) in sums.chain(leaves) {
        let amounts = amounts(table, declared, line, need, findings);
        for (column, amount) in columns.iter_mut().zip(amounts) {
            let is_leaf = line.parts.is_empty();
            let kind = if is_leaf { &mut column.lines } else { &mut column.written_sums };
            kind.extend(amount.map(|amount| (line.name.clone(), amount)));
        }
    }
    let count = declared.leaves().count();
    let is_complete = columns.iter().all(|column| column.lines.len() == count);
    let mut columns = columns.into_iter();
    let principal = columns.next().filter(|_| is_complete)?;
    Some(Funding { range, principal, others: columns.collect() })
}

/// The amounts of a line, from left to right: `= 22`, or a table with one for each column.
fn amounts(
    table: &mut Table<'_>,
    declared: &form::Funding,
    line: &Line,
    need: Need,
    findings: &mut Vec<Finding>,
) -> Vec<Option<Spanned<Money>>> {
    let (name, format) = (&line.name, &declared.format);
    if declared.columns.is_empty() {
        return vec![table.money(name, need, format, findings)];
    }
    let example = declared.columns.iter().map(|column| format!("\"{column}\" = 0"));
    let example = format!("\"{name}\" = {{ {} }}", example.collect::<Vec<_>>().join(", "));
    let cells = table.take_needed(name, need, &example).and_then(|it| it.table(findings));
    let Some(mut cells) = cells else { return Vec::new() };
    let columns = declared.columns.iter();
    let amounts = columns.map(|column| cells.money(column, need, format, findings)).collect();
    cells.finish(findings);
    amounts
}

/// Takes out and reports the keys that belong somewhere else on the form.
///
/// The commonest slip in TOML: a line added at the end of the file belongs to the last table, where
/// any key would pass for an indicator.
fn take_misplaced(
    table: &mut Table<'_>,
    form: &Definition,
    findings: &mut Vec<Finding>,
) -> Vec<String> {
    let place = table.place();
    let mut keys = Vec::new();
    for entry in table.take_any(form.keys()) {
        let key = entry.key();
        let message = format!("“{key}”写在了{place}里面");
        let help = format!("[表名] 下面的行都属于这张表。“{key}”是表样上的栏目，移到它该在的地方");
        findings.push(Finding::at(&KEY_IN_WRONG_TABLE, entry.key_span(), message).help(help));
        keys.push(key.to_owned());
    }
    keys
}

/// The rows of a second-level indicator, and whether all of them could be read.
fn rows(
    mut table: Table<'_>,
    (form, columns): (&Definition, &[Column]),
    misplaced: &mut Vec<String>,
    findings: &mut Vec<Finding>,
) -> (Vec<Indicator>, bool) {
    misplaced.extend(take_misplaced(&mut table, form, findings));
    let mut rows = Vec::new();
    let mut all_read = true;
    for entry in table.take_rest() {
        if entry.key().trim().is_empty() {
            let finding = Finding::at(&EMPTY_INDICATOR, entry.key_span(), "三级指标没有名称")
                .help("等号左边写三级指标，右边写指标值");
            findings.push(finding);
            all_read = false;
        } else if entry.is_broken() {
            all_read = false;
        } else if let Some(values) = values(&entry, columns, findings) {
            rows.push(Indicator { name: entry.spanned_key(), values });
        } else {
            all_read = false;
        }
    }
    (rows, all_read)
}

/// `"三级指标" = "值"`, or a table with a value for each column that is written.
fn values(entry: &Entry<'_>, columns: &[Column], findings: &mut Vec<Finding>) -> Option<Values> {
    let mut values = Values::default();
    let written_columns = || columns.iter().filter(|column| column.computed.is_none());
    let target = columns.iter().find(|column| column.meaning == Some(ColumnMeaning::Target));
    let (Some(target), false) = (target, entry.is_table()) else {
        let mut table = entry.table(findings)?;
        let mut complete = true;
        for column in written_columns() {
            let kind = (column.name.as_str(), &column.kind, column.need);
            match declared(&mut table, kind, findings) {
                Some(value) => values.insert(&column.name, column.meaning, value),
                None => complete &= column.need == Need::Optional,
            }
        }
        table.finish(findings);
        return complete.then_some(values);
    };
    let value = written(entry, &target.kind, target.need, findings)?;
    let is_missing = |column: &&Column| column.need != Need::Optional && column.name != target.name;
    let missing: Vec<&str> =
        written_columns().filter(is_missing).map(|column| column.name.as_str()).collect();
    if !missing.is_empty() {
        let message = format!("“{}”缺少“{}”", entry.key(), missing.join("”“"));
        let others: Vec<String> =
            missing.iter().map(|name| format!("\"{name}\" = \"……\"")).collect();
        let finding = Finding::at(&MISSING_KEY, entry.value_span(), message).help(format!(
            "写成 {{ \"{}\" = {}, {} }}",
            target.name,
            entry.value_span().text(),
            others.join(", ")
        ));
        findings.push(finding);
        return None;
    }
    values.insert(&target.name, target.meaning, value);
    Some(values)
}
