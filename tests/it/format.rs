//! Formatting changes nothing but the style: values, their order and comments stay.

use std::path::Path;

use crate::support;
use crate::support::form::{FormParts, OPTIONAL, REQUIRED};
use jixiao::amount::{Money, Unit};
use jixiao::author::format::{Kind, format};
use jixiao::data;
use jixiao::diagnostics::{Finding, repaired};
use jixiao::form::Definition;
use jixiao::toml::comments;
use jixiao::toml::text_file;
use jixiao::workspace::data_files;
use proptest::prelude::*;
use toml::de::{DeTable, DeValue};

/// A form with more columns than the built-in one.
const FORM: FormParts = FormParts {
    department: &[("主管部门", REQUIRED), ("实施单位", "\"项目可改\" = true")],
    project: &[("项目名称", REQUIRED), ("项目期", OPTIONAL), ("年度总体目标", OPTIONAL)],
    funding: ("项目资金", "年度资金总额", &["财政拨款", "其他资金"]),
    columns: &[("指标值", REQUIRED), ("度量单位", OPTIONAL), ("权重", OPTIONAL)],
    levels: &[
        ("产出指标", &[("数量指标", REQUIRED), ("质量指标", OPTIONAL)]),
        ("效益指标", &[("社会效益指标", OPTIONAL)]),
    ],
};

/// The byte order mark.
const MARK: char = '\u{feff}';

const FIELDS: &[&str] = &["项目名称", "项目期", "年度总体目标", "实施单位"];
const FUNDING: &[&str] = &["财政拨款", "其他资金", "年度资金总额"];
const COLUMNS: &[&str] = &["指标值", "度量单位", "权重"];
const LEVELS: &[&str] = &["数量指标", "质量指标", "社会效益指标"];

fn other_form() -> Definition {
    FORM.definition()
}

fn formatted(text: &str, form: &Definition) -> Result<String, Vec<Finding>> {
    let source = text_file::decode(Path::new("01.toml"), text.as_bytes());
    format(&source.map_err(|finding| vec![*finding])?, form, Kind::Project)
}

/// A text with the quotes around its keys put right, as they are before it is formatted. Only then
/// is it settled which `#` begins a comment.
fn with_quoted_keys(text: &str, form: &Definition) -> String {
    let Ok(source) = text_file::decode(Path::new("01.toml"), text.as_bytes()) else {
        return text.to_owned();
    };
    let mut findings = Vec::new();
    drop(data::project(&source, form, &mut findings));
    let fixes: Vec<_> = findings.iter().map(|finding| finding.fix.as_slice()).collect();
    repaired(source.text(), &fixes).0
}

/// What a text says: the order of indicators and waivers matters, that of the form's own keys does
/// not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Meaning {
    Text(String),
    Amount(Money),
    Table(Vec<(String, Meaning)>),
}

/// `None` if it is not TOML.
fn meaning(text: &str) -> Option<Meaning> {
    let text = text.strip_prefix(MARK).unwrap_or(text);
    let table = DeTable::parse(text).ok()?.into_inner();
    let mut entries: Vec<(String, Meaning)> = Vec::new();
    for (key, value) in &table {
        let keeps_order = key.get_ref() != "项目资金";
        entries.push((key.get_ref().to_string(), value_meaning(value.get_ref(), keeps_order)?));
    }
    entries.sort();
    Some(Meaning::Table(entries))
}

fn value_meaning(value: &DeValue<'_>, keeps_order: bool) -> Option<Meaning> {
    Some(match value {
        DeValue::String(text) => Meaning::Text(text.replace("\r\n", "\n")),
        DeValue::Integer(digits) => {
            Meaning::Amount(Money::parse(digits.as_str(), Unit::WanYuan, 6).ok()?)
        }
        DeValue::Float(digits) => {
            Meaning::Amount(Money::parse(digits.as_str(), Unit::WanYuan, 6).ok()?)
        }
        DeValue::Table(table) => {
            let mut entries = Vec::new();
            for (key, value) in table {
                let value = value_meaning(value.get_ref(), false)?;
                entries.push((key.get_ref().to_string(), value));
            }
            if !keeps_order {
                entries.sort();
            }
            Meaning::Table(entries)
        }
        _ => return None,
    })
}

/// The texts of all comments, sorted.
fn comment_texts(text: &str) -> Vec<String> {
    let comments = comments(text);
    let mut texts: Vec<String> =
        comments.map(|range| text[range].trim_start_matches('#').trim().to_owned()).collect();
    texts.sort();
    texts
}

#[test]
fn the_sample_data_is_formatted() {
    let form = support::form().definition;
    for path in data_files(&support::repository().join("data")).expect("there is data") {
        let source = text_file::read(&path).expect("the file can be read");
        let formatted = format(&source, &form, Kind::of(&path)).expect("it has no errors");
        assert!(source.bytes() == formatted.as_bytes(), "{}", path.display());
    }
}

