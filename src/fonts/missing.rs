//! A character that no font has is an error, never a blank box on an official form.
//!
//! `check` looks for such characters in the data, `render` in what was set; both say the same of
//! them, once for each text.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::Fonts;
use crate::diagnostics::{Finding, Rule, Severity, Span};
use crate::text::{is_direction, is_zero_width};

static NO_GLYPH: Rule = Rule {
    code: "E401",
    name: "字体缺字",
    severity: Severity::Error,
    explanation: r#"看什么：每个字在字体里有没有。
为什么：没有的字会印成空框，公开的表上不能有空框。
反例：指标里有表情符号、“CO₂”里的下标数字。
正例：表情和特殊符号改用文字；人名、地名里的生僻字，把有这个字的字体文件放进字体文件夹：jixiao.toml 里写`["字体"]`和`"文件夹" = "字体"`。"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&NO_GLYPH];

impl Fonts {
    /// The characters of a text that are in no font, whole or in parts (ḋ from d and a dot). Spaces
    /// and characters without width need none; control characters are never printed.
    pub fn missing(&self, text: &str) -> BTreeSet<char> {
        let is_free =
            |c: char| c.is_whitespace() && c != '\u{1680}' || is_zero_width(c) || is_direction(c);
        let has = |c: char| self.has(c) || std::iter::once(c).nfd().all(|part| self.has(part));
        text.chars().filter(|&c| !is_free(c) && (c.is_control() || !has(c))).collect()
    }

    /// A finding about characters that a text has and no font.
    pub fn no_glyphs(&self, text: &Span, characters: &BTreeSet<char>) -> Finding {
        // An escape such as `\u0007` does not contain the character itself; all is marked then.
        let first = text.text().char_indices().find(|(_, c)| characters.contains(c));
        let range = match first {
            Some((at, c)) => text.range.start + at..text.range.start + at + c.len_utf8(),
            None => text.range.clone(),
        };
        let finding = Finding::at(&NO_GLYPH, text.source.span(range), message(characters));
        self.way_out(finding.label("印不出来"), characters)
    }

    /// A finding about characters that a file of the form has and no font.
    pub fn no_glyphs_in_form(
        &self,
        file: &std::path::Path,
        characters: &BTreeSet<char>,
    ) -> Finding {
        self.way_out(Finding::about(&NO_GLYPH, file, message(characters)), characters)
    }

    fn way_out(&self, finding: Finding, characters: &BTreeSet<char>) -> Finding {
        let finding = finding.help("确认没有打错；表情符号和特殊符号请改用文字");
        if characters.iter().all(|c| c.is_control()) {
            return finding;
        }
        finding.help(match self.folder() {
            Some(folder) => {
                let folder = crate::diagnostics::shown(folder);
                format!("确实要印的字，把有这个字的字体文件放进字体文件夹 {folder}")
            }
            None => "确实要印的字，把有这个字的字体文件放进一个文件夹，\
                     并在 jixiao.toml 里写 [\"字体\"] 和 \"文件夹\" = \"文件夹名\""
                .to_owned(),
        })
    }
}

fn message(characters: &BTreeSet<char>) -> String {
    let code = |c: char| format!("U+{:04X}", u32::from(c));
    let (controls, others): (Vec<char>, Vec<char>) =
        characters.iter().copied().partition(|c| c.is_control());
    let quoted: Vec<String> = others.iter().map(|&c| format!("“{c}”（{}）", code(c))).collect();
    let codes: Vec<String> = controls.iter().map(|&c| code(c)).collect();
    let these = if others.len() == 1 { "这个字" } else { "这些字" };
    match (quoted.is_empty(), codes.is_empty()) {
        (false, true) => format!("字体里没有{}{these}", quoted.join("")),
        (true, _) => format!("控制字符 {} 印不出来", codes.join("、")),
        (false, false) => {
            format!("字体里没有{}{these}，控制字符 {} 印不出来", quoted.join(""), codes.join("、"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::FontConfig;

    #[test]
    fn what_cannot_be_printed_is_known_beforehand() {
        let fonts = Fonts::new(&FontConfig::default()).unwrap();
        for text in ["𠮷", "CO₂", "☑", "😀", "\u{7}", "ꀀ", "\u{80}"] {
            let missing = fonts.missing(&format!("办公{text}经费"));
            assert_eq!(missing.len(), 1, "{text} {missing:?}");
        }
        for text in ["一\n二\t三", "\u{2002}\u{a0}\u{3000}\u{200b}", "ḋ\u{f982}", "≥95%㎡①"]
        {
            assert!(fonts.missing(text).is_empty(), "{text} {:?}", fonts.missing(text));
        }
        let said = message(&BTreeSet::from(['☑', '☐', '\u{7}']));
        assert_eq!(said, "字体里没有“☐”（U+2610）“☑”（U+2611）这些字，控制字符 U+0007 印不出来");
    }
}
