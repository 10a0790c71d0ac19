//! `jixiao import`: forms of other programs → data files.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::console::Console;
use super::failure::Failure;
use super::options::FormOption;
use super::{Status, command_line};
use crate::author::scaffold::fit;
use crate::diagnostics::shown;
use crate::files::io_error;
use crate::import::{self, Known};
use crate::workspace::Workspace;

/// No file with forms is nearly as large.
const LARGEST: u64 = 64 << 20;

/// 把去年的表（Excel、Word、PDF、文本）变成数据文件
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao import <文件>... [选项]")]
#[command(after_help = "\
例子：
  jixiao import 2023年绩效目标表.xlsx             写进 data/2023/代码-部门/
  jixiao import 表.xlsx --year 2023 --dry-run    只看会写出什么
  jixiao import -                                从标准输入读文本，例如从网页上复制的

可以读 xlsx、xls、ods、docx、PDF 和文本（用制表符或空格隔开）。程序按表样上的字认表，不管在哪一行哪一列，几张表在一个文件里也可以。
PDF 上看不出换行是另起一段还是一行写满了，有 Word 或 Excel 文件就用它们；扫描的 PDF 没有文字，读不出。
拿不准的地方写上“# 待核对”，用 jixiao check 列出来；放不进数据的，一处一处说出来，退出状态是 1。
已有的文件不会被改动。")]
pub(super) struct Arguments {
    /// 要导入的文件；写 - 是标准输入
    #[arg(value_name = "文件", required = true)]
    files: Vec<PathBuf>,
    /// 年度；不写就照表上的
    #[arg(long, value_name = "年度")]
    year: Option<String>,
    /// 部门的全称；表上没有写的时候用
    #[arg(long, value_name = "名称")]
    department: Option<String>,
    #[command(flatten)]
    form: FormOption,
    /// 只说会写出什么，什么也不写
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    let forms = arguments.form.open(workspace)?;
    let fits = |option: &str, given: &str, unfit: fit::Unfit| {
        Failure::usage(format!("{option}“{given}”不能用：{}", unfit.reason), unfit.help)
    };
    if let Some(year) = &arguments.year {
        fit::year(year, workspace).map_err(|unfit| fits("--year 后面的", year, unfit))?;
    }
    if let Some(name) = &arguments.department {
        fit::name(name).map_err(|unfit| fits("--department 后面的", name, unfit))?;
    }
    let known =
        Known { year: arguments.year.as_deref(), department: arguments.department.as_deref() };
    let (mut projects, mut wholes, mut to_review, mut unplaced) = (0, 0, 0, 0);
    for file in &arguments.files {
        let (name, bytes) = read(file)?;
        let imported = import::import(workspace, &forms, &name, bytes, known, arguments.dry_run)?;
        let done = if arguments.dry_run { "会写出" } else { "已写出" };
        for path in &imported.files {
            console.result(&format!("{done} {}", shown(path)))?;
        }
        if imported.summaries > 0 {
            console.note("汇总表没有导入：它由程序算出来");
        }
        console.findings(&imported.unplaced);
        projects += imported.projects;
        wholes += imported.wholes;
        to_review += imported.to_review;
        unplaced += imported.unplaced.len();
    }
    let mut summary = match (projects, wholes) {
        (projects, 0) => format!("{projects} 个项目"),
        (0, wholes) => format!("{wholes} 个部门的整体支出"),
        (projects, wholes) => format!("{projects} 个项目，{wholes} 个部门的整体支出"),
    };
    if to_review > 0 {
        summary += &format!("，{to_review} 处待核对");
    }
    if unplaced > 0 {
        summary += &format!("，{unplaced} 处没有放进数据");
    }
    if !arguments.dry_run {
        summary += &format!("\n接下来：{}", command_line(workspace, &["check"]));
    }
    console.note(&summary);
    Ok(if unplaced == 0 { Status::Fine } else { Status::Errors })
}

/// The name of a file, for messages, and what is in it.
fn read(file: &Path) -> Result<(PathBuf, Vec<u8>), Failure> {
    let is_input = file.as_os_str() == "-";
    let name = if is_input { PathBuf::from("标准输入") } else { file.to_owned() };
    let mut bytes = Vec::new();
    let read = if is_input {
        io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
    };
    let shown = shown(&name);
    read.map_err(|error| {
        let message = format!("读不出 {shown}：{}", io_error::in_chinese(&error));
        Failure::outside(message, "确认文件名没有写错，并且有权限读它")
    })?;
    if bytes.len() as u64 > LARGEST {
        let help = "把里面的表复制到一个新的文件里，只留要导入的，再运行一次";
        return Err(Failure::outside(format!("{shown} 太大，不像是绩效目标表"), help));
    }
    Ok((name, bytes))
}
