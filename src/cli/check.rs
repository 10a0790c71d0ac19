//! `jixiao check`: data → findings.

use std::collections::HashSet;
use std::path::PathBuf;

use clap::ValueEnum;
use indexmap::IndexMap;

use super::console::Console;
use super::failure::Failure;
use super::options::{DepartmentArguments, FormOption, YearOption};
use super::overview::{self, Line};
use super::{Status, source_date_epoch};
use crate::author::fix;
use crate::diagnostics::{self, Finding, HumanPrinter, has_errors};
use crate::fonts::Fonts;
use crate::lint::Review;
use crate::live::Ground;
use crate::print::typeset::PdfSettings;
use crate::print::{self, Binding, Mode, Plan, Rendered, Renderer, Run, Settings, Stop};
use crate::workspace::{Forms, Workspace};

/// 检查数据：说出审核人会问的每一处
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao check [选项] [部门]...")]
#[command(after_help = "\
例子：
  jixiao check                      最近年度的所有部门
  jixiao check 灵沙乡               只检查一个部门
  jixiao check --fix                先把只有一种改法的地方改好
  jixiao check --print              再核对排出来的每一页
  jixiao check --format sarif       交给别的程序读
  jixiao explain W201               看一条规则的解释

有错误时退出状态是 1；只有警告时是 0，加上 --strict 就是 1。")]
pub(super) struct Arguments {
    #[command(flatten)]
    departments: DepartmentArguments,
    #[command(flatten)]
    year: YearOption,
    #[command(flatten)]
    form: FormOption,
    /// 输出格式：human、short、json、sarif、github [默认: human]
    #[arg(long, value_name = "格式", value_enum, default_value = "human")]
    format: OutputFormat,
    /// 改好只有一种改法的地方（引号、半角标点、全角数字、多余的空格、看不见的字符）
    #[arg(long)]
    fix: bool,
    /// 再把每一页排出来核对一遍，和 render 一样，但什么也不写
    #[arg(long)]
    print: bool,
    /// 有警告也算不通过
    #[arg(long)]
    strict: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    Human,
    Short,
    Json,
    Sarif,
    Github,
}

/// What was found, and where.
#[derive(Debug, Default)]
struct Report {
    findings: Vec<Finding>,
    /// What each department has.
    departments: Vec<Line>,
    /// What was repaired, one line each.
    repairs: Vec<String>,
    /// How many pages were proven, if that was asked for.
    proven: Option<usize>,
}

pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    let mut report = Report::default();
    match review(arguments, workspace, &mut report) {
        Ok(Some(proof)) if arguments.print => proof.run(&mut report)?,
        Ok(_) => {}
        Err(errors) => report.findings.extend(errors),
    }
    if !report.repairs.is_empty() {
        let repairs = report.repairs.iter().map(|line| format!("{line}\n")).collect::<String>();
        console.note(&format!("{repairs}已改好 {} 处", report.repairs.len()));
    }
    tell(arguments.format, &report, console)?;
    let has_failed =
        if arguments.strict { !report.findings.is_empty() } else { has_errors(&report.findings) };
    Ok(if has_failed { Status::Errors } else { Status::Fine })
}

/// What is needed to set and prove the pages.
struct Proof {
    forms: Forms,
    fonts: Fonts,
    plan: Plan,
}

impl Proof {
    /// Sets and proves every page that `render` would write.
    fn run(self, report: &mut Report) -> Result<(), Failure> {
        let standards = PdfSettings::DEFAULT_STANDARDS;
        let pdf = PdfSettings::new(&self.plan.year, source_date_epoch()?, standards)
            .map_err(|message| Failure::usage(message, "检查环境变量 SOURCE_DATE_EPOCH"))?;
        let settings = Settings { pdf, summary: false, embed_sources: false };
        let renderer = Renderer::new(&self.forms, &self.fonts, &settings);
        let run = Run { jobs: print::default_jobs(), mode: Mode::Prove, stop: Stop::default() };
        // What is wrong with the data is known; a mistake in the layout is told once.
        let mut told: HashSet<String> = report.findings.iter().map(diagnostics::short).collect();
        let mut proven = 0;
        renderer.render(&self.plan, &run, |outcome| {
            let new = outcome.findings.into_iter();
            report.findings.extend(new.filter(|it| told.insert(diagnostics::short(it))));
            if let Rendered::Proven(pages) = outcome.result {
                proven += pages;
            }
        })?;
        report.proven = Some(proven);
        Ok(())
    }
}

