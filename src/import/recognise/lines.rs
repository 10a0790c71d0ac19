//! The lines above and below a table.

use crate::amount::Unit;
use crate::form::Reference;
use crate::import::table::{Cell, Table};

use super::pattern::bare;
use super::{NO_PLACE, Reader, Said};

impl<'f, 'w> Reader<'f, 'w> {
    /// Whether a cell is one of the lines around a table, or has one beside others.
    pub(super) fn is_line(&self, cell: &Cell) -> bool {
        self.is_item(&cell.text) || items(&cell.text).iter().any(|item| self.is_item(item))
    }

    fn is_item(&self, text: &str) -> bool {
        let text = self.behind_number(text);
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

    /// Takes what the lines around a table say. Of a summary, which is computed, nothing else is told.
    pub(super) fn around(&mut self, table: &Table, cells: &[Cell]) {
        for cell in cells {
            if !self.line(table, cell) && !self.state.is_summary {
                self.unplaced(table, cell, NO_PLACE);
            }
        }
    }

    /// Takes what a line around a table says.
    pub(super) fn line(&mut self, table: &Table, cell: &Cell) -> bool {
        let items = items(&cell.text);
        if items.len() == 1 || !items.iter().any(|item| self.is_item(item)) {
            return self.item(&cell.text);
        }
        for item in items {
            if !self.item(item) {
                self.unplaced(table, &Cell { text: item.into(), ..cell.clone() }, NO_PLACE);
            }
        }
        true
    }

    fn item(&mut self, text: &str) -> bool {
        let text = self.behind_number(text);
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

/// What stands on a line side by side, with a wide space between: `部门：甲局　　　单位：元`.
fn items(text: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut start = 0;
    let mut gap: Option<usize> = None;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            gap = gap.or(Some(at));
            continue;
        }
        let Some(end) = gap.take() else { continue };
        let is_wide = text.get(end..at).is_some_and(|gap| gap.chars().count() > 1);
        let next = text.get(at..).unwrap_or_default();
        let next = next.split(char::is_whitespace).next().unwrap_or_default();
        // A label; other wide spaces are within a title, or a name.
        if is_wide && next.contains([':', '：']) {
            items.extend(text.get(start..end));
            start = at;
        }
    }
    items.extend(text.get(start..));
    items.retain(|item| !item.trim().is_empty());
    if items.is_empty() { vec![text] } else { items }
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

#[cfg(test)]
mod tests {
    use super::items;

    #[test]
    fn what_stands_side_by_side_is_taken_apart_at_its_labels() {
        assert_eq!(items("部门：820-甲局　　　金额单位：元"), ["部门：820-甲局", "金额单位：元"]);
        assert_eq!(items("  单位: 元 "), ["单位: 元 "]);
        assert_eq!(items("部门：甲局 乙所：丙"), ["部门：甲局 乙所：丙"]);
        assert_eq!(items("绩  效  目  标  表"), ["绩  效  目  标  表"]);
        assert_eq!(items("  "), ["  "]);
    }
}
