//! `render --watch` renders on every save and outlives a broken file.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::support;

/// Longer than any machine needs; only a failing test waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running watch; it is killed when the test ends.
struct Watch {
    process: Child,
    messages: Receiver<String>,
}

impl Watch {
    fn start(workspace: &std::path::Path) -> Self {
        let mut command = support::jixiao(workspace, &["render", "--watch", "--color", "never"]);
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

    /// Waits for a message that contains `text`.
    fn wait_for(&self, text: &str) {
        loop {
            let line = self.messages.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("no message with “{text}”"));
            if line.contains(text) {
                return;
            }
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
    let watch = Watch::start(workspace.path());
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
