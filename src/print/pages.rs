//! Sheets → pages: which lines stand in which cell, how high each row is, which rows a page holds.
//!
//! All of it is settled here, before the engine starts, so it is tested without one. A page that is
//! not full gets more air in all its rows. What does not fit on a page goes on to the next: the head
//! is printed again, and so is every label, marked as continued, that what goes on belongs to. Rows
//! are not parted, unless a page of its own could not hold one, or it is a paragraph.

use std::ops::Range;

use super::lines::{Fill, Line, break_lines};
use crate::fonts::{Fonts, Role, Widths};
use crate::grid::{Cell, Width};
use crate::sheet::{Band, BandKind, Kind, LineStyle, Look, Printed, Run, Sheet};

/// What is printed behind a label that goes on.
const CONTINUED: &str = "（续）";
/// Heights are multiples of this, in points: with few distinct heights the engine sets equal cells
/// once.
const STEP: f64 = 0.5;
/// What rounding may add up to on a page, in points.
const SLACK: f64 = 0.1;
/// Of a table longer than a page: the most air that costs no page, of these shares of the range.
const LOOSENESS: [f64; 3] = [0.26, 0.13, 0.0];
/// A paragraph begins on a page that has at least so much room left for it, in points.
const LEAST_START: f64 = 50.0;
/// The least that is worth parting a row for, in points.
const LEAST_PART: f64 = 20.0;
/// A row that takes more of a page than this may be parted wherever it stands.
const LONG_ROW: f64 = 0.8;
/// The most of a table's width that columns as wide as their texts may take together.
const MOST_FIT: f64 = 0.6;
/// Words on more lines than this are not printed once more where they go on.
const LONG_LABEL: usize = 4;
/// Cells with less room than this, in em, are narrow: their lines are never filled.
const NARROW: f64 = 10.0;
/// The air between the lines of a title, in points.
const TITLE_LEADING: f64 = 8.0;
/// The size of the attachment's number (三号), in points.
const NUMBER_SIZE: f64 = 16.0;
/// The size of what is below a title (小四), in points.
const SUBTITLE_SIZE: f64 = 12.0;

/// What lines are broken by: the widths of text in the fonts of each role.
#[derive(Debug)]
pub struct Measures<'f> {
    body: Widths<'f>,
    title: Widths<'f>,
    number: Widths<'f>,
}

impl<'f> Measures<'f> {
    /// The widths of text in these fonts.
    pub fn new(fonts: &'f Fonts) -> Self {
        let [body, title, number] =
            [Role::Body, Role::Title, Role::AttachmentNumber].map(|role| Widths::new(fonts, role));
        Self { body, title, number }
    }
}

/// A sheet on its pages.
#[derive(Debug)]
pub struct Paged<'s> {
    /// The sheet.
    pub sheet: &'s Sheet,
    /// The widths of the columns, in points.
    pub widths: Vec<f64>,
    /// What stands above the table on the first page.
    pub before: Vec<SetLine<'s>>,
    /// What stands below the table on the last page.
    pub after: Vec<SetLine<'s>>,
    /// The pages.
    pub pages: Vec<Page<'s>>,
}

/// A line above or below a table, ready to be printed. Sizes are in points.
#[derive(Debug)]
pub struct SetLine<'s> {
    /// What it is.
    pub style: LineStyle,
    /// The size of its letters.
    pub size: f64,
    /// The air below it.
    pub gap: f64,
    /// Its texts as lines: a title's, or those at the left and the right end of a note.
    pub texts: Vec<(&'s Printed, Vec<Line>)>,
}

/// A page's part of a table.
#[derive(Debug)]
pub struct Page<'s> {
    /// The heights of its rows, in points.
    pub heights: Vec<f64>,
    /// Its cells, row by row.
    pub cells: Vec<Cell<SetCell<'s>>>,
}

/// What is printed in a cell of a page.
#[derive(Debug)]
pub struct SetCell<'s> {
    /// What it is of.
    pub printed: &'s Printed,
    /// The lines, as they are printed.
    pub lines: Vec<Line>,
    /// Where they stand.
    pub align: Align,
}

