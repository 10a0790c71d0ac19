//! A sheet: what is printed of some data, as a ruled grid with its titles. It has the final text
//! of every cell and the place in the data that it came from, and knows no fonts and no pages.
//!
//! [`Arranger`] makes the sheets of a form, [`comparison()`] the table of differences. Whatever
//! prints a sheet prints these texts and no others.

mod arrange;
mod comparison;
mod overlooked;

pub use arrange::{Arranger, FormPages, Opening};
pub use comparison::{
    Compared, ComparedDepartment, ComparedProject, ComparedRow, ComparedText, comparison,
};
pub use overlooked::overlooked;

use std::fmt;
use std::ops::Range;

use crate::amount::Money;
use crate::diagnostics::Span;
use crate::form::Sizes;
use crate::grid::Grid;

/// A printed table with what stands above and below it.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The bookmark that leads to it; empty if none does.
    pub bookmark: String,
    /// What stands above the table, from top to bottom.
    pub before: Vec<Line>,
    /// The table.
    pub grid: Grid<Printed>,
    /// What the rows of the table are to a page: they cover all rows, in order.
    pub bands: Vec<Band>,
    /// What stands below the table.
    pub after: Vec<Line>,
    /// The paper and all that lines and heights hang on.
    pub sizes: Sizes,
}

/// A line above or below a table.
#[derive(Debug, Clone)]
pub struct Line {
    /// What it is.
    pub style: LineStyle,
    /// What it says: a title all of it, a note at its left and its right end.
    pub texts: Vec<Printed>,
}

/// What a line above or below a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineStyle {
    /// The attachment's number, `附件2`.
    AttachmentNumber,
    /// The title of all that follows.
    DocumentTitle,
    /// The title of the table.
    Title,
    /// What is below the title.
    Subtitle,
    /// A line of the size of the text in the cells: 单位：万元.
    Note,
}

/// Rows that are alike to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// The rows.
    pub rows: Range<usize>,
    /// The rows that are printed above them, on every page that they go on to.
    pub head: Range<usize>,
    /// What they are to a page.
    pub kind: BandKind,
}

/// What rows are to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BandKind {
    /// They are the head of others, and printed with them.
    Head,
    /// They are not parted, if one page can hold them.
    Together,
    /// They are parted anywhere.
    Body,
}

/// What is printed in a cell or a line.
#[derive(Debug, Clone)]
pub struct Printed {
    /// What it is to a reader who does not see.
    pub kind: Kind,
    /// Its text, complete.
    pub runs: Vec<Run>,
    /// What its text stands for.
    pub value: Value,
    /// How it is set.
    pub look: Look,
    /// Where it comes from.
    pub origin: Origin,
}

/// A stretch of text in one weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The text; `\n` is a line break.
    pub text: String,
    /// Whether it is bold.
    pub strong: bool,
}

/// What a cell is to a reader who does not see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The head of the cells below.
    ColumnHead,
    /// The head of the cells to the right.
    RowHead,
    /// The name of the rows below, and a bookmark of this level leads to it.
    Heading(u8),
    /// A value.
    Value,
}

/// How a cell is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// In the middle, if it fits on a line; else from the left.
    Short,
    /// In the middle, on however many lines.
    Centred,
    /// From the left.
    Left,
    /// A paragraph, from the left, its lines filled.
    Prose,
    /// Figures with their right ends below each other.
    Figures,
    /// Likewise, and all of them together in the middle of the column.
    FiguresInMiddle,
}

/// What a text stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Only itself.
    Text,
    /// An amount.
    Amount(Money),
    /// The page on which a form starts.
    Page(usize),
}

/// Where a text comes from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// Words of the form.
    Form,
    /// These places in the data.
    Data(Vec<Span>),
    /// Computed from these places in the data.
    Computed(Vec<Span>),
    /// The data has nothing for it; it would stand here.
    Absent(Option<Span>),
}

impl Sheet {
    /// Everything that is printed: the lines above, the cells, the lines below.
    pub fn printed(&self) -> impl Iterator<Item = &Printed> {
        let before = self.before.iter().flat_map(|line| &line.texts);
        let cells = self.grid.cells().iter().map(|cell| &cell.content);
        before.chain(cells).chain(self.after.iter().flat_map(|line| &line.texts))
    }
}

impl Printed {
    /// All of its text.
    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.runs.iter().all(|run| run.text.is_empty())
    }
}

impl Origin {
    /// The places in the data.
    pub fn places(&self) -> &[Span] {
        match self {
            Self::Form | Self::Absent(None) => &[],
            Self::Data(places) | Self::Computed(places) => places,
            Self::Absent(Some(place)) => std::slice::from_ref(place),
        }
    }
}

/// The text; bold stretches between `*`, labels between brackets: for pictures of a grid.
impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (open, close) = if self.kind == Kind::Value { ("", "") } else { ("[", "]") };
        f.write_str(open)?;
        for run in &self.runs {
            let sign = if run.strong { "*" } else { "" };
            write!(f, "{sign}{}{sign}", run.text)?;
        }
        f.write_str(close)
    }
}
