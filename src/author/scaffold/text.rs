//! The text of a new file, in the style in which data files are written: a blank line before
//! whatever has a comment of its own, two spaces before a comment at a line's end.

use crate::data::todo::TO_FILL_IN;
use crate::form::{Column, Definition, Field, FieldMeaning, Funding, Kind, Line};
use crate::toml::{Need, quoted};

/// Where a new file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folder {
    Department,
    Unit,
}

/// A TOML text that grows line by line.
#[derive(Debug, Default)]
pub(super) struct NewText(String);

impl NewText {
    /// Begins a file. The schema it follows is named by its path from the file's folder, which is that
    /// of a department, or of a unit within one.
    pub fn new(schema: Option<(&str, Folder)>) -> Self {
        let mut text = Self::default();
        if let Some((name, folder)) = schema {
            // From data/<year>/<department>/ up to the workspace.
            let up = "../".repeat(if folder == Folder::Unit { 4 } else { 3 });
            text.line(&format!("#:schema {up}schemas/{name}.schema.json"));
        }
        text
    }

    /// A comment in a line of its own.
    pub fn comment(&mut self, text: &str) {
        for line in text.lines() {
            self.line(&format!("# {line}"));
        }
    }

    /// A blank line, unless there is one or it would be the first.
    pub fn gap(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with("\n\n") {
            self.line("");
        }
    }

    /// A header field with its description; what is not known yet is left empty.
    pub fn field(&mut self, field: &Field, value: &str) {
        let optional = (field.need == Need::Optional).then_some("选填");
        let choices = choices(&field.kind);
        let known = Some(field.description.as_str()).filter(|text| !text.is_empty());
        let known = known.into_iter().chain(choices.as_deref());
        let description = optional.into_iter().chain(known).collect::<Vec<_>>().join("。");
        if !description.is_empty() {
            self.gap();
            self.comment(&description);
        }
        if let (Kind::Number(_), "") = (&field.kind, value) {
            self.line(&format!("{} = 0  # {TO_FILL_IN}", quoted(&field.name)));
            return;
        }
        // An empty text is flagged where it stands, unless the form allows it; of the goal there
        // is a rule of its own.
        let is_allowed = field.need == Need::Present && field.meaning != Some(FieldMeaning::Goal);
        let mark = if value.is_empty() && is_allowed {
            format!("  # {TO_FILL_IN}")
        } else {
            String::new()
        };
        self.line(&format!("{} = {}{mark}", quoted(&field.name), quoted(value)));
    }

    /// The head of a table of a form.
    pub fn table(&mut self, form: &Definition, key: &str, description: &str) {
        self.gap();
        self.comment(description);
        self.line(&form.header(key));
    }

    /// A line of the funds; what is not known of it has to be filled in. `known` has an amount for each
    /// of their columns.
    pub fn amounts(&mut self, line: &Line, funding: &Funding, known: &[Option<String>]) {
        let amount = |index: usize| known.get(index).and_then(Option::as_deref).unwrap_or("0");
        let cells = funding.columns.iter().enumerate();
        let cells = cells.map(|(index, column)| format!("{} = {}", quoted(column), amount(index)));
        let value = match &cells.collect::<Vec<_>>()[..] {
            [] => amount(0).to_owned(),
            cells => format!("{{ {} }}", cells.join(", ")),
        };
        let is_known = !known.is_empty() && known.iter().all(Option::is_some);
        let mark = match is_known {
            true => String::new(),
            false => format!("  # {TO_FILL_IN}：单位{}", funding.unit()),
        };
        self.line(&format!("{} = {value}{mark}", quoted(&line.name)));
    }

    /// A row with its columns; one that is not whole has to be filled in.
    pub fn row(&mut self, name: &str, cells: &[(String, String)], is_whole: bool) {
        let mark = if is_whole { String::new() } else { format!("  # {TO_FILL_IN}") };
        let value = match cells {
            [(_, value)] => value.clone(),
            cells => {
                let cells = cells.iter().map(|(name, value)| format!("{} = {value}", quoted(name)));
                format!("{{ {} }}", cells.collect::<Vec<_>>().join(", "))
            }
        };
        self.line(&format!("{} = {value}{mark}", quoted(name)));
    }

    pub fn finish(self) -> String {
        self.0
    }

    fn line(&mut self, line: &str) {
        self.0 += line;
        self.0.push('\n');
    }
}

/// What a row below a second-level indicator, or of a table of that name, looks like in a file.
pub fn example_row(form: &Definition, group: &str) -> String {
    let value = |column: &Column| match &column.kind {
        Kind::Text | Kind::Paragraph => quoted("……"),
        Kind::Number(_) => "0".to_owned(),
        Kind::Choice(choices) => quoted(choices.words.first().map_or("……", String::as_str)),
    };
    let mut levels = form.first_levels.iter().filter(|first| first.name == group);
    let detail = levels.find_map(|first| first.detail.as_ref());
    let name = quoted(detail.map_or("三级指标", |detail| &detail.row_name));
    match &form.written_columns(group).collect::<Vec<_>>()[..] {
        [column] if detail.is_none() => format!("{name} = {}", quoted(&column.name)),
        columns => {
            let cells: Vec<String> = columns
                .iter()
                .map(|column| format!("{} = {}", quoted(&column.name), value(column)))
                .collect();
            format!("{name} = {{ {} }}", cells.join(", "))
        }
    }
}

/// The words of which one is written, for who writes it.
pub(super) fn choices(kind: &Kind) -> Option<String> {
    match kind {
        Kind::Choice(choices) => Some(format!("写其中的一个：{}", choices.words.join("、"))),
        Kind::Text | Kind::Paragraph | Kind::Number(_) => None,
    }
}
