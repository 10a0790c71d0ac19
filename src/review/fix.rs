//! Repairs: the edits that findings carry, made in the files.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::atomic_file;
use crate::diagnostics::{BYTE_ORDER_MARK, Edit, Finding, Rule, Severity, SourceFile};
use crate::io_error;

static UNREPAIRABLE: Rule = Rule {
    code: "E604",
    name: "改不了文件",
    severity: Severity::Error,
    explanation: r#"看什么：check --fix 能不能把改好的内容写回文件。
为什么：写不进去时，原来的文件保持不动，不会只改一半。
反例：文件是只读的，或者检查的时候别人正在保存它。
正例：关掉别的编辑器，确认有写的权限，再运行一次。"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&UNREPAIRABLE];

/// Makes the repairs that findings carry, each whole or not at all, and each file at once.
/// Repairs that touch the same text wait for another round. How many repairs were made, and what
/// kept files from being written.
pub fn fix(findings: &[Finding]) -> (usize, Vec<Finding>) {
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
        match write(source, &text) {
            Ok(()) => total += count,
            Err(message) => {
                let path = Path::new(source.name());
                let finding = Finding::about(&UNREPAIRABLE, path, message);
                errors.push(finding.help("确认没有别的程序正在用它，再运行一次"));
            }
        }
    }
    (total, errors)
}

/// The text with its repairs, and how many of them there was room for.
fn repaired(text: &str, fixes: &[&[Edit]]) -> (String, usize) {
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

/// Writes a repaired text back, if the file still says what was read.
fn write(source: &SourceFile, text: &str) -> Result<(), String> {
    let reason = |error: std::io::Error| {
        format!("改不了这个文件：{}；原来的文件没有改动", io_error::in_chinese(&error))
    };
    // A link stays a link: what it points to is replaced.
    let path = Path::new(source.name()).canonicalize().map_err(reason)?;
    let current = fs::read(&path).map_err(reason)?;
    if current != source.bytes() {
        return Err("检查以后文件又被改过，这一次没有动它".to_owned());
    }
    let metadata = fs::metadata(&path).map_err(reason)?;
    if metadata.permissions().readonly() {
        return Err("文件是只读的，没有改动".to_owned());
    }
    let mark = if current.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK } else { b"" };
    atomic_file::replace(&path, &[mark, text.as_bytes()].concat()).map_err(reason)?;
    fs::set_permissions(&path, metadata.permissions()).map_err(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repairs_that_overlap_wait() {
        let source = SourceFile::new("a.toml", "abcdef");
        let edit = |range, text: &str| Edit { span: source.span(range), text: text.to_owned() };
        let fixes: [&[Edit]; 3] =
            [&[edit(0..1, "A"), edit(4..5, "E")], &[edit(4..6, "x")], &[edit(2..2, "-")]];
        assert_eq!(repaired(source.text(), &fixes), ("Ab-cdEf".to_owned(), 2));
    }
}
