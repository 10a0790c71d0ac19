//! Quotes that are forgotten, doubled by an input method, or put in the wrong place.

/// Quotation marks an input method puts where TOML wants `"`, each with its partner.
const PAIRS: &[(char, char)] = &[
    ('“', '”'),
    ('‘', '’'),
    ('「', '」'),
    ('『', '』'),
    ('〝', '〞'),
    ('＂', '＂'),
    ('＇', '＇'),
    ('`', '`'),
];

/// Whether a character is a quotation mark that does not quote in TOML.
pub(super) fn is_wrong(c: char) -> bool {
    PAIRS.iter().any(|&(opening, closing)| c == opening || c == closing)
}

/// Whether a character quotes in TOML, or is meant to.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'') || is_wrong(c)
}

/// What a text without the quotes of TOML says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Content<'t> {
    /// The text without what was meant for quotes.
    pub text: &'t str,
    /// Whether there was something that was meant for quotes.
    pub had_quotes: bool,
    /// Whether that is the only reading, and the text can stand between quotes as it is.
    pub is_certain: bool,
}

/// Takes off the quotation marks that go around a text as a whole: those are meant for the quotes
/// of TOML. Marks that quote a part of it (`“一村一品”和“一乡一业”`, `乡镇“两个中心”`) belong to it.
pub(super) fn content(written: &str) -> Content<'_> {
    let of = |text, had_quotes| {
        let is_certain =
            are_balanced(text) && !text.is_empty() && !text.contains(['"', '\\', '\n', '\r']);
        Content { text, had_quotes, is_certain }
    };
    let first = written.chars().next().filter(|&c| is_quote(c));
    let last = written.chars().next_back().filter(|&c| is_quote(c));
    let without_first = first.map(|c| &written[c.len_utf8()..]);
    let without_last = last.map(|c| &written[..written.len() - c.len_utf8()]);
    let inside = without_first
        .zip(last)
        .and_then(|(rest, last)| rest.strip_suffix(last))
        .filter(|inside| are_balanced(inside));
    if let Some(inside) = inside {
        return of(inside, true);
    }
    let has_half = written.starts_with(['"', '\'']) || written.ends_with(['"', '\'']);
    if are_balanced(written) && !has_half {
        return of(written, false);
    }
    // One of the two is missing: what is left must be sound without the other.
    let opens = |&c: &char| matches!(c, '"' | '\'') || PAIRS.iter().any(|pair| pair.0 == c);
    let closes = |&c: &char| matches!(c, '"' | '\'') || PAIRS.iter().any(|pair| pair.1 == c);
    let without_first = first.filter(opens).and(without_first);
    let without_last = last.filter(closes).and(without_last);
    let half = [without_first, without_last].into_iter().flatten().find(|half| are_balanced(half));
    half.map_or(Content { text: written, had_quotes: false, is_certain: false }, |half| {
        of(half, true)
    })
}

/// Whether all quotation marks in a text have their partners, in the right order. The half-width
/// ones are none of them.
fn are_balanced(text: &str) -> bool {
    let mut open: Vec<char> = Vec::new();
    for c in text.chars() {
        if open.last() == Some(&c) {
            open.pop();
        } else if let Some(&(_, closing)) = PAIRS.iter().find(|&&(opening, _)| opening == c) {
            open.push(closing);
        } else if is_wrong(c) {
            return false;
        }
    }
    open.is_empty()
}

/// A text between the quotes of TOML, on one line.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted += &format!("\\u{:04X}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_marks_around_the_whole_are_quotes() {
        for (written, text, had_quotes) in [
            ("“项目期”", "项目期", true),
            ("“项目期\"", "项目期", true),
            ("\"项目期”", "项目期", true),
            ("「项目期」", "项目期", true),
            ("“项目期", "项目期", true),
            ("项目期”", "项目期", true),
            ("0101-一年期项目\"", "0101-一年期项目", true),
            ("\"他说“好”", "他说“好”", true),
            ("““四好农村路””", "“四好农村路”", true),
            ("“一村一品”和“一乡一业”", "“一村一品”和“一乡一业”", false),
            ("乡镇“两个中心”", "乡镇“两个中心”", false),
            ("“两个中心”运行费", "“两个中心”运行费", false),
            ("村级’两个‘", "村级’两个‘", false),
            ("村数", "村数", false),
        ] {
            let content = content(written);
            assert_eq!((content.text, content.had_quotes), (text, had_quotes), "{written}");
            assert_eq!(content.is_certain, !written.contains('’'), "{written}");
        }
        assert!(!content("说\"好\"100\"").is_certain);
        assert!(!content("“”").is_certain);
        assert!(!content("甲”乙").is_certain);
    }

    #[test]
    fn what_is_quoted_says_the_same() {
        for text in ["甲", "a\"b\\c", "一\n二", "\u{b}\u{7f}\t", "'“'"] {
            let file = format!("a = {}", quoted(text));
            let table = toml::de::DeTable::parse(&file).unwrap();
            assert_eq!(table.get_ref()["a"].get_ref().as_str(), Some(text));
        }
    }
}
