//! Form and data → sheets.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use super::{Band, BandKind, Kind, Line, LineStyle, Look, Origin, Printed, Run, Sheet, Value};
use crate::amount::Money;
use crate::data::{self, Department, Indicator, IndicatorGroup, Project};
use crate::diagnostics::Span;
use crate::form::{
    AmountKey, Blueprint, Definition, Each, FirstLevel, Formula, Half, Kind as Written, Order,
    Part, Reference, Scope, SecondLevel, Section, Subject, Template, Tree,
};
use crate::grid::{Cell, Grid, Width};

/// What the edges of columns are measured in: so many of these are the width of a table.
const WHOLE: u64 = 1_000_000;

/// Edges of two sections that are no further apart are one edge.
const SAME_EDGE: u64 = WHOLE / 2_000;

/// Makes the sheets of a form.
#[derive(Debug, Clone, Copy)]
pub struct Arranger<'a> {
    /// What is on the form.
    pub form: &'a Definition,
    /// The year of the data.
    pub year: &'a str,
    /// The months of it that a monitoring form is about (监控期).
    pub period: &'a str,
}

/// On which pages the forms of all projects start, in their order; empty while that is not known.
pub type FormPages<'p> = &'p [usize];

/// What a row or a line is about.
#[derive(Clone, Copy, Default)]
struct About<'d> {
    department: Option<&'d Department>,
    project: Option<&'d Project>,
    /// The projects whose amounts are added up.
    projects: &'d [&'d Project],
    row: Option<Row<'d>>,
    number: usize,
    page: usize,
}

impl<'d> About<'d> {
    /// A project of a department, which is all that there are amounts of. A form does not say its own
    /// page.
    fn project(department: &'d Department, own: &'d [&'d Project; 1], number: usize) -> Self {
        let [project] = own;
        let (row, page) = Default::default();
        Self {
            department: Some(department),
            project: Some(project),
            projects: own,
            row,
            number,
            page,
        }
    }
}

/// What stands above the first form of a department's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// Nothing: another unit's forms are before it.
    Nothing,
    /// The title of the attachment; where a table of all projects comes first, the number is there.
    Title,
    /// The number of the attachment and its title.
    NumberedTitle,
}

/// A row of the tree of indicators.
#[derive(Clone, Copy)]
struct Row<'d> {
    first: Named<'d, FirstLevel>,
    second: Named<'d, SecondLevel>,
    /// Where its second-level indicator stands in the data.
    group: Option<&'d Span>,
    /// `None` for a second-level indicator that has none.
    indicator: Option<&'d Indicator>,
}

/// A level of the tree, and its place among its neighbours.
struct Named<'f, L> {
    index: usize,
    level: &'f L,
}

impl<L> Clone for Named<'_, L> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<L> Copy for Named<'_, L> {}

