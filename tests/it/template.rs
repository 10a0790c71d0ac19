//! A form of another province: another tree, more columns, another picture, and no Rust.

use std::path::Path;

use tempfile::TempDir;

use crate::support;
use crate::support::form::{FormParts, OPTIONAL, QUANTIFIED, REQUIRED};
use crate::support::pdf;

const FORM: FormParts = FormParts {
    columns: &[("指标值", REQUIRED), ("度量单位", REQUIRED), ("权重", OPTIONAL)],
    levels: &[("成本指标", &[("经济成本指标", QUANTIFIED), ("社会成本指标", OPTIONAL)])],
    ..FormParts::LEAST
};

const PROJECT: &str = r#"
"项目名称" = "修路"
["资金"]
"财政资金" = 5
["经济成本指标"]
"总成本" = { "指标值" = "≤5", "度量单位" = "万元", "权重" = "10" }
"每公里成本" = { "指标值" = "≤1", "度量单位" = "万元" }
"#;

/// The same things in other places, under other labels.
const PICTURE: &str = r#"
[["版面"]]
"宽" = [2, 3, 2, 3]
"行" = [
  ["申报单位", "{主管部门}", "总额\n（{单位}）", "{总额}"],
  ["项目", "{项目名称}", "其中：\n财政资金", "{财政资金}"],
]
[["版面"]]
"宽" = [3, 3, 2, 2, 1]
"表头" = [["二级", "三级", "目标", "←", "权重"], ["↑", "↑", "指标值", "单位", "↑"]]
"每条指标" = ["{二级指标}", "{三级指标}", "{指标值}", "{度量单位}", "{权重}"]
[["版面"]]
"行" = [["填报人：", "{}", "{年度}年  月  日"]]
"#;

/// The layout that all forms share.
fn shared_layout() -> String {
    let path = support::repository().join("templates/layout.typ");
    std::fs::read_to_string(path).expect("the layout of all forms")
}

/// A workspace with a form of its own, and a department with a project.
fn workspace(form: &str, project: &str) -> TempDir {
    let workspace = support::empty_workspace();
    support::write(workspace.path(), "表样/form.toml", form);
    add_department(workspace.path(), "乙县", "乙县交通局", project);
    workspace
}

fn add_department(workspace: &Path, folder: &str, name: &str, project: &str) {
    let folder = Path::new("data/2024").join(folder);
    support::write(workspace, folder.join("部门.toml"), format!("\"主管部门\" = \"{name}\"\n"));
    support::write(workspace, folder.join("1.toml"), project);
}

/// Prints with a layout of the form's own, which is not to succeed.
fn refused(layout: &str) -> String {
    let workspace = workspace(&FORM.toml(), PROJECT);
    support::write(workspace.path(), "表样/layout.typ", layout);
    failure(workspace.path())
}

fn failure(workspace: &Path) -> String {
    let run = support::try_run(workspace, &["render", "--template", "表样"]);
    assert_eq!(run.status, Some(1), "{}", run.messages);
    assert!(!workspace.join("output").exists());
    run.messages
}

/// The cells of a page, each with its row and how many rows and columns it spans.
fn cells(page: &pdf::Page) -> Vec<(String, usize, usize, usize)> {
    let cells = page.table().into_iter();
    cells.map(|cell| (cell.text, cell.rows.start, cell.rows.len(), cell.columns.len())).collect()
}

#[test]
fn another_form_needs_no_rust() {
    let workspace = workspace(&(FORM.declared() + PICTURE), PROJECT);
    support::run(workspace.path(), &["render", "--template", "表样"]);
    let pages = pdf::read(&workspace.path().join("output/2024/乙县.pdf"));
    assert_eq!(pages.len(), 1);
    assert_eq!(
        pages[0].text_outside_tables(),
        "附表3乙县交通局绩效目标申报表项目绩效目标申报表— 1 —"
    );
    let expected = [
        (0, &["申报单位", "乙县交通局", "总额（万元）", "5.000000"][..]),
        (1, &["项目", "修路", "其中：财政资金", "5.000000"]),
        (2, &["二级", "三级", "目标", "权重"]),
        (3, &["指标值", "单位"]),
        (4, &["经济成本指标", "总成本", "≤5", "万元", "10"]),
        (5, &["每公里成本", "≤1", "万元", ""]),
        (6, &["社会成本指标", "", "", "", ""]),
        (7, &["填报人：", "", "2024年  月  日"]),
    ];
    let expected: Vec<(String, usize)> = expected
        .iter()
        .flat_map(|(row, texts)| texts.iter().map(|text| ((*text).to_owned(), *row)))
        .collect();
    let cells = cells(&pages[0]);
    let printed: Vec<(String, usize)> =
        cells.iter().map(|(text, row, ..)| (text.clone(), *row)).collect();
    assert_eq!(printed, expected);
    let spans = |wanted: &str| {
        let cell = cells.iter().find(|(text, ..)| text == wanted).expect("a cell");
        (cell.2, cell.3)
    };
    for label in ["二级", "三级", "权重", "经济成本指标"] {
        assert_eq!(spans(label).0, 2, "{label} spans two rows");
    }
    assert!(spans("目标").1 > spans("指标值").1, "目标 is above two columns");
}

#[test]
fn a_form_without_a_picture_or_with_a_field_in_none_is_an_error() {
    let message = failure(workspace(&FORM.declared(), PROJECT).path());
    assert!(message.contains("E502") && message.contains("没有写“版面”"), "{message}");
    let form = FORM.toml().replace(", \"{权重}\"", "");
    let message = failure(workspace(&form, PROJECT).path());
    assert!(message.contains("“权重”要填，却没有印在表上"), "{message}");
    assert!(message.contains("表样/form.toml:"), "{message}");
}

