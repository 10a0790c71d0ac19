//! Pairs what belongs together on the two sides and lists what is different.

use std::collections::BTreeSet;
use std::hash::Hash;
use std::path::Path;
use std::sync::Arc;

use indexmap::IndexSet;
use toml::Spanned;

use super::changes::{
    Amounts, Change, Comparison, DepartmentChanges, DepartmentFacts, PlacedText, ProjectChanges,
    ProjectFacts, Row, Versions,
};
use super::matching::{Bigrams, Matching, dice};
use super::side::{Content, Side, Year};
use crate::amount::Money;
use crate::data::translate;
use crate::data::{Department, Fields, Indicator, Project, Waiver};
use crate::diagnostics::{Finding, Rule, Severity, SourceFile};
use crate::form::{AmountKey, Class, Definition, Field, FieldMeaning};
use crate::workspace::Forms;

static DIFFERENT_KINDS: Rule = Rule {
    code: "E903",
    name: "两边不是同一类",
    severity: Severity::Error,
    explanation: r#"看什么：要比较的两边是不是同一类：项目文件、部门.toml、部门文件夹、年度文件夹、data 文件夹。
为什么：一个项目和一个部门没有可以对照的栏目。
反例：`jixiao diff data/2023 data/2024/056-灵沙乡`
正例：`jixiao diff data/2023/056-灵沙乡 data/2024/056-灵沙乡`"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&DIFFERENT_KINDS];

/// From here on a project is taken for another one under a new name.
const SIMILAR_PROJECT: f64 = 0.5;
/// The same for a project whose file has kept its name.
const SIMILAR_IN_SAME_FILE: f64 = 0.3;
/// From here on an indicator is taken for another one, reworded.
const SIMILAR_INDICATOR: f64 = 0.5;
/// The same if it has also moved to another second-level indicator.
const SIMILAR_MOVED_INDICATOR: f64 = 0.75;
/// What an equal value adds to the similarity of two indicators' names.
const EQUAL_VALUE: f64 = 0.15;

/// All differences between two sides.
///
/// # Errors
/// A finding if they are of different kinds, such as a file and a folder.
pub fn compare(old: &Side, new: &Side, forms: &Forms) -> Result<Comparison, Vec<Finding>> {
    let differ = Differ { forms };
    let single = || {
        let [before, after] = [old, new].map(|side| side.form(forms, side.year.as_deref(), None));
        // What is not there has the form of the other side.
        let of = |side: &Side, own, other| if side.content.kind().is_some() { own } else { other };
        let [old, new] = [of(old, before, after), of(new, after, before)];
        On { old: &old.definition, new: &new.definition }
    };
    let departments = match (&old.content, &new.content) {
        (Content::Nothing | Content::Project(_), Content::Nothing | Content::Project(_)) => {
            let projects = single().project(old.content.project(), new.content.project());
            vec![DepartmentChanges {
                department: None,
                changes: Vec::new(),
                projects: projects.into_iter().collect(),
            }]
        }
        (
            Content::Nothing | Content::DepartmentFile(_),
            Content::Nothing | Content::DepartmentFile(_),
        ) => {
            let changes = single().fields_of_department(
                old.content.departments().next(),
                new.content.departments().next(),
            );
            vec![DepartmentChanges { department: None, changes, projects: Vec::new() }]
        }
        (Content::Nothing | Content::Department(_), Content::Nothing | Content::Department(_)) => {
            let years = [old, new].map(|side| side.year.as_deref());
            let sides = [old, new].map(|side| side.content.departments().collect());
            differ.departments(years, sides, |department| Some(department.class))
        }
        (Content::Nothing | Content::Year(_), Content::Nothing | Content::Year(_)) => {
            differ.year(old.content.years().first(), new.content.years().first())
        }
        (Content::Nothing | Content::Data(_), Content::Nothing | Content::Data(_)) => {
            differ.data(old.content.years(), new.content.years())
        }
        (a, b) => {
            let (a, b) = (a.kind().unwrap_or_default(), b.kind().unwrap_or_default());
            let message = format!("原来的是{a}，现在的是{b}，不能比较");
            let finding = Finding::about(&DIFFERENT_KINDS, Path::new(b), message);
            return Err(vec![finding.help("两边写同一类：都是项目文件，或都是部门文件夹……")]);
        }
    };
    Ok(Comparison {
        departments: departments.into_iter().filter(|changes| !changes.is_empty()).collect(),
        total: Amounts { old: old.content.total(), new: new.content.total() },
    })
}

struct Differ<'f> {
    forms: &'f Forms,
}

