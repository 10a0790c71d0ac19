//! Pages → pages as they look, by the Typst engine in process.

mod compact;
mod data;
mod glyphs;
mod part;
mod pdf_settings;
mod proof;
mod sources;
mod world;

pub use data::About;
pub use part::{LaidOut, Part};
pub use pdf_settings::PdfSettings;
pub use sources::Source;

use std::path::Path;

use typst::diag::SourceDiagnostic;
use typst::utils::Scalar;
use typst_layout::PagedDocument;
use typst_render::RenderOptions;
use typst_svg::SvgOptions;

use super::pages::{Measures, Paged, TooLong, paginate, unroll};
use super::pdf;
use crate::diagnostics::{Finding, Rule, Severity};
use crate::fonts::Fonts;
use crate::form::{DEFINITION_FILE, Form, LAYOUT_FILE};
use crate::sheet::{Printed, Sheet};
use data::Data;
use part::EngineOutput;
use proof::GlyphBoxes;
use world::{Inputs, Template, TypstWorld};

static LAYOUT_FAILED: Rule = Rule {
    code: "E503",
    name: "版式有误",
    severity: Severity::Error,
    explanation: r#"看什么：版式（layout.typ）能不能排出页面。
为什么：版式里有错，就排不出表。
反例：版式里用了数据里没有的名称。
正例：对照程序自带的 templates/layout.typ 改正。"#,
};

static LAYOUT_WARNED: Rule = Rule {
    code: "W801",
    name: "版式有提醒",
    severity: Severity::Warning,
    explanation: r#"看什么：排版时 Typst 有没有提醒什么，例如排了几遍还定不下来。
为什么：页面排出来了，也核对过，但换一份数据也许就排不好。
反例：版式里用 counter 的结果去改变排版，排出来的结果又改变 counter。
正例：页码、行高都用 data.json 里算好的。"#,
};

static TOO_LONG_FOR_A_PAGE: Rule = Rule {
    code: "E506",
    name: "一页排不下",
    severity: Severity::Error,
    explanation: r#"看什么：标题、名称、表头这些不能分到两页的字，一页纸排不排得下。
为什么：排不下就会印到纸外面，或者少印。
反例：把一整段话写成了单位名称。
正例：名称只写名称；长的内容写在年度总体目标这样的栏目里，它会接着印到下一页。"#,
};

/// The kinds of findings reported here.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    let rules = [&LAYOUT_FAILED, &LAYOUT_WARNED, &TOO_LONG_FOR_A_PAGE];
    proof::RULES.iter().copied().chain(rules)
}

/// A finding about a text at its place in the data, or if it has none there, in `file`.
fn about_text(rule: &'static Rule, printed: &Printed, message: &str, file: &Path) -> Finding {
    match printed.origin.places().first() {
        Some(place) => Finding::at(rule, place.clone(), message),
        None => Finding::about(rule, file, format!("“{}”：{message}", printed.text())),
    }
}

/// The resolution of PNG pages: 144 dpi, twice that of a screen.
const PIXELS_PER_POINT: f64 = 2.0;

/// A layout, parsed once and used for any number of documents.
#[derive(Debug)]
pub struct Typesetter<'f> {
    form: &'f Form,
    template: Template<'f>,
    measures: Measures<'f>,
    boxes: GlyphBoxes,
}

/// Finished pages.
#[derive(Debug)]
pub struct Pages<'t> {
    template: &'t Template<'t>,
    document: PagedDocument,
    warnings: Vec<Finding>,
}

impl<'f> Typesetter<'f> {
    /// Prepares the layout of a form, to be set in these fonts.
    pub fn new(form: &'f Form, fonts: &'f Fonts) -> Self {
        let measures = Measures::new(fonts);
        let template = Template::new(&form.files, fonts);
        Self { form, template, measures, boxes: GlyphBoxes::default() }
    }

