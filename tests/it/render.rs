//! What `jixiao render` leaves on the disk, and what no folder or file may do to it.

use std::fs;

use tempfile::TempDir;

use crate::support;

fn good_project() -> String {
    support::simple_project("目标")
}

/// A workspace with one department for each name, each with one good project.
fn workspace(departments: &[&str]) -> TempDir {
    support::workspace_of(departments, &[("01.toml", &good_project())])
}

/// Renders a workspace whose `01.toml` holds `text`, expecting errors, and returns the messages.
fn refusal(text: impl AsRef<[u8]>) -> String {
    let dir = workspace(&["001-甲乡"]);
    support::write(dir.path(), "data/2023/001-甲乡/01.toml", text);
    let run = support::try_run(dir.path(), &["render"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    run.messages
}

#[test]
fn combined_keeps_the_old_file_if_one_department_is_bad() {
    let dir = workspace(&["001-甲乡", "002-乙镇"]);
    let old = dir.path().join("output/2023/附件2.pdf");
    fs::create_dir_all(dir.path().join("output/2023")).expect("a file");
    fs::write(&old, "old").expect("a file");
    let bad = good_project().replace("≥1个", "全部");
    fs::write(dir.path().join("data/2023/002-乙镇/01.toml"), bad).expect("a file");
    let output = support::try_run(dir.path(), &["render", "--combined"]);
    assert_eq!(output.status, Some(1));
    assert_eq!(fs::read_to_string(&old).expect("a file"), "old");
    assert_eq!(
        fs::read_dir(dir.path().join("output/2023")).expect("a folder").count(),
        1,
        "only the old file"
    );
}

#[test]
fn a_good_department_is_written_beside_a_bad_one() {
    let dir = workspace(&["001-甲乡", "002-乙镇"]);
    fs::write(dir.path().join("data/2023/002-乙镇/部门.toml"), "\"代码\" = 2\n").expect("a file");
    let output = support::try_run(dir.path(), &["render"]);
    assert_eq!(output.status, Some(1));
    assert!(dir.path().join("output/2023/001-甲乡.pdf").exists());
    assert!(!dir.path().join("output/2023/002-乙镇.pdf").exists());
}

/// Only there can two folders differ in case alone.
#[cfg(target_os = "linux")]
#[test]
fn two_departments_never_share_a_file() {
    let dir = workspace(&["001-A乡", "001-a乡", "002-B乡"]);
    let output = support::try_run(dir.path(), &["render"]);
    assert_eq!(output.status, Some(1));
    let message = output.messages;
    assert!(message.contains("E601") && message.contains("001-a乡"), "{message}");
    assert!(!dir.path().join("output").exists());
}

#[test]
fn a_folder_named_like_a_file_is_no_project() {
    let dir = workspace(&["001-甲乡"]);
    fs::create_dir(dir.path().join("data/2023/001-甲乡/02.toml")).expect("a file");
    assert_eq!(support::try_run(dir.path(), &["render"]).status, Some(0));
}

#[cfg(unix)]
#[test]
fn a_dangling_link_is_named() {
    let dir = workspace(&["001-甲乡"]);
    std::os::unix::fs::symlink("没有", dir.path().join("data/2023/001-甲乡/02.toml"))
        .expect("a file");
    let output = support::try_run(dir.path(), &["render"]);
    assert_eq!(output.status, Some(1));
    let message = output.messages;
    assert!(message.contains("E001") && message.contains("02.toml"), "{message}");
}

#[test]
fn deep_nesting_is_refused() {
    for text in [
        "[".repeat(100_000),
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{ a = ".repeat(100_000)),
        format!("a{} = 1", ".a".repeat(100_000)),
        format!("[a{}]", ".a".repeat(100_000)),
        "a = {\n".repeat(20_000),
        "a\n".repeat(2_000),
    ] {
        let message = refusal(&text);
        assert!(message.contains("错误[E"), "{:.20}: {message:.300}", text);
    }
}

#[test]
fn a_line_of_megabytes_is_refused_in_short() {
    for text in ["字".repeat(1_700_000), format!("\"项目名称\" = \"{}", "字".repeat(1_700_000))]
    {
        let message = refusal(&text);
        assert!(message.len() < 100_000, "{} bytes", message.len());
    }
}