/// Finds all that can be known without setting a page.
fn review(
    arguments: &Arguments,
    workspace: &Workspace,
    report: &mut Report,
) -> Result<Option<Proof>, Vec<Finding>> {
    let ground = Ground::open(workspace, arguments.form.template.as_deref())?;
    report.findings.extend_from_slice(&ground.findings);
    let year = arguments.year.find(workspace)?.select(&arguments.departments.departments)?;
    let mut strays = year.strays.clone();
    ground.levels.apply(&mut strays);
    report.findings.append(&mut strays);
    // Also of a single unit.
    let plan = ground.plan(year.clone(), workspace, Binding::Unit);
    let plan = plan.map_err(|errors| report.findings.extend(errors)).ok();
    let reviewer = ground.reviewer(workspace, &year.name);
    let folders: Vec<PathBuf> =
        year.departments.iter().flat_map(|it| ground.forms.folders(it)).collect();
    if arguments.fix {
        for folder in &folders {
            let repairs = fix::repair(&reviewer, folder);
            report.repairs.extend(repairs.made);
            report.findings.extend(repairs.findings);
        }
    }
    reviewer.review_all(&folders, |review| {
        let Review { figures, mut findings } = review;
        let errors = findings.iter().filter(|finding| finding.is_error()).count();
        let warnings = Some(findings.len() - errors);
        report.departments.push(Line { department: figures, errors, warnings });
        report.findings.append(&mut findings);
    });
    let Ground { forms, fonts, .. } = ground;
    Ok(fonts.zip(plan).map(|(fonts, plan)| Proof { forms, fonts, plan }))
}

fn tell(format: OutputFormat, report: &Report, console: &Console) -> Result<(), Failure> {
    let findings = &report.findings;
    match format {
        OutputFormat::Human => {
            let printer = HumanPrinter::new();
            let mut wanted = findings.iter().filter(|finding| console.wants(finding));
            wanted.try_for_each(|it| console.output(&format!("{}\n", printer.print(it))))?;
            console.result(&report.summary())
        }
        OutputFormat::Short => {
            findings.iter().try_for_each(|it| console.output(&diagnostics::short(it)))
        }
        OutputFormat::Github => {
            findings.iter().try_for_each(|it| console.output(&diagnostics::github(it)))
        }
        OutputFormat::Json => console.output(&diagnostics::json(findings)?),
        OutputFormat::Sarif => console.output(&diagnostics::sarif(findings)),
    }
}

impl Report {
    /// How many findings there are by rule, and how much was looked at.
    fn summary(&self) -> String {
        let mut lines = Vec::new();
        let mut rules: IndexMap<(&str, &str), usize> = IndexMap::new();
        for finding in &self.findings {
            *rules.entry((finding.rule.code, finding.rule.name)).or_default() += 1;
        }
        rules.sort_unstable_keys();
        if !rules.is_empty() {
            lines.push("按规则：".to_owned());
            lines.extend(rules.iter().map(|((code, name), n)| format!("  {code} {name}：{n}")));
        }
        if self.departments.len() > 1 {
            lines.push("按部门：".to_owned());
            lines.push(overview::table(&self.departments));
        }
        let errors = self.findings.iter().filter(|finding| finding.is_error()).count();
        let counted = match self.findings.len() {
            0 => "没有问题".to_owned(),
            all => format!("{errors} 个错误，{} 条警告", all - errors),
        };
        lines.push(match &self.departments[..] {
            [] => format!("没有检查部门：{counted}"),
            [only] => {
                let name = &only.department.folder;
                format!("检查了 {name}：{}；{counted}", overview::projects(&self.departments))
            }
            all => {
                let departments = overview::departments(all);
                format!("检查了 {departments} 个部门，{}：{counted}", overview::projects(all))
            }
        });
        if let Some(pages) = self.proven {
            lines.push(match pages {
                0 => "没有一页能排出来：先改好上面的错误".to_owned(),
                pages => format!("排出 {pages} 页，每一页都和数据一样"),
            });
        }
        lines.join("\n")
    }
}
