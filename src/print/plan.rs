//! Which outputs are made of which departments, and where they go.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Format, Shard};
use crate::diagnostics::{Finding, Rule, Severity, shown};
use crate::files::file_name::file_stem;
use crate::form::{Class, Form};
use crate::workspace::{Due, Forms, Stock, Tier, Year, department_of, folder_name, unit_of};

static SAME_OUTPUT: Rule = Rule {
    code: "E601",
    name: "输出同名",
    severity: Severity::Error,
    explanation: r#"看什么：两个部门会不会写到同一个输出文件。
为什么：后写的会盖掉先写的，少一份附件。
反例：`056-A` 和 `056-a` 两个部门文件夹。
正例：文件夹名不要只差大小写。"#,
};
static BAD_OUTPUT: Rule = Rule {
    code: "E602",
    name: "输出位置不对",
    severity: Severity::Error,
    explanation: r#"看什么：输出位置能不能放下要写的文件。
为什么：几个部门不能写进同一个文件。
反例：`jixiao render -o 附件.pdf`，而有三个部门。
正例：`jixiao render --combined -o 附件.pdf`"#,
};

static NOTHING_DUE: Rule = Rule {
    code: "E606",
    name: "没有这种表的数据",
    severity: Severity::Error,
    explanation: r#"看什么：要印的这种表，有没有部门填了。
为什么：自评、监控这些表的数据，放在部门文件夹里同名的子文件夹里；没有这个子文件夹，就没有可以印的。
反例：`jixiao render --template 自评表`，而没有一个部门有“自评”文件夹。
正例：先运行 `jixiao new --template 自评表`，填好以后再印。"#,
};

static NO_PERIOD: Rule = Rule {
    code: "E607",
    name: "没有写监控期",
    severity: Severity::Error,
    explanation: r#"看什么：要印监控表的年度，jixiao.toml 里有没有写监控的是哪几个月。
为什么：监控期印在表头里（“1-7月执行数”），各地不一样，程序不能自己定。
反例：有“监控”文件夹，jixiao.toml 里没有 `["监控"]`
正例：`["监控"]` 下面写 `"2023" = "1-7月"`"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&SAME_OUTPUT, &BAD_OUTPUT, &NOTHING_DUE, &NO_PERIOD];

/// Where outputs go.
#[derive(Debug, Clone)]
pub enum Destination {
    /// `<folder>/<year>/<department>.pdf`, by unit `<folder>/<year>/<department>/<unit>.pdf`; of forms
    /// that are no first ones, `<folder>/<year>/<class>/<department>.pdf`.
    Folder(PathBuf),
    /// This very file; for one output only.
    File(PathBuf),
}

/// What is bound into one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// The forms of a budget unit, or of a department that has none.
    Unit,
    /// The forms of a department and of its units.
    Department,
    /// The forms of all departments.
    All,
}

impl Binding {
    /// Whose forms are bound into one file.
    fn word(self) -> &'static str {
        match self {
            Self::Unit => "单位",
            Self::Department | Self::All => "部门",
        }
    }
}

/// Everything about a run that is settled before any work.
#[derive(Debug)]
pub struct Plan {
    /// The year of the data.
    pub year: String,
    /// The kind of files.
    pub format: Format,
    /// The outputs, in the order of their departments.
    pub outputs: Vec<Output>,
}

/// A file to be made, or several pictures.
#[derive(Debug)]
pub struct Output {
    /// The form that it is printed on.
    pub form: Arc<Form>,
    /// Where its data lies: the folders of its departments, or of later forms in them, in order.
    pub folders: Vec<PathBuf>,
    /// Its file; pictures put the number of the page before the extension.
    pub path: PathBuf,
}

impl Destination {
    /// What the user means by a path: a file if it ends like one, else a folder.
    pub fn from_path(path: &Path, format: Format) -> Self {
        let is_file = path.extension().is_some_and(|e| e.eq_ignore_ascii_case(format.extension()));
        if is_file && !path.is_dir() {
            Self::File(path.to_owned())
        } else {
            Self::Folder(path.to_owned())
        }
    }
}

