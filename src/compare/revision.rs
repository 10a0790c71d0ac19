//! The data as it was: a git revision, read with the `git` program and laid out in a temporary
//! folder, where it is loaded like any other.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Seek, Write};
use std::path::{Component, Path};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::diagnostics::{Finding, Rule, Severity};
use crate::files::io_error;

static GIT_FAILED: Rule = Rule {
    code: "E902",
    name: "读不出 git 里的版本",
    severity: Severity::Error,
    explanation: r#"看什么：能不能从 git 里取出要比较的版本。
为什么：取不出来，就不知道原来是怎么写的。
反例：没有安装 git，或者版本里没有 data 文件夹。
正例：在工作文件夹里运行 git log，能看到要比较的版本。"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&GIT_FAILED];

/// Whether a word names a revision.
#[derive(Debug)]
pub(super) enum Lookup {
    /// It does: the commit.
    Found(String),
    /// There is no such revision.
    Unknown,
    /// Nothing has been committed yet.
    NoCommits,
    /// The folder is in no repository.
    NoRepository,
    /// The `git` program is not installed.
    NoGit,
}

/// Looks a revision up in the repository that holds `folder`.
pub(super) fn look_up(folder: &Path, revision: &str) -> Result<Lookup, Box<Finding>> {
    let object = format!("{revision}^{{commit}}");
    let mut git = git(folder, ["rev-parse", "--verify", "--quiet"]);
    let output = match git.arg(object).output() {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Lookup::NoGit),
        Err(error) => return Err(failed(revision, &io_error::in_chinese(&error))),
    };
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        Ok(Lookup::Found(String::from_utf8_lossy(&output.stdout).trim().to_owned()))
    } else if said.contains("not a git repository") {
        Ok(Lookup::NoRepository)
    } else if output.status.code() == Some(1) || said.trim().is_empty() {
        let head = self::git(folder, ["rev-parse", "--verify", "--quiet", "HEAD"]).output();
        let has_commits = head.is_ok_and(|head| head.status.success());
        Ok(if has_commits { Lookup::Unknown } else { Lookup::NoCommits })
    } else {
        Err(failed(revision, &format!("git 报告：{}", said.trim())))
    }
}

/// The TOML files of a commit at or below `path` (relative to `folder`), at the same paths in a
/// new temporary folder. `shown` is what the user called the revision.
pub(super) fn check_out(
    folder: &Path,
    commit: &str,
    path: &str,
    shown: &str,
) -> Result<TempDir, Box<Finding>> {
    let failed = |error: io::Error| failed(shown, &io_error::in_chinese(&error));
    let listed = run(git(folder, ["ls-tree", "-r", "-z", commit, "--", path]), shown)?;
    let files: Vec<(String, String)> = listed.split(|&byte| byte == 0).filter_map(file).collect();
    let target = tempfile::tempdir().map_err(failed)?;
    if files.is_empty() {
        let message = format!("版本 {shown} 里没有 {path}");
        let finding = Finding::about(&GIT_FAILED, Path::new(shown), message);
        let help = format!("用 git log -- {path} 看哪些版本里有它");
        return Err(Box::new(finding.help(help)));
    }
    // From a file: with two pipes, each side could wait for the other.
    let mut wanted = tempfile::tempfile().map_err(failed)?;
    for (object, _) in &files {
        writeln!(wanted, "{object}").map_err(failed)?;
    }
    wanted.rewind().map_err(failed)?;
    let mut cat = git(folder, ["cat-file", "--batch"]);
    cat.stdin(Stdio::from(wanted));
    let contents = run(cat, shown)?;
    let mut rest = contents.as_slice();
    for (_, path) in &files {
        let Some((content, after)) = next_object(rest) else {
            return Err(self::failed(shown, "git 仓库不完整，缺少文件的内容"));
        };
        rest = after;
        let path = target.path().join(path);
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(failed)?;
        fs::write(path, content).map_err(failed)?;
    }
    Ok(target)
}

/// Object and path of a line such as `100644 blob <object>\t<path>`, if it is a TOML file.
fn file(line: &[u8]) -> Option<(String, String)> {
    let line = String::from_utf8_lossy(line);
    let (about, path) = line.split_once('\t')?;
    let mut about = about.split(' ');
    let is_regular = about.next()?.starts_with("100");
    let object = about.nth(1)?;
    // A repository made by hand could lead out of the folder.
    let stays_inside = Path::new(path).components().all(|c| matches!(c, Component::Normal(_)));
    let is_toml = Path::new(path).extension().is_some_and(|ext| ext.eq_ignore_ascii_case("toml"));
    (is_regular && is_toml && stays_inside).then(|| (object.to_owned(), path.to_owned()))
}

/// The first content in the output of `cat-file --batch` (`<object> blob <size>\n<content>\n`),
/// and what follows it.
fn next_object(output: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = output.iter().position(|&byte| byte == b'\n')?;
    let head = str::from_utf8(&output[..end]).ok()?;
    let size: usize = head.rsplit(' ').next()?.parse().ok()?;
    let start = end + 1;
    let content = output.get(start..start.checked_add(size)?)?;
    Some((content, output.get(start + size + 1..)?))
}

fn git<const N: usize>(folder: &Path, arguments: [&str; N]) -> Command {
    let mut command = Command::new("git");
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    command.arg("-C").arg(folder).arg("--literal-pathspecs").args(arguments.map(OsStr::new));
    // What git says is looked at, so it must not be translated.
    command.env("LC_ALL", "C").stdin(Stdio::null());
    command
}

fn run(mut command: Command, revision: &str) -> Result<Vec<u8>, Box<Finding>> {
    let output =
        command.output().map_err(|error| failed(revision, &io_error::in_chinese(&error)))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(failed(revision, &format!("git 报告：{}", said.trim())))
}

fn failed(revision: &str, reason: &str) -> Box<Finding> {
    let message = format!("读不出版本 {revision}：{reason}");
    let finding = Finding::about(&GIT_FAILED, Path::new(revision), message);
    Box::new(finding.help("在工作文件夹里运行 git status，看 git 能不能用"))
}
