//! Where results go: full disks, devices, pipes, links, and files that others must not read.

#![cfg(unix)]

use std::fs;
use std::io::Read;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::support::{self, Run, files};

/// A workspace with two years that are different.
fn workspace() -> TempDir {
    let project = support::simple_project("目标");
    let workspace = support::workspace(&[("01.toml", &project)]);
    let data = workspace.path().join("data");
    support::copy(&data.join("2023"), &data.join("2024"));
    support::write(
        &data,
        "2024/001-测试单位/01.toml",
        project.replace("\"目标\"", "\"另一个目标\""),
    );
    workspace
}

fn project_file(workspace: &Path) -> PathBuf {
    workspace.join("data/2023/001-测试单位/01.toml")
}

/// Runs a shell command in which `$0` is the program: its exit status and its messages.
fn shell(workspace: &Path, script: &str) -> (Option<i32>, String) {
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_jixiao")]).current_dir(workspace);
    let run = Run::of(command.env("NO_COLOR", "1"));
    (run.status, run.messages)
}

#[test]
fn a_full_disk_behind_standard_output_is_told() {
    let workspace = workspace();
    let root = workspace.path();
    fs::create_dir(root.join("印")).expect("a folder");
    for (script, status) in [
        ("fmt - < data/2023/001-测试单位/01.toml", 1),
        ("check --format json", 1),
        ("check --format sarif", 1),
        ("check --format short", 1),
        ("diff 2023 2023", 0), // nothing to print
        ("check", 1),
        ("fonts", 1),
        ("explain", 1),
        ("explain 203", 1),
        ("schema 项目", 1),
        ("completions bash", 1),
        ("man", 1),
        ("--help", 1),
        ("help check", 1),
        ("--version", 1),
        ("diff 2023 2024", 2),
        ("diff 2023 2024 --format json", 2),
        ("render -o 印", 1),
    ] {
        let (actual, messages) = shell(root, &format!("\"$0\" {script} > /dev/full"));
        assert_eq!(actual, Some(status), "{script}: {messages}");
        let is_told = messages.contains("结果没有写完（标准输出：磁盘已满）");
        assert_eq!(is_told, status != 0, "{script}: {messages}");
    }
    // What could be done was done all the same.
    assert!(root.join("印/2024/001-测试单位.pdf").is_file());
}

#[test]
fn a_closed_pipe_is_no_reason_to_complain() {
    let workspace = workspace();
    let root = workspace.path();
    for script in ["explain", "check --format json", "schema 项目", "man", "help", "diff 2023 2024"]
    {
        let script = format!("{{ \"$0\" {script}; echo $? > status; }} | true");
        let (_, messages) = shell(root, &script);
        assert_eq!(messages, "", "{script}");
        let status = fs::read_to_string(root.join("status")).expect("a status");
        assert_eq!(status.trim() == "1", script.contains("diff"), "{script}: {status}");
    }
}

#[test]
fn devices_and_pipes_are_written_into() {
    let workspace = workspace();
    let root = workspace.path();
    let pipe = root.join("管道");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there").success());
    for format in ["json", "text", "markdown", "pdf"] {
        let run =
            support::jixiao(root, &["diff", "2023", "2024", "--format", format, "-o", "管道"])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the program starts");
        let mut text = Vec::new();
        fs::File::open(&pipe).and_then(|mut it| it.read_to_end(&mut text)).expect("something");
        assert_eq!(run.wait_with_output().expect("it ends").status.code(), Some(1), "{format}");
        assert!(!text.is_empty(), "{format}");
        assert!(fs::metadata(&pipe).expect("it is there").file_type().is_fifo(), "{format}");
    }
    let device = |path: &str| fs::metadata(path).expect("a device").file_type().is_char_device();
    let (status, messages) = shell(root, "\"$0\" diff 2023 2024 -o /dev/null");
    assert_eq!((status, &*messages), (Some(1), ""));
    let (status, messages) = shell(root, "\"$0\" diff 2023 2024 -o /dev/full");
    assert!(status == Some(2) && messages.contains("/dev/full：磁盘已满"), "{messages}");
    assert!(device("/dev/null") && device("/dev/full"));

    let (status, _) =
        shell(root, "echo 第一行 > 文件; \"$0\" diff 2023 2024 -o /dev/stdout >> 文件");
    assert_eq!(status, Some(1));
    let text = fs::read_to_string(root.join("文件")).expect("a file");
    assert!(text.starts_with("第一行\n2023年度 → 2024年度"), "{text}");
    assert!(!text.contains("已写出"), "{text}");
}

#[test]
fn links_stay_links_and_those_that_lead_nowhere_are_named() {
    let workspace = workspace();
    let root = workspace.path();
    fs::write(root.join("旧.json"), "旧").expect("a file");
    fs::create_dir(root.join("文件夹")).expect("a folder");
    for (target, link) in [("旧.json", "链接"), ("没有", "断"), ("圈", "圈"), ("文件夹", "夹")]
    {
        symlink(target, root.join(link)).expect("a link");
    }
    let diff = |path: &str| shell(root, &format!("\"$0\" diff 2023 2024 --format json -o {path}"));
    assert_eq!(diff("链接").0, Some(1));
    assert!(root.join("链接").is_symlink());
    assert!(fs::read_to_string(root.join("旧.json")).expect("a file").starts_with('{'));
    assert_eq!(diff("夹/新.json").0, Some(1));
    assert!(root.join("文件夹/新.json").is_file());

    let broken = "“断”是链接，它指向的“没有”不存在";
    for (path, reason) in [
        ("断", broken),
        ("断/里面/a.json", broken),
        ("圈", "链接绕成了圈"),
        ("圈/a.json", "链接绕成了圈"),
        ("夹", "是文件夹，不是文件"),
        ("旧.json/a.json", "“旧.json”是文件，不是文件夹"),
    ] {
        let (status, messages) = diff(path);
        assert!(status == Some(2) && messages.contains(reason), "{path}: {messages}");
        for command in ["render", "schema", "man"] {
            if !["夹"].contains(&path) {
                let (status, messages) = shell(root, &format!("\"$0\" {command} -o {path}"));
                assert_eq!(status, Some(1), "{command} {path}: {messages}");
                let is_file = path.ends_with(".json");
                assert!(messages.contains(reason) || is_file, "{command} {path}: {messages}");
            }
        }
    }
    assert!(root.join("断").is_symlink() && root.join("圈").is_symlink());
    assert!(!root.join("没有").exists());
}

