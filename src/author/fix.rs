//! Repairs: the edits that findings carry, made in the files.

use std::path::Path;
use std::sync::Arc;

use crate::diagnostics::{BYTE_ORDER_MARK, Edit, Finding, SourceFile, repaired};
use crate::lint::Reviewer;
use crate::toml::text_file;

/// Repairs are repeated until nothing is left to repair; a repair may uncover another.
const MOST_ROUNDS: usize = 10;

/// Repairs what can be repaired in a department. How many repairs were made, and what kept
/// files from being written.
pub fn repair(reviewer: &Reviewer<'_>, folder: &Path) -> (usize, Vec<Finding>) {
    let mut total = 0;
    for _ in 0..MOST_ROUNDS {
        let (count, errors) = fix(&reviewer.look(folder));
        total += count;
        if count == 0 || !errors.is_empty() {
            return (total, errors);
        }
    }
    (total, Vec::new())
}

/// Makes the repairs that findings carry, each whole or not at all, and each file at once.
/// Repairs that touch the same text wait for another round. How many repairs were made, and what
/// kept files from being written.
fn fix(findings: &[Finding]) -> (usize, Vec<Finding>) {
    let mut files: Vec<(&Arc<SourceFile>, Vec<&[Edit]>)> = Vec::new();
    for fix in findings.iter().map(|finding| finding.fix.as_slice()) {
        let Some(first) = fix.first() else { continue };
        let source = &first.span.source;
        match files.iter_mut().find(|(known, _)| Arc::ptr_eq(known, source)) {
            Some((_, fixes)) => fixes.push(fix),
            None => files.push((source, vec![fix])),
        }
    }
    let mut total = 0;
    let mut errors = Vec::new();
    for (source, fixes) in files {
        let (text, count) = repaired(source.text(), &fixes);
        let mark = if source.bytes().starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK } else { b"" };
        match text_file::rewrite(source, &[mark, text.as_bytes()].concat()) {
            Ok(()) => total += count,
            Err(finding) => errors.push(*finding),
        }
    }
    (total, errors)
}
