//! A comparison tells all that is different and nothing else, from whichever side it is made.

mod states;

use std::fmt::Debug;
use std::sync::Arc;

use jixiao::amount::Money;
use jixiao::compare::{
    Amounts, Change, Comparison, Content, DepartmentChanges, Piece, PlacedText, ProjectChanges,
    Row, Side, Versions, compare, pieces,
};
use jixiao::data::{Department, Fields, Project, Waiver};
use jixiao::diagnostics::SourceFile;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;
use states::{read, state, states};

fn compared(old: &Side, new: &Side) -> Comparison {
    compare(old, new, &states::forms()).unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// The same as it is seen from the other side.
trait Mirrored {
    fn mirrored(self) -> Self;
}

impl<T> Mirrored for Versions<T> {
    fn mirrored(self) -> Self {
        match self {
            Self::Removed(it) => Self::Added(it),
            Self::Added(it) => Self::Removed(it),
            Self::Changed { old, new } => Self::Changed { old: new, new: old },
        }
    }
}

impl Mirrored for Change {
    fn mirrored(self) -> Self {
        match self {
            Self::Field { name, meaning, text } => {
                Self::Field { name, meaning, text: text.mirrored() }
            }
            Self::Amount { name, amount } => Self::Amount { name, amount: amount.mirrored() },
            Self::Indicator(row) => Self::Indicator(row.mirrored()),
            Self::Order { of } => Self::Order { of },
            Self::Waiver { code, reason } => Self::Waiver { code, reason: reason.mirrored() },
        }
    }
}

impl Mirrored for ProjectChanges {
    fn mirrored(self) -> Self {
        Self { project: self.project.mirrored(), changes: self.changes.mirrored() }
    }
}

impl Mirrored for DepartmentChanges {
    fn mirrored(self) -> Self {
        Self {
            department: self.department.map(Mirrored::mirrored),
            changes: self.changes.mirrored(),
            projects: self.projects.mirrored(),
        }
    }
}

impl<T: Mirrored + Debug> Mirrored for Vec<T> {
    /// What is on the new side comes in its order; the order of the other side is another one, so
    /// here the things are sorted.
    fn mirrored(self) -> Self {
        sorted(self.into_iter().map(Mirrored::mirrored))
    }
}

impl Mirrored for Comparison {
    fn mirrored(self) -> Self {
        let Amounts { old, new } = self.total;
        let total = Amounts { old: new, new: old };
        Self { departments: self.departments.mirrored(), total }
    }
}

fn sorted<T: Debug>(things: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut things: Vec<T> = things.into_iter().collect();
    things.sort_by_cached_key(|thing| format!("{thing:?}"));
    things
}

/// A piece of data that a change can be about. What is not filled in is none.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fact {
    Field(String, PlacedText),
    Amount(String, Money),
    Row(Row),
    Waiver(String, PlacedText),
}

fn facts_of(source: &Arc<SourceFile>, fields: &Fields, waivers: &[Waiver]) -> Vec<Fact> {
    let placed = |text| PlacedText::new(source, text);
    let fields = fields.iter().filter(|(_, text)| !text.get_ref().trim().is_empty());
    let fields = fields.map(|(name, text)| Fact::Field(name.to_owned(), placed(text)));
    let waivers = waivers.iter();
    let waivers = waivers.map(|it| Fact::Waiver(it.code.get_ref().clone(), placed(&it.reason)));
    fields.chain(sorted(waivers)).collect()
}

fn facts(project: &Project) -> Vec<Fact> {
    let amounts = project.funding.principal.lines.iter();
    let amounts = amounts.map(|(name, amount)| Fact::Amount(name.clone(), *amount.get_ref()));
    let placed = |text| PlacedText::new(&project.source, text);
    let rows = project.rows().map(|(group, row)| {
        let values = row.values.iter().filter(|(_, value)| !value.get_ref().trim().is_empty());
        Fact::Row(Row {
            group: group.name.get_ref().clone(),
            name: placed(&row.name),
            values: values.map(|(name, value)| (name.to_owned(), placed(value))).collect(),
        })
    });
    facts_of(&project.source, &project.fields, &project.waivers)
        .into_iter()
        .chain(amounts)
        .chain(rows)
        .collect()
}

/// What a change is about, before and after.
fn versions(change: &Change) -> Option<Versions<Fact>> {
    Some(match change {
        Change::Field { name, text, .. } => {
            text.map(|text| Fact::Field(name.clone(), text.clone()))
        }
        Change::Amount { name, amount } => amount.map(|it| Fact::Amount(name.clone(), *it)),
        Change::Indicator(row) => row.map(|row| Fact::Row(row.clone())),
        Change::Order { .. } => return None,
        Change::Waiver { code, reason } => {
            reason.map(|reason| Fact::Waiver(code.clone(), reason.clone()))
        }
    })
}