/// The forms of what is compared.
#[derive(Clone, Copy)]
struct On<'f> {
    old: &'f Definition,
    new: &'f Definition,
}

impl Differ<'_> {
    fn data(&self, old: &[Year], new: &[Year]) -> Vec<DepartmentChanges> {
        let names: BTreeSet<&Option<String>> =
            old.iter().chain(new).map(|year| &year.name).collect();
        let find = |years: &'_ [Year], name: &Option<String>| {
            years.iter().position(|year| year.name == *name)
        };
        let years = names.into_iter().map(|name| {
            let old = find(old, name).and_then(|index| old.get(index));
            self.year(old, find(new, name).and_then(|index| new.get(index)))
        });
        years.flatten().collect()
    }

    fn year(&self, old: Option<&Year>, new: Option<&Year>) -> Vec<DepartmentChanges> {
        let years = [old, new].map(|year| year.and_then(|year| year.name.as_deref()));
        let sides = [old, new]
            .map(|year| year.map_or(&[][..], |year| &year.departments).iter().collect::<Vec<_>>());
        self.departments(years, sides, |department| Some(department.folder.clone()))
    }

    /// The differences of departments: those with the same key belong together, or else those of the
    /// same code or name.
    fn departments<K: Eq + Hash>(
        &self,
        [old_year, new_year]: [Option<&str>; 2],
        [mut old, mut new]: [Vec<&Department>; 2],
        key: impl Fn(&Department) -> Option<K>,
    ) -> Vec<DepartmentChanges> {
        // What was reached in a year is not held against what was reached in another.
        if let (Some(before), Some(after)) = (old_year, new_year)
            && before != after
        {
            for side in [&mut old, &mut new] {
                side.retain(|it| it.class == Class::Target);
            }
        }
        let mut matching = Matching::new(old.len(), new.len());
        matching.by_key(|i| key(old[i]), |i| key(new[i]));
        for about in [FieldMeaning::DepartmentCode, FieldMeaning::DepartmentName] {
            let key = |it: &Department| Some((it.class, field(&it.fields, about)?));
            matching.by_key(|i| key(old[i]), |i| key(new[i]));
        }
        let pairs = matching.all().into_iter();
        pairs
            .filter_map(|(i, j)| {
                let old = i.map(|i| (old_year.map(str::to_owned), old[i]));
                self.department(old, j.map(|j| (new_year.map(str::to_owned), new[j])))
            })
            .collect()
    }

    fn department(
        &self,
        old: Option<(Option<String>, &Department)>,
        new: Option<(Option<String>, &Department)>,
    ) -> Option<DepartmentChanges> {
        let facts = |side: &Option<(Option<String>, &Department)>| {
            side.as_ref().map(|(year, department)| department_facts(year.clone(), department))
        };
        let department = Versions::new(facts(&old), facts(&new))?;
        let form = |side: &Option<(Option<String>, &Department)>| {
            let (year, department) = side.as_ref()?;
            Some(&self.forms.named(year.as_deref(), Some(&department.folder)).definition)
        };
        let forms = [form(&old), form(&new)];
        let on = On { old: forms[0].or(forms[1])?, new: forms[1].or(forms[0])? };
        let (old, new) = (old.map(|(_, it)| it), new.map(|(_, it)| it));
        let mut changes = Vec::new();
        // What a later form has of the department's own file is told with the first.
        let is_own = |it: &Department| match it.class.subfolder() {
            Some(name) => Path::new(it.source.name()).parent().is_some_and(|it| it.ends_with(name)),
            None => true,
        };
        if let (Some(before), Some(after)) = (old, new)
            && (is_own(before) || is_own(after))
        {
            changes = on.fields_of_department(old, new);
        }
        let old = old.map_or(&[][..], |department| &department.projects);
        let new = new.map_or(&[][..], |department| &department.projects);
        let matching = match_projects(old, new);
        if is_reordered(matching.pairs()) {
            changes.push(Change::Order { of: "项目".to_owned() });
        }
        let projects = matching.all().into_iter();
        let projects = projects
            .filter_map(|(i, j)| on.project(i.map(|i| &old[i]), j.map(|j| &new[j])))
            .collect();
        let changes = DepartmentChanges { department: Some(department), changes, projects };
        (!changes.is_empty()).then_some(changes)
    }
}

