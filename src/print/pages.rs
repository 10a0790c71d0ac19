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
const MOST_FIT: f64 = 0.7;
/// Words on more lines than this are not printed once more where they go on.
const LONG_LABEL: usize = 10;
/// Cells with less room than this, in em, are narrow: their lines are never filled.
const NARROW: f64 = 10.0;
/// The air between the lines of a title, in points.
const TITLE_LEADING: f64 = 8.0;
/// The least air between texts at the ends of one line, in em.
const AIR_BETWEEN: f64 = 1.0;
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
    /// What it takes at least, in points: room for a paragraph beside it that does not end here.
    least: f64,
}

/// All lines of a row.
const WHOLE: usize = usize::MAX;

/// A text that needs more than a page, and cannot be parted.
#[derive(Debug)]
pub struct TooLong<'s> {
    /// The text.
    pub printed: &'s Printed,
    /// How many lines it takes.
    pub lines: usize,
}

/// Breaks the lines of a sheet and spreads it over pages.
///
/// # Errors
/// A text so long that its page does not hold what must be on it.
pub fn paginate<'s>(sheet: &'s Sheet, measures: &Measures<'_>) -> Result<Paged<'s>, TooLong<'s>> {
    let [width, height] = sheet.sizes.type_area();
    let before = set_lines(sheet, &sheet.before, width, measures);
    let after = set_lines(sheet, &sheet.after, width, measures);
    let table = Table::new(sheet, width, measures);
    let height = height - SLACK - total_height(&after);
    let rooms = [height - total_height(&before), height];
    let pages = table.pages(rooms);
    let paged = Paged { sheet, before, after, pages, widths: table.widths };
    paged.too_long(rooms).map_or(Ok(paged), Err)
}

/// A sheet on a page without an end: what programs get that find the ends of pages themselves.
pub fn unroll<'s>(sheet: &'s Sheet, measures: &Measures<'_>) -> Paged<'s> {
    let [width, height] = sheet.sizes.type_area();
    let before = set_lines(sheet, &sheet.before, width, measures);
    let after = set_lines(sheet, &sheet.after, width, measures);
    let room = height - SLACK - total_height(&after) - total_height(&before);
    let table = Table::new(sheet, width, measures);
    let all = table.all();
    let air = table.even_air(room, &all).unwrap_or_else(|| table.loose_air(LOOSENESS[0]));
    let pages = vec![table.page(&all, air, &Done::default())];
    Paged { sheet, before, after, pages, widths: table.widths }
}

