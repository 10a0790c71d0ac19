//! Model → `data.json`, the file a layout gets its data from.
//!
//! A file and not `sys.inputs`: those are a part of the engine's library, and whatever the engine
//! remembers is forgotten when the library changes. For the same reason the number of the first
//! page, which is settled late, is in a file of its own. The contract is written down for template
//! authors in `templates/README.md`; keep both in step.

use std::iter;
use std::ops::Range;

use indexmap::{IndexMap, IndexSet};
use serde::Serialize;

use super::comparison::ComparisonTable;
use super::sources::{self, Source};
use crate::amount::Money;
use crate::data;
use crate::fonts::{Fonts, Role};
use crate::form::{self, Definition};

/// A document of more departments names no authors: nobody reads so many, and the names of a
/// thousand are longer than PDF/A allows.
const MOST_AUTHORS: usize = 100;

/// The departments that are printed as one attachment.
#[derive(Debug, Clone, Copy)]
pub struct Attachment<'a> {
    /// The year of the data.
    pub year: &'a str,
    /// Its departments in their order.
    pub departments: &'a [data::Department],
    /// Whether a table of all projects comes first.
    pub summary: bool,
}

/// Some forms of a department that are set at once.
#[derive(Debug, Clone)]
pub struct Piece {
    /// The index of the department in its attachment.
    pub(super) department: usize,
    /// The indices of the projects in the department.
    pub(super) projects: Range<usize>,
}

impl Piece {
    /// How many forms it has.
    pub fn forms(&self) -> usize {
        self.projects.len()
    }
}

impl Attachment<'_> {
    /// How many projects it has.
    pub fn projects(&self) -> usize {
        self.departments.iter().map(|department| department.projects.len()).sum()
    }
}

/// What every layout gets, and what each prints.
#[derive(Debug, Serialize)]
pub(super) struct Data<'a> {
    #[serde(flatten)]
    about: About<'a>,
    fonts: FontFamilies<'a>,
    form: Form<'a>,
    #[serde(flatten)]
    printed: Printed<'a>,
}

/// What a document says of itself.
#[derive(Debug, Serialize)]
pub(super) struct About<'a> {
    year: &'a str,
    title: String,
    authors: IndexSet<&'a str>,
    summary: bool,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Printed<'a> {
    /// The layout of a piece: a department with the projects whose forms are set, and how many come
    /// before them.
    Piece { before: usize, department: Department<'a>, sources: Vec<Source> },
    /// The layout of the summary.
    Summary { counting: bool, funding: Vec<Amount<'a>>, departments: Vec<Department<'a>> },
    /// The layout of the table of differences.
    Comparison(&'a ComparisonTable),
}

#[derive(Debug, Serialize)]
struct FontFamilies<'a> {
    body: &'a [String],
    title: &'a [String],
    mark: &'a [String],
}

#[derive(Debug, Serialize)]
struct Form<'a> {
    attachment: &'a str,
    title: &'a str,
    columns: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct Department<'a> {
    /// Also tells two departments apart whose data is the same.
    folder: &'a str,
    title: String,
    fields: IndexMap<&'a str, &'a str>,
    funding: Vec<Amount<'a>>,
    projects: Vec<Project<'a>>,
}

#[derive(Debug, Serialize)]
struct Project<'a> {
    /// The page its form starts on; only the summary knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<usize>,
    fields: IndexMap<&'a str, &'a str>,
    funding: Vec<Amount<'a>>,
    indicators: Vec<FirstLevel<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Amount<'a> {
    name: &'a str,
    /// 万元, as printed.
    amount: String,
}

#[derive(Debug, Serialize)]
struct FirstLevel<'a> {
    name: &'a str,
    groups: Vec<SecondLevel<'a>>,
}

#[derive(Debug, Serialize)]
struct SecondLevel<'a> {
    name: &'a str,
    mark: &'a str,
    rows: Vec<Row<'a>>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    name: &'a str,
    values: Vec<&'a str>,
}

impl<'a> Data<'a> {
    pub fn new(
        about: About<'a>,
        form: &'a Definition,
        fonts: &'a Fonts,
        printed: Printed<'a>,
    ) -> Self {
        Self {
            about,
            fonts: FontFamilies {
                body: fonts.role(Role::Body),
                title: fonts.role(Role::Title),
                mark: fonts.role(Role::AttachmentNumber),
            },
            form: Form {
                attachment: &form.attachment,
                title: &form.title,
                columns: form.columns.iter().map(|column| column.name.as_str()).collect(),
            },
            printed,
        }
    }
}

impl<'a> About<'a> {
    pub fn attachment(attachment: &Attachment<'a>, form: &Definition) -> Self {
        let Attachment { year, departments, summary } = *attachment;
        let title = match departments {
            [department] => attachment_title(form, department),
            _ => format!("{}：{}（{year}年度）", form.attachment, form.title),
        };
        let authors = authors(departments.iter().map(data::Department::name));
        Self { year, title, authors, summary }
    }

    pub fn comparison(table: &'a ComparisonTable) -> Self {
        Self {
            year: &table.year,
            title: table.title.clone(),
            authors: authors(table.departments.iter().map(|it| it.name.as_str())),
            summary: false,
        }
    }
}

