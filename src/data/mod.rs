//! The data of a year, and how it is read from TOML files. Every problem of every file is reported
//! in one run.

mod department;
mod header;
mod model;
mod project;
pub mod todo;

pub use department::{Read, department, department_file, department_read_by, sources};
pub use model::{Department, Fields, Funding, Indicator, IndicatorGroup, Project, WAIVERS, Waiver};
pub use project::project;

use crate::diagnostics::Rule;

/// The kinds of findings reported here.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    header::RULES.iter().chain(department::RULES).chain(project::RULES).copied()
}
