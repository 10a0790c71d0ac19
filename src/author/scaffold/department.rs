//! A new department: its folder with `部门.toml`.

use std::path::{Path, PathBuf};

use super::text::{Folder, NewText};
use super::{IN_THE_WAY, create};
use crate::diagnostics::Finding;
use crate::files::file_name::file_stem;
use crate::form::{Definition, FieldMeaning};
use crate::workspace::{DEPARTMENT_FILE, Forms, UNIT_FILE, Workspace};

/// What has to be known of a department.
#[derive(Debug)]
pub struct NewDepartment<'a> {
    /// The year it is for.
    pub year: &'a str,
    /// 主管部门.
    pub name: &'a str,
    /// 代码.
    pub code: &'a str,
    /// What is known of its other fields, by the fields' names.
    pub others: &'a [(String, String)],
    /// Whether the file names its schema.
    pub schema: bool,
}

/// Makes a department's folder, `data/<year>/<code>-<name>`, and writes its `部门.toml`; its path
/// is returned.
///
/// # Errors
/// If there is a department of that code, or the file cannot be written.
pub fn department(
    workspace: &Workspace,
    forms: &Forms,
    new: &NewDepartment<'_>,
) -> Result<PathBuf, Vec<Finding>> {
    let year = workspace.year_folder(new.year);
    let folder = file_stem(&format!("{}-{}", new.code, new.name));
    if let Some(other) = folder_of_code(&year, &folder, new.code) {
        let message = format!("{} 年度已经有代码是“{}”的部门", new.year, new.code);
        let finding = Finding::about(&IN_THE_WAY, &other, message)
            .help("加项目用 jixiao new 项目名称；部门改名，直接改文件夹名和里面的部门.toml");
        return Err(vec![finding]);
    }
    let form = &forms.named(Some(new.year), Some(&folder)).definition;
    let path = year.join(folder).join(DEPARTMENT_FILE);
    create(&path, &text(form, new))?;
    Ok(path)
}

/// The folder of a department that has this code, or would be the same folder.
pub fn folder_of_code(year: &Path, folder: &str, code: &str) -> Option<PathBuf> {
    let mut names: Vec<String> = std::fs::read_dir(year)
        .ok()?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| {
            name.to_lowercase() == folder.to_lowercase()
                || name
                    .strip_prefix(code)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
        .collect();
    names.sort();
    names.first().map(|name| year.join(name))
}

/// What has to be known of a budget unit.
#[derive(Debug)]
pub struct NewUnit<'a> {
    /// The folder of its department.
    pub department: &'a Path,
    /// 单位名称.
    pub name: &'a str,
    /// Its code in the budget system.
    pub code: &'a str,
    /// Whether the file names its schema.
    pub schema: bool,
}

/// Makes a unit's folder in that of its department, and writes its `单位.toml`; its path is returned.
///
/// # Errors
/// If there is a unit of that code, or the file cannot be written.
pub fn unit(forms: &Forms, new: &NewUnit<'_>) -> Result<PathBuf, Vec<Finding>> {
    let folder = file_stem(&format!("{}-{}", new.code, new.name));
    if let Some(other) = folder_of_code(new.department, &folder, new.code) {
        let message = format!("这个部门已经有代码是“{}”的单位", new.code);
        let finding = Finding::about(&IN_THE_WAY, &other, message)
            .help("单位改名，直接改文件夹名和里面的单位.toml");
        return Err(vec![finding]);
    }
    let form = &forms.of(new.department).definition;
    let mut text = NewText::new(new.schema.then_some(("单位", Folder::Unit)));
    text.comment("下属单位的栏目；没有写的，和部门的一样。“#”后面的字是注释，可以删掉。");
    text.gap();
    for field in &form.department_fields {
        match field.meaning {
            Some(FieldMeaning::UnitName) => text.field(field, new.name),
            Some(FieldMeaning::UnitCode) => text.field(field, new.code),
            _ => {}
        }
    }
    let path = new.department.join(folder).join(UNIT_FILE);
    create(&path, &text.finish())?;
    Ok(path)
}

fn text(form: &Definition, new: &NewDepartment<'_>) -> String {
    let mut text = NewText::new(new.schema.then_some(("部门", Folder::Department)));
    text.comment("部门的栏目，每个项目的表上都印。空着的填好，再运行 jixiao check。");
    text.comment("“#”后面的字是注释，不会印出来，可以删掉。");
    text.gap();
    for field in &form.department_fields {
        let value = match field.meaning {
            Some(FieldMeaning::DepartmentName) => new.name,
            Some(FieldMeaning::DepartmentCode) => new.code,
            _ => {
                let known = new.others.iter().find(|(name, _)| *name == field.name);
                known.map_or("", |(_, value)| value)
            }
        };
        text.field(field, value);
    }
    text.finish()
}
