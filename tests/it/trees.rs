//! Two trees of indicators with the same words in both, one under the other (长期, 年度): made by
//! form.toml alone.

use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use crate::support::editor::Editor;
use crate::support::{self, pdf};

const WORDS: &str = r#"
"附件标题" = "{主管部门}项目支出绩效目标表"
"标题" = "项目支出绩效目标表"
["部门"]
"主管部门" = { "必填" = true }
["项目"]
"项目名称" = { "必填" = true }
["资金"]
"合计" = "总额"
["指标列"]
"指标值" = { "必填" = true }
["指标树"]
"长期绩效指标" = { "多年" = true }
"年度绩效指标" = {}
["一级指标"."产出指标"]
"数量指标" = { "必填" = true }
"质量指标" = {}
["一级指标"."成本指标"]
"指标树" = "年度绩效指标"
"经济成本指标" = {}
["一级指标"."效益指标"]
"社会效益指标" = {}
"#;

/// All trees in one section.
pub const TOGETHER: &str = r#"
[["版面"]]
"行" = [["项目名称", "{项目名称}", "总额（{单位}）", "{总额}"]]
[["版面"]]
"宽" = [3, 3, 3, 6, 3]
"表头" = [["", "一级指标", "二级指标", "三级指标", "指标值"]]
"每条指标" = ["{指标树}", "{一级指标}", "{二级指标}", "{三级指标}", "{指标值}"]
"#;

/// Each tree in a section of its own.
const APART: &str = r#"
[["版面"]]
"行" = [["项目名称", "{项目名称}", "总额（{单位}）", "{总额}"]]
[["版面"]]
"指标树" = "长期绩效指标"
"宽" = [3, 3, 3, 6, 3]
"表头" = [["", "一级指标", "二级指标", "三级指标", "长期指标值"]]
"每条指标" = ["长期绩效指标", "{一级指标}", "{二级指标}", "{三级指标}", "{指标值}"]
[["版面"]]
"指标树" = "年度绩效指标"
"宽" = [3, 3, 3, 6, 3]
"表头" = [["", "一级指标", "二级指标", "三级指标", "年度指标值"]]
"每条指标" = ["年度绩效指标", "{一级指标}", "{二级指标}", "{三级指标}", "{指标值}"]
"#;

pub const PROJECT: &str = r#""项目名称" = "修路"
"总额" = 50

["长期绩效指标"."数量指标"]
"新修村道" = "30公里"
"加宽村道" = "12公里"

["长期绩效指标"."社会效益指标"]
"2026年通车的村" = "20个"

["年度绩效指标"."数量指标"]
"新修村道" = "10公里"

["年度绩效指标"."质量指标"]
"验收合格率" = "100%"

["年度绩效指标"."经济成本指标"]
"每公里成本" = "≤5万元"
"#;

pub const FILE: &str = "data/2024/012-乙县交通局/01-修路.toml";

pub fn workspace(sections: &str) -> TempDir {
    let workspace = support::empty_workspace();
    let root = workspace.path();
    support::write(root, "表样/form.toml", format!("{WORDS}{sections}"));
    support::write(root, "jixiao.toml", "[[\"表样\"]]\n\"采用\" = \"表样\"\n");
    support::write(
        root,
        Path::new(FILE).with_file_name("部门.toml"),
        "\"主管部门\" = \"乙县交通局\"\n",
    );
    support::write(root, FILE, PROJECT);
    workspace
}

fn printed(root: &Path) -> Vec<pdf::Page> {
    support::run(root, &["render", "-o", "a.pdf"]);
    pdf::read(&root.join("a.pdf"))
}

/// The cells of the rows of indicators; those that span several rows say how many.
fn indicators(page: &pdf::Page) -> Vec<String> {
    let cells = page.table().into_iter().skip(4).map(|cell| match cell.rows.len() {
        1 => cell.text,
        rows => format!("{}×{rows}", cell.text),
    });
    cells.collect()
}

#[test]
fn both_trees_are_printed_one_under_the_other() {
    let long_term = [
        &["长期绩效指标×4", "产出指标×3", "数量指标×2", "新修村道", "30公里"][..],
        &["加宽村道", "12公里", "质量指标", "", ""],
        &["效益指标", "社会效益指标", "2026年通车的村", "20个"],
    ];
    let of_the_year = [
        &["年度绩效指标×4", "产出指标×2", "数量指标", "新修村道", "10公里"][..],
        &["质量指标", "验收合格率", "100%"],
        &["成本指标", "经济成本指标", "每公里成本", "≤5万元"],
        &["效益指标", "社会效益指标", "", ""],
    ];
    let head = |value| ["", "一级指标", "二级指标", "三级指标", value];
    let together = workspace(TOGETHER);
    assert_eq!(
        indicators(&printed(together.path())[0]),
        [&head("指标值")[..], &long_term.concat(), &of_the_year.concat()].concat()
    );
    let apart = workspace(APART);
    let expected =
        [&head("长期指标值")[..], &long_term.concat(), &head("年度指标值"), &of_the_year.concat()];
    assert_eq!(indicators(&printed(apart.path())[0]), expected.concat());
}

