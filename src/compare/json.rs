//! Differences for programs: one JSON document. Amounts are texts, so that they stay exact.

use serde::Serialize;

use super::changes::{
    Amounts, Change, Comparison, DepartmentChanges, ProjectChanges, Row, Versions,
};
use crate::amount::Money;

/// The layout of the document; a change that a reader could stumble over raises it.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    different: bool,
    total: Amount,
    departments: Vec<Department<'a>>,
}

#[derive(Serialize)]
struct Department<'a> {
    /// `added`, `removed` or `changed`; absent if files are compared without their department.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<Pair<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<Pair<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Pair<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<Amount>,
    changes: Vec<Entry<'a>>,
    projects: Vec<Project<'a>>,
}

#[derive(Serialize)]
struct Project<'a> {
    status: &'static str,
    name: Pair<&'a str>,
    file: Pair<&'a str>,
    total: Amount,
    changes: Vec<Entry<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Entry<'a> {
    Field {
        name: &'a str,
        #[serde(flatten)]
        text: Pair<&'a str>,
    },
    Amount {
        name: &'a str,
        #[serde(flatten)]
        amount: Amount,
    },
    Indicator {
        moved: bool,
        renamed: bool,
        #[serde(flatten)]
        row: Pair<Indicator<'a>>,
    },
    Order {
        of: &'a str,
    },
    Waiver {
        code: &'a str,
        #[serde(flatten)]
        reason: Pair<&'a str>,
    },
}

#[derive(Serialize)]
struct Indicator<'a> {
    group: &'a str,
    name: &'a str,
    values: Vec<Value<'a>>,
}

#[derive(Serialize)]
struct Value<'a> {
    column: &'a str,
    value: &'a str,
}

/// Both sides; `null` is what a side does not have.
#[derive(Serialize)]
struct Pair<T> {
    old: Option<T>,
    new: Option<T>,
}

#[derive(Serialize)]
struct Amount {
    old: Option<String>,
    new: Option<String>,
    difference: String,
    unit: &'static str,
}

/// All differences as one document.
///
/// # Errors
/// Never for differences as they are; passed on from the serializer.
pub fn json(comparison: &Comparison) -> serde_json::Result<String> {
    serde_json::to_string_pretty(&Report {
        version: VERSION,
        different: !comparison.is_empty(),
        total: amounts(comparison.total),
        departments: comparison.departments.iter().map(department).collect(),
    })
}

fn department(changes: &DepartmentChanges) -> Department<'_> {
    let department = changes.department.as_ref();
    let year = department.map(|department| {
        let year = department.map(|facts| facts.year.as_deref());
        Pair { old: year.old().copied().flatten(), new: year.new_side().copied().flatten() }
    });
    Department {
        status: department.map(status),
        year,
        folder: department.map(|department| pair(department, |facts| facts.folder.as_str())),
        name: department.map(|department| pair(department, |facts| &*facts.name)),
        total: department.map(|department| amount(&department.map(|facts| facts.total))),
        changes: changes.changes.iter().map(entry).collect(),
        projects: changes.projects.iter().map(project).collect(),
    }
}

fn project(changes: &ProjectChanges) -> Project<'_> {
    let project = &changes.project;
    Project {
        status: status(project),
        name: pair(project, |facts| &*facts.name),
        file: pair(project, |facts| facts.file.as_str()),
        total: amount(&project.map(|facts| facts.total)),
        changes: changes.changes.iter().map(entry).collect(),
    }
}

fn entry(change: &Change) -> Entry<'_> {
    match change {
        Change::Field { name, text, .. } => Entry::Field { name, text: pair(text, |text| &**text) },
        Change::Amount { name, amount } => Entry::Amount { name, amount: self::amount(amount) },
        Change::Indicator(row) => {
            let differs = |of: fn(&Row) -> &str| matches!(row, Versions::Changed { old, new } if of(old) != of(new));
            Entry::Indicator {
                moved: differs(|row| &row.group),
                renamed: differs(|row| &row.name),
                row: pair(row, indicator),
            }
        }
        Change::Order { of } => Entry::Order { of },
        Change::Waiver { code, reason } => {
            Entry::Waiver { code, reason: pair(reason, |reason| &**reason) }
        }
    }
}

fn indicator(row: &Row) -> Indicator<'_> {
    Indicator {
        group: &row.group,
        name: &row.name,
        values: row.values.iter().map(|(column, value)| Value { column, value }).collect(),
    }
}

fn pair<'a, T, U>(versions: &'a Versions<T>, of: impl Fn(&'a T) -> U) -> Pair<U> {
    Pair { old: versions.old().map(&of), new: versions.new_side().map(&of) }
}

fn status<T>(versions: &Versions<T>) -> &'static str {
    match versions {
        Versions::Removed(_) => "removed",
        Versions::Added(_) => "added",
        Versions::Changed { .. } => "changed",
    }
}

fn amount(versions: &Versions<Money>) -> Amount {
    let amounts = versions.amounts();
    let unit = amounts.unit();
    let Pair { old, new } = pair(versions, |amount| amount.in_unit(unit).shortest());
    Amount { old, new, difference: amounts.signed(), unit: unit.name() }
}

fn amounts(amounts: Amounts) -> Amount {
    amount(&Versions::Changed { old: amounts.old, new: amounts.new })
}
