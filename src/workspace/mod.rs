//! The folder people work in: its years and departments, and what it sets for itself in
//! `jixiao.toml`.

mod config;
mod folders;
mod whereabouts;

pub use config::{CONFIG_FILE, Config};
pub use folders::{DEPARTMENT_FILE, Workspace, Year, data_files, is_year};
pub(crate) use folders::{file_name, is_toml, misplaced_folder, visible_entries};
pub use whereabouts::Whereabouts;

use crate::diagnostics::Rule;

/// The kinds of findings reported here.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    folders::RULES.iter().copied()
}
