//! Text that was written in one encoding and read in another.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// What of a text is UTF-8 that was read as GBK or Windows-1252, and what it said, if all of that
/// is still there.
pub(super) fn misread(text: &str) -> Option<(Range<usize>, Option<String>)> {
    let start = text.find(is_sign)?;
    let text = &text[start..];
    for encoding in [encoding_rs::GBK, encoding_rs::WINDOWS_1252] {
        // As far as the text is in that encoding; each character with where its bytes end.
        let mut bytes = Vec::new();
        let mut ends = Vec::new();
        for (at, c) in text.char_indices() {
            let character = &text[at..at + c.len_utf8()];
            let (encoded, _, is_foreign) = encoding.encode(character);
            if is_foreign {
                break;
            }
            bytes.extend_from_slice(&encoded);
            ends.push((bytes.len(), at + character.len()));
        }
        let valid = match std::str::from_utf8(&bytes) {
            Ok(valid) => valid,
            Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?,
        };
        // Two Han characters in a row are no chance.
        let Some(&(end, length)) = ends.iter().find(|&&(end, _)| end >= valid.len()) else {
            continue;
        };
        if valid.chars().filter(|&c| is_chinese(c)).count() >= 2 && valid.chars().all(is_chinese) {
            let is_whole = end == valid.len() && !valid.contains('\u{fffd}');
            return Some((start..start + length, is_whole.then(|| valid.to_owned())));
        }
    }
    None
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
        || c == '\u{fffd}'
}

/// Whether a character begins what UTF-8 looks like in GBK or Windows-1252.
pub(super) fn is_sign(c: char) -> bool {
    static SIGNS: LazyLock<HashSet<char>> = LazyLock::new(|| {
        let pairs = [(0xE3, 0x80..=0x80), (0xEF, 0xBC..=0xBD)].into_iter();
        let pairs = pairs.chain((0xE4..=0xE9).map(|lead| (lead, 0x80..=0xBF)));
        let decoded = pairs.flat_map(|(lead, trails)| {
            trails.filter_map(move |trail| encoding_rs::GBK.decode(&[lead, trail]).0.chars().next())
        });
        decoded.chain("ãäåæçèéïâ锟".chars()).collect()
    });
    SIGNS.contains(&c)
}
