//! The folders of a workspace: `data/<year>/<department>/*.toml`.

use std::io;
use std::path::{Path, PathBuf};

use super::Whereabouts;
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
static MISPLACED_FILE: Rule = Rule {
    code: "E203",
    name: "文件放错位置",
    severity: Severity::Error,
    explanation: r#"看什么：数据文件有没有放在部门文件夹里。
为什么：放错位置的文件不会打印，容易漏报。
反例：`data/2023/办公经费.toml`
正例：`data/2023/056-灵沙乡/办公经费.toml`"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&NO_DATA, &UNKNOWN_DEPARTMENT, &MISPLACED_FILE];

/// The file that describes a department, in the department's folder.
pub const DEPARTMENT_FILE: &str = "部门.toml";

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
    /// The folders of the departments, in natural order.
    pub departments: Vec<PathBuf>,
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
        let data = self.root.join("data");
        let help =
            "数据放在 data/年份/部门/ 里，例如 data/2023/056-灵沙乡/；用 -C 指明 data 所在的文件夹";
        let entries = visible_entries(&data).map_err(|error| {
            // A link that leads nowhere is there.
            if error.kind() == io::ErrorKind::NotFound && !data.is_symlink() {
                let it_is = Whereabouts::of(&self.root);
                return Box::new(
                    Finding::about(&NO_DATA, &data, it_is.message()).help(it_is.help(&self.root)),
                );
            }
            let message = format!("读不出数据文件夹：{}", io_error::in_chinese(&error));
            Box::new(Finding::about(&NO_DATA, &data, message).help(help))
        })?;
        let years: Vec<String> = entries
            .iter()
            .filter(|path| path.is_dir())
            .filter_map(|path| file_name(path).filter(|name| is_year(name)))
            .map(str::to_owned)
            .collect();
        if years.is_empty() {
            let message = "这里没有年份文件夹";
            return Err(Box::new(Finding::about(&NO_DATA, &data, message).help(help)));
        }
        Ok(years)
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
    /// Findings if there is no such year, it has no department, or files lie outside the
    /// departments.
    pub fn year(&self, asked: Option<&str>) -> Result<Year, Vec<Finding>> {
        let years = self.years().map_err(|finding| vec![*finding])?;
        let name = match asked {
            None => years.last().cloned().unwrap_or_default(),
            Some(asked) if years.iter().any(|year| year == asked) => asked.to_owned(),
            Some(asked) => {
                let finding = Finding::about(
                    &NO_DATA,
                    &self.year_folder(asked),
                    format!("没有 {asked} 年度的数据"),
                );
                return Err(vec![finding.help(format!("现有年度：{}", years.join("、")))]);
            }
        };
        let dir = self.year_folder(&name);
        let entries = visible_entries(&dir).map_err(|error| {
            let message = format!("读不出年度文件夹：{}", io_error::in_chinese(&error));
            vec![Finding::about(&NO_DATA, &dir, message)]
        })?;
        let (departments, files): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|path| path.is_dir());
        let mut findings: Vec<Finding> = files
            .iter()
            .filter(|path| is_toml(path))
            .map(|path| {
                Finding::about(&MISPLACED_FILE, path, "这个文件不在部门文件夹里，不会被打印")
                    .help("把它移到所属部门的文件夹里，例如 056-灵沙乡/")
            })
            .collect();
        if departments.is_empty() {
            let finding = Finding::about(&NO_DATA, &dir, format!("{name} 年度没有部门文件夹"));
            findings.push(finding.help("每个部门一个文件夹，里面有部门.toml 和各项目的文件"));
        }
        if findings.is_empty() { Ok(Year { name, departments }) } else { Err(findings) }
    }
}

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

/// Adds the TOML files of a folder and of the folders in it, as deep as `depth`.
fn add_files(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for path in visible_entries(folder)? {
        match path.is_dir() {
            true if depth > 0 => add_files(&path, depth - 1, files)?,
            true => {}
            false if is_toml(&path) => files.push(path),
            false => {}
        }
    }
    Ok(())
}

impl Year {
    /// Keeps only the departments asked for, each by its folder's name, a path to it, or a part
    /// of the name that only one folder has.
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
        let mut index = 0..;
        self.departments.retain(|_| index.next().is_some_and(|index| selected.contains(&index)));
        if findings.is_empty() { Ok(self) } else { Err(findings) }
    }

    fn find(&self, asked: &str) -> Result<usize, Box<Finding>> {
        let asked_path = Path::new(asked);
        let is_exact = |dir: &PathBuf| {
            file_name(dir) == Some(asked.trim_end_matches(['/', '\\']))
                || same_folder(dir, asked_path)
        };
        if let Some(index) = self.departments.iter().position(is_exact) {
            return Ok(index);
        }
        let names = || self.departments.iter().filter_map(|dir| file_name(dir));
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
                let near = names().max_by(|a, b| {
                    let similar = |name: &str| strsim::jaro(name, asked);
                    similar(a).total_cmp(&similar(b))
                });
                Err(Box::new(finding.help(match near {
                    Some(name) if strsim::jaro(name, asked) > 0.5 => format!("是不是“{name}”？"),
                    _ => format!("现有部门：{}", names().take(10).collect::<Vec<_>>().join("、")),
                })))
            }
            _ => {
                let message = format!("“{asked}”不止一个部门符合");
                let matching = names().filter(|name| name.contains(asked)).take(10);
                let help =
                    format!("写出完整的文件夹名：{}", matching.collect::<Vec<_>>().join("、"));
                Err(Box::new(Finding::about(&UNKNOWN_DEPARTMENT, asked_path, message).help(help)))
            }
        }
    }
}

/// What is in a folder, in natural order, without hidden and temporary files.
pub(crate) fn visible_entries(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(['.', '~']) {
            paths.push(entry.path());
        }
    }
    paths.sort_by(|a, b| {
        let (a, b) = (a.to_string_lossy(), b.to_string_lossy());
        // Names that natural order holds equal (`1` and `01`) still need a fixed order.
        alphanumeric_sort::compare_str(&a, &b).then_with(|| a.cmp(&b))
    });
    Ok(paths)
}

/// Whether a file is TOML by its name.
pub(crate) fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}

pub(crate) fn file_name(path: &Path) -> Option<&str> {
    path.file_name().and_then(|name| name.to_str())
}

pub(crate) fn misplaced_folder(dir: &Path) -> Finding {
    Finding::about(&MISPLACED_FILE, dir, "部门文件夹里的子文件夹不会被读取")
        .help("把里面的项目文件移到部门文件夹下；不用的文件夹请移走")
}

/// Whether a name is a year: four digits.
pub fn is_year(name: &str) -> bool {
    name.len() == 4 && name.bytes().all(|byte| byte.is_ascii_digit())
}

fn same_folder(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}