impl On<'_> {
    fn fields_of_department(
        self,
        old: Option<&Department>,
        new: Option<&Department>,
    ) -> Vec<Change> {
        let declared = self.new.department_fields.iter();
        let [old, new] = [old, new].map(|side| side.map(Department::own));
        let translated = old.map(|(_, fields, _)| translate::fields(fields, self.new));
        let before = old.zip(translated.as_ref()).map(|((source, ..), fields)| (source, fields));
        let mut changes = fields(declared, before, new.map(|(source, fields, _)| (source, fields)));
        let of_side = |(source, _, waivers)| (source, waivers);
        waivers(old.map(of_side), new.map(of_side), &mut changes);
        changes
    }

    fn project(self, old: Option<&Project>, new: Option<&Project>) -> Option<ProjectChanges> {
        let total_name = |form: &Definition| form.funding.total.name.clone();
        let of_old = old.map(|project| project_facts(project, total_name(self.old)));
        let of_new = new.map(|project| project_facts(project, total_name(self.new)));
        let facts = Versions::new(of_old, of_new)?;
        let mut changes = Vec::new();
        if let (Some(old), Some(new)) = (old, new) {
            let old = &translate::project(old, self.old, self.new);
            let own = self.new.project_fields.iter();
            let overridden = self.new.department_fields.iter().filter(|field| field.overridable);
            let declared = own.chain(overridden);
            let (old_file, new_file) = (&old.source, &new.source);
            changes =
                fields(declared, Some((old_file, &old.fields)), Some((new_file, &new.fields)));
            self.amounts(old, new, &mut changes);
            self.indicators(old, new, &mut changes);
            let (old_waivers, new_waivers) = (&old.waivers[..], &new.waivers[..]);
            waivers(Some((old_file, old_waivers)), Some((new_file, new_waivers)), &mut changes);
        }
        let changes = ProjectChanges { project: facts, changes };
        (!changes.is_empty()).then_some(changes)
    }

    /// The amounts of both forms: what only one of them has is there on one side only.
    fn amounts(self, old: &Project, new: &Project, changes: &mut Vec<Change>) {
        let keys = |form: &Definition| -> Vec<AmountKey> {
            let leaves = form.funding.leaves();
            leaves.flat_map(|line| form.funding.keys_of(line)).collect()
        };
        let mut all = keys(self.new);
        all.extend(keys(self.old));
        let all: IndexSet<AmountKey> = all.into_iter().collect();
        for key in all {
            let of = |it: &Project, form: &Definition| {
                it.funding.written(&form.funding, &key).map(|amount| *amount.get_ref())
            };
            if let Some(amount) = Versions::different(of(old, self.old), of(new, self.new)) {
                changes.push(Change::Amount { name: key.label(), amount });
            }
        }
    }

    fn indicators(self, old: &Project, new: &Project, changes: &mut Vec<Change>) {
        let (old, new): (Vec<_>, Vec<_>) = (rows(old), rows(new));
        let matching = match_indicators(&old, &new);
        let declared = self.new.second_levels().map(|level| level.key.as_str());
        let levels: IndexSet<&str> = declared.chain(old.iter().map(|row| row.group)).collect();
        for level in levels {
            let is_here = |side: &[Entry<'_>], i: usize| side[i].group == level;
            for (i, j) in matching.all() {
                // A moved row is told where it has gone.
                let here =
                    j.map_or_else(|| i.is_some_and(|i| is_here(&old, i)), |j| is_here(&new, j));
                if !here {
                    continue;
                }
                let row = |side: &[Entry<'_>], i: Option<usize>| i.map(|i| side[i].row());
                if let Some(row) = Versions::different(row(&old, i), row(&new, j)) {
                    changes.push(Change::Indicator(row));
                }
            }
            let stayed = matching.pairs().filter(|&(i, j)| is_here(&old, i) && is_here(&new, j));
            if is_reordered(stayed) {
                changes.push(Change::Order { of: level.to_owned() });
            }
        }
    }
}

/// An indicator with what is needed to find it on the other side.
struct Entry<'p> {
    source: &'p Arc<SourceFile>,
    group: &'p str,
    indicator: &'p Indicator,
    bigrams: Bigrams,
}

