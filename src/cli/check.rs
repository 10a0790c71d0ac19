//! `jixiao check`: data → findings.

use clap::ValueEnum;
use indexmap::IndexMap;

use super::Status;
use super::console::Console;
use super::failure::Failure;
use super::options::{DepartmentArguments, FormOption, YearOption};
use crate::author::fix;
use crate::diagnostics::{self, Finding, HumanPrinter, has_errors};
use crate::lint::{Levels, Reviewer};
use crate::workspace::Config;
use crate::workspace::{Workspace, Year};

/// 检查数据：说出审核人会问的每一处
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao check [选项] [部门]...")]
#[command(after_help = "\
例子：
  jixiao check                      最近年度的所有部门
  jixiao check 灵沙乡               只检查一个部门
  jixiao check --fix                先把只有一种改法的地方改好
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
    /// How many of them each department has.
    departments: IndexMap<String, (usize, usize)>,
    repairs: usize,
}

pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    let mut report = Report::default();
    if let Err(errors) = review(arguments, workspace, &mut report) {
        report.findings.extend(errors);
    }
    if report.repairs > 0 {
        console.note(&format!("已改好 {} 处", report.repairs));
    }
    print(arguments.format, &report, console)?;
    let has_failed =
        if arguments.strict { !report.findings.is_empty() } else { has_errors(&report.findings) };
    Ok(if has_failed { Status::Errors } else { Status::Fine })
}

fn review(
    arguments: &Arguments,
    workspace: &Workspace,
    report: &mut Report,
) -> Result<(), Vec<Finding>> {
    let form = arguments.form.open()?;
    let config = Config::load(workspace.root()).unwrap_or_else(|findings| {
        report.findings.extend(findings);
        Config::default()
    });
    let levels = Levels::new(&config, &mut report.findings);
    let Year { name, departments } =
        arguments.year.find(workspace)?.select(&arguments.departments.departments)?;
    let mut reviewer = Reviewer::new(workspace, &form.definition, &levels, &name);
    for folder in departments {
        let mut findings = Vec::new();
        if arguments.fix {
            let (repairs, errors) = fix::repair(&reviewer, &folder);
            report.repairs += repairs;
            findings.extend(errors);
        }
        findings.extend(reviewer.review(&folder));
        let errors = findings.iter().filter(|finding| finding.is_error()).count();
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        report.departments.insert(name, (errors, findings.len() - errors));
        report.findings.append(&mut findings);
    }
    Ok(())
}

fn print(format: OutputFormat, report: &Report, console: &Console) -> Result<(), Failure> {
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
    /// How many findings there are, by rule and by department.
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
        let total = self.findings.iter().filter(|finding| finding.is_error()).count();
        let departments =
            self.departments.iter().filter(|(_, (errors, warnings))| errors + warnings > 0);
        let departments: Vec<String> = departments
            .map(|(name, (errors, warnings))| format!("  {name}：{}", counted(*errors, *warnings)))
            .collect();
        if !departments.is_empty() {
            lines.push("按部门：".to_owned());
            lines.extend(departments);
        }
        let departments = self.departments.len();
        let counted = match self.findings.len() {
            0 => "没有问题".to_owned(),
            all => counted(total, all - total),
        };
        lines.push(format!("检查了 {departments} 个部门：{counted}"));
        lines.join("\n")
    }
}

fn counted(errors: usize, warnings: usize) -> String {
    format!("{errors} 个错误，{warnings} 条警告")
}
