//! 年度总体目标 says something.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::FieldMeaning;
use crate::lint::Scope;

pub(super) static RULE: Rule = Rule {
    code: "W101",
    name: "年度总体目标为空",
    severity: Severity::Warning,
    explanation: r#"看什么：年度总体目标有没有内容。
为什么：财预〔2015〕88号《中央部门预算绩效目标管理办法》要求绩效目标指向明确；总体目标空着，下面的指标就没有依据，审核时多半会退回。
反例：`"年度总体目标" = ""`
正例：`"年度总体目标" = "按月足额发放55名村干部的任职年限补贴。"`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Some((name, goal)) = scope.field(FieldMeaning::Goal) else { return };
    if goal.as_str().trim().is_empty() {
        let finding = Finding::at(&RULE, goal.inner(), format!("“{name}”是空的"))
            .label("没有内容")
            .help("用一两句话写明今年用这笔钱做什么、做到什么程度");
        findings.push(finding);
    }
}
