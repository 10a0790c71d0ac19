//! Differences as the rows of a table: 栏目 | 调整前 | 调整后 | 增减.

use super::changes::{Change, ProjectChanges, Row, Versions, kind};
use super::text_diff::{Piece, pieces};
use crate::amount::Money;

/// A row of the table.
#[derive(Debug)]
pub(super) struct TableRow {
    /// What it is about.
    pub item: String,
    /// Before and after.
    pub cells: Cells,
}

/// The cells right of the item.
#[derive(Debug)]
pub(super) enum Cells {
    /// Amounts, whose difference is the last cell; what is not there is a dash.
    Amounts(Versions<Money>),
    /// Texts, and in the last cell what happened.
    Texts { old: Vec<(String, Emphasis)>, new: Vec<(String, Emphasis)>, done: &'static str },
}

/// Whether a stretch of text is on one side only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Emphasis {
    Same,
    Changed,
}

/// The rows of a project. One that is only on one side has its funds, and how many indicators.
pub(super) fn project_rows(changes: &ProjectChanges, total: &str) -> Vec<TableRow> {
    let project = &changes.project;
    let total = TableRow {
        item: total.to_owned(),
        cells: Cells::Amounts(project.map(|project| project.total)),
    };
    if matches!(project, Versions::Changed { .. }) {
        let mut rows: Vec<TableRow> = changes.changes.iter().map(row).collect();
        // Like on the form, the total stands above its parts.
        if let Some(at) = rows.iter().position(|row| matches!(row.cells, Cells::Amounts(_))) {
            rows.insert(at, total);
        }
        return rows;
    }
    let lines = &project.latest().funding;
    let amounts = (0..lines.len()).map(|index| {
        let amount = project.map(|project| project.funding[index].1);
        TableRow { item: lines[index].0.clone(), cells: Cells::Amounts(amount) }
    });
    let count = project.map(|project| format!("{}条", project.indicators));
    let cells = texts(&count, project.done());
    let indicators = TableRow { item: "绩效指标".to_owned(), cells };
    std::iter::once(total).chain(amounts).chain([indicators]).collect()
}

/// The row of one change.
pub(super) fn row(change: &Change) -> TableRow {
    let done = change.kind();
    let (item, cells) = match change {
        Change::Field { name, text } => (name.clone(), texts(text, done)),
        Change::Amount { name, amount } => (name.clone(), Cells::Amounts(amount.clone())),
        Change::Indicator(versions) => indicator(versions, done),
        Change::Order { of } => {
            let cells = Cells::Texts { old: Vec::new(), new: Vec::new(), done: "顺序调整" };
            (of.clone(), cells)
        }
        Change::Waiver { code, reason } => (format!("豁免 {code}"), texts(reason, kind(reason))),
    };
    TableRow { item, cells }
}

/// What both versions of an indicator share is the item; the rest is before and after.
fn indicator(versions: &Versions<Row>, done: &'static str) -> (String, Cells) {
    let (old, new) = match versions {
        Versions::Changed { old, new } => (old, new),
        Versions::Removed(row) | Versions::Added(row) => {
            let item = format!("{}\n{}", row.group, row.name);
            return (item, texts(&versions.map(values), done));
        }
    };
    let texts_of = |text: fn(&Row) -> String| {
        texts(&Versions::Changed { old: text(old), new: text(new) }, done)
    };
    match (old.group == new.group, old.name == new.name) {
        (true, true) => (format!("{}\n{}", new.group, new.name), texts_of(values)),
        (true, false) => {
            (new.group.clone(), texts_of(|row| format!("{}：{}", row.name, values(row))))
        }
        (false, true) => {
            (new.name.clone(), texts_of(|row| format!("{}：{}", row.group, values(row))))
        }
        (false, false) => (
            "绩效指标".to_owned(),
            texts_of(|row| format!("{}\n{}：{}", row.group, row.name, values(row))),
        ),
    }
}

fn values(row: &Row) -> String {
    let values: Vec<&str> = row.values.iter().map(|(_, value)| value.as_str()).collect();
    values.join("，")
}

fn texts(text: &Versions<String>, done: &'static str) -> Cells {
    let whole = |text: &String| vec![(text.clone(), Emphasis::Same)];
    let (old, new) = match text {
        Versions::Removed(old) => (whole(old), Vec::new()),
        Versions::Added(new) => (Vec::new(), whole(new)),
        Versions::Changed { old, new } => {
            let (mut before, mut after) = (Vec::new(), Vec::new());
            for piece in pieces(old, new) {
                match piece {
                    Piece::Same(text) => {
                        before.push((text.to_owned(), Emphasis::Same));
                        after.push((text.to_owned(), Emphasis::Same));
                    }
                    Piece::Removed(text) => before.push((text.to_owned(), Emphasis::Changed)),
                    Piece::Added(text) => after.push((text.to_owned(), Emphasis::Changed)),
                }
            }
            (before, after)
        }
    };
    Cells::Texts { old, new, done }
}
