//! Excel workbooks (xlsx).

use std::collections::HashMap;
use std::sync::Arc;

use super::number_format::{built_in, shown};
use super::xml::{Node, Nodes, Tag};
use super::{MOST_CELLS, Unreadable};
use crate::files::package::Package;
use crate::grid::column_letters;
use crate::import::table::{Cell, Table};

/// The most rows of a worksheet.
const MOST_ROWS: usize = 1 << 20;

/// The worksheets of a workbook, in its order.
pub fn tables(package: &mut Package) -> Result<Vec<Table>, Unreadable> {
    let strings = match package.part("xl/sharedStrings.xml")? {
        Some(xml) => shared_strings(&xml)?,
        None => Vec::new(),
    };
    let formats = match package.part("xl/styles.xml")? {
        Some(xml) => formats(&xml)?,
        None => Vec::new(),
    };
    let mut targets = HashMap::new();
    if let Some(xml) = package.part("xl/_rels/workbook.xml.rels")? {
        for_each_tag(&xml, |tag| {
            if let (Some(id), Some(target)) = (tag.get("Id"), tag.get("Target")) {
                targets.insert(id.to_owned(), target.to_owned());
            }
        })?;
    }
    let Some(workbook) = package.part("xl/workbook.xml")? else { return Err(Unreadable::Damaged) };
    let mut sheets = Vec::new();
    for_each_tag(&workbook, |tag| {
        if let ("sheet", Some(name), Some(id)) = (tag.name.as_str(), tag.get("name"), tag.get("id"))
        {
            sheets.push((name.to_owned(), id.to_owned()));
        }
    })?;
    let (mut tables, mut cells) = (Vec::new(), 0);
    for (name, id) in sheets {
        let Some(target) = targets.get(&id) else { continue };
        let path = match target.strip_prefix('/') {
            Some(path) => path.to_owned(),
            None => format!("xl/{target}"),
        };
        let Some(xml) = package.part(&path)? else { continue };
        let table = worksheet(format!("工作表“{name}”"), &xml, &strings, &formats, &mut cells)?;
        tables.push(table);
    }
    Ok(tables)
}

fn for_each_tag(xml: &[u8], mut work: impl FnMut(&Tag)) -> Result<(), Unreadable> {
    let mut nodes = Nodes::new(xml)?;
    while let Some(node) = nodes.next()? {
        if let Node::Open(tag) = node {
            work(&tag);
        }
    }
    Ok(())
}

/// The texts that cells refer to by number.
fn shared_strings(xml: &[u8]) -> Result<Vec<Arc<str>>, Unreadable> {
    let mut nodes = Nodes::new(xml)?;
    let mut strings = Vec::new();
    while let Some(node) = nodes.next()? {
        if matches!(&node, Node::Open(tag) if tag.name == "si") {
            strings.push(Arc::from(text_until(&mut nodes, "si")?));
        }
    }
    Ok(strings)
}

/// The text of all `t` up to the end of an element; what is written above it to be read aloud is
/// left out.
fn text_until(nodes: &mut Nodes<'_>, end: &str) -> Result<String, Unreadable> {
    let (mut text, mut is_text, mut phonetic) = (String::new(), false, false);
    while let Some(node) = nodes.next()? {
        match node {
            Node::Open(tag) if tag.name == "t" => is_text = !phonetic,
            Node::Open(tag) if tag.name == "rPh" => phonetic = true,
            Node::Close(name) if name == "t" => is_text = false,
            Node::Close(name) if name == "rPh" => phonetic = false,
            Node::Close(name) if name == end => return Ok(unescaped(&text)),
            Node::Text(more) if is_text => text += &more,
            _ => {}
        }
    }
    Err(Unreadable::Damaged)
}

/// A text whose characters may be written as `_x000D_`; its line breaks are `\n`.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, behind) = rest.split_at(at);
        plain += before;
        let code = behind.get(2..6).filter(|_| behind.get(6..7) == Some("_"));
        let c = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        match c {
            Some(c) => {
                plain.push(c);
                rest = behind.get(7..).unwrap_or_default();
            }
            None => {
                plain += "_x";
                rest = behind.get(2..).unwrap_or_default();
            }
        }
    }
    plain += rest;
    plain.replace("\r\n", "\n").replace('\r', "\n")
}

/// For each style of cells, the format of its numbers.
fn formats(xml: &[u8]) -> Result<Vec<Option<String>>, Unreadable> {
    let (mut codes, mut styles) = (HashMap::new(), Vec::new());
    let mut in_cells = false;
    let mut nodes = Nodes::new(xml)?;
    while let Some(node) = nodes.next()? {
        match node {
            Node::Open(tag) if tag.name == "numFmt" => {
                if let (Some(id), Some(code)) = (tag.number("numFmtId"), tag.get("formatCode")) {
                    codes.insert(id, code.to_owned());
                }
            }
            Node::Open(tag) if tag.name == "cellXfs" => in_cells = true,
            Node::Close(name) if name == "cellXfs" => in_cells = false,
            Node::Open(tag) if in_cells && tag.name == "xf" => {
                styles.push(tag.number("numFmtId").unwrap_or(0));
            }
            _ => {}
        }
    }
    let format = |id: usize| codes.get(&id).cloned().or_else(|| built_in(id).map(str::to_owned));
    Ok(styles.into_iter().map(format).collect())
}

