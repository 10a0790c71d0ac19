//! Comments that say something is still to be done.

use std::sync::Arc;

use crate::data::Department;
use crate::data::todo::after_word;
use crate::diagnostics::{SourceFile, Span};
use crate::toml::comments;

/// The comments in the files of a department that begin with a word, each with what it says
/// behind the word.
pub(super) fn todos<'a>(
    department: &'a Department,
    word: &'a str,
) -> impl Iterator<Item = (Span, &'a str)> {
    let projects = department.projects.iter().map(|project| &project.source);
    std::iter::once(&department.source)
        .chain(projects)
        .flat_map(move |source| todos_in(source, word))
}

fn todos_in<'a>(
    source: &'a Arc<SourceFile>,
    word: &'a str,
) -> impl Iterator<Item = (Span, &'a str)> {
    comments(source.text()).filter_map(move |range| {
        let about = after_word(&source.text()[range.clone()], word)?;
        Some((source.span(range), about))
    })
}
