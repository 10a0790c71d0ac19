//! What stands at a place of a text that somebody is typing: it need not be TOML yet.

use std::ops::Range;

use crate::toml::{Lexeme, lexemes};

/// A statement, and which part of it a place is in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Context {
    /// The table it is in, by its keys; the top of the file has none.
    pub table: Vec<String>,
    /// The keys of its own, as far as they are written.
    pub keys: Vec<String>,
    /// Where the part stands: what is replaced by another.
    pub range: Range<usize>,
    pub part: Part,
}

/// A part of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The name between the brackets of a table.
    Header,
    /// A key; whether it has its equals sign.
    Key { has_value: bool },
    /// A key within braces; whether it has its equals sign.
    Column { has_value: bool },
    /// What is behind an equals sign, up to the end of the line or of what is within braces.
    Value,
}

impl Context {
    /// What is at a byte; `None` within a comment.
    pub fn at(text: &str, offset: usize) -> Option<Self> {
        let lexemes = lexemes(text);
        // Blanks at the end of a line are the comment's, too.
        let is_commented = |(kind, range): &(Lexeme, Range<usize>)| {
            let behind = text.get(range.end..offset.max(range.end)).unwrap_or_default();
            *kind == Lexeme::Comment && range.start < offset && !behind.contains('\n')
        };
        if lexemes.iter().any(is_commented) {
            return None;
        }
        let quoted = |at: usize| {
            lexemes
                .iter()
                .any(|(kind, range)| *kind == Lexeme::Text && range.start < at && at < range.end)
        };
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let starts: Vec<usize> =
            std::iter::once(0).chain(breaks).filter(|&at| !quoted(at)).collect();
        let index = starts.partition_point(|&start| start <= offset).checked_sub(1)?;
        let statement = |index: usize| {
            let start = *starts.get(index)?;
            let end = starts.get(index + 1).copied().unwrap_or(text.len());
            let written = text.get(start..end)?;
            let body = written.trim_start();
            Some((start + written.len() - body.len(), body.trim_end()))
        };
        let table = (0..index).rev().filter_map(statement).find(|(_, body)| body.starts_with('['));
        let table = table.map(|(_, header)| names(header)).unwrap_or_default();
        let (start, body) = statement(index)?;
        // Between the end of a line and its comment.
        let body = body.get(..find_outside(body, '#').unwrap_or(body.len()))?.trim_end();
        if body.starts_with('[') {
            let range = start..start + body.len();
            return Some(Self { table: Vec::new(), keys: names(body), range, part: Part::Header });
        }
        let equals = find_outside(body, '=');
        let key_end =
            equals.map_or(body.len(), |at| body.get(..at).unwrap_or_default().trim_end().len());
        let keys = names(body.get(..key_end)?);
        let range = start..start + key_end;
        match equals {
            Some(equals) if offset > start + equals => {
                let value = body.get(equals + 1..)?;
                let from = start + equals + 1;
                let at = offset.checked_sub(from)?.min(value.len());
                let Some((cell, name, part)) = cell(value, at) else {
                    return Some(Self {
                        table,
                        keys,
                        range: from..from + value.len(),
                        part: Part::Value,
                    });
                };
                let keys = keys.into_iter().chain([name]).collect();
                Some(Self { table, keys, range: from + cell.start..from + cell.end, part })
            }
            _ => {
                let range = if offset < start { offset..offset } else { range };
                let has_value = equals.is_some();
                Some(Self { table, keys, range, part: Part::Key { has_value } })
            }
        }
    }
}

/// The part within braces that a place is at, where it stands, and the key that it is or belongs to.
fn cell(value: &str, at: usize) -> Option<(Range<usize>, String, Part)> {
    if !value.trim_start().starts_with('{') {
        return None;
    }
    // From the sign before to the sign behind.
    let before = value.get(..at)?;
    let start = ['{', ','].iter().filter_map(|&c| rfind_outside(before, c)).max()? + 1;
    let rest = value.get(start..)?;
    let end = [',', '}'].iter().filter_map(|&c| find_outside(rest, c)).min().unwrap_or(rest.len());
    let written = rest.get(..end)?;
    let equals = find_outside(written, '=');
    let key = written.get(..equals.unwrap_or(end))?;
    let name = names(key).pop().unwrap_or_default();
    if let Some(equals) = equals.filter(|equals| at > start + equals) {
        let range = start + equals + 1..start + written.trim_end().len().max(equals + 1);
        return Some((range, name, Part::Value));
    }
    let (key, indent) = (key.trim(), key.len() - key.trim_start().len());
    let start = if key.is_empty() { at } else { start + indent };
    Some((start..start + key.len(), name, Part::Column { has_value: equals.is_some() }))
}

