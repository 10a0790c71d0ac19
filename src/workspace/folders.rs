//! The folders of a workspace: `data/<year>/<department>/*.toml`.

use std::io;
use std::path::{Path, PathBuf};

use super::Whereabouts;
use super::inventory::{
    Stock, Stray, Tier, department_of, folder_name, later_form, unit_of, units, visible_entries,
};
use super::names::{file_name, is_toml, is_year};
use crate::diagnostics::{Finding, Rule, Severity};
use crate::files::io_error;

static NO_DATA: Rule = Rule {
    code: "E201",
    name: "没有数据",
    severity: Severity::Error,
    explanation: r#"看什么：工作文件夹里有没有 data/年份/部门 这样的数据。
为什么：没有数据就没有可以检查和打印的东西。
反例：在别的文件夹里运行了程序。
正例：进入 data 所在的文件夹，或用 -C 指明它。"#,
};
static UNKNOWN_DEPARTMENT: Rule = Rule {
    code: "E202",
    name: "没有这个部门",
    severity: Severity::Error,
    explanation: r#"看什么：命令里写的部门存不存在，是不是只对应一个文件夹。
为什么：写错了部门，印出来的就不是要的那一份。
反例：`jixiao render 沙乡`，而有两个部门的名称都含“沙乡”。
正例：`jixiao render 056-灵沙乡`"#,
};
/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&NO_DATA, &UNKNOWN_DEPARTMENT];

/// A folder with `data/` in it.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
}

/// A year of data and the folders of its departments.
#[derive(Debug, Clone)]
pub struct Year {
    /// The year, four digits.
    pub name: String,
    /// The folders of the departments, in natural order, each followed by those of its budget units.
    pub departments: Vec<PathBuf>,
    /// What lies beside the years and beside the departments and is not read.
    pub strays: Vec<Finding>,
}

impl Workspace {
    /// The workspace in `root`; nothing is read yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of a year's data, whether it is there or not.
    pub fn year_folder(&self, year: &str) -> PathBuf {
        self.root.join("data").join(year)
    }

    /// The years under `data/`, oldest first.
    ///
    /// # Errors
    /// A finding if there is none, or the folder cannot be read.
    pub fn years(&self) -> Result<Vec<String>, Box<Finding>> {
        let (years, _) = self.data()?;
        if years.is_empty() { Err(Box::new(self.no_years())) } else { Ok(years) }
    }

    /// The folders of all departments of all years; what cannot be read is for others to tell.
    pub fn departments(&self) -> Vec<PathBuf> {
        let years = self.years().unwrap_or_default();
        let years = years.iter().filter_map(|year| self.year(Some(year)).ok());
        years.flat_map(|year| year.departments).collect()
    }

    /// The years, which may be none, and what lies beside them.
    fn data(&self) -> Result<(Vec<String>, Vec<Finding>), Box<Finding>> {
        let data = self.root.join("data");
        let stock = Stock::take(Tier::Data, &data).map_err(|error| {
            // A link that leads nowhere is there.
            if error.kind() == io::ErrorKind::NotFound && !data.is_symlink() {
                let it_is = Whereabouts::of(&self.root);
                return Box::new(
                    Finding::about(&NO_DATA, &data, it_is.message()).help(it_is.help(&self.root)),
                );
            }
            let message = format!("读不出数据文件夹：{}", io_error::in_chinese(&error));
            Box::new(Finding::about(&NO_DATA, &data, message).help(WHERE_DATA_IS))
        })?;
        let years = stock.years.iter().filter_map(|path| file_name(path)).map(str::to_owned);
        Ok((years.collect(), findings(stock.strays)))
    }

    fn no_years(&self) -> Finding {
        Finding::about(&NO_DATA, &self.root.join("data"), "这里没有年份文件夹").help(WHERE_DATA_IS)
    }

