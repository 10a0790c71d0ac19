//! New files to fill in: they name every field and table of the form, say what belongs there, and
//! leave it to `check` to say what is still missing. Nothing is ever overwritten.

mod department;
pub mod fit;
mod in_form;
mod known;
mod later;
mod project;
mod text;

pub use department::{NewDepartment, NewUnit, department, folder_of_code, unit};
pub use in_form::{Purpose, department_in_form, project_in_form, unit_in_form};
pub use known::{KnownDepartment, departments as known_departments, projects as known_projects};
pub use later::{LaterFile, later_files};
pub use project::{NewProject, numbered_stem, project, stems};
pub use text::example_row;

use std::io;
use std::path::Path;

use crate::diagnostics::{Finding, Rule, Severity};
use crate::files::atomic_file;
use crate::files::io_error;

pub(crate) static IN_THE_WAY: Rule = Rule {
    code: "E811",
    name: "已经有了",
    severity: Severity::Error,
    explanation: r#"看什么：要新建的部门或项目，是不是已经有了。
为什么：现有的文件里可能已经填了内容，不能盖掉；同一个项目写两遍会重复公开。
反例：已经有“村委会办公经费”，又用 jixiao new 建一个。
正例：打开现有的文件来改；确实是两个项目的，名称要能区分。"#,
};
static NOT_WRITTEN: Rule = Rule {
    code: "E812",
    name: "建不了文件",
    severity: Severity::Error,
    explanation: r#"看什么：新建的文件能不能写到 data 文件夹里。
为什么：写不进去，就没有可以填的文件。
反例：文件夹是只读的，或者磁盘已满。
正例：确认有写的权限，再运行一次。"#,
};

/// The kinds of findings reported here.
pub(crate) const RULES: &[&Rule] = &[&IN_THE_WAY, &NOT_WRITTEN];

/// Writes a file that is not there yet.
fn create(path: &Path, text: &str) -> Result<(), Vec<Finding>> {
    atomic_file::create(path, text.as_bytes()).map_err(|error| {
        let finding = match error.kind() {
            io::ErrorKind::AlreadyExists => {
                Finding::about(&IN_THE_WAY, path, "这个文件已经有了，没有改动它")
                    .help("打开它来改；确实要重新写的，先把它移走")
            }
            _ => {
                let reason = io_error::of_writing(path, &error);
                Finding::about(&NOT_WRITTEN, path, format!("写不出这个文件：{reason}"))
                    .help("确认有写的权限，再运行一次")
            }
        };
        vec![finding]
    })
}
