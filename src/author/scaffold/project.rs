//! A new project: a file in its department's folder.

use std::path::{Path, PathBuf};

use super::text::{Folder, NewText, choices, example_row};
use super::{IN_THE_WAY, create};
use crate::data;
use crate::diagnostics::Finding;
use crate::files::file_name::file_stem;
use crate::form::{Definition, FieldMeaning, SecondLevel};
use crate::text::folded;
use crate::workspace::{DEPARTMENT_FILE, Forms, UNIT_FILE, unit_of};

/// What has to be known of a project.
#[derive(Debug)]
pub struct NewProject<'a> {
    /// The folder of its department.
    pub folder: &'a Path,
    /// 项目名称.
    pub name: &'a str,
    /// Whether the file names its schema.
    pub schema: bool,
}

/// Writes a project's file, numbered after the last one of its department; its path is returned.
///
/// # Errors
/// If the department has a project or a file of that name, or the file cannot be written.
pub fn project(forms: &Forms, new: &NewProject<'_>) -> Result<PathBuf, Vec<Finding>> {
    // What is wrong with the neighbours is for `check` to say.
    let department = data::department(new.folder, forms, &mut Vec::new());
    let projects = department.map(|department| department.projects).unwrap_or_default();
    // However it is typed: 测试项⽬ with a radical is 测试项目.
    let name = folded(new.name);
    let named = projects.iter().find(|project| folded(project.name()) == name);
    let stems = stems(new.folder);
    let wanted = folded(&file_stem(new.name)).to_lowercase();
    let is_same = |stem: &&String| {
        let name = Numbered::parse(stem).map_or(stem.as_str(), |numbered| numbered.name);
        folded(&file_stem(name)).to_lowercase() == wanted
    };
    let other = named
        .map(|project| PathBuf::from(project.source.name()))
        .or_else(|| stems.iter().find(is_same).map(|stem| file(new.folder, stem)));
    if let Some(other) = other {
        let known = named.map_or(new.name, |project| project.name().trim());
        let message = format!("已经有项目“{known}”，没有改动它");
        let finding = Finding::about(&IN_THE_WAY, &other, message)
            .help("打开这个文件来改；确实是另一个项目的，名称要能区分");
        return Err(vec![finding]);
    }
    let path = file(new.folder, &numbered_stem(&stems, new.name));
    create(&path, &text(&forms.of(new.folder).definition, new))?;
    Ok(path)
}

fn file(folder: &Path, stem: &str) -> PathBuf {
    folder.join(format!("{stem}.toml"))
}

/// The names of the project files in a folder, without their extension, in natural order.
pub fn stems(folder: &Path) -> Vec<String> {
    let mut stems: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| ![DEPARTMENT_FILE, UNIT_FILE].contains(&&**name))
        .filter(|name| !name.starts_with(['.', '~']))
        .filter_map(|name| {
            let (stem, extension) = name.rsplit_once('.')?;
            extension.eq_ignore_ascii_case("toml").then(|| stem.to_owned())
        })
        .collect();
    alphanumeric_sort::sort_str_slice(&mut stems);
    stems
}

/// A file's name that begins with a number: `01-办公经费`.
#[derive(Debug, PartialEq, Eq)]
struct Numbered<'a> {
    number: u32,
    width: usize,
    /// What stands between number and name.
    separator: &'a str,
    name: &'a str,
}

impl<'a> Numbered<'a> {
    fn parse(stem: &'a str) -> Option<Self> {
        let rest = stem.trim_start_matches(|c: char| c.is_ascii_digit());
        // One mark, with or without spaces; what follows belongs to the name.
        let name = rest.trim_start_matches(' ');
        let name = name.strip_prefix(['-', '_', '.', '、']).unwrap_or(name).trim_start_matches(' ');
        let (digits, separator) =
            (&stem[..stem.len() - rest.len()], &rest[..rest.len() - name.len()]);
        // `3个中心` and `2023年经费` begin with a number that is part of the name.
        let is_numbered = !separator.is_empty();
        let number = digits.parse().ok().filter(|_| is_numbered)?;
        Some(Self { number, width: digits.len(), separator, name })
    }
}