#[test]
fn a_tree_that_goes_on_says_its_name_again() {
    let workspace = workspace(TOGETHER);
    let rows: String = (1..60).map(|it| format!("\"村道{it}\" = \"{it}公里\"\n")).collect();
    let header = "[\"年度绩效指标\".\"质量指标\"]\n";
    let text = PROJECT.replace(header, &format!("{header}{rows}"));
    support::write(workspace.path(), FILE, text);
    let pages = printed(workspace.path());
    assert!(pages.len() > 1);
    let second: Vec<String> = pages[1].table().into_iter().map(|cell| cell.text).collect();
    for text in ["年度绩效指标（续）", "产出指标（续）", "质量指标（续）"] {
        assert!(second.contains(&text.to_owned()), "{text} in {second:?}");
    }
}

#[test]
fn every_rule_knows_which_tree_it_is_about() {
    let workspace = workspace(TOGETHER);
    let root = workspace.path();
    // The same words in both trees are nothing to speak of, nor are later years where several are aimed
    // at.
    let checked = support::run(root, &["check"]).results;
    assert!(checked.contains("没有问题"), "{checked}");
    let refused = |from: &str, to: &str, wanted: &[&str]| {
        assert!(PROJECT.contains(from), "{from}");
        support::write(root, FILE, PROJECT.replacen(from, to, 1));
        let told = support::try_run(root, &["check"]);
        let said = format!("{}{}", told.results, told.messages);
        for wanted in wanted {
            assert!(said.contains(wanted), "{wanted} in\n{said}");
        }
    };
    refused(
        "[\"长期绩效指标\".\"数量指标\"]\n\"新修村道\" = \"30公里\"\n\"加宽村道\" = \"12公里\"\n",
        "",
        &["长期绩效指标.数量指标"],
    );
    refused("\"验收合格率\" = \"100%\"", "\"2026年验收\" = \"1次\"", &["2026年"]);
    refused(
        "\"验收合格率\" = \"100%\"",
        "\"新修村道\" = \"好\"",
        &["W210", "年度绩效指标.质量指标"],
    );
    refused(
        "[\"年度绩效指标\".\"质量指标\"]",
        "[\"年度绩效指标\".\"质量指数\"]",
        &[
            "年度绩效指标.质量指数",
            "是不是“年度绩效指标.质量指标”",
            "\"年度绩效指标\".\"质量指标\"",
        ],
    );
    refused(
        "[\"年度绩效指标\".\"质量指标\"]",
        "[\"质量指标\"]",
        &["没有“质量指标”", "[\"年度绩效指标\".\"质量指标\"]"],
    );
    refused(
        "[\"年度绩效指标\".\"数量指标\"]",
        "[\"长期绩效指标\".\"经济成本指标\"]\n\"一\" = \"1元\"\n[\"年度绩效指标\".\"数量指标\"]",
        &["没有“长期绩效指标.经济成本指标”"],
    );
    refused(
        "[\"年度绩效指标\".\"质量指标\"]",
        "[\"年度绩效指标\"]\n\"质量\" = \"好\"\n[\"年度绩效指标\".\"质量指标\"]",
        &["没有“年度绩效指标.质量”"],
    );
}

#[test]
fn files_with_trees_are_written_and_put_in_order_as_others_are() {
    let workspace = workspace(TOGETHER);
    let root = workspace.path();
    support::run(root, &["fmt", "--check"]);
    let (top, rest) = PROJECT.split_once("[\"长期绩效指标\".\"数量指标\"]").expect("a tree");
    let (long_term, of_the_year) = rest.split_once("[\"年度").expect("another");
    let shuffled = format!(
        "{top}['年度{}\n# 几年里的\n[\"长期绩效指标\".\"数量指标\"]  # 村道{long_term}",
        of_the_year.replacen("\".\"", "' . \"", 1)
    );
    support::write(root, FILE, &shuffled);
    support::run(root, &["fmt"]);
    let formatted = fs::read_to_string(root.join(FILE)).expect("a project");
    let expected = PROJECT.replacen(
        "[\"长期绩效指标\".\"数量指标\"]\n",
        "# 几年里的\n[\"长期绩效指标\".\"数量指标\"]  # 村道\n",
        1,
    );
    assert_eq!(formatted, expected);

    support::run(root, &["new", "架桥", "--year", "2024"]);
    let new = fs::read_to_string(root.join(FILE).with_file_name("02-架桥.toml")).expect("a file");
    for header in ["[\"长期绩效指标\".\"数量指标\"]", "[\"年度绩效指标\".\"经济成本指标\"]"]
    {
        assert!(new.contains(header), "{header} in\n{new}");
    }
    assert!(!new.contains("[\"长期绩效指标\".\"经济成本指标\"]"), "{new}");
    support::run(root, &["fmt", "--check"]);

    support::run(root, &["schema", "-o", "schemas"]);
    let schema = fs::read_to_string(root.join("schemas/项目.schema.json")).expect("a schema");
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
    let tree = |name: &str| schema["properties"][name]["properties"].clone();
    assert!(tree("年度绩效指标")["经济成本指标"].is_object(), "{schema:#}");
    assert!(tree("长期绩效指标")["经济成本指标"].is_null());
    let required = &schema["properties"]["长期绩效指标"]["required"];
    assert_eq!(*required, json!(["数量指标"]));
}

