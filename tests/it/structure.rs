//! What a screen reader is told: the structure tree of the PDF, read back by a PDF library.

use crate::support;
use crate::support::pdf;
use crate::support::structure::{bookmarks, catalog, decoded, kids, kind, tables, text};
use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Object};

/// A cell as the structure tree has it.
#[derive(Debug, PartialEq, Eq)]
struct Cell {
    is_label: bool,
    row: usize,
    row_span: usize,
    column_span: usize,
}

/// A printed file and its catalog's entries.
fn printed(arguments: &[&str]) -> (tempfile::TempDir, std::path::PathBuf, Pdf) {
    let output = tempfile::tempdir().expect("a temporary folder");
    let path = output.path().join("a.pdf");
    let target = path.to_string_lossy();
    support::run(support::repository(), &[&["render", "-o", &target], arguments].concat());
    let pdf = Pdf::new(std::fs::read(&path).expect("a file")).expect("a PDF");
    (output, path, pdf)
}

#[test]
fn a_form_is_a_table_with_the_spans_that_are_printed_and_labels_as_headers() {
    let (_output, path, pdf) = printed(&[]);
    let root: Dict<'_> = catalog(&pdf).get("StructTreeRoot").expect("a structure tree");
    let tables = tables(&root);
    let pages = pdf::read(&path);
    assert_eq!(tables.len(), pages.len());
    let labels = labels();
    for (table, page) in tables.iter().zip(&pages) {
        let expected: Vec<Cell> = page
            .table()
            .iter()
            .map(|cell| Cell {
                is_label: labels.contains(&cell.text),
                row: cell.rows.start,
                row_span: cell.rows.len(),
                column_span: cell.columns.len(),
            })
            .collect();
        assert_eq!(cells(table), expected);
    }
}

#[test]
fn the_document_says_what_it_is_and_has_a_bookmark_for_each_project() {
    let (_output, _, pdf) = printed(&[]);
    let catalog = catalog(&pdf);
    assert_eq!(text(&catalog, "Lang").as_deref(), Some("zh-CN"));
    let departments = bookmarks(&catalog.get("Outlines").expect("bookmarks"));
    let [department] = departments.as_slice() else { panic!("{} bookmarks", departments.len()) };
    let title = "平罗县灵沙乡人民政府项目支出预算绩效目标表";
    assert_eq!(text(department, "Title").as_deref(), Some(title));
    let titles = bookmarks(department).into_iter().map(|project| text(&project, "Title"));
    let projects: Vec<String> = titles.map(|title| title.expect("a title")).collect();
    let names: Vec<String> =
        support::sample().projects.iter().map(|project| project.name().to_owned()).collect();
    assert_eq!(projects, names);
    let metadata = pdf.metadata();
    let field = |value: &Option<Box<[u8]>>| value.as_deref().map(decoded);
    assert_eq!(field(&metadata.title).as_deref(), Some(title));
    assert_eq!(field(&metadata.author).as_deref(), Some("平罗县灵沙乡人民政府"));
    let creator = format!("jixiao {}", env!("CARGO_PKG_VERSION"));
    assert_eq!(field(&metadata.creator), Some(creator));
}

