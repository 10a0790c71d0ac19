//! Tables → the forms in them, found by the words of the form definition: whatever rows and columns
//! they stand in, wherever a page ended, and whichever labels were lost there.

mod pattern;
mod words;

use std::collections::BTreeMap;

use indexmap::IndexMap;

use self::pattern::bare;
use self::words::{Column, Word, Words};
use super::table::{Cell, Table};
use crate::amount::Unit;
use crate::form::{AmountKey, Definition, Reference, SecondLevel, Template};

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
    is_summary: bool,
    is_indicators: bool,
    /// Whether the row before was a head of indicators.
    is_head: bool,
    /// The columns of the heads of indicators.
    heads: Vec<(std::ops::Range<usize>, Column<'f>)>,
    /// The columns whose heads are labels of what stands below them.
    below: Vec<(std::ops::Range<usize>, &'f Template)>,
    /// The tree with a name that the indicators are in.
    tree: Option<&'f str>,
    first: Option<&'f str>,
    /// The key of the second-level indicator.
    second: Option<&'f str>,
    /// Why the second-level indicator is not sure.
    guessed: Option<String>,
    /// The first-level indicators whose labels were there.
    firsts: Vec<&'f str>,
}

impl<'f> Reader<'f, '_> {
    fn row(&mut self, table: &Table, cells: &[Cell]) {
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
            for cell in cells {
                if !self.line(cell) && !self.state.is_summary {
                    self.unplaced(table, cell, NO_PLACE);
                }
            }
            return;
        }
        if let Some(tree) = cells.iter().find_map(|cell| self.words.tree(&cell.text))
            && self.state.tree != Some(tree)
        {
            self.state.tree = Some(tree);
            (self.state.first, self.state.second, self.state.guessed) = Default::default();
            self.state.firsts.clear();
        }
        let is_lower = std::mem::take(&mut self.state.is_head) && self.is_lower_head(cells);
        if is_lower || self.is_head(cells) {
            self.state.is_indicators = true;
            self.state.is_head = true;
            let heads = cells.iter().filter_map(|cell| {
                Some((cell.column..cell.end_column(), self.words.column(&cell.text)?))
            });
            // The lowest head is that of the column.
            let heads: Vec<_> = heads.collect();
            let upper = if is_lower { std::mem::take(&mut self.state.heads) } else { Vec::new() };
            self.state.heads = heads.into_iter().chain(upper).collect();
        } else if self.is_indicator(cells) {
            self.indicator(table, cells);
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
        let is_name = |template: &&Template| {
            let mut references = template.references();
            references
                .any(|it| matches!(it, Reference::ProjectField(name) if name == self.words.project))
        };
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

    /// Whether a row is the head of the indicators.
    fn is_head(&self, cells: &[Cell]) -> bool {
        let columns: Vec<_> = cells.iter().map(|cell| self.words.column(&cell.text)).collect();
        let is_column =
            |column: &Option<Column<'_>>| column.is_some_and(|column| column == Column::Indicator);
        columns.len() > 1
            && columns.iter().any(is_column)
            && columns
                .iter()
                .zip(cells)
                .all(|(column, cell)| column.is_some() || self.words.is_word(&cell.text))
    }

    /// Whether a row goes on with the head above it: columns of the form, and nothing else.
    fn is_lower_head(&self, cells: &[Cell]) -> bool {
        !cells.is_empty() && cells.iter().all(|cell| self.words.column(&cell.text).is_some())
    }

    /// Whether a row is one of the indicators: it is below their head, or names their tree.
    fn is_indicator(&self, cells: &[Cell]) -> bool {
        let is_tree = |cell: &Cell| {
            let words = self.words.find(&cell.text);
            words.iter().any(|(word, _)| matches!(word, Word::First(_) | Word::Second(_)))
        };
        let has_tree = cells.iter().any(is_tree);
        // Behind the indicators, the form may go on.
        let is_fixed = || {
            let mut others = cells
                .iter()
                .filter(|cell| !matches!(self.words.find(&cell.text), [(Word::Label, _)]));
            others.next().is_some_and(|cell| self.words.values(&cell.text).is_some())
        };
        let is_line = || matches!(cells, [cell] if self.is_line(cell));
        has_tree || self.state.is_indicators && !is_fixed() && !is_line()
    }

    // ---- Rows with labels and values ----

    fn fixed(&mut self, table: &Table, cells: &[Cell]) {
        let heads = cells.iter().filter_map(|cell| {
            Some((cell.column..cell.end_column(), self.words.below(&cell.text)?))
        });
        let heads: Vec<_> = heads.collect();
        if !heads.is_empty() {
            self.state.below = heads;
        }
        let goes_on = cells.first().is_some_and(|cell| bare(&cell.text).ends_with('续'));
        let mut index = 0;
        while let Some(cell) = cells.get(index) {
            index += 1;
            if let Some((templates, unit)) = self.words.values(&cell.text) {
                self.name_unit(unit);
                let continued = bare(&cell.text).ends_with('续');
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
                None if self.line(cell) => {}
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
    fn value(&mut self, table: &Table, template: &'f Template, cell: &Cell, continued: bool) {
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

    // ---- Indicators ----

    fn indicator(&mut self, table: &Table, cells: &[Cell]) {
        self.state.is_indicators = true;
        let mut contents: Vec<&Cell> = Vec::new();
        let mut named = false;
        for cell in cells {
            let is_content = self.is_content(table, cell);
            let found = self.words.find(&cell.text);
            let first = found.iter().find_map(|(word, _)| match word {
                Word::First(name) => Some(*name),
                _ => None,
            });
            let second = found.iter().find_map(|(word, _)| match word {
                Word::Second(name) => Some(*name),
                _ => None,
            });
            let is_label = matches!(found, [(Word::Label | Word::Tree(_), _), ..]);
            match (first, second) {
                _ if is_content => contents.push(cell),
                // The same word at two levels: the first level comes first.
                (Some(first), second) if second.is_none() || self.state.first != Some(first) => {
                    if self.state.first != Some(first) {
                        (self.state.second, self.state.guessed) = (None, None);
                    }
                    self.state.first = Some(first);
                    self.state.firsts.push(first);
                }
                (_, Some(second)) if !named && contents.is_empty() => {
                    named = true;
                    let level = self.levels().find(|level| level.name == second);
                    self.state.second = level.map(|level| level.key.as_str());
                    self.state.guessed = None;
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

    fn head_of(&self, cell: &Cell) -> Option<Column<'f>> {
        let is_above = |columns: &std::ops::Range<usize>| columns.contains(&cell.column);
        self.state.heads.iter().find(|(columns, _)| is_above(columns)).map(|(_, column)| *column)
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
                self.state.second = Some(&level.key);
                let said = cell.text.replace('\n', "");
                self.state.guessed = Some(format!("表上写的二级指标是“{said}”"));
                true
            }
            _ => {
                self.state.second = None;
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

    /// Notes that the label of the first level was lost, where a page ended.
    fn lost_first(&mut self, second: &'f str) {
        let Some((first, _)) = self.form.level(second) else { return };
        if !self.state.firsts.contains(&first.name.as_str()) {
            self.state.firsts.push(&first.name);
            self.note("一级指标的名称有缺的，按二级指标归类");
        }
        self.state.first = Some(&first.name);
    }

    fn note(&mut self, repair: &str) {
        if let Some(form) = &mut self.state.form {
            *form.repairs.entry(repair.to_owned()).or_default() += 1;
        }
    }

    /// Takes an indicator from the cells right of the tree.
    fn indicator_of(&mut self, table: &Table, cells: &[&Cell]) {
        let Some(second) = self.state.second else {
            cells.iter().for_each(|cell| self.unplaced(table, cell, NO_GROUP));
            return;
        };
        let columns = self.form.columns.iter().map(|column| column.name.as_str());
        let mut order = std::iter::once(Column::Indicator).chain(columns.map(Column::Value));
        let mut row = Row::default();
        let mut has_name = false;
        let mut shifted = false;
        for cell in cells {
            let head = self.head_of(cell);
            let column = match head {
                Some(column) if table.ruled && column != Column::Tree => Some(column),
                _ if table.ruled && head.is_some() => None,
                _ => order.next(),
            };
            shifted |= !table.ruled && head != column;
            let said = said(table, cell);
            let fits = match column {
                Some(Column::Indicator) if !has_name => {
                    has_name = true;
                    row.name = said;
                    true
                }
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
        let guessed = self.state.guessed.clone();
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
        if let Some(column) = self.form.target()
            && !row.values.contains_key(column.name.as_str())
        {
            row.name.doubts.push(format!("表上没有{}", column.name));
        }
        let group = form.groups.entry(second).or_default();
        match group.iter().find(|other| other.name.text == row.name.text) {
            None => group.push(row),
            Some(_) => {
                let reason = "同一个二级指标下有两条同名的三级指标，数据里只能写一条";
                let values = row.values.values().map(|value| value.text.as_str());
                let text = std::iter::once(row.name.text.as_str()).chain(values);
                let text = text.collect::<Vec<_>>().join(" | ");
                self.found.unplaced.push(Unplaced { place: row.name.place, text, reason });
            }
        }
    }

    // ---- Lines around the tables ----

    /// Whether a text is one of the lines around a table.
    fn is_line(&self, cell: &Cell) -> bool {
        let text = self.behind_number(&cell.text);
        bare(text).is_empty()
            || is_page_number(text)
            || is_unit(text).is_some()
            || self.words.lines.iter().any(|template| self.words.taken(template, text).is_some())
    }

    /// What stands behind the number of the attachment: 附件2：…… in front of a title.
    fn behind_number<'t>(&self, text: &'t str) -> &'t str {
        let attachment = self.form.attachment.as_deref().map(bare).unwrap_or_default();
        if attachment.is_empty() || !bare(text).starts_with(&attachment) {
            return text;
        }
        let mut seen = String::new();
        let end = text.char_indices().find_map(|(at, c)| {
            seen += &bare(&c.to_string());
            (seen == attachment).then_some(at + c.len_utf8())
        });
        let rest = end.and_then(|end| text.get(end..)).unwrap_or_default();
        rest.trim_start_matches(|c: char| !c.is_alphanumeric())
    }

    /// Takes what a line around a table says.
    fn line(&mut self, cell: &Cell) -> bool {
        let text = self.behind_number(&cell.text);
        if bare(text).is_empty() || is_page_number(text) {
            return true;
        }
        if let Some(unit) = is_unit(text) {
            self.state.unit = Some(unit);
            if let Some(form) = &mut self.state.form {
                form.unit.get_or_insert(unit);
            }
            return true;
        }
        let found = self.words.lines.iter().find_map(|template| self.words.taken(template, text));
        let Some(found) = found else { return false };
        for value in found {
            match value.reference {
                Reference::Year(later) => {
                    self.state.year = year(&value.text, *later).or(self.state.year.take());
                }
                Reference::DepartmentField(name) => {
                    let said = Said { text: value.text, ..Said::default() };
                    self.state.titled.insert(name, said);
                }
                _ => {}
            }
        }
        true
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
        self.state = State { year, unit, titled, ..State::default() };
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

/// The year of the data, from one that is so many years later.
fn year(text: &str, later: i32) -> Option<String> {
    let year: i32 = bare(text).parse().ok()?;
    (1900..2200).contains(&year).then(|| (year - later).to_string())
}

/// `— 1 —`
fn is_page_number(text: &str) -> bool {
    let digits = bare(text);
    let is_marked =
        text.trim().starts_with(['—', '-', '–']) && text.trim().ends_with(['—', '-', '–']);
    is_marked
        && !digits.is_empty()
        && digits.len() < 6
        && digits.bytes().all(|b| b.is_ascii_digit())
}

/// `单位：万元`
fn is_unit(text: &str) -> Option<Unit> {
    let text = bare(text);
    let name = text.strip_prefix("金额").unwrap_or(&text).strip_prefix("单位")?;
    Unit::ALL.into_iter().find(|unit| unit.name() == name)
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
