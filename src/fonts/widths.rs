//! How wide text comes out in the fonts of a role: what the lines are broken by.
//!
//! Typst shapes text with rustybuzz, in stretches of one script, each stretch in the first font that
//! has its characters; so do we, for each distinct cluster once. What is around a cluster decides its
//! script if it has none of its own (a dash beside Latin is narrower than beside Han): the widest form
//! counts, so that text is never wider in print than was reckoned with.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{OnceLock, RwLock};

use rustybuzz::{BufferFlags, Direction, Script, UnicodeBuffer, script};
use typst::layout::Abs;
use typst::text::{
    FontInstance, FontStretch, FontStyle, FontVariant, FontVariations, FontWeight,
    is_default_ignorable,
};
use unicode_script::UnicodeScript;

use super::{Fonts, Role};

/// The families that Typst tries before it looks through all fonts for one that has a character.
const TYPST_FAMILIES: [&str; 5] = [
    "libertinus serif",
    "twitter color emoji",
    "noto color emoji",
    "apple color emoji",
    "segoe ui emoji",
];
/// The language and region that the layout sets.
const LANGUAGE: &str = "zh-cn";
/// Of fonts with an optical size, the one for body text (五号).
const SIZE: f64 = 10.5;

/// The widths of text in the fonts of a role, remembered. Threads share one.
pub struct Widths<'f> {
    fonts: &'f Fonts,
    language: Option<rustybuzz::Language>,
    regular: Weight,
    bold: Weight,
}

/// What is known of one weight.
struct Weight {
    variant: FontVariant,
    /// The families of the role, in order of preference.
    families: Vec<Candidate>,
    characters: Table,
    /// Pairs of ASCII characters.
    pairs: Table,
    /// All other text.
    texts: RwLock<HashMap<Box<str>, Known>>,
}

/// A font that is only loaded when it is needed.
struct Candidate {
    index: usize,
    font: OnceLock<Option<FontInstance>>,
}

/// The width of a piece of text in its narrowest and its widest form, in millionths of an em.
#[derive(Clone, Copy)]
struct Known {
    least: u32,
    most: u32,
}

impl<'f> Widths<'f> {
    /// The widths in the fonts of a role.
    pub fn new(fonts: &'f Fonts, role: Role) -> Self {
        Self {
            fonts,
            language: LANGUAGE.parse().ok(),
            regular: Weight::new(fonts, role, FontWeight::REGULAR),
            bold: Weight::new(fonts, role, FontWeight::BOLD),
        }
    }

    /// The width of a cluster in em, in the widest of its forms.
    pub fn cluster(&self, cluster: &str, strong: bool) -> f64 {
        f64::from(self.known(cluster, strong).most) / Known::EM
    }

    /// How much wider two neighbouring clusters are than the two by themselves; negative if they are
    /// narrower.
    pub fn kerning(&self, before: &str, after: &str, strong: bool) -> f64 {
        let weight = self.weight(strong);
        let pair = || [before, after].concat();
        let together = match (before.as_bytes(), after.as_bytes()) {
            ([a], [b]) => weight
                .pairs
                .get_or(usize::from(*a) << 7 | usize::from(*b), || self.shaped(&pair(), weight)),
            _ => self.known(&pair(), strong),
        };
        // Whole numbers: no difference is exactly none.
        let width = |known: Known| i64::from(known.most);
        let apart = width(self.known(before, strong)) + width(self.known(after, strong));
        (width(together) - apart) as f64 / Known::EM
    }

    /// The width of a cluster in em, in the narrowest of its forms.
    pub fn narrowest(&self, cluster: &str, strong: bool) -> f64 {
        f64::from(self.known(cluster, strong).least) / Known::EM
    }

    fn weight(&self, strong: bool) -> &Weight {
        if strong { &self.bold } else { &self.regular }
    }

