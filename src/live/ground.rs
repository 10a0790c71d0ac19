//! What everything in a workspace is judged and printed by.

use std::path::Path;

use crate::diagnostics::{Finding, shown};
use crate::fonts::Fonts;
use crate::form::DEFINITION_FILE;
use crate::lint::{Levels, Reviewer};
use crate::print::{Binding, Destination, Format, Plan};
use crate::workspace::{Config, Forms, Workspace, Year};

/// The forms, the fonts and the settings of a workspace, read once. When one of them changes, all is
/// opened anew.
#[derive(Debug)]
pub struct Ground {
    /// The forms.
    pub forms: Forms,
    /// What the workspace makes of rules.
    pub levels: Levels,
    /// The fonts; `None` if those that are asked for are not there.
    pub fonts: Option<Fonts>,
    /// What is wrong with the settings, and what of a form cannot be printed in these fonts.
    pub findings: Vec<Finding>,
}

impl Ground {
    /// Reads the settings of a workspace, and the forms: that which is asked for, or those that the
    /// workspace has chosen.
    ///
    /// # Errors
    /// What is wrong with the forms: without them, nothing can be said of the data.
    pub fn open(workspace: &Workspace, template: Option<&Path>) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut config = Config::load(workspace.root()).unwrap_or_else(|errors| {
            findings.extend(errors);
            Config::default()
        });
        let forms = Forms::open(template, workspace, std::mem::take(&mut config.forms))?;
        let levels = Levels::new(&config, &mut findings);
        let fonts = Fonts::new(&config.fonts).map_err(|errors| findings.extend(errors)).ok();
        findings.extend(fonts.iter().flat_map(|fonts| no_glyphs(&forms, fonts)));
        Ok(Self { forms, levels, fonts, findings })
    }

    /// Who reviews a year by it.
    pub fn reviewer<'a>(&'a self, workspace: &Workspace, year: &'a str) -> Reviewer<'a> {
        let reviewer = Reviewer::new(workspace, &self.forms, &self.levels, year);
        match &self.fonts {
            Some(fonts) => reviewer.with_fonts(fonts),
            None => reviewer,
        }
    }

    /// Plans to print a year, which shows whether that is possible.
    ///
    /// # Errors
    /// As [`Plan::new`].
    pub fn plan(
        &self,
        year: Year,
        workspace: &Workspace,
        binding: Binding,
    ) -> Result<Plan, Vec<Finding>> {
        let output = Destination::Folder(workspace.root().join("output"));
        Plan::new(year, &self.forms, &output, Format::Pdf, binding)
    }
}

/// Reports characters of the forms' own words that no font has, each form once.
fn no_glyphs(forms: &Forms, fonts: &Fonts) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for form in forms.all() {
        let missing = fonts.missing(&form.definition.words());
        let path = form.files.shown_path(DEFINITION_FILE);
        let is_told = findings.iter().any(|finding| finding.file() == shown(&path));
        if !missing.is_empty() && !is_told {
            findings.push(fonts.no_glyphs_in_form(&path, &missing));
        }
    }
    findings
}
