//! The text a finding points into.

use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// What some editors put before UTF-8 text.
pub const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A text that was read, under the name messages show it by.
#[derive(Debug)]
pub struct SourceFile {
    name: String,
    text: String,
    has_byte_order_mark: bool,
    line_starts: OnceLock<Vec<usize>>,
}

/// A stretch of a [`SourceFile`], in bytes.
#[derive(Debug, Clone)]
pub struct Span {
    /// The file.
    pub source: Arc<SourceFile>,
    /// The bytes, on character boundaries.
    pub range: Range<usize>,
}

/// A [`Span`] as editors count: lines and columns (in characters) from 1, the end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Region {
    /// The line of the first character.
    pub line: usize,
    /// The column of the first character.
    pub column: usize,
    /// The line of the place behind the last character.
    pub end_line: usize,
    /// The column of the place behind the last character.
    pub end_column: usize,
}

impl SourceFile {
    /// Takes in a text. `name` is the path as the user would write it.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self::of(name.into(), text.into(), false))
    }

    /// Takes in the text of a file that begins with a byte order mark, which is no part of it.
    pub fn after_byte_order_mark(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self::of(name.into(), text.into(), true))
    }

    fn of(name: String, text: String, has_byte_order_mark: bool) -> Self {
        Self { name, text, has_byte_order_mark, line_starts: OnceLock::new() }
    }

    /// The path as the user would write it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The last part of its path.
    pub fn file_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or_default()
    }

    /// The whole text, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The file as it was read, byte for byte.
    pub fn bytes(&self) -> Vec<u8> {
        let mark: &[u8] = if self.has_byte_order_mark { BYTE_ORDER_MARK } else { b"" };
        [mark, self.text.as_bytes()].concat()
    }

    /// The same file with another text.
    pub fn with_text(&self, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self::of(self.name.clone(), text.into(), self.has_byte_order_mark))
    }

    /// A span of this file. A range that is out of bounds or splits a character is moved to the
    /// nearest place that is right, so that no later step can fail on it.
    pub fn span(self: &Arc<Self>, range: Range<usize>) -> Span {
        let start = self.text.floor_char_boundary(range.start);
        let end = self.text.ceil_char_boundary(range.end).max(start);
        Span { source: Arc::clone(self), range: start..end }
    }

    /// The number (from 1) of the line that holds the byte `offset`.
    pub fn line(&self, offset: usize) -> usize {
        self.line_starts().partition_point(|&start| start <= offset)
    }

    /// The byte at which line `number` (from 1) starts; the end of the text beyond the last.
    pub fn line_start(&self, number: usize) -> usize {
        let starts = self.line_starts();
        starts.get(number.saturating_sub(1)).copied().unwrap_or(self.text.len())
    }

    /// Line `number` (from 1) without its line break.
    pub fn line_text(&self, number: usize) -> &str {
        let line = &self.text[self.line_start(number)..self.line_start(number + 1)];
        line.trim_end_matches(['\n', '\r'])
    }

    /// Line and column of a byte, both from 1, the column in characters.
    fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.line(offset);
        (line, self.text[self.line_start(line)..offset].chars().count() + 1)
    }

    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            let after_breaks = self.text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(after_breaks).collect()
        })
    }
}

impl Span {
    /// The line, from 1.
    pub fn line(&self) -> usize {
        self.source.line(self.range.start)
    }

    /// The column in characters, from 1.
    pub fn column(&self) -> usize {
        self.source.position(self.range.start).1
    }

    /// Line and column of its start and of the place behind its end.
    pub fn region(&self) -> Region {
        let (line, column) = self.source.position(self.range.start);
        let (end_line, end_column) = self.source.position(self.range.end);
        Region { line, column, end_line, end_column }
    }

    /// The text it covers.
    pub fn text(&self) -> &str {
        &self.source.text[self.range.clone()]
    }

    /// The place of a part of the text that is spelled here: it stands as it is behind its quote,
    /// unless it is spelled otherwise; then, and of no part at all, this place.
    #[must_use]
    pub fn part(self, text: &str, at: Range<usize>) -> Self {
        let wanted = text.get(at).unwrap_or_default();
        match self.text().find(wanted) {
            Some(start) if !wanted.is_empty() => {
                let start = self.range.start + start;
                self.source.span(start..start + wanted.len())
            }
            _ => self,
        }
    }
}

/// A path as messages print it: with forward slashes everywhere, and without a leading `./`.
pub fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if cfg!(windows) { with_slashes(&text) } else { text.into_owned() };
    text.strip_prefix("./").map(str::to_owned).unwrap_or(text)
}

/// A path of Windows as it is written everywhere: with slashes, and without the prefix for long paths.
fn with_slashes(path: &str) -> String {
    if let Some(share) = path.strip_prefix(r"\\?\UNC\") {
        return format!("//{}", share.replace('\\', "/"));
    }
    path.strip_prefix(r"\\?\").unwrap_or(path).replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_windows_have_slashes() {
        for (path, expected) in [
            (r"data\2023\056-灵沙乡", "data/2023/056-灵沙乡"),
            (r"\\?\C:\绩效\data", "C:/绩效/data"),
            (r"\\?\UNC\服务器\绩效", "//服务器/绩效"),
            (r"\\服务器\绩效", "//服务器/绩效"),
        ] {
            assert_eq!(with_slashes(path), expected);
        }
    }

    #[test]
    fn lines_and_columns_count_characters() {
        let source = SourceFile::new("a.toml", "一行\n\"键\" = 二\n");
        let at = source.text().find('二').unwrap_or_default();
        let span = source.span(at..at + 3);
        assert_eq!((span.line(), span.column(), span.text()), (2, 7, "二"));
        assert_eq!(source.line(source.text().len()), 3);
    }

    #[test]
    fn a_span_never_splits_a_character() {
        let source = SourceFile::new("a.toml", "一二");
        assert_eq!(source.span(1..4).text(), "一二");
        assert_eq!(source.span(5..99).text(), "二");
        assert_eq!(source.span(99..99).range, 6..6);
    }
}
