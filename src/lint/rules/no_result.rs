//! What the form computes can be computed.

use crate::data::{NoValue, compute};
use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::Scope;

pub(super) static RULE: Rule = Rule {
    code: "W214",
    name: "算不出来",
    severity: Severity::Warning,
    explanation: r#"看什么：表样里的算式（如执行率 = 全年执行数 ÷ 全年预算数），用填的数能不能算。
为什么：除数是零的算不出来，表上只能印一道“—”，多半是漏填了数。
反例：`"全年预算数" = 0, "全年执行数" = 5`
正例：`"全年预算数" = 5, "全年执行数" = 5`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    // Of funds that could not be read, the figures are not known.
    if scope.total().is_none() {
        return;
    }
    for formula in &scope.form.formulas {
        let computed = compute(scope.form, scope.project, formula);
        let (message, help) = match computed.value {
            Ok(_) => continue,
            Err(NoValue::ByZero) if formula.may_be_absent => continue,
            Err(NoValue::ByZero) => ("除数是零，表上印“—”", "核对做除数的数，漏填的补上"),
            Err(NoValue::TooLarge) => ("数太大，算不出来，表上印“—”", "核对各个数有几位"),
        };
        let place = computed.places.into_iter().next_back();
        let place = place.unwrap_or_else(|| scope.project.span(0..0));
        let finding = Finding::at(&RULE, place, format!("“{}”算不出来：{message}", formula.name));
        findings.push(finding.help(help));
    }
}
