//! A 代码 belongs to one 主管部门.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::across::{Facts, Seen};

pub(super) static RULE: Rule = Rule {
    code: "W304",
    name: "代码重复",
    severity: Severity::Warning,
    explanation: r#"看什么：这一次检查的各部门里，同一个代码有没有用在两个主管部门上。
为什么：代码和部门一一对应；重复的代码会把一个部门的预算算到另一个头上。
反例：灵沙乡和渠口乡的 部门.toml 里代码都是 `"056"`
正例：每个部门用自己的代码。"#,
};

pub(super) fn check(facts: &Facts, seen: &Seen, findings: &mut Vec<Finding>) {
    let Some(code) = &facts.code else { return };
    let Some((first, first_code)) = seen.with_code(&code.text) else { return };
    // The same department twice has a finding of its own.
    if first.name() == facts.name() {
        return;
    }
    let message = format!("代码 {} 已经是“{}”的", code.text, first.name());
    let finding = Finding::at(&RULE, code.place.clone(), message)
        .label(format!("又用在“{}”上", facts.name()))
        .related(first_code.place.clone(), "先用在这里")
        .help("核对两个部门的代码；是同一个部门就把名称写成一样");
    findings.push(finding);
}
