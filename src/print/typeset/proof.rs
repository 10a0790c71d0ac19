//! Proof of print: the pages that the engine made are read again, and say what they were to say.
//!
//! Every page holds one table with the cells that were handed to the layout. The text of each cell
//! is complete and its lines are as they were handed over; its ink lies within the rules around the
//! cell, no line is on another, nothing is clipped, turned, hidden or without a colour of its own.
//! So a layout of one's own is proven like ours, and what it gets wrong is never written.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::path::Path;
use std::sync::{PoisonError, RwLock};

use rustybuzz::ttf_parser::GlyphId;
use typst::introspection::{Location, Tag};
use typst::layout::{Frame, FrameItem, Point, Transform};
use typst::model::{TableCell, TableElem};
use typst::text::{FontInstance, TextItem, is_default_ignorable};
use typst::visualize::{Color, FixedStroke, Geometry, Paint, Shape};
use typst_layout::Page;

use crate::diagnostics::{Finding, Rule, Severity};
use crate::grid::Cell;
use crate::print::lines::Line;
use crate::print::pages::{self, Paged, SetCell, SetLine};
use crate::sheet::Printed;

static NOT_AS_SET: Rule = Rule {
    code: "E504",
    name: "印出来的和数据不一样",
    severity: Severity::Error,
    explanation: r#"看什么：排好的每一页上，每一格的字是不是和数据一样、完整、都在格子里、看得见。
为什么：少了字、叠了字、印出格外，公开出去的就是一张错的表。
反例：自己改的版式（layout.typ）少印了一列，或者把字印成了白色。
正例：对照程序自带的 templates/layout.typ 改正版式。"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&NOT_AS_SET];

/// How far ink may be over a rule's middle, in points: less than half a rule's width.
const TOLERANCE: f64 = 0.2;
/// How far rules may be from being on one line, in points.
const ON_LINE: f64 = 0.05;
/// How far the ink of neighbours in a line may be in each other, as a share of the letters' size:
/// marks are set close.
const TOUCH: f64 = 0.12;
/// The least difference in lightness between text and what is behind it.
const CONTRAST: f64 = 0.3;
/// How thick a rule is at least, in points.
const LEAST_RULE: f64 = 0.05;
/// A thicker rule is more than that: letters may be below it.
const MOST_RULE: f64 = 1.0;
/// The share of its size that a letter may be smaller than was reckoned with.
const LEAST_SIZE: f64 = 0.8;
/// The size below which nobody reads a letter, in points.
const READABLE: f64 = 4.0;
/// How thick a letter's outline may be, as a share of its size.
const OUTLINE: f64 = 0.08;
/// The share of a letter's width that is left to it at least: marks lose a half.
const LEAST_ADVANCE: f64 = 0.4;
/// The findings on a document that are worth telling; a layout that is wrong is wrong everywhere.
const MOST_FINDINGS: usize = 20;
const COVERED: &str = "这里的字被盖住了";

/// The boxes of glyphs, remembered: to outline one takes longer than all the rest.
#[derive(Debug, Default)]
pub(super) struct GlyphBoxes(RwLock<HashMap<GlyphKey, GlyphBox>>);

/// What is known of a glyph, in em.
#[derive(Debug, Clone, Copy)]
struct GlyphBox {
    /// `None` if it has no ink.
    ink: Option<Ink>,
    /// How far it is to the next letter by itself.
    advance: f64,
}

/// A font with its variations, and a glyph in it.
type GlyphKey = (usize, u32, u64, u16);

/// A rectangle, in points (of a glyph: in em), y downward.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Ink {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

/// Proves pages that were set from sheets. `layout` is the layout's file, for what has no place in
/// the data.
///
/// # Errors
/// Whatever is not printed as it was to be, at its place in the data.
pub(super) fn check(
    pages: &[Page],
    sheets: &[Paged<'_>],
    boxes: &GlyphBoxes,
    layout: &Path,
) -> Result<(), Vec<Finding>> {
    let expected: usize = sheets.iter().map(|paged| paged.pages.len()).sum();
    if pages.len() != expected {
        let message = format!("版式印出了 {} 页，应当是 {expected} 页", pages.len());
        let finding = Finding::about(&NOT_AS_SET, layout, message);
        return Err(vec![
            finding.help("版式要照 data.json 的 pages 一页一页地印，不另加、不另分页"),
        ]);
    }
    let mut findings = Vec::new();
    let mut printed = pages.iter();
    for paged in sheets {
        let last = paged.pages.len().saturating_sub(1);
        for (index, set) in paged.pages.iter().enumerate() {
            let Some(page) = printed.next() else { continue };
            let mut reader = Reader::new(boxes, page);
            reader.frame(&page.frame, Point::zero());
            let seen = reader.finish();
            let before = if index == 0 { &paged.before[..] } else { &[] };
            let after = if index == last { &paged.after[..] } else { &[] };
            let size = paged.sheet.sizes.text;
            prove(&seen, set, size, before.iter().chain(after), layout, &mut findings);
        }
    }
    let more = findings.len().saturating_sub(MOST_FINDINGS);
    if more > 0 {
        findings.truncate(MOST_FINDINGS);
        let message = format!("另有 {more} 处和数据不一样，没有列出");
        findings.push(Finding::about(&NOT_AS_SET, layout, message).help("先改好上面的"));
    }
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

/// Where the cells of pages are, as far as rules are drawn around them: for each page left, top, right
/// and bottom in points, with what is printed there.
pub(super) fn areas<'s>(
    pages: &[Page],
    sheets: &[Paged<'s>],
    boxes: &GlyphBoxes,
) -> Vec<Vec<([f64; 4], &'s Printed)>> {
    let set = sheets.iter().flat_map(|paged| &paged.pages);
    let areas = pages.iter().zip(set).map(|(page, set)| {
        let mut reader = Reader::new(boxes, page);
        reader.frame(&page.frame, Point::zero());
        let rules = Rules::new(&reader.finish().rules, set);
        let area = |cell: &Cell<SetCell<'s>>| {
            let Ink { left, top, right, bottom } = rules.area(cell)?;
            Some(([left, top, right, bottom], cell.content.printed))
        };
        set.cells.iter().filter_map(area).collect()
    });
    areas.collect()
}

/// Holds what is seen on a page against what was to be there; `size` is that of the letters in
/// cells.
fn prove<'s>(
    seen: &Seen,
    page: &'s pages::Page<'_>,
    size: f64,
    lines: impl Iterator<Item = &'s SetLine<'s>>,
    layout: &Path,
    findings: &mut Vec<Finding>,
) {
    let mut about_layout = |message: &str, help: &str| {
        findings.push(Finding::about(&NOT_AS_SET, layout, message).help(help));
    };
    if seen.tables != 1 {
        let message = format!("一页上有 {} 张表，应当是一张", seen.tables);
        about_layout(&message, "版式要用一个 table 印一页，读屏软件和这里的核对都靠它");
        return;
    }
    if let Some(fault) = &seen.fault {
        about_layout(fault, "版式里不要这样印");
    }
    let rules = Rules::new(&seen.rules, page);
    let [columns, rows] = [&rules.columns, &rules.rows].map(|edges| edges.len().saturating_sub(1));
    if rules.xs.len() != rules.columns.len() || rules.ys.len() != rules.rows.len() {
        let message = format!(
            "表的线条分出 {} 列 {} 行，应当是 {columns} 列 {rows} 行",
            rules.xs.len().saturating_sub(1),
            rules.ys.len().saturating_sub(1),
        );
        about_layout(&message, "版式要照 widths 和 heights 画出每一条线");
        return;
    }
    for cell in &page.cells {
        let found = seen.cells.iter().find(|seen| {
            (seen.row, seen.column, seen.rows, seen.columns)
                == (cell.row, cell.column, cell.rows, cell.columns)
        });
        let fault = match found {
            None => Some("这一格没有印出来".to_owned()),
            Some(seen) => cell_fault(cell, seen, size, &rules),
        };
        if let Some(fault) = fault {
            findings.push(finding(cell.content.printed, &fault, layout));
        }
    }
    if seen.cells.len() > page.cells.len() {
        let message = "表里多印了格子";
        findings.push(Finding::about(&NOT_AS_SET, layout, message).help("版式要照 cells 印"));
    }
    if let Some(fault) = fault_outside(seen, &rules) {
        let finding = Finding::about(&NOT_AS_SET, layout, fault);
        findings.push(finding.help("表外的字要印在纸上，不和表、也不和别的字叠在一起"));
    }
    for (printed, lines) in lines.flat_map(|line| &line.texts) {
        let text: String = lines.iter().map(letters).collect();
        if !seen.outside.contains(&text) {
            findings.push(finding(printed, "表的上面或下面少印了这些字", layout));
        }
    }
}

/// What is wrong with a cell.
fn cell_fault(
    cell: &Cell<SetCell<'_>>,
    seen: &SeenCell,
    size: f64,
    rules: &Rules,
) -> Option<String> {
    if let Some(fault) = &seen.fault {
        return Some(fault.clone());
    }
    let mut expected = cell.content.lines.iter().map(letters).filter(|line| !line.is_empty());
    let mut lines = seen.lines.iter();
    loop {
        match (expected.next(), lines.next()) {
            (None, None) => break,
            (Some(line), Some(seen)) if line == seen.letters => {}
            (Some(line), Some(seen)) => {
                return Some(format!("应当印“{line}”，印出来的是“{}”", seen.letters));
            }
            (Some(line), None) => return Some(format!("少印了“{line}”")),
            (None, Some(seen)) => return Some(format!("多印了“{}”", seen.letters)),
        }
    }
    let area = rules.area(cell)?;
    for line in &seen.lines {
        if !area.holds(&line.ink) {
            return Some(format!("“{}”印到了格子外面", line.letters));
        }
    }
    let is_above = |(above, below): (&SeenLine, &SeenLine)| {
        above.baseline < below.baseline && above.ink.bottom <= below.ink.top + below.size * TOUCH
    };
    let neighbours = seen.lines.iter().zip(seen.lines.iter().skip(1));
    if let Some((_, line)) = neighbours.into_iter().find(|pair| !is_above(*pair)) {
        return Some(format!("“{}”和上一行叠在一起", line.letters));
    }
    if let Some(line) = seen.lines.iter().find(|line| line.size < size * LEAST_SIZE) {
        return Some(format!("“{}”印得太小", line.letters));
    }
    if !rules.surround(cell) {
        return Some("这一格的边上少一条线".to_owned());
    }
    if rules.cross(cell) {
        return Some("这一格里多了一条线".to_owned());
    }
    None
}

/// What is wrong with what stands outside the table, or with where the table stands.
fn fault_outside(seen: &Seen, rules: &Rules) -> Option<String> {
    let table = rules.table()?;
    if !seen.paper.holds(&table) {
        return Some("表印到了纸外面".to_owned());
    }
    for (index, line) in seen.outside_lines.iter().enumerate() {
        if !seen.paper.holds(&line.ink) {
            return Some(format!("“{}”印到了纸外面", line.letters));
        }
        if table.covers(&line.ink, TOLERANCE) {
            return Some(format!("“{}”和表叠在一起", line.letters));
        }
        let touch = line.size * TOUCH;
        let mut before = seen.outside_lines.iter().take(index);
        if let Some(other) = before.find(|other| other.ink.covers(&line.ink, touch)) {
            return Some(format!("“{}”和“{}”叠在一起", line.letters, other.letters));
        }
    }
    None
}

fn finding(printed: &Printed, fault: &str, layout: &Path) -> Finding {
    let help = "这是版式的错，不是数据的错：对照程序自带的 templates/layout.typ 改正";
    super::about_text(&NOT_AS_SET, printed, fault, layout).help(help)
}

/// The letters of a line: spaces are not seen.
fn letters(line: &Line) -> String {
    line.runs.iter().flat_map(|run| run.text.chars()).filter(|c| is_letter(*c)).collect()
}

fn is_letter(c: char) -> bool {
    !c.is_whitespace() && !is_default_ignorable(c) && !c.is_control()
}

/// What a page shows.
#[derive(Debug, Default)]
struct Seen {
    tables: usize,
    cells: Vec<SeenCell>,
    /// The rules of tables: from where to where.
    rules: Vec<(Point, Point)>,
    /// The letters outside any table.
    outside: String,
    /// Where they are.
    outside_lines: Vec<SeenLine>,
    /// The page.
    paper: Ink,
    /// What is wrong beside any cell.
    fault: Option<String>,
}

/// What a cell shows.
#[derive(Debug)]
struct SeenCell {
    location: Option<Location>,
    row: usize,
    column: usize,
    rows: usize,
    columns: usize,
    lines: Vec<SeenLine>,
    fault: Option<String>,
}

/// Letters on one baseline.
#[derive(Debug)]
struct SeenLine {
    letters: String,
    baseline: f64,
    /// The size of its smallest letters.
    size: f64,
    ink: Ink,
}

/// Reads a page.
struct Reader<'b> {
    boxes: &'b GlyphBoxes,
    known: std::sync::RwLockReadGuard<'b, HashMap<GlyphKey, GlyphBox>>,
    /// Boxes that were not known.
    new: HashMap<GlyphKey, GlyphBox>,
    seen: Seen,
    /// Whether what comes is within a table.
    table: Option<Option<Location>>,
    /// The cell that what comes is in.
    cell: Option<usize>,
    /// How light the paper is.
    ground: f64,
    /// What is filled, and how light.
    fills: Vec<(Ink, f64)>,
}