/// Where lines stand in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Align {
    /// In the middle.
    Centre,
    /// At the left.
    Left,
    /// At the right, so many points from the rule.
    Right(f64),
}

/// A row on a page: those of its lines from `from` on, up to `to`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Part {
    row: usize,
    from: usize,
    to: usize,
}

/// All lines of a row.
const WHOLE: usize = usize::MAX;

/// Breaks the lines of a sheet and spreads it over pages.
pub fn paginate<'s>(sheet: &'s Sheet, measures: &Measures<'_>) -> Paged<'s> {
    let [width, height] = sheet.sizes.type_area();
    let before = set_lines(sheet, &sheet.before, width, measures);
    let after = set_lines(sheet, &sheet.after, width, measures);
    let table = Table::new(sheet, width, measures);
    let height = height - SLACK - total_height(&after);
    let rooms = [height - total_height(&before), height];
    let pages = table.pages(rooms);
    Paged { sheet, before, after, pages, widths: table.widths }
}

/// The lines above or below a table.
fn set_lines<'s>(
    sheet: &'s Sheet,
    lines: &'s [crate::sheet::Line],
    width: f64,
    measures: &Measures<'_>,
) -> Vec<SetLine<'s>> {
    let followers = lines.iter().skip(1).map(|line| Some(line.style)).chain([None]);
    lines
        .iter()
        .zip(followers)
        .map(|(line, next)| {
            let (size, widths) = match line.style {
                LineStyle::AttachmentNumber => (NUMBER_SIZE, &measures.number),
                LineStyle::DocumentTitle => (sheet.sizes.document_title, &measures.title),
                LineStyle::Title => (sheet.sizes.title, &measures.title),
                LineStyle::Subtitle => (SUBTITLE_SIZE, &measures.body),
                LineStyle::Note => (sheet.sizes.text, &measures.body),
            };
            let strong = matches!(line.style, LineStyle::DocumentTitle | LineStyle::Title);
            let room = width / size;
            let texts = line.texts.iter().map(|printed| {
                let mut runs = printed.runs.clone();
                runs.iter_mut().for_each(|run| run.strong = strong);
                let mut lines = break_lines(&runs, room, Fill::Balanced, widths);
                // Too long a title breaks behind the name that it begins with.
                if let ([_, .., _], [name, ..]) = (&lines[..], &mut runs[..])
                    && line.texts.len() == 1
                    && printed.runs.len() > 1
                {
                    name.text.push('\n');
                    let broken = break_lines(&runs, room, Fill::Balanced, widths);
                    if broken.len() <= lines.len() {
                        lines = broken;
                    }
                }
                (printed, lines)
            });
            SetLine { style: line.style, size, gap: gap(line.style, next), texts: texts.collect() }
        })
        .collect()
}

/// The air below a line.
fn gap(style: LineStyle, next: Option<LineStyle>) -> f64 {
    match (style, next) {
        (LineStyle::AttachmentNumber, _) => 14.0,
        (LineStyle::DocumentTitle, Some(LineStyle::Title)) => 22.0,
        (LineStyle::DocumentTitle | LineStyle::Title, Some(LineStyle::Note)) => 10.0,
        (LineStyle::DocumentTitle, Some(_)) => 10.0,
        (LineStyle::Title, Some(_)) => 8.0,
        (LineStyle::DocumentTitle | LineStyle::Title | LineStyle::Subtitle, _) => 9.0,
        (LineStyle::Note, _) => 4.0,
    }
}

fn total_height(lines: &[SetLine<'_>]) -> f64 {
    let height = |line: &SetLine<'_>| {
        let count = line.texts.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0).max(1);
        stacked(count, line.size, TITLE_LEADING) + line.gap
    };
    lines.iter().map(height).sum()
}

/// The height of so many lines.
fn stacked(lines: usize, size: f64, leading: f64) -> f64 {
    match lines {
        0 => 0.0,
        lines => to_float(lines) * (size + leading) - leading,
    }
}

fn to_float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

