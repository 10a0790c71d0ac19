//! Which form applies to which department of which year: `[["表样"]]` in `jixiao.toml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;

use super::folders::Workspace;
use super::inventory::{Meant, Stock, Tier, department_of, later_form};
use super::names::{file_name, is_year};
use crate::diagnostics::{Finding, Rule, Severity, Span};
use crate::form::{Class, Form, TemplateFiles, builtin_names, usual_form};
use crate::toml::{Need, Table};

pub(super) static BAD_CHOICE: Rule = Rule {
    code: "E507",
    name: "表样选得不对",
    severity: Severity::Error,
    explanation: r#"看什么：jixiao.toml 的 [["表样"]] 里，年度、部门、采用的表样是不是都有。
为什么：写错一个字，部门就会印成别的表。
反例：`"采用" = "附件3"`，而程序没有自带这种表样，也没有这个文件夹。
正例：`"年度" = "2024年起"`，`"采用" = "目标表2021"`"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&BAD_CHOICE];

/// The keys of `[["表样"]]`.
pub const CHOICE_KEYS: [(&str, &str); 3] = [
    ("年度", "哪些年度：`\"2024\"`、`\"2024年起\"`、`\"2022-2024\"`；不写就是所有年度"),
    ("部门", "哪些部门：文件夹名，或者去掉编号的名称；不写就是所有部门"),
    ("采用", "自带的表样的名称（见 jixiao templates），或者工作文件夹里的表样文件夹；必填"),
];

/// The table of the months that monitoring forms are about, by year.
pub const PERIODS: &str = "监控";

/// What a workspace has chosen.
#[derive(Debug, Default)]
pub struct Chosen {
    /// Which forms apply (表样); later ones win.
    pub choices: Vec<Choice>,
    /// The months that a year's monitoring forms are about (监控), such as `1-7月`.
    pub periods: BTreeMap<String, String>,
}

/// An entry of `[["表样"]]`, as it is written.
#[derive(Debug)]
pub struct Choice {
    reach: Reach,
    /// The form.
    form: (String, Span),
}

/// What a form is chosen for.
#[derive(Debug, Clone, Default)]
struct Reach {
    /// From the first year to the last; all if nothing is written.
    years: Option<(String, String)>,
    /// The departments; all if nothing is written.
    departments: Option<Vec<(String, Span)>>,
}

/// The forms of a workspace.
#[derive(Debug)]
pub struct Forms {
    /// Those that apply where nothing is chosen: one for each class that has data.
    usual: Vec<Arc<Form>>,
    /// Those that are chosen; later ones win within their class. A list is there once for every form
    /// whose data it can print.
    chosen: Vec<(Reach, Arc<Form>)>,
    /// The forms whose data a chosen list cannot print, and why.
    unfit: Vec<(Reach, Arc<Form>, Vec<Finding>)>,
    /// The months that a year's monitoring forms are about.
    periods: BTreeMap<String, String>,
    /// Only forms of this class are dealt with.
    only: Option<Class>,
}

/// A form that a department has to hand in.
#[derive(Debug, Clone)]
pub struct Due {
    /// Where its data lies.
    pub folder: PathBuf,
    /// The form.
    pub form: Arc<Form>,
}

impl Choice {
    /// Reads an entry.
    pub(super) fn parse(table: &mut Table<'_>, findings: &mut Vec<Finding>) -> Option<Self> {
        let [(years, _), (departments, _), (form, _)] = CHOICE_KEYS;
        let written = table.text(years, Need::Optional, findings);
        let span = written.as_ref().map(|years| table.span_of(years));
        let departments = table.texts(departments, Need::Optional, findings);
        let placed = |text: Spanned<String>, table: &Table<'_>| {
            let span = table.span_of(&text);
            (text.into_inner(), span)
        };
        let departments = departments
            .map(|names| names.into_iter().map(|name| placed(name, table)).collect::<Vec<_>>());
        let form = table.text(form, Need::Filled, findings);
        let form = form.map(|form| placed(form, table));
        let mut years = None;
        if let (Some(written), Some(span)) = (written, span) {
            years = range(written.get_ref());
            if years.is_none() {
                let message = format!("“{}”不是年度", written.get_ref());
                let help = "写 \"2024\"、\"2024年起\" 或 \"2022-2024\"；不写就是所有年度";
                findings.push(Finding::at(&BAD_CHOICE, span, message).help(help));
            }
        }
        Some(Self { reach: Reach { years, departments }, form: form? })
    }

    /// The folder of its form within a workspace, if it is no built-in one.
    pub fn folder(&self, root: &Path) -> Option<PathBuf> {
        let folder = root.join(&self.form.0);
        Form::is_there(&folder).then_some(folder)
    }
}

