//! A department's folder: `部门.toml` and its projects.

use std::path::Path;
use std::sync::Arc;

use super::header::{fields, waivers};
use super::project::project;
use super::translate;
use crate::data::{Department, Fields, Unit, Waiver};
use crate::diagnostics::{Finding, Rule, Severity, SourceFile, shown};
use crate::files::io_error;
use crate::form::{Definition, FieldMeaning};
use crate::toml::text_file;
use crate::toml::{Document, MISSING_KEY, Need};
use crate::workspace::{
    DEPARTMENT_FILE, Forms, Meant, Stock, Tier, UNIT_FILE, department_of, folder_name, later_form,
    owner_of, unit_of,
};

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

/// Reads a department with its projects and reports everything that is wrong in its files. `dir` is
/// its own folder, or that of a later form in it.
///
/// Of files with errors, what could be read is there for the rules. `None` if the folder cannot be
/// read at all.
pub fn department(dir: &Path, forms: &Forms, findings: &mut Vec<Finding>) -> Option<Department> {
    department_read_by(&text_file::read, dir, forms, findings)
}

/// How a file is read.
pub type Read<'r> = dyn Fn(&Path) -> Result<Arc<SourceFile>, Box<Finding>> + 'r;

/// [`department`], its files read in another way than from the disk.
pub fn department_read_by(
    read: &Read<'_>,
    dir: &Path,
    forms: &Forms,
    findings: &mut Vec<Finding>,
) -> Option<Department> {
    let first = owner_of(dir);
    let [form, first] = [dir, first].map(|folder| &forms.of(folder).definition);
    department_on(read, dir, form, first, findings)
}

/// [`department_read_by`], on a form that is known; `first` is the first form of the department.
pub fn department_on(
    read: &Read<'_>,
    dir: &Path,
    form: &Definition,
    first: &Definition,
    findings: &mut Vec<Finding>,
) -> Option<Department> {
    let stock = match Stock::take(Tier::of_data(dir), dir) {
        Ok(stock) => stock,
        Err(error) => {
            let message = format!("读不出部门文件夹：{}", io_error::in_chinese(&error));
            findings.push(Finding::about(&NO_PROJECTS, dir, message));
            return None;
        }
    };
    let is_whole = form.class.is_whole();
    let later = later_form(dir);
    let own = owner_of(dir);
    let unit_of = unit_of(own);
    let department = unit_of.unwrap_or(own);
    let described_by = match (later, unit_of) {
        (None, Some(department)) => {
            Some(department.join(DEPARTMENT_FILE)).filter(|path| path.is_file())
        }
        // The file of the department as a whole is what the form is about.
        _ => stock.department_file.clone().filter(|_| !is_whole),
    };
    let described = match described_by {
        Some(path) => {
            let source = read(&path).map_err(|finding| findings.push(*finding)).ok();
            source.map(|source| {
                let (fields, waivers) = department_file(&source, form, findings);
                (source, fields, waivers)
            })
        }
        None if later.is_some() => inherited(read, department, first, form, findings),
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
            findings.push(Finding::about(&NO_DEPARTMENT_FILE, department, message).help(help));
            None
        }
    };
    let unit = unit_of.and_then(|_| unit(read, own, (first, form), findings));
    let mut projects = Vec::new();
    let whole = stock.department_file.iter().filter(|_| is_whole);
    for path in stock.projects.iter().chain(whole) {
        match read(path) {
            Ok(source) => projects.extend(project(&source, form, findings)),
            Err(finding) => findings.push(*finding),
        }
    }
    if is_whole && stock.department_file.is_none() {
        let message = format!("“{}”里没有 {DEPARTMENT_FILE}", form.class.word());
        let help = "这张表一个部门一份，都写在这个文件里；准备一份：jixiao new --template 表样";
        findings.push(Finding::about(&NO_DEPARTMENT_FILE, dir, message).help(help));
    } else if !is_whole
        && stock.projects.is_empty()
        && stock.units.is_empty()
        && !stock.is_meant(&[Meant::Projects, Meant::Department])
    {
        let finding = Finding::about(&NO_PROJECTS, dir, "部门文件夹里没有项目文件")
            .help("每个项目一个 .toml 文件，例如 01-村级创新社会管理工作经费.toml");
        findings.push(finding);
    }
    findings.extend(stock.strays.into_iter().map(|stray| stray.finding));
    let (source, fields, waivers) = described.unwrap_or_else(|| {
        let path = shown(&dir.join(DEPARTMENT_FILE));
        (SourceFile::new(path, ""), Fields::default(), Vec::new())
    });
    let (folder, class) = (folder_name(dir), form.class);
    Some(Department { folder, class, source, fields, waivers, unit, projects })
}

