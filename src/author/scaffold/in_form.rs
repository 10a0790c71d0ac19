//! What was written for one form as a file for another: what that form has by the same word or of the
//! same meaning is written down, what it has besides is left to be filled in, and what it has no place
//! for is said in comments.

use super::text::NewText;
use crate::amount::in_unit;
use crate::data::todo::TO_REVIEW;
use crate::data::{Fields, Indicator, IndicatorGroup, Project, translate};
use crate::form::{AmountKey, Column, Definition, Kind, Line};
use crate::toml::{Need, quoted};

/// `部门.toml` for a form.
pub fn department_in_form(known: &Fields, form: &Definition) -> String {
    let known = translate::fields(known, form);
    let mut text = NewText::new(None);
    for field in &form.department_fields {
        text.field(field, known.get(&field.name).map_or("", |text| text.get_ref()));
    }
    text.finish()
}

/// `单位.toml` for a form: what the unit says of itself.
pub fn unit_in_form(known: &Fields, form: &Definition) -> String {
    let known = translate::fields(known, form);
    let mut text = NewText::new(None);
    for field in &form.department_fields {
        if let Some(own) = known.get(&field.name) {
            text.field(field, own.get_ref());
        }
    }
    text.finish()
}

/// What a file for another form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It stands beside the one that it is made from.
    Follow,
    /// It takes the place of that one in the next year.
    Replace,
}

impl Purpose {
    /// What is said on top of the file.
    fn head(self) -> &'static str {
        match self {
            Self::Follow => {
                "照绩效目标表准备好的：写着的照抄，不要改；空着的和写着 0 的填好，填好一行就删掉行末的“待填”。"
            }
            Self::Replace => {
                "照上一年的表转过来的，表样换了：能对上的都写在这里，空着的和写着 0 的填好。"
            }
        }
    }
}

/// A project's file for a form, from one that was written for another.
pub fn project_in_form(
    project: &Project,
    from: &Definition,
    form: &Definition,
    purpose: Purpose,
) -> String {
    let mut text = NewText::new(None);
    text.comment(purpose.head());
    let fields = translate::fields(&project.fields, form);
    let groups = translate::indicators(project, from, form);
    let is_declared = |group: &&IndicatorGroup| form.level(group.name.get_ref()).is_some();
    if purpose == Purpose::Replace {
        lost_fields(project, &fields).for_each(|lost| text.comment(&lost));
    }
    for group in groups.iter().filter(|group| !is_declared(group)) {
        let names = group.indicators.iter().map(|row| one_line(row.name.get_ref()));
        let names = names.collect::<Vec<_>>().join("、");
        let level = group.name.get_ref();
        text.comment(&format!("{TO_REVIEW}：这张表上没有“{level}”，没有写进来的是：{names}"));
    }
    for line in from.funding.leaves().filter(|line| form.funding.line(&line.name).is_none()) {
        let amount = project.funding.principal.amount(line);
        if !amount.wan_yuan().is_zero() {
            let name = &line.name;
            text.comment(&format!("{TO_REVIEW}：这张表上没有“{name}”，原来写的是 {amount}"));
        }
    }
    text.gap();
    for field in &form.project_fields {
        text.field(field, fields.get(&field.name).map_or("", |text| text.get_ref()));
    }
    for field in form.department_fields.iter().filter(|field| field.overridable) {
        if let Some(own) = fields.get(&field.name) {
            text.field(field, own.get_ref());
        }
    }
    if let Some(key) = &form.funding.table {
        text.table(form, key, &form.funding.description);
    }
    for line in form.funding.leaves() {
        let keys = form.funding.keys_of(line);
        let amounts: Vec<_> = keys.map(|key| amount(project, from, form, (line, &key))).collect();
        text.amounts(line, &form.funding, &amounts);
    }
    for level in form.second_levels() {
        let group = groups.iter().find(|group| *group.name.get_ref() == level.key);
        let rows = group.map_or(&[][..], |group| &group.indicators);
        if !rows.is_empty() {
            text.table(form, &level.key, "");
        }
        for row in rows {
            let (cells, is_whole) = cells(row, form.written_columns(&level.key));
            text.row(row.name.get_ref(), &cells, is_whole);
        }
    }
    text.finish()
}

/// What a project says in fields that another form does not have, as comments.
fn lost_fields<'p>(
    project: &'p Project,
    kept: &'p Fields,
) -> impl Iterator<Item = String> + use<'p> {
    let is_kept = |at: usize| kept.values().any(|text| text.span().start == at);
    let lost = project.fields.iter().filter(move |(_, text)| !is_kept(text.span().start));
    let lost = lost.filter(|(_, text)| !text.get_ref().trim().is_empty());
    lost.map(|(name, text)| {
        format!("{TO_REVIEW}：这张表上没有“{name}”，原来写的是：{}", one_line(text.get_ref()))
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is known of an amount: what the other form has of its line, in its first column.
fn amount(
    project: &Project,
    from: &Definition,
    form: &Definition,
    (line, key): (&Line, &AmountKey),
) -> Option<String> {
    let is_first = key.column.is_none() || key.column.as_ref() == form.funding.columns.first();
    let known = from.funding.line(&line.name).filter(|_| is_first)?;
    let amount = project.funding.principal.amount(known).wan_yuan();
    Some(in_unit(amount, form.funding.unit()).normalize().to_string())
}

/// The columns of a row, as they are written; whether nothing is left to be filled in.
fn cells<'f>(
    row: &Indicator,
    columns: impl Iterator<Item = &'f Column>,
) -> (Vec<(String, String)>, bool) {
    let mut is_whole = true;
    let mut cells = Vec::new();
    for column in columns {
        let is_number = matches!(column.kind, Kind::Number(_));
        let value = match row.values.get(&column.name) {
            Some(text) if is_number => text.get_ref().clone(),
            Some(text) => quoted(text.get_ref()),
            None if column.need == Need::Optional => continue,
            None => {
                is_whole = false;
                if is_number { "0".to_owned() } else { quoted("") }
            }
        };
        cells.push((column.name.clone(), value));
    }
    (cells, is_whole)
}