/// Choices for a generated text, so that a failing case shrinks to simple ones.
struct Choices(std::vec::IntoIter<u8>);

impl Choices {
    /// A number below `n`; 0 when the choices have run out.
    fn below(&mut self, n: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % n
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    fn of<'t>(&mut self, options: &[&'t str]) -> &'t str {
        options[self.below(options.len())]
    }

    /// Some of these, in any order.
    fn some_of<'t>(&mut self, all: &[&'t str]) -> Vec<&'t str> {
        let mut left = all.to_vec();
        let mut chosen = Vec::new();
        while !left.is_empty() {
            let next = left.remove(self.below(left.len()));
            if !self.one_in(4) {
                chosen.push(next);
            }
        }
        chosen
    }
}

/// Where a comment has to be in the formatted text.
#[derive(Debug, Clone)]
enum Belongs {
    /// On the first lines, before any key.
    Top,
    /// On the last lines, after any key.
    End,
    /// At the end of the line with this in it, or above it.
    With(String),
    /// Somewhere.
    Anywhere,
}

/// A project's file as somebody might write it.
struct Author {
    choices: Choices,
    line_end: &'static str,
    text: String,
    comments: Vec<(String, Belongs)>,
    rows: usize,
}

impl Author {
    fn new(choices: Vec<u8>) -> Self {
        let mut choices = Choices(choices.into_iter());
        let line_end = if choices.one_in(4) { "\r\n" } else { "\n" };
        let text = if choices.one_in(4) { MARK.to_string() } else { String::new() };
        Self { choices, line_end, text, comments: Vec::new(), rows: 0 }
    }

