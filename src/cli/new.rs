//! `jixiao new`: files to fill in.

use std::path::{Path, PathBuf};

use super::console::Console;
use super::failure::Failure;
use super::options::{FormOption, YearOption};
use super::{Status, command_line, prompt};
use crate::author::scaffold::{self, NewDepartment, NewProject};
use crate::diagnostics::{Finding, shown};
use crate::form::Form;
use crate::workspace::{Workspace, Year, is_year};

/// 新建部门或项目：写好栏目和说明，等着填
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao new --department <名称> --code <代码> [--year <年度>]
      jixiao new <项目名称> [--department <部门>] [--year <年度>]")]
#[command(after_help = "\
例子：
  jixiao new --department 平罗县灵沙乡人民政府 --code 056 --year 2024   新建部门
  jixiao new 村委会办公经费                                             新建项目
  jixiao new 村委会办公经费 --department 灵沙乡                         有几个部门时写明是哪个

没有写的，在终端上会问。已有的文件不会被改动。填好以前，jixiao check 会指出每一处要填的地方。")]
pub(super) struct Arguments {
    /// 新项目的名称；不写名称、写了 --code，就是新建部门
    #[arg(value_name = "项目名称")]
    project: Option<String>,
    /// 新部门的全称；新建项目时是它所属的部门：文件夹名、路径，或名称的一部分
    #[arg(long, value_name = "部门")]
    department: Option<String>,
    /// 新部门的代码，如 056
    #[arg(long, value_name = "代码", conflicts_with = "project")]
    code: Option<String>,
    #[command(flatten)]
    year: YearOption,
    #[command(flatten)]
    form: FormOption,
    /// 第一行写明 schemas 里的结构说明，编辑器里有提示（先用 jixiao schema 写出 schemas）
    #[arg(long)]
    schema: bool,
}

pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    let form = arguments.form.open()?;
    if let Some(year) = arguments.year.year.as_deref().filter(|year| !is_year(year)) {
        let help = "年度是四位数字，例如 --year 2024".to_owned();
        return Err(Failure::usage(format!("“{year}”不是年度"), help));
    }
    let texts = [("项目名称", &arguments.project), ("--department", &arguments.department)];
    for (name, text) in texts.into_iter().chain([("--code", &arguments.code)]) {
        let is_fit = |text: &String| !text.trim().is_empty() && !text.contains(char::is_control);
        if text.as_ref().is_some_and(|text| !is_fit(text)) {
            let message = format!("{name} 是空的，或者里面有看不见的字符");
            return Err(Failure::usage(message, "写出看得见的文字"));
        }
    }
    if is_for_department(arguments, workspace)? {
        department(arguments, workspace, &form, console)?;
    } else {
        project(arguments, workspace, &form, console)?;
    }
    Ok(Status::Fine)
}

/// Whether it is a department that is to be made, not a project.
fn is_for_department(arguments: &Arguments, workspace: &Workspace) -> Result<bool, Failure> {
    if arguments.project.is_some() || arguments.code.is_some() {
        return Ok(arguments.project.is_none());
    }
    let department = arguments.department.as_deref();
    if prompt::is_possible() {
        return Ok(match department {
            Some(name) => !is_known(workspace, arguments.year.year.as_deref(), name),
            // In an empty workspace a department comes first.
            None if workspace.years().is_err() => true,
            None => {
                let things = ["项目", "部门"].map(str::to_owned);
                let index = prompt::one_of("新建什么", &things);
                index.ok_or_else(|| missing("要新建的是什么", arguments, workspace))? == 1
            }
        });
    }
    Err(missing("项目名称，或者新部门的代码", arguments, workspace))
}

/// What a missing argument comes to where nobody can be asked: the command in full.
fn missing(what: &str, arguments: &Arguments, workspace: &Workspace) -> Failure {
    let Arguments { project, department, code, year: YearOption { year }, .. } = arguments;
    let new_project = || {
        let mut words = vec!["new", project.as_deref().unwrap_or("项目名称")];
        words.extend(department.iter().flat_map(|name| ["--department", name]));
        words.extend(year.iter().flat_map(|year| ["--year", year]));
        command_line(workspace, &words)
    };
    let new_department = || {
        let name = department.as_deref().unwrap_or("名称");
        let code = code.as_deref().unwrap_or("代码");
        new_department(workspace, name, code, year.as_deref())
    };
    let help = match (project, code) {
        (Some(_), _) => new_project(),
        (_, Some(_)) => new_department(),
        _ => format!("新建项目：{}\n        新建部门：{}", new_project(), new_department()),
    };
    Failure::usage(format!("没有写{what}"), help)
}