#[test]
fn a_word_of_the_form_that_no_font_has_is_told_before_anything_is_printed() {
    for (from, to) in [("填报人：", "填报人🙂："), ("社会成本指标", "社会成本🙂指标")]
    {
        let form = (FORM.declared() + PICTURE).replace(from, to);
        let workspace = workspace(&form, &PROJECT.replace(from, to));
        let check = support::try_run(workspace.path(), &["check", "--template", "表样"]);
        assert_eq!(check.status, Some(1), "{}", check.results);
        let said = check.results.contains("“🙂”") && check.results.contains("表样/form.toml");
        assert!(said, "{}", check.results);
        assert!(failure(workspace.path()).contains("“🙂”"));
    }
}

#[test]
fn what_the_form_does_not_declare_is_an_error() {
    let project = PROJECT.replace("\"权重\" = \"10\"", "\"权数\" = \"10\"");
    let message = failure(workspace(&FORM.toml(), &project).path());
    assert!(
        message.contains("没有“权数”这个键") && message.contains("是不是“权重”？"),
        "{message}"
    );
}

#[test]
fn mistakes_in_the_form_and_the_layout_are_shown_at_their_place() {
    let form = FORM.toml().replace("\"标题\" =", "\"题目\" =");
    let message = failure(workspace(&form, PROJECT).path());
    assert!(message.contains("表样/form.toml:3:1") && message.contains("题目"), "{message}");
    let layout = shared_layout();
    let broken = layout.replace("data.pages.enumerate", "data.page.enumerate");
    let place = layout.lines().position(|line| line.contains("data.pages.enumerate"));
    let place = format!("表样/layout.typ:{}:", place.expect("the pages") + 1);
    let message = refused(&broken);
    assert!(message.contains("E503") && message.contains(&place), "{message}");
    let message = refused(&format!("#import \"@preview/x:0.1.0\": y\n{layout}"));
    assert!(message.contains("版式不能引用软件包"), "{message}");
    refused(&format!("#read(\"../data/2024/乙县/1.toml\")\n{layout}"));
}

#[test]
fn a_layout_of_the_forms_own_is_used_and_prints_all_or_nothing() {
    let workspace = workspace(&FORM.toml(), PROJECT);
    let own = shared_layout().replace("stroke: 0.5pt", "stroke: 1.5pt");
    assert_ne!(own, shared_layout());
    let print = |name: &str| {
        support::run(workspace.path(), &["render", "--template", "表样", "-o", name]);
        std::fs::read(workspace.path().join(name)).expect("a PDF")
    };
    let shared = print("a.pdf");
    support::write(workspace.path(), "表样/layout.typ", &own);
    assert_ne!(print("b.pdf"), shared);
    let [shared, own_lines] =
        ["a.pdf", "b.pdf"].map(|name| pdf::read(&workspace.path().join(name)));
    assert_eq!(cells(&own_lines[0]), cells(&shared[0]));

    let message = refused(
        &shared_layout().replace("..page.cells.map(cell)", "..page.cells.slice(2).map(cell)"),
    );
    assert!(message.contains("E504"), "{message}");
}

#[test]
fn a_mistake_in_the_layout_is_told_once_for_all_departments() {
    let workspace = workspace(&FORM.toml(), PROJECT);
    let layout = shared_layout().replace("data.pages.enumerate", "data.page.enumerate");
    support::write(workspace.path(), "表样/layout.typ", layout);
    for name in ["丙县", "丁县"] {
        add_department(workspace.path(), name, "交通局", PROJECT);
    }
    for options in [&[][..], &["--combined", "--jobs", "2"]] {
        let render = [&["render", "--template", "表样"], options].concat();
        let message = support::try_run(workspace.path(), &render).messages;
        assert_eq!(message.matches("E503").count(), 1, "{message}");
        assert!(message.contains("因 1 个错误没有写出"), "{message}");
    }
}

#[test]
fn a_form_without_a_summary_does_without_it_and_its_changes_are_printed_as_those_of_any() {
    let workspace = workspace(&FORM.toml(), PROJECT);
    add_department(workspace.path(), "丙县", "丙县交通局", &PROJECT.replace("≤5", "≤6"));
    let combined = ["render", "--template", "表样", "--combined", "-o", "a.pdf"];
    support::run(workspace.path(), &combined);
    assert_eq!(pdf::read(&workspace.path().join("a.pdf")).len(), 2);

    // Who asks for it is told that there is none.
    let asked = support::try_run(workspace.path(), &[&combined[..], &["--summary"]].concat());
    assert!(matches!(asked.status, Some(1 | 2)), "{}", asked.messages);
    assert!(asked.messages.contains("没有汇总表"), "{}", asked.messages);

    let files = ["data/2024/乙县/1.toml", "data/2024/丙县/1.toml"];
    let diff = ["diff", "--template", "表样", "--format", "pdf", "-o", "b.pdf"];
    let told = support::try_run(workspace.path(), &[&diff[..], &files].concat());
    assert_eq!(told.status, Some(1), "{}", told.messages);
    let pages = pdf::read(&workspace.path().join("b.pdf"));
    let texts: Vec<String> = pages[0].table().into_iter().map(|cell| cell.text).collect();
    assert!(texts.iter().any(|text| text.contains("≤5")), "{texts:?}");
    assert!(texts.iter().any(|text| text.contains("≤6")), "{texts:?}");
}
