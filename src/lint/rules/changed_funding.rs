//! Funds do not change by more than half without a word.

use rust_decimal::Decimal;

use crate::data::Project;
use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::Scope;

pub(super) static RULE: Rule = Rule {
    code: "W501",
    name: "资金变动过大",
    severity: Severity::Warning,
    explanation: r#"看什么：和上一年同名项目相比，年度资金总额的变动有没有超过一半（有上一年数据时才看）。
为什么：《中华人民共和国预算法》第三十二条要求编制预算参考上一年的执行情况；变动过半要说得出理由，也可能是点错了小数点。
反例：上一年 22 万元，今年 220 万元
正例：核对无误的，在`["豁免"]`里写明理由：`"W501" = "新增三个村"`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Some(previous) = scope.previous else { return };
    let (Some(before), Some(now)) = (scope.previous_total(), scope.total()) else { return };
    if (now - before).abs() * Decimal::TWO <= before {
        return;
    }
    let place = |project: &Project| {
        let first = project.funding.principal.lines.values().next();
        project.span(first.map_or_else(|| project.funding.range.clone(), |amount| amount.span()))
    };
    let message = format!(
        "年度资金从上一年的 {}变为 {}，变动超过一半",
        scope.money(before),
        scope.money(now)
    );
    let finding = Finding::at(&RULE, place(scope.project), message)
        .related(place(previous), "上一年")
        .help("核对金额；无误的，在 [\"豁免\"] 里写明理由");
    findings.push(finding);
}
