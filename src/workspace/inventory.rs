//! Every file under `data/` is accounted for: it is read, it is litter, or it is named with what to
//! do about it.
//!
//! [`Stock::take`] goes through one folder and gives each entry its [`Standing`] by the folder's
//! [`Tier`]. Loading takes its files from there and from nowhere else, so nothing can be passed
//! over in silence.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::DirEntry;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::litter;
use super::names::{CONFIG_FILE, DEPARTMENT_FILE, UNIT_FILE, file_name, is_toml, is_year};
use crate::diagnostics::{Finding, Rule, Severity};
use crate::files::io_error;
use crate::form::Class;
use crate::text::folded;

static MISPLACED: Rule = Rule {
    code: "E203",
    name: "文件放错位置",
    severity: Severity::Error,
    explanation: r#"看什么：数据文件有没有放在部门文件夹里，部门文件夹有没有放在年度文件夹里。
为什么：放错位置的文件不会打印，容易漏报。
反例：`data/2023/办公经费.toml`
正例：`data/2023/056-灵沙乡/办公经费.toml`"#,
};
static MISNAMED: Rule = Rule {
    code: "E208",
    name: "名称不对",
    severity: Severity::Error,
    explanation: r#"看什么：数据文件、部门文件和年度文件夹的名称对不对。
为什么：名称不对的不会读，也就不会打印，容易漏报；记事本保存时常在后面加上看不见的 .txt。
反例：`02-办公费.toml.txt`、`部门.TOML`、`data/2024年`
正例：`02-办公费.toml`、`部门.toml`、`data/2024`"#,
};
/// The rule about what is no data; a warning, so it can be given another level.
pub(crate) static UNREAD: Rule = Rule {
    code: "W604",
    name: "不读的文件",
    severity: Severity::Warning,
    explanation: r#"看什么：data 文件夹里有没有不是数据的文件和文件夹（系统和编辑器自己留下的不算）。
为什么：程序不会读它们；万一里面是要报的内容，就漏报了。
反例：部门文件夹里放着 `方案.docx`
正例：数据以外的资料放在 data 文件夹外面。"#,
};

/// The errors reported here.
pub(super) const RULES: &[&Rule] = &[&MISPLACED, &MISNAMED];

/// Where a folder stands, which decides what may be in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// `data` itself: years.
    Data,
    /// A year: departments.
    Year,
    /// A department: its file and its projects, and the folders of its later forms.
    Department,
    /// A budget unit of a department: what a department has, but for units.
    Unit,
    /// A later form of a department: its projects, and perhaps a file of its own.
    LaterForm,
    /// A form of a department as a whole: its file.
    Whole,
}

impl Tier {
    /// Where a department's folder of data stands: its own, or that of a later form in it.
    pub fn of_data(folder: &Path) -> Self {
        match later_form(folder) {
            Some((class, _)) if class.is_whole() => Self::Whole,
            Some(_) => Self::LaterForm,
            None if unit_of(folder).is_some() => Self::Unit,
            None => Self::Department,
        }
    }

    fn has_projects(self) -> bool {
        matches!(self, Self::Department | Self::Unit | Self::LaterForm)
    }

    /// The file that says whose data it is.
    fn own_file(self) -> &'static str {
        if self == Self::Unit { UNIT_FILE } else { DEPARTMENT_FILE }
    }
}

/// The department's folder in which a budget unit's lies; `None` for what is no unit's folder.
pub fn unit_of(folder: &Path) -> Option<&Path> {
    let department = folder.parent()?;
    let is_year = file_name(department).is_some_and(is_year);
    (!is_year && folder.join(UNIT_FILE).is_file()).then_some(department)
}

