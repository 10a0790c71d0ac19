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
    is_closing, is_forced_break, is_middle_dot, is_opening, is_quote, is_right_to_left, is_space,
    is_square, is_widened,
};
use crate::sheet::Run;

/// How much a gap may be widened to fill a line, in em. Beyond it the line is left ragged.
const MAX_STRETCH: f64 = 0.1;
/// What adding up the widths may be off by, in em. Typst's own tolerance is larger.
const ROUNDING: f64 = 1e-6;
const SOFT_HYPHEN: &str = "\u{ad}";

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

    /// The width of a cluster in the narrowest of its forms.
    fn narrowest(&self, cluster: &str, strong: bool) -> f64 {
        self.cluster(cluster, strong)
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
    /// How much less it may take in print than is sure.
    spare: f64,
}

/// A text without line breaks, measured.
struct Paragraph<'t> {
    atoms: Vec<Atom<'t>>,
    /// For each atom, how far from the paragraph's start it begins when all is on one line.
    starts: Vec<f64>,
    /// For each place, how far the text before it can be stretched: by the gaps that Typst widens,
    /// less what the text may be narrower in print than it is reckoned with.
    stretches: Vec<f64>,
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
        if !is_reordered {
            find_marks(&mut atoms, measure);
        }
        let mut starts = Vec::with_capacity(atoms.len() + 1);
        let mut stretches = Vec::with_capacity(atoms.len() + 1);
        let mut ends = Vec::with_capacity(atoms.len() + 1);
        let (mut start, mut stretch, mut end) = (0.0, 0.0, 0);
        // How much of the atom's blank half its neighbour before it has taken.
        let mut taken = 0.0;
        for (index, atom) in atoms.iter().enumerate() {
            starts.push(start);
            stretches.push(stretch);
            ends.push(end);
            start += atom.width;
            stretch -= atom.spare;
            if let Some(next) = atoms.get(index + 1) {
                let joint = Joint::new(atom, next, taken, measure);
                start += joint.change;
                stretch -= joint.spare;
                taken = joint.taken;
            }
            if !is_reordered && (is_widened(atom.first) || atom.is_mark()) {
                stretch += MAX_STRETCH;
            }
            if !atom.is_space() {
                end = index + 1;
            }
        }
        starts.push(start);
        stretches.push(stretch);
        ends.push(end);
        Self { atoms, starts, stretches, ends }
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

    /// How much wider the line may become when it is stretched.
    fn stretchability(&self, range: &Range<usize>) -> f64 {
        let Some((_, last, end)) = self.bounds(range) else { return 0.0 };
        let stretch = |index: usize| self.stretches.get(index).copied().unwrap_or_default();
        (stretch(end - 1) - stretch(range.start) - last.spare).max(0.0)
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

/// The costs of looks count for less in prose: there the lines' fill comes first, but not before
/// a number and its noun.
fn weighed(cost: f64, fill: Fill) -> f64 {
    if fill == Fill::Prose && cost < breaks::NUMBER_AND_NOUN { cost / 8.0 } else { cost }
}

impl Atom<'_> {
    fn is_space(&self) -> bool {
        self.text.chars().all(is_space)
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
        if atoms.is_empty() && cluster.chars().all(|c| is_space(c) && is_dropped(c)) {
            continue;
        }
        // Typst prints a hyphen if a soft one comes last.
        let printed = if cluster == SOFT_HYPHEN { "-" } else { cluster };
        let width = measure.cluster(printed, strong).max(0.0);
        // What has no width of its own goes with what is before it.
        if width == 0.0
            && !is_space(first)
            && let (Some(open), Some(last)) = (open, atoms.last_mut())
            && !last.is_space()
        {
            last.text = text.get(open..start + cluster.len()).unwrap_or(last.text);
            continue;
        }
        open = Some(start);
        let spare = width - measure.narrowest(printed, strong).clamp(0.0, width);
        atoms.push(Atom { text: cluster, first, strong, width, lead: 0.0, trail: 0.0, spare });
    }
}

