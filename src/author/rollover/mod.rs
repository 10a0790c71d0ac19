//! Last year's data → this year's drafts. Years in texts are moved on, amounts are kept and marked
//! for review, comments stay. Whether a one-year project is done again is decided by a person.
//!
//! [`Rollover`] is prepared, decided upon and written; nothing is written unless all of it can be,
//! and nothing is ever overwritten.

mod draft;
mod years;

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::author::scaffold::{self, Purpose};
use crate::data;
use crate::data::{Department, Project, Unit};
use crate::diagnostics::{BYTE_ORDER_MARK, Finding, Rule, Severity, SourceFile, has_errors};
use crate::files::io_error;
use crate::form::{Definition, FieldMeaning};
use crate::lint::{Duration, ProjectKind};
use crate::workspace::{DEPARTMENT_FILE, Forms, UNIT_FILE, Workspace, department_of, folder_name};
use draft::{Draft, moved_on};

static IN_THE_WAY: Rule = Rule {
    code: "E821",
    name: "新年度已有",
    severity: Severity::Error,
    explanation: r#"看什么：新年度里是不是已经有了要转过去的部门。
为什么：现有的文件可能已经改过，不能用上一年的盖掉；所以一个文件也不写。
反例：data/2024 里已经有 056-灵沙乡，又运行 jixiao rollover 2023 2024。
正例：只转还没有的部门：`jixiao rollover 2023 2024 渠口乡`"#,
};
static NOT_WRITTEN: Rule = Rule {
    code: "E822",
    name: "转不成新年度",
    severity: Severity::Error,
    explanation: r#"看什么：新年度的文件能不能写到 data 文件夹里。
为什么：要么全部写成，要么一个也不写，不会留下半个年度。
反例：data 文件夹是只读的，或者磁盘已满。
正例：确认有写的权限，再运行一次。"#,
};
static NO_SUCH_PROJECT: Rule = Rule {
    code: "E823",
    name: "没有这个项目",
    severity: Severity::Error,
    explanation: r#"看什么：--keep 和 --drop 后面写的项目是不是上一年有的，有没有两边都写。
为什么：写错了，该转的项目就会漏掉。
反例：`--keep 会议费`，而上一年没有名称里有“会议费”的项目。
正例：`--keep 01-村级创新社会管理工作经费`；写编号 `--keep 01` 也可以"#,
};

/// The kinds of findings reported here.
pub(crate) const RULES: &[&Rule] = &[&IN_THE_WAY, &NOT_WRITTEN, &NO_SUCH_PROJECT];

/// The code of the kind of project that runs for one year.
const ONE_YEAR: &str = "0101";

/// What stands for all projects that are not named.
pub const ALL: &str = "全部";

/// Whether a project is done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is.
    Keep,
    /// It is not.
    Drop,
}

/// A year of data on its way to the next.
#[derive(Debug)]
pub struct Rollover<'a> {
    old: &'a str,
    new: &'a str,
    /// The folder of the new year.
    target: PathBuf,
    departments: Vec<Department>,
    /// One for each project, in the order of the departments.
    choices: Vec<Choice>,
}

/// A department as another form has it.
fn on_form(department: &Department, from: &Definition, form: &Definition) -> Department {
    // What cannot be filled in from last year is for `check` to say.
    let mut ignored = Vec::new();
    let text = scaffold::department_in_form(&department.fields, form);
    let source = SourceFile::new(department.source.name(), text);
    let (fields, waivers) = data::department_file(&source, form, &mut ignored);
    let unit = department.unit.as_ref().map(|unit| {
        let text = scaffold::unit_in_form(&unit.fields, form);
        let source = SourceFile::new(unit.source.name(), text);
        let (fields, waivers) = data::unit_file(&source, form, &mut ignored);
        Unit { source, fields, waivers }
    });
    let projects = department.projects.iter().filter_map(|project| {
        let text = scaffold::project_in_form(project, from, form, Purpose::Replace);
        let source = SourceFile::new(project.source.name(), text);
        data::project(&source, form, &mut ignored)
    });
    let projects = projects.collect();
    Department {
        source,
        fields,
        waivers,
        unit,
        projects,
        folder: department.folder.clone(),
        class: department.class,
    }
}