/// A second-level indicator below its first-level one, and what a project has of it.
type Level<'f, 'd> = (Named<'f, FirstLevel>, Named<'f, SecondLevel>, Option<&'d IndicatorGroup>);

impl<'a> Arranger<'a> {
    /// A sheet for each of these projects of a department, or one for the department, as the form
    /// has it, the first with what opens a department.
    pub fn forms(
        &self,
        department: &Department,
        projects: Range<usize>,
        opening: Opening,
    ) -> Vec<Sheet> {
        let numbered = opening == Opening::NumberedTitle;
        let attachment_title = match &self.form.subject {
            Subject::Project { attachment_title } => attachment_title,
            Subject::Department => return vec![self.department(department, numbered)],
            Subject::Whole => return self.whole(department, numbered).into_iter().collect(),
        };
        let all = department.projects.iter().enumerate();
        all.skip(projects.start)
            .take(projects.len())
            .map(|(index, project)| {
                let mut before = Vec::new();
                let projects = [project];
                let subject = About {
                    department: Some(department),
                    project: Some(project),
                    projects: &projects,
                    number: index + 1,
                    ..About::default()
                };
                if index == 0 && opening != Opening::Nothing {
                    before.extend(self.attachment_number().filter(|_| numbered));
                    let own = About { department: Some(department), ..About::default() };
                    let title = self.printed(attachment_title, own);
                    before.push(Line { style: LineStyle::DocumentTitle, texts: vec![title] });
                }
                let blueprint = &self.form.blueprint;
                let mut table = Builder::new(self, blueprint);
                for section in &blueprint.sections {
                    table.section(section, &[(department, projects[0])], subject, &[]);
                }
                let bookmark = match department.unit_name() {
                    Some(unit) => format!("{}：{}", unit.trim(), project.name()),
                    None => project.name().to_owned(),
                };
                self.sheet(bookmark, before, blueprint, subject, table)
            })
            .collect()
    }

    /// The sheet of a department as a whole, of which there is one file.
    fn whole(&self, department: &Department, numbered: bool) -> Option<Sheet> {
        let own = [department.projects.first()?];
        let subject = About::project(department, &own, 1);
        let blueprint = &self.form.blueprint;
        let mut table = Builder::new(self, blueprint);
        for section in &blueprint.sections {
            table.section(section, &[(department, own[0])], subject, &[]);
        }
        let before = self.attachment_number().filter(|_| numbered).into_iter().collect();
        Some(self.sheet(String::new(), before, blueprint, subject, table))
    }

    /// The sheet of a department, with rows for its projects.
    fn department(&self, department: &Department, numbered: bool) -> Sheet {
        let projects: Vec<&Project> = department.projects.iter().collect();
        let about = About { department: Some(department), projects: &projects, ..About::default() };
        let blueprint = &self.form.blueprint;
        let mut table = Builder::new(self, blueprint);
        let all: Vec<_> = projects.iter().map(|project| (department, *project)).collect();
        for section in &blueprint.sections {
            table.section(section, &all, about, &[]);
        }
        let before = self.attachment_number().filter(|_| numbered).into_iter().collect();
        self.sheet(String::new(), before, blueprint, about, table)
    }

    /// The table of all projects of some departments, if the form has one.
    pub fn summary(&self, departments: &[Department], pages: FormPages<'_>) -> Option<Sheet> {
        let blueprint = self.form.summary.as_ref()?;
        let all: Vec<(&Department, &Project)> = departments
            .iter()
            .flat_map(|department| department.projects.iter().map(move |it| (department, it)))
            .collect();
        let projects: Vec<&Project> = all.iter().map(|(_, project)| *project).collect();
        let subject = About { projects: &projects, ..About::default() };
        let mut table = Builder::new(self, blueprint);
        for section in &blueprint.sections {
            table.section(section, &all, subject, pages);
        }
        let before = self.attachment_number().into_iter().collect();
        Some(self.sheet(String::new(), before, blueprint, subject, table))
    }

    /// The title of a department's attachment.
    pub fn attachment_title(&self, department: &Department) -> String {
        let subject = About { department: Some(department), ..About::default() };
        self.text(self.form.document_title(), subject).0
    }

    fn attachment_number(&self) -> Option<Line> {
        let text = label(self.form.attachment.clone()?);
        Some(Line { style: LineStyle::AttachmentNumber, texts: vec![text] })
    }

    fn sheet(
        &self,
        bookmark: String,
        mut before: Vec<Line>,
        blueprint: &Blueprint,
        subject: About<'_>,
        table: Builder<'_>,
    ) -> Sheet {
        let line = |style, templates: &[Template], lines: &mut Vec<Line>| {
            if templates.iter().any(|template| !template.parts.is_empty()) {
                let texts = templates.iter().map(|it| self.printed(it, subject)).collect();
                lines.push(Line { style, texts });
            }
        };
        // A table of its own is a document, and its title that of the document.
        let title = if bookmark.is_empty() { LineStyle::DocumentTitle } else { LineStyle::Title };
        line(title, std::slice::from_ref(&blueprint.title), &mut before);
        line(LineStyle::Subtitle, std::slice::from_ref(&blueprint.subtitle), &mut before);
        line(LineStyle::Note, &blueprint.above, &mut before);
        let mut after = Vec::new();
        line(LineStyle::Note, &blueprint.below, &mut after);
        let (grid, bands) = table.finish();
        Sheet { bookmark, before, grid, bands, after, sizes: blueprint.sizes.clone() }
    }

    /// The text of a title or a line.
    fn printed(&self, template: &Template, subject: About<'_>) -> Printed {
        let (text, origin) = self.text(template, subject);
        let mut printed = Printed { origin, ..label(text) };
        // A name that a title begins with is a run of its own: if need be, the title breaks there.
        if let [Part::Value(_), _, ..] = template.parts[..] {
            let name = Template { parts: template.parts.iter().take(1).cloned().collect() };
            let name = self.text(&name, subject).0;
            if let [run] = &mut printed.runs[..]
                && let Some(rest) = run.text.strip_prefix(&name)
                && !name.is_empty()
            {
                let rest = Run { text: rest.to_owned(), strong: run.strong };
                printed.runs = vec![Run { text: name, strong: false }, rest];
            }
        }
        printed
    }

    /// The text of a template, and where it comes from.
    fn text(&self, template: &Template, subject: About<'_>) -> (String, Origin) {
        let mut text = String::new();
        let mut places = Vec::new();
        let (mut is_data, mut is_computed, mut absent) = (false, false, None);
        for part in &template.parts {
            match part {
                Part::Text(words) => text.push_str(words),
                Part::Value(reference) => {
                    is_data |= reference.scope() > Scope::Form;
                    is_computed |= matches!(
                        reference,
                        Reference::Amount(_) | Reference::Formula(_) | Reference::Number
                    );
                    let value = self.value(reference, subject);
                    text.push_str(&value.text);
                    if value.places.is_empty() {
                        absent = absent.or(value.absent);
                    }
                    places.extend(value.places);
                }
            }
        }
        let origin = if places.is_empty() {
            if is_data { Origin::Absent(absent) } else { Origin::Form }
        } else if is_computed {
            Origin::Computed(places)
        } else {
            Origin::Data(places)
        };
        // A part that is empty leaves no line behind.
        (text.trim_matches('\n').to_owned(), origin)
    }

    fn value(&self, reference: &Reference, subject: About<'_>) -> Found {
        let department_field = |name: &str| {
            let own = subject.project.and_then(|it| Some((&it.source, it.fields.get(name)?)));
            own.or_else(|| subject.department.and_then(|it| it.field(name)))
        };
        let project_source = subject.project.map(|project| &project.source);
        let row = subject.row;
        let kind = self.form.kind(reference);
        // Of what is chosen from, all is printed even if nothing is chosen.
        let absent = |place| Found { text: said(kind, "").into_owned(), ..Found::absent(place) };
        let row_text = |text: &toml::Spanned<String>| {
            let span = project_source.map(|source| source.span(text.span()));
            Found::at(&said(kind, text.get_ref()), span)
        };
        match reference {
            Reference::Year(later) => {
                let year = self.year.parse::<i32>().map(|year| (year + later).to_string());
                Found::words(year.as_deref().unwrap_or(self.year))
            }
            Reference::Unit => Found::words(self.form.funding.unit().name()),
            Reference::Period => Found::words(self.period),
            Reference::DepartmentField(name) => match department_field(name) {
                Some((source, text)) => {
                    Found::at(&said(kind, text.get_ref()), Some(source.span(text.span())))
                }
                None => absent(subject.department.map(|it| it.own().0.span(0..0))),
            },
            Reference::ProjectField(name) => {
                match subject.project.and_then(|it| it.fields.get(name)) {
                    Some(text) => row_text(text),
                    None => absent(project_source.map(|source| source.span(0..0))),
                }
            }
            Reference::Amount(amount) => self.amount(amount, subject),
            Reference::Formula(name) => self.formula(name, subject),
            Reference::Tree => {
                let tree = row.and_then(|row| row.first.level.tree.as_ref());
                Found::words(tree.map_or("", |tree| &tree.name))
            }
            Reference::FirstLevel => Found::words(row.map_or("", |row| &row.first.level.name)),
            Reference::SecondLevel => Found::words(row.map_or("", |row| &row.second.level.name)),
            Reference::Note => Found::words(row.map_or("", |row| &row.second.level.note)),
            Reference::Indicator => match row.and_then(|row| row.indicator) {
                Some(indicator) => row_text(&indicator.name),
                None => Found::absent(row.and_then(|row| row.group.cloned())),
            },
            Reference::Column(name) if let Some(formula) = self.computed(name, row) => {
                let indicator = row.and_then(|row| row.indicator).zip(subject.project);
                let Some((indicator, project)) = indicator else { return Found::words("") };
                let computed = data::compute_row(self.form, project, indicator, formula);
                let text = computed.value.map_or_else(|_| "—".to_owned(), |it| formula.print(it));
                Found { text, places: computed.places, absent: None }
            }
            Reference::Column(name) => {
                let place = || row.and_then(|row| row.group.cloned());
                match row.and_then(|row| row.indicator).map(|row| row.values.get(name)) {
                    Some(Some(text)) => row_text(text),
                    Some(None) => absent(place()),
                    // A second-level indicator without rows.
                    None => Found::absent(place()),
                }
            }
            Reference::Number => Found::words(&subject.number.to_string()),
            Reference::Page => Found::words(&subject.page.to_string()),
        }
    }

    /// An amount of a project, or the sum of several.
    fn amount(&self, key: &AmountKey, subject: About<'_>) -> Found {
        let (sum, places) = self.sum(key, subject);
        Found { text: self.form.funding.format.print(sum), places, absent: None }
    }

    fn sum(&self, key: &AmountKey, subject: About<'_>) -> (Money, Vec<Span>) {
        let mut places = Vec::new();
        let form = &self.form.funding;
        // The form has read its pictures: their lines are there.
        let Some(line) = form.line(&key.line) else { return (Money::default(), places) };
        let columns = subject.projects.iter().filter_map(|it| it.funding.column(form, key));
        // Of a sum of many projects, nobody looks for the place.
        if let [project] = subject.projects
            && let Some(amounts) = project.funding.column(form, key)
        {
            let spans = amounts.written_sums.get(&line.name).into_iter().chain(amounts.parts(line));
            places.extend(spans.map(|amount| project.source.span(amount.span())));
        }
        (columns.map(|amounts| amounts.amount(line)).sum(), places)
    }

    /// How a column of a row is computed, if it is.
    fn computed(&self, name: &str, row: Option<Row<'_>>) -> Option<&'a Formula> {
        let group = &row?.second.level.key;
        let column = self.form.columns_of(group).iter().find(|column| column.name == name)?;
        column.computed.as_ref()
    }

    /// What a formula says of a project; where it cannot be computed, a dash, which is a finding
    /// (W214).
    fn formula(&self, name: &str, subject: About<'_>) -> Found {
        let formula = self.form.formulas.iter().find(|formula| formula.name == *name);
        let Some((formula, project)) = formula.zip(subject.project) else {
            return Found::words("");
        };
        let computed = data::compute(self.form, project, formula);
        let text = computed.value.map_or_else(|_| "—".to_owned(), |value| formula.print(value));
        Found { text, places: computed.places, absent: Some(project.source.span(0..0)) }
    }
}

/// What was found for a reference.
struct Found {
    text: String,
    places: Vec<Span>,
    /// Where it would stand, if it is not there.
    absent: Option<Span>,
}

impl Found {
    fn words(text: &str) -> Self {
        Self { text: text.to_owned(), places: Vec::new(), absent: None }
    }

    fn at(text: &str, place: Option<Span>) -> Self {
        // A tab is not printed at all.
        Self { text: text.replace('\t', " "), places: place.into_iter().collect(), absent: None }
    }

    fn absent(place: Option<Span>) -> Self {
        Self { text: String::new(), places: Vec::new(), absent: place }
    }
}

/// What is written in a field or a column as it is printed.
fn said<'t>(kind: Option<&Written>, text: &'t str) -> Cow<'t, str> {
    match kind {
        Some(Written::Choice(choices)) => choices.printed(text).into(),
        _ => text.into(),
    }
}

