//! A text made fit for the parser, so that one slip does not hide the rest of the file.
//!
//! The parser gives up on everything below a line without `=`, and takes everything below an
//! unclosed bracket for its contents. Such a line is put right where there is only one reading
//! (`＝` is `=`), or else blanked out. What replaces a line is as long as the line, so the places
//! in the mended text are the places in the file.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use toml::de::{DeTable, Error};

use super::lexer::string_length;
use crate::diagnostics::SourceFile;

/// How often a text is mended: once for all lines without `=`, once for each unclosed bracket.
const ROUNDS: usize = 16;

/// Quotation marks an input method puts where TOML wants `"`.
pub(super) const WRONG_QUOTES: &[char] =
    &['“', '”', '‘', '’', '＂', '「', '」', '『', '』', '〝', '〞', '＇'];

const WRONG_OPENING: &[char] = &['【', '［', '〔'];
const WRONG_CLOSING: &[char] = &['】', '］', '〕'];
const WRONG_EQUALS: &[char] = &['＝', '：', ':'];

/// A text that can be parsed to its end, as far as it can be mended.
#[derive(Debug)]
pub struct MendedText<'s> {
    pub(super) source: &'s Arc<SourceFile>,
    /// What the parser reads.
    pub(super) mended: Cow<'s, str>,
    /// What was mended, in no order.
    pub(super) faults: Vec<Fault>,
    /// The lines that go on with a text whose quotes were not closed.
    pub(super) continued: BTreeSet<usize>,
}

/// A fault that would have kept the parser from reading on.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub kind: FaultKind,
    /// What to point at.
    pub at: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// `＝` or `：` in the place of `=`; read as `=`.
    WrongEquals,
    /// `【…】` in the place of `[…]`; read as `[…]`.
    WrongBrackets,
    /// `[…` or `…]`, without the bracket named here; read as `[…]`.
    MissingBracket(char),
    /// One `=` too many; read as if it were not there.
    ExtraEquals,
    /// A line without `=`, lost.
    NoEquals,
    /// `{`, `[` or `"""` that nothing closes; its line is lost.
    Unclosed(char),
}

impl<'s> MendedText<'s> {
    /// Mends the text of a file.
    pub fn new(source: &'s Arc<SourceFile>) -> Self {
        let (faults, continued) = Default::default();
        let mut text = Self { source, mended: source.text().into(), faults, continued };
        for _ in 0..ROUNDS {
            if !text.mend() {
                break;
            }
        }
        text
    }

    /// Mends what the parser stumbles over; `false` if there is nothing that can be mended.
    fn mend(&mut self) -> bool {
        let (_, errors) = DeTable::parse_recoverable(&self.mended);
        let is_unclosed = errors.iter().any(|error| {
            ["unclosed inline table", "unclosed array", "invalid multi-line"]
                .into_iter()
                .any(|about| error.message().starts_with(about))
        });
        let unclosed = is_unclosed.then(|| first_unclosed(&self.mended)).flatten();
        let lines = self.lines_without_equals(&errors);
        let mut is_mended = unclosed.is_some() || !lines.is_empty();
        if let Some((at, bracket)) = unclosed {
            self.lose_unclosed(at, bracket);
        }
        for &line in &lines {
            self.mend_line(line);
        }
        for error in &errors {
            let Some(at) = error.span() else { continue };
            is_mended |= match error.message() {
                about if about.starts_with("unclosed table") => self.close_table(at.start),
                about if about.starts_with("extra `=`") => self.drop_equals(at),
                _ => false,
            };
        }
        is_mended
    }

    fn lines_without_equals(&mut self, errors: &[Error]) -> BTreeSet<usize> {
        let at = |error: &Error| error.span().map(|span| self.source.line(span.start));
        let about = |error: &&Error, text: &str| error.message().starts_with(text);
        let lines: BTreeSet<usize> = errors
            .iter()
            .filter(|e| about(e, "key with no value") || about(e, "missing value for key"))
            .filter_map(at)
            .collect();
        let open: BTreeSet<usize> = errors
            .iter()
            .filter(|e| about(e, "invalid basic string") || about(e, "invalid literal string"))
            .filter_map(at)
            .collect();
        for &line in &lines {
            let before = line - 1;
            if (open.contains(&before) || self.continued.contains(&before))
                && is_prose(self.source.line_text(line))
            {
                self.continued.insert(line);
            }
        }
        lines
    }

    /// Blanks out the line that opens a bracket or a text which nothing closes.
    fn lose_unclosed(&mut self, at: usize, bracket: char) {
        let line = self.source.line(at);
        let end = self.source.line_start(line) + self.source.line_text(line).trim_end().len();
        let pointed_at = if bracket == '"' { at..at + 3 } else { end..end };
        if bracket == '"' {
            // What follows is the rest of the text.
            self.continued.insert(line);
        }
        self.faults.push(Fault { kind: FaultKind::Unclosed(bracket), at: pointed_at });
        self.replace(line, None);
    }

    fn close_table(&mut self, at: usize) -> bool {
        let line = self.source.line(at);
        let text = self.source.line_text(line);
        let Some((kind, at, mended)) = with_both_brackets(text) else { return false };
        let start = self.source.line_start(line);
        self.faults.push(Fault { kind, at: start + at.start..start + at.end });
        self.replace(line, Some(mended));
        true
    }