/// The lines of a table, and what rows need.
struct Table<'s, 'm> {
    sheet: &'s Sheet,
    measures: &'m Measures<'m>,
    widths: Vec<f64>,
    /// For each cell of the sheet.
    lines: Vec<Vec<Line>>,
    /// For each row, the cells that are in no other.
    own: Vec<Vec<usize>>,
    /// For each row, the cells that are in it and in others, too.
    spanning: Vec<Vec<usize>>,
    /// For each row, the band it is in.
    bands: Vec<&'s Band>,
    /// How far the figures that stand in the middle of a column reach from its middle: by column.
    figures: Vec<(Range<usize>, f64)>,
}

impl<'s, 'm> Table<'s, 'm> {
    fn new(sheet: &'s Sheet, width: f64, measures: &'m Measures<'m>) -> Self {
        let widths = column_widths(sheet, width, &measures.body);
        let rows = sheet.grid.rows();
        let (mut own, mut spanning) = (vec![Vec::new(); rows], vec![Vec::new(); rows]);
        let mut lines = Vec::with_capacity(sheet.grid.cells().len());
        let mut figures: Vec<(Range<usize>, f64)> = Vec::new();
        for (index, cell) in sheet.grid.cells().iter().enumerate() {
            let list = if cell.rows == 1 { &mut own } else { &mut spanning };
            for row in list.iter_mut().take(cell.end_row()).skip(cell.row) {
                row.push(index);
            }
            let columns = cell.column..cell.end_column();
            let broken = cell_lines(&cell.content, room(sheet, &widths, &columns), &measures.body);
            if cell.content.look == Look::FiguresInMiddle {
                let widest = broken.iter().map(|line| line.width).fold(0.0, f64::max);
                match figures.iter_mut().find(|(known, _)| *known == columns) {
                    Some((_, width)) => *width = width.max(widest),
                    None => figures.push((columns, widest)),
                }
            }
            lines.push(broken);
        }
        let bands = sheet.bands.iter().flat_map(|band| band.rows.clone().map(move |_| band));
        let bands = bands.collect();
        Self { sheet, measures, widths, lines, own, spanning, bands, figures }
    }