/// Makes the changes: what they say was there has to be there.
fn apply(changes: &[Change], facts: &mut Vec<Fact>) -> Result<(), TestCaseError> {
    let versions: Vec<_> = changes.iter().filter_map(versions).collect();
    for versions in &versions {
        prop_assert_ne!(versions.old(), versions.new_side());
        if let Some(old) = versions.old() {
            let found = facts.iter().position(|fact| fact == old);
            prop_assert!(found.is_some(), "{old:?} was not there");
            found.map(|place| facts.remove(place));
        }
    }
    facts.extend(versions.iter().filter_map(Versions::new_side).cloned());
    Ok(())
}

/// Takes the thing out that a side has.
fn take<'t, T>(left: &mut Vec<&'t T>, is_it: impl Fn(&T) -> bool) -> Result<&'t T, TestCaseError> {
    let place = left.iter().position(|&it| is_it(it));
    place
        .map(|place| left.remove(place))
        .ok_or_else(|| TestCaseError::fail("told twice, or never there"))
}

fn take_project<'t>(left: &mut Vec<&'t Project>, file: &str) -> Result<&'t Project, TestCaseError> {
    take(left, |project| is_in(project, file))
}

fn take_department<'t>(
    left: &mut Vec<&'t Department>,
    folder: &str,
) -> Result<&'t Department, TestCaseError> {
    take(left, |department| department.folder == folder)
}

fn is_in(project: &Project, file: &str) -> bool {
    project.source.name().ends_with(&format!("/{file}"))
}

/// The old data with the changes made is the new data, and what is not told of is the same.
fn assert_complete(
    old: &Department,
    new: &Department,
    changes: &DepartmentChanges,
) -> Result<(), TestCaseError> {
    let mut own = facts_of(&old.source, &old.fields, &old.waivers);
    apply(&changes.changes, &mut own)?;
    prop_assert_eq!(sorted(own), sorted(facts_of(&new.source, &new.fields, &new.waivers)));
    let mut old_left: Vec<&Project> = old.projects.iter().collect();
    let mut new_left: Vec<&Project> = new.projects.iter().collect();
    for told in &changes.projects {
        let old = told.project.old().map(|it| take_project(&mut old_left, &it.file));
        let new = told.project.new_side().map(|it| take_project(&mut new_left, &it.file));
        if let (Some(old), Some(new)) = (old.transpose()?, new.transpose()?) {
            let mut changed = facts(old);
            apply(&told.changes, &mut changed)?;
            prop_assert_eq!(sorted(changed), sorted(facts(new)));
            prop_assert!(!told.changes.is_empty());
        }
    }
    let all_facts = |left: &[&Project]| left.iter().map(|it| facts(it)).collect::<Vec<_>>();
    let (old_left, new_left) = (all_facts(&old_left), all_facts(&new_left));
    if changes.changes.iter().any(|change| matches!(change, Change::Order { .. })) {
        prop_assert_eq!(sorted(old_left), sorted(new_left));
    } else {
        prop_assert_eq!(old_left, new_left);
    }
    Ok(())
}

fn departments(side: &Side) -> Vec<&Department> {
    assert!(matches!(side.content, Content::Data(_)));
    side.content.departments().collect()
}

/// The same of all departments.
fn assert_all_told(
    comparison: &Comparison,
    mut old: Vec<&Department>,
    mut new: Vec<&Department>,
) -> Result<(), TestCaseError> {
    for told in &comparison.departments {
        let Some(department) = &told.department else {
            return Err(TestCaseError::fail("no department"));
        };
        let before = department.old().map(|it| take_department(&mut old, &it.folder));
        let after = department.new_side().map(|it| take_department(&mut new, &it.folder));
        match (before.transpose()?, after.transpose()?) {
            (Some(old), Some(new)) => assert_complete(old, new, told)?,
            (old, new) => {
                let projects = old.or(new).map_or(0, |it| it.projects.len());
                prop_assert_eq!(told.projects.len(), projects);
            }
        }
    }
    let content = |department: &Department| {
        let projects: Vec<_> = department.projects.iter().map(facts).collect();
        (facts_of(&department.source, &department.fields, &department.waivers), projects)
    };
    let content = |left: Vec<&Department>| sorted(left.into_iter().map(content));
    prop_assert_eq!(content(old), content(new));
    Ok(())
}

