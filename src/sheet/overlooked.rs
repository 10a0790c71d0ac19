//! Whether everything in the data is printed.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::Sheet;
use crate::data::Department;
use crate::diagnostics::{SourceFile, Span};

/// The values of some projects and their department that no cell or line of their sheets comes
/// from. A field of the
/// department that every project writes anew is one of the projects.
pub fn overlooked(department: &Department, projects: Range<usize>, sheets: &[Sheet]) -> Vec<Span> {
    let projects = department.projects.get(projects).unwrap_or_default();
    let key = |span: &Span| (Arc::as_ptr(&span.source), span.range.start);
    let mut printed = HashSet::new();
    for sheet in sheets {
        printed.extend(sheet.printed().flat_map(|it| it.origin.places()).map(key));
    }
    let is_replaced = |name: &str| {
        !projects.is_empty() && projects.iter().all(|project| project.fields.get(name).is_some())
    };
    let own = department.own_fields().filter(|(_, name, _)| !is_replaced(name));
    let own = own.map(|(source, _, text)| (source, text.span()));
    let of_projects = projects.iter().flat_map(|project| {
        let columns = project.funding.columns();
        let amounts = columns.flat_map(|it| it.lines.values()).map(|amount| amount.span());
        let texts = project.texts().map(|text| text.span());
        amounts.chain(texts).map(move |range| (&project.source, range))
    });
    own.chain(of_projects)
        .map(|(source, range): (&Arc<SourceFile>, _)| source.span(range))
        .filter(|span| !printed.contains(&key(span)))
        .collect()
}
