//! No project's file is in two folders.

use std::path::Path;

use indexmap::IndexMap;

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::across::{Facts, Seen};

pub(super) static RULE: Rule = Rule {
    code: "W307",
    name: "项目文件重复",
    severity: Severity::Warning,
    explanation: r#"看什么：这一次检查的各部门里，有没有一字不差的两个项目文件。
为什么：多半是复制过来没有改，或者放错了部门，一个项目就报了两次。
反例：把 `056-灵沙乡` 的项目文件原样复制到 `057-渠口乡`
正例：每个部门写自己的项目；确实一样的，在 部门.toml 的 `["豁免"]` 里写明理由。"#,
};

pub(super) fn check(facts: &Facts, seen: &Seen, findings: &mut Vec<Finding>) {
    let mut copies: IndexMap<&str, Vec<(&str, &str)>> = IndexMap::new();
    for (content, path) in &facts.files {
        if let Some((first, original)) = seen.with_content(content) {
            copies.entry(&first.folder).or_default().push((path, original));
        }
    }
    for (folder, files) in copies {
        let Some((path, original)) = files.first() else { continue };
        let message = match files.len() {
            1 => format!("这个项目文件和 {original} 一字不差"),
            count => {
                let names: Vec<&str> =
                    files.iter().filter_map(|(path, _)| path.rsplit('/').next()).collect();
                let names = names.join("、");
                format!("有 {count} 个项目文件和“{folder}”的一字不差：{names}")
            }
        };
        let help = "核对是不是复制过来没有改，或者放错了部门；多余的移走";
        findings.push(Finding::about(&RULE, Path::new(path), message).help(help));
    }
}
