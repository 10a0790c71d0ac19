//! A ruled grid: columns, rows, and cells that tile them without gap or overlap. Geometry only;
//! what a cell holds is for the rooms above to say.

use std::fmt;

/// How wide a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// A share of the width that is left, in proportion to the other shares.
    Share(u32),
    /// As wide as the longest text in it, on one line.
    Fit,
}

/// Cells that tile a rectangle of rows and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid<C> {
    widths: Vec<Width>,
    rows: usize,
    cells: Vec<Cell<C>>,
}

/// A cell: where its upper left corner is, and how many rows and columns it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell<C> {
    /// The row it starts in, from 0.
    pub row: usize,
    /// The column it starts in, from 0.
    pub column: usize,
    /// How many rows it covers.
    pub rows: usize,
    /// How many columns it covers.
    pub columns: usize,
    /// What it holds.
    pub content: C,
}

/// Why cells do not make a grid: this field belongs to none of them, to two, or is outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Untiled {
    /// Its row, from 0.
    pub row: usize,
    /// Its column, from 0.
    pub column: usize,
}

impl<C> Default for Grid<C> {
    /// Nothing at all.
    fn default() -> Self {
        Self { widths: Vec::new(), rows: 0, cells: Vec::new() }
    }
}

impl<C> Grid<C> {
    /// Puts cells together, row by row and each row from left to right.
    ///
    /// # Errors
    /// The first field that does not belong to exactly one cell.
    pub fn new(widths: Vec<Width>, rows: usize, mut cells: Vec<Cell<C>>) -> Result<Self, Untiled> {
        cells.sort_by_key(|cell| (cell.row, cell.column));
        let columns = widths.len();
        let mut taken = vec![false; rows * columns];
        for cell in &cells {
            for (row, column) in cell.fields() {
                match taken.get_mut(row * columns + column) {
                    Some(taken) if !*taken && column < columns => *taken = true,
                    _ => return Err(Untiled { row, column }),
                }
            }
        }
        match taken.iter().position(|taken| !taken) {
            Some(field) => Err(Untiled { row: field / columns, column: field % columns }),
            None => Ok(Self { widths, rows, cells }),
        }
    }

    /// The widths of the columns, from left to right.
    pub fn widths(&self) -> &[Width] {
        &self.widths
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The cells, row by row.
    pub fn cells(&self) -> &[Cell<C>] {
        &self.cells
    }
}

impl<C> Cell<C> {
    /// The row behind its last.
    pub fn end_row(&self) -> usize {
        self.row + self.rows
    }

    /// The column behind its last.
    pub fn end_column(&self) -> usize {
        self.column + self.columns
    }

    fn fields(&self) -> impl Iterator<Item = (usize, usize)> + use<C> {
        let (rows, columns) = (self.row..self.end_row(), self.column..self.end_column());
        rows.flat_map(move |row| columns.clone().map(move |column| (row, column)))
    }
}

/// A column by its letters, as workbooks name it: A, B, …, Z, AA.
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// A picture of the grid in text: each cell's content where the cell is, `│` and `─` where rules
/// are. Made for tests and for looking at, so every column is as wide as its contents need.
impl<C: fmt::Display> fmt::Display for Grid<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines: Vec<Vec<String>> = vec![vec![String::new(); self.widths.len()]; self.rows];
        let mut is_joined = vec![vec![(false, false); self.widths.len()]; self.rows];
        for cell in &self.cells {
            for (row, column) in cell.fields() {
                let joined = (row > cell.row, column > cell.column);
                if let Some(field) = is_joined.get_mut(row).and_then(|row| row.get_mut(column)) {
                    *field = joined;
                }
            }
            let text = cell.content.to_string().replace('\n', "⏎");
            if let Some(field) = lines.get_mut(cell.row).and_then(|row| row.get_mut(cell.column)) {
                *field = text;
            }
        }
        for (texts, joined) in lines.iter().zip(&is_joined) {
            let mut line = String::new();
            for (text, (above, left)) in texts.iter().zip(joined) {
                let text = if *above && !*left { "↑" } else { text.as_str() };
                let text = if *left { "←" } else { text };
                line += &format!("│ {text} ");
            }
            writeln!(f, "{line}│")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(row: usize, column: usize, rows: usize, columns: usize) -> Cell<&'static str> {
        Cell { row, column, rows, columns, content: "字" }
    }

    fn grid(cells: Vec<Cell<&'static str>>) -> Result<Grid<&'static str>, Untiled> {
        Grid::new(vec![Width::Share(1); 2], 2, cells)
    }

    #[test]
    fn cells_that_tile_are_a_grid() {
        let grid = grid(vec![cell(1, 1, 1, 1), cell(0, 0, 2, 1), cell(0, 1, 1, 1)]).unwrap();
        assert_eq!(grid.to_string(), "│ 字 │ 字 │\n│ ↑ │ 字 │\n");
    }

    #[test]
    fn columns_have_letters() {
        let letters = [0, 25, 26, 701, 702].map(column_letters);
        assert_eq!(letters, ["A", "Z", "AA", "ZZ", "AAA"]);
    }

    #[test]
    fn a_gap_an_overlap_and_a_cell_outside_are_named() {
        let untiled = |cells| grid(cells).map_err(|at| (at.row, at.column)).unwrap_err();
        assert_eq!(untiled(vec![cell(0, 0, 2, 1), cell(0, 1, 1, 1)]), (1, 1));
        assert_eq!(untiled(vec![cell(0, 0, 2, 2), cell(1, 1, 1, 1)]), (1, 1));
        assert_eq!(untiled(vec![cell(0, 0, 1, 3), cell(1, 0, 1, 2)]), (0, 2));
        assert_eq!(untiled(vec![cell(0, 0, 2, 2), cell(2, 0, 1, 1)]), (2, 0));
    }
}