impl Plan {
    /// An output for each form of each department or unit, or one for all departments of a class, named
    /// after the attachment or the class.
    ///
    /// # Errors
    /// A finding for each pair of departments that would be written to one file, if one file is
    /// given for several outputs, if departments in one file have different forms, and if a unit's
    /// department is not whole.
    pub fn new(
        year: Year,
        forms: &Forms,
        destination: &Destination,
        format: Format,
        binding: Binding,
    ) -> Result<Self, Vec<Finding>> {
        let named = match binding {
            Binding::All => one_for_each_class(&year, forms, format)?,
            Binding::Department => one_for_each_form(&year, forms, format)?,
            Binding::Unit => one_for_each_unit(&year, forms, format),
        };
        if named.is_empty() {
            let message = format!("{} 年度没有部门有这种表的数据", year.name);
            let place = year.departments.first().and_then(|it| it.parent()).map(Path::to_owned);
            let finding = Finding::about(&NOTHING_DUE, &place.unwrap_or_default(), message);
            return Err(vec![
                finding.help("先照目标表准备好要填的文件：jixiao new --template 表样"),
            ]);
        }
        let mut outputs = named.iter().map(|(_, output)| output);
        if let Some(output) = outputs.find(|it| it.form.definition.prints_period())
            && forms.period(&year.name).is_empty()
        {
            let folder = output.folders.first().cloned().unwrap_or_default();
            let message = format!("没有写 {} 年度的监控表监控的是哪几个月", year.name);
            let help =
                format!("在 jixiao.toml 里写上 [\"监控\"]，下一行 \"{}\" = \"1-7月\"", year.name);
            return Err(vec![Finding::about(&NO_PERIOD, &folder, message).help(help)]);
        }
        let outputs: Vec<Output> = match destination {
            Destination::Folder(folder) => {
                let folder = folder.join(&year.name);
                named
                    .into_iter()
                    .map(|(path, output)| Output { path: folder.join(path), ..output })
                    .collect()
            }
            Destination::File(path) if named.len() <= 1 => {
                named.into_iter().map(|(_, it)| Output { path: path.clone(), ..it }).collect()
            }
            Destination::File(path) => {
                let departments = match binding {
                    Binding::Unit => year.departments.len(),
                    Binding::Department | Binding::All => {
                        let is_own = |folder: &&PathBuf| department_of(folder) == folder.as_path();
                        year.departments.iter().filter(is_own).count()
                    }
                };
                let (message, help) = match departments {
                    departments if departments > 1 && binding != Binding::All => (
                        format!("{departments} 个{}不能写进一个文件", binding.word()),
                        "合成一份用 --combined；各写各的，-o 后面写文件夹",
                    ),
                    _ => (
                        format!("{} 种表不能写进一个文件", named.len()),
                        "用 --template 指明印哪一种；都印的，-o 后面写文件夹",
                    ),
                };
                let finding = Finding::about(&BAD_OUTPUT, path, message).help(help);
                return Err(vec![finding]);
            }
        };
        let findings = collisions(&outputs);
        if findings.is_empty() {
            Ok(Self { year: year.name, format, outputs })
        } else {
            Err(findings)
        }
    }

    /// Leaves this part of the outputs; that no two of all go to one file is settled before.
    pub fn shard(self, shard: Shard) -> Self {
        Self { outputs: shard.of(self.outputs), ..self }
    }
}

/// What is to be made, and its path within the year's folder.
type Named = (PathBuf, Output);

/// The path of a file about a department, `219-教育局`, or about a unit, `219-教育局/219001-第一小学`.
fn named(name: &str, class: Class, format: Format) -> PathBuf {
    let stems: PathBuf = name.split('/').map(file_stem).collect();
    let mut file = stems.into_os_string();
    file.push(format!(".{}", format.extension()));
    match class {
        Class::Target => file.into(),
        _ => Path::new(class.word()).join(file),
    }
}

