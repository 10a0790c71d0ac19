//! The data of a year: departments, their projects, what each project costs and promises.
//!
//! What is on the form is declared by the form definition, so the model keeps the form's own words
//! as keys. Every value knows the bytes it was read from.

use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use toml::Spanned;

use crate::amount::Money;
use crate::diagnostics::{SourceFile, Span};
use crate::form::{self, AmountKey, Class, ColumnMeaning, FieldMeaning, Line};
use crate::text::folded;

/// The table of a data file that waives warnings (豁免); it is not on the form.
pub const WAIVERS: &str = "豁免";

/// Texts in the order of the form, by the words printed on it; they answer by meaning, too.
#[derive(Debug, Clone)]
pub struct Texts<M> {
    texts: IndexMap<String, (Option<M>, Spanned<String>)>,
}

/// Header fields.
pub type Fields = Texts<FieldMeaning>;
/// What a row of the form says behind its name, column by column.
pub type Values = Texts<ColumnMeaning>;

impl<M> Default for Texts<M> {
    fn default() -> Self {
        Self { texts: IndexMap::new() }
    }
}

impl<M: Copy + PartialEq> Texts<M> {
    /// Adds what stands under a word of the form that is about this.
    pub fn insert(&mut self, name: &str, meaning: Option<M>, text: Spanned<String>) {
        self.texts.insert(name.to_owned(), (meaning, text));
    }

    /// What stands under a word of the form.
    pub fn get(&self, name: &str) -> Option<&Spanned<String>> {
        self.texts.get(name).map(|(_, text)| text)
    }

    /// What is about this, whatever word it stands under.
    pub fn about(&self, meaning: M) -> Option<&Spanned<String>> {
        self.named(meaning).map(|(_, text)| text)
    }

    /// The same, with the word it stands under.
    pub fn named(&self, meaning: M) -> Option<(&str, &Spanned<String>)> {
        let mut texts = self.texts.iter();
        let (name, (_, text)) = texts.find(|(_, (about, _))| *about == Some(meaning))?;
        Some((name, text))
    }

    /// All but what is about this.
    pub fn but(&self, meaning: M) -> impl Iterator<Item = (&str, &Spanned<String>)> {
        let texts = self.texts.iter().filter(move |(_, (about, _))| *about != Some(meaning));
        texts.map(|(name, (_, text))| (name.as_str(), text))
    }

    /// All of them with the words they stand under.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Spanned<String>)> {
        self.texts.iter().map(|(name, (_, text))| (name.as_str(), text))
    }

    /// All of them.
    pub fn values(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.iter().map(|(_, text)| text)
    }
}

/// A department (主管部门), or a budget unit of one, with its own projects in the order they are
/// printed.
#[derive(Debug)]
pub struct Department {
    /// [What its folder is called](crate::workspace::folder_name).
    pub folder: String,
    /// What its data is for.
    pub class: Class,
    /// `部门.toml`.
    pub source: Arc<SourceFile>,
    /// Its header fields.
    pub fields: Fields,
    /// The warnings it waives, in all its files.
    pub waivers: Vec<Waiver>,
    /// The budget unit of it whose projects these are, if it has units.
    pub unit: Option<Unit>,
    /// Its projects.
    pub projects: Vec<Project>,
}

/// A budget unit (预算单位) of a department: what it says otherwise than the department.
#[derive(Debug)]
pub struct Unit {
    /// `单位.toml`.
    pub source: Arc<SourceFile>,
    /// The header fields that take the place of the department's.
    pub fields: Fields,
    /// The warnings it waives, in all its files.
    pub waivers: Vec<Waiver>,
}

/// A project (项目): one form.
///
/// If its file has errors, it holds what could be read, for the rules to look at; only a project
/// without errors is typeset.
#[derive(Debug)]
pub struct Project {
    /// The file it was read from.
    pub source: Arc<SourceFile>,
    /// Its header fields; a field of the department that the project overrides is among them.
    pub fields: Fields,
    /// What it costs.
    pub funding: Funding,
    /// What it promises: the second-level indicators that have rows, in the order of the form.
    pub indicators: Vec<IndicatorGroup>,
    /// The second-level indicators that may have rows which could not be read, so that no rule
    /// takes such a row for missing.
    pub unread: Vec<String>,
    /// The warnings it waives.
    pub waivers: Vec<Waiver>,
}

