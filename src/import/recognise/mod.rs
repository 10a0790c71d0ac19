//! Tables → the forms in them, found by the words of the form definition: whatever rows and columns
//! they stand in, wherever a page ended, and whichever labels were lost there.

mod department_table;
mod fixed;
mod indicators;
mod lines;
mod pattern;
mod words;

use std::collections::BTreeMap;
use std::ops::Range;

use indexmap::IndexMap;

use self::words::{Head, Words};
use super::table::{Cell, Table};
use crate::amount::Unit;
use crate::form::{AmountKey, Definition, Template};

/// What was found in some tables.
#[derive(Debug, Default)]
pub struct Found<'f> {
    /// The forms, in the order in which they stand.
    pub forms: Vec<Form<'f>>,
    /// What has no place on the form.
    pub unplaced: Vec<Unplaced>,
    /// How many tables of all projects were passed over: they are computed.
    pub summaries: usize,
}

impl Found<'_> {
    /// How much of what stands in the tables has a place on the form, less what has none.
    pub fn fit(&self) -> i64 {
        let said = |form: &Form<'_>| {
            let rows = form.groups.values().flatten().map(|row| 1 + row.values.len());
            form.fields.len() + form.amounts.len() + rows.sum::<usize>()
        };
        let placed: usize = self.forms.iter().map(said).sum();
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        count(placed).saturating_sub(count(self.unplaced.len()))
    }
}

/// What has no place on the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// Where it stands.
    pub place: String,
    /// What it says.
    pub text: String,
    /// Why it has no place.
    pub reason: &'static str,
}

/// A form as it was found.
#[derive(Debug, Default)]
pub struct Form<'f> {
    /// Where it begins.
    pub place: String,
    /// The year that stands above it.
    pub year: Option<String>,
    /// Header fields, of the department and of the project, by name.
    pub fields: IndexMap<&'f str, Said>,
    /// Amounts by line.
    pub amounts: IndexMap<&'f AmountKey, Said>,
    /// What the table of a department that it is part of says all its projects come to.
    pub totals: Vec<(&'f AmountKey, Said)>,
    /// The unit of amounts, where one is named.
    pub unit: Option<Unit>,
    /// Indicators by second-level indicator.
    pub groups: IndexMap<&'f str, Vec<Row<'f>>>,
    /// What was repaired, and how often.
    pub repairs: BTreeMap<String, usize>,
}

/// What stands in a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// The text.
    pub text: String,
    /// The figures, if the file has a number.
    pub number: Option<String>,
    /// Where it stands.
    pub place: String,
    /// Why it is not sure.
    pub doubts: Vec<String>,
}

/// An indicator.
#[derive(Debug, Clone, Default)]
pub struct Row<'f> {
    /// Its name.
    pub name: Said,
    /// Its values, by column.
    pub values: IndexMap<&'f str, Said>,
}

const NO_PLACE: &str = "表样上没有放它的地方";
const TWICE: &str = "这一项前面已经有了，内容不同";
const NO_GROUP: &str = "看不出它属于哪个二级指标";

/// The least number of heads by which a table of all projects is known.
const SUMMARY_HEADS: usize = 3;

/// Finds the forms in some tables.
pub fn forms<'f>(form: &'f Definition, tables: &[Table]) -> Found<'f> {
    let words = Words::new(form);
    let mut reader =
        Reader { form, words: &words, found: Found::default(), state: State::default() };
    for table in tables {
        // Another table may go on with the same form: a page ended between them.
        reader.state.is_summary = false;
        for row in table.rows() {
            reader.row(table, row);
        }
    }
    reader.finish();
    reader.found
}

struct Reader<'f, 'w> {
    form: &'f Definition,
    words: &'w Words<'f>,
    found: Found<'f>,
    state: State<'f>,
}

