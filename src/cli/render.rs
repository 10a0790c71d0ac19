//! `jixiao render`: data → PDF, Excel, Word, pictures.

mod interrupt;
mod progress;
mod watch;

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Instant;

use clap::ValueEnum;

use super::console::Console;
use super::failure::Failure;
use super::options::{DepartmentArguments, FormOption, YearOption, keep_out_of_data};
use super::overview::{self, Line};
use super::{Status, source_date_epoch};
use crate::diagnostics::{self, Finding, shown};
use crate::files::io_error;
use crate::fonts::Fonts;
use crate::print::typeset::PdfSettings;
use crate::print::{
    self, Binding, Destination, Format, Mode, OnDisk, Outcome, Plan, Rendered, Renderer, Run,
    Settings, Shard,
};
use crate::workspace::{Config, Forms, Workspace, Year};
use interrupt::Interrupt;
use progress::Progress;

/// 把数据印成 PDF，或写成 Excel、Word：每个部门一份，或合成一份附件
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao render [选项] [部门]...")]
#[command(after_help = "\
例子：
  jixiao render                     最近年度的所有部门，各印一份
  jixiao render 灵沙乡              只印一个部门
  jixiao render --combined          所有部门合成一份 附件2.pdf，页码连续
  jixiao render --year 2023 -o 公开  指定年度和输出文件夹
  jixiao render --format xlsx       写成 Excel：每张表一个工作表，金额是数字
  jixiao render --format docx       写成 Word，给还要改的人
  jixiao render --check             看哪些 PDF 缺少或过时，什么也不写

数据、表样、字体和选项都没有变化的文件不会重新写；加 --force 就都重新印。")]
pub(super) struct Arguments {
    #[command(flatten)]
    departments: DepartmentArguments,
    #[command(flatten)]
    year: YearOption,
    /// 所有部门合成一份附件；有一个部门出错就不写
    #[arg(long)]
    combined: bool,
    /// 部门有下属单位时，怎样分文件：部门是一个部门一份，单位是一个单位一份 [默认: 部门]
    #[arg(
        long,
        value_name = "分法",
        value_enum,
        conflicts_with = "combined",
        hide_default_value = true,
        default_value = "部门"
    )]
    by: By,
    /// 前面加一张汇总表：各项目的资金和页码；--combined 时总是有
    #[arg(long)]
    summary: bool,
    /// 合成一份时不要汇总表
    #[arg(long, conflicts_with = "summary")]
    no_summary: bool,
    /// 输出文件夹，或一个文件名 [默认: output]
    #[arg(short, long, value_name = "位置")]
    output: Option<PathBuf>,
    #[command(flatten)]
    form: FormOption,
    /// 文件格式：pdf、xlsx（Excel）、docx（Word）、png、svg；png 和 svg 每页一个文件 [默认: pdf]
    #[arg(long, value_name = "格式", value_enum, default_value = "pdf")]
    format: FileFormat,
    /// PDF 标准，用逗号隔开，例如 a-2b、a-3a、1.7 [默认: a-2a,ua-1]
    #[arg(long, value_name = "标准", value_delimiter = ',', value_parser = standard)]
    pdf_standard: Vec<String>,
    /// 把数据文件附在 PDF 里，以后用 jixiao extract 取出；PDF 标准改用 a-3a,ua-1
    #[arg(long)]
    embed_source: bool,
    /// PDF 不压缩，文件大一倍，给只认旧版 PDF 的程序用
    #[arg(long)]
    no_compress: bool,
    /// 同时印几个部门；每多一个约多占 50 MB 内存 [默认: 处理器的个数，最多 8]
    #[arg(long, value_name = "个数", value_parser = jobs)]
    jobs: Option<NonZeroUsize>,
    /// 没有变化的也重新印
    #[arg(long)]
    force: bool,
    /// 只列出缺少和过时的文件，什么也不写；有就以退出状态 1 结束
    #[arg(long, conflicts_with_all = ["force", "watch"])]
    check: bool,
    /// 印完以后，删掉以前印的、现在没有部门对应的文件；只能用于整个年度
    #[arg(long, conflicts_with_all = ["check", "watch", "shard", "departments"])]
    prune: bool,
    /// 把部门平均分成 N 部分，只印第 K 部分；供多台机器分着印
    #[arg(long, value_name = "K/N", conflicts_with_all = ["combined", "watch"])]
    shard: Option<Shard>,
    /// 数据一保存就重新印，按 Ctrl-C 结束
    #[arg(long)]
    watch: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum By {
    #[value(name = "部门", alias = "department")]
    Department,
    #[value(name = "单位", alias = "unit")]
    Unit,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FileFormat {
    Pdf,
    Xlsx,
    Docx,
    Png,
    Svg,
}

impl From<FileFormat> for Format {
    fn from(format: FileFormat) -> Self {
        match format {
            FileFormat::Pdf => Self::Pdf,
            FileFormat::Xlsx => Self::Xlsx,
            FileFormat::Docx => Self::Docx,
            FileFormat::Png => Self::Png,
            FileFormat::Svg => Self::Svg,
        }
    }
}

/// What a run did, for its last line.
#[derive(Debug)]
struct Tally {
    format: Format,
    documents: usize,
    up_to_date: usize,
    failed: usize,
    forms: usize,
    pages: usize,
    errors: usize,
}

pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    if arguments.watch {
        return watch::run(arguments, workspace, console);
    }
    render(arguments, workspace, console, Interrupt::listen)
}

