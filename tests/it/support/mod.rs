//! What several tests need: the sample data, a run of the program, and a reader of what it printed.

pub mod git;
pub mod pdf;
pub mod structure;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jixiao::data;
use jixiao::data::Department;
use jixiao::diagnostics::SourceFile;
use jixiao::form::{Definition, Form};

/// The repository, which is a workspace with the sample data.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The built-in form.
pub fn form() -> Form {
    Form::builtin().unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// The definition of another form.
pub fn definition(text: &str) -> Definition {
    let mut findings = Vec::new();
    let form = Definition::parse(&SourceFile::new("form.toml", text), &mut findings);
    form.unwrap_or_else(|| panic!("{findings:?}"))
}

/// The sample department, which loads without a finding.
pub fn sample() -> Department {
    load_department(&repository().join("data/2023/056-灵沙乡"))
}

/// A department that loads without a finding.
pub fn load_department(dir: &Path) -> Department {
    let mut findings = Vec::new();
    let department = data::department(dir, &form().definition, &mut findings);
    assert!(findings.is_empty(), "{findings:?}");
    department.unwrap_or_else(|| panic!("{} does not load", dir.display()))
}

/// A program run in `workspace` with a clean environment.
pub fn jixiao(workspace: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jixiao"));
    command.current_dir(workspace).args(arguments).env_remove("SOURCE_DATE_EPOCH");
    command
}

/// Runs the program and expects exit status 0.
pub fn run(workspace: &Path, arguments: &[&str]) -> Output {
    let output = jixiao(workspace, arguments).output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// A workspace with one department of the given project files; the folder of the department is
/// `001-测试单位`.
pub fn workspace(projects: &[(&str, &str)]) -> tempfile::TempDir {
    let workspace = tempfile::tempdir().expect("a temporary folder");
    add_department(workspace.path(), "001-测试单位", projects);
    workspace
}

/// Adds a department to a workspace and returns its folder.
pub fn add_department(workspace: &Path, folder: &str, projects: &[(&str, &str)]) -> PathBuf {
    let folder = workspace.join("data/2023").join(folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let department =
        "\"主管部门\" = \"测试单位\"\n\"代码\" = \"001\"\n\"实施单位\" = \"测试单位本级\"\n";
    std::fs::write(folder.join("部门.toml"), department).expect("a file");
    for (name, text) in projects {
        std::fs::write(folder.join(name), text).expect("a file");
    }
    folder
}

/// Adds the sample department to a workspace.
pub fn add_sample(workspace: &Path) {
    let from = repository().join("data/2023/056-灵沙乡");
    let to = workspace.join("data/2023/056-灵沙乡");
    std::fs::create_dir_all(&to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the sample") {
        let entry = entry.expect("a file");
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
    }
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

/// One row for each second-level indicator.
pub fn one_row(level: &str) -> Vec<(String, String)> {
    vec![(format!("{level}的内容"), "≥1个".to_owned())]
}
