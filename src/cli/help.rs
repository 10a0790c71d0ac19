//! `jixiao help`: the same as `--help`, for those who type it as a word.

use super::console::Console;
use super::failure::Failure;
use super::{Status, usage};

/// 显示帮助：全部命令，或一个命令的用法
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao help [命令]")]
pub(super) struct Arguments {
    /// 哪个命令，如 render
    #[arg(value_name = "命令")]
    command: Option<String>,
}

pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Status, Failure> {
    let command = arguments.command.as_deref();
    let asked = ["jixiao"].into_iter().chain(command).chain(["--help"]);
    match super::command().try_get_matches_from(asked) {
        Err(stopped) => usage::stopped(&stopped, console),
        Ok(_) => Ok(Status::Fine),
    }
}
