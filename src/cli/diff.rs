//! `jixiao diff`: two states of the data → what is different.

use std::path::{Path, PathBuf};

use anstream::ColorChoice;
use clap::ValueEnum;

use super::console::Console;
use super::failure::Failure;
use super::options::{FormOption, keep_out_of_data};
use super::{Status, source_date_epoch};
use crate::compare::{self, Comparison, Reader, Side};
use crate::diagnostics::{Finding, shown};
use crate::files::atomic_file;
use crate::fonts::Fonts;
use crate::form::Form;
use crate::print::typeset::{PdfSettings, Typesetter};
use crate::workspace::Config;
use crate::workspace::Workspace;

/// 比较两份数据：哪些项目、金额、文字、指标改了
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao diff [选项] <原来> [现在]")]
#[command(after_help = "\
例子：
  jixiao diff HEAD                       和 git 里最后一次提交比
  jixiao diff v2023 v2024                比两个版本
  jixiao diff HEAD~1 data/2023/056-灵沙乡   只比一个部门
  jixiao diff 2023 2024                  比两年
  jixiao diff 旧.toml 新.toml --format json
  jixiao diff v2023 --format pdf         印成调整对照表：output/绩效目标调整对照表.pdf
  git config diff.jixiao.command \"jixiao diff --git\"   让 git diff 也这样显示

每行开头是改动的种类：新增、删去、修改、改名、移动、顺序、资金、豁免。
短的文字写成 旧 → 新；长的文字只标出改了的字：[-删去的-]{+加上的+}。
没有不同时退出状态是 0，有不同是 1，比较不了是 2。")]
pub(super) struct Arguments {
    /// 原来的：项目文件、部门.toml、部门文件夹、年度、data，或 git 版本（HEAD~1、v2023、HEAD~1:路径）
    #[arg(value_name = "原来", required_unless_present = "git")]
    old: Option<String>,
    /// 现在的，写法同上；不写就是工作文件夹里现在的数据
    #[arg(value_name = "现在")]
    new: Option<String>,
    /// 比较整个 data 时只看这个年度
    #[arg(long, value_name = "年度")]
    year: Option<String>,
    /// 输出格式：text、markdown、json、pdf；pdf 是印好的调整对照表 [默认: text]
    #[arg(long, value_name = "格式", value_enum, default_value = "text")]
    format: OutputFormat,
    /// 写到文件里，不显示在屏幕上；pdf 不写就是 output/绩效目标调整对照表.pdf
    #[arg(short, long, value_name = "文件")]
    output: Option<PathBuf>,
    #[command(flatten)]
    form: FormOption,
    /// 由 git 调用：按 git 给外部比较程序的参数比较一个文件，退出状态总是 0
    #[arg(long, value_name = "参数", num_args = 1..=9, allow_hyphen_values = true)]
    #[arg(conflicts_with_all = ["old", "year", "output"])]
    git: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    Text,
    Markdown,
    Json,
    Pdf,
}

/// The name of a PDF that is given no other.
const PDF_FILE: &str = "绩效目标调整对照表.pdf";

pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    compare(arguments, workspace, console)
        .map_err(|failure| Failure::Incomparable(Box::new(failure)))
}

fn compare(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    let default = workspace.root().join("output").join(PDF_FILE);
    let output = match (arguments.output.as_deref(), arguments.format) {
        (None, OutputFormat::Pdf) => Some(default.as_path()),
        (output, _) => output,
    };
    output.map_or(Ok(()), |output| keep_out_of_data(output, workspace))?;
    let forms = arguments.form.open(workspace)?;
    let reader = Reader::new(workspace, &forms, arguments.year.as_deref());
    if !arguments.git.is_empty() {
        return for_git(&arguments.git, &reader, console);
    }
    let old = arguments.old.as_deref().unwrap_or_default();
    let (old, new) = reader.read(old, arguments.new.as_deref())?;
    let form = reader.form(&old, &new);
    let comparison = compare::compare(&old, &new, &forms)?;
    if comparison.is_empty() {
        console.note("没有不同");
    }
    let text = match arguments.format {
        OutputFormat::Json => compare::json(&comparison)?,
        // Nothing to show is no reason to touch an earlier file.
        _ if comparison.is_empty() => return Ok(Status::Fine),
        OutputFormat::Markdown => compare::markdown(&comparison),
        OutputFormat::Text => {
            format!("{}\n\n{}", compare::text(&comparison), compare::summary(&comparison))
        }
        OutputFormat::Pdf => {
            let settings = settings(&comparison)?;
            let pdf = pdf(&comparison, (&old, &new), form, &settings, workspace)?;
            write(output.unwrap_or(&default), &pdf, console)?;
            return Ok(Status::Different);
        }
    };
    match output {
        Some(path) => {
            let text = format!("{}\n", anstream::adapter::strip_str(&text));
            write(path, text.as_bytes(), console)?;
        }
        None => console.output(&text)?,
    }
    Ok(if comparison.is_empty() { Status::Fine } else { Status::Different })
}

