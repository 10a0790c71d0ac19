//! `jixiao new`: files to fill in.

mod questions;

use std::path::{Path, PathBuf};

use super::console::Console;
use super::failure::Failure;
use super::options::{FormOption, YearOption};
use super::{Status, command_line, prompt};

use crate::author::scaffold::fit::{self, Unfit};
use crate::author::scaffold::{self, NewDepartment, NewProject, NewUnit};
use crate::author::suggest;
use crate::diagnostics::{Finding, shown};
use crate::form::Form;
use crate::workspace::{Config, Forms, Whereabouts, Workspace, Year, department_of, folder_name};

/// 新建部门或项目：写好栏目和说明，等着填
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao new --department <名称> --code <代码> [--year <年度>]
      jixiao new <项目名称> [--department <部门>] [--year <年度>]
      jixiao new --unit <名称> --code <代码> [--department <部门>] [--year <年度>]
      jixiao new --template <自评表> [--department <部门>] [--year <年度>]")]
#[command(after_help = "\
例子：
  jixiao new --department 平罗县灵沙乡人民政府 --code 056 --year 2024   新建部门
  jixiao new 村委会办公经费                                             新建项目
  jixiao new 村委会办公经费 --department 灵沙乡                         有几个部门时写明是哪个
  jixiao new --unit 第一小学 --code 219001 --department 教育局          新建部门的下属单位
  jixiao new --template 自评表                                          照绩效目标表准备好自评表

没有写的，在终端上会问。已有的文件不会被改动。填好以前，jixiao check 会指出每一处要填的地方。")]
pub(super) struct Arguments {
    /// 新项目的名称；不写名称、写了 --code，就是新建部门
    #[arg(value_name = "项目名称")]
    project: Option<String>,
    /// 新部门的全称；新建项目时是它所属的部门或单位：文件夹名、路径，或名称的一部分
    #[arg(long, value_name = "部门")]
    department: Option<String>,
    /// 新部门的代码，如 056；新单位的代码，如 219001
    #[arg(long, value_name = "代码", conflicts_with = "project")]
    code: Option<String>,
    /// 部门的下属单位的全称：在部门的文件夹里建单位的文件夹
    #[arg(long, value_name = "单位", conflicts_with = "project")]
    unit: Option<String>,
    #[command(flatten)]
    year: YearOption,
    #[command(flatten)]
    form: FormOption,
    /// 和 --template 自评表 一起：照完成值在每条指标后面的注释里写上建议的得分，得分自己定
    #[arg(long)]
    suggest: bool,
    /// 第一行写明 schemas 里的结构说明，编辑器里有提示（先用 jixiao schema 写出 schemas）
    #[arg(long)]
    schema: bool,
}

pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    let forms = arguments.form.open(workspace)?;
    if let it @ Whereabouts::AroundData(_) = Whereabouts::of(workspace.root()) {
        // Nobody would look for data within the data.
        return Err(Failure::usage(it.message(), it.help(workspace.root())));
    }
    if let Some(year) = &arguments.year.year {
        fit::year(year, workspace).map_err(unfit("--year 后面的", year))?;
    }
    let new = New { arguments, workspace, console, forms: &forms };
    if let Some(form) = forms.later() {
        return new.later_form(form);
    }
    if arguments.suggest {
        let help = command_line(workspace, &["new", "--template", "自评表", "--suggest"]);
        return Err(Failure::usage("--suggest 要写明是哪种自评表", help));
    }
    if let Some(unit) = &arguments.unit {
        new.unit(unit)?;
    } else if new.is_department()? {
        new.department()?
    } else {
        new.project()?
    }
    Ok(Status::Fine)
}

/// What is to be made, and where.
struct New<'a> {
    arguments: &'a Arguments,
    workspace: &'a Workspace,
    console: &'a Console,
    forms: &'a Forms,
}