/// Which marks have a blank half that Typst drops.
fn find_marks(atoms: &mut [Atom<'_>], measure: &impl Measure) {
    for index in 0..atoms.len() {
        let before = index.checked_sub(1).and_then(|index| atoms.get(index));
        let (Some(atom), after) = (atoms.get(index), atoms.get(index + 1)) else { continue };
        let (opening, closing) = (is_opening(atom.first), is_closing(atom.first));
        // With anything invisible around it, Typst takes a mark for an ordinary character.
        let is_alone = atom.text.len() == atom.first.len_utf8()
            && before.is_none_or(|before| before.width > 0.0);
        if !is_alone || !opening && !closing {
            continue;
        }
        // Western text has the same quotation marks. Typst goes by the width: kerning, too, makes
        // it another, and so does a middle dot before it.
        let is_kerned = |before, after| kerning(before, after, measure) != 0.0;
        let is_sure = !is_quote(atom.first)
            || atom.width == 1.0
                && atom.spare == 0.0
                && !before
                    .is_some_and(|before| is_middle_dot(before.first) || is_kerned(before, atom))
                && !after.is_some_and(|after| is_kerned(atom, after));
        let Some(atom) = atoms.get_mut(index) else { continue };
        let blank = atom.width / 2.0;
        match (is_sure, opening) {
            (true, true) => atom.lead = blank,
            (true, false) => atom.trail = blank,
            // Its own blank half and that of a neighbour.
            (false, _) => atom.spare += atom.width,
        }
    }
}

/// What changes where two atoms are neighbours on a line.
#[derive(Default)]
struct Joint {
    /// How much more room they take than the two by themselves.
    change: f64,
    /// How much less than that it may be in print.
    spare: f64,
    /// How much of its blank half the second has lost.
    taken: f64,
}

impl Joint {
    /// `taken` is what the first has lost to the one before it.
    fn new(before: &Atom<'_>, after: &Atom<'_>, taken: f64, measure: &impl Measure) -> Self {
        let is_dot = is_middle_dot(after.first);
        if before.strong != after.strong {
            Self::default() // shaped apart
        } else if before.trail > 0.0 && (after.is_mark() || is_dot) {
            Self { change: -before.trail, ..Self::default() }
        } else if before.lead > 0.0 && after.lead > 0.0 {
            // A quotation mark that has lost its blank half is not taken for a Chinese one any more.
            let is_mark = taken == 0.0 || !is_quote(before.first);
            let taken = if is_mark { ((before.width - taken) / 2.0).min(after.lead) } else { 0.0 };
            Self { change: -taken, taken, ..Self::default() }
        } else if is_middle_dot(before.first) && (after.lead > 0.0 || is_dot) {
            let blank = before.width / 4.0;
            let taken = if is_dot { 0.0 } else { blank };
            Self { change: 0.0, spare: 2.0 * blank, taken }
        } else {
            // Letters are only kerned where they are shaped together, and that hangs on the script
            // of the text around them.
            let kerning = kerning(before, after, measure);
            Self { change: kerning.max(0.0), spare: kerning.abs(), taken: 0.0 }
        }
    }
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

    fn narrowest(&self, cluster: &str, strong: bool) -> f64 {
        self.narrowest(cluster, strong)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// ASCII half an em wide, marks that combine with what is before them none, all else one em.
    struct Plain;

    impl Measure for Plain {
        fn cluster(&self, cluster: &str, _strong: bool) -> f64 {
            match cluster.chars().next() {
                Some(c) if c.is_ascii_graphic() || c == ' ' => 0.5,
                Some('\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}') | None => 0.0,
                Some(c) if c.is_control() => 0.0,
                Some(_) => 1.0,
            }
        }
    }

    fn run(text: &str) -> Run {
        Run { text: text.to_owned(), strong: false }
    }

    fn text(line: &Line) -> String {
        line.runs.iter().map(|run| run.text.as_str()).collect()
    }

    fn broken(input: &str, width: f64, fill: Fill) -> Vec<String> {
        break_lines(&[run(input)], width, fill, &Plain).iter().map(text).collect()
    }

    #[track_caller]
    fn assert_lines(width: f64, expected: &[&str]) {
        assert_eq!(broken(&expected.concat(), width, Fill::Balanced), expected);
    }

    #[test]
    fn what_fits_is_one_line() {
        assert_lines(6.0, &["产出指标"]);
        assert_lines(4.0, &["产出指标"]);
        assert_eq!(broken("", 4.0, Fill::Balanced), [""; 0]);
    }

    #[test]
    fn each_line_break_of_the_text_ends_a_line() {
        let input = "一\n二\r\n三\u{2028}四\u{2029}五\u{85}六\u{b}七\n\n八\n";
        let expected = ["一", "二", "三", "四", "五", "六", "七", "", "八"];
        assert_eq!(broken(input, 9.0, Fill::Prose), expected);
        let runs = [run("一\r"), run("\n二")];
        assert_eq!(break_lines(&runs, 9.0, Fill::Prose, &Plain).len(), 2);
    }

    #[test]
    fn lines_come_out_about_as_long_as_each_other() {
        assert_lines(9.0, &["维护党务工作者", "劳动所得与安排"]);
        assert_lines(5.0, &["年度总体", "目标"]);
    }

    #[test]
    fn a_label_breaks_before_its_brackets() {
        assert_lines(7.0, &["数量指标", "（必填硬性指标）"]);
        assert_lines(7.0, &["服务对象满意度", "指标（必填）"]);
        assert_lines(5.5, &["扩建工程", "（一期）"]);
    }

    #[test]
    fn a_number_stays_with_its_unit_where_both_fit() {
        for expected in [
            &["不少于", "1,234人次"][..],
            &["预算总额为", "827,620.53元"],
            &["合格率", "≥95%以上"],
            &["共组织了", "100余人次"],
            &["项目开工前", "12 个月"],
        ] {
            assert_lines(6.5, expected);
        }
        assert_lines(3.0, &["1,234", "人次"]);
    }

    #[test]
    fn a_price_breaks_behind_its_unit_at_most() {
        assert_lines(5.5, &["1234.56", "万元/公里"]);
        assert_lines(7.5, &["12345.678亩/", "年以上"]);
        assert_lines(4.0, &["≥95%/", "≥80%"]);
        assert_lines(4.0, &["500元/", "人·月"]);
    }

    #[test]
    fn names_with_digits_stay_whole() {
        assert_lines(5.0, &["整修", "G109国道"]);
        assert_lines(5.0, &["通过", "ISO9001"]);
        assert_lines(4.0, &["年均", "PM2.5"]);
    }

    #[test]
    fn dates_and_times_break_where_a_reader_would() {
        assert_lines(5.5, &["2023年", "12月31日前"]);
        assert_lines(5.0, &["2023.07-", "2024.01"]);
        assert_lines(3.0, &["18:30-", "21:00"]);
        assert_lines(3.0, &["80%~", "90%"]);
        assert_lines(5.0, &["第3季度", "末开工"]);
    }

    #[test]
    fn a_word_is_torn_as_the_last_resort() {
        assert_lines(8.0, &["联系邮箱", "zhangsan@", "pingluo.gov.cn"]);
        assert_lines(3.0, &["139951", "23456"]);
    }

    #[test]
    fn no_line_starts_or_ends_with_a_mark_that_must_not() {
        assert_lines(4.0, &["一二三", "四、五六"]);
        assert_lines(4.0, &["一二三", "“四五”"]);
        assert_lines(4.0, &["一二——", "三四"]);
        for c in "、，。；：？！）》”’·～—…%‰℃".chars() {
            let lines = broken(&format!("一二三四五六{c}七八九"), 6.0, Fill::Prose);
            assert!(lines.iter().all(|line| !line.starts_with(c)), "{lines:?}");
        }
    }

    #[test]
    fn double_marks_are_never_parted() {
        for width in 2..12 {
            let lines = broken("一二——三四……五六——七八", f64::from(width), Fill::Prose);
            for pair in ["——", "……"] {
                let count: usize = lines.iter().map(|line| line.matches(pair).count()).sum();
                assert_eq!(count, if pair == "——" { 2 } else { 1 }, "{lines:?}");
            }
        }
    }

    #[test]
    fn one_character_is_not_left_alone() {
        assert_lines(6.0, &["一二三四", "五六七"]);
        let lines = broken("一二三四五六七八九十一", 10.0, Fill::Prose);
        assert_eq!(lines, ["一二三四五六七八九", "十一"]);
    }

    #[test]
    fn prose_is_stretched_by_a_tenth_of_an_em_at_most() {
        let input = "保障村级组织各项日常工作的有效运转和广大人民群众合法利益";
        let lines = break_lines(&[run(input)], 13.0, Fill::Prose, &Plain);
        assert!(lines.iter().all(|line| line.stretch == (line.width == 13.0)), "{lines:?}");
        let lines = break_lines(&[run(input)], 12.5, Fill::Prose, &Plain);
        let stretched: Vec<_> = lines.iter().map(|line| line.stretch).collect();
        assert_eq!(stretched, [true, true, false]);
        // One gap is too few for half an em.
        let lines = break_lines(&[run("受理12345热线")], 4.0, Fill::Prose, &Plain);
        assert!(lines.iter().all(|line| !line.stretch), "{lines:?}");
        let lines = break_lines(&[run("一二\n三四五六七八")], 3.0, Fill::Prose, &Plain);
        assert!(lines.first().is_some_and(|line| !line.stretch), "{lines:?}");
        let lines = break_lines(&[run(input)], 12.5, Fill::Balanced, &Plain);
        assert!(lines.iter().all(|line| !line.stretch));
    }

    #[test]
    fn the_blank_halves_of_marks_are_dropped_as_typst_drops_them() {
        for (input, width) in [
            ("一。", 1.5),
            ("（一）", 2.0),
            ("一“二”三", 5.0),
            ("一）”，二", 4.0),
            ("一。（二", 3.5),
            ("一（“二", 3.5),
            ("一（（（二", 4.25),
            ("一，·二", 3.5),
            ("一）\u{200b}", 2.0),
        ] {
            let lines = break_lines(&[run(input)], 9.0, Fill::Prose, &Plain);
            let widths: Vec<_> = lines.iter().map(|line| line.width).collect();
            assert_eq!(widths, [width], "{input}");
        }
    }

    #[test]
    fn runs_keep_their_weight() {
        let runs = [
            run("项目名称"),
            Run { text: "村级".into(), strong: true },
            Run { text: "工作".into(), strong: true },
            run("经费"),
        ];
        let lines = break_lines(&runs, 5.0, Fill::Balanced, &Plain);
        let weights: Vec<Vec<_>> = lines
            .iter()
            .map(|line| line.runs.iter().map(|run| (run.text.as_str(), run.strong)).collect())
            .collect();
        let expected = [vec![("项目名称", false)], vec![("村级工作", true)], vec![("经费", false)]];
        // Two lines would do for ten characters, but not without tearing a word.
        assert!(weights == expected || weights.len() == 2, "{weights:?}");
        let strong = weights.iter().flatten().filter(|(_, strong)| *strong);
        assert_eq!(strong.map(|(text, _)| *text).collect::<String>(), "村级工作");
    }

    #[test]
    fn the_indent_of_prose_is_kept_and_other_spaces_at_the_ends_are_not() {
        assert_eq!(broken("　　为了", 9.0, Fill::Prose), ["　　为了"]);
        assert_eq!(broken("　　为了", 9.0, Fill::Balanced), ["为了"]);
        assert_eq!(broken("  a b  ", 9.0, Fill::Prose), ["a b"]);
        assert_eq!(broken("ab  cd", 1.5, Fill::Prose), ["ab", "cd"]);
    }

    #[test]
    fn a_cluster_wider_than_the_cell_is_alone_on_its_line() {
        assert_eq!(broken("一二。", 0.5, Fill::Balanced), ["一", "二", "。"]);
        assert_eq!(broken("一二", 0.0, Fill::Prose), ["一", "二"]);
    }

    #[test]
    fn long_texts_take_no_more_than_their_share_of_time() {
        let long = "一".repeat(4000) + &"\u{200b}".repeat(4000) + &"a".repeat(4000);
        for width in [1.0, 42.0] {
            assert!(broken(&long, width, Fill::Prose).len() > 100);
        }
    }

    proptest! {
        #[test]
        fn no_text_is_lost_and_none_leaves_the_cell(
            input in r"(\PC|[一-三（）“”，。0-9a-z%/ \n]|万元|20|——){0,60}",
            bold in r"\PC{0,5}",
            width in 0.5..20.0,
            prose: bool,
        ) {
            let runs = [run(&input), Run { text: bold.clone(), strong: true }];
            let fill = if prose { Fill::Prose } else { Fill::Balanced };
            let lines = break_lines(&runs, width, fill, &Plain);
            let printed: String = lines.iter().map(text).collect();
            let is_kept = |c: &char| !c.is_whitespace();
            let all = input.chars().chain(bold.chars());
            prop_assert!(printed.chars().filter(is_kept).eq(all.filter(is_kept)));
            for line in &lines {
                let clusters = text(line).graphemes(true).filter(|c| Plain.cluster(c, false) > 0.0).count();
                prop_assert!(line.width <= width + ROUNDING || clusters == 1, "{line:?}");
            }
        }
    }
}
