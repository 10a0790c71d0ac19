//! 成本指标 names an amount of money.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::LevelMeaning;
use crate::lint::Scope;
use crate::lint::figure::{Cost, costs};

pub(super) static RULE: Rule = Rule {
    code: "W203",
    name: "成本指标没有金额",
    severity: Severity::Warning,
    explanation: r#"看什么：成本指标里有没有金额或单价。
为什么：财预〔2015〕88号《中央部门预算绩效目标管理办法》要求绩效目标与资金量相匹配；成本指标写成百分比，看不出要花多少钱。
反例：`"补贴发放率" = "100%"`写在`["成本指标"]`下面
正例：`"补贴总额" = "12.36万元"`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let costs = costs(scope);
    if costs.iter().any(|(_, cost)| *cost != Cost::Other) {
        return;
    }
    let Some((level, row)) = scope.rows_about(LevelMeaning::Cost).next() else { return };
    let Some(total) = scope.total().map(|total| scope.money(total)) else { return };
    let finding = scope
        .about_value(&RULE, row, format!("“{level}”里没有金额"))
        .label("不是金额")
        .help(format!(
            "写总额（{}是 {total}）或单价，如 \"500元/人\"",
            scope.form.funding.total.name
        ))
        .help("发放率、执行率这样的比率移到质量指标里");
    findings.push(finding);
}