#[test]
fn nothing_is_printed_into_the_data() {
    let workspace = workspace();
    let root = workspace.path();
    symlink("data", root.join("数据")).expect("a link");
    symlink("data/2023", root.join("output")).expect("a link");
    let before = files(&root.join("data"));
    for arguments in [
        "render -o data/2023",
        "render -o data/新",
        "render -o data/2024/001-测试单位/a.pdf",
        "render -o 数据",
        "render -o data/../数据/2023 --format png",
        "render -o 没有/../data",
        "render --combined -o 数据/附件2.pdf",
        "render --check -o data",
        "render",
        "diff 2023 2024 -o data/a.txt",
        "diff 2023 2024 --format pdf",
        "diff 2023 2024 --format json -o 数据/2023/001-测试单位/01.toml",
        "schema -o data",
        "man -o 数据/2023",
    ] {
        let (status, messages) = shell(root, &format!("\"$0\" {arguments}"));
        assert_eq!(status, Some(2), "{arguments}: {messages}");
        assert!(messages.contains("在数据文件夹里"), "{arguments}: {messages}");
        assert!(messages.contains("-o output"), "{arguments}: {messages}");
    }
    assert_eq!(files(&root.join("data")), before);
    // A folder that is merely called so is not the data.
    let (status, messages) = shell(root, "\"$0\" render -o data2");
    assert_eq!(status, Some(0), "{messages}");
}

/// A limit to the size of files stands in for a full disk: the write fails half way.
#[test]
fn what_is_taken_out_onto_a_full_disk_is_whole_or_not_there() {
    let goal = "很长的目标。".repeat(500);
    let project = support::simple_project(&goal);
    let workspace = support::workspace(&[("01.toml", &project)]);
    let root = workspace.path();
    support::run(root, &["render", "--embed-source", "-o", "a.pdf"]);
    let (status, messages) =
        shell(root, "trap '' XFSZ; ulimit -f 8; exec \"$0\" extract a.pdf -o 取出");
    assert_eq!(status, Some(1), "{messages}");
    assert!(messages.contains("文件超过了系统允许的大小"), "{messages}");
    let department = root.join("取出/2023/001-测试单位");
    let originals = files(&root.join("data/2023/001-测试单位"));
    for (file, bytes) in files(&department) {
        assert_eq!(originals.get(&file), Some(&bytes), "{}", file.display());
    }
    support::run(root, &["extract", "a.pdf", "-o", "取出"]);
    let taken_out = fs::read_to_string(department.join("01.toml")).expect("a file");
    assert_eq!(taken_out, project);
}

#[test]
fn nothing_in_the_way_of_what_is_taken_out_is_touched() {
    let workspace = workspace();
    let root = workspace.path();
    support::run(root, &["render", "--year", "2023", "--embed-source", "-o", "a.pdf"]);
    let place = |name: &str| root.join(name).join("2023/001-测试单位/01.toml");
    for name in ["断", "管", "夹", "别"] {
        fs::create_dir_all(place(name).parent().expect("a folder")).expect("a folder");
    }
    symlink("没有", place("断")).expect("a link");
    let pipe = Command::new("mkfifo").arg(place("管")).status();
    assert!(pipe.expect("mkfifo is there").success());
    fs::create_dir(place("夹")).expect("a folder");
    fs::write(place("别"), "别的").expect("a file");
    for name in ["断", "管", "夹", "别"] {
        let (status, messages) = shell(root, &format!("\"$0\" extract a.pdf -o {name}"));
        assert_eq!(status, Some(1), "{name}: {messages}");
        assert!(messages.contains("没有改动它"), "{name}: {messages}");
        assert!(!place(name).with_file_name("部门.toml").exists(), "{name}");
    }
    assert!(place("断").is_symlink());
    assert!(fs::metadata(place("管")).expect("it is there").file_type().is_fifo());
}

#[test]
fn a_private_file_stays_private() {
    let workspace = workspace();
    let root = workspace.path();
    let file = project_file(root);
    let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    for (private, command) in [(0o600, "fmt"), (0o640, "fmt"), (0o600, "check --fix")] {
        let text = fs::read_to_string(&file).expect("a file");
        fs::write(&file, text.replace(" = ", "   =   ").replace("办公经费\"", "办公经费１\""))
            .expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(private)).expect("permissions");
        shell(root, &format!("umask 000; \"$0\" {command}"));
        assert_eq!(mode(&file), private, "{command}");
    }
    support::run(root, &["render", "--year", "2023"]);
    let pdf = root.join("output/2023/001-测试单位.pdf");
    fs::set_permissions(&pdf, fs::Permissions::from_mode(0o600)).expect("permissions");
    support::run(root, &["render", "--year", "2023", "--force"]);
    assert_eq!(mode(&pdf), 0o600);
}