/// A warning that is accepted, with the reason: `"W102" = "……"` under `["豁免"]`.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// The code of the rule.
    pub code: Spanned<String>,
    /// Why the form is right all the same.
    pub reason: Spanned<String>,
}

/// The funds of a project (项目资金): what is written of them. Sums are computed.
#[derive(Debug, Clone, Default)]
pub struct Funding {
    /// Where its table starts.
    pub range: Range<usize>,
    /// The amounts of the form, or of its first column (列): what is said of the funds is said of
    /// these.
    pub principal: Amounts,
    /// The amounts of its other columns, in their order.
    pub others: Vec<Amounts>,
}

/// What is written in one column of the funds.
#[derive(Debug, Clone, Default)]
pub struct Amounts {
    /// The lines that have no parts (财政拨款, 其他资金; the total itself if it has none), in the
    /// order of the form.
    pub lines: IndexMap<String, Spanned<Money>>,
    /// The sums that are written all the same (年度资金总额); what is printed is computed.
    pub written_sums: IndexMap<String, Spanned<Money>>,
}

/// A second-level indicator (二级指标) and its rows.
#[derive(Debug)]
pub struct IndicatorGroup {
    /// What its table is called ([`SecondLevel::key`](form::SecondLevel::key)), such as 数量指标, where it
    /// starts.
    pub name: Spanned<String>,
    /// Its third-level indicators.
    pub indicators: Vec<Indicator>,
}

/// A third-level indicator (三级指标): one row of the form.
#[derive(Debug)]
pub struct Indicator {
    /// What is measured.
    pub name: Spanned<String>,
    /// The target value (指标值) and further columns.
    pub values: Values,
}

/// A department in figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The name of its folder, [as it has it](Department::folder).
    pub folder: String,
    /// How many projects it has.
    pub projects: usize,
    /// The funds of all of them.
    pub funding: Money,
}

impl Department {
    /// How much there is of it.
    pub fn figures(&self) -> Figures {
        Figures {
            folder: self.folder.clone(),
            projects: self.projects.len(),
            funding: self.projects.iter().map(|project| project.funding.total()).sum(),
        }
    }

    /// The name printed on the form.
    pub fn name(&self) -> &str {
        self.fields.about(FieldMeaning::DepartmentName).map_or(&self.folder, |name| name.get_ref())
    }

    /// The name of the folder of the whole department.
    pub fn department_folder(&self) -> &str {
        self.folder.split('/').next().unwrap_or_default()
    }

    /// The name of the unit whose projects these are, as it is printed; else the name of its folder.
    pub fn unit_name(&self) -> Option<&str> {
        let name = self.unit.as_ref()?.fields.about(FieldMeaning::UnitName);
        let folder = || self.folder.split('/').nth(1);
        name.map(|name| name.get_ref().as_str()).or_else(folder)
    }

    /// A header field and the file it stands in: what the unit says, or else the department.
    pub fn field(&self, name: &str) -> Option<(&Arc<SourceFile>, &Spanned<String>)> {
        let of_unit = self.unit.as_ref().and_then(|it| Some((&it.source, it.fields.get(name)?)));
        of_unit.or_else(|| Some((&self.source, self.fields.get(name)?)))
    }

    /// The header fields that hold, each with the file it stands in.
    pub fn own_fields(&self) -> impl Iterator<Item = (&Arc<SourceFile>, &str, &Spanned<String>)> {
        let of_unit = self.unit.iter().flat_map(|unit| {
            unit.fields.iter().map(move |(name, text)| (&unit.source, name, text))
        });
        let is_replaced =
            |name: &str| self.unit.as_ref().is_some_and(|it| it.fields.get(name).is_some());
        let own = self.fields.iter().filter(move |(name, _)| !is_replaced(name));
        own.map(|(name, text)| (&self.source, name, text)).chain(of_unit)
    }

    /// What the fields are about that have its name and its code: the unit's, or else the department's.
    pub fn naming(&self) -> [FieldMeaning; 2] {
        match self.unit {
            Some(_) => [FieldMeaning::UnitName, FieldMeaning::UnitCode],
            None => [FieldMeaning::DepartmentName, FieldMeaning::DepartmentCode],
        }
    }

    /// What the file of its folder says: the unit's, or else the department's.
    pub fn own(&self) -> (&Arc<SourceFile>, &Fields, &[Waiver]) {
        match &self.unit {
            Some(unit) => (&unit.source, &unit.fields, &unit.waivers),
            None => (&self.source, &self.fields, &self.waivers),
        }
    }