impl Reach {
    fn applies(&self, year: Option<&str>, folder: Option<&str>) -> bool {
        let is_year = match (&self.years, year) {
            (None, _) => true,
            (Some((first, last)), Some(year)) => (first.as_str()..=last).contains(&year),
            (Some(_), None) => false,
        };
        let is_department = match (&self.departments, folder) {
            (None, _) => true,
            (Some(names), Some(folder)) => names.iter().any(|(name, _)| is_called(folder, name)),
            (Some(_), None) => false,
        };
        is_year && is_department
    }

    /// Whether a department's folder is meant.
    fn reaches(&self, department: &Path) -> bool {
        let department = department_of(department);
        self.applies(year_of(department), file_name(department))
    }
}

/// The year of a department's folder.
fn year_of(department: &Path) -> Option<&str> {
    department.parent().and_then(file_name).filter(|year| is_year(year))
}

/// The first and the last of some years, which are written in four digits.
fn range(text: &str) -> Option<(String, String)> {
    /// Beyond any year.
    const OPEN: &str = "9999";
    let year = |text: &str| {
        let year = text.trim().trim_end_matches("年度").trim_end_matches('年');
        is_year(year).then(|| year.to_owned())
    };
    if let Some(first) = text.trim().strip_suffix('起') {
        return Some((year(first)?, OPEN.to_owned()));
    }
    match text.split_once(['-', '—', '–', '至', '到']) {
        Some((first, last)) => Some((year(first)?, year(last)?)).filter(|(a, b)| a <= b),
        None => year(text).map(|year| (year.clone(), year)),
    }
}

/// Whether a department's folder is meant by a name: it, or what stands behind its number.
fn is_called(folder: &str, name: &str) -> bool {
    let behind = folder.trim_start_matches(|c: char| c.is_ascii_digit());
    folder == name || behind.trim_start_matches(['-', '_', ' ', '.', '、']) == name
}

impl Forms {
    /// This form for all data of its class.
    ///
    /// # Errors
    /// As [`Form::builtin`].
    pub fn one(form: Form) -> Result<Self, Vec<Finding>> {
        let mut forms = Self::usual()?;
        forms.only = Some(form.definition.class);
        forms.chosen.push((Reach::default(), Arc::new(form)));
        Ok(forms)
    }

    fn usual() -> Result<Self, Vec<Finding>> {
        let names = Class::ALL.into_iter().filter(|class| !class.is_view()).filter_map(usual_form);
        let usual = names.filter_map(Form::builtin_named).map(|form| form.map(Arc::new));
        let usual = usual.collect::<Result<_, _>>()?;
        let (chosen, unfit, periods) = Default::default();
        Ok(Self { usual, chosen, unfit, periods, only: None })
    }

    /// The forms of a workspace; that which is asked for, by its name or its folder, is the only one
    /// that is dealt with.
    ///
    /// # Errors
    /// As [`Form::files_of`] and [`Forms::of_workspace`].
    pub fn open(
        template: Option<&Path>,
        workspace: &Workspace,
        chosen: Chosen,
    ) -> Result<Self, Vec<Finding>> {
        let Some(named) = template else { return Self::of_workspace(workspace, chosen) };
        let files = Form::files_of(named)?;
        let class = files.class()?;
        // A first form is read without any other.
        let mut forms = match class {
            Class::Target => Self::usual()?,
            _ => Self::of_workspace(workspace, chosen)?,
        };
        forms.add(Reach::default(), class, files)?;
        forms.only = Some(class);
        forms.settled(workspace)
    }

    /// The forms that a workspace has chosen; where it has not, the usual ones.
    ///
    /// # Errors
    /// Every mistake in a form, each that is not there, and each department that no year has.
    pub fn of_workspace(workspace: &Workspace, chosen: Chosen) -> Result<Self, Vec<Finding>> {
        let Chosen { choices, periods } = chosen;
        let mut findings = Vec::new();
        let mut forms = Self { periods, ..Self::usual()? };
        let is_named = choices.iter().any(|choice| choice.reach.departments.is_some());
        let folders = if is_named { workspace.departments() } else { Vec::new() };
        let mut opened = Vec::new();
        for choice in choices {
            findings.extend(unknown_departments(&choice, &folders));
            match open(&choice, workspace.root()).and_then(|files| Ok((files.class()?, files))) {
                Ok((class, files)) => opened.push((class, choice, files)),
                Err(wrong) => findings.extend(wrong),
            }
        }
        // Lists print the data of the other forms: those have to be known.
        opened.sort_by_key(|(class, ..)| class.is_view());
        for (class, choice, files) in opened {
            if let Err(wrong) = forms.add(choice.reach, class, files) {
                findings.extend(wrong);
            }
        }
        if findings.is_empty() { forms.settled(workspace) } else { Err(findings) }
    }