fn label(text: String) -> Printed {
    Printed {
        kind: Kind::RowHead,
        runs: vec![Run { text, strong: false }],
        value: Value::Text,
        look: Look::Centred,
        origin: Origin::Form,
    }
}

/// Which rows of a section some cells stand in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RowPart {
    Head,
    Fixed,
    /// Above rows for each of several things, with figures in the same columns.
    AboveEach,
    Each(Each),
    Sum,
}

/// Puts a table together, section by section.
struct Builder<'b> {
    arranger: &'b Arranger<'b>,
    /// The edges of all columns, from left to right, in parts of [`WHOLE`]; `None` if there is one
    /// section, whose columns are those of the table.
    edges: Option<Vec<u64>>,
    widths: Vec<Width>,
    rows: usize,
    cells: Vec<Cell<Printed>>,
    bands: Vec<Band>,
    /// The head of the section that rows are added to.
    head: Range<usize>,
}

impl<'b> Builder<'b> {
    fn new(arranger: &'b Arranger<'b>, blueprint: &Blueprint) -> Self {
        let (edges, widths) = match &blueprint.sections[..] {
            [section] => (None, section.widths.clone()),
            sections => {
                let edges = all_edges(sections);
                let widths = edges.windows(2).map(|pair| {
                    let width = pair.last().zip(pair.first()).map_or(0, |(end, start)| end - start);
                    Width::Share(u32::try_from(width).unwrap_or(u32::MAX))
                });
                let widths = widths.collect();
                (Some(edges), widths)
            }
        };
        let (cells, bands, head) = Default::default();
        Self { arranger, edges, widths, rows: 0, cells, bands, head }
    }

    /// Adds a section. `projects` are those it has rows for; `subject` is what its other rows are
    /// about.
    fn section(
        &mut self,
        section: &Section,
        projects: &[(&Department, &Project)],
        subject: About<'_>,
        pages: FormPages<'_>,
    ) {
        let columns = self.columns_of(section);
        self.head = 0..0;
        self.fixed(&section.head, &columns, subject, RowPart::Head);
        let part = if section.each.is_some() { RowPart::AboveEach } else { RowPart::Fixed };
        self.fixed(&section.rows, &columns, subject, part);
        match &section.each {
            Some((Each::Indicator, row)) if section.halves.is_empty() => {
                self.indicators(row, section, &columns, projects);
            }
            Some((Each::Indicator, row)) => {
                self.side_by_side(row, section, &columns, projects);
            }
            Some((Each::Project, row)) => self.projects(row, section, &columns, projects, pages),
            None => {}
        }
        self.sums(&section.last, &columns, subject);
    }

    /// Which columns of the table the columns of a section start in; one more for its right edge.
    fn columns_of(&self, section: &Section) -> Vec<usize> {
        let Some(all) = &self.edges else { return (0..=section.widths.len()).collect() };
        let nearest = |edge: u64| {
            let distances = all.iter().map(|other| other.abs_diff(edge)).enumerate();
            distances.min_by_key(|(_, distance)| *distance).map_or(0, |(index, _)| index)
        };
        edges(section).into_iter().map(nearest).collect()
    }

    /// Rows that are there once.
    fn fixed(
        &mut self,
        rows: &Grid<Template>,
        columns: &[usize],
        subject: About<'_>,
        part: RowPart,
    ) {
        if rows.rows() == 0 {
            return;
        }
        let start = self.rows;
        for cell in rows.cells() {
            let next = rows.cells().iter().find(|other| {
                other.row <= cell.row
                    && cell.row < other.end_row()
                    && other.column == cell.end_column()
            });
            let before_amount = next.is_some_and(|next| is_amount(&next.content));
            let mut printed = self.printed(&cell.content, subject, part);
            if before_amount && cell.column > 0 && printed.kind == Kind::RowHead {
                printed.look = Look::Left;
            }
            self.put(cell, start, columns, printed);
        }
        self.rows += rows.rows();
        if part == RowPart::Head {
            self.head = start..self.rows;
            self.band(self.head.clone(), BandKind::Head);
            return;
        }
        for rows in joined(rows) {
            let kind = if rows.len() == 1 { BandKind::Body } else { BandKind::Together };
            self.band(start + rows.start..start + rows.end, kind);
        }
    }

    fn band(&mut self, rows: Range<usize>, kind: BandKind) {
        let head = if kind == BandKind::Head { 0..0 } else { self.head.clone() };
        self.bands.push(Band { rows, head, kind });
    }

