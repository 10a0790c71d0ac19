//! 项目属性 and 项目期 agree.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::FieldMeaning;
use crate::lint::Scope;
use crate::lint::project_kind::{ProjectKind, term};

pub(super) static RULE: Rule = Rule {
    code: "W302",
    name: "项目属性与项目期不符",
    severity: Severity::Warning,
    explanation: r#"看什么：项目属性里的年数和项目期是不是一致。
为什么：一年期项目的项目期就是 1 年，两处不同，总有一处填错了。
反例：`"项目属性" = "0101-一年期项目"`，`"项目期" = "3年"`
正例：`"项目期" = "1年"`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Some((kind_name, kind)) = scope.field(FieldMeaning::ProjectKind) else { return };
    let Some((term_name, written)) = scope.field(FieldMeaning::ProjectTerm) else { return };
    let stated = ProjectKind::parse(kind.as_str()).and_then(|kind| kind.duration());
    let (Some(stated), Some(term)) = (stated, term(written.as_str())) else { return };
    if !stated.agrees(term) {
        let message = format!("“{term_name}”和“{kind_name}”对不上");
        let finding = Finding::at(&RULE, written.inner(), message)
            .label(format!("{term_name}是{}", written.as_str()))
            .related(kind.inner(), kind_name)
            .help("核对项目是几年的，改正填错的一处");
        findings.push(finding);
    }
}
