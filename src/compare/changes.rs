//! What can differ between two states of the data. Printers take everything from here.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use rust_decimal::Decimal;
use toml::Spanned;

use crate::amount::{Money, Unit, shortest};
use crate::diagnostics::{SourceFile, Span};
use crate::form::FieldMeaning;

/// Something on the two sides: on one of them only, or on both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Versions<T> {
    /// Only the old side has it.
    Removed(T),
    /// Only the new side has it.
    Added(T),
    /// Both sides have it.
    Changed {
        /// What it was.
        old: T,
        /// What it is.
        new: T,
    },
}

/// A text of the data with its place. Two are equal if they say the same, wherever they stand.
#[derive(Clone)]
pub struct PlacedText {
    text: String,
    place: Option<Span>,
}

/// All differences between two sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The departments that differ, by year and in the order of their folders.
    pub departments: Vec<DepartmentChanges>,
    /// The funds of all projects of the two sides, also of those that do not differ.
    pub total: Amounts,
}

/// The differences within a department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentChanges {
    /// The department; `None` if files are compared without theirs.
    pub department: Option<Versions<DepartmentFacts>>,
    /// What differs in `部门.toml`, and the order of the projects.
    pub changes: Vec<Change>,
    /// The projects that differ, in the order they are printed.
    pub projects: Vec<ProjectChanges>,
}

/// What a department is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentFacts {
    /// The year, if it is known.
    pub year: Option<String>,
    /// The name of its folder.
    pub folder: String,
    /// The name printed on the form.
    pub name: PlacedText,
    /// How many projects it has.
    pub projects: usize,
    /// The funds of all its projects.
    pub total: Money,
}

/// The differences within a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectChanges {
    /// The project.
    pub project: Versions<ProjectFacts>,
    /// What differs, if both sides have the project.
    pub changes: Vec<Change>,
}

/// What a project is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectFacts {
    /// The name printed on the form; while that is not filled in, the name of the file.
    pub name: PlacedText,
    /// The name of its file.
    pub file: String,
    /// The parts of its funds, in the order of the form.
    pub funding: Vec<(String, Money)>,
    /// The funds of the year.
    pub total: Money,
    /// What the form calls them.
    pub total_name: String,
    /// How many indicators it has.
    pub indicators: usize,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A header field; an empty one counts as not there.
    Field {
        /// The word on the form.
        name: String,
        /// What it is about, if that is known.
        meaning: Option<FieldMeaning>,
        /// Its text.
        text: Versions<PlacedText>,
    },
    /// A part of the funds.
    Amount {
        /// The word on the form.
        name: String,
        /// The amount.
        amount: Versions<Money>,
    },
    /// An indicator: added, removed, or on both sides with another name, place or value.
    Indicator(Versions<Row>),
    /// Things that both sides have in another order: the projects (项目) of a department, or the
    /// indicators under a second-level indicator.
    Order {
        /// What they are, or what they stand under.
        of: String,
    },
    /// A waiver; it is not printed, but it is data.
    Waiver {
        /// The code of the rule.
        code: String,
        /// The reason.
        reason: Versions<PlacedText>,
    },
}

/// An indicator as a row of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The second-level indicator it stands under.
    pub group: String,
    /// What is measured.
    pub name: PlacedText,
    /// The columns of the form that are filled in, with their values; the first is the target.
    pub values: Vec<(String, PlacedText)>,
}

/// An amount before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amounts {
    /// The old amount.
    pub old: Money,
    /// The new amount.
    pub new: Money,
}

impl PlacedText {
    /// A text as it was read from a file.
    pub fn new(source: &Arc<SourceFile>, text: &Spanned<String>) -> Self {
        let place = Some(source.span(text.span()));
        Self { text: text.get_ref().clone(), place }
    }

    /// Words that stand for a text that is not there.
    pub(super) fn without_place(text: &str) -> Self {
        Self { text: text.to_owned(), place: None }
    }

    /// Where it stands; `None` if the data does not have it.
    pub fn place(&self) -> Option<&Span> {
        self.place.as_ref()
    }
}

impl PartialEq for PlacedText {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for PlacedText {}

impl Deref for PlacedText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for PlacedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl fmt::Display for PlacedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<T> Versions<T> {
    /// A thing on one or both sides; `None` if neither has it.
    pub fn new(old: Option<T>, new: Option<T>) -> Option<Self> {
        match (old, new) {
            (None, None) => None,
            (Some(old), None) => Some(Self::Removed(old)),
            (None, Some(new)) => Some(Self::Added(new)),
            (Some(old), Some(new)) => Some(Self::Changed { old, new }),
        }
    }

    /// The same if there is a difference; `None` if not.
    pub fn different(old: Option<T>, new: Option<T>) -> Option<Self>
    where
        T: PartialEq,
    {
        if old == new { None } else { Self::new(old, new) }
    }

