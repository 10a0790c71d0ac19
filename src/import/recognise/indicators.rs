//! The rows of indicators, and of tables with columns of their own, below their heads.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::form::{self, Kind, SecondLevel};
use crate::import::table::{Cell, Table};

use super::pattern::bare;
use super::words::{Column, Head, Word};
use super::{NO_GROUP, NO_PLACE, Reader, Row, Said, Second, Unplaced, said};

impl<'f, 'w> Reader<'f, 'w> {
    /// Takes a row as the head of the indicators, or as a row of it, if it is one.
    pub(super) fn head(&mut self, table: &Table, cells: &[Cell]) -> bool {
        let found = self.words.heads(cells.iter().map(|cell| cell.text.as_ref()));
        // A row of nothing but columns goes on with the head above it.
        let is_lower = std::mem::take(&mut self.state.is_head)
            && !found.is_empty()
            && found.iter().all(Option::is_some);
        if !is_lower && !self.are_heads(&found, cells) {
            return false;
        }
        self.state.is_indicators = true;
        self.state.is_head = true;
        let detail = found.iter().flatten().find_map(|head| head.detail);
        // Below the head of a table with columns of its own stand its rows; below another, they
        // end.
        if detail.is_some() || self.detail().is_some() {
            self.leave_levels();
            self.state.second.key = detail;
        }
        if !is_lower {
            self.state.heads.clear();
            self.state.units.clear();
        }
        // The lowest head is that of the column.
        let upper = std::mem::take(&mut self.state.heads);
        for (cell, head) in cells.iter().zip(found) {
            let columns = cell.column..cell.end_column();
            let unit = self.words.find(&cell.text).first().and_then(|(_, unit)| *unit);
            if head.is_none() && !self.words.is_word(&cell.text) {
                self.unplaced(table, cell, NO_PLACE);
            }
            self.state.units.extend(unit.map(|unit| (columns.clone(), unit)));
            self.state.heads.extend(head.map(|head| (columns, head.clone())));
        }
        self.state.heads.extend(upper);
        true
    }

    /// Forgets which levels the rows before stood under.
    pub(super) fn leave_levels(&mut self) {
        (self.state.first, self.state.second) = Default::default();
        self.state.halves.clear();
        self.state.firsts.clear();
    }

    /// Whether a row is the head of the indicators.
    pub(super) fn is_head(&self, cells: &[Cell]) -> bool {
        let heads = self.words.heads(cells.iter().map(|cell| cell.text.as_ref()));
        self.are_heads(&heads, cells)
    }

    /// Whether a row is the head of the indicators, by what its cells are as heads.
    fn are_heads(&self, heads: &[Option<&Head<'f>>], cells: &[Cell]) -> bool {
        let is_known =
            |(head, cell): &(&Option<_>, &Cell)| head.is_some() || self.words.is_word(&cell.text);
        let known = heads.iter().zip(cells).filter(is_known).count();
        // A column more than the form has does not hide the others.
        let most = heads.iter().flatten().count() > 2 && heads.len() - known < known / 2;
        heads.len() > 1
            && heads.iter().flatten().any(|head| head.column == Column::Indicator)
            && (known == heads.len() || most)
    }

    pub(super) fn head_of(&self, cell: &Cell) -> Option<Column<'f>> {
        self.head_over(cell).map(|head| head.column)
    }

