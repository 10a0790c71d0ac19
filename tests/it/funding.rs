//! The funds of a form: in 元 or 万元, with parts of parts or none at all.

use tempfile::TempDir;

use crate::support;
use crate::support::pdf;
use jixiao::diagnostics::SourceFile;
use jixiao::form::{DEFINITION_FILE, Definition};

/// Amounts in 元, nothing but a total, and no table for it.
pub const YUAN: &str = r#"
"附件" = "附表3"
"附件标题" = "{主管部门}{年度}年绩效目标申报表"
"标题" = "项目绩效目标申报表"
"表上" = ["金额单位：{单位}"]
["部门"]
"主管部门" = { "必填" = true }
["项目"]
"项目名称" = { "必填" = true }
["资金"]
"合计" = "预算数"
"分项" = []
"单位" = "元"
"小数" = 2
"千分位" = true
"零" = "0.00"
["指标列"]
"指标值" = { "必填" = true }
["一级指标"."成本指标"]
"经济成本指标" = {}
[["版面"]]
"行" = [["{主管部门}", "{项目名称}", "预算数（{单位}）", "{预算数}"]]
[["版面"]]
"每条指标" = ["{二级指标}", "{三级指标}", "{指标值}"]
["汇总表"]
"标题" = "汇总表"
"表上" = ["单位：{单位}"]
[["汇总表"."版面"]]
"每个项目" = ["{项目名称}", "{预算数}"]
"末行" = [["合计", "{预算数}"]]
"#;

/// Three parts, of which one has parts; no more decimals than there are.
pub const NESTED: &str = r#"
"附件" = "附表3"
"附件标题" = "{主管部门}绩效目标申报表"
"标题" = "项目绩效目标申报表"
["部门"]
"主管部门" = { "必填" = true }
["项目"]
"项目名称" = { "必填" = true }
["资金"]
"表名" = "项目资金"
"合计" = "总额"
"分项" = [
  { "名称" = "财政拨款", "分项" = ["中央", { "名称" = "地方", "分项" = ["省", "县"] }] },
  "上年结转",
  "其他资金",
]
"小数" = "不补零"
"零" = "—"
["指标列"]
"指标值" = { "必填" = true }
["一级指标"."产出指标"]
"数量指标" = {}
[["版面"]]
"行" = [
  ["{主管部门}", "{项目名称}"],
  ["总额（{单位}）", "{总额}"],
  ["财政拨款", "{财政拨款}"],
  ["中央", "{中央}"],
  ["地方", "{地方}"],
  ["省", "{省}"],
  ["县", "{县}"],
  ["上年结转", "{上年结转}"],
  ["其他资金", "{其他资金}"],
]
[["版面"]]
"每条指标" = ["{二级指标}", "{三级指标}", "{指标值}"]
"#;

const NESTED_PROJECT: &str = r#"
"项目名称" = "修路"
["项目资金"]
"中央" = 10.5
"省" = 2
"县" = 0.25
"上年结转" = 0
"其他资金" = 1
["数量指标"]
"里程" = "5公里"
"#;

fn yuan_project(name: &str, amount: &str, cost: &str) -> String {
    format!(
        "\"项目名称\" = \"{name}\"\n\"预算数\" = {amount}\n[\"经济成本指标\"]\n\"总成本\" = \"{cost}\"\n"
    )
}

/// A department of projects with a form of its own.
fn workspace(form: &str, projects: &[&str]) -> TempDir {
    let workspace = support::empty_workspace();
    support::write(workspace.path(), "表样/form.toml", form);
    support::write(
        workspace.path(),
        "data/2023/820-马踏镇/部门.toml",
        "\"主管部门\" = \"马踏镇\"\n",
    );
    for (number, project) in (1..).zip(projects) {
        support::write(workspace.path(), format!("data/2023/820-马踏镇/{number}.toml"), project);
    }
    workspace
}

/// What the program says of a workspace, on both channels.
#[track_caller]
fn said(workspace: &TempDir, arguments: &[&str], status: i32) -> String {
    let arguments = [arguments, &["--template", "表样"]].concat();
    let run = support::try_run(workspace.path(), &arguments);
    let said = format!("{}{}", run.results, run.messages);
    assert_eq!(run.status, Some(status), "{said}");
    said
}

