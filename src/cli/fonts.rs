//! `jixiao fonts`: which fonts there are, what each role uses, and what has to be filled in from
//! another font.

use std::collections::BTreeSet;

use super::Status;
use super::console::Console;
use super::failure::Failure;
use super::options::{FormOption, YearOption};
use crate::data;
use crate::diagnostics::{Finding, shown};
use crate::fonts::{Fonts, Role};
use crate::workspace::Config;
use crate::workspace::Workspace;

/// 列出字体：有哪些，各处用哪种，数据里哪些字要用别的字体代替
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao fonts [选项]")]
pub(super) struct Arguments {
    #[command(flatten)]
    year: YearOption,
    #[command(flatten)]
    form: FormOption,
}

pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    console.result(&report(arguments, workspace)?)?;
    Ok(Status::Fine)
}

fn report(arguments: &Arguments, workspace: &Workspace) -> Result<String, Vec<Finding>> {
    let fonts = Fonts::new(&Config::load(workspace.root())?.fonts)?;
    let mut lines = vec!["各处用的字体（前一种没有的字，用后一种）：".to_owned()];
    for role in Role::ALL {
        lines.push(format!("  {}  {}", role.name(), fonts.role(role).join(" → ")));
    }
    lines.push("\n找到的字体：".to_owned());
    for (family, file) in fonts.list() {
        let origin = file.map_or("程序自带".to_owned(), shown);
        lines.push(format!("  {family}（{origin}）"));
    }
    let characters = characters(arguments, workspace)?;
    let first = fonts.role(Role::Body).first().map_or("", String::as_str);
    let families: Vec<String> = fonts.list().into_iter().map(|(family, _)| family).collect();
    let (printable, absent): (Vec<char>, Vec<char>) = characters
        .into_iter()
        .filter(|&c| !fonts.family_has(first, c))
        .partition(|&c| families.iter().any(|family| fonts.family_has(family, c)));
    let title = format!("数据里正文的首选字体“{first}”没有、用别的字体代替的字");
    lines.push(format!("\n{title}：{}", named(&printable)));
    lines.push(format!("哪种字体都没有、印不出来的字：{}", named(&absent)));
    Ok(lines.join("\n"))
}

fn named(characters: &[char]) -> String {
    if characters.is_empty() {
        return "没有".to_owned();
    }
    let named: Vec<String> =
        characters.iter().map(|&c| format!("{c}（U+{:04X}）", u32::from(c))).collect();
    named.join("、")
}

/// Every character of a year's data that is printed.
fn characters(
    arguments: &Arguments,
    workspace: &Workspace,
) -> Result<BTreeSet<char>, Vec<Finding>> {
    let forms = arguments.form.open(workspace)?;
    let mut characters = BTreeSet::new();
    // What cannot be read is for `render` and `check` to report.
    let mut ignored = Vec::new();
    let departments = arguments.year.find(workspace)?.departments;
    for folder in departments.iter().flat_map(|department| forms.folders(department)) {
        if let Some(department) = data::department(&folder, &forms, &mut ignored) {
            let texts = department.texts();
            characters.extend(texts.flat_map(|(_, text)| text.get_ref().chars()));
        }
    }
    characters.retain(|c| !c.is_whitespace());
    Ok(characters)
}
