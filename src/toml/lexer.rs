//! Where the texts and the comments of a TOML text stand. A text that cannot be parsed is read as
//! far as it makes sense.

use std::ops::Range;

/// What may hold any character, `#`, quotes and brackets too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lexeme {
    /// A quoted key or value, with its quotes.
    Text,
    /// A comment, from `#` to the end of its line.
    Comment,
}

/// The quoted texts and the comments, in order.
pub fn lexemes(text: &str) -> Vec<(Lexeme, Range<usize>)> {
    let mut lexemes = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(['#', '"', '\'']) {
        let start = at + found;
        let rest = &text[start..];
        let (kind, length) = match rest.chars().next() {
            Some('#') => {
                let line = rest.split('\n').next().unwrap_or(rest);
                (Lexeme::Comment, line.trim_end().len())
            }
            quote => {
                // Three quotes that nothing closes take the rest for a text.
                let length = quote.and_then(|quote| string_length(rest, quote));
                (Lexeme::Text, length.unwrap_or(rest.len()))
            }
        };
        at = start + length;
        lexemes.push((kind, start..at));
    }
    lexemes
}

/// The comments, in order, each from `#` to the last character of its line.
pub fn comments(text: &str) -> impl Iterator<Item = Range<usize>> {
    let of_kind = |(kind, range)| (kind == Lexeme::Comment).then_some(range);
    lexemes(text).into_iter().filter_map(of_kind)
}

/// How long the string is that `text` starts with; `None` if three quotes are never closed.
pub(super) fn string_length(text: &str, quote: char) -> Option<usize> {
    let three: String = [quote; 3].iter().collect();
    let is_multi_line = text.starts_with(&three);
    let opening = if is_multi_line { 3 } else { 1 };
    let mut characters = text[opening..].char_indices();
    while let Some((at, c)) = characters.next() {
        let rest = &text[opening + at..];
        if c == '\\' && quote == '"' {
            characters.next();
        } else if is_multi_line && rest.starts_with(&three) {
            // A text may itself end with one or two quotes, before the three that close it.
            let quotes = rest.chars().take(5).take_while(|&c| c == quote).count();
            return Some(opening + at + quotes);
        } else if !is_multi_line && c == '\n' {
            return Some(opening + at);
        } else if !is_multi_line && c == quote {
            return Some(opening + at + 1);
        }
    }
    (!is_multi_line).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_in_a_text_is_no_comment() {
        let text =
            "# 一\n\"a#b\" = 'c#' # 二 \"#\r\n\"\"\"\n# 文字\n\"\"\"\" # 三\n'\\' = \"\\\"#\"#四";
        let found: Vec<&str> = comments(text).map(|range| &text[range]).collect();
        assert_eq!(found, ["# 一", "# 二 \"#", "# 三", "#四"]);
    }

    #[test]
    fn a_broken_text_ends_with_its_line_or_with_the_file() {
        let found = |text: &str| comments(text).map(|range| range.start).collect::<Vec<_>>();
        assert_eq!(found("a = \"b # c\n# d"), [11]);
        assert_eq!(found("a = \"\"\"b # c\n# d"), [0_usize; 0]);
    }
}
