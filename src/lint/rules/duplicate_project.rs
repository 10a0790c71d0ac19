//! Two projects of a department do not share a name.

use std::collections::HashMap;

use crate::data::{Department, Project};
use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::FieldMeaning;
use crate::text::folded;

pub(super) static RULE: Rule = Rule {
    code: "E304",
    name: "项目重名",
    severity: Severity::Error,
    explanation: r#"看什么：一个部门里有没有两个项目同名（空格、全角半角、看不见的字符不算不同）。
为什么：同名的两张表分不清，也可能是同一个项目报了两次。
反例：01 和 02 两个文件的项目名称都是“办公经费”。
正例：是同一个项目就只留一个文件。"#,
};

pub(super) fn check(department: &Department, findings: &mut Vec<Finding>) {
    let mut seen: HashMap<String, &Project> = HashMap::new();
    for project in &department.projects {
        let name = folded(project.name());
        let Some(first) = seen.get(&name) else {
            seen.insert(name, project);
            continue;
        };
        let place = |project: &Project| {
            let name = project.fields.about(FieldMeaning::ProjectName);
            project.span(name.map_or(0..0, |name| name.span()))
        };
        let message = format!("两个项目都叫“{}”", project.name());
        let finding = Finding::at(&RULE, place(project), message)
            .related(place(first), "先有的一个")
            .help("是同一个项目就删掉一个文件，不是就改一个名称");
        findings.push(finding);
    }
}
