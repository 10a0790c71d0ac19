//! Characters and rules of pages → tables: what rules enclose is a cell, whatever drew them.

use std::sync::Arc;

use super::page::{Glyph, Printed, Rule};
use crate::import::read::{MOST_CELLS, Unreadable};
use crate::import::table::{Cell, Table};

/// Rules nearer to each other than this are one, in points.
const NEAR: f64 = 3.0;
/// The most rules that are looked at on a page.
const MOST_RULES: usize = 100_000;
/// The most columns of a table.
const MOST_COLUMNS: usize = 500;

const LIKELY_BREAK: &str = "PDF 上看不出这里是不是另起一段，请看换行对不对";
const UNKNOWN: &str = "PDF 里有的字没有编码，写成了“\u{fffd}”，请照着原表改";

/// The tables and lines of the pages so far.
#[derive(Debug, Default)]
pub struct Sheets {
    parts: Vec<Part>,
    cells: usize,
}

/// A ruled table, or the lines between two.
#[derive(Debug)]
struct Part {
    page: usize,
    /// The page on which its last row ends.
    last_page: usize,
    is_ruled: bool,
    /// How far its texts keep from the rules.
    padding: f64,
    rows: usize,
    cells: Vec<Box>,
}

/// A cell, with its place on the page.
#[derive(Debug)]
struct Box {
    row: usize,
    /// The row behind its last.
    end_row: usize,
    left: f64,
    right: f64,
    lines: Vec<Line>,
}

/// A line of a cell.
#[derive(Debug)]
struct Line {
    text: String,
    left: f64,
    right: f64,
    base: f64,
    size: f64,
    /// How wide its beginning is, up to where a line may end.
    beginning: f64,
    page: usize,
}

impl Sheets {
    /// Takes what is printed on a page.
    pub fn add(&mut self, page: usize, printed: &Printed) -> Result<(), Unreadable> {
        if printed.across.len() + printed.down.len() > MOST_RULES {
            return Err(Unreadable::TooLarge);
        }
        let mut frames = frames(printed)?;
        let mut outside: Vec<Glyph> = Vec::new();
        for glyph in &printed.glyphs {
            let (x, y) = ((glyph.left + glyph.right) / 2.0, glyph.base - glyph.size * 0.35);
            match frames.iter_mut().find(|frame| frame.holds(x, y)) {
                Some(frame) => frame.take(x, y, *glyph),
                None => outside.push(*glyph),
            }
        }
        self.cells += frames.iter().map(|frame| frame.regions.len()).sum::<usize>();
        if self.cells > MOST_CELLS {
            return Err(Unreadable::TooLarge);
        }
        let mut lines = lines(outside, page).into_iter().peekable();
        for frame in frames {
            let above = std::iter::from_fn(|| lines.next_if(|line| line.base < frame.top()));
            self.around(page, above.collect());
            let first = self.parts.len();
            self.parts.push(frame.part(page));
            self.go_on(first);
        }
        self.around(page, lines.collect());
        Ok(())
    }

    /// Takes lines outside any table; those that stand beside each other are cells of a row.
    fn around(&mut self, page: usize, lines: Vec<Line>) {
        if lines.is_empty() {
            return;
        }
        let mut cells: Vec<Box> = Vec::new();
        let (mut row, mut base) = (0, None);
        for line in lines {
            if base.is_some_and(|base: f64| (line.base - base).abs() > line.size * 0.5) {
                row += 1;
            }
            base = Some(line.base);
            let (left, right) = (line.left, line.right);
            cells.push(Box { row, end_row: row + 1, left, right, lines: vec![line] });
        }
        self.parts.push(Part {
            page,
            last_page: page,
            is_ruled: false,
            padding: 0.0,
            rows: row + 1,
            cells,
        });
    }

    /// Where a page ended within a row, puts the rest of the row where it belongs.
    fn go_on(&mut self, index: usize) {
        let is_number = |part: &Part| {
            let texts = part.cells.iter().flat_map(|cell| &cell.lines).map(|line| &line.text);
            texts
                .into_iter()
                .all(|text| text.chars().any(|c| c.is_ascii_digit()) && text.chars().count() < 16)
        };
        let (before, rest) = self.parts.split_at_mut(index);
        let Some(part) = rest.first_mut() else { return };
        // Page numbers may stand between.
        let mut before = before.iter_mut().rev().skip_while(|it| !it.is_ruled && is_number(it));
        let Some(last) = before.next().filter(|it| it.is_ruled && it.last_page + 1 == part.page)
        else {
            return;
        };
        if !last.is_continued_by(part) {
            return;
        }
        for cell in part.cells.iter_mut().filter(|cell| cell.row == 0) {
            if let Some(start) = last.ends_mut(cell) {
                start.lines.append(&mut cell.lines);
            }
        }
        if part.rows == 1 {
            last.last_page = part.page;
            self.parts.truncate(index);
        }
    }

