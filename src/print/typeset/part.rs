//! Pages that are set on their own and then put together with others.
//!
//! One document of thousands of forms costs more per form the longer it is, and the engine's
//! memory of it cannot be cleared half-way. So an attachment is set department by department.

use typst::World;
use typst::diag::{At, SourceResult};
use typst::ecow::EcoVec;
use typst::engine::Engine;
use typst::foundations::{Content, Output, StyleChain, Target};
use typst::introspection::{Introspector, Locator};
use typst::model::DocumentInfo;
use typst::syntax::Span;
use typst_layout::{Page, PagedDocument, layout_document_for_bundle};

use super::compact::compact;
use super::world;
use crate::diagnostics::Finding;

/// Some pages of an attachment. Of what the engine knows of them only what is needed is kept:
/// thousands of parts wait to be put together.
#[derive(Debug)]
pub struct Part {
    pages: EcoVec<Page>,
    info: DocumentInfo,
    warnings: Vec<Finding>,
}

impl From<LaidOut> for Part {
    fn from(laid_out: LaidOut) -> Self {
        let LaidOut { mut document, warnings } = laid_out;
        let info = std::mem::take(document.info_mut());
        Self { pages: compact(document.pages()), info, warnings }
    }
}

impl Part {
    /// How many pages it has.
    pub fn page_count(&self) -> usize {
        self.pages.len()
    }
}

/// All pages as one document, with the title and authors of the first part, and what the engine
/// remarked on.
pub(super) fn join(parts: impl IntoIterator<Item = Part>) -> (PagedDocument, Vec<Finding>) {
    let mut info = None;
    let mut warnings = Vec::new();
    let mut pages = EcoVec::new();
    for part in parts {
        info.get_or_insert(part.info);
        pages.extend(part.pages);
        warnings.extend(part.warnings);
    }
    (PagedDocument::new(pages, info.unwrap_or_default()), warnings)
}

/// A part as the engine has set it, with all that it knows of it.
#[derive(Debug)]
pub struct LaidOut {
    document: PagedDocument,
    warnings: Vec<Finding>,
}

impl LaidOut {
    pub(super) fn new(output: EngineOutput, warnings: Vec<Finding>) -> Self {
        Self { document: output.0, warnings }
    }

    pub(super) fn pages(&self) -> &[Page] {
        self.document.pages()
    }
}

/// What the engine makes of one part.
pub(super) struct EngineOutput(PagedDocument);

impl Output for EngineOutput {
    fn target() -> Target {
        Target::Paged
    }

    /// Lays out pages as the engine does, only that the elements' identities do not start from the
    /// same root in every part: joined pages must not hold two elements of one identity. The data
    /// tells parts apart: no two have pages of the same numbers.
    fn create(
        engine: &mut Engine<'_>,
        content: &Content,
        styles: StyleChain<'_>,
    ) -> SourceResult<Self> {
        let data = engine.world.file(world::data_file()).at(Span::detached())?;
        let key = typst::utils::hash128(&data);
        let locator = Locator::root().split().next(&key);
        layout_document_for_bundle(engine, content, locator, styles).map(Self)
    }

    fn introspector(&self) -> &dyn Introspector {
        self.0.introspector().as_ref()
    }
}
