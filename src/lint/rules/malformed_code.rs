//! 代码 is digits.

use crate::data::Department;
use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::FieldMeaning;
use crate::lint::text::Text;

pub(super) static RULE: Rule = Rule {
    code: "W303",
    name: "代码写法",
    severity: Severity::Warning,
    explanation: r#"看什么：部门的代码是不是 3 到 12 位数字。
为什么：代码要和预算系统里的一致，多一个空格、一个字母都对不上。
反例：`"代码" = "O56"`（字母 O）
正例：`"代码" = "056"`"#,
};

pub(super) fn check(department: &Department, findings: &mut Vec<Finding>) {
    let Some((name, code)) = department.fields.named(FieldMeaning::DepartmentCode) else { return };
    let text = code.get_ref();
    if !text.bytes().all(|byte| byte.is_ascii_digit()) || !(3..=12).contains(&text.len()) {
        let message = format!("“{name}”不是 3 到 12 位数字");
        let place = Text::new(&department.source, code).inner();
        findings.push(Finding::at(&RULE, place, message).help("照预算系统里的部门代码填写"));
    }
}
