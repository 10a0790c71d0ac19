//! `render --watch` renders on every save and outlives a broken file.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what it did not expect")]

mod support;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longer than any machine needs; only a failing test waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running watch; it is killed when the test ends.
struct Watch {
    process: Child,
    messages: Receiver<String>,
}

impl Watch {
    fn start(workspace: &Path, arguments: &[&str]) -> Self {
        let arguments = [&["render", "--watch", "--color", "never"], arguments].concat();
        let mut command = support::jixiao(workspace, &arguments);
        let mut process =
            command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it starts");
        let stderr = BufReader::new(process.stderr.take().expect("a pipe"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self { process, messages }
    }

    /// Waits for a message that contains `text`; the messages before it.
    fn wait_for(&self, text: &str) -> Vec<String> {
        let mut before = Vec::new();
        loop {
            let line = self.messages.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("no message with “{text}” in {before:?}"));
            if line.contains(text) {
                return before;
            }
            before.push(line);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_save_renders_again_and_a_broken_file_keeps_the_old_pdf() {
    let project = support::project("项目", "目标", support::one_row);
    let workspace = support::workspace(&[("01.toml", &project)]);
    let source = workspace.path().join("data/2023/001-测试单位/01.toml");
    let target = workspace.path().join("output/2023/001-测试单位.pdf");
    let watch = Watch::start(workspace.path(), &[]);
    watch.wait_for("正在监视");
    let first = std::fs::read(&target).expect("the first PDF");

    let broken = project.replace("\"财政拨款\" = 1", "\"财政拨款\" = -1");
    std::fs::write(&source, broken).expect("a save");
    watch.wait_for("“财政拨款”是负数");
    assert_eq!(std::fs::read(&target).expect("the old PDF"), first);

    let changed = project.replace("\"财政拨款\" = 1", "\"财政拨款\" = 2");
    std::fs::write(&source, changed).expect("a save");
    watch.wait_for("写出 1 份");
    assert_ne!(std::fs::read(&target).expect("the new PDF"), first);
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), to.join(entry.file_name())).expect("a file");
    }
}

/// Renders are told apart by their last line.
const RENDERED: &str = "用时";

#[test]
fn whatever_a_render_depends_on_is_watched_and_nothing_else() {
    let project = support::project("项目", "目标", support::one_row);
    let workspace = support::workspace(&[("01.toml", &project)]);
    let root = workspace.path();
    copy_folder(&support::repository().join("templates/附件2"), &root.join("表样"));
    fs::create_dir_all(root.join("字体")).expect("a folder");
    let font = support::repository().join("fonts/NotoSansSC-Medium.ttf");
    let watch = Watch::start(root, &["--template", "表样"]);
    watch.wait_for("正在监视");

    let layout = fs::read_to_string(root.join("表样/layout.typ")).expect("a layout");
    let settings = "[\"字体\"]\n\"文件夹\" = \"字体\"\n";
    let department = root.join("data/2023/001-测试单位/部门.toml");
    let text = fs::read_to_string(&department).expect("a department");
    let saves: [(&str, &dyn Fn()); 7] = [
        ("settings appear", &|| fs::write(root.join("jixiao.toml"), settings).expect("a save")),
        ("a font", &|| assert!(fs::copy(&font, root.join("字体/黑体.ttf")).is_ok())),
        ("a layout", &|| {
            fs::write(root.join("表样/layout.typ"), layout.clone() + "\n").expect("a save")
        }),
        ("a department", &|| fs::write(&department, text.clone() + "\n").expect("a save")),
        ("data moved away and back", &|| {
            fs::rename(root.join("data"), root.join("旧")).expect("moved");
            fs::rename(root.join("旧"), root.join("data")).expect("moved");
            fs::write(&department, text.clone() + "\n\n").expect("a save");
        }),
        ("a department again", &|| fs::write(&department, &text).expect("a save")),
        ("settings go", &|| fs::remove_file(root.join("jixiao.toml")).expect("a save")),
    ];
    for (what, save) in saves {
        // What is no input is saved first: had it been rendered for, there would be one more.
        fs::write(root.join("output/2023/说明.txt"), what).expect("a save");
        fs::write(root.join("readme.txt"), what).expect("a save");
        fs::write(root.join("data/2023/.01.toml.swp"), what).expect("a save");
        std::thread::sleep(Duration::from_millis(400));
        assert!(watch.messages.try_recv().is_err(), "rendered for what is no input, before {what}");
        save();
        watch.wait_for(RENDERED);
        // A save may come in two parts.
        while watch.messages.recv_timeout(Duration::from_millis(700)).is_ok() {}
    }
}

#[test]
fn output_within_the_form_is_not_watched() {
    let project = support::project("项目", "目标", support::one_row);
    let workspace = support::workspace(&[("01.toml", &project)]);
    let root = workspace.path();
    copy_folder(&support::repository().join("templates/附件2"), &root.join("表样"));
    for output in ["表样/印好", "表样", "."] {
        let watch = Watch::start(root, &["--template", "表样", "-o", output]);
        watch.wait_for("正在监视");
        let more = watch.messages.recv_timeout(Duration::from_millis(1500));
        assert!(more.is_err(), "{output}: {more:?}");
    }
}
