//! The same forms as a user of the engine would print them: one native table each, in which the
//! engine breaks lines, finds heights and turns pages. It is the floor that our layout is held against.

use jixiao::grid::{Cell, Width};
use jixiao::sheet::{LineStyle, Printed, Sheet};
use serde::Serialize;

/// The layout, which reads `data.json`.
pub const LAYOUT: &str = include_str!("plain.typ");
/// The name of its file.
pub const LAYOUT_FILE: &str = "plain.typ";

/// How wide margins are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Margins {
    /// Those of the form.
    OfTheForm,
    /// Those that Typst has by itself, which leave more room: fewer lines to break.
    Ordinary,
}

/// All that the layout gets.
#[derive(Serialize)]
struct Data<'a> {
    title: &'a str,
    font: &'a str,
    paper: Paper,
    widths: Vec<u32>,
    forms: Vec<Form>,
}

#[derive(Serialize)]
struct Paper {
    width: f64,
    height: f64,
    /// Top, bottom, left, right.
    margins: [f64; 4],
}

#[derive(Serialize)]
struct Form {
    /// The size and the text of what stands above the table.
    before: Vec<(f64, String)>,
    cells: Vec<PlainCell>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum PlainCell {
    Single(String),
    /// The text, and how many columns and rows it spans.
    Spanning(String, usize, usize),
}

/// The data of a document with these sheets, which have the same columns.
pub fn data(title: &str, font: &str, sheets: &[Sheet], margins: Margins) -> Vec<u8> {
    let sheet = sheets.first().expect("a sheet");
    let [width, height] = sheet.sizes.paper();
    let ordinary = 2.5 / 21.0 * width.min(height);
    let margins = match margins {
        Margins::OfTheForm => sheet.sizes.margins,
        Margins::Ordinary => [ordinary; 4],
    };
    let share = |width: &Width| match width {
        Width::Share(share) => *share,
        Width::Fit => panic!("a form has no such column"),
    };
    let widths: Vec<u32> = sheet.grid.widths().iter().map(share).collect();
    let data = Data {
        title,
        font,
        paper: Paper { width, height, margins },
        widths,
        forms: sheets.iter().map(form).collect(),
    };
    serde_json::to_vec(&data).expect("JSON")
}

fn form(sheet: &Sheet) -> Form {
    let before = sheet.before.iter().map(|line| {
        let size = match line.style {
            LineStyle::AttachmentNumber => 16.0,
            LineStyle::DocumentTitle => sheet.sizes.document_title,
            LineStyle::Title => sheet.sizes.title,
            LineStyle::Subtitle => 12.0,
            LineStyle::Note => sheet.sizes.text,
        };
        (size, line.texts.iter().map(Printed::text).collect())
    });
    Form { before: before.collect(), cells: sheet.grid.cells().iter().map(cell).collect() }
}

fn cell(cell: &Cell<Printed>) -> PlainCell {
    let text = cell.content.text();
    match (cell.columns, cell.rows) {
        (1, 1) => PlainCell::Single(text),
        (columns, rows) => PlainCell::Spanning(text, columns, rows),
    }
}
