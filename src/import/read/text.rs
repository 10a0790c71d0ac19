//! Plain text, as one copies it off a page: cells parted by tabs, or by spaces.

use std::sync::Arc;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::{MOST_CELLS, Unreadable};
use crate::import::table::{Cell, Table};

/// What a PDF puts between Chinese and figures.
const SPACES: &str = "汉字和数字之间多出来的空格，已去掉";
/// What it makes of full-width marks.
const MARKS: &str = "夹在汉字里的半角标点，已改成全角";
/// What it makes of signs.
const SIGNS: &str = "公式写法的符号（例如 $\\geq 90\\%$），已改成文字";

/// The cells of a text, all as one table; `None` if it is no text.
///
/// # Errors
/// If it is larger than any forms.
pub fn table(bytes: &[u8]) -> Result<Option<Table>, Unreadable> {
    let Some(text) = decoded(bytes) else { return Ok(None) };
    let mut table = Table::default();
    for (row, line) in text.lines().enumerate() {
        for (column, text) in pieces(line) {
            if table.cells.len() >= MOST_CELLS {
                return Err(Unreadable::TooLarge);
            }
            let (text, repairs) = repaired(text.trim());
            if text.is_empty() {
                continue;
            }
            let place = format!("第 {} 行", row + 1);
            let text = Arc::from(text);
            table.cells.push(Cell {
                row,
                column,
                columns: 1,
                place,
                text,
                repairs,
                ..Cell::default()
            });
        }
    }
    Ok(Some(table))
}

fn decoded(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        [0xff, 0xfe, ..] => UTF_16LE.decode(bytes).0.into_owned(),
        [0xfe, 0xff, ..] => UTF_16BE.decode(bytes).0.into_owned(),
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            match std::str::from_utf8(bytes) {
                Ok(text) => text.to_owned(),
                // What Chinese Windows calls ANSI.
                Err(_) => {
                    GB18030.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned()
                }
            }
        }
    };
    (!text.contains('\0')).then_some(text)
}

/// The cells of a line, each with its column.
fn pieces(line: &str) -> Vec<(usize, &str)> {
    if line.contains('\t') {
        return line.split('\t').enumerate().collect();
    }
    // Aligned: two spaces or more end a cell.
    let mut pieces = Vec::new();
    let mut start = 0;
    while let Some(rest) = line.get(start..) {
        let skipped = rest.len() - rest.trim_start().len();
        start += skipped;
        let Some(rest) = line.get(start..).filter(|rest| !rest.is_empty()) else { break };
        let end = ["  ", "\u{3000}\u{3000}"].iter().filter_map(|gap| rest.find(gap)).min();
        let end = end.unwrap_or(rest.len());
        pieces.push((start, rest.get(..end).unwrap_or_default()));
        start += end;
    }
    pieces
}

/// A text without what taking it off a page has put into it, and what that was.
pub fn repaired(text: &str) -> (String, Vec<&'static str>) {
    let mut repairs = Vec::new();
    let signs = without_formulas(text);
    if signs != text {
        repairs.push(SIGNS);
    }
    let marks = full_width(&signs);
    if marks != signs {
        repairs.push(MARKS);
    }
    let spaces = without_spaces(&marks);
    if spaces != marks {
        repairs.push(SPACES);
    }
    (spaces, repairs)
}

/// `$\geq 90\%$` as what it shows: `≥90%`.
fn without_formulas(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('$') {
        let Some((formula, after)) =
            behind.split_once('$').filter(|(formula, _)| formula.contains('\\'))
        else {
            break;
        };
        plain += before;
        let mut shown = formula.to_owned();
        for (written, sign) in [
            ("\\geqslant", "≥"),
            ("\\leqslant", "≤"),
            ("\\geq", "≥"),
            ("\\leq", "≤"),
            ("\\ge", "≥"),
            ("\\le", "≤"),
            ("\\times", "×"),
            ("\\pm", "±"),
            ("\\%", "%"),
            ("\\sim", "～"),
        ] {
            shown = shown.replace(written, sign);
        }
        plain.extend(shown.chars().filter(|c| !c.is_whitespace()));
        rest = after;
    }
    plain + rest
}

