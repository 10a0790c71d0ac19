//! The form: which fields, funding lines and indicators it has, and the Typst layout that prints
//! it. Both are data (`templates/<form>/`); a new edition needs no Rust.

mod blueprint;
mod class;
mod definition;
mod files;
mod formula;
mod funding;
mod kind;
mod meaning;
mod parts;
mod section;
mod template;

pub use blueprint::{Blueprint, SizeKey, Sizes};
pub use class::Class;
pub use definition::{Definition, Order, Subject};
pub use files::{TemplateFiles, builtin_names};
pub use formula::{Expression, FORMULAS, Formula, Operator};
pub use funding::{AmountKey, Funding, Line};
pub use kind::{CHOICES, Choices, KIND, KINDS, Kind, Limits, MOST, SUM, TICKED};
pub use meaning::{ColumnMeaning, FieldMeaning, LevelMeaning, MEANING, Meaning, NO_MEANING};
pub use parts::{Column, Field, FirstLevel, IF_ANY, SecondLevel, Tree};
pub use section::{Each, Half, Section, TREES};
pub use template::{Part, Reference, Scope, Template};

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostics::{Finding, Rule, Severity};

static UNREADABLE_TEMPLATE: Rule = Rule {
    code: "E501",
    name: "表样读不出",
    severity: Severity::Error,
    explanation: r#"看什么：表样文件夹能不能读，里面有没有 form.toml。
为什么：没有表样就不知道表上有哪些栏目、印在哪里。
反例：`--template` 后面的文件夹里没有 form.toml。
正例：写自带的表样的名称，或者用 `jixiao templates 附件2 -o 我的表样` 写出一份来改。"#,
};

/// The kinds of findings reported here.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    std::iter::once(&UNREADABLE_TEMPLATE).chain(definition::RULES.iter().copied())
}

/// The form definition within a template folder.
pub const DEFINITION_FILE: &str = "form.toml";
/// The Typst layout; a form without one of its own is printed with that of all forms.
pub const LAYOUT_FILE: &str = "layout.typ";
/// The built-in form that is used when nothing else is asked for.
pub const DEFAULT_FORM: &str = "附件2";

/// The built-in form of a class that applies where nothing else is chosen.
pub fn usual_form(class: Class) -> Option<&'static str> {
    match class {
        Class::Target => Some(DEFAULT_FORM),
        Class::Evaluation => Some("自评表"),
        Class::Monitoring => Some("监控表"),
        Class::Whole => Some("整体目标表"),
        Class::WholeEvaluation => Some("整体自评表"),
        _ => None,
    }
}

/// A form ready for use.
#[derive(Debug)]
pub struct Form {
    /// What is on it.
    pub definition: Definition,
    /// The files of its folder, for the layout.
    pub files: Arc<TemplateFiles>,
    /// For a list ([`Class::is_view`]): the files of the form whose data it prints.
    pub data: Option<Arc<TemplateFiles>>,
}

impl Form {
    /// The files of the form that is named: a folder of the user's that holds one, or a built-in
    /// form's name.
    ///
    /// # Errors
    /// As [`Form::files_in`], if it is neither.
    pub fn files_of(named: &Path) -> Result<TemplateFiles, Vec<Finding>> {
        let mut names = builtin_names().filter(|_| !Self::is_there(named));
        match names.find(|name| Path::new(name) == named) {
            Some(name) => Ok(TemplateFiles::embedded(name)),
            None => Self::files_in(named),
        }
    }

    /// The built-in form of a name; `None` if there is none.
    pub fn builtin_named(name: &str) -> Option<Result<Self, Vec<Finding>>> {
        let name = builtin_names().find(|known| *known == name)?;
        Some(Self::from_files(TemplateFiles::embedded(name)))
    }

    /// The built-in form (附件 2).
    ///
    /// # Errors
    /// Only if the embedded files are broken, which a test rules out.
    pub fn builtin() -> Result<Self, Vec<Finding>> {
        Self::from_files(TemplateFiles::embedded(DEFAULT_FORM))
    }

    /// The form in a folder of the user's.
    ///
    /// # Errors
    /// As [`Form::files_in`] and [`Form::from_files`].
    pub fn from_dir(dir: &Path) -> Result<Self, Vec<Finding>> {
        Self::files_in(dir).and_then(Self::from_files)
    }

    /// The files of a form in a folder of the user's.
    ///
    /// # Errors
    /// What keeps the folder from being read.
    pub fn files_in(dir: &Path) -> Result<TemplateFiles, Vec<Finding>> {
        // Asked before the folder is read: a wrong one may hold a whole disk.
        let path = dir.join(DEFINITION_FILE);
        if !Self::is_there(dir) {
            let message = "表样文件夹里缺少这个文件";
            let names: Vec<&str> = builtin_names().collect();
            let finding = Finding::about(&UNREADABLE_TEMPLATE, &path, message).help(format!(
                "--template 后面写自带的表样的名称（{}），或者一个里面有 {DEFINITION_FILE} 的文件夹；\
                 要自己的表样，先写出一份来改：jixiao templates {DEFAULT_FORM} -o 我的表样",
                names.join("、")
            ));
            return Err(vec![finding]);
        }
        TemplateFiles::read(dir).map_err(|(path, error)| {
            let message = format!("读不出表样：{}", crate::files::io_error::in_chinese(&error));
            let finding = Finding::about(&UNREADABLE_TEMPLATE, &path, message);
            vec![finding.help("确认有权限读这个文件夹里的所有文件")]
        })
    }