/// An output for each form of each department with its units, class by class.
fn one_for_each_form(
    year: &Year,
    forms: &Forms,
    format: Format,
) -> Result<Vec<Named>, Vec<Finding>> {
    let mut outputs: Vec<Named> = Vec::new();
    // Units come behind their department.
    let mut whole: Option<&Path> = None;
    for folder in &year.departments {
        let department = department_of(folder);
        if department == folder {
            whole = Some(department);
        } else if whole != Some(department) {
            let message = "这是一个下属单位，单独印它会少了部门里别的单位";
            let help = "只印这个单位，加上 --by 单位；印整个部门，写部门的文件夹名";
            return Err(vec![Finding::about(&BAD_OUTPUT, folder, message).help(help)]);
        }
        for Due { folder, form } in forms.due(folder) {
            let class = form.definition.class;
            let of_department = outputs.iter_mut().rev().map(|(_, output)| output);
            let mut of_department = of_department.take_while(|it| {
                it.folders.first().is_some_and(|it| department_of(it) == department)
            });
            match of_department.find(|it| it.form.definition.class == class) {
                Some(output) => output.folders.push(folder),
                None => {
                    let path = named(&folder_name(department), class, format);
                    let output = Output { form, folders: vec![folder], path: PathBuf::new() };
                    outputs.push((path, output));
                }
            }
        }
    }
    outputs.sort_by_key(|(_, output)| output.form.definition.class);
    Ok(outputs)
}

/// What a department's own projects are called where each of its units has a file.
const OWN: &str = "/本级";

/// An output for each form of each unit, and of the departments' own projects, class by class.
fn one_for_each_unit(year: &Year, forms: &Forms, format: Format) -> Vec<Named> {
    let mut outputs: Vec<Named> = Vec::new();
    for (index, own) in year.departments.iter().enumerate() {
        let next = year.departments.get(index + 1);
        let has_units = next.is_some_and(|next| unit_of(next) == Some(own));
        // What stands for the department is the file with all its units.
        let name = folder_name(own) + if has_units { OWN } else { "" };
        outputs.extend(forms.due(own).into_iter().filter_map(|Due { folder, form }| {
            let stock = || Stock::take(Tier::of_data(&folder), &folder).unwrap_or_default();
            // A department whose projects are all those of its units.
            let is_empty = has_units && stock().projects.is_empty();
            let path = named(&name, form.definition.class, format);
            let output = Output { form, folders: vec![folder], path: PathBuf::new() };
            (!is_empty).then_some((path, output))
        }));
    }
    outputs.sort_by_key(|(_, output)| output.form.definition.class);
    outputs
}

/// An output for each class, with the forms of all departments.
fn one_for_each_class(
    year: &Year,
    forms: &Forms,
    format: Format,
) -> Result<Vec<Named>, Vec<Finding>> {
    let mut outputs: BTreeMap<Class, Output> = BTreeMap::new();
    for department in &year.departments {
        for Due { folder, form } in forms.due(department) {
            let class = form.definition.class;
            let new = || Output { form: Arc::clone(&form), folders: vec![], path: PathBuf::new() };
            let output = outputs.entry(class).or_insert_with(new);
            if !output.form.is(&form) {
                let message = "这些部门用的表样不同，不能合成一份";
                let help = "各印各的，或者在命令后面只写用同一种表样的部门";
                return Err(vec![Finding::about(&BAD_OUTPUT, department, message).help(help)]);
            }
            output.folders.push(folder);
        }
    }
    let named = |(class, output): (Class, Output)| {
        let name = match class {
            Class::Target => output.form.definition.document_name(),
            _ => class.word().to_owned(),
        };
        (named(&name, Class::Target, format), output)
    };
    Ok(outputs.into_iter().map(named).collect())
}

/// Documents that would overwrite each other. Case does not tell files apart on every system.
fn collisions(outputs: &[Output]) -> Vec<Finding> {
    let mut seen: HashMap<String, &Output> = HashMap::new();
    let mut findings = Vec::new();
    for output in outputs {
        let key = output.path.to_string_lossy().to_lowercase();
        let Some(first) = seen.get(&key) else {
            seen.insert(key, output);
            continue;
        };
        let folder = |output: &Output| output.folders.first().cloned().unwrap_or_default();
        let message = format!(
            "这个部门和“{}”会写到同一个文件 {}",
            shown(&folder(first)),
            shown(&output.path)
        );
        findings.push(
            Finding::about(&SAME_OUTPUT, &folder(output), message)
                .help("给其中一个部门文件夹改名（不计大小写和特殊符号也要不同）"),
        );
    }
    findings
}
