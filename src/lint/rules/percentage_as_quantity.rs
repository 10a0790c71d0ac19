//! A quantity is no percentage.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::LevelMeaning;
use crate::lint::Scope;
use crate::lint::figure::has_percentage;

pub(super) static RULE: Rule = Rule {
    code: "W207",
    name: "数量指标用百分比",
    severity: Severity::Warning,
    explanation: r#"看什么：数量指标的值是不是百分比。
为什么：数量指标说的是做多少（人、次、个）；完成的比例属于质量指标。财预〔2015〕88号《中央部门预算绩效目标管理办法》把数量和质量列为不同的方面。
反例：`["数量指标"]`下面写`"完成补贴发放" = "100%"`
正例：`"发放补贴人数" = "11人"`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    for (level, row) in scope.rows_about(LevelMeaning::Quantity) {
        if scope.reading(row).is_some_and(|value| has_percentage(value.as_str())) {
            let finding = scope
                .about_value(&RULE, row, format!("“{level}”的值是百分比"))
                .label("不是数量")
                .help("写出具体数量和单位，如 55人、2次；完成的比例移到质量指标");
            findings.push(finding);
        }
    }
}
