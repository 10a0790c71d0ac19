//! `jixiao rollover`: last year's data → this year's drafts.

use super::console::Console;
use super::failure::Failure;
use super::options::{DepartmentArguments, FormOption};
use super::{Status, command_line, prompt};
use crate::author::rollover::{ALL, Rollover};
use crate::diagnostics::shown;
use crate::workspace::{Workspace, is_year};

/// 把上一年的数据转成新一年的草稿：年份改好，金额留着待核对
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao rollover <旧年度> <新年度> [部门]... [选项]")]
#[command(after_help = "\
一年期项目（0101）新的一年还做不做，要由人决定：在终端上会列出来问；也可以写明：
  jixiao rollover 2023 2024 --keep 全部                全部保留
  jixiao rollover 2023 2024 --keep 全部 --drop 03 05    去掉 03 和 05，其余保留
  jixiao rollover 2023 2024 --drop 全部 --keep 补贴     名称里有“补贴”的保留，其余去掉

文字里的旧年度改成新年度；金额、豁免和定不了的年份标上“# 待核对”，注释原样留着。
新年度已有的部门不会被改动；有一处不行，就一个文件也不写。
转好以后运行 jixiao check，它会指出每一处要核对的地方。")]
pub(super) struct Arguments {
    /// 从哪一年转，如 2023
    #[arg(value_name = "旧年度", display_order = 1)]
    old: Option<String>,
    /// 转成哪一年，如 2024
    #[arg(value_name = "新年度", display_order = 2)]
    new: Option<String>,
    #[command(flatten)]
    departments: DepartmentArguments,
    /// 保留的项目：文件名、编号、名称或名称的一部分；“全部”是其余所有一年期项目
    #[arg(long, value_name = "项目", num_args = 1..)]
    keep: Vec<String>,
    /// 不再做的项目：写法和 --keep 一样
    #[arg(long, value_name = "项目", num_args = 1..)]
    drop: Vec<String>,
    /// 新年度不是旧年度的下一年，也照转
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    form: FormOption,
}

pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    let (old, new) = years(arguments, workspace)?;
    let forms = arguments.form.open(workspace)?;
    let departments = &arguments.departments.departments;
    let mut rollover = Rollover::new(workspace, &forms, (&old, &new), departments)?;
    rollover.decide(&arguments.keep, &arguments.drop)?;
    let undecided = rollover.undecided();
    if !undecided.is_empty() {
        if !prompt::is_possible() {
            return Err(to_decide(&undecided, arguments, (&old, &new), workspace));
        }
        let question = format!("这些一年期项目，{new} 年还做哪些");
        let kept = prompt::some_of(&question, &undecided)?;
        rollover.keep_only(&kept);
    }
    let written = rollover.write()?;
    let dropped = match written.dropped {
        0 => String::new(),
        dropped => format!("，另有 {dropped} 个不再做"),
    };
    let (folder, departments, projects) =
        (shown(&written.folder), written.departments, written.projects);
    console
        .result(&format!("已写出 {folder}：{departments} 个部门，{projects} 个项目{dropped}"))?;
    let check = command_line(workspace, &["check", "--year", &new]);
    console.note(&format!(
        "接下来：运行 {check}，把标着“# 待核对”的地方逐一核对，核对好的删掉那条注释"
    ));
    Ok(Status::Fine)
}

