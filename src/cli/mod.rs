//! The command line: one file a command, thin.
//!
//! A command reads its arguments, calls a room below and says what came of it: results on standard
//! output, messages on standard error, an exit status. Nothing else in the program prints.

mod check;
mod completions;
mod console;
mod diff;
mod edit;
mod explain;
mod extract;
mod failure;
mod fmt;
mod fonts;
mod generated;
mod help;
mod import;
mod lsp;
mod man;
mod new;
mod options;
mod overview;
mod prompt;
mod render;
mod rollover;
mod schema;
mod start;
mod templates;
mod usage;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::diagnostics::shown;
use crate::files::io_error;
use crate::form::DEFAULT_FORM;
use crate::workspace::Workspace;
use console::Console;
use failure::Failure;

/// How a run ended; the exit status of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Everything was done: 0.
    Fine,
    /// The data has errors, or something could not be written: 1.
    Errors,
    /// Two states of the data are different: 1.
    Different,
    /// Two states of the data could not be compared: 2.
    Incomparable,
    /// Wrong usage: 2.
    Usage,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Fine => Self::SUCCESS,
            Status::Errors | Status::Different => Self::from(1),
            Status::Incomparable | Status::Usage => Self::from(2),
        }
    }
}

/// 绩效：把项目支出预算绩效目标的文本数据（TOML）印成公开用的附件。
#[derive(Debug, Parser)]
#[command(name = "jixiao", version = version(), disable_help_subcommand = true)]
#[command(override_usage = "jixiao [选项] <命令>")]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
struct Global {
    /// 工作文件夹（里面有 data 文件夹）
    #[arg(short = 'C', value_name = "文件夹", global = true, default_value = ".")]
    directory: PathBuf,
    /// 彩色输出：auto（在终端上才用）、always、never [默认: auto]
    #[arg(long, value_name = "时机", global = true, value_enum, default_value = "auto")]
    color: Color,
    /// 只报错误，不报进展
    #[arg(short, long, global = true)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    Render(render::Arguments),
    Check(check::Arguments),
    Diff(diff::Arguments),
    Fmt(fmt::Arguments),
    New(new::Arguments),
    Rollover(rollover::Arguments),
    Explain(explain::Arguments),
    Fonts(fonts::Arguments),
    Import(import::Arguments),
    Extract(extract::Arguments),
    Schema(schema::Arguments),
    Templates(templates::Arguments),
    Edit(edit::Arguments),
    Lsp(lsp::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
    Help(help::Arguments),
}

/// The version with what decides how a form looks.
fn version() -> String {
    let typst = typst::utils::version().raw();
    format!("{}（Typst {typst}，表样 {DEFAULT_FORM}）", env!("CARGO_PKG_VERSION"))
}

/// The command line as it is described to people, shells and man.
fn command() -> clap::Command {
    usage::in_chinese(Arguments::command())
}

/// Runs the program with the arguments of a command line, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Status {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    match start::double_clicked(&arguments) {
        None => run_command(&arguments),
        Some(arguments) => {
            let status = run_command(&arguments);
            start::hold_window(&arguments, status);
            status
        }
    }
}

fn run_command(arguments: &[OsString]) -> Status {
    let parsed = command()
        .try_get_matches_from(arguments)
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    let (console, ended) = match parsed {
        Ok(Arguments { global, command }) => {
            let console = Console::new(global.color, global.quiet);
            let ended = workspace(global.directory).and_then(|it| command.run(&it, &console));
            (console, ended)
        }
        Err(stopped) => {
            let console = Console::new(Color::Auto, false);
            let ended = usage::stopped(&stopped, &console);
            (console, ended)
        }
    };
    ended.unwrap_or_else(|failure| {
        console.failure(&failure);
        failure.status()
    })
}

impl Command {
    fn run(&self, workspace: &Workspace, console: &Console) -> Result<Status, Failure> {
        match self {
            Self::Render(arguments) => render::run(arguments, workspace, console),
            Self::Check(arguments) => check::run(arguments, workspace, console),
            Self::Diff(arguments) => diff::run(arguments, workspace, console),
            Self::Fmt(arguments) => fmt::run(arguments, workspace, console),
            Self::New(arguments) => new::run(arguments, workspace, console),
            Self::Rollover(arguments) => rollover::run(arguments, workspace, console),
            Self::Explain(arguments) => explain::run(arguments, console),
            Self::Fonts(arguments) => fonts::run(arguments, workspace, console),
            Self::Import(arguments) => import::run(arguments, workspace, console),
            Self::Extract(arguments) => extract::run(arguments, console),
            Self::Schema(arguments) => schema::run(arguments, workspace, console),
            Self::Templates(arguments) => templates::run(arguments, workspace, console),
            Self::Edit(arguments) => edit::run(arguments, workspace, console),
            Self::Lsp(arguments) => lsp::run(arguments, workspace, console),
            Self::Completions(arguments) => completions::run(arguments, console),
            Self::Man(arguments) => man::run(arguments, workspace, console),
            Self::Help(arguments) => help::run(arguments, console),
        }
    }
}

/// The workspace in a folder, which has to be one.
fn workspace(folder: PathBuf) -> Result<Workspace, Failure> {
    let reason = match folder.metadata() {
        Ok(there) if there.is_dir() => return Ok(Workspace::new(folder)),
        Ok(_) => "是文件，不是文件夹".to_owned(),
        Err(error) => io_error::in_chinese(&error),
    };
    let message = format!("-C 后面的“{}”{reason}", shown(&folder));
    Err(Failure::usage(message, "-C 后面写 data 所在的文件夹；就在那里运行的，不用写 -C"))
}

/// The date a PDF gets instead of its own, in seconds after 1970
/// (see <https://reproducible-builds.org/specs/source-date-epoch/>).
fn source_date_epoch() -> Result<Option<i64>, Failure> {
    let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") else { return Ok(None) };
    let seconds = text.parse().ok();
    // A date that no calendar has could not be written.
    match seconds.filter(|&it| time::OffsetDateTime::from_unix_timestamp(it).is_ok()) {
        Some(seconds) => Ok(Some(seconds)),
        None => Err(Failure::usage(
            format!("环境变量 SOURCE_DATE_EPOCH 应该是从 1970 年起的整数秒，现在是“{text}”"),
            "改成例如 1700000000；不要它，就清除这个变量",
        )),
    }
}

/// A command line to copy: the program with these words, in this workspace.
fn command_line(workspace: &Workspace, words: &[&str]) -> String {
    let root = workspace.root().to_string_lossy();
    let directory = if root == "." { vec![] } else { vec!["-C", &root] };
    let special = [' ', '\'', '"', '\\', '&', '(', ')', '*', ';', '|', '<', '>', '$', '`'];
    let words = directory.iter().chain(words).map(|&word| match word {
        word if !word.is_empty() && !word.contains(special) => word.to_owned(),
        // Double quotes are understood on every system, but not within each other.
        word if word.contains('"') => format!("'{word}'"),
        word => format!("\"{word}\""),
    });
    std::iter::once("jixiao".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}