/// A project to decide about.
#[derive(Debug)]
struct Choice {
    /// Its file, without the extension, in its department's folder.
    path: String,
    name: String,
    is_one_year: bool,
    decision: Option<Decision>,
}

/// What was written.
#[derive(Debug)]
pub struct Written {
    /// The folder of the new year.
    pub folder: PathBuf,
    /// How many departments.
    pub departments: usize,
    /// How many projects.
    pub projects: usize,
    /// How many projects were left behind.
    pub dropped: usize,
}

impl<'a> Rollover<'a> {
    /// Reads the departments of the old year that are asked for, all if none is.
    ///
    /// # Errors
    /// All errors in their files, and each department that the new year has already.
    pub fn new(
        workspace: &Workspace,
        forms: &Forms,
        (old, new): (&'a str, &'a str),
        departments: &[String],
    ) -> Result<Self, Vec<Finding>> {
        let folders = workspace.year(Some(old))?.select(departments)?.departments;
        let target = workspace.year_folder(new);
        let selected: HashSet<&Path> = folders.iter().map(PathBuf::as_path).collect();
        let goes_along = |folder: &Path| {
            let department = department_of(folder);
            department != folder && selected.contains(department)
        };
        let alone = folders.iter().filter(|folder| !goes_along(folder));
        let homeless = alone.clone().filter(|folder| department_of(folder) != *folder);
        let mut homeless =
            homeless.filter(|folder| !target.join(folder_name(department_of(folder))).is_dir());
        if let Some(folder) = homeless.next() {
            let message = format!("{new} 年度还没有这个单位的部门");
            let help = "年度后面写部门的文件夹名，部门和它的单位一起转";
            return Err(vec![Finding::about(&IN_THE_WAY, folder, message).help(help)]);
        }
        let in_the_way: Vec<Finding> = alone
            .map(|folder| target.join(folder_name(folder)))
            .filter(|folder| folder.symlink_metadata().is_ok())
            .map(|folder| {
                Finding::about(&IN_THE_WAY, &folder, format!("{new} 年度已经有这个部门"))
                    .help("没有写任何文件。只转别的部门，就在年度后面写部门；要重新转，先把这个文件夹移走")
            })
            .collect();
        if !in_the_way.is_empty() {
            return Err(in_the_way);
        }
        let mut findings = Vec::new();
        let mut departments = Vec::new();
        // What was reached in a year stays with it: only first forms go on.
        let has_first = |folder: &&PathBuf| forms.folders(folder).contains(folder);
        for folder in folders.iter().filter(has_first) {
            // The folder of a unit need not be there yet to be known for one.
            let after = forms.of(&target.join(folder_name(department_of(folder))));
            let department = data::department(folder, forms, &mut findings);
            departments.extend(department.map(|department| match forms.of(folder) {
                before if before.is(after) => department,
                before => on_form(&department, &before.definition, &after.definition),
            }));
        }
        if has_errors(&findings) {
            return Err(findings);
        }
        let choices = departments.iter().flat_map(choices).collect();
        Ok(Self { old, new, target, departments, choices })
    }

    /// Takes decisions by the names of projects: a file's name or number, a project's name, or a
    /// part of it. [`ALL`] is for the one-year projects that no name fits.
    ///
    /// # Errors
    /// A finding for each name that fits no project, and each project that is to be both.
    pub fn decide(&mut self, keep: &[String], drop: &[String]) -> Result<(), Vec<Finding>> {
        let mut findings = Vec::new();
        for (names, decision) in [(keep, Decision::Keep), (drop, Decision::Drop)] {
            for name in names.iter().filter(|name| *name != ALL) {
                let fitting = self.fitting(name);
                if fitting.is_empty() {
                    findings.push(self.unknown(name));
                }
                for index in fitting {
                    let choice = &mut self.choices[index];
                    if *choice.decision.get_or_insert(decision) != decision {
                        let message = format!("“{}”又要保留又要去掉", choice.path);
                        let place = Path::new(name);
                        let finding = Finding::about(&NO_SUCH_PROJECT, place, message)
                            .help("只写在 --keep 或 --drop 的一边");
                        findings.push(finding);
                    }
                }
            }
        }
        for (names, decision) in [(keep, Decision::Keep), (drop, Decision::Drop)] {
            if names.iter().any(|name| name == ALL) {
                self.undecided_choices().for_each(|choice| choice.decision = Some(decision));
            }
        }
        if findings.is_empty() { Ok(()) } else { Err(findings) }
    }