/// Half-width marks beside Chinese as full-width ones, without the space behind them.
fn full_width(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut plain = String::with_capacity(text.len());
    let mut index = 0;
    while let Some(&c) = chars.get(index) {
        let wide = match c {
            ',' => '，',
            ':' => '：',
            ';' => '；',
            '?' => '？',
            '!' => '！',
            '(' => '（',
            ')' => '）',
            _ => {
                plain.push(c);
                index += 1;
                continue;
            }
        };
        let near = |c: Option<&char>| c.is_some_and(|&c| is_han(c) || is_wide_mark(c));
        let before = plain.chars().rev().find(|c| *c != ' ');
        let after = chars.iter().skip(index + 1).find(|c| **c != ' ');
        if near(before.as_ref()) || near(after) {
            plain.truncate(plain.trim_end_matches(' ').len());
            plain.push(wide);
            index += 1;
            while chars.get(index) == Some(&' ') {
                index += 1;
            }
        } else {
            plain.push(c);
            index += 1;
        }
    }
    plain
}

/// Without spaces between Chinese and anything that one writes beside it without a space.
fn without_spaces(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut plain = String::with_capacity(text.len());
    for (index, &c) in chars.iter().enumerate() {
        if c == ' ' {
            let before = plain.chars().next_back();
            let after = chars.iter().skip(index).find(|c| **c != ' ').copied();
            let is_number = |c: char| c.is_ascii_digit() || "≥≤＞＜%".contains(c);
            let closes = match (before, after) {
                (Some(a), Some(b)) => {
                    is_han(a) && is_han(b)
                        || is_number(a) && is_han(b)
                        // A code behind a name keeps its space: there it parts two values.
                        || is_han(a) && is_number(b) && !is_code(&chars, index)
                        || is_wide_mark(a)
                        || is_wide_mark(b)
                        || "≥≤".contains(a)
                }
                _ => false,
            };
            if closes {
                continue;
            }
        }
        plain.push(c);
    }
    plain
}

/// Whether nothing but digits follows.
fn is_code(chars: &[char], from: usize) -> bool {
    let mut rest = chars.iter().skip(from).skip_while(|c| **c == ' ').peekable();
    rest.peek().is_some() && rest.all(char::is_ascii_digit)
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

fn is_wide_mark(c: char) -> bool {
    "，。：；？！（）、《》“”".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_pdf_puts_in_is_taken_out() {
        for (text, expected) in [
            ("2023 年全年", "2023年全年"),
            ("$\\geq 90\\%$", "≥90%"),
            ("3 万/个", "3万/个"),
            ("积极干事, 为民(社区)服务", "积极干事，为民（社区）服务"),
            ("一级指 标", "一级指标"),
            ("灵沙乡人民政府 056", "灵沙乡人民政府 056"),
            ("月驻村天数 261 天", "月驻村天数261天"),
            ("其中: 财政拨款", "其中：财政拨款"),
            ("IT systems, 3:4", "IT systems, 3:4"),
            ("1,234 USD", "1,234 USD"),
        ] {
            assert_eq!(repaired(text).0, expected);
        }
        assert_eq!(repaired("甲").1, Vec::<&str>::new());
    }

    #[test]
    fn cells_are_parted_by_tabs_or_spaces() {
        assert_eq!(pieces("甲\t\t乙"), [(0, "甲"), (1, ""), (2, "乙")]);
        assert_eq!(pieces("  甲 乙   丙"), [(2, "甲 乙"), (12, "丙")]);
    }

    #[test]
    fn the_encodings_of_windows_are_read() {
        for bytes in [
            "项目期\t1年".as_bytes().to_vec(),
            [b"\xef\xbb\xbf", "项目期\t1年".as_bytes()].concat(),
            GB18030.encode("项目期\t1年").0.into_owned(),
            std::iter::once(0xfeff)
                .chain("项目期\t1年".encode_utf16())
                .flat_map(u16::to_le_bytes)
                .collect(),
        ] {
            let table = table(&bytes).unwrap().unwrap();
            assert_eq!(
                table.cells.iter().map(|it| it.text.as_ref()).collect::<Vec<_>>(),
                ["项目期", "1年"]
            );
        }
        assert!(table(b"\x00\x01").unwrap().is_none());
    }
}
