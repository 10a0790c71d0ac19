//! TOML files → model. Every problem of every file is reported in one run.

mod department;
mod project;
mod workspace;

pub use department::department;
pub use workspace::{DEPARTMENT_FILE, Workspace, Year};