    fn space(&mut self) -> &'static str {
        self.choices.of(&[" ", "", "  ", "\t"])
    }

    fn add_space(&mut self) {
        let space = self.space();
        self.text += space;
    }

    fn indent(&mut self) {
        self.text += self.choices.of(&["", "", "  "]);
    }

    fn newline(&mut self) {
        self.text += self.choices.of(&["", "", " ", "\t"]);
        self.text.push('\n');
    }

    fn blank_lines(&mut self) {
        for _ in 0..self.choices.below(3) {
            self.newline();
        }
    }

    fn comment(&mut self, belongs: Belongs) {
        let name = format!("注{}。", self.comments.len());
        let start = self.choices.of(&["# ", "#", "#  ", "#\t", "####"]);
        self.text += &format!("{start}{name}");
        self.comments.push((name, belongs));
    }

    /// Lines with comments, the last of them directly above what comes next.
    fn comments_above(&mut self, key: &str) {
        if self.choices.one_in(6) {
            self.blank_lines();
            self.comment(Belongs::Anywhere);
            self.newline();
            self.newline();
        }
        self.blank_lines();
        for _ in 0..self.choices.below(8).saturating_sub(5) {
            self.indent();
            self.comment(Belongs::With(key.to_owned()));
            self.newline();
        }
    }

    /// A line, perhaps with comments above it and behind it.
    fn line(&mut self, text: &str, key: &str) {
        self.comments_above(key);
        self.indent();
        self.text += text;
        if self.choices.one_in(4) {
            self.add_space();
            self.comment(Belongs::With(key.to_owned()));
        }
        self.newline();
    }

    fn key(&mut self, key: &str) -> String {
        match self.choices.below(3) {
            2 => format!("'{key}'"),
            _ => format!("\"{key}\""),
        }
    }

    fn value(&mut self) -> &'static str {
        self.choices.of(&[
            "\"2次\"",
            "\"\"",
            "'≥90%'",
            r#"'有"引号"和\'"#,
            r#""\u7532 \"乙\" # 不是注释""#,
            "'# 不是注释'",
            "\"\"\"\n目标1：甲；\n\n目标2：\\\n   乙\"\"\"",
            "\"\"\"末尾有引号\"\"\"\"\"",
            "'''\n目标1：\\甲；\n\"\"\"\"乙'''",
        ])
    }

    fn amount(&mut self) -> &'static str {
        self.choices.of(&["22", "0", "+3.50", "1_000.000000", "168.696000", "1.5e2", "-0.0"])
    }

    fn assignment(&mut self, key: &str, value: &str) -> String {
        let (before, after) = (self.space(), self.space());
        format!("{key}{before}={after}{value}")
    }

    /// `{ … }` with the given entries, perhaps on several lines.
    fn braces(&mut self, entries: &[String], key: &str) -> String {
        let start = self.text.len();
        self.text += "{";
        let is_long = self.choices.one_in(4);
        for (index, entry) in entries.iter().enumerate() {
            if is_long {
                self.newline();
                self.comments_above(key);
            }
            self.add_space();
            self.text += entry;
            if index + 1 < entries.len() {
                self.add_space();
                self.text += ",";
            }
            if is_long && self.choices.one_in(4) {
                self.comment(Belongs::With(key.to_owned()));
                self.newline();
            }
        }
        if is_long {
            self.newline();
            self.comments_above(key);
        }
        self.add_space();
        self.text += "}";
        self.text.split_off(start)
    }

    fn row_name(&mut self) -> String {
        self.rows += 1;
        format!("{}第{}行", self.choices.of(&["", "甲#乙", "一、"]), self.rows)
    }

    /// The columns of a row, as `"列" = "值"`.
    fn cells(&mut self) -> Vec<String> {
        let columns = self.choices.some_of(COLUMNS);
        columns.iter().map(|column| self.cell(column)).collect()
    }

    fn cell(&mut self, column: &str) -> String {
        let key = self.key(column);
        let value = self.value();
        self.assignment(&key, value)
    }

    fn rows(&mut self, level: &str) {
        for _ in 0..self.choices.below(5) {
            let name = self.row_name();
            let key = self.key(&name);
            match self.choices.below(5) {
                3 => {
                    let cells = self.cells();
                    let value = self.braces(&cells, &name);
                    let line = self.assignment(&key, &value);
                    self.line(&line, &name);
                }
                4 => {
                    for cell in self.cells() {
                        let dot = self.choices.of(&[".", " . "]);
                        self.line(&format!("{key}{dot}{cell}"), &name);
                    }
                }
                _ => {
                    let value = self.value();
                    let line = self.assignment(&key, value);
                    self.line(&line, &name);
                }
            }
        }
        for _ in 0..self.choices.below(4).saturating_sub(1) {
            let name = self.row_name();
            let (level, key) = (self.key(level), self.key(&name));
            self.line(&format!("[{level}.{key}]"), &name);
            for cell in self.cells() {
                self.line(&cell, &name);
            }
        }
    }

    fn header(&mut self, table: &str) {
        let key = self.key(table);
        let space = self.space();
        self.line(&format!("[{space}{key}{space}]"), &format!("[\"{table}\"]"));
    }

    fn amounts(&mut self) -> Vec<(&'static str, String)> {
        let lines = self.choices.some_of(FUNDING);
        let assigned = lines.into_iter().map(|line| {
            let (key, amount) = (self.key(line), self.amount());
            (line, self.assignment(&key, amount))
        });
        assigned.collect()
    }

    fn project(mut self) -> (String, Vec<(String, Belongs)>) {
        for _ in 0..self.choices.below(4).saturating_sub(1) {
            self.comment(Belongs::Top);
            self.newline();
            self.newline();
        }
        for field in self.choices.some_of(FIELDS) {
            let (key, value) = (self.key(field), self.value());
            let line = self.assignment(&key, value);
            self.line(&line, field);
        }
        let mut tables = self.choices.some_of(LEVELS);
        match self.choices.below(4) {
            0 | 1 => tables.push("项目资金"),
            2 => {
                let key = self.key("项目资金");
                for (name, line) in self.amounts() {
                    self.line(&format!("{key}.{line}"), name);
                }
            }
            _ => {
                let lines: Vec<String> = self.amounts().into_iter().map(|(_, line)| line).collect();
                let key = self.key("项目资金");
                // Comments in these braces go with an amount, or with the table.
                let value = self.braces(&lines, "");
                let line = self.assignment(&key, &value);
                self.line(&line, "[\"项目资金\"]");
            }
        }
        if self.choices.one_in(3) {
            tables.push("豁免");
        }
        while !tables.is_empty() {
            let table = tables.remove(self.choices.below(tables.len()));
            match table {
                "项目资金" => {
                    self.header(table);
                    for (name, line) in self.amounts() {
                        self.line(&line, name);
                    }
                }
                "豁免" => {
                    self.header(table);
                    self.line("W501 = '今年新增'", "W501");
                    self.line("\"W102\" = \"有原因\"", "W102");
                }
                level => {
                    self.header(level);
                    self.rows(level);
                }
            }
        }
        for _ in 0..self.choices.below(3) {
            self.blank_lines();
            self.comment(Belongs::End);
            self.newline();
        }
        if self.choices.one_in(4) {
            let end = self.text.trim_end().len();
            self.text.truncate(end);
        }
        (self.text.replace('\n', self.line_end), self.comments)
    }
}