    /// Whether a folder holds a form.
    pub fn is_there(dir: &Path) -> bool {
        dir.join(DEFINITION_FILE).is_file()
    }

    /// Whether it is this very form, from the same folder, and prints the data of the same.
    pub fn is(&self, other: &Self) -> bool {
        let data = |form: &Self| form.data.as_ref().map(|files| files.shown_path(""));
        self.folder() == other.folder() && data(self) == data(other)
    }

    /// Whether it prints the data of this form.
    pub fn is_of(&self, data: &Self) -> bool {
        let own = self.data.as_ref().map_or_else(|| self.folder(), |files| files.shown_path(""));
        own == data.folder()
    }

    /// Its folder; of a built-in form, within `templates/`.
    pub fn folder(&self) -> PathBuf {
        self.files.shown_path("")
    }

    /// The form in these files. A list is one of the data of the built-in form.
    ///
    /// # Errors
    /// Every mistake in its definition.
    pub fn from_files(files: TemplateFiles) -> Result<Self, Vec<Finding>> {
        let class = files.class()?;
        let source = files.definition()?;
        if class.is_view() {
            let data = usual_form(class.data()).and_then(Self::builtin_named);
            let data = data.unwrap_or_else(Self::builtin)?;
            return Self::view(files, &data);
        }
        let mut findings = Vec::new();
        match Definition::parse(&source, &mut findings) {
            Some(definition) if findings.is_empty() => {
                Ok(Self { definition, files: Arc::new(files), data: None })
            }
            _ => Err(findings),
        }
    }

    /// The list ([`Class::is_view`]) in these files, of the data of another form.
    ///
    /// # Errors
    /// Every mistake in its definition, and what the other form does not have.
    pub fn view(files: TemplateFiles, data: &Self) -> Result<Self, Vec<Finding>> {
        let source = files.definition()?;
        let mut findings = Vec::new();
        let definition = Definition::view(&source, &data.definition, &mut findings);
        let definition = definition.ok_or(findings)?;
        let data = Some(Arc::clone(&data.files));
        Ok(Self { definition, files: Arc::new(files), data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::SourceFile;

    #[test]
    fn the_builtin_form_says_everywhere_what_belongs_there() {
        let form = Form::builtin().map(|form| form.definition);
        let Ok(form) = form else { unreachable!("{form:?}") };
        let fields = form.department_fields.iter().chain(&form.project_fields);
        let described = fields
            .map(|field| (&field.name, &field.description))
            .chain([(&form.funding.total.name, &form.funding.description)])
            .chain(form.columns.iter().map(|column| (&column.name, &column.description)))
            .chain(form.second_levels().map(|level| (&level.name, &level.description)));
        for (name, description) in described {
            assert!(!description.is_empty(), "{name}");
        }
    }

    #[test]
    fn a_form_prints_a_formula_by_its_name() {
        let text = r#"
"附件标题" = "表"
"标题" = "表"
["部门"]
"主管部门" = { "必填" = true }
["项目"]
"项目名称" = { "必填" = true }
["资金"]
"合计" = "总额"
"列" = ["预算", "执行"]
["指标列"]
"指标值" = {}
["算式"]
"执行率" = { "算" = "执行 / 预算 * 100", "小数" = 1, "单位" = "%" }
["一级指标"."产出指标"]
"数量指标" = {}
[["版面"]]
"行" = [["{主管部门}{项目名称}", "{总额.预算}", "{总额.执行}", "{执行率}"]]
[["版面"]]
"每条指标" = ["{二级指标}", "{三级指标}", "{指标值}"]
"#;
        let parse = |text: &str| {
            let mut findings = Vec::new();
            let form = Definition::parse(&SourceFile::new("form.toml", text), &mut findings);
            (form, findings)
        };
        let (form, findings) = parse(text);
        assert!(findings.is_empty(), "{findings:#?}");
        assert_eq!(form.unwrap().formulas[0].decimals, 1);
        let (_, findings) = parse(&text.replace("{总额.执行}", "{总额}"));
        assert_eq!(findings[0].message, "“总额”有几列，写明是哪一列，例如 {总额.预算}");
        let (_, findings) = parse(&text.replace("{总额.执行}", "{}"));
        assert_eq!(findings[0].message, "“总额.执行”要填，却没有印在表上");
        assert_eq!(findings[0].span().unwrap().line(), 10);
    }
}
