//! A data file of last year → its draft for this year: the same text, with years moved on and
//! says in comments where a person has to look.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use toml::Spanned;

use super::years::{Years, years};
use crate::data::todo::{TO_FILL_IN, TO_REVIEW, after_word};
use crate::data::{Fields, Project, Waiver};
use crate::diagnostics::SourceFile;
use crate::form::FieldMeaning;
use crate::toml::{Lexeme, lexemes};

/// A file on its way to the new year.
pub(super) struct Draft<'a> {
    source: &'a SourceFile,
    lexemes: Vec<(Lexeme, Range<usize>)>,
    old: &'a str,
    new: &'a str,
    edits: BTreeMap<usize, (Range<usize>, String)>,
    /// By the line they stand at the end of, to-do comments: where the statement starts, what to look at.
    todos: BTreeMap<usize, (usize, Vec<String>)>,
}

impl<'a> Draft<'a> {
    /// Begins with the file as it is.
    pub fn new(source: &'a SourceFile, old: &'a str, new: &'a str) -> Self {
        let lexemes = lexemes(source.text());
        Self { source, lexemes, old, new, edits: BTreeMap::new(), todos: BTreeMap::new() }
    }

    /// Header fields: years in their texts.
    pub fn fields(&mut self, fields: &Fields) {
        let term = fields.named(FieldMeaning::ProjectTerm).map(|(name, _)| name);
        for (name, text) in fields.iter() {
            let found = self.years(text);
            let range = text.span();
            let has_ended = Some(name) == term && has_ended(&found, self.old);
            let doubt = if has_ended {
                found.doubts.first().map(|term| format!("{name}{term}已满，今年是不是还做"))
            } else {
                doubt(&found.doubts)
            };
            self.move_on(&range, found.moved);
            self.todo(&range, doubt);
        }
    }

    /// The reasons of waivers: they may have been about last year.
    pub fn waivers(&mut self, waivers: &[Waiver]) {
        for waiver in waivers {
            self.todo(&waiver.reason.span(), Some(format!("{}年的理由", self.old)));
        }
    }

    /// All of a project.
    pub fn project(&mut self, project: &Project) {
        self.fields(&project.fields);
        let columns = project.funding.columns();
        let amounts = columns.flat_map(|it| it.lines.values().chain(it.written_sums.values()));
        for amount in amounts {
            self.todo(&amount.span(), Some(format!("{}年的金额", self.old)));
        }
        for group in &project.indicators {
            let mut names: HashSet<String> =
                group.indicators.iter().map(|row| row.name.get_ref().clone()).collect();
            for row in &group.indicators {
                let found = self.years(&row.name);
                let mut doubts = found.doubts;
                if !found.moved.is_empty() {
                    let name = moved_on(row.name.get_ref(), self.old, self.new);
                    // Two rows of one name would be an error.
                    if self.is_plain_key(&row.name.span()) && names.insert(name) {
                        self.move_on(&row.name.span(), found.moved);
                    } else {
                        doubts.push(format!("{}年", self.old));
                    }
                }
                for value in row.values.values() {
                    let found = self.years(value);
                    self.move_on(&value.span(), found.moved);
                    doubts.extend(found.doubts);
                }
                let end = row.values.values().map(|value| value.span().end).max();
                let start = row.name.span().start;
                self.todo(&(start..end.unwrap_or(start)), doubt(&doubts));
            }
        }
        self.waivers(&project.waivers);
    }

    /// The text of the draft.
    pub fn finish(mut self) -> String {
        for (end, (start, about)) in std::mem::take(&mut self.todos) {
            self.write_todo(start, end, &format!("# {TO_REVIEW}：{}", about.join("；")));
        }
        let text = self.source.text();
        let mut draft = String::with_capacity(text.len() + 256);
        let mut done = 0;
        for (range, new) in self.edits.into_values() {
            draft += &text[done..range.start];
            draft += &new;
            done = range.end;
        }
        draft + &text[done..]
    }

    fn years(&self, text: &Spanned<String>) -> Years {
        years(&self.source.text()[text.span()], self.old)
    }

    /// Puts the new year in the place of the old one at some places of a text.
    fn move_on(&mut self, text: &Range<usize>, places: Vec<Range<usize>>) {
        for place in places {
            let start = text.start + place.start;
            self.edits.insert(start, (start..text.start + place.end, self.new.to_owned()));
        }
    }