/// The folders of a department's budget units, in natural order; what cannot be read is for others to
/// tell.
pub fn units(department: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(department).into_iter().flatten().flatten();
    let is_folder = |entry: &DirEntry| entry.file_type().is_ok_and(|it| !it.is_file());
    let folders = entries.filter(is_folder).map(|entry| entry.path());
    let is_unit = |folder: &PathBuf| {
        let is_later = folder.file_name().is_some_and(|it| Class::of_subfolder(it).is_some());
        !is_later && unit_of(folder).is_some()
    };
    let mut units: Vec<PathBuf> = folders.filter(is_unit).collect();
    units.sort_by(|a, b| natural_order(&a.to_string_lossy(), &b.to_string_lossy()));
    units
}

/// The folder of the department or the unit whose data is in a folder: itself, or what the folder of a
/// later form is in.
pub fn owner_of(folder: &Path) -> &Path {
    later_form(folder).map_or(folder, |(_, own)| own)
}

/// The folder of the department that data belongs to, be it a unit's or that of a later form.
pub fn department_of(folder: &Path) -> &Path {
    let own = owner_of(folder);
    unit_of(own).unwrap_or(own)
}

/// What a folder of data is called: `056-灵沙乡`, `056-灵沙乡/自评`, `219-教育局/219001-第一小学`.
pub fn folder_name(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let around = match later_form(folder) {
        Some((_, own)) => Some(own),
        None => unit_of(folder),
    };
    around.map_or_else(|| name.to_string(), |around| format!("{}/{name}", folder_name(around)))
}

/// The class of the later form whose data is in a folder, and the department's or the unit's folder;
/// `None` for their own.
pub fn later_form(folder: &Path) -> Option<(Class, &Path)> {
    let department = folder.parent()?;
    // A department may be called so.
    let is_year = file_name(department).is_some_and(is_year);
    let class = Class::of_subfolder(folder.file_name()?).filter(|_| !is_year)?;
    Some((class, department))
}

/// Where the data lies that a later form follows, if that is there.
pub fn first_folder(folder: &Path) -> Option<PathBuf> {
    let (class, department) = later_form(folder)?;
    let first = match class.first()?.subfolder() {
        Some(name) => department.join(name),
        None => department.to_owned(),
    };
    first.is_dir().then_some(first)
}

/// What an entry of a folder is taken for.
#[derive(Debug)]
pub enum Standing {
    /// A folder with the data of a year.
    Year,
    /// A folder with the data of a department.
    Department,
    /// `部门.toml`.
    DepartmentFile,
    /// A project.
    Project,
    /// A folder with the data of a later form.
    LaterForm,
    /// A folder with the data of a budget unit.
    Unit,
    /// What a system or an editor left behind.
    Litter,
    /// None of these.
    Stray(Box<Stray>),
}

/// An entry that is not read.
#[derive(Debug)]
pub struct Stray {
    /// What it seems to be, and what to do about it.
    pub finding: Finding,
    /// What it would be under another name or in another place.
    pub meant: Meant,
}

/// What a stray entry would be under another name or in another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// A department's folder.
    Department,
    /// `部门.toml`.
    DepartmentFile,
    /// Projects.
    Projects,
    /// No data at all.
    Nothing,
}

/// A folder gone through: all that is in it but litter, in natural order.
#[derive(Debug, Default)]
pub struct Stock {
    /// The folders of the years.
    pub years: Vec<PathBuf>,
    /// The folders of the departments.
    pub departments: Vec<PathBuf>,
    /// `部门.toml`.
    pub department_file: Option<PathBuf>,
    /// The projects.
    pub projects: Vec<PathBuf>,
    /// The folders of the later forms.
    pub later_forms: Vec<PathBuf>,
    /// The folders of the budget units.
    pub units: Vec<PathBuf>,
    /// What is not read.
    pub strays: Vec<Stray>,
}

