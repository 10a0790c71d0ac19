//! What everything in a workspace is judged and printed by.

use std::path::Path;

use crate::diagnostics::Finding;
use crate::fonts::Fonts;
use crate::lint::Levels;
use crate::workspace::{Config, Forms, Workspace};

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
    /// What is wrong with the settings.
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
        Ok(Self { forms, levels, fonts, findings })
    }
}