    /// A row for each indicator of some projects; cells that say the same of several rows span them.
    fn indicators(
        &mut self,
        row: &Grid<Template>,
        section: &Section,
        columns: &[usize],
        projects: &[(&Department, &Project)],
    ) {
        let start = self.rows;
        let mut spans = Spans::new(row);
        for (index, (department, project)) in projects.iter().enumerate() {
            let own = [*project];
            let about = About::project(department, &own, index + 1);
            let part = RowPart::Each(Each::Indicator);
            let levels = self.levels(project, section);
            if levels.is_empty() {
                spans.add(self, about, (index, 0), columns, part);
                self.rows += 1;
            }
            for level in levels {
                let place = place_of(project, level);
                for row in rows_of(level, &place, |_| true) {
                    let about = About { row: Some(row), ..about };
                    spans.add(self, about, (index, 0), columns, part);
                    self.rows += 1;
                }
            }
        }
        self.band(start..self.rows, BandKind::Body);
    }

    /// Rows for the indicators of some projects, in groups beside each other: below one first-level
    /// indicator, each group has as many rows as it has indicators.
    fn side_by_side(
        &mut self,
        row: &Grid<Template>,
        section: &Section,
        columns: &[usize],
        projects: &[(&Department, &Project)],
    ) {
        let halves = &section.halves[..];
        let start = self.rows;
        let part = RowPart::Each(Each::Indicator);
        let mut spans = Spans::new(row);
        let mut spans_of_halves: Vec<Spans<'_>> =
            halves.iter().map(|half| Spans::new(&half.row)).collect();
        for (index, (department, project)) in projects.iter().enumerate() {
            let own = [*project];
            let about = About::project(department, &own, index + 1);
            let levels = self.levels(project, section);
            for levels in levels.chunk_by(|(a, ..), (b, ..)| a.index == b.index) {
                let places: Vec<Span> =
                    levels.iter().map(|level| place_of(project, *level)).collect();
                let rows = |half: Option<&Half>| -> Vec<Row<'_>> {
                    let is_here = |indicator: &Indicator| half.is_none_or(|it| has(it, indicator));
                    let rows = levels.iter().zip(&places);
                    rows.flat_map(|(level, place)| rows_of(*level, place, is_here)).collect()
                };
                let of_halves: Vec<Vec<Row<'_>>> =
                    halves.iter().map(|half| rows(Some(half))).collect();
                let count = of_halves.iter().map(Vec::len).max().unwrap_or(0);
                let first = rows(None).into_iter().next();
                for number in 0..count {
                    spans.add(self, About { row: first, ..about }, (index, 0), columns, part);
                    for ((half, rows), spans) in
                        halves.iter().zip(&of_halves).zip(&mut spans_of_halves)
                    {
                        let columns = columns.get(half.column..).unwrap_or_default();
                        match rows.get(number) {
                            Some(row) => {
                                let about = About { row: Some(*row), ..about };
                                spans.add(self, about, (index, 0), columns, part);
                            }
                            None => spans.add_empty(self, columns),
                        }
                    }
                    self.rows += 1;
                }
            }
        }
        self.band(start..self.rows, BandKind::Body);
    }

    /// The second-level indicators of a project that a section prints, in their order; or the table
    /// with columns of its own that it is about.
    fn levels<'d>(&self, project: &'d Project, section: &Section) -> Vec<Level<'b, 'd>> {
        let is_in = |tree: &Tree| section.tree.as_ref().is_none_or(|name| *name == tree.name);
        let is_meant = |first: &FirstLevel| match &section.detail {
            Some(name) => first.detail.is_some() && first.name == *name,
            None => first.detail.is_none() && first.tree.as_ref().is_none_or(is_in),
        };
        let firsts = self.arranger.form.first_levels.iter().enumerate();
        let firsts = firsts.filter(|(_, first)| is_meant(first));
        let all = firsts.flat_map(|(index, first)| {
            let seconds = first.second_levels.iter().enumerate();
            seconds.map(move |(second_index, second)| {
                (Named { index, level: first }, Named { index: second_index, level: second })
            })
        });
        let rows = |second: &SecondLevel| {
            project.group(&second.key).filter(|group| !group.indicators.is_empty())
        };
        let all = all.map(|(first, second)| (first, second, rows(second.level)));
        match self.arranger.form.order {
            // The data is in the order of the file.
            Order::Written => {
                let written = project.indicators.iter().filter(|it| !it.indicators.is_empty());
                let level = |group: &IndicatorGroup| {
                    all.clone().find(|(_, second, _)| second.level.key == *group.name.get_ref())
                };
                written.filter_map(level).collect()
            }
            // The form prints every second-level indicator, with an empty row if it has none.
            Order::Form => all
                .filter(|(first, second, group)| {
                    let has_rows = |first: &FirstLevel| {
                        first.second_levels.iter().any(|second| rows(second).is_some())
                    };
                    (!first.level.if_any || has_rows(first.level))
                        && (!second.level.if_any || group.is_some())
                })
                .map(|(first, second, _)| (first, second, project.group(&second.level.key)))
                .collect(),
        }
    }

    /// A row for each project, and one for each department where there are several.
    fn projects(
        &mut self,
        row: &Grid<Template>,
        section: &Section,
        columns: &[usize],
        projects: &[(&Department, &Project)],
        pages: FormPages<'_>,
    ) {
        // The departments, and of each its own projects and those of its units. Two departments of one
        // folder's name are two: they come from different calls.
        let is_whole_of = |a: &Department, b: &Department| {
            std::ptr::eq(a, b)
                || (a.unit.is_some() || b.unit.is_some())
                    && a.department_folder() == b.department_folder()
        };
        let of_departments = projects.chunk_by(|(a, _), (b, _)| is_whole_of(a, b));
        let several = of_departments.clone().count() > 1;
        let (mut number, mut part) = (0, 0);
        for of_department in of_departments {
            let of_units = of_department.chunk_by(|(a, _), (b, _)| std::ptr::eq(*a, *b));
            let has_units = of_units.clone().count() > 1;
            let mut spans = Spans::new(row);
            for of_unit in of_units {
                let start = self.rows;
                for (department, project) in of_unit {
                    let own = [*project];
                    let subject = About {
                        department: Some(department),
                        project: Some(project),
                        projects: &own,
                        number: number + 1,
                        page: pages.get(number).copied().unwrap_or(0),
                        row: None,
                    };
                    number += 1;
                    let part_of_row = RowPart::Each(Each::Project);
                    spans.add(self, subject, (number, part), columns, part_of_row);
                    self.rows += 1;
                }
                part += 1;
                self.band(start..self.rows, BandKind::Body);
                if let Some(sum) = section.unit.as_ref().filter(|_| has_units) {
                    self.sum_of(of_unit, sum, columns);
                    spans = Spans::new(row);
                }
            }
            if let Some(sum) = section.department.as_ref().filter(|_| several) {
                self.sum_of(of_department, sum, columns);
            }
        }
    }

    /// The sums of some projects of a department.
    fn sum_of(
        &mut self,
        projects: &[(&Department, &Project)],
        sum: &Grid<Template>,
        columns: &[usize],
    ) {
        let department = projects.first().map(|(department, _)| *department);
        let projects: Vec<&Project> = projects.iter().map(|(_, project)| *project).collect();
        let subject = About { department, projects: &projects, ..About::default() };
        self.sums(sum, columns, subject);
    }

    /// Rows that close what is above them; they are not parted from the last row of that.
    fn sums(&mut self, rows: &Grid<Template>, columns: &[usize], subject: About<'_>) {
        if rows.rows() == 0 {
            return;
        }
        let start = self.rows;
        for cell in rows.cells() {
            let mut printed = self.printed(&cell.content, subject, RowPart::Sum);
            printed.runs.iter_mut().for_each(|run| run.strong = true);
            self.put(cell, start, columns, printed);
        }
        self.rows += rows.rows();
        let first = match self.bands.last_mut() {
            Some(band) if band.kind == BandKind::Body && !band.rows.is_empty() => {
                band.rows.end -= 1;
                band.rows.end
            }
            // A total below a subtotal stays with both.
            Some(band) if band.kind == BandKind::Together => {
                band.rows.end = self.rows;
                return;
            }
            _ => start,
        };
        self.band(first..self.rows, BandKind::Together);
    }

    fn printed(&self, template: &Template, subject: About<'_>, part: RowPart) -> Printed {
        let (text, origin) = self.arranger.text(template, subject);
        let is_level = |reference: &Reference| {
            use Reference::{FirstLevel, Note, SecondLevel, Tree};
            matches!(reference, Tree | FirstLevel | SecondLevel | Note)
        };
        let is_head = template.is_label()
            || !template.parts.is_empty() && template.references().all(is_level);
        let kind = match part {
            RowPart::Head => Kind::ColumnHead,
            _ if is_head => Kind::RowHead,
            _ => Kind::Value,
        };
        let mut value = Value::Text;
        let form = self.arranger.form;
        let look = match template.parts[..] {
            _ if kind != Kind::Value => Look::Centred,
            [Part::Value(Reference::Amount(ref key))] => {
                value = Value::Amount(self.arranger.sum(key, subject).0);
                if part == RowPart::Fixed { Look::FiguresInMiddle } else { Look::Figures }
            }
            [Part::Value(Reference::Page)] => {
                value = Value::Page(subject.page);
                Look::Centred
            }
            [Part::Value(Reference::Number | Reference::Formula(_)), ..] => Look::Centred,
            [Part::Value(ref reference)] if form.kind(reference) == Some(&Written::Paragraph) => {
                Look::Prose
            }
            _ if part == RowPart::Each(Each::Project) => Look::Left,
            _ => Look::Short,
        };
        Printed { kind, runs: vec![Run { text, strong: false }], value, look, origin }
    }

    /// Puts a cell of a section's rows, which start at `start`, into the table.
    fn put(
        &mut self,
        cell: &Cell<Template>,
        start: usize,
        columns: &[usize],
        content: Printed,
    ) -> usize {
        let at = |column: usize| columns.get(column).copied().unwrap_or(self.widths.len());
        let (column, end) = (at(cell.column), at(cell.end_column()));
        self.cells.push(Cell {
            row: start + cell.row,
            column,
            rows: cell.rows,
            columns: end - column,
            content,
        });
        self.cells.len() - 1
    }

    fn finish(self) -> (Grid<Printed>, Vec<Band>) {
        let bands = self.bands.into_iter().filter(|band| !band.rows.is_empty()).collect();
        // Sections tile their rows, and rows follow each other, so this does not fail.
        (Grid::new(self.widths, self.rows, self.cells).unwrap_or_default(), bands)
    }
}

