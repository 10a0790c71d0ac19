//! A text with mistakes, made fit for the parser, so that one slip does not hide the rest.
//!
//! A text that the parser takes is left alone. Any other is gone through statement by statement;
//! those that the parser does not take are read as they were meant ([`statement`]) and replaced by
//! what they should be. **What is read of a text with mistakes is what it says after `--fix`**: the
//! same edits make both. Where only the author knows what was meant, a value becomes an empty one
//! that counts as broken, or the line is lost.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use toml::de::DeTable;

use super::is_duplicate;
use super::lexer::{Lexeme, is_closed, lexemes, token_length};
use super::places::{LOST_TABLE, Mends};
use super::statement::{self, Edit, Statement};
use super::syntax;
use crate::diagnostics::{Finding, SourceFile};

/// Brackets that stay open over more lines than this hold nothing together.
const DEEPEST: usize = 32;

/// A text that can be parsed, made of one that cannot.
#[derive(Debug, Default)]
pub(super) struct Mended {
    pub text: String,
    pub mends: Mends,
    /// The lines that say nothing because of their syntax.
    pub lost_lines: BTreeSet<usize>,
    /// Whether the header of a table is among them.
    pub has_lost_header: bool,
    /// Whether any line of it was meant for TOML.
    pub has_sign: bool,
    pub findings: Vec<Finding>,
}

/// Mends the text of a file.
pub(super) fn mend(source: &Arc<SourceFile>) -> Mended {
    let mut mended = Mended::default();
    let mut edits: Vec<Edit> = Vec::new();
    let text = source.text();
    let mut at = 0;
    let mut is_open = false;
    while at < text.len() {
        let is_rest = is_open && !statement::begins(line(text, at));
        let end = if is_rest { line_end(text, at) } else { statement_end(text, at) };
        let is_one_line = end == line_end(text, at);
        let is_held = is_one_line || is_sound(&text[at..end]) || !hides_statement(&text[at..end]);
        let end = if is_held { end } else { line_end(text, at) };
        let range = at..at + text[at..end].trim_end_matches('\r').len();
        at = end + 1;
        if is_rest {
            mended.lost_lines.insert(source.line(range.start));
            edits.push((range, String::new()));
            continue;
        }
        is_open = false;
        if is_sound(&text[range.clone()]) {
            mended.has_sign |= text[range].contains('=');
            continue;
        }
        let goes_on = at < text.len() && !statement::begins(line(text, at));
        let statement = statement::read(source, range.clone(), goes_on);
        is_open = statement.is_open;
        mended.take(source, range, statement, &mut edits);
    }
    mended.apply(text, edits);
    mended
}

/// Where the line ends that holds a place, without its line feed.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |length| at + length)
}

/// The rest of the line from a place on.
fn line(text: &str, at: usize) -> &str {
    &text[at..line_end(text, at)]
}

/// Where the statement ends that begins at a place: with its line, or where its brackets or three
/// quotes close. Those that nothing closes, or only after another statement, hold nothing together.
fn statement_end(text: &str, start: usize) -> usize {
    let first_line = line_end(text, start);
    let opening = line(text, start);
    if opening.trim_start().starts_with(['[', '{']) || !opening.contains(['{', '[', '"', '\'']) {
        return first_line;
    }
    let mut open: Vec<char> = Vec::new();
    let mut at = start;
    while let Some(found) = text[at..].find(['#', '"', '\'', '{', '[', '}', ']', '\n']) {
        at += found;
        let rest = &text[at..];
        match rest.chars().next() {
            Some('\n') if open.is_empty() => return at,
            Some('\n') => {
                let next = line(text, at + 1);
                let is_new = match open.last() {
                    Some('[') => starts_pair(next),
                    _ => next.trim_start().starts_with(['[', '【', '［']),
                };
                if is_new || open.len() > DEEPEST {
                    return first_line;
                }
                at += 1;
            }
            Some(bracket @ ('{' | '[')) => {
                open.push(bracket);
                at += 1;
            }
            Some(bracket @ ('}' | ']')) => {
                let opened = if bracket == '}' { '{' } else { '[' };
                if open.pop() != Some(opened) {
                    return first_line;
                }
                at += 1;
            }
            _ => {
                let token = &rest[..token_length(rest)];
                if token.contains('\n') && !is_closed(token) {
                    return first_line;
                }
                at += token.len();
            }
        }
    }
    if open.is_empty() { text.len() } else { first_line }
}

