//! Two projects of a department do not share a name.

use std::collections::HashMap;

use crate::diagnostics::{Finding, Rule, Severity};
use crate::model::{Department, PROJECT_NAME, Project};

static RULE: Rule = Rule { code: "E304", name: "项目重名", severity: Severity::Error };

pub(super) fn check(department: &Department, findings: &mut Vec<Finding>) {
    let mut seen: HashMap<&str, &Project> = HashMap::new();
    for project in &department.projects {
        let Some(first) = seen.get(project.name()) else {
            seen.insert(project.name(), project);
            continue;
        };
        let place = |project: &Project| {
            let name = project.fields.get(PROJECT_NAME);
            project.span(name.map_or(0..0, |name| name.span()))
        };
        let message = format!("两个项目都叫“{}”", project.name());
        let finding = Finding::at(&RULE, place(project), message)
            .related(place(first), "先有的一个")
            .help("是同一个项目就删掉一个文件，不是就改一个名称");
        findings.push(finding);
    }
}
