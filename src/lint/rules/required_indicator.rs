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
    let is_missing = |name: &String| {
        let has_rows = project.group(name).is_some_and(|group| !group.indicators.is_empty());
        !has_rows && !project.unread.contains(name)
    };
    let required = form.second_levels().filter(|level| level.required).map(|level| &level.key);
    let missing: Vec<&String> = required.filter(|name| is_missing(name)).collect();
    let Some(first) = missing.first() else { return };
    let quoted = |names: &[&String]| {
        names.iter().map(|name| format!("[\"{name}\"]")).collect::<Vec<_>>().join("、")
    };
    let message = match missing.len() {
        1 => format!("必填的“{first}”一条指标也没有"),
        count => {
            let names: Vec<&str> = missing.iter().map(|name| name.as_str()).collect();
            format!("还缺 {count} 类指标：{}", names.join("、"))
        }
    };
    // Those whose tables are there are shown in their places.
    let place = |name: &String| Some(project.span(project.group(name)?.name.span()));
    let mut places = missing.iter().filter_map(|name| place(name));
    let mut finding = match places.next() {
        Some(place) => Finding::at(&RULE, place, message)
            .label("下面没有指标")
            .help("在表名下面补一行：\"三级指标\" = \"指标值\""),
        None => Finding::at(&RULE, project.span(0..0), message),
    };
    for place in places {
        finding = finding.related(place, "下面没有指标");
    }
    let absent: Vec<&String> =
        missing.iter().copied().filter(|name| project.group(name).is_none()).collect();
    if !absent.is_empty() {
        finding = finding.help(format!(
            "在文件末尾补上：{}，下面一行写 \"三级指标\" = \"指标值\"",
            quoted(&absent)
        ));
    }
    findings.push(finding);
}
