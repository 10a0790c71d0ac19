//! A third-level indicator stands under one second-level indicator.

use std::collections::HashMap;

use crate::data::Indicator;
use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::Tree;
use crate::lint::Scope;

pub(super) static RULE: Rule = Rule {
    code: "W210",
    name: "三级指标重复",
    severity: Severity::Warning,
    explanation: r#"看什么：同样的三级指标有没有写在两个二级指标下面。
为什么：数量、质量、时效、成本各考核一个方面，同一句话不能同时是几个方面；多半是为了填满而复制的。
反例：经济效益和生态效益下面都写`"维护村级管理" = "显著提升"`
正例：经济效益写收入，生态效益写环境。"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    // What is promised for the year and for several years may be the same.
    let mut seen: HashMap<(Option<&Tree>, &str), (&str, &Indicator)> = HashMap::new();
    for (group, row) in scope.project.rows() {
        let (name, level) = (row.name.get_ref().as_str(), group.name.get_ref().as_str());
        let tree = scope.form.level(level).and_then(|(first, _)| first.tree.as_ref());
        let Some((first_level, first)) = seen.get(&(tree, name)) else {
            seen.insert((tree, name), (level, row));
            continue;
        };
        let message = format!("“{first_level}”和“{level}”的三级指标是同一句话");
        let finding = Finding::at(&RULE, scope.text(&row.name).inner(), message)
            .label("又写了一次")
            .related(scope.text(&first.name).inner(), "先写在这里")
            .help("各写各的方面，改写其中一条");
        findings.push(finding);
    }
}