/// Renders once; `interrupt` is made for the number of documents and what to do after it.
fn render(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
    interrupt: impl FnOnce(usize, &'static str) -> Interrupt,
) -> Result<Status, Failure> {
    let start = Instant::now();
    let Prepared { forms, fonts, year, plan } = prepare(arguments, workspace)?;
    let leftovers = Leftovers::new(arguments, workspace, &year)?;
    console.findings(&year.strays);
    let written = plan.outputs.iter().map(|output| &output.path);
    arguments.output.iter().chain(written).try_for_each(|it| keep_out_of_data(it, workspace))?;
    let has_summary = |folder: &PathBuf| forms.of(folder).definition.summary.is_some();
    let has_summary = year.departments.iter().all(has_summary);
    let settings = settings(arguments, has_summary, &plan)?;
    let renderer = Renderer::new(&forms, &fonts, &settings);
    if arguments.check {
        let status = check(&renderer, &plan, &leftovers.find(&forms)?, console)?;
        return Ok(if year.strays.is_empty() { status } else { Status::Errors });
    }
    let advice = match plan.format.is_stamped() {
        true if arguments.force => "再运行一次，不加 --force，就接着印其余的",
        true => "再运行一次，就接着印其余的",
        false => "要印完就再运行一次，图片会从头印",
    };
    let interrupt = interrupt(plan.outputs.len(), advice);
    let progress = Progress::new(plan.outputs.len(), console.is_quiet());
    let run = Run {
        jobs: arguments.jobs.unwrap_or_else(print::default_jobs),
        mode: if arguments.force { Mode::All } else { Mode::Changed },
        stop: interrupt.stop.clone(),
    };
    let mut tally = Tally::new(plan.format);
    let mut departments = Vec::new();
    // A mistake in the layout keeps every department from being set; it is told once.
    let mut told = HashSet::new();
    // What cannot be told is no reason to leave the rest undone.
    let mut untold = None;
    let rendered = renderer.render(&plan, &run, |mut outcome| {
        outcome.findings.retain(|finding| told.insert(diagnostics::short(finding)));
        progress.suspend(|| {
            console.findings(&outcome.findings);
            if let Err(failure) = report(&outcome, &plan, console) {
                untold.get_or_insert(failure);
            }
        });
        progress.step(tally.add(&outcome));
        departments.extend(outcome.departments.into_iter().map(|(department, errors)| Line {
            department,
            errors,
            warnings: None,
        }));
        interrupt.count();
    });
    progress.finish();
    rendered?;
    if departments.len() > 1 {
        console.result(&overview::table(&departments))?;
    }
    console.note(&tally.summary(start.elapsed().as_secs_f64()));
    if let Some(message) = interrupt.message() {
        console.message(&message);
        return Ok(Status::Errors);
    }
    leftovers.tell(&forms, console)?;
    match untold {
        Some(failure) => Err(failure),
        None if tally.failed == 0 && year.strays.is_empty() => Ok(Status::Fine),
        None => Ok(Status::Errors),
    }
}

/// What earlier runs left in the output that no department stands for.
struct Leftovers<'a> {
    year: &'a Year,
    /// The folder of the output, if all of a year goes there.
    folder: Option<PathBuf>,
    format: Format,
    /// Whether they are taken away.
    prune: bool,
}

