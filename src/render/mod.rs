//! Departments → files under `output/`.
//!
//! [`Plan`] settles before any work which file each document goes to; [`Renderer`] then loads,
//! checks, sets and writes document by document, and reports each as an [`Outcome`].

mod plan;
mod write;

pub use plan::{Destination, Document, Plan};

use std::path::PathBuf;

use crate::check;
use crate::check::Scope;
use crate::diagnostics::{self, Finding, Rule, has_errors};
use crate::form::Form;
use crate::load;
use crate::model::Department;
use crate::typeset::{Attachment, Fonts, Pages, Part, PdfSettings, Typesetter};

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

    /// Renders every document of a plan, in its order, and hands over each outcome at once.
    pub fn render(&self, plan: &Plan, mut report: impl FnMut(Outcome)) {
        for document in &plan.documents {
            report(self.document(plan, document));
            // The engine remembers every layout and would grow with each document. What the last
            // document used is kept: the next one has the same labels (measured: an eighth faster).
            comemo::evict(1);
        }
    }

    fn document(&self, plan: &Plan, document: &Document) -> Outcome {
        let mut findings = Vec::new();
        let mut departments: Vec<Department> = Vec::new();
        for folder in &document.folders {
            if let Some(department) = load::department(folder, &self.form.definition, &mut findings)
            {
                let scopes = Scope::of(&department, &self.form.definition, &plan.year, None);
                check::errors(&scopes, &department, &mut findings);
                departments.push(department);
            }
        }
        diagnostics::sort(&mut findings);
        if has_errors(&findings) {
            return Outcome { findings, written: None };
        }
        match self.write(plan, document, &departments) {
            Ok(written) => Outcome { findings, written: Some(written) },
            Err(errors) => {
                findings.extend(errors);
                diagnostics::sort(&mut findings);
                Outcome { findings, written: None }
            }
        }
    }

    /// Sets the parts of an attachment, each knowing the pages before it.
    fn set(&self, attachment: &Attachment<'_>) -> Result<Pages<'_>, Vec<Finding>> {
        let mut parts = Vec::new();
        let mut form_pages = Vec::new();
        let mut next_page = 1;
        if attachment.summary {
            next_page += self.summary(attachment, &form_pages)?.page_count();
        }
        for department in attachment.departments {
            let part = self.typesetter.department(attachment, department, next_page)?;
            form_pages.push(part.form_pages().iter().map(|page| page + next_page).collect());
            next_page += part.page_count();
            parts.push(part);
        }
        let summary =
            if attachment.summary { Some(self.summary(attachment, &form_pages)?) } else { None };
        Ok(self.typesetter.join(summary.into_iter().chain(parts)))
    }

    fn summary(&self, a: &Attachment<'_>, pages: &[Vec<usize>]) -> Result<Part, Vec<Finding>> {
        let blank: Vec<Vec<usize>> =
            a.departments.iter().map(|d| vec![1; d.projects.len()]).collect();
        self.typesetter.summary(a, if pages.is_empty() { &blank } else { pages })
    }

    fn write(
        &self,
        plan: &Plan,
        document: &Document,
        departments: &[Department],
    ) -> Result<Written, Vec<Finding>> {
        let summary = self.settings.summary;
        let attachment = Attachment { year: &plan.year, departments, summary };
        let pages = self.set(&attachment)?;
        let extension = plan.format.extension();
        let files = match plan.format {
            Format::Pdf => vec![write::file(&document.path, &pages.pdf(&self.settings.pdf)?)?],
            Format::Png => write::pages(&document.path, extension, &pages.png()?)?,
            Format::Svg => write::pages(&document.path, extension, &pages.svg())?,
        };
        let forms = departments.iter().map(|department| department.projects.len()).sum();
        Ok(Written { files, forms, pages: pages.count() })
    }
}