/// The name of the next project's file, without its extension, after those of these names.
pub fn numbered_stem(stems: &[String], name: &str) -> String {
    // As a whole: `CON` alone is no file name on Windows, `03-CON` is.
    file_stem(&format!("{}{name}", next_number(stems)))
}

/// What the next file's name begins with: the next number, written as in the files that are there.
fn next_number(stems: &[String]) -> String {
    let numbered = stems.iter().filter_map(|stem| Numbered::parse(stem));
    match numbered.max_by_key(|numbered| numbered.number) {
        Some(Numbered { number, width, separator, .. }) => {
            format!("{:0width$}{separator}", u64::from(number) + 1)
        }
        None if stems.is_empty() => "01-".to_owned(),
        None => String::new(),
    }
}

pub(super) fn text(form: &Definition, new: &NewProject<'_>) -> String {
    let folder = if unit_of(new.folder).is_some() { Folder::Unit } else { Folder::Department };
    let mut text = NewText::new(new.schema.then_some(("项目", folder)));
    text.comment("空着的填好，再运行 jixiao check。“#”后面的字是注释，不会印出来，可以删掉。");
    let first = form.first_levels.iter().find(|first| first.detail.is_none());
    let first = first.and_then(|first| first.second_levels.first());
    text.comment(&format!(
        "指标写在表名下面，一行一条：{}（去掉行首的 #，换成自己的文字）。",
        example_row(form, first.map_or("", |level| &level.key))
    ));
    for column in form.all_columns().filter(|column| column.computed.is_none()) {
        let choices = choices(&column.kind);
        let known = Some(column.description.as_str()).filter(|text| !text.is_empty());
        let known: Vec<&str> = known.into_iter().chain(choices.as_deref()).collect();
        if !known.is_empty() {
            text.comment(&format!("{}：{}。", column.name, known.join("。")));
        }
    }
    let overridable = form.department_fields.iter().filter(|field| field.overridable);
    let naming = form.field_name(FieldMeaning::ProjectName);
    for field in overridable {
        let name = &field.name;
        text.comment(&format!(
            "{name}和部门的不一样时，在“{naming}”下面加一行：\"{name}\" = \"……\""
        ));
    }
    text.gap();
    for field in &form.project_fields {
        let is_name = field.meaning == Some(FieldMeaning::ProjectName);
        text.field(field, if is_name { new.name } else { "" });
    }
    match &form.funding.table {
        _ if form.funding.lines().next().is_none() => {}
        Some(key) => text.table(form, key, &form.funding.description),
        // A blank line stands before what has a comment.
        None if form.funding.description.is_empty() => {}
        None => {
            text.gap();
            text.comment(&form.funding.description);
        }
    }
    for line in form.funding.leaves() {
        text.amounts(line, &form.funding, &[]);
    }
    for level in form.second_levels() {
        text.table(form, &level.key, &description(level));
        text.comment(&example_row(form, &level.key));
    }
    text.finish()
}

/// What belongs under a second-level indicator, and whether it may be left empty.
fn description(level: &SecondLevel) -> String {
    let needs = match (level.required, level.quantified) {
        (true, true) => "必填，指标值里要有数字",
        (true, false) => "必填",
        (false, true) => "选填，指标值里要有数字",
        (false, false) => "选填",
    };
    match level.description.as_str() {
        "" => needs.to_owned(),
        description => format!("{needs}。{description}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_as_the_department_writes_them() {
        for (stems, expected) in [
            (&[][..], "01-"),
            (&["01-甲", "09-乙"], "10-"),
            (&["1-甲", "2-乙"], "3-"),
            (&["001_甲", "012_乙", "3个中心"], "013_"),
            (&["99-甲"], "100-"),
            // As an earlier version named a project in quotes.
            (&["01-甲", "02-_两个中心_运行费"], "03-"),
            (&["01 - 甲"], "02 - "),
            (&["1. 甲"], "2. "),
            (&["甲", "2023年乙"], ""),
            (&["99999999999999-甲", "02-乙"], "03-"),
            (&["4294967295-甲"], "4294967296-"),
        ] {
            let stems: Vec<String> = stems.iter().map(|&stem| stem.to_owned()).collect();
            assert_eq!(next_number(&stems), expected, "{stems:?}");
        }
    }
}
