//! What several tests need: forms and workspaces, runs of the program, and readers of what it
//! printed.

pub mod editor;
pub mod form;
pub mod gate;
pub mod git;
pub mod pdf;
pub mod running;
pub mod structure;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jixiao::data;
use jixiao::data::Department;
use jixiao::form::Form;
use jixiao::workspace::Forms;
use tempfile::TempDir;

/// The sample department's folder in a workspace.
pub const SAMPLE: &str = "data/2023/056-灵沙乡";

/// The repository, which is a workspace with the sample data.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The built-in form.
pub fn form() -> Form {
    Form::builtin().unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// The built-in form for all data of its class.
pub fn forms() -> Forms {
    Forms::one(form()).unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// The sample department, which loads without a finding.
pub fn sample() -> Department {
    load_department(&repository().join(SAMPLE))
}

/// The sample department's files, in the order of their names.
pub fn sample_files() -> Vec<PathBuf> {
    files(&repository().join(SAMPLE))
        .into_keys()
        .map(|file| repository().join(SAMPLE).join(file))
        .collect()
}

/// A department that loads without a finding.
pub fn load_department(dir: &Path) -> Department {
    let mut findings = Vec::new();
    let department = data::department(dir, &forms(), &mut findings);
    assert!(findings.is_empty(), "{findings:?}");
    department.unwrap_or_else(|| panic!("{} does not load", dir.display()))
}

/// A program run in `workspace` with a clean environment.
pub fn jixiao(workspace: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jixiao"));
    command.current_dir(workspace).args(arguments).env_remove("SOURCE_DATE_EPOCH");
    command
}

/// What a run came to.
#[derive(Debug)]
pub struct Run {
    /// The exit status; `None` if the run was killed.
    pub status: Option<i32>,
    /// Its results.
    pub results: String,
    /// Its messages.
    pub messages: String,
}

impl Run {
    /// Of a command, run to its end.
    pub fn of(command: &mut Command) -> Self {
        Self::from(command.output().expect("the program starts"))
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("text");
        let (results, messages) = (text(output.stdout), text(output.stderr));
        Self { status: output.status.code(), results, messages }
    }
}

/// Runs the program, whatever comes of it.
pub fn try_run(workspace: &Path, arguments: &[&str]) -> Run {
    Run::of(&mut jixiao(workspace, arguments))
}

/// Runs the program and expects exit status 0.
pub fn run(workspace: &Path, arguments: &[&str]) -> Run {
    let run = try_run(workspace, arguments);
    assert_eq!(run.status, Some(0), "{}", run.messages);
    run
}

/// A workspace without anything.
pub fn empty_workspace() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A workspace with one department of the given project files; the folder of the department is
/// `001-测试单位`.
pub fn workspace(projects: &[(&str, &str)]) -> TempDir {
    workspace_of(&["001-测试单位"], projects)
}

/// A workspace with several departments of the same project files.
pub fn workspace_of(folders: &[impl AsRef<str>], projects: &[(&str, &str)]) -> TempDir {
    let workspace = empty_workspace();
    for folder in folders {
        add_department(workspace.path(), folder.as_ref(), projects);
    }
    workspace
}

/// Adds a department to a workspace and returns its folder.
pub fn add_department(workspace: &Path, folder: &str, projects: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new("data/2023").join(folder);
    let department =
        "\"主管部门\" = \"测试单位\"\n\"代码\" = \"001\"\n\"实施单位\" = \"测试单位本级\"\n";
    write(workspace, folder.join("部门.toml"), department);
    for (name, text) in projects {
        write(workspace, folder.join(name), text);
    }
    workspace.join(folder)
}

/// Adds the sample department to a workspace.
pub fn add_sample(workspace: &Path) {
    copy(&repository().join(SAMPLE), &workspace.join(SAMPLE));
}

/// Writes a file of a workspace, in folders that need not be there.
pub fn write(workspace: &Path, file: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
    let path = workspace.join(file);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

/// Copies the files of a folder.
pub fn copy(from: &Path, to: &Path) {
    for (file, bytes) in files(from) {
        write(to, file, bytes);
    }
}

/// All files below a folder, hidden ones too, by their path within it; an empty folder is there
/// without bytes.
pub fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = PathBuf::from(path.file_name().expect("a name"));
        if path.is_dir() {
            let below = self::files(&path);
            if below.is_empty() {
                files.insert(name.clone(), Vec::new());
            }
            files.extend(below.into_iter().map(|(file, bytes)| (name.join(file), bytes)));
        } else {
            files.insert(name, fs::read(&path).expect("a file"));
        }
    }
    files
}

/// A project's file with the given goal and, for each second-level indicator, its rows.
pub fn project(name: &str, goal: &str, rows: impl Fn(&str) -> Vec<(String, String)>) -> String {
    let mut text = format!(
        "\"项目名称\" = \"{name}\"\n\"项目属性\" = \"0101-一年期项目\"\n\"项目期\" = \"1年\"\n\
         \"年度总体目标\" = \"\"\"{goal}\"\"\"\n\n[\"项目资金\"]\n\"财政拨款\" = 1\n\"其他资金\" = 0\n"
    );
    for level in form().definition.second_levels() {
        text += &format!("\n[\"{}\"]\n", level.name);
        for (name, value) in rows(&level.name) {
            text += &format!("{name:?} = {value:?}\n");
        }
    }
    text
}

/// A project's file with one row for each second-level indicator.
pub fn simple_project(goal: &str) -> String {
    project("办公经费", goal, one_row)
}

/// One row for each second-level indicator.
pub fn one_row(level: &str) -> Vec<(String, String)> {
    vec![(format!("{level}的内容"), "≥1个".to_owned())]
}
