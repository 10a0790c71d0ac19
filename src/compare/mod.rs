//! Two states of the data → what is different in meaning.
//!
//! [`Reader`] finds and reads the two [`Side`]s (files, folders, git revisions), [`compare`] pairs
//! what belongs together and lists every [`Change`]; [`text`], [`markdown`], [`json`] and [`pdf`]
//! are siblings that only show the list.

mod changes;
mod differ;
mod json;
mod markdown;
mod matching;
mod printed;
mod revision;
mod rows;
mod side;
mod text;
mod text_diff;

pub use changes::{
    Amounts, Change, Comparison, DepartmentChanges, DepartmentFacts, PlacedText, ProjectChanges,
    ProjectFacts, Row, Versions,
};
pub use differ::compare;
pub use json::json;
pub use markdown::markdown;
pub use printed::pdf;
pub use side::{Content, Reader, Side, Year};
pub use text::{summary, text};
pub use text_diff::{Piece, pieces};

use crate::diagnostics::Rule;

/// The kinds of findings reported here.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    side::RULES.iter().chain(revision::RULES).chain(differ::RULES).copied()
}
