//! The words of a form definition by which its parts are found on a page.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::pattern::{self, Value, bare, spellings};
use crate::amount::Unit;
use crate::form::{AmountKey, Blueprint, Definition, FieldMeaning, Reference, Subject, Template};
use crate::grid::{self, Grid};

/// What is printed behind a label that goes on from a page before.
pub const CONTINUED: &str = "续";

/// What a word on the form is.
#[derive(Debug, Clone)]
pub enum Word<'f> {
    /// A label with values to its right, from left to right.
    Values(Vec<&'f Template>),
    /// A label of something else: of a part of the form, or of a column.
    Label,
    /// A tree of indicators with a name.
    Tree(&'f str),
    /// A first-level indicator.
    First(&'f str),
    /// A second-level indicator; it may be a first-level one as well.
    Second(&'f str),
}

/// The words of a form.
#[derive(Debug)]
pub struct Words<'f> {
    words: HashMap<String, Vec<(Word<'f>, Option<Unit>)>>,
    /// The heads of the columns of indicators from left to right, section by section.
    heads: Vec<Vec<Head<'f>>>,
    /// The labels of the first row of a form.
    opening: Vec<String>,
    /// What the heads of the summary say.
    summary: Vec<String>,
    /// The lines above and below a table.
    pub lines: Vec<&'f Template>,
    /// Labels with a value below them.
    below: Vec<(String, &'f Template)>,
    /// The rows of a department's table with what it has in all.
    pub totals: Vec<Vec<&'f Template>>,
    /// Cells that hold words and values.
    pub inline: Vec<&'f Template>,
    /// The field with the project's name.
    pub project: &'f str,
    /// The fields with codes: the department's, and the project's.
    codes: Vec<&'f str>,
    /// Whether labels have months in them.
    has_period: bool,
    /// The labels with years in them.
    dated: Vec<&'f Template>,
    /// Whether all projects of a department are in one table.
    pub of_department: bool,
}

/// The head of a column of indicators.
#[derive(Debug, Clone)]
pub struct Head<'f> {
    /// What it may say.
    spellings: Vec<String>,
    /// What is below it.
    pub column: Column<'f>,
    /// Which of the halves that stand side by side it belongs to.
    pub half: Option<usize>,
    /// The table with columns of its own that it belongs to.
    pub detail: Option<&'f str>,
}

/// What stands in a column of indicators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column<'f> {
    /// The names of indicators.
    Indicator,
    /// A value of each.
    Value(&'f str),
    /// What is the same for all indicators of a project: something of the project itself.
    Project(&'f Template),
    /// The tree, or what is the same on all forms.
    Tree,
}

impl<'f> Words<'f> {
    /// The words of a form.
    pub fn new(form: &'f Definition) -> Self {
        let mut words = Self {
            words: HashMap::new(),
            heads: Vec::new(),
            opening: Vec::new(),
            summary: Vec::new(),
            lines: Vec::new(),
            below: Vec::new(),
            totals: Vec::new(),
            inline: Vec::new(),
            project: form.field_name(FieldMeaning::ProjectName),
            codes: [FieldMeaning::DepartmentCode, FieldMeaning::ProjectCode]
                .into_iter()
                .filter_map(|about| Some(form.field_about(about)?.name.as_str()))
                .collect(),
            has_period: form.prints_period(),
            dated: Vec::new(),
            of_department: form.subject == Subject::Department,
        };
        words.blueprint(&form.blueprint);
        let first = form.blueprint.sections.iter().find(|section| section.rows.rows() > 0);
        let labels = first.into_iter().flat_map(|section| section.rows.cells());
        let labels = labels.filter(|cell| cell.row == 0 && cell.content.is_label());
        words.opening =
            labels.flat_map(|cell| spellings(&cell.content)).map(|(it, _)| it).collect();
        for tree in &form.trees {
            words.add(bare(&tree.name), Word::Tree(&tree.name), None);
        }
        // What is no indicator has a label of its own.
        for first in form.first_levels.iter().filter(|first| first.detail.is_none()) {
            words.add(bare(&first.name), Word::First(&first.name), None);
            for second in &first.second_levels {
                words.add(bare(&second.name), Word::Second(&second.name), None);
                let noted = bare(&format!("{}{}", second.name, second.note));
                words.add(noted, Word::Second(&second.name), None);
            }
        }
        let summary = form.summary.iter().flat_map(|summary| &summary.sections);
        for cell in summary.flat_map(|section| section.head.cells()) {
            words.summary.push(bare(&cell.content.words()));
        }
        words.summary.retain(|word| !word.is_empty());
        let above = form.summary.iter().flat_map(|summary| {
            [&summary.title, &summary.subtitle].into_iter().chain(&summary.above)
        });
        words.lines = [&form.blueprint.title, form.document_title(), &form.blueprint.subtitle]
            .into_iter()
            .chain(&form.blueprint.above)
            .chain(&form.blueprint.below)
            .chain(above)
            .filter(|template| !template.parts.is_empty())
            .collect();
        words
    }

    fn blueprint(&mut self, blueprint: &'f Blueprint) {
        for section in &blueprint.sections {
            self.labels(&section.head);
            if self.of_department {
                self.totals.extend((0..section.rows.rows()).map(|row| {
                    let cells = section.rows.cells().iter().filter(|cell| cell.row == row);
                    let said = cells.map(|cell| &cell.content);
                    said.filter(|template| !template.parts.is_empty()).collect()
                }));
            } else {
                self.labels(&section.rows);
            }
            self.labels(&section.last);
            let own = section.each.iter().map(|(_, row)| (None, 0, row));
            let halves = section.halves.iter().enumerate();
            let halves = halves.map(|(half, it)| (Some(half), it.column, &it.row));
            let cells = own.chain(halves).flat_map(|(half, start, row)| {
                row.cells().iter().map(move |cell| (half, start + cell.column, &cell.content))
            });
            let mut heads = Vec::new();
            for (half, at, template) in cells {
                if template.is_label() {
                    self.label(template, None);
                }
                let column = column(template);
                let head = section
                    .head
                    .cells()
                    .iter()
                    .filter(|head| head.column <= at && at < head.end_column());
                // The lowest head is that of the column.
                if let Some(head) = head.max_by_key(|head| head.row) {
                    let detail = section.detail.as_deref();
                    let spellings =
                        spellings(&head.content).into_iter().map(|(it, _)| it).collect();
                    heads.push(Head { spellings, column, half, detail });
                }
            }
            self.heads.push(heads);
        }
    }

    /// The labels of some rows, each with the values to its right.
    fn labels(&mut self, rows: &'f Grid<Template>) {
        for row in 0..rows.rows() {
            let mut label: Option<&'f Template> = None;
            let mut values: Vec<&'f Template> = Vec::new();
            for cell in rows.cells().iter().filter(|cell| cell.row == row) {
                let template = &cell.content;
                let head = || rows.cells().iter().find(|head| is_above(head, cell));
                // A figure or a mark of the form (10, —) stands in a value's place.
                if is_name(template) {
                    if let Some(label) = label.replace(template) {
                        self.label(label, Some(std::mem::take(&mut values)));
                    }
                } else if label.is_some() {
                    // Where the form has nothing, a page has no cell.
                    values.extend(Some(template).filter(|it| !it.parts.is_empty()));
                } else if let (Some(head), false) = (head(), template.parts.is_empty()) {
                    self.below.push((bare(&head.content.words()), template));
                } else if !template.parts.is_empty() {
                    self.inline.push(template);
                }
                if !template.is_label() && !bare(&template.words()).is_empty() {
                    self.inline.push(template);
                }
            }
            if let Some(label) = label {
                self.label(label, Some(values));
            }
        }
    }

    fn label(&mut self, label: &'f Template, values: Option<Vec<&'f Template>>) {
        if label.references().any(|reference| matches!(reference, Reference::Year(_))) {
            self.dated.push(label);
        }
        let values = values.filter(|values| !values.is_empty());
        let word = match &values {
            Some(values) => Word::Values(values.clone()),
            None => Word::Label,
        };
        for (spelling, unit) in spellings(label) {
            self.add(spelling, word.clone(), unit);
        }
        // A label may be written as the value is called: 财政拨款 for 其中：财政拨款.
        if let Some([value]) = values.as_deref()
            && let [crate::form::Part::Value(reference)] = &value.parts[..]
            && let Reference::Amount(AmountKey { line: name, .. })
            | Reference::ProjectField(name)
            | Reference::DepartmentField(name) = reference
        {
            self.add(bare(name), word, None);
        }
    }

    fn add(&mut self, spelling: String, word: Word<'f>, unit: Option<Unit>) {
        if spelling.is_empty() {
            return;
        }
        let known = self.words.entry(spelling).or_default();
        let is_same = |other: &Word<'f>| match (other, &word) {
            (Word::Label, Word::Label) => true,
            (Word::Values(a), Word::Values(b)) => a == b,
            (Word::Tree(a), Word::Tree(b))
            | (Word::First(a), Word::First(b))
            | (Word::Second(a), Word::Second(b)) => a == b,
            _ => false,
        };
        if !known.iter().any(|(other, _)| is_same(other)) {
            known.push((word, unit));
        }
    }

    /// The values of a template in a text; `None` if its words are not there.
    pub fn taken(&self, template: &'f Template, text: &str) -> Option<Vec<Value<'f>>> {
        pattern::values(template, text, &self.codes)
    }

    /// What a text is as a word of the form; the unit that it names.
    pub fn find(&self, text: &str) -> &[(Word<'f>, Option<Unit>)] {
        let text = self.bare(text);
        let found = self.words.get(&text).or_else(|| self.words.get(text.strip_suffix(CONTINUED)?));
        found.map_or(&[], Vec::as_slice)
    }

    /// The label with values that a text is.
    pub fn values(&self, text: &str) -> Option<(&[&'f Template], Option<Unit>)> {
        self.all_values(text).next()
    }

    /// The labels with values that a text is, from left to right: several may say the same.
    pub fn all_values(&self, text: &str) -> impl Iterator<Item = (&[&'f Template], Option<Unit>)> {
        self.find(text).iter().filter_map(|(word, unit)| match word {
            Word::Values(values) => Some((values.as_slice(), *unit)),
            _ => None,
        })
    }

    /// The tree of indicators that a text names.
    pub fn tree(&self, text: &str) -> Option<&'f str> {
        self.find(text).iter().find_map(|(word, _)| match word {
            Word::Tree(name) => Some(*name),
            _ => None,
        })
    }

    /// Whether a value is the project's name.
    pub fn is_project_name(&self, reference: &Reference) -> bool {
        matches!(reference, Reference::ProjectField(name) if name == self.project)
    }

    /// The first-level indicator that a text names.
    pub fn first(&self, text: &str) -> Option<&'f str> {
        self.find(text).iter().find_map(|(word, _)| match word {
            Word::First(name) => Some(*name),
            _ => None,
        })
    }

    /// The second-level indicator that a text names.
    pub fn second(&self, text: &str) -> Option<&'f str> {
        self.find(text).iter().find_map(|(word, _)| match word {
            Word::Second(name) => Some(*name),
            _ => None,
        })
    }

    /// What stands below a text that is a label.
    pub fn below(&self, text: &str) -> Option<&'f Template> {
        let text = self.bare(text);
        self.below.iter().find(|(head, _)| *head == text).map(|(_, template)| *template)
    }

    /// Whether a text is a label of the first row of a form.
    pub fn opens(&self, text: &str) -> bool {
        self.opening.contains(&bare(text))
    }

    /// Whether a text is any word of the form.
    pub fn is_word(&self, text: &str) -> bool {
        !self.find(text).is_empty()
    }

    /// How many of some texts are heads of the summary.
    pub fn summary_heads<'t>(&self, texts: impl Iterator<Item = &'t str>) -> usize {
        texts.filter(|text| self.summary.contains(&bare(text))).count()
    }

    /// What each of some texts from left to right is the head of, as a head of the columns of
    /// indicators: in the section that has the most of them.
    pub fn heads<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Vec<Option<&Head<'f>>> {
        let texts: Vec<String> = texts.map(|text| self.bare(text)).collect();
        let in_section = |section: &'_ Vec<Head<'f>>| {
            let mut used = vec![0; section.len()];
            let heads = texts.iter().map(|text| {
                // Of those that say the same, the next.
                let same =
                    section.iter().enumerate().filter(|(_, head)| head.spellings.contains(text));
                let (at, _) = same.min_by_key(|(at, _)| used.get(*at).copied())?;
                used.get_mut(at).into_iter().for_each(|count| *count += 1);
                Some(at)
            });
            heads.collect::<Vec<_>>()
        };
        let found = self.heads.iter().map(|section| (section, in_section(section)));
        let found = found.min_by_key(|(_, heads)| Reverse(heads.iter().flatten().count()));
        found.map_or_else(Vec::new, |(section, heads)| {
            heads.into_iter().map(|at| section.get(at?)).collect()
        })
    }

    /// What two labels have in common that are printed alike; the years and months that a form is
    /// about (1-7月执行数) are no part of its words.
    fn bare(&self, text: &str) -> String {
        let dated = self.dated.iter().find(|label| self.taken(label, text).is_some());
        if let Some(label) = dated {
            return bare(&label.words());
        }
        let text = bare(text);
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let without = rest.strip_prefix('月').filter(|_| self.has_period && rest != text);
        without.map_or_else(|| text.clone(), str::to_owned)
    }
}

/// Whether a cell of the form is a label that one can read: something is called by it.
fn is_name(template: &Template) -> bool {
    template.is_label() && template.words().contains(char::is_alphabetic)
}

/// Whether a cell is a label right above another, as wide as it.
fn is_above(head: &grid::Cell<Template>, cell: &grid::Cell<Template>) -> bool {
    head.end_row() == cell.row
        && (head.column, head.columns) == (cell.column, cell.columns)
        && is_name(&head.content)
}

fn column(template: &Template) -> Column<'_> {
    let named = template.references().find_map(|reference| match reference {
        Reference::Indicator => Some(Column::Indicator),
        Reference::Column(name) => Some(Column::Value(name)),
        Reference::DepartmentField(_) | Reference::ProjectField(_) | Reference::Amount(_) => {
            Some(Column::Project(template))
        }
        _ => None,
    });
    named.unwrap_or(Column::Tree)
}
