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
        for (range, year) in years(text.as_str()) {
            if year == scope.year || scope.project.name().contains(year) {
                continue;
            }
            let message = format!("本表是{}年度的，这里写的是{year}年", scope.year);
            let finding = Finding::at(&RULE, text.near(range), message)
                .help("核对年份；确实要写这一年的，在 [\"豁免\"] 里写明理由");
            findings.push(finding);
        }
    }
}

/// The years a text speaks of as times, without those that are part of a name, a range around the
/// year, or what something is compared with.
fn years(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut depth = 0_usize;
    let mut years = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '《' | '“' | '〔' | '「' => depth += 1,
            '》' | '”' | '〕' | '」' => depth = depth.saturating_sub(1),
            '年' if depth == 0 => {
                let Some(start) = at.checked_sub(4) else { continue };
                let Some(year) = text.get(start..at) else { continue };
                let before = &text[..start];
                let is_year = year.bytes().all(|byte| byte.is_ascii_digit())
                    && (year.starts_with("19") || year.starts_with("20"))
                    && !before.ends_with(|c: char| c.is_ascii_digit() || c == '.');
                let is_compared = before.ends_with(['较', '比', '与', '自', '从', '以']);
                let is_range = before.ends_with(['-', '—', '–', '~', '～', '至', '到'])
                    || text[at + c.len_utf8()..]
                        .starts_with(['-', '—', '–', '~', '～', '至', '到']);
                if is_year && !is_compared && !is_range {
                    years.push((start..at + c.len_utf8(), year));
                }
            }
            _ => {}
        }
    }
    years
}

#[cfg(test)]
mod tests {
    use super::years;

    #[test]
    fn only_years_that_are_times_count() {
        let found = |text| years(text).into_iter().map(|(_, year)| year).collect::<Vec<_>>();
        assert_eq!(found("2022年全年、2023年底前"), ["2022", "2023"]);
        for text in [
            "按《2022年工作方案》执行",
            "较2022年增长5%",
            "2021-2025年规划",
            "2021年至2025年",
            "12022年",
            "3000年",
            "财预〔2015〕88号",
            "全年",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }
}