    fn known(&self, text: &str, strong: bool) -> Known {
        let weight = self.weight(strong);
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (None, _) => Known::new(0.0, 0.0),
            (Some(c), None) => weight.characters.get_or(c as usize, || self.shaped(text, weight)),
            _ => {
                if let Some(known) =
                    weight.texts.read().ok().and_then(|texts| texts.get(text).copied())
                {
                    return known;
                }
                let known = self.shaped(text, weight);
                if let Ok(mut texts) = weight.texts.write() {
                    texts.insert(text.into(), known);
                }
                known
            }
        }
    }

    /// Shapes a text in each script that it may be part of.
    fn shaped(&self, text: &str, weight: &Weight) -> Known {
        use unicode_script::Script::{Common, Inherited, Unknown};
        // Typst makes a no-break space as wide as a space.
        let text = if text == "\u{a0}" { " " } else { text };
        let is_neutral = |c: char| matches!(c.script(), Common | Inherited | Unknown);
        let scripts: &[Option<Script>] = if text.chars().all(is_neutral) {
            &[None, Some(script::LATIN), Some(script::HAN)]
        } else {
            &[None]
        };
        let widths = scripts.iter().map(|script| {
            Shaping { widths: self, weight, script: *script, used: Vec::new() }.width(text, 0)
        });
        let (least, most) = widths
            .fold((f64::INFINITY, 0.0), |(least, most): (f64, f64), width| {
                (least.min(width), most.max(width))
            });
        Known::new(least, most)
    }
}

impl std::fmt::Debug for Widths<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Widths").field("fonts", &self.fonts).finish_non_exhaustive()
    }
}

impl Weight {
    fn new(fonts: &Fonts, role: Role, weight: FontWeight) -> Self {
        let variant = FontVariant::new(FontStyle::Normal, weight, FontStretch::NORMAL);
        let book = fonts.store().book();
        let names = fonts.role(role).iter().map(|name| name.to_lowercase());
        let names = names.chain(TYPST_FAMILIES.map(str::to_owned));
        let indices = names.filter_map(|name| book.select(&name, variant));
        Self {
            variant,
            families: indices.map(|index| Candidate { index, font: OnceLock::new() }).collect(),
            characters: Table::new(0x11_0000),
            pairs: Table::new(0x4000),
            texts: RwLock::default(),
        }
    }
}

/// The shaping of one text, as Typst does it (`shape_segment` in typst-layout's `inline/shaping.rs`).
struct Shaping<'w> {
    widths: &'w Widths<'w>,
    weight: &'w Weight,
    script: Option<Script>,
    /// The fonts tried so far.
    used: Vec<FontInstance>,
}

impl Shaping<'_> {
    /// The width of a text in the families from the given one on.
    fn width(&mut self, text: &str, family: usize) -> f64 {
        if text.chars().all(|c| matches!(c, '\n' | '\t') || is_default_ignorable(c)) {
            return 0.0;
        }
        let Some((font, next)) = self.font(text, family) else {
            return self.missing(text);
        };
        self.used.push(font.clone());
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        if let Some(language) = &self.widths.language {
            buffer.set_language(language.clone());
        }
        if let Some(script) = self.script {
            buffer.set_script(script);
        }
        buffer.set_direction(Direction::LeftToRight);
        buffer.guess_segment_properties();
        buffer.set_flags(BufferFlags::REMOVE_DEFAULT_IGNORABLES);
        let shaped = rustybuzz::shape(font.rusty(), &[], buffer);

        let mut width = 0.0;
        let mut glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).peekable();
        // The cluster that the glyphs seen last belong to, and its width so far.
        let mut cluster = (0, 0.0);
        while let Some((info, position)) = glyphs.next() {
            if info.cluster != cluster.0 {
                width += cluster.1;
                cluster = (info.cluster, 0.0);
            }
            if info.glyph_id != 0 {
                cluster.1 += font.to_em(position.x_advance).get();
                continue;
            }
            // What this font has not, with the whole cluster it is in, is set in the next.
            while glyphs.next_if(|(info, _)| info.glyph_id == 0).is_some() {}
            let end = glyphs.peek().map_or(text.len(), |(info, _)| info.cluster as usize);
            let rest = text.get(info.cluster as usize..end).unwrap_or_default();
            width += self.width(rest, next);
            cluster.1 = 0.0;
        }
        self.used.pop();
        width + cluster.1
    }

    /// The font that Typst takes for a text once it has tried the families before the given one, and
    /// the family to go on with.
    fn font(&self, text: &str, family: usize) -> Option<(FontInstance, usize)> {
        let fonts = self.widths.fonts.store();
        let variant = self.weight.variant;
        let load = |index: usize| {
            let font = fonts.font(index)?;
            Some(font.instantiate(variant, Abs::pt(SIZE), &FontVariations::default()))
        };
        let is_new = |font: &FontInstance| !self.used.contains(font);
        for (index, candidate) in self.weight.families.iter().enumerate().skip(family) {
            let font = candidate.font.get_or_init(|| load(candidate.index));
            if let Some(font) = font.as_ref().filter(|font| is_new(font)) {
                return Some((font.clone(), index + 1));
            }
        }
        let like = self.used.first().map(|font| font.info());
        let fallback = fonts.book().select_fallback(like, variant, text).and_then(load);
        fallback.filter(is_new).map(|font| (font, self.weight.families.len()))
    }

    /// The width of what no font has: a box for each character, at least one em wide.
    fn missing(&self, text: &str) -> f64 {
        let notdef =
            self.used.first().and_then(|font| font.x_advance(0)).map_or(1.0, |em| em.get());
        text.chars().map(|_| notdef.max(1.0)).sum()
    }
}

