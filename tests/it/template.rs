//! A form of another province: another tree, more columns, another layout, and no Rust.

use std::path::Path;

use crate::support;
use crate::support::pdf;

const FORM: &str = r#"
"附件" = "附表3"
"附件标题" = "{主管部门}绩效目标申报表"
"标题" = "项目绩效目标申报表"

["部门"]
"主管部门" = { "必填" = true }

["项目"]
"项目名称" = { "必填" = true }

["资金"]
"表名" = "资金"
"合计" = "总额"
"分项" = ["财政资金"]

["指标列"]
"指标值" = { "必填" = true }
"度量单位" = { "必填" = true }
"权重" = {}

["一级指标"."成本指标"]
"经济成本指标" = { "必填" = true, "硬性" = true }
"#;

const LAYOUT: &str = r#"
#let data = json("data.json")
#set document(title: data.title)
#set text(font: data.fonts.body, lang: "zh", region: "cn")
#for project in data.department.projects {
  heading(project.fields.项目名称)
  table(
    columns: 2 + data.form.columns.len(),
    table.header("二级", "三级", ..data.form.columns),
    ..for first in project.indicators {
      for second in first.groups {
        for row in second.rows { (second.name, row.name, ..row.values) }
      }
    },
  )
}
"#;

const PROJECT: &str = r#"
"项目名称" = "修路"
["资金"]
"财政资金" = 5
["经济成本指标"]
"总成本" = { "指标值" = "≤5", "度量单位" = "万元", "权重" = "10" }
"每公里成本" = { "指标值" = "≤1", "度量单位" = "万元" }
"#;

fn workspace(form: &str, layout: &str, project: &str) -> tempfile::TempDir {
    let workspace = tempfile::tempdir().expect("a temporary folder");
    let write = |path: &str, text: &str| {
        let path = workspace.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    write("表样/form.toml", form);
    write("表样/layout.typ", layout);
    write("data/2024/乙县/部门.toml", "\"主管部门\" = \"乙县交通局\"\n");
    write("data/2024/乙县/1.toml", project);
    workspace
}

fn failure(workspace: &Path) -> String {
    let output = support::jixiao(workspace, &["render", "--template", "表样"]).output();
    let output = output.expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn another_form_needs_no_rust() {
    let workspace = workspace(FORM, LAYOUT, PROJECT);
    support::run(workspace.path(), &["render", "--template", "表样"]);
    let pages = pdf::read(&workspace.path().join("output/2024/乙县.pdf"));
    let cells: Vec<String> = pages[0].table().into_iter().map(|cell| cell.text).collect();
    let head = ["二级", "三级", "指标值", "度量单位", "权重"];
    let first = ["经济成本指标", "总成本", "≤5", "万元", "10"];
    let second = ["经济成本指标", "每公里成本", "≤1", "万元", ""];
    assert_eq!(cells, [head, first, second].concat());
}

#[test]
fn what_the_form_does_not_declare_is_an_error() {
    let project = PROJECT.replace("\"权重\" = \"10\"", "\"权数\" = \"10\"");
    let message = failure(workspace(FORM, LAYOUT, &project).path());
    assert!(
        message.contains("没有“权数”这个键") && message.contains("是不是“权重”？"),
        "{message}"
    );
}

#[test]
fn mistakes_in_the_form_and_the_layout_are_shown_at_their_place() {
    let form = FORM.replace("\"标题\" =", "\"题目\" =");
    let message = failure(workspace(&form, LAYOUT, PROJECT).path());
    assert!(message.contains("表样/form.toml:4:1") && message.contains("题目"), "{message}");
    let layout = LAYOUT.replace("department.projects", "department.project");
    let message = failure(workspace(FORM, &layout, PROJECT).path());
    assert!(message.contains("表样/layout.typ:5:"), "{message}");
    let layout = format!("#import \"@preview/x:0.1.0\": y\n{LAYOUT}");
    let message = failure(workspace(FORM, &layout, PROJECT).path());
    assert!(message.contains("版式不能引用软件包"), "{message}");
    let layout = format!("#read(\"../data/2024/乙县/1.toml\")\n{LAYOUT}");
    failure(workspace(FORM, &layout, PROJECT).path());
}

#[test]
fn a_mistake_in_the_layout_is_told_once_for_all_departments() {
    let layout = LAYOUT.replace("department.projects", "department.project");
    let workspace = workspace(FORM, &layout, PROJECT);
    for name in ["丙县", "丁县"] {
        add_department(workspace.path(), name);
    }
    for options in [&[][..], &["--combined", "--jobs", "2"]] {
        let render = [&["render", "--template", "表样"], options].concat();
        let output = support::jixiao(workspace.path(), &render).output();
        let message = String::from_utf8(output.expect("the program starts").stderr).expect("text");
        assert_eq!(message.matches("E503").count(), 1, "{message}");
        assert!(message.contains("因 1 个错误没有写出"), "{message}");
    }
}

#[test]
fn a_form_without_a_layout_for_another_table_does_without_it() {
    let workspace = workspace(FORM, LAYOUT, PROJECT);
    add_department(workspace.path(), "丙县");
    let combined = ["render", "--template", "表样", "--combined", "-o", "a.pdf"];
    support::run(workspace.path(), &combined);
    assert_eq!(pdf::read(&workspace.path().join("a.pdf")).len(), 2);

    let failure = |arguments: &[&str], status| {
        let output = support::jixiao(workspace.path(), arguments).output();
        let output = output.expect("the program starts");
        assert_eq!(output.status.code(), Some(status));
        String::from_utf8(output.stderr).expect("text")
    };
    let message = failure(&[&combined[..], &["--summary"]].concat(), 1);
    assert!(message.contains("这个表样没有汇总表的版式"), "{message}");
    let diff = ["diff", "--template", "表样", "--format", "pdf", "/dev/null", "data/2024/丙县"];
    let message = failure(&diff, 2);
    assert!(message.contains("这个表样没有调整对照表的版式"), "{message}");
    assert!(message.contains("在表样里加上 comparison.typ"), "{message}");
}

/// Another department with the same project.
fn add_department(workspace: &Path, name: &str) {
    let folder = workspace.join("data/2024").join(name);
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("部门.toml"), "\"主管部门\" = \"交通局\"\n").expect("a file");
    std::fs::write(folder.join("1.toml"), PROJECT).expect("a file");
}
