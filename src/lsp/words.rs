//! What is written where in the files of a workspace, and what belongs there, in the form's words.

use crate::author::format::Kind;
use crate::data::WAIVERS;
use crate::form::{self, Definition};
use crate::lint::{LEVELS, warning_rules};
use crate::{rules, toml};

/// Which file of a workspace a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum File {
    Data(Kind),
    /// `jixiao.toml`.
    Settings,
}

/// A key that may be written, and what belongs there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub name: String,
    /// What it is in a few words.
    pub about: String,
    /// What belongs there; may be empty.
    pub help: String,
    pub shape: Shape,
    /// The values that it may have, if there are only some.
    pub choices: Vec<String>,
}

/// What a key's value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Number,
    Table,
}

/// The table of `jixiao.toml` with the levels of rules.
const RULES: &str = "规则";

impl Word {
    fn new(name: &str, about: impl Into<String>, help: &str, shape: Shape) -> Self {
        let (name, help, choices) = (name.to_owned(), help.to_owned(), Vec::new());
        Self { name, about: about.into(), help, shape, choices }
    }

    /// What is written of a kind.
    fn of(kind: &form::Kind, name: &str, about: &str, help: &str) -> Self {
        let (shape, choices) = match kind {
            form::Kind::Text | form::Kind::Paragraph => (Shape::Text, Vec::new()),
            form::Kind::Number(_) => (Shape::Number, Vec::new()),
            form::Kind::Choice(choices) => (Shape::Text, choices.words.clone()),
        };
        Self { choices, ..Self::new(name, about, help, shape) }
    }
}

/// The keys that may be written in a table, which the top of the file is too.
pub(super) fn words(form: &Definition, file: File, table: &[String]) -> Vec<Word> {
    let is_group = |name: &String| form.level(name).is_some();
    let joined = joined(form, table);
    match (file, &joined[..]) {
        (_, [name]) if holds_rules(file, name) => rule_codes(file),
        (File::Data(Kind::Department), []) => department(form, "部门的栏目"),
        (File::Data(Kind::Unit), []) => department(form, "单位的栏目；不写的，和部门的一样"),
        (File::Data(Kind::Project), []) => project(form),
        (File::Data(Kind::Project), [name]) if form.funding.table.as_ref() == Some(name) => {
            amounts(form)
        }
        (File::Data(Kind::Project), [group, _]) if is_group(group) => columns(form, group),
        (File::Data(Kind::Project), path) if is_line(form, path) => {
            let columns = form.funding.columns.iter();
            columns.map(|it| Word::new(it, &*of_amounts(form), "", Shape::Number)).collect()
        }
        _ => Vec::new(),
    }
}

/// The path of a table with the names of a tree and of what is in it as one.
pub(super) fn joined(form: &Definition, path: &[String]) -> Vec<String> {
    match path {
        [tree, level, rest @ ..] if form.trees.iter().any(|it| it.name == *tree) => {
            [&[toml::joined(tree, level)], rest].concat()
        }
        _ => path.to_vec(),
    }
}

/// Whether the keys of a table are the codes of rules.
fn holds_rules(file: File, table: &str) -> bool {
    table == if file == File::Settings { RULES } else { WAIVERS }
}

fn department(form: &Definition, about: &str) -> Vec<Word> {
    let fields = form.department_fields.iter();
    let fields = fields.map(|it| Word::of(&it.kind, &it.name, about, &it.description));
    fields.chain([waivers()]).collect()
}

fn project(form: &Definition) -> Vec<Word> {
    let own = form.project_fields.iter();
    let own = own.map(|it| Word::of(&it.kind, &it.name, "项目的栏目", &it.description));
    let others = form
        .department_fields
        .iter()
        .filter(|field| field.overridable)
        .map(|it| Word::of(&it.kind, &it.name, "和部门的不一样时才写", &it.description));
    let mut words: Vec<Word> = own.chain(others).collect();
    match &form.funding.table {
        Some(table) => {
            words.push(Word::new(table, "资金", &form.funding.description, Shape::Table));
        }
        None => words.extend(amounts(form)),
    }
    words.extend(form.first_levels.iter().flat_map(|first| {
        first.second_levels.iter().map(|second| {
            let needs = match (second.required, second.quantified) {
                (true, true) => "必填，指标值里要有数字",
                (true, false) => "必填",
                (false, true) => "选填，指标值里要有数字",
                (false, false) => "选填",
            };
            let about = format!("{}，{needs}", first.name);
            Word::new(&second.key, about, &second.description, Shape::Table)
        })
    }));
    words.push(waivers());
    words
}

fn amounts(form: &Definition) -> Vec<Word> {
    let about = of_amounts(form);
    let shape = if form.funding.columns.is_empty() { Shape::Number } else { Shape::Table };
    let lines = form.funding.leaves();
    lines.map(|it| Word::new(&it.name, &*about, &form.funding.description, shape)).collect()
}

fn of_amounts(form: &Definition) -> String {
    format!("金额，单位{}", form.funding.unit())
}

/// Whether a path is that of a line of the funds.
fn is_line(form: &Definition, path: &[String]) -> bool {
    matches!(form.funding.within(path), Some([line]) if form.funding.line(line).is_some())
}

fn columns(form: &Definition, group: &str) -> Vec<Word> {
    let columns = form.written_columns(group);
    columns.map(|it| Word::of(&it.kind, &it.name, "指标列", &it.description)).collect()
}

fn waivers() -> Word {
    Word::new(WAIVERS, "核对过、不用改的警告", "写警告的编号和理由", Shape::Table)
}

/// The codes of rules; in the settings each has a level, elsewhere a reason.
fn rule_codes(file: File) -> Vec<Word> {
    let mut rules: Vec<_> = warning_rules().collect();
    rules.sort_by_key(|rule| rule.code);
    let levels: Vec<String> = match file {
        File::Settings => LEVELS.iter().map(|(name, _)| (*name).to_owned()).collect(),
        File::Data(_) => Vec::new(),
    };
    let word = |rule: &&crate::diagnostics::Rule| {
        let word = Word::new(rule.code, rule.name, rule.explanation, Shape::Text);
        Word { choices: levels.clone(), ..word }
    };
    rules.iter().map(word).collect()
}

/// What is to be told about a key: what it is, and what belongs there.
pub(super) fn help(form: &Definition, file: File, table: &[String], key: &str) -> Option<String> {
    // In a header, the tree stands before the name of the table.
    let path = joined(form, &[table, &[key.to_owned()]].concat());
    let (key, table) = path.split_last()?;
    let is_code = matches!(table, [name] if holds_rules(file, name));
    if is_code && let [rule] = rules::find(key)[..] {
        return Some(explained(rule));
    }
    let words = words(form, file, table);
    let sum = form.funding.sums().find(|line| line.name == *key);
    if let Some(word) = words.iter().find(|word| word.name == *key) {
        let end = if word.help.is_empty() { String::new() } else { format!("\n\n{}", word.help) };
        Some(format!("**{key}**（{}）{end}", word.about))
    } else if let (Some(sum), File::Data(Kind::Project)) = (sum, file) {
        let parts: Vec<&str> = sum.parts.iter().map(|part| part.name.as_str()).collect();
        Some(format!("**{key}**（合计）\n\n由程序相加：{}；不用写", parts.join("、")))
    } else {
        None
    }
}

/// A rule with its explanation, as Markdown.
pub(super) fn explained(rule: &crate::diagnostics::Rule) -> String {
    let lines = rule.explanation.replace('\n', "\n\n");
    format!("**{} {}**（{}）\n\n{lines}", rule.code, rule.name, rule.severity.name())
}