impl<'s> Paged<'s> {
    /// The highest text of the first page whose rows need more than there is.
    fn too_long(&self, [first, rest]: [f64; 2]) -> Option<TooLong<'s>> {
        let rooms = std::iter::once(first).chain(std::iter::repeat(rest));
        let is_over = |(page, room): &(&Page<'_>, f64)| page.heights.iter().sum::<f64>() > *room;
        let (page, _) = self.pages.iter().zip(rooms).find(is_over)?;
        let of_cells = page.cells.iter().map(|cell| {
            let SetCell { printed, lines, .. } = &cell.content;
            (*printed, lines.len(), self.sheet.sizes.text)
        });
        let of_lines = self.before.iter().chain(&self.after).flat_map(|line| {
            line.texts.iter().map(|(printed, lines)| (*printed, lines.len(), line.size))
        });
        let height = |(_, lines, size): &(&Printed, usize, f64)| to_float(*lines) * size;
        let highest = of_lines.chain(of_cells).max_by(|a, b| height(a).total_cmp(&height(b)));
        highest.map(|(printed, lines, _)| TooLong { printed, lines })
    }
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
            let break_in = |runs: &[Run], room| break_lines(runs, room, Fill::Balanced, widths);
            let runs_of = |printed: &Printed| {
                let mut runs = printed.runs.clone();
                runs.iter_mut().for_each(|run| run.strong = strong);
                runs
            };
            let room = width / size;
            let rooms = match &line.texts[..] {
                [left, right] => {
                    let widest = |it| widest(&break_in(&runs_of(it), f64::INFINITY));
                    beside(room, widest(left), widest(right)).to_vec()
                }
                texts => vec![room; texts.len()],
            };
            let texts = line.texts.iter().zip(rooms).map(|(printed, room)| {
                let mut runs = runs_of(printed);
                let mut lines = break_in(&runs, room);
                // Too long a title breaks behind the name that it begins with.
                if let ([_, .., _], [name, ..]) = (&lines[..], &mut runs[..])
                    && line.texts.len() == 1
                    && printed.runs.len() > 1
                {
                    name.text.push('\n');
                    let broken = break_in(&runs, room);
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

/// The room of two texts at the ends of a line, of which each would take so much: the shorter has
/// what it needs, up to a half. All in em.
fn beside(room: f64, left: f64, right: f64) -> [f64; 2] {
    let room = room - AIR_BETWEEN;
    match room / 2.0 {
        _ if left + right <= room => [room - right, right],
        half if right <= half => [room - right, right],
        half if left <= half => [left, room - left],
        half => [half, half],
    }
}

fn widest(lines: &[Line]) -> f64 {
    lines.iter().map(|line| line.width).fold(0.0, f64::max)
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

impl SetLine<'_> {
    /// Its height, with the air below it.
    pub fn height(&self) -> f64 {
        let count = self.texts.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0).max(1);
        stacked(count, self.size, TITLE_LEADING) + self.gap
    }
}

fn total_height(lines: &[SetLine<'_>]) -> f64 {
    lines.iter().map(SetLine::height).sum()
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
                let widest = widest(&broken);
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
        needs.fold(self.height(1).max(part.least), f64::max)
    }

    /// What the rows of a page need: a label that is higher than the rows it spans makes the last
    /// of them higher. `done` tells how many lines of a flowing cell stand on pages before.
    fn settle(&self, parts: &[Part], air: f64, done: &Done) -> Vec<f64> {
        let mut heights: Vec<f64> = parts.iter().map(|part| self.part_height(*part)).collect();
        for (index, span) in self.spans(parts) {
            let Some(cell) = self.cell(index) else { continue };
            let need = if self.flows(cell) {
                let rest = self.lines_of(index).len().saturating_sub(done.lines(index));
                // What does not end here takes what there is.
                self.height(if self.ends(cell, parts, &span) { rest } else { rest.min(1) })
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

    /// Whether it ends on the page.
    fn ends(&self, cell: &Cell<Printed>, parts: &[Part], span: &Range<usize>) -> bool {
        let last = parts.get(span.end - 1);
        last.is_some_and(|last| last.row + 1 == cell.end_row() && last.to == WHOLE)
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

    fn all(&self) -> Vec<Part> {
        (0..self.sheet.grid.rows()).map(whole).collect()
    }

    /// The air with which all rows fill a page; `None` if it does not hold them.
    fn even_air(&self, room: f64, all: &[Part]) -> Option<f64> {
        let [least, most] = self.sheet.sizes.air;
        // The labels are reckoned without air, which rather gives them too much.
        let content: f64 = self.settle(all, 0.0, &Done::default()).iter().sum();
        let even = (room - content) / (2.0 * to_float(all.len().max(1)));
        (even >= least).then_some(even.min(most))
    }

    /// This share of the air that rows may have.
    fn loose_air(&self, share: f64) -> f64 {
        let [least, most] = self.sheet.sizes.air;
        least + (most - least) * share
    }

    fn pages(&self, rooms: [f64; 2]) -> Vec<Page<'s>> {
        let all = self.all();
        let [first, _] = rooms;
        if let Some(even) = self.even_air(first, &all) {
            return vec![self.page(&all, even, &Done::default())];
        }
        let choices = LOOSENESS.map(|share| {
            let air = self.loose_air(share);
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
            let is_loose = unit.len() > 1
                && (is_fresh || self.may_begin(&page, &unit, [room, rest], air, &done));
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
                None if is_loose => {
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
        let most = lines.max().unwrap_or(0).max(1);
        // Of those over several rows, one whose last row this is.
        let has_paragraph = |cells: &[usize]| {
            let mut cells = cells.iter().filter_map(|&index| self.cell(index));
            cells.any(|cell| self.flows(cell) && cell.end_row() == part.row + 1)
        };
        let has_room = is_fresh || left > LEAST_START;
        if left <= LEAST_PART {
            return None;
        }
        let cut = part.from + self.lines_within(left).max(1);
        if cut < most.min(part.to) {
            let may_part = is_fresh
                || has_paragraph(self.own(part.row)) && has_room
                || self.part_height(part) > whole_room * LONG_ROW;
            return may_part.then_some((Part { to: cut, ..part }, Part { from: cut, ..part }));
        }
        // A paragraph over several rows goes on beside the last of them for as long as it needs.
        let cut = most.max(part.from + 1);
        let here = Part { to: cut, least: left, ..part };
        let is_beside_paragraph = has_paragraph(self.spanning(part.row));
        (is_beside_paragraph && has_room).then_some((here, Part { from: cut, ..part }))
    }

    /// Whether rows that stay together, the last of which is so long that it is parted anyhow, are
    /// begun on a page that has more on it.
    fn may_begin(
        &self,
        page: &[Part],
        unit: &[Part],
        [room, whole_room]: [f64; 2],
        air: f64,
        done: &Done,
    ) -> bool {
        let Some((last, before)) = unit.split_last() else { return false };
        let mut start = before.to_vec();
        start.push(Part { to: last.from, ..*last });
        let height = self.page_height(&self.with(page, &start), air, done);
        self.part_height(*last) > whole_room * LONG_ROW && height + LEAST_START <= room
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
                // Where it ends its rows were made high enough: rounding must not cost a line.
                let count = if self.ends(cell, parts, &span) { rest.len() } else { fits };
                rest.get(..count).unwrap_or_default().to_vec()
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
    Part { row, from: 0, to: WHOLE, least: 0.0 }
}

/// The widths of columns, in points.
fn column_widths(sheet: &Sheet, width: f64, measure: &Widths<'_>) -> Vec<f64> {
    let sizes = &sheet.sizes;
    let mut fit = vec![0.0_f64; sheet.grid.widths().len()];
    for cell in sheet.grid.cells().iter().filter(|cell| cell.columns == 1) {
        if sheet.grid.widths().get(cell.column) == Some(&Width::Fit) {
            let lines = break_lines(&cell.content.runs, f64::INFINITY, Fill::Balanced, measure);
            let widest = widest(&lines);
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
    if asked > most {
        let most_of_one = level(&fit, most);
        fit.iter_mut().for_each(|fit| *fit = fit.min(most_of_one));
    }
    let asked: f64 = fit.iter().sum();
    let scale = if all_shares == 0.0 { most / asked.max(1.0) } else { 1.0 };
    let left = width - asked * scale;
    let widths = shares.iter().zip(&fit).map(|(share, fit)| match *share {
        share if share > 0.0 => left * share / all_shares,
        _ => fit * scale,
    });
    let mut widths: Vec<f64> = widths.collect();
    if asked > 0.0 {
        widen(&mut widths, sizes.least_column());
    }
    // Thousandths of a point do not show, and shorter numbers are quicker to read.
    widths.iter().map(|width| (width * 1000.0).floor() / 1000.0).collect()
}

/// Gives every column the least that it needs, taken from those that have more.
fn widen(widths: &mut [f64], least: f64) {
    let missing: f64 = widths.iter().map(|width| (least - width).max(0.0)).sum();
    let more: f64 = widths.iter().map(|width| (width - least).max(0.0)).sum();
    if missing <= 0.0 || missing > more {
        return;
    }
    for width in widths {
        *width = least + (*width - least).max(0.0) * (1.0 - missing / more);
    }
}

/// What is left to each where together they may have no more than `most`: the widest give way
/// first, so that a column of numbers 1 to 9 never does.
fn level(widths: &[f64], most: f64) -> f64 {
    let mut sorted: Vec<f64> = widths.iter().copied().filter(|width| *width > 0.0).collect();
    sorted.sort_by(f64::total_cmp);
    let (mut rest, mut others) = (most, sorted.len());
    for width in sorted {
        let share = rest / to_float(others);
        if width > share {
            return share;
        }
        rest -= width;
        others -= 1;
    }
    f64::INFINITY
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

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::fonts::FontConfig;
    use crate::form::Sizes;
    use crate::grid::Grid;
    use crate::sheet::{self, Origin, Value};

    static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::new(&FontConfig::default()).unwrap());
    static MEASURES: LazyLock<Measures<'static>> = LazyLock::new(|| Measures::new(&FONTS));

    /// Puts a sheet together row by row.
    struct Maker {
        widths: Vec<u32>,
        rows: usize,
        head: Range<usize>,
        cells: Vec<Cell<Printed>>,
        bands: Vec<Band>,
        title: String,
    }

    fn printed(text: &str, kind: Kind, look: Look) -> Printed {
        let runs = vec![Run { text: text.to_owned(), strong: false }];
        Printed { kind, runs, value: Value::Text, look, origin: Origin::Form }
    }

    fn label(text: &str) -> Printed {
        printed(text, Kind::RowHead, Look::Centred)
    }

    fn head(text: &str) -> Printed {
        printed(text, Kind::ColumnHead, Look::Centred)
    }

    fn value(text: &str) -> Printed {
        printed(text, Kind::Value, Look::Short)
    }

    fn prose(text: &str) -> Printed {
        printed(text, Kind::Value, Look::Prose)
    }

    impl Maker {
        fn new(widths: &[u32]) -> Self {
            let (cells, bands, head) = Default::default();
            Self {
                widths: widths.to_vec(), rows: 0, head, cells, bands, title: "标题".to_owned()
            }
        }

        fn put(&mut self, row: usize, column: usize, rows: usize, columns: usize, it: Printed) {
            self.cells.push(Cell { row, column, rows, columns, content: it });
        }

        /// Rows of which each is a cell a column.
        fn rows(&mut self, kind: BandKind, rows: Vec<Vec<Printed>>) -> &mut Self {
            let start = self.rows;
            for row in rows {
                let last = row.len() - 1;
                for (column, it) in row.into_iter().enumerate() {
                    // The last one takes the rest.
                    let columns = if column == last { self.widths.len() - last } else { 1 };
                    self.put(self.rows, column, 1, columns, it);
                }
                self.rows += 1;
            }
            self.band(start, kind)
        }

        /// A label beside so many rows, likewise.
        fn beside(&mut self, kind: BandKind, side: Printed, rows: Vec<Vec<Printed>>) -> &mut Self {
            let start = self.rows;
            self.put(start, 0, rows.len(), 1, side);
            for row in rows {
                let last = row.len();
                for (column, it) in (1..).zip(row) {
                    let columns = if column == last { self.widths.len() - last } else { 1 };
                    self.put(self.rows, column, 1, columns, it);
                }
                self.rows += 1;
            }
            self.band(start, kind)
        }

        fn band(&mut self, start: usize, kind: BandKind) -> &mut Self {
            let rows = start..self.rows;
            if kind == BandKind::Head {
                self.head = rows.clone();
            }
            let head = if kind == BandKind::Head { 0..0 } else { self.head.clone() };
            self.bands.push(Band { rows, head, kind });
            self
        }

        fn sheet(&self) -> Sheet {
            let widths = self.widths.iter().map(|width| Width::Share(*width)).collect();
            let title = sheet::Line { style: LineStyle::Title, texts: vec![label(&self.title)] };
            Sheet {
                bookmark: String::new(),
                before: vec![title],
                grid: Grid::new(widths, self.rows, self.cells.clone()).unwrap(),
                bands: self.bands.clone(),
                after: Vec::new(),
                sizes: Sizes::default(),
            }
        }
    }

    fn text(lines: &[Line]) -> String {
        lines.iter().flat_map(|line| &line.runs).map(|run| run.text.as_str()).collect()
    }

    /// What of a text is seen.
    fn seen(text: &str) -> String {
        text.chars().filter(|c| !c.is_whitespace()).collect()
    }

    /// A page as text: a cell's lines with `/` between them.
    fn picture(page: &Page<'_>) -> Vec<String> {
        let mut rows = vec![Vec::new(); page.heights.len()];
        for cell in &page.cells {
            let lines = cell.content.lines.iter().map(|line| text(std::slice::from_ref(line)));
            rows[cell.row].push(lines.collect::<Vec<_>>().join("/"));
        }
        rows.into_iter().map(|row| row.join(" │ ")).collect()
    }

    /// All that holds of any sheet on its pages. Returns how many there are.
    fn assert_sound(sheet: &Sheet) -> Result<usize, TestCaseError> {
        let paged = paginate(sheet, &MEASURES).unwrap();
        let [_, height] = sheet.sizes.type_area();
        let sizes = &sheet.sizes;
        let stack = |lines: usize| stacked(lines, sizes.text, sizes.leading);
        let place: HashMap<*const Printed, usize> = sheet
            .grid
            .cells()
            .iter()
            .enumerate()
            .map(|(index, cell)| (std::ptr::from_ref(&cell.content), index))
            .collect();
        // For each cell of the sheet, its lines page by page.
        let mut parts: BTreeMap<usize, Vec<Vec<Line>>> = BTreeMap::new();
        // For each row, how many pages it is on.
        let mut pages_of_row: BTreeMap<usize, usize> = BTreeMap::new();
        for (number, page) in paged.pages.iter().enumerate() {
            let room = if number == 0 { height - total_height(&paged.before) } else { height };
            let sum: f64 = page.heights.iter().sum();
            prop_assert!(sum <= room + 1e-6, "page {number} is {sum} high, there are {room}");
            for height in &page.heights {
                prop_assert!((height / STEP).fract() == 0.0 && *height > 0.0, "{height}");
            }
            let whole = page.cells.iter().map(|cell| Cell {
                row: cell.row,
                column: cell.column,
                rows: cell.rows,
                columns: cell.columns,
                content: (),
            });
            let tiled =
                Grid::new(sheet.grid.widths().to_vec(), page.heights.len(), whole.collect());
            prop_assert!(tiled.is_ok(), "page {number}: {:?}", tiled.err());
            let mut rows = vec![usize::MAX; page.heights.len()];
            for cell in &page.cells {
                let index = place[&std::ptr::from_ref(cell.content.printed)];
                let of_sheet = &sheet.grid.cells()[index];
                let lines = &cell.content.lines;
                let heights: f64 = page.heights[cell.row..cell.end_row()].iter().sum();
                prop_assert!(
                    stack(lines.len()) <= heights + STEP,
                    "{:?} in {heights}",
                    text(lines)
                );
                let columns = cell.column..cell.end_column();
                let room = super::room(sheet, &paged.widths, &columns);
                for line in lines {
                    let is_single = text(std::slice::from_ref(line)).chars().count() == 1;
                    prop_assert!(line.width <= room + 1e-6 || is_single, "{line:?} in {room}");
                }
                if of_sheet.rows == 1 {
                    rows[cell.row] = of_sheet.row;
                }
                parts.entry(index).or_default().push(lines.clone());
            }
            for (position, row) in rows.iter().enumerate() {
                prop_assert!(*row != usize::MAX, "row {position} of page {number} is empty");
                *pages_of_row.entry(*row).or_default() += 1;
                let band = sheet.bands.iter().find(|band| band.rows.contains(row)).unwrap();
                // Its head is above it, on the same page.
                let head: Vec<usize> = band.head.clone().collect();
                let above = &rows[..position];
                prop_assert!(
                    head.iter().all(|head| above.contains(head)),
                    "no head on page {number}"
                );
            }
            let last =
                sheet.bands.iter().find(|band| band.rows.contains(rows.last().unwrap())).unwrap();
            let is_end = number + 1 == paged.pages.len();
            prop_assert!(is_end || last.kind != BandKind::Head, "a head alone on page {number}");
        }
        // Nothing is lost, nothing printed twice without a sign, and rows stay whole.
        for (index, cell) in sheet.grid.cells().iter().enumerate() {
            let whole = seen(&cell.content.text());
            let parts = parts.get(&index).cloned().unwrap_or_default();
            let is_head = sheet
                .bands
                .iter()
                .any(|band| band.kind == BandKind::Head && band.rows.contains(&cell.row));
            let mut rest = whole.as_str();
            for (page, lines) in parts.iter().enumerate() {
                let part = seen(&text(lines));
                // A page may end among blank lines of a text, which are part of it.
                if part.is_empty() && !lines.is_empty() && !rest.is_empty() {
                    continue;
                }
                let is_again = part == format!("{whole}（续）")
                    || part == "（续）"
                    || part.is_empty()
                    || part == whole && (is_head || cell.content.look == Look::Figures);
                match rest
                    .strip_prefix(part.as_str())
                    .filter(|_| !part.is_empty() || whole.is_empty())
                {
                    Some(behind) if !rest.is_empty() || page == 0 => rest = behind,
                    _ => prop_assert!(
                        is_again && (rest.is_empty()),
                        "{part:?} of {whole:?}, to come {rest:?}"
                    ),
                }
            }
            prop_assert!(!parts.is_empty() && rest.is_empty(), "{rest:?} of {whole:?} is lost");
            let is_parted = cell.rows == 1 && pages_of_row.get(&cell.row).copied().unwrap_or(0) > 1;
            let row: Vec<&Cell<Printed>> = sheet
                .grid
                .cells()
                .iter()
                .filter(|it| it.row <= cell.row && cell.row < it.end_row())
                .collect();
            let length = |it: &Cell<Printed>| {
                it.content.text().chars().map(|c| if c == '\n' { 12 } else { 1 }).sum::<usize>()
            };
            let may = is_head
                || row.iter().any(|it| it.content.look == Look::Prose)
                || row.iter().any(|it| length(it) > 100);
            prop_assert!(!is_parted || may, "row {} is parted: {whole:?}", cell.row);
        }
        Ok(paged.pages.len())
    }

    #[track_caller]
    fn sound(sheet: &Sheet) -> usize {
        assert_sound(sheet).unwrap_or_else(|error| panic!("{error}"))
    }

    fn numbered(count: usize, text: &str) -> Vec<Vec<Printed>> {
        (1..=count)
            .map(|n| vec![value(&format!("第{n}项{text}")), value(&format!("≥{n}个"))])
            .collect()
    }

    /// Labels of two levels beside indicators, below a head.
    fn tree(groups: &[(&str, Vec<Vec<Printed>>)]) -> Maker {
        let mut maker = Maker::new(&[20, 25, 60, 23]);
        let heads = ["一级指标", "二级指标", "三级指标", "指标值"].map(head);
        maker.rows(BandKind::Head, vec![heads.to_vec()]);
        let start = maker.rows;
        for (name, rows) in groups {
            maker.put(maker.rows, 1, rows.len(), 1, label(name));
            for row in rows {
                for (column, it) in (2..).zip(row) {
                    maker.put(maker.rows, column, 1, 1, it.clone());
                }
                maker.rows += 1;
            }
        }
        let count = maker.rows - start;
        maker.put(start, 0, count, 1, label("产出指标"));
        maker.band(start, BandKind::Body);
        maker
    }

    #[test]
    fn a_page_that_is_not_full_has_the_same_air_in_every_row() {
        let mut maker = Maker::new(&[30, 70]);
        maker.rows(
            BandKind::Body,
            (0..20).map(|n| vec![label(&format!("栏目{n}")), value("内容")]).collect(),
        );
        let sheet = maker.sheet();
        assert_eq!(sound(&sheet), 1);
        let page = &paginate(&sheet, &MEASURES).unwrap().pages[0];
        // Not more than the form allows, and rounded by steps at most.
        let most = 10.5 + 2.0 * sheet.sizes.air[1];
        assert!(
            page.heights.iter().all(|height| (*height - most).abs() <= STEP),
            "{:?}",
            page.heights
        );
        maker.rows(
            BandKind::Body,
            (0..10).map(|n| vec![label(&format!("栏目{n}")), value("内容")]).collect(),
        );
        let sheet = maker.sheet();
        let paged = paginate(&sheet, &MEASURES).unwrap();
        let [_, height] = sheet.sizes.type_area();
        let room = height - total_height(&paged.before);
        let page = &paged.pages[0];
        let sum: f64 = page.heights.iter().sum();
        assert!(sum > room - 1.0, "{sum} of {room}");
        let [least, most] =
            [f64::min, f64::max].map(|of| page.heights.iter().copied().reduce(of).unwrap());
        assert!(most - least <= STEP, "{least} to {most}");
    }

    #[test]
    fn texts_at_the_ends_of_a_line_leave_each_other_room() {
        assert_eq!(beside(41.0, 10.0, 8.0), [32.0, 8.0]);
        assert_eq!(beside(41.0, 90.0, 8.0), [32.0, 8.0]);
        assert_eq!(beside(41.0, 8.0, 90.0), [8.0, 32.0]);
        assert_eq!(beside(41.0, 90.0, 90.0), [20.0, 20.0]);
        assert_eq!(beside(41.0, 0.0, 90.0), [0.0, 40.0]);
    }

    #[test]
    fn stepped_heights_add_up_to_nearly_the_same() {
        let heights = [20.3, 20.3, 20.3, 34.6, 20.3];
        let stepped = stepped(heights.into_iter());
        let [before, after] = [heights.iter().sum::<f64>(), stepped.iter().sum::<f64>()];
        assert!(after <= before && before - after < STEP, "{stepped:?}");
        assert!(heights.iter().zip(&stepped).all(|(height, step)| (height - step).abs() <= STEP));
        assert!(super::stepped(std::iter::empty()).is_empty());
    }

    #[test]
    fn what_goes_on_has_its_head_and_its_labels_again() {
        let sheet =
            tree(&[("数量指标", numbered(30, "的内容")), ("质量指标", numbered(20, "的内容"))])
                .sheet();
        assert_eq!(sound(&sheet), 2);
        let paged = paginate(&sheet, &MEASURES).unwrap();
        let first = picture(&paged.pages[0]);
        assert_eq!(first[0], "一级指标 │ 二级指标 │ 三级指标 │ 指标值");
        assert_eq!(first[1], "产出指标 │ 数量指标 │ 第1项的内容 │ ≥1个");
        let second = picture(&paged.pages[1]);
        assert_eq!(second[0], first[0]);
        assert!(second[1].starts_with("产出指标/（续） │ "), "{second:?}");
        // A label that begins on the page is not marked.
        assert!(second.iter().chain(&first).filter(|row| row.contains("质量指标")).count() <= 2);
        assert!(second.last().unwrap().ends_with("第20项的内容 │ ≥20个"), "{second:?}");
    }

    #[test]
    fn a_label_that_begins_on_a_page_is_not_marked() {
        // As many as the page holds, and then another label.
        for count in 20..45 {
            let sheet =
                tree(&[("数量指标", numbered(count, "")), ("质量指标", numbered(20, ""))]).sheet();
            sound(&sheet);
            let paged = paginate(&sheet, &MEASURES).unwrap();
            let rows: Vec<String> = paged.pages.iter().flat_map(picture).collect();
            let of = |name: &str| rows.iter().filter(|row| row.contains(name)).count();
            let again = |name: &str| of(&format!("{name}（续）")) + of(&format!("{name}/（续）"));
            assert_eq!(of("质量指标"), 1 + again("质量指标"), "{rows:?}");
            assert_eq!(of("数量指标"), 1 + again("数量指标"), "{rows:?}");
        }
    }

    #[test]
    fn a_row_that_a_page_can_hold_is_not_parted() {
        let long = "检查道路、桥梁和沿线的设施。".repeat(12);
        for before in 1..30 {
            let mut rows = numbered(before, "");
            rows.push(vec![value(&long), value("≥1个")]);
            rows.extend(numbered(3, ""));
            let sheet = tree(&[("数量指标", rows)]).sheet();
            sound(&sheet);
            let paged = paginate(&sheet, &MEASURES).unwrap();
            let pages = paged.pages.iter().map(|page| picture(page).join("\n"));
            assert_eq!(
                pages.filter(|page| page.contains("检查")).count(),
                1,
                "behind {before} rows"
            );
        }
    }

    #[test]
    fn a_goal_longer_than_a_page_goes_on_with_its_label() {
        let goal = "做好各项工作，保障群众的基本生活。".repeat(250);
        let mut maker = Maker::new(&[29, 127]);
        maker.rows(
            BandKind::Body,
            vec![
                vec![label("项目名称"), value("办公经费")],
                vec![label("年度总体目标"), prose(&goal)],
            ],
        );
        let sheet = maker.sheet();
        assert!(sound(&sheet) >= 3);
        let paged = paginate(&sheet, &MEASURES).unwrap();
        let pages: Vec<Vec<String>> = paged.pages.iter().map(picture).collect();
        assert!(pages[0][1].starts_with("年度总体目标 │ 做好"), "{:?}", pages[0]);
        for page in &pages[1..] {
            assert_eq!(page.len(), 1);
            assert!(
                page[0].starts_with("年度总体/目标（续） │ ")
                    || page[0].starts_with("年度总体目标/（续） │ "),
                "{page:?}"
            );
        }
    }

    #[test]
    fn a_long_name_and_a_long_value_say_what_they_belong_to() {
        let long =
            "检查道路、桥梁和沿线的设施。".repeat(300).chars().take(4000).collect::<String>();
        for (name, of_value, again) in [
            (value(&long), value("≥1个"), " │ ≥1个（续）"),
            (value("道路养护"), value(&long), "道路养护（续） │ "),
        ] {
            let mut rows = numbered(2, "");
            rows.push(vec![name, of_value]);
            rows.extend(numbered(2, ""));
            let sheet = tree(&[("数量指标", rows), ("质量指标", numbered(2, ""))]).sheet();
            let count = sound(&sheet);
            assert!(count >= 5, "{count} pages");
            let paged = paginate(&sheet, &MEASURES).unwrap();
            for page in &paged.pages[1..count - 1] {
                let rows = picture(page);
                assert!(rows.iter().skip(1).all(|row| row.contains(again)), "{rows:?}");
                let labels =
                    ["产出指标/（续） │ 数量指标（续） │ ", "产出指标/（续） │ 数量指标/（续） │ "];
                assert!(labels.iter().any(|labels| rows[1].starts_with(labels)), "{rows:?}");
            }
        }
    }

    #[test]
    fn a_paragraph_beside_many_rows_goes_on_from_page_to_page() {
        let goal = "做好各项工作，保障群众的基本生活。".repeat(120);
        for (rows, length) in [(3, 120), (60, 120), (60, 3), (100, 250), (5, 400), (1, 120)] {
            let goal = &goal.repeat(1 + length / 121)[..];
            let goal: String = goal.chars().take(17 * length).collect();
            let mut maker = Maker::new(&[60, 20, 20]);
            let rows = (0..rows).map(|n| vec![label(&format!("第{n}项")), value("内容")]).collect();
            maker.beside(BandKind::Body, prose(&goal), rows);
            maker.rows(BandKind::Body, vec![vec![label("其他"), value("内容")]]);
            sound(&maker.sheet());
        }
    }

    #[test]
    fn totals_stay_with_their_rows() {
        for count in 1..45 {
            let mut maker = Maker::new(&[10, 50, 40]);
            maker.rows(BandKind::Head, vec![["序号", "项目名称", "资金"].map(head).to_vec()]);
            let rows: Vec<Vec<Printed>> = (1..=count)
                .map(|n| vec![value(&n.to_string()), value(&format!("项目{n}")), value("1.000000")])
                .collect();
            let (last, rest) = rows.split_last().unwrap();
            maker.rows(BandKind::Body, rest.to_vec());
            maker.rows(
                BandKind::Together,
                vec![last.clone(), vec![label("小计"), value("")], vec![label("合计"), value("")]],
            );
            if rest.is_empty() {
                maker.bands.retain(|band| !band.rows.is_empty());
            }
            let sheet = maker.sheet();
            sound(&sheet);
            let paged = paginate(&sheet, &MEASURES).unwrap();
            let last = picture(paged.pages.last().unwrap());
            assert!(last.len() >= 4, "{last:?}");
            assert!(last[last.len() - 3].contains(&format!("项目{count} ")), "{last:?}");
        }
    }

    #[test]
    fn a_head_is_never_alone_at_the_foot_of_a_page() {
        for count in 15..45 {
            let mut maker = Maker::new(&[30, 70]);
            maker.rows(
                BandKind::Body,
                (0..count).map(|n| vec![label(&format!("栏目{n}")), value("内容")]).collect(),
            );
            maker.rows(BandKind::Head, vec![vec![head("名称"), head("内容")]]);
            maker.rows(
                BandKind::Body,
                (0..5)
                    .map(|n| vec![label(&format!("下面{n}")), value(&"内容，".repeat(60))])
                    .collect(),
            );
            sound(&maker.sheet());
        }
    }

    #[test]
    fn many_rows_take_many_pages() {
        let sheet = tree(&[("数量指标", numbered(3000, ""))]).sheet();
        let pages = sound(&sheet);
        assert!((60..110).contains(&pages), "{pages}");
    }

    #[test]
    fn a_title_longer_than_a_page_has_room_for_takes_room_from_the_table() {
        let mut maker = tree(&[("数量指标", numbered(25, ""))]);
        maker.title = "部门项目支出预算绩效目标表".repeat(20);
        sound(&maker.sheet());
    }

    fn some_text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("村级创新社会管理".to_owned()),
            Just("≥95%".to_owned()),
            Just("，".to_owned()),
            Just("（不少于".to_owned()),
            Just("12,345.678万元/公里".to_owned()),
            Just("\n".to_owned()),
            Just(" ".to_owned()),
            Just("https://www.example.gov.cn/abc".to_owned()),
            Just("。".to_owned()),
            Just("“".to_owned()),
        ];
        let short = prop::collection::vec(piece.clone(), 0..6);
        let long = prop::collection::vec(piece.clone(), 0..60);
        let huge = prop::collection::vec(piece, 0..900);
        prop_oneof![12 => short, 3 => long, 1 => huge].prop_map(|pieces| pieces.concat())
    }

    /// Some rows of a sheet.
    #[derive(Debug, Clone)]
    enum Block {
        Fields(Vec<[String; 4]>),
        Goal(String),
        Together(String, Vec<[String; 2]>),
        Tree(Vec<(String, Vec<[String; 2]>)>),
        Paragraph(String, Vec<[String; 2]>),
        Total(Vec<[String; 2]>),
    }

    fn block() -> impl Strategy<Value = Block> {
        let pairs = |most| prop::collection::vec([some_text(), some_text()], 1..most);
        prop_oneof![
            prop::collection::vec([some_text(), some_text(), some_text(), some_text()], 1..4)
                .prop_map(Block::Fields),
            some_text().prop_map(Block::Goal),
            ("[一-龥]{2,8}", pairs(4)).prop_map(|(label, rows)| Block::Together(label, rows)),
            prop::collection::vec(("[一-龥]{2,12}", pairs(12)), 1..5).prop_map(Block::Tree),
            (some_text(), pairs(20)).prop_map(|(text, rows)| Block::Paragraph(text, rows)),
            pairs(4).prop_map(Block::Total),
        ]
    }

    fn sheet_of(blocks: &[Block]) -> Sheet {
        let mut maker = Maker::new(&[18, 22, 70, 23, 23]);
        for block in blocks {
            match block {
                Block::Fields(rows) => {
                    let row = |[a, b, c, d]: &[String; 4]| {
                        vec![label("栏目"), value(a), value(b), value(c), value(d)]
                    };
                    maker.rows(BandKind::Body, rows.iter().map(row).collect());
                }
                Block::Goal(text) => {
                    maker.rows(BandKind::Body, vec![vec![label("年度总体目标"), prose(text)]]);
                }
                Block::Together(name, rows) => {
                    let row = |[a, b]: &[String; 2]| vec![value(a), value(b)];
                    maker.beside(BandKind::Together, label(name), rows.iter().map(row).collect());
                }
                Block::Paragraph(text, rows) => {
                    let row = |[a, b]: &[String; 2]| vec![value(a), value(b)];
                    maker.beside(BandKind::Body, prose(text), rows.iter().map(row).collect());
                }
                Block::Total(rows) => {
                    let row = |[a, b]: &[String; 2]| vec![label("小计"), value(a), value(b)];
                    maker.rows(BandKind::Together, rows.iter().map(row).collect());
                }
                Block::Tree(groups) => {
                    maker.rows(
                        BandKind::Head,
                        vec![["一级", "二级", "三级", "指标值", "备注"].map(head).to_vec()],
                    );
                    let start = maker.rows;
                    for (name, rows) in groups {
                        maker.put(maker.rows, 1, rows.len(), 1, label(name));
                        for [a, b] in rows {
                            maker.put(maker.rows, 2, 1, 1, value(a));
                            maker.put(maker.rows, 3, 1, 2, value(b));
                            maker.rows += 1;
                        }
                    }
                    let count = maker.rows - start;
                    maker.put(start, 0, count, 1, label("绩效指标"));
                    maker.band(start, BandKind::Body);
                    maker.head = 0..0;
                }
            }
        }
        maker.sheet()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

        #[test]
        fn nothing_is_lost_on_any_sheet(blocks in prop::collection::vec(block(), 1..6)) {
            assert_sound(&sheet_of(&blocks))?;
        }
    }
}