/// The names of departments, if they are not too many.
fn authors<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> IndexSet<&'a str> {
    if names.len() > MOST_AUTHORS { IndexSet::new() } else { names.collect() }
}

impl<'a> Printed<'a> {
    /// A piece. With `sources`, the first of a department has the files it was read from, to be
    /// attached.
    pub fn piece(
        attachment: &Attachment<'a>,
        form: &'a Definition,
        piece: &Piece,
        with_sources: bool,
    ) -> Self {
        let department = &attachment.departments[piece.department];
        let before = piece.projects.start;
        let sources = match with_sources && before == 0 {
            true => sources::of(attachment.year, department),
            false => Vec::new(),
        };
        let projects = &department.projects[piece.projects.clone()];
        let department = Department::new(form, department, projects, &mut iter::empty());
        Self::Piece { before, department, sources }
    }

    /// All departments of an attachment. `pages` are those on which the forms start; without them,
    /// only the pages of the summary itself are to be counted.
    pub fn summary(
        form: &'a Definition,
        departments: &'a [data::Department],
        pages: Option<&[usize]>,
    ) -> Self {
        let (mut known, mut unknown) = (pages.unwrap_or_default().iter().copied(), iter::repeat(1));
        let numbers: &mut dyn Iterator<Item = usize> =
            if pages.is_some() { &mut known } else { &mut unknown };
        let projects = departments.iter().flat_map(|department| &department.projects);
        Self::Summary {
            counting: pages.is_none(),
            funding: funding(form, projects),
            departments: departments
                .iter()
                .map(|it| Department::new(form, it, &it.projects, numbers))
                .collect(),
        }
    }
}

impl<'a> Department<'a> {
    fn new(
        form: &'a Definition,
        department: &'a data::Department,
        projects: &'a [data::Project],
        pages: &mut dyn Iterator<Item = usize>,
    ) -> Self {
        Self {
            folder: &department.folder,
            title: attachment_title(form, department),
            fields: texts(&department.fields).collect(),
            funding: funding(form, &department.projects),
            projects: projects
                .iter()
                .map(|project| Project::new(form, department, project, pages.next()))
                .collect(),
        }
    }
}

impl<'a> Project<'a> {
    fn new(
        form: &'a Definition,
        department: &'a data::Department,
        project: &'a data::Project,
        page: Option<usize>,
    ) -> Self {
        let declared = form.department_fields.iter().chain(&form.project_fields);
        // A field that may be left out is still there for the layout, as an empty text.
        let blank = declared.map(|field| (field.name.as_str(), ""));
        let fields = blank.chain(texts(&department.fields)).chain(texts(&project.fields));
        Self {
            page,
            fields: fields.collect(),
            funding: funding(form, [project]),
            indicators: form
                .first_levels
                .iter()
                .map(|level| FirstLevel::new(form, project, level))
                .collect(),
        }
    }
}

impl<'a> FirstLevel<'a> {
    fn new(form: &'a Definition, project: &'a data::Project, level: &'a form::FirstLevel) -> Self {
        let groups = level
            .second_levels
            .iter()
            .map(|level| SecondLevel::new(form, project, level))
            .collect();
        Self { name: &level.name, groups }
    }
}

impl<'a> SecondLevel<'a> {
    fn new(form: &'a Definition, project: &'a data::Project, level: &'a form::SecondLevel) -> Self {
        let indicators = project.group(&level.name).map_or(&[][..], |group| &group.indicators);
        let mut rows: Vec<Row<'_>> =
            indicators.iter().map(|indicator| Row::new(form, indicator)).collect();
        if rows.is_empty() {
            // The form prints every second-level indicator, with an empty row if it has none.
            rows.push(Row { name: "", values: vec![""; form.columns.len()] });
        }
        Self { name: &level.name, mark: &level.note, rows }
    }
}

impl<'a> Row<'a> {
    fn new(form: &'a Definition, indicator: &'a data::Indicator) -> Self {
        let value = |name: &str| indicator.values.get(name).map_or("", |value| value.get_ref());
        Self {
            name: indicator.name.get_ref(),
            values: form.columns.iter().map(|column| value(&column.name)).collect(),
        }
    }
}

fn attachment_title(form: &Definition, department: &data::Department) -> String {
    let fields = department.fields.iter();
    fields.fold(form.attachment_title.clone(), |title, (name, value)| {
        title.replace(&format!("{{{name}}}"), value.get_ref())
    })
}

/// The total and its parts, summed over projects.
fn funding<'a>(
    form: &'a Definition,
    projects: impl IntoIterator<Item = &'a data::Project>,
) -> Vec<Amount<'a>> {
    let projects: Vec<&data::Project> = projects.into_iter().collect();
    let total = projects.iter().map(|project| project.funding.total()).sum::<Money>();
    let part = |name: &str| {
        let amounts = projects.iter().filter_map(|project| project.funding.lines.get(name));
        amounts.map(|amount| *amount.get_ref()).sum::<Money>()
    };
    let parts = form.funding_lines.iter().map(|name| (name, part(name)));
    iter::once((&form.funding_total, total))
        .chain(parts)
        .map(|(name, amount)| Amount { name, amount: amount.to_string() })
        .collect()
}

fn texts(fields: &data::Fields) -> impl Iterator<Item = (&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.get_ref().as_str()))
}