/// How the PDF is written: like the forms of the last year it is about.
fn settings(comparison: &Comparison) -> Result<PdfSettings, Failure> {
    let year = comparison.years().last().copied().unwrap_or_default();
    let epoch = source_date_epoch()?;
    // PDF/A asks for a date, and files compared without their folder do not tell their year.
    let is_dated = !year.is_empty() || epoch.is_some();
    let standards = if is_dated { PdfSettings::DEFAULT_STANDARDS } else { &["ua-1"] };
    PdfSettings::new(year, epoch, standards).map_err(|message| Failure::usage(message, ""))
}

/// The differences as a printed table.
fn pdf(
    comparison: &Comparison,
    sides: (&Side, &Side),
    form: &Form,
    settings: &PdfSettings,
    workspace: &Workspace,
) -> Result<Vec<u8>, Vec<Finding>> {
    let fonts = Fonts::new(&Config::load(workspace.root())?.fonts)?;
    let typesetter = Typesetter::new(form, &fonts);
    compare::pdf(comparison, sides, &form.definition, &typesetter, settings)
}

fn write(path: &Path, bytes: &[u8], console: &Console) -> Result<(), Failure> {
    atomic_file::replace(path, bytes).map_err(|error| Failure::unwritten(path, &error))?;
    // Through a stream it may have gone where this would go, and be spoiled by it.
    if !atomic_file::is_stream(path) {
        console.result(&format!("已写出 {}", shown(path)))?;
    }
    Ok(())
}

/// What git calls for each file: `path old-file old-hex old-mode new-file new-hex new-mode`, for a
/// renamed one also its new path and what git says of it, for an unmerged one only the path. git
/// stops at any other exit status than 0.
fn for_git(git: &[String], reader: &Reader<'_>, console: &Console) -> Result<Status, Failure> {
    let is_unset = |name: &str| std::env::var_os(name).is_none_or(|value| value.is_empty());
    if ColorChoice::global() == ColorChoice::Auto
        && !is_unset("GIT_PAGER_IN_USE")
        && is_unset("NO_COLOR")
    {
        // A pager stands between this program and the terminal.
        ColorChoice::Always.write_global();
    }
    let (path, old, new, renamed) = match git {
        [path] => {
            console.output(&format!("{path}\n  合并有冲突；解决以后再比较"))?;
            return Ok(Status::Fine);
        }
        [path, old, _, _, new, _, _] => (path, old, new, None),
        [path, old, _, _, new, _, _, renamed, _] => (path, old, new, Some(renamed)),
        _ => {
            let help = "这样设置 git：git config diff.jixiao.command \"jixiao diff --git\"";
            return Err(Failure::usage("--git 后面的参数不是 git 给的", help));
        }
    };
    console.output(&match renamed {
        Some(renamed) => format!("{path} → {renamed}"),
        None => path.clone(),
    })?;
    let comparison = reader
        .read_file(renamed.unwrap_or(path), Path::new(old), Path::new(new))
        .and_then(|(old, new)| compare::compare(&old, &new, reader.forms()));
    match comparison {
        Ok(comparison) if comparison.is_empty() => {
            console.output("  内容没有不同，只改了注释、写法或文件名\n")?;
        }
        Ok(comparison) => console.output(&format!("{}\n", compare::text(&comparison)))?,
        Err(findings) => {
            console.findings(&findings);
            console.output("  有错误，不能比较；用 git diff --no-ext-diff 看原文\n")?;
        }
    }
    Ok(Status::Fine)
}
