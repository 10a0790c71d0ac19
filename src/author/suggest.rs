//! Suggested scores for evaluations, as comments behind their rows: never as values.

use std::path::Path;

use crate::data::{self, Project};
use crate::diagnostics::Finding;
use crate::form::Definition;
use crate::lint;
use crate::toml::text_file;
use crate::workspace::Forms;

/// What a suggestion begins with.
const WORD: &str = "建议得分：";
/// What stands between it and what else is said there.
const BETWEEN: char = '；';

/// Writes suggestions into the files of a later form, in place of those from before. The paths of the
/// files that are different now, each with how many suggestions it has.
///
/// # Errors
/// The files that cannot be written.
pub fn suggest(forms: &Forms, folder: &Path) -> Result<Vec<(String, usize)>, Vec<Finding>> {
    let form = &forms.of(folder).definition;
    // What is wrong with them is for `check` to say.
    let department = data::department(folder, forms, &mut Vec::new());
    let mut changed = Vec::new();
    let mut findings = Vec::new();
    for project in department.iter().flat_map(|department| &department.projects) {
        let (text, count) = with_suggestions(project, form);
        if text == project.source.text() {
            continue;
        }
        let bytes = project.source.with_text(text).bytes();
        match text_file::rewrite(&project.source, &bytes) {
            Ok(()) => changed.push((project.source.name().to_owned(), count)),
            Err(finding) => findings.push(*finding),
        }
    }
    if findings.is_empty() { Ok(changed) } else { Err(findings) }
}

/// The text of a project's file with suggestions, and how many there are.
fn with_suggestions(project: &Project, form: &Definition) -> (String, usize) {
    let text = project.source.text();
    let mut edits = Vec::new();
    let mut count = 0;
    for (group, row) in project.rows() {
        let suggested = lint::suggested(project, form, group.name.get_ref(), row);
        let Some(end) = row.values.values().map(|value| value.span().end).max() else { continue };
        let rest = text.get(end..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default();
        let start = line.find('#').unwrap_or(line.trim_end().len());
        let (closing, comment) = line.split_at(start);
        let said = comment.trim_start_matches('#').trim();
        // What somebody else has noted there stays.
        let said: Vec<&str> = said.split(BETWEEN).map(str::trim).collect();
        let other = said.iter().take_while(|part| !part.starts_with(WORD)).copied();
        let mut said: Vec<String> = other.filter(|it| !it.is_empty()).map(str::to_owned).collect();
        count += usize::from(suggested.is_some());
        said.extend(suggested.map(|suggested| format!("{WORD}{suggested}")));
        let comment = match said.is_empty() {
            true => String::new(),
            false => format!("  # {}", said.join(&BETWEEN.to_string())),
        };
        edits.push((end..end + line.len(), format!("{}{comment}", closing.trim_end())));
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for (range, new) in edits {
        // Two rows on one line are one that nobody writes.
        if range.start < done {
            continue;
        }
        result += text.get(done..range.start).unwrap_or_default();
        result += &new;
        done = range.end;
    }
    (result + text.get(done..).unwrap_or_default(), count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::SourceFile;
    use crate::form::Form;

    #[test]
    fn suggestions_stand_behind_their_rows_and_are_brought_up_to_date() {
        let form = Form::builtin_named("自评表").unwrap().unwrap().definition;
        let row = |name: &str, target: &str, reached: &str, comment: &str| {
            format!(
                "\"{name}\" = {{ \"年度指标值\" = \"{target}\", \"实际完成值\" = \"{reached}\", \
                 \"分值\" = 10, \"得分\" = 0 }}{comment}\n"
            )
        };
        let suggested = |text: &str| {
            let source = SourceFile::new("a.toml", text);
            let project = data::project(&source, &form, &mut Vec::new()).unwrap();
            with_suggestions(&project, &form)
        };
        let head = "[\"数量指标\"]\n";
        let text = head.to_owned()
            + &row("甲", "≥50个", "40个", "")
            + &row("乙", "≥50个", "", "  # 待填")
            + &row("丙", "≥50个", "90个", "  # 待填：再核一次")
            + &row("丁", "明显提高", "有所提高", "# 记一笔；建议得分：3");
        let expected = head.to_owned()
            + &row("甲", "≥50个", "40个", "  # 建议得分：8（完成了 80%）")
            + &row("乙", "≥50个", "", "  # 待填")
            + &row(
                "丙",
                "≥50个",
                "90个",
                "  # 待填：再核一次；建议得分：10；超出目标很多，要说明原因",
            )
            + &row(
                "丁",
                "明显提高",
                "有所提高",
                "  # 记一笔；建议得分：看完成程度定：达成的 8 到 10，部分达成的 6 到 8，没有达成的不到 6",
            );
        assert_eq!(suggested(&text), (expected.clone(), 3));
        assert_eq!(suggested(&expected), (expected.clone(), 3));
        let again = expected.replace("40个", "45个");
        assert!(suggested(&again).0.contains("# 建议得分：9（完成了 90%）"));
    }
}