impl Stock {
    /// Goes through a folder.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn take(tier: Tier, folder: &Path) -> io::Result<Self> {
        let entries = entries(folder)?;
        let names: HashSet<&str> = entries.iter().filter_map(Entry::name).collect();
        let mut stock = Self::default();
        for entry in &entries {
            let path = || entry.path.clone();
            match entry.standing(tier, &names) {
                Standing::Year => stock.years.push(path()),
                Standing::Department => stock.departments.push(path()),
                Standing::DepartmentFile => stock.department_file = Some(path()),
                Standing::Project => stock.projects.push(path()),
                Standing::LaterForm => stock.later_forms.push(path()),
                Standing::Unit => stock.units.push(path()),
                Standing::Litter => {}
                Standing::Stray(stray) => stock.strays.push(*stray),
            }
        }
        Ok(stock)
    }

    /// Whether one of the strays would be one of these.
    pub fn is_meant(&self, wanted: &[Meant]) -> bool {
        self.strays.iter().any(|stray| wanted.contains(&stray.meant))
    }

    /// Whether anything in the folder is left out that should be printed.
    pub fn has_errors(&self) -> bool {
        self.strays.iter().any(|stray| stray.finding.is_error())
    }
}

/// What is in a folder but litter, in natural order.
pub(crate) fn visible_entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = entries(folder)?;
    Ok(entries.into_iter().filter(|entry| !entry.is_litter()).map(|entry| entry.path).collect())
}

/// An entry of a folder.
#[derive(Debug)]
struct Entry {
    path: PathBuf,
    name: OsString,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    File,
    Folder,
    /// A link to a folder that it is in: it has no end.
    Loop,
    /// What cannot even be looked at, and why.
    Broken(io::Error),
}

/// All entries of a folder in natural order.
fn entries(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name, file_type) = (entry.path(), entry.file_name(), entry.file_type()?);
        let kind = if file_type.is_symlink() {
            link_kind(folder, &path)
        } else if file_type.is_dir() {
            Kind::Folder
        } else {
            Kind::File
        };
        entries.push(Entry { path, name, kind });
    }
    entries.sort_by(|a, b| natural_order(&a.name.to_string_lossy(), &b.name.to_string_lossy()));
    Ok(entries)
}

/// Names that natural order holds equal (`1` and `01`) still need a fixed order.
fn natural_order(a: &str, b: &str) -> Ordering {
    alphanumeric_sort::compare_str(a, b).then_with(|| a.cmp(b))
}

fn link_kind(folder: &Path, link: &Path) -> Kind {
    match link.metadata() {
        Ok(target) if !target.is_dir() => Kind::File,
        Ok(_) => match (folder.canonicalize(), link.canonicalize()) {
            (Ok(folder), Ok(target)) if folder.starts_with(&target) => Kind::Loop,
            _ => Kind::Folder,
        },
        Err(error) => Kind::Broken(error),
    }
}

impl Entry {
    /// Its name, if it is Unicode.
    fn name(&self) -> Option<&str> {
        self.name.to_str()
    }

    fn is_litter(&self) -> bool {
        self.name().is_some_and(litter::is_litter)
    }

    fn standing(&self, tier: Tier, beside: &HashSet<&str>) -> Standing {
        let Some(name) = self.name() else {
            let finding = self.about(&MISNAMED, "名称是乱码，不会读取");
            let help = "多半是解压时编码不对：换一个解压软件，或者照原来的名称改名";
            return stray(finding.help(help), Meant::Projects);
        };
        let original = litter::copy_of(name);
        if self.is_litter() || original.is_some_and(|original| beside.contains(original)) {
            return Standing::Litter;
        }
        match &self.kind {
            // The one who reads it says why it cannot be read.
            Kind::Broken(_) if tier.has_projects() && is_toml(&self.path) => Standing::Project,
            Kind::Broken(error) => {
                let message = format!("读不出这里：{}", io_error::in_chinese(error));
                let help = "如果是链接，看它指向的文件或文件夹还在不在；不用的就删掉";
                stray(self.about(&MISPLACED, message).help(help), Meant::Projects)
            }
            Kind::Loop => {
                let message = "这个链接指向它自己所在的文件夹，绕回来了，不会读取";
                stray(self.about(&UNREAD, message).help("删掉这个链接"), Meant::Nothing)
            }
            Kind::Folder => self.folder(tier, name, beside),
            Kind::File => self.file(tier, name, beside),
        }
    }