impl<'b> Reader<'b> {
    fn new(boxes: &'b GlyphBoxes, page: &Page) -> Self {
        let known = boxes.0.read().unwrap_or_else(PoisonError::into_inner);
        let paper = Ink::of(Point::zero(), page.frame.size().to_point());
        let ground = page.fill_or_white().map_or(1.0, |paint| paint_lightness(&paint));
        let (new, table, cell, fills) = Default::default();
        let seen = Seen { paper, ..Seen::default() };
        Self { boxes, known, new, seen, table, cell, ground, fills }
    }

    fn finish(self) -> Seen {
        let Self { boxes, known, new, seen, .. } = self;
        drop(known);
        if !new.is_empty() {
            boxes.0.write().unwrap_or_else(PoisonError::into_inner).extend(new);
        }
        seen
    }

    fn frame(&mut self, frame: &Frame, origin: Point) {
        for (at, item) in frame.items() {
            let at = origin + *at;
            match item {
                FrameItem::Group(group) => {
                    // Of a cell that is parted, what goes on says which it belongs to.
                    let outer = self.cell;
                    if let Some(parent) = &group.parent
                        && let Some(cell) = self.cell_at(parent.location)
                    {
                        self.cell = Some(cell);
                    }
                    if group.clip.is_some() {
                        self.fault("这里会被裁掉");
                    }
                    let Transform { tx, ty, .. } = group.transform;
                    if group.transform != Transform::translate(tx, ty) {
                        self.fault("这里被缩放或转动了");
                    }
                    self.frame(&group.frame, at + Point::new(tx, ty));
                    self.cell = outer;
                }
                FrameItem::Text(text) => self.text(text, at),
                FrameItem::Shape(shape, _) => self.shape(shape, at),
                FrameItem::Image(_, size, _) => {
                    let area = Ink::of(at, at + Point::new(size.x, size.y));
                    // Neither light nor dark text is sure to be seen on it.
                    self.cover(area, f64::NAN);
                }
                FrameItem::Tag(tag) => self.tag(tag),
                FrameItem::Link(..) => {}
            }
        }
    }