#[test]
fn two_years_are_compared_tree_by_tree() {
    let workspace = workspace(TOGETHER);
    let root = workspace.path();
    let next = FILE.replace("2024", "2025");
    support::run(root, &["rollover", "2024", "2025"]);
    let rolled = fs::read_to_string(root.join(&next)).expect("the next year's");
    assert!(rolled.contains("[\"长期绩效指标\".\"数量指标\"]"), "{rolled}");
    support::write(root, &next, rolled.replace("\"10公里\"", "\"8公里\""));
    let told = support::try_run(root, &["diff", "2024", "2025", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told.results).expect("JSON");
    let said = told.to_string();
    assert!(said.contains("年度绩效指标.数量指标") && said.contains("8公里"), "{told:#}");
    assert!(!said.contains("长期绩效指标"), "{told:#}");
}

#[test]
fn what_is_printed_comes_back_into_its_tree() {
    for sections in [TOGETHER, APART] {
        let workspace = workspace(sections);
        let root = workspace.path();
        for format in ["xlsx", "docx", "pdf"] {
            let file = format!("a.{format}");
            support::run(root, &["render", "--format", format, "-o", &file]);
            let other = support::empty_workspace();
            for name in ["表样/form.toml", "jixiao.toml"] {
                support::write(other.path(), name, fs::read(root.join(name)).expect("a file"));
            }
            let file = root.join(&file);
            let arguments = ["import", file.to_str().expect("a path"), "--year", "2024"];
            let run = support::run(other.path(), &arguments);
            let found = support::files(&other.path().join("data/2024"));
            let project = found.iter().find(|(path, _)| path.ends_with("01-修路.toml"));
            let text = project.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
            assert_eq!(text.as_deref(), Some(PROJECT), "{format}\n{}", run.messages);
        }
    }
}

#[test]
fn an_editor_offers_the_tables_of_both_trees() {
    let workspace = workspace(TOGETHER);
    let mut editor = Editor::open(workspace.path());
    editor.show(FILE, PROJECT);
    let offered = editor.ask_at("textDocument/completion", FILE, &format!("{PROJECT}\n|"));
    let edits: Vec<String> = offered
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|it| Some(it["textEdit"]["newText"].as_str()?.to_owned()))
        .collect();
    let has = |header: &str| edits.iter().any(|edit| edit.starts_with(header));
    assert!(has("[\"年度绩效指标\".\"社会效益指标\"]"), "{edits:?}");
    assert!(!has("[\"年度绩效指标\".\"质量指标\"]"), "it is there\n{edits:?}");
    let text = PROJECT.replacen("数量指标", "数|量指标", 1);
    let told = editor.ask_at("textDocument/hover", FILE, &text).to_string();
    assert!(told.contains("必填"), "{told}");
    editor.quit();
}

#[test]
fn a_form_says_where_each_tree_is_printed() {
    let refused = |form: String, wanted: &[&str]| {
        let workspace = workspace("");
        support::write(workspace.path(), "表样/form.toml", form);
        let told = support::try_run(workspace.path(), &["check"]);
        let said = format!("{}{}", told.results, told.messages);
        assert_eq!(told.status, Some(1), "{said}");
        for wanted in wanted {
            assert!(said.contains(wanted), "{wanted} in\n{said}");
        }
    };
    let form = |sections: &str| format!("{WORDS}{sections}");
    refused(
        form(&TOGETHER.replace("\"{指标树}\"", "\"绩效指标\"")),
        &["看不出印的是哪一棵", "长期绩效指标、年度绩效指标"],
    );
    let (first, _) = APART.split_once("[[\"版面\"]]\n\"指标树\" = \"年度").expect("a section");
    refused(form(first), &["指标树“年度绩效指标”没有印在表上"]);
    refused(
        form(&APART.replace("\"指标树\" = \"年度绩效指标\"", "\"指标树\" = \"年度\"")),
        &["没有指标树“年度”"],
    );
    let words = WORDS.replace("\"指标树\" = \"年度绩效指标\"", "\"指标树\" = \"年度\"");
    refused(format!("{words}{TOGETHER}"), &["没有指标树“年度”"]);
    let twice = WORDS.replace("\"经济成本指标\" = {}", "\"数量指标\" = {}");
    refused(format!("{twice}{TOGETHER}"), &["二级指标“数量指标”写了两次"]);
}
