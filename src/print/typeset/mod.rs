//! Model → pages, by the Typst engine in process.

mod compact;
mod comparison;
mod data;
mod glyphs;
mod part;
mod pdf_settings;
mod sources;
mod world;

pub use comparison::{
    ComparedDepartment, ComparedProject, ComparedRow, ComparisonTable, TextPiece,
};
pub use data::{Attachment, Piece};
pub use part::Part;
pub use pdf_settings::PdfSettings;

use std::num::NonZeroUsize;
use std::sync::Arc;

use toml::Spanned;
use typst::diag::SourceDiagnostic;
use typst::utils::Scalar;
use typst_layout::PagedDocument;
use typst_render::RenderOptions;
use typst_svg::SvgOptions;

use super::pdf;
use crate::diagnostics::{Finding, Rule, Severity, SourceFile};
use crate::fonts::Fonts;
use crate::form::{COMPARISON_FILE, Form, LAYOUT_FILE, SUMMARY_FILE};
use data::{About, Data, Printed};
use part::LaidOut;
use world::{Inputs, Main, Template, TypstWorld};

static LAYOUT_FAILED: Rule = Rule {
    code: "E503",
    name: "版式有误",
    severity: Severity::Error,
    explanation: r#"看什么：版式（layout.typ）能不能排出页面。
为什么：版式里有错，就排不出表。
反例：版式里用了表样没有的栏目。
正例：对照程序自带的 templates/附件2/layout.typ 改正。"#,
};

/// The kinds of findings reported here.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    std::iter::once(&LAYOUT_FAILED)
}

/// The resolution of PNG pages: 144 dpi, twice that of a screen.
const PIXELS_PER_POINT: f64 = 2.0;

/// A document that several workers share is divided so finely that none of them waits long for the
/// last; each piece costs a millisecond more.
const PIECES_PER_WORKER: usize = 2;

/// A form's layout, parsed once and used for any number of documents.
#[derive(Debug)]
pub struct Typesetter<'f> {
    form: &'f Form,
    template: Template,
    embed_sources: bool,
}

/// Finished pages.
#[derive(Debug)]
pub struct Pages<'t> {
    template: &'t Template,
    document: PagedDocument,
}

impl<'f> Typesetter<'f> {
    /// Prepares the layout of a form, to be set in these fonts.
    pub fn new(form: &'f Form, fonts: Fonts) -> Self {
        Self { form, template: Template::new(&form.files, fonts), embed_sources: false }
    }

    /// From now on attaches the TOML files a document is made from to its PDF.
    pub fn embed_sources(&mut self) {
        self.template.embed_sources();
        self.embed_sources = true;
    }

    /// An attachment in pieces to be set by so many workers: departments, or if there are too few
    /// and their forms start on new pages, parts of them. It makes no difference to the pages.
    pub fn pieces(&self, attachment: &Attachment<'_>, workers: NonZeroUsize) -> Vec<Piece> {
        let size = match self.form.definition.starts_new_page && workers.get() > 1 {
            true => attachment.projects().div_ceil(PIECES_PER_WORKER * workers.get()).max(1),
            false => usize::MAX,
        };
        let departments = attachment.departments.iter().enumerate();
        let pieces = departments.flat_map(|(department, it)| {
            let all = it.projects.len();
            let starts = (0..all).step_by(size);
            starts.map(move |start| {
                let end = start.saturating_add(size).min(all);
                Piece { department, projects: start..end }
            })
        });
        pieces.collect()
    }

    /// What the layout gets as `data.json` for all forms of a department of an attachment (by its
    /// index). `templates/README.md` tells its authors what is in it.
    ///
    /// # Errors
    /// If it cannot be written as JSON.
    pub fn department_data(
        &self,
        attachment: &Attachment<'_>,
        department: usize,
    ) -> Result<Vec<u8>, Vec<Finding>> {
        let projects = 0..attachment.departments[department].projects.len();
        self.piece_data(attachment, &Piece { department, projects })
    }

    fn piece_data(
        &self,
        attachment: &Attachment<'_>,
        piece: &Piece,
    ) -> Result<Vec<u8>, Vec<Finding>> {
        let form = &self.form.definition;
        let printed = Printed::piece(attachment, form, piece, self.embed_sources);
        self.data(About::attachment(attachment, form), printed)
    }

    /// Sets a piece of an attachment, its pages numbered from `first_page`. Set again soon with
    /// another number, only the page numbers are set anew.
    ///
    /// # Errors
    /// A character that no font has, at each place in the data where it stands; a mistake in the
    /// layout.
    pub fn piece(
        &self,
        attachment: &Attachment<'_>,
        piece: &Piece,
        first_page: usize,
    ) -> Result<Part, Vec<Finding>> {
        let data = self.piece_data(attachment, piece)?;
        let inputs = Inputs::new(data).with_first_page(first_page);
        self.part(Main::Layout, inputs, attachment.departments[piece.department].texts())
    }

