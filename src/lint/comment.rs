//! The comments in the files of a department.

use std::ops::Range;
use std::sync::Arc;

use crate::data::Department;
use crate::diagnostics::{SourceFile, Span};
use crate::toml::comments;

/// A comment, from `#` to the last character of its line.
#[derive(Debug)]
pub(super) struct Comment<'a> {
    source: &'a Arc<SourceFile>,
    range: Range<usize>,
    /// What it says.
    pub text: &'a str,
}

impl<'a> Comment<'a> {
    /// All comments in the files of a department.
    pub fn all(department: &'a Department) -> impl Iterator<Item = Self> {
        department.sources().flat_map(|source| {
            comments(source.text()).map(move |range| Comment {
                source,
                text: &source.text()[range.clone()],
                range,
            })
        })
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        self.source.span(self.range.clone())
    }
}
