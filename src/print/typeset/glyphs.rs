//! A character that no font has is an error, never a blank box on an official form.
//!
//! The engine's own pages are the only sure witness of what is printed, so they are searched for
//! the glyph that stands for "none"; only then is the data searched for the character.

use std::collections::BTreeSet;

use typst::layout::{Frame, FrameItem};
use typst_layout::Page;

use crate::diagnostics::{Finding, Rule, Severity, Span};
use crate::form::{DEFINITION_FILE, TemplateFiles};
use crate::print::pages::Paged;

static NO_GLYPH: Rule = Rule {
    code: "E401",
    name: "字体缺字",
    severity: Severity::Error,
    explanation: r#"看什么：每个字在字体里有没有。
为什么：没有的字会印成空框，公开的表上不能有空框。
反例：指标里有表情符号。
正例：表情和特殊符号改用文字。"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&NO_GLYPH];

/// Whether all characters of some pages are in a font. What is printed on them says where in the
/// data a character stands.
pub(super) fn check(
    pages: &[Page],
    sheets: &[Paged<'_>],
    template: &TemplateFiles,
) -> Result<(), Vec<Finding>> {
    let mut missing = BTreeSet::new();
    for page in pages {
        collect(&page.frame, &mut missing);
    }
    if missing.is_empty() {
        return Ok(());
    }
    let findings = missing.into_iter().flat_map(|character| {
        let printed = sheets.iter().flat_map(|paged| paged.sheet.printed());
        let places = printed
            .filter(|printed| printed.text().contains(character))
            .flat_map(|printed| printed.origin.places());
        let mut found: Vec<Finding> = Vec::new();
        for place in places {
            let finding = in_data(character, place.clone());
            let is_new = |other: &Finding| {
                other.file() != finding.file()
                    || other.span().map(|span| &span.range)
                        != finding.span().map(|span| &span.range)
            };
            if found.iter().all(is_new) {
                found.push(finding);
            }
        }
        if found.is_empty() {
            let path = template.shown_path(DEFINITION_FILE);
            found.push(help(Finding::about(&NO_GLYPH, &path, message(character))));
        }
        found
    });
    Err(findings.collect())
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

fn in_data(character: char, text: Span) -> Finding {
    // An escape such as `\u0007` does not contain the character itself; mark all of it then.
    let range = match text.text().find(character) {
        Some(at) => text.range.start + at..text.range.start + at + character.len_utf8(),
        None => text.range.clone(),
    };
    help(Finding::at(&NO_GLYPH, text.source.span(range), message(character)).label("印不出来"))
}

fn message(character: char) -> String {
    let code = character as u32;
    if character.is_control() {
        format!("控制字符 U+{code:04X} 印不出来")
    } else {
        format!("字体里没有“{character}”（U+{code:04X}）这个字")
    }
}

fn help(finding: Finding) -> Finding {
    finding.help("确认没有打错；表情符号和特殊符号请改用文字")
}