    fn folder(&self, tier: Tier, name: &str, beside: &HashSet<&str>) -> Standing {
        match tier {
            Tier::Data if is_year(name) => return Standing::Year,
            Tier::Year => return Standing::Department,
            Tier::Department | Tier::Unit if Class::of_subfolder(&self.name).is_some() => {
                return Standing::LaterForm;
            }
            Tier::Department if unit_of(&self.path).is_some() => return Standing::Unit,
            _ => {}
        }
        let data = data_within(&self.path);
        let Some(first) = data.first() else {
            let finding = self.about(&UNREAD, "这个文件夹里没有数据，不会读取");
            return stray(finding.help(KEEP_OUTSIDE), Meant::Nothing);
        };
        let has = |own_file: &str| {
            data.iter()
                .any(|path| file_name(path).and_then(intended_name).as_deref() == Some(own_file))
        };
        let meant = if has(DEPARTMENT_FILE) { Meant::Department } else { Meant::Projects };
        let count = data.len();
        let first = first.strip_prefix(&self.path).unwrap_or(first).to_string_lossy();
        let holds = format!("里面有 {count} 个数据文件，如 {}", first.replace('\\', "/"));
        let finding = match (tier, meant, year_meant(name)) {
            (Tier::Data, _, Some(year)) => {
                let message = format!("这个文件夹不会读取：年度文件夹的名称是四位数字。{holds}");
                self.about(&MISNAMED, message).help(if beside.contains(year.as_str()) {
                    format!("把里面的部门移到 data/{year} 里；不用的移到 data 文件夹外面")
                } else {
                    format!("改名为 {year}；不用的移到 data 文件夹外面")
                })
            }
            (Tier::Data, ..) => {
                let message = format!("这个文件夹不在年度文件夹里，不会读取。{holds}");
                let help = format!("移到所属的年度里，例如 data/2023/{name}");
                self.about(&MISPLACED, message).help(help)
            }
            (Tier::Department, ..) if has(UNIT_FILE) => {
                let message =
                    format!("这个单位的文件夹不会读取：写单位的文件要叫 {UNIT_FILE}。{holds}");
                self.about(&MISNAMED, message).help(format!(
                    "单位的文件夹直接放在部门文件夹里，里面写单位的文件改名为 {UNIT_FILE}"
                ))
            }
            (_, Meant::Department, _) => {
                let message = format!("部门文件夹套在另一个文件夹里，不会读取。{holds}");
                let help = "部门文件夹直接放在年度文件夹里，例如 data/2023/056-灵沙乡";
                self.about(&MISPLACED, message).help(help)
            }
            (Tier::Department, ..) => {
                let message = format!("部门文件夹里的这个子文件夹不会读取。{holds}");
                let help = match class_meant(name) {
                    Some(class) => format!("改名为 {}；不用的移到 data 文件夹外面", class.word()),
                    None => format!(
                        "是下属单位的，在里面建 {UNIT_FILE}，写上单位的栏目；不是的，把项目文件移到部门文件夹下"
                    ),
                };
                self.about(&MISPLACED, message).help(help)
            }
            _ => {
                let message = format!("这里面的子文件夹不会读取。{holds}");
                let help = "把里面的项目文件移出来；不用的移到 data 文件夹外面";
                self.about(&MISPLACED, message).help(help)
            }
        };
        stray(finding, meant)
    }

