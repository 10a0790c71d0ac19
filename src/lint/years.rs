//! The years a text speaks of, however they are written: `2023年`, `2023.12.31`, `2023-01`,
//! `2023/6`, `20231231`, `２０２３年`, `二〇二三年`, `23年6月`.
//!
//! The rules about years and `rollover` read them in the same way.

use std::ops::Range;

use crate::text::narrow;

/// What joins the ends of a range: 2021-2025年.
pub(crate) const DASHES: &[char] = &['-', '—', '–', '－', '~', '～', '至', '到'];

/// What is compared with a year, or counted from it.
const BEFORE_A_BASE: &[char] = &['较', '比', '与', '自', '从', '以'];
const AFTER_A_BASE: &[&str] = &["起", "以来", "以前", "之前", "开始"];

/// A number that may be a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    /// Where its digits stand.
    pub range: Range<usize>,
    /// Its four digits.
    pub year: String,
    /// How it is written.
    pub notation: Notation,
    /// Whether it stands in a title or in quotation marks.
    pub is_quoted: bool,
}

/// How a year is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notation {
    /// Four digits that may be any number.
    Bare,
    /// Four digits and a month behind a point, which may be a decimal number: 2022.6.
    Decimal,
    /// Four digits and 年.
    Year,
    /// A date in figures: 2022.12.31, 2022-01, 2022/6.
    Date,
    /// A year in other digits, or a date with fewer or more of them: ２０２２年, 二〇二二年, 22年6月,
    /// 20221231.
    Other,
}

impl Mention {
    /// Whether it speaks of a time for sure.
    pub fn is_time(&self) -> bool {
        !matches!(self.notation, Notation::Bare | Notation::Decimal)
    }

    /// Whether something is compared with it or counted from it.
    pub fn is_base(&self, text: &str) -> bool {
        let after = text[self.range.end..].trim_start_matches([' ', '年', '度']);
        let after =
            after.trim_start_matches(|c: char| c.is_ascii_digit() || c == '月' || c == '日');
        text[..self.range.start].ends_with(BEFORE_A_BASE)
            || AFTER_A_BASE.iter().any(|word| after.starts_with(word))
    }
}

/// Whether what stands between two years makes them the ends of a range: `年1月至`.
pub(crate) fn is_joined(between: &str) -> bool {
    let is_part = |c: char| {
        narrow(c).is_ascii_digit() || DASHES.contains(&c) || "年度月日底末初./．／ ".contains(c)
    };
    // A dot is that of `2023.1-2023.12`. Dates have dashes, too; a third is that of a range.
    let between = if is_date_tail(between) { "" } else { between };
    between.contains(DASHES) && between.chars().all(is_part)
}

/// Whether it is the rest of a date and no dash more: `-12-31`, `-06`.
fn is_date_tail(text: &str) -> bool {
    date_in_figures(text).is_some_and(|(length, _)| length == text.trim_end().len())
}

/// The numbers that may be years: between 1900 and 2199, but for those in a document's number
/// (〔2023〕) or in an escape (`\u2023`). The text may be as TOML spells it.
pub(crate) fn mentions(text: &str) -> Vec<Mention> {
    let mut mentions = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '《' | '“' | '「' | '〔' => depth += 1,
            '》' | '”' | '」' | '〕' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if !is_digit(c) {
            at += c.len_utf8();
            continue;
        }
        let length = text[at..].find(|c| !is_digit(c)).unwrap_or(text.len() - at);
        let range = at..at + length;
        at += length;
        if let Some((year, notation)) = read(text, &range) {
            mentions.push(Mention { range, year, notation, is_quoted: depth > 0 });
        }
    }
    mentions
}

/// What a run of digits says as a year.
fn read(text: &str, range: &Range<usize>) -> Option<(String, Notation)> {
    let (before, written, after) = (&text[..range.start], &text[range.clone()], &text[range.end..]);
    let is_numeral = written.chars().all(|c| numeral(c).is_some());
    let digits: String = written.chars().filter_map(|c| numeral(c).or(Some(narrow(c)))).collect();
    let is_part_of_number = before.strip_suffix(['.', ',']).is_some_and(ends_with_digit)
        || ["\\u", "\\U", "\\x"].iter().any(|escape| before.ends_with(escape));
    if is_part_of_number || (before.ends_with('〔') && after.starts_with('〕')) {
        return None;
    }
    let is_ascii = written.is_ascii();
    let says_year = after.trim_start_matches(' ').starts_with('年');
    match digits.len() {
        4 if is_recent(&digits) => {
            let notation = match date_in_figures(after) {
                _ if says_year && is_ascii => Notation::Year,
                _ if says_year => Notation::Other,
                _ if is_numeral => return None,
                Some((_, true)) => Notation::Date,
                Some((length, false)) if ends_a_date(&after[length..]) => Notation::Date,
                Some((length, false)) if after[length..].trim().is_empty() => Notation::Decimal,
                _ => Notation::Bare,
            };
            Some((digits, notation))
        }
        // 22年6月; `22年` alone is a length of time.
        2 if !is_numeral && says_year && !before.ends_with('第') => {
            let month = after.trim_start_matches(' ').strip_prefix('年')?;
            let length = month.find(|c: char| !c.is_ascii_digit())?;
            let is_month = is_within(&month[..length], 12) && month[length..].starts_with('月');
            (is_month && !month[length..].starts_with("月度"))
                .then(|| (format!("20{digits}"), Notation::Other))
        }
        8 if !is_numeral && is_recent(&digits[..4]) => {
            let is_date = is_within(&digits[4..6], 12) && is_within(&digits[6..], 31);
            is_date.then(|| (digits[..4].to_owned(), Notation::Other))
        }
        _ => None,
    }
}

