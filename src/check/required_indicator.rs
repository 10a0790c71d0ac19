//! A second-level indicator marked 必填 has at least one row.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::Definition;
use crate::model::Project;

static RULE: Rule = Rule { code: "E302", name: "缺必填指标", severity: Severity::Error };

pub(super) fn check(project: &Project, form: &Definition, findings: &mut Vec<Finding>) {
    for level in form.second_levels().filter(|level| level.required) {
        let group = project.group(&level.name);
        let has_rows = group.is_some_and(|group| !group.indicators.is_empty());
        if has_rows || project.unread.contains(&level.name) {
            continue;
        }
        let name = &level.name;
        let message = format!("必填的“{name}”一条指标也没有");
        let finding = match group {
            Some(group) => Finding::at(&RULE, project.span(group.name.span()), message)
                .label("下面没有指标")
                .help("在它下面补一行：\"三级指标\" = \"指标值\""),
            None => Finding::at(&RULE, project.span(0..0), message).help(format!(
                "在文件末尾补上：[\"{name}\"]，下面一行写 \"三级指标\" = \"指标值\""
            )),
        };
        findings.push(finding);
    }
}