impl Known {
    const EM: f64 = 1e6;

    fn new(least: f64, most: f64) -> Self {
        // Up, but for what is whole: sums of widths are compared with the room.
        let millionths = |width: f64| (width * Self::EM - 1e-3).ceil().clamp(0.0, 1e9) as u32;
        Self { least: millionths(least), most: millionths(most) }
    }

    fn to_bits(self) -> u64 {
        u64::from(self.least) << 32 | u64::from(self.most)
    }

    fn from_bits(bits: u64) -> Self {
        Self { least: (bits >> 32) as u32, most: bits as u32 }
    }
}

/// What is known of each of a range of numbers, in pages that are only there once they are needed.
/// Reading takes no lock: all threads look up every character of every text here.
struct Table {
    pages: Vec<OnceLock<Box<[AtomicU64]>>>,
}

impl Table {
    const PAGE: usize = 256;
    /// Not a width: none has all bits set.
    const UNKNOWN: u64 = u64::MAX;

    fn new(entries: usize) -> Self {
        Self { pages: std::iter::repeat_with(OnceLock::new).take(entries / Self::PAGE).collect() }
    }

    fn get_or(&self, index: usize, find: impl FnOnce() -> Known) -> Known {
        let page = || (0..Self::PAGE).map(|_| AtomicU64::new(Self::UNKNOWN)).collect();
        let slot = self.pages.get(index / Self::PAGE);
        let Some(slot) = slot.and_then(|slot| slot.get_or_init(page).get(index % Self::PAGE))
        else {
            return find();
        };
        match slot.load(Ordering::Relaxed) {
            Self::UNKNOWN => {
                let known = find();
                slot.store(known.to_bits(), Ordering::Relaxed);
                known
            }
            bits => Known::from_bits(bits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::FontConfig;

    #[test]
    fn widths_are_those_of_the_fonts() {
        let fonts = Fonts::new(&FontConfig::default()).unwrap();
        let widths = Widths::new(&fonts, Role::Body);
        for (cluster, regular, bold) in [
            ("一", 1.0, 1.0),
            ("，", 1.0, 1.0),
            ("“", 1.0, 1.0),
            ("0", 0.557, 0.593),
            (" ", 0.256, 0.25),
        ] {
            assert_eq!(widths.cluster(cluster, false), regular, "{cluster}");
            assert_eq!(widths.cluster(cluster, true), bold, "{cluster}");
        }
        assert_eq!(widths.cluster("\u{a0}", false), widths.cluster(" ", false));
        for invisible in ["\u{200b}", "\t", "\n", ""] {
            assert_eq!(widths.cluster(invisible, false), 0.0);
        }
    }

    #[test]
    fn a_dash_has_two_widths() {
        let fonts = Fonts::new(&FontConfig::default()).unwrap();
        let widths = Widths::new(&fonts, Role::Body);
        assert_eq!((widths.narrowest("—", false), widths.cluster("—", false)), (0.89, 1.0));
        assert_eq!((widths.narrowest("“", false), widths.cluster("“", false)), (1.0, 1.0));
    }

    #[test]
    fn letters_are_kerned() {
        let fonts = Fonts::new(&FontConfig::default()).unwrap();
        let widths = Widths::new(&fonts, Role::Body);
        assert!(widths.kerning("A", "V", false) < 0.0);
        assert!(widths.kerning("f", ")", false) > 0.0);
        assert_eq!(widths.kerning("“", "1", false), 0.0);
    }

    #[test]
    fn what_no_font_has_is_a_box_for_each_character() {
        let fonts = Fonts::new(&FontConfig::default()).unwrap();
        let widths = Widths::new(&fonts, Role::Body);
        assert!(widths.cluster("\u{13000}", false) >= 1.0);
        assert!(widths.cluster("\u{13000}\u{200d}\u{13000}", false) >= 2.0);
    }
}
