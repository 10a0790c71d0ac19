//! A 主管部门 has one folder.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::across::{Facts, Seen};

pub(super) static RULE: Rule = Rule {
    code: "W305",
    name: "部门重复",
    severity: Severity::Warning,
    explanation: r#"看什么：这一次检查的各部门里，同一个主管部门有没有写在两个文件夹里。
为什么：多半是复制了别的部门的文件夹，没有改 部门.toml；印出来就有两份同名的附件，合成一份时每张表印两遍。
反例：`056-灵沙乡` 和 `057-渠口乡` 的 部门.toml 一样
正例：每个文件夹写自己的主管部门和代码。"#,
};

pub(super) fn check(facts: &Facts, seen: &Seen, findings: &mut Vec<Finding>) {
    let Some(name) = &facts.named else { return };
    let Some((first, first_name)) = seen.with_name(&name.text) else { return };
    let message = format!("“{}”已经有一个文件夹：{}", facts.name(), first.folder);
    let finding = Finding::at(&RULE, name.place.clone(), message)
        .related(first_name.place.clone(), "先写在这里")
        .help("是复制来的文件夹，就改好 部门.toml；多余的文件夹移到 data 文件夹外面");
    findings.push(finding);
}