impl Entry<'_> {
    fn name(&self) -> &str {
        self.indicator.name.get_ref()
    }

    fn row(&self) -> Row {
        let values = self.indicator.values.iter();
        let values = values.filter(|(_, value)| !value.get_ref().trim().is_empty());
        Row {
            group: self.group.to_owned(),
            name: PlacedText::new(self.source, &self.indicator.name),
            values: values
                .map(|(name, value)| (name.to_owned(), PlacedText::new(self.source, value)))
                .collect(),
        }
    }

    /// How much it looks like the same indicator, wherever it stands.
    fn similarity(&self, other: &Self) -> f64 {
        let value = |entry: &Self| entry.indicator.value().map(|value| value.get_ref().clone());
        let equal_value = if value(self) == value(other) { EQUAL_VALUE } else { 0.0 };
        self.bigrams.similarity(&other.bigrams) + equal_value
    }
}

fn rows(project: &Project) -> Vec<Entry<'_>> {
    project
        .rows()
        .map(|(group, indicator)| Entry {
            source: &project.source,
            group: group.name.get_ref(),
            indicator,
            bigrams: Bigrams::new(indicator.name.get_ref()),
        })
        .collect()
}

fn match_indicators(old: &[Entry<'_>], new: &[Entry<'_>]) -> Matching {
    let mut matching = Matching::new(old.len(), new.len());
    let place = |entry: &Entry<'_>| (entry.group.to_owned(), entry.name().to_owned());
    matching.by_key(|i| Some(place(&old[i])), |j| Some(place(&new[j])));
    // A name that has gone here and come there has moved: that is surer than a similar name.
    matching.by_key(|i| Some(old[i].name()), |j| Some(new[j].name()));
    matching.by_similarity(SIMILAR_INDICATOR, |i, j| {
        if old[i].group == new[j].group { old[i].similarity(&new[j]) } else { 0.0 }
    });
    matching.by_similarity(SIMILAR_MOVED_INDICATOR, |i, j| old[i].similarity(&new[j]));
    matching
}

fn match_projects(old: &[Project], new: &[Project]) -> Matching {
    let mut matching = Matching::new(old.len(), new.len());
    let name = |project: &Project| field(&project.fields, FieldMeaning::ProjectName);
    let code = |project: &Project| field(&project.fields, FieldMeaning::ProjectCode);
    let both = |project: &Project| (file(project).to_owned(), name(project));
    // The code is the project's key in the budget system; a name may be reworded.
    matching.by_key(|i| code(&old[i]), |j| code(&new[j]));
    matching.by_key(|i| Some(both(&old[i])), |j| Some(both(&new[j])));
    matching.by_key(|i| name(&old[i]), |j| name(&new[j]));
    let signs = |projects: &[Project]| projects.iter().map(Signs::of).collect::<Vec<_>>();
    let (old_signs, new_signs) = (signs(old), signs(new));
    matching.by_similarity(SIMILAR_IN_SAME_FILE, |i, j| {
        let same_file = file(&old[i]) == file(&new[j]);
        if same_file { old_signs[i].similarity(&new_signs[j]) } else { 0.0 }
    });
    matching.by_similarity(SIMILAR_PROJECT, |i, j| old_signs[i].similarity(&new_signs[j]));
    matching
}

/// What a project can be recognised by under another name.
struct Signs {
    name: Bigrams,
    /// Every text of the form with the word it stands under, sorted.
    content: Vec<(String, String)>,
}

impl Signs {
    fn of(project: &Project) -> Self {
        let fields = project.fields.but(FieldMeaning::ProjectName);
        let fields = fields.map(|(name, text)| (name.to_owned(), text.get_ref().clone()));
        let rows = project.rows().flat_map(|(group, row)| {
            let named = (group.name.get_ref().clone(), row.name.get_ref().clone());
            let value = row.value().map(|value| (named.1.clone(), value.get_ref().clone()));
            std::iter::once(named).chain(value)
        });
        let mut content: Vec<_> = fields.chain(rows).collect();
        content.sort_unstable();
        let name = field(&project.fields, FieldMeaning::ProjectName).unwrap_or_default();
        Self { name: Bigrams::new(&name), content }
    }

