//! The years in a text, moved on.
//!
//! A text that speaks of the old year as the time of the form (`2023年底前`) speaks of the new one
//! afterwards. What may mean another thing stays as it is and is a doubt for a person: other years,
//! ranges of years, years in a name or a document's title, and what is compared with or counted
//! from a year.

use std::ops::Range;

/// What is to be done with the years in a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Years {
    /// Where the old year stands and the new one belongs.
    pub moved: Vec<Range<usize>>,
    /// What only a person can decide.
    pub doubts: Vec<String>,
}

/// A number that may be a year.
#[derive(Debug)]
struct Candidate<'a> {
    range: Range<usize>,
    digits: &'a str,
    /// Whether 年 follows.
    is_year: bool,
    /// Whether it stands in a title or in quotation marks.
    is_quoted: bool,
}

/// What joins the ends of a range: 2021-2025年.
const DASHES: &[char] = &['-', '—', '–', '－', '~', '～', '至', '到'];

/// What is compared with a year, or counted from it.
const BEFORE_A_BASE: &[char] = &['较', '比', '与', '自', '从', '以'];
const AFTER_A_BASE: &[&str] = &["起", "以来", "以前", "之前", "开始"];

/// Looks for years in a text. It may be the text as TOML spells it, quotes and escapes included.
pub(super) fn years(text: &str, old: &str) -> Years {
    let mut years = Years::default();
    let candidates = candidates(text);
    let mut rest = candidates.iter().peekable();
    while let Some(candidate) = rest.next() {
        let Candidate { range, digits, is_year, is_quoted } = candidate;
        let range_end = rest.next_if(|next| is_joined(&text[range.end..next.range.start]));
        if let Some(end) = range_end {
            let is_within = *digits == old && end.digits == old;
            if is_within && *is_year && end.is_year && !is_quoted {
                years.moved.extend([range.clone(), end.range.clone()]);
            } else if *is_year || end.is_year || *digits == old || end.digits == old {
                let year = if end.is_year { "年" } else { "" };
                years.doubts.push(format!("{}{year}", &text[range.start..end.range.end]));
            }
        } else if !is_year {
            if *digits == old {
                years.doubts.push((*digits).to_owned());
            }
        } else if *digits == old && !is_quoted && !is_base(text, range) {
            years.moved.push(range.clone());
        } else {
            years.doubts.push(format!("{digits}年"));
        }
    }
    years.doubts.extend(spelled_otherwise(old).into_iter().filter(|year| text.contains(year)));
    let mut seen = Vec::new();
    years.doubts.retain(|doubt| {
        let is_new = !seen.contains(doubt);
        seen.push(doubt.clone());
        is_new
    });
    years
}

/// The numbers of four digits between 1900 and 2199, but for those in a document's number (〔2023〕)
/// or in an escape (`\u2023`).
fn candidates(text: &str) -> Vec<Candidate<'_>> {
    let mut candidates = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '《' | '“' | '「' | '〔' => depth += 1,
            '》' | '”' | '」' | '〕' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if !c.is_ascii_digit() {
            at += c.len_utf8();
            continue;
        }
        let length = text[at..].find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len() - at);
        let (range, digits) = (at..at + length, &text[at..at + length]);
        let (before, after) = (&text[..at], &text[at + length..]);
        at += length;
        let is_number = digits.len() != 4
            || !(digits.starts_with("19") || digits.starts_with("20") || digits.starts_with("21"))
            || before.strip_suffix('.').is_some_and(|b| b.ends_with(|c: char| c.is_ascii_digit()))
            || ["\\u", "\\U", "\\x"].iter().any(|escape| before.ends_with(escape));
        if is_number || (before.ends_with('〔') && after.starts_with('〕')) {
            continue;
        }
        let is_year = after.trim_start_matches(' ').starts_with('年');
        candidates.push(Candidate { range, digits, is_year, is_quoted: depth > 0 });
    }
    candidates
}