    fn add(
        &mut self,
        reach: Reach,
        class: Class,
        files: TemplateFiles,
    ) -> Result<(), Vec<Finding>> {
        if !class.is_view() {
            self.chosen.push((reach, Arc::new(Form::from_files(files)?)));
            return Ok(());
        }
        let data = self.all().filter(|form| form.definition.class == class.data());
        for form in data.cloned().collect::<Vec<_>>() {
            match Form::view(files.clone(), &form) {
                Ok(view) => self.chosen.push((reach.clone(), Arc::new(view))),
                Err(wrong) => self.unfit.push((reach.clone(), form, wrong)),
            }
        }
        Ok(())
    }

    /// Itself, if every list fits the forms of the departments that it is chosen for.
    fn settled(mut self, workspace: &Workspace) -> Result<Self, Vec<Finding>> {
        let folders = if self.unfit.is_empty() { Vec::new() } else { workspace.departments() };
        let unfit = std::mem::take(&mut self.unfit);
        let is_needed = |(reach, data, _): &(Reach, Arc<Form>, Vec<Finding>)| {
            let mut folders = folders.iter().filter(|folder| reach.reaches(folder));
            folders.any(|department| {
                let class = data.definition.class;
                let folder = folder(department, class, &later_forms(department));
                folder.is_some_and(|folder| self.of(&folder).is(data))
            })
        };
        match unfit.into_iter().find(is_needed) {
            Some((_, _, wrong)) => Err(wrong),
            None => Ok(self),
        }
    }

    /// The form of the data in a folder: a department's own, or that of a later form in it.
    pub fn of(&self, folder: &Path) -> &Arc<Form> {
        let (class, department) = later_form(folder).unwrap_or((Class::Target, folder));
        self.of_class(class, department)
    }

    /// The form of a class for the folder of a department, or of a unit of it.
    pub fn of_class(&self, class: Class, department: &Path) -> &Arc<Form> {
        let department = department_of(department);
        self.find(class, year_of(department), file_name(department))
    }

    /// The form of a department in this year whose [folder of data](super::folder_name) is called so; of one
    /// that is not known, the form that is asked for.
    pub fn named(&self, year: Option<&str>, folder: Option<&str>) -> &Arc<Form> {
        let Some(folder) = folder else {
            return self.find(self.only.map_or(Class::Target, Class::data), year, None);
        };
        let (department, within) = folder.split_once('/').unwrap_or((folder, ""));
        let class = within.rsplit('/').next().and_then(|it| Class::of_subfolder(it.as_ref()));
        self.find(class.unwrap_or(Class::Target), year, Some(department))
    }

    fn find(&self, class: Class, year: Option<&str>, folder: Option<&str>) -> &Arc<Form> {
        let is_meant = |form: &Form| form.definition.class == class;
        let mut chosen = self.chosen.iter().rev();
        let chosen = chosen.find(|(it, form)| is_meant(form) && it.applies(year, folder));
        let usual = || self.usual.iter().find(|form| is_meant(form));
        chosen.map(|(_, form)| form).or_else(usual).unwrap_or(&self.usual[0])
    }

    /// What a department has to hand in: its first form, the later ones that it has a folder for, and
    /// the lists that the workspace has chosen.
    pub fn due(&self, department: &Path) -> Vec<Due> {
        let mut due = Vec::new();
        let later = later_forms(department);
        let wanted = Class::ALL.into_iter().filter(|class| self.only.is_none_or(|it| it == *class));
        for class in wanted {
            let Some(folder) = folder(department, class.data(), &later) else { continue };
            let data = self.of(&folder);
            let form = match class.is_view() {
                false => Some(data),
                true => {
                    let chosen = self.chosen.iter().rev();
                    let mut views = chosen.filter(|(_, form)| form.definition.class == class);
                    views
                        .find(|(reach, form)| reach.reaches(department) && form.is_of(data))
                        .map(|(_, form)| form)
                }
            };
            due.extend(form.map(|form| Due { folder, form: Arc::clone(form) }));
        }
        due
    }

    /// Whether a department's own file is read for a first form.
    pub fn is_due(&self, own: &Path) -> bool {
        let department = own.parent().unwrap_or(own);
        folder(department, Class::Target, &later_forms(department)).is_some()
    }