    fn cell(&self, index: usize) -> Option<&'s Cell<Printed>> {
        self.sheet.grid.cells().get(index)
    }

    fn lines_of(&self, index: usize) -> &[Line] {
        self.lines.get(index).map_or(&[], Vec::as_slice)
    }

    fn own(&self, row: usize) -> &[usize] {
        self.own.get(row).map_or(&[], Vec::as_slice)
    }

    fn spanning(&self, row: usize) -> &[usize] {
        self.spanning.get(row).map_or(&[], Vec::as_slice)
    }

    fn height(&self, lines: usize) -> f64 {
        stacked(lines, self.sheet.sizes.text, self.sheet.sizes.leading)
    }

    /// How many lines have a height that is no more than this.
    fn lines_within(&self, height: f64) -> usize {
        let (size, leading) = (self.sheet.sizes.text, self.sheet.sizes.leading);
        let count = ((height + leading + 1e-6) / (size + leading)).floor();
        // Not negative, and far below what an integer holds.
        if count > 0.0 { count as usize } else { 0 }
    }

    /// Whether a cell's text goes on from page to page, instead of being printed again.
    fn flows(&self, cell: &Cell<Printed>) -> bool {
        cell.content.look == Look::Prose
    }

    // ---- What is printed of a cell that goes on ----

    /// The lines of a label, or another short text, that is printed once more.
    fn again(&self, index: usize) -> Vec<Line> {
        let Some(cell) = self.cell(index) else { return Vec::new() };
        let printed = &cell.content;
        let is_word = !matches!(printed.look, Look::Figures | Look::FiguresInMiddle);
        if printed.is_empty() || !is_word {
            return self.lines_of(index).to_vec();
        }
        let strong = printed.runs.last().is_some_and(|run| run.strong);
        let columns = cell.column..cell.end_column();
        let room = room(self.sheet, &self.widths, &columns);
        let with = |sign: String| {
            let mut runs = printed.runs.clone();
            runs.push(Run { text: sign, strong });
            break_lines(&runs, room, Fill::Balanced, &self.measures.body)
        };
        // On the line of the label, or else below it: `产出` and `指标（续）` is no way to break.
        let beside = with(CONTINUED.to_owned());
        let is_beside = beside.len() == self.lines_of(index).len();
        if is_beside { beside } else { with(format!("\n{CONTINUED}")) }
    }

    /// The lines of a cell in a part of its row.
    fn part_lines(&self, index: usize, part: Part) -> Vec<Line> {
        let all = self.lines_of(index);
        let rest = all.get(part.from..).unwrap_or_default();
        if rest.is_empty() && part.from > 0 {
            // What it belongs to is said again, unless that takes a page itself.
            let again = self.again(index);
            let is_long = again.len() > LONG_LABEL;
            return if is_long { Vec::new() } else { again };
        }
        let count = part.to.saturating_sub(part.from).min(rest.len());
        rest.get(..count).unwrap_or_default().to_vec()
    }

    // ---- Heights ----

    /// What a part of a row needs for the cells that are in no other row.
    fn part_height(&self, part: Part) -> f64 {
        let needs = self.own(part.row).iter().map(|&index| {
            let lines = match part {
                Part { from: 0, to: WHOLE, .. } => self.lines_of(index).len(),
                part => self.part_lines(index, part).len(),
            };
            self.height(lines)
        });
        // An empty row is a line high.
        needs.fold(self.height(1), f64::max)
    }

    /// What the rows of a page need: a label that is higher than the rows it spans makes the last
    /// of them higher. `done` tells how many lines of a flowing cell stand on pages before.
    fn settle(&self, parts: &[Part], air: f64, done: &Done) -> Vec<f64> {
        let mut heights: Vec<f64> = parts.iter().map(|part| self.part_height(*part)).collect();
        for (index, span) in self.spans(parts) {
            let Some(cell) = self.cell(index) else { continue };
            let need = if self.flows(cell) {
                let ends = parts
                    .get(span.end - 1)
                    .is_some_and(|last| last.row + 1 == cell.end_row() && last.to == WHOLE);
                let rest = self.lines_of(index).len().saturating_sub(done.lines(index));
                // What does not end here takes what there is.
                self.height(if ends { rest } else { rest.min(1) })
            } else if self.begins(cell, parts, &span) {
                self.height(self.lines_of(index).len())
            } else {
                self.height(self.again(index).len())
            };
            let spanned = heights.get(span.clone()).unwrap_or_default();
            let between = 2.0 * air * to_float(span.len() - 1);
            let missing = need - spanned.iter().sum::<f64>() - between;
            if missing > 0.0
                && let Some(last) = heights.get_mut(span.end - 1)
            {
                *last += missing;
            }
        }
        heights
    }

    /// Whether a cell that spans rows begins on a page.
    fn begins(&self, cell: &Cell<Printed>, parts: &[Part], span: &Range<usize>) -> bool {
        parts.get(span.start).is_some_and(|first| first.row == cell.row && first.from == 0)
    }

    /// The cells that span several rows of a page, or go on over it, and which parts they span; the
    /// narrower first.
    fn spans(&self, parts: &[Part]) -> Vec<(usize, Range<usize>)> {
        let mut spans: Vec<(usize, Range<usize>)> = Vec::new();
        for (position, part) in parts.iter().enumerate() {
            for &index in self.spanning(part.row) {
                match spans.iter_mut().find(|(known, _)| *known == index) {
                    Some((_, span)) => span.end = position + 1,
                    None => spans.push((index, position..position + 1)),
                }
            }
        }
        spans.sort_by_key(|(_, span)| span.len());
        spans
    }

    fn page_height(&self, parts: &[Part], air: f64, done: &Done) -> f64 {
        let heights = self.settle(parts, air, done);
        heights.iter().sum::<f64>() + 2.0 * air * to_float(heights.len())
    }

    // ---- Pages ----

    fn pages(&self, rooms: [f64; 2]) -> Vec<Page<'s>> {
        let all: Vec<Part> = (0..self.sheet.grid.rows()).map(whole).collect();
        let done = Done::default();
        let [least, most] = self.sheet.sizes.air;
        let [first, _] = rooms;
        // The labels are reckoned without air, which rather gives them too much.
        let content: f64 = self.settle(&all, 0.0, &done).iter().sum();
        let even = (first - content) / (2.0 * to_float(all.len().max(1)));
        if even >= least {
            return vec![self.page(&all, even.min(most), &done)];
        }
        let choices = LOOSENESS.map(|share| {
            let air = least + (most - least) * share;
            (air, self.spread(rooms, air))
        });
        let fewest = choices.iter().map(|(_, pages)| pages.len()).min();
        let best = choices.into_iter().find(|(_, pages)| Some(pages.len()) == fewest);
        let (air, pages) = best.unwrap_or_default();
        let mut done = Done::default();
        let mut set = Vec::with_capacity(pages.len());
        for parts in &pages {
            let page = self.page(parts, air, &done);
            self.count(parts, &page, &mut done);
            set.push(page);
        }
        set
    }

    /// Spreads the rows over pages.
    fn spread(&self, rooms: [f64; 2], air: f64) -> Vec<Vec<Part>> {
        let [first, rest] = rooms;
        let mut pages: Vec<Vec<Part>> = Vec::new();
        let mut page: Vec<Part> = Vec::new();
        let mut done = Done::default();
        let mut pending: Vec<Vec<Part>> = self.units();
        pending.reverse();
        while let Some(unit) = pending.pop() {
            let room = if pages.is_empty() { first } else { rest };
            let candidate = self.with(&page, &unit);
            if self.page_height(&candidate, air, &done) <= room + 1e-6 {
                page = candidate;
                continue;
            }
            let is_fresh = page.is_empty();
            let parted = match unit[..] {
                [part] => self.part(&page, part, room, rest, air, &done),
                _ => None,
            };
            let mut turn = |page: &mut Vec<Part>, pages: &mut Vec<Vec<Part>>| {
                let full = std::mem::take(page);
                let set = self.page(&full, air, &done);
                self.count(&full, &set, &mut done);
                pages.push(full);
            };
            match parted {
                Some((here, there)) => {
                    page = self.with(&page, &[here]);
                    turn(&mut page, &mut pages);
                    pending.push(vec![there]);
                }
                // No page holds it as it is: its rows one by one, or printed as it is after all.
                None if is_fresh && unit.len() > 1 => {
                    pending.extend(unit.into_iter().rev().map(|part| vec![part]));
                }
                None if is_fresh => {
                    page = candidate;
                    turn(&mut page, &mut pages);
                }
                None => {
                    turn(&mut page, &mut pages);
                    pending.push(unit);
                }
            }
        }
        if !page.is_empty() || pages.is_empty() {
            pages.push(page);
        }
        pages
    }

    /// Rows that go to a page together, without heads.
    fn units(&self) -> Vec<Vec<Part>> {
        let bands = self.sheet.bands.iter();
        bands
            .flat_map(|band| match band.kind {
                BandKind::Head => Vec::new(),
                BandKind::Together => vec![band.rows.clone().map(whole).collect()],
                BandKind::Body => band.rows.clone().map(|row| vec![whole(row)]).collect(),
            })
            .collect()
    }

    /// A page with more rows, and above them their head if it is not there yet.
    fn with(&self, page: &[Part], unit: &[Part]) -> Vec<Part> {
        let mut parts = page.to_vec();
        for part in unit {
            let head = self.bands.get(part.row).map_or(0..0, |band| band.head.clone());
            if !head.is_empty() && !parts.iter().any(|part| head.contains(&part.row)) {
                parts.extend(head.map(whole));
            }
            parts.push(*part);
        }
        parts
    }

    /// Parts a row: what fits on this page, and what goes on to the next; `None` if it is better
    /// moved as a whole.
    fn part(
        &self,
        page: &[Part],
        part: Part,
        room: f64,
        whole_room: f64,
        air: f64,
        done: &Done,
    ) -> Option<(Part, Part)> {
        let is_fresh = page.is_empty();
        // What is left for its lines: room without what the page needs with an empty row more.
        let nothing = Part { to: part.from, ..part };
        let candidate = self.with(page, &[nothing]);
        let left = room - self.page_height(&candidate, air, done) + self.part_height(nothing);
        let lines = self.own(part.row).iter().map(|&index| self.lines_of(index).len());
        let most = lines.max().unwrap_or(0);
        let is_paragraph = self
            .own(part.row)
            .iter()
            .any(|&index| self.cell(index).is_some_and(|cell| self.flows(cell)));
        let may_part = is_fresh
            || is_paragraph && left > LEAST_START
            || self.part_height(part) > whole_room * LONG_ROW;
        if !may_part || left <= LEAST_PART {
            return None;
        }
        let cut = part.from + self.lines_within(left).max(1);
        if cut < most.min(part.to) {
            return Some((Part { to: cut, ..part }, Part { from: cut, ..part }));
        }
        // Its own cells fit; a paragraph beside it, over several rows, does not end here.
        let flowing = self
            .spanning(part.row)
            .iter()
            .any(|&index| self.cell(index).is_some_and(|cell| self.flows(cell)));
        let end = most.max(1);
        (is_fresh && flowing && part.from < end)
            .then_some((Part { to: end, ..part }, Part { from: end, ..part }))
    }

    /// Counts the lines of flowing cells that stand on a page.
    fn count(&self, parts: &[Part], page: &Page<'_>, done: &mut Done) {
        for (index, span) in self.spans(parts) {
            if !self.cell(index).is_some_and(|cell| self.flows(cell)) {
                continue;
            }
            let printed = page.cells.iter().find(|set| {
                set.row == span.start
                    && self.cell(index).is_some_and(|cell| {
                        cell.column == set.column
                            && std::ptr::eq(set.content.printed, &cell.content)
                    })
            });
            done.add(index, printed.map_or(0, |cell| cell.content.lines.len()));
        }
    }

    /// The cells and heights of a page.
    fn page(&self, parts: &[Part], air: f64, done: &Done) -> Page<'s> {
        let heights = self.settle(parts, air, done);
        let heights = stepped(heights.iter().map(|height| height + 2.0 * air));
        let mut cells = Vec::new();
        for (position, part) in parts.iter().enumerate() {
            for &index in self.own(part.row) {
                let lines = self.part_lines(index, *part);
                cells.extend(self.set(index, position..position + 1, lines));
            }
        }
        for (index, span) in self.spans(parts) {
            let Some(cell) = self.cell(index) else { continue };
            let lines = if self.flows(cell) {
                let height: f64 = heights.get(span.clone()).unwrap_or_default().iter().sum();
                let rest = self.lines_of(index).get(done.lines(index)..).unwrap_or_default();
                let fits = self.lines_within(height - 2.0 * air + STEP).min(rest.len());
                rest.get(..fits).unwrap_or_default().to_vec()
            } else if self.begins(cell, parts, &span) {
                self.lines_of(index).to_vec()
            } else {
                self.again(index)
            };
            cells.extend(self.set(index, span, lines));
        }
        cells.sort_by_key(|cell| (cell.row, cell.column));
        Page { heights, cells }
    }

    fn set(&self, index: usize, rows: Range<usize>, lines: Vec<Line>) -> Option<Cell<SetCell<'s>>> {
        let cell = self.cell(index)?;
        let sizes = &self.sheet.sizes;
        let columns = cell.column..cell.end_column();
        let is_single = lines.len() <= 1;
        let align = match cell.content.look {
            Look::Centred => Align::Centre,
            Look::Short if is_single => Align::Centre,
            Look::Short | Look::Left | Look::Prose => Align::Left,
            Look::Figures if is_single => Align::Right(sizes.inset),
            Look::FiguresInMiddle if is_single => {
                let known = self.figures.iter().find(|(known, _)| *known == columns);
                let block = known.map_or(0.0, |(_, width)| *width) * sizes.text;
                let width: f64 = self.widths.get(columns).unwrap_or_default().iter().sum();
                Align::Right(((width - block) / 2.0).max(sizes.inset))
            }
            Look::Figures | Look::FiguresInMiddle => Align::Left,
        };
        Some(Cell {
            row: rows.start,
            column: cell.column,
            rows: rows.len(),
            columns: cell.columns,
            content: SetCell { printed: &cell.content, lines, align },
        })
    }
}

