//! The words of a form definition by which its parts are found on a page.

use std::collections::HashMap;

use super::pattern::{self, Value, bare, spellings};
use crate::amount::Unit;
use crate::form::{AmountKey, Blueprint, Definition, FieldMeaning, Reference, Template};
use crate::grid::{self, Grid};

/// What is printed behind a label that goes on from a page before.
const CONTINUED: &str = "续";

/// What a word on the form is.
#[derive(Debug, Clone)]
pub enum Word<'f> {
    /// A label with values to its right, from left to right; `None` for an empty cell.
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
    /// What the heads of the columns of indicators say, each with what is below it.
    pub columns: Vec<(String, Column<'f>)>,
    /// The labels of the first row of a form.
    opening: Vec<String>,
    /// What the heads of the summary say.
    summary: Vec<String>,
    /// The lines above and below a table.
    pub lines: Vec<&'f Template>,
    /// Labels with a value below them.
    below: Vec<(String, &'f Template)>,
    /// Cells that hold words and values.
    pub inline: Vec<&'f Template>,
    /// The field with the project's name.
    pub project: &'f str,
    /// The field with the department's code.
    code: Option<&'f str>,
    /// Whether labels have months in them.
    has_period: bool,
}

/// What stands in a column of indicators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column<'f> {
    /// The names of indicators.
    Indicator,
    /// A value of each.
    Value(&'f str),
    /// The tree, or what is the same in all rows.
    Tree,
}

impl<'f> Words<'f> {
    /// The words of a form.
    pub fn new(form: &'f Definition) -> Self {
        let mut words = Self {
            words: HashMap::new(),
            columns: Vec::new(),
            opening: Vec::new(),
            summary: Vec::new(),
            lines: Vec::new(),
            below: Vec::new(),
            inline: Vec::new(),
            project: form.field_name(FieldMeaning::ProjectName),
            code: form.field_about(FieldMeaning::DepartmentCode).map(|field| field.name.as_str()),
            has_period: form.prints_period(),
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
        for first in &form.first_levels {
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
            self.labels(&section.rows);
            self.labels(&section.last);
            let own = section.each.iter().map(|(_, row)| (0, row));
            let halves = section.halves.iter().map(|half| (half.column, &half.row));
            let cells = own.chain(halves).flat_map(|(start, row)| {
                row.cells().iter().map(move |cell| (start + cell.column, &cell.content))
            });
            for (at, template) in cells {
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
                    self.columns.push((bare(&head.content.words()), column));
                }
            }
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
                    values.push(template);
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

    fn label(&mut self, label: &Template, values: Option<Vec<&'f Template>>) {
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
        pattern::values(template, text, self.code)
    }

    /// What a text is as a word of the form; the unit that it names.
    pub fn find(&self, text: &str) -> &[(Word<'f>, Option<Unit>)] {
        let text = self.bare(text);
        let found = self.words.get(&text).or_else(|| self.words.get(text.strip_suffix(CONTINUED)?));
        found.map_or(&[], Vec::as_slice)
    }

    /// The label with values that a text is.
    pub fn values(&self, text: &str) -> Option<(&[&'f Template], Option<Unit>)> {
        self.find(text).iter().find_map(|(word, unit)| match word {
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

    /// What a text is the head of, as a head of the columns of indicators.
    pub fn column(&self, text: &str) -> Option<Column<'f>> {
        let text = self.bare(text);
        self.columns.iter().find(|(head, _)| *head == text).map(|(_, column)| *column)
    }

    /// What two labels have in common that are printed alike; the months that a form is about
    /// (1-7月执行数) are no part of its words.
    fn bare(&self, text: &str) -> String {
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
        _ => None,
    });
    named.unwrap_or(Column::Tree)
}
