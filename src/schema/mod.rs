//! JSON Schemas of the files people write, made from the form in use: an editor completes keys
//! from them, shows help and marks mistakes while they are typed.
//!
//! A schema knows less than [`crate::data`] and [`crate::lint`] do (no sums, no decimals, nothing
//! that takes two files), and is never stricter: a file they find no error in fits its schema.

mod config;
mod department;
mod header;
mod keywords;
mod project;
mod template;

pub use keywords::Schema;

use crate::diagnostics::Rule;
use crate::form::Definition;
use crate::lint;

/// A kind of file people write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A project's file.
    Project,
    /// `部门.toml`.
    Department,
    /// `jixiao.toml`.
    Config,
    /// A form's `form.toml`.
    Form,
}

impl FileKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Project, Self::Department, Self::Config, Self::Form];

    /// The name of the file its schema is kept in.
    pub fn schema_file(self) -> &'static str {
        match self {
            Self::Project => "项目.schema.json",
            Self::Department => "部门.schema.json",
            Self::Config => "jixiao.schema.json",
            Self::Form => "form.schema.json",
        }
    }

    /// Its schema; that of projects and departments depends on the form.
    pub fn schema(self, form: &Definition) -> Schema {
        let schema = match self {
            Self::Project => project::schema(form),
            Self::Department => department::schema(form),
            Self::Config => config::schema(),
            Self::Form => template::schema(),
        };
        Schema { dialect: Some(Schema::DRAFT_7), ..schema }
    }
}

/// The rules that can be waived or given a level, in the order of their codes.
fn adjustable_rules() -> Vec<&'static Rule> {
    let mut rules: Vec<_> = lint::warning_rules().collect();
    rules.sort_by_key(|rule| rule.code);
    rules
}