/// How many lines of flowing cells stand on the pages before.
#[derive(Debug, Default)]
struct Done(Vec<(usize, usize)>);

impl Done {
    fn lines(&self, cell: usize) -> usize {
        self.0.iter().find(|(known, _)| *known == cell).map_or(0, |(_, lines)| *lines)
    }

    fn add(&mut self, cell: usize, lines: usize) {
        match self.0.iter_mut().find(|(known, _)| *known == cell) {
            Some((_, sum)) => *sum += lines,
            None => self.0.push((cell, lines)),
        }
    }
}

fn whole(row: usize) -> Part {
    Part { row, from: 0, to: WHOLE }
}

/// The widths of columns, in points.
fn column_widths(sheet: &Sheet, width: f64, measure: &Widths<'_>) -> Vec<f64> {
    let sizes = &sheet.sizes;
    let mut fit = vec![0.0_f64; sheet.grid.widths().len()];
    for cell in sheet.grid.cells().iter().filter(|cell| cell.columns == 1) {
        if sheet.grid.widths().get(cell.column) == Some(&Width::Fit) {
            let lines = break_lines(&cell.content.runs, f64::INFINITY, Fill::Balanced, measure);
            let widest = lines.iter().map(|line| line.width).fold(0.0, f64::max);
            if let Some(fit) = fit.get_mut(cell.column) {
                // A little more, so that rounding does not break a line.
                *fit = fit.max(widest * sizes.text + 2.0 * sizes.inset + 0.1);
            }
        }
    }
    let asked: f64 = fit.iter().sum();
    let shares = sheet.grid.widths().iter().map(|width| match width {
        Width::Share(share) => f64::from(*share),
        Width::Fit => 0.0,
    });
    let shares: Vec<f64> = shares.collect();
    let all_shares: f64 = shares.iter().sum();
    let most = if all_shares > 0.0 { width * MOST_FIT } else { width };
    let scale = if asked > most || all_shares == 0.0 { most / asked.max(1.0) } else { 1.0 };
    let left = width - asked * scale;
    let widths = shares.iter().zip(&fit).map(|(share, fit)| match *share {
        share if share > 0.0 => left * share / all_shares,
        _ => fit * scale,
    });
    // Thousandths of a point do not show, and shorter numbers are quicker to read.
    widths.map(|width| (width * 1000.0).floor() / 1000.0).collect()
}