impl New<'_> {
    /// Prepares the files of a later form for the projects of departments.
    fn later_form(&self, form: &Form) -> Result<Status, Failure> {
        let Arguments { project, department, code, .. } = self.arguments;
        if project.is_some() || code.is_some() {
            let message = "这张表的项目从绩效目标表来，不写项目名称和代码";
            let help = command_line(self.workspace, &self.later_words(form));
            return Err(Failure::usage(message, help));
        }
        let year = self.arguments.year.find(self.workspace)?.select(department.as_slice())?;
        let mut files = Vec::new();
        let mut findings = Vec::new();
        for folder in &year.departments {
            match scaffold::later_files(self.forms, &form.definition, folder) {
                Ok(new) => files.extend(new),
                Err(wrong) => findings.extend(wrong),
            }
        }
        if !findings.is_empty() {
            return Err(findings.into());
        }
        for file in &files {
            file.create()?;
            self.console.result(&format!("已建立 {}", shown(&file.path)))?;
        }
        if self.arguments.suggest {
            return self.suggest(form, &year.departments);
        }
        let mut check = vec!["check"];
        check.extend(self.arguments.year.year.iter().flat_map(|year| ["--year", year]));
        let check = command_line(self.workspace, &check);
        self.console.note(&match files.len() {
            0 => format!("{} 年度的项目都已经有了，没有要准备的", year.name),
            _ => format!("接下来：打开它们，填好写着“待填”的各行；还缺什么，运行 {check} 看"),
        });
        self.tell_if_not_chosen(form, &year)
    }

    /// Says so if the files would be read by another form where none is asked for.
    fn tell_if_not_chosen(&self, form: &Form, year: &Year) -> Result<Status, Failure> {
        let config = Config::load(self.workspace.root())?;
        let forms = Forms::of_workspace(self.workspace, config.forms)?;
        let class = form.definition.class;
        // However the way to its folder is written.
        let is_chosen =
            |folder: &PathBuf| forms.of_class(class, folder).files.iter().eq(form.files.iter());
        if !year.departments.iter().all(is_chosen) {
            let named = self.arguments.form.template.as_deref().map(shown).unwrap_or_default();
            self.console.note(&format!(
                "jixiao.toml 里还没有采用这种表样，别的命令会用另一种；加上：\n\
                 [[\"表样\"]]\n\"采用\" = \"{named}\""
            ));
        }
        Ok(Status::Fine)
    }

    /// Writes suggested scores into the files of a later form.
    fn suggest(&self, form: &Form, departments: &[PathBuf]) -> Result<Status, Failure> {
        let mut count = 0;
        let folders = departments.iter().map(|it| it.join(form.definition.class.word()));
        let mut folders: Vec<PathBuf> = folders.collect();
        // Where there are units, the department itself may have none.
        if folders.iter().any(|folder| folder.is_dir()) {
            folders.retain(|folder| folder.is_dir());
        }
        for folder in folders {
            for (file, suggested) in suggest::suggest(self.forms, &folder)? {
                count += suggested;
                self.console.result(&format!("已写上建议 {file}：{suggested} 条"))?;
            }
        }
        self.console.note(match count {
            0 => "没有可以建议的：先填好“实际完成值”和“分值”，或者已经都写上了",
            _ => "建议写在每条指标后面的注释里，印不出来；得分自己定，自己填",
        });
        Ok(Status::Fine)
    }

    /// The command that prepares a later form.
    fn later_words<'w>(&'w self, form: &'w Form) -> Vec<&'w str> {
        let named = self.arguments.form.template.as_ref().and_then(|named| named.to_str());
        let mut words = vec!["new", "--template", named.unwrap_or(form.definition.class.word())];
        let Arguments { department, year, .. } = self.arguments;
        words.extend(department.iter().flat_map(|name| ["--department", name]));
        words.extend(year.year.iter().flat_map(|year| ["--year", year]));
        words
    }

    /// Whether it is a department that is to be made, not a project.
    fn is_department(&self) -> Result<bool, Failure> {
        let Arguments { project, department, code, .. } = self.arguments;
        if project.is_some() || code.is_some() {
            return Ok(project.is_none());
        }
        if !prompt::is_possible() {
            return Err(self.missing("项目名称，或者新部门的代码"));
        }
        match department {
            Some(name) => Ok(!self.is_there(name)),
            // In an empty workspace a department comes first.
            None if self.workspace.years().is_err() => Ok(true),
            None => Ok(prompt::one_of("新建什么", &["项目", "部门"].map(str::to_owned))? == 1),
        }
    }

    /// Whether a department is there already.
    fn is_there(&self, name: &str) -> bool {
        let year = self.arguments.year.find(self.workspace);
        year.is_ok_and(|year| year.select(&[name.to_owned()]).is_ok())
    }

    fn department(&self) -> Result<(), Failure> {
        let Arguments { department, code, year, schema, .. } = self.arguments;
        let known = scaffold::known_departments(self.workspace, self.forms);
        let newest = self.workspace.years().ok().and_then(|years| years.last().cloned());
        let mut year = year.year.clone().or(newest);
        let name = match department {
            Some(name) => fit::name(name).map_err(unfit("--department 后面的", name))?,
            None => self.ask("部门的名称", || questions::name(&known, year.as_deref()))?,
        };
        let same = known.iter().find(|it| it.name() == name && !it.is_in(year.as_deref()));
        let mut others = None;
        loop {
            let answer = match code {
                Some(code) => fit::code(code).map_err(unfit("--code 后面的", code))?,
                None => self.ask("部门的代码", || questions::code(same))?,
            };
            let year = match &year {
                Some(year) => year,
                None => {
                    let missing = "年度（data 里还没有数据，不能自己定）";
                    year.insert(self.ask(missing, || questions::year(self.workspace))?)
                }
            };
            let others = match &others {
                Some(others) => others,
                None => {
                    let form = &self.forms.named(Some(year), None).definition;
                    others.insert(questions::other_fields(form, &known)?)
                }
            };
            let new = NewDepartment { year, name: &name, code: &answer, others, schema: *schema };
            match scaffold::department(self.workspace, self.forms, &new) {
                Ok(path) => return self.department_is_made(&path),
                Err(findings) => self.ask_again(findings, code.is_none())?,
            }
        }
    }

    fn unit(&self, name: &str) -> Result<(), Failure> {
        let Arguments { code, schema, .. } = self.arguments;
        let name = fit::name(name).map_err(unfit("--unit 后面的", name))?;
        let year = self.arguments.year.find(self.workspace)?;
        let department = department_of(&self.department_folder(&year)?).to_owned();
        let code = match code {
            Some(code) => fit::code(code).map_err(unfit("--code 后面的", code))?,
            None => {
                let folder = folder_name(&department);
                let words =
                    ["new", "--unit", &name, "--code", "代码", "--department", folder.as_str()];
                let help = command_line(self.workspace, &words);
                return Err(Failure::usage("没有写单位的代码", help));
            }
        };
        let new = NewUnit { department: &department, name: &name, code: &code, schema: *schema };
        let path = scaffold::unit(self.forms, &new)?;
        self.department_is_made(&path)
    }

    fn department_is_made(&self, path: &Path) -> Result<(), Failure> {
        self.console.result(&format!("已建立 {}", shown(path)))?;
        let folder = path.parent().map(folder_name).unwrap_or_default();
        let next = command_line(self.workspace, &["new", "项目名称", "--department", &folder]);
        self.console.note(&format!("接下来：打开它，填好空着的栏目；再新建项目：{next}"));
        Ok(())
    }

    fn project(&self) -> Result<(), Failure> {
        let year = self.arguments.year.find(self.workspace).map_err(|findings| {
            let first = self.new_department("名称", "代码");
            let help = |finding: Finding| {
                let is_said = finding.help.iter().any(|help| help.contains("jixiao new"));
                if is_said {
                    finding
                } else {
                    finding.help(format!("还没有部门时，先新建部门：{first}"))
                }
            };
            findings.into_iter().map(help).collect::<Vec<_>>()
        })?;
        let folder = self.department_folder(&year)?;
        loop {
            let name = match &self.arguments.project {
                Some(name) => fit::name(name).map_err(unfit("项目名称", name))?,
                None => self.ask("项目名称", || {
                    let known =
                        scaffold::known_projects(self.workspace, self.forms, &year.name, &folder);
                    questions::project(&known)
                })?,
            };
            let schema = self.arguments.schema;
            let new = NewProject { folder: &folder, name: &name, schema };
            match scaffold::project(self.forms, &new) {
                Ok(path) => return self.project_is_made(&path, &year, &folder),
                Err(findings) => self.ask_again(findings, self.arguments.project.is_none())?,
            }
        }
    }

    fn project_is_made(&self, path: &Path, year: &Year, folder: &Path) -> Result<(), Failure> {
        self.console.result(&format!("已建立 {}", shown(path)))?;
        let folder = folder_name(folder);
        let mut check = vec!["check", folder.as_str()];
        let newest = self.workspace.years().ok().and_then(|years| years.last().cloned());
        if newest.as_ref() != Some(&year.name) {
            check.extend(["--year", &year.name]);
        }
        let check = command_line(self.workspace, &check);
        self.console.note(&format!("接下来：打开它，照里面的说明填好；还缺什么，运行 {check} 看"));
        Ok(())
    }

    /// The folder of the department a project is for.
    fn department_folder(&self, year: &Year) -> Result<PathBuf, Failure> {
        let given = self.arguments.department.as_slice();
        let mut folders = year.clone().select(given)?.departments;
        // Whoever names a department with units means its own projects.
        let is_of_first =
            |folder: &PathBuf| Some(department_of(folder)) == folders.first().map(|it| &**it);
        if folders.len() == 1 || !given.is_empty() && folders.iter().all(is_of_first) {
            return Ok(folders.remove(0));
        }
        let names: Vec<String> = folders.iter().map(|folder| folder_name(folder)).collect();
        if prompt::is_possible() {
            let index = prompt::one_of("哪个部门的项目", &names)?;
            return Ok(folders.swap_remove(index));
        }
        let first = names.first().map_or("", String::as_str);
        let project = self.arguments.project.as_deref().unwrap_or("项目名称");
        let help = command_line(self.workspace, &["new", project, "--department", first]);
        let message = match folders.iter().all(|folder| department_of(folder) == folder) {
            true => format!("{} 年度有 {} 个部门，没有写是哪一个", year.name, names.len()),
            false => format!("{} 年度有 {} 个部门和单位，没有写是哪一个", year.name, names.len()),
        };
        Err(Failure::usage(message, format!("写明部门，例如 {help}")))
    }

    /// Asks for what is missing, where there is somebody to ask.
    fn ask(
        &self,
        what: &str,
        question: impl FnOnce() -> Result<String, Failure>,
    ) -> Result<String, Failure> {
        if prompt::is_possible() { question() } else { Err(self.missing(what)) }
    }

    /// Says what kept a file from being made. If it was an answer, another can be given.
    fn ask_again(&self, findings: Vec<Finding>, was_asked: bool) -> Result<(), Failure> {
        if was_asked && findings.iter().all(|finding| finding.is(&scaffold::IN_THE_WAY)) {
            self.console.findings(&findings);
            return Ok(());
        }
        Err(findings.into())
    }

    /// What a missing argument comes to where nobody can be asked: the command in full.
    fn missing(&self, what: &str) -> Failure {
        let Arguments { project, department, code, year, .. } = self.arguments;
        let new_project = || {
            let mut words = vec!["new", project.as_deref().unwrap_or("项目名称")];
            words.extend(department.iter().flat_map(|name| ["--department", name]));
            words.extend(year.year.iter().flat_map(|year| ["--year", year]));
            command_line(self.workspace, &words)
        };
        let new_department = || {
            let name = department.as_deref().unwrap_or("名称");
            self.new_department(name, code.as_deref().unwrap_or("代码"))
        };
        let help = match (project, code) {
            (Some(_), _) => new_project(),
            (_, Some(_)) => new_department(),
            _ => format!("新建项目：{}\n        新建部门：{}", new_project(), new_department()),
        };
        Failure::usage(format!("没有写{what}"), help)
    }

    /// The command that makes a department; without data the year has to be given.
    fn new_department(&self, name: &str, code: &str) -> String {
        let mut words = vec!["new", "--department", name, "--code", code];
        let year = self.arguments.year.year.as_deref();
        let year = year.or_else(|| self.workspace.years().is_err().then_some("年度"));
        words.extend(year.iter().flat_map(|year| ["--year", year]));
        command_line(self.workspace, &words)
    }
}

/// What is wrong with an argument.
fn unfit(option: &str, given: &str) -> impl FnOnce(Unfit) -> Failure {
    let message = format!("{option}“{given}”不能用");
    move |unfit| Failure::usage(format!("{message}：{}", unfit.reason), unfit.help)
}
