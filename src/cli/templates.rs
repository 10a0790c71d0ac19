//! `jixiao templates`: which forms there are, and one of them to start one's own from.

use std::path::{Path, PathBuf};

use super::Status;
use super::command_line;
use super::console::Console;
use super::failure::Failure;
use super::options::keep_out_of_data;
use crate::diagnostics::{Finding, shown};
use crate::files::atomic_file;
use crate::form::{Form, Subject, TemplateFiles, builtin_names};
use crate::workspace::{Workspace, visible_entries};

/// 列出表样，或者写出一份来改成自己的
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao templates\n      jixiao templates <名称> -o <文件夹>")]
#[command(after_help = "\
例子：
  jixiao templates                          列出程序自带的和工作文件夹里的表样
  jixiao templates 部门申报表 -o 我的表样   把自带的一份写到“我的表样”，照着改
  jixiao render --template 部门申报表       用自带的表样印
  jixiao render --template 我的表样         用改好的印

表样怎么改，见写出的 form.toml 里的注释。")]
pub(super) struct Arguments {
    /// 自带的表样的名称
    #[arg(value_name = "名称", requires = "output")]
    name: Option<String>,
    /// 写到哪个文件夹
    #[arg(short, long, value_name = "文件夹", requires = "name")]
    output: Option<PathBuf>,
}

pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    match (&arguments.name, &arguments.output) {
        (Some(name), Some(output)) => write_out(name, output, workspace, console),
        _ => list(workspace, console),
    }
}

/// A form, as it is listed.
struct Listed {
    name: String,
    from: &'static str,
    title: String,
}

/// Lists the built-in forms, and those in folders of the workspace.
fn list(workspace: &Workspace, console: &Console) -> Result<Status, Failure> {
    let mut forms = Vec::new();
    let mut findings: Vec<Finding> = Vec::new();
    for (name, form) in builtin_names().filter_map(|it| Some((it, Form::builtin_named(it)?))) {
        forms.push(Listed { name: name.to_owned(), from: "程序自带", title: title(&form?) });
    }
    // What cannot be read has no forms in it.
    let mut folders = visible_entries(workspace.root()).unwrap_or_default();
    folders.retain(|folder| Form::is_there(folder));
    for folder in folders {
        match Form::from_dir(&folder) {
            Ok(form) => {
                forms.push(Listed { name: shown(&folder), from: "文件夹", title: title(&form) });
            }
            Err(wrong) => findings.extend(wrong),
        }
    }
    for Listed { name, from, title } in &forms {
        console.output(&format!("{name}（{from}）\n  {title}"))?;
    }
    console.findings(&findings);
    Ok(if findings.is_empty() { Status::Fine } else { Status::Errors })
}

/// The words of a form's title, and what has a table of its own.
fn title(form: &Form) -> String {
    let form = &form.definition;
    let title = form.blueprint.title.spelled();
    match form.subject {
        Subject::Project { .. } => format!("{title}，一个项目一张"),
        Subject::Department | Subject::Whole => format!("{title}，一个部门一张"),
    }
}

/// Writes a built-in form's own files into a folder that has no form.
fn write_out(
    name: &str,
    folder: &Path,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    let Some(name) = builtin_names().find(|known| *known == name) else {
        let names: Vec<&str> = builtin_names().collect();
        let help = format!("写下面的一个：{}", names.join("、"));
        return Err(Failure::usage(format!("没有自带的表样“{name}”"), help));
    };
    keep_out_of_data(folder, workspace)?;
    let files = TemplateFiles::own(name);
    for (file, _) in files.iter() {
        let path = folder.join(file);
        if path.symlink_metadata().is_ok() {
            return Err(Failure::outside(
                format!("已经有 {}，没有改动它", shown(&path)),
                "-o 后面换一个文件夹，或者先把它移走",
            ));
        }
    }
    for (file, bytes) in files.iter() {
        let path = folder.join(file);
        atomic_file::create(&path, bytes).map_err(|error| Failure::unwritten(&path, &error))?;
        console.result(&format!("已写出 {}", shown(&path)))?;
    }
    let render = command_line(workspace, &["render", "--template", &shown(folder)]);
    console.note(&format!("接下来：照里面的注释改好，再运行 {render}"));
    Ok(Status::Fine)
}
