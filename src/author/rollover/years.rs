//! The years in a text, moved on.
//!
//! A text that speaks of the old year as the time of the form (`2023年底前`) speaks of the new one
//! afterwards. What may mean another thing stays as it is and is a doubt for a person: other years,
//! ranges of years, years in a name or a document's title, and what is compared with or counted
//! from a year.

use std::ops::Range;

use crate::lint::years::{Notation, is_joined, mentions};

/// What is to be done with the years in a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Years {
    /// Where the old year stands and the new one belongs.
    pub moved: Vec<Range<usize>>,
    /// What only a person can decide.
    pub doubts: Vec<String>,
}

/// Looks for years in a text. It may be the text as TOML spells it, quotes and escapes included.
pub(super) fn years(text: &str, old: &str) -> Years {
    let mut years = Years::default();
    // Those in other digits are only looked for, below.
    let mut rest =
        mentions(text).into_iter().filter(|found| found.notation != Notation::Other).peekable();
    while let Some(found) = rest.next() {
        let (range, year) = (&found.range, found.year.as_str());
        let is_year = found.notation == Notation::Year;
        let range_end = rest.next_if(|next| is_joined(&text[range.end..next.range.start]));
        if let Some(end) = range_end {
            let end_is_year = end.notation == Notation::Year;
            let is_within = year == old && end.year == old;
            if is_within && is_year && end_is_year && !found.is_quoted {
                years.moved.extend([range.clone(), end.range]);
            } else if is_year || end_is_year || year == old || end.year == old {
                let word = if end_is_year { "年" } else { "" };
                years.doubts.push(format!("{}{word}", &text[range.start..end.range.end]));
            }
        } else if !is_year {
            if year == old {
                years.doubts.push(year.to_owned());
            }
        } else if year == old && !found.is_quoted && !found.is_base(text) {
            years.moved.push(range.clone());
        } else {
            years.doubts.push(format!("{year}年"));
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