    /// The one-year projects that nothing is decided about: their files without the extension, in
    /// their departments' folders.
    pub fn undecided(&self) -> Vec<String> {
        let undecided = self.choices.iter().filter(|choice| choice.is_undecided());
        undecided.map(|choice| choice.path.clone()).collect()
    }

    /// Decides about all that is left: to keep these among [`Rollover::undecided`].
    pub fn keep_only(&mut self, kept: &[usize]) {
        for (index, choice) in self.undecided_choices().enumerate() {
            let is_kept = kept.contains(&index);
            choice.decision = Some(if is_kept { Decision::Keep } else { Decision::Drop });
        }
    }

    /// Writes the new year. Projects that nothing is decided about are kept.
    ///
    /// # Errors
    /// What kept it from being written; nothing has been written then.
    pub fn write(&self) -> Result<Written, Vec<Finding>> {
        self.put_in_place().map_err(|error| {
            let message = format!("写不出新年度：{}", io_error::in_chinese(&error));
            let finding = Finding::about(&NOT_WRITTEN, &self.target, message);
            vec![finding.help("没有留下任何文件。确认有写的权限，再运行一次")]
        })?;
        let is_dropped = |choice: &&Choice| choice.decision == Some(Decision::Drop);
        let dropped = self.choices.iter().filter(is_dropped).count();
        Ok(Written {
            folder: self.target.clone(),
            departments: self.departments.len(),
            projects: self.choices.len() - dropped,
            dropped,
        })
    }

    /// Writes all files into a folder beside, then renames it.
    fn put_in_place(&self) -> io::Result<()> {
        let data = self.target.parent().unwrap_or(Path::new("."));
        let beside = tempfile::Builder::new().prefix(".jixiao-").tempdir_in(data)?;
        // A temporary folder is private; a folder within it is as others are.
        let year = beside.path().join(self.new);
        let mut choices = self.choices.iter();
        for department in &self.departments {
            let folder = year.join(&department.folder);
            fs::create_dir_all(&folder)?;
            let text = self.department_text(department);
            let file = if department.unit.is_some() { UNIT_FILE } else { DEPARTMENT_FILE };
            write(&folder.join(file), department.own().0, &text)?;
            let names = new_names(department, self.old, self.new);
            for ((project, name), choice) in department.projects.iter().zip(names).zip(&mut choices)
            {
                if choice.decision != Some(Decision::Drop) {
                    write(&folder.join(name), &project.source, &self.project_text(project))?;
                }
            }
        }
        if self.target.symlink_metadata().is_err() {
            return fs::rename(&year, &self.target);
        }
        // A unit goes along with its department.
        let folders: HashSet<&str> = self.departments.iter().map(|it| it.folder.as_str()).collect();
        let goes_along =
            |it: &&Department| it.unit.is_some() && folders.contains(it.department_folder());
        let alone = self.departments.iter().filter(|department| !goes_along(department));
        let names: Vec<&str> = alone.map(|department| department.folder.as_str()).collect();
        for (done, name) in names.iter().enumerate() {
            if let Err(error) = fs::rename(year.join(name), self.target.join(name)) {
                for name in names.iter().take(done) {
                    fs::rename(self.target.join(name), year.join(name))?;
                }
                return Err(error);
            }
        }
        Ok(())
    }

    fn department_text(&self, department: &Department) -> String {
        let (source, fields, waivers) = department.own();
        let mut draft = Draft::new(source, self.old, self.new);
        draft.fields(fields);
        draft.waivers(waivers);
        draft.finish()
    }

