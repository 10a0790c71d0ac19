//! Word documents, read back part by part: every cell says what the sheet says, and stands where it
//! stands there.

use std::fs;
use std::path::{Path, PathBuf};

use jixiao::files::package::Package;
use jixiao::sheet::{Arranger, Opening, Sheet};

use crate::support::{self, empty_workspace, form, run, sample, try_run};

/// A row of a table.
#[derive(Debug, Default)]
struct Row {
    /// Whether it is printed on every page.
    is_head: bool,
    /// Its cells: how many columns they cover, whether they go on from above, what they say.
    cells: Vec<(usize, bool, String)>,
}

fn part(file: &Path, name: &str) -> String {
    let mut package = Package::open(fs::read(file).unwrap()).unwrap();
    String::from_utf8(package.part(name).unwrap().unwrap()).unwrap()
}

/// The tables of a document.
fn tables(xml: &str) -> Vec<Vec<Row>> {
    let pieces = |xml: &str, tag: &str| -> Vec<String> {
        let (open, close) = (format!("<w:{tag}>"), format!("</w:{tag}>"));
        xml.split(&open).skip(1).map(|it| it.split(&close).next().unwrap().to_owned()).collect()
    };
    let cell = |xml: &String| {
        let columns = xml.split_once("<w:gridSpan w:val=\"").map_or(1, |(_, rest)| {
            let (columns, _) = rest.split_once('"').unwrap();
            columns.parse().unwrap()
        });
        let xml_with_breaks = xml.replace("<w:br/>", "<w:t>\n</w:t>");
        let texts = xml_with_breaks.replace(" xml:space=\"preserve\"", "");
        let text = pieces(&texts, "t").concat();
        (columns, xml.contains("<w:vMerge/>"), text.replace("&quot;", "\""))
    };
    let row = |xml: &String| Row {
        is_head: xml.contains("<w:tblHeader/>"),
        cells: pieces(xml, "tc").iter().map(cell).collect(),
    };
    pieces(xml, "tbl").iter().map(|table| pieces(table, "tr").iter().map(row).collect()).collect()
}

/// Compares the tables of a sheet with it: where each cell stands, and what it says.
fn assert_says(tables: &[Vec<Row>], sheet: &Sheet) {
    let columns = sheet.grid.widths().len();
    let rows: Vec<&Row> = tables.iter().flatten().collect();
    assert_eq!(rows.len(), sheet.grid.rows());
    let mut said = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let mut column = 0;
        for (span, continued, text) in &row.cells {
            if *continued {
                assert_eq!(text, "");
            } else {
                said.push((number, column, *span, text.clone()));
            }
            column += span;
        }
        assert_eq!(column, columns, "row {number}");
    }
    let mut expected: Vec<_> = sheet
        .grid
        .cells()
        .iter()
        .map(|cell| (cell.row, cell.column, cell.columns, cell.content.text()))
        .collect();
    expected.sort();
    assert_eq!(said, expected);
}

fn written(arguments: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let workspace = empty_workspace();
    support::add_sample(workspace.path());
    run(workspace.path(), &[&["render", "--format", "docx"], arguments].concat());
    let name =
        if arguments.contains(&"--combined") { "附件2.docx" } else { "056-灵沙乡.docx" };
    let path = workspace.path().join("output/2023").join(name);
    (workspace, path)
}

#[test]
fn every_cell_of_the_sample_says_what_the_data_says() {
    let (_workspace, path) = written(&[]);
    let xml = part(&path, "word/document.xml");
    let (form, department) = (form(), sample());
    let arranger = Arranger { form: &form.definition, year: "2023", period: "" };
    let sheets = arranger.forms(&department, 0..department.projects.len(), Opening::NumberedTitle);
    let tables = tables(&xml);
    // Above the indicators a table ends, so that their head is printed on every page.
    assert_eq!(tables.len(), 2 * sheets.len());
    for (tables, sheet) in tables.chunks(2).zip(&sheets) {
        assert_says(tables, sheet);
        assert!(!tables[0].iter().any(|row| row.is_head));
        let heads: Vec<bool> = tables[1].iter().map(|row| row.is_head).collect();
        assert!(heads[0] && !heads[1..].contains(&true));
    }
    // A4, each form from a page of its own on, the page's number at its outer edge.
    assert_eq!(xml.matches("<w:pageBreakBefore/>").count(), sheets.len() - 1);
    assert!(xml.contains("<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"), "{xml}");
    for (footer, side) in [("word/footer1.xml", "right"), ("word/footer2.xml", "left")] {
        let footer = part(&path, footer);
        assert!(footer.contains(" PAGE ") && footer.contains(&format!("<w:jc w:val=\"{side}\"/>")));
    }
}

#[test]
fn an_attachment_begins_with_its_summary_whose_pages_the_program_keeps() {
    let (_workspace, path) = written(&["--combined"]);
    let xml = part(&path, "word/document.xml");
    let (form, department) = (form(), sample());
    let arranger = Arranger { form: &form.definition, year: "2023", period: "" };
    let pages: Vec<usize> = (2..13).collect();
    let summary = arranger.summary(&[department], &pages).unwrap();
    let tables = tables(&xml);
    assert_says(&tables[..1], &summary);
    assert!(tables[0][0].is_head);
    for number in 1..=11 {
        assert!(xml.contains(&format!(" PAGEREF form{number} \\h ")), "{number}");
        assert!(xml.contains(&format!("w:name=\"form{number}\"")), "{number}");
    }
}

#[test]
fn the_same_data_is_the_same_bytes_and_is_not_written_twice() {
    let (workspace, path) = written(&[]);
    let first = fs::read(&path).unwrap();
    let again = run(workspace.path(), &["render", "--format", "docx"]);
    assert_eq!(again.results, "没有变化 output/2023/056-灵沙乡.docx\n");
    let forced = run(workspace.path(), &["render", "--format", "docx", "--force"]);
    assert_eq!(forced.results, "已写出 output/2023/056-灵沙乡.docx：11 张表\n");
    assert_eq!(fs::read(&path).unwrap(), first);
    run(workspace.path(), &["render", "--format", "docx", "--check"]);
    support::write(
        workspace.path(),
        Path::new(support::SAMPLE).join("部门.toml"),
        "\"主管部门\" = \"甲\"\n\"代码\" = \"056\"\n\"实施单位\" = \"乙\"\n",
    );
    let stale = try_run(workspace.path(), &["render", "--format", "docx", "--check"]);
    assert_eq!(stale.status, Some(1));
    assert!(stale.messages.contains("1 份 Word 里缺少 0 份、过时 1 份"), "{}", stale.messages);
}
