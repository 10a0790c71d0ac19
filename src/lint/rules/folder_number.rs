//! The number of a department's folder is its 代码.

use crate::data::Department;
use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::text::Text;

pub(super) static RULE: Rule = Rule {
    code: "W306",
    name: "文件夹编号和代码不同",
    severity: Severity::Warning,
    explanation: r#"看什么：部门文件夹名称开头的编号（3 位以上）和 部门.toml 里的代码是不是一致。
为什么：不一致多半是复制了别的部门的文件夹，没有改 部门.toml，印出来的就是别的部门的名称和代码。
反例：文件夹 `057-渠口乡` 里写着 `"代码" = "056"`
正例：文件夹 `056-灵沙乡`，`"代码" = "056"`"#,
};

pub(super) fn check(department: &Department, findings: &mut Vec<Finding>) {
    let (source, fields, _) = department.own();
    let [_, meaning] = department.naming();
    let Some(code) = fields.about(meaning) else { return };
    // Later forms take it from the same file.
    let depth = usize::from(department.unit.is_some());
    let Some(folder) = department.folder.split('/').nth(depth) else { return };
    let end = folder.find(|c: char| !c.is_ascii_digit()).unwrap_or(folder.len());
    let (number, written) = (&folder[..end], code.get_ref().trim());
    // What is wrong with the code itself, another rule says. Shorter numbers (01-灵沙乡) only bring
    // the folders into an order. A code may be longer than the number: that of a unit begins with
    // its department's.
    let (own, other) = (number.trim_start_matches('0'), written.trim_start_matches('0'));
    let is_code = written.bytes().all(|byte| byte.is_ascii_digit());
    if !is_code
        || number.len() < 3
        || own.is_empty()
        || own.starts_with(other)
        || other.starts_with(own)
    {
        return;
    }
    let message = format!("文件夹“{folder}”的编号是 {number}，这里的代码是 {written}");
    let place = Text::new(source, code).inner();
    let help = format!("核对是不是复制了别的文件夹：改好 {}，或者给文件夹改名", source.file_name());
    findings.push(Finding::at(&RULE, place, message).help(help));
}
