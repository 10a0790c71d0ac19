//! A character that no font has is an error, never a blank box on an official form.
//!
//! The engine's own pages are the only sure witness of what is printed, so they are searched for
//! the glyph that stands for "none"; only then is the data searched for the character.

use std::collections::BTreeSet;
use std::sync::Arc;

use typst::layout::{Frame, FrameItem};
use typst_layout::Page;

use crate::diagnostics::{Finding, Span};
use crate::fonts::Fonts;
use crate::form::{DEFINITION_FILE, TemplateFiles};
use crate::print::pages::Paged;

/// Whether all characters of some pages are in a font. What is printed on them says where in the
/// data a character stands.
pub(super) fn check(
    pages: &[Page],
    sheets: &[Paged<'_>],
    fonts: &Fonts,
    template: &TemplateFiles,
) -> Result<(), Vec<Finding>> {
    let mut missing = BTreeSet::new();
    for page in pages {
        collect(&page.frame, &mut missing);
    }
    if missing.is_empty() {
        return Ok(());
    }
    // Each place in the data once, with what it lacks, in the order of the sheets.
    let mut places: Vec<(&Span, BTreeSet<char>)> = Vec::new();
    let mut elsewhere = missing.clone();
    for printed in sheets.iter().flat_map(|paged| paged.sheet.printed()) {
        let text = printed.text();
        let here: BTreeSet<char> = text.chars().filter(|c| missing.contains(c)).collect();
        if here.is_empty() {
            continue;
        }
        for place in printed.origin.places() {
            elsewhere.retain(|c| !here.contains(c));
            match places.iter_mut().find(|(known, _)| is_same(known, place)) {
                Some((_, characters)) => characters.extend(&here),
                None => places.push((place, here.clone())),
            }
        }
    }
    let mut findings: Vec<Finding> =
        places.iter().map(|(place, characters)| fonts.no_glyphs(place, characters)).collect();
    if !elsewhere.is_empty() {
        let path = template.shown_path(DEFINITION_FILE);
        findings.push(fonts.no_glyphs_in_form(&path, &elsewhere));
    }
    Err(findings)
}

fn is_same(a: &Span, b: &Span) -> bool {
    Arc::ptr_eq(&a.source, &b.source) && a.range == b.range
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
