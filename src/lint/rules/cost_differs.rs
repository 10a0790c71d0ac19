//! What 成本指标 says agrees with the funds.

use rust_decimal::Decimal;

use super::cost_without_unit::fitting_unit;
use crate::data::Indicator;
use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::Scope;
use crate::lint::figure::{Amount, Cost, costs, is_within, quantities, shown};

pub(super) static RULE: Rule = Rule {
    code: "W201",
    name: "成本与资金不符",
    severity: Severity::Warning,
    explanation: r#"看什么：成本指标里的金额和年度资金总额是不是一致（按写出的小数位四舍五入比较）。几行金额要么有一行等于总额，要么加起来等于总额；单价在有同单位的数量时乘起来比较，否则不判断。
为什么：财预〔2015〕88号《中央部门预算绩效目标管理办法》要求绩效目标与资金量相匹配；两处金额不同，审核人不知道该信哪一个。
反例：资金总额 56.672 万元，`"补贴总额" = "55万元"`
正例：`"补贴总额" = "56.672万元"`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Some(total) = scope.total() else { return };
    let costs = costs(scope);
    let found = match costs.as_slice() {
        [(row, cost)] => single(scope, cost, total).map(|message| (*row, message)),
        costs => several(scope, costs, total),
    };
    if let Some((row, message)) = found {
        let total_name = &scope.form.funding.total.name;
        let message = format!("{message}，{total_name}是 {}", scope.money(total));
        let finding = scope.about_value(&RULE, row, message);
        findings.push(finding.help("核对两处金额和单位，改正写错的一处"));
    }
}

/// What one row alone says, where that is not the total.
fn single(scope: &Scope<'_>, cost: &Cost, total: Decimal) -> Option<String> {
    match cost {
        Cost::Amount(Amount { per: Some(per), .. }) if per.is_empty() => None,
        Cost::Amount(Amount { value, per: Some(per), .. }) => {
            let (unit, times) = match per.split_once(['/', '·']) {
                None => (per.as_str(), Decimal::ONE),
                Some((unit, "年")) => (unit, Decimal::ONE),
                Some((unit, "月")) => (unit, Decimal::from(12)),
                Some(_) => return None,
            };
            let [quantity] = quantities(scope, unit)[..] else { return None };
            let product = value.checked_mul(quantity)?.checked_mul(times)?;
            (product != total).then(|| {
                format!("单价乘数量（{}{unit}）是 {}", shown(quantity), scope.money(product))
            })
        }
        Cost::Amount(amount) => {
            (!amount.is(total)).then(|| format!("这里是 {}", scope.money(amount.value)))
        }
        Cost::Bare(number) if fitting_unit(*number, total).is_none() => {
            Some(format!("{} 按元、按万元都对不上", shown(*number)))
        }
        Cost::Bare(_) | Cost::InWords | Cost::Other => None,
    }
}

/// What several rows say together. Prices and rows without an amount leave the sum open; then
/// only a part that is more than the whole is wrong for sure.
fn several<'a>(
    scope: &Scope<'_>,
    costs: &[(&'a Indicator, Cost)],
    total: Decimal,
) -> Option<(&'a Indicator, String)> {
    let amounts: Vec<(&Indicator, &Amount)> = costs
        .iter()
        .filter_map(|(row, cost)| match cost {
            Cost::Amount(amount) if amount.per.is_none() => Some((*row, amount)),
            _ => None,
        })
        .collect();
    if amounts.iter().any(|(_, amount)| amount.is(total)) {
        return None;
    }
    if amounts.len() == costs.len() {
        let sum: Decimal = amounts.iter().map(|(_, amount)| amount.value).sum();
        let precision: Decimal = amounts.iter().map(|(_, amount)| amount.precision).sum();
        let (row, _) = amounts.first()?;
        return (!is_within(sum, total, precision))
            .then(|| (*row, format!("各行相加是 {}", scope.money(sum))));
    }
    let (row, amount) = amounts.into_iter().find(|(_, amount)| amount.value > total)?;
    Some((row, format!("这里是 {}", scope.money(amount.value))))
}
