//! Differences for a terminal: a line each, what is gone as `[-旧-]`, what is new as `{+新+}`, so
//! that it is clear without colours too. These brackets do not occur in Chinese text.

use std::borrow::Cow;

use annotate_snippets::renderer::{AnsiColor, Effects, Style};

use super::changes::{
    Amounts, Change, Comparison, DepartmentChanges, DepartmentFacts, PlacedText, ProjectChanges,
    ProjectFacts, Row, Versions,
};
use super::text_diff::{Piece, pieces};

const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();
const HEADING: Style = Style::new().effects(Effects::BOLD);

/// Texts of up to so many characters are shown whole, `旧 → 新`.
const SHORT: usize = 16;
/// Of what is the same in a long text, so many characters are shown beside a change.
const CONTEXT: usize = 15;
/// Of a text that is only on one side, so many characters are shown.
const LONGEST: usize = 80;

/// All differences, colours as escape codes; empty if there are none.
pub fn text(comparison: &Comparison) -> String {
    let mut lines = Vec::new();
    for changes in &comparison.departments {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        department(changes, comparison, &mut lines);
    }
    lines.join("\n")
}

/// How much is different, and what that does to the funds; one line.
pub fn summary(comparison: &Comparison) -> String {
    let projects = comparison.projects().count();
    let count = |wanted: fn(&Versions<ProjectFacts>) -> bool| {
        comparison.projects().filter(|changes| wanted(&changes.project)).count()
    };
    let added = count(|project| matches!(project, Versions::Added(_)));
    let removed = count(|project| matches!(project, Versions::Removed(_)));
    let departments = comparison.departments.len();
    let mut done = match (departments, projects) {
        (0 | 1, 0) => "部门的栏目有改动".to_owned(),
        (0 | 1, _) => format!("{projects} 个项目有改动"),
        _ => format!("{departments} 个部门、{projects} 个项目有改动"),
    };
    let parts: Vec<String> = [("新增", added), ("删去", removed)]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{name} {count} 个"))
        .collect();
    if !parts.is_empty() {
        done += &format!("（{}）", parts.join("，"));
    }
    let total = comparison.total;
    match total.old == total.new {
        true => format!("{done}，资金合计 {}，没有增减", total.new),
        false => format!("{done}，资金合计 {}", arrow(total)),
    }
}

fn department(changes: &DepartmentChanges, comparison: &Comparison, lines: &mut Vec<String>) {
    let with_total = comparison.departments.len() > 1;
    if let Some(department) = &changes.department {
        let facts = department.latest();
        let name = department_name(department);
        let size = format!("{} 个项目，资金 {}", facts.projects, facts.total);
        match department {
            Versions::Added(_) => {
                return lines.push(format!("{ADDED}新增部门{ADDED:#}  {name}：{size}"));
            }
            Versions::Removed(_) => {
                return lines.push(format!("{REMOVED}删去部门{REMOVED:#}  {name}：{size}"));
            }
            Versions::Changed { .. } => lines.push(format!("{HEADING}{name}{HEADING:#}")),
        }
    }
    let indent = if changes.department.is_some() { "  " } else { "" };
    lines.extend(changes.changes.iter().map(|change| format!("{indent}{}", line(change))));
    for changes in &changes.projects {
        project(changes, indent, lines);
    }
    if let (true, Some(department)) = (with_total, &changes.department) {
        let total = department.map(|department| department.total).amounts();
        if total.old != total.new {
            lines.push(format!("{indent}部门资金合计：{}", arrow(total)));
        }
    }
}

fn department_name(department: &Versions<DepartmentFacts>) -> String {
    let year = match department.map(|facts| facts.year.as_deref()) {
        Versions::Changed { old: Some(old), new: Some(new) } if old != new => {
            format!("{old}年度 → {new}年度 ")
        }
        years => years.latest().map_or(String::new(), |year| format!("{year}年度 ")),
    };
    let folder = match department {
        Versions::Changed { old, new } if old.folder != new.folder => {
            format!("{} → {}", old.folder, new.folder)
        }
        _ => department.latest().folder.clone(),
    };
    let name = &department.latest().name;
    let name = if *folder == **name { String::new() } else { format!("（{name}）") };
    one_line(&format!("{year}{folder}{name}")).into_owned()
}

fn project(changes: &ProjectChanges, indent: &str, lines: &mut Vec<String>) {
    let facts = changes.project.latest();
    let size = format!("资金 {}，{} 条指标", facts.total, facts.indicators);
    let name = project_name(&changes.project);
    lines.push(match &changes.project {
        Versions::Added(_) => format!("{indent}{ADDED}新增项目{ADDED:#}  {name}：{size}"),
        Versions::Removed(_) => format!("{indent}{REMOVED}删去项目{REMOVED:#}  {name}：{size}"),
        Versions::Changed { .. } => format!("{indent}{HEADING}{name}{HEADING:#}"),
    });
    lines.extend(changes.changes.iter().map(|change| format!("{indent}  {}", line(change))));
    let amounts = changes.changes.iter().filter(|change| matches!(change, Change::Amount { .. }));
    if amounts.count() > 1 {
        let total = &facts.total_name;
        lines.push(format!("{indent}  合计  {total}：{}", arrow(changes.total())));
    }
}

