//! `jixiao fmt`: data → the same data in canonical style.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indexmap::IndexSet;

use super::Status;
use super::console::Console;
use super::failure::Failure;
use super::options::FormOption;
use crate::author::format::{Kind, format};
use crate::diagnostics::{Finding, SourceFile, shown};
use crate::files::io_error;
use crate::form::Definition;
use crate::toml::text_file;
use crate::workspace;
use crate::workspace::Workspace;

/// 把数据文件整理成统一的写法；内容和注释都不变
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao fmt [选项] [路径]...")]
#[command(after_help = "\
例子：
  jixiao fmt                           整理所有年度的数据
  jixiao fmt data/2023/056-灵沙乡      只整理一个部门
  jixiao fmt --check                   只列出需要整理的文件，不改文件
  jixiao fmt - < 01-办公经费.toml      整理标准输入，写到标准输出，供编辑器使用

统一的写法：栏目按表上的顺序，一条指标一行，键和文字用半角双引号，金额写最短的数。
键漏了引号或用了全角引号的，会补好。有别的错误的文件不动，只报错误。
有文件出错，或者 --check 时有文件需要整理，退出状态是 1。")]
pub(super) struct Arguments {
    /// 要整理的文件、部门文件夹或年度文件夹；- 是标准输入；不写就是全部数据
    #[arg(value_name = "路径")]
    paths: Vec<PathBuf>,
    /// 只列出需要整理的文件，不改文件
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    form: FormOption,
}

/// How many files there are of each kind.
#[derive(Debug, Default)]
struct Tally {
    fine: usize,
    changed: usize,
    failed: usize,
}

pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    let forms = arguments.form.open(workspace)?;
    if arguments.paths.iter().any(|path| path == Path::new("-")) {
        return standard_input(arguments, &forms.named(None, None).definition, console);
    }
    let (files, missing) = files(&arguments.paths, workspace);
    console.findings(&missing);
    let mut tally = Tally::default();
    for path in &files {
        let folder = path.parent().unwrap_or(Path::new(""));
        match file(path, &forms.of(folder).definition, arguments.check) {
            Ok(false) => tally.fine += 1,
            Ok(true) => {
                tally.changed += 1;
                let done = if arguments.check { "需要整理" } else { "已整理" };
                console.result(&format!("{done} {}", shown(path)))?;
            }
            Err(findings) => {
                tally.failed += 1;
                console.findings(&findings);
            }
        }
    }
    if !files.is_empty() {
        console.note(&tally.summary(arguments.check));
    }
    let is_fine = tally.failed == 0 && !(arguments.check && tally.changed > 0);
    Ok(if is_fine && missing.is_empty() { Status::Fine } else { Status::Errors })
}

/// The files that are asked for, each once, and what could not be found.
fn files(paths: &[PathBuf], workspace: &Workspace) -> (IndexSet<PathBuf>, Vec<Finding>) {
    let found = match paths {
        [] => vec![workspace.files()],
        paths => paths.iter().map(|path| workspace::data_files(path)).collect(),
    };
    let mut files = IndexSet::new();
    let mut missing = Vec::new();
    for found in found {
        match found {
            Ok(paths) => files.extend(paths),
            Err(finding) => missing.push(*finding),
        }
    }
    (files, missing)
}

/// Formats a file; whether it was in another style.
fn file(path: &Path, form: &Definition, check: bool) -> Result<bool, Vec<Finding>> {
    let source = text_file::read(path).map_err(|finding| vec![*finding])?;
    let formatted = format(&source, form, Kind::of(path))?;
    let is_changed = source.bytes() != formatted.as_bytes();
    if is_changed && !check {
        text_file::rewrite(&source, formatted.as_bytes()).map_err(|finding| vec![*finding])?;
    }
    Ok(is_changed)
}

fn standard_input(
    arguments: &Arguments,
    form: &Definition,
    console: &Console,
) -> Result<Status, Failure> {
    if arguments.paths.len() > 1 {
        return Err(Failure::usage("“-”（标准输入）不能和别的路径一起写", "分两次运行"));
    }
    let name = Path::new("标准输入");
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(|error| {
        let message = format!("读不出标准输入：{}", io_error::in_chinese(&error));
        Failure::outside(message, "这样写：jixiao fmt - < 文件名")
    })?;
    let source = text_file::decode(name, &bytes).map_err(|finding| vec![*finding])?;
    let formatted = format_nameless(&source, form)?;
    if !arguments.check {
        console.output(formatted.trim_end_matches('\n'))?;
    } else if bytes != formatted.as_bytes() {
        console.result(&format!("需要整理 {}", shown(name)))?;
        return Ok(Status::Errors);
    }
    Ok(Status::Fine)
}

/// Formats a text that has no file name to tell what it describes: it is taken for that which it
/// has fewer errors as.
fn format_nameless(source: &Arc<SourceFile>, form: &Definition) -> Result<String, Vec<Finding>> {
    format(source, form, Kind::Project).or_else(|as_project| {
        format(source, form, Kind::Department).map_err(|as_department| {
            if as_department.len() < as_project.len() { as_department } else { as_project }
        })
    })
}

impl Tally {
    fn summary(&self, check: bool) -> String {
        let Self { fine, changed, failed } = self;
        let mut parts = Vec::new();
        match changed {
            0 => {}
            _ if check => {
                parts.push(format!("{changed} 个文件需要整理，运行 jixiao fmt 就会整理好"));
            }
            _ => parts.push(format!("整理了 {changed} 个文件")),
        }
        if *fine > 0 {
            parts.push(format!("{fine} 个文件不用整理"));
        }
        if *failed > 0 {
            parts.push(format!("{failed} 个文件有错误，没有动；改好以后再运行一次"));
        }
        parts.join("；")
    }
}
