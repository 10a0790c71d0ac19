//! A form of another province: another tree, more columns, another picture, and no Rust.

use std::fs;
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

/// All choices printed, the chosen one ticked, and a line to sign.
const TICKED: &str = r#"
"附件标题" = "{主管部门}项目申报表"
"标题" = "项目申报表"
"表下" = ["填表人：{填表人}", "负责人（签字）：　　　　　"]
["部门"]
"主管部门" = { "必填" = true }
"填表人" = { "必填" = true }
["项目"]
"项目名称" = { "必填" = true }
"项目类型" = { "必填" = true, "选项" = ["新增项目", "延续项目", "一次性项目"], "打勾" = true }
["资金"]
"合计" = "总额"
["指标列"]
"指标值" = { "必填" = true }
"完成可能性" = { "选项" = ["确定能", "有可能", "完全不可能"], "打勾" = true }
["一级指标"."产出指标"]
"数量指标" = {}
"质量指标" = {}
[["版面"]]
"宽" = [2, 3, 2, 3]
"行" = [["项目名称", "{项目名称}", "项目类型", "{项目类型}"], ["主管部门", "{主管部门}", "总额（{单位}）", "{总额}"]]
[["版面"]]
"表头" = [["二级指标", "三级指标", "指标值", "完成可能性"]]
"每条指标" = ["{二级指标}", "{三级指标}", "{指标值}", "{完成可能性}"]
"#;

#[test]
fn choices_are_printed_as_a_list_with_a_tick() {
    let workspace = support::empty_workspace();
    let root = workspace.path();
    support::write(root, "表样/form.toml", TICKED);
    let folder = Path::new("data/2024/001-乙县交通局");
    let own = "\"主管部门\" = \"乙县交通局\"\n\"填表人\" = \"张三\"\n";
    support::write(root, folder.join("部门.toml"), own);
    let project = "\"项目名称\" = \"修路\"\n\"项目类型\" = \"延续项目\"\n\"总额\" = 5\n\n[\"数量指标\"]\n\
        \"里程\" = { \"指标值\" = \"5公里\", \"完成可能性\" = \"有可能\" }\n\"桥\" = \"1座\"\n";
    support::write(root, folder.join("01-修路.toml"), project);
    let options = ["--template", "表样"];
    support::run(root, &[&["fmt", "--check"][..], &options].concat());
    support::run(root, &[&["render", "-o", "a.pdf"][..], &options].concat());
    let pages = pdf::read(&root.join("a.pdf"));
    let texts: Vec<String> = pages[0].table().into_iter().map(|cell| cell.text).collect();
    let expected = [
        &["项目名称", "修路", "项目类型", "□新增项目√延续项目□一次性项目"][..],
        &["主管部门", "乙县交通局", "总额（万元）", "5.000000"],
        &["二级指标", "三级指标", "指标值", "完成可能性"],
        &["数量指标", "里程", "5公里", "□确定能√有可能□完全不可能"],
        &["桥", "1座", "□确定能□有可能□完全不可能"],
        // Of an indicator that is not there, nobody asks how likely it is.
        &["质量指标", "", "", ""],
    ];
    assert_eq!(texts, expected.concat());
    let outside = pages[0].text_outside_tables();
    assert!(outside.contains("填表人：张三") && outside.contains("负责人（签字）："), "{outside}");
    // What is ticked comes back as the word.
    support::run(root, &[&["render", "--format", "xlsx", "-o", "a.xlsx"][..], &options].concat());
    let other = support::empty_workspace();
    let form = root.join("表样");
    let file = root.join("a.xlsx");
    let arguments =
        ["import", file.to_str().unwrap(), "--year", "2024", "--template", form.to_str().unwrap()];
    let run = support::try_run(other.path(), &arguments);
    let found = other.path().join("data/2024");
    let files = support::files(&found);
    let all: String = files.into_values().map(|it| String::from_utf8(it).unwrap()).collect();
    for text in ["\"项目类型\" = \"延续项目\"", "\"完成可能性\" = \"有可能\""] {
        assert!(all.contains(text), "{text} in\n{all}\n{}", run.messages);
    }
}

/// Amounts in 元 with three parts, of which one has parts; targets in three columns, and the
/// standard they are held against.
const SPLIT: &str = r#"
"附件标题" = "{主管部门}绩效目标申报表"
"标题" = "绩效目标申报表"
"表上" = ["金额单位：{单位}"]
["部门"]
"主管部门" = { "必填" = true }
["项目"]
"项目名称" = { "必填" = true }
["资金"]
"表名" = "项目资金"
"合计" = "资金总额"
"分项" = [{ "名称" = "财政拨款", "分项" = ["中央资金", "地方资金"] }, "单位资金", "其他资金"]
"单位" = "元"
"千分位" = true
["指标列"]
"计算符号" = { "选项" = ["≥", "≤", "=", "定性"], "必填" = true }
"指标值" = { "必填" = true }
"计量单位" = {}
"绩效标准" = { "选项" = ["计划标准", "行业标准", "历史标准"], "必填" = true }
["一级指标"."产出指标"]
"数量指标" = { "必填" = true }
"成本指标" = {}
[["版面"]]
"宽" = [2, 2, 3]
"行" = [
  ["{主管部门}", "←", "{项目名称}"],
  ["资金总额", "←", "{资金总额}"],
  ["财政拨款", "小计", "{财政拨款}"],
  ["↑", "中央资金", "{中央资金}"],
  ["↑", "地方资金", "{地方资金}"],
  ["单位资金", "←", "{单位资金}"],
  ["其他资金", "←", "{其他资金}"],
]
[["版面"]]
"表头" = [["二级指标", "三级指标", "指标值", "←", "←", "绩效标准"], ["↑", "↑", "计算符号", "数值", "计量单位", "↑"]]
"每条指标" = ["{二级指标}", "{三级指标}", "{计算符号}", "{指标值}", "{计量单位}", "{绩效标准}"]
"#;

