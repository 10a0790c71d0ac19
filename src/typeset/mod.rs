//! Model → pages, by the Typst engine in process.

mod fonts;
mod glyphs;
mod inputs;
mod sources;
mod world;

pub use fonts::{Fonts, Role};

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::StrDeserializer;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, IntoValue, Smart};
use typst::utils::Scalar;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
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

/// How a PDF is written.
#[derive(Debug, Clone)]
pub struct PdfSettings {
    /// When it says it was made.
    date: Option<Datetime>,
    standards: PdfStandards,
    compress: bool,
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
        let mut inputs = inputs::inputs(&self.form.definition, year, departments, summary);
        inputs.insert("fonts".into(), inputs::fonts(self.template.fonts()).into_value());
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

impl PdfSettings {
    /// The standards a PDF keeps unless others are asked for: PDF/A-2a for archives and PDF/UA-1
    /// for readers who do not see.
    pub const DEFAULT_STANDARDS: &'static [&'static str] = &["a-2a", "ua-1"];

    /// The same for a PDF with attached files, which PDF/A allows from its third part on.
    pub const STANDARDS_WITH_FILES: &'static [&'static str] = &["a-3a", "ua-1"];

    /// Settings for data of a year.
    ///
    /// The same data gives the same bytes, so the date is not today's: it is `epoch` (in seconds,
    /// see <https://reproducible-builds.org/specs/source-date-epoch/>) or the first day of the
    /// data's year.
    ///
    /// # Errors
    /// In Chinese, if there is no such standard or they exclude each other.
    pub fn new(year: &str, epoch: Option<i64>, standards: &[String]) -> Result<Self, String> {
        let standards: Vec<PdfStandard> = standards
            .iter()
            .map(|name| {
                let name: StrDeserializer<'_, serde::de::value::Error> =
                    name.as_str().into_deserializer();
                PdfStandard::deserialize(name)
            })
            .collect::<Result<_, _>>()
            .map_err(|_| format!("没有“{}”这样的 PDF 标准", standards.join(",")))?;
        let standards = PdfStandards::new(&standards)
            .map_err(|error| format!("这几个 PDF 标准不能同时满足：{}", error.message()))?;
        let date = match epoch {
            Some(seconds) => date_of(seconds),
            None => year.parse().ok().and_then(|year| Datetime::from_ymd_hms(year, 1, 1, 0, 0, 0)),
        };
        Ok(Self { date, standards, compress: true })
    }

    /// Leaves out the compression that makes a file half as big, for programs that know PDF only
    /// up to 1.4.
    pub fn without_compression(self) -> Self {
        Self { compress: false, ..self }
    }
}

/// The UTC date and time that many seconds after 1970.
fn date_of(seconds: i64) -> Option<Datetime> {
    let time = time::OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    Datetime::from_ymd_hms(
        time.year(),
        time.month().into(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second(),
    )
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
        let options = PdfOptions {
            creator: Smart::Custom(Some(format!("jixiao {}", env!("CARGO_PKG_VERSION")))),
            timestamp: settings.date.map(Timestamp::new_utc),
            standards: settings.standards.clone(),
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&self.document, &options)
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
