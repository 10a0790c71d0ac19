//! Departments → files under `output/`.
//!
//! [`Plan`] settles before any work which file each document goes to; [`Renderer`] then loads,
//! checks, sets and writes document by document, and reports each as an [`Outcome`].

mod plan;
mod stop;
mod workers;
mod write;

pub use plan::{Destination, Document, Plan};
pub use stop::Stop;
pub use workers::default_jobs;

use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use crate::check;
use crate::check::Scope;
use crate::diagnostics::{self, Finding, Rule, has_errors};
use crate::form::Form;
use crate::load;
use crate::model::Department;
use crate::typeset::{Fonts, PdfSettings, Typesetter};

/// The kinds of findings reported here.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    plan::RULES.iter().chain(write::RULES).copied()
}

/// The kind of file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One PDF a document.
    Pdf,
    /// One PNG picture a page.
    Png,
    /// One SVG picture a page.
    Svg,
}

/// What became of one document.
#[derive(Debug)]
pub struct Outcome {
    /// What keeps it from being written.
    pub findings: Vec<Finding>,
    /// What was written; `None` if errors prevented it.
    pub written: Option<Written>,
}

/// A document that was written.
#[derive(Debug)]
pub struct Written {
    /// Its files, in the order of the pages.
    pub files: Vec<PathBuf>,
    /// How many forms are in it.
    pub forms: usize,
    /// How many pages it has.
    pub pages: usize,
}

/// Renders documents with one form.
#[derive(Debug)]
pub struct Renderer<'f> {
    form: &'f Form,
    typesetter: Typesetter<'f>,
    settings: Settings,
}

/// What a run asks of every document.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How PDF files are written.
    pub pdf: PdfSettings,
    /// Whether a table of all projects comes first.
    pub summary: bool,
    /// Whether PDF files carry the TOML files they are made from.
    pub embed_sources: bool,
}

impl Format {
    /// The extension of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }
}

impl<'f> Renderer<'f> {
    /// Prepares a form for rendering in these fonts.
    pub fn new(form: &'f Form, fonts: Fonts, settings: Settings) -> Self {
        let mut typesetter = Typesetter::new(form, fonts);
        if settings.embed_sources {
            typesetter.embed_sources();
        }
        Self { form, typesetter, settings }
    }

    /// Renders the documents of a plan with so many workers at once, and hands over the outcomes in
    /// the order of the plan, each as soon as those before it are there. Asked to stop, it ends
    /// after a whole beginning of the plan.
    ///
    /// # Errors
    /// If the system gives no threads.
    pub fn render(
        &self,
        plan: &Plan,
        jobs: NonZeroUsize,
        stop: &Stop,
        mut report: impl FnMut(Outcome),
    ) -> io::Result<()> {
        let work = |document: &Document| {
            let outcome = self.document(plan, document, stop);
            // The engine remembers every layout and would grow with each document. What the last
            // document used is kept: the next one has the same labels (measured: an eighth faster).
            // The memory is shared, and each worker's evictions age what the others use.
            comemo::evict(jobs.get());
            outcome
        };
        workers::in_order(jobs, &plan.documents, stop, work, |_, outcome| {
            if let Some(outcome) = outcome {
                report(outcome);
            }
        })
    }

    /// `None` if asked to stop before it is done.
    fn document(&self, plan: &Plan, document: &Document, stop: &Stop) -> Option<Outcome> {
        let mut findings = Vec::new();
        let mut departments: Vec<Department> = Vec::new();
        for folder in &document.folders {
            if let Some(department) = load::department(folder, &self.form.definition, &mut findings)
            {
                let scopes = Scope::of(&department, &self.form.definition, &plan.year, None);
                check::errors(&scopes, &department, &mut findings);
                departments.push(department);
            }
            if stop.is_asked() {
                return None;
            }
        }
        diagnostics::sort(&mut findings);
        if has_errors(&findings) {
            return Some(Outcome { findings, written: None });
        }
        let written = match self.write(plan, document, &departments, stop) {
            Ok(written) => Some(written?),
            Err(errors) => {
                findings.extend(errors);
                diagnostics::sort(&mut findings);
                None
            }
        };
        Some(Outcome { findings, written })
    }

    fn write(
        &self,
        plan: &Plan,
        document: &Document,
        departments: &[Department],
        stop: &Stop,
    ) -> Result<Option<Written>, Vec<Finding>> {
        let departments: Vec<&Department> = departments.iter().collect();
        let pages = self.typesetter.set(&plan.year, &departments, self.settings.summary)?;
        if stop.is_asked() {
            return Ok(None);
        }
        let extension = plan.format.extension();
        let files = match plan.format {
            Format::Pdf => vec![write::file(&document.path, &pages.pdf(&self.settings.pdf)?)?],
            Format::Png => write::pages(&document.path, extension, &pages.png()?)?,
            Format::Svg => write::pages(&document.path, extension, &pages.svg())?,
        };
        let forms = departments.iter().map(|department| department.projects.len()).sum();
        Ok(Some(Written { files, forms, pages: pages.count() }))
    }
}
