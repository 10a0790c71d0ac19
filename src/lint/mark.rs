//! Comments that say something is still to be done.

use std::sync::Arc;

use crate::diagnostics::{SourceFile, Span};
use crate::document::comments;
use crate::model::{Department, after_mark};

/// The comments in the files of a department that begin with a mark, each with what it says
/// behind the mark.
pub(super) fn marks<'a>(
    department: &'a Department,
    mark: &'a str,
) -> impl Iterator<Item = (Span, &'a str)> {
    let projects = department.projects.iter().map(|project| &project.source);
    std::iter::once(&department.source)
        .chain(projects)
        .flat_map(move |source| marks_in(source, mark))
}

fn marks_in<'a>(
    source: &'a Arc<SourceFile>,
    mark: &'a str,
) -> impl Iterator<Item = (Span, &'a str)> {
    comments(source.text()).filter_map(move |range| {
        let about = after_mark(&source.text()[range.clone()], mark)?;
        Some((source.span(range), about))
    })
}
