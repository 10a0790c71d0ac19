//! The lines of a data file in the form's order, each in its one spelling.

use std::ops::Range;

use super::line::Line;
use crate::data::WAIVERS;
use crate::form::{Definition, Order};
use crate::toml::{Entry, Table};

/// The lines of a file that has no errors.
pub(super) fn outline(root: Table<'_>, form: &Definition) -> Vec<Line> {
    let mut order: Vec<&str> = Vec::new();
    order.extend(form.project_fields.iter().map(|field| field.name.as_str()));
    order.extend(form.department_fields.iter().map(|field| field.name.as_str()));
    let funding: Vec<&str> = form.funding.leaves().map(|line| line.name.as_str()).collect();
    let sums = form.funding.sums().map(|line| line.name.as_str());
    let funding: Vec<&str> = funding.into_iter().chain(sums).collect();
    match &form.funding.table {
        Some(key) => order.push(key),
        None => order.extend(&funding),
    }
    let levels: Vec<&str> = form.second_levels().map(|level| level.key.as_str()).collect();
    order.extend(&levels);
    order.push(WAIVERS);
    let place = |key: &str| {
        let place = order.iter().position(|&known| known == key).unwrap_or(order.len());
        // Where the file says in which order they are printed, they keep it.
        let is_kept = form.order == Order::Written && levels.contains(&key);
        if is_kept { order.len() - levels.len() - 1 } else { place }
    };
    let (tables, fields): (Vec<_>, Vec<_>) =
        sorted_by(root, place).into_iter().partition(Entry::is_table);
    let amounts: Vec<&str> = form.funding.columns.iter().map(String::as_str).collect();
    // At the top, only amounts have columns.
    let mut lines: Vec<Line> = fields.iter().map(|entry| line(entry, &amounts)).collect();
    for entry in tables {
        lines.push(header(&entry, form));
        let columns = form.columns_of(entry.key()).iter();
        let columns: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
        let (order, columns) = match form.funding.table.as_deref() == Some(entry.key()) {
            true => (&funding[..], &amounts),
            false => (&[][..], &columns),
        };
        lines.extend(entries(&entry, order).iter().map(|entry| line(entry, columns)));
    }
    lines
}

fn header(entry: &Entry<'_>, form: &Definition) -> Line {
    let text = form.header(entry.key());
    Line { text, is_header: true, place: place(entry), ..Line::default() }
}

fn line(entry: &Entry<'_>, columns: &[&str]) -> Line {
    let cells = entries(entry, columns);
    let place = place(entry);
    let is_on_one_line = place.as_ref().is_some_and(|place| place.start == start(entry));
    let parts = if is_on_one_line { Vec::new() } else { cells.iter().map(written).collect() };
    let value = if entry.is_table() {
        let cells: Vec<String> = cells.iter().map(|cell| pair(cell, &value(cell))).collect();
        if cells.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", cells.join(", ")) }
    } else {
        value(entry)
    };
    Line { text: pair(entry, &value), place, parts, ..Line::default() }
}

/// The entries of a table in the order of the form; the others behind them, as they are written.
fn entries<'d>(entry: &Entry<'d>, order: &[&str]) -> Vec<Entry<'d>> {
    if !entry.is_table() {
        return Vec::new();
    }
    // A file with errors has been refused.
    entry.table(&mut Vec::new()).map(|table| sorted(table, order)).unwrap_or_default()
}

fn sorted<'d>(table: Table<'d>, order: &[&str]) -> Vec<Entry<'d>> {
    sorted_by(table, |key| order.iter().position(|&known| known == key).unwrap_or(order.len()))
}

fn sorted_by(mut table: Table<'_>, place: impl Fn(&str) -> usize) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = table.take_rest().collect();
    entries.sort_by_key(|entry| place(entry.key()));
    entries
}

fn pair(entry: &Entry<'_>, value: &str) -> String {
    format!("{} = {value}", quoted(entry.key_span().text()))
}

/// A text or a number; there are no other values on a form.
fn value(entry: &Entry<'_>) -> String {
    match entry.number(&mut Vec::new()) {
        Some(number) => number.get_ref().normalize().to_string(),
        None => quoted(entry.value_span().text()),
    }
}

/// A key or a text between double quotes. What is between them already stays as it is.
fn quoted(written: &str) -> String {
    let written = written.replace("\r\n", "\n");
    let inside = |quotes: &str| {
        written.strip_prefix(quotes)?.strip_suffix(quotes).map(|text| text.replace('\\', r"\\"))
    };
    if written.starts_with('"') {
        written
    } else if let Some(text) = inside("'''") {
        format!("\"\"\"{}\"\"\"", text.replace("\"\"\"", r#"\"\"\""#))
    } else if let Some(text) = inside("'") {
        format!("\"{}\"", text.replace('"', "\\\""))
    } else {
        format!("\"{written}\"")
    }
}

/// Where an entry stands: its header, or its key and value.
fn place(entry: &Entry<'_>) -> Option<Range<usize>> {
    let value = entry.value_span();
    if !entry.is_table() || value.text().starts_with('{') {
        Some(written(entry))
    } else {
        // A table made by dotted keys is said to stand where its key does.
        value.text().starts_with('[').then_some(value.range)
    }
}

fn written(entry: &Entry<'_>) -> Range<usize> {
    start(entry)..entry.value_span().range.end
}

fn start(entry: &Entry<'_>) -> usize {
    entry.key_span().range.start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_string_gets_double_quotes() {
        for (written, expected) in [
            ("W501", "\"W501\""),
            ("'甲'", "\"甲\""),
            (r"'C:\甲'", r#""C:\\甲""#),
            (r#"'"甲"'"#, r#""\"甲\"""#),
            (r#""\u7532""#, r#""\u7532""#),
            ("''", "\"\""),
            ("\"\"\"甲\\\r\n  乙\"\"\"", "\"\"\"甲\\\n  乙\"\"\""),
            ("'''甲\r\n\\乙'''", "\"\"\"甲\n\\\\乙\"\"\""),
            ("'''\"\"\"\"甲\"'''", "\"\"\"\\\"\\\"\\\"\"甲\"\"\"\""),
        ] {
            assert_eq!(quoted(written), expected);
        }
    }
}
