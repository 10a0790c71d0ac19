//! What a rule about a project may look at.

use std::collections::HashMap;

use rust_decimal::Decimal;
use toml::Spanned;

use crate::amount::shortest;
use crate::data::{Department, Indicator, Project};
use crate::diagnostics::{Finding, Rule};
use crate::form::{ColumnMeaning, Definition, FieldMeaning, LevelMeaning};
use crate::text::folded;

use super::reading::Reading;
use super::text::Text;

/// A project and what it is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The project.
    pub project: &'a Project,
    /// The form it is printed on.
    pub form: &'a Definition,
    /// The year of the form.
    pub year: &'a str,
    /// The project of the same name a year before, if that year's data is there.
    pub previous: Option<&'a Project>,
}

impl<'a> Scope<'a> {
    /// A scope for each project of a department. `previous` is the same department a year before.
    pub fn of(
        department: &'a Department,
        form: &'a Definition,
        year: &'a str,
        previous: Option<&'a Department>,
    ) -> Vec<Self> {
        let previous: HashMap<String, &Project> = previous
            .map(|previous| previous.projects.iter().rev())
            .into_iter()
            .flatten()
            .map(|project| (folded(project.name()), project))
            .collect();
        let find = |project: &Project| previous.get(&folded(project.name())).copied();
        let projects = department.projects.iter();
        projects.map(|project| Scope { project, form, year, previous: find(project) }).collect()
    }

    pub(super) fn text(&self, text: &'a Spanned<String>) -> Text<'a> {
        Text::new(&self.project.source, text)
    }

    /// A header field of the project, and the word it stands under.
    pub(super) fn field(&self, meaning: FieldMeaning) -> Option<(&'a str, Text<'a>)> {
        self.project.fields.named(meaning).map(|(name, text)| (name, self.text(text)))
    }

    /// The funds of the year in 万元, if all their parts are known.
    pub(super) fn total(&self) -> Option<Decimal> {
        self.total_of(self.project)
    }

    /// The funds of the year before, likewise.
    pub(super) fn previous_total(&self) -> Option<Decimal> {
        self.total_of(self.previous?)
    }

    fn total_of(&self, project: &Project) -> Option<Decimal> {
        let funding = &project.funding;
        let count = self.form.funding.leaves().count();
        let is_known = count > 0 && funding.principal.lines.len() == count;
        is_known.then(|| funding.total().wan_yuan())
    }

    /// So much 万元 as the form says it: `22 万元`, `220000 元`.
    pub(super) fn money(&self, wan_yuan: Decimal) -> String {
        let unit = self.form.funding.unit();
        format!("{} {unit}", shortest(wan_yuan, unit))
    }

    /// The rows under the second-level indicators of this meaning, each with the name of its level.
    pub(super) fn rows_about(
        &self,
        meaning: LevelMeaning,
    ) -> impl Iterator<Item = (&'a str, &'a Indicator)> {
        let scope = *self;
        self.form.levels_about(meaning).flat_map(move |level| {
            scope.rows(&level.key).iter().map(|row| (level.name.as_str(), row))
        })
    }

    /// The rows under a second-level indicator.
    pub(super) fn rows(&self, second_level: &str) -> &'a [Indicator] {
        self.project.group(second_level).map_or(&[], |group| &group.indicators)
    }

    /// The target value of a row, with its sign and its unit.
    pub(super) fn reading(&self, row: &'a Indicator) -> Option<Reading<'a>> {
        let about = |meaning| row.values.about(meaning).map(|text| text.get_ref().as_str());
        let target = self.text(row.value()?);
        Some(Reading::new(about(ColumnMeaning::Sign), target, about(ColumnMeaning::Unit)))
    }

    /// A finding about a target value, with the row's name beside it.
    pub(super) fn about_value(
        &self,
        rule: &'static Rule,
        row: &'a Indicator,
        message: impl Into<String>,
    ) -> Finding {
        let place = row.value().unwrap_or(&row.name);
        Finding::at(rule, self.text(place).inner(), message)
    }
}