    /// Sets the table of all projects that comes before the departments. `form_pages` are those on
    /// which the forms start. Without them, only the number of pages is as it will be.
    ///
    /// # Errors
    /// As [`Typesetter::piece`], and if the form has no such table, or its layout does not
    /// tell where each form starts.
    pub fn summary(
        &self,
        attachment: &Attachment<'_>,
        form_pages: Option<&[usize]>,
    ) -> Result<Part, Vec<Finding>> {
        self.require(SUMMARY_FILE, "汇总表", "，或者不要汇总表（--no-summary）")?;
        let form = &self.form.definition;
        let printed = Printed::summary(form, attachment.departments, form_pages);
        let data = self.data(About::attachment(attachment, form), printed)?;
        let texts = attachment.departments.iter().flat_map(|department| department.texts());
        self.part(Main::Summary, Inputs::new(data), texts)
    }

    /// Sets the table of what is different between two states of the data. `texts` are those that
    /// may be printed, each with the file it stands in.
    ///
    /// # Errors
    /// As [`Typesetter::piece`], and if the form has no such table.
    pub fn comparison<'d>(
        &self,
        table: &ComparisonTable,
        texts: impl Iterator<Item = (&'d Arc<SourceFile>, &'d Spanned<String>)>,
    ) -> Result<Part, Vec<Finding>> {
        self.require(COMPARISON_FILE, "调整对照表", "")?;
        let data = self.data(About::comparison(table), Printed::Comparison(table))?;
        self.part(Main::Comparison, Inputs::new(data), texts)
    }

    /// That the form has a layout it may do without.
    fn require(&self, file: &str, what: &str, otherwise: &str) -> Result<(), Vec<Finding>> {
        if self.form.files.get(file).is_some() {
            return Ok(());
        }
        let path = self.form.files.shown_path(file);
        let finding = Finding::about(&LAYOUT_FAILED, &path, format!("这个表样没有{what}的版式"));
        Err(vec![finding.help(format!("在表样里加上 {file}{otherwise}"))])
    }

    fn data(&self, about: About<'_>, printed: Printed<'_>) -> Result<Vec<u8>, Vec<Finding>> {
        let data = Data::new(about, &self.form.definition, self.template.fonts(), printed);
        serde_json::to_vec(&data).map_err(|error| {
            let message = format!("数据写不成 JSON：{error}");
            vec![Finding::about(&LAYOUT_FAILED, &self.form.files.shown_path(LAYOUT_FILE), message)]
        })
    }

    fn part<'d>(
        &self,
        main: Main,
        inputs: Inputs,
        texts: impl Iterator<Item = (&'d Arc<SourceFile>, &'d Spanned<String>)>,
    ) -> Result<Part, Vec<Finding>> {
        let world = TypstWorld::new(&self.template, main, inputs);
        let laid_out = typst::compile::<LaidOut>(&world).output;
        let part = Part::new(laid_out.map_err(|errors| self.template.findings(&errors))?);
        glyphs::check(part.pages(), self.template.fonts(), texts, &self.form.files)?;
        Ok(part)
    }

    /// Puts the parts of an attachment together, in the order given.
    pub fn join(&self, parts: impl IntoIterator<Item = Part>) -> Pages<'_> {
        Pages { template: &self.template, document: part::join(parts) }
    }
}

impl Pages<'_> {
    /// How many pages there are.
    pub fn count(&self) -> usize {
        self.document.pages().len()
    }

    /// All pages as one PDF.
    ///
    /// # Errors
    /// What the standard forbids, or the PDF exporter refuses.
    pub fn pdf(&self, settings: &PdfSettings) -> Result<Vec<u8>, Vec<Finding>> {
        let pdf = typst_pdf::pdf(&self.document, &settings.options())
            .map_err(|errors| self.template.findings(&errors))?;
        Ok(if settings.compress { pdf::pack(pdf) } else { pdf })
    }

    /// Each page as a PNG picture of 144 dpi.
    ///
    /// # Errors
    /// If a picture cannot be encoded.
    pub fn png(&self) -> Result<Vec<Vec<u8>>, Vec<Finding>> {
        let options =
            RenderOptions { pixel_per_pt: Scalar::new(PIXELS_PER_POINT), ..Default::default() };
        let pages = self.document.pages().iter();
        pages
            .map(|page| typst_render::render(page, &options).encode_png())
            .collect::<Result<_, _>>()
            .map_err(|error| {
                let error =
                    SourceDiagnostic::error(typst::syntax::Span::detached(), error.to_string());
                self.template.findings(&[error])
            })
    }

    /// Each page as an SVG picture.
    pub fn svg(&self) -> Vec<Vec<u8>> {
        let options = SvgOptions { render_bleed: false, pretty: false };
        let pages = self.document.pages().iter();
        pages.map(|page| typst_svg::svg(page, &options).into_bytes()).collect()
    }
}