/// Cells of repeated rows that go on from row to row while they are about the same.
struct Spans<'r> {
    row: &'r Grid<Template>,
    /// For each cell of the row: what the last one put was about, and its index in the table.
    open: Vec<Option<(Matter, usize)>>,
}

/// What a cell is about, as exactly as its template looks.
type Matter = [usize; 4];

impl<'r> Spans<'r> {
    fn new(row: &'r Grid<Template>) -> Self {
        Self { row, open: vec![None; row.cells().len()] }
    }

    /// Adds cells about `subject`, which is the project and the department of these numbers, to the row
    /// that comes next.
    fn add(
        &mut self,
        table: &mut Builder<'_>,
        subject: About<'_>,
        (project, department): (usize, usize),
        columns: &[usize],
        part: RowPart,
    ) {
        let start = table.rows;
        let levels = subject.row.map_or([0, 0], |row| [row.first.index + 1, row.second.index + 1]);
        let tree = subject.row.and_then(|row| row.first.level.tree.as_ref());
        let mut trees = table.arranger.form.trees.iter();
        let tree = trees.position(|it| Some(it) == tree).map_or(0, |index| index + 1);
        for (cell, open) in self.row.cells().iter().zip(&mut self.open) {
            let template = &cell.content;
            let exact = template.references().map(|reference| match reference {
                Reference::Year(_) | Reference::Unit | Reference::Period => [0; 4],
                // What a project writes in its place is its own.
                Reference::DepartmentField(name)
                    if subject.project.is_some_and(|it| it.fields.get(name).is_some()) =>
                {
                    [department + 1, project + 1, 0, 0]
                }
                Reference::DepartmentField(_) => [department + 1, 0, 0, 0],
                // No first-level indicator is before the tree it is in.
                Reference::Tree => [department + 1, project + 1, tree, 0],
                Reference::FirstLevel => [department + 1, project + 1, levels[0], 0],
                Reference::SecondLevel | Reference::Note => {
                    [department + 1, project + 1, levels[0], levels[1]]
                }
                Reference::ProjectField(_) | Reference::Number | Reference::Page => {
                    [department + 1, project + 1, 0, 0]
                }
                Reference::Amount(_) | Reference::Formula(_) => [department + 1, project + 1, 0, 0],
                Reference::Indicator | Reference::Column(_) => [usize::MAX, start, 0, 0],
            });
            let about = match template.parts[..] {
                // Empty cells are not one.
                [] => [usize::MAX, start, 0, 0],
                _ => exact.max().unwrap_or_default(),
            };
            match open {
                Some((last, index)) if *last == about => {
                    if let Some(cell) = table.cells.get_mut(*index) {
                        cell.rows += 1;
                    }
                }
                _ => {
                    let printed = table.printed(template, subject, part);
                    *open = Some((about, table.put(cell, start, columns, printed)));
                }
            }
        }
    }

    /// Puts empty cells into a row.
    fn add_empty(&mut self, table: &mut Builder<'_>, columns: &[usize]) {
        let start = table.rows;
        for (cell, open) in self.row.cells().iter().zip(&mut self.open) {
            *open = None;
            table.put(cell, start, columns, label(String::new()));
        }
    }
}

/// Where a second-level indicator stands in the data.
fn place_of(project: &Project, (_, _, group): Level<'_, '_>) -> Span {
    project.source.span(group.map_or(0..0, |group| group.name.span()))
}

/// The rows of a second-level indicator: for each of its indicators that is to be here, or one without.
fn rows_of<'d>(
    (first, second, group): Level<'d, 'd>,
    place: &'d Span,
    is_here: impl Fn(&Indicator) -> bool,
) -> Vec<Row<'d>> {
    let indicators = group.map_or(&[][..], |group| &group.indicators);
    let row = |indicator| Row { first, second, group: Some(place), indicator };
    let rows: Vec<_> = indicators.iter().filter(|it| is_here(it)).map(Some).map(row).collect();
    let is_only_elsewhere = second.level.if_any && !indicators.is_empty();
    if rows.is_empty() && !is_only_elsewhere { vec![row(None)] } else { rows }
}