/// Whether what stands between two years makes them the ends of a range: `年1月至`.
fn is_joined(between: &str) -> bool {
    let is_part =
        |c: char| c.is_ascii_digit() || DASHES.contains(&c) || "年度月日底末初. ".contains(c);
    // The dot is that of `2023.1-2023.12`.
    between.contains(DASHES) && between.chars().all(is_part)
}

/// Whether something is compared with a year or counted from it.
fn is_base(text: &str, range: &Range<usize>) -> bool {
    let after = text[range.end..].trim_start_matches([' ', '年', '度']);
    let after = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == '月' || c == '日');
    text[..range.start].ends_with(BEFORE_A_BASE)
        || AFTER_A_BASE.iter().any(|word| after.starts_with(word))
}

/// A year in full-width digits and in Chinese numerals.
fn spelled_otherwise(year: &str) -> Vec<String> {
    ["０１２３４５６７８９", "〇一二三四五六七八九", "○一二三四五六七八九", "零一二三四五六七八九"]
        .iter()
        .map(|numerals| {
            let numeral = |c: char| numerals.chars().nth(c.to_digit(10)? as usize);
            year.chars().filter_map(numeral).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with its years moved on from 2023 to 2024, and the doubts.
    fn moved(text: &str) -> (String, Vec<String>) {
        let Years { moved, doubts } = years(text, "2023");
        let mut result = text.to_owned();
        for range in moved.into_iter().rev() {
            result.replace_range(range, "2024");
        }
        (result, doubts)
    }

    #[test]
    fn the_old_year_moves_on() {
        for (text, expected) in [
            ("2023年全年", "2024年全年"),
            ("2023年度", "2024年度"),
            ("2023 年底前", "2024 年底前"),
            ("保障2023年11个村，2023年底完成", "保障2024年11个村，2024年底完成"),
            ("2023年1月至12月", "2024年1月至12月"),
            ("2023年6月、2023年12月", "2024年6月、2024年12月"),
            ("自2023年1月1日至2023年12月31日", "自2024年1月1日至2024年12月31日"),
            ("按《方案》，2023年办成", "按《方案》，2024年办成"),
            ("12个月", "12个月"),
            ("12023年", "12023年"),
            ("3.2023年", "3.2023年"),
            ("20231231", "20231231"),
            ("宁财发〔2023〕88号", "宁财发〔2023〕88号"),
            ("2021人", "2021人"),
            ("3000年", "3000年"),
            ("\\u2023年", "\\u2023年"),
        ] {
            assert_eq!(moved(text), (expected.to_owned(), vec![]), "{text}");
        }
    }

    #[test]
    fn what_may_mean_another_thing_stays() {
        for (text, doubts) in [
            ("2022年底", &["2022年"][..]),
            ("2024年底", &["2024年"]),
            ("2023-2025年", &["2023-2025年"]),
            ("2021年—2023年", &["2021年—2023年"]),
            ("2023年1月至2024年3月", &["2023年1月至2024年"]),
            ("2023.1-2023.12", &["2023.1-2023"]),
            ("较2023年增长5%", &["2023年"]),
            ("自2023年起", &["2023年"]),
            ("2023年3月起", &["2023年"]),
            ("按《2023年工作方案》执行", &["2023年"]),
            ("2023人", &["2023"]),
            ("2023.5.1", &["2023"]),
            ("2023-05-01", &["2023"]),
            ("２０２３年、二〇二三年", &["２０２３", "二〇二三"]),
            ("2022年、2022年", &["2022年"]),
        ] {
            let doubts: Vec<String> = doubts.iter().map(|&doubt| doubt.to_owned()).collect();
            assert_eq!(moved(text), (text.to_owned(), doubts), "{text}");
        }
        let both = moved("2023年比2022年增长5%");
        assert_eq!(both, ("2024年比2022年增长5%".to_owned(), vec!["2022年".to_owned()]));
    }
}
