//! A git repository of the test's own.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::Run;
use tempfile::TempDir;

/// A workspace that is a repository.
pub struct Repository(TempDir);

impl Repository {
    /// Makes an empty one. On a machine without git there is none, and a test that needs it cannot
    /// test: building and using the program does not need git.
    pub fn new() -> Option<Self> {
        if Command::new("git").arg("--version").output().is_err() {
            super::gate::cannot_test("git is not installed");
            return None;
        }
        let repository = Self(super::empty_workspace());
        repository.git(&["init", "--quiet"]);
        // Whatever git would make of line ends elsewhere, here a file is what was written.
        repository.git(&["config", "core.autocrlf", "false"]);
        Some(repository)
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs git, which has to succeed.
    pub fn git(&self, arguments: &[&str]) -> String {
        let run = self.run_git(arguments);
        assert_eq!(run.status, Some(0), "{}", run.messages);
        run.results
    }

    /// Runs git.
    pub fn run_git(&self, arguments: &[&str]) -> Run {
        self.isolated(Command::new("git").args(arguments))
    }

    /// Commits everything.
    pub fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "数据"]);
    }

    /// Runs the program.
    pub fn jixiao(&self, arguments: &[&str]) -> Run {
        self.isolated(&mut super::jixiao(self.path(), arguments))
    }

    /// What `jixiao diff` prints of two states that are different.
    pub fn diff(&self, arguments: &[&str]) -> String {
        let run = self.jixiao(&[&["diff"], arguments].concat());
        assert_eq!(run.status, Some(1), "{}", run.messages);
        run.results
    }

    /// Replaces a text that is in a file once.
    pub fn replace(&self, file: &str, old: &str, new: &str) {
        let path = self.path().join(file);
        let text = fs::read_to_string(&path).expect("a file");
        assert_eq!(text.matches(old).count(), 1, "{old} in {file}");
        fs::write(path, text.replace(old, new)).expect("a file");
    }

    /// Runs a program here, out of reach of the user's settings and of a git that runs the tests.
    fn isolated(&self, command: &mut Command) -> Run {
        let is_gits = |name: &OsStr| name.to_string_lossy().starts_with("GIT_");
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_gits(name)) {
            command.env_remove(name);
        }
        command
            .current_dir(self.path())
            .env("HOME", self.path())
            .env("XDG_CONFIG_HOME", self.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_ATTR_NOSYSTEM", "1")
            .env("GIT_PAGER", "")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .env("NO_COLOR", "1");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "王芳");
            command.env(format!("GIT_{role}_EMAIL"), "wangfang@example.com");
            command.env(format!("GIT_{role}_DATE"), "2023-01-31T12:00:00+08:00");
        }
        Run::of(command)
    }
}
