//! A 代码 belongs to one 主管部门.

use std::collections::HashMap;

use crate::data::Department;
use crate::diagnostics::{Finding, Rule, Severity, Span};
use crate::form::DEPARTMENT_CODE;
use crate::lint::text::Text;

pub(super) static RULE: Rule = Rule {
    code: "W304",
    name: "代码重复",
    severity: Severity::Warning,
    explanation: r#"看什么：这一次检查的各部门里，同一个代码有没有用在两个主管部门上。
为什么：代码和部门一一对应；重复的代码会把一个部门的预算算到另一个头上。
反例：灵沙乡和渠口乡的 部门.toml 里代码都是 `"056"`
正例：每个部门用自己的代码。"#,
};

/// The codes of the departments that were looked at so far.
#[derive(Debug, Default)]
pub struct SharedCodes {
    first: HashMap<String, (String, Span)>,
}

impl SharedCodes {
    pub(super) fn check(&mut self, department: &Department, findings: &mut Vec<Finding>) {
        let Some(code) = department.fields.get(DEPARTMENT_CODE) else { return };
        let place = Text::new(&department.source, code).inner();
        let (code, name) = (code.get_ref(), department.name());
        match self.first.get(code) {
            None => {
                self.first.insert(code.clone(), (name.to_owned(), place));
            }
            Some((first, _)) if first == name => {}
            Some((first, first_place)) => {
                let message = format!("代码 {code} 已经是“{first}”的");
                let finding = Finding::at(&RULE, place, message)
                    .label(format!("又用在“{name}”上"))
                    .related(first_place.clone(), "先用在这里")
                    .help("核对两个部门的代码；是同一个部门就把名称写成一样");
                findings.push(finding);
            }
        }
    }
}
