//! Text → the lines it is printed in.
//!
//! Typst prints exactly these lines and never breaks one: where a number ends and its unit begins,
//! how narrow columns come out even, and that no text leaves its cell is decided here, where it can
//! be tested without an engine, and where the height of every row is known before a page is set.
//!
//! The widths are those Typst will come to, or a little more, never less: it drops the blank half of
//! a full-width mark at a line's start or end and next to another mark, and so do we.

mod breaks;
mod marks;

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use self::marks::{
    is_closing, is_forced_break, is_opening, is_quote, is_right_to_left, is_space, is_square,
    is_widened,
};
use crate::sheet::Run;

/// How much a gap may be widened to fill a line, in em. Beyond it the line is left ragged.
const MAX_STRETCH: f64 = 0.1;
/// What adding up the widths may be off by, in em. Typst's own tolerance is larger.
const ROUNDING: f64 = 1e-6;

/// How the lines of a text are to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Ragged, lines about equally long: labels and values in narrow cells.
    Balanced,
    /// All lines but the last are filled: goals and other longer texts.
    Prose,
}

/// A line as it is printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its text; no run for an empty line.
    pub runs: Vec<Run>,
    /// Its natural width, in em.
    pub width: f64,
    /// Whether to print it stretched to the full width of the cell.
    pub stretch: bool,
}

/// What has to be known of the fonts. Widths are in em; wider than in print is safe, narrower is not.
pub trait Measure {
    /// The width of a cluster, in the widest of its forms.
    fn cluster(&self, cluster: &str, strong: bool) -> f64;

    /// How much wider (or narrower) two neighbours are than the two by themselves.
    fn kerning(&self, _before: &str, _after: &str, _strong: bool) -> f64 {
        0.0
    }

    /// Whether a quotation mark is as wide as a Han character, whatever stands beside it. Only then
    /// does Typst drop its blank half.
    fn is_full_width(&self, quote: &str, strong: bool) -> bool {
        self.cluster(quote, strong) == 1.0
    }
}

/// The lines in which a text is printed in a cell with `width` em of room.
///
/// No line is wider than that, unless a single cluster is. Each line break of the text ends a line;
/// spaces at the ends of lines are dropped, but for the indent (U+3000) of a paragraph of prose.
pub fn break_lines(runs: &[Run], width: f64, fill: Fill, measure: &impl Measure) -> Vec<Line> {
    let mut lines = Vec::new();
    for paragraph in paragraphs(runs) {
        let paragraph = Paragraph::new(&paragraph, fill, measure);
        paragraph.lines_into(&mut lines, width + ROUNDING, fill);
    }
    lines
}

/// The parts of the text between its line breaks. A break at the very end begins no paragraph.
fn paragraphs(runs: &[Run]) -> Vec<Vec<(&str, bool)>> {
    let mut paragraphs = Vec::new();
    let mut current = Vec::new();
    let mut is_open = false;
    let mut after_return = false;
    for run in runs {
        for piece in run.text.split_inclusive(is_forced_break) {
            // \r\n is one break, also when a run ends within it.
            if std::mem::take(&mut after_return) && piece == "\n" {
                continue;
            }
            let text = piece.trim_end_matches(is_forced_break);
            if !text.is_empty() {
                current.push((text, run.strong));
            }
            is_open = text.len() == piece.len();
            if !is_open {
                after_return = piece.ends_with('\r');
                paragraphs.push(std::mem::take(&mut current));
            }
        }
    }
    if is_open {
        paragraphs.push(current);
    }
    paragraphs
}

/// What is never broken inside: a cluster, with those behind it that have no width of their own.
struct Atom<'t> {
    text: &'t str,
    first: char,
    strong: bool,
    width: f64,
    /// How much less it takes at a line's start and at its end.
    lead: f64,
    trail: f64,
}

/// A text without line breaks, measured.
struct Paragraph<'t> {
    atoms: Vec<Atom<'t>>,
    /// For each atom, how far from the paragraph's start it begins when all is on one line.
    starts: Vec<f64>,
    /// For each place, how many gaps before it Typst widens.
    gaps: Vec<usize>,
    /// For each place, where the text before it ends when spaces are dropped.
    ends: Vec<usize>,
}