    /// What the old side has.
    pub fn old(&self) -> Option<&T> {
        match self {
            Self::Removed(old) | Self::Changed { old, .. } => Some(old),
            Self::Added(_) => None,
        }
    }

    /// What the new side has.
    pub fn new_side(&self) -> Option<&T> {
        match self {
            Self::Added(new) | Self::Changed { new, .. } => Some(new),
            Self::Removed(_) => None,
        }
    }

    /// What happened to the whole thing: 新增, 删去; nothing if both sides have it.
    pub fn done(&self) -> &'static str {
        match self {
            Self::Removed(_) => "删去",
            Self::Added(_) => "新增",
            Self::Changed { .. } => "",
        }
    }

    /// The new state, or the old one of what is gone.
    pub fn latest(&self) -> &T {
        match self {
            Self::Removed(it) | Self::Added(it) | Self::Changed { new: it, .. } => it,
        }
    }

    /// The same of each side's thing.
    pub fn map<'a, U>(&'a self, of: impl Fn(&'a T) -> U) -> Versions<U> {
        match self {
            Self::Removed(old) => Versions::Removed(of(old)),
            Self::Added(new) => Versions::Added(of(new)),
            Self::Changed { old, new } => Versions::Changed { old: of(old), new: of(new) },
        }
    }
}

impl Versions<Money> {
    /// The amounts before and after; what is not there is zero.
    pub fn amounts(&self) -> Amounts {
        let amount = |side: Option<&Money>| side.copied().unwrap_or_default();
        Amounts { old: amount(self.old()), new: amount(self.new_side()) }
    }
}

impl Comparison {
    /// Whether there is no difference.
    pub fn is_empty(&self) -> bool {
        self.departments.is_empty()
    }

    /// The years of the departments that differ, as far as they are known.
    pub fn years(&self) -> BTreeSet<&str> {
        let departments = self.departments.iter().filter_map(|it| it.department.as_ref());
        let facts = departments.flat_map(|it| it.old().into_iter().chain(it.new_side()));
        facts.filter_map(|facts| facts.year.as_deref()).collect()
    }

    /// All departments' projects that differ.
    pub fn projects(&self) -> impl Iterator<Item = &ProjectChanges> {
        self.departments.iter().flat_map(|department| &department.projects)
    }
}

impl DepartmentChanges {
    /// Whether there is no difference.
    pub fn is_empty(&self) -> bool {
        let is_on_both = matches!(self.department, None | Some(Versions::Changed { .. }));
        is_on_both && self.changes.is_empty() && self.projects.is_empty()
    }
}

impl ProjectChanges {
    /// Whether there is no difference.
    pub fn is_empty(&self) -> bool {
        matches!(self.project, Versions::Changed { .. }) && self.changes.is_empty()
    }

    /// The funds of the year on both sides.
    pub fn total(&self) -> Amounts {
        self.project.map(|project| project.total).amounts()
    }
}

impl Change {
    /// What happened, in two characters.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Field {
                meaning: Some(FieldMeaning::ProjectName),
                text: Versions::Changed { .. },
                ..
            } => "改名",
            Self::Field { text, .. } => kind(text),
            Self::Amount { .. } => "资金",
            Self::Indicator(Versions::Changed { old, new }) if old.group != new.group => "移动",
            Self::Indicator(Versions::Changed { old, new }) if old.name != new.name => "改名",
            Self::Indicator(row) => kind(row),
            Self::Order { .. } => "顺序",
            Self::Waiver { .. } => "豁免",
        }
    }
}

/// What happened to a thing, in two characters.
pub(super) fn kind<T>(versions: &Versions<T>) -> &'static str {
    match versions.done() {
        "" => "修改",
        done => done,
    }
}

impl Amounts {
    /// The new amount less the old one, in 万元.
    pub fn difference(self) -> Decimal {
        (self.new.wan_yuan() - self.old.wan_yuan()).normalize()
    }

    /// The unit of both; 万元 if they have two.
    pub fn unit(self) -> Unit {
        [self.old, self.new].into_iter().sum::<Money>().unit()
    }

    /// Both in one unit.
    #[must_use]
    pub fn in_one_unit(self) -> Self {
        let unit = self.unit();
        Self { old: self.old.in_unit(unit), new: self.new.in_unit(unit) }
    }

    /// The difference with its sign in the unit of both, as short as it can be written exactly:
    /// `+2`, `-0.5`, `0`.
    pub fn signed(self) -> String {
        let difference = self.difference();
        let sign = if difference > Decimal::ZERO { "+" } else { "" };
        format!("{sign}{}", shortest(difference, self.unit()))
    }
}
