//! Text as it is written in the XML of office programs.

use std::borrow::Cow;

use quick_xml::escape::escape;

/// The beginning of every part.
pub const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// The relations between parts: (id, kind, target).
pub fn relations(relations: &[(String, String, String)]) -> String {
    let mut xml = format!(
        "{DECLARATION}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    );
    for (id, kind, target) in relations {
        xml += &format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"/>");
    }
    xml + "</Relationships>"
}

/// The kinds of all parts: (name, kind).
pub fn content_types(parts: &[(String, String)]) -> String {
    let mut xml = format!(
        "{DECLARATION}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    );
    for (name, kind) in parts {
        xml += &format!("<Override PartName=\"/{name}\" ContentType=\"{kind}\"/>");
    }
    xml + "</Types>"
}

/// What the file says of itself.
pub fn core_properties(title: &str, authors: &[String]) -> String {
    let authors = authors.join("、");
    format!(
        "{DECLARATION}<cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <dc:title>{}</dc:title><dc:creator>{}</dc:creator></cp:coreProperties>",
        text(title),
        text(&authors)
    )
}

/// A text between tags. What XML does not allow at all is left out: control characters, which no
/// printed text has.
pub fn text(text: &str) -> Cow<'_, str> {
    let is_allowed = |c: char| {
        matches!(c, '\t' | '\n') || !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    if text.chars().all(is_allowed) {
        return escape(text);
    }
    let allowed: String = text.chars().filter(|&c| is_allowed(c)).collect();
    Cow::Owned(escape(&allowed).into_owned())
}

/// A length or a size: no more decimals than it needs.
pub fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text.is_empty() || text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_numbers_can_stand_in_xml() {
        assert_eq!(text("a<b>&\"c\"\u{7}\n"), "a&lt;b&gt;&amp;&quot;c&quot;\n");
        for (value, expected) in [(10.5, "10.5"), (3.0, "3"), (0.0, "0"), (-0.0001, "0")] {
            assert_eq!(number(value), expected);
        }
    }
}
