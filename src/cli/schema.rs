//! `jixiao schema`: the form in use → JSON Schemas.

use std::path::PathBuf;

use clap::ValueEnum;

use super::Status;
use super::console::Console;
use super::failure::Failure;
use super::generated;
use super::options::FormOption;
use crate::schema::FileKind;
use crate::workspace::Workspace;

/// 给编辑器用的 JSON Schema：补全键，显示该填什么，标出写错的地方
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao schema [选项] <种类>\n      jixiao schema [选项] -o <文件夹>")]
#[command(after_help = "\
例子：
  jixiao schema -o schemas          四种都写到 schemas 文件夹
  jixiao schema 项目                把项目文件的印到屏幕上
  jixiao schema -o schemas --template 我的表样

VS Code 装上 Tombi，在数据文件的第一行写上（路径从这个文件算起）：
  #:schema ../../../schemas/项目.schema.json

表样改了，再写一次；内容没有变的文件不动。")]
pub(super) struct Arguments {
    /// 哪种文件：项目、部门、设置（jixiao.toml）、表样（form.toml）
    #[arg(value_name = "种类", value_enum, required_unless_present = "output")]
    kind: Option<Kind>,
    /// 写到这个文件夹；不写种类就是四种都写
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
    let years = workspace.years().unwrap_or_default();
    let years = years.iter().filter_map(|year| workspace.year(Some(year)).ok());
    let folders: Vec<PathBuf> = years.flat_map(|year| year.departments).collect();
    let Some(form) = forms.common(folders.iter().map(PathBuf::as_path)) else {
        let help = "用 --template 指明一种，写到各自的文件夹，例如 jixiao schema -o schemas/附件2 --template 附件2";
        return Err(Failure::usage("各年度、各部门用的表样不止一种", help));
    };
    let kinds = match arguments.kind {
        Some(kind) => vec![kind.into()],
        None => FileKind::ALL.to_vec(),
    };
    let mut files = Vec::new();
    for kind in kinds {
        let text = kind.schema(&form.definition).to_json()?;
        files.push((kind.schema_file().to_owned(), text));
    }
    match &arguments.output {
        Some(folder) => {
            let files = files.into_iter().map(|(name, text)| (name, text.into_bytes()));
            generated::write(folder, workspace, files, console)?;
        }
        None => files.iter().try_for_each(|(_, text)| console.output(text.trim_end()))?,
    }
    Ok(Status::Fine)
}