    /// Breaks the lines of a sheet and spreads it over pages.
    ///
    /// # Errors
    /// A text that a page does not hold.
    pub fn paginate<'s>(&self, sheet: &'s Sheet) -> Result<Paged<'s>, Vec<Finding>> {
        paginate(sheet, &self.measures).map_err(|TooLong { printed, lines }| {
            let message = format!("这些字要排 {lines} 行，一页纸排不下");
            let form = self.form.files.shown_path(DEFINITION_FILE);
            let finding = about_text(&TOO_LONG_FOR_A_PAGE, printed, &message, &form);
            vec![finding.help("写短一些；标题、名称和表头不能分到两页")]
        })
    }

    /// The same of several sheets.
    ///
    /// # Errors
    /// Every text that a page does not hold.
    pub fn paginate_all<'s>(&self, sheets: &'s [Sheet]) -> Result<Vec<Paged<'s>>, Vec<Finding>> {
        let (mut all, mut findings) = (Vec::with_capacity(sheets.len()), Vec::new());
        for sheet in sheets {
            match self.paginate(sheet) {
                Ok(paged) => all.push(paged),
                Err(found) => findings.extend(found),
            }
        }
        if findings.is_empty() { Ok(all) } else { Err(findings) }
    }

    /// A sheet on a page without an end.
    pub fn unroll<'s>(&self, sheet: &'s Sheet) -> Paged<'s> {
        unroll(sheet, &self.measures)
    }

    /// The fonts it sets in.
    pub fn fonts(&self) -> &Fonts {
        self.template.fonts()
    }

    /// What the layout gets as `data.json`. `templates/README.md` tells its authors what is in it.
    ///
    /// # Errors
    /// If there is no sheet, or it cannot be written as JSON.
    pub fn data(
        &self,
        about: &About,
        sheets: &[Paged<'_>],
        first_page: usize,
        sources: Vec<Source>,
    ) -> Result<Vec<u8>, Vec<Finding>> {
        let data = Data::new(about, self.template.fonts(), sheets, first_page, sources);
        serde_json::to_vec(&data).map_err(|error| {
            let message = format!("数据写不成 JSON：{error}");
            vec![Finding::about(&LAYOUT_FAILED, &self.form.files.shown_path(LAYOUT_FILE), message)]
        })
    }

    /// Sets sheets that are on one kind of paper, their pages numbered from `first_page`, and proves
    /// that they are printed as they are. `sources` are attached to the PDF.
    ///
    /// # Errors
    /// As [`Typesetter::lay_out`] and [`Typesetter::prove`].
    pub fn set(
        &self,
        about: &About,
        sheets: &[Paged<'_>],
        first_page: usize,
        sources: Vec<Source>,
    ) -> Result<Part, Vec<Finding>> {
        let laid_out = self.lay_out(about, sheets, first_page, sources)?;
        self.prove(&laid_out, sheets)?;
        Ok(Part::from(laid_out))
    }

    /// Lets the engine set sheets.
    ///
    /// # Errors
    /// A mistake in the layout.
    pub fn lay_out(
        &self,
        about: &About,
        sheets: &[Paged<'_>],
        first_page: usize,
        sources: Vec<Source>,
    ) -> Result<LaidOut, Vec<Finding>> {
        let has_sources = !sources.is_empty();
        let inputs = Inputs::new(self.data(about, sheets, first_page, sources)?, has_sources);
        let world = TypstWorld::new(&self.template, inputs);
        let compiled = typst::compile::<EngineOutput>(&world);
        let document = compiled.output.map_err(|errors| self.template.errors(&errors))?;
        Ok(LaidOut::new(document, self.template.warnings(&compiled.warnings)))
    }

    /// Proves that pages say what the sheets say that they were set from.
    ///
    /// # Errors
    /// A character that no font has, or a cell that is not printed as it is, at the place in the
    /// data that it comes from.
    pub fn prove(&self, laid_out: &LaidOut, sheets: &[Paged<'_>]) -> Result<(), Vec<Finding>> {
        let layout = self.form.files.shown_path(LAYOUT_FILE);
        glyphs::check(laid_out.pages(), sheets, self.template.fonts(), &self.form.files)?;
        proof::check(laid_out.pages(), sheets, &self.boxes, &layout)
    }

    /// Where the cells of pages are: for each page left, top, right and bottom in points, with what
    /// is printed there.
    pub fn areas<'s>(
        &self,
        laid_out: &LaidOut,
        sheets: &[Paged<'s>],
    ) -> Vec<Vec<([f64; 4], &'s Printed)>> {
        proof::areas(laid_out.pages(), sheets, &self.boxes)
    }

    /// Puts the parts of a document together, in the order given.
    pub fn join(&self, parts: impl IntoIterator<Item = Part>) -> Pages<'_> {
        let (document, warnings) = part::join(parts);
        Pages { template: &self.template, document, warnings }
    }
}

impl Pages<'_> {
    /// How many pages there are.
    pub fn count(&self) -> usize {
        self.document.pages().len()
    }

    /// What the engine remarked on while it set them.
    pub fn warnings(&self) -> &[Finding] {
        &self.warnings
    }

    /// All pages as one PDF.
    ///
    /// # Errors
    /// What the standard forbids, or the PDF exporter refuses.
    pub fn pdf(&self, settings: &PdfSettings) -> Result<Vec<u8>, Vec<Finding>> {
        let pdf = typst_pdf::pdf(&self.document, &settings.options())
            .map_err(|errors| self.template.errors(&errors))?;
        Ok(if settings.compress { pdf::pack(pdf) } else { pdf::unpacked(pdf) })
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
                self.template.errors(&[error])
            })
    }

    /// Each page as an SVG picture.
    pub fn svg(&self) -> Vec<Vec<u8>> {
        let options = SvgOptions { render_bleed: false, pretty: false };
        let pages = self.document.pages().iter();
        pages.map(|page| typst_svg::svg(page, &options).into_bytes()).collect()
    }
}
