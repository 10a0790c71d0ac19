//! What goes wrong around the program: full disks, odd folders, files that vanish, a plug that is
//! pulled. A file is always the old one or the new one, whole.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::support;
use tempfile::TempDir;

const NAMES: [&str; 4] = ["001-甲乡", "002-乙镇", "003-丙乡", "004-丁乡"];

fn project(goal: &str) -> String {
    support::project("办公经费", goal, support::one_row)
}

fn set_goal(workspace: &Path, goal: &str) {
    for name in NAMES {
        support::add_department(workspace, name, &[("01.toml", &project(goal))]);
    }
}

fn workspace(goal: &str) -> TempDir {
    let workspace = tempfile::tempdir().expect("a temporary folder");
    set_goal(workspace.path(), goal);
    workspace
}

fn outputs(workspace: &Path) -> Vec<Vec<u8>> {
    let path = |name| workspace.join("output/2023").join(format!("{name}.pdf"));
    NAMES.iter().map(|name| fs::read(path(name)).expect("a PDF")).collect()
}

/// What is in the output folder beside the PDFs.
fn leftovers(workspace: &Path) -> Vec<String> {
    let entries = fs::read_dir(workspace.join("output/2023")).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| !NAMES.iter().any(|known| *name == format!("{known}.pdf"))).collect()
}

fn try_render(workspace: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let arguments = [&["render"], arguments].concat();
    outcome(&support::jixiao(workspace, &arguments).output().expect("the program starts"))
}