    /// All tables, with what they say.
    pub fn tables(self) -> Vec<Table> {
        let mut columns: Vec<f64> = Vec::new();
        let tables = self.parts.into_iter().map(|part| part.table(&mut columns));
        tables.filter(|table| !table.cells.is_empty()).collect()
    }
}

impl Part {
    /// The cell of the last row that stands right above another, as wide as it.
    fn ends(&self, cell: &Box) -> Option<&Box> {
        self.cells.iter().find(|it| it.end_row == self.rows && it.is_as_wide(cell))
    }

    fn ends_mut(&mut self, cell: &Box) -> Option<&mut Box> {
        self.cells.iter_mut().find(|it| it.end_row == self.rows && it.is_as_wide(cell))
    }

    /// Whether the first row of a table is the rest of the last row of this one: what stands at the
    /// left is not said again, and a text goes on.
    fn is_continued_by(&self, next: &Self) -> bool {
        let first: Vec<&Box> = next.cells.iter().filter(|cell| cell.row == 0).collect();
        let said = || first.iter().filter(|cell| !cell.lines.is_empty());
        let is_empty = |cell: &&&Box| cell.lines.is_empty();
        if !first.first().is_some_and(|cell| cell.lines.is_empty())
            || said().count() == 0
            || !said().all(|cell| self.ends(cell).is_some_and(|above| !above.lines.is_empty()))
        {
            return false;
        }
        let is_alone = said().count() == 1;
        let ends_early = first
            .iter()
            .skip_while(is_empty)
            .filter(is_empty)
            .any(|cell| self.ends(cell).is_some_and(|above| !above.lines.is_empty()));
        let goes_on = |cell: &&&Box| {
            let above = self.ends(cell).and_then(|above| Some((above, above.lines.last()?)));
            let next = cell.lines.first();
            above
                .zip(next)
                .is_some_and(|((above, line), next)| !above.breaks(line, next, self.padding))
        };
        is_alone || ends_early || said().all(|cell| goes_on(&cell))
    }

    fn table(self, columns: &mut Vec<f64>) -> Table {
        let Self { page, is_ruled, padding, cells, .. } = self;
        let mut table = Table { name: format!("第 {page} 页"), cells: Vec::new(), ruled: true };
        // Columns are known by where they are: those of the next page are the same if they are near.
        let mut column = |x: f64| {
            let known = columns.iter().rev().find(|known| (x - **known).abs() < NEAR);
            let x = known.copied().unwrap_or_else(|| {
                columns.push(x);
                x
            });
            x.max(0.0).round() as usize
        };
        for cell in &cells {
            let (text, doubt) = cell.text(padding);
            let (left, right) = (column(cell.left), column(cell.right));
            if text.is_empty() {
                continue;
            }
            let place = match is_ruled {
                true => format!("表的第 {} 行", cell.row + 1),
                false => "表外的字".to_owned(),
            };
            table.cells.push(Cell {
                row: cell.row,
                column: left,
                columns: right.saturating_sub(left),
                place,
                text: Arc::from(text),
                doubt: doubt.map(str::to_owned),
                ..Cell::default()
            });
        }
        // What was known of the pages before does not matter any more.
        let old = columns.len().saturating_sub(MOST_COLUMNS);
        columns.drain(..old);
        table
    }
}

impl Box {
    fn is_as_wide(&self, other: &Self) -> bool {
        (self.left - other.left).abs() < NEAR && (self.right - other.right).abs() < NEAR
    }

    /// Whether between two lines more is likely to end than the room: both would have fitted on one
    /// line, or the next could have begun on the first, and they look like two paragraphs. Lines of
    /// a heading are often made about as long as each other.
    fn breaks(&self, line: &Line, next: &Line, padding: f64) -> bool {
        const ENDS: [char; 6] = ['。', '；', '！', '？', '：', ';'];
        let width = |line: &Line| line.right - line.left;
        let widest = self.lines.iter().map(width).fold(0.0, f64::max);
        let room = (self.right - self.left - 2.0 * padding).max(widest) - line.size * 0.25;
        width(line) + width(next) <= room
            || width(line) + next.beginning <= room
                && (line.text.ends_with(ENDS) || is_item(&next.text) || width(line) < 0.45 * room)
    }

