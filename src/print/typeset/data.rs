//! Pages → `data.json`, the file a layout gets its data from.
//!
//! A file and not `sys.inputs`: those are a part of the engine's library, and whatever the engine
//! remembers is forgotten when the library changes. The contract is written down for authors of
//! layouts in `templates/README.md`; keep both in step.

use std::collections::HashMap;

use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

use super::sources::Source;
use crate::fonts::{Fonts, Role};
use crate::grid::Cell;
use crate::print::lines::Line;
use crate::print::pages::{Align, Page, Paged, SetCell, SetLine};
use crate::sheet::{Kind, LineStyle, Sheet, Value};

/// A document of more departments names no authors: nobody reads so many, and the names of a
/// thousand are longer than PDF/A allows.
const MOST_AUTHORS: usize = 100;

/// What a document says of itself.
#[derive(Debug, Clone, Serialize)]
pub struct About {
    title: String,
    authors: Vec<String>,
}

impl About {
    /// A document of this title, by the departments of these names.
    pub fn new<'n>(title: String, departments: impl ExactSizeIterator<Item = &'n str>) -> Self {
        let mut authors: Vec<String> = Vec::new();
        if departments.len() <= MOST_AUTHORS {
            for name in departments {
                if !authors.iter().any(|known| known == name) {
                    authors.push(name.to_owned());
                }
            }
        }
        Self { title, authors }
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Who it is by.
    pub fn authors(&self) -> &[String] {
        &self.authors
    }
}

/// All that a layout gets.
#[derive(Debug, Serialize)]
pub(super) struct Data<'a> {
    #[serde(flatten)]
    about: &'a About,
    fonts: FontFamilies<'a>,
    paper: Paper,
    text: TextSizes,
    /// The columns' widths of the tables that there are.
    widths: Vec<&'a [f64]>,
    /// The labels that there are.
    labels: Vec<LabelCell<'a>>,
    pages: Vec<PageData<'a>>,
    sources: Vec<Source>,
}

#[derive(Debug, Serialize)]
struct FontFamilies<'a> {
    body: &'a [String],
    title: &'a [String],
    number: &'a [String],
}

#[derive(Debug, Serialize)]
struct Paper {
    width: f64,
    height: f64,
    /// Top, bottom, left, right.
    margins: [f64; 4],
}

#[derive(Debug, Serialize)]
struct TextSizes {
    size: f64,
    leading: f64,
    inset: f64,
}

#[derive(Debug, Serialize)]
struct PageData<'a> {
    number: usize,
    /// The index of its columns' widths.
    widths: usize,
    heights: &'a [f64],
    before: Vec<LineData<'a>>,
    cells: Vec<CellData<'a>>,
    after: Vec<LineData<'a>>,
}

/// (style, size, air below, texts as lines, bookmark)
#[derive(Debug, Serialize)]
struct LineData<'a>(u8, f64, f64, Vec<Lines<'a>>, &'a str);

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum CellData<'a> {
    /// The index of a label.
    Label(usize),
    /// A value in the middle of a cell, on one line.
    Plain(&'a str),
    /// Any other value.
    Cell(ValueCell<'a>),
}

/// (lines, columns, rows, align, air at the right, page it leads to)
#[derive(Debug, Serialize)]
struct ValueCell<'a>(Lines<'a>, usize, usize, u8, f64, usize);

/// (lines, columns, rows, align, scope, level of its bookmark, depth)
#[derive(Debug, Clone, PartialEq, Serialize)]
struct LabelCell<'a>(Lines<'a>, usize, usize, u8, u8, u8, u8);

/// Lines: a single plain one is its text.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Lines<'a>(&'a [Line]);

impl Serialize for Lines<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            [] => serializer.serialize_str(""),
            [line] if is_plain(line) => match &line.runs[..] {
                [] => serializer.serialize_str(""),
                [run, ..] => serializer.serialize_str(&run.text),
            },
            lines => serializer.collect_seq(lines.iter().map(LineParts)),
        }
    }
}

/// A line: its text, or if it is stretched or bold somewhere, 1 or 0 and its parts.
struct LineParts<'a>(&'a Line);

impl Serialize for LineParts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let line = self.0;
        if is_plain(line) && !line.stretch {
            return serializer.serialize_str(line.runs.first().map_or("", |run| &run.text));
        }
        let mut parts = serializer.serialize_seq(Some(line.runs.len() + 1))?;
        parts.serialize_element(&u8::from(line.stretch))?;
        for run in &line.runs {
            // A bold part is a list of its own.
            if run.strong {
                parts.serialize_element(&[&run.text])?;
            } else {
                parts.serialize_element(&run.text)?;
            }
        }
        parts.end()
    }
}

fn is_plain(line: &Line) -> bool {
    line.runs.len() <= 1 && !line.runs.iter().any(|run| run.strong)
}