    /// Where the data lies that a department has to hand in, each folder once.
    pub fn folders(&self, department: &Path) -> Vec<PathBuf> {
        let mut folders: Vec<PathBuf> =
            self.due(department).into_iter().map(|due| due.folder).collect();
        folders.dedup();
        folders
    }

    /// The months that a year's monitoring forms are about (监控期); empty if that is not said.
    pub fn period(&self, year: &str) -> &str {
        self.periods.get(year).map_or("", String::as_str)
    }

    /// The form that is asked for, if its data has a folder of its own in that of a department.
    pub fn later(&self) -> Option<&Form> {
        let class = self.only.filter(|class| class.subfolder().is_some())?;
        let mut chosen = self.chosen.iter().rev().map(|(_, form)| &**form);
        chosen.find(|form| form.definition.class == class)
    }

    /// All forms that may apply, of the class that is dealt with.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Form>> {
        let is_meant = |form: &&Arc<Form>| self.only.is_none_or(|it| it == form.definition.class);
        // Where one form is asked for, no other of its class applies.
        let usual = self.usual.iter().filter(|_| self.only.is_none());
        usual.chain(self.chosen.iter().map(|(_, form)| form)).filter(is_meant)
    }
}

/// The classes of which a department, or a unit of it, has a folder of data.
fn later_forms(department: &Path) -> Vec<Class> {
    let is_there =
        |class: &Class| class.subfolder().is_some_and(|name| department.join(name).is_dir());
    Class::ALL.into_iter().filter(is_there).collect()
}

/// Where a department's data of a class lies, if it has some; `later` are those of which it has a folder.
/// A department that has later forms only has no first one.
fn folder(department: &Path, class: Class, later: &[Class]) -> Option<PathBuf> {
    if let Some(name) = class.subfolder() {
        return later.contains(&class).then(|| department.join(name));
    }
    let has_projects = || {
        let stock = Stock::take(Tier::of_data(department), department);
        stock.is_ok_and(|it| {
            !it.projects.is_empty() || !it.units.is_empty() || it.is_meant(&[Meant::Projects])
        })
    };
    (later.is_empty() || has_projects()).then(|| department.to_owned())
}

/// The files of a form that is chosen.
fn open(choice: &Choice, root: &Path) -> Result<TemplateFiles, Vec<Finding>> {
    let (name, span) = &choice.form;
    if let Some(folder) = choice.folder(root) {
        return Form::files_in(&folder);
    }
    let names: Vec<&str> = builtin_names().collect();
    if names.contains(&name.as_str()) {
        return Ok(TemplateFiles::embedded(name));
    }
    let message = format!("没有表样“{name}”");
    let finding = Finding::at(&BAD_CHOICE, span.clone(), message).help(format!(
        "写自带的表样的名称（{}），或者工作文件夹里的一个表样文件夹",
        names.join("、")
    ));
    Err(vec![finding])
}

/// The departments of a choice that have no folder in any year.
fn unknown_departments(choice: &Choice, folders: &[PathBuf]) -> Vec<Finding> {
    let Some(names) = &choice.reach.departments else { return Vec::new() };
    let is_known = |name: &str| {
        folders.iter().filter_map(|folder| file_name(folder)).any(|it| is_called(it, name))
    };
    let unknown = names.iter().filter(|(name, _)| !is_known(name));
    unknown
        .map(|(name, span)| {
            let message = format!("data 里没有“{name}”这个部门");
            Finding::at(&BAD_CHOICE, span.clone(), message)
                .help("照部门文件夹的名称写，例如“820-马踏镇”，或者不写编号，“马踏镇”")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_one_or_a_range_or_all_from_one_on() {
        let range = |text| super::range(text).map(|(first, last)| format!("{first}..{last}"));
        for (text, expected) in [
            ("2024", Some("2024..2024")),
            ("2024年", Some("2024..2024")),
            ("2024年度", Some("2024..2024")),
            ("2024年起", Some("2024..9999")),
            ("2022-2024", Some("2022..2024")),
            ("2022年至2024年", Some("2022..2024")),
            ("2024-2022", None),
            ("24", None),
            ("", None),
        ] {
            assert_eq!(range(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_department_is_called_by_its_folder_with_or_without_its_number() {
        for (folder, name, expected) in [
            ("820-马踏镇", "820-马踏镇", true),
            ("820-马踏镇", "马踏镇", true),
            ("马踏镇", "马踏镇", true),
            ("820-马踏镇", "踏镇", false),
            ("820-马踏镇", "820", false),
        ] {
            assert_eq!(is_called(folder, name), expected, "{folder} {name}");
        }
    }
}
