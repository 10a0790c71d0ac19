//! Model → the one dictionary the layout receives as `sys.inputs`.
//!
//! The contract is written down for template authors in `templates/README.md`; keep both in step.

use indexmap::IndexSet;
use typst::foundations::{Array, Dict, IntoValue, Value, array, dict};

use super::fonts::{Fonts, Role};
use crate::form::{Definition, FirstLevel, SecondLevel};
use crate::model::{Department, Fields, Indicator, Project};
use crate::money::Money;

/// The departments that are printed as one attachment.
#[derive(Debug, Clone, Copy)]
pub struct Attachment<'a> {
    /// The year of the data.
    pub year: &'a str,
    /// Its departments in their order.
    pub departments: &'a [Department],
    /// Whether a table of all projects comes first.
    pub summary: bool,
}

impl Attachment<'_> {
    /// The title of the whole document.
    pub(super) fn title(&self, form: &Definition) -> String {
        match self.departments {
            [department] => attachment_title(form, department),
            _ => format!("{}：{}（{}年度）", form.attachment, form.title, self.year),
        }
    }

    /// Who publishes it: the departments, each once.
    pub(super) fn authors(&self) -> IndexSet<&str> {
        self.departments.iter().map(Department::name).collect()
    }
}

/// What the layout of one department gets.
pub(super) fn for_department(
    form: &Definition,
    attachment: &Attachment<'_>,
    department: &Department,
    first_page: usize,
) -> Dict {
    let mut inputs = common(form, attachment);
    inputs.insert("department".into(), department_dict(form, department, &[]).into_value());
    inputs.insert("first-page".into(), first_page.to_string().into_value());
    inputs
}

/// What the layout of the summary gets. `pages` are those on which the forms start, department by
/// department.
pub(super) fn for_summary(
    form: &Definition,
    attachment: &Attachment<'_>,
    pages: &[Vec<usize>],
) -> Dict {
    let mut inputs = common(form, attachment);
    let departments: Array = attachment
        .departments
        .iter()
        .zip(pages)
        .map(|(department, pages)| department_dict(form, department, pages).into_value())
        .collect();
    let projects = attachment.departments.iter().flat_map(|department| &department.projects);
    inputs.insert("funding".into(), funding(form, projects).into_value());
    inputs.insert("departments".into(), departments.into_value());
    inputs
}

fn common(form: &Definition, attachment: &Attachment<'_>) -> Dict {
    let columns: Array =
        form.columns.iter().map(|column| column.name.as_str().into_value()).collect();
    let authors: Array = attachment.authors().into_iter().map(IntoValue::into_value).collect();
    dict! {
        "year" => attachment.year,
        "title" => attachment.title(form),
        "authors" => authors,
        "summary" => attachment.summary,
        "form" => dict! {
            "attachment" => form.attachment.as_str(),
            "title" => form.title.as_str(),
            "columns" => columns,
        },
    }
}

fn attachment_title(form: &Definition, department: &Department) -> String {
    let fields = department.fields.iter();
    fields.fold(form.attachment_title.clone(), |title, (name, value)| {
        title.replace(&format!("{{{name}}}"), value.get_ref())
    })
}

fn department_dict(form: &Definition, department: &Department, pages: &[usize]) -> Dict {
    let mut pages = pages.iter();
    let projects: Array = department
        .projects
        .iter()
        .map(|p| {
            let mut project = project(form, department, p);
            if let Some(page) = pages.next() {
                project.insert("page".into(), page.to_string().into_value());
            }
            project.into_value()
        })
        .collect();
    dict! {
        "title" => attachment_title(form, department),
        "fields" => fields([&department.fields]),
        "funding" => funding(form, &department.projects),
        "projects" => projects,
    }
}

fn project(form: &Definition, department: &Department, project: &Project) -> Dict {
    let mut all_fields = fields([&department.fields, &project.fields]);
    // A field that may be left out is still there for the layout, as an empty text.
    for field in form.department_fields.iter().chain(&form.project_fields) {
        if !all_fields.contains(&field.name) {
            all_fields.insert(field.name.as_str().into(), Value::Str("".into()));
        }
    }
    let indicators: Array = form
        .first_levels
        .iter()
        .map(|level| first_level(form, project, level).into_value())
        .collect();
    dict! { "fields" => all_fields, "funding" => funding(form, [project]), "indicators" => indicators }
}

/// The total and its parts, summed over projects.
fn funding<'p>(form: &Definition, projects: impl IntoIterator<Item = &'p Project>) -> Array {
    let projects: Vec<&Project> = projects.into_iter().collect();
    let total = projects.iter().map(|project| project.funding.total()).sum::<Money>();
    let part = |name: &String| {
        let amounts = projects.iter().filter_map(|project| project.funding.lines.get(name));
        amounts.map(|amount| *amount.get_ref()).sum::<Money>()
    };
    let parts = form.funding_lines.iter().map(|name| (name, part(name)));
    std::iter::once((&form.funding_total, total))
        .chain(parts)
        .map(|(name, amount)| {
            dict! { "name" => name.as_str(), "amount" => amount.to_string() }.into_value()
        })
        .collect()
}

fn first_level(form: &Definition, project: &Project, level: &FirstLevel) -> Dict {
    let groups: Array = level
        .second_levels
        .iter()
        .map(|level| second_level(form, project, level).into_value())
        .collect();
    dict! { "name" => level.name.as_str(), "groups" => groups }
}

fn second_level(form: &Definition, project: &Project, level: &SecondLevel) -> Dict {
    let indicators = project.group(&level.name).map_or(&[][..], |group| &group.indicators);
    let mut rows: Array = indicators.iter().map(|i| row(form, i).into_value()).collect();
    if rows.is_empty() {
        // The form prints every second-level indicator, with an empty row if it has none.
        let values: Array = form.columns.iter().map(|_| "".into_value()).collect();
        rows = array![dict! { "name" => "", "values" => values }];
    }
    dict! { "name" => level.name.as_str(), "mark" => level.mark.as_str(), "rows" => rows }
}

fn row(form: &Definition, indicator: &Indicator) -> Dict {
    let value = |name: &str| indicator.values.get(name).map_or("", |value| value.get_ref());
    let values: Array =
        form.columns.iter().map(|column| value(&column.name).into_value()).collect();
    dict! { "name" => indicator.name.get_ref().as_str(), "values" => values }
}

fn fields<const N: usize>(sources: [&Fields; N]) -> Dict {
    sources
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str().into(), value.get_ref().as_str().into_value()))
        .collect()
}

/// The families of each role, in order of preference.
pub(super) fn fonts(fonts: &Fonts) -> Dict {
    let families = |role| -> Array {
        fonts.role(role).iter().map(|family| family.as_str().into_value()).collect()
    };
    dict! {
        "body" => families(Role::Body),
        "title" => families(Role::Title),
        "mark" => families(Role::Mark),
    }
}
