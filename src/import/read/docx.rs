//! Word documents (docx): their tables, and the lines around them. Tracked changes are taken as
//! accepted: what was deleted is gone, what was inserted is there.

use std::sync::Arc;

use super::xml::{Node, Nodes, Tag};
use super::{MOST_CELLS, MOST_TEXT, Unreadable};
use crate::files::package::Package;
use crate::grid::column_letters;
use crate::import::table::{Cell, Table};

/// How deep tables stand in tables at most.
const DEEPEST: usize = 20;
/// The most paragraphs, those of empty cells too.
const MOST_PARAGRAPHS: usize = 5 * MOST_CELLS / 2;

/// The tables of a document and the lines around them, in their order.
pub fn tables(package: &mut Package) -> Result<Vec<Table>, Unreadable> {
    let name = package.names().into_iter().find(|name| is_main(name));
    let Some(xml) = name.map(|name| package.part(&name)).transpose()?.flatten() else {
        return Err(Unreadable::Damaged);
    };
    let mut nodes = Nodes::new(&xml)?;
    let mut reader = Reader::default();
    while let Some(node) = nodes.next()? {
        reader.node(node)?;
    }
    reader.end_lines()?;
    Ok(reader.tables)
}

/// Whether a part of this name is the text: `document.xml`, of some programs `document2.xml`.
pub fn is_main(name: &str) -> bool {
    let number = name.strip_prefix("word/document").and_then(|rest| rest.strip_suffix(".xml"));
    number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[derive(Default)]
struct Reader {
    tables: Vec<Table>,
    /// The lines since the last table.
    lines: Vec<String>,
    /// How many tables there were.
    numbered: usize,
    /// How many cells there were.
    cells: usize,
    /// How many paragraphs began.
    begun: usize,
    /// The tables that are open, the outermost first.
    open: Vec<Open>,
    /// The paragraphs that are open: one in a text box stands in another.
    paragraphs: Vec<String>,
    /// How deep we are in what does not count.
    skipped: usize,
    is_text: bool,
    /// Whether what is read says how a paragraph looks.
    is_look: bool,
    /// Whether the end of the paragraph was deleted.
    is_joined: bool,
    /// The paragraph before, if its end was deleted.
    before: Option<String>,
}

/// A table that is being read.
#[derive(Default)]
struct Open {
    table: Table,
    row: usize,
    column: usize,
    is_deleted: bool,
    cell: Option<OpenCell>,
}

#[derive(Default)]
struct OpenCell {
    paragraphs: Vec<String>,
    columns: usize,
    /// Why its text is not sure.
    doubt: Option<&'static str>,
}

impl Reader {
    fn node(&mut self, node: Node) -> Result<(), Unreadable> {
        // A fallback says again what stands before it; what was moved stands where it went; above
        // letters may stand how to read them aloud.
        let is_skipped = |name: &str| matches!(name, "Fallback" | "moveFrom" | "del" | "rt");
        match node {
            Node::Open(tag) if is_skipped(&tag.name) => {
                if tag.name == "del" && self.skipped == 0 {
                    self.deleted();
                }
                self.skipped += 1;
            }
            Node::Close(name) if is_skipped(&name) => self.skipped = self.skipped.saturating_sub(1),
            _ if self.skipped > 0 => {}
            Node::Open(tag) => match tag.name.as_str() {
                "tbl" => {
                    if self.open.len() >= DEEPEST {
                        return Err(Unreadable::TooLarge);
                    }
                    if self.open.is_empty() {
                        self.end_lines()?;
                    }
                    self.numbered += 1;
                    let name = format!("第 {} 个表", self.numbered);
                    let table = Table { name, cells: Vec::new(), ruled: true };
                    self.open.push(Open { table, ..Open::default() });
                }
                "tr" => {
                    if let Some(open) = self.open.last_mut() {
                        (open.column, open.is_deleted) = (0, false);
                    }
                }
                "gridBefore" => {
                    if let Some(open) = self.open.last_mut() {
                        open.column += tag.number("val").unwrap_or(0).min(1000);
                    }
                }
                "tc" => {
                    if let Some(open) = self.open.last_mut() {
                        open.cell = Some(OpenCell { columns: 1, ..OpenCell::default() });
                    }
                }
                "gridSpan" => {
                    if let Some(cell) = self.cell() {
                        cell.columns = tag.number("val").unwrap_or(1).clamp(1, 1000);
                    }
                }
                "vMerge" => {
                    let continued = tag.get("val") != Some("restart");
                    if let Some(cell) = self.cell().filter(|_| continued) {
                        // What goes on says nothing new, unless somebody has written into it.
                        cell.doubt = Some("写在合并的格里，Word 不显示它");
                    }
                }
                "p" => {
                    self.begun += 1;
                    if self.begun > MOST_PARAGRAPHS {
                        return Err(Unreadable::TooLarge);
                    }
                    self.paragraphs.push(String::new());
                }
                "t" => self.is_text = true,
                "pPr" => self.is_look = true,
                // Not the end of a page or a column.
                "br" if matches!(tag.get("type"), None | Some("textWrapping")) => self.add("\n"),
                "cr" => self.add("\n"),
                "tab" if !self.is_look => self.add("\t"),
                "sym" => self.symbol(&tag),
                "noBreakHyphen" => self.add("-"),
                _ => {}
            },
            Node::Text(text) if self.is_text => self.add(&text),
            Node::Text(_) => {}
            Node::Close(name) => match name.as_str() {
                "t" => self.is_text = false,
                "pPr" => self.is_look = false,
                "p" => self.end_paragraph()?,
                "tc" => self.end_cell()?,
                "tr" => {
                    if let Some(open) = self.open.last_mut() {
                        let row = open.row;
                        if open.is_deleted {
                            open.table.cells.retain(|cell| cell.row != row);
                        }
                        open.row += 1;
                    }
                }
                "tbl" => {
                    let table = self.open.pop().map(|open| open.table);
                    self.tables.extend(table.filter(|table| !table.cells.is_empty()));
                }
                _ => {}
            },
        }
        Ok(())
    }

    /// Notes that a row, or the end of a paragraph, was deleted.
    fn deleted(&mut self) {
        if self.is_look {
            self.is_joined = true;
        } else if self.paragraphs.is_empty()
            && let Some(open) = self.open.last_mut().filter(|open| open.cell.is_none())
        {
            open.is_deleted = true;
        }
    }

    /// A letter of a font that has only symbols.
    fn symbol(&mut self, tag: &Tag) {
        let code = tag.get("char").and_then(|code| u32::from_str_radix(code, 16).ok()).unwrap_or(0);
        let is_symbol = tag.get("font").is_some_and(|font| font.eq_ignore_ascii_case("symbol"));
        match code & 0xff {
            0xb3 if is_symbol => self.add("≥"),
            0xa3 if is_symbol => self.add("≤"),
            0xb1 if is_symbol => self.add("±"),
            0xb0 if is_symbol => self.add("°"),
            0xb4 if is_symbol => self.add("×"),
            _ => {
                self.add("□");
                if let Some(cell) = self.cell() {
                    cell.doubt = Some("“□”处是一个符号，认不出来");
                }
            }
        }
    }

    fn cell(&mut self) -> Option<&mut OpenCell> {
        self.open.last_mut()?.cell.as_mut()
    }

    fn add(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.push_str(text);
        }
    }

    fn end_paragraph(&mut self) -> Result<(), Unreadable> {
        let Some(mut paragraph) = self.paragraphs.pop() else { return Ok(()) };
        if paragraph.len() > MOST_TEXT {
            return Err(Unreadable::TooLarge);
        }
        if let Some(before) = self.before.take() {
            paragraph.insert_str(0, &before);
        }
        if std::mem::take(&mut self.is_joined) {
            self.before = Some(paragraph);
            return Ok(());
        }
        match self.cell() {
            Some(cell) => cell.paragraphs.push(paragraph),
            None => self.lines.push(paragraph),
        }
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), Unreadable> {
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        let Some(cell) = open.cell.take() else { return Ok(()) };
        // The last paragraph of a cell ends whatever was deleted.
        let rest = self.before.take();
        let text = cell.paragraphs.iter().chain(&rest).map(String::as_str).collect::<Vec<_>>();
        let text = text.join("\n");
        let (row, column) = (open.row, open.column);
        open.column += cell.columns;
        if !text.trim().is_empty() {
            self.cells += 1;
            if self.cells > MOST_CELLS {
                return Err(Unreadable::TooLarge);
            }
            // Tables are named by their rows and columns, as in a workbook.
            let place = format!("{}{}", column_letters(column), row + 1);
            let text = Arc::from(text.trim_end_matches('\n'));
            let columns = cell.columns;
            let doubt = cell.doubt.map(str::to_owned);
            let cell = Cell { row, column, columns, place, text, doubt, ..Cell::default() };
            open.table.cells.push(cell);
        }
        Ok(())
    }

    /// Makes a table of the lines since the last one; their ends are cells of their own.
    fn end_lines(&mut self) -> Result<(), Unreadable> {
        let mut table = Table { ruled: true, ..Table::default() };
        for (row, line) in std::mem::take(&mut self.lines).iter().enumerate() {
            for (column, text) in line.split('\t').enumerate() {
                if text.trim().is_empty() {
                    continue;
                }
                self.cells += 1;
                if self.cells > MOST_CELLS {
                    return Err(Unreadable::TooLarge);
                }
                let (place, text) = ("表外的字".to_owned(), Arc::from(text.trim()));
                let cell = Cell { row, column, columns: 1, place, text, ..Cell::default() };
                table.cells.push(cell);
            }
        }
        if !table.cells.is_empty() {
            self.tables.push(table);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Vec<Vec<(usize, usize, String)>> {
        let xml = format!(
            "<w:document xmlns:w=\"w\" xmlns:mc=\"m\"><w:body>{body}</w:body></w:document>"
        );
        let bytes =
            crate::files::package::pack(&[("word/document.xml".to_owned(), xml.into_bytes())])
                .unwrap();
        let tables = tables(&mut Package::open(bytes).unwrap()).unwrap();
        let cells = |table: Table| {
            table.cells.iter().map(|it| (it.row, it.column, it.text.to_string())).collect()
        };
        tables.into_iter().map(cells).collect()
    }

    fn cell(text: &str) -> (usize, usize, String) {
        (0, 0, text.to_owned())
    }

    #[test]
    fn joined_cells_and_gaps_have_their_columns() {
        let body = "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc>\
            <w:tc><w:p><w:r><w:t>乙</w:t></w:r></w:p></w:tc></w:tr>\
            <w:tr><w:trPr><w:gridBefore w:val=\"2\"/></w:trPr><w:tc><w:p><w:r><w:t>丙</w:t><w:br/><w:t>丁</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
        let expected = [(0, 0, "甲"), (0, 2, "乙"), (1, 2, "丙\n丁")];
        assert_eq!(
            read(body)[0],
            expected.map(|(row, column, text)| (row, column, text.to_owned()))
        );
    }

    #[test]
    fn tracked_changes_are_accepted() {
        let body = "<w:p><w:r><w:t>原</w:t></w:r><w:del><w:r><w:delText>删</w:delText><w:t>去</w:t></w:r></w:del>\
            <w:ins><w:r><w:t>加</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom></w:p>\
            <w:p><w:pPr><w:tabs><w:tab w:val=\"right\"/></w:tabs><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前</w:t></w:r></w:p>\
            <w:p><w:r><w:t>后</w:t><w:br w:type=\"page\"/></w:r></w:p>\
            <w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>删行</w:t></w:r></w:p></w:tc></w:tr>\
            <w:tr><w:tc><w:p><w:r><w:t>留</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
        let lines = vec![cell("原加"), (1, 0, "前后".to_owned())];
        assert_eq!(read(body), [lines, vec![(1, 0, "留".to_owned())]]);
    }

    #[test]
    fn text_boxes_and_nested_tables_are_read_once() {
        let box_of = |text: &str| {
            format!("<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>")
        };
        let body = format!(
            "<w:p><w:r><mc:AlternateContent><mc:Choice>{0}</mc:Choice><mc:Fallback>{0}</mc:Fallback>\
             </mc:AlternateContent><w:t>外</w:t></w:r></w:p>\
             <w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>内</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
             <w:p><w:r><w:t>格</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
            box_of("框")
        );
        let lines = vec![(0, 0, "框".to_owned()), (1, 0, "外".to_owned())];
        assert_eq!(read(&body), [lines, vec![cell("内")], vec![cell("格")]]);
    }
}