    fn drop_equals(&mut self, at: Range<usize>) -> bool {
        let is_equals = self.mended.get(at.clone()) == Some("=");
        if is_equals {
            self.mended.to_mut().replace_range(at.clone(), " ");
            self.faults.push(Fault { kind: FaultKind::ExtraEquals, at });
        }
        is_equals
    }

    fn mend_line(&mut self, line: usize) {
        if self.continued.contains(&line) {
            return self.replace(line, None);
        }
        let text = self.source.line_text(line);
        let start = self.source.line_start(line);
        if self.mended[start..start + text.len()] != *text {
            // What was made of it still cannot be read, and it has been reported.
            return self.replace(line, None);
        }
        let indent = text.len() - text.trim_start().len();
        let (kind, at, mended) = if let Some(mended) = with_right_brackets(text) {
            (FaultKind::WrongBrackets, indent..text.trim_end().len(), Some(mended))
        } else if let Some((kind, at, mended)) = with_both_brackets(text) {
            (kind, at, Some(mended))
        } else if let Some((at, mended)) = with_right_equals(text) {
            (FaultKind::WrongEquals, at, Some(mended))
        } else {
            (FaultKind::NoEquals, indent..text.trim_end().len(), None)
        };
        self.faults.push(Fault { kind, at: start + at.start..start + at.end });
        self.replace(line, mended);
    }

    /// Puts another text of the same length in the place of a line, or spaces.
    fn replace(&mut self, line: usize, with: Option<String>) {
        let start = self.source.line_start(line);
        let range = start..start + self.source.line_text(line).len();
        let with = with.unwrap_or_else(|| " ".repeat(range.len()));
        debug_assert_eq!(with.len(), range.len());
        self.mended.to_mut().replace_range(range, &with);
    }
}

/// Whether a line may be the rest of a text, and is not a key or a table of its own.
fn is_prose(line: &str) -> bool {
    let line = line.trim();
    line == "\"" || !line.starts_with(['"', '\'', '[', '“', '【'])
}

/// A table's name, with `[` and `]` in the place of the brackets an input method put there.
fn with_right_brackets(line: &str) -> Option<String> {
    if !line.trim_start().starts_with(WRONG_OPENING) || !line.contains(WRONG_CLOSING) {
        return None;
    }
    // Each of them is three bytes long.
    Some(line.replace(WRONG_OPENING, "  [").replace(WRONG_CLOSING, "]  "))
}

/// A table's name that has only one of its brackets, with both of them in the place of its quotes.
fn with_both_brackets(line: &str) -> Option<(FaultKind, Range<usize>, String)> {
    let text = line.trim();
    let start = line.len() - line.trim_start().len();
    let end = start + text.len();
    let name = |text: &str| {
        let name = text.strip_prefix('"')?.strip_suffix('"')?;
        (!name.is_empty() && !name.contains(['"', '[', ']'])).then(|| name.to_owned())
    };
    let (kind, at, table) = match (text.strip_prefix('['), text.strip_suffix(']')) {
        (Some(rest), None) => {
            (FaultKind::MissingBracket(']'), end..end, format!(" [{}]", name(rest)?))
        }
        (None, Some(rest)) => {
            (FaultKind::MissingBracket('['), start..start, format!("[{}] ", name(rest)?))
        }
        _ => return None,
    };
    Some((kind, at, format!("{}{table}{}", &line[..start], &line[end..])))
}

/// A line whose key is followed by `＝` or `：`, with `=` in its place, and where it stands.
fn with_right_equals(line: &str) -> Option<(Range<usize>, String)> {
    let key = line.trim_start();
    let indent = line.len() - key.len();
    let is_quote = |c: char| c == '"' || c == '\'' || WRONG_QUOTES.contains(&c);
    let mut after_key = indent;
    if let Some(quote) = key.chars().next().filter(|&c| is_quote(c)) {
        let inside = &key[quote.len_utf8()..];
        let (end, closing) = inside.char_indices().find(|&(_, c)| is_quote(c))?;
        after_key += quote.len_utf8() + end + closing.len_utf8();
    }
    let (at, sign) = line[after_key..].char_indices().find(|&(_, c)| WRONG_EQUALS.contains(&c))?;
    let range = after_key + at..after_key + at + sign.len_utf8();
    let mut mended = line.to_owned();
    mended.replace_range(range.clone(), &format!("{:<width$}", '=', width = range.len()));
    Some((range, mended))
}

/// The bracket, or the three quotes, that opens a value and is still open at the end of the text.
fn first_unclosed(text: &str) -> Option<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut at = 0;
    let mut line_is_empty = true;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let step = match c {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => match string_length(rest, c) {
                Some(length) => length,
                None => return open.first().copied().or(Some((at, '"'))),
            },
            '[' if open.is_empty() && line_is_empty => rest.find('\n').unwrap_or(rest.len()),
            '{' | '[' => {
                open.push((at, c));
                1
            }
            '}' | ']' => {
                open.pop();
                1
            }
            _ => c.len_utf8(),
        };
        line_is_empty = c == '\n' || (line_is_empty && c.is_whitespace());
        at += step;
    }
    open.first().copied()
}
