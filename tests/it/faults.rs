//! What goes wrong around the program: full disks, odd folders, files that vanish, a plug that is
//! pulled. A file is always the old one or the new one, whole.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::support::running::Running;
use crate::support::{self, Run, simple_project as project};

const NAMES: [&str; 10] = [
    "001-甲乡",
    "002-乙镇",
    "003-丙乡",
    "004-丁乡",
    "005-戊镇",
    "006-己乡",
    "007-庚镇",
    "008-辛乡",
    "009-壬镇",
    "010-癸乡",
];

fn set_goal(workspace: &Path, goal: &str) {
    for name in NAMES {
        support::add_department(workspace, name, &[("01.toml", &project(goal))]);
    }
}

fn workspace(goal: &str) -> TempDir {
    support::workspace_of(&NAMES, &[("01.toml", &project(goal))])
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
    outcome(support::try_run(workspace, &[&["render"], arguments].concat()))
}

fn outcome(run: Run) -> (Option<i32>, String) {
    (run.status, run.messages)
}

#[test]
fn a_run_that_is_killed_at_any_moment_leaves_whole_files() {
    let goals = ["一个目标", "另一个目标"];
    let workspace = workspace(goals[1]);
    let root = workspace.path();
    support::run(root, &["render"]);
    let second = outputs(root);
    set_goal(root, goals[0]);
    support::run(root, &["render"]);
    let first = outputs(root);

    // Before the first result, after each of them, and twice, to have other files changed.
    let moments = (0..NAMES.len()).chain(0..NAMES.len());
    let mut killed = 0;
    for (round, results) in moments.enumerate() {
        set_goal(root, goals[(round + 1) % 2]);
        let render = ["render", "--force", "--jobs", "2"];
        let run = Running::start(support::jixiao(root, &render));
        run.wait_for_results(results);
        killed += usize::from(run.kill());
        for ((file, first), second) in outputs(root).iter().zip(&first).zip(&second) {
            assert!(file == first || file == second, "half a file after {results} results");
        }
    }
    // Who is slow to kill after the last but one may be late.
    assert!(killed > NAMES.len(), "only {killed} were killed before their end");
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
    let names: Vec<String> = (0..200).map(|number| format!("{number:03}-乡")).collect();
    let workspace = support::workspace_of(&names, &[("01.toml", &project("目标"))]);
    let root = workspace.path();
    let run = Running::start(support::jixiao(root, &["render", "--jobs", "2"]));
    run.wait_for_results(3);
    let interrupted = Instant::now();
    run.interrupt();
    let (status, more, messages) = run.end();
    // Twice what is promised, for machines that do much else.
    assert!(interrupted.elapsed() < Duration::from_secs(2), "{:?}", interrupted.elapsed());
    assert_eq!(status, Some(1), "{messages}");
    assert!(messages.contains("200 份里做完了"), "{messages}");
    assert!(3 + more < 200);

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
    assert!(messages.contains("002-乙镇.pdf") && messages.contains("写出 9 份"), "{messages}");
    assert!(root.join("output/2023/002-乙镇.pdf/里面").is_dir());
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
        outcome(Run::of(Command::new("sh").args(arguments).current_dir(root)))
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
    let workspace = support::empty_workspace();
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
