//! One side of a comparison: a file, a folder or a git revision, found and read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::revision::{self, Lookup};
use crate::amount::Money;
use crate::data;
use crate::data::{Department, Project};
use crate::diagnostics::{Finding, Place, Rule, Severity, SourceFile, Span, shown};
use crate::form::{Class, Definition, Form};
use crate::toml;
use crate::toml::text_file;
use crate::workspace::{
    DEPARTMENT_FILE, Forms, UNIT_FILE, Workspace, department_of, folder_name, is_toml, is_year,
    later_form, owner_of, units, visible_entries,
};

static NO_SUCH_SIDE: Rule = Rule {
    code: "E901",
    name: "没有可比较的内容",
    severity: Severity::Error,
    explanation: r#"看什么：命令里写的文件、文件夹或 git 版本存不存在，里面有没有数据。
为什么：少了一边，就没有可以比较的。
反例：`jixiao diff HEAD~99`，而仓库里没有那么多版本。
正例：`jixiao diff HEAD~1`"#,
};
/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&NO_SUCH_SIDE];

/// What a draft may lack and still be compared: an empty text, a department's file, projects.
static GAPS: [&Rule; 3] = [&toml::EMPTY_TEXT, &data::NO_DEPARTMENT_FILE, &data::NO_PROJECTS];

/// The folder of a workspace that holds the data.
const DATA: &str = "data";

/// One side, read.
#[derive(Debug)]
pub struct Side {
    /// The year it belongs to, as far as its path tells.
    pub year: Option<String>,
    /// What was read.
    pub content: Content,
    /// The form of what was read, if that is a single file.
    form: Option<Arc<Form>>,
    /// Where messages say a file stands, if not where it was read from: both as beginnings of
    /// paths.
    called: Option<(String, String)>,
}

/// What a side holds.
#[derive(Debug)]
pub enum Content {
    /// Nothing at all: the other side of what git added or deleted.
    Nothing,
    /// A project's file.
    Project(Box<Project>),
    /// A `部门.toml` alone.
    DepartmentFile(Box<Department>),
    /// A department's folder: what is in it for each of its forms.
    Department(Vec<Department>),
    /// A year's folder.
    Year(Box<Year>),
    /// A `data` folder.
    Data(Vec<Year>),
}

/// The departments of a year.
#[derive(Debug)]
pub struct Year {
    /// The year, if its folder is called by it.
    pub name: Option<String>,
    /// Its departments, in the order of their folders.
    pub departments: Vec<Department>,
}

/// Reads the sides of a comparison.
#[derive(Debug)]
pub struct Reader<'a> {
    workspace: &'a Workspace,
    forms: &'a Forms,
    /// Of a whole `data` folder, only this year is read.
    year: Option<&'a str>,
}

/// Where a side is read from.
#[derive(Debug)]
enum Origin {
    Nothing,
    Path(PathBuf),
    /// A commit, what the user called it, and a path within the workspace.
    Revision {
        commit: String,
        name: String,
        path: Option<String>,
    },
}

type Result<T> = std::result::Result<T, Vec<Finding>>;

impl<'a> Reader<'a> {
    /// A reader of data in a form.
    pub fn new(workspace: &'a Workspace, forms: &'a Forms, year: Option<&'a str>) -> Self {
        Self { workspace, forms, year }
    }

