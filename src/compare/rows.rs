//! Differences as the rows of a table: 栏目 | 调整前 | 调整后 | 增减.

use super::changes::{Change, PlacedText, ProjectChanges, Row, Versions, kind};
use super::text_diff::{Piece, pieces};
use crate::amount::Money;
use crate::diagnostics::Span;

/// What indicators are called together.
const INDICATORS: &str = "绩效指标";

/// A row of the table.
#[derive(Debug)]
pub(super) struct TableRow {
    /// What it is about.
    pub item: Said,
    /// Before and after.
    pub cells: Cells,
}

/// The cells right of the item.
#[derive(Debug)]
pub(super) enum Cells {
    /// Amounts, whose difference is the last cell; what is not there is a dash.
    Amounts(Versions<Money>),
    /// Texts, and in the last cell what happened.
    Texts { old: Marked, new: Marked, done: &'static str },
}

/// Words, and the places in the data that they come from.
#[derive(Debug)]
pub(super) struct Said {
    pub text: String,
    pub places: Vec<Span>,
}

/// Words, and which of them the other side does not have. Nothing is a dash.
#[derive(Debug, Default)]
pub(super) struct Marked {
    pub pieces: Vec<(String, Emphasis)>,
    pub places: Vec<Span>,
}

impl Said {
    fn of(text: impl Into<String>, parts: &[&PlacedText]) -> Self {
        let places = parts.iter().filter_map(|part| part.place().cloned()).collect();
        Self { text: text.into(), places }
    }
}

impl From<&PlacedText> for Said {
    fn from(text: &PlacedText) -> Self {
        Self::of(&**text, &[text])
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        Self::of(text, &[])
    }
}

/// Whether a stretch of text is on one side only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Emphasis {
    Same,
    Changed,
}

/// The rows of a project. One that is only on one side has its funds, and how many indicators.
pub(super) fn project_rows(changes: &ProjectChanges) -> Vec<TableRow> {
    let project = &changes.project;
    let total = TableRow {
        item: project.latest().total_name.as_str().into(),
        cells: Cells::Amounts(project.map(|project| project.total)),
    };
    if matches!(project, Versions::Changed { .. }) {
        let mut rows: Vec<TableRow> = changes.changes.iter().map(row).collect();
        // Like on the form, the total stands above its parts, if it has any.
        let first = rows.iter().position(|row| matches!(row.cells, Cells::Amounts(_)));
        if let Some(at) = first
            && rows.get(at).is_some_and(|row| row.item.text != total.item.text)
        {
            rows.insert(at, total);
        }
        return rows;
    }
    let lines = &project.latest().funding;
    let parts = (0..lines.len()).filter(|index| lines[*index].0 != total.item.text);
    let amounts: Vec<TableRow> = parts
        .map(|index| {
            let amount = project.map(|project| project.funding[index].1);
            TableRow { item: lines[index].0.as_str().into(), cells: Cells::Amounts(amount) }
        })
        .collect();
    let count = project.map(|project| Said::of(format!("{}条", project.indicators), &[]));
    let cells = texts(&count, project.done());
    let indicators = TableRow { item: INDICATORS.into(), cells };
    std::iter::once(total).chain(amounts).chain([indicators]).collect()
}

/// The row of one change.
pub(super) fn row(change: &Change) -> TableRow {
    let done = change.kind();
    let said = |text: &Versions<PlacedText>| text.map(Said::from);
    let (item, cells) = match change {
        Change::Field { name, text, .. } => (name.as_str().into(), texts(&said(text), done)),
        Change::Amount { name, amount } => (name.as_str().into(), Cells::Amounts(amount.clone())),
        Change::Indicator(versions) => indicator(versions, done),
        Change::Order { of } => {
            let (old, new) = Default::default();
            (of.as_str().into(), Cells::Texts { old, new, done: "顺序调整" })
        }
        Change::Waiver { code, reason } => {
            let item = format!("豁免 {code}");
            (item.as_str().into(), texts(&said(reason), kind(reason)))
        }
    };
    TableRow { item, cells }
}

/// What both versions of an indicator share is the item; the rest is before and after.
fn indicator(versions: &Versions<Row>, done: &'static str) -> (Said, Cells) {
    let named = |row: &Row| Said::of(format!("{}\n{}", row.group, row.name), &[&row.name]);
    let (old, new) = match versions {
        Versions::Changed { old, new } => (old, new),
        Versions::Removed(row) | Versions::Added(row) => {
            return (named(row), texts(&versions.map(values), done));
        }
    };
    let texts_of = |before: fn(&Row) -> String| {
        let said = |row: &Row| {
            let values = values(row);
            let text = format!("{}{}", before(row), values.text);
            let places = row.name.place().cloned().into_iter().chain(values.places).collect();
            Said { text, places }
        };
        texts(&Versions::Changed { old: said(old), new: said(new) }, done)
    };
    match (old.group == new.group, old.name == new.name) {
        (true, true) => (named(new), texts_of(|_| String::new())),
        (true, false) => (new.group.as_str().into(), texts_of(|row| format!("{}：", row.name))),
        (false, true) => ((&new.name).into(), texts_of(|row| format!("{}：", row.group))),
        (false, false) => {
            (INDICATORS.into(), texts_of(|row| format!("{}\n{}：", row.group, row.name)))
        }
    }
}

fn values(row: &Row) -> Said {
    let values: Vec<&PlacedText> = row.values.iter().map(|(_, value)| value).collect();
    let texts: Vec<&str> = values.iter().map(|value| &***value).collect();
    Said::of(texts.join("，"), &values)
}

fn texts(text: &Versions<Said>, done: &'static str) -> Cells {
    let whole = |said: &Said| Marked {
        pieces: vec![(said.text.clone(), Emphasis::Same)],
        places: said.places.clone(),
    };
    let (old, new) = match text {
        Versions::Removed(old) => (whole(old), Marked::default()),
        Versions::Added(new) => (Marked::default(), whole(new)),
        Versions::Changed { old, new } => {
            let (mut before, mut after) = (Vec::new(), Vec::new());
            for piece in pieces(&old.text, &new.text) {
                match piece {
                    Piece::Same(text) => {
                        before.push((text.to_owned(), Emphasis::Same));
                        after.push((text.to_owned(), Emphasis::Same));
                    }
                    Piece::Removed(text) => before.push((text.to_owned(), Emphasis::Changed)),
                    Piece::Added(text) => after.push((text.to_owned(), Emphasis::Changed)),
                }
            }
            let marked = |pieces, said: &Said| Marked { pieces, places: said.places.clone() };
            (marked(before, old), marked(after, new))
        }
    };
    Cells::Texts { old, new, done }
}