#[test]
fn departments_of_the_same_data_are_told_apart() {
    let workspace = support::empty_workspace();
    let project = |index| support::project(&format!("经费{index}"), "目标", support::one_row);
    let [first, second, third, fourth] = [1, 2, 3, 4].map(project);
    let files = [("1.toml", first), ("2.toml", second), ("3.toml", third), ("4.toml", fourth)];
    let files: Vec<_> = files.iter().map(|(file, text)| (*file, text.as_str())).collect();
    for folder in ["001-甲乡", "002-甲乡"] {
        support::add_department(workspace.path(), folder, &files);
    }
    let path = workspace.path().join("a.pdf");
    // One worker sets a department at once, many set each form by itself.
    for jobs in ["1", "16"] {
        let render = ["render", "--force", "--combined", "--no-summary", "-o", "a.pdf"];
        support::run(workspace.path(), &[&render[..], &["--jobs", jobs]].concat());
        let pdf = Pdf::new(std::fs::read(&path).expect("a file")).expect("a PDF");
        let root: Dict<'_> = catalog(&pdf).get("StructTreeRoot").expect("a structure tree");
        let tables = tables(&root);
        assert_eq!(tables.len(), 8);
        assert!(tables.iter().all(|table| cells(table) == cells(&tables[0])));
        let departments = bookmarks(&catalog(&pdf).get("Outlines").expect("bookmarks"));
        let forms: Vec<usize> = departments.iter().map(|it| bookmarks(it).len()).collect();
        assert_eq!(forms, [4, 4]);
        for (number, page) in (1..).zip(&pdf::read(&path)) {
            let printed = page.text_outside_tables();
            assert!(printed.contains(&format!("— {number} —")), "{printed}");
        }
    }
}

/// The names of a thousand departments are longer than a text in PDF/A may be.
#[test]
fn a_document_of_very_many_departments_names_no_authors() {
    let workspace = support::empty_workspace();
    let project = support::simple_project("目标");
    let long_name = "很长".repeat(100);
    for index in 0..101 {
        let folder = format!("{index:03}-测试单位");
        let folder = support::add_department(workspace.path(), &folder, &[("01.toml", &project)]);
        let text = std::fs::read_to_string(folder.join("部门.toml")).expect("a file");
        let text = text.replacen("测试单位", &format!("{long_name}{index}"), 1);
        std::fs::write(folder.join("部门.toml"), text).expect("a file");
    }
    support::run(workspace.path(), &["render", "--combined", "--no-summary", "-o", "a.pdf"]);
    let pdf = Pdf::new(std::fs::read(workspace.path().join("a.pdf")).expect("a file"));
    assert_eq!(pdf.expect("a PDF").metadata().author, None);
}

/// Every word that is printed as a label.
fn labels() -> Vec<String> {
    let form = support::form().definition;
    let fixed = [
        "项目名称",
        "主管部门及代码",
        "实施单位",
        "项目属性",
        "项目期",
        "项目资金（万元）",
        "年度资金总额：",
        "其中：财政拨款",
        "　　　其他资金",
        "年度总体目标",
        "名称",
        "一级指标",
        "二级指标",
        "三级指标",
        "指标值",
        "绩效指标",
    ];
    let first = form.first_levels.iter().map(|level| level.name.clone());
    let second = form.second_levels().map(|level| format!("{}{}", level.name, level.note));
    fixed.map(str::to_owned).into_iter().chain(first).chain(second).collect()
}

fn cells(table: &Dict<'_>) -> Vec<Cell> {
    let mut rows = Vec::new();
    collect_rows(table, &mut rows);
    let rows = rows.iter().enumerate();
    rows.flat_map(|(row, element)| {
        kids(element).into_iter().map(move |cell| Cell {
            is_label: kind(&cell) == "TH",
            row,
            row_span: attribute(&cell, "RowSpan"),
            column_span: attribute(&cell, "ColSpan"),
        })
    })
    .collect()
}

fn collect_rows<'a>(element: &Dict<'a>, rows: &mut Vec<Dict<'a>>) {
    for kid in kids(element) {
        if kind(&kid) == "TR" { rows.push(kid) } else { collect_rows(&kid, rows) }
    }
}

/// A span, which is 1 where it is not written.
fn attribute(cell: &Dict<'_>, key: &str) -> usize {
    let attributes: Vec<Dict<'_>> = match cell.get::<Array<'_>>("A") {
        Some(list) => list.iter::<Object<'_>>().filter_map(Object::into_dict).collect(),
        None => cell.get::<Dict<'_>>("A").into_iter().collect(),
    };
    let spans = attributes.iter().find_map(|attributes| attributes.get::<i32>(key));
    spans.map_or(1, |span| usize::try_from(span).expect("a span"))
}