impl<'a> Leftovers<'a> {
    fn new(arguments: &Arguments, workspace: &Workspace, year: &'a Year) -> Result<Self, Failure> {
        let is_whole = arguments.departments.departments.is_empty() && arguments.shard.is_none();
        let folder = match destination(arguments, workspace) {
            Destination::Folder(folder) if is_whole => Some(folder),
            _ => None,
        };
        let format = Format::from(arguments.format);
        let folder = folder.filter(|_| format.is_stamped());
        let prune = arguments.prune;
        if prune && folder.is_none() {
            let help = "印图片的，去掉 --prune；-o 后面写文件夹，或者不写 -o";
            let message = "--prune 只能用于写到文件夹里的 PDF、Excel 和 Word 文件";
            return Err(Failure::usage(message, help));
        }
        if prune && let Some(stray) = year.strays.first() {
            let help = "照上面说的改好，再加上 --prune 运行一次";
            let message = format!("{} 还没有放对，这时候不删文件", stray.file());
            return Err(Failure::outside(message, help));
        }
        Ok(Self { year, folder, format, prune })
    }

    fn find(&self, forms: &Forms) -> Result<Vec<PathBuf>, Failure> {
        let Some(folder) = &self.folder else { return Ok(Vec::new()) };
        print::leftovers(self.year, forms, folder, self.format).map_err(|error| {
            let reason = io_error::in_chinese(&error);
            let message = format!("读不出输出文件夹 {}：{reason}", shown(folder));
            Failure::outside(message, "确认有权限读里面的文件")
        })
    }

    /// Takes them away, or names them.
    fn tell(&self, forms: &Forms, console: &Console) -> Result<(), Failure> {
        let found = self.find(forms)?;
        for path in &found {
            let name = shown(path);
            if self.prune {
                std::fs::remove_file(path).map_err(|error| {
                    let reason = io_error::in_chinese(&error);
                    let help = "看看是不是正被别的程序打开着，再运行一次";
                    Failure::outside(format!("删不掉 {name}：{reason}"), help)
                })?;
                console.result(&format!("已删除 {name}：没有部门对应它"))?;
            } else {
                console.note(&format!("多余 {name}：没有部门对应它"));
            }
        }
        if !self.prune && !found.is_empty() {
            console
                .note("怎么办: 用同样的选项加上 --prune 再运行一次，删掉多余的；还要用就移到别处");
        }
        Ok(())
    }
}

/// Lists what is missing, stale or left over.
fn check(
    renderer: &Renderer<'_>,
    plan: &Plan,
    leftovers: &[PathBuf],
    console: &Console,
) -> Result<Status, Failure> {
    let (mut missing, mut stale) = (0, 0);
    for output in &plan.outputs {
        match renderer.on_disk(plan, output) {
            OnDisk::UpToDate => {}
            OnDisk::Missing => {
                missing += 1;
                console.output(&format!("缺少 {}", shown(&output.path)))?;
            }
            OnDisk::Stale => {
                stale += 1;
                console.output(&format!("过时 {}", shown(&output.path)))?;
            }
        }
    }
    leftovers.iter().try_for_each(|path| console.output(&format!("多余 {}", shown(path))))?;
    let (documents, left, name) = (plan.outputs.len(), leftovers.len(), plan.format.name());
    if missing + stale + left == 0 {
        console.note(&format!("{documents} 份 {name} 都和数据一致"));
        return Ok(Status::Fine);
    }
    let more =
        if left > 0 { format!("，另有 {left} 份没有部门对应") } else { String::new() };
    let prune = if left > 0 { "；多余的加上 --prune 删掉" } else { "" };
    console.note(&format!(
        "{documents} 份 {name} 里缺少 {missing} 份、过时 {stale} 份{more}\n\
         怎么办: 用同样的选项运行 jixiao render，不加 --check{prune}"
    ));
    Ok(Status::Errors)
}

