//! 项目属性 is a code and a name.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::FieldMeaning;
use crate::lint::Scope;
use crate::lint::project_kind::ProjectKind;

pub(super) static RULE: Rule = Rule {
    code: "W301",
    name: "项目属性写法",
    severity: Severity::Warning,
    explanation: r#"看什么：项目属性是不是“四位数字-名称”。
为什么：项目属性来自预算系统的代码表，写法不一样就对不上。
反例：`"项目属性" = "一年期项目"`
正例：`"项目属性" = "0101-一年期项目"`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Some((name, kind)) = scope.field(FieldMeaning::ProjectKind) else { return };
    if ProjectKind::parse(kind.as_str()).is_none() {
        let message = format!("“{name}”不是“四位数字-名称”的写法");
        let finding = Finding::at(&RULE, kind.inner(), message);
        findings.push(finding.help("照预算系统里的写法，如 0101-一年期项目"));
    }
}
