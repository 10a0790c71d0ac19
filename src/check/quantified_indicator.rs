//! A value under a second-level indicator marked 硬性 holds a figure.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::Definition;
use crate::model::Project;

static RULE: Rule = Rule { code: "E303", name: "硬性指标无数字", severity: Severity::Error };

pub(super) fn check(project: &Project, form: &Definition, findings: &mut Vec<Finding>) {
    for level in form.second_levels().filter(|level| level.quantified) {
        let rows = project.group(&level.name).map_or(&[][..], |group| &group.indicators);
        for row in rows {
            let Some((_, value)) = row.values.first() else { continue };
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
