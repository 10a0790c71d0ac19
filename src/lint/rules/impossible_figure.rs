//! A figure fits into its period.

use std::ops::Range;

use rust_decimal::Decimal;

use crate::diagnostics::{Finding, Rule, Severity, Span};
use crate::lint::Scope;
use crate::lint::figure::figures;
use crate::lint::text::clauses;
use crate::text::narrow;

pub(super) static RULE: Rule = Rule {
    code: "W406",
    name: "不可能的数字",
    severity: Severity::Warning,
    explanation: r#"看什么：一个月的天数有没有超过 31，一年的月数有没有超过 12，一天的小时数有没有超过 24，等等。
为什么：这样的数字不可能做到，多半是把全年的数写成了每月的。
反例：`"驻村工作队员月驻村天数261天" = "100%"`
正例：`"驻村工作队员年驻村天数261天" = "100%"`"#,
};

/// In a period (the words that name it), so many of a unit at most.
const LIMITS: &[(&[&str], &[&str], u32, &str)] = &[
    (&["月"], &["天", "日"], 31, "一个月最多 31 天"),
    (&["每年", "全年", "年均"], &["天", "日"], 366, "一年最多 366 天"),
    (&["每年", "全年", "年均"], &["个月"], 12, "一年只有 12 个月"),
    (&["每周"], &["天", "日"], 7, "一周只有 7 天"),
    (&["每天", "每日", "日均"], &["小时"], 24, "一天只有 24 小时"),
];

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let has_figure = |text: &str| text.contains(|c| narrow(c).is_ascii_digit());
    for text in scope.project.texts().filter(|text| has_figure(text.get_ref())) {
        for (start, clause) in clauses(text.get_ref()) {
            for (range, reason) in impossible(clause) {
                let place = scope.text(text).near(start + range.start..start + range.end);
                report(place, reason, findings);
            }
        }
    }
    // The period may stand in the indicator, and the figure at the beginning of its value.
    for (_, row) in scope.project.rows() {
        let Some(value) = row.value().filter(|value| has_figure(value.get_ref())) else { continue };
        let Some(reading) = scope.reading(row) else { continue };
        let Some((_, name)) = clauses(row.name.get_ref()).last() else { continue };
        let Some((_, alone)) = clauses(value.get_ref()).next() else { continue };
        let Some((start, clause)) = clauses(reading.as_str()).next() else { continue };
        // A figure in the name, or that the clause alone makes impossible, has been looked at.
        if !has_figure(name) && impossible(alone).is_empty() {
            for (range, reason) in impossible(&format!("{name}{clause}")) {
                let at = |offset: usize| start + offset - name.len();
                let place = reading.near(at(range.start)..at(range.end));
                report(place, reason, findings);
            }
        }
    }
}

fn report(place: Span, reason: &str, findings: &mut Vec<Finding>) {
    let finding = Finding::at(&RULE, place, format!("这个数字不可能：{reason}"));
    findings.push(finding.help("核对数字和前面的“月”“年”等字"));
}

/// The figures of a clause that do not fit into the period named last before them.
fn impossible(clause: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut found = Vec::new();
    for figure in figures(clause) {
        let before = &clause[..figure.range.start];
        let limits = LIMITS.iter().filter_map(|(periods, units, most, reason)| {
            let unit = units.iter().find(|unit| figure.unit.starts_with(**unit))?;
            let period = periods.iter().filter_map(|period| last_period(before, period)).max()?;
            Some((period, unit, most, reason))
        });
        if let Some((_, unit, most, reason)) = limits.max_by_key(|(period, ..)| *period)
            && figure.value > Decimal::from(*most)
        {
            // A space may stand between the figure and its unit.
            let space = clause[figure.range.end..].find(unit).unwrap_or_default();
            found.push((figure.range.start..figure.range.end + space + unit.len(), *reason));
        }
    }
    found
}

/// Where a text last names a period, rather than counts it (3个月), dates by it (6月), speaks of its
/// end (月底) or of how often something is done (按月).
fn last_period(text: &str, period: &str) -> Option<usize> {
    let names_period = |&(at, _): &(usize, &str)| {
        let before = text[..at].chars().next_back();
        let after = text[at + period.len()..].chars().next();
        let is_counted =
            |c: char| c.is_ascii_digit() || "个几一二三四五六七八九十按逐分".contains(c);
        !before.is_some_and(is_counted) && !after.is_some_and(|c| "份底初末".contains(c))
    };
    text.match_indices(period).filter(names_period).map(|(at, _)| at).last()
}

#[cfg(test)]
mod tests {
    use super::impossible;

    #[test]
    fn figures_must_fit_into_their_period() {
        for clause in [
            "月驻村天数261天",
            "每月驻村32天",
            "全年13个月",
            "每周8天",
            "每天25小时",
            "按月发放，每月45天",
            "全年每月45天",
        ] {
            assert_eq!(impossible(clause).len(), 1, "{clause}");
        }
        for clause in [
            "月驻村天数21天",
            "6月驻村261天",
            "3个月共92天",
            "年驻村261天",
            "2023年全年12个月",
            "月底前45天",
            "按月发放全年出勤300天",
            "每月核对，全年出勤300天",
            "逐月考核出勤300天",
        ] {
            assert!(impossible(clause).is_empty(), "{clause}");
        }
    }
}
