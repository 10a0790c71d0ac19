//! The folder people work in: its years and departments, and what it sets for itself in
//! `jixiao.toml`.

mod config;
mod folders;
mod inventory;
mod litter;

pub use config::{CONFIG_FILE, Config};
pub(crate) use folders::is_toml;
pub use folders::{DEPARTMENT_FILE, Workspace, Year, data_files, is_year};
pub use inventory::{Level, Meant, Standing, Stock, Stray};
pub(crate) use inventory::{UNREAD, visible_entries};

use crate::diagnostics::Rule;

/// The kinds of findings reported here.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    folders::RULES.iter().chain(inventory::RULES).copied()
}
