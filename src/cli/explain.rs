//! `jixiao explain`: what a code means.

use super::Status;
use super::console::Console;
use super::failure::Failure;
use crate::diagnostics::Rule;
use crate::rules;

/// 解释检查规则；不写编号就列出全部规则
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao explain [编号]...")]
#[command(after_help = "\
例子：
  jixiao explain W201               一条规则
  jixiao explain 201                E201 和 W201
  jixiao explain 金额               名称里有“金额”的规则")]
pub(super) struct Arguments {
    /// 规则的编号，如 W201；也可以只写数字，或名称的一部分
    #[arg(value_name = "编号")]
    codes: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Status, Failure> {
    if arguments.codes.is_empty() {
        let listed = |rule: &Rule| {
            console.output(&format!("{} {} {}", rule.code, rule.severity.name(), rule.name))
        };
        rules::all().into_iter().try_for_each(listed)?;
    }
    let mut explained = Vec::new();
    for code in &arguments.codes {
        let rules = rules::find(code);
        if rules.is_empty() {
            return Err(unknown(code));
        }
        explained.extend(rules.into_iter().map(explanation));
    }
    if !explained.is_empty() {
        console.output(&explained.join("\n\n"))?;
    }
    Ok(Status::Fine)
}

fn explanation(rule: &Rule) -> String {
    format!("{} {}（{}）\n\n{}", rule.code, rule.name, rule.severity.name(), rule.explanation)
}

fn unknown(asked: &str) -> Failure {
    let similar = rules::similar(asked);
    let help = match similar[..] {
        [] => "用 jixiao explain 看全部编号".to_owned(),
        _ => format!("是不是 {}？用 jixiao explain 看全部编号", similar.join("、")),
    };
    Failure::usage(format!("没有编号或名称是“{asked}”的规则"), help)
}
