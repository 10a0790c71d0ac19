//! A table as it was read, from whatever file: cells with their places and texts.

use std::sync::Arc;

/// A table, or all that stands on a worksheet.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// What it is called in messages: `工作表“汇总表”`; may be empty.
    pub name: String,
    /// Its cells that say something, row by row, each row from left to right.
    pub cells: Vec<Cell>,
    /// Whether the columns of the cells are sure: ruled, and not told from spaces.
    pub ruled: bool,
}

/// A cell that says something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// The row it starts in, from 0.
    pub row: usize,
    /// The column it starts in, from 0.
    pub column: usize,
    /// How many columns it covers.
    pub columns: usize,
    /// Where it is, for people: `B7`, `第 3 行`.
    pub place: String,
    /// What it shows.
    pub text: Arc<str>,
    /// The figures it holds, as exact as the file has them, where it holds a number.
    pub number: Option<String>,
    /// Why what it shows is not sure.
    pub doubt: Option<String>,
    /// What of its text was repaired.
    pub repairs: Vec<&'static str>,
}

impl Table {
    /// Its rows that say something.
    pub fn rows(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunk_by(|a, b| a.row == b.row)
    }

    /// Where a cell is, for people.
    pub fn place(&self, cell: &Cell) -> String {
        match self.name.as_str() {
            "" => cell.place.clone(),
            name => format!("{name} {}", cell.place),
        }
    }
}

impl Cell {
    /// The column behind its last.
    pub fn end_column(&self) -> usize {
        self.column + self.columns.max(1)
    }
}