    fn file(&self, tier: Tier, name: &str, beside: &HashSet<&str>) -> Standing {
        let intended = intended_name(name);
        if tier == Tier::Whole && name == DEPARTMENT_FILE {
            return Standing::DepartmentFile;
        }
        let is_own_file = |name: &str| [DEPARTMENT_FILE, UNIT_FILE].contains(&name);
        if tier.has_projects() {
            if name == tier.own_file() {
                return Standing::DepartmentFile;
            }
            if is_toml(&self.path) && !intended.as_deref().is_some_and(is_own_file) {
                return Standing::Project;
            }
        }
        if let (Some(original), Some(_)) = (litter::copy_of(name), &intended) {
            let message = format!("这个备份文件不会读取，旁边也没有 {original}");
            let help = format!("要报这个项目，就改名为 {original}；不要了就删掉");
            return stray(self.about(&UNREAD, message).help(help), Meant::Projects);
        }
        let intended = intended.or_else(|| is_data(&self.path).then(|| with_extension(name)));
        let Some(intended) = intended else {
            let finding = self.about(&UNREAD, "这个文件不是数据文件，不会读取");
            let help = format!("数据文件的名称以 .toml 结尾；{KEEP_OUTSIDE}");
            return stray(finding.help(help), Meant::Nothing);
        };
        let is_meant_elsewhere = is_own_file(&intended) && intended != tier.own_file();
        let meant = match is_own_file(&intended) {
            true if tier.has_projects() && is_meant_elsewhere => Meant::Nothing,
            true => Meant::DepartmentFile,
            false => Meant::Projects,
        };
        let finding = if tier.has_projects() && is_meant_elsewhere {
            let (message, help) = match tier {
                Tier::Unit => (
                    "单位的文件夹里不放部门的文件，不会读取",
                    format!(
                        "单位的栏目写进 {UNIT_FILE}；部门的写在部门文件夹的 {DEPARTMENT_FILE} 里"
                    ),
                ),
                _ => (
                    "写单位的文件要放在单位自己的文件夹里，不会读取",
                    format!(
                        "在部门文件夹里给单位建一个文件夹，移进去，例如 219001-第一小学/{UNIT_FILE}"
                    ),
                ),
            };
            self.about(&MISPLACED, message).help(help)
        } else if tier == Tier::Whole {
            let message = "这张表一个部门一份，这个文件不会打印";
            let help =
                format!("要报的内容写进旁边的 {DEPARTMENT_FILE}；不用的移到 data 文件夹外面");
            self.about(&MISPLACED, message).help(help)
        } else if !tier.has_projects() {
            self.about(&MISPLACED, "这个文件不在部门文件夹里，不会打印").help(match name {
                CONFIG_FILE => format!("{CONFIG_FILE} 放在工作文件夹里，和 data 并列"),
                name if name == intended => MOVE_IT.to_owned(),
                _ => format!("改名为 {intended}，{MOVE_IT}"),
            })
        } else if beside.contains(intended.as_str()) {
            let message = format!("这个文件不会读取：旁边已经有 {intended}");
            let help = "核对两个文件，把要用的内容放进那一个，把这一个删掉";
            self.about(&UNREAD, message).help(help)
        } else {
            let message = match meant {
                Meant::DepartmentFile if tier == Tier::Unit => {
                    format!("这个文件不会读取：写单位的文件要叫 {intended}")
                }
                Meant::DepartmentFile => format!("这个文件不会读取：写部门的文件要叫 {intended}"),
                _ => "这个文件不会读取：数据文件的名称要以 .toml 结尾".to_owned(),
            };
            self.about(&MISNAMED, message).help(format!("改名为 {intended}"))
        };
        let lower = name.to_lowercase();
        let finding = if lower.ends_with(".txt") {
            finding.help("Windows 里看不到 .txt 时，先在“查看”里勾选“文件扩展名”")
        } else if lower.ends_with(".lnk") {
            finding.help("这是快捷方式，不是文件本身：把文件本身复制到这里，再删掉它")
        } else {
            finding
        };
        stray(finding, meant)
    }

    fn about(&self, rule: &'static Rule, message: impl Into<String>) -> Finding {
        Finding::about(rule, &self.path, message)
    }
}

const KEEP_OUTSIDE: &str = "数据以外的资料放到 data 文件夹外面";
const MOVE_IT: &str = "把它移到所属部门的文件夹里，例如 056-灵沙乡/";

fn stray(finding: Finding, meant: Meant) -> Standing {
    Standing::Stray(Box::new(Stray { finding, meant }))
}

