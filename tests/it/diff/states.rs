//! Departments as somebody writes them, and what a year does to them: data files on disk, read as
//! `jixiao diff` reads them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jixiao::compare::{Reader, Side};
use jixiao::form::{Definition, Form};
use jixiao::workspace::{Forms, Workspace};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use rust_decimal::Decimal;

use crate::support;
use crate::support::form::{FormParts, MAY_BE_EMPTY, OPTIONAL, REQUIRED};

/// A form with few second-level indicators, so that rows meet, and with more than one column.
const FORM: FormParts = FormParts {
    department: &[("主管部门", REQUIRED), ("代码", REQUIRED), ("实施单位", "\"项目可改\" = true")],
    project: &[("项目名称", REQUIRED), ("年度总体目标", MAY_BE_EMPTY)],
    funding: ("项目资金", "年度资金总额", &["财政拨款", "其他资金"]),
    columns: &[("指标值", REQUIRED), ("度量单位", OPTIONAL)],
    levels: &[
        ("产出指标", &[("数量指标", REQUIRED), ("质量指标", OPTIONAL)]),
        ("效益指标", &[("社会效益指标", OPTIONAL)]),
    ],
};

const LEVELS: [&str; 3] = ["数量指标", "质量指标", "社会效益指标"];
const CODES: [&str; 3] = ["W101", "W501", "W502"];

pub fn form() -> Definition {
    FORM.definition()
}

pub fn forms() -> Forms {
    Forms::one(Form { definition: form(), ..support::form() }).expect("forms")
}

