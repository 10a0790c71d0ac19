//! A year in a text is the form's year.

use std::ops::Range;

use super::{Scope, last_years_text};
use crate::diagnostics::{Finding, Rule, Severity};

pub(super) static RULE: Rule = Rule {
    code: "W103",
    name: "年份不符",
    severity: Severity::Warning,
    explanation: r#"看什么：文字里的年份（如“2022年”）是不是本表的年度。项目名称、书名号和引号里的年份是名称的一部分，“较2022年”这样的比较对象、包含本年度的起止年份，都不算。
为什么：年份不对多半是从往年的表复制来的，会让人怀疑指标没有重新核定。
反例：2023年度的表里写 `"2022年全年" = "12个月"`
正例：`"2023年全年" = "12个月"`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    for (text, leftover) in last_years_text::printed(scope) {
        // What was left from last year has a finding of its own.
        if leftover {
            continue;
        }
        for (range, year, other_end) in years(text.as_str()) {
            let is_around = other_end
                .is_some_and(|other| (year.min(other)..=year.max(other)).contains(&scope.year));
            if year == scope.year || is_around || scope.project.name().contains(year) {
                continue;
            }
            let message = format!("本表是{}年度的，这里写的是{year}年", scope.year);
            let finding = Finding::at(&RULE, text.near(range), message)
                .help("核对年份；确实要写这一年的，在 [\"豁免\"] 里写明理由");
            findings.push(finding);
        }
    }
}

/// What stands between the ends of a range: 2021-2025年.
const DASHES: &[char] = &['-', '—', '–', '~', '～', '至', '到'];

/// The years a text speaks of as times, each with the other end of its range if it has one;
/// without those that are part of a name or what something is compared with.
fn years(text: &str) -> Vec<(Range<usize>, &str, Option<&str>)> {
    let mut depth = 0_usize;
    let mut years = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '《' | '“' | '〔' | '「' => depth += 1,
            '》' | '”' | '〕' | '」' => depth = depth.saturating_sub(1),
            '年' if depth == 0 => {
                let Some((before, year)) = last_year(&text[..at]) else { continue };
                if before.ends_with(['较', '比', '与', '自', '从', '以']) {
                    continue;
                }
                let end = at + c.len_utf8();
                let first = before
                    .strip_suffix(DASHES)
                    .and_then(|before| last_year(before.trim_end_matches('年')))
                    .map(|(_, year)| year);
                let last = text[end..]
                    .strip_prefix(DASHES)
                    .and_then(|after| after.get(..4))
                    .filter(|year| is_year(year));
                years.push((before.len()..end, year, first.or(last)));
            }
            _ => {}
        }
    }
    years
}

/// The year at the end of a text, and what stands before it.
fn last_year(text: &str) -> Option<(&str, &str)> {
    let start = text.len().checked_sub(4)?;
    let (before, year) = text.split_at_checked(start)?;
    let is_number = before.ends_with(|c: char| c.is_ascii_digit() || c == '.');
    (is_year(year) && !is_number).then_some((before, year))
}

fn is_year(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
        && (text.starts_with("19") || text.starts_with("20"))
}

#[cfg(test)]
mod tests {
    use super::years;

    #[test]
    fn only_years_that_are_times_count() {
        let found = |text| years(text).into_iter().map(|(_, year, _)| year).collect::<Vec<_>>();
        assert_eq!(found("2022年全年、2023年底前"), ["2022", "2023"]);
        for text in [
            "按《2022年工作方案》执行",
            "较2022年增长5%",
            "12022年",
            "3000年",
            "财预〔2015〕88号",
            "全年",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_range_has_two_ends() {
        let ends = |text| years(text).into_iter().map(|(_, a, b)| (a, b)).collect::<Vec<_>>();
        assert_eq!(ends("2021-2025年规划"), [("2025", Some("2021"))]);
        assert_eq!(ends("2021年至2025年"), [("2021", Some("2025")), ("2025", Some("2021"))]);
        assert_eq!(ends("到2022年底"), [("2022", None)]);
    }
}
