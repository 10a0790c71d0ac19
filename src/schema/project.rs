//! The schema of a project's file.

use serde_json::Value;

use super::Schema;
use super::header::{declare_field, declare_waivers, need_in_words, written};
use super::keywords::Type;
use crate::author::scaffold::example_row;
use crate::form::{Column, Definition, FirstLevel, Line, SecondLevel, Tree};
use crate::toml::Need;

const NAME: &str = "indicatorName";
const VALUE: &str = "indicator";
const QUANTIFIED_VALUE: &str = "quantifiedIndicator";

/// The pattern of a value with a figure in it.
const FIGURE: &str = r"\p{N}";

pub(super) fn schema(form: &Definition) -> Schema {
    let help = "一个项目一个文件；栏目写在最前面，指标写在各自的表里";
    let mut root =
        Schema::table().described(format!("项目文件：{}", form.blueprint.title.words()), [help]);
    for field in &form.project_fields {
        declare_field(&mut root, field, field.need, "");
    }
    for field in form.department_fields.iter().filter(|field| field.overridable) {
        declare_field(&mut root, field, Need::Optional, "和部门文件里的不同时才写");
    }
    match &form.funding.table {
        Some(key) => root.declare(key, Need::Present, funding_table(key, form)),
        None => declare_amounts(&mut root, form),
    }
    declare_groups(&mut root, None, form);
    for tree in &form.trees {
        let help = "各个二级指标的表写成 [\"指标树\".\"二级指标\"]";
        let mut table = Schema::table().described(&tree.name, [help]);
        declare_groups(&mut table, Some(tree), form);
        let need = if table.required.is_empty() { Need::Optional } else { Need::Present };
        root.declare(&tree.name, need, table);
    }
    declare_waivers(&mut root);
    root.definitions.insert(NAME, name(form));
    root.definitions.insert(VALUE, value(form, false));
    root.definitions.insert(QUANTIFIED_VALUE, value(form, true));
    root
}

fn funding_table(key: &str, form: &Definition) -> Schema {
    let mut table = Schema::table().described(key, [&*form.funding.description, "必填"]);
    declare_amounts(&mut table, form);
    table
}

/// Declares the lines of the funds.
fn declare_amounts(table: &mut Schema, form: &Definition) {
    let format = &form.funding.format;
    let (unit, decimals) = (format.unit, format.most_decimals());
    let about = format!("单位：{unit}，最多 {decimals} 位小数；只写数字，不加引号");
    for Line { name, .. } in form.funding.leaves() {
        let (amount, empty) = amounts(form, Need::Present);
        table.declare(name, Need::Present, amount.described(name, [&*about, "必填，没有就写 0"]));
        table.default.insert(name.clone(), empty);
    }
    for Line { name, parts } in form.funding.sums() {
        let parts: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        let remark = format!("可以不写，由程序相加；写了就要等于{}之和", parts.join("、"));
        let (amount, _) = amounts(form, Need::Optional);
        table.declare(name, Need::Optional, amount.described(name, [&*about, &remark]));
    }
}

/// What is written of a line of the funds: an amount, or a table with one for each column; and
/// what it is if there is nothing.
fn amounts(form: &Definition, need: Need) -> (Schema, Value) {
    if form.funding.columns.is_empty() {
        return (Schema::amount(), Value::from(0));
    }
    let mut table = Schema::table();
    for column in &form.funding.columns {
        table.declare(column, need, Schema::amount().described(column, ["没有就写 0"]));
    }
    let empty = form.funding.columns.iter().map(|column| (column.clone(), Value::from(0)));
    (table, Value::Object(empty.collect()))
}

/// Declares the tables of the second-level indicators of a tree with a name, or of those that are in
/// none.
fn declare_groups(table: &mut Schema, tree: Option<&Tree>, form: &Definition) {
    for first in form.first_levels.iter().filter(|first| first.tree.as_ref() == tree) {
        for level in &first.second_levels {
            let need = if level.required { Need::Present } else { Need::Optional };
            table.declare(&level.name, need, group(first, level, form));
        }
    }
}

/// The table of a second-level indicator.
fn group(first: &FirstLevel, level: &SecondLevel, form: &Definition) -> Schema {
    let belongs = format!("属于{}", first.name);
    let example = format!("一行一条：`{}`", example_row(form, &level.key));
    let value = match &first.detail {
        Some(detail) => detail_row(&detail.columns),
        None if level.quantified => Schema::reference(QUANTIFIED_VALUE),
        None => Schema::reference(VALUE),
    };
    let parts = [
        level.description.as_str(),
        &belongs,
        if level.required { "必填：至少写一条" } else { "" },
        if level.quantified { "硬性：指标值里要有数字" } else { "" },
        &example,
    ];
    Schema {
        min_properties: level.required.then_some(1),
        property_names: Some(Box::new(Schema::reference(NAME))),
        ..Schema::table_of(value)
    }
    .described(format!("{}{}", level.name, level.note), parts)
}

/// What a third-level indicator may be called: not as a field or table of the form, whose line has
/// slipped into the wrong table.
fn name(form: &Definition) -> Schema {
    let mut keys: Vec<String> = Vec::new();
    for key in form.keys() {
        if !keys.iter().any(|known| known == key) {
            keys.push(key.to_owned());
        }
    }
    let help = "不能是空的，也不能是表样上的栏目；栏目要移到它该在的地方";
    Schema {
        pattern: Schema::text(Need::Filled).pattern,
        not: Some(Box::new(Schema { choices: keys, ..Schema::default() })),
        ..Schema::default()
    }
    .described("三级指标", [help])
}

/// A row of a table with columns of its own.
fn detail_row(columns: &[Column]) -> Schema {
    let mut table = Schema::table();
    for column in columns.iter().filter(|column| column.computed.is_none()) {
        let help = [column.description.as_str(), need_in_words(column.need)];
        let cell = written(&column.kind, column.need).described(&column.name, help);
        table.declare(&column.name, column.need, cell);
    }
    table
}

/// The value of a third-level indicator: the target value alone, or a table of all columns.
fn value(form: &Definition, quantified: bool) -> Schema {
    let Some(target) = form.target() else { return Schema::table() };
    let cell = |column: &Column| {
        let mut cell = written(&column.kind, column.need);
        if quantified && column.name == target.name && cell.kind == Some(Type::String) {
            cell.pattern = Some(FIGURE);
        }
        cell.described(&column.name, [column.description.as_str(), need_in_words(column.need)])
    };
    let mut table = Schema::table();
    for column in &form.columns {
        table.declare(&column.name, column.need, cell(column));
    }
    // Not `anyOf`: of a value that is wrong an editor would only say that nothing fits.
    let Schema { kind, pattern, title, description, .. } = cell(target);
    let alone = if kind == Some(Type::Number) { "number" } else { "string" };
    Schema { kind: Some(Type::Either([alone, "object"])), pattern, title, description, ..table }
}
