//! A rate has a percentage for its value.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::Scope;
use crate::lint::figure::has_percentage;

pub(super) static RULE: Rule = Rule {
    code: "W204",
    name: "比率不是百分比",
    severity: Severity::Warning,
    explanation: r#"看什么：名称以“率”或“满意度”结尾的指标，指标值是不是百分比（效率、频率等不算）。
为什么：比率的值是百分数；写成“11”，看不出是 11% 还是 11 个。
反例：`"办公规范化建设覆盖率" = "11"`
正例：`"办公规范化建设覆盖率" = "100%"`，或者`"办公规范化建设覆盖村数" = "11个"`"#,
};

/// Words that end like a rate and are none.
const NO_RATES: &[&str] = &["效率", "频率", "功率", "速率", "心率", "汇率"];

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    for (_, row) in scope.project.rows() {
        let name = row.name.get_ref();
        let is_percentage = scope.reading(row).is_some_and(|value| has_percentage(value.as_str()));
        if !is_rate(name) || has_percentage(name) || is_percentage {
            continue;
        }
        let finding = scope
            .about_value(&RULE, row, format!("“{name}”的值不是百分比"))
            .label("没有百分号")
            .help("写成 ≥95% 的样子；如果说的是个数，就把名称里的“率”改掉");
        findings.push(finding);
    }
}

/// Whether an indicator's name says that its value is a rate.
pub(super) fn is_rate(name: &str) -> bool {
    let name = name.trim_end_matches(['。', '）', ')']);
    let is_no_rate = NO_RATES.iter().any(|word| name.ends_with(word));
    name.ends_with("满意度") || (name.ends_with('率') && !is_no_rate)
}