/// A department as somebody writes it. What cannot stand in a folder or a file twice, the last or
/// the first stands there.
#[derive(Debug, Clone)]
pub struct Draft {
    folder: &'static str,
    fields: [String; 3],
    waivers: Vec<(&'static str, String)>,
    projects: Vec<ProjectDraft>,
}

#[derive(Debug, Clone)]
pub struct ProjectDraft {
    file: String,
    name: String,
    goal: String,
    unit: Option<String>,
    amounts: [u32; 2],
    rows: Vec<RowDraft>,
    waivers: Vec<(&'static str, String)>,
}

#[derive(Debug, Clone)]
pub struct RowDraft {
    level: &'static str,
    name: String,
    value: String,
    unit: Option<String>,
}

impl Draft {
    pub fn write(&self, data: &Path) {
        let folder = data.join("2023").join(self.folder);
        fs::create_dir_all(&folder).expect("a folder");
        let [name, code, unit] = &self.fields;
        let text =
            format!("\"主管部门\" = {name:?}\n\"代码\" = {code:?}\n\"实施单位\" = {unit:?}\n");
        fs::write(folder.join("部门.toml"), text + &waivers(&self.waivers)).expect("a file");
        for project in &self.projects {
            fs::write(folder.join(&project.file), project.text()).expect("a file");
        }
    }
}

impl ProjectDraft {
    fn text(&self) -> String {
        let mut text =
            format!("\"项目名称\" = {:?}\n\"年度总体目标\" = {:?}\n", self.name, self.goal);
        text.extend(self.unit.iter().map(|unit| format!("\"实施单位\" = {unit:?}\n")));
        let [fiscal, other] = self.amounts.map(|amount| Decimal::new(amount.into(), 2));
        text += &format!("[\"项目资金\"]\n\"财政拨款\" = {fiscal}\n\"其他资金\" = {other}\n");
        for level in LEVELS {
            text += &format!("[\"{level}\"]\n");
            for row in
                first_of_each(self.rows.iter().filter(|row| row.level == level), |row| &row.name)
            {
                let value = match &row.unit {
                    None => format!("{:?}", row.value),
                    Some(unit) => {
                        format!("{{ \"指标值\" = {:?}, \"度量单位\" = {unit:?} }}", row.value)
                    }
                };
                text += &format!("{:?} = {value}\n", row.name);
            }
        }
        text + &waivers(&self.waivers)
    }
}

fn waivers(waivers: &[(&str, String)]) -> String {
    let lines = first_of_each(waivers.iter(), |(code, _)| *code);
    let lines = lines.map(|(code, reason)| format!("{code} = {reason:?}\n"));
    format!("[\"豁免\"]\n{}", lines.collect::<String>())
}

/// TOML has each key once.
fn first_of_each<'t, T: 't, K: Ord>(
    things: impl Iterator<Item = &'t T>,
    key: impl Fn(&'t T) -> K,
) -> impl Iterator<Item = &'t T> {
    let mut seen = BTreeSet::new();
    things.filter(move |thing| seen.insert(key(thing)))
}

/// Something that a year brings.
#[derive(Debug, Clone)]
pub enum Edit {
    Department(Index, String),
    Folder(&'static str),
    DepartmentWaivers(Vec<(&'static str, String)>),
    Waivers(Vec<(&'static str, String)>),
    Amount(Index, u32),
    Goal(String),
    Unit(Option<String>),
    Name(String),
    File(String),
    /// The files of two projects are exchanged: both print at another place.
    Exchange(Index),
    AddProject(Box<ProjectDraft>),
    CopyProject(String),
    RemoveProject,
    MoveRow(Index, &'static str),
    Reword(Index, String, Option<String>),
    Value(Index, String, Option<String>),
    AddRow(Index, RowDraft),
    RemoveRow(Index),
    /// All rows are others: the more of them meet.
    Rewrite(Vec<RowDraft>),
    ExchangeRows(Index, Index),
}

/// Makes an edit, in the project it is about if it is about one. One that finds nothing to change
/// changes nothing.
fn edit(draft: &mut Draft, at: Index, edit: Edit) {
    let place = at.index(draft.projects.len().max(1));
    match edit {
        Edit::Department(field, text) => draft.fields[field.index(3)] = text,
        Edit::Folder(folder) => draft.folder = folder,
        Edit::DepartmentWaivers(waivers) => draft.waivers = waivers,
        Edit::AddProject(project) => draft.projects.push(*project),
        Edit::CopyProject(file) => {
            let copy = draft.projects.get(place).cloned();
            draft.projects.extend(copy.map(|copy| ProjectDraft { file, ..copy }));
        }
        Edit::RemoveProject => drop(draft.projects.drain(place..).next()),
        Edit::Exchange(other) if !draft.projects.is_empty() => {
            let other = other.index(draft.projects.len());
            let file = draft.projects[other].file.clone();
            let file = std::mem::replace(&mut draft.projects[place].file, file);
            draft.projects[other].file = file;
        }
        edit => {
            if let Some(project) = draft.projects.get_mut(place) {
                edit_project(project, edit);
            }
        }
    }
}

fn edit_project(project: &mut ProjectDraft, edit: Edit) {
    let count = project.rows.len();
    match edit {
        Edit::Waivers(waivers) => project.waivers = waivers,
        Edit::Amount(line, amount) => project.amounts[line.index(2)] = amount,
        Edit::Goal(goal) => project.goal = goal,
        Edit::Unit(unit) => project.unit = unit,
        Edit::Name(name) => project.name = name,
        Edit::File(file) => project.file = file,
        Edit::AddRow(at, row) => project.rows.insert(at.index(count + 1), row),
        Edit::Rewrite(rows) => project.rows = rows,
        _ if count == 0 => {}
        Edit::MoveRow(at, level) => project.rows[at.index(count)].level = level,
        Edit::Reword(at, name, value) => {
            let row = &mut project.rows[at.index(count)];
            row.name += &name;
            row.value = value.unwrap_or_else(|| row.value.clone());
        }
        Edit::Value(at, value, unit) => {
            let row = &mut project.rows[at.index(count)];
            (row.value, row.unit) = (value, unit);
        }
        Edit::RemoveRow(at) => drop(project.rows.remove(at.index(count))),
        Edit::ExchangeRows(a, b) => project.rows.swap(a.index(count), b.index(count)),
        _ => {}
    }
}

/// A short text. There are so few of them that many are alike and some are equal.
pub fn text() -> impl Strategy<Value = String> {
    let pieces = select(vec!["村级", "办公", "经费", "覆盖率", "2023年11个", "；\n"]);
    prop::collection::vec(pieces, 1..4).prop_map(|pieces| pieces.concat())
}

/// A text that is sometimes not filled in yet.
pub fn optional_text() -> impl Strategy<Value = String> {
    prop_oneof![8 => text(), 1 => Just(String::new()), 1 => Just(" ".to_owned())]
}

fn waiver_drafts() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    prop::collection::vec((select(&CODES[..]), text()), 0..3)
}

fn row() -> impl Strategy<Value = RowDraft> {
    let unit = prop::option::weighted(0.3, optional_text());
    (select(&LEVELS[..]), text(), text(), unit).prop_map(|(level, name, value, unit)| RowDraft {
        level,
        name,
        value,
        unit,
    })
}

fn rows() -> impl Strategy<Value = Vec<RowDraft>> {
    prop::collection::vec(row(), 0..8)
}

fn file() -> impl Strategy<Value = String> {
    (1..12_u8).prop_map(|number| format!("{number}-项目.toml"))
}

fn project() -> impl Strategy<Value = ProjectDraft> {
    let unit = prop::option::weighted(0.2, optional_text());
    let amounts = prop::array::uniform2(0..300_u32);
    (file(), optional_text(), optional_text(), unit, amounts, rows(), waiver_drafts()).prop_map(
        |(file, name, goal, unit, amounts, rows, waivers)| ProjectDraft {
            file,
            name,
            goal,
            unit,
            amounts,
            rows,
            waivers,
        },
    )
}

fn folder() -> impl Strategy<Value = &'static str> {
    select(vec!["056-灵沙乡", "057-渠口乡", "058-高仁乡"])
}

fn department() -> impl Strategy<Value = Draft> {
    let fields = (optional_text(), select(vec!["056", "057"]), optional_text())
        .prop_map(|(name, code, unit)| [name, code.to_owned(), unit]);
    let projects = prop::collection::vec(project(), 0..6);
    (folder(), fields, waiver_drafts(), projects)
        .prop_map(|(folder, fields, waivers, projects)| Draft { folder, fields, waivers, projects })
}

fn an_edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    let others = prop_oneof![
        (at(), optional_text()).prop_map(|(field, text)| Edit::Department(field, text)),
        folder().prop_map(Edit::Folder),
        waiver_drafts().prop_map(Edit::DepartmentWaivers),
        waiver_drafts().prop_map(Edit::Waivers),
        (at(), 0..300_u32).prop_map(|(line, amount)| Edit::Amount(line, amount)),
        optional_text().prop_map(Edit::Goal),
        prop::option::of(optional_text()).prop_map(Edit::Unit),
        optional_text().prop_map(Edit::Name),
        file().prop_map(Edit::File),
        at().prop_map(Edit::Exchange),
        project().prop_map(|project| Edit::AddProject(Box::new(project))),
        file().prop_map(Edit::CopyProject),
        Just(Edit::RemoveProject),
        (at(), select(&LEVELS[..])).prop_map(|(row, level)| Edit::MoveRow(row, level)),
        (at(), text(), prop::option::of(text()))
            .prop_map(|(row, name, value)| Edit::Reword(row, name, value)),
        (at(), text(), prop::option::of(optional_text()))
            .prop_map(|(row, value, unit)| Edit::Value(row, value, unit)),
        (at(), row()).prop_map(|(at, row)| Edit::AddRow(at, row)),
        at().prop_map(Edit::RemoveRow),
        (at(), at()).prop_map(|(a, b)| Edit::ExchangeRows(a, b)),
    ];
    prop_oneof![3 => others, 1 => rows().prop_map(Edit::Rewrite)]
}

/// Some departments.
pub fn state() -> impl Strategy<Value = Vec<Draft>> {
    prop::collection::vec(department(), 0..3)
}

/// Two states: mostly one and what has become of it, sometimes two that have nothing to do with
/// each other.
pub fn states() -> impl Strategy<Value = (Vec<Draft>, Vec<Draft>)> {
    let edits = prop::collection::vec((any::<Index>(), any::<Index>(), an_edit()), 0..8);
    let edited = (prop::collection::vec(department(), 1..3), edits).prop_map(|(old, edits)| {
        let mut new = old.clone();
        for (department, project, its) in edits {
            edit(department.get_mut(&mut new), project, its);
        }
        (old, new)
    });
    prop_oneof![3 => edited, 1 => (state(), state())]
}

/// Both states, written and read.
pub fn read((old, new): (&[Draft], &[Draft])) -> (Side, Side) {
    let forms = forms();
    let folder = support::empty_workspace();
    for (name, drafts) in [("old", old), ("new", new)] {
        let data = folder.path().join(name).join("data");
        fs::create_dir_all(data.join("2023")).expect("a folder");
        drafts.iter().for_each(|draft| draft.write(&data));
    }
    let workspace = Workspace::new(folder.path());
    let sides = Reader::new(&workspace, &forms, None).read("old/data", Some("new/data"));
    sides.unwrap_or_else(|findings| panic!("{findings:?}"))
}
