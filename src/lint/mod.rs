//! Departments → everything a reviewer would say about them.
//!
//! [`Reviewer`] loads departments, several at once, compares each with the year before where that is
//! there and with those looked at before, applies all rules and the workspace's [`Levels`].

mod across;
mod comment;
mod figure;
mod later;
mod levels;
mod misread;
mod project_kind;
mod reading;
mod rules;
mod scope;
mod score;
mod text;
pub(crate) mod years;

#[cfg(test)]
mod fixtures;

pub use across::Seen;
pub use levels::{LEVELS, Levels};
pub use project_kind::{Duration, ProjectKind};
pub(crate) use rules::{FILL_IN, REVIEW};
pub use rules::{error_rules, errors, warning_rules, warnings};
pub use scope::Scope;
pub use score::suggested;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::amount::Money;
use crate::data;
use crate::data::{Department, Figures};
use crate::diagnostics::{self, Finding, Rule, Severity, has_errors, shown};
use crate::fonts::Fonts;
use crate::toml;
use crate::toml::text_file;
use crate::workspace::{
    DEPARTMENT_FILE, Forms, UNIT_FILE, Workspace, department_of, first_folder, folder_name,
    later_form, owner_of, unit_of,
};
use across::Facts;
use later::LaterForm;
use rules::{Waivers, own_warnings, run_warnings};

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
    forms: &'a Forms,
    levels: &'a Levels,
    year: &'a str,
    last_year: Option<PathBuf>,
    fonts: Option<&'a Fonts>,
}

/// What is said of a department.
#[derive(Debug, Clone)]
pub struct Review {
    /// How much there is of it.
    pub figures: Figures,
    /// Everything that is to be said, in the order of its files; of one file no more than
    /// a hundred.
    pub findings: Vec<Finding>,
}

/// A department that was looked at by itself. What is said of it beside others is found when all of
/// them are there; of its data only that much is kept.
#[derive(Debug, Clone)]
pub struct Looked {
    /// Its errors, and how much there is of it.
    review: Review,
    /// What a reviewer would query, waivers not yet applied.
    warnings: Vec<Finding>,
    /// What the waivers need; `None` if it could not be read.
    waivers: Option<Waivers>,
    /// What the other departments need; later forms are not held against those of others.
    facts: Option<Arc<Facts>>,
}

/// So many departments are looked at before what is said of them is handed over.
const AT_ONCE: usize = 32;

impl<'a> Reviewer<'a> {
    /// Prepares to review a year.
    pub fn new(workspace: &Workspace, forms: &'a Forms, levels: &'a Levels, year: &'a str) -> Self {
        let last_year = year.parse::<u32>().ok().and_then(|year| year.checked_sub(1));
        let last_year = last_year
            .map(|year| workspace.year_folder(&format!("{year:04}")))
            .filter(|folder| folder.is_dir());
        Self { forms, levels, year, last_year, fonts: None }
    }

    /// Looks for characters that none of these fonts has, too.
    pub fn with_fonts(self, fonts: &'a Fonts) -> Self {
        Self { fonts: Some(fonts), ..self }
    }

    /// Reviews departments, several at once, and hands over what is to be said in their order.
    pub fn review_all(&self, folders: &[PathBuf], mut each: impl FnMut(Review) + Send) {
        let mut seen = Seen::default();
        let mut hand_over = |looked: Vec<Looked>| {
            looked.into_iter().for_each(|looked| each(self.finish(looked, &mut seen)));
        };
        let mut before = Vec::new();
        for folders in folders.chunks(AT_ONCE) {
            let look = || {
                folders.par_iter().map(|folder| self.look_by(&text_file::read, folder)).collect()
            };
            let (looked, ()) = rayon::join(look, || hand_over(std::mem::take(&mut before)));
            before = looked;
        }
        hand_over(before);
    }

    /// Everything that is to be said about a department by itself; of one file no more than
    /// a hundred.
    pub fn review(&self, folder: &Path) -> Vec<Finding> {
        shortened(self.look(folder))
    }

    /// Everything that is to be said about a department by itself, and all of it.
    fn look(&self, folder: &Path) -> Vec<Finding> {
        self.look_at(&text_file::read, folder)
    }

    /// Everything that is to be said about a department by itself, its files read in another way
    /// than from the disk.
    pub(crate) fn look_at(&self, read: &data::Read<'_>, folder: &Path) -> Vec<Finding> {
        let looked = self.look_by(read, folder);
        let beside = looked.beside(&mut Seen::default());
        self.sorted(looked, beside).findings
    }