/// Where a character stands first that is in no quotes.
fn find_outside(text: &str, c: char) -> Option<usize> {
    outside(text, c).next()
}

fn rfind_outside(text: &str, c: char) -> Option<usize> {
    outside(text, c).last()
}

fn outside(text: &str, c: char) -> impl Iterator<Item = usize> {
    let lexemes = lexemes(text);
    text.match_indices(c).map(|(at, _)| at).filter(move |&at| {
        let is_comment = |range: &Range<usize>| range.start == at;
        !lexemes.iter().any(|(kind, range)| {
            range.contains(&at) && !(*kind == Lexeme::Comment && is_comment(range))
        })
    })
}

/// The names of a dotted key or of a header, without quotes and brackets.
fn names(written: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut start = 0;
    for dot in outside(written, '.').chain([written.len()]) {
        let name = written.get(start..dot).unwrap_or_default();
        let is_around =
            |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '[' | ']' | '“' | '”');
        let name = name.trim_matches(is_around);
        if !name.is_empty() {
            names.push(name.to_owned());
        }
        start = dot + 1;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is at the `|` of a text: the table, the keys, what is replaced, and the part.
    fn at(text: &str) -> Option<(String, String, String, Part)> {
        let offset = text.find('|').unwrap();
        let text = text.replace('|', "");
        let context = Context::at(&text, offset)?;
        let written = text[context.range.clone()].to_owned();
        Some((context.table.join("."), context.keys.join("."), written, context.part))
    }

    #[test]
    fn every_part_of_a_statement_is_known() {
        let (open, closed) = (Part::Key { has_value: false }, Part::Key { has_value: true });
        for (text, table, keys, written, part) in [
            ("|", "", "", "", open),
            ("\"项目|", "", "项目", "\"项目", open),
            ("\"项|目期\" = \"1年\"", "", "项目期", "\"项目期\"", closed),
            ("[\"数|", "", "数", "[\"数", Part::Header),
            ("[\"数量指标\"]\n|\n[\"成本指标\"]", "数量指标", "", "", open),
            ("[\"数量指标\"]\n\"甲\" = |", "数量指标", "甲", "", Part::Value),
            (
                "\"甲\" = \"\"\"\n[\"乙\"]\n|\"\"\"",
                "",
                "甲",
                " \"\"\"\n[\"乙\"]\n\"\"\"",
                Part::Value,
            ),
            ("\"甲\" = \"\"\"\n[\"乙\"]\n\"\"\"\n|", "", "", "", open),
            (
                "\"a=b#c\" = { \"指|\" }",
                "",
                "a=b#c.指",
                "\"指\"",
                Part::Column { has_value: false },
            ),
            ("\"a\" = { \"指\" = \"{,\", |", "", "a.", "", Part::Column { has_value: false }),
            ("\"a\" = { \"指|\" = 1 }", "", "a.指", "\"指\"", Part::Column { has_value: true }),
            ("\"a\" = { \"指\" = | }", "", "a.指", "", Part::Value),
            ("\"a\" = { \"指\" = \"≥|\", \"b\" = 1 }", "", "a.指", " \"≥\"", Part::Value),
            ("  |  # 甲", "", "", "", open),
            ("[\"甲\".\"乙\"]\n丙|", "甲.乙", "丙", "丙", open),
        ] {
            let expected = (table.to_owned(), keys.to_owned(), written.to_owned(), part);
            assert_eq!(at(text), Some(expected), "{text}");
        }
        for comment in ["# 甲|", "# |", "\"甲\" = 1 # |\n"] {
            assert_eq!(at(comment), None, "{comment}");
        }
    }
}
