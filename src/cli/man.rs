//! `jixiao man`: the command line → man pages.

use std::io;
use std::path::PathBuf;

use clap_mangen::Man;

use super::Status;
use super::console::Console;
use super::failure::Failure;
use super::generated;
use crate::files::io_error;
use crate::workspace::Workspace;

/// 手册页：印出来，或每个命令写一页
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao man [-o <文件夹>]")]
#[command(after_help = "\
例子：
  jixiao man | man -l -             看程序的手册页
  jixiao man -o ~/.local/share/man/man1
  man jixiao-render                 以后这样看一个命令的")]
pub(super) struct Arguments {
    /// 每个命令写一页到这个文件夹：jixiao.1、jixiao-render.1 等
    #[arg(short, long, value_name = "文件夹")]
    output: Option<PathBuf>,
}

pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    let pages = pages().map_err(|error| {
        let message = format!("写不成手册页：{}", io_error::in_chinese(&error));
        Failure::outside(message, "这是程序的毛病，请告诉 jixiao 的作者")
    })?;
    if let Some(folder) = &arguments.output {
        let files = pages.into_iter().map(|(name, text)| (name, text.into_bytes()));
        generated::write(folder, workspace, files, console)?;
    } else if let Some((_, page)) = pages.first() {
        console.output(page.trim_end())?;
    }
    Ok(Status::Fine)
}

/// The pages with their file names, that of the program first.
fn pages() -> io::Result<Vec<(String, String)>> {
    let mut program = super::command();
    program.build();
    let source = format!("jixiao {}", program.get_version().unwrap_or_default());
    std::iter::once(&program)
        .chain(program.get_subcommands())
        .map(|command| {
            // No date: the same program makes the same pages. Nothing at all would not count as one.
            let man = Man::new(command.clone()).date(" ").source(source.as_str()).manual("绩效");
            let mut page = Vec::new();
            man.render(&mut page)?;
            Ok((man.get_filename(), in_chinese(&String::from_utf8_lossy(&page))))
        })
        .collect()
}

/// Puts Chinese headings in the place of the English ones. Lines are set flush left, for the few
/// spaces of a Chinese text would gape, and commands are not hyphenated.
fn in_chinese(page: &str) -> String {
    let mut text = String::new();
    for line in page.lines() {
        text += match line {
            ".SH NAME" => ".SH 名称",
            ".SH SYNOPSIS" => ".SH 用法",
            ".SH DESCRIPTION" => ".SH 说明",
            ".SH EXTRA" => ".SH 补充说明",
            ".SH VERSION" => ".SH 版本",
            line => line,
        };
        text.push('\n');
        if line.starts_with(".TH ") {
            text += ".ad l\n.nh\n";
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page_with_all_its_options() {
        let pages = pages().unwrap_or_default();
        let named = |name: &str| pages.iter().find(|(file, _)| file == name).map(|(_, page)| page);
        assert!(named("jixiao.1").is_some_and(|page| page.contains(".SH 命令")));
        for command in super::super::command().get_subcommands() {
            let name = command.get_name();
            let page = named(&format!("jixiao-{name}.1"));
            for option in command.get_arguments().filter_map(clap::Arg::get_long) {
                let option = format!("\\-\\-{}", option.replace('-', "\\-"));
                assert!(page.is_some_and(|page| page.contains(&option)), "{name} {option}");
            }
        }
    }

    #[test]
    fn no_heading_is_english() {
        for (file, page) in pages().unwrap_or_default() {
            for heading in page.lines().filter_map(|line| line.strip_prefix(".SH ")) {
                assert!(!heading.is_ascii(), "{file}: {heading}");
            }
        }
    }
}