    fn cell_at(&self, location: Location) -> Option<usize> {
        self.seen.cells.iter().position(|cell| cell.location == Some(location))
    }

    fn tag(&mut self, tag: &Tag) {
        match tag {
            Tag::Start(element, _) => {
                if let Some(cell) = element.to_packed::<TableCell>() {
                    let position = |index: typst::foundations::Smart<usize>| {
                        index.custom().unwrap_or(usize::MAX)
                    };
                    let style = typst::foundations::StyleChain::default();
                    self.seen.cells.push(SeenCell {
                        location: element.location(),
                        row: position(cell.y.get(style)),
                        column: position(cell.x.get(style)),
                        rows: cell.rowspan.get(style).get(),
                        columns: cell.colspan.get(style).get(),
                        lines: Vec::new(),
                        fault: None,
                    });
                    self.cell = Some(self.seen.cells.len() - 1);
                } else if element.is::<TableElem>() {
                    self.seen.tables += 1;
                    self.table = Some(element.location());
                }
            }
            Tag::End(location, ..) => {
                if self.cell.is_some() && self.cell == self.cell_at(*location) {
                    self.cell = None;
                } else if self.table == Some(Some(*location)) {
                    self.table = None;
                }
            }
        }
    }

    /// Something is wrong with what is read just now.
    fn fault(&mut self, fault: &str) {
        let slot = match self.cell.and_then(|cell| self.seen.cells.get_mut(cell)) {
            Some(cell) => &mut cell.fault,
            None => &mut self.seen.fault,
        };
        slot.get_or_insert_with(|| fault.to_owned());
    }

