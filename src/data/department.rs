//! A department's folder: `部门.toml` and its projects.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::header::{fields, waivers};
use super::project::project;
use crate::data::{Department, Fields, Waiver};
use crate::diagnostics::{Finding, Rule, Severity, SourceFile, shown};
use crate::files::io_error;
use crate::form::Definition;
use crate::toml::text_file;
use crate::toml::{Document, MendedText};
use crate::workspace::{DEPARTMENT_FILE, file_name, is_toml, misplaced_folder, visible_entries};

pub(crate) static NO_DEPARTMENT_FILE: Rule = Rule {
    code: "E204",
    name: "没有部门文件",
    severity: Severity::Error,
    explanation: r#"看什么：部门文件夹里有没有 部门.toml。
为什么：表头的主管部门、代码、实施单位都从这个文件来。
反例：文件夹里只有项目文件。
正例：建一个 部门.toml，写上主管部门、代码、实施单位。"#,
};
pub(crate) static NO_PROJECTS: Rule = Rule {
    code: "E205",
    name: "没有项目",
    severity: Severity::Error,
    explanation: r#"看什么：部门文件夹里有没有项目文件，能不能读。
为什么：没有项目，这个部门的附件就是空的。
反例：文件夹里只有 部门.toml。
正例：每个项目一个 .toml 文件。"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&NO_DEPARTMENT_FILE, &NO_PROJECTS];

/// Reads a department with its projects and reports everything that is wrong in its files.
///
/// Of files with errors, what could be read is there for the rules. `None` if the folder cannot be
/// read at all.
pub fn department(
    dir: &Path,
    form: &Definition,
    findings: &mut Vec<Finding>,
) -> Option<Department> {
    let files = match files(dir) {
        Ok(files) => files,
        Err(error) => {
            let message = format!("读不出部门文件夹：{}", io_error::in_chinese(&error));
            findings.push(Finding::about(&NO_PROJECTS, dir, message));
            return None;
        }
    };
    let described = match &files.department {
        Some(path) => {
            let source = text_file::read(path).map_err(|finding| findings.push(*finding)).ok();
            source.map(|source| {
                let (fields, waivers) = department_file(&source, form, findings);
                (source, fields, waivers)
            })
        }
        None => {
            let help = format!(
                "在这个文件夹里建 {DEPARTMENT_FILE}，写上：{}",
                form.department_fields
                    .iter()
                    .map(|f| f.name.as_str())
                    .collect::<Vec<_>>()
                    .join("、")
            );
            let message = format!("部门文件夹里没有 {DEPARTMENT_FILE}");
            findings.push(Finding::about(&NO_DEPARTMENT_FILE, dir, message).help(help));
            None
        }
    };
    let mut projects = Vec::new();
    for path in &files.projects {
        match text_file::read(path) {
            Ok(source) => projects.extend(project(&source, form, findings)),
            Err(finding) => findings.push(*finding),
        }
    }
    findings.extend(files.misplaced.iter().map(|folder| misplaced_folder(folder)));
    if files.projects.is_empty() {
        let finding = Finding::about(&NO_PROJECTS, dir, "部门文件夹里没有项目文件")
            .help("每个项目一个 .toml 文件，例如 01-村级创新社会管理工作经费.toml");
        findings.push(finding);
    }
    let (source, fields, waivers) = described.unwrap_or_else(|| {
        let path = shown(&dir.join(DEPARTMENT_FILE));
        (SourceFile::new(path, ""), Fields::new(), Vec::new())
    });
    Some(Department { folder: folder_name(dir), source, fields, waivers, projects })
}

/// The name of a department's folder and its files, as [`Department::folder`] and
/// [`Department::sources`] have them, but not parsed. `None` if there is something that
/// [`department`] would report.
pub fn sources(dir: &Path) -> Option<(String, Vec<Arc<SourceFile>>)> {
    let files = files(dir).ok()?;
    if !files.misplaced.is_empty() || files.projects.is_empty() {
        return None;
    }
    let paths = std::iter::once(files.department?).chain(files.projects);
    let sources = paths.map(|path| text_file::read(&path).ok()).collect::<Option<_>>()?;
    Some((folder_name(dir), sources))
}

fn folder_name(dir: &Path) -> String {
    dir.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What lies in a department's folder, in natural order.
#[derive(Default)]
struct Files {
    /// `部门.toml`.
    department: Option<PathBuf>,
    projects: Vec<PathBuf>,
    /// Folders with data that is not read.
    misplaced: Vec<PathBuf>,
}

fn files(dir: &Path) -> io::Result<Files> {
    let mut files = Files::default();
    for path in visible_entries(dir)? {
        if file_name(&path) == Some(DEPARTMENT_FILE) {
            files.department = Some(path);
        } else if path.is_dir() {
            if visible_entries(&path).is_ok_and(|entries| entries.iter().any(|p| is_toml(p))) {
                files.misplaced.push(path);
            }
        } else if is_toml(&path) {
            files.projects.push(path);
        }
    }
    Ok(files)
}

/// Whether a text can be the code of a department in the budget system.
pub fn is_department_code(text: &str) -> bool {
    (3..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads `部门.toml` and reports everything that is wrong in it; what cannot be read is left out.
pub fn department_file(
    source: &Arc<SourceFile>,
    form: &Definition,
    findings: &mut Vec<Finding>,
) -> (Fields, Vec<Waiver>) {
    let text = MendedText::new(source);
    let document = Document::parse(&text, findings);
    let mut root = document.root(findings);
    let declared = form.department_fields.iter().map(|field| (field, field.need));
    let fields = fields(&mut root, declared, findings);
    let waivers = waivers(&mut root, findings);
    root.finish(findings);
    (fields, waivers)
}
