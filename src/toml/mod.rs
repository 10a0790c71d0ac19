//! TOML text → tables whose keys and values still know their place.
//!
//! [`Document::parse`] reports every syntax error of a text at once, in Chinese, and puts right
//! what has only one reading (a key without quotes, or in full-width quotes), so that the rest of
//! the file is still checked in the same run; [`MendedText`] does so before the parser sees it. [`Table`]
//! is the typed view on top: asking it for a key is what declares the key, so `finish` can name the
//! keys nobody declared. [`comments`] are what the parser leaves out.

mod lexer;
mod mend;
mod syntax;
mod table;
pub mod text_file;

pub use lexer::{Lexeme, comments, lexemes};
pub use mend::MendedText;
pub(crate) use syntax::KEY_QUOTES;
pub(crate) use table::{EMPTY_TEXT, MISSING_KEY};
pub use table::{Entry, Need, Table};

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeTable;

use crate::diagnostics::{Finding, Rule, SourceFile, Span};
use syntax::Damage;

/// The kinds of findings reported here.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    syntax::RULES.iter().chain(table::RULES).copied()
}

/// A parsed TOML text.
#[derive(Debug)]
pub struct Document<'s> {
    source: &'s Arc<SourceFile>,
    root: Spanned<DeTable<'s>>,
    /// Where the syntax is wrong: what is read from there is not reported a second time.
    broken: Vec<Range<usize>>,
    /// The lines that say nothing because of their syntax.
    lost_lines: BTreeSet<usize>,
    /// Whether every key stands where its author put it. After an unclosed bracket it does not,
    /// and "missing" or "unknown" keys would only be echoes of the first error.
    intact: bool,
}

impl<'s> Document<'s> {
    /// Parses a text and reports all its syntax errors.
    pub fn parse(text: &'s MendedText<'s>, findings: &mut Vec<Finding>) -> Self {
        let (root, errors) = DeTable::parse_recoverable(&text.mended);
        let errors = syntax::explain(text, root.get_ref(), &errors);
        let document = Self {
            source: text.source,
            root,
            broken: errors.iter().map(|error| error.range.clone()).collect(),
            lost_lines: errors
                .iter()
                .filter(|error| error.damage == Damage::Line)
                .map(|error| text.source.line(error.range.start))
                .chain(text.continued.iter().copied())
                .collect(),
            intact: errors.iter().all(|error| error.damage != Damage::Structure),
        };
        findings.extend(errors.into_iter().map(|error| error.finding));
        document
    }

    /// The table of the whole file.
    pub fn root(&self, findings: &mut Vec<Finding>) -> Table<'_> {
        Table::new(self, None, self.root.span(), self.root.get_ref(), findings)
    }

    fn span(&self, range: Range<usize>) -> Span {
        self.source.span(range)
    }

    /// Whether every key stands where its author put it.
    pub fn is_intact(&self) -> bool {
        self.intact
    }

    /// Whether every line could be read.
    pub fn is_whole(&self) -> bool {
        self.intact && self.lost_lines.is_empty()
    }

    /// Whether a key that is not in the table may stand on a line that was lost.
    pub fn may_be_lost(&self, key: &str) -> bool {
        !self.intact
            || self.lost_lines.iter().any(|&line| self.source.line_text(line).contains(key))
    }

    fn is_broken(&self, range: &Range<usize>) -> bool {
        self.lost_lines.contains(&self.source.line(range.start))
            || self
                .broken
                .iter()
                .any(|broken| broken.start <= range.end && range.start <= broken.end)
    }
}
