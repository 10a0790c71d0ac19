//! 年度资金总额, where it is written, is the sum of its parts.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::Definition;
use crate::model::Project;

static RULE: Rule = Rule { code: "E301", name: "合计不符", severity: Severity::Error };

pub(super) fn check(project: &Project, form: &Definition, findings: &mut Vec<Finding>) {
    let Some(written) = &project.funding.written_total else { return };
    let total = project.funding.total();
    if *written.get_ref() == total {
        return;
    }
    let message = format!(
        "“{}”写的是 {}，各项相加是 {}（万元）",
        form.funding_total,
        written.get_ref().shortest(),
        total.shortest(),
    );
    let mut finding = Finding::at(&RULE, project.span(written.span()), message)
        .label("与各项之和不符")
        .help("改正金额；也可以删掉这一行，合计由程序算出");
    for (name, amount) in &project.funding.lines {
        let label = format!("{name} {}", amount.get_ref().shortest());
        finding = finding.related(project.span(amount.span()), label);
    }
    findings.push(finding);
}