fn worksheet(
    name: String,
    xml: &[u8],
    strings: &[Arc<str>],
    formats: &[Option<String>],
    count: &mut usize,
) -> Result<Table, Unreadable> {
    let mut table = Table { name, cells: Vec::new(), ruled: true };
    let mut joined = HashMap::new();
    let mut nodes = Nodes::new(xml)?;
    let (mut row, mut next_row, mut next_column) = (0, 0, 0);
    while let Some(node) = nodes.next()? {
        let Node::Open(tag) = node else { continue };
        match tag.name.as_str() {
            "row" => {
                row = tag.number("r").map_or(next_row, |row| row.saturating_sub(1).min(MOST_ROWS));
                (next_row, next_column) = (row + 1, 0);
            }
            "c" => {
                let place = tag.get("r").and_then(parse_place);
                let (_, column) = place.unwrap_or((row, next_column));
                next_column = column + 1;
                let cell = cell(&tag, &mut nodes, strings, formats)?;
                let Some(cell) = cell.filter(|cell| !cell.text.trim().is_empty()) else { continue };
                *count += 1;
                if *count > MOST_CELLS {
                    return Err(Unreadable::TooLarge);
                }
                let place = format!("{}{}", column_letters(column), row + 1);
                table.cells.push(Cell { row, column, columns: 1, place, ..cell });
            }
            "mergeCell" => {
                let range = tag.get("ref").and_then(|range| range.split_once(':'));
                let ends = range.and_then(|(a, b)| Some((parse_place(a)?, parse_place(b)?)));
                if let Some((first, last)) = ends {
                    if joined.len() > MOST_CELLS {
                        return Err(Unreadable::TooLarge);
                    }
                    joined.insert(first, last.1.saturating_sub(first.1) + 1);
                }
            }
            _ => {}
        }
    }
    table.cells.sort_by_key(|cell| (cell.row, cell.column));
    for cell in &mut table.cells {
        cell.columns = joined.get(&(cell.row, cell.column)).copied().unwrap_or(1);
    }
    Ok(table)
}

/// What a cell says; `None` if nothing.
fn cell(
    tag: &Tag,
    nodes: &mut Nodes<'_>,
    strings: &[Arc<str>],
    formats: &[Option<String>],
) -> Result<Option<Cell>, Unreadable> {
    let kind = tag.get("t").unwrap_or("n").to_owned();
    let format = tag.number("s").and_then(|style| formats.get(style)).cloned().flatten();
    let (mut value, mut inline, mut is_value) = (String::new(), None, false);
    while let Some(node) = nodes.next()? {
        match node {
            Node::Open(tag) if tag.name == "v" => is_value = true,
            Node::Close(name) if name == "v" => is_value = false,
            Node::Open(tag) if tag.name == "is" => inline = Some(text_until(nodes, "is")?),
            Node::Text(text) if is_value => value += &text,
            Node::Close(name) if name == "c" => break,
            _ => {}
        }
    }
    if let Some(text) = inline {
        return Ok(Some(Cell { text: Arc::from(text), ..Cell::default() }));
    }
    if value.is_empty() {
        return Ok(None);
    }
    Ok(Some(match kind.as_str() {
        "s" => {
            let text = value.trim().parse().ok().and_then(|index: usize| strings.get(index));
            Cell { text: Arc::clone(text.ok_or(Unreadable::Damaged)?), ..Cell::default() }
        }
        "str" => Cell { text: Arc::from(unescaped(&value)), ..Cell::default() },
        "e" => {
            let doubt = Some(format!("表上的公式有错：{value}"));
            Cell { text: Arc::from(value), doubt, ..Cell::default() }
        }
        "b" => {
            Cell { text: Arc::from(if value == "1" { "是" } else { "否" }), ..Cell::default() }
        }
        _ => {
            let shown = shown(&value, format.as_deref());
            Cell {
                text: Arc::from(shown.text),
                number: Some(value),
                doubt: shown.doubt,
                ..Cell::default()
            }
        }
    }))
}

/// `B7` as (row, column), from 0.
fn parse_place(place: &str) -> Option<(usize, usize)> {
    let letters = place.trim_start_matches('$');
    let end = letters.find(|c: char| !c.is_ascii_alphabetic())?;
    let (letters, digits) = letters.split_at(end);
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters
        .bytes()
        .fold(0, |sum, letter| sum * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    let row: usize = digits.trim_start_matches('$').parse().ok()?;
    Some((row.checked_sub(1)?.min(MOST_ROWS), column - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_rows_and_columns() {
        for (place, expected) in [
            ("A1", Some((0, 0))),
            ("AA10", Some((9, 26))),
            ("$B$7", Some((6, 1))),
            ("7", None),
            ("A0", None),
        ] {
            assert_eq!(parse_place(place), expected, "{place}");
        }
    }

    #[test]
    fn codes_of_characters_are_characters() {
        assert_eq!(unescaped("a_x000D_\nb_x005F_x000D_c_xyz"), "a\nb_x000D_c_xyz");
    }
}
