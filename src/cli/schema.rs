//! `jixiao schema`: the forms in use → JSON Schemas.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;
use indexmap::IndexMap;

use super::Status;
use super::console::Console;
use super::failure::Failure;
use super::generated;
use super::options::FormOption;
use crate::diagnostics::shown;
use crate::form::{Class, Form};
use crate::schema::FileKind;
use crate::workspace::{DEPARTMENT_FILE, Forms, UNIT_FILE, Workspace};

/// 给编辑器用的 JSON Schema：补全键，显示该填什么，标出写错的地方
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao schema [选项] <种类>\n      jixiao schema [选项] -o <文件夹>")]
#[command(after_help = "\
例子：
  jixiao schema -o schemas          每种都写到 schemas 文件夹
  jixiao schema 项目                把项目文件的印到屏幕上
  jixiao schema -o schemas --template 我的表样

VS Code 装上 Tombi，在数据文件的第一行写上（路径从这个文件算起）：
  #:schema ../../../schemas/项目.schema.json

各年度、各部门的表样不止一种时，每种表样一个文件夹，并说出 tombi.toml 里要加的几行。
表样改了，再写一次；内容没有变的文件不动。")]
pub(super) struct Arguments {
    /// 哪种文件：项目、部门、监控、自评、整体、整体自评、设置（jixiao.toml）、表样（form.toml）
    #[arg(value_name = "种类", value_enum, required_unless_present = "output")]
    kind: Option<Kind>,
    /// 写到这个文件夹；不写种类就是每种都写
    #[arg(short, long, value_name = "文件夹")]
    output: Option<PathBuf>,
    #[command(flatten)]
    form: FormOption,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    #[value(name = "项目", alias = "project")]
    Project,
    #[value(name = "部门", alias = "department")]
    Department,
    #[value(name = "单位", alias = "unit")]
    Unit,
    #[value(name = "监控")]
    Monitoring,
    #[value(name = "自评")]
    Evaluation,
    #[value(name = "整体")]
    Whole,
    #[value(name = "整体自评")]
    WholeEvaluation,
    #[value(name = "设置", aliases = ["config", "jixiao.toml"])]
    Config,
    #[value(name = "表样", aliases = ["form", "form.toml"])]
    Form,
}

impl From<Kind> for FileKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Project => Self::Project,
            Kind::Department => Self::Department,
            Kind::Unit => Self::Unit,
            Kind::Monitoring => Self::Later(Class::Monitoring),
            Kind::Evaluation => Self::Later(Class::Evaluation),
            Kind::Whole => Self::Later(Class::Whole),
            Kind::WholeEvaluation => Self::Later(Class::WholeEvaluation),
            Kind::Config => Self::Config,
            Kind::Form => Self::Form,
        }
    }
}

pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    let forms = arguments.form.open(workspace)?;
    let departments = workspace.departments();
    let kinds = match arguments.kind {
        Some(kind) => vec![kind.into()],
        None => FileKind::ALL.to_vec(),
    };
    let mut files = Vec::new();
    let mut associations = Vec::new();
    for kind in kinds {
        let used = used(kind, &forms, &departments);
        let is_only = used.len() == 1;
        if arguments.output.is_none() && !is_only {
            let help = "用 --template 指明一种，或者都写到一个文件夹：jixiao schema -o schemas";
            return Err(Failure::usage("各年度、各部门用的表样不止一种", help));
        }
        for Used { form, folders } in used {
            let text = kind.schema(&form.definition).to_json()?;
            let name = match is_only {
                true => kind.schema_file(),
                false => format!("{}/{}", name_of(&form), kind.schema_file()),
            };
            if let (Some(output), false) = (&arguments.output, is_only) {
                let path = shown(&output.join(&name));
                associations.push(association(&path, kind, &folders, workspace));
            }
            files.push((name, text));
        }
    }
    let Some(folder) = &arguments.output else {
        files.iter().try_for_each(|(_, text)| console.output(text.trim_end()))?;
        return Ok(Status::Fine);
    };
    let files = files.into_iter().map(|(name, text)| (name, text.into_bytes()));
    generated::write(folder, workspace, files, console)?;
    if !associations.is_empty() {
        let lines = associations.join("\n");
        console.note(&format!(
            "表样不止一种，把下面这些加在 tombi.toml 的最前面的一段 [[schemas]] 之前：\n{lines}"
        ));
    }
    Ok(Status::Fine)
}

/// A form, and the departments whose files of a kind are read by it.
struct Used {
    form: Arc<Form>,
    folders: Vec<PathBuf>,
}

/// The forms that files of a kind are read by; at least one.
fn used(kind: FileKind, forms: &Forms, departments: &[PathBuf]) -> Vec<Used> {
    let class = kind.class().unwrap_or(Class::Target);
    let mut used: IndexMap<PathBuf, Used> = IndexMap::new();
    // The settings and the forms themselves are the same on every form.
    for folder in departments.iter().filter(|_| kind.class().is_some()) {
        let form = forms.of_class(class, folder);
        let new = || Used { form: Arc::clone(form), folders: Vec::new() };
        used.entry(form.folder()).or_insert_with(new).folders.push(folder.clone());
    }
    if used.is_empty() {
        let form = Arc::clone(forms.of_class(class, Path::new("")));
        return vec![Used { form, folders: Vec::new() }];
    }
    used.into_values().collect()
}

/// What a form's folder is called.
fn name_of(form: &Form) -> String {
    form.folder().file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The lines of `tombi.toml` that say which files are read by a schema.
fn association(path: &str, kind: FileKind, folders: &[PathBuf], workspace: &Workspace) -> String {
    let file = match kind {
        FileKind::Department => DEPARTMENT_FILE.to_owned(),
        FileKind::Unit => UNIT_FILE.to_owned(),
        FileKind::Later(class) => format!("{}/*.toml", class.word()),
        _ => "*.toml".to_owned(),
    };
    let within = |folder: &PathBuf| {
        let folder = folder.strip_prefix(workspace.root()).unwrap_or(folder);
        format!("\"{}/{file}\"", shown(folder))
    };
    let include = folders.iter().map(within).collect::<Vec<_>>().join(", ");
    format!("[[schemas]]\npath = \"{path}\"\ninclude = [{include}]\n")
}