/// The two years, given or asked for.
fn years(arguments: &Arguments, workspace: &Workspace) -> Result<(String, String), Failure> {
    let existing = workspace.years();
    let newest = existing.as_ref().ok().and_then(|years| years.last().cloned());
    let example = |old: Option<&str>| {
        let old = old.or(newest.as_deref()).unwrap_or("2023");
        format!("例如 {}", command_line(workspace, &["rollover", old, &year_after(old)]))
    };
    let old = match &arguments.old {
        Some(old) => old.clone(),
        None if !prompt::is_possible() => {
            return Err(Failure::usage("没有写旧年度和新年度", example(None)));
        }
        None => {
            let existing = existing.map_err(|finding| vec![*finding])?;
            let question = format!("从哪一年转（现有 {}）", existing.join("、"));
            prompt::text(&question, |answer| match existing.iter().any(|year| year == answer) {
                true => Ok(answer.to_owned()),
                false => Err(format!("没有“{answer}”年度的数据；写现有的一年")),
            })?
        }
    };
    if !is_year(&old) {
        return Err(Failure::usage(format!("“{old}”不是年度（四位数字）"), example(None)));
    }
    let new = match &arguments.new {
        Some(new) => {
            is_later(new, &old).map_err(|reason| Failure::usage(reason, example(Some(&old))))?;
            new.clone()
        }
        None if !prompt::is_possible() => {
            return Err(Failure::usage("没有写新年度", example(Some(&old))));
        }
        None => {
            let question = format!("转成哪一年（四位数字，如 {}）", year_after(&old));
            prompt::text(&question, |answer| is_later(answer, &old).map(|()| answer.to_owned()))?
        }
    };
    if new == year_after(&old) || arguments.force {
        return Ok((old, new));
    }
    let message = format!("{new} 年度不是 {old} 年度的下一年");
    if !prompt::is_possible() {
        let forced = in_full(arguments, (&old, &new), &[], &[], workspace) + " --force";
        let help = format!("{}；确实要隔着几年转，加上 --force：{forced}", example(Some(&old)));
        return Err(Failure::usage(message, help));
    }
    match prompt::is_so(&format!("{message}，确实要转成 {new} 年度吗"))? {
        true => Ok((old, new)),
        false => Err(Failure::Abandoned),
    }
}

/// Whether a text is a year after `old`; if not, why.
fn is_later(new: &str, old: &str) -> Result<(), String> {
    if new.is_empty() {
        Err("要写年度".to_owned())
    } else if !is_year(new) {
        Err(format!("“{new}”不是年度（四位数字）"))
    } else if new <= old {
        Err(format!("新年度 {new} 不在旧年度 {old} 后面"))
    } else {
        Ok(())
    }
}

/// The year after a year; there is none of five digits.
fn year_after(year: &str) -> String {
    let year: u32 = year.parse().unwrap_or_default();
    format!("{:04}", (year + 1).min(9999))
}

/// The list of projects to decide about, with the commands that decide.
fn to_decide(
    undecided: &[String],
    arguments: &Arguments,
    (old, new): (&str, &str),
    workspace: &Workspace,
) -> Failure {
    let command = |keep: &[&str], drop: &[&str]| {
        let force = if arguments.force { " --force" } else { "" };
        in_full(arguments, (old, new), keep, drop, workspace) + force
    };
    let first = undecided.first().map_or("", String::as_str);
    let count = undecided.len();
    let listed = undecided.join("\n  ");
    Failure::usage(
        format!("{count} 个一年期项目要先决定 {new} 年还做不做；没有写任何文件\n  {listed}"),
        format!(
            "决定以后，运行下面的一条\n  全部保留：{}\n  去掉几个：{}\n  全部去掉：{}",
            command(&[ALL], &[]),
            command(&[ALL], &[first]),
            command(&[], &[ALL]),
        ),
    )
}

/// The command as it was written, with more projects to keep and to drop.
fn in_full(
    arguments: &Arguments,
    (old, new): (&str, &str),
    keep: &[&str],
    drop: &[&str],
    workspace: &Workspace,
) -> String {
    let mut words = vec!["rollover", old, new];
    words.extend(arguments.departments.departments.iter().map(String::as_str));
    let template = arguments.form.template.as_ref().map(|template| shown(template));
    words.extend(template.iter().flat_map(|template| ["--template", template]));
    for (option, given, more) in
        [("--keep", &arguments.keep, keep), ("--drop", &arguments.drop, drop)]
    {
        if !given.is_empty() || !more.is_empty() {
            words.push(option);
            words.extend(given.iter().map(String::as_str).chain(more.iter().copied()));
        }
    }
    command_line(workspace, &words)
}