    /// The forms that it reads by.
    pub fn forms(&self) -> &'a Forms {
        self.forms
    }

    /// The form that a comparison is printed like: that of the first department of the new side.
    pub fn form<'f>(&'f self, old: &'f Side, new: &'f Side) -> &'f Form {
        let side = if new.content.kind().is_some() { new } else { old };
        let department = side.content.departments().next();
        let years = side.content.years().first().and_then(|year| year.name.as_deref());
        let year = side.year.as_deref().or(years).or(self.year);
        side.form(self.forms, year, department.map(|it| it.folder.as_str()))
    }

    /// The form of a department by its year and its folder's name, [as data has it](Department::folder).
    fn form_of(&self, year: Option<&str>, folder: Option<&str>) -> &'a Arc<Form> {
        self.forms.named(year, folder)
    }

    /// Reads two sides, each as the user wrote it: a path, a year, a revision, or `revision:path`.
    /// Without a new side, it is the working tree. A revision alone means the same path as the other
    /// side, or all data.
    ///
    /// # Errors
    /// What is not there or cannot be read, on either side. What is merely missing in a draft is no
    /// error.
    pub fn read(&self, old: &str, new: Option<&str>) -> Result<(Side, Side)> {
        let mut old = self.locate(old)?;
        let mut new = match new {
            Some(new) => self.locate(new)?,
            None => self.working_tree(&old)?,
        };
        self.narrow(&mut old, &new);
        self.narrow(&mut new, &old);
        let (old, new) = both(self.open(&old), self.open(&new))?;
        if let Some(year) = self.year
            && [&old, &new].iter().all(|side| side.content.years().is_empty())
        {
            let message = format!("两边都没有 {year} 年度的数据");
            let finding = Finding::about(&NO_SUCH_SIDE, Path::new(year), message);
            return Err(vec![finding.help("--year 只用来从整个 data 里选一个年度")]);
        }
        Ok((old, new))
    }

    /// Reads the two states of one file; `path` is what it is called, and tells what is in it.
    ///
    /// # Errors
    /// What cannot be read in either.
    pub fn read_file(&self, path: &str, old: &Path, new: &Path) -> Result<(Side, Side)> {
        let read = |file: &Path| {
            if is_nothing(file) {
                return Ok(Side::nothing());
            }
            let called = Some((shown(file), path.to_owned()));
            self.side(file, Path::new(path), year_of(Path::new(path)), called)
        };
        both(read(old), read(new))
    }

    fn locate(&self, asked: &str) -> Result<Origin> {
        if is_nothing(Path::new(asked)) {
            return Ok(Origin::Nothing);
        }
        let root = self.workspace.root();
        let year = is_year(asked).then(|| self.workspace.year_folder(asked));
        let mut paths = [PathBuf::from(asked), root.join(asked)].into_iter().chain(year);
        if let Some(path) = paths.find(|path| !asked.is_empty() && path.exists()) {
            return Ok(Origin::Path(path));
        }
        let (name, path) = match asked.split_once(':') {
            Some((name, path)) => (name, Some(path)),
            None => (asked, None),
        };
        let absent = |why: &str, help: &str| {
            let message = format!("没有文件或文件夹“{asked}”，{why}");
            vec![Finding::about(&NO_SUCH_SIDE, Path::new(asked), message).help(help)]
        };
        match revision::look_up(root, name).map_err(|finding| vec![*finding])? {
            Lookup::Found(commit) => {
                let path = path.map(|path| path.trim_start_matches("./").trim_end_matches('/'));
                let path = path.filter(|path| !path.is_empty()).map(str::to_owned);
                Ok(Origin::Revision { commit, name: name.to_owned(), path })
            }
            Lookup::Unknown => Err(absent(
                &format!("git 里也没有版本“{name}”"),
                "写文件、文件夹或 git 版本（例如 HEAD~1）；用 git log 看有哪些版本",
            )),
            Lookup::NoCommits => Err(absent(
                "git 里也还没有保存过任何版本",
                "先用 git add data、git commit 把数据存进 git，改了以后再比较",
            )),
            Lookup::NoRepository => Err(absent(
                "这里也不是 git 仓库，不能和以前的版本比较",
                "检查名称有没有写错；要比较版本，先用 git init、git add data、git commit 把数据存进 git",
            )),
            Lookup::NoGit => Err(absent(
                "也没有安装 git，不能和以前的版本比较",
                "检查名称有没有写错；要比较版本，先安装 git",
            )),
        }
    }

    /// The same place as a side, as it is now.
    fn working_tree(&self, old: &Origin) -> Result<Origin> {
        let root = self.workspace.root();
        match old {
            Origin::Revision { path, .. } => {
                Ok(Origin::Path(root.join(path.as_deref().unwrap_or(DATA))))
            }
            Origin::Path(path) if matches!(kind_of(path), Some(Kind::Data(_))) => {
                Ok(Origin::Path(root.join(DATA)))
            }
            Origin::Path(path) => {
                let finding = Finding::about(&NO_SUCH_SIDE, path, "没有写和什么比较");
                let path = shown(path);
                Err(vec![finding.help(format!(
                    "再写一个文件、文件夹或 git 版本，例如 jixiao diff HEAD {path}"
                ))])
            }
            Origin::Nothing => Ok(Origin::Nothing),
        }
    }

    /// A revision alone means the same place as the other side.
    fn narrow(&self, side: &mut Origin, other: &Origin) {
        if let Origin::Revision { path: path @ None, .. } = side {
            *path = match other {
                Origin::Revision { path, .. } => path.clone(),
                Origin::Path(other) => self.within(other),
                Origin::Nothing => None,
            };
        }
    }

    /// A path from the workspace's folder, with `/` between the parts, if it is inside.
    fn within(&self, path: &Path) -> Option<String> {
        let (root, path) = (self.workspace.root().canonicalize(), path.canonicalize());
        let (root, path) = (root.ok()?, path.ok()?);
        let inside = shown(path.strip_prefix(root).ok()?);
        (!inside.is_empty()).then_some(inside)
    }

    fn open(&self, origin: &Origin) -> Result<Side> {
        match origin {
            Origin::Nothing => Ok(Side::nothing()),
            Origin::Path(path) => {
                let full = path.canonicalize().unwrap_or_else(|_| path.clone());
                self.side(path, path, year_of(&full), None)
            }
            Origin::Revision { commit, name, path } => {
                let path = path.as_deref().unwrap_or(DATA);
                let folder: TempDir =
                    revision::check_out(self.workspace.root(), commit, path, name)
                        .map_err(|finding| vec![*finding])?;
                let called = (format!("{}/", shown(folder.path())), format!("{name}:"));
                let from = folder.path().join(path);
                self.side(&from, &from, year_of(Path::new(path)), Some(called))
            }
        }
    }

    /// Reads a file or folder; `named` tells which kind of file it is.
    fn side(
        &self,
        path: &Path,
        named: &Path,
        year: Option<String>,
        called: Option<(String, String)>,
    ) -> Result<Side> {
        let mut side = Side { year, called, ..Side::nothing() };
        let mut findings = Vec::new();
        if path.is_dir() {
            match self.folder(path, side.year.clone(), &mut findings) {
                Ok(content) => side.content = content,
                Err(finding) => return Err(side.renamed(vec![*finding])),
            }
        } else {
            let form = self.form_of_file(named);
            side.content = self.file(path, named, &form.definition, &mut findings);
            side.form = Some(Arc::clone(form));
        }
        findings.retain(|finding| Self::matters(finding, &side.content));
        if findings.is_empty() { Ok(side) } else { Err(side.renamed(findings)) }
    }

    /// The form of a file that is called so.
    fn form_of_file(&self, named: &Path) -> &'a Arc<Form> {
        let Some(folder) = named.parent() else { return self.form_of(None, None) };
        let year = department_of(folder).parent().and_then(name).filter(|it| is_year(it));
        self.form_of(year, Some(&folder_name(folder)))
    }

    fn file(
        &self,
        path: &Path,
        named: &Path,
        form: &Definition,
        findings: &mut Vec<Finding>,
    ) -> Content {
        let source = match text_file::read(path) {
            Ok(source) => source,
            Err(finding) => {
                findings.push(*finding);
                return Content::Nothing;
            }
        };
        let is_named = |own_file: &str| named.file_name().is_some_and(|name| name == own_file);
        if is_named(DEPARTMENT_FILE) || is_named(UNIT_FILE) {
            let (fields, waivers) = match is_named(UNIT_FILE) {
                true => data::unit_file(&source, form, findings),
                false => data::department_file(&source, form, findings),
            };
            let (folder, projects) = Default::default();
            return Content::DepartmentFile(Box::new(Department {
                folder,
                class: form.class,
                source,
                fields,
                waivers,
                unit: None,
                projects,
            }));
        }
        let project = data::project(&source, form, findings);
        project.map_or(Content::Nothing, |project| Content::Project(Box::new(project)))
    }

    fn folder(
        &self,
        path: &Path,
        year: Option<String>,
        findings: &mut Vec<Finding>,
    ) -> std::result::Result<Content, Box<Finding>> {
        let kind = kind_of(path).ok_or_else(|| {
            let finding = Finding::about(&NO_SUCH_SIDE, path, "这个文件夹里没有数据");
            Box::new(
                finding.help("写部门文件夹、年度文件夹或 data 文件夹，例如 data/2023/056-灵沙乡"),
            )
        })?;
        Ok(match kind {
            Kind::Empty => Content::Nothing,
            Kind::Department => {
                Content::Department(self.department(path, year.as_deref(), findings))
            }
            Kind::Year => Content::Year(Box::new(self.departments(path, year, findings))),
            Kind::Data(data) => {
                let years = entries(&data).into_iter().filter(|path| path.is_dir());
                let years = years.filter_map(|path| Some((name(&path)?.to_owned(), path)));
                let wanted = |year: &str| self.year.is_none_or(|wanted| wanted == year);
                let years = years.filter(|(year, _)| is_year(year) && wanted(year));
                let read = years.map(|(year, path)| self.departments(&path, Some(year), findings));
                Content::Data(read.collect())
            }
        })
    }

    fn departments(&self, path: &Path, year: Option<String>, findings: &mut Vec<Finding>) -> Year {
        let mut departments = Vec::new();
        for folder in entries(path).into_iter().filter(|path| path.is_dir()) {
            departments.append(&mut self.department(&folder, year.as_deref(), findings));
        }
        Year { name: year, departments }
    }

    /// What is in a department's folder, and in those of its later forms and of its units.
    fn department(
        &self,
        path: &Path,
        year: Option<&str>,
        findings: &mut Vec<Finding>,
    ) -> Vec<Department> {
        let form = |folder: &Path| {
            let folder = folder_name(folder);
            &self.form_of(year, Some(&folder)).definition
        };
        let own = owner_of(path);
        let later = entries(path).into_iter();
        let later = later.filter(|path| path.is_dir() && later_form(path).is_some());
        let mut read = |folder: &Path| {
            data::department_on(&text_file::read, folder, form(folder), form(own), findings)
        };
        let first = read(path);
        let mut all: Vec<Department> =
            first.into_iter().chain(later.filter_map(|folder| read(&folder))).collect();
        for unit in units(path) {
            all.append(&mut self.department(&unit, year, findings));
        }
        all
    }

    /// Whether a finding keeps a file from being compared. A draft may have gaps: what is empty or
    /// missing is compared as not there. Only of the funds nothing at all is known if one part is
    /// missing.
    fn matters(finding: &Finding, content: &Content) -> bool {
        // Funds of which a part could not be read are not there at all.
        let is_complete = |project: &Project| !project.funding.principal.lines.is_empty();
        let mut projects = content.departments().flat_map(|department| &department.projects);
        let mut all = content.project().into_iter().chain(projects.by_ref());
        if finding.is(&toml::MISSING_KEY) {
            all.any(|it| finding.is_in(&it.source) && !is_complete(it))
        } else {
            finding.is_error() && !GAPS.iter().any(|rule| finding.is(rule))
        }
    }
}

