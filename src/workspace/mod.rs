//! The folder people work in: its years and departments, and what it sets for itself in
//! `jixiao.toml`.

mod config;
mod folders;
mod forms;
mod inventory;
mod litter;
mod names;
mod whereabouts;

pub use config::Config;
pub use folders::{Workspace, Year, data_files};
pub use forms::{CHOICE_KEYS, Choice, Chosen, Due, Forms, PERIODS};
pub use inventory::{
    Meant, Standing, Stock, Stray, Tier, department_of, first_folder, folder_name, later_form,
    owner_of, unit_of, units,
};
pub(crate) use inventory::{UNREAD, visible_entries};
pub use names::{CONFIG_FILE, DEPARTMENT_FILE, UNIT_FILE, is_year};
pub(crate) use names::{file_name, is_toml};
pub use whereabouts::Whereabouts;

use crate::diagnostics::Rule;

/// The kinds of findings reported here.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    folders::RULES.iter().chain(inventory::RULES).chain(forms::RULES).copied()
}
