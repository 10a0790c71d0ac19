//! Places as editors count them: lines and UTF-16 units from 0; and files as they name them.

use std::ops::Range;
use std::path::{Path, PathBuf};

use lsp_types::{Position, Uri};

/// A text with its lines. A line ends with `\n`, `\r\n` or `\r`.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |at: usize| match bytes.get(at) {
            Some(b'\n') => true,
            Some(b'\r') => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let after = (0..bytes.len()).filter(|&at| ends_line(at)).map(|at| at + 1);
        Self { text, starts: std::iter::once(0).chain(after).collect() }
    }

    /// The place of a byte.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.starts.partition_point(|&start| start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let units = self.text.get(start..offset).map_or(0, |it| it.encode_utf16().count());
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position { line: number(line), character: number(units) }
    }

    /// The byte at a place; beyond the end of a line or of the text, that end.
    pub fn offset(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(&start) = self.starts.get(line) else { return self.text.len() };
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let line = self.text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r']);
        let mut left = position.character as usize;
        for (at, c) in line.char_indices() {
            if left < c.len_utf16() {
                return start + at;
            }
            left -= c.len_utf16();
        }
        start + line.len()
    }

    /// The places of a range of bytes.
    pub fn range(&self, range: &Range<usize>) -> lsp_types::Range {
        lsp_types::Range::new(self.position(range.start), self.position(range.end))
    }

    /// The range of the whole text.
    pub fn whole(&self) -> lsp_types::Range {
        self.range(&(0..self.text.len()))
    }
}

/// The URI of an absolute path, as findings name it; `None` for what is no path.
pub(super) fn uri(path: &str) -> Option<Uri> {
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "file:///" });
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri += &format!("%{byte:02X}");
        }
    }
    uri.parse().ok()
}

/// The path that a URI of a file means; `None` for others.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    // Whatever machine is named, it is this one.
    let rest = rest.get(rest.find('/')?..)?;
    let mut bytes = Vec::with_capacity(rest.len());
    let mut left = rest.bytes();
    while let Some(byte) = left.next() {
        bytes.push(if byte == b'%' {
            let (high, low) = (hex(left.next()?)?, hex(left.next()?)?);
            high << 4 | low
        } else {
            byte
        });
    }
    let path = String::from_utf8(bytes).ok()?;
    // `/C:/…` is `C:/…`.
    let is_drive = path.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if is_drive { path.get(1..)? } else { path.as_str() }))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The folder people work in, of the one that an editor has opened: it may be within the data.
pub(super) fn workspace_around(folder: &Path) -> &Path {
    folder.ancestors().find(|it| it.join("data").is_dir()).unwrap_or(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_utf_16() {
        let text = "一𠮷a\r\n\r二\n";
        let lines = Lines::new(text);
        for (offset, place) in [
            (0, (0, 0)),
            (3, (0, 1)),
            (7, (0, 3)),
            (8, (0, 4)),
            (10, (1, 0)),
            (11, (2, 0)),
            (15, (3, 0)),
        ] {
            let position = Position::new(place.0, place.1);
            assert_eq!(lines.position(offset), position, "{offset}");
            assert_eq!(lines.offset(position), offset, "{offset}");
        }
        // Within a character, and beyond an end.
        assert_eq!(lines.offset(Position::new(0, 2)), 3);
        assert_eq!(lines.offset(Position::new(0, 99)), 8);
        assert_eq!(lines.offset(Position::new(9, 9)), text.len());
        assert_eq!(lines.position(99), Position::new(3, 0));
    }

    #[test]
    fn a_path_comes_back_from_its_uri() {
        for name in ["/甲/data/2023/056-灵沙乡/01 a%b#c.toml", "C:/甲/a.toml"] {
            let uri = uri(name).unwrap();
            assert_eq!(path(&uri), Some(PathBuf::from(name)), "{}", uri.as_str());
        }
        for other in ["untitled:甲", "http://a/b", "file:///%E4%B8", "file:///a%zz"] {
            assert!(other.parse().ok().as_ref().and_then(path).is_none(), "{other}");
        }
    }
}