    fn project_text(&self, project: &Project) -> String {
        let mut draft = Draft::new(&project.source, self.old, self.new);
        draft.project(project);
        draft.finish()
    }

    fn undecided_choices(&mut self) -> impl Iterator<Item = &mut Choice> {
        self.choices.iter_mut().filter(|choice| choice.is_undecided())
    }

    /// The projects that a name fits: in full if it does, else by number or in part.
    fn fitting(&self, name: &str) -> Vec<usize> {
        let name = name.trim_end_matches(".toml");
        let ways: [&dyn Fn(&Choice) -> bool; 3] = [
            &|choice| choice.path == name || choice.stem() == name || choice.name == name,
            &|choice| choice.number().is_some_and(|number| Some(number) == number_of(name)),
            &|choice| {
                !name.is_empty() && (choice.path.contains(name) || choice.name.contains(name))
            },
        ];
        let fitting = ways.into_iter().map(|fits| {
            let choices = self.choices.iter().enumerate();
            choices.filter(|(_, choice)| fits(choice)).map(|(index, _)| index).collect()
        });
        fitting.into_iter().find(|found: &Vec<usize>| !found.is_empty()).unwrap_or_default()
    }

    fn unknown(&self, name: &str) -> Finding {
        let message = format!("{} 年度没有项目“{name}”", self.old);
        let finding = Finding::about(&NO_SUCH_PROJECT, Path::new(name), message);
        let similar = |choice: &&Choice| {
            strsim::jaro(&choice.name, name).max(strsim::jaro(choice.stem(), name))
        };
        let near = self.choices.iter().max_by(|a, b| similar(a).total_cmp(&similar(b)));
        finding.help(match near {
            Some(choice) if similar(&choice) > 0.7 => format!("是不是“{}”？", choice.stem()),
            _ => format!("写项目的文件名、编号，或名称的一部分；“{ALL}”是其余所有一年期项目"),
        })
    }
}

impl Choice {
    fn is_undecided(&self) -> bool {
        self.is_one_year && self.decision.is_none()
    }

    fn stem(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    fn number(&self) -> Option<u32> {
        let stem = self.stem();
        let end = stem.find(|c: char| !c.is_ascii_digit()).unwrap_or(stem.len());
        number_of(&stem[..end])
    }
}

fn number_of(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn choices(department: &Department) -> impl Iterator<Item = Choice> {
    department.projects.iter().map(|project| Choice {
        path: format!("{}/{}", department.folder, stem(project)),
        name: project.name().to_owned(),
        is_one_year: is_one_year(project),
        decision: None,
    })
}

fn is_one_year(project: &Project) -> bool {
    let kind = project.fields.about(FieldMeaning::ProjectKind);
    kind.and_then(|kind| ProjectKind::parse(kind.get_ref()))
        .is_some_and(|kind| kind.code == ONE_YEAR || kind.duration() == Some(Duration::Years(1)))
}

/// The name of a project's file, without the extension.
fn stem(project: &Project) -> String {
    let stem = Path::new(project.source.name()).file_stem();
    stem.map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The names of the project files in the new year. A year in a name is moved on like any other,
/// unless another file would have the same name.
fn new_names(department: &Department, old: &str, new: &str) -> Vec<String> {
    let stems: Vec<String> = department.projects.iter().map(stem).collect();
    let is_taken =
        |name: &String| stems.iter().any(|stem| stem.to_lowercase() == name.to_lowercase());
    stems
        .iter()
        .map(|stem| {
            let moved = moved_on(stem, old, new);
            let stem = if is_taken(&moved) { stem } else { &moved };
            format!("{stem}.toml")
        })
        .collect()
}

/// Writes a draft, with the byte order mark of the file it was made from.
fn write(path: &Path, source: &SourceFile, text: &str) -> io::Result<()> {
    let mark = if source.bytes().starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK } else { b"" };
    let mut file = File::create_new(path)?;
    file.write_all(&[mark, text.as_bytes()].concat())?;
    file.sync_data()
}
