//! A year in a text is the form's year.

use std::collections::HashSet;
use std::ops::Range;

use super::{Scope, last_years_text};
use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::{ColumnMeaning, FieldMeaning};
use crate::lint::years::{Mention, is_joined, mentions};

pub(super) static RULE: Rule = Rule {
    code: "W103",
    name: "年份不符",
    severity: Severity::Warning,
    explanation: r#"看什么：文字里的年份（如“2022年”“2022.12.31”“2022-01”）是不是本表的年度。项目名称、书名号和引号里的年份是名称的一部分，“较2022年”这样的比较对象、包含本年度的起止年份，都不算。
为什么：年份不对多半是从往年的表复制来的，会让人怀疑指标没有重新核定。
反例：2023年度的表里写 `"2022年全年" = "12个月"`
正例：`"2023年全年" = "12个月"`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let long_term = long_term(scope);
    for (text, leftover) in last_years_text::printed(scope) {
        // What was left from last year has a finding of its own; what is aimed at in several years
        // speaks of those.
        if leftover || long_term.contains(&text.as_str().as_ptr()) {
            continue;
        }
        for Times { range, first, last } in times(text.as_str()) {
            let is_now = (first.as_str()..=last.as_str()).contains(&scope.year);
            let name = scope.project.name();
            if is_now || name.contains(&first) || name.contains(&last) {
                continue;
            }
            let message = format!("本表是{}年度的，这里写的是{last}年", scope.year);
            let finding = Finding::at(&RULE, text.near(range), message)
                .help("核对年份；确实要写这一年的，在 [\"豁免\"] 里写明理由");
            findings.push(finding);
        }
    }
}

/// Where the texts of the project are that say what is aimed at in several years.
fn long_term(scope: &Scope<'_>) -> HashSet<*const u8> {
    let project = scope.project;
    let goal = project.fields.about(FieldMeaning::LongTermGoal);
    let rows = project.indicators.iter().flat_map(|group| {
        let is_long_term = scope.form.is_long_term(group.name.get_ref());
        group.indicators.iter().flat_map(move |row| {
            let own = std::iter::once(&row.name).chain(row.values.values());
            own.filter(move |_| is_long_term).chain(row.values.about(ColumnMeaning::LongTermTarget))
        })
    });
    goal.into_iter().chain(rows).map(|it| it.get_ref().as_ptr()).collect()
}

/// A year or a range of years that a text speaks of.
struct Times {
    range: Range<usize>,
    first: String,
    last: String,
}

/// The years a text speaks of as times, without those that are part of a name or what something is
/// compared with.
fn times(text: &str) -> Vec<Times> {
    let mut times = Vec::new();
    let mut rest = mentions(text).into_iter().peekable();
    while let Some(start) = rest.next() {
        let end = rest.next_if(|next| is_joined(&text[start.range.end..next.range.start]));
        let is_time = start.is_time() || end.as_ref().is_some_and(Mention::is_time);
        // `自2023年1月至2023年12月` begins with no base.
        let is_base = end.is_none() && start.is_base(text);
        if is_time && !start.is_quoted && !is_base {
            let end = end.unwrap_or_else(|| start.clone());
            let after = &text[end.range.end..];
            let word = if after.starts_with('年') { '年'.len_utf8() } else { 0 };
            let range = start.range.start..end.range.end + word;
            let (first, last) = (start.year.min(end.year.clone()), end.year);
            times.push(Times { range, last: last.max(first.clone()), first });
        }
    }
    times
}

#[cfg(test)]
mod tests {
    use super::{Times, times};

    fn found(text: &str) -> Vec<(&str, String)> {
        let times = times(text).into_iter();
        times
            .map(|Times { range, first, last }| (&text[range], format!("{first}-{last}")))
            .collect()
    }

    #[test]
    fn only_years_that_are_times_count() {
        assert_eq!(found("2022年全年、2023年底前").len(), 2);
        for text in [
            "按《2022年工作方案》执行",
            "较2022年增长5%",
            "自2022年起",
            "2022年以来",
            "12022年",
            "3000年",
            "财预〔2015〕88号",
            "2022人",
            "全年",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_range_is_one() {
        for (text, marked, years) in [
            ("2021-2025年规划", "2021-2025年", "2021-2025"),
            ("2021年至2025年", "2021年至2025年", "2021-2025"),
            ("到2022年底", "2022年", "2022-2022"),
            ("2022-01至2022-12", "2022-01至2022", "2022-2022"),
            ("2022.1-2022.12", "2022.1-2022", "2022-2022"),
            ("自2022年1月1日至2022年12月31日", "2022年1月1日至2022年", "2022-2022"),
            ("2022/6前", "2022", "2022-2022"),
        ] {
            assert_eq!(found(text), [(marked, years.to_owned())], "{text}");
        }
    }
}
