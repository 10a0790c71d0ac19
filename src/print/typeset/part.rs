//! Pages that are set on their own and then put together with others.
//!
//! One document of thousands of forms costs more per form the longer it is, and the engine's
//! memory of it cannot be cleared half-way. So an attachment is set department by department.

use typst::World;
use typst::diag::{At, SourceResult};
use typst::ecow::EcoVec;
use typst::engine::Engine;
use typst::foundations::{Content, NativeElement, Output, StyleChain, Target};
use typst::introspection::{Introspector, Locator};
use typst::model::{DocumentInfo, HeadingElem};
use typst::syntax::Span;
use typst_layout::{Page, PagedDocument, PagedIntrospector, layout_document_for_bundle};

use super::compact::compact;
use super::world;

/// The level of the heading above each form.
const FORM_LEVEL: usize = 2;

/// Some pages of an attachment. Of what the engine knows of them only what is needed is kept:
/// thousands of parts wait to be put together.
#[derive(Debug)]
pub struct Part {
    pages: EcoVec<Page>,
    info: DocumentInfo,
    form_pages: Vec<usize>,
}

impl Part {
    pub(super) fn new(laid_out: LaidOut) -> Self {
        let mut document = laid_out.0;
        Self {
            form_pages: form_pages(document.introspector()),
            pages: compact(document.pages()),
            info: std::mem::take(document.info_mut()),
        }
    }

    /// How many pages it has.
    pub fn page_count(&self) -> usize {
        self.pages.len()
    }

    /// The pages on which its forms start, the first page of the part being 0.
    pub fn form_pages(&self) -> &[usize] {
        &self.form_pages
    }

    pub(super) fn pages(&self) -> &[Page] {
        &self.pages
    }
}

fn form_pages(introspector: &PagedIntrospector) -> Vec<usize> {
    let headings = introspector.query(&HeadingElem::ELEM.select());
    let is_form = |heading: &&Content| {
        heading
            .to_packed::<HeadingElem>()
            .is_some_and(|heading| heading.resolve_level(StyleChain::default()).get() == FORM_LEVEL)
    };
    let page = |heading: &Content| Some(introspector.page(heading.location()?)?.get() - 1);
    headings.iter().filter(is_form).filter_map(page).collect()
}

/// All pages as one document, with the title and authors of the first part.
pub(super) fn join(parts: impl IntoIterator<Item = Part>) -> PagedDocument {
    let mut info = None;
    let mut pages = EcoVec::new();
    for part in parts {
        info.get_or_insert(part.info);
        pages.extend(part.pages);
    }
    PagedDocument::new(pages, info.unwrap_or_default())
}

/// What the engine makes of one part.
pub(super) struct LaidOut(PagedDocument);

impl Output for LaidOut {
    fn target() -> Target {
        Target::Paged
    }

    /// Lays out pages as the engine does, only that the elements' identities do not start from the
    /// same root in every part: joined pages must not hold two elements of one identity. The data
    /// tells parts apart, and it stays the same if only the page numbers change.
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