    fn text(&mut self, text: &TextItem, at: Point) {
        let (ink, is_squeezed) = self.ink(text, at);
        if self.is_hidden(text, ink) {
            self.fault("这里的字和底色分不开，看不见");
        }
        let size = text.size.to_pt();
        if ink.is_some() && size < READABLE {
            self.fault("这里的字太小，看不清");
        }
        if is_squeezed {
            self.fault("这里的字挤在一起");
        }
        let outline = text.stroke.as_ref().map_or(0.0, |stroke| stroke.thickness.to_pt());
        if outline > size * OUTLINE {
            self.fault("这里的字描得太粗，看不清");
        }
        let letters = text.text.chars().filter(|c| is_letter(*c));
        let baseline = at.y.to_pt();
        let Some(cell) = self.cell.and_then(|cell| self.seen.cells.get_mut(cell)) else {
            if self.table.is_some() && text.text.chars().any(is_letter) {
                self.seen.fault.get_or_insert_with(|| format!("“{}”不在哪一格里", text.text));
            }
            self.seen.outside.extend(letters.clone());
            let Some(ink) = ink else { return };
            match self.seen.outside_lines.last_mut() {
                Some(line) if line.goes_on(baseline, ink, size) => line.add(letters, ink, size),
                _ => self.seen.outside_lines.push(SeenLine::new(letters, baseline, ink, size)),
            }
            return;
        };
        let Some(ink) = ink else { return };
        match cell.lines.last_mut() {
            Some(line) if (line.baseline - baseline).abs() < ON_LINE => {
                if ink.left < line.ink.right - size * TOUCH {
                    let fault = format!("“{}”和它前面的字叠在一起", text.text);
                    cell.fault.get_or_insert(fault);
                }
                line.add(letters, ink, size);
            }
            _ => cell.lines.push(SeenLine::new(letters, baseline, ink, size)),
        }
    }