/// The name that a data file should have had, by the one it has: `02-办公费.toml` for
/// `02-办公费.toml.txt`, `02-办公费。toml` or `02-办公费.tmol`. `None` if it is no data file by its
/// name.
fn intended_name(name: &str) -> Option<String> {
    let plain = |text: &str| text.nfkc().collect::<String>().trim().to_lowercase();
    let dots = name.rmatch_indices(['.', '。', '｡', '．', '·', ',', '，']);
    let at_dot = |(at, dot): (usize, &str)| (&name[..at], plain(&name[at + dot.len()..]));
    let last = dots.clone().next().map(at_dot);
    let (stem, _) = dots
        .map(at_dot)
        .find(|(_, extension)| extension.starts_with("toml"))
        .or(last.filter(|(_, extension)| strsim::osa_distance(extension, "toml") <= 1))?;
    Some(with_extension(stem))
}

/// The file about the department or the unit that a file's name without its extension means: `部门`,
/// with what systems add to copies, `部门 (1)`, `部门 - 副本`, or in traditional characters.
fn own_file_meant(stem: &str) -> Option<&'static str> {
    let stem = folded(stem).replace("的副本", "").replace("副本", "");
    let stem = stem.replace('門', "门").replace('單', "单");
    [DEPARTMENT_FILE, UNIT_FILE].into_iter().find(|file| {
        let rest = stem.strip_prefix(file.trim_end_matches(".toml"));
        let is_added = |c: char| c.is_ascii_digit() || c.is_ascii_punctuation();
        rest.is_some_and(|rest| rest.chars().all(is_added))
    })
}

/// The name of a data file, by its stem; an extension that texts have is none.
fn with_extension(stem: &str) -> String {
    let text = [".txt", ".TXT"].iter().find_map(|extension| stem.strip_suffix(extension));
    let stem = text.unwrap_or(stem).trim_matches(|c: char| c.is_whitespace() || c == '.');
    match (stem, own_file_meant(stem)) {
        ("", _) => "01-项目名称.toml".to_owned(),
        (_, Some(own_file)) => own_file.to_owned(),
        (stem, None) => format!("{stem}.toml"),
    }
}

/// The class of the later form that the name of a folder means: 自评表, 绩效自评, 2023自评.
fn class_meant(name: &str) -> Option<Class> {
    let name = folded(name);
    let named = |class: &Class| class.subfolder().is_some_and(|word| name.contains(word));
    Class::ALL.into_iter().filter(named).max_by_key(|class| class.word().len())
}

/// The year that the name of a folder means: 2024年, ２０２４, 2024年度, 二〇二四, 2024-新.
fn year_meant(name: &str) -> Option<String> {
    let digit = |c: char| match c {
        '〇' | '零' | '○' => Some('0'),
        c if c.is_ascii_digit() => Some(c),
        c => {
            let value = "一二三四五六七八九".chars().position(|numeral| numeral == c)?;
            char::from_digit(u32::try_from(value).ok()? + 1, 10)
        }
    };
    let name = folded(name);
    // All runs of digits, and the digits among other characters only in runs of four.
    let mut runs = vec![String::new()];
    for c in name.chars() {
        match (digit(c), runs.last_mut()) {
            (Some(digit), Some(run)) => run.push(digit),
            _ => runs.push(String::new()),
        }
    }
    let is_recent = |run: &String| is_year(run) && ["19", "20", "21"].contains(&&run[..2]);
    runs.into_iter().find(is_recent)
}

/// The files within a folder that are data by their names or by what is in them. Links are not
/// followed.
fn data_within(folder: &Path) -> Vec<PathBuf> {
    /// Whoever has more in a folder that is not read has put an archive there.
    const MOST: usize = 10_000;
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        let Ok(entries) = entries(&folder) else { continue };
        for entry in entries.into_iter().filter(|entry| !entry.is_litter()) {
            seen += 1;
            if seen > MOST {
                return found;
            }
            let is_named = |name: &str| is_toml(&entry.path) || intended_name(name).is_some();
            match entry.kind {
                Kind::Folder if !entry.path.is_symlink() => folders.push(entry.path),
                Kind::File if entry.name().is_some_and(is_named) || is_data(&entry.path) => {
                    found.push(entry.path);
                }
                _ => {}
            }
        }
    }
    found
}