/// What the unit of a folder says of itself on its first form, in the words of the form that is read.
fn unit(
    read: &Read<'_>,
    folder: &Path,
    (first, form): (&Definition, &Definition),
    findings: &mut Vec<Finding>,
) -> Option<Unit> {
    let source = read(&folder.join(UNIT_FILE)).map_err(|finding| findings.push(*finding)).ok()?;
    let (fields, waivers) = unit_file(&source, first, findings);
    let fields = if first.class == form.class { fields } else { translate::fields(&fields, form) };
    Some(Unit { source, fields, waivers })
}

/// Reads `单位.toml` and reports everything that is wrong in it; what cannot be read is left out. What it
/// does not say is as the department says it, but for the unit's own name.
pub fn unit_file(
    source: &Arc<SourceFile>,
    form: &Definition,
    findings: &mut Vec<Finding>,
) -> (Fields, Vec<Waiver>) {
    let document = Document::parse(source, findings);
    let mut root = document.root();
    let declared = form.department_fields.iter().map(|field| match field.meaning {
        Some(FieldMeaning::UnitName) => (field, Need::Filled),
        _ => (field, Need::Optional),
    });
    let fields = fields(&mut root, declared, findings);
    let waivers = waivers(&mut root, findings);
    root.finish(findings);
    (fields, waivers)
}

/// The fields that a later form of this definition takes from the department's own file; `None` if it
/// does not have all that the form needs.
pub fn inherited_fields(department: &Path, forms: &Forms, form: &Definition) -> Option<Fields> {
    let department = department_of(department);
    let first = &forms.of(department).definition;
    let mut findings = Vec::new();
    let (_, fields, _) = match form.class.subfolder() {
        Some(_) => inherited(&text_file::read, department, first, form, &mut findings)?,
        None => return None,
    };
    findings.is_empty().then_some(fields)
}

/// The fields of the department for a later form that has no file for them of its own: those of the
/// department's file of the same name, or of the same meaning.
fn inherited(
    read: &Read<'_>,
    department: &Path,
    first: &Definition,
    form: &Definition,
    findings: &mut Vec<Finding>,
) -> Option<(Arc<SourceFile>, Fields, Vec<Waiver>)> {
    let path = department.join(DEPARTMENT_FILE);
    let source = read(&path).map_err(|finding| findings.push(*finding)).ok()?;
    let (written, waivers) = department_file(&source, first, findings);
    let mut fields = Fields::default();
    for field in &form.department_fields {
        let same = written.get(&field.name);
        let about = || written.about(field.meaning?);
        match same.or_else(about) {
            Some(text) => fields.insert(&field.name, field.meaning, text.clone()),
            None if field.need == Need::Optional => {}
            None => {
                let message = format!("“{}”要印在后面的表上，这里没有", field.name);
                let help = format!(
                    "在 {} 里另放一个 {DEPARTMENT_FILE}，写全那张表的栏目",
                    form.class.word()
                );
                findings.push(Finding::about(&MISSING_KEY, &path, message).help(help));
            }
        }
    }
    Some((source, fields, waivers))
}

/// The name of a department's folder and its files, as [`Department::folder`] and
/// [`Department::sources`] have them, but not parsed. `None` if there is something that
/// [`department`] would report.
pub fn sources(dir: &Path) -> Option<(String, Vec<Arc<SourceFile>>)> {
    let stock = Stock::take(Tier::of_data(dir), dir).ok()?;
    let is_whole = later_form(dir).is_some_and(|(class, _)| class.is_whole());
    if stock.has_errors() || stock.projects.is_empty() && stock.units.is_empty() && !is_whole {
        return None;
    }
    let own = owner_of(dir);
    let unit = unit_of(own).map(|_| own.join(UNIT_FILE));
    let (own, whole) = match stock.department_file {
        file if is_whole => (None, Some(file?)),
        // That of a unit itself.
        file if file == unit => (None, None),
        file => (file, None),
    };
    let own = own.unwrap_or_else(|| department_of(dir).join(DEPARTMENT_FILE));
    let paths = std::iter::once(own).chain(unit).chain(stock.projects).chain(whole);
    let sources = paths.map(|path| text_file::read(&path).ok()).collect::<Option<_>>()?;
    Some((folder_name(dir), sources))
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