    /// Where the ink of a text is, `None` if it has none; and whether its letters are pushed into
    /// each other.
    fn ink(&mut self, text: &TextItem, at: Point) -> (Option<Ink>, bool) {
        let font = FontKey::new(&text.font);
        let size = text.size.to_pt();
        let (mut x, y) = (at.x.to_pt(), at.y.to_pt());
        let mut all: Option<Ink> = None;
        let mut is_squeezed = false;
        // Where in the text the glyph before begins, and its ink if it is much narrower than by
        // itself. What stands above or below it may come close: `',`.
        let mut before = None;
        let mut narrow: Option<Ink> = None;
        for (index, glyph) in text.glyphs.iter().enumerate() {
            let advance = glyph.x_advance.get();
            let known = self.glyph(&font, &text.font, glyph.id);
            if let Some(of_glyph) = known.ink {
                let left = x + glyph.x_offset.get() * size;
                let base = y - glyph.y_offset.get() * size;
                let ink = Ink {
                    left: left + of_glyph.left * size,
                    right: left + of_glyph.right * size,
                    top: base + of_glyph.top * size,
                    bottom: base + of_glyph.bottom * size,
                };
                all = Some(all.map_or(ink, |all| all.union(ink)));
                is_squeezed |= narrow.is_some_and(|narrow| narrow.covers(&ink, 0.0));
                // A letter and what combines with it are one.
                let start = Some(glyph.range.start);
                let next = text.glyphs.get(index + 1).map(|next| next.range.start);
                let is_narrow =
                    next != start && before != start && advance < known.advance * LEAST_ADVANCE;
                narrow = is_narrow.then_some(ink);
            }
            before = Some(glyph.range.start);
            x += advance * size;
        }
        (all, is_squeezed)
    }