impl Side {
    /// The form of what is on this side, of a department [by its folder](Department::folder).
    pub(super) fn form<'f>(
        &'f self,
        forms: &'f Forms,
        year: Option<&str>,
        folder: Option<&str>,
    ) -> &'f Form {
        self.form.as_deref().unwrap_or_else(|| forms.named(year, folder))
    }

    fn nothing() -> Self {
        Self { year: None, content: Content::Nothing, form: None, called: None }
    }

    /// Findings about this side, under the names by which the user knows its files.
    pub fn renamed(&self, findings: Vec<Finding>) -> Vec<Finding> {
        let Some((from, to)) = &self.called else { return findings };
        let rename = |name: &str| name.strip_prefix(from).map(|rest| format!("{to}{rest}"));
        let move_span = |span: &mut Span| {
            if let Some(name) = rename(span.source.name()) {
                span.source = SourceFile::new(name, span.source.text());
            }
        };
        let mut findings = findings;
        for finding in &mut findings {
            match &mut finding.place {
                Place::Text(span) => move_span(span),
                Place::Path(path) => *path = rename(path).unwrap_or_else(|| path.clone()),
            }
            finding.related.iter_mut().for_each(|(span, _)| move_span(span));
        }
        findings
    }
}

impl Content {
    /// What it is called; nothing is of no kind.
    pub fn kind(&self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Project(_) => Some("项目文件"),
            Self::DepartmentFile(_) => Some(DEPARTMENT_FILE),
            Self::Department(_) => Some("部门文件夹"),
            Self::Year(_) => Some("年度文件夹"),
            Self::Data(_) => Some("data 文件夹"),
        }
    }

    /// The project, of a project's file.
    pub fn project(&self) -> Option<&Project> {
        match self {
            Self::Project(project) => Some(project),
            _ => None,
        }
    }

    /// The years.
    pub fn years(&self) -> &[Year] {
        match self {
            Self::Year(year) => std::slice::from_ref(year),
            Self::Data(years) => years,
            _ => &[],
        }
    }

    /// The departments of all years.
    pub fn departments(&self) -> impl Iterator<Item = &Department> {
        let own = match self {
            Self::DepartmentFile(department) => std::slice::from_ref(&**department),
            Self::Department(departments) => departments,
            _ => &[],
        };
        own.iter().chain(self.years().iter().flat_map(|year| &year.departments))
    }

    /// The funds of all projects.
    pub fn total(&self) -> Money {
        // A later form is about the same funds.
        let first = self.departments().filter(|it| it.class == Class::Target);
        let projects = first.flat_map(|department| &department.projects);
        projects.chain(self.project()).map(|project| project.funding.total()).sum()
    }
}

