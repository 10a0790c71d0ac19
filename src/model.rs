//! The data of a year: departments, their projects, what each project costs and promises.
//!
//! What is on the form is declared by the form definition, so the model keeps the form's own words
//! as keys. Every value knows the bytes it was read from.

use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use toml::Spanned;

use crate::diagnostics::{SourceFile, Span};
use crate::money::Money;

/// The header field that names a department (主管部门).
pub const DEPARTMENT_NAME: &str = "主管部门";
/// The header field that names a project (项目名称).
pub const PROJECT_NAME: &str = "项目名称";

/// Header fields in the order of the form, by the words printed on it.
pub type Fields = IndexMap<String, Spanned<String>>;

/// A department (主管部门) with its projects in the order they are printed.
#[derive(Debug)]
pub struct Department {
    /// The name of its folder, such as `056-灵沙乡`.
    pub folder: String,
    /// `部门.toml`.
    pub source: Arc<SourceFile>,
    /// Its header fields.
    pub fields: Fields,
    /// Its projects.
    pub projects: Vec<Project>,
}

/// A project (项目): one form.
///
/// If its file has errors, it holds what could be read, for the rules to look at; only a project
/// without errors is typeset.
#[derive(Debug)]
pub struct Project {
    /// The file it was read from.
    pub source: Arc<SourceFile>,
    /// Its header fields; a field of the department that the project overrides is among them.
    pub fields: Fields,
    /// What it costs.
    pub funding: Funding,
    /// What it promises: the second-level indicators that have rows, in the order of the form.
    pub indicators: Vec<IndicatorGroup>,
    /// The second-level indicators that may have rows which could not be read, so that no rule
    /// takes such a row for missing.
    pub unread: Vec<String>,
}

/// The funds of a project (项目资金), in 万元.
#[derive(Debug, Default)]
pub struct Funding {
    /// Where its table starts.
    pub range: Range<usize>,
    /// The parts: 财政拨款, 其他资金.
    pub lines: IndexMap<String, Spanned<Money>>,
    /// The total as it is written (年度资金总额), if it is; [`Funding::total`] is what is printed.
    pub written_total: Option<Spanned<Money>>,
}

/// A second-level indicator (二级指标) and its rows.
#[derive(Debug)]
pub struct IndicatorGroup {
    /// Its name, such as 数量指标, where its table starts.
    pub name: Spanned<String>,
    /// Its third-level indicators.
    pub indicators: Vec<Indicator>,
}

/// A third-level indicator (三级指标): one row of the form.
#[derive(Debug)]
pub struct Indicator {
    /// What is measured.
    pub name: Spanned<String>,
    /// The target value (指标值) and further columns, by column.
    pub values: IndexMap<String, Spanned<String>>,
}

impl Department {
    /// The name printed on the form.
    pub fn name(&self) -> &str {
        self.fields.get(DEPARTMENT_NAME).map_or(&self.folder, |name| name.get_ref())
    }
}

impl Project {
    /// The name printed on the form.
    pub fn name(&self) -> &str {
        self.fields.get(PROJECT_NAME).map_or_else(|| self.source.name(), |name| name.get_ref())
    }

    /// A place in the project's file.
    pub fn span(&self, range: Range<usize>) -> Span {
        self.source.span(range)
    }

    /// The rows of a second-level indicator.
    pub fn group(&self, name: &str) -> Option<&IndicatorGroup> {
        self.indicators.iter().find(|group| group.name.get_ref() == name)
    }
}

impl Funding {
    /// The funds of the year (年度资金总额): the sum of the parts.
    pub fn total(&self) -> Money {
        self.lines.values().map(|amount| *amount.get_ref()).sum()
    }
}