impl<'t> Paragraph<'t> {
    fn new(text: &[(&'t str, bool)], fill: Fill, measure: &impl Measure) -> Self {
        let keeps_indent = |c: char| fill == Fill::Prose && c == '\u{3000}';
        let mut atoms: Vec<Atom<'t>> = Vec::new();
        for &(text, strong) in text {
            push_atoms(&mut atoms, text, strong, |c| !keeps_indent(c), measure);
        }
        let is_reordered = atoms.iter().any(|atom| atom.text.contains(is_right_to_left));
        let mut starts = Vec::with_capacity(atoms.len() + 1);
        let mut gaps = Vec::with_capacity(atoms.len() + 1);
        let mut ends = Vec::with_capacity(atoms.len() + 1);
        let (mut start, mut gap, mut end) = (0.0, 0, 0);
        let mut widths = Self { atoms, starts: vec![], gaps: vec![], ends: vec![] };
        if !is_reordered {
            widths.find_marks(measure);
        }
        for (index, atom) in widths.atoms.iter().enumerate() {
            starts.push(start);
            gaps.push(gap);
            ends.push(end);
            start += atom.width;
            if let Some(next) = widths.atoms.get(index + 1) {
                start += joint(atom, next, measure);
            }
            gap += usize::from(is_widened(atom.first) || atom.is_mark());
            if !atom.is_space() {
                end = index + 1;
            }
        }
        starts.push(start);
        gaps.push(gap);
        ends.push(end);
        Self { starts, gaps, ends, ..widths }
    }

    /// Which marks have a blank half that Typst drops.
    fn find_marks(&mut self, measure: &impl Measure) {
        for index in 0..self.atoms.len() {
            let Some(atom) = self.atoms.get(index) else { continue };
            let (opening, closing) = (is_opening(atom.first), is_closing(atom.first));
            if !opening && !closing || is_quote(atom.first) && !self.is_full_width(index, measure) {
                continue;
            }
            if let Some(atom) = self.atoms.get_mut(index) {
                let blank = atom.width / 2.0;
                (atom.lead, atom.trail) = if opening { (blank, 0.0) } else { (0.0, blank) };
            }
        }
    }

    /// Whether Typst takes a quotation mark for a Chinese one: kerning, too, makes it another width.
    fn is_full_width(&self, index: usize, measure: &impl Measure) -> bool {
        let Some(atom) = self.atoms.get(index) else { return false };
        let before = index.checked_sub(1).and_then(|index| self.atoms.get(index));
        let after = self.atoms.get(index + 1);
        measure.is_full_width(atom.text, atom.strong)
            && before.is_none_or(|before| kerning(before, atom, measure) == 0.0)
            && after.is_none_or(|after| kerning(atom, after, measure) == 0.0)
    }

    fn lines_into(&self, lines: &mut Vec<Line>, room: f64, fill: Fill) {
        let whole = 0..self.atoms.len();
        // Most texts need no second line.
        if self.width(&whole) <= room {
            lines.push(self.line(&whole, None));
            return;
        }
        for (start, end) in self.best_breaks(room, fill) {
            let range = start..end;
            let room = (fill == Fill::Prose && end < whole.end).then_some(room);
            lines.push(self.line(&range, room));
        }
    }

    /// The width of a line with these atoms, without the spaces at its end.
    fn width(&self, range: &Range<usize>) -> f64 {
        let Some((first, last, end)) = self.bounds(range) else { return 0.0 };
        let start = |index: usize| self.starts.get(index).copied().unwrap_or_default();
        start(end - 1) + last.width - start(range.start) - first.lead - last.trail
    }

    /// The first and the last atom that are printed, and the place behind the last.
    fn bounds(&self, range: &Range<usize>) -> Option<(&Atom<'t>, &Atom<'t>, usize)> {
        let end = self.ends.get(range.end).copied().unwrap_or_default();
        if end <= range.start {
            return None;
        }
        Some((self.atoms.get(range.start)?, self.atoms.get(end - 1)?, end))
    }

    /// How much wider the line would be if each gap were widened as far as may be.
    fn stretchability(&self, range: &Range<usize>) -> f64 {
        let Some((.., end)) = self.bounds(range) else { return 0.0 };
        let gaps = |index: usize| self.gaps.get(index).copied().unwrap_or_default();
        let count = gaps(end - 1).saturating_sub(gaps(range.start));
        u32::try_from(count).map_or(0.0, f64::from) * MAX_STRETCH
    }

    /// A line, stretched to `room` if it is given and not too far.
    fn line(&self, range: &Range<usize>, room: Option<f64>) -> Line {
        let width = self.width(range);
        let stretch =
            room.is_some_and(|room| width <= room && room - width <= self.stretchability(range));
        let end = self.bounds(range).map_or(range.start, |(.., end)| end);
        let mut runs: Vec<Run> = Vec::new();
        for atom in self.atoms.get(range.start..end).unwrap_or_default() {
            match runs.last_mut() {
                Some(run) if run.strong == atom.strong => run.text.push_str(atom.text),
                _ => runs.push(Run { text: atom.text.to_owned(), strong: atom.strong }),
            }
        }
        Line { runs, width, stretch }
    }

    /// Where the lines start and end, at the least cost.
    fn best_breaks(&self, room: f64, fill: Fill) -> Vec<(usize, usize)> {
        let chars: Vec<char> = self.atoms.iter().map(|atom| atom.first).collect();
        let costs = breaks::costs(&chars);
        let count = self.atoms.len();
        // For each place: the least cost of the lines up to it, and where the last of them starts.
        let mut best = vec![(0.0, 0)];
        for end in 1..=count {
            let mut least = (f64::INFINITY, 0);
            // A line ends behind all the spaces there are.
            let is_place = end == count || self.atoms.get(end).is_some_and(|atom| !atom.is_space());
            for start in (0..end).rev().take_while(|_| is_place) {
                let Some(&(before, _)) = best.get(start) else { break };
                if before == f64::INFINITY {
                    continue;
                }
                let range = start..end;
                let width = self.width(&range);
                if width > room && least.0 < f64::INFINITY {
                    break;
                }
                let mut total = before + self.line_cost(&range, width, room, fill);
                if end < count {
                    total += weighed(costs.get(end).copied().unwrap_or_default(), fill);
                }
                if total < least.0 {
                    least = (total, start);
                }
            }
            best.push(least);
        }
        let mut lines = Vec::new();
        let mut end = count;
        while end > 0 {
            let start = best.get(end).map_or(0, |(_, start)| *start);
            lines.push((start, end));
            end = start;
        }
        lines.reverse();
        lines
    }

    /// What a line costs by its length.
    fn line_cost(&self, range: &Range<usize>, width: f64, room: f64, fill: Fill) -> f64 {
        /// One line fewer is better than any evenness.
        const LINE: f64 = 1e4;
        /// A line that cannot be stretched to the full width.
        const RAGGED: f64 = 10.0;
        /// One character alone on the last line.
        const ORPHAN: f64 = 400.0;
        let slack = (room - width).max(0.0);
        let is_last = range.end == self.atoms.len();
        let mut cost = LINE;
        if fill == Fill::Balanced || !is_last {
            cost += slack * slack;
        }
        if fill == Fill::Prose && !is_last && slack > self.stretchability(range) {
            cost += RAGGED + slack * slack;
        }
        if is_last && range.start > 0 && self.is_orphan(range) {
            cost += ORPHAN;
        }
        cost
    }

    /// Whether nothing but a single character, with its marks, is on the line.
    fn is_orphan(&self, range: &Range<usize>) -> bool {
        let Some((.., end)) = self.bounds(range) else { return false };
        let atoms = self.atoms.get(range.start..end).unwrap_or_default();
        atoms.iter().filter(|atom| atom.first.is_alphanumeric()).take(2).count() < 2
    }
}

/// The costs of looks count for less in prose: there the lines' fill comes first.
fn weighed(cost: f64, fill: Fill) -> f64 {
    if fill == Fill::Prose && cost < breaks::HARD { cost / 8.0 } else { cost }
}

impl Atom<'_> {
    fn is_space(&self) -> bool {
        is_space(self.first)
    }

    /// Whether Typst may drop a half of it.
    fn is_mark(&self) -> bool {
        self.lead > 0.0 || self.trail > 0.0
    }
}

fn push_atoms<'t>(
    atoms: &mut Vec<Atom<'t>>,
    text: &'t str,
    strong: bool,
    is_dropped: impl Fn(char) -> bool,
    measure: &impl Measure,
) {
    // Where the last atom starts in this text.
    let mut open: Option<usize> = None;
    for (start, cluster) in text.grapheme_indices(true) {
        let Some(first) = cluster.chars().next() else { continue };
        if atoms.is_empty() && is_space(first) && is_dropped(first) {
            continue;
        }
        let width = measure.cluster(cluster, strong);
        // What has no width of its own goes with what is before it.
        if width <= 0.0
            && !is_space(first)
            && let (Some(open), Some(last)) = (open, atoms.last_mut())
        {
            last.text = text.get(open..start + cluster.len()).unwrap_or(last.text);
            continue;
        }
        open = Some(start);
        let width = width.max(0.0);
        atoms.push(Atom { text: cluster, first, strong, width, lead: 0.0, trail: 0.0 });
    }
}

/// How much more or less room two neighbours on a line take than the two by themselves.
fn joint(before: &Atom<'_>, after: &Atom<'_>, measure: &impl Measure) -> f64 {
    if before.strong != after.strong {
        return 0.0; // shaped apart
    }
    if before.trail > 0.0 && after.is_mark() {
        return -before.trail;
    }
    if before.lead > 0.0 && after.lead > 0.0 {
        return -after.lead;
    }
    kerning(before, after, measure).max(0.0)
}

fn kerning(before: &Atom<'_>, after: &Atom<'_>, measure: &impl Measure) -> f64 {
    let is_shaped_together = before.strong == after.strong;
    if is_shaped_together && !is_square(before.first) && !is_square(after.first) {
        measure.kerning(before.text, after.text, before.strong)
    } else {
        0.0
    }
}

impl Measure for crate::fonts::Widths<'_> {
    fn cluster(&self, cluster: &str, strong: bool) -> f64 {
        self.cluster(cluster, strong)
    }

    fn kerning(&self, before: &str, after: &str, strong: bool) -> f64 {
        self.kerning(before, after, strong)
    }

    fn is_full_width(&self, quote: &str, strong: bool) -> bool {
        self.is_full_width(quote, strong)
    }
}