    fn similarity(&self, other: &Self) -> f64 {
        f64::midpoint(self.name.similarity(&other.name), dice(&self.content, &other.content))
    }
}

/// Where fields or waivers stand, and what they are.
type Sourced<'s, T> = (&'s Arc<SourceFile>, T);

fn fields<'f>(
    declared: impl Iterator<Item = &'f Field>,
    old: Option<Sourced<'_, &Fields>>,
    new: Option<Sourced<'_, &Fields>>,
) -> Vec<Change> {
    let change = |field: &Field| {
        let (name, meaning) = (field.name.clone(), field.meaning);
        let of = |side: Option<Sourced<'_, &Fields>>| {
            side.and_then(|(source, fields)| placed(source, fields.get(&field.name)))
        };
        let text = Versions::different(of(old), of(new))?;
        Some(Change::Field { name, meaning, text })
    };
    declared.filter_map(change).collect()
}

/// The text of a header field; an empty one is none.
fn field(fields: &Fields, about: FieldMeaning) -> Option<String> {
    filled(fields.about(about)).map(|text| text.get_ref().clone())
}

/// A text with its place; an empty one is none.
fn placed(source: &Arc<SourceFile>, text: Option<&Spanned<String>>) -> Option<PlacedText> {
    filled(text).map(|text| PlacedText::new(source, text))
}

fn filled(text: Option<&Spanned<String>>) -> Option<&Spanned<String>> {
    text.filter(|text| !text.get_ref().trim().is_empty())
}

fn waivers(
    old: Option<Sourced<'_, &[Waiver]>>,
    new: Option<Sourced<'_, &[Waiver]>>,
    changes: &mut Vec<Change>,
) {
    let of = |side: Option<Sourced<'_, &[Waiver]>>| -> Vec<(String, PlacedText)> {
        let Some((source, waivers)) = side else { return Vec::new() };
        let reason = |it: &Waiver| PlacedText::new(source, &it.reason);
        waivers.iter().map(|it| (it.code.get_ref().clone(), reason(it))).collect()
    };
    let (old, new) = (of(old), of(new));
    let mut matching = Matching::new(old.len(), new.len());
    matching.by_key(|i| Some(&old[i].0), |j| Some(&new[j].0));
    for (i, j) in matching.all() {
        let (old, new) = (i.map(|i| &old[i]), j.map(|j| &new[j]));
        let Some((code, _)) = new.or(old) else { continue };
        let reason = |side: Option<&(String, PlacedText)>| side.map(|(_, reason)| reason.clone());
        if let Some(reason) = Versions::different(reason(old), reason(new)) {
            changes.push(Change::Waiver { code: code.clone(), reason });
        }
    }
}

/// Whether pairs in the order of the old side are in another order on the new side.
fn is_reordered(pairs: impl Iterator<Item = (usize, usize)>) -> bool {
    !pairs.map(|(_, new)| new).is_sorted()
}

fn department_facts(year: Option<String>, department: &Department) -> DepartmentFacts {
    let (source, fields, _) = department.own();
    let [meaning, _] = department.naming();
    let name = department.unit_name().unwrap_or(department.name());
    DepartmentFacts {
        year,
        folder: department.folder.clone(),
        name: placed(source, fields.about(meaning))
            .unwrap_or_else(|| PlacedText::without_place(name)),
        projects: department.projects.len(),
        total: department.projects.iter().map(|project| project.funding.total()).sum::<Money>(),
    }
}

fn project_facts(project: &Project, total_name: String) -> ProjectFacts {
    let lines = project.funding.principal.lines.iter();
    ProjectFacts {
        name: placed(&project.source, project.fields.about(FieldMeaning::ProjectName))
            .unwrap_or_else(|| PlacedText::without_place(file(project))),
        file: file(project).to_owned(),
        funding: lines.map(|(name, amount)| (name.clone(), *amount.get_ref())).collect(),
        total: project.funding.total(),
        total_name,
        indicators: project.rows().count(),
    }
}

/// The name of a project's file.
fn file(project: &Project) -> &str {
    let path = project.source.name();
    path.rsplit('/').next().unwrap_or(path)
}
