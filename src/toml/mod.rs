//! TOML text → tables whose keys and values still know their place.
//!
//! [`Document::parse`] reports every syntax error of a text at once, in Chinese, and reads what has
//! only one reading (a key without quotes, or in full-width quotes) the way it was meant, so that the
//! rest of the file is still checked in the same run. [`Table`] is the typed view on top: asking it
//! for a key is what declares the key, so `finish` can name the keys nobody declared; and what is
//! asked for, a text or an amount, decides how a value without quotes is read. [`comments`] are what
//! the parser leaves out.

mod bare;
pub mod characters;
mod lexer;
mod mend;
mod places;
mod quotes;
mod statement;
mod syntax;
mod table;
pub mod text_file;
mod tree;

pub use lexer::{Lexeme, comments, lexemes};
pub(crate) use quotes::quoted;
pub(crate) use syntax::KEY_QUOTES;
pub(crate) use table::{EMPTY_TEXT, MISSING_KEY};
pub use table::{Entry, Need, Table};

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use toml::de::{DeTable, DeValue, Error};

use crate::diagnostics::{Finding, Rule, SourceFile, Span};
use mend::Mended;
use places::Mends;
use tree::{Node, last_key_before};

pub use tree::{Located, Said};

/// The kinds of findings reported here.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    syntax::RULES.iter().chain(table::RULES).copied()
}

/// What stands between two names that are joined.
const JOINT: char = '.';

/// What a table within a table is called: `["甲"."乙"]` is `甲.乙`.
pub fn joined(outer: &str, inner: &str) -> String {
    format!("{outer}{JOINT}{inner}")
}

/// The header of a table: `["甲"."乙"]`.
pub fn header(path: &[&str]) -> String {
    let names: Vec<String> = path.iter().map(|name| quoted(name)).collect();
    format!("[{}]", names.join("."))
}

/// A parsed TOML text.
#[derive(Debug)]
pub struct Document<'s> {
    source: &'s Arc<SourceFile>,
    nodes: Vec<Node>,
    /// The lines that say nothing because of their syntax.
    lost_lines: BTreeSet<usize>,
    /// Whether the header of a table is among them.
    has_lost_header: bool,
    /// Whether it is a data file at all.
    is_data: bool,
    /// The tables whose tables [count as standing at the top](Self::joined).
    outer: Vec<String>,
}

impl<'s> Document<'s> {
    /// Parses a text and reports all its syntax errors.
    pub fn parse(source: &'s Arc<SourceFile>, findings: &mut Vec<Finding>) -> Self {
        let (root, errors) = DeTable::parse_recoverable(source.text());
        let is_sound = errors.iter().all(is_duplicate);
        let mended = if is_sound { Mended::default() } else { mend::mend(source) };
        let (text, (root, errors)) = if is_sound {
            (source.text(), (root, errors))
        } else {
            (mended.text.as_str(), DeTable::parse_recoverable(&mended.text))
        };
        let nodes = mended.mends.nodes(root.into_inner());
        let is_data = !nodes.is_empty() || mended.has_sign || mended.lost_lines.len() < 2;
        if is_data {
            let duplicates = duplicates(source, text, &nodes, &mended.mends, &errors);
            findings.extend(mended.findings.into_iter().chain(duplicates));
        } else {
            let message = "这个文件里没有一行读得懂，不像是数据文件";
            findings.push(syntax::no_data(source.span(0..0), message));
        }
        let Mended { lost_lines, has_lost_header, .. } = mended;
        Self { source, nodes, lost_lines, has_lost_header, is_data, outer: Vec::new() }
    }

    /// Counts what stands in some tables of the file as standing at the top, [under both
    /// names](joined).
    #[must_use]
    pub fn joined(self, outer: Vec<String>) -> Self {
        let nodes = self.nodes.into_iter().flat_map(|node| node.joined(&outer)).collect();
        Self { nodes, outer, ..self }
    }

