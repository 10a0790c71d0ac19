//! Departments → everything a reviewer would say about them.
//!
//! [`Reviewer`] loads a department, compares it with the year before where that is there, applies
//! all rules and the workspace's [`Levels`].

mod figure;
mod levels;
mod project_kind;
mod rules;
mod scope;
mod text;
mod todo;
pub(crate) mod years;

#[cfg(test)]
mod fixtures;

pub use levels::{LEVELS, Levels};
pub use project_kind::{Duration, ProjectKind};
pub use rules::{SharedCodes, error_rules, errors, warning_rules, warnings};
pub use scope::Scope;

use std::path::{Path, PathBuf};

use crate::data;
use crate::diagnostics::{self, Finding, Rule, Severity};
use crate::form::Definition;
use crate::workspace::Workspace;

/// The kinds of findings reported here.
pub(crate) fn own_rules() -> impl Iterator<Item = &'static Rule> {
    levels::RULES.iter().copied().chain([&TOO_MANY])
}

static TOO_MANY: Rule = Rule {
    code: "E207",
    name: "问题太多",
    severity: Severity::Error,
    explanation: r#"看什么：一个文件里是不是有一百处以上的问题。
为什么：这么多问题多半是同一个原因（放错了文件、引号没有配对），先改前面的，后面的往往就没有了。
反例：把一份 Word 文档改名成 .toml。
正例：先改好列出来的问题，再检查一次。"#,
};

/// The most findings on one file; who has these to deal with does not miss the others.
const MOST_FINDINGS: usize = 100;

/// Reviews departments of one year.
#[derive(Debug)]
pub struct Reviewer<'a> {
    form: &'a Definition,
    levels: &'a Levels,
    year: &'a str,
    last_year: Option<PathBuf>,
    codes: SharedCodes,
}

impl<'a> Reviewer<'a> {
    /// Prepares to review a year.
    pub fn new(
        workspace: &Workspace,
        form: &'a Definition,
        levels: &'a Levels,
        year: &'a str,
    ) -> Self {
        let last_year = year.parse::<u32>().ok().and_then(|year| year.checked_sub(1));
        let last_year = last_year
            .map(|year| workspace.year_folder(&format!("{year:04}")))
            .filter(|folder| folder.is_dir());
        Self { form, levels, year, last_year, codes: SharedCodes::default() }
    }

    /// Everything that is to be said about a department, in the order of its files; of one file no
    /// more than [`MOST_FINDINGS`].
    pub fn review(&mut self, folder: &Path) -> Vec<Finding> {
        let mut codes = std::mem::take(&mut self.codes);
        let findings = self.look(folder, &mut codes);
        self.codes = codes;
        shortened(findings)
    }

    /// Everything that is to be said about a department, and all of it.
    pub(crate) fn look(&self, folder: &Path, codes: &mut SharedCodes) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(department) = data::department(folder, self.form, &mut findings) {
            let previous = self.last_year.as_ref().and_then(|year| {
                let folder = year.join(folder.file_name()?);
                // What was wrong last year is not to be said again.
                folder.is_dir().then(|| data::department(&folder, self.form, &mut Vec::new()))?
            });
            let scopes = Scope::of(&department, self.form, self.year, previous.as_ref());
            errors(&scopes, &department, &mut findings);
            warnings(&scopes, &department, codes, &mut findings);
        }
        self.levels.apply(&mut findings);
        diagnostics::sort(&mut findings);
        findings
    }
}

/// Leaves out what is too much on one file, and says so. The findings are sorted by file.
fn shortened(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    for of_file in findings.chunk_by(|a, b| a.file() == b.file()) {
        let (shown, left_out) = of_file.split_at(of_file.len().min(MOST_FINDINGS));
        kept.extend_from_slice(shown);
        if let Some(severity) = left_out.iter().map(|finding| finding.severity).max() {
            let path = Path::new(of_file[0].file());
            let message = format!("这个文件另有 {} 处问题没有列出", left_out.len());
            let finding = Finding::about(&TOO_MANY, path, message);
            kept.push(Finding { severity, ..finding.help("先改好上面的，再检查一次") });
        }
    }
    kept
}