    fn glyph(&mut self, key: &FontKey, font: &FontInstance, glyph: u16) -> GlyphBox {
        let key = (key.data, key.index, key.variations, glyph);
        if let Some(known) = self.known.get(&key).or_else(|| self.new.get(&key)) {
            return *known;
        }
        let ink = font.ttf().glyph_bounding_box(GlyphId(glyph)).map(|area| {
            let em = |units: i16| font.to_em(units).get();
            Ink {
                left: em(area.x_min),
                right: em(area.x_max),
                top: -em(area.y_max),
                bottom: -em(area.y_min),
            }
        });
        let advance = font.x_advance(glyph).map_or(0.0, |advance| advance.get());
        let known = GlyphBox { ink, advance };
        self.new.insert(key, known);
        known
    }

    fn is_hidden(&self, text: &TextItem, ink: Option<Ink>) -> bool {
        let Some(ink) = ink else { return false };
        // Nobody can say how a gradient looks on what is behind it.
        let Paint::Solid(color) = &text.fill else { return true };
        let is_alike = |behind: f64| {
            let difference = (lightness(color, behind) - behind).abs();
            difference.is_nan() || difference < CONTRAST
        };
        for (area, behind) in self.fills.iter().rev() {
            if area.covers(&ink, TOLERANCE) && is_alike(*behind) {
                return true;
            }
            if area.holds(&ink) {
                return false;
            }
        }
        is_alike(self.ground)
    }

    fn shape(&mut self, shape: &Shape, at: Point) {
        let bounds = shape.bbox(false);
        let area = Ink::of(at + bounds.min, at + bounds.max);
        if let Some(fill) = &shape.fill {
            self.cover(area, paint_lightness(fill));
        }
        if let Some(stroke) = &shape.stroke {
            self.stroke(&shape.geometry, stroke, at, area);
        }
    }

    /// A line, or the edge of something that takes up `area`.
    fn stroke(&mut self, geometry: &Geometry, stroke: &FixedStroke, at: Point, area: Ink) {
        let (thickness, light) = (stroke.thickness.to_pt(), paint_lightness(&stroke.paint));
        if thickness < LEAST_RULE {
            return;
        }
        let half = thickness / 2.0;
        match geometry {
            Geometry::Line(to) => {
                let is_straight = to.x.to_pt().abs() < ON_LINE || to.y.to_pt().abs() < ON_LINE;
                if self.table.is_some() && is_straight && 1.0 - light >= CONTRAST {
                    self.seen.rules.push((at, at + *to));
                    if thickness <= MOST_RULE {
                        return;
                    }
                }
                self.cover(area.grown(half), light);
            }
            Geometry::Rect(_) => {
                let Ink { left, top, right, bottom } = area;
                for edge in [
                    Ink { right: left, ..area },
                    Ink { left: right, ..area },
                    Ink { bottom: top, ..area },
                    Ink { top: bottom, ..area },
                ] {
                    self.cover(edge.grown(half), light);
                }
            }
            Geometry::Curve(_) => self.cover(area.grown(half), light),
        }
    }

    /// Something is drawn over an area, and over what is there.
    fn cover(&mut self, area: Ink, lightness: f64) {
        let is_below = |line: &SeenLine| area.covers(&line.ink, TOLERANCE);
        for cell in &mut self.seen.cells {
            if cell.lines.iter().any(is_below) {
                cell.fault.get_or_insert_with(|| COVERED.to_owned());
            }
        }
        if self.seen.outside_lines.iter().any(is_below) {
            self.seen.fault.get_or_insert_with(|| COVERED.to_owned());
        }
        self.fills.push((area, lightness));
    }
}

