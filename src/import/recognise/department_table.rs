//! A form that has all projects of a department in one table: a project begins where its name does.

use crate::form::{Reference, Template};
use crate::import::table::{Cell, Table};

use super::pattern::{Value, bare};
use super::words::{CONTINUED, Column};
use super::{Form, NO_PLACE, Reader, Said, State, said};

const NO_PROJECT: &str = "看不出它属于哪个项目";

impl<'f, 'w> Reader<'f, 'w> {
    /// A row of a form that has all projects of a department in one table.
    pub(super) fn row_of_department(&mut self, table: &Table, cells: &[Cell]) {
        let is_below_head = self.state.is_head;
        if self.head(table, cells) {
            return;
        }
        // Below the head of another page, a project goes on.
        let own: Vec<Cell>;
        let cells = match &self.state.form {
            Some(_) if is_below_head => {
                own = cells.iter().map(|cell| self.without_continued(cell)).collect();
                &own
            }
            _ => cells,
        };
        if let [cell] = cells
            && self.is_line(cell)
        {
            let title = &self.form.blueprint.title;
            if self.words.taken(title, self.behind_number(&cell.text)).is_some() {
                // The table of another department.
                self.finish();
                let State { year, unit, .. } = std::mem::take(&mut self.state);
                self.state = State { year, unit, ..State::default() };
            }
            self.line(table, cell);
            return;
        }
        if self.state.heads.is_empty() {
            return self.around(table, cells);
        }
        if let Some((name, place)) = self.project_of_row(table, cells) {
            let current = self.state.form.as_ref();
            let current = current.and_then(|form| form.fields.get(self.words.project));
            if current.is_none_or(|current| bare(&current.text) != bare(&name)) {
                self.finish();
                self.state.form = Some(Form {
                    place,
                    // What stands above the table is true of all its projects.
                    year: self.state.year.clone(),
                    fields: self.state.titled.clone(),
                    totals: self.state.totals.clone(),
                    ..Form::default()
                });
            }
        } else if !self.has_indicator(cells) {
            return self.department_row(table, cells);
        }
        if self.state.form.is_some() {
            self.indicators(table, cells);
        } else {
            cells.iter().for_each(|cell| self.unplaced(table, cell, NO_PROJECT));
        }
    }

    /// A cell about a project, without what says that it goes on from the page before.
    fn without_continued(&self, cell: &Cell) -> Cell {
        let mut cell = cell.clone();
        if let Some(Column::Project(_)) = self.head_of(&cell)
            && let Some((said, rest)) = cell.text.rsplit_once(CONTINUED)
            && bare(rest).is_empty()
        {
            cell.text = said.trim_end_matches(['（', '(', '\n', ' ']).into();
        }
        cell
    }

    /// The name of the project that a row is about, if it says, and where it says so.
    fn project_of_row(&self, table: &Table, cells: &[Cell]) -> Option<(String, String)> {
        cells.iter().find_map(|cell| {
            let Some(Column::Project(template)) = self.head_of(cell) else { return None };
            let values = self.words.taken(template, &cell.text)?;
            let name = values.into_iter().find(|it| self.words.is_project_name(it.reference))?;
            Some((name.text, table.place(cell)))
        })
    }

    /// Whether a row has an indicator.
    fn has_indicator(&self, cells: &[Cell]) -> bool {
        cells.iter().any(|cell| self.head_of(cell) == Some(Column::Indicator))
    }

    /// The row with what the department has in all.
    fn department_row(&mut self, table: &Table, cells: &[Cell]) {
        let is_sure = |value: &Value<'_>| match value.reference {
            Reference::Amount(_) => value.text.contains(|c: char| c.is_ascii_digit()),
            _ => !value.guessed && !value.text.is_empty(),
        };
        let as_row = |row: &Vec<&'f Template>| -> Option<Vec<_>> {
            let values = row.iter().zip(cells).map(|(template, cell)| {
                let found = self.words.taken(template, &cell.text)?;
                found.iter().all(is_sure).then_some((cell, found))
            });
            (row.len() == cells.len()).then(|| values.collect()).flatten()
        };
        let Some(found) = self.words.totals.iter().find_map(as_row) else {
            return cells.iter().for_each(|cell| self.unplaced(table, cell, NO_PLACE));
        };
        self.finish();
        self.state.totals.clear();
        for (cell, values) in found {
            for Value { reference, text, .. } in values {
                let said = said(table, cell);
                match reference {
                    Reference::DepartmentField(name) => {
                        self.state.titled.insert(name, Said { text, ..said });
                    }
                    Reference::Amount(key) => self.state.totals.push((key, said)),
                    _ => {}
                }
            }
        }
    }
}