/// How long the month and the day in figures behind a year are, `.12.31` or `-06`, and whether they
/// cannot be the decimals of a number.
fn date_in_figures(after: &str) -> Option<(usize, bool)> {
    let separator = after.chars().next().filter(|c| "./-．／－".contains(*c))?;
    let part = |text: &str, most: u32| {
        let text = text.strip_prefix(separator)?;
        let length = text.find(|c| !narrow(c).is_ascii_digit()).unwrap_or(text.len());
        let digits: String = text[..length].chars().map(narrow).collect();
        (digits.len() <= 2 && is_within(&digits, most)).then_some(separator.len_utf8() + length)
    };
    let month = part(after, 12)?;
    let (length, is_date) = match part(&after[month..], 31) {
        Some(day) => (month + day, true),
        None => (month, narrow(separator) != '.'),
    };
    // What goes on in the same way is no date: a version, an address.
    let rest = after[length..].strip_prefix([separator, '.']);
    let goes_on = rest.is_some_and(|rest| rest.starts_with(|c| narrow(c).is_ascii_digit()));
    (!goes_on).then_some((length, is_date))
}

/// Whether what follows a year, a point and a month says that it is a date: 2022.6月底前.
fn ends_a_date(after: &str) -> bool {
    let after = after.trim_start();
    after.starts_with(['前', '底', '末', '初', '中', '起', '止', '之', '以', '月'])
        || after.starts_with(DASHES)
            && after.trim_start_matches(DASHES).starts_with(|c| narrow(c).is_ascii_digit())
}

fn is_digit(c: char) -> bool {
    narrow(c).is_ascii_digit() || numeral(c).is_some()
}

/// A digit written as a Chinese numeral, as in 二〇二三.
fn numeral(c: char) -> Option<char> {
    Some(match c {
        '〇' | '○' | '零' => '0',
        '一' => '1',
        '二' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        '六' => '6',
        '七' => '7',
        '八' => '8',
        '九' => '9',
        _ => return None,
    })
}

fn ends_with_digit(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
}

fn is_recent(year: &str) -> bool {
    ["19", "20", "21"].iter().any(|century| year.starts_with(century))
}

fn is_within(digits: &str, most: u32) -> bool {
    digits.parse().is_ok_and(|number: u32| (1..=most).contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_read_however_they_are_written() {
        for (text, expected) in [
            ("2022年底", "2022"),
            ("2022 年底", "2022"),
            ("2022.12.31前", "2022"),
            ("2022-01-31", "2022"),
            ("2022-01", "2022"),
            ("2022/6", "2022"),
            ("2022/06/30前", "2022"),
            ("2022.6底", "2022"),
            ("2022.1-2022.12月", "2022 2022"),
            ("2022－01", "2022"),
            ("20221231前", "2022"),
            ("２０２２年", "2022"),
            ("２０２２．１２．３１", "2022"),
            ("二〇二二年", "2022"),
            ("二○二二年", "2022"),
            ("22年6月底", "2022"),
        ] {
            let found = mentions(text).into_iter().filter(Mention::is_time);
            let years: Vec<String> = found.map(|mention| mention.year).collect();
            assert_eq!(years.join(" "), expected, "{text}");
        }
        for text in [
            "2022.5万元",
            "2022.65",
            "2022-2023",
            "2022个",
            "1.2022年",
            "12022年",
            "3000年",
            "宁财发〔2022〕88号",
            "22年",
            "3年6个月",
            "202201234",
            "20229999",
            "二〇二二",
            "一二三四年",
            "2022.1.2.3",
        ] {
            assert!(!mentions(text).iter().any(Mention::is_time), "{text}");
        }
    }
}
