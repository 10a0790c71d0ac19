//! A text of the data whose parts still know their place in the file.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use toml::Spanned;

use super::misread::is_sign;
use crate::diagnostics::{SourceFile, Span};

/// A text of the data.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a> {
    source: &'a Arc<SourceFile>,
    text: &'a Spanned<String>,
}

impl<'a> Text<'a> {
    pub fn new(source: &'a Arc<SourceFile>, text: &'a Spanned<String>) -> Self {
        Self { source, text }
    }

    pub fn as_str(&self) -> &'a str {
        self.text.get_ref()
    }

    /// All of it as it stands in the file, within the quotes; the quotes too if it is empty or
    /// spelled in another way.
    pub fn inner(&self) -> Span {
        self.part(0..self.as_str().len()).unwrap_or_else(|| self.token())
    }

    /// The place of a part, or of the whole text where the part is not found.
    pub fn near(&self, part: Range<usize>) -> Span {
        self.part(part).unwrap_or_else(|| self.inner())
    }

    /// The place of a part; `None` if the file spells it in another way (an escape such as
    /// `\u0007`, a line break taken out by `\`).
    pub fn part(&self, part: Range<usize>) -> Option<Span> {
        let text = self.as_str();
        let wanted = text.get(part.clone()).filter(|wanted| !wanted.is_empty())?;
        let token = self.token();
        // The nth occurrence in the text is the nth in the file, if both have equally many.
        let before = text[..part.start].matches(wanted).count();
        let mut in_file = token.text().match_indices(wanted);
        let (offset, _) = in_file.nth(before)?;
        let is_same = before + 1 + in_file.count() == text.matches(wanted).count();
        let start = token.range.start + offset;
        let span = self.source.span(start..start + wanted.len());
        is_same.then_some(span)
    }

    fn token(&self) -> Span {
        self.source.span(self.text.span())
    }
}

/// The clauses of a text, each with where it starts: what stands between the marks of a sentence.
pub(super) fn clauses(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_mark = |c: char| "，。；：！？,;!?\n".contains(c);
    text.split(is_mark).map(move |clause| {
        let start = clause.as_ptr().addr() - text.as_ptr().addr();
        let trimmed = clause.trim_start();
        (start + clause.len() - trimmed.len(), trimmed.trim_end())
    })
}

/// Whether a text has only characters that no rule about characters says anything of: Han, figures,
/// letters, the full-width marks of sentences. Most texts are such, and are spared those rules.
pub(super) fn is_plain(text: &str) -> bool {
    /// A bit for each character of the Basic Multilingual Plane.
    static PLAIN: LazyLock<Vec<u64>> = LazyLock::new(|| {
        let is_plain = |c: char| {
            let is_common = matches!(c, '\u{4e00}'..='\u{9fff}' | '、' | '。' | '，' | '；' | '：')
                || matches!(c, '？' | '！' | '≥' | '≤' | '-' | '%' | '.' | '/' | '+')
                || c.is_ascii_alphanumeric();
            is_common && !is_sign(c) && !matches!(c, '烫' | '屯' | '锟' | '斤' | '拷')
        };
        (0..1024_u32)
            .map(|word| {
                let bit = |bit: u32| char::from_u32(word * 64 + bit).is_some_and(is_plain);
                (0..64).filter(|&at| bit(at)).fold(0, |bits, at| bits | 1 << at)
            })
            .collect()
    });
    let plain: &[u64] = &PLAIN;
    text.chars().all(|c| {
        let code = c as usize;
        plain.get(code / 64).is_some_and(|bits| bits >> (code % 64) & 1 == 1)
    })
}

/// Whether a character is Han.
pub(super) fn is_han(c: char) -> bool {
    use unicode_script::{Script, UnicodeScript};
    match c {
        '\u{4e00}'..='\u{9fff}' => true,
        '\0'..='\u{2e7f}' => false,
        c => c.script() == Script::Han,
    }
}