#[track_caller]
fn assert_says(said: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(said.contains(wanted), "{wanted} in\n{said}");
    }
}

/// The texts of a page's cells.
fn texts(page: &pdf::Page) -> Vec<String> {
    page.table().into_iter().map(|cell| cell.text).collect()
}

#[test]
fn amounts_in_yuan_are_printed_as_the_form_has_them() {
    let reward = yuan_project("村组干部报酬", "3309840.00", "≤3309840元");
    let other = yuan_project("办公费", "5517780.53", "≤551.778053万元");
    let nothing = yuan_project("其他", "0", "0元");
    let workspace = workspace(YUAN, &[&reward, &other, &nothing]);
    let combined = ["render", "--combined", "-o", "a.pdf"];
    assert_says(&said(&workspace, &combined, 0), &[]);
    let pages = pdf::read(&workspace.path().join("a.pdf"));
    assert_eq!(
        texts(&pages[0]),
        [
            "村组干部报酬",
            "3,309,840.00",
            "办公费",
            "5,517,780.53",
            "其他",
            "0.00",
            "合计",
            "8,827,620.53"
        ]
    );
    assert!(pages[0].text_outside_tables().contains("单位：元"));
    assert_eq!(texts(&pages[1])[..4], ["马踏镇", "村组干部报酬", "预算数（元）", "3,309,840.00"]);
    assert_eq!(texts(&pages[3])[3], "0.00");
    let outside = pages[1].text_outside_tables();
    assert!(outside.contains("马踏镇2023年绩效目标申报表"), "{outside}");
    assert!(outside.contains("金额单位：元"), "{outside}");
}

#[test]
fn every_word_about_amounts_in_yuan_says_yuan() {
    let good = yuan_project("村组干部报酬", "3309840", "≤3309840元");
    let workspace = workspace(YUAN, &[&good]);
    assert_says(&said(&workspace, &["check"], 0), &["资金合计 3309840 元"]);
    let file = "data/2023/820-马踏镇/1.toml";
    let check = |amount: &str, cost: &str, status: i32| {
        support::write(workspace.path(), file, yuan_project("村组干部报酬", amount, cost));
        said(&workspace, &["check"], status)
    };
    assert_says(
        &check("3309840", "≤330万元", 0),
        &["W201", "这里是 3300000 元，预算数是 3309840 元"],
    );
    assert_says(&check("3309840", "3309840", 0), &["W202", "按预算数（3309840 元）推算，单位是元"]);
    assert_says(
        &check("1.234", "1元", 1),
        &["E120", "小数超过 2 位", "单位是元，第 2 位小数就是 1 分钱"],
    );
    assert_says(&check("\"22元\"", "22元", 1), &["E112", "改成 22：只写数字，单位是元"]);
    let missing = check("22\n[\"预算\"]", "22元", 1);
    assert!(!missing.contains("万元"), "{missing}");

    support::write(workspace.path(), "old.toml", &good);
    support::write(workspace.path(), "new.toml", good.replace("3309840\n", "3309841.5\n"));
    assert_says(
        &said(&workspace, &["diff", "old.toml", "new.toml"], 1),
        &["3309840 → 3309841.5 元（+1.5）"],
    );
    let json = said(&workspace, &["diff", "old.toml", "new.toml", "--format", "json"], 1);
    assert_says(&json, &["\"unit\": \"元\"", "\"difference\": \"+1.5\""]);
    said(&workspace, &["diff", "old.toml", "new.toml", "--format", "pdf", "-o", "d.pdf"], 1);
    let page = &pdf::read(&workspace.path().join("d.pdf"))[0];
    assert!(page.text_outside_tables().contains("单位：元"));
    let cells = texts(page);
    assert_eq!(cells.iter().filter(|text| *text == "预算数").count(), 1, "{cells:?}");
    for text in ["3,309,840.00", "3,309,841.50", "+1.50"] {
        assert!(cells.iter().any(|cell| cell == text), "{text} in {cells:?}");
    }

    support::write(workspace.path(), file, &good);
    said(&workspace, &["new", "办公费", "--department", "820-马踏镇", "--year", "2023"], 0);
    let written =
        std::fs::read_dir(workspace.path().join("data/2023/820-马踏镇")).expect("a folder");
    let mut written = written.map(|entry| entry.expect("an entry").path());
    let written = written.find(|path| path.to_string_lossy().contains("办公费"));
    let written = std::fs::read_to_string(written.expect("a new file")).expect("a text");
    assert_says(&written, &["\"预算数\" = 0  # 待填：单位元\n"]);
}

