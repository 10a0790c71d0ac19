//! A value under a second-level indicator marked 硬性 holds a figure.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::Scope;

pub(super) static RULE: Rule = Rule {
    code: "E303",
    name: "硬性指标无数字",
    severity: Severity::Error,
    explanation: r#"看什么：表样上标着“硬性”的二级指标，指标值里有没有数字。
为什么：财预〔2015〕88号要求绩效目标细化量化；硬性指标没有数字就不能考核。
反例：`["数量指标"]` 下面写 `"开展培训" = "若干次"`
正例：`"开展培训" = "2次"`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Scope { project, form, .. } = *scope;
    for level in form.second_levels().filter(|level| level.quantified) {
        let rows = project.group(&level.key).map_or(&[][..], |group| &group.indicators);
        for row in rows {
            let Some(value) = row.value() else { continue };
            if value.get_ref().chars().any(char::is_numeric) {
                continue;
            }
            let message = format!("“{}”是硬性指标，指标值里要有数字", level.name);
            let finding = Finding::at(&RULE, project.span(value.span()), message)
                .label("没有数字")
                .help("用阿拉伯数字写出目标，例如 2次、22万元、≥95%");
            findings.push(finding);
        }
    }
}
