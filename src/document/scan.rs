//! Where strings end and where comments stand: what the parser's tables do not tell.

use std::ops::Range;

/// The comments of a text without syntax errors, each from its `#` to the end of its line.
pub fn comments(text: &str) -> Vec<Range<usize>> {
    let mut comments = Vec::new();
    let mut at = 0;
    while let Some(offset) = text[at..].find(['#', '"', '\'']) {
        at += offset;
        let rest = &text[at..];
        let quote = rest.chars().next().filter(|&c| c != '#');
        let length = match quote {
            Some(quote) => string_length(rest, quote).unwrap_or(rest.len()),
            None => rest.find('\n').unwrap_or(rest.len()),
        };
        if quote.is_none() {
            comments.push(at..at + rest[..length].trim_end().len());
        }
        at += length;
    }
    comments
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
    fn a_number_sign_in_a_string_is_no_comment() {
        let text = "#一\n\"a#\" = '#' # 二 \r\n\"b\" = \"\"\"\n# 文字\\\"\"\"\"\"\" # 三\n[c] #";
        let comments: Vec<&str> = comments(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(comments, ["#一", "# 二", "# 三", "#"]);
    }
}
