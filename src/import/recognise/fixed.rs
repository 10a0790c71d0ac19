//! Rows with labels and values.

use crate::amount::Unit;
use crate::form::{Reference, Template};
use crate::import::table::{Cell, Table};

use super::lines::{is_page_number, year};
use super::pattern::bare;
use super::words::CONTINUED;
use super::{NO_PLACE, Reader, Said, TWICE, said};

impl<'f, 'w> Reader<'f, 'w> {
    pub(super) fn fixed(&mut self, table: &Table, cells: &[Cell]) {
        if matches!(cells, [cell] if is_page_number(&cell.text)) {
            return;
        }
        let heads = cells.iter().filter_map(|cell| {
            Some((cell.column..cell.end_column(), self.words.below(&cell.text)?))
        });
        let heads: Vec<_> = heads.collect();
        self.state.is_above = !heads.is_empty();
        if self.state.is_above {
            self.state.below = heads;
        }
        let goes_on = cells.first().is_some_and(|cell| bare(&cell.text).ends_with(CONTINUED));
        let mut index = 0;
        while let Some(cell) = cells.get(index) {
            // Labels that say the same are told apart by their order.
            let before = cells.iter().take(index).filter(|it| bare(&it.text) == bare(&cell.text));
            index += 1;
            let mut same = self.words.all_values(&cell.text);
            let label = same.nth(before.count()).or_else(|| self.words.values(&cell.text));
            if let Some((templates, unit)) = label {
                self.name_unit(unit);
                let continued = bare(&cell.text).ends_with(CONTINUED);
                for template in templates.iter().copied() {
                    let value = cells.get(index).filter(|it| !self.words.is_word(&it.text));
                    let Some(value) = value else {
                        self.empty(table, template, cell);
                        continue;
                    };
                    index += 1;
                    self.value(table, template, value, continued);
                }
                continue;
            }
            if let [(_, unit), ..] = self.words.find(&cell.text) {
                self.name_unit(*unit);
                continue;
            }
            let below = self.state.below.iter().find(|(columns, _)| columns.contains(&cell.column));
            if let Some((_, template)) = below {
                self.value(table, template, cell, goes_on);
                continue;
            }
            let inline =
                self.words.inline.iter().find(|it| self.words.taken(it, &cell.text).is_some());
            match inline.copied() {
                Some(template) => self.value(table, template, cell, false),
                None if self.line(table, cell) => {}
                None => self.unplaced(table, cell, NO_PLACE),
            }
        }
    }

    fn name_unit(&mut self, unit: Option<Unit>) {
        if let (Some(form), Some(unit)) = (&mut self.state.form, unit) {
            form.unit = Some(unit);
        }
    }

    /// Notes that beside a label there is nothing.
    fn empty(&mut self, table: &Table, template: &'f Template, label: &Cell) {
        let Some(form) = &mut self.state.form else { return };
        for reference in template.references() {
            if let Reference::DepartmentField(name) | Reference::ProjectField(name) = reference {
                let place = table.place(label);
                form.fields.entry(name).or_insert_with(|| Said { place, ..Said::default() });
            }
        }
    }

    /// Takes the values of a template from a cell.
    pub(super) fn value(
        &mut self,
        table: &Table,
        template: &'f Template,
        cell: &Cell,
        continued: bool,
    ) {
        let Some(found) = self.words.taken(template, &cell.text) else {
            self.unplaced(table, cell, NO_PLACE);
            return;
        };
        let is_whole = found.len() == 1;
        let mut twice = false;
        for value in found {
            let Some(form) = &mut self.state.form else { return };
            let mut said = said(table, cell);
            if is_whole {
                said.text = value.text;
            } else {
                (said.text, said.number) = (value.text, None);
            }
            if value.guessed {
                let doubt = format!("从“{}”里分出来的", cell.text);
                said.doubts.push(doubt);
            }
            match value.reference {
                Reference::DepartmentField(name) | Reference::ProjectField(name) => {
                    twice |= is_twice(form.fields.entry(name), said, continued);
                }
                Reference::Amount(amount) => {
                    twice |= is_twice(form.amounts.entry(amount), said, continued);
                }
                Reference::Year(later) => {
                    form.year = year(&said.text, *later).or(form.year.take());
                }
                // What is computed is computed again.
                _ => {}
            }
        }
        if twice {
            self.unplaced(table, cell, TWICE);
        } else {
            self.repaired(cell);
        }
    }
}

/// Takes what is said of something, and whether something else has been said of it before.
fn is_twice<K>(place: indexmap::map::Entry<'_, K, Said>, said: Said, continued: bool) -> bool {
    match place {
        indexmap::map::Entry::Vacant(place) => {
            place.insert(said);
        }
        indexmap::map::Entry::Occupied(mut known) if continued => {
            known.get_mut().text += &said.text;
        }
        indexmap::map::Entry::Occupied(mut known) if known.get().text.is_empty() => {
            known.insert(said);
        }
        indexmap::map::Entry::Occupied(known) => return known.get().text != said.text,
    }
    false
}
