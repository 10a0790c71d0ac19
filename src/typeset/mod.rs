//! Model → pages, by the Typst engine in process.

mod fonts;
mod glyphs;
mod inputs;
mod pdf_settings;
mod sources;
mod world;

pub use fonts::{Fonts, Role};
pub use pdf_settings::PdfSettings;

use typst::diag::SourceDiagnostic;
use typst::foundations::{Dict, IntoValue};
use typst::utils::Scalar;
use typst_layout::PagedDocument;
use typst_render::RenderOptions;
use typst_svg::SvgOptions;

use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::Form;
use crate::model::Department;
use crate::pdf;
use world::{Template, TypstWorld};

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
        self.template.start_with(sources::MAIN_FILE, sources::MAIN_TEXT);
        self.embed_sources = true;
    }

    /// What the layout gets for these departments as `sys.inputs`, as `templates/README.md` tells
    /// its authors.
    pub fn inputs(&self, year: &str, departments: &[&Department], summary: bool) -> Dict {
        let mut inputs = inputs::inputs(&self.form.definition, year, departments, summary);
        inputs.insert("fonts".into(), inputs::fonts(self.template.fonts()).into_value());
        inputs
    }

    /// Sets the forms of these departments as one document, its pages numbered from 1. With
    /// `summary`, a table of all projects with their funds and pages comes first.
    ///
    /// # Errors
    /// A character that no font has, at each place in the data where it stands; a mistake in the
    /// layout.
    pub fn set(
        &self,
        year: &str,
        departments: &[&Department],
        summary: bool,
    ) -> Result<Pages<'_>, Vec<Finding>> {
        let mut inputs = self.inputs(year, departments, summary);
        if self.embed_sources {
            inputs.insert("sources".into(), sources::sources(year, departments).into_value());
        }
        let world = TypstWorld::new(&self.template, inputs);
        let document = typst::compile::<PagedDocument>(&world)
            .output
            .map_err(|errors| self.template.findings(&errors))?;
        glyphs::check(&document, departments, &self.form.files)?;
        Ok(Pages { template: &self.template, document })
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
