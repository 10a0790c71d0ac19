//! The lines above and below a table.

use crate::amount::Unit;
use crate::form::Reference;
use crate::import::table::Cell;

use super::pattern::bare;
use super::{Reader, Said};

impl<'f, 'w> Reader<'f, 'w> {
    /// Whether a text is one of the lines around a table.
    pub(super) fn is_line(&self, cell: &Cell) -> bool {
        let text = self.behind_number(&cell.text);
        bare(text).is_empty()
            || is_page_number(text)
            || is_unit(text).is_some()
            || self.words.lines.iter().any(|template| self.words.taken(template, text).is_some())
    }

    /// What stands behind the number of the attachment: 附件2：…… in front of a title.
    pub(super) fn behind_number<'t>(&self, text: &'t str) -> &'t str {
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
    pub(super) fn line(&mut self, cell: &Cell) -> bool {
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
}

/// `— 1 —`
pub(super) fn is_page_number(text: &str) -> bool {
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

/// The year of the data, from one that is so many years later.
pub(super) fn year(text: &str, later: i32) -> Option<String> {
    let year: i32 = bare(text).parse().ok()?;
    (1900..2200).contains(&year).then(|| (year - later).to_string())
}
