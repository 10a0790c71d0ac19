//! Differences as Markdown: a table a project, for a message or a review.

use super::changes::{Comparison, DepartmentChanges, Versions};
use super::rows::{Cells, Emphasis, Marked, TableRow, project_rows, row};
use super::text::summary;
use crate::amount::Money;

/// All differences as one Markdown text.
pub fn markdown(comparison: &Comparison) -> String {
    let mut blocks = Vec::new();
    for changes in &comparison.departments {
        department(changes, &mut blocks);
    }
    blocks.push(plain_summary(comparison));
    blocks.join("\n\n")
}

fn plain_summary(comparison: &Comparison) -> String {
    anstream::adapter::strip_str(&summary(comparison)).to_string()
}

fn department(changes: &DepartmentChanges, blocks: &mut Vec<String>) {
    if let Some(department) = &changes.department {
        let facts = department.latest();
        let year = facts.year.as_ref().map_or(String::new(), |year| format!("{year}年度 "));
        blocks.push(format!("## {year}{}{}", escaped(&facts.name), done(department)));
    }
    if !changes.changes.is_empty() {
        blocks.push(table(&changes.changes.iter().map(row).collect::<Vec<_>>()));
    }
    for changes in &changes.projects {
        let name = escaped(&changes.project.latest().name);
        blocks.push(format!("### {name}{}", done(&changes.project)));
        blocks.push(table(&project_rows(changes)));
    }
}

/// What happened to the whole thing, in brackets.
fn done<T>(versions: &Versions<T>) -> String {
    match versions.done() {
        "" => String::new(),
        done => format!("（{done}）"),
    }
}

fn table(rows: &[TableRow]) -> String {
    let mut lines =
        vec!["| 栏目 | 调整前 | 调整后 | 增减 |".to_owned(), "|---|---|---|---|".to_owned()];
    lines.extend(rows.iter().map(|row| {
        let item = escaped(&row.item.text);
        let [old, new, done] = match &row.cells {
            Cells::Amounts(amount) => {
                let unit = amount.amounts().unit();
                let shown = |amount: Option<&Money>| {
                    amount.map_or("—".to_owned(), |amount| amount.in_unit(unit).shortest())
                };
                let difference = amount.amounts().signed();
                [shown(amount.old()), shown(amount.new_side()), difference]
            }
            Cells::Texts { old, new, done } => {
                [emphasised(old, "~~"), emphasised(new, "**"), (*done).to_owned()]
            }
        };
        format!("| {item} | {old} | {new} | {done} |")
    }));
    lines.join("\n")
}

fn emphasised(text: &Marked, sign: &str) -> String {
    if text.pieces.is_empty() {
        return "—".to_owned();
    }
    let pieces = text.pieces.iter().map(|(text, is)| match is {
        Emphasis::Same => escaped(text),
        Emphasis::Changed => format!("{sign}{}{sign}", escaped(text)),
    });
    pieces.collect()
}

/// Text that Markdown takes for text, on one line.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("<br>"),
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '|' | '*' | '~' | '_' | '`' | '[' | ']' | '\\' => escaped.extend(['\\', c]),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
