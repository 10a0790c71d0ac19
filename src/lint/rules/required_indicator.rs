//! A second-level indicator marked 必填 has at least one row.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::Scope;

pub(super) static RULE: Rule = Rule {
    code: "E302",
    name: "缺必填指标",
    severity: Severity::Error,
    explanation: r#"看什么：表样上标着“必填”的二级指标有没有至少一条三级指标。
为什么：表上印着“必填”，空着会被退回。
反例：没有 `["时效指标"]`
正例：`["时效指标"]` 下面写 `"补贴发放时间" = "2023年底前"`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Scope { project, form, .. } = *scope;
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
