//! Model → pages, by the Typst engine in process.

mod data;
mod fonts;
mod glyphs;
mod part;
mod pdf_settings;
mod sources;
mod world;

pub use data::Attachment;
pub use fonts::{Fonts, Role};
pub use part::Part;
pub use pdf_settings::PdfSettings;

use typst::diag::SourceDiagnostic;
use typst::foundations::Bytes;
use typst::utils::Scalar;
use typst_layout::PagedDocument;
use typst_render::RenderOptions;
use typst_svg::SvgOptions;

use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::{Form, LAYOUT_FILE, SUMMARY_FILE};
use crate::model::Department;
use crate::pdf;
use data::{Data, Printed};
use part::LaidOut;
use world::{Main, Template, TypstWorld};

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
    glyphs::RULES.iter().chain(fonts::RULES).copied().chain([&LAYOUT_FAILED])
}

/// The resolution of PNG pages: 144 dpi, twice that of a screen.
const PIXELS_PER_POINT: f64 = 2.0;

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

    /// What the layout gets as `data.json` for one department of an attachment (by its index), its
    /// pages numbered from `first_page`. `templates/README.md` tells its authors what is in it.
    ///
    /// # Errors
    /// If it cannot be written as JSON.
    pub fn department_data(
        &self,
        attachment: &Attachment<'_>,
        index: usize,
        first_page: usize,
    ) -> Result<Vec<u8>, Vec<Finding>> {
        let printed = Printed::department(
            attachment.year,
            &self.form.definition,
            &attachment.departments[index],
            first_page,
            self.embed_sources,
        );
        self.data(attachment, printed)
    }

    /// Sets the forms of one department of an attachment (by its index), its pages numbered from
    /// `first_page`.
    ///
    /// # Errors
    /// A character that no font has, at each place in the data where it stands; a mistake in the
    /// layout.
    pub fn department(
        &self,
        attachment: &Attachment<'_>,
        index: usize,
        first_page: usize,
    ) -> Result<Part, Vec<Finding>> {
        let data = self.department_data(attachment, index, first_page)?;
        self.part(Main::Layout, data, &attachment.departments[index..=index])
    }

    /// Sets the table of all projects that comes before the departments. `form_pages` are those on
    /// which the forms start.
    ///
    /// # Errors
    /// As [`Typesetter::department`], and if the form has no such table, or its layout does not
    /// tell where each form starts.
    pub fn summary(
        &self,
        attachment: &Attachment<'_>,
        form_pages: &[usize],
    ) -> Result<Part, Vec<Finding>> {
        if self.form.files.get(SUMMARY_FILE).is_none() {
            let path = self.form.files.shown_path(SUMMARY_FILE);
            let finding = Finding::about(&LAYOUT_FAILED, &path, "这个表样没有汇总表的版式");
            let help = format!("在表样里加上 {SUMMARY_FILE}，或者不要汇总表（--no-summary）");
            return Err(vec![finding.help(help)]);
        }
        let printed = Printed::summary(&self.form.definition, attachment.departments, form_pages);
        self.part(Main::Summary, self.data(attachment, printed)?, attachment.departments)
    }

    fn data(
        &self,
        attachment: &Attachment<'_>,
        printed: Printed<'_>,
    ) -> Result<Vec<u8>, Vec<Finding>> {
        let data = Data::new(attachment, &self.form.definition, self.template.fonts(), printed);
        serde_json::to_vec(&data).map_err(|error| {
            let message = format!("数据写不成 JSON：{error}");
            vec![Finding::about(&LAYOUT_FAILED, &self.form.files.shown_path(LAYOUT_FILE), message)]
        })
    }

    fn part(
        &self,
        main: Main,
        data: Vec<u8>,
        departments: &[Department],
    ) -> Result<Part, Vec<Finding>> {
        let world = TypstWorld::new(&self.template, main, Bytes::new(data));
        let laid_out = typst::compile::<LaidOut>(&world).output;
        let part = Part::new(laid_out.map_err(|errors| self.template.findings(&errors))?);
        glyphs::check(part.pages(), departments, &self.form.files)?;
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
