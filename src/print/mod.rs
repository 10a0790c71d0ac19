//! Departments → files under `output/`.
//!
//! [`Plan`] settles before any work which file each output goes to; [`Renderer`] then loads,
//! checks, sets and writes them, several at once, and reports each as an [`Outcome`].
//!
//! A PDF carries a stamp with a hash of all it was made from ([`pdf::stamp`]). If that is still what
//! it would be made from, it is left alone: nothing is set then.

mod compose;
mod fingerprint;
mod leftovers;
mod lines;
pub mod office;
pub mod pages;
pub mod pdf;
mod plan;
mod shard;
mod stop;
pub mod typeset;
mod workers;
mod write;

pub use leftovers::leftovers;
pub use plan::{Binding, Destination, Output, Plan};
pub use shard::Shard;
pub use stop::Stop;
pub use workers::default_jobs;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::{fs, io};

use crate::data;
use crate::data::{Department, Figures};
use crate::diagnostics::{self, Finding, Rule};
use crate::files::atomic_file;
use crate::fonts::Fonts;
use crate::form::{Form, Subject};
use crate::lint;
use crate::lint::Scope;
use crate::workspace::{Forms, department_of, later_form};
use compose::Attachment;
use fingerprint::Fingerprint;
use office::Families;
use typeset::{PdfSettings, Typesetter};

/// The kinds of findings reported here.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    plan::RULES
        .iter()
        .chain(compose::RULES)
        .chain(office::RULES)
        .chain(workers::RULES)
        .chain(write::RULES)
        .copied()
}

/// The kind of file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One PDF an output.
    Pdf,
    /// One Excel workbook an output, with a worksheet for each form.
    Xlsx,
    /// One Word document an output.
    Docx,
    /// One PNG picture a page.
    Png,
    /// One SVG picture a page.
    Svg,
}

/// What became of one output.
#[derive(Debug)]
pub struct Outcome {
    /// Its departments, each with how many errors its data has.
    pub departments: Vec<(Figures, usize)>,
    /// What keeps it from being written.
    pub findings: Vec<Finding>,
    /// How it ended.
    pub result: Rendered,
}

/// How the work on one output ended.
#[derive(Debug)]
pub enum Rendered {
    /// It was written.
    Written(Written),
    /// This file is what would be written.
    UpToDate(PathBuf),
    /// So many pages are right, and were not to be written.
    Proven(usize),
    /// Errors kept it from being written.
    Failed,
}

/// What is found where an output goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDisk {
    /// Nothing.
    Missing,
    /// Something else than would be written.
    Stale,
    /// What would be written.
    UpToDate,
}

/// How the outputs of a plan are worked on; it makes no difference to what they become.
#[derive(Debug, Clone)]
pub struct Run {
    /// How many at once.
    pub jobs: NonZeroUsize,
    /// Which of them, and whether they are written.
    pub mode: Mode,
    /// Ends it early.
    pub stop: Stop,
}

/// Which outputs a run works on, and whether it writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Those whose files are not up to date.
    Changed,
    /// All.
    All,
    /// All, but nothing is written: their pages are set and proven, and that is it.
    Prove,
}

/// An output that was written.
#[derive(Debug)]
pub struct Written {
    /// Its files, in the order of the pages.
    pub files: Vec<PathBuf>,
    /// How many forms are in it.
    pub forms: usize,
    /// How many pages it has, or worksheets.
    pub pages: usize,
}

/// Renders outputs, each with the form of its departments.
#[derive(Debug)]
pub struct Renderer<'f> {
    forms: &'f Forms,
    /// One for each form.
    presses: Vec<Press<'f>>,
}

/// A form, ready to be printed.
#[derive(Debug)]
struct Press<'f> {
    form: &'f Form,
    typesetter: Typesetter<'f>,
    settings: Settings,
    fingerprint: Fingerprint,
}

/// What an output is made from besides its form and its data.
#[derive(Debug)]
struct Around<'f> {
    /// The first forms of departments of which the output has a later one: they say what the
    /// departments' own files hold.
    first: Vec<&'f Form>,
    /// The months that a monitoring form is about.
    period: &'f str,
}

/// What a run asks of every output.
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
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }

    /// What people call such a file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Xlsx => "Excel",
            Self::Docx => "Word",
            Self::Png | Self::Svg => "图片",
        }
    }

    /// What it has one of for each part of what is printed; `None` if only the program that opens it
    /// knows.
    pub fn leaf(self) -> Option<&'static str> {
        match self {
            Self::Pdf | Self::Png | Self::Svg => Some("页"),
            Self::Xlsx => Some("个工作表"),
            Self::Docx => None,
        }
    }

    /// Whether a file can say what it was made from.
    pub fn is_stamped(self) -> bool {
        matches!(self, Self::Pdf | Self::Xlsx | Self::Docx)
    }

    /// The hash of what a file of ours was made from, if it is still as it was written.
    fn stamped_inputs(self, file: Vec<u8>) -> Option<blake3::Hash> {
        match self {
            Self::Pdf => pdf::stamped_inputs(&file),
            Self::Xlsx | Self::Docx => office::stamped_inputs(file),
            Self::Png | Self::Svg => None,
        }
    }
}

