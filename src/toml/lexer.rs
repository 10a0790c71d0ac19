//! Where the texts and the comments of a TOML text stand. A text that cannot be parsed is read as
//! far as it makes sense.
//!
//! Each of them is measured by the parser's own lexer, from its first character on. That lexer is
//! not let loose on a whole text: to it, a quote that stands where none can begin (`＝"a # b"`, as
//! broken files have them) is part of the word before it, and the rest of the text a comment.

use std::ops::Range;

use toml_parser::Source;

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
        at = start + token_length(&text[start..]);
        let token = &text[start..at];
        lexemes.push(if token.starts_with('#') {
            (Lexeme::Comment, start..start + token.trim_end().len())
        } else {
            (Lexeme::Text, start..at)
        });
    }
    lexemes
}

/// The comments, in order, each from `#` to the last character of its line.
pub fn comments(text: &str) -> impl Iterator<Item = Range<usize>> {
    let of_kind = |(kind, range)| (kind == Lexeme::Comment).then_some(range);
    lexemes(text).into_iter().filter_map(of_kind)
}

/// How long the comment or the quoted text is that a text starts with. Quotes that nothing closes
/// reach to the end of their line, three of them to the end of the text.
pub(super) fn token_length(text: &str) -> usize {
    Source::new(text).lex().next().map_or(text.len(), |token| token.span().end())
}

/// Whether a quoted text has its closing quotes.
pub(super) fn is_closed(quoted: &str) -> bool {
    let opening =
        ["\"\"\"", "'''", "\"", "'"].into_iter().find(|&opening| quoted.starts_with(opening));
    let inside = opening.and_then(|quotes| quoted.strip_prefix(quotes)?.strip_suffix(quotes));
    inside.is_some_and(|inside| quoted.starts_with('\'') || !is_escaping(inside))
}

/// Whether a text ends with a backslash that takes the quote behind it for a character.
fn is_escaping(inside: &str) -> bool {
    let backslashes = inside.len() - inside.trim_end_matches('\\').len();
    backslashes % 2 == 1
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
        assert_eq!(found("a = \"b \\\n# d"), [9]);
        assert_eq!(found("a = \"\"\"b # c\n# d"), [0_usize; 0]);
        assert_eq!(found("a＝\"b # c\" # d"), [12]);
    }

    #[test]
    fn quotes_are_closed_by_as_many() {
        for closed in ["\"\"", "\"a\"", "'a\\'", "\"a\\\\\"", "\"\"\"a\"\"\"", "''''a'''"] {
            assert!(is_closed(closed), "{closed}");
        }
        for open in ["\"", "\"a", "\"a\\\"", "'", "\"\"\"a", "\"\"\"a\"", "\"\"\"", "'''a''"] {
            assert!(!is_closed(open), "{open}");
        }
    }
}