impl SeenLine {
    fn new(letters: impl Iterator<Item = char>, baseline: f64, ink: Ink, size: f64) -> Self {
        Self { letters: letters.collect(), baseline, size, ink }
    }

    /// Whether what comes stands right behind it.
    fn goes_on(&self, baseline: f64, ink: Ink, size: f64) -> bool {
        let gap = ink.left - self.ink.right;
        (self.baseline - baseline).abs() < ON_LINE && (-size * TOUCH..size).contains(&gap)
    }

    fn add(&mut self, letters: impl Iterator<Item = char>, ink: Ink, size: f64) {
        self.letters.extend(letters);
        self.size = self.size.min(size);
        self.ink = self.ink.union(ink);
    }
}

/// How light something is on white paper; nobody can say it of a gradient.
fn paint_lightness(paint: &Paint) -> f64 {
    match paint {
        Paint::Solid(color) => lightness(color, 1.0),
        Paint::Gradient(_) | Paint::Tiling(_) => f64::NAN,
    }
}

/// How light a colour is on something: 0 is black, 1 is white.
fn lightness(color: &Color, behind: f64) -> f64 {
    let rgb = color.to_rgb();
    let [red, green, blue, alpha] = [rgb.red, rgb.green, rgb.blue, rgb.alpha];
    let own = 0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue);
    let alpha = f64::from(alpha);
    own * alpha + behind * (1.0 - alpha)
}

/// What tells fonts apart, taken once for a text.
struct FontKey {
    data: usize,
    index: u32,
    variations: u64,
}

impl FontKey {
    fn new(font: &FontInstance) -> Self {
        let mut hasher = DefaultHasher::new();
        font.variations().hash(&mut hasher);
        Self { data: font.data().as_ptr().addr(), index: font.index(), variations: hasher.finish() }
    }
}

impl Ink {
    fn of(a: Point, b: Point) -> Self {
        Self { left: a.x.to_pt(), top: a.y.to_pt(), right: b.x.to_pt(), bottom: b.y.to_pt() }
    }

    fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    fn holds(&self, other: &Self) -> bool {
        other.left >= self.left - TOLERANCE
            && other.right <= self.right + TOLERANCE
            && other.top >= self.top - TOLERANCE
            && other.bottom <= self.bottom + TOLERANCE
    }

    /// Whether it is over another by more than it may be.
    fn covers(&self, other: &Self, tolerance: f64) -> bool {
        self.left + tolerance < other.right
            && other.left + tolerance < self.right
            && self.top + tolerance < other.bottom
            && other.top + tolerance < self.bottom
    }

    fn grown(self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }
}

/// The rules of a table. Where all cells of a page go across an edge of the table, none is drawn.
struct Rules {
    /// The edges of columns that some cell ends at.
    columns: Vec<usize>,
    /// The edges of rows, likewise.
    rows: Vec<usize>,
    /// Where columns begin and end.
    xs: Vec<f64>,
    /// Where rows begin and end.
    ys: Vec<f64>,
    /// For each of `xs`, from where to where a rule is drawn.
    vertical: Vec<Vec<[f64; 2]>>,
    /// For each of `ys`.
    horizontal: Vec<Vec<[f64; 2]>>,
}

impl Rules {
    fn new(rules: &[(Point, Point)], page: &pages::Page<'_>) -> Self {
        let (mut vertical, mut horizontal) = (Vec::new(), Vec::new());
        for (from, to) in rules {
            let [x0, y0, x1, y1] = [from.x, from.y, to.x, to.y].map(|length| length.to_pt());
            if (x0 - x1).abs() < ON_LINE {
                vertical.push((x0, [y0.min(y1), y0.max(y1)]));
            } else if (y0 - y1).abs() < ON_LINE {
                horizontal.push((y0, [x0.min(x1), x0.max(x1)]));
            }
        }
        let (xs, vertical) = gathered(vertical);
        let (ys, horizontal) = gathered(horizontal);
        let edges = |ends: fn(&Cell<SetCell<'_>>) -> [usize; 2]| {
            let edges: BTreeSet<usize> = page.cells.iter().flat_map(ends).collect();
            edges.into_iter().collect()
        };
        let columns = edges(|cell| [cell.column, cell.end_column()]);
        let rows = edges(|cell| [cell.row, cell.end_row()]);
        Self { columns, rows, xs, ys, vertical, horizontal }
    }