/// What has been read so far.
#[derive(Default)]
struct State<'f> {
    form: Option<Form<'f>>,
    year: Option<String>,
    unit: Option<Unit>,
    /// What the title says of the department.
    titled: IndexMap<&'f str, Said>,
    /// What the table of a department says all its projects come to.
    totals: Vec<(&'f AmountKey, Said)>,
    is_summary: bool,
    is_indicators: bool,
    /// Whether the row before was a head of indicators.
    is_head: bool,
    /// The columns of the heads of indicators.
    heads: Vec<(Range<usize>, Head<'f>)>,
    /// The units that heads name, by their columns.
    units: Vec<(Range<usize>, Unit)>,
    /// Whether the row before was heads of what stands below them.
    is_above: bool,
    /// The columns whose heads are labels of what stands below them.
    below: Vec<(Range<usize>, &'f Template)>,
    /// The tree with a name that the indicators are in.
    tree: Option<&'f str>,
    first: Option<&'f str>,
    second: Second<'f>,
    /// Which of the halves that stand side by side is being read, and what the others have.
    half: Option<usize>,
    halves: BTreeMap<usize, Second<'f>>,
    /// The first-level indicators whose labels were there.
    firsts: Vec<&'f str>,
}

/// The second-level indicator that rows stand under.
#[derive(Debug, Clone, Default)]
struct Second<'f> {
    key: Option<&'f str>,
    /// Why it is not sure.
    guessed: Option<String>,
}

impl<'f, 'w> Reader<'f, 'w> {
    fn row(&mut self, table: &Table, cells: &[Cell]) {
        if self.words.of_department {
            return self.row_of_department(table, cells);
        }
        let texts = || cells.iter().map(|cell| cell.text.as_ref());
        let starts = self.starts(cells);
        if starts {
            self.finish();
            let place = cells.first().map(|cell| table.place(cell)).unwrap_or_default();
            self.state.form = Some(Form { place, ..Form::default() });
            self.state.is_summary = false;
        } else if self.words.summary_heads(texts()) >= SUMMARY_HEADS && !self.is_head(cells) {
            self.finish();
            self.state.is_summary = true;
            self.found.summaries += 1;
            return;
        }
        if self.state.form.is_none() || self.state.is_summary {
            return self.around(table, cells);
        }
        if let Some(tree) = cells.iter().find_map(|cell| self.words.tree(&cell.text))
            && self.state.tree != Some(tree)
        {
            self.state.tree = Some(tree);
            self.leave_levels();
        }
        if self.head(table, cells) {
            return;
        }
        if self.is_indicator(cells) {
            self.indicators(table, cells);
        } else {
            self.fixed(table, cells);
        }
    }

    /// Whether a form begins with a row: the first of the form, or one that names another project.
    fn starts(&self, cells: &[Cell]) -> bool {
        let texts = cells.iter().map(|cell| cell.text.as_ref());
        let opens = self.words.summary_heads(texts) < SUMMARY_HEADS
            && cells.iter().any(|cell| self.words.opens(&cell.text));
        match &self.state.form {
            None => opens || self.names_project(cells),
            Some(form) if form.fields.contains_key(self.words.project) => {
                self.names_project(cells) || opens && self.state.is_indicators
            }
            Some(_) => opens && self.state.is_indicators,
        }
    }

    fn names_project(&self, cells: &[Cell]) -> bool {
        let is_name =
            |template: &&Template| template.references().any(|it| self.words.is_project_name(it));
        let labelled = cells.iter().zip(cells.iter().skip(1)).any(|(label, value)| {
            let values = self.words.values(&label.text);
            values.is_some_and(|(values, _)| values.first().is_some_and(is_name))
                && !self.words.is_word(&value.text)
                && self.words.summary_heads([value.text.as_ref()].into_iter()) == 0
        });
        let inline = || {
            let mut templates = self.words.inline.iter().filter(|template| is_name(template));
            templates.any(|template| {
                cells.iter().any(|cell| self.words.taken(template, &cell.text).is_some())
            })
        };
        labelled || inline()
    }

    fn note(&mut self, repair: &str) {
        if let Some(form) = &mut self.state.form {
            *form.repairs.entry(repair.to_owned()).or_default() += 1;
        }
    }

    fn unplaced(&mut self, table: &Table, cell: &Cell, reason: &'static str) {
        let text = cell.text.to_string();
        self.found.unplaced.push(Unplaced { place: table.place(cell), text, reason });
    }

    /// Counts what was repaired in a cell.
    fn repaired(&mut self, cell: &Cell) {
        for repair in &cell.repairs {
            self.note(repair);
        }
    }

    /// Puts away the form that is being read.
    fn finish(&mut self) {
        let (year, unit) = (self.state.year.clone(), self.state.unit);
        let titled = std::mem::take(&mut self.state.titled);
        let Some(mut form) = self.state.form.take() else {
            // The title stands above the form that is to come.
            self.state.titled = titled;
            return;
        };
        form.year = form.year.or(year);
        form.unit = form.unit.or(unit);
        for (name, said) in &titled {
            if self.form.department_fields.iter().any(|field| field.name == **name) {
                form.fields.entry(name).or_insert_with(|| said.clone());
            }
        }
        self.found.forms.push(form);
        let (year, unit) = (self.state.year.take(), self.state.unit.take());
        self.state = match self.words.of_department {
            // Another project stands below the same heads.
            true => {
                let State { heads, units, totals, .. } = std::mem::take(&mut self.state);
                State { year, unit, titled, heads, units, totals, ..State::default() }
            }
            false => State { year, unit, titled, ..State::default() },
        };
    }
}

fn said(table: &Table, cell: &Cell) -> Said {
    Said {
        text: cell.text.to_string(),
        number: cell.number.clone(),
        place: table.place(cell),
        doubts: cell.doubt.iter().cloned().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Form as Edition;

    /// A row of cells: the column each starts in, how many it covers, and its text.
    fn row(row: usize, cells: &[(usize, usize, &str)]) -> Vec<Cell> {
        let cell = |&(column, columns, text): &(usize, usize, &str)| Cell {
            row,
            column,
            columns,
            text: text.into(),
            ..Cell::default()
        };
        cells.iter().map(cell).collect()
    }

    #[test]
    fn a_cell_is_below_the_head_that_it_covers_most_of() {
        let form = Edition::builtin().unwrap().definition;
        // Lines drawn by hand: the name begins left of its head, the value right of it.
        let cells = [
            row(0, &[(0, 4, "项目名称"), (4, 8, "修路")]),
            row(1, &[(0, 2, "一级指标"), (2, 3, "二级指标"), (5, 3, "三级指标"), (8, 4, "指标值")]),
            row(2, &[(0, 2, "产出指标"), (2, 2, "数量指标"), (4, 5, "里程"), (9, 3, "3公里")]),
        ];
        let table = Table { cells: cells.concat(), ruled: true, ..Table::default() };
        let found = forms(&form, &[table]);
        assert_eq!(found.unplaced, []);
        let row = &found.forms[0].groups["数量指标"][0];
        assert_eq!(row.name.text, "里程");
        assert_eq!(row.values["指标值"].text, "3公里");
    }
}