/// What a run needs.
struct Prepared {
    forms: Forms,
    fonts: Fonts,
    /// The year, with those departments that are asked for.
    year: Year,
    plan: Plan,
}

fn prepare(arguments: &Arguments, workspace: &Workspace) -> Result<Prepared, Vec<Finding>> {
    let mut config = Config::load(workspace.root())?;
    let forms = Forms::open(
        arguments.form.template.as_deref(),
        workspace,
        std::mem::take(&mut config.forms),
    )?;
    let fonts = Fonts::new(&config.fonts)?;
    let mut year = arguments.year.find(workspace)?.select(&arguments.departments.departments)?;
    // What a reviewer would query is for `check` to say.
    year.strays.retain(Finding::is_error);
    let (format, destination) = (arguments.format.into(), destination(arguments, workspace));
    let binding = match arguments.by {
        _ if arguments.combined => Binding::All,
        By::Department => Binding::Department,
        By::Unit => Binding::Unit,
    };
    let plan = Plan::new(year.clone(), &forms, &destination, format, binding)?;
    let plan = match arguments.shard {
        Some(shard) => plan.shard(shard),
        None => plan,
    };
    Ok(Prepared { forms, fonts, year, plan })
}

fn destination(arguments: &Arguments, workspace: &Workspace) -> Destination {
    match &arguments.output {
        Some(path) => Destination::from_path(path, arguments.format.into()),
        None => Destination::Folder(workspace.root().join("output")),
    }
}

fn jobs(text: &str) -> Result<NonZeroUsize, &'static str> {
    text.parse().map_err(|_| "写 1 或更大的整数，例如 2")
}

/// The settings the command line and `SOURCE_DATE_EPOCH` ask for.
fn settings(arguments: &Arguments, has_summary: bool, plan: &Plan) -> Result<Settings, Failure> {
    let embed_sources = arguments.embed_source;
    if embed_sources && !matches!(arguments.format, FileFormat::Pdf) {
        return Err(Failure::usage("--embed-source 只能用于 PDF", "去掉它，或去掉 --format"));
    }
    if arguments.check && !plan.format.is_stamped() {
        let message = "--check 不能用于图片：图片里没有记下它是用什么数据印的";
        return Err(Failure::usage(message, "去掉 --format，或去掉 --check"));
    }
    let pdf = PdfSettings::new(&plan.year, source_date_epoch()?, &standards(arguments)?);
    let mut pdf = pdf.map_err(|message| Failure::usage(message, STANDARDS_TOGETHER))?;
    if arguments.no_compress {
        pdf = pdf.without_compression();
    }
    if arguments.summary && !has_summary {
        let help = "去掉 --summary，或在表样的 form.toml 里写上 [\"汇总表\"]";
        return Err(Failure::usage("这个表样没有汇总表", help));
    }
    let summary = arguments.summary || arguments.combined && has_summary && !arguments.no_summary;
    Ok(Settings { pdf, summary, embed_sources })
}

/// Which standards go together.
const STANDARDS_TOGETHER: &str = "a- 开头的（PDF/A）只写一种，PDF 版本（1.4 到 2.0）也只写一种；\
    a-1 用 1.4，a-2、a-3 和 ua-1 最高 1.7，a-4 用 2.0；不写 --pdf-standard 就是 a-2a,ua-1";

/// A standard by its name, in whatever case, with or without `PDF/` before it.
fn standard(text: &str) -> Result<String, String> {
    let name = text.trim().to_lowercase();
    let name = name.strip_prefix("pdf").unwrap_or(&name).trim_start_matches(['/', '-', ' ']);
    match PdfSettings::STANDARDS.contains(&name) {
        true => Ok(name.to_owned()),
        false => Err(format!("可以写：{}", PdfSettings::STANDARDS.join("、"))),
    }
}

