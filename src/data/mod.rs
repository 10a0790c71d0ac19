//! TOML files → model. Every problem of every file is reported in one run.

mod department;
mod header;
mod project;
mod workspace;

pub use department::{department, department_file, sources};
pub use project::project;
pub use workspace::{DEPARTMENT_FILE, Workspace, Year, data_files, is_year};
pub(crate) use workspace::{is_toml, visible_entries};

use crate::diagnostics::Rule;

/// The kinds of findings reported here.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    workspace::RULES
        .iter()
        .chain(header::RULES)
        .chain(department::RULES)
        .chain(project::RULES)
        .copied()
}