impl<'a> Data<'a> {
    /// The pages of some sheets, which are on one kind of paper, numbered from `first_page`. `None`
    /// if there is no sheet.
    pub fn new(
        about: &'a About,
        fonts: &'a Fonts,
        sheets: &'a [Paged<'_>],
        first_page: usize,
        sources: Vec<Source>,
    ) -> Option<Self> {
        let sizes = &sheets.first()?.sheet.sizes;
        let [width, height] = sizes.paper();
        let mut data = Self {
            about,
            fonts: FontFamilies {
                body: fonts.role(Role::Body),
                title: fonts.role(Role::Title),
                number: fonts.role(Role::AttachmentNumber),
            },
            paper: Paper { width, height, margins: sizes.margins },
            text: TextSizes { size: sizes.text, leading: sizes.leading, inset: sizes.inset },
            widths: Vec::new(),
            labels: Vec::new(),
            pages: Vec::new(),
            sources,
        };
        let mut number = first_page;
        let mut known = HashMap::new();
        for paged in sheets {
            let widths = data.widths.iter().position(|widths| *widths == paged.widths);
            let widths = widths.unwrap_or_else(|| {
                data.widths.push(&paged.widths);
                data.widths.len() - 1
            });
            let last = paged.pages.len().saturating_sub(1);
            for (index, page) in paged.pages.iter().enumerate() {
                let lines = |is_there: bool, lines: &'a [SetLine<'_>]| {
                    let lines = lines.iter().filter(|_| is_there);
                    lines.map(|line| LineData::new(line, paged.sheet)).collect()
                };
                let page = PageData {
                    number,
                    widths,
                    heights: &page.heights,
                    before: lines(index == 0, &paged.before),
                    cells: cells(page, &mut data.labels, &mut known),
                    after: lines(index == last, &paged.after),
                };
                data.pages.push(page);
                number += 1;
            }
        }
        Some(data)
    }
}

fn cells<'a>(
    page: &'a Page<'_>,
    labels: &mut Vec<LabelCell<'a>>,
    known: &mut HashMap<(String, usize, usize), usize>,
) -> Vec<CellData<'a>> {
    let mut depths = Depths::of(page);
    page.cells.iter().map(|cell| cell_data(cell, depths.next(cell), labels, known)).collect()
}

/// How deep each label is nested: 绩效指标 1, 产出指标 beside it 2, 数量指标 beside that 3. A screen
/// reader tells all of them with a value; a label of the same depth would stand in place of the one
/// before it.
struct Depths {
    columns: usize,
    /// For each field of the page, row by row: the label in it, and how deep it is.
    fields: Vec<Option<(Kind, u8)>>,
}

impl Depths {
    fn of(page: &Page<'_>) -> Self {
        let columns = page.cells.iter().map(Cell::end_column).max().unwrap_or_default();
        Self { columns, fields: vec![None; columns * page.heights.len()] }
    }

    /// The depth of the next cell, from the left to the right and from the top to the bottom.
    fn next(&mut self, cell: &Cell<SetCell<'_>>) -> u8 {
        let kind = cell.content.printed.kind;
        let before = match kind {
            Kind::Value => return 0,
            Kind::RowHead => cell.column.checked_sub(1).map(|column| (cell.row, column)),
            Kind::ColumnHead => cell.row.checked_sub(1).map(|row| (row, cell.column)),
            Kind::Heading(_) => None,
        };
        let before =
            before.and_then(|(row, column)| *self.fields.get(row * self.columns + column)?);
        let depth = match (kind, before) {
            // Below the heads of the columns, however far.
            (Kind::Heading(level), _) => level,
            (_, Some((above, depth))) if above == kind => depth.saturating_add(1),
            _ => 1,
        };
        for row in cell.row..cell.end_row() {
            let start = row * self.columns;
            if let Some(fields) =
                self.fields.get_mut(start + cell.column..start + cell.end_column())
            {
                fields.fill(Some((kind, depth)));
            }
        }
        depth
    }
}

fn cell_data<'a>(
    cell: &'a Cell<SetCell<'_>>,
    depth: u8,
    labels: &mut Vec<LabelCell<'a>>,
    known: &mut HashMap<(String, usize, usize), usize>,
) -> CellData<'a> {
    let SetCell { printed, lines, align } = &cell.content;
    let lines = Lines(lines);
    let (align, air) = match align {
        Align::Centre => (0, 0.0),
        Align::Left => (1, 0.0),
        Align::Right(air) => (2, (air * 100.0).round() / 100.0),
    };
    let (scope, level) = match printed.kind {
        Kind::Value => {
            let page = match printed.value {
                Value::Page(page) => page,
                Value::Text | Value::Amount(_) => 0,
            };
            return match lines.0 {
                [] if cell.rows * cell.columns == 1 => CellData::Plain(""),
                [line]
                    if is_plain(line)
                        && align == 0
                        && page == 0
                        && cell.rows * cell.columns == 1 =>
                {
                    CellData::Plain(line.runs.first().map_or("", |run| &run.text))
                }
                _ => CellData::Cell(ValueCell(lines, cell.columns, cell.rows, align, air, page)),
            };
        }
        Kind::RowHead => (0, 0),
        Kind::ColumnHead => (1, 0),
        Kind::Heading(level) => (1, level),
    };
    let label = LabelCell(lines, cell.columns, cell.rows, align, scope, level, depth);
    let key = (lines_key(lines.0), cell.columns, cell.rows);
    if let Some(&index) = known.get(&key)
        && labels.get(index) == Some(&label)
    {
        return CellData::Label(index);
    }
    labels.push(label);
    known.insert(key, labels.len() - 1);
    CellData::Label(labels.len() - 1)
}

fn lines_key(lines: &[Line]) -> String {
    lines.iter().flat_map(|line| &line.runs).map(|run| run.text.as_str()).collect()
}

impl<'a> LineData<'a> {
    fn new(line: &'a SetLine<'_>, sheet: &'a Sheet) -> Self {
        let style = match line.style {
            LineStyle::AttachmentNumber => 0,
            LineStyle::DocumentTitle => 1,
            LineStyle::Title => 2,
            LineStyle::Subtitle => 3,
            LineStyle::Note => 4,
        };
        let bookmark = match line.style {
            LineStyle::Title => sheet.bookmark.as_str(),
            _ => "",
        };
        let texts = line.texts.iter().map(|(_, lines)| Lines(lines)).collect();
        Self(style, line.size, line.gap, texts, bookmark)
    }
}
