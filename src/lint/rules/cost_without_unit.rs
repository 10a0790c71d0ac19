//! An amount under 成本指标 has a unit.

use rust_decimal::Decimal;

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::Scope;
use crate::lint::figure::{Cost, costs, is_within, shown};

pub(super) static RULE: Rule = Rule {
    code: "W202",
    name: "成本金额缺单位",
    severity: Severity::Warning,
    explanation: r#"看什么：成本指标里的金额有没有写单位。
为什么：光写“20000”，看表的人要自己猜是元还是万元，差一万倍；表头写着万元，最容易看错。
反例：`"经费补助标准" = "20000"`
正例：`"经费补助标准" = "20000元"`或`"2万元"`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Some(total) = scope.total() else { return };
    let costs = costs(scope);
    for (row, cost) in &costs {
        let Cost::Bare(number) = cost else { continue };
        let finding = scope.about_value(&RULE, row, "金额没有写单位").label("元还是万元？");
        let unit = fitting_unit(*number, total);
        let number = shown(*number);
        findings.push(match unit {
            Some(unit) => finding.help(format!(
                "按{total_name}（{}）推算，单位是{unit}：写成 \"{number}{unit}\"",
                scope.money(total),
                total_name = scope.form.funding.total.name,
            )),
            // A single number that fits no unit is wrong in itself: another rule says so.
            None if costs.len() == 1 => continue,
            None => finding.help(format!("补上单位，例如 \"{number}元\"")),
        });
    }
}

/// The unit in which a number is the total.
pub(super) fn fitting_unit(number: Decimal, total: Decimal) -> Option<&'static str> {
    let precision = Decimal::new(1, number.scale());
    if is_within(number, total * Decimal::from(10_000), precision) {
        Some("元")
    } else {
        is_within(number, total, precision).then_some("万元")
    }
}