/// Whether an indicator has a value in one of the columns of a half.
fn has(half: &Half, indicator: &Indicator) -> bool {
    let cells = half.row.cells().iter().flat_map(|cell| cell.content.references());
    let mut values = cells.filter_map(|reference| match reference {
        Reference::Column(name) => indicator.values.get(name),
        _ => None,
    });
    values.any(|value| !value.get_ref().trim().is_empty())
}

/// The edges of the columns of all sections; those that are nearly the same are one.
fn all_edges(sections: &[Section]) -> Vec<u64> {
    let mut all = BTreeSet::new();
    for edge in sections.iter().flat_map(edges) {
        if all.range(edge.saturating_sub(SAME_EDGE)..=edge + SAME_EDGE).next().is_none() {
            all.insert(edge);
        }
    }
    all.into_iter().collect()
}

/// The edges of a section's columns, from 0 to [`WHOLE`].
fn edges(section: &Section) -> Vec<u64> {
    let share = |width: &Width| match width {
        Width::Share(share) => u64::from(*share),
        Width::Fit => 1,
    };
    let sum: u64 = section.widths.iter().map(share).sum::<u64>().max(1);
    let mut at = 0;
    let ends = section.widths.iter().map(|width| {
        at += share(width);
        at * WHOLE / sum
    });
    std::iter::once(0).chain(ends).collect()
}

/// The stretches of rows that no cell crosses the border of.
fn joined(rows: &Grid<Template>) -> Vec<Range<usize>> {
    let mut stretches: Vec<Range<usize>> = Vec::new();
    for row in 0..rows.rows() {
        let is_crossed = rows.cells().iter().any(|cell| cell.row < row && row < cell.end_row());
        match stretches.last_mut() {
            Some(last) if is_crossed => last.end = row + 1,
            _ => stretches.push(row..row + 1),
        }
    }
    stretches
}

fn is_amount(template: &Template) -> bool {
    matches!(template.parts[..], [Part::Value(Reference::Amount(_))])
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::BandKind::{Body, Head, Together};
    use super::*;
    use crate::data;
    use crate::diagnostics::SourceFile;
    use crate::form::Form;
    use crate::toml::text_file;

    fn form(text: &str) -> Definition {
        let mut findings = Vec::new();
        let form = Definition::parse(&SourceFile::new("form.toml", text), &mut findings);
        assert!(findings.is_empty(), "{findings:#?}");
        form.unwrap()
    }

    fn builtin() -> Definition {
        Form::builtin().unwrap().definition
    }

    /// A department of these files.
    fn department(form: &Definition, own: &str, projects: &[&str]) -> Department {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("部门.toml"), own).unwrap();
        for (number, text) in projects.iter().enumerate() {
            std::fs::write(folder.path().join(format!("{number:02}.toml")), text).unwrap();
        }
        let mut findings = Vec::new();
        let read = &text_file::read;
        let department = data::department_on(read, folder.path(), form, form, &mut findings);
        assert!(findings.is_empty(), "{findings:#?}");
        department.unwrap()
    }

    fn sheets(form: &Definition, department: &Department) -> Vec<Sheet> {
        let arranger = Arranger { form, year: "2023", period: "" };
        arranger.forms(department, 0..department.projects.len(), Opening::NumberedTitle)
    }

    fn lines(lines: &[Line]) -> Vec<String> {
        let text = |line: &Line| {
            let texts: Vec<String> = line.texts.iter().map(Printed::text).collect();
            format!("{:?} {}", line.style, texts.join(" | "))
        };
        lines.iter().map(text).collect()
    }

    #[test]
    fn the_built_in_form_of_the_sample() {
        let form = builtin();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/2023/056-灵沙乡");
        let mut findings = Vec::new();
        let read = &text_file::read;
        let department = data::department_on(read, &folder, &form, &form, &mut findings).unwrap();
        let sheets = sheets(&form, &department);
        assert_eq!(sheets.len(), 11);
        let sheet = &sheets[0];
        assert_eq!(
            lines(&sheet.before),
            [
                "AttachmentNumber 附件2",
                "DocumentTitle 平罗县灵沙乡人民政府项目支出预算绩效目标表",
                "Title 部门项目支出预算绩效目标表",
                "Subtitle （2023年度）",
            ]
        );
        assert_eq!(sheet.bookmark, "村级创新社会管理工作经费");
        assert_eq!(lines(&sheets[1].before).len(), 2);
        assert_eq!(
            sheet.grid.to_string(),
            "│ [项目名称] │ ← │ 村级创新社会管理工作经费 │ ← │ ← │ ← │ ← │\n\
             │ [主管部门及代码] │ ← │ 平罗县灵沙乡人民政府 056 │ ← │ [实施单位] │ 平罗县灵沙乡人民政府本级 │ ← │\n\
             │ [项目属性] │ ← │ 0101-一年期项目 │ ← │ [项目期] │ 1年 │ ← │\n\
             │ [项目资金⏎（万元）] │ ← │ [年度资金总额：] │ ← │ 22.000000 │ ← │ ← │\n\
             │ ↑ │ ← │ [其中：财政拨款] │ ← │ 22.000000 │ ← │ ← │\n\
             │ ↑ │ ← │ [\u{3000}\u{3000}\u{3000}其他资金] │ ← │ 0 │ ← │ ← │\n\
             │ [年度总体目标] │ ← │ 保障2023年11个村创新社会管理工作正常开展，深入推进村级创新社会管理工作沟通协调机制建立，充分发挥和提升基层组织的工作能动性和创新力，为开展村级新型管理模式，实行网格化、精细化管理提供有力保障，有效提升村级管理水平，以实际行动赢得群众支持。 │ ← │ ← │ ← │ ← │\n\
             │ [名称] │ [一级指标] │ ← │ [二级指标] │ [三级指标] │ ← │ [指标值] │\n\
             │ [绩效指标] │ [产出指标] │ ← │ [数量指标⏎（必填硬性指标）] │ 组织网格员参加培训 │ ← │ 2次 │\n\
             │ ↑ │ ↑ │ ← │ [质量指标⏎（必填）] │ 实行网格化管理，网格员走访网格村（社区）民，全覆盖 │ ← │ 100% │\n\
             │ ↑ │ ↑ │ ← │ [时效指标⏎（必填）] │ 2023年全年 │ ← │ 12个月 │\n\
             │ ↑ │ ↑ │ ← │ [成本指标⏎（必填硬性指标）] │ 经费补助标准 │ ← │ 22万元 │\n\
             │ ↑ │ [效益指标] │ ← │ [社会效益指标⏎（必填）] │ 通过网格化管理手段，创建平安平罗，进一步提升人民群众获得感、幸福感、安全感 │ ← │ 有效提高 │\n\
             │ ↑ │ ↑ │ ← │ [经济效益指标⏎（必填）] │ 维护村级管理 │ ← │ 显著提升 │\n\
             │ ↑ │ ↑ │ ← │ [生态效益指标⏎（必填）] │ 维护村级管理 │ ← │ 显著提升 │\n\
             │ ↑ │ ↑ │ ← │ [可持续影响指标⏎（必填）] │ 可持续使用维护 │ ← │ 持续发展 │\n\
             │ ↑ │ [满意度指标] │ ← │ [服务对象满意度指标⏎（必填）] │ 人民群众对社会环境的满意度 │ ← │ ≥95% │\n"
        );
        let bands: Vec<_> =
            sheet.bands.iter().map(|it| (it.rows.clone(), it.head.clone(), it.kind)).collect();
        let expected = [
            (0..1, 0..0, Body),
            (1..2, 0..0, Body),
            (2..3, 0..0, Body),
            (3..6, 0..0, Together),
            (6..7, 0..0, Body),
            (7..8, 0..0, Head),
            (8..17, 7..8, Body),
        ];
        assert_eq!(bands, expected);
    }

    const SMALL: &str = r#"