    /// Whether a key stands alone before its `=`; one that is part of a dotted key or a table's
    /// head may stand in several places.
    fn is_plain_key(&self, key: &Range<usize>) -> bool {
        let blank = [' ', '\t'];
        let before = self.source.text()[..key.start].trim_end_matches(blank);
        let after = self.source.text()[key.end..].trim_start_matches(blank);
        !before.ends_with(['.', '[']) && after.starts_with('=')
    }

    /// Notes that a statement has to be looked at.
    fn todo(&mut self, statement: &Range<usize>, about: Option<String>) {
        let Some(about) = about else { return };
        let end = self.line_end(statement.end);
        let (_, abouts) = self.todos.entry(end).or_insert((statement.start, Vec::new()));
        if !abouts.contains(&about) {
            abouts.push(about);
        }
    }

    /// Puts a to-do comment at a line's end, or above the statement if the line has a comment already; not
    /// at all where one is left from an earlier time.
    fn write_todo(&mut self, start: usize, end: usize, todo: &str) {
        let text = self.source.text();
        let Some(comment) = self.comment_before(end) else {
            let line = text[..end].trim_end().len();
            self.edits.insert(line, (line..end, format!("  {todo}")));
            return;
        };
        let start = self.line_start(start);
        let mut above = text[..start].lines().rev().map(str::trim).peekable();
        // A comment in a line of its own has a blank line before it, unless it comes first.
        let follows_a_row =
            above.peek().is_some_and(|line| !line.is_empty() && !line.starts_with(['#', '[']));
        if is_todo(comment) || above.take_while(|line| line.starts_with('#')).any(is_todo) {
            return;
        }
        let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let gap = if follows_a_row { line_break } else { "" };
        let indent = text[start..].len() - text[start..].trim_start_matches([' ', '\t']).len();
        let indent = &text[start..start + indent];
        self.edits.insert(start, (start..start, format!("{gap}{indent}{todo}{line_break}")));
    }

    /// The end of the line that holds a place, without its line break; of the last one if the line
    /// ends within a text.
    fn line_end(&self, mut at: usize) -> usize {
        let text = self.source.text();
        loop {
            let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
            match self.text_around(end) {
                Some(range) => at = range.end,
                None => return end - usize::from(text[at..end].ends_with('\r')),
            }
        }
    }

    /// The start of the line that holds a place; of the first one if the line starts within a text.
    fn line_start(&self, mut at: usize) -> usize {
        loop {
            let start = self.source.text()[..at].rfind('\n').map_or(0, |before| before + 1);
            match self.text_around(start) {
                Some(range) => at = range.start,
                None => return start,
            }
        }
    }

    /// The quoted text that a place is within.
    fn text_around(&self, at: usize) -> Option<&Range<usize>> {
        let index = self.lexemes.partition_point(|(_, range)| range.start < at);
        let (kind, range) = self.lexemes[..index].last()?;
        (*kind == Lexeme::Text && at < range.end).then_some(range)
    }

    /// The comment at the end of a line.
    fn comment_before(&self, end: usize) -> Option<&'a str> {
        let index = self.lexemes.partition_point(|(_, range)| range.start < end);
        let (kind, range) = self.lexemes[..index].last()?;
        let to_end = &self.source.text()[range.start..end];
        (*kind == Lexeme::Comment && !to_end.contains('\n')).then_some(to_end)
    }
}

/// A text with its years moved on.
pub(super) fn moved_on(text: &str, old: &str, new: &str) -> String {
    let mut result = text.to_owned();
    for place in years(text, old).moved.into_iter().rev() {
        result.replace_range(place, new);
    }
    result
}

/// Whether a term lies in the past: all its years are over.
fn has_ended(term: &Years, old: &str) -> bool {
    let years = term.doubts.iter().flat_map(|doubt| doubt.split(|c: char| !c.is_ascii_digit()));
    let last = years.filter(|number| number.len() == old.len()).max();
    term.moved.is_empty() && last.is_some_and(|last| last <= old)
}

fn doubt(doubts: &[String]) -> Option<String> {
    (!doubts.is_empty()).then(|| format!("{}要不要改", doubts.join("、")))
}

fn is_todo(comment: &str) -> bool {
    [TO_FILL_IN, TO_REVIEW].iter().any(|word| after_word(comment, word).is_some())
}
