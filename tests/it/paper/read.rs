//! Forms read back from a PDF, each over all of its pages.

use std::ops::Range;
use std::path::Path;

use super::texts::seen;
use crate::support::pdf::{self, Page};

/// A cell as it is printed; its text without spaces.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The page of the file, from 0.
    pub page: usize,
    /// The rows of the page it covers.
    pub rows: Range<usize>,
    /// The columns that rules make on the page.
    pub columns: Range<usize>,
    /// Its text.
    pub text: String,
}

/// A form over its pages.
#[derive(Debug, Default)]
pub struct Printed {
    /// Its cells, page by page.
    pub cells: Vec<Cell>,
    /// What stands outside the table on its first page.
    pub outside: String,
    /// What stands outside the table on its last page.
    pub end: String,
    /// The page of the file that it begins on, from 0.
    pub first_page: usize,
}

/// Reads all forms of a file whose type area is so many millimetres wide; `begins` tells from what is outside the table whether one begins.
///
/// # Panics
/// If text is on other text, leaves its cell or is half in the table.
pub fn forms(path: &Path, width: f64, begins: impl Fn(&str) -> bool) -> Vec<Printed> {
    let mut forms: Vec<Printed> = Vec::new();
    for (index, page) in pdf::read(path).iter().enumerate() {
        assert_well_placed(page, width);
        let outside = seen(&page.text_outside_tables());
        if forms.is_empty() || begins(&outside) {
            let outside = outside.clone();
            forms.push(Printed { outside, first_page: index, ..Printed::default() });
        }
        let form = forms.last_mut().expect("a form");
        form.end = outside;
        form.cells.extend(page.table().into_iter().map(|cell| Cell {
            page: index,
            rows: cell.rows,
            columns: cell.columns,
            text: seen(&cell.text),
        }));
    }
    forms
}

/// Nothing is on anything else, and the table is no wider than so many millimetres.
///
/// # Panics
/// If not.
pub fn assert_well_placed(page: &Page, width: f64) {
    // A ligature is one glyph of several characters.
    let overlaps = page.overlaps().into_iter();
    let is_ligature =
        |(a, b): &(char, char)| *a == 'f' && "fijl".contains(*b) || (*a, *b) == ('—', '—');
    let overlaps: Vec<_> = overlaps.filter(|pair| !is_ligature(pair)).collect();
    assert!(overlaps.is_empty(), "{overlaps:?}");
    let table = page.table_area();
    assert!(table.width() < width * 72.0 / 25.4 + 1.0, "{table:?} is too wide");
    for glyph in page.glyphs.iter().filter(|glyph| !table.contains(glyph.ink.center())) {
        let apart = table.intersect(glyph.ink);
        assert!(apart.width() <= 0.0 || apart.height() <= 0.0, "{glyph:?} is half in the table");
    }
}

/// A text of which a part is printed. What is printed already is said again, marked, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Expected {
    whole: String,
    printed: usize,
}

impl Expected {
    /// All of a text is to come.
    fn new(text: &str) -> Self {
        Self { whole: seen(text), printed: 0 }
    }

    /// Takes what a cell has; `false` if it does not belong to the text.
    fn take(&mut self, cell: &str) -> bool {
        let rest = &self.whole[self.printed..];
        if !cell.is_empty() && rest.starts_with(cell) {
            self.printed += cell.len();
            return true;
        }
        rest.is_empty() && (cell.is_empty() || cell == format!("{}（续）", self.whole))
    }

    /// Whether all of it was printed.
    fn is_done(&self) -> bool {
        self.printed == self.whole.len()
    }
}

impl Printed {
    /// Asserts that a row of these texts, one beside the other, is printed somewhere, parted at
    /// most by where a page ends. Returns the page that it begins on.
    pub fn assert_row(&self, texts: &[&str]) -> usize {
        let rows = self.rows(texts.len());
        let expected: Vec<Expected> = texts.iter().map(|text| Expected::new(text)).collect();
        let found = rows.iter().find(|row| taken(&expected, row, &rows));
        match found {
            Some(row) => row[0].page,
            None => panic!("{texts:#?} is no row of\n{}", self.picture()),
        }
    }

    /// All runs of so many cells beside each other.
    fn rows(&self, count: usize) -> Vec<&[Cell]> {
        let beside = |pair: &[Cell]| {
            pair[0].page == pair[1].page
                && pair[0].rows.start == pair[1].rows.start
                && pair[0].columns.end == pair[1].columns.start
        };
        self.cells.windows(count).filter(|cells| cells.windows(2).all(beside)).collect()
    }

    /// The cells, row by row: for messages.
    pub fn picture(&self) -> String {
        let mut picture = String::new();
        let mut last = None;
        for cell in &self.cells {
            let start = (cell.page, cell.rows.start);
            picture += if last == Some(start) { " │ " } else { "\n" };
            picture += &cell.text;
            last = Some(start);
        }
        picture
    }
}

/// Whether texts are printed in a row, and what is left of them in rows of the next pages.
fn taken(expected: &[Expected], row: &[Cell], rows: &[&[Cell]]) -> bool {
    let mut rest = expected.to_vec();
    let is_there = rest.iter_mut().zip(row).all(|(text, cell)| text.take(&cell.text));
    if !is_there || rest == expected && !rest.iter().all(Expected::is_done) {
        return false;
    }
    let goes_on = || rows.iter().filter(|next| next[0].page == row[0].page + 1);
    rest.iter().all(Expected::is_done) || goes_on().any(|next| taken(&rest, next, rows))
}