/// Whether what is in a file looks like data: lines such as `"键" = 值` and `["表"]`.
fn is_data(path: &Path) -> bool {
    const ENOUGH: u64 = 8192;
    // Asked before reading: a pipe would never end.
    if !path.metadata().is_ok_and(|metadata| metadata.is_file()) {
        return false;
    }
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(ENOUGH).read_to_end(&mut bytes));
    // Either decoder knows UTF-16 by its mark; a text that is cut off within a character is whole.
    let decoder = match std::str::from_utf8(&bytes) {
        Err(error) if error.error_len().is_some() => encoding_rs::GBK,
        _ => encoding_rs::UTF_8,
    };
    let (text, ..) = decoder.decode(&bytes);
    if read.is_err() || text.contains('\0') {
        return false;
    }
    text.lines().filter(|line| is_entry(line) || is_header(line)).take(2).count() == 2
}

/// Whether a line looks like `"键" = 值`, with whatever quotes.
fn is_entry(line: &str) -> bool {
    let is_quoted = |text: &str| text.trim().starts_with(['"', '“', '\'']);
    line.split_once(['=', '＝']).is_some_and(|(key, value)| {
        let is_value = is_quoted(value) || value.trim().parse::<f64>().is_ok();
        !key.trim().is_empty() && !key.contains([';', '{']) && (is_quoted(key) || is_value)
    })
}

/// Whether a line looks like `["表"]`.
fn is_header(line: &str) -> bool {
    let inner =
        line.trim().strip_prefix(['[', '【']).and_then(|rest| rest.strip_suffix([']', '】']));
    inner.is_some_and(|inner| !inner.is_empty() && inner.chars().count() <= 30)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_file_is_known_under_a_wrong_name() {
        for (name, intended) in [
            ("02-办公费.toml.txt", "02-办公费.toml"),
            ("02-办公费。toml", "02-办公费.toml"),
            ("02-办公费．ｔｏｍｌ", "02-办公费.toml"),
            ("02-办公费.toml ", "02-办公费.toml"),
            ("02-办公费.toml.", "02-办公费.toml"),
            ("02-办公费.TOML.TXT", "02-办公费.toml"),
            ("02-办公费.tmol", "02-办公费.toml"),
            ("02-办公费.tom", "02-办公费.toml"),
            ("02-办公费.toml.lnk", "02-办公费.toml"),
            ("02-办公费.toml(1)", "02-办公费.toml"),
            ("部门.TOML", "部门.toml"),
            ("部门.toml.txt", "部门.toml"),
            ("部门 (1).toml", "部门.toml"),
            ("部门 - 副本.toml", "部门.toml"),
            ("部門.toml", "部门.toml"),
            ("单位.toml.txt", "单位.toml"),
            ("單位 (2).toml", "单位.toml"),
            (".toml", "01-项目名称.toml"),
        ] {
            assert_eq!(intended_name(name).as_deref(), Some(intended), "{name}");
        }
        for name in ["方案.docx", "说明.txt", "02-办公费", "照片.jpg", "a.html"] {
            assert_eq!(intended_name(name), None, "{name}");
        }
        assert_eq!(
            intended_name("部门预算编制经费.toml").as_deref(),
            Some("部门预算编制经费.toml")
        );
    }

    #[test]
    fn a_year_is_known_under_another_name() {
        for name in ["2024年", "２０２４", "2024年度", "二〇二四", "2024 ", "2024-新", "新建2024"]
        {
            assert_eq!(year_meant(name).as_deref(), Some("2024"), "{name}");
        }
        for name in ["附件", "056-灵沙乡", "202", "20240101", "一九"] {
            assert_eq!(year_meant(name), None, "{name}");
        }
    }
}