    /// The outer name of a key that is joined from two, and the inner one.
    fn parted<'k>(&self, key: &'k str) -> Option<(&str, &'k str)> {
        self.outer.iter().find_map(|outer| {
            let inner = key.strip_prefix(outer.as_str())?.strip_prefix(JOINT)?;
            Some((outer.as_str(), inner))
        })
    }

    /// A key as it is written in the file: `"项目期"`, `["长期绩效指标"."数量指标"]`.
    fn spelled(&self, key: &str) -> String {
        match self.parted(key) {
            Some((outer, inner)) => header(&[outer, inner]),
            None => quoted(key),
        }
    }

    /// The table of the whole file.
    pub fn root(&self) -> Table<'_> {
        Table::new(self, None, 0..0, &self.nodes)
    }

    /// Whether it is a data file at all; if not, that has been reported, and nothing else is worth
    /// saying about it.
    pub fn is_data(&self) -> bool {
        self.is_data
    }

    /// Reports a file that holds nothing but comments; `true` if it is one.
    pub fn report_blank(&self, findings: &mut Vec<Finding>) -> bool {
        let is_blank = self.nodes.is_empty() && self.lost_lines.is_empty();
        if is_blank {
            let message = "这个文件里只有注释，没有数据";
            findings.push(text_file::no_content(&self.source.span(0..0), message));
        }
        is_blank
    }

    /// What the text says, in the order of the file: each key with its value, tables before what is
    /// in them.
    pub fn statements(&self) -> Vec<Said> {
        let mut said = Vec::new();
        tree::statements(&self.nodes, 0, &mut said);
        said.sort_by_key(|said| said.range.start);
        said
    }

    /// Every key that could be read, in the order of the file.
    pub fn located(&self) -> Vec<Located> {
        let mut located = Vec::new();
        tree::located(&self.nodes, &[], &mut located);
        located.sort_by_key(|it| it.key.start);
        located
    }

    /// Whether every line could be read.
    pub fn is_whole(&self) -> bool {
        self.is_data && self.lost_lines.is_empty()
    }

    /// Whether a key that is not in the table may stand on a line that was lost.
    pub fn may_be_lost(&self, key: &str) -> bool {
        !self.is_data
            || self.has_lost_header
            || self.lost_lines.iter().any(|&line| self.source.line_text(line).contains(key))
    }

    fn span(&self, range: Range<usize>) -> Span {
        self.source.span(range)
    }
}

/// Explains what stands twice. After each statement has been read by itself, nothing else can be
/// wrong with the whole.
fn duplicates(
    source: &Arc<SourceFile>,
    text: &str,
    nodes: &[Node],
    mends: &Mends,
    errors: &[Error],
) -> Vec<Finding> {
    let explain = |error: &Error| {
        let at = error.span().unwrap_or(text.len()..text.len());
        let written = text.get(at.clone()).unwrap_or_default();
        let name = DeValue::parse(written).ok();
        let name = name.as_ref().and_then(|name| name.get_ref().as_str()).unwrap_or(written);
        let second = source.span(mends.places.in_file(at.clone()));
        let before = &text[..at.start];
        let is_table = before.trim_end().ends_with('[');
        let first = if is_table {
            // The parser keeps only the second header of a table.
            let header = before.rfind(&format!("[{written}]"));
            header.map(|start| mends.places.in_file(start + 1..start + 1 + written.len()))
        } else {
            last_key_before(nodes, name, second.range.start)
        };
        syntax::duplicate(name, is_table, second, first.map(|first| source.span(first)))
    };
    errors.iter().map(explain).collect()
}

/// Whether one name stands in the way of another: what the parser finds wrong only once it has read
/// all lines. It is the one error that is told by the parser's own words.
fn is_duplicate(error: &Error) -> bool {
    let message = error.message();
    message == "duplicate key" || message.starts_with("cannot extend value of type ")
}
