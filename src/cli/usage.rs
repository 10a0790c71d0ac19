//! Help and usage errors in Chinese.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Error};

use super::Status;
use super::console::Console;
use super::failure::Failure;

const HELP_TEMPLATE: &str = "\
{about-with-newline}
用法：{usage}

{all-args}{after-help}";

/// Gives a command and its subcommands Chinese headings.
pub(super) fn in_chinese(command: Command) -> Command {
    let names: Vec<String> =
        command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let version =
        Arg::new("version").short('V').long("version").action(ArgAction::Version).help("显示版本");
    let mut command = localized(command.disable_version_flag(true).arg(version))
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令");
    for name in names {
        command = command.mut_subcommand(name, localized);
    }
    command
}

fn localized(command: Command) -> Command {
    let command = command
        .help_template(HELP_TEMPLATE)
        .disable_help_flag(true)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).help("显示帮助"));
    let headings: Vec<(String, &str)> = command
        .get_arguments()
        .map(|arg| (arg.get_id().to_string(), if arg.is_positional() { "参数" } else { "选项" }))
        .collect();
    // clap would add the defaults and choices in English; the help texts name them.
    headings.into_iter().fold(command, |command, (id, heading)| {
        command.mut_arg(id, |arg| {
            let takes_value = arg.get_action().takes_values();
            let arg = arg.help_heading(heading);
            if takes_value { arg.hide_default_value(true).hide_possible_values(true) } else { arg }
        })
    })
}

/// Ends a run at which clap stopped: help and version are what was asked for, all else is wrong
/// usage.
pub(super) fn stopped(error: &Error, console: &Console) -> Result<Status, Failure> {
    let help = || error.render().ansi().to_string().trim_end().to_owned();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => console.output(&help())?,
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            return Err(Failure::NoCommand(help()));
        }
        _ => return Err(explained(error)),
    }
    Ok(Status::Fine)
}

/// A usage error in Chinese, in the place of clap's own words.
fn explained(error: &Error) -> Failure {
    let arg = quoted(error.get(ContextKind::InvalidArg));
    let value = quoted(error.get(ContextKind::InvalidValue));
    let valid = plain(error.get(ContextKind::ValidValue));
    let message = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有{arg}这个参数"),
        ErrorKind::InvalidSubcommand => {
            format!("没有{}这个命令", quoted(error.get(ContextKind::InvalidSubcommand)))
        }
        ErrorKind::InvalidValue if value == "“”" => format!("{arg}后面缺少内容"),
        ErrorKind::InvalidValue if !arg.starts_with("“-") => {
            format!("{arg}不能是{value}")
        }
        ErrorKind::InvalidValue => format!("{arg}后面不能写{value}"),
        ErrorKind::ValueValidation => format!("{arg}后面的{value}不对"),
        ErrorKind::NoEquals | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            format!("{arg}后面缺少内容")
        }
        ErrorKind::TooManyValues => format!("{arg}后面写多了"),
        ErrorKind::ArgumentConflict => {
            let other = quoted(error.get(ContextKind::PriorArg));
            if other == arg {
                format!("{arg}只能写一次")
            } else {
                format!("{arg}不能和{other}一起用")
            }
        }
        ErrorKind::MissingRequiredArgument => format!("缺少{arg}"),
        ErrorKind::MissingSubcommand => "没有写命令".to_owned(),
        ErrorKind::InvalidUtf8 => "参数里有不能识别的字符".to_owned(),
        _ => "参数不对".to_owned(),
    };
    let suggested =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
            .into_iter()
            .find_map(|kind| error.get(kind))
            .map(|context| plain(Some(context)));
    // What the argument's own parser has to say; that of a library would be English.
    let reason = std::error::Error::source(error).map(ToString::to_string);
    let reason = reason.filter(|reason| !reason.is_ascii());
    let help = match suggested {
        Some(suggested) if !suggested.is_empty() => format!("是不是 {suggested}？"),
        _ if !valid.is_empty() => format!("可以写：{valid}"),
        _ => reason.unwrap_or_else(|| "用 --help 查看用法".to_owned()),
    };
    Failure::usage(message, help)
}

/// What an error is about, as typed, without the placeholders clap puts behind it.
fn quoted(context: Option<&ContextValue>) -> String {
    format!("“{}”", plain(context))
}

fn plain(context: Option<&ContextValue>) -> String {
    match context {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(ContextValue::StyledStrs(texts)) => {
            texts.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
        }
        _ => String::new(),
    }
}
