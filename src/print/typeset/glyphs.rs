//! A character that no font has is an error, never a blank box on an official form.
//!
//! The engine's own pages are the only sure witness of what is printed, so they are searched for
//! the glyph that stands for "none"; only then is the data searched for the character.

use std::collections::BTreeSet;
use std::sync::Arc;

use toml::Spanned;
use typst::layout::{Frame, FrameItem};
use typst_layout::Page;

use crate::diagnostics::{Finding, SourceFile};
use crate::fonts::Fonts;
use crate::form::{DEFINITION_FILE, TemplateFiles};

/// Whether all characters of some pages are in a font. `texts` are those of the data that may be
/// printed on them, each with the file it stands in.
pub(super) fn check<'d>(
    pages: &[Page],
    fonts: &Fonts,
    texts: impl Iterator<Item = (&'d Arc<SourceFile>, &'d Spanned<String>)>,
    template: &TemplateFiles,
) -> Result<(), Vec<Finding>> {
    let mut missing = BTreeSet::new();
    for page in pages {
        collect(&page.frame, &mut missing);
    }
    if missing.is_empty() {
        return Ok(());
    }
    let mut elsewhere = missing.clone();
    let mut findings = Vec::new();
    for (source, text) in texts {
        let here: BTreeSet<char> =
            text.get_ref().chars().filter(|character| missing.contains(character)).collect();
        if !here.is_empty() {
            elsewhere.retain(|character| !here.contains(character));
            findings.push(fonts.no_glyphs(&source.span(text.span()), &here));
        }
    }
    if !elsewhere.is_empty() {
        let path = template.shown_path(DEFINITION_FILE);
        findings.push(fonts.no_glyphs_in_form(&path, &elsewhere));
    }
    Err(findings)
}

fn collect(frame: &Frame, missing: &mut BTreeSet<char>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => collect(&group.frame, missing),
            FrameItem::Text(text) => {
                let absent = text.glyphs.iter().filter(|glyph| glyph.id == 0);
                missing.extend(absent.filter_map(|glyph| text.text[glyph.range()].chars().next()));
            }
            _ => {}
        }
    }
}
