//! OpenDocument spreadsheets (ods). They hold what each cell shows.

use std::sync::Arc;

use super::xml::{Node, Nodes, Tag};
use super::{MOST_CELLS, Unreadable};
use crate::files::package::Package;
use crate::grid::column_letters;
use crate::import::table::{Cell, Table};

/// Whether a package is a spreadsheet: the texts and drawings of its family look like it otherwise.
pub fn is_spreadsheet(package: &mut Package) -> Result<bool, Unreadable> {
    let kind = package.part("mimetype")?.unwrap_or_default();
    Ok(kind.starts_with(b"application/vnd.oasis.opendocument.spreadsheet"))
}

/// The tables of a spreadsheet, in its order.
pub fn tables(package: &mut Package) -> Result<Vec<Table>, Unreadable> {
    // What has a password says so here; its content is noise.
    if let Some(manifest) = package.part("META-INF/manifest.xml")? {
        let mut nodes = Nodes::new(&manifest)?;
        while let Some(node) = nodes.next()? {
            if matches!(&node, Node::Open(tag) if tag.name == "encryption-data") {
                return Err(Unreadable::Encrypted);
            }
        }
    }
    let Some(xml) = package.part("content.xml")? else { return Err(Unreadable::Damaged) };
    let mut nodes = Nodes::new(&xml)?;
    let (mut tables, mut count) = (Vec::new(), 0);
    let mut table: Option<Table> = None;
    let (mut row, mut row_repeated, mut column) = (0_usize, 1, 0_usize);
    let mut row_start = 0;
    while let Some(node) = nodes.next()? {
        match node {
            Node::Open(tag) if tag.name == "table" => {
                let name = format!("工作表“{}”", tag.get("name").unwrap_or_default());
                table = Some(Table { name, cells: Vec::new(), ruled: true });
                row = 0;
            }
            Node::Close(name) if name == "table" => tables.extend(table.take()),
            Node::Open(tag) if tag.name == "table-row" => {
                (row_repeated, column) = (repeated(&tag, "number-rows-repeated"), 0);
                row_start = table.as_ref().map_or(0, |table| table.cells.len());
            }
            Node::Close(name) if name == "table-row" => {
                // A row that says something is repeated as often as it says.
                let said = table.as_ref().and_then(|table| table.cells.get(row_start..));
                let said = said.unwrap_or_default().to_vec();
                if !said.is_empty() {
                    for copy in 1..row_repeated {
                        count += said.len();
                        if count > MOST_CELLS {
                            return Err(Unreadable::TooLarge);
                        }
                        let at = row + copy;
                        let cells = said.iter().map(|cell| {
                            let place = format!("{}{}", column_letters(cell.column), at + 1);
                            Cell { row: at, place, ..cell.clone() }
                        });
                        if let Some(table) = &mut table {
                            table.cells.extend(cells);
                        }
                    }
                }
                row += row_repeated;
            }
            Node::Open(tag) if matches!(&*tag.name, "table-cell" | "covered-table-cell") => {
                let repeated = repeated(&tag, "number-columns-repeated");
                let columns = tag.number("number-columns-spanned").unwrap_or(1).min(1 << 20);
                let text = text_of(&mut nodes, &tag.name)?;
                if !text.trim().is_empty() && tag.name == "table-cell" {
                    let is_number =
                        matches!(tag.get("value-type"), Some("float" | "percentage" | "currency"));
                    let number = tag.get("value").filter(|_| is_number).map(str::to_owned);
                    let text: Arc<str> = Arc::from(text);
                    for copy in 0..repeated {
                        count += 1;
                        if count > MOST_CELLS {
                            return Err(Unreadable::TooLarge);
                        }
                        let column = column + copy;
                        let place = format!("{}{}", column_letters(column), row + 1);
                        let (text, number) = (Arc::clone(&text), number.clone());
                        let cell =
                            Cell { row, column, columns, place, text, number, ..Cell::default() };
                        if let Some(table) = &mut table {
                            table.cells.push(cell);
                        }
                    }
                }
                column += repeated;
            }
            _ => {}
        }
    }
    Ok(tables)
}

/// How often a row or a cell is repeated; no sheet has more rows than the most here.
fn repeated(tag: &Tag, name: &str) -> usize {
    tag.number(name).unwrap_or(1).clamp(1, 1 << 20)
}

/// What a cell shows: its paragraphs, one below the other. Remarks are none of it.
fn text_of(nodes: &mut Nodes<'_>, end: &str) -> Result<String, Unreadable> {
    let (mut text, mut paragraphs, mut depth, mut remarks) = (String::new(), 0, 0, 0);
    while let Some(node) = nodes.next()? {
        match node {
            Node::Close(name) if name == end && remarks == 0 => return Ok(text),
            Node::Open(tag) if tag.name == "annotation" => remarks += 1,
            Node::Close(name) if name == "annotation" => remarks -= 1,
            _ if remarks > 0 => {}
            Node::Open(tag) => match tag.name.as_str() {
                "p" => {
                    if paragraphs > 0 {
                        text.push('\n');
                    }
                    paragraphs += 1;
                    depth += 1;
                }
                "line-break" => text.push('\n'),
                "tab" => text.push(' '),
                "s" => {
                    text.extend(std::iter::repeat_n(' ', tag.number("c").unwrap_or(1).min(1000)))
                }
                _ => {}
            },
            Node::Close(name) if name == "p" => depth -= 1,
            // Line breaks of the file itself are spaces.
            Node::Text(more) if depth > 0 => text += &more.replace(['\n', '\r', '\t'], " "),
            _ => {}
        }
    }
    Err(Unreadable::Damaged)
}