/// What a folder is.
#[derive(Debug)]
enum Kind {
    Empty,
    Department,
    Year,
    /// With the folder that holds the years.
    Data(PathBuf),
}

/// What a folder is, told by what is in it: a difftool puts parts of the data into folders of
/// other names. `None` if it holds no data.
fn kind_of(dir: &Path) -> Option<Kind> {
    let entries = entries(dir);
    let folders: Vec<&PathBuf> = entries.iter().filter(|path| path.is_dir()).collect();
    let holds_toml = |dir: &Path| self::entries(dir).iter().any(|path| is_toml(path));
    if entries.is_empty() {
        Some(Kind::Empty)
    } else if let Some(data) = folders.iter().find(|path| name(path) == Some(DATA)) {
        Some(Kind::Data((*data).clone()))
    } else if folders.iter().any(|path| name(path).is_some_and(is_year)) {
        Some(Kind::Data(dir.to_owned()))
    } else if holds_toml(dir) {
        Some(Kind::Department)
    } else if folders.iter().any(|path| holds_toml(path)) {
        Some(Kind::Year)
    } else if let [folder] = folders[..] {
        // The workspace is a folder within the repository.
        kind_of(folder).filter(|kind| matches!(kind, Kind::Data(_)))
    } else {
        None
    }
}

/// What is in a folder; of one that cannot be read, nothing.
fn entries(dir: &Path) -> Vec<PathBuf> {
    visible_entries(dir).unwrap_or_default()
}

fn name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

/// The year a path leads through.
fn year_of(path: &Path) -> Option<String> {
    path.ancestors().filter_map(name).find(|name| is_year(name)).map(str::to_owned)
}

/// Whether a path is what git writes for a file that is not there.
fn is_nothing(path: &Path) -> bool {
    path == Path::new("/dev/null") || path.as_os_str().eq_ignore_ascii_case("nul")
}

/// Both results, or the findings of both.
fn both<T>(old: Result<T>, new: Result<T>) -> Result<(T, T)> {
    match (old, new) {
        (Ok(old), Ok(new)) => Ok((old, new)),
        (old, new) => Err([old.err(), new.err()].into_iter().flatten().flatten().collect()),
    }
}
