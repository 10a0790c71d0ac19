//! A run of the program that is followed line by line while it goes on.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longer than any machine needs; only a failing test waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Longer than the program takes to notice that a file was saved, and to say so.
const QUIET: Duration = Duration::from_millis(1000);

/// A run; it is killed when the test ends.
pub struct Running {
    process: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

impl Running {
    /// Starts a command.
    pub fn start(mut command: Command) -> Self {
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("the program starts");
        let out = lines(process.stdout.take().expect("a pipe"));
        let err = lines(process.stderr.take().expect("a pipe"));
        Self { process, out, err }
    }

    /// Waits until so many more results are printed.
    pub fn wait_for_results(&self, count: usize) {
        for number in 1..=count {
            let line = self.out.recv_timeout(PATIENCE);
            line.unwrap_or_else(|_| panic!("only {} of {count} results", number - 1));
        }
    }

    /// Waits for a message that contains `text`.
    pub fn wait_for_message(&self, text: &str) {
        let mut before = Vec::new();
        loop {
            let line = self.err.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("no message with “{text}” in {before:?}"));
            if line.contains(text) {
                return;
            }
            before.push(line);
        }
    }

    /// The messages until there are no more. That nothing happens shows in time alone: a machine
    /// slower than this makes a test blind, but never fail.
    pub fn messages_until_quiet(&self) -> Vec<String> {
        std::iter::from_fn(|| self.err.recv_timeout(QUIET).ok()).collect()
    }

    /// Pulls the plug; whether the run had not come to its end.
    pub fn kill(mut self) -> bool {
        let _ = self.process.kill();
        !self.process.wait().expect("it ends").success()
    }

    /// What Ctrl-C does.
    #[cfg(unix)]
    pub fn interrupt(&self) {
        let kill = Command::new("kill").args(["-INT", &self.process.id().to_string()]).status();
        assert!(kill.expect("kill is there").success());
    }

    /// Waits for the end: the exit status, how many more results there were, and the messages.
    pub fn end(mut self) -> (Option<i32>, usize, String) {
        let results = self.out.iter().count();
        let messages: Vec<String> = self.err.iter().collect();
        (self.process.wait().expect("it ends").code(), results, messages.join("\n"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        let all = BufReader::new(pipe).lines().map_while(Result::ok);
        // Ends when nobody listens any more.
        all.map(|line| sender.send(line)).take_while(Result::is_ok).for_each(drop);
    });
    lines
}