/// The room for the text of a cell, in em.
fn room(sheet: &Sheet, widths: &[f64], columns: &Range<usize>) -> f64 {
    let width: f64 = widths.get(columns.clone()).unwrap_or_default().iter().sum();
    (width - 2.0 * sheet.sizes.inset) / sheet.sizes.text
}

fn cell_lines(printed: &Printed, room: f64, measure: &Widths<'_>) -> Vec<Line> {
    let broken = |fill| break_lines(&printed.runs, room, fill, measure);
    match printed.look {
        // Its indent stays.
        Look::Left if printed.kind == Kind::RowHead => broken(Fill::Prose),
        Look::Prose => broken(Fill::Prose),
        Look::Short | Look::Left if room >= NARROW && is_sentence(&printed.text()) => {
            broken(Fill::Prose)
        }
        _ => broken(Fill::Balanced),
    }
}

/// Whether a text is made of sentences, and not only a name or a value.
fn is_sentence(text: &str) -> bool {
    text.contains(['，', '。', '；', '！', '？'])
}

/// Heights as multiples of [`STEP`] with nearly the same sum: each is rounded down, and the last
/// rows get back what that leaves.
fn stepped(heights: impl Iterator<Item = f64>) -> Vec<f64> {
    let heights: Vec<f64> = heights.collect();
    let down = |height: f64| ((height + 1e-6) / STEP).floor() * STEP;
    let mut rounded: Vec<f64> = heights.iter().map(|height| down(*height)).collect();
    let mut left = down(heights.iter().sum::<f64>()) - rounded.iter().sum::<f64>();
    for height in rounded.iter_mut().rev() {
        if left < STEP {
            break;
        }
        *height += STEP;
        left -= STEP;
    }
    rounded
}