    /// The data files of all years.
    ///
    /// # Errors
    /// A finding if there is none, or a folder cannot be read.
    pub fn files(&self) -> Result<Vec<PathBuf>, Box<Finding>> {
        self.years()?;
        data_files(&self.root.join("data"))
    }

    /// A year with its departments: the one asked for, or the newest.
    ///
    /// # Errors
    /// Findings if there is no such year, or it has no department; what is not read is among them.
    pub fn year(&self, asked: Option<&str>) -> Result<Year, Vec<Finding>> {
        let (years, mut strays) = self.data().map_err(|finding| vec![*finding])?;
        let with = |finding: Finding, strays: Vec<Finding>| {
            Err(std::iter::once(finding).chain(strays).collect())
        };
        let newest = years.last().map(String::as_str);
        let name = match asked.or(newest) {
            None => return with(self.no_years(), strays),
            Some(name) if years.iter().any(|year| year == name) => name.to_owned(),
            Some(name) => {
                let message = format!("没有 {name} 年度的数据");
                let finding = Finding::about(&NO_DATA, &self.year_folder(name), message);
                return with(finding.help(format!("现有年度：{}", years.join("、"))), strays);
            }
        };
        let folder = self.year_folder(&name);
        let Stock { departments, strays: beside, .. } =
            Stock::take(Tier::Year, &folder).map_err(|error| {
                let message = format!("读不出年度文件夹：{}", io_error::in_chinese(&error));
                vec![Finding::about(&NO_DATA, &folder, message)]
            })?;
        strays.extend(findings(beside));
        if departments.is_empty() {
            let finding = Finding::about(&NO_DATA, &folder, format!("{name} 年度没有部门文件夹"))
                .help("每个部门一个文件夹，里面有部门.toml 和各项目的文件");
            return with(finding, strays);
        }
        let departments = departments.into_iter().flat_map(|department| {
            let units = units(&department);
            std::iter::once(department).chain(units)
        });
        Ok(Year { name, departments: departments.collect(), strays })
    }
}

fn findings(strays: Vec<Stray>) -> Vec<Finding> {
    strays.into_iter().map(|stray| stray.finding).collect()
}

const WHERE_DATA_IS: &str =
    "数据放在 data/年份/部门/ 里，例如 data/2023/056-灵沙乡/；用 -C 指明 data 所在的文件夹";

/// The data files that a path means: the file itself, or all files of a department's folder, a
/// year's, `data` or the folder it is in; folder by folder in natural order.
///
/// # Errors
/// A finding if a folder cannot be read, or there is no data file in it.
pub fn data_files(path: &Path) -> Result<Vec<PathBuf>, Box<Finding>> {
    let data = path.join("data");
    let found = match path.metadata() {
        Ok(_) if data.is_dir() => return data_files(&data),
        Ok(metadata) if metadata.is_dir() => files_within(path),
        Ok(_) => Ok(vec![path.to_owned()]),
        Err(error) => Err(error),
    };
    let (message, help) = match found {
        Ok(files) if !files.is_empty() => return Ok(files),
        Ok(_) => ("这个文件夹里没有数据文件".to_owned(), WRITE_A_PATH),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            ("没有这个文件或文件夹".to_owned(), WRITE_A_PATH)
        }
        Err(error) => {
            let message = format!("读不出文件夹：{}", io_error::in_chinese(&error));
            (message, "确认有权限读里面的每个文件夹")
        }
    };
    Err(Box::new(Finding::about(&NO_DATA, path, message).help(help)))
}

const WRITE_A_PATH: &str = "写数据文件、部门文件夹或年度文件夹的路径，例如 data/2023/056-灵沙乡";

fn files_within(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_named_as_year = |path: &PathBuf| path.is_dir() && file_name(path).is_some_and(is_year);
    let mut years: Vec<PathBuf> =
        visible_entries(folder)?.into_iter().filter(is_named_as_year).collect();
    // `.` has no name of its own.
    if is_named_as_year(&folder.canonicalize()?) {
        years = vec![folder.to_owned()];
    }
    let mut files = Vec::new();
    if years.is_empty() {
        add_files(folder, 0, &mut files)?;
    }
    for year in years {
        add_files(&year, 1, &mut files)?;
    }
    Ok(files)
}