/// The command that makes a department; without data the year has to be given.
fn new_department(workspace: &Workspace, name: &str, code: &str, year: Option<&str>) -> String {
    let mut words = vec!["new", "--department", name, "--code", code];
    let year = year.or_else(|| workspace.years().is_err().then_some("年度"));
    words.extend(year.iter().flat_map(|year| ["--year", year]));
    command_line(workspace, &words)
}

fn department(
    arguments: &Arguments,
    workspace: &Workspace,
    form: &Form,
    console: &Console,
) -> Result<(), Failure> {
    let ask = |given: &Option<String>, what: &str, question: &str| {
        let answer = || prompt::is_possible().then(|| prompt::text(question))?;
        let text = given.clone().or_else(answer);
        text.ok_or_else(|| missing(what, arguments, workspace))
    };
    let name = ask(&arguments.department, "部门的名称", "主管部门的全称")?;
    let code = ask(&arguments.code, "部门的代码", "部门的代码（如 056）")?;
    let newest = workspace.years().ok().and_then(|years| years.last().cloned());
    let year = arguments.year.year.clone().or(newest);
    let year = ask(&year, "年度（data 里还没有数据，不能自己定）", "年度（四位数字）")?;
    if !is_year(&year) {
        return Err(missing("四位数字的年度", arguments, workspace));
    }
    let (name, code) = (name.trim(), code.trim());
    let new = NewDepartment { year: &year, name, code, schema: arguments.schema };
    let path = scaffold::department(workspace, &form.definition, &new)?;
    console.result(&format!("已建立 {}", shown(&path)))?;
    let folder = path.parent().map(folder_name).unwrap_or_default();
    let next = command_line(workspace, &["new", "项目名称", "--department", &folder]);
    console.note(&format!("接下来：打开它，填好空着的栏目；再新建项目：{next}"));
    Ok(())
}

fn project(
    arguments: &Arguments,
    workspace: &Workspace,
    form: &Form,
    console: &Console,
) -> Result<(), Failure> {
    let year = workspace.year(arguments.year.year.as_deref()).map_err(|findings| {
        let year = arguments.year.year.as_deref();
        let first = new_department(workspace, "名称", "代码", year);
        let help = |finding: Finding| finding.help(format!("还没有部门时，先新建部门：{first}"));
        findings.into_iter().map(help).collect::<Vec<_>>()
    })?;
    let folder = department_folder(arguments, workspace, &year)?;
    let name = match &arguments.project {
        Some(name) => name.trim().to_owned(),
        None => prompt::is_possible()
            .then(|| prompt::text("项目的名称"))
            .flatten()
            .ok_or_else(|| missing("项目名称", arguments, workspace))?,
    };
    let new = NewProject { folder: &folder, name: &name, schema: arguments.schema };
    let path = scaffold::project(&form.definition, &new)?;
    console.result(&format!("已建立 {}", shown(&path)))?;
    let folder = folder_name(&folder);
    let mut check = vec!["check", folder.as_str()];
    let newest = workspace.years().ok().and_then(|years| years.last().cloned());
    if newest.as_ref() != Some(&year.name) {
        check.extend(["--year", &year.name]);
    }
    let check = command_line(workspace, &check);
    console.note(&format!("接下来：打开它，照里面的说明填好；还缺什么，运行 {check} 看"));
    Ok(())
}

/// The folder of the department a project is for.
fn department_folder(
    arguments: &Arguments,
    workspace: &Workspace,
    year: &Year,
) -> Result<PathBuf, Failure> {
    let given = arguments.department.as_slice();
    let mut folders = year.clone().select(given)?.departments;
    if folders.len() == 1 {
        return Ok(folders.remove(0));
    }
    let names: Vec<String> = folders.iter().map(|folder| folder_name(folder)).collect();
    let chosen = prompt::is_possible().then(|| prompt::one_of("哪个部门的项目", &names)).flatten();
    match chosen {
        Some(index) => Ok(folders.swap_remove(index)),
        None => {
            let first = names.first().map_or("", String::as_str);
            let project = arguments.project.as_deref().unwrap_or("项目名称");
            let help = command_line(workspace, &["new", project, "--department", first]);
            let count = names.len();
            let message = format!("{} 年度有 {count} 个部门，没有写是哪一个", year.name);
            Err(Failure::usage(message, format!("写明部门，例如 {help}")))
        }
    }
}

/// Whether a department is there already.
fn is_known(workspace: &Workspace, year: Option<&str>, name: &str) -> bool {
    workspace.year(year).is_ok_and(|year| year.select(&[name.to_owned()]).is_ok())
}

fn folder_name(folder: &Path) -> String {
    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