    /// The files it was read from: its own, that of its unit, then those of its projects.
    pub fn sources(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        let own = std::iter::once(&self.source).chain(self.unit.iter().map(|unit| &unit.source));
        own.chain(self.projects.iter().map(|project| &project.source))
    }

    /// Every text that is printed, with the file it stands in.
    pub fn texts(&self) -> impl Iterator<Item = (&Arc<SourceFile>, &Spanned<String>)> {
        let own = self.own_fields().map(|(source, _, text)| (source, text));
        own.chain(
            self.projects
                .iter()
                .flat_map(|project| project.texts().map(move |text| (&project.source, text))),
        )
    }

    /// A place in `部门.toml`.
    pub fn span(&self, range: Range<usize>) -> Span {
        self.source.span(range)
    }
}

impl Project {
    /// The name printed on the form.
    pub fn name(&self) -> &str {
        let name = self.fields.about(FieldMeaning::ProjectName);
        name.map_or_else(|| self.source.name(), |name| name.get_ref())
    }

    /// The same project among others: by its code, or else by its name.
    pub fn counterpart<'p>(
        &self,
        others: impl Iterator<Item = &'p Self> + Clone,
    ) -> Option<&'p Self> {
        let code = |project: &Self| {
            let code = project.fields.about(FieldMeaning::ProjectCode)?;
            Some(folded(code.get_ref())).filter(|code| !code.is_empty())
        };
        let (own_code, own_name) = (code(self), folded(self.name()));
        let mut by_code = others.clone().filter(|it| own_code.is_some() && code(it) == own_code);
        let mut by_name = others.filter(|it| folded(it.name()) == own_name);
        by_code.next().or_else(|| by_name.next())
    }

    /// A place in the project's file.
    pub fn span(&self, range: Range<usize>) -> Span {
        self.source.span(range)
    }

    /// The rows of a second-level indicator.
    pub fn group(&self, name: &str) -> Option<&IndicatorGroup> {
        self.indicators.iter().find(|group| group.name.get_ref() == name)
    }

    /// All rows, each with the second-level indicator it stands under.
    pub fn rows(&self) -> impl Iterator<Item = (&IndicatorGroup, &Indicator)> {
        self.indicators
            .iter()
            .flat_map(|group| group.indicators.iter().map(move |row| (group, row)))
    }

    /// Every text of the project that is printed, in the order of the file.
    pub fn texts(&self) -> impl Iterator<Item = &Spanned<String>> {
        let rows = self.rows();
        self.fields
            .values()
            .chain(rows.flat_map(|(_, row)| std::iter::once(&row.name).chain(row.values.values())))
    }
}

impl Indicator {
    /// The target value (指标值).
    pub fn value(&self) -> Option<&Spanned<String>> {
        self.values.about(ColumnMeaning::Target)
    }
}

impl Funding {
    /// The funds of the year (年度资金总额).
    pub fn total(&self) -> Money {
        self.principal.total()
    }

    /// The amounts of all columns, from left to right.
    pub fn columns(&self) -> impl Iterator<Item = &Amounts> {
        std::iter::once(&self.principal).chain(&self.others)
    }

    /// What people wrote of an amount, if it is one of those they write.
    pub fn written(&self, form: &form::Funding, key: &AmountKey) -> Option<&Spanned<Money>> {
        self.column(form, key)?.lines.get(&key.line)
    }

    /// The column of an amount.
    pub fn column(&self, form: &form::Funding, key: &AmountKey) -> Option<&Amounts> {
        let mut columns = form.column_names().zip(self.columns());
        columns.find(|(name, _)| *name == key.column.as_deref()).map(|(_, amounts)| amounts)
    }
}

impl Amounts {
    /// All of it.
    pub fn total(&self) -> Money {
        self.lines.values().map(|amount| *amount.get_ref()).sum()
    }

    /// A line of the form: what is written for it, or the sum of its parts.
    pub fn amount(&self, line: &Line) -> Money {
        self.parts(line).map(|amount| *amount.get_ref()).sum()
    }

    /// What is written for a line or for its parts.
    pub fn parts(&self, line: &Line) -> impl Iterator<Item = &Spanned<Money>> {
        line.leaves().filter_map(|leaf| self.lines.get(&leaf.name))
    }
}