impl<'f> Renderer<'f> {
    /// Prepares forms for rendering in these fonts. A form without a table of all projects does
    /// without it.
    pub fn new(forms: &'f Forms, fonts: &'f Fonts, settings: &Settings) -> Self {
        let mut presses: Vec<Press<'f>> = Vec::new();
        for form in forms.all().map(Arc::as_ref) {
            if presses.iter().any(|press| press.form.is(form)) {
                continue;
            }
            let has_summary = form.definition.summary.is_some();
            let settings =
                Settings { summary: settings.summary && has_summary, ..settings.clone() };
            let fingerprint = Fingerprint::new(form, fonts, &settings);
            let typesetter = Typesetter::new(form, fonts);
            presses.push(Press { form, typesetter, settings, fingerprint });
        }
        Self { forms, presses }
    }

    /// What an output is printed with.
    fn press(&self, output: &Output) -> Option<&Press<'f>> {
        self.presses.iter().find(|press| press.form.is(&output.form))
    }

    /// What an output is made from besides its form and its data.
    fn around(&self, plan: &Plan, output: &Output) -> Around<'f> {
        let mut first: Vec<&Form> = Vec::new();
        let is_read_on_first = |folder: &&PathBuf| later_form(folder).is_some();
        for folder in output.folders.iter().filter(is_read_on_first) {
            let form = self.forms.of(department_of(folder));
            if !first.iter().any(|known| known.is(form)) {
                first.push(form);
            }
        }
        let prints_period = output.form.definition.prints_period();
        let period = if prints_period { self.forms.period(&plan.year) } else { "" };
        Around { first, period }
    }

    /// Renders the outputs of a plan and hands over the outcomes in its order, each as soon as
    /// those before it are there. Asked to stop, it ends after a whole beginning of the plan.
    ///
    /// # Errors
    /// If the system gives no threads.
    pub fn render(
        &self,
        plan: &Plan,
        run: &Run,
        mut report: impl FnMut(Outcome),
    ) -> Result<(), Vec<Finding>> {
        if run.mode != Mode::Prove {
            let folders: BTreeSet<_> = plan.outputs.iter().map(|d| d.path.parent()).collect();
            folders.into_iter().flatten().for_each(atomic_file::remove_leftovers);
        }
        if let [output] = &plan.outputs[..] {
            // Nobody else needs the workers, and the engine itself may use all processors.
            self.output(plan, output, run.jobs, run).into_iter().for_each(report);
            return Ok(());
        }
        let work = |output: &Output| self.output(plan, output, NonZeroUsize::MIN, run);
        workers::in_order(run.jobs, &plan.outputs, &run.stop, work, |_, outcome| {
            if let Some(outcome) = outcome {
                report(outcome);
            }
        })
    }

    /// Whether an output's file is there and is what would be written. Pictures cannot tell, and
    /// are always stale.
    pub fn on_disk(&self, plan: &Plan, output: &Output) -> OnDisk {
        match fs::metadata(&output.path) {
            // Asked before reading: a pipe would never end.
            Ok(file) if file.is_file() => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return OnDisk::Missing,
            _ => return OnDisk::Stale,
        }
        if !plan.format.is_stamped() {
            return OnDisk::Stale;
        }
        let made_from =
            fs::read(&output.path).ok().and_then(|file| plan.format.stamped_inputs(file));
        if made_from.is_some() && made_from == self.inputs_on_disk(plan, output) {
            OnDisk::UpToDate
        } else {
            OnDisk::Stale
        }
    }

    /// The hash of what an output would be made from; `None` if it cannot be read.
    fn inputs_on_disk(&self, plan: &Plan, output: &Output) -> Option<blake3::Hash> {
        let sources: Vec<_> =
            output.folders.iter().map(|folder| data::sources(folder)).collect::<Option<_>>()?;
        let read = sources.iter().map(|(folder, sources)| (folder.as_str(), sources.iter()));
        let around = self.around(plan, output);
        Some(self.press(output)?.fingerprint.document(&plan.year, &around, read))
    }

    /// Renders an output, so many pieces of it at once. `None` if asked to stop before it is done.
    fn output(
        &self,
        plan: &Plan,
        output: &Output,
        at_once: NonZeroUsize,
        run: &Run,
    ) -> Option<Outcome> {
        if run.mode == Mode::Changed && self.on_disk(plan, output) == OnDisk::UpToDate {
            let result = Rendered::UpToDate(output.path.clone());
            let departments = output
                .folders
                .iter()
                .filter_map(|folder| data::department(folder, self.forms, &mut Vec::new()));
            let departments = departments.map(|department| (department.figures(), 0)).collect();
            return Some(Outcome { departments, findings: Vec::new(), result });
        }
        let mut findings = Vec::new();
        let mut departments: Vec<Department> = Vec::new();
        let mut counted = Vec::new();
        for folder in &output.folders {
            let before = findings.len();
            if let Some(department) = data::department(folder, self.forms, &mut findings) {
                let form = &output.form.definition;
                let scopes = Scope::of(&department, form, &plan.year, None);
                lint::errors(&scopes, &department, &mut findings);
                let errors = findings[before..].iter().filter(|it| it.is_error()).count();
                counted.push((department.figures(), errors));
                departments.push(department);
            }
            if run.stop.is_asked() {
                return None;
            }
        }
        // What a reviewer would query is for `check` to say.
        findings.retain(Finding::is_error);
        let mut result = Rendered::Failed;
        if findings.is_empty() {
            let press = self.press(output)?;
            match press.write(plan, output, &self.around(plan, output), &departments, run, at_once)
            {
                Ok(written) => {
                    let (rendered, warnings) = written?;
                    findings.extend(warnings);
                    result = rendered;
                }
                Err(errors) => findings.extend(errors),
            }
        }
        diagnostics::sort(&mut findings);
        Some(Outcome { departments: counted, findings, result })
    }
}

