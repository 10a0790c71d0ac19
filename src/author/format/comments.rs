//! The comments of a file, and which line each belongs to.

use std::collections::BTreeMap;
use std::ops::Range;

use super::line::{Comment, Line};
use crate::diagnostics::SourceFile;
use crate::toml;

/// The comments that belong to the file and not to one of its lines.
#[derive(Debug, Default)]
pub(super) struct Around {
    pub top: Vec<Comment>,
    /// Whether a blank line keeps the comments at the top apart from the first key.
    pub blank_below_top: bool,
    pub end: Vec<Comment>,
}

/// Gives each comment to the line it belongs to.
///
/// What stands at a line's end belongs to that line, what stands above a line to the line below
/// it; but a block apart from the first key is the file's, and one that directly follows the last
/// line of a table and is apart from the next table stays in its table.
pub(super) fn assign(source: &SourceFile, lines: &mut [Line]) -> Around {
    let comments: Vec<Written> =
        toml::comments(source.text()).map(|at| Written::new(source, at)).collect();
    let places = Places::new(lines);
    let mut around = Around::default();
    for block in comments.chunk_by(Written::is_followed_by) {
        match block {
            [comment] if !comment.is_alone => places.end_of_line(source, comment, lines),
            _ => places.own_lines(block, lines, &mut around),
        }
    }
    around
}

/// A comment where it was found.
struct Written {
    at: usize,
    line: usize,
    /// Whether it is all there is on its line.
    is_alone: bool,
    is_before_blank: bool,
    comment: Comment,
}

impl Written {
    fn new(source: &SourceFile, range: Range<usize>) -> Self {
        let line = source.line(range.start);
        let is_blank = |line: usize| source.line_text(line).trim().is_empty();
        let end = source.line_start(line) + source.line_text(line).len();
        let comment = Comment {
            text: tidy(&source.text()[range.clone()]),
            after_blank: line > 1 && is_blank(line - 1),
        };
        Self {
            at: range.start,
            line,
            is_alone: source.text()[source.line_start(line)..range.start].trim().is_empty(),
            is_before_blank: end < source.text().len() && is_blank(line + 1),
            comment,
        }
    }

    fn is_followed_by(&self, other: &Self) -> bool {
        self.is_alone && other.is_alone && self.line + 1 == other.line
    }

    /// Whether it speaks to an editor (`#:schema …`), which looks for it on the first line only.
    fn is_directive(&self) -> bool {
        self.comment.text.starts_with("#:")
    }
}

/// A comment as it is written: a space behind `#`, none at its end. Rulers (`#----`) and
/// directives (`#:schema`) stay as they are.
fn tidy(comment: &str) -> String {
    let comment = comment.trim_end();
    let text = &comment[1..];
    let is_text =
        |c: char| !c.is_whitespace() && (!c.is_ascii_punctuation() || "\"'([{".contains(c));
    if text.starts_with(is_text) { format!("# {text}") } else { comment.to_owned() }
}

/// A stretch of the source that a line of the outline was read from.
#[derive(Debug, Clone)]
struct Place {
    range: Range<usize>,
    line: usize,
    /// Whether it is a value of an indicator that is not written on one line.
    is_part: bool,
}

/// Where the lines of an outline stand in the source.
struct Places {
    by_start: BTreeMap<usize, Place>,
    by_end: BTreeMap<usize, Place>,
}

impl Places {
    fn new(lines: &[Line]) -> Self {
        let places = lines.iter().enumerate().flat_map(|(index, line)| {
            let own = line.place.iter().map(|range| (range, false));
            own.chain(line.parts.iter().map(|range| (range, true)))
                .map(move |(range, is_part)| Place { range: range.clone(), line: index, is_part })
        });
        let by_start: BTreeMap<usize, Place> =
            places.map(|place| (place.range.start, place)).collect();
        let by_end = by_start.values().map(|place| (place.range.end, place.clone())).collect();
        Self { by_start, by_end }
    }

    /// A comment behind something else on its line.
    fn end_of_line(&self, source: &SourceFile, written: &Written, lines: &mut [Line]) {
        let text = written.comment.text.clone();
        let before = self.by_end.range(..=written.at).next_back().map(|(_, place)| place);
        match before.filter(|place| source.line(place.range.end) == written.line) {
            Some(place) if !place.is_part => lines[place.line].beside = Some(text),
            place => {
                let line = place.map(|place| place.line).or(self.containing(written.at, lines));
                if let Some(line) = line {
                    lines[line].above.push(Comment { text, after_blank: false });
                }
            }
        }
    }

    /// Comments that follow each other on lines of their own.
    fn own_lines(&self, block: &[Written], lines: &mut [Line], around: &mut Around) {
        let (Some(first), Some(last)) = (block.first(), block.last()) else { return };
        let mut comments: Vec<Comment> = block.iter().map(|one| one.comment.clone()).collect();
        let next = self.by_start.range(first.at..).next().map(|(_, place)| place.line);
        if let Some(within) = self.containing(first.at, lines) {
            let is_inside = |&next: &usize| section(lines, next).start == within;
            let line = next.filter(is_inside).unwrap_or(within);
            return lines[line].above.append(&mut comments);
        }
        let Some(next) = next else { return around.end.append(&mut comments) };
        match self.by_end.range(..=first.at).next_back() {
            None => {
                if first.is_directive() && around.top.is_empty() {
                    around.top.push(comments.remove(0));
                    around.blank_below_top = first.is_before_blank;
                }
                if last.is_before_blank && !comments.is_empty() {
                    around.top.append(&mut comments);
                    around.blank_below_top = true;
                }
            }
            Some((_, before)) => {
                let is_of_table = !first.comment.after_blank && last.is_before_blank;
                if is_of_table && lines[next].is_header {
                    let end = section(lines, before.line).end;
                    lines[end - 1].below.append(&mut comments);
                }
            }
        }
        lines[next].above.append(&mut comments);
    }

    /// The line whose braces go around a place in the source.
    fn containing(&self, at: usize, lines: &[Line]) -> Option<usize> {
        let (_, before) = self.by_start.range(..at).next_back()?;
        [before.line, section(lines, before.line).start]
            .into_iter()
            .find(|&line| lines[line].place.as_ref().is_some_and(|place| place.contains(&at)))
    }
}

/// The lines of the table that a line is in, its header among them.
fn section(lines: &[Line], line: usize) -> Range<usize> {
    let start = lines[..=line].iter().rposition(|line| line.is_header).unwrap_or(0);
    let end = lines[line + 1..].iter().position(|line| line.is_header);
    start..end.map_or(lines.len(), |end| line + 1 + end)
}
