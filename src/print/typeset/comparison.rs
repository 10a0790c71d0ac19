//! A table of what is different between two states of the data (调整对照表), as its layout gets it.

use serde::Serialize;

/// The whole table. Everything in it is printed as it is.
#[derive(Debug, Serialize)]
pub struct ComparisonTable {
    /// The year of the data, or more than one (`2023、2024`); empty if it is not known.
    #[serde(skip)]
    pub year: String,
    /// The title above the table, also that of the PDF.
    #[serde(skip)]
    pub title: String,
    /// The departments that differ.
    pub departments: Vec<ComparedDepartment>,
    /// The funds of all projects, also of those that do not differ.
    pub total: ComparedRow,
}

/// The differences within a department.
#[derive(Debug, Serialize)]
pub struct ComparedDepartment {
    /// Its name; empty if files are compared without theirs.
    pub name: String,
    /// 新增 or 删去 if only one side has it; empty if both have.
    pub done: &'static str,
    /// What differs in its own fields.
    pub rows: Vec<ComparedRow>,
    /// The projects that differ.
    pub projects: Vec<ComparedProject>,
    /// The funds of all its projects; `None` if files are compared without it.
    pub total: Option<ComparedRow>,
}

/// The differences within a project.
#[derive(Debug, Serialize)]
pub struct ComparedProject {
    /// Its name.
    pub name: String,
    /// 新增 or 删去 if only one side has it; empty if both have.
    pub done: &'static str,
    /// What differs.
    pub rows: Vec<ComparedRow>,
}

/// A row: 栏目 | 调整前 | 调整后 | 增减.
#[derive(Debug, Serialize)]
pub struct ComparedRow {
    /// What it is about.
    pub item: String,
    /// Whether the other cells are amounts of money, in 万元.
    pub amount: bool,
    /// Before; no pieces if it was not there.
    pub old: Vec<TextPiece>,
    /// After; no pieces if it is not there any more.
    pub new: Vec<TextPiece>,
    /// By how much, or in what way, it changed.
    pub change: String,
}

/// A stretch of text.
#[derive(Debug, Serialize)]
pub struct TextPiece {
    /// The text.
    pub text: String,
    /// Whether the other side does not have it.
    pub changed: bool,
}