/// What the new side has is told in its order.
fn assert_in_order(
    comparison: &Comparison,
    departments: &[&Department],
) -> Result<(), TestCaseError> {
    let find = |told: &DepartmentChanges| {
        let facts = told.department.as_ref()?.new_side()?;
        departments.iter().position(|it| it.folder == facts.folder)
    };
    prop_assert!(comparison.departments.iter().filter_map(find).is_sorted());
    for told in &comparison.departments {
        let Some(department) = find(told).map(|place| departments[place]) else { continue };
        let find = |told: &ProjectChanges| {
            let facts = told.project.new_side()?;
            department.projects.iter().position(|it| is_in(it, &facts.file))
        };
        prop_assert!(told.projects.iter().filter_map(find).is_sorted());
        for told in &told.projects {
            let Some(place) = find(told) else { continue };
            let facts = facts(&department.projects[place]);
            let rows = told.changes.iter().filter_map(|change| match change {
                Change::Indicator(row) => row.new_side().cloned(),
                _ => None,
            });
            let places = rows.map(|row| facts.iter().position(|it| *it == Fact::Row(row.clone())));
            prop_assert!(places.is_sorted(), "{told:?}");
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn nothing_differs_from_itself(state in state()) {
        let (one, other) = read((&state, &state));
        for comparison in [compared(&one, &one), compared(&one, &other)] {
            prop_assert!(comparison.is_empty(), "{comparison:?}");
            prop_assert_eq!(comparison.total.difference(), Decimal::ZERO);
        }
    }

    #[test]
    fn the_other_way_round_is_the_mirror_image((old, new) in states()) {
        let (old, new) = read((&old, &new));
        let (there, back) = (compared(&old, &new), compared(&new, &old));
        prop_assert_eq!(there.total.difference(), -back.total.difference());
        // Twice, to sort both.
        prop_assert_eq!(there.mirrored().mirrored(), back.mirrored());
    }

    #[test]
    fn the_changes_made_to_the_old_data_give_the_new((old, new) in states()) {
        let (old, new) = read((&old, &new));
        let comparison = compared(&old, &new);
        assert_all_told(&comparison, departments(&old), departments(&new))?;
        let differences = comparison.projects().map(|told| told.total().difference());
        prop_assert_eq!(differences.sum::<Decimal>(), comparison.total.difference());
    }

    #[test]
    fn what_the_new_side_has_is_told_in_its_order((old, new) in states()) {
        let (old, new) = read((&old, &new));
        assert_in_order(&compared(&old, &new), &departments(&new))?;
    }

    #[test]
    fn what_keeps_its_name_is_the_same_thing((old, new) in states()) {
        let (old, new) = read((&old, &new));
        let comparison = compared(&old, &new);
        let departments = comparison.departments.iter().filter_map(|told| told.department.as_ref());
        assert_none_lost_and_found(departments.map(|it| it.map(|facts| &*facts.folder)))?;
        for told in &comparison.departments {
            let projects = told.projects.iter().map(|told| &told.project);
            assert_none_lost_and_found(projects.map(|it| it.map(|facts| &*facts.name)))?;
        }
        for told in comparison.projects() {
            let rows = told.changes.iter().filter_map(|change| match change {
                Change::Indicator(row) => Some(row.map(|row| &*row.name)),
                _ => None,
            });
            assert_none_lost_and_found(rows)?;
        }
    }

    #[test]
    fn the_pieces_of_two_texts_are_the_texts(old in any_text(), new in any_text()) {
        let all = pieces(&old, &new);
        let (mut before, mut after) = (String::new(), String::new());
        for piece in &all {
            let (Piece::Same(text) | Piece::Removed(text) | Piece::Added(text)) = *piece;
            prop_assert!(!text.is_empty());
            before += if matches!(piece, Piece::Added(_)) { "" } else { text };
            after += if matches!(piece, Piece::Removed(_)) { "" } else { text };
        }
        prop_assert_eq!(before, old.as_str());
        prop_assert_eq!(after, new.as_str());
        // Two neighbours of a kind would be one piece.
        let kinds: Vec<_> = all.iter().map(std::mem::discriminant).collect();
        prop_assert!(kinds.windows(2).all(|pair| pair[0] != pair[1]), "{all:?}");
    }
}

/// A name that has gone from one thing has not come to another: it would be the same thing.
fn assert_none_lost_and_found<'t>(
    names: impl Iterator<Item = Versions<&'t str>>,
) -> Result<(), TestCaseError> {
    let renamed: Vec<_> = names.filter(|name| name.old() != name.new_side()).collect();
    for name in renamed.iter().filter_map(Versions::old) {
        let found = renamed.iter().any(|other| other.new_side() == Some(name));
        prop_assert!(!found, "{name}: {renamed:?}");
    }
    Ok(())
}

/// Two such texts have some words in common, and numbers and Latin words.
fn any_text() -> impl Strategy<Value = String> {
    let words = select(vec![
        "保障",
        "网格员",
        "，",
        "11",
        "1.5",
        ".",
        "Excel",
        "\n",
        "𬭳",
        "e\u{301}",
        "”",
    ]);
    prop::collection::vec(words, 0..20).prop_map(|words| words.concat())
}
