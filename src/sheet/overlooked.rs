//! Whether everything in the data is printed.

use std::collections::HashSet;
use std::sync::Arc;

use super::Sheet;
use crate::data::Department;
use crate::diagnostics::{SourceFile, Span};

/// The values of a department that no cell or line of its sheets comes from. A field of the
/// department that every project writes anew is one of the projects.
pub fn overlooked(department: &Department, sheets: &[Sheet]) -> Vec<Span> {
    let key = |span: &Span| (Arc::as_ptr(&span.source), span.range.start);
    let mut printed = HashSet::new();
    for sheet in sheets {
        let cells = sheet.grid.cells().iter().map(|cell| &cell.content);
        let lines = sheet.before.iter().chain(&sheet.after).flat_map(|line| &line.texts);
        printed.extend(cells.chain(lines).flat_map(|it| it.origin.places()).map(key));
    }
    let is_replaced = |name: &String| {
        !department.projects.is_empty()
            && department.projects.iter().all(|project| project.fields.contains_key(name))
    };
    let own = department.fields.iter().filter(|(name, _)| !is_replaced(name));
    let own = own.map(|(_, text)| (&department.source, text.span()));
    let of_projects = department.projects.iter().flat_map(|project| {
        let amounts = project.funding.lines.values().map(|amount| amount.span());
        let texts = project.texts().map(|text| text.span());
        amounts.chain(texts).map(move |range| (&project.source, range))
    });
    own.chain(of_projects)
        .map(|(source, range): (&Arc<SourceFile>, _)| source.span(range))
        .filter(|span| !printed.contains(&key(span)))
        .collect()
}
