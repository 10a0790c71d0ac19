//! `jixiao extract`: PDF → the data it carries.

use std::path::PathBuf;

use super::Status;
use super::console::Console;
use super::failure::Failure;
use crate::diagnostics::shown;
use crate::import;

/// 从 PDF 里取出附带的数据文件（印的时候要用 --embed-source）
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao extract <PDF文件> -o <文件夹>")]
#[command(after_help = "\
例子：
  jixiao extract 056-灵沙乡.pdf -o data     把数据放回 data 文件夹
  jixiao extract 056-灵沙乡.pdf -o 取出     放到别处，和现在的数据比较

已有的文件不会被改动；有一个同名而内容不同，就一个也不写。")]
pub(super) struct Arguments {
    /// 附带数据的 PDF
    #[arg(value_name = "PDF文件")]
    pdf: PathBuf,
    /// 放到哪个文件夹；里面是 年度/部门/文件
    #[arg(short, long, value_name = "文件夹")]
    output: PathBuf,
}

pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Status, Failure> {
    for file in import::extract(&arguments.pdf, &arguments.output)? {
        let done = if file.was_there { "已有同样的" } else { "已取出" };
        console.result(&format!("{done} {}", shown(&file.path)))?;
    }
    Ok(Status::Fine)
}
