//! What kind of character is it: the tables of GB/T 15834 and W3C CLReq, and what Typst does with
//! the blank half of a full-width mark.

/// Full-width marks whose blank half is on the right. Typst drops it at a line's end and before
/// another mark; the quotation marks among them only where they are as wide as a Han character.
const CLOSING: &str = "”’，．。、：；》〉）』」】〗〕］｝？！";
/// Full-width marks whose blank half is on the left. Typst drops it at a line's start and behind
/// another of these.
const OPENING: &str = "“‘《〈（『「【〖〔［｛";
/// No line starts with one of these.
const NO_START: &str = "、，。；：？！．）》〉」』】〗〕］｝”’·・‧～—–…‥‰℃℉%％°′″,.;:!?)]}々ーゝゞヽヾ²³¹⁰⁺⁻₀₁₂₃₄™®©㎡㎥";
/// No line ends with one of these.
const NO_END: &str = "（《〈「『【〖〔［｛“‘([{￥¥＄$≥≤≧≦＞＜><±≈≠№＃#§〝";

/// Whether a character has a blank half on the right, which Typst may drop.
pub(super) fn is_closing(c: char) -> bool {
    !c.is_ascii() && CLOSING.contains(c)
}

/// Whether a character has a blank half on the left, which Typst may drop.
pub(super) fn is_opening(c: char) -> bool {
    !c.is_ascii() && OPENING.contains(c)
}

/// Whether Chinese and western text share this mark, so that only its font tells its width.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’')
}

/// A mark in the middle of its square. Typst counts it among the full-width marks, however wide.
pub(super) fn is_middle_dot(c: char) -> bool {
    matches!(c, '·' | '・')
}

pub(super) fn is_forbidden_at_start(c: char) -> bool {
    !is_common(c) && NO_START.contains(c)
}

pub(super) fn is_forbidden_at_end(c: char) -> bool {
    !is_common(c) && NO_END.contains(c)
}

/// Han characters, of which a text may be broken between any two.
pub(super) fn is_han(c: char) -> bool {
    matches!(
        c,
        '\u{4e00}'..='\u{9fff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{3005}'..='\u{3007}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

/// Kana, which Typst widens as it does Han.
fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}')
}

/// Whether Typst widens the gap behind this character to fill a line. Marks are asked about
/// separately.
pub(super) fn is_widened(c: char) -> bool {
    is_square(c) || is_middle_dot(c) || matches!(c, ' ' | '\u{a0}' | '\u{3000}')
}

/// A character that is set like Han: a square of its own. Fonts kern none of these.
pub(super) fn is_square(c: char) -> bool {
    is_han(c) || is_kana(c)
}

/// A space at which a line may end; it is not printed there.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() && !is_glue(c)
}

/// What holds the text on both sides together.
pub(super) fn is_glue(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{2060}' | '\u{feff}')
}

/// Whether a character ends the line, whatever comes. Typst breaks at all of these.
pub(super) fn is_forced_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether text runs from right to left from here. Typst then orders the line anew, and which marks
/// are at its ends is not known here.
pub(super) fn is_right_to_left(c: char) -> bool {
    matches!(
        c,
        '\u{590}'..='\u{8ff}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefc}'
            | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}'
    )
}

/// A letter, digit or sign of a script that is written in words, unlike Chinese.
pub(super) fn is_latin(c: char) -> bool {
    c.is_ascii_graphic() || (!c.is_ascii() && u32::from(c) < 0x2e80 && c.is_alphanumeric())
}

/// Digits, those of full width too.
pub(super) fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '０'..='９')
}

/// ①, ⑴, ㈠: the number of an item.
pub(super) fn is_item_number(c: char) -> bool {
    matches!(c, '①'..='⒛' | '㈠'..='㈩' | '㊀'..='㊉' | '⓫'..='⓿' | '❶'..='➓')
}

/// Numbers in words.
pub(super) fn is_han_digit(c: char) -> bool {
    "一二三四五六七八九十百千万亿两〇零".contains(c)
}

/// Spares the search through the tables for most characters.
fn is_common(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\u{4e00}'..='\u{9fff}')
}
