//! Which form applies to which department of which year: `[["表样"]]` in `jixiao.toml`.

use std::path::{Path, PathBuf};

use toml::Spanned;

use super::folders::Workspace;
use super::names::{file_name, is_year};
use crate::diagnostics::{Finding, Rule, Severity, Span};
use crate::form::{Form, builtin_names};
use crate::toml::{Need, Table};

static BAD_CHOICE: Rule = Rule {
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

/// An entry of `[["表样"]]`, as it is written.
#[derive(Debug)]
pub struct Choice {
    /// The years it is for, from the first to the last; all if nothing is written.
    years: Option<(String, String)>,
    /// The departments it is for; all if nothing is written.
    departments: Option<Vec<(String, Span)>>,
    /// The form.
    form: (String, Span),
}

/// The forms of a workspace.
#[derive(Debug)]
pub struct Forms {
    /// Applies where no choice does.
    usual: Form,
    /// Later ones win.
    choices: Vec<(Choice, Form)>,
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
        Some(Self { years, departments, form: form? })
    }

    /// The folder of its form within a workspace, if it is no built-in one.
    pub fn folder(&self, root: &Path) -> Option<PathBuf> {
        let folder = root.join(&self.form.0);
        Form::is_there(&folder).then_some(folder)
    }

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
    /// This form for all.
    pub fn one(form: Form) -> Self {
        Self { usual: form, choices: Vec::new() }
    }

    /// The form that is asked for, by its name or its folder, or else those of the workspace.
    ///
    /// # Errors
    /// As [`Form::open`] and [`Forms::of_workspace`].
    pub fn open(
        template: Option<&Path>,
        workspace: &Workspace,
        choices: Vec<Choice>,
    ) -> Result<Self, Vec<Finding>> {
        match template {
            Some(named) => Form::open(Some(named)).map(Self::one),
            None => Self::of_workspace(workspace, choices),
        }
    }

    /// The forms that a workspace has chosen; where it has not, 附件2.
    ///
    /// # Errors
    /// Every mistake in a form, each that is not there, and each department that no year has.
    pub fn of_workspace(workspace: &Workspace, choices: Vec<Choice>) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut opened = Vec::new();
        for choice in choices {
            findings.extend(unknown_departments(&choice, workspace));
            match open(&choice, workspace.root()) {
                Ok(form) => opened.push((choice, form)),
                Err(wrong) => findings.extend(wrong),
            }
        }
        if findings.is_empty() {
            Ok(Self { usual: Form::builtin()?, choices: opened })
        } else {
            Err(findings)
        }
    }

    /// The form of a department, as its folder in `data/<year>/` says.
    pub fn of(&self, folder: &Path) -> &Form {
        let year = folder.parent().and_then(file_name).filter(|year| is_year(year));
        self.named(year, file_name(folder))
    }

    /// The form of a department in a folder of this name, in this year.
    pub fn named(&self, year: Option<&str>, folder: Option<&str>) -> &Form {
        let mut choices = self.choices.iter().rev();
        choices.find(|(choice, _)| choice.applies(year, folder)).map_or(&self.usual, |(_, it)| it)
    }

    /// All forms that may apply.
    pub fn all(&self) -> impl Iterator<Item = &Form> {
        std::iter::once(&self.usual).chain(self.choices.iter().map(|(_, form)| form))
    }

    /// The form that applies to all these departments; `None` if they have different ones.
    pub fn common<'f>(&'f self, folders: impl IntoIterator<Item = &'f Path>) -> Option<&'f Form> {
        let mut forms = folders.into_iter().map(|folder| self.of(folder));
        let first = forms.next().unwrap_or(&self.usual);
        forms.all(|form| form.is(first)).then_some(first)
    }
}

fn open(choice: &Choice, root: &Path) -> Result<Form, Vec<Finding>> {
    let (name, span) = &choice.form;
    if let Some(folder) = choice.folder(root) {
        return Form::from_dir(&folder);
    }
    if builtin_names().any(|builtin| builtin == name) {
        return Form::open(Some(Path::new(name)));
    }
    let names: Vec<&str> = builtin_names().collect();
    let message = format!("没有表样“{name}”");
    let finding = Finding::at(&BAD_CHOICE, span.clone(), message).help(format!(
        "写自带的表样的名称（{}），或者工作文件夹里的一个表样文件夹",
        names.join("、")
    ));
    Err(vec![finding])
}

/// The departments of a choice that are in no year.
fn unknown_departments(choice: &Choice, workspace: &Workspace) -> Vec<Finding> {
    let Some(names) = &choice.departments else { return Vec::new() };
    let years = workspace.years().unwrap_or_default();
    let folders = years.iter().flat_map(|year| {
        workspace.year(Some(year)).map(|year| year.departments).unwrap_or_default()
    });
    let folders: Vec<_> = folders.collect();
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