#[test]
fn a_target_in_three_columns_is_one_value_for_the_rules() {
    let project = |cost: &str| {
        format!(
            "\"项目名称\" = \"修路\"\n[\"项目资金\"]\n\"中央资金\" = 200000.5\n\"地方资金\" = 100000\n\
             \"单位资金\" = 0\n\"其他资金\" = 20000\n[\"数量指标\"]\n\
             \"里程\" = {{ \"计算符号\" = \"≥\", \"指标值\" = \"5\", \"计量单位\" = \"公里\", \"绩效标准\" = \"计划标准\" }}\n\
             [\"成本指标\"]\n\
             \"总成本\" = {{ \"计算符号\" = \"≤\", \"指标值\" = \"{cost}\", \"计量单位\" = \"元\", \"绩效标准\" = \"计划标准\" }}\n"
        )
    };
    let workspace = workspace(SPLIT, &project("320000.5"));
    let options = ["--template", "表样"];
    let root = workspace.path();
    support::run(root, &[&["render"][..], &options].concat());
    let pages = pdf::read(&root.join("output/2024/乙县.pdf"));
    let cells = cells(&pages[0]);
    let texts: Vec<&str> = cells.iter().map(|(text, ..)| text.as_str()).collect();
    let expected = [
        &["乙县交通局", "修路", "资金总额", "320,000.50", "财政拨款", "小计", "300,000.50"][..],
        &["中央资金", "200,000.50", "地方资金", "100,000.00", "单位资金", "0"],
        &["其他资金", "20,000.00", "二级指标", "三级指标", "指标值", "绩效标准"],
        &["计算符号", "数值", "计量单位"],
        &["数量指标", "里程", "≥", "5", "公里", "计划标准"],
        &["成本指标", "总成本", "≤", "320000.5", "元", "计划标准"],
    ];
    assert_eq!(texts, expected.concat());
    let said = |text: &str| {
        support::write(root, "data/2024/乙县/1.toml", text);
        let run = support::try_run(root, &[&["check"][..], &options].concat());
        assert_eq!(run.status, Some(0), "{}", run.messages);
        run.results
    };
    assert!(!said(&project("320000.5")).contains("W201"));
    let told = said(&project("400000"));
    assert!(told.contains("W201") && told.contains("320000.5 元"), "{told}");
}

#[test]
fn the_form_of_the_guide_is_printed_as_the_guide_shows_it() {
    let guide =
        fs::read_to_string(support::repository().join("docs/own-form.md")).expect("a guide");
    let blocks: Vec<&str> =
        guide.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let [words, picture, department, project, choice] = blocks[..] else {
        panic!("{} blocks", blocks.len())
    };
    let workspace = support::empty_workspace();
    let write = |path: &str, text: &str| support::write(workspace.path(), path, text);
    write("我的表样/form.toml", &format!("{words}\n{picture}"));
    write("data/2024/012-清溪镇/部门.toml", department);
    write("data/2024/012-清溪镇/01-村道绿化.toml", project);
    write("jixiao.toml", choice);
    let checked = support::run(workspace.path(), &["check"]).results;
    assert!(checked.contains("没有问题"), "{checked}");
    support::run(workspace.path(), &["fmt", "--check"]);
    support::run(workspace.path(), &["render"]);
    let pages = pdf::read(&workspace.path().join("output/2024/012-清溪镇.pdf"));
    let texts: Vec<String> = pages[0].table().into_iter().map(|cell| cell.text).collect();
    let rows: [&[&str]; 11] = [
        &["项目名称", "村道绿化", "负责人", "王小平"],
        &["资金总额（元）", "206,500.50", "上级补助", "180,000.00"],
        &["本级安排", "26,500.50"],
        &["年度目标", "完成六个村的村道绿化，改善村容村貌。"],
        &["一级指标", "二级指标", "三级指标", "指标值", "权重"],
        &["产出指标", "数量指标", "绿化村道", "≥12.5公里", "30"],
        &["栽植苗木", "≥4200株", "20"],
        &["质量指标", "苗木成活率", "≥95%", "20"],
        &["时效指标", "完成时间", "2024年4月底前", "10"],
        &["效益指标", "社会效益指标", "村容村貌", "明显改善", "10"],
        &["满意度指标", "满意度指标", "村民满意度", "≥90%", "10"],
    ];
    assert_eq!(texts, rows.concat());
}
