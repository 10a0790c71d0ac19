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
use crate::form::{Class, Definition};
use crate::lint;

/// A kind of file people write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A project's file.
    Project,
    /// `部门.toml`.
    Department,
    /// `单位.toml`.
    Unit,
    /// A project's file for a form of this class, or that of a department as a whole.
    Later(Class),
    /// `jixiao.toml`.
    Config,
    /// A form's `form.toml`.
    Form,
}

impl FileKind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Project,
        Self::Department,
        Self::Unit,
        Self::Later(Class::Monitoring),
        Self::Later(Class::Evaluation),
        Self::Later(Class::Whole),
        Self::Later(Class::WholeEvaluation),
        Self::Config,
        Self::Form,
    ];

    /// The class of the form that it depends on, if it depends on one.
    pub fn class(self) -> Option<Class> {
        match self {
            Self::Project | Self::Department | Self::Unit => Some(Class::Target),
            Self::Later(class) => Some(class),
            Self::Config | Self::Form => None,
        }
    }

    /// The name of the file its schema is kept in.
    pub fn schema_file(self) -> String {
        let name = match self {
            Self::Project => "项目",
            Self::Department => "部门",
            Self::Unit => "单位",
            Self::Later(class) => class.word(),
            Self::Config => "jixiao",
            Self::Form => "form",
        };
        format!("{name}.schema.json")
    }

    /// Its schema, which depends on the form of its [class](Self::class).
    pub fn schema(self, form: &Definition) -> Schema {
        let schema = match self {
            Self::Project | Self::Later(_) => project::schema(form),
            Self::Department => department::schema(form),
            Self::Unit => department::unit(form),
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