    /// Looks at a department by itself, its files read in another way than from the disk.
    pub fn look_by(&self, read: &data::Read<'_>, folder: &Path) -> Looked {
        self.look_and_read(read, folder).0
    }

    /// The same, with the department as it was read; `None` if its folder cannot be.
    pub fn look_and_read(
        &self,
        read: &data::Read<'_>,
        folder: &Path,
    ) -> (Looked, Option<Department>) {
        let mut findings = Vec::new();
        let form = &self.forms.of(folder).definition;
        let department = data::department_read_by(read, folder, self.forms, &mut findings);
        let Some(department) = department else {
            let folder = folder_name(folder);
            let figures = Figures { folder, projects: 0, funding: Money::default() };
            let review = Review { figures, findings };
            let (warnings, waivers, facts) = Default::default();
            return (Looked { review, warnings, waivers, facts }, None);
        };
        let previous = self.last_year.as_ref().and_then(|year| {
            let folder = year.join(folder_name(folder));
            // What was wrong last year is not to be said again.
            let read = || data::department_read_by(read, &folder, self.forms, &mut Vec::new());
            folder.is_dir().then(read)?
        });
        let first = first_folder(folder).and_then(|first| {
            let read = || data::department_read_by(read, &first, self.forms, &mut Vec::new());
            // One that has only later forms is held against nothing.
            read().filter(|first| !first.projects.is_empty())
        });
        let scopes = Scope::of(&department, form, self.year, previous.as_ref());
        errors(&scopes, &department, &mut findings);
        if let Some(fonts) = self.fonts {
            findings.extend(no_glyphs(&department, fonts));
        }
        let (mut errors, mut warnings): (Vec<_>, Vec<_>) =
            findings.into_iter().partition(Finding::is_error);
        let later = first.as_ref().map(|first| LaterForm { later: &department, first, form });
        warnings.extend(own_warnings(&scopes, &department, later.as_ref()));
        let later = later_form(folder);
        let own = owner_of(folder);
        let of_unit = unit_of(own).map(|_| own.join(UNIT_FILE)).filter(|_| later.is_some());
        let of_department = department_of(folder).join(DEPARTMENT_FILE);
        let is_other = later.is_some() || unit_of(own).is_some();
        let of_department = Some(of_department).filter(|_| is_other);
        for own in [of_department, of_unit].into_iter().flatten() {
            if !self.forms.is_due(&own) {
                continue;
            }
            // What is wrong with the department's own file is told with the first form, or with the
            // department, and of a unit with the unit; but for what only a later form needs.
            let own = shown(&own);
            let is_new = |it: &Finding| it.file() != own;
            warnings.retain(is_new);
            errors.retain(|it| is_new(it) || later.is_some() && it.is(&toml::MISSING_KEY));
        }
        let review = Review { figures: department.figures(), findings: errors };
        let waivers = Some(Waivers::of(&department));
        let is_first = form.class.first().is_none();
        let facts = is_first.then(|| Arc::new(Facts::of(&department)));
        (Looked { review, warnings, waivers, facts }, Some(department))
    }

    fn finish(&self, looked: Looked, seen: &mut Seen) -> Review {
        let beside = looked.beside(seen);
        self.conclude(looked, beside)
    }

    /// Everything that is to be said of a department; `beside` is what [`Looked::beside`] found.
    pub fn conclude(&self, looked: Looked, beside: Vec<Finding>) -> Review {
        let review = self.sorted(looked, beside);
        Review { findings: shortened(review.findings), ..review }
    }

    fn sorted(&self, looked: Looked, mut beside: Vec<Finding>) -> Review {
        let Looked { mut review, mut warnings, waivers, .. } = looked;
        if let Some(waivers) = waivers {
            warnings.append(&mut beside);
            waivers.apply(!has_errors(&review.findings), &mut warnings);
        }
        review.findings.append(&mut warnings);
        self.levels.apply(&mut review.findings);
        diagnostics::sort(&mut review.findings);
        review
    }
}

impl Looked {
    /// What a reviewer would query in it beside the departments that `seen` knows; it is one of them
    /// from now on.
    pub fn beside(&self, seen: &mut Seen) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(facts) = &self.facts {
            run_warnings(facts, seen, &mut findings);
        }
        findings
    }
}

/// What no font has of the texts of a department, one finding a text.
fn no_glyphs<'a>(
    department: &'a Department,
    fonts: &'a Fonts,
) -> impl Iterator<Item = Finding> + 'a {
    department.texts().filter_map(|(source, text)| {
        let missing = fonts.missing(text.get_ref());
        let span = || source.span(text.span());
        (!missing.is_empty()).then(|| fonts.no_glyphs(&span(), &missing))
    })
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
