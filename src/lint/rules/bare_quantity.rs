//! A quantity has a unit.

use super::rate_without_percentage::is_rate;
use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::LevelMeaning;
use crate::lint::Scope;
use crate::lint::figure::bare_number;

pub(super) static RULE: Rule = Rule {
    code: "W208",
    name: "数量缺单位",
    severity: Severity::Warning,
    explanation: r#"看什么：数量指标的值是不是只有一个数，没有单位。
为什么：“2”是两次、两人还是两个，表上看不出来，年终自评也没法对照。
反例：`"组织网格员参加培训" = "2"`
正例：`"组织网格员参加培训" = "2次"`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    for (_, row) in scope.rows_about(LevelMeaning::Quantity) {
        let (Some(value), Some(reading)) = (row.value(), scope.reading(row)) else { continue };
        // A rate without its percent sign has a finding of its own.
        if bare_number(reading.as_str()).is_none() || is_rate(row.name.get_ref()) {
            continue;
        }
        let finding = scope
            .about_value(&RULE, row, "数量没有写单位")
            .label("缺单位")
            .help(format!("补上单位，如 {0}个、{0}人、{0}次", value.get_ref()));
        findings.push(finding);
    }
}