    /// What it says, and why that is not sure.
    fn text(&self, padding: f64) -> (String, Option<&'static str>) {
        let mut text = String::new();
        let mut doubt = None;
        let mut before: Option<&Line> = None;
        let steps = self.lines.iter().zip(self.lines.iter().skip(1));
        let steps = steps.filter(|(a, b)| a.page == b.page).map(|(a, b)| b.base - a.base);
        let step = steps.fold(self.lines.first().map_or(0.0, |line| line.size * 2.0), f64::min);
        for line in &self.lines {
            if let Some(before) = before {
                if self.breaks(before, line, padding) {
                    let is_apart = before.page == line.page && line.base - before.base > step * 1.6;
                    text.push_str(if is_apart { "\n\n" } else { "\n" });
                    doubt = Some(LIKELY_BREAK);
                } else if parts_words(&before.text, &line.text) {
                    text.push(' ');
                }
            }
            text += &line.text;
            before = Some(line);
        }
        if text.contains(char::REPLACEMENT_CHARACTER) {
            doubt = Some(UNKNOWN);
        }
        (text.trim_matches([' ', '\n']).to_owned(), doubt)
    }
}

/// Whether a line begins as items and paragraphs do: `1.`, `（一）`, `二、`, `①`, or drawn in.
fn is_item(text: &str) -> bool {
    if text.starts_with(['（', '(', '\u{3000}', '①', '②', '③', '④', '⑤', '⑥', '⑦', '⑧', '⑨'])
    {
        return true;
    }
    let rest =
        text.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
    rest.len() < text.len() && rest.starts_with(['、', '.', '．'])
}

/// Whether a line ended between two words that a space parts.
fn parts_words(before: &str, next: &str) -> bool {
    let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    is_latin(before.chars().next_back()) && is_latin(next.chars().next())
}

// ---- Rules → cells ----

/// A ruled table, before its texts are known.
struct Frame {
    xs: Vec<f64>,
    ys: Vec<f64>,
    /// Which region each field belongs to, row by row.
    fields: Vec<usize>,
    regions: Vec<Region>,
}

struct Region {
    rows: (usize, usize),
    columns: (usize, usize),
    glyphs: Vec<Glyph>,
}

impl Frame {
    fn top(&self) -> f64 {
        self.ys.first().copied().unwrap_or_default()
    }

    fn holds(&self, x: f64, y: f64) -> bool {
        within(&self.xs, x).is_some() && within(&self.ys, y).is_some()
    }

    fn take(&mut self, x: f64, y: f64, glyph: Glyph) {
        let (Some(column), Some(row)) = (within(&self.xs, x), within(&self.ys, y)) else { return };
        let field = self.fields.get(row * (self.xs.len() - 1) + column);
        if let Some(region) = field.and_then(|field| self.regions.get_mut(*field)) {
            region.glyphs.push(glyph);
        }
    }

    fn part(self, page: usize) -> Part {
        let Self { xs, ys, regions, .. } = self;
        let x = |index: usize| xs.get(index).copied().unwrap_or_default();
        let mut cells: Vec<Box> = regions
            .into_iter()
            .map(|region| Box {
                row: region.rows.0,
                end_row: region.rows.1,
                left: x(region.columns.0),
                right: x(region.columns.1),
                lines: joined(lines(region.glyphs, page)),
            })
            .collect();
        cells.sort_by(|a, b| a.row.cmp(&b.row).then(a.left.total_cmp(&b.left)));
        let gaps = cells.iter().flat_map(|cell| {
            cell.lines.iter().map(|line| (line.left - cell.left).min(cell.right - line.right))
        });
        let padding = gaps.fold(f64::MAX, f64::min).clamp(0.0, 12.0);
        Part {
            page,
            last_page: page,
            is_ruled: true,
            padding,
            rows: ys.len().saturating_sub(1),
            cells,
        }
    }
}

/// Which of the gaps between some places a place is in.
fn within(places: &[f64], place: f64) -> Option<usize> {
    let behind = places.partition_point(|it| *it <= place);
    (behind > 0 && behind < places.len()).then(|| behind - 1)
}