fn standards(arguments: &Arguments) -> Result<Vec<String>, Failure> {
    let named = |standards: &[&str]| standards.iter().map(|name| (*name).to_owned()).collect();
    let asked = &arguments.pdf_standard;
    let forbids_files =
        |name: &&String| name.starts_with("a-1") || name.starts_with("a-2") || *name == "a-4";
    match asked.iter().find(forbids_files) {
        Some(name) if arguments.embed_source => Err(Failure::usage(
            format!("PDF 标准 {name} 不允许附带文件"),
            "和 --embed-source 一起用 a-3a、a-3b、a-3u 或 a-4f",
        )),
        _ if !asked.is_empty() => Ok(asked.clone()),
        _ if arguments.embed_source => Ok(named(PdfSettings::STANDARDS_WITH_FILES)),
        _ => Ok(named(PdfSettings::DEFAULT_STANDARDS)),
    }
}

/// Tells what became of a document. That it stayed as it was goes without saying, unless it is
/// the only one.
fn report(outcome: &Outcome, plan: &Plan, console: &Console) -> Result<(), Failure> {
    let written = match &outcome.result {
        Rendered::Written(written) => written,
        Rendered::UpToDate(file) if plan.outputs.len() == 1 => {
            return console.result(&format!("没有变化 {}", shown(file)));
        }
        Rendered::UpToDate(_) | Rendered::Proven(_) | Rendered::Failed => return Ok(()),
    };
    let (Some(first), Some(last)) = (written.files.first(), written.files.last()) else {
        return Ok(());
    };
    let leaves = leaves("，", written.pages, plan.format);
    let size = format!("{} 张表{leaves}", written.forms);
    console.result(&match written.files.len() {
        1 => format!("已写出 {}：{size}", shown(first)),
        _ => format!("已写出 {} 至 {}：{size}", shown(first), shown(last)),
    })
}

/// How many pages or worksheets there are, behind this mark; nothing if nobody knows.
fn leaves(mark: &str, count: usize, format: Format) -> String {
    format.leaf().map(|leaf| format!("{mark}{count} {leaf}")).unwrap_or_default()
}

impl Tally {
    fn new(format: Format) -> Self {
        Self { format, documents: 0, up_to_date: 0, failed: 0, forms: 0, pages: 0, errors: 0 }
    }

    /// Counts a document and returns how many forms were set for it.
    fn add(&mut self, outcome: &Outcome) -> usize {
        self.errors += outcome.findings.iter().filter(|finding| finding.is_error()).count();
        match &outcome.result {
            Rendered::Written(written) => {
                self.documents += 1;
                self.forms += written.forms;
                self.pages += written.pages;
                return written.forms;
            }
            Rendered::UpToDate(_) => self.up_to_date += 1,
            Rendered::Proven(_) => {}
            Rendered::Failed => self.failed += 1,
        }
        0
    }

    fn summary(&self, seconds: f64) -> String {
        let Self { format, documents, up_to_date, failed, forms, pages, errors } = self;
        let leaves = leaves("、", *pages, *format);
        let time = format!("用时 {seconds:.2} 秒");
        let mut summary = match (documents, up_to_date) {
            (0, 0) if *failed == 0 => "没有要印的部门：部门没有分成的部分多".to_owned(),
            (0, 1..) => {
                format!("{up_to_date} 份没有变化，不用重新印（要重新印就加 --force），{time}")
            }
            (_, 0) => format!("写出 {documents} 份，共 {forms} 张表{leaves}，{time}"),
            (_, 1..) => format!(
                "写出 {documents} 份，共 {forms} 张表{leaves}，{time}；{up_to_date} 份没有变化"
            ),
        };
        if *failed > 0 {
            summary += &format!("；另有 {failed} 份因 {errors} 个错误没有写出");
        }
        summary
    }
}
