//! `jixiao explain`: what a code means.

use super::Status;
use super::console::Console;
use super::failure::Failure;
use crate::rules;

/// 解释检查规则；不写编号就列出全部规则
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao explain [编号]")]
pub(super) struct Arguments {
    /// 规则的编号，如 W201
    #[arg(value_name = "编号")]
    code: Option<String>,
}

pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Status, Failure> {
    let Some(code) = &arguments.code else {
        for rule in rules::all() {
            let severity = rule.severity.name();
            console.output(&format!("{} {severity} {}", rule.code, rule.name))?;
        }
        return Ok(Status::Fine);
    };
    let Some(rule) = rules::find(code) else {
        let message = format!("没有编号是“{code}”的规则");
        return Err(Failure::usage(message, "用 jixiao explain 看全部编号"));
    };
    let severity = rule.severity.name();
    console
        .output(&format!("{} {}（{severity}）\n\n{}", rule.code, rule.name, rule.explanation))?;
    Ok(Status::Fine)
}