/// The file's name, and the project's where the file is called otherwise.
fn project_name(project: &Versions<ProjectFacts>) -> String {
    let file = match project {
        Versions::Changed { old, new } if old.file != new.file => {
            format!("{} → {}", old.file, new.file)
        }
        _ => project.latest().file.clone(),
    };
    let name = &project.latest().name;
    let shown = if file.contains(&**name) { file } else { format!("{name}（{file}）") };
    one_line(&shown).into_owned()
}

fn line(change: &Change) -> String {
    let kind = change.kind();
    let body = match change {
        Change::Field { name, text, .. } => format!("{name}：{}", versions(text)),
        Change::Amount { name, amount } => format!("{name}：{}", arrow(amount.amounts())),
        Change::Indicator(row) => indicator(row),
        Change::Order { of } => format!("{of}换了先后"),
        Change::Waiver { code, reason } => {
            let waiver = format!("{} {}", reason.done(), one_line(code));
            format!("{}：{}", waiver.trim_start(), versions(reason))
        }
    };
    format!("{kind}  {body}")
}

fn indicator(row: &Versions<Row>) -> String {
    let (old, new) = match row {
        Versions::Changed { old, new } => (old, new),
        Versions::Removed(row) => return on_one_side(&whole(row), REMOVED, usize::MAX),
        Versions::Added(row) => return on_one_side(&whole(row), ADDED, usize::MAX),
    };
    let group = match old.group == new.group {
        true => new.group.clone(),
        false => replaced(&old.group, &new.group),
    };
    let name = match old.name == new.name {
        true => one_line(&new.name).into_owned(),
        false => changed(&old.name, &new.name),
    };
    let columns = columns(old, new);
    let mut values = Vec::new();
    for (index, (column, old, new)) in columns.into_iter().enumerate() {
        let label = if index == 0 { String::new() } else { format!("{column} ") };
        match (old, new) {
            (old, new) if old == new && index > 0 => {}
            (old, new) if old == new => values.push(one_line(new).into_owned()),
            (old, new) => values.push(format!("{label}{}", changed(old, new))),
        }
    }
    format!("{group} / {name}：{}", values.join("，"))
}

/// Every column that either row has, with both texts.
fn columns<'r>(old: &'r Row, new: &'r Row) -> Vec<(&'r str, &'r str, &'r str)> {
    let find = |row: &'r Row, name: &str| {
        row.values.iter().find(|(column, _)| column == name).map_or("", |(_, value)| &**value)
    };
    let only_old = old.values.iter().filter(|(name, _)| find(new, name).is_empty());
    let names = new.values.iter().chain(only_old).map(|(name, _)| name.as_str());
    names.map(|name| (name, find(old, name), find(new, name))).collect()
}

fn whole(row: &Row) -> String {
    let values: Vec<&str> = row.values.iter().map(|(_, value)| &**value).collect();
    format!("{} / {}：{}", row.group, row.name, values.join("，"))
}

fn versions(text: &Versions<PlacedText>) -> String {
    match text {
        Versions::Removed(old) => on_one_side(old, REMOVED, LONGEST),
        Versions::Added(new) => on_one_side(new, ADDED, LONGEST),
        Versions::Changed { old, new } => changed(old, new),
    }
}

fn on_one_side(text: &str, style: Style, longest: usize) -> String {
    let end = text.char_indices().nth(longest).map(|(end, _)| end);
    let (text, more) = end.map_or((text, ""), |end| (&text[..end], "……"));
    format!("{style}{}{more}{style:#}", one_line(text))
}

/// A short text as old and new, of a long one the characters that changed.
fn changed(old: &str, new: &str) -> String {
    let is_short = |text: &str| text.chars().count() <= SHORT && !text.contains('\n');
    if is_short(old) && is_short(new) {
        return replaced(old, new);
    }
    let pieces = pieces(old, new);
    let last = pieces.len().saturating_sub(1);
    let shown = pieces.iter().enumerate().map(|(index, piece)| match piece {
        Piece::Same(text) => one_line(&near(text, index > 0, index < last)).into_owned(),
        Piece::Removed(text) => format!("{REMOVED}[-{}-]{REMOVED:#}", one_line(text)),
        Piece::Added(text) => format!("{ADDED}{{+{}+}}{ADDED:#}", one_line(text)),
    });
    shown.collect()
}

fn replaced(old: &str, new: &str) -> String {
    let (old, new) = (one_line(old), one_line(new));
    format!("{REMOVED}{old}{REMOVED:#} → {ADDED}{new}{ADDED:#}")
}

/// Of a long text only the ends that stand beside a change.
fn near(text: &str, after_change: bool, before_change: bool) -> Cow<'_, str> {
    let characters: Vec<char> = text.chars().collect();
    let kept = CONTEXT * (usize::from(after_change) + usize::from(before_change));
    if characters.len() <= kept + CONTEXT {
        return Cow::Borrowed(text);
    }
    let start = if after_change { &characters[..CONTEXT] } else { &[] };
    let end = if before_change { &characters[characters.len() - CONTEXT..] } else { &[] };
    Cow::Owned(start.iter().chain(&['…', '…']).chain(end).collect())
}

/// A text on one line; it may neither break the line nor command the terminal.
fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('\n', "↵").replace(char::is_control, "\u{fffd}"))
}

fn arrow(amounts: Amounts) -> String {
    let Amounts { old, new } = amounts.in_one_unit();
    let style = if new < old { REMOVED } else { ADDED };
    let difference = amounts.signed();
    format!("{} → {new}（{style}{difference}{style:#}）", old.shortest())
}