    /// Which of the rules are those around a cell: left, right, top, bottom.
    fn around(&self, cell: &Cell<SetCell<'_>>) -> Option<[usize; 4]> {
        let column = |edge: usize| self.columns.binary_search(&edge).ok();
        let row = |edge: usize| self.rows.binary_search(&edge).ok();
        Some([
            column(cell.column)?,
            column(cell.end_column())?,
            row(cell.row)?,
            row(cell.end_row())?,
        ])
    }

    fn area(&self, cell: &Cell<SetCell<'_>>) -> Option<Ink> {
        let [left, right, top, bottom] = self.around(cell)?;
        Some(Ink {
            left: *self.xs.get(left)?,
            top: *self.ys.get(top)?,
            right: *self.xs.get(right)?,
            bottom: *self.ys.get(bottom)?,
        })
    }

    /// The whole table.
    fn table(&self) -> Option<Ink> {
        let (left, right) = (*self.xs.first()?, *self.xs.last()?);
        Some(Ink { left, right, top: *self.ys.first()?, bottom: *self.ys.last()? })
    }

    /// Whether a rule is drawn inside a cell.
    fn cross(&self, cell: &Cell<SetCell<'_>>) -> bool {
        let (Some(area), Some([left, right, top, bottom])) = (self.area(cell), self.around(cell))
        else {
            return false;
        };
        let is_drawn = |rules: &[Vec<[f64; 2]>], inside: Range<usize>, [from, to]: [f64; 2]| {
            let mut inside = rules.get(inside).unwrap_or_default().iter().flatten();
            // A rule's ends reach into those across.
            inside.any(|[start, end]| *start < to - MOST_RULE && from + MOST_RULE < *end)
        };
        is_drawn(&self.vertical, left + 1..right, [area.top, area.bottom])
            || is_drawn(&self.horizontal, top + 1..bottom, [area.left, area.right])
    }

    /// Whether rules are drawn on all four sides of a cell.
    fn surround(&self, cell: &Cell<SetCell<'_>>) -> bool {
        let (Some(area), Some([left, right, top, bottom])) = (self.area(cell), self.around(cell))
        else {
            return false;
        };
        let across = [area.left, area.right];
        let down = [area.top, area.bottom];
        let is_drawn = |rules: &[Vec<[f64; 2]>], index: usize, stretch: [f64; 2]| {
            rules.get(index).is_some_and(|rules| covers(rules, stretch))
        };
        is_drawn(&self.vertical, left, down)
            && is_drawn(&self.vertical, right, down)
            && is_drawn(&self.horizontal, top, across)
            && is_drawn(&self.horizontal, bottom, across)
    }
}

/// Where rules are, in order, and from where to where each is drawn, likewise.
fn gathered(mut rules: Vec<(f64, [f64; 2])>) -> (Vec<f64>, Vec<Vec<[f64; 2]>>) {
    rules.sort_by(|(a, from_a), (b, from_b)| {
        a.total_cmp(b).then_with(|| from_a[0].total_cmp(&from_b[0]))
    });
    let (mut places, mut stretches): (Vec<f64>, Vec<Vec<[f64; 2]>>) = Default::default();
    for (at, stretch) in rules {
        match (places.last(), stretches.last_mut()) {
            (Some(last), Some(known)) if at - last < ON_LINE => known.push(stretch),
            _ => {
                places.push(at);
                stretches.push(vec![stretch]);
            }
        }
    }
    for known in &mut stretches {
        known.sort_by(|a, b| a[0].total_cmp(&b[0]));
    }
    (places, stretches)
}

/// Whether stretches in order cover another.
fn covers(rules: &[[f64; 2]], [from, to]: [f64; 2]) -> bool {
    let mut reached = from + ON_LINE;
    for [start, end] in rules {
        if *start <= reached {
            reached = reached.max(end + ON_LINE);
        }
    }
    reached >= to - ON_LINE
}
