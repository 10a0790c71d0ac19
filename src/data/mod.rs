//! The data of a year, and how it is read from TOML files.
//!
//! Files → [`Department`] with its [`Project`]s. Every problem of every file is reported in one run.
//! Whether what is written is good is for [`crate::lint`] to say.

mod compute;
mod department;
mod header;
mod model;
mod project;
pub mod todo;
pub mod translate;

pub use compute::{Computed, NoValue, compute, compute_row, number};
pub(crate) use department::{NO_DEPARTMENT_FILE, NO_PROJECTS};
pub use department::{
    Read, department, department_file, department_on, department_read_by, inherited_fields,
    sources, unit_file,
};
pub(crate) use header::NO_REASON;
pub use model::{
    Amounts, Department, Fields, Figures, Funding, Indicator, IndicatorGroup, Project, Texts, Unit,
    Values, WAIVERS, Waiver,
};
pub(crate) use project::EMPTY_INDICATOR;
pub use project::project;

use crate::diagnostics::Rule;

/// The kinds of findings reported here.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    header::RULES.iter().chain(department::RULES).chain(project::RULES).copied()
}
