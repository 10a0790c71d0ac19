//! Differences as a printed table (绩效目标调整对照表), as a sheet.

use super::changes::{
    Amounts, Comparison, DepartmentChanges, PlacedText, ProjectChanges, Versions,
};
use super::rows::{Cells, Emphasis, Marked, Said, TableRow, project_rows, row};
use super::side::Side;
use crate::amount::{Format, Money};
use crate::diagnostics::{Finding, Span};
use crate::form::Definition;
use crate::print::typeset::{About, PdfSettings, Typesetter};
use crate::sheet::{
    self, Compared, ComparedDepartment, ComparedProject, ComparedRow, ComparedText, Run,
};

const TITLE: &str = "项目支出绩效目标调整对照表";

/// The differences between two sides as a PDF.
///
/// # Errors
/// A character that no font has; a form without a layout for this table, or a mistake in it.
pub fn pdf(
    comparison: &Comparison,
    (old, new): (&Side, &Side),
    form: &Definition,
    typesetter: &Typesetter<'_>,
    settings: &PdfSettings,
) -> Result<Vec<u8>, Vec<Finding>> {
    let table = table(comparison, form);
    let about =
        About::new(table.title.clone(), table.departments.iter().map(|it| it.name.as_str()));
    let sheet = sheet::comparison(&table);
    let paged = typesetter.paginate(&sheet);
    let part = paged.and_then(|paged| typesetter.set(&about, &[paged], 1, Vec::new()));
    let part = part.map_err(|findings| new.renamed(old.renamed(findings)))?;
    typesetter.join([part]).pdf(settings)
}

fn table(comparison: &Comparison, form: &Definition) -> Compared {
    let name = match &comparison.departments[..] {
        [changes] => name(changes),
        _ => String::new(),
    };
    let years: Vec<&str> = comparison.years().into_iter().collect();
    Compared {
        year: years.join("、"),
        title: format!("{name}{TITLE}"),
        unit: form.funding.unit().name(),
        departments: comparison.departments.iter().map(|it| department(it, form)).collect(),
        total: total("资金合计", comparison.total, &form.funding.format),
    }
}

fn department(changes: &DepartmentChanges, form: &Definition) -> ComparedDepartment {
    let format = &form.funding.format;
    let subtotal = changes.department.as_ref().map(|department| {
        total("小计", department.map(|department| department.total).amounts(), format)
    });
    ComparedDepartment {
        name: name(changes),
        done: changes.department.as_ref().map_or("", Versions::done),
        places: places(changes.department.as_ref().map(|it| &it.latest().name)),
        rows: changes.changes.iter().map(|change| compared(row(change), format)).collect(),
        projects: changes.projects.iter().map(|it| project(it, form)).collect(),
        total: subtotal,
    }
}

/// The name printed on the form; empty if files are compared without their department.
fn name(changes: &DepartmentChanges) -> String {
    changes.department.as_ref().map_or_else(String::new, |it| it.latest().name.to_string())
}

fn places(name: Option<&PlacedText>) -> Vec<Span> {
    name.and_then(|name| name.place().cloned()).into_iter().collect()
}

fn project(changes: &ProjectChanges, form: &Definition) -> ComparedProject {
    let rows = project_rows(changes);
    let name = &changes.project.latest().name;
    ComparedProject {
        name: name.to_string(),
        places: places(Some(name)),
        done: changes.project.done(),
        rows: rows.into_iter().map(|row| compared(row, &form.funding.format)).collect(),
    }
}

fn compared(row: TableRow, format: &Format) -> ComparedRow {
    match row.cells {
        Cells::Amounts(amount) => amounts(row.item, &amount, format),
        Cells::Texts { old, new, done } => ComparedRow {
            item: text(row.item),
            amount: false,
            old: marked(old),
            new: marked(new),
            change: done.to_owned(),
        },
    }
}

fn total(item: &str, Amounts { old, new }: Amounts, format: &Format) -> ComparedRow {
    amounts(item.into(), &Versions::Changed { old, new }, format)
}

fn amounts(item: Said, amount: &Versions<Money>, format: &Format) -> ComparedRow {
    let shown = |side: Option<&Money>| {
        side.map_or_else(Default::default, |amount| {
            text(Said { text: format.print(*amount), places: Vec::new() })
        })
    };
    let difference = amount.amounts().difference();
    ComparedRow {
        item: text(item),
        amount: true,
        old: shown(amount.old()),
        new: shown(amount.new_side()),
        change: format.difference(difference),
    }
}

fn text(said: Said) -> ComparedText {
    let runs = vec![Run { text: said.text, strong: false }];
    ComparedText { runs, places: said.places }
}

fn marked(marked: Marked) -> ComparedText {
    let run = |(text, emphasis)| Run { text, strong: emphasis == Emphasis::Changed };
    ComparedText { runs: marked.pieces.into_iter().map(run).collect(), places: marked.places }
}
