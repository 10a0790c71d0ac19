//! `jixiao check`: data → findings.

use std::path::PathBuf;

use clap::ValueEnum;
use indexmap::IndexMap;

use super::Status;
use super::console::Console;
use crate::author::fix;
use crate::diagnostics::{self, Finding, HumanPrinter, has_errors};
use crate::form::Form;
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
    /// 要检查的部门：文件夹名、路径，或名称的一部分；不写就是全部
    #[arg(value_name = "部门")]
    departments: Vec<String>,
    /// 年度；不写就是 data 里最近的一年
    #[arg(long, value_name = "年度")]
    year: Option<String>,
    /// 表样文件夹，代替程序自带的附件2表样
    #[arg(long, value_name = "文件夹")]
    template: Option<PathBuf>,
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

pub(super) fn run(arguments: &Arguments, workspace: &Workspace, console: &Console) -> Status {
    let mut report = Report::default();
    if let Err(errors) = review(arguments, workspace, &mut report) {
        report.findings.extend(errors);
    }
    if report.repairs > 0 {
        console.note(&format!("已改好 {} 处", report.repairs));
    }
    match print(arguments.format, &report, console) {
        Ok(()) if has_errors(&report.findings) => Status::Errors,
        Ok(()) if arguments.strict && !report.findings.is_empty() => Status::Errors,
        Ok(()) => Status::Fine,
        Err(error) => {
            console.error(&format!("结果写不成 JSON：{error}"));
            Status::Errors
        }
    }
}

fn review(
    arguments: &Arguments,
    workspace: &Workspace,
    report: &mut Report,
) -> Result<(), Vec<Finding>> {
    let form = Form::open(arguments.template.as_deref())?;
    let config = Config::load(workspace.root()).unwrap_or_else(|findings| {
        report.findings.extend(findings);
        Config::default()
    });
    let levels = Levels::new(&config, &mut report.findings);
    let Year { name, departments, strays } =
        workspace.year(arguments.year.as_deref())?.select(&arguments.departments)?;
    report.findings.extend(strays);
    let reviewer = Reviewer::new(workspace, &form.definition, &levels, &name);
    if arguments.fix {
        for folder in &departments {
            let (repairs, errors) = fix::repair(&reviewer, folder);
            report.repairs += repairs;
            report.findings.extend(errors);
        }
    }
    reviewer.review_all(&departments, |review| {
        let errors = review.findings.iter().filter(|finding| finding.is_error()).count();
        let counts = (errors, review.findings.len() - errors);
        report.departments.insert(review.folder, counts);
        report.findings.extend(review.findings);
    });
    Ok(())
}

fn print(format: OutputFormat, report: &Report, console: &Console) -> serde_json::Result<()> {
    let findings = &report.findings;
    match format {
        OutputFormat::Human => {
            let printer = HumanPrinter::new();
            for finding in findings.iter().filter(|finding| console.wants(finding)) {
                console.output(&format!("{}\n", printer.print(finding)));
            }
            console.result(&report.summary());
        }
        OutputFormat::Short => findings.iter().for_each(|finding| {
            console.output(&diagnostics::short(finding));
        }),
        OutputFormat::Github => findings.iter().for_each(|finding| {
            console.output(&diagnostics::github(finding));
        }),
        OutputFormat::Json => console.output(&diagnostics::json(findings)?),
        OutputFormat::Sarif => console.output(&diagnostics::sarif(findings)),
    }
    Ok(())
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