fn assert_belongs(text: &str, comment: &str, belongs: &Belongs) -> Result<(), TestCaseError> {
    // A text between three quotes is one line here.
    let pieces = text.split("\"\"\"").enumerate();
    let text: String =
        pieces.map(|(n, piece)| piece.replace('\n', if n % 2 == 1 { "" } else { "\n" })).collect();
    let lines: Vec<&str> = text.lines().collect();
    let found: Vec<usize> =
        (0..lines.len()).filter(|&index| lines[index].contains(comment)).collect();
    let &[index] = &found[..] else {
        return Err(TestCaseError::fail(format!("{comment} is there {} times", found.len())));
    };
    let is_apart = |line: &&str| line.is_empty() || line.starts_with('#');
    match belongs {
        Belongs::Top => prop_assert!(lines[..=index].iter().all(is_apart)),
        Belongs::End => prop_assert!(lines[index..].iter().all(is_apart)),
        Belongs::With(key) => {
            let line = lines[index..].iter().find(|line| !is_apart(line));
            prop_assert!(line.is_some_and(|line| line.contains(key.as_str())), "{comment}: {key}");
        }
        Belongs::Anywhere => {}
    }
    Ok(())
}

/// What holds for every text that is formatted.
fn assert_same(text: &str, formatted: &str, form: &Definition) -> Result<(), TestCaseError> {
    if let Some(before) = meaning(text) {
        prop_assert_eq!(Some(before), meaning(formatted));
    }
    prop_assert_eq!(comment_texts(text), comment_texts(formatted));
    prop_assert!(meaning(formatted).is_some());
    prop_assert!(!formatted.contains('\r') && !formatted.starts_with(MARK));
    prop_assert!(formatted.ends_with('\n') && !formatted.ends_with("\n\n"));
    prop_assert!(!formatted.starts_with('\n'));
    match self::formatted(formatted, form) {
        Ok(again) => prop_assert_eq!(&again, formatted),
        Err(findings) => prop_assert!(false, "{findings:?}"),
    }
    Ok(())
}

/// What people put into files, right and wrong.
const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "\t",
    "\"",
    "'",
    "\"\"\"",
    "=",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    "#",
    "# 注\n",
    "  # 注",
    "\\",
    "“",
    "”",
    "项目期",
    "\"项目期\" = \"2年\"\n",
    "项目期 = \"2年\"\n",
    "[\"豁免\"]\n\"W501\" = \"有原因\"\n",
    "[\"数量指标\"]\n",
    "\"甲\" = \"1个\"\n",
    "甲 = '1个'\n",
    "\"乙\".\"指标值\" = \"2个\"\n",
    "{ \"指标值\" = \"3个\" }",
    "0",
    "1_0",
    "e1",
    "\u{feff}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn whatever_the_style_it_was_written_in(choices in prop::collection::vec(any::<u8>(), 0..400)) {
        let form = other_form();
        let (text, comments) = Author::new(choices).project();
        prop_assume!(text_file::decode(Path::new("01.toml"), text.as_bytes()).is_ok());
        prop_assert!(meaning(&text).is_some(), "{:?}\n{text:?}", DeTable::parse(&text));
        match formatted(&text, &form) {
            Ok(formatted) => {
                assert_same(&text, &formatted, &form)?;
                for (comment, belongs) in &comments {
                    let is_there = assert_belongs(&formatted, comment, belongs);
                    prop_assert!(is_there.is_ok(), "{is_there:?}\n{text}\n=>\n{formatted}");
                }
            }
            Err(findings) => prop_assert!(false, "{findings:?}\n{text}"),
        }
    }

    #[test]
    fn whatever_is_done_to_a_file(
        file in 0..11_usize,
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, prop::sample::select(PIECES)), 0..5),
    ) {
        let form = support::form().definition;
        let folder = support::repository().join("data/2023/056-灵沙乡");
        let path = data_files(&folder).expect("there is data").remove(file);
        let mut text = std::fs::read_to_string(path)?;
        for (at, length, piece) in edits {
            let start = text.floor_char_boundary(at.index(text.len() + 1));
            // Mostly something is put in; sometimes it takes the place of what was there.
            let end = text.floor_char_boundary(text.len().min(start + length.saturating_sub(20)));
            text.replace_range(start..end.max(start), piece);
        }
        if let Ok(formatted) = formatted(&text, &form) {
            assert_same(&with_quoted_keys(&text, &form), &formatted, &form)?;
        }
    }
}

#[test]
fn a_key_without_its_quote_has_a_comment_behind_its_value() {
    let form = other_form();
    let text = "\"项目名称\" = \"甲\"\n\"项目期 = \"2年\"# 注\n";
    let formatted = formatted(text, &form).expect("only a quote is wanting");
    assert_eq!(formatted, "\"项目名称\" = \"甲\"\n\"项目期\" = \"2年\"  # 注\n");
    assert_same(&with_quoted_keys(text, &form), &formatted, &form).unwrap();
}