/// Whether a text of several lines holds what must be statements of their own: it began where none
/// should, or does not end where it should.
fn hides_statement(statement: &str) -> bool {
    let texts = lexemes(statement).into_iter().filter(|(kind, _)| *kind == Lexeme::Text);
    texts
        .map(|(_, range)| &statement[range])
        .any(|text| text.lines().skip(1).any(|line| starts_pair(line) || line.starts_with("[\"")))
}

/// Whether a line begins with a key and an equals sign.
fn starts_pair(line: &str) -> bool {
    let line = line.trim_start();
    let key = match line.chars().next() {
        Some('"' | '\'') => token_length(line),
        _ => line.find(['=', '"', '\'', '{', '[', ',', '#']).unwrap_or(line.len()),
    };
    key > 0 && line[key..].trim_start().starts_with('=')
}

/// Whether the parser takes a statement as it stands.
fn is_sound(statement: &str) -> bool {
    // At the start of a text the parser overlooks a byte order mark; this is no start of a text.
    statement.trim_matches([' ', '\t']).is_empty()
        || !statement.starts_with('\u{feff}')
            && DeTable::parse_recoverable(statement).1.iter().all(is_duplicate)
}

/// What takes the place of the header of a table which cannot be read: what is below it must not
/// pass for part of the table above.
fn stand_in(line: usize) -> String {
    format!("[\"\\u{:04X}{line}\"]", u32::from(LOST_TABLE))
}

/// A text with some of it replaced.
fn edited(text: &str, range: Range<usize>, edits: &[Edit]) -> String {
    let mut edited = String::with_capacity(range.len());
    let mut at = range.start;
    for (replaced, with) in edits {
        edited += text.get(at..replaced.start).unwrap_or_default();
        edited += with;
        at = replaced.end;
    }
    edited + &text[at..range.end]
}

impl Mended {
    /// Takes in what was made of a statement.
    fn take(
        &mut self,
        source: &Arc<SourceFile>,
        range: Range<usize>,
        statement: Statement,
        edits: &mut Vec<Edit>,
    ) {
        let text = source.text();
        self.has_sign |= statement.has_sign;
        let own = statement.edits(text);
        let is_read = !statement.is_lost && is_sound(&edited(text, range.clone(), &own));
        if !is_read && (statement.is_certain() || statement.slips.is_empty()) {
            let finding = syntax::unreadable(source.span(range.clone()));
            self.findings.push(finding);
        }
        let is_certain = is_read && statement.is_certain();
        for slip in statement.slips {
            let mut finding = slip.finding;
            if is_certain {
                for (range, with) in slip.edits {
                    finding = finding.fix(source.span(range), with);
                }
            }
            self.findings.push(finding);
        }
        if is_read {
            let end = range.end;
            edits.extend(own);
            if let Some(extra) = &statement.extra
                && statement::ends_with_header(&text[extra.clone()])
            {
                // It may be the header of a table, put on the line before it.
                let header = text[extra.clone()].trim();
                let is_whole = header.starts_with('[') && is_sound(header);
                self.has_lost_header |= !is_whole;
                let header = if is_whole { header.to_owned() } else { stand_in(source.line(end)) };
                edits.push((end..end, format!("\n{header}")));
            }
            self.mends.bare.extend(statement.bare);
            self.mends.broken.extend(statement.broken);
            return;
        }
        let line = source.line(range.start);
        self.lost_lines.extend(line..=source.line(range.end));
        let is_header = statement.is_header || statement::may_be_header(&text[range.clone()]);
        self.has_lost_header |= is_header;
        let stand_in = if is_header { stand_in(line) } else { String::new() };
        edits.push((range, stand_in));
    }

    /// Makes the edits.
    fn apply(&mut self, text: &str, edits: Vec<Edit>) {
        self.text = edited(text, 0..text.len(), &edits);
        let mut shift = 0_isize;
        for (old, with) in edits {
            let start = old.start.saturating_add_signed(shift);
            let new = start..start + with.len();
            shift += with.len() as isize - old.len() as isize;
            self.mends.places.edits.push((new, old));
        }
    }
}
