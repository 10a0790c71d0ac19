//! The edits that findings carry, made in a text.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Edit;

/// The text with its repairs, each whole or not at all, and how many of them were made. Of repairs
/// that touch the same text only the first is made; the others wait for another round.
pub fn repaired(text: &str, fixes: &[&[Edit]]) -> (String, usize) {
    // By where they start; two at one place would have no order.
    let mut accepted: BTreeMap<usize, &Edit> = BTreeMap::new();
    let mut count = 0;
    for fix in fixes {
        let is_free = |edit: &Edit| {
            let Range { start, end } = edit.span.range;
            let before = accepted.range(..=start).next_back();
            let is_after =
                before.is_none_or(|(&at, other)| at < start && other.span.range.end <= start);
            is_after && accepted.range(start..end).next().is_none()
        };
        if fix.iter().all(is_free) {
            accepted.extend(fix.iter().map(|edit| (edit.span.range.start, edit)));
            count += 1;
        }
    }
    let mut repaired = String::with_capacity(text.len());
    let mut end = 0;
    for edit in accepted.into_values() {
        repaired += &text[end..edit.span.range.start];
        repaired += &edit.text;
        end = edit.span.range.end;
    }
    repaired += &text[end..];
    (repaired, count)
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
        assert_eq!(repaired(source.text(), &fixes), ("Ab-cdEf".to_owned(), 2));
    }
}