impl Press<'_> {
    fn write(
        &self,
        plan: &Plan,
        output: &Output,
        around: &Around<'_>,
        departments: &[Department],
        run: &Run,
        at_once: NonZeroUsize,
    ) -> Result<Option<(Rendered, Vec<Finding>)>, Vec<Finding>> {
        let forms = match self.form.definition.subject {
            Subject::Project { .. } => departments.iter().map(|it| it.projects.len()).sum(),
            Subject::Department | Subject::Whole => departments.len(),
        };
        // Of what was loaded, not of what the files are by now.
        let read = departments.iter().map(|d| (d.folder.as_str(), d.sources()));
        let inputs = self.fingerprint.document(&plan.year, around, read);
        let attachment = Attachment {
            form: &self.form.definition,
            year: &plan.year,
            period: around.period,
            departments,
            summary: self.settings.summary,
            embed_sources: self.settings.embed_sources,
        };
        let made = match plan.format {
            Format::Xlsx | Format::Docx => {
                self.office(plan.format, &attachment, inputs, at_once, run)?
            }
            _ => self.pages(plan.format, &attachment, inputs, at_once, run)?,
        };
        let Some(made) = made.filter(|_| !run.stop.is_asked()) else { return Ok(None) };
        if run.mode == Mode::Prove {
            return Ok(Some((Rendered::Proven(made.pages), made.warnings)));
        }
        let files = match made.content {
            Content::Whole(file) => vec![write::file(&output.path, &file)?],
            Content::Pages(pages) => write::pages(&output.path, plan.format.extension(), &pages)?,
        };
        let written = Written { files, forms, pages: made.pages };
        Ok(Some((Rendered::Written(written), made.warnings)))
    }

    /// The pages of an attachment, set and proven.
    fn pages(
        &self,
        format: Format,
        attachment: &Attachment<'_>,
        inputs: blake3::Hash,
        at_once: NonZeroUsize,
        run: &Run,
    ) -> Result<Option<Made>, Vec<Finding>> {
        let Some(pages) = compose::pages(&self.typesetter, attachment, at_once, run)? else {
            return Ok(None);
        };
        if run.stop.is_asked() {
            return Ok(None);
        }
        let content = match format {
            Format::Png => Content::Pages(pages.png()?),
            Format::Svg => Content::Pages(pages.svg()),
            // What the exporter refuses is to be known, too.
            _ => Content::Whole(pdf::stamp(pages.pdf(&self.settings.pdf)?, inputs)),
        };
        let warnings = pages.warnings().to_vec();
        Ok(Some(Made { content, pages: pages.count(), warnings }))
    }

    /// A file of an office program.
    fn office(
        &self,
        format: Format,
        attachment: &Attachment<'_>,
        inputs: blake3::Hash,
        at_once: NonZeroUsize,
        run: &Run,
    ) -> Result<Option<Made>, Vec<Finding>> {
        let sheets = compose::sheets(&self.typesetter, attachment, at_once, run)?;
        let Some((about, sheets)) = sheets else { return Ok(None) };
        let paged: Vec<_> = sheets.iter().map(|it| self.typesetter.unroll(it)).collect();
        let families = Families::of(self.typesetter.fonts());
        let parts = match format {
            Format::Docx => office::docx::document(&about, families, &paged),
            _ => office::xlsx::workbook(&about, families, &paged)?,
        };
        let file = office::stamp(parts, inputs).map_err(|error| vec![write::too_large(&error)])?;
        let content = Content::Whole(file);
        Ok(Some(Made { content, pages: sheets.len(), warnings: Vec::new() }))
    }
}

/// What is to be written of an output.
struct Made {
    content: Content,
    pages: usize,
    warnings: Vec<Finding>,
}

enum Content {
    /// A file.
    Whole(Vec<u8>),
    /// A file for each page.
    Pages(Vec<Vec<u8>>),
}
