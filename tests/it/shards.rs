//! Several machines that share the work print what one would.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support;

fn workspace(departments: usize) -> tempfile::TempDir {
    let workspace = tempfile::tempdir().expect("a temporary folder");
    let project = support::project("办公经费", "目标", support::one_row);
    for number in 1..=departments {
        let name = format!("{number}-乡");
        support::add_department(workspace.path(), &name, &[("01.toml", &project)]);
    }
    workspace
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    entries
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).expect("a file"))
        })
        .collect()
}

#[test]
fn the_parts_are_disjoint_and_together_the_whole() {
    let workspace = workspace(11);
    let root = workspace.path();
    support::run(root, &["render", "-o", "whole"]);
    let whole = files(&root.join("whole/2023"));
    assert_eq!(whole.len(), 11);

    let mut together = BTreeMap::new();
    for shard in ["1/4", "2/4", "3/4", "4/4"] {
        let output = shard.replace('/', "-");
        support::run(root, &["render", "--shard", shard, "-o", &output]);
        for (name, bytes) in files(&root.join(output).join("2023")) {
            assert!(together.insert(name.clone(), bytes).is_none(), "{name} is in two parts");
        }
    }
    assert!(together == whole);
}

#[test]
fn more_parts_than_departments_leave_some_with_nothing_to_do() {
    let workspace = workspace(1);
    let output = support::run(workspace.path(), &["render", "--shard", "2/2"]);
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("没有要印的部门"), "{message}");
    assert!(!workspace.path().join("output").exists());
}

#[test]
fn a_check_of_a_part_looks_at_that_part() {
    let workspace = workspace(3);
    let root = workspace.path();
    support::run(root, &["render", "--shard", "1/2"]);
    support::run(root, &["render", "--check", "--shard", "1/2"]);
    let other = support::jixiao(root, &["render", "--check", "--shard", "2/2"]).output();
    let other = other.expect("it starts");
    assert_eq!(other.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&other.stdout), "缺少 output/2023/2-乡.pdf\n");
}