fn outcome(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_run_that_is_killed_at_any_moment_leaves_whole_files() {
    const KILLS: u32 = 40;
    let goals = ["一个目标", "另一个目标"];
    let workspace = workspace(goals[1]);
    let root = workspace.path();
    let start = Instant::now();
    support::run(root, &["render"]);
    let duration = start.elapsed();
    let second = outputs(root);
    set_goal(root, goals[0]);
    support::run(root, &["render"]);
    let first = outputs(root);

    let mut killed = 0;
    for moment in 0..KILLS {
        set_goal(root, goals[moment as usize % 2]);
        let mut run = support::jixiao(root, &["render", "--force", "--jobs", "2"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(duration * moment / KILLS);
        let _ = run.kill();
        killed += u32::from(!run.wait().expect("it ends").success());
        for ((file, first), second) in outputs(root).iter().zip(&first).zip(&second) {
            assert!(file == first || file == second, "half a file after {moment} of {KILLS}");
        }
    }
    assert!(killed > KILLS / 4, "only {killed} were killed before their end");
    for name in leftovers(root) {
        assert!(name.starts_with(".jixiao-") && name.ends_with(".tmp"), "{name}");
    }
    // The next run trusts nothing but what is true.
    set_goal(root, goals[0]);
    support::run(root, &["render"]);
    assert!(outputs(root) == first);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_within_a_second_and_the_next_run_goes_on_from_there() {
    use std::io::{BufRead, BufReader, Read};

    let workspace = tempfile::tempdir().expect("a temporary folder");
    let root = workspace.path();
    for number in 0..200 {
        let name = format!("{number:03}-乡");
        support::add_department(root, &name, &[("01.toml", &project("目标"))]);
    }
    let mut run = support::jixiao(root, &["render", "--jobs", "2"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(run.stdout.take().expect("a pipe")).lines();
    lines.nth(2).expect("the third is done").expect("a line");
    let interrupted = Instant::now();
    let kill = Command::new("kill").args(["-INT", &run.id().to_string()]).status();
    assert!(kill.expect("kill is there").success());
    let done = 3 + lines.count();
    let mut messages = String::new();
    run.stderr.take().expect("a pipe").read_to_string(&mut messages).expect("text");
    let status = run.wait().expect("it ends");
    // Twice what is promised, for machines that do much else.
    assert!(interrupted.elapsed() < Duration::from_secs(2), "{:?}", interrupted.elapsed());
    assert_eq!(status.code(), Some(1), "{messages}");
    assert!(messages.contains("200 份里做完了"), "{messages}");
    assert!(done < 200);

    let files = fs::read_dir(root.join("output/2023")).expect("a folder").count();
    let (status, messages) = try_render(root, &[]);
    assert_eq!(status, Some(0), "{messages}");
    assert!(messages.contains(&format!("；{files} 份没有变化")), "{files}: {messages}");
    assert_eq!(try_render(root, &["--check"]).0, Some(0));
}

#[test]
fn a_file_in_the_place_of_a_folder_is_named() {
    let workspace = workspace("目标");
    let root = workspace.path();
    fs::write(root.join("output"), "我是文件").expect("a file");
    let (status, messages) = try_render(root, &["甲乡"]);
    assert_eq!(status, Some(1));
    assert!(messages.contains("“output”是文件，不是文件夹"), "{messages}");
    fs::create_dir(root.join("公布")).expect("a folder");
    fs::write(root.join("公布/2023"), "我是文件").expect("a file");
    let (status, messages) = try_render(root, &["甲乡", "-o", "公布"]);
    assert_eq!(status, Some(1));
    assert!(messages.contains("“公布/2023”是文件，不是文件夹"), "{messages}");
}

#[test]
fn a_folder_in_the_place_of_a_file_keeps_only_that_file_from_being_written() {
    let workspace = workspace("目标");
    let root = workspace.path();
    fs::create_dir_all(root.join("output/2023/002-乙镇.pdf/里面")).expect("a folder");
    let (status, messages) = try_render(root, &[]);
    assert_eq!(status, Some(1));
    assert!(messages.contains("002-乙镇.pdf") && messages.contains("写出 3 份"), "{messages}");
    assert!(root.join("output/2023/002-乙镇.pdf/里面").is_dir());
    assert_eq!(leftovers(root), [""; 0]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_keeps_its_files() {
    use std::os::unix::fs::PermissionsExt;

    let workspace = workspace("目标");
    let root = workspace.path();
    support::run(root, &["render"]);
    let before = outputs(root);
    set_goal(root, "新的目标");
    let folder = root.join("output/2023");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).expect("permissions");
    if fs::write(folder.join("probe"), "").is_ok() {
        println!("skipped: permissions do not bind this user (root)");
        return;
    }
    let (status, messages) = try_render(root, &[]);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("permissions");
    assert_eq!(status, Some(1));
    assert!(messages.contains("没有权限") && messages.contains("-o"), "{messages}");
    assert!(outputs(root) == before);
    assert_eq!(leftovers(root), [""; 0]);
}

/// A limit to the size of files stands in for a full disk: the write fails half way.
#[cfg(unix)]
#[test]
fn a_write_that_fails_half_way_keeps_the_old_file() {
    let workspace = workspace("目标");
    let root = workspace.path();
    support::run(root, &["render"]);
    let before = outputs(root);
    set_goal(root, "新的目标");
    let limited = |prepare: &str| {
        let script = format!("{prepare} ulimit -f 8; exec \"$0\" \"$@\"");
        let program = env!("CARGO_BIN_EXE_jixiao");
        let arguments = ["-c", &script, program, "render"];
        let output = Command::new("sh").args(arguments).current_dir(root).output();
        outcome(&output.expect("sh is there"))
    };
    let (status, messages) = limited("trap '' XFSZ;");
    assert_eq!(status, Some(1), "{messages}");
    assert!(messages.contains("文件超过了系统允许的大小；原来的文件没有改动"), "{messages}");
    assert!(outputs(root) == before);
    assert_eq!(leftovers(root), [""; 0]);

    // Unless told to go on, the system kills a process that goes beyond the limit.
    let (status, messages) = limited("");
    assert_eq!(status, None, "{messages}");
    assert!(outputs(root) == before);
}

#[test]
fn a_file_that_comes_and_goes_while_it_is_read_is_in_or_out_or_an_error() {
    const RUNS: usize = 20;
    let workspace = tempfile::tempdir().expect("a temporary folder");
    let root = workspace.path();
    let other = support::project("别的经费", "目标", support::one_row);
    let both = [("01.toml", &*project("目标")), ("02.toml", &*other)];
    let folder = support::add_department(root, "001-甲乡", &both);
    let (inside, outside) = (folder.join("02.toml"), root.join("02.toml"));
    let target = root.join("output/2023/001-甲乡.pdf");
    support::run(root, &["render"]);
    let with = fs::read(&target).expect("a PDF");
    fs::rename(&inside, &outside).expect("a file");
    support::run(root, &["render"]);
    let without = fs::read(&target).expect("a PDF");
    assert!(with != without);

    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                fs::rename(&outside, &inside).expect("a file");
                fs::rename(&inside, &outside).expect("a file");
            }
        });
        let runs: Vec<_> = (0..RUNS).map(|_| (try_render(root, &[]), fs::read(&target))).collect();
        is_over.store(true, Ordering::Relaxed);
        for ((status, messages), pdf) in runs {
            let pdf = pdf.expect("a PDF");
            assert!(pdf == with || pdf == without, "neither with nor without the file");
            match status {
                Some(0) => {}
                Some(1) => assert!(messages.contains("02.toml"), "{messages}"),
                _ => panic!("{status:?}: {messages}"),
            }
        }
    });
    support::run(root, &["render"]);
    assert!(fs::read(&target).expect("a PDF") == without, "the mark says what the file is");
}