"附件" = "附表"
"附件标题" = "{主管部门}目标表"
"标题" = "{项目名称}目标表"
"表上" = ["单位：{单位}"]
"表下" = ["填表人：{填表人}", "{年度+1}年"]
["部门"]
"主管部门" = { "必填" = true, "项目可改" = true }
["项目"]
"项目名称" = { "必填" = true }
"填表人" = {}
"年度总体目标" = {}
["资金"]
"表名" = "资金"
"合计" = "总额"
"分项" = ["财政资金", "其他"]
["指标列"]
"指标值" = { "必填" = true }
"备注" = {}
["一级指标"."产出"]
"数量" = { "标注" = "（必填）" }
"质量" = {}
["一级指标"."效益"]
"效果" = {}
"#;

    const SECTIONS: &str = r#"
[["版面"]]
"宽" = [1, 1, 2]
"行" = [
  ["项目", "名称", "{项目名称}"],
  ["↑", "{主管部门}（{年度}）", "{}"],
  ["目标", "{年度总体目标}"],
  ["资金\n（{单位}）", "共", "{总额}"],
  ["↑", "其中", "{财政资金} + {其他}"],
  ["↑", "财政", "{财政资金}"],
]
[["版面"]]
"宽" = [1, 1, 1, 1]
"表头" = [["级", "←", "三级", "值"]]
"每条指标" = ["{一级指标}", "{二级指标}\n{标注}", "{三级指标}", "{指标值}\n{备注}"]
"末行" = [["共 {年度+2} 年", "{总额}"]]
"#;

    #[test]
    fn a_form_is_what_its_sections_show() {
        let form = form(&[SMALL, SECTIONS].concat());
        let department = department(
            &form,
            "\"主管部门\" = \"甲局\"\n",
            &[r#"
"项目名称" = "修路"
"主管部门" = "乙所"
"年度总体目标" = "第一。\n第二。"
["资金"]
"财政资金" = 1.5
"其他" = 0
["数量"]
"公里" = "3"
"座" = { "指标值" = "2", "备注" = "桥" }
["效果"]
"出行" = "便利"
"#],
        );
        let sheet = &sheets(&form, &department)[0];
        assert_eq!(
            lines(&sheet.before),
            [
                "AttachmentNumber 附表",
                "DocumentTitle 甲局目标表",
                "Title 修路目标表",
                "Note  | 单位：万元"
            ]
        );
        assert_eq!(lines(&sheet.after), ["Note 填表人： | 2024年"]);
        // The name that a title begins with is a run of its own.
        assert_eq!(sheet.before[2].texts[0].runs.len(), 2);
        assert_eq!(
            sheet.grid.to_string(),
            "│ [项目] │ [名称] │ 修路 │ ← │\n\
             │ ↑ │ 乙所（2023） │  │ ← │\n\
             │ [目标] │ 第一。⏎第二。 │ ← │ ← │\n\
             │ [资金⏎（万元）] │ [共] │ 1.500000 │ ← │\n\
             │ ↑ │ [其中] │ 1.500000 + 0 │ ← │\n\
             │ ↑ │ [财政] │ 1.500000 │ ← │\n\
             │ [级] │ ← │ [三级] │ [值] │\n\
             │ [产出] │ [数量⏎（必填）] │ 公里 │ 3 │\n\
             │ ↑ │ ↑ │ 座 │ 2⏎桥 │\n\
             │ ↑ │ [质量] │  │  │\n\
             │ [效益] │ [效果] │ 出行 │ 便利 │\n\
             │ [*共 2025 年*] │ *1.500000* │ ← │ ← │\n"
        );
        let kinds: Vec<_> =
            sheet.bands.iter().map(|it| (it.rows.clone(), it.head.clone(), it.kind)).collect();
        let expected = [
            (0..2, 0..0, Together),
            (2..3, 0..0, Body),
            (3..6, 0..0, Together),
            (6..7, 0..0, Head),
            (7..10, 6..7, Body),
            (10..12, 6..7, Together),
        ];
        assert_eq!(kinds, expected);
    }

    #[test]
    fn an_empty_cell_has_a_place_too() {
        let form = form(&[SMALL, SECTIONS].concat());
        let project =
            "\"项目名称\" = \"修路\"\n[\"资金\"]\n\"财政资金\" = 1\n\"其他\" = 0\n[\"质量\"]\n";
        let department = department(&form, "\"主管部门\" = \"甲局\"\n", &[project]);
        let sheet = &sheets(&form, &department)[0];
        let absent: Vec<(usize, usize, usize)> = sheet
            .grid
            .cells()
            .iter()
            .filter_map(|cell| match &cell.content.origin {
                Origin::Absent(Some(place)) => Some((cell.row, cell.column, place.line())),
                _ => None,
            })
            .collect();
        // The goal; 三级 and 值 of 数量, 质量 (whose table is there) and 效果.
        assert_eq!(
            absent,
            [(2, 1, 1), (7, 2, 1), (7, 3, 1), (8, 2, 5), (8, 3, 5), (9, 2, 1), (9, 3, 1)]
        );
        let data =
            sheet.grid.cells().iter().filter(|cell| matches!(cell.content.origin, Origin::Data(_)));
        assert_eq!(
            data.map(|cell| cell.content.text()).collect::<Vec<_>>(),
            ["修路", "甲局（2023）"]
        );
        assert!(
            super::super::overlooked(&department, 0..1, std::slice::from_ref(sheet)).is_empty()
        );
    }

    #[test]
    fn columns_of_sections_that_are_nearly_the_same_are_one() {
        let narrow = "[[\"版面\"]]\n\"宽\" = [10000, 20000]\n\"行\" = [[\"{项目名称}\", \"{填表人}{年度总体目标}\"], [\"{主管部门}\", \"{总额}\"]]\n\
             [[\"版面\"]]\n\"宽\" = [10001, 9999, 10000]\n\"行\" = [[\"{财政资金}\", \"甲\", \"{其他}\"]]\n\
             [[\"版面\"]]\n\"宽\" = [1, 1, 1, 1]\n\"每条指标\" = [\"{二级指标}\", \"{三级指标}\", \"{指标值}\", \"{备注}\"]\n";
        let form = form(&[SMALL, narrow].concat());
        let project = "\"项目名称\" = \"修路\"\n[\"资金\"]\n\"财政资金\" = 1\n\"其他\" = 0\n";
        let department = department(&form, "\"主管部门\" = \"甲局\"\n", &[project]);
        let sheet = &sheets(&form, &department)[0];
        // 0, 1/4, 1/3, 1/2, 2/3, 3/4, 1
        assert_eq!(sheet.grid.widths().len(), 6);
        let columns: Vec<(usize, usize)> = sheet
            .grid
            .cells()
            .iter()
            .filter(|it| it.row < 3)
            .map(|it| (it.column, it.columns))
            .collect();
        assert_eq!(columns, [(0, 2), (2, 4), (0, 2), (2, 4), (0, 2), (2, 2), (4, 2)]);
    }

    const PROJECT: &str = r#"
"项目属性" = "0101-一年期项目"
"项目期" = "1年"
"年度总体目标" = "做好。"
"#;

    fn built_in_project(form: &Definition, name: &str, first: &str, second: &str) -> String {
        let mut text = format!(
            "\"项目名称\" = \"{name}\"{PROJECT}[\"项目资金\"]\n\"财政拨款\" = {first}\n\"其他资金\" = {second}\n"
        );
        for level in form.second_levels() {
            text += &format!("{}\n\"{}一\" = \"1个\"\n", form.header(&level.key), level.name);
        }
        text
    }

    fn built_in_department(
        form: &Definition,
        name: &str,
        projects: &[(&str, &str, &str)],
    ) -> Department {
        let own =
            format!("\"主管部门\" = \"{name}\"\n\"代码\" = \"001\"\n\"实施单位\" = \"{name}\"\n");
        let projects: Vec<String> = projects
            .iter()
            .map(|(name, first, second)| built_in_project(form, name, first, second))
            .collect();
        department(form, &own, &projects.iter().map(String::as_str).collect::<Vec<_>>())
    }

    #[test]
    fn the_summary_of_several_departments() {
        let form = builtin();
        let departments = [
            built_in_department(&form, "甲局", &[("修路", "1.5", "0"), ("架桥", "2", "0.25")]),
            built_in_department(&form, "乙乡", &[("办公", "123456789.123456", "1")]),
        ];
        let arranger = Arranger { form: &form, year: "2023", period: "" };
        let sheet = arranger.summary(&departments, &[2, 3, 15]).unwrap();
        assert_eq!(
            lines(&sheet.before),
            [
                "AttachmentNumber 附件2",
                "DocumentTitle 2023年度项目支出预算绩效目标汇总表",
                "Note  | 单位：万元"
            ]
        );
        assert_eq!(
            sheet.grid.to_string(),
            "│ [序号] │ [部门] │ [项目名称] │ [年度资金总额] │ [财政拨款] │ [其他资金] │ [页码] │\n\
             │ 1 │ 甲局 │ 修路 │ 1.500000 │ 1.500000 │ 0 │ 2 │\n\
             │ 2 │ ↑ │ 架桥 │ 2.250000 │ 2.000000 │ 0.250000 │ 3 │\n\
             │ [*小计*] │ ← │ ← │ *3.750000* │ *3.500000* │ *0.250000* │ ** │\n\
             │ 3 │ 乙乡 │ 办公 │ 123456790.123456 │ 123456789.123456 │ 1.000000 │ 15 │\n\
             │ [*小计*] │ ← │ ← │ *123456790.123456* │ *123456789.123456* │ *1.000000* │ ** │\n\
             │ [*合计*] │ ← │ ← │ *123456793.873456* │ *123456792.623456* │ *1.250000* │ ** │\n"
        );
        let bands: Vec<_> = sheet.bands.iter().map(|it| (it.rows.clone(), it.kind)).collect();
        // A subtotal is not parted from its last row, nor the total from the subtotal.
        assert_eq!(bands, [(0..1, Head), (1..2, Body), (2..4, Together), (4..7, Together)]);
        assert!(sheet.bands[1..].iter().all(|it| it.head == (0..1)));
    }

    #[test]
    fn the_summary_of_one_department_has_no_subtotal() {
        let form = builtin();
        let departments =
            [built_in_department(&form, "甲局", &[("修路", "1.5", "0"), ("架桥", "2", "0.25")])];
        let arranger = Arranger { form: &form, year: "2023", period: "" };
        // Pages are not known yet.
        let sheet = arranger.summary(&departments, &[]).unwrap();
        let rows = sheet.grid.to_string();
        assert!(!rows.contains("小计"), "{rows}");
        assert!(
            rows.ends_with("│ [*合计*] │ ← │ ← │ *3.750000* │ *3.500000* │ *0.250000* │ ** │\n"),
            "{rows}"
        );
        // Two departments of one name are two.
        let [first] = departments;
        let both = [first, built_in_department(&form, "甲局", &[("养路", "1", "0")])];
        let sheet = arranger.summary(&both, &[]).unwrap();
        assert_eq!(sheet.grid.to_string().matches("小计").count(), 2);
        assert_eq!(sheet.grid.to_string().matches("甲局").count(), 2);
    }

    #[test]
    fn a_form_without_a_summary_has_none() {
        let form = form(&[SMALL, SECTIONS].concat());
        assert!(Arranger { form: &form, year: "2023", period: "" }.summary(&[], &[]).is_none());
    }

    #[test]
    fn what_cells_are_and_how_they_are_set() {
        let form = builtin();
        let department = built_in_department(&form, "甲局", &[("修路", "1.5", "0")]);
        let sheet = &sheets(&form, &department)[0];
        let of = |text: &str| {
            let cell = sheet.grid.cells().iter().find(|it| it.content.text() == text);
            let it = &cell.unwrap_or_else(|| panic!("{text} in\n{}", sheet.grid)).content;
            (it.kind, it.look)
        };
        assert_eq!(of("项目名称"), (Kind::RowHead, Look::Centred));
        assert_eq!(of("修路"), (Kind::Value, Look::Short));
        assert_eq!(of("做好。"), (Kind::Value, Look::Prose));
        // A label before an amount keeps its indent.
        assert_eq!(of("　　　其他资金"), (Kind::RowHead, Look::Left));
        assert_eq!(of("1.500000"), (Kind::Value, Look::FiguresInMiddle));
        assert_eq!(of("三级指标"), (Kind::ColumnHead, Look::Centred));
        assert_eq!(of("产出指标"), (Kind::RowHead, Look::Centred));
        assert_eq!(of("数量指标\n（必填硬性指标）"), (Kind::RowHead, Look::Centred));
        assert_eq!(of("数量指标一"), (Kind::Value, Look::Short));
    }
}
