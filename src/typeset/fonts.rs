//! The fonts that ship with the program: the same output on every machine.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// Body and titles in Noto Serif SC (宋体), the attachment's mark in Noto Sans SC (黑体).
const FILES: [&[u8]; 3] = [
    include_bytes!("../../fonts/NotoSerifSC-Regular.ttf"),
    include_bytes!("../../fonts/NotoSerifSC-Bold.ttf"),
    include_bytes!("../../fonts/NotoSansSC-Medium.ttf"),
];

/// Fonts with the index Typst searches.
#[derive(Debug)]
pub(super) struct Fonts {
    pub book: LazyHash<FontBook>,
    pub fonts: Vec<Font>,
}

/// The bundled fonts, parsed once.
pub(super) fn bundled() -> &'static Fonts {
    static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
        let fonts: Vec<Font> =
            FILES.into_iter().flat_map(|data| Font::iter(Bytes::new(data))).collect();
        Fonts { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
    });
    &FONTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_gb_2312_has_a_glyph_in_every_font() {
        let rows = 0xB0..=0xF7u8;
        let hanzi: Vec<char> = rows
            .flat_map(|row| (0xA1..=0xFEu8).map(move |cell| [row, cell]))
            .filter_map(|code| {
                let text =
                    encoding_rs::GBK.decode_without_bom_handling_and_without_replacement(&code);
                text.and_then(|text| text.chars().next())
            })
            .filter(|&c| !('\u{E000}'..='\u{F8FF}').contains(&c))
            .collect();
        assert_eq!(hanzi.len(), 6763);
        for font in &bundled().fonts {
            let missing: String =
                hanzi.iter().filter(|&&c| !font.info().coverage.contains(c as u32)).collect();
            assert_eq!(missing, "", "{}", font.info().family);
        }
    }
}
