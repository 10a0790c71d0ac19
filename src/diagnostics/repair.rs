//! The edits that findings carry, made in a text.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Edit;

/// The text with its repairs, each whole or not at all, and which of them were made, by their
/// indices. Of repairs that touch the same text only the first is made; the others wait for another
/// round.
pub fn repaired(text: &str, fixes: &[&[Edit]]) -> (String, Vec<usize>) {
    // By where they start; two at one place would have no order.
    let mut accepted: BTreeMap<usize, &Edit> = BTreeMap::new();
    let mut made = Vec::new();
    for (index, fix) in fixes.iter().enumerate() {
        let is_free = |edit: &Edit| {
            let Range { start, end } = edit.span.range;
            let before = accepted.range(..=start).next_back();
            let is_after =
                before.is_none_or(|(&at, other)| at < start && other.span.range.end <= start);
            is_after && accepted.range(start..end).next().is_none()
        };
        if fix.iter().all(is_free) {
            accepted.extend(fix.iter().map(|edit| (edit.span.range.start, edit)));
            made.push(index);
        }
    }
    let mut repaired = String::with_capacity(text.len());
    let mut end = 0;
    for edit in accepted.into_values() {
        repaired += text.get(end..edit.span.range.start).unwrap_or_default();
        repaired += &edit.text;
        end = edit.span.range.end;
    }
    repaired += text.get(end..).unwrap_or_default();
    (repaired, made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::SourceFile;

    #[test]
    fn repairs_that_overlap_wait() {
        let source = SourceFile::new("a.toml", "abcdef");
        let edit = |range, text: &str| Edit { span: source.span(range), text: text.to_owned() };
        let fixes: [&[Edit]; 3] =
            [&[edit(0..1, "A"), edit(4..5, "E")], &[edit(4..6, "x")], &[edit(2..2, "-")]];
        assert_eq!(repaired(source.text(), &fixes), ("Ab-cdEf".to_owned(), vec![0, 2]));
    }
}
