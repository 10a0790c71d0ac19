//! The departments of a run in figures, one line each.

use std::collections::HashSet;

use unicode_width::UnicodeWidthStr;

use crate::amount::Money;
use crate::data::Figures;
use crate::form::Class;

/// What is told of a department.
#[derive(Debug)]
pub(super) struct Line {
    pub department: Figures,
    pub errors: usize,
    /// `None` where nobody looked for them.
    pub warnings: Option<usize>,
}

/// How many projects there are and what they cost, in words.
pub(super) fn projects(lines: &[Line]) -> String {
    format!("{} 个项目，资金合计 {}", count(lines), funding(lines))
}

/// How many departments they are about: one may have several forms, and units.
pub(super) fn departments(lines: &[Line]) -> usize {
    lines.iter().map(department).collect::<HashSet<_>>().len()
}

/// The lines that are counted: of each department the first, for its other forms are about the same
/// projects.
fn counted(lines: &[Line]) -> impl Iterator<Item = &Line> {
    let mut seen = HashSet::new();
    lines.iter().filter(move |line| seen.insert(own_folder(&line.department.folder)))
}

/// The folder of a department or of a unit, without that of the later form in it.
fn own_folder(folder: &str) -> &str {
    match folder.rsplit_once('/') {
        Some((own, within)) if Class::of_subfolder(within.as_ref()).is_some() => own,
        _ => folder,
    }
}

/// The folder of the department, and what is within it.
fn parted(folder: &str) -> (&str, Option<&str>) {
    folder.split_once('/').map_or((folder, None), |(department, within)| (department, Some(within)))
}

/// The folder of the department that a line is about.
fn department(line: &Line) -> &str {
    parted(&line.department.folder).0
}

fn count(lines: &[Line]) -> usize {
    counted(lines).map(|line| line.department.projects).sum()
}

fn funding(lines: &[Line]) -> Money {
    counted(lines).map(|line| line.department.funding).sum()
}

/// A table of departments, those with units with theirs below them, and their sum.
pub(super) fn table(lines: &[Line]) -> String {
    let unit = funding(lines).unit();
    let cells = |name: &str, projects: usize, funding: Money, errors: usize, warnings| {
        let mut cells = vec![
            name.to_owned(),
            projects.to_string(),
            funding.in_unit(unit).shortest(),
            errors.to_string(),
        ];
        cells.extend(warnings);
        cells
    };
    let has_warnings = lines.iter().any(|line| line.warnings.is_some());
    let shown = |warnings: Option<usize>| {
        has_warnings.then(|| warnings.map_or_else(String::new, |count| count.to_string()))
    };
    let mut heads = vec![
        "部门".to_owned(),
        "项目".to_owned(),
        format!("资金合计（{unit}）"),
        "错误".to_owned(),
    ];
    heads.extend(has_warnings.then(|| "警告".to_owned()));
    let mut rows: Vec<Vec<String>> = vec![heads];
    let mut add = |name: &str, lines: &[Line]| {
        let errors = lines.iter().map(|line| line.errors).sum();
        let warnings = lines.iter().filter_map(|line| line.warnings).reduce(|a, b| a + b);
        rows.push(cells(name, count(lines), funding(lines), errors, shown(warnings)));
    };
    for of_department in lines.chunk_by(|a, b| department(a) == department(b)) {
        let is_unit = |line: &Line| own_folder(&line.department.folder).contains('/');
        let has_units = of_department.iter().any(is_unit);
        if has_units && let Some(first) = of_department.first() {
            add(department(first), of_department);
        }
        for line in of_department {
            let folder = &line.department.folder;
            match parted(folder) {
                (_, Some(within)) if has_units => {
                    add(&format!("  {within}"), std::slice::from_ref(line))
                }
                (_, None) if has_units && line.department.projects == 0 => {}
                // What is the department's own.
                (_, None) if has_units => add("  本级", std::slice::from_ref(line)),
                _ => add(folder, std::slice::from_ref(line)),
            }
        }
    }
    add("合计", lines);
    aligned(&rows)
}

/// Rows with their columns one below the other: the first to the left, figures to the right.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            let space = " ".repeat(width - cell.width());
            if column == 0 { format!("{cell}{space}") } else { format!("{space}{cell}") }
        });
        format!("  {}", cells.collect::<Vec<_>>().join("  "))
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amount::Unit;

    #[test]
    fn a_department_with_several_forms_is_counted_once() {
        let line = |folder: &str, projects| Line {
            department: Figures { folder: folder.to_owned(), projects, funding: Money::default() },
            errors: 0,
            warnings: None,
        };
        let lines = [line("甲", 3), line("甲/自评", 2), line("乙/自评", 4), line("丙", 1)];
        assert_eq!((departments(&lines), count(&lines)), (3, 8));
    }

    #[test]
    fn columns_are_aligned_whatever_the_width_of_characters() {
        let line = |folder: &str, projects, funding, errors| Line {
            department: Figures {
                folder: folder.to_owned(),
                projects,
                funding: Money::parse(funding, Unit::WanYuan, 6).unwrap_or_default(),
            },
            errors,
            warnings: Some(0),
        };
        let lines = [line("056-灵沙乡", 11, "312.7584", 0), line("A", 2, "0", 10)];
        let table = table(&lines);
        let expected = "\
\u{20} 部门        项目  资金合计（万元）  错误  警告
  056-灵沙乡    11          312.7584     0     0
  A              2                 0    10     0
  合计          13          312.7584    10     0";
        assert_eq!(table, expected);
        assert_eq!(projects(&lines), "13 个项目，资金合计 312.7584 万元");
    }
}