/// The ruled tables of a page, from top to bottom.
fn frames(printed: &Printed) -> Result<Vec<Frame>, Unreadable> {
    // What stands side by side is one table.
    let mut spans: Vec<(f64, f64)> = printed.down.iter().map(|rule| (rule.from, rule.to)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut blocks: Vec<(f64, f64)> = Vec::new();
    for (top, bottom) in spans {
        match blocks.last_mut() {
            Some(block) if top <= block.1 + 1.5 => block.1 = block.1.max(bottom),
            _ => blocks.push((top, bottom)),
        }
    }
    let mut frames = Vec::new();
    for (top, bottom) in blocks {
        let is_in = |y: f64| top - NEAR <= y && y <= bottom + NEAR;
        let across: Vec<Rule> = printed.across.iter().filter(|it| is_in(it.at)).copied().collect();
        let down: Vec<Rule> = printed.down.iter().filter(|it| is_in(it.from)).copied().collect();
        frames.extend(frame(&across, &down)?);
    }
    Ok(frames)
}

/// A table of some rules; its edges may not be ruled.
fn frame(across: &[Rule], down: &[Rule]) -> Result<Option<Frame>, Unreadable> {
    let ends = |rules: &[Rule]| {
        let from = rules.iter().map(|rule| rule.from).fold(f64::MAX, f64::min);
        let to = rules.iter().map(|rule| rule.to).fold(f64::MIN, f64::max);
        (!rules.is_empty()).then_some([from, to]).into_iter().flatten()
    };
    let xs = places(down.iter().map(|rule| rule.at).chain(ends(across)));
    let ys = places(across.iter().map(|rule| rule.at).chain(ends(down)));
    let (columns, rows) = (xs.len().saturating_sub(1), ys.len().saturating_sub(1));
    if columns < 1 || rows < 1 || columns * rows < 2 {
        return Ok(None);
    }
    if columns > MOST_COLUMNS || columns * rows > MOST_CELLS {
        return Err(Unreadable::TooLarge);
    }
    let (across, down) = (by_place(across, &ys), by_place(down, &xs));
    let middle = |places: &[f64], index: usize| {
        let at = |index: usize| places.get(index).copied().unwrap_or_default();
        (at(index) + at(index + 1)) / 2.0
    };
    let is_ruled = |rules: &[Vec<(f64, f64)>], place: usize, along: f64| {
        rules.get(place).is_some_and(|rules| {
            let behind = rules.partition_point(|rule| rule.0 <= along);
            behind.checked_sub(1).and_then(|at| rules.get(at)).is_some_and(|rule| along <= rule.1)
        })
    };
    // Each field belongs to the first of those that no rule parts it from.
    let mut heads: Vec<usize> = (0..columns * rows).collect();
    for row in 0..rows {
        for column in 0..columns {
            let field = row * columns + column;
            if column > 0 && !is_ruled(&down, column, middle(&ys, row)) {
                join(&mut heads, field - 1, field);
            }
            if row > 0 && !is_ruled(&across, row, middle(&xs, column)) {
                join(&mut heads, field - columns, field);
            }
        }
    }
    let mut numbers: Vec<Option<usize>> = vec![None; heads.len()];
    let mut regions: Vec<Region> = Vec::new();
    let mut fields = Vec::with_capacity(heads.len());
    for field in 0..heads.len() {
        let head = head(&mut heads, field);
        let (row, column) = (field / columns, field % columns);
        let number = numbers.get_mut(head).map(|number| {
            *number.get_or_insert_with(|| {
                let (rows, columns) = ((row, row + 1), (column, column + 1));
                regions.push(Region { rows, columns, glyphs: Vec::new() });
                regions.len() - 1
            })
        });
        let number = number.unwrap_or_default();
        if let Some(region) = regions.get_mut(number) {
            region.rows.1 = region.rows.1.max(row + 1);
            region.columns.0 = region.columns.0.min(column);
            region.columns.1 = region.columns.1.max(column + 1);
        }
        fields.push(number);
    }
    Ok(Some(Frame { xs, ys, fields, regions }))
}

fn head(heads: &mut [usize], field: usize) -> usize {
    let mut at = field;
    while let Some(next) = heads.get(at).copied().filter(|next| *next != at) {
        at = next;
    }
    // Shorter for the next time.
    let mut from = field;
    while let Some(next) = heads.get_mut(from).filter(|next| **next != at) {
        from = std::mem::replace(next, at);
    }
    at
}

fn join(heads: &mut [usize], a: usize, b: usize) {
    let (a, b) = (head(heads, a), head(heads, b));
    if let Some(later) = heads.get_mut(a.max(b)) {
        *later = a.min(b);
    }
}

/// Places without those that are near to another.
fn places(places: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut places: Vec<f64> = places.collect();
    places.sort_by(f64::total_cmp);
    places.dedup_by(|a, b| *a - *b < NEAR);
    places
}

/// Rules by their places, each as the parts it is ruled in.
fn by_place(rules: &[Rule], places: &[f64]) -> Vec<Vec<(f64, f64)>> {
    let mut found: Vec<Vec<(f64, f64)>> = vec![Vec::new(); places.len()];
    for rule in rules {
        let at = places.partition_point(|place| *place <= rule.at + 0.01).saturating_sub(1);
        if let Some(found) = found.get_mut(at) {
            found.push((rule.from, rule.to));
        }
    }
    for parts in &mut found {
        parts.sort_by(|a, b| a.0.total_cmp(&b.0));
        parts.dedup_by(|next, before| {
            // Dashes are a rule, too.
            let is_same = next.0 <= before.1 + NEAR;
            if is_same {
                before.1 = before.1.max(next.1);
            }
            is_same
        });
    }
    found
}

// ---- Characters → lines ----

/// Characters in lines, from top to bottom; a wide gap parts a line.
fn lines(mut glyphs: Vec<Glyph>, page: usize) -> Vec<Line> {
    glyphs.sort_by(|a, b| a.base.total_cmp(&b.base));
    let mut rows: Vec<Vec<Glyph>> = Vec::new();
    for glyph in glyphs {
        match rows.last_mut() {
            Some(row)
                if row.last().is_some_and(|it| {
                    glyph.base - it.base <= 0.4 * it.size.max(glyph.size).max(1.0)
                }) =>
            {
                row.push(glyph);
            }
            _ => rows.push(vec![glyph]),
        }
    }
    let mut lines = Vec::new();
    for mut row in rows {
        row.sort_by(|a, b| a.left.total_cmp(&b.left));
        // Some print a character twice to make it bold.
        row.dedup_by(|a, b| {
            a.character == b.character && a.left - b.left < 0.3 * (b.right - b.left)
        });
        let is_near = |a: &Glyph, b: &Glyph| b.left - a.right < 1.5 * a.size.max(b.size);
        lines.extend(row.chunk_by(is_near).filter_map(|glyphs| line(glyphs, page)));
    }
    lines
}

/// A line in a cell is one, whatever gaps it has.
fn joined(lines: Vec<Line>) -> Vec<Line> {
    let mut joined: Vec<Line> = Vec::new();
    for line in lines {
        match joined.last_mut() {
            Some(last) if (last.base - line.base).abs() <= 0.4 * line.size => {
                last.text = format!("{} {}", last.text, line.text);
                last.right = line.right;
            }
            _ => joined.push(line),
        }
    }
    joined
}

fn line(glyphs: &[Glyph], page: usize) -> Option<Line> {
    let is_blank = |glyph: &Glyph| matches!(glyph.character, ' ' | '\u{a0}' | '\t' | '\r' | '\n');
    let end = glyphs.iter().rposition(|glyph| !is_blank(glyph))?;
    let start = glyphs.iter().position(|glyph| !is_blank(glyph))?;
    let glyphs = glyphs.get(start..=end)?;
    let (first, last) = (glyphs.first()?, glyphs.last()?);
    let mut text = String::new();
    let mut before: Option<&Glyph> = None;
    for glyph in glyphs {
        if let Some(before) = before {
            let is_word = |glyph: &Glyph| glyph.character.is_ascii_alphabetic();
            if is_word(before) && is_word(glyph) && glyph.left - before.right > 0.2 * glyph.size {
                text.push(' ');
            }
        }
        text.push(glyph.character);
        before = Some(glyph);
    }
    let unit = glyphs.get(..beginning(glyphs)).and_then(<[Glyph]>::last).unwrap_or(first);
    let size = glyphs.iter().map(|glyph| glyph.size).fold(0.0, f64::max);
    Some(Line {
        text,
        left: first.left,
        right: last.right,
        base: first.base,
        size,
        beginning: unit.right - first.left,
        page,
    })
}

/// How many characters stand together at the beginning of a line, wherever it may end.
fn beginning(glyphs: &[Glyph]) -> usize {
    const CLOSING: &str = "，。、；：？！）》〉」』】〕”’%％…—～·";
    const OPENING: &str = "（《〈「『【〔“‘";
    let is_together = |a: char, b: char| {
        // What is no Chinese character or mark is part of a word or figure.
        let is_word = |c: char| !c.is_whitespace() && (c as u32) < 0x2e80 && !OPENING.contains(c);
        OPENING.contains(a) || CLOSING.contains(b) || is_word(a) && is_word(b)
    };
    let pairs = glyphs.iter().zip(glyphs.iter().skip(1));
    1 + pairs.take_while(|(a, b)| is_together(a.character, b.character)).count()
}
