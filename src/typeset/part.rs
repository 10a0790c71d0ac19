//! Pages that are set on their own and then put together with others.
//!
//! One document of thousands of forms costs more per form the longer it is, and the engine's
//! memory of it cannot be cleared half-way. So an attachment is set department by department.

use typst::World;
use typst::diag::{At, SourceResult};
use typst::engine::Engine;
use typst::foundations::{Content, NativeElement, Output, StyleChain, Target};
use typst::introspection::{Introspector, Locator};
use typst::model::HeadingElem;
use typst::syntax::Span;
use typst_layout::{PagedDocument, layout_document_for_bundle};

use super::world;

/// The level of the heading above each form.
const FORM_LEVEL: usize = 2;

/// Some pages of an attachment.
#[derive(Debug)]
pub struct Part {
    pub(super) document: PagedDocument,
}

impl Part {
    /// How many pages it has.
    pub fn page_count(&self) -> usize {
        self.document.pages().len()
    }

    /// The pages on which its forms start, the first page of the part being 0.
    pub fn form_pages(&self) -> Vec<usize> {
        let introspector = self.document.introspector();
        introspector
            .query(&HeadingElem::ELEM.select())
            .iter()
            .filter(|heading| {
                heading.to_packed::<HeadingElem>().is_some_and(|heading| {
                    heading.resolve_level(StyleChain::default()).get() == FORM_LEVEL
                })
            })
            .filter_map(|heading| Some(introspector.page(heading.location()?)?.get() - 1))
            .collect()
    }
}

/// All pages as one document, with the title and authors of the first part.
pub(super) fn join(parts: impl IntoIterator<Item = Part>) -> PagedDocument {
    let mut parts = parts.into_iter().map(|part| part.document);
    let Some(mut first) = parts.next() else {
        return PagedDocument::new(Default::default(), Default::default());
    };
    let mut rest = parts.peekable();
    if rest.peek().is_none() {
        return first;
    }
    let info = std::mem::take(first.info_mut());
    let pages =
        std::iter::once(first).chain(rest).flat_map(|document| document.pages().to_vec()).collect();
    PagedDocument::new(pages, info)
}

impl Output for Part {
    fn target() -> Target {
        Target::Paged
    }

    /// Lays out pages as the engine does, only that the elements' identities do not start from the
    /// same root in every part: joined pages must not hold two elements of one identity.
    fn create(
        engine: &mut Engine<'_>,
        content: &Content,
        styles: StyleChain<'_>,
    ) -> SourceResult<Self> {
        let data = engine.world.file(world::data_file()).at(Span::detached())?;
        let key = typst::utils::hash128(&data);
        let locator = Locator::root().split().next(&key);
        let document = layout_document_for_bundle(engine, content, locator, styles)?;
        Ok(Self { document })
    }

    fn introspector(&self) -> &dyn Introspector {
        PagedDocument::introspector(&self.document).as_ref()
    }
}
