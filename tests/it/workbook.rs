//! Excel workbooks, read back by a library that is not ours: every cell says what the sheet says.

use std::fs;

use calamine::{Data, Dimensions, Reader, Xlsx, open_workbook};
use jixiao::sheet::{Arranger, Opening, Sheet, Value};

use crate::support::{self, empty_workspace, form, run, sample, try_run};

/// A workspace with the sample, and its workbook.
fn written(arguments: &[&str]) -> (tempfile::TempDir, std::path::PathBuf) {
    let workspace = empty_workspace();
    support::add_sample(workspace.path());
    run(workspace.path(), &[&["render", "--format", "xlsx"], arguments].concat());
    let folder = workspace.path().join("output/2023");
    let name =
        if arguments.contains(&"--combined") { "附件2.xlsx" } else { "056-灵沙乡.xlsx" };
    (workspace, folder.join(name))
}

/// Compares a worksheet with the sheet it is of: texts, amounts, joined cells.
fn assert_says(book: &mut Xlsx<impl std::io::Read + std::io::Seek>, name: &str, sheet: &Sheet) {
    let above = u32::try_from(sheet.before.len()).unwrap();
    let range = book.worksheet_range(name).unwrap();
    let merged: Vec<Dimensions> = book.merge_cells_by_sheet_name(name).unwrap();
    for (line, row) in sheet.before.iter().zip(0..) {
        let found = range.get_value((row, 0)).map(ToString::to_string).unwrap_or_default();
        assert_eq!(found, line.texts[0].text(), "{name}");
    }
    for cell in sheet.grid.cells() {
        let at = |row: usize, column: usize| {
            (above + u32::try_from(row).unwrap(), u32::try_from(column).unwrap())
        };
        let (start, end) =
            (at(cell.row, cell.column), at(cell.end_row() - 1, cell.end_column() - 1));
        let found = range.get_value(start).cloned().unwrap_or_default();
        match (&cell.content.value, found) {
            (Value::Amount(amount), Data::Float(found)) => {
                assert_eq!(found.to_string(), amount.shortest(), "{name} {start:?}");
            }
            (Value::Page(page), Data::Float(found)) => {
                assert_eq!(found.to_string(), page.to_string());
            }
            (Value::Text, found) => {
                assert_eq!(found.to_string(), cell.content.text(), "{name} {start:?}");
            }
            (value, found) => panic!("{name} {start:?}: {value:?} is {found:?}"),
        }
        if start != end {
            assert!(merged.contains(&Dimensions::new(start, end)), "{name} {start:?}");
        }
    }
}

#[test]
fn every_cell_of_the_sample_says_what_the_data_says() {
    let (_workspace, path) = written(&[]);
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let (form, department) = (form(), sample());
    let arranger = Arranger { form: &form.definition, year: "2023", period: "" };
    let sheets = arranger.forms(&department, 0..department.projects.len(), Opening::NumberedTitle);
    let names: Vec<&str> = department.projects.iter().map(|project| project.name()).collect();
    assert_eq!(book.sheet_names(), names);
    for (sheet, name) in sheets.iter().zip(names) {
        assert_says(&mut book, name, sheet);
    }
}

#[test]
fn an_attachment_begins_with_its_summary() {
    let (_workspace, path) = written(&["--combined"]);
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    assert_eq!(book.sheet_names().len(), 12);
    let (form, department) = (form(), sample());
    let arranger = Arranger { form: &form.definition, year: "2023", period: "" };
    let pages: Vec<usize> = (2..13).collect();
    let summary = arranger.summary(&[department], &pages).unwrap();
    assert_says(&mut book, "汇总表", &summary);
}

#[test]
fn the_same_data_is_the_same_bytes_and_is_not_written_twice() {
    let (workspace, path) = written(&[]);
    let first = fs::read(&path).unwrap();
    let again = run(workspace.path(), &["render", "--format", "xlsx"]);
    assert_eq!(again.results, "没有变化 output/2023/056-灵沙乡.xlsx\n");
    run(workspace.path(), &["render", "--format", "xlsx", "--force"]);
    assert_eq!(fs::read(&path).unwrap(), first);
    run(workspace.path(), &["render", "--format", "xlsx", "--check"]);
    // Saved anew by another program, or of other data, it is not what would be written.
    fs::write(
        workspace.path().join(support::SAMPLE).join("部门.toml"),
        "\"主管部门\" = \"甲\"\n\"代码\" = \"056\"\n\"实施单位\" = \"乙\"\n",
    )
    .unwrap();
    let stale = try_run(workspace.path(), &["render", "--format", "xlsx", "--check"]);
    assert_eq!(stale.status, Some(1));
    assert_eq!(stale.results, "过时 output/2023/056-灵沙乡.xlsx\n");
    assert!(stale.messages.contains("1 份 Excel 里缺少 0 份、过时 1 份"), "{}", stale.messages);
}

#[test]
fn a_text_that_no_cell_holds_is_refused_and_nothing_is_written() {
    let workspace =
        support::workspace(&[("01.toml", &support::simple_project(&"字".repeat(40_000)))]);
    let refused = try_run(workspace.path(), &["render", "--format", "xlsx"]);
    assert_eq!(refused.status, Some(1));
    assert!(refused.messages.contains("E508"), "{}", refused.messages);
    assert!(!workspace.path().join("output").exists());
}
