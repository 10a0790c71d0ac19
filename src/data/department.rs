//! A department's folder: `部门.toml` and its projects.

use std::path::Path;
use std::sync::Arc;

use super::header::{fields, waivers};
use super::project::project;
use crate::data::{Department, Fields, Waiver};
use crate::diagnostics::{Finding, Rule, Severity, SourceFile, shown};
use crate::files::io_error;
use crate::form::Definition;
use crate::toml::Document;
use crate::toml::text_file;
use crate::workspace::{DEPARTMENT_FILE, Meant, Stock, Tier};

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
    department_read_by(&text_file::read, dir, form, findings)
}

/// How a file is read.
pub type Read<'r> = dyn Fn(&Path) -> Result<Arc<SourceFile>, Box<Finding>> + 'r;

/// [`department`], its files read in another way than from the disk.
pub fn department_read_by(
    read: &Read<'_>,
    dir: &Path,
    form: &Definition,
    findings: &mut Vec<Finding>,
) -> Option<Department> {
    let stock = match Stock::take(Tier::Department, dir) {
        Ok(stock) => stock,
        Err(error) => {
            let message = format!("读不出部门文件夹：{}", io_error::in_chinese(&error));
            findings.push(Finding::about(&NO_PROJECTS, dir, message));
            return None;
        }
    };
    let described = match &stock.department_file {
        Some(path) => {
            let source = read(path).map_err(|finding| findings.push(*finding)).ok();
            source.map(|source| {
                let (fields, waivers) = department_file(&source, form, findings);
                (source, fields, waivers)
            })
        }
        // It has another name or is a folder deeper; that is told.
        None if stock.is_meant(&[Meant::DepartmentFile, Meant::Department]) => None,
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
    for path in &stock.projects {
        match read(path) {
            Ok(source) => projects.extend(project(&source, form, findings)),
            Err(finding) => findings.push(*finding),
        }
    }
    if stock.projects.is_empty() && !stock.is_meant(&[Meant::Projects, Meant::Department]) {
        let finding = Finding::about(&NO_PROJECTS, dir, "部门文件夹里没有项目文件")
            .help("每个项目一个 .toml 文件，例如 01-村级创新社会管理工作经费.toml");
        findings.push(finding);
    }
    findings.extend(stock.strays.into_iter().map(|stray| stray.finding));
    let (source, fields, waivers) = described.unwrap_or_else(|| {
        let path = shown(&dir.join(DEPARTMENT_FILE));
        (SourceFile::new(path, ""), Fields::default(), Vec::new())
    });
    Some(Department { folder: folder_name(dir), source, fields, waivers, projects })
}

/// The name of a department's folder and its files, as [`Department::folder`] and
/// [`Department::sources`] have them, but not parsed. `None` if there is something that
/// [`department`] would report.
pub fn sources(dir: &Path) -> Option<(String, Vec<Arc<SourceFile>>)> {
    let stock = Stock::take(Tier::Department, dir).ok()?;
    if stock.has_errors() || stock.projects.is_empty() {
        return None;
    }
    let paths = std::iter::once(stock.department_file?).chain(stock.projects);
    let sources = paths.map(|path| text_file::read(&path).ok()).collect::<Option<_>>()?;
    Some((folder_name(dir), sources))
}

fn folder_name(dir: &Path) -> String {
    dir.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Reads `部门.toml` and reports everything that is wrong in it; what cannot be read is left out.
pub fn department_file(
    source: &Arc<SourceFile>,
    form: &Definition,
    findings: &mut Vec<Finding>,
) -> (Fields, Vec<Waiver>) {
    let document = Document::parse(source, findings);
    if document.report_blank(findings) {
        return (Fields::default(), Vec::new());
    }
    let mut root = document.root();
    let declared = form.department_fields.iter().map(|field| (field, field.need));
    let fields = fields(&mut root, declared, findings);
    let waivers = waivers(&mut root, findings);
    root.finish(findings);
    (fields, waivers)
}
