//! What everything in a workspace is judged and printed by.

use std::path::Path;

use crate::diagnostics::Finding;
use crate::fonts::Fonts;
use crate::form::Form;
use crate::lint::{Levels, Reviewer};
use crate::workspace::{Config, Workspace};

/// The form, the fonts and the settings of a workspace, read once. When one of them changes, all is
/// opened anew.
#[derive(Debug)]
pub struct Ground {
    /// The form.
    pub form: Form,
    /// What the workspace makes of rules.
    pub levels: Levels,
    /// The fonts; `None` if those that are asked for are not there.
    pub fonts: Option<Fonts>,
    /// What is wrong with the settings.
    pub findings: Vec<Finding>,
}

impl Ground {
    /// Reads the settings of a workspace, and the form: that in a folder of the user's, or the
    /// built-in one.
    ///
    /// # Errors
    /// What is wrong with the form: without one, nothing can be said of the data.
    pub fn open(workspace: &Workspace, template: Option<&Path>) -> Result<Self, Vec<Finding>> {
        let form = Form::open(template)?;
        let mut findings = Vec::new();
        let config = Config::load(workspace.root()).unwrap_or_else(|errors| {
            findings.extend(errors);
            Config::default()
        });
        let levels = Levels::new(&config, &mut findings);
        let fonts = Fonts::new(&config.fonts).map_err(|errors| findings.extend(errors)).ok();
        Ok(Self { form, levels, fonts, findings })
    }

    /// Who reviews a year on this ground.
    pub fn reviewer<'a>(&'a self, workspace: &Workspace, year: &'a str) -> Reviewer<'a> {
        let reviewer = Reviewer::new(workspace, &self.form.definition, &self.levels, year);
        match &self.fonts {
            Some(fonts) => reviewer.with_fonts(fonts),
            None => reviewer,
        }
    }
}