/// Adds the TOML files of a folder, of the folders in it, as deep as `depth`, and of later forms.
fn add_files(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for path in visible_entries(folder)? {
        match path.is_dir() {
            true if depth > 0 => add_files(&path, depth - 1, files)?,
            true if later_form(&path).is_some() || unit_of(&path).is_some() => {
                add_files(&path, 0, files)?;
            }
            true => {}
            false if is_toml(&path) => files.push(path),
            false => {}
        }
    }
    Ok(())
}

impl Year {
    /// Keeps only the departments asked for, with their units, and the units asked for; each by its
    /// folder's name, a path to it, or a part of the name that only one folder has.
    ///
    /// # Errors
    /// A finding for each name that fits no folder, or several.
    pub fn select(mut self, asked: &[String]) -> Result<Self, Vec<Finding>> {
        if asked.is_empty() {
            return Ok(self);
        }
        let mut findings = Vec::new();
        let mut selected = Vec::new();
        for name in asked {
            match self.find(name) {
                Ok(index) => selected.push(index),
                Err(finding) => findings.push(*finding),
            }
        }
        let selected: Vec<PathBuf> =
            selected.iter().filter_map(|index| self.departments.get(*index)).cloned().collect();
        let is_selected = |folder: &PathBuf| {
            selected.contains(folder) || selected.iter().any(|it| it == department_of(folder))
        };
        self.departments.retain(is_selected);
        if findings.is_empty() { Ok(self) } else { Err(findings) }
    }

    fn find(&self, asked: &str) -> Result<usize, Box<Finding>> {
        let asked_path = Path::new(asked);
        let written = asked.trim_end_matches(['/', '\\']).replace('\\', "/");
        let all = || self.departments.iter();
        let is_named = |dir: &PathBuf| file_name(dir) == Some(&*written);
        // Units of several departments may be called so.
        let index = match all().filter(|dir| is_named(dir)).count() {
            1 => all().position(is_named),
            _ => all().position(|dir| folder_name(dir) == written || same_folder(dir, asked_path)),
        };
        if let Some(index) = index {
            return Ok(index);
        }
        let names: Vec<String> = all().map(|dir| folder_name(dir)).collect();
        let partial: Vec<usize> = self
            .departments
            .iter()
            .enumerate()
            .filter(|(_, dir)| file_name(dir).is_some_and(|name| name.contains(asked)))
            .map(|(index, _)| index)
            .collect();
        match partial[..] {
            [index] if !asked.is_empty() => Ok(index),
            [] => {
                let message = format!("{} 年度没有部门“{asked}”", self.name);
                let finding = Finding::about(&UNKNOWN_DEPARTMENT, asked_path, message);
                let near = names.iter().max_by(|a, b| {
                    let similar = |name: &str| strsim::jaro(name, asked);
                    similar(a).total_cmp(&similar(b))
                });
                Err(Box::new(finding.help(match near {
                    Some(name) if strsim::jaro(name, asked) > 0.5 => format!("是不是“{name}”？"),
                    _ => format!("现有部门：{}", names.get(..10).unwrap_or(&names).join("、")),
                })))
            }
            _ => {
                let message = format!("“{asked}”不止一个部门符合");
                let is_fitting =
                    |name: &&String| name.rsplit('/').next().is_some_and(|it| it.contains(asked));
                let fitting = names.iter().filter(is_fitting).take(10).cloned();
                let help =
                    format!("写出完整的文件夹名：{}", fitting.collect::<Vec<_>>().join("、"));
                Err(Box::new(Finding::about(&UNKNOWN_DEPARTMENT, asked_path, message).help(help)))
            }
        }
    }
}

fn same_folder(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}
