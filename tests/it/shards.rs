//! Several machines that share the work print what one would.

use std::collections::BTreeMap;

use tempfile::TempDir;

use crate::support;

fn workspace(departments: usize) -> TempDir {
    let folders: Vec<String> = (1..=departments).map(|number| format!("{number}-乡")).collect();
    support::workspace_of(&folders, &[("01.toml", &support::simple_project("目标"))])
}

#[test]
fn the_parts_are_disjoint_and_together_the_whole() {
    let workspace = workspace(11);
    let root = workspace.path();
    support::run(root, &["render", "-o", "whole"]);
    let whole = support::files(&root.join("whole/2023"));
    assert_eq!(whole.len(), 11);

    let mut together = BTreeMap::new();
    for shard in ["1/4", "2/4", "3/4", "4/4"] {
        let output = shard.replace('/', "-");
        support::run(root, &["render", "--shard", shard, "-o", &output]);
        for (name, bytes) in support::files(&root.join(output).join("2023")) {
            let is_new = together.insert(name.clone(), bytes).is_none();
            assert!(is_new, "{} is in two parts", name.display());
        }
    }
    assert!(together == whole);
}

#[test]
fn more_parts_than_departments_leave_some_with_nothing_to_do() {
    let workspace = workspace(1);
    let message = support::run(workspace.path(), &["render", "--shard", "2/2"]).messages;
    assert!(message.contains("没有要印的部门"), "{message}");
    assert!(!workspace.path().join("output").exists());
}

#[test]
fn a_check_of_a_part_looks_at_that_part() {
    let workspace = workspace(3);
    let root = workspace.path();
    support::run(root, &["render", "--shard", "1/2"]);
    support::run(root, &["render", "--check", "--shard", "1/2"]);
    let other = support::try_run(root, &["render", "--check", "--shard", "2/2"]);
    assert_eq!(other.status, Some(1));
    assert_eq!(other.results, "缺少 output/2023/2-乡.pdf\n");
}
