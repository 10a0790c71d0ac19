//! What only a user can see whom permissions bind: for root every folder can be written. The gate
//! runs these as an ordinary user.

use crate::support;

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_keeps_its_files() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;

    let project = support::simple_project("目标");
    let workspace = support::workspace_of(&["001-甲乡", "002-乙镇"], &[("01.toml", &project)]);
    let root = workspace.path();
    support::run(root, &["render"]);
    let folder = root.join("output/2023");
    let before = support::files(&folder);
    let changed = support::simple_project("新的目标");
    for department in ["001-甲乡", "002-乙镇"] {
        support::add_department(root, department, &[("01.toml", &changed)]);
    }
    set_permissions(&folder, Permissions::from_mode(0o555)).expect("permissions");
    let is_bound = std::fs::write(folder.join("probe"), "").is_err();
    let run = support::try_run(root, &["render"]);
    set_permissions(&folder, Permissions::from_mode(0o755)).expect("permissions");
    if !is_bound {
        return support::gate::cannot_test("permissions do not bind this user (root)");
    }
    assert_eq!(run.status, Some(1));
    assert!(run.messages.contains("没有权限") && run.messages.contains("-o"), "{}", run.messages);
    assert!(support::files(&folder) == before);
}