#[test]
fn a_file_with_amounts_among_its_fields_has_one_style() {
    let messy = "预算数=3_309_840.50\n项目名称='办公费'\n[经济成本指标]\n总成本='3309840.5元'\n";
    let workspace = workspace(YUAN, &[messy]);
    said(&workspace, &["fmt"], 0);
    let text = std::fs::read_to_string(workspace.path().join("data/2023/820-马踏镇/1.toml"));
    let expected = yuan_project("办公费", "3309840.5", "3309840.5元").replace("[", "\n[");
    assert_eq!(text.expect("a text"), expected);
}

#[test]
fn parts_of_parts_are_counted_once() {
    let workspace = workspace(NESTED, &[NESTED_PROJECT]);
    said(&workspace, &["render"], 0);
    let pages = pdf::read(&workspace.path().join("output/2023/820-马踏镇.pdf"));
    let expected = [
        "马踏镇",
        "修路",
        "总额（万元）",
        "13.75",
        "财政拨款",
        "12.75",
        "中央",
        "10.5",
        "地方",
        "2.25",
        "省",
        "2",
        "县",
        "0.25",
        "上年结转",
        "—",
        "其他资金",
        "1",
        "数量指标",
        "里程",
        "5公里",
    ];
    assert_eq!(texts(&pages[0]), expected);

    // A sum that is written is held against its parts, each by itself.
    let wrong = NESTED_PROJECT
        .replace("\"中央\"", "\"总额\" = 13.75\n\"财政拨款\" = 12.8\n\"地方\" = 2.25\n\"中央\"");
    support::write(workspace.path(), "data/2023/820-马踏镇/1.toml", &wrong);
    let check = said(&workspace, &["check"], 1);
    assert_says(&check, &["E301", "“财政拨款”写的是 12.8，各项相加是 12.75（万元）", "1.toml:5:"]);
    assert_eq!(check.matches("写的是").count(), 1, "{check}");
}

/// The mistakes in a form: what is said and on which line.
fn mistakes(form: &str) -> Vec<(String, usize)> {
    let mut findings = Vec::new();
    Definition::parse(&SourceFile::new(DEFINITION_FILE, form), &mut findings);
    let place = |finding: &jixiao::diagnostics::Finding| {
        assert!(!finding.help.is_empty(), "{finding:?}");
        finding.span().map_or(0, jixiao::diagnostics::Span::line)
    };
    findings.iter().map(|it| (it.message.clone(), place(it))).collect()
}

#[test]
fn mistakes_in_the_funds_of_a_form_are_told_at_their_place() {
    assert!(mistakes(YUAN).is_empty() && mistakes(NESTED).is_empty());
    for (good, from, to, message, line) in [
        (YUAN, "\"单位\" = \"元\"", "\"单位\" = \"亿元\"", "金额没有“亿元”这个单位", 13),
        (YUAN, "\"小数\" = 2", "\"小数\" = 3", "单位是元的金额，小数只能是 0 到 2 位", 14),
        (YUAN, "\"小数\" = 2", "\"小数\" = \"两位\"", "单位是元的金额，小数只能是 0 到 2 位", 14),
        (YUAN, "\"小数\" = 2", "\"小数\" = -1", "单位是元的金额，小数只能是 0 到 2 位", 14),
        (NESTED, "\"省\", \"县\"", "\"省\", \"中央\"", "资金里有两行“中央”", 13),
        (NESTED, "\"上年结转\",\n", "\"总额\",\n", "资金里有两行“总额”", 14),
        (
            NESTED,
            "\"表名\" = \"项目资金\"",
            "\"表名\" = \"数量指标\"",
            "“数量指标”既是资金，又是别的栏目",
            10,
        ),
        (
            YUAN,
            "\"合计\" = \"预算数\"",
            "\"合计\" = \"项目名称\"",
            "“项目名称”既是资金，又是别的栏目",
            9,
        ),
    ] {
        assert_eq!(good.matches(from).count(), 1, "{from}");
        let found = mistakes(&good.replace(from, to));
        assert!(found.contains(&(message.to_owned(), line)), "{to}: {found:#?}");
    }
}