    /// The head that a cell covers most of: in documents made by hand, the lines of heads and rows do
    /// not always meet.
    fn head_over(&self, cell: &Cell) -> Option<&Head<'f>> {
        let covered = |columns: &Range<usize>| {
            let from = columns.start.max(cell.column);
            columns.end.min(cell.end_column()).saturating_sub(from)
        };
        // Of equals the first: the lowest, and in a row that from which the cell begins.
        let heads = self.state.heads.iter().filter(|(columns, _)| covered(columns) > 0);
        let most =
            heads.min_by(|(a, _), (b, _)| (covered(b) * a.len()).cmp(&(covered(a) * b.len())));
        most.map(|(_, head)| head)
    }

    /// Whether a row is one of the indicators: it is below their head, or names their tree.
    pub(super) fn is_indicator(&self, cells: &[Cell]) -> bool {
        let is_tree = |cell: &Cell| {
            self.words.first(&cell.text).or_else(|| self.words.second(&cell.text)).is_some()
        };
        let has_tree = cells.iter().any(is_tree);
        // Behind the indicators, the form may go on.
        let is_fixed = || {
            let is_label = |cell: &Cell| self.words.is_word(&cell.text);
            if self.state.is_above || cells.len() > 1 && cells.iter().all(is_label) {
                return true;
            }
            let mut others = cells
                .iter()
                .filter(|cell| !matches!(self.words.find(&cell.text), [(Word::Label, _)]));
            others.next().is_some_and(|cell| self.words.values(&cell.text).is_some())
        };
        let is_line = || matches!(cells, [cell] if self.is_line(cell));
        has_tree || self.state.is_indicators && !is_fixed() && !is_line()
    }

    /// A row of indicators, which may have one in each half.
    pub(super) fn indicators(&mut self, table: &Table, cells: &[Cell]) {
        self.state.is_indicators = true;
        let mut own: BTreeMap<Option<usize>, Vec<&Cell>> = BTreeMap::new();
        for cell in cells {
            match self.head_over(cell).map(|head| (head.column, head.half)) {
                Some((Column::Project(template), _)) => self.value(table, template, cell, false),
                head => own.entry(head.and_then(|(_, half)| half)).or_default().push(cell),
            }
        }
        let first = self.state.first;
        if let Some(common) = own.remove(&None) {
            self.state.half = None;
            self.indicator(table, &common);
        }
        if self.state.first != first {
            self.state.halves.clear();
        }
        for (half, cells) in own {
            let Some(at) = half else { continue };
            self.state.half = half;
            self.state.second = self.state.halves.remove(&at).unwrap_or_default();
            self.indicator(table, &cells);
            self.state.halves.insert(at, std::mem::take(&mut self.state.second));
        }
    }

    /// An indicator, behind the levels that it stands under.
    fn indicator(&mut self, table: &Table, cells: &[&Cell]) {
        let mut contents: Vec<&Cell> = Vec::new();
        let mut named = false;
        for (index, &cell) in cells.iter().enumerate() {
            let is_content = self.is_content(table, cell);
            let found = self.words.find(&cell.text);
            let first = self.words.first(&cell.text);
            let second = self.words.second(&cell.text);
            let is_said_again = || {
                let mut later = cells.iter().skip(index + 1);
                later.any(|it| !self.is_content(table, it) && self.words.second(&it.text) == second)
            };
            let is_label = matches!(found, [(Word::Label | Word::Tree(_), _), ..]);
            match (first, second) {
                _ if is_content => contents.push(cell),
                // The same word at two levels: the first level comes first.
                (Some(first), second)
                    if second.is_none() || self.state.first != Some(first) || is_said_again() =>
                {
                    if self.state.first != Some(first) {
                        self.state.second = Second::default();
                    }
                    self.state.first = Some(first);
                    self.state.firsts.push(first);
                }
                (_, Some(second)) if !named && contents.is_empty() => {
                    named = true;
                    let level = self.levels().find(|level| level.name == second);
                    let key = level.map(|level| level.key.as_str());
                    self.state.second = Second { key, guessed: None };
                    level.inspect(|level| self.lost_first(&level.key));
                }
                _ if is_label && contents.is_empty() => {}
                _ => contents.push(cell),
            }
        }
        if table.ruled && !named {
            contents.retain(|cell| !self.guess(cell));
        }
        // Without ruled columns, what begins at the left edge is below no head of indicators.
        let at_edge = |cell: &&Cell| !table.ruled && cell.column == 0;
        if !named && contents.first().is_some_and(at_edge) {
            contents.iter().for_each(|cell| self.unplaced(table, cell, NO_GROUP));
        } else if !contents.is_empty() {
            self.indicator_of(table, &contents);
        }
    }

    /// Whether a cell stands below the head of names or values, whatever it says.
    fn is_content(&self, table: &Table, cell: &Cell) -> bool {
        table.ruled && self.head_of(cell).is_some_and(|column| column != Column::Tree)
    }

    /// Takes a cell of the tree that is no word of the form for the one it is most like.
    fn guess(&mut self, cell: &Cell) -> bool {
        if self.head_of(cell) != Some(Column::Tree) {
            return false;
        }
        let text = bare(&cell.text);
        let levels = self.levels().filter(|level| {
            let name = bare(&level.name);
            !text.is_empty() && (name.starts_with(&text) || text.starts_with(&name))
        });
        let mut levels = levels.fuse();
        match (levels.next(), levels.next()) {
            (Some(level), None) => {
                let said = cell.text.replace('\n', "");
                let guessed = Some(format!("表上写的二级指标是“{said}”"));
                self.state.second = Second { key: Some(&level.key), guessed };
                true
            }
            _ => {
                self.state.second.key = None;
                false
            }
        }
    }

    /// The second-level indicators of the tree that is being read.
    fn levels(&self) -> impl Iterator<Item = &'f SecondLevel> + use<'f> {
        let (form, tree) = (self.form, self.state.tree);
        let tree = tree.or_else(|| form.trees.first().map(|tree| tree.name.as_str()));
        let firsts = form.first_levels.iter();
        let own = firsts.filter(move |first| {
            first.tree.as_ref().is_none_or(|it| Some(it.name.as_str()) == tree)
        });
        own.flat_map(|first| &first.second_levels)
    }

    /// The table with columns of its own that is being read.
    fn detail(&self) -> Option<&'f str> {
        let (first, _) = self.form.level(self.state.second.key?)?;
        first.detail.is_some().then_some(first.name.as_str())
    }

    /// Notes that the label of the first level was lost, where a page ended.
    fn lost_first(&mut self, second: &'f str) {
        let Some((first, _)) = self.form.level(second) else { return };
        if !self.state.firsts.contains(&first.name.as_str()) {
            self.state.firsts.push(&first.name);
            self.note("一级指标的名称有缺的，按二级指标归类");
        }
        self.state.first = Some(&first.name);
    }

    /// The columns that the cells of an indicator are in.
    fn columns(&self, table: &Table, cells: &[&Cell], second: &str) -> Vec<Option<Column<'f>>> {
        let is_own = |column: &Column<'f>| matches!(column, Column::Indicator | Column::Value(_));
        let heads = self.state.heads.iter().filter(|(_, head)| {
            is_own(&head.column) && (head.half.is_none() || head.half == self.state.half)
        });
        let mut order: Vec<_> = heads.map(|(at, head)| (at.start, head.column)).collect();
        order.sort_by_key(|(start, _)| *start);
        let mut order: Vec<_> = order.into_iter().map(|(_, column)| column).collect();
        if !order.contains(&Column::Indicator) {
            let names = self.form.columns_of(second).iter().map(|column| column.name.as_str());
            order = std::iter::once(Column::Indicator).chain(names.map(Column::Value)).collect();
        }
        let mut order = order.into_iter();
        let found: Vec<_> = cells.iter().map(|cell| self.head_of(cell)).collect();
        if table.ruled {
            let known = found.into_iter().map(|head| match head {
                Some(column) => Some(column).filter(is_own),
                // Where heads are known, what is below none of them is in none of their columns.
                None => order.next().filter(|_| self.state.heads.is_empty()),
            });
            return known.collect();
        }
        // Columns of spaces are sure if no two cells are in one, and none beside them all.
        let is_sure = found.contains(&Some(Column::Indicator))
            && found.iter().enumerate().all(|(index, column)| {
                column.as_ref().is_some_and(is_own)
                    && !found.iter().take(index).any(|it| it == column)
            });
        match is_sure {
            true => found,
            false => cells.iter().map(|_| order.next()).collect(),
        }
    }

    /// What is not sure of an amount in a column: its head names another unit than the form's.
    fn other_unit(&self, table: &Table, cell: &Cell, column: &form::Column) -> Option<String> {
        let own = self.form.funding.unit();
        let mut units = self.state.units.iter().filter(|(_, unit)| *unit != own);
        let is_above = |columns: &Range<usize>| !table.ruled || columns.contains(&cell.column);
        let (_, unit) = units.find(|(columns, _)| is_above(columns))?;
        matches!(column.kind, Kind::Number(_)).then(|| format!("表上的单位是{unit}，这里要写{own}"))
    }

    /// Takes an indicator from the cells right of the tree.
    fn indicator_of(&mut self, table: &Table, cells: &[&Cell]) {
        let Some(second) = self.state.second.key else {
            cells.iter().for_each(|cell| self.unplaced(table, cell, NO_GROUP));
            return;
        };
        let declared = self.form.columns_of(second);
        let mut row = Row::default();
        let mut has_name = false;
        let mut shifted = false;
        for (cell, column) in cells.iter().zip(self.columns(table, cells, second)) {
            shifted |= !table.ruled && self.head_of(cell) != column;
            let mut said = said(table, cell);
            let own = match column {
                Some(Column::Value(name)) => declared.iter().find(|it| it.name == name),
                _ => None,
            };
            said.doubts.extend(own.and_then(|own| self.other_unit(table, cell, own)));
            let fits = match column {
                Some(Column::Indicator) if !has_name => {
                    has_name = true;
                    row.name = said;
                    true
                }
                Some(Column::Value(_)) if own.is_some_and(|own| own.computed.is_some()) => true,
                Some(Column::Value(name)) if !row.values.contains_key(name) => {
                    row.values.insert(name, said);
                    true
                }
                _ => false,
            };
            if fits {
                self.repaired(cell);
            } else {
                self.unplaced(table, cell, NO_PLACE);
            }
        }
        if shifted && !self.state.heads.is_empty() {
            self.note("列错开了，按从左到右的顺序归位");
        }
        let guessed = self.state.second.guessed.clone();
        let (half, is_detail) = (self.state.half, self.detail().is_some());
        let Some(form) = &mut self.state.form else { return };
        if !has_name {
            for value in row.values.into_values() {
                let Said { place, text, .. } = value;
                let reason = "这一行没有三级指标的名称";
                self.found.unplaced.push(Unplaced { place, text, reason });
            }
            return;
        }
        row.name.doubts.extend(guessed);
        if let Some(column) = self.form.target().filter(|_| !is_detail)
            && !row.values.contains_key(column.name.as_str())
            && (half.is_none() || row.values.is_empty())
        {
            row.name.doubts.push(format!("表上没有{}", column.name));
        }
        let group = form.groups.entry(second).or_default();
        match group.iter_mut().find(|other| other.name.text == row.name.text) {
            None => group.push(row),
            // What stands in both halves is one, with the values of both.
            Some(other)
                if half.is_some() && row.values.keys().all(|it| !other.values.contains_key(it)) =>
            {
                other.values.extend(row.values);
            }
            Some(_) => {
                let reason = "同一个二级指标下有两条同名的三级指标，数据里只能写一条";
                let values = row.values.values().map(|value| value.text.as_str());
                let text = std::iter::once(row.name.text.as_str()).chain(values);
                let text = text.collect::<Vec<_>>().join(" | ");
                self.found.unplaced.push(Unplaced { place: row.name.place, text, reason });
            }
        }
    }
}
