//! What the codes of a font say and how wide they are: told by its tables, not by its outlines.

use std::collections::HashMap;

use encoding_rs::{GB18030, UTF_16BE, WINDOWS_1252};
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};

use super::content;

/// The most codes of a font.
const MOST_CODES: usize = 1 << 17;

/// A font.
#[derive(Debug, Default)]
pub struct Font {
    texts: HashMap<u32, String>,
    widths: HashMap<u32, f64>,
    default_width: f64,
    encoding: Encoding,
}

/// How its codes are written, and what they say where the font has no table of it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// A byte, whatever it says.
    #[default]
    Byte,
    /// A byte of Windows' Latin.
    Latin,
    /// Two bytes, whatever they say.
    Pair,
    /// Chinese as GB 18030 writes it.
    Chinese,
    /// UTF-16.
    Utf16,
}

/// A code in a text.
#[derive(Debug)]
pub struct Code {
    /// What it says; empty if that is not known.
    pub text: String,
    /// How far the next one is, in the size of the font.
    pub width: f64,
    /// Whether it is the single byte 32, which words are spaced at.
    pub is_space: bool,
}

impl Font {
    /// Reads what a font says of itself, and how many bytes were unfolded for it.
    pub fn new(font: &Dict<'_>) -> (Self, usize) {
        let mut this = Self::default();
        let kind = font.get::<Name<'_>>("Subtype");
        let encoding = font.get::<Name<'_>>("Encoding");
        let is = |name: &Option<Name<'_>>, wanted: &str| {
            name.as_ref().is_some_and(|name| name.as_str() == wanted)
        };
        if is(&kind, "Type0") {
            let name = encoding.as_ref().map(|name| name.as_str().to_owned()).unwrap_or_default();
            this.encoding = if name.starts_with("GB") {
                Encoding::Chinese
            } else if name.starts_with("UniGB-U") {
                Encoding::Utf16
            } else {
                Encoding::Pair
            };
            let below = font.get::<Array<'_>>("DescendantFonts").unwrap_or_default();
            if let Some(below) = below.iter::<Dict<'_>>().next() {
                this.default_width =
                    below.get::<Number>("DW").map_or(1.0, |width| width.as_f64() / 1000.0);
                // The widths are those of glyphs: only here are the codes the same.
                if this.encoding == Encoding::Pair {
                    this.glyph_widths(&below.get::<Array<'_>>("W").unwrap_or_default());
                }
            }
        } else {
            let differs = font
                .get::<Dict<'_>>("Encoding")
                .is_some_and(|encoding| encoding.contains_key("Differences"));
            if !differs && !is(&kind, "Type3") {
                this.encoding = Encoding::Latin;
            }
            let scale = font.get::<Array<'_>>("FontMatrix").and_then(|matrix| {
                matrix.iter::<Number>().next().map(|number| number.as_f64().abs())
            });
            let scale = scale.filter(|_| is(&kind, "Type3")).unwrap_or(0.001);
            let described = font.get::<Dict<'_>>("FontDescriptor");
            let missing = described.and_then(|it| it.get::<Number>("MissingWidth"));
            this.default_width = missing.map_or(0.5, |width| width.as_f64() * scale);
            let first = font.get::<Number>("FirstChar").map_or(0, |first| first.as_i64().max(0));
            let widths = font.get::<Array<'_>>("Widths").unwrap_or_default();
            for (index, width) in widths.iter::<Number>().take(256).enumerate() {
                let code = u32::try_from(first).unwrap_or(0).saturating_add(index as u32);
                this.widths.insert(code, width.as_f64() * scale);
            }
        }
        let map = font.get::<Stream<'_>>("ToUnicode").and_then(|stream| content(&stream).ok());
        let map = map.unwrap_or_default();
        this.add_texts(&map);
        (this, map.len())
    }

    /// `1 [500 600] 10 20 1000`: from glyph 1 on, and all from 10 to 20.
    fn glyph_widths(&mut self, widths: &Array<'_>) {
        let mut numbers: Vec<f64> = Vec::new();
        for item in widths.iter::<Object<'_>>() {
            if self.widths.len() > MOST_CODES {
                return;
            }
            match item {
                Object::Number(number) => numbers.push(number.as_f64()),
                Object::Array(array) => {
                    let first = numbers.pop().unwrap_or_default() as u32;
                    numbers.clear();
                    for (index, width) in array.iter::<Number>().take(MOST_CODES).enumerate() {
                        let code = first.saturating_add(index as u32);
                        self.widths.insert(code, width.as_f64() / 1000.0);
                    }
                }
                _ => {}
            }
            if let [first, last, width] = numbers[..] {
                let codes = (first as u32)..=(last as u32).min(0xffff);
                self.widths.extend(codes.map(|code| (code, width / 1000.0)));
                numbers.clear();
            }
        }
    }

    /// `beginbfchar <0001> <4E2D> endbfchar beginbfrange <0002> <0004> <0041> endbfrange`
    fn add_texts(&mut self, map: &[u8]) {
        let mut is_range = false;
        let mut is_open = false;
        let mut list: Option<usize> = None;
        let mut codes: Vec<&[u8]> = Vec::new();
        let mut rest = map;
        while let Some(at) = rest.iter().position(|byte| !byte.is_ascii_whitespace()) {
            rest = rest.get(at..).unwrap_or_default();
            let end = match rest.first() {
                Some(b'<') => {
                    rest.iter().position(|byte| *byte == b'>').map_or(rest.len(), |i| i + 1)
                }
                Some(b'[' | b']') => 1,
                _ => {
                    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"<[]".contains(byte);
                    rest.iter().position(ends).unwrap_or(rest.len()).max(1)
                }
            };
            let (token, behind) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            rest = behind;
            if self.texts.len() > MOST_CODES {
                return;
            }
            match token {
                b"beginbfchar" => (is_open, is_range) = (true, false),
                b"beginbfrange" => (is_open, is_range) = (true, true),
                b"endbfchar" | b"endbfrange" => (is_open, list) = (false, None),
                b"[" if is_open && codes.len() == 2 => list = Some(0),
                b"]" => {
                    list = None;
                    codes.clear();
                }
                [b'<', hex @ .., b'>'] if is_open => {
                    if let (Some(index), Some(first)) = (&mut list, codes.first()) {
                        let code = number(first).saturating_add(*index as u32);
                        *index += 1;
                        self.texts.insert(code, utf16(hex));
                        continue;
                    }
                    codes.push(hex);
                    match (is_range, &codes[..]) {
                        (false, [code, text]) => {
                            self.texts.insert(number(code), utf16(text));
                            codes.clear();
                        }
                        (true, [first, last, text]) => {
                            self.range(number(first), number(last), &utf16(text));
                            codes.clear();
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
            if !is_open {
                codes.clear();
            }
        }
    }

    fn range(&mut self, first: u32, last: u32, text: &str) {
        let mut chars = text.chars();
        let Some(end) = chars.next_back() else { return };
        for code in first..=last.min(first.saturating_add(0xffff)) {
            let Some(c) = char::from_u32(end as u32 + (code - first)) else { break };
            self.texts.insert(code, format!("{}{c}", chars.as_str()));
        }
    }

    /// The codes of a text.
    pub fn codes(&self, bytes: &[u8], mut take: impl FnMut(Code)) {
        let mut rest = bytes;
        while let Some(first) = rest.first() {
            let count = match self.encoding {
                Encoding::Byte | Encoding::Latin => 1,
                Encoding::Pair | Encoding::Utf16 => 2,
                Encoding::Chinese if *first < 0x81 => 1,
                Encoding::Chinese if rest.get(1).is_some_and(u8::is_ascii_digit) => 4,
                Encoding::Chinese => 2,
            };
            let (code, behind) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            rest = behind;
            let value = code.iter().fold(0u32, |value, byte| value << 8 | u32::from(*byte));
            let text = self.texts.get(&value).cloned().unwrap_or_else(|| match self.encoding {
                Encoding::Byte | Encoding::Pair => String::new(),
                Encoding::Latin => WINDOWS_1252.decode_without_bom_handling(code).0.into_owned(),
                Encoding::Chinese => GB18030.decode_without_bom_handling(code).0.into_owned(),
                Encoding::Utf16 => UTF_16BE.decode_without_bom_handling(code).0.into_owned(),
            });
            let half = if self.encoding == Encoding::Chinese && count == 1 { 0.5 } else { 1.0 };
            let width = self.widths.get(&value).copied().unwrap_or(self.default_width * half);
            take(Code { text, width, is_space: code == b" " });
        }
    }
}

fn number(hex: &[u8]) -> u32 {
    let digits = hex.iter().filter_map(|byte| char::from(*byte).to_digit(16));
    digits.take(8).fold(0, |number, digit| number << 4 | digit)
}

fn utf16(hex: &[u8]) -> String {
    let digits: Vec<u8> =
        hex.iter().filter_map(|byte| char::from(*byte).to_digit(16)).map(|it| it as u8).collect();
    let bytes: Vec<u8> =
        digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    match bytes[..] {
        // Some write a single byte for what is Latin.
        [byte] => char::from(byte).to_string(),
        _ => UTF_16BE.decode_without_bom_handling(&bytes).0.into_owned(),
    }
}
