//! The built-in editions, each with a sample that is read back from its PDF.

use std::path::PathBuf;

use tempfile::TempDir;

use crate::support;
use crate::support::pdf;

/// A workspace with an edition's sample, and the arguments that choose the edition.
fn sample(edition: &str) -> (TempDir, [String; 2]) {
    let workspace = support::empty_workspace();
    let repository = support::repository();
    support::copy(&repository.join("tests/editions").join(edition), workspace.path());
    let template = repository.join("templates").join(edition);
    (workspace, ["--template".to_owned(), template.to_string_lossy().into_owned()])
}

/// Runs a command on an edition's sample, and returns what it says.
#[track_caller]
fn run(workspace: &TempDir, template: &[String; 2], arguments: &[&str], status: i32) -> String {
    let arguments: Vec<&str> =
        arguments.iter().copied().chain(template.iter().map(String::as_str)).collect();
    let run = support::try_run(workspace.path(), &arguments);
    let said = format!("{}{}", run.results, run.messages);
    assert_eq!(run.status, Some(status), "{said}");
    said
}

#[track_caller]
fn printed(workspace: &TempDir, template: &[String; 2], department: &str) -> Vec<pdf::Page> {
    run(workspace, template, &["render", "--force"], 0);
    pdf::read(&output(workspace, department))
}

fn output(workspace: &TempDir, department: &str) -> PathBuf {
    workspace.path().join("output/2023").join(format!("{department}.pdf"))
}

/// The cells of a page with how many rows and columns they span; `1 × 1` is not said.
fn cells(page: &pdf::Page) -> Vec<String> {
    let cells = page.table().into_iter().map(|cell| {
        let (rows, columns) = (cell.rows.len(), cell.columns.len());
        match (rows, columns) {
            (1, 1) => cell.text,
            _ => format!("{} [{rows}×{columns}]", cell.text),
        }
    });
    cells.collect()
}

/// The texts of a page's cells.
fn texts(page: &pdf::Page) -> Vec<String> {
    page.table().into_iter().map(|cell| cell.text).collect()
}

/// Changes a good file in one place, which `check` is to refuse with these words.
#[track_caller]
fn assert_refused(
    (workspace, template): (&TempDir, &[String; 2]),
    (file, good): (&str, &str),
    (from, to): (&str, &str),
    wanted: &[&str],
) {
    assert!(good.contains(from), "{from}");
    support::write(workspace.path(), file, good.replacen(from, to, 1));
    let said = run(workspace, template, &["check"], 1);
    for wanted in wanted {
        assert!(said.contains(wanted), "{wanted} in\n{said}");
    }
}

const DECLARED: &str = "部门申报表";

#[test]
fn the_declaration_of_a_department_is_one_table_of_all_its_projects() {
    let (workspace, template) = sample(DECLARED);
    let pages = printed(&workspace, &template, "820-马踏镇");
    assert_eq!(pages.len(), 1);
    let outside = pages[0].text_outside_tables();
    for text in [
        "马踏镇部门2023年部门预算项目绩效目标申报表",
        "部门：820-马踏镇部门",
        "金额单位：元",
        "— 1 —",
    ] {
        assert!(outside.contains(text), "{text} in {outside}");
    }
    let area = pages[0].table_area();
    assert!(area.width() > 700.0, "landscape: {area:?}");
    let expected = [
        "单位名称",
        "项目名称",
        "预算数",
        "年度目标",
        "一级指标",
        "二级指标",
        "三级指标",
        "指标性质",
        "指标值",
        "度量单位",
        "权重",
        "指标方向性",
        "820-马踏镇部门 [1×2]",
        "8,827,620.53",
    ];
    let found = cells(&pages[0]);
    assert_eq!(found[..expected.len()], expected);
    // Nine cells of the department's row are empty.
    assert!(found[expected.len()..expected.len() + 9].iter().all(String::is_empty));
    let rows: [&[&str]; 11] = [
        &[
            "马踏镇部门 [11×1]",
            "820001-村组干部报酬 [8×1]",
            "3,309,840.00 [8×1]",
            "按时发放村组干部报酬 [8×1]",
            "效益指标",
            "社会效益指标",
            "维护社会稳定",
            "≥",
            "95",
            "%",
            "10",
            "正向指标",
        ],
        &["产出指标 [2×1]", "时效指标", "维持时效", "≥", "1", "年", "20", "正向指标"],
        &["质量指标", "按时发放", "≥", "1", "人/年", "10", "正向指标"],
        &["效益指标", "经济效益指标", "促进村集体经济发展", "≥", "95", "%", "10", "正向指标"],
        &["产出指标", "数量指标", "村组干部230人", "≥", "230", "个", "10", "正向指标"],
        &["效益指标 [2×1]", "生态效益指标", "保护生态环境卫生", "≥", "95", "%", "10", "正向指标"],
        &["可持续影响指标", "项目维持时效", "≥", "95", "%", "10", "正向指标"],
        &["满意度指标", "满意度指标", "人民群众满意度", "≥", "95", "%", "10", "正向指标"],
        &[
            "820002-示例项目 [3×1]",
            "5,517,780.53 [3×1]",
            "保障各村正常办公；改善办公条件，提升服务能力。 [3×1]",
            "产出指标 [2×1]",
            "数量指标 [2×1]",
            "保障村数",
            "＝",
            "23",
            "个",
            "50",
            "正向指标",
        ],
        &["印刷资料", "≤", "1200.5", "份", "12.5", "反向指标"],
        &["效益指标", "社会效益指标", "服务水平", "定性", "明显提高", "", "37.5", "正向指标"],
    ];
    assert_eq!(found[expected.len() + 9..], rows.concat());
}

#[test]
fn a_long_declaration_goes_on_with_its_head_and_what_it_belongs_to() {
    let (workspace, template) = sample(DECLARED);
    let folder = "data/2023/820-马踏镇";
    let example = std::fs::read_to_string(workspace.path().join(folder).join("02-示例项目.toml"));
    let mut example = example.expect("the sample");
    for number in 1..=40 {
        example += &format!(
            "\"第{number}件事\" = {{ \"指标性质\" = \"定性\", \"指标值\" = \"做好\", \
             \"权重\" = 0, \"指标方向性\" = \"正向指标\" }}\n"
        );
    }
    support::write(workspace.path(), format!("{folder}/02-示例项目.toml"), example);
    let pages = printed(&workspace, &template, "820-马踏镇");
    assert!(pages.len() > 1, "{}", pages.len());
    let all: Vec<String> = pages.iter().flat_map(texts).collect();
    for number in 1..=40 {
        let wanted = format!("第{number}件事");
        assert_eq!(all.iter().filter(|text| **text == wanted).count(), 1, "{wanted}");
    }
    for page in &pages[1..] {
        let texts = texts(page);
        assert_eq!(texts[..4], ["单位名称", "项目名称", "预算数", "年度目标"]);
        for text in
            ["马踏镇部门（续）", "820002-示例项目（续）", "效益指标（续）", "社会效益指标（续）"]
        {
            assert!(texts.iter().any(|it| it == text), "{text} in {texts:?}");
        }
    }
}

#[test]
fn weights_add_up_and_words_are_chosen_from_those_there_are() {
    let (workspace, template) = sample(DECLARED);
    let said = run(&workspace, &template, &["check"], 0);
    for text in ["W212", "“权重”加起来是 90，应该是 100", "01-村组干部报酬.toml:", "到这里共 8 行"]
    {
        assert!(said.contains(text), "{text} in\n{said}");
    }
    assert_eq!(said.matches("[W").count(), 1, "{said}");
    assert!(said.contains("8827620.53 元"), "{said}");

    let file = "data/2023/820-马踏镇/02-示例项目.toml";
    let good = std::fs::read_to_string(workspace.path().join(file)).expect("the sample");
    let check = |from: &str, to: &str, wanted: &[&str]| {
        assert_refused((&workspace, &template), (file, &good), (from, to), wanted);
    };
    let choices = "写下面的一个：≥、≤、＝、定性";
    check("\"≤\"", "\"小于\"", &["E117", "“指标性质”不能写“小于”", choices]);
    check("\"＝\"", "\"=\"", &["E117", choices]);
    run(&workspace, &template, &["check", "--fix"], 0);
    assert_eq!(std::fs::read_to_string(workspace.path().join(file)).expect("the sample"), good);
    check("12.5", "\"12.5\"", &["E112", "“权重”应该是数字"]);
    check("12.5", "\"很高\"", &["E112", "只写数字"]);
    let plain = "{ \"指标性质\" = \"＝\", \"指标值\" = \"23\", \"度量单位\" = \"个\", \
                 \"权重\" = 50, \"指标方向性\" = \"正向指标\" }";
    let missing = "“保障村数”缺少“指标性质”“权重”“指标方向性”";
    check(plain, "\"23个\"", &["E111", missing]);
}

#[test]
fn a_file_keeps_the_order_that_is_printed_and_new_ones_say_what_to_choose_from() {
    let (workspace, template) = sample(DECLARED);
    run(&workspace, &template, &["fmt", "--check"], 0);
    run(&workspace, &template, &["new", "办公费", "--department", "820", "--year", "2023"], 0);
    let folder = workspace.path().join("data/2023/820-马踏镇");
    let text = std::fs::read_to_string(folder.join("03-办公费.toml")).expect("a new file");
    for wanted in [
        "写其中的一个：≥、≤、＝、定性",
        "\"权重\" = 0, \"指标方向性\" = \"正向指标\"",
        "\"预算数\" = 0  # 待填：单位元",
    ] {
        assert!(text.contains(wanted), "{wanted} in\n{text}");
    }
}

#[test]
fn the_combined_declarations_are_a_file_with_one_table_a_department() {
    let (workspace, template) = sample(DECLARED);
    let first = workspace.path().join("data/2023/820-马踏镇");
    support::copy(&first, &workspace.path().join("data/2023/821-周坡镇"));
    support::write(
        workspace.path(),
        "data/2023/821-周坡镇/部门.toml",
        "\"单位名称\" = \"周坡镇部门\"\n\"单位代码\" = \"821\"\n",
    );
    let combined = ["render", "--combined", "--jobs", "4", "-o", "a.pdf"];
    let said = run(&workspace, &template, &combined, 0);
    assert!(said.contains("2 张表"), "{said}");
    let pages = pdf::read(&workspace.path().join("a.pdf"));
    assert_eq!(pages.len(), 2);
    assert!(texts(&pages[1]).contains(&"821-周坡镇部门".to_owned()));
    assert!(pages[1].text_outside_tables().contains("— 2 —"));
}

const TREE: &str = "目标表2021";

#[test]
fn the_tree_of_2021_prints_costs_only_where_there_are_some() {
    let (workspace, template) = sample(TREE);
    let said = run(&workspace, &template, &["check"], 0);
    assert!(!said.contains("[W"), "{said}");
    let pages = printed(&workspace, &template, "056-灵沙乡");
    assert_eq!(pages.len(), 2);
    let outside = pages[0].text_outside_tables();
    assert_eq!(
        outside,
        "平罗县灵沙乡人民政府项目支出绩效目标表项目支出绩效目标表（2023年度）— 1 —"
    );
    let tree = |page: &pdf::Page| -> Vec<String> {
        let cells = cells(page);
        let head = cells.iter().position(|text| text.starts_with("名称"));
        let columns = 5;
        let body = cells.into_iter().skip(head.expect("a head") + columns);
        // How many columns of the whole table a cell takes is not what this is about.
        body.map(|text| text.split(['×']).next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(
        texts(&pages[0])[..8],
        [
            "项目名称",
            "村级道路养护",
            "主管部门及代码",
            "平罗县灵沙乡人民政府 056",
            "实施单位",
            "平罗县灵沙乡人民政府本级",
            "项目属性",
            "0101-一年期项目",
        ]
    );
    assert!(texts(&pages[0]).contains(&"50.000000".to_owned()));
    let words = |page: &pdf::Page| -> Vec<String> {
        tree(page).into_iter().map(|it| it.split(" [").next().unwrap_or_default().into()).collect()
    };
    let with_costs: [&[&str]; 11] = [
        &["绩效指标", "成本指标", "经济成本指标", "养护总成本", "≤50万元"],
        &["每公里养护成本", "≤1.39万元/公里"],
        &["社会成本指标", "", ""],
        &["生态环境成本指标", "占用耕地面积", "0亩"],
        &["产出指标", "数量指标", "养护道路里程", "≥36公里"],
        &["质量指标", "养护验收合格率", "≥98%"],
        &["时效指标", "养护完成时间", "2023年11月底前"],
        &["效益指标", "经济效益指标", "", ""],
        &["社会效益指标", "群众出行安全", "明显改善"],
        &["生态效益指标", "", "", "可持续影响指标", "道路完好率", "≥90%"],
        &["满意度指标", "服务对象满意度指标", "沿线群众满意度", "≥95%"],
    ];
    assert_eq!(words(&pages[0]), with_costs.concat());
    let without: [&[&str]; 7] = [
        &["绩效指标", "产出指标", "数量指标", "保障村数", "11个"],
        &["质量指标", "经费使用合规率", "100%"],
        &["时效指标", "经费拨付时间", "2023年12月底前"],
        &["效益指标", "经济效益指标", "", ""],
        &["社会效益指标", "", ""],
        &["生态效益指标", "", ""],
        &["满意度指标", "服务对象满意度指标", "群众满意度", "≥95%"],
    ];
    assert_eq!(words(&pages[1]), without.concat());
    let spans = |page: &pdf::Page, wanted: &str| {
        let cell = page.table().into_iter().find(|cell| cell.text == wanted);
        cell.map(|cell| cell.rows.len())
    };
    assert_eq!(spans(&pages[0], "成本指标"), Some(4));
    assert_eq!(spans(&pages[0], "绩效指标"), Some(12));
    assert_eq!(spans(&pages[1], "绩效指标"), Some(7));
    assert_eq!(spans(&pages[1], "成本指标"), None);
}

#[test]
fn costs_of_the_tree_of_2021_are_held_against_the_funds() {
    let (workspace, template) = sample(TREE);
    let file = "data/2023/056-灵沙乡/01-村级道路养护.toml";
    let good = std::fs::read_to_string(workspace.path().join(file)).expect("the sample");
    support::write(workspace.path(), file, good.replace("≤50万元", "≤55万元"));
    let said = run(&workspace, &template, &["check"], 0);
    assert!(said.contains("W201") && said.contains("55 万元"), "{said}");
}

const LIST: &str = "一览表";

/// A workspace with the sample of 附件2, whose data the list reads too.
fn listed() -> (TempDir, [String; 2]) {
    let workspace = support::empty_workspace();
    support::add_sample(workspace.path());
    (workspace, ["--template".to_owned(), LIST.to_owned()])
}

#[test]
fn the_list_of_projects_is_made_from_the_data_of_their_forms() {
    let (workspace, template) = listed();
    run(&workspace, &template, &["check"], 0);
    run(&workspace, &template, &["fmt", "--check"], 0);
    let pages = printed(&workspace, &template, "一览/056-灵沙乡");
    assert!(pages[0].table_area().width() > 700.0, "landscape");
    let outside = pages[0].text_outside_tables();
    for text in
        ["2023年度项目支出绩效目标一览表", "部门：平罗县灵沙乡人民政府", "单位：万元", "— 1 —"]
    {
        assert!(outside.contains(text), "{text} in {outside}");
    }
    // What is said again on the next page is not counted again.
    let all: Vec<String> = pages
        .iter()
        .enumerate()
        .flat_map(|(index, page)| texts(page).into_iter().skip(if index == 0 { 0 } else { 9 }))
        .filter(|text| !text.ends_with("（续）"))
        .collect();
    let head = [
        "项目名称",
        "资金总额",
        "财政拨款",
        "其他资金",
        "年度绩效目标",
        "一级指标",
        "二级指标",
        "三级指标",
        "指标值",
    ];
    for page in &pages {
        assert_eq!(texts(page)[..9], head);
    }
    // Every project and each of its indicators, in the order of the form of a project.
    let department = support::sample();
    let mut rest = all.iter();
    for project in &department.projects {
        assert!(rest.any(|text| text == project.name()), "{} in {all:?}", project.name());
        for (_, row) in project.rows() {
            let name = row.name.get_ref();
            assert!(rest.any(|text| text == name), "{name} in {all:?}");
        }
    }
    let last: Vec<&String> = all.iter().rev().take(9).collect();
    assert_eq!(last[8], "合计");
    assert_eq!([last[7], last[6], last[5]], ["312.758400", "312.758400", "0"]);
    // What only the form of a project has is not on the list, and nothing is amiss.
    assert!(!all.iter().any(|text| text.contains("0101-一年期项目")));
}

#[test]
fn the_list_says_again_on_every_page_whose_rows_these_are() {
    let (workspace, template) = listed();
    let pages = printed(&workspace, &template, "一览/056-灵沙乡");
    assert!(pages.len() > 2, "{}", pages.len());
    for page in &pages[1..] {
        let first = &texts(page)[9];
        let names = support::sample();
        let mut names = names.projects.iter().map(|project| project.name());
        let begins = |name: &str| first.strip_suffix("（续）").unwrap_or(first) == name;
        assert!(names.any(begins), "{first}");
    }
}

#[test]
fn the_list_is_printed_beside_the_forms() {
    let (workspace, _) = listed();
    support::run(workspace.path(), &["render"]);
    let forms = std::fs::read(output(&workspace, "056-灵沙乡")).expect("the forms");
    // Where the workspace has chosen it, it is one of the forms.
    let choice = "[[\"表样\"]]\n\"采用\" = \"一览表\"\n";
    support::write(workspace.path(), "jixiao.toml", choice);
    support::run(workspace.path(), &["render"]);
    assert_eq!(std::fs::read(output(&workspace, "056-灵沙乡")).expect("the forms"), forms);
    let list = workspace.path().join("output/2023/一览/056-灵沙乡.pdf");
    assert!(texts(&pdf::read(&list)[0]).contains(&"资金总额".to_owned()));
    support::run(workspace.path(), &["render", "--check"]);
    let both = support::try_run(workspace.path(), &["check", "--print"]);
    assert!(both.results.contains("每一页都和数据一样"), "{}", both.results);
    // What another form declares is not there to be listed.
    let other = "[[\"表样\"]]\n\"采用\" = \"部门申报表\"\n";
    support::write(workspace.path(), "jixiao.toml", format!("{choice}{other}"));
    let said = support::try_run(workspace.path(), &["render"]);
    assert_eq!(said.status, Some(1));
    assert!(
        said.messages.contains("没有“年度资金总额”") || said.messages.contains("没有“主管部门”"),
        "{}",
        said.messages
    );
}

const LONG_TERM: &str = "中期年度目标表";

#[test]
fn targets_of_several_years_and_of_one_stand_beside_each_other_each_packed_by_itself() {
    let (workspace, template) = sample(LONG_TERM);
    let said = run(&workspace, &template, &["check"], 0);
    assert!(said.contains("没有问题"), "{said}");
    run(&workspace, &template, &["fmt", "--check"], 0);
    let pages = printed(&workspace, &template, "123-测试部");
    assert_eq!(pages.len(), 1);
    let found = texts(&pages[0]);
    let top: [&[&str]; 8] = [
        &["项目名称", "基础数据库建设"],
        &["主管部门及代码", "测试部 123", "实施单位", "测试部本级"],
        &["项目属性", "0102-延续性项目", "项目期", "3年"],
        &["项目资金（万元）", "中期资金总额", "375.5", "年度资金总额", "120.5"],
        &["其中：财政拨款", "360", "其中：财政拨款", "120.5"],
        &["　　　其他资金", "15.5", "　　　其他资金", "0"],
        &["总体目标", "中期目标（2023年—2025年）", "年度目标"],
        &[
            "目标1：2025年底前建成覆盖全系统的基础数据库。目标2：形成按季度更新的工作机制。",
            "目标1：完成数据库一期建设。目标2：完成历史数据清理。",
        ],
    ];
    let top = top.concat();
    assert_eq!(found[..top.len()], top);
    let rows: [&[&str]; 10] = [
        &[
            "绩效指标",
            "产出指标",
            "数量指标",
            "建成数据库数量",
            "3个",
            "数量指标",
            "建成数据库数量",
            "1个",
        ],
        &["入库数据条数", "≥900万条", "清理历史数据", "≥300万条"],
        &["质量指标", "数据合格率", "≥98%", "培训人次", "≥200人次"],
        &["时效指标", "建成时间", "2025年底前", "质量指标", "数据合格率", "≥95%"],
        &["成本指标", "项目总成本", "≤375.5万元", "时效指标", "", ""],
        &["", "", "", "成本指标", "项目总成本", "≤120.5万元"],
        &["效益指标", "经济效益指标", "", "", "经济效益指标", "", ""],
        &["社会效益指标", "数据共享单位", "≥31家", "社会效益指标", "数据共享单位", "≥10家"],
        &[
            "生态效益指标",
            "",
            "",
            "生态效益指标",
            "",
            "",
            "可持续影响指标",
            "更新机制",
            "按季度更新",
            "可持续影响指标",
            "",
            "",
        ],
        &[
            "满意度指标",
            "服务对象满意度指标",
            "使用单位满意度",
            "≥95%",
            "服务对象满意度指标",
            "使用单位满意度",
            "≥90%",
        ],
    ];
    let rows = rows.concat();
    let start = found.iter().position(|text| text == "一级指标").expect("a head") + 7;
    // The label at the side begins in the head.
    assert_eq!(found[start..], rows);
    let spans = cells(&pages[0]);
    assert!(spans.iter().any(|cell| cell.starts_with("产出指标 [6×")), "{spans:?}");
    // What is in neither half would not be printed at all.
    let file = "data/2023/123-测试部/01-基础数据库建设.toml";
    let good = std::fs::read_to_string(workspace.path().join(file)).expect("the sample");
    let bad = good.replace("{ \"中期指标值\" = \"按季度更新\" }", "{}");
    support::write(workspace.path(), file, bad);
    let said = run(&workspace, &template, &["render"], 1);
    assert!(said.contains("E505") && said.contains("更新机制"), "{said}");
    // A goal of several years may name them; one of this year may not.
    let bad = good.replace("目标1：完成数据库", "目标1：2022年完成数据库");
    support::write(workspace.path(), file, bad);
    assert!(run(&workspace, &template, &["check"], 0).contains("W103"));
}

const EVALUATED: &str = "自评表";
const EVALUATION: &str = "data/2022/219-棠溪镇/自评/01-委托业务项目.toml";

fn evaluation(workspace: &TempDir) -> PathBuf {
    workspace.path().join("output/2022/自评/219-棠溪镇.pdf")
}

#[test]
fn the_self_evaluation_prints_its_amounts_side_by_side_and_computes_rates_and_scores() {
    let (workspace, template) = sample(EVALUATED);
    let said = run(&workspace, &template, &["check"], 0);
    assert!(said.contains("没有问题"), "{said}");
    run(&workspace, &template, &["fmt", "--check"], 0);
    run(&workspace, &template, &["render"], 0);
    let pages = pdf::read(&evaluation(&workspace));
    assert_eq!(pages.len(), 1);
    assert_eq!(
        pages[0].text_outside_tables(),
        "池州市贵池区棠溪镇项目支出绩效自评表项目支出绩效自评表（2022年度）— 1 —"
    );
    let top: [&[&str]; 7] = [
        &["项目名称", "委托业务项目"],
        &["主管部门", "219-池州市贵池区棠溪镇", "实施单位", "219001-池州市贵池区棠溪镇人民政府"],
        &[
            "项目资金（万元）",
            "",
            "年初预算数",
            "全年预算数",
            "全年执行数",
            "分值",
            "执行率",
            "得分",
        ],
        &["年度资金总额", "90", "89.974", "89.974", "10", "100.00%", "10"],
        &["其中：本年财政拨款", "90", "89.974", "89.974", "—", "100.00%", "—"],
        &["　　　上年结转资金", "0", "0", "0", "—", "—", "—"],
        &["　　　其他资金", "0", "0", "0", "—", "—", "—"],
    ];
    let top = top.concat();
    assert_eq!(texts(&pages[0])[..top.len()], top);
    let rows: [&[&str]; 11] = [
        &[
            "产出指标（50分）",
            "数量指标",
            "基建工程委托业务项目数量",
            "≥50个",
            "52个",
            "8",
            "8",
            "",
        ],
        &["出具报告数量", "≥50份", "52份", "10", "10", ""],
        &["质量指标", "委托业务报告合格率", "≥100百分比", "100百分比", "8", "8", ""],
        &[
            "时效指标",
            "报告按期出具率",
            "≥95%",
            "90.5%",
            "16",
            "15.24",
            "两份审计报告因资料补充延期；今后签合同时写明交资料的期限。",
        ],
        &["成本指标", "项目总成本", "≤90万元", "89.974万元", "8", "8", ""],
        &[
            "效益指标（30分）",
            "经济效益指标",
            "审计核减工程款",
            "≥10万元",
            "11.2万元",
            "15",
            "15",
            "",
        ],
        &["社会效益指标", "工程质量投诉", "≤2起", "0起", "15", "15", ""],
        &["生态效益指标", "", "", "", "", "", ""],
        &["可持续影响指标", "", "", "", "", "", ""],
        &["满意度指标（10分）", "服务对象满意度指标", "村民满意度", "≥95%", "97%", "10", "10", ""],
        &["总分", "100", "99.24", ""],
    ];
    let rows = rows.concat();
    let found = texts(&pages[0]);
    assert_eq!(found[found.len() - rows.len()..], rows);
    let span = |wanted: &str| {
        let cell = pages[0].table().into_iter().find(|cell| cell.text == wanted);
        cell.map(|cell| cell.rows.len())
    };
    assert_eq!([span("项目资金（万元）"), span("产出指标（50分）")], [Some(5), Some(5)]);
}

#[test]
fn what_is_spent_and_scored_is_computed_again_when_it_changes() {
    let (workspace, template) = sample(EVALUATED);
    let good = std::fs::read_to_string(workspace.path().join(EVALUATION)).expect("the sample");
    let spent = |amount: &str| {
        let text =
            good.replacen("\"全年执行数\" = 89.974", &format!("\"全年执行数\" = {amount}"), 1);
        support::write(workspace.path(), EVALUATION, text);
        let said = run(&workspace, &template, &["check"], 0);
        run(&workspace, &template, &["render"], 0);
        let texts = texts(&pdf::read(&evaluation(&workspace))[0]);
        let at = texts.iter().position(|text| text == "年度资金总额").expect("the total");
        (texts[at + 5..at + 7].to_vec(), texts[texts.len() - 2].clone(), said)
    };
    // 44.987 / 89.974 is a half, and so are its ten points.
    let (rate, score, said) = spent("44.987");
    assert_eq!((rate, score.as_str()), (vec!["50.00%".to_owned(), "5".to_owned()], "94.24"));
    assert!(!said.contains("[W"), "{said}");
    // More than was budgeted is no more than all points.
    assert_eq!(spent("100").0, ["111.14%", "10"]);
    let text = good.replace("89.974, \"全年执行数\" = 89.974", "0, \"全年执行数\" = 1");
    support::write(workspace.path(), EVALUATION, text);
    let said = run(&workspace, &template, &["check"], 0);
    assert!(said.contains("W214") && said.contains("“执行率”算不出来：除数是零"), "{said}");
}

#[test]
fn who_evaluates_writes_every_column_and_says_why_points_are_lost() {
    let (workspace, template) = sample(EVALUATED);
    let good = std::fs::read_to_string(workspace.path().join(EVALUATION)).expect("the sample");
    let check = |from: &str, to: &str, wanted: &[&str]| {
        assert_refused((&workspace, &template), (EVALUATION, &good), (from, to), wanted);
    };
    let lost = "“报告按期出具率”的得分是 15.24，不到分值的 16，却没有写“偏差原因分析及改进措施”";
    let reason = ", \"偏差原因分析及改进措施\" = \"两份审计报告因资料补充延期；今后签合同时写明交资料的期限。\"";
    check(reason, "", &["E305", lost, "在这一行里加上"]);
    check(", \"全年执行数\" = 89.974", "", &["E111", "缺少“全年执行数”"]);
    check(
        "{ \"年初预算数\" = 90, \"全年预算数\" = 89.974, \"全年执行数\" = 89.974 }",
        "90",
        &["E1"],
    );
    check("\"全年执行数\" = 89.974", "\"全年执行数\" = \"很多\"", &["E1", "只写数字"]);
    // Written sums are held against their parts, column by column.
    let sum = "[\"项目资金\"]\n\"年度资金总额\" = { \"年初预算数\" = 90, \"全年执行数\" = 80 }";
    let wrong = "“年度资金总额（全年执行数）”写的是 80，各项相加是 89.974";
    check("[\"项目资金\"]", sum, &["E301", wrong]);
}

#[test]
fn the_words_of_two_states_tell_which_amount_has_changed() {
    let (workspace, template) = sample(EVALUATED);
    let old = workspace.path().join("旧");
    support::copy(&workspace.path().join("data/2022"), &old);
    let file = workspace.path().join(EVALUATION);
    let text = std::fs::read_to_string(&file).expect("the sample");
    let text = text.replacen("\"全年执行数\" = 89.974", "\"全年执行数\" = 80", 1);
    std::fs::write(&file, text).expect("a file");
    let folders = ["diff", "旧/219-棠溪镇", "data/2022/219-棠溪镇"];
    let said = run(&workspace, &template, &folders, 1);
    assert!(said.contains("本年财政拨款（全年执行数）"), "{said}");
}

const MONITORED: &str = "监控表";

#[test]
fn the_monitoring_form_says_which_months_it_is_about_and_ticks_what_was_chosen() {
    let (workspace, template) = sample(MONITORED);
    let said = run(&workspace, &template, &["check"], 0);
    assert!(said.contains("没有问题"), "{said}");
    run(&workspace, &template, &["fmt", "--check"], 0);
    run(&workspace, &template, &["render"], 0);
    let path = workspace.path().join("output/2023/监控/219-棠溪镇.pdf");
    let pages = pdf::read(&path);
    assert!(pages[0].table_area().width() > 700.0, "landscape");
    let outside = pages[0].text_outside_tables();
    assert!(outside.contains("（2023年度1-7月）"), "{outside}");
    let found: Vec<String> = pages.iter().flat_map(texts).collect();
    let has = |wanted: &[&str]| {
        let row = found.windows(wanted.len()).any(|texts| texts == wanted);
        assert!(row, "{wanted:?} in {found:?}");
    };
    has(&["", "年初预算数", "1-7月执行数", "1-7月执行率", "全年预计执行数"]);
    has(&["年度资金总额", "36", "19.5", "54.17%", "36"]);
    has(&["　　　其他资金", "0", "0", "—", "0"]);
    has(&["偏差原因分析", "完成目标可能性", "备注"]);
    has(&["经费保障", "制度保障", "人员保障", "硬件条件保障", "其他", "原因说明"]);
    let ticks = "□确定能√有可能□完全不可能";
    let reason = "保洁员缺两人，已在招聘。";
    has(&["清运垃圾", "≥600吨", "310吨", "580吨", "", "", "√", "", "", reason, ticks, ""]);
    // Which months, nobody but the workspace can say.
    let settings = workspace.path().join("jixiao.toml");
    std::fs::write(&settings, "[\"监控\"]\n\"2023\" = \"1-9月\"\n").expect("settings");
    run(&workspace, &template, &["render", "--check"], 1);
    std::fs::remove_file(&settings).expect("settings");
    for command in ["check", "render"] {
        let said = run(&workspace, &template, &[command], 1);
        assert!(said.contains("E607") && said.contains("\"2023\" = \"1-7月\""), "{said}");
    }
    std::fs::write(&settings, "[\"监控\"]\n\"今年\" = \"1-9月\"\n").expect("settings");
    let said = run(&workspace, &template, &["check"], 1);
    assert!(said.contains("“今年”不是年度"), "{said}");
}

const WHOLE: &str = "整体目标表";
const WHOLE_EVALUATED: &str = "整体自评表";
const OFFICE: &str = "data/2023/301-示例局";

#[test]
fn a_department_as_a_whole_has_one_table_of_its_tasks_and_targets() {
    let (workspace, template) = sample(WHOLE);
    let said = run(&workspace, &template, &["check"], 0);
    assert!(said.contains("没有问题"), "{said}");
    run(&workspace, &template, &["fmt", "--check"], 0);
    run(&workspace, &template, &["render"], 0);
    let pages = pdf::read(&workspace.path().join("output/2023/整体/301-示例局.pdf"));
    assert_eq!(pages.len(), 1);
    let outside = pages[0].text_outside_tables();
    assert_eq!(outside, "部门整体支出绩效目标表（2023年度）— 1 —");
    let rows: [&[&str]; 10] = [
        &["部门（单位）名称", "示例县农业农村局"],
        &["年度主要任务", "任务名称", "主要内容", "预算金额（万元）"],
        &["总额", "财政拨款", "其他资金"],
        &["年度主要任务"],
        &["高标准农田建设", "新建高标准农田1.2万亩，配套沟渠和机耕路。", "1800.5", "1680.5", "120"],
        &["动物疫病防控", "春秋两季集中免疫，监测采样。", "86.25", "86.25", "0"],
        &["农技推广", "示范推广新品种、新技术，培训农民。", "50.125", "45", "5.125"],
        &["金额合计", "1936.875", "1811.75", "125.125"],
        &["年度总体目标", "稳定粮食生产，推进高标准农田建设，做好动物疫病防控，促进农民增收。"],
        &["年度绩效指标", "一级指标", "二级指标", "三级指标", "指标值"],
    ];
    let rows = rows.concat();
    assert_eq!(texts(&pages[0])[..rows.len()], rows);
    // What is written is missed, what is computed is not to be written.
    let file = format!("{OFFICE}/整体/部门.toml");
    let good = std::fs::read_to_string(workspace.path().join(&file)).expect("the sample");
    let check = |from: &str, to: &str, wanted: &[&str]| {
        assert_refused((&workspace, &template), (&file, &good), (from, to), wanted);
    };
    check("\"其他资金\" = 120", "\"总额\" = 1800.5", &["E110", "“总额”", "缺少“其他资金”"]);
    check("{ \"主要内容\" = \"春秋", "\"春秋", &["E1"]);
    support::write(workspace.path(), &file, &good);
    support::write(workspace.path(), format!("{OFFICE}/整体/01.toml"), &good);
    let said = run(&workspace, &template, &["check"], 1);
    assert!(said.contains("E203") && said.contains("写进旁边的 部门.toml"), "{said}");
    // One to fill in says what belongs there.
    std::fs::remove_dir_all(workspace.path().join(OFFICE).join("整体")).expect("a folder");
    run(&workspace, &template, &["new"], 0);
    let new = std::fs::read_to_string(workspace.path().join(&file)).expect("a new file");
    for line in [
        "\"年度总体目标\" = \"\"",
        "[\"年度主要任务\"]",
        "# \"任务名称\" = { \"主要内容\" = \"……\", \"财政拨款\" = 0, \"其他资金\" = 0 }",
        "# \"三级指标\" = \"指标值\"",
    ] {
        assert!(new.contains(line), "{line} in\n{new}");
    }
}

#[test]
fn what_a_department_as_a_whole_has_reached_is_scored_against_its_targets() {
    let (workspace, template) = sample(WHOLE_EVALUATED);
    let said = run(&workspace, &template, &["check"], 0);
    assert!(said.contains("没有问题"), "{said}");
    run(&workspace, &template, &["fmt", "--check"], 0);
    run(&workspace, &template, &["render"], 0);
    let pages = pdf::read(&workspace.path().join("output/2023/整体自评/301-示例局.pdf"));
    let found: Vec<String> = pages.iter().flat_map(texts).collect();
    let has = |wanted: &[&str]| {
        let row = found.windows(wanted.len()).any(|texts| texts == wanted);
        assert!(row, "{wanted:?} in {found:?}");
    };
    has(&["农技推广", "示范12个点，培训3260人次。", "50.125", "36.4875", "5", "4"]);
    has(&["金额合计", "1936.875", "1743.1875", "", "29"]);
    // 1743.1875 / 1936.875 is nine tenths; what is printed is what is computed with.
    has(&["预算执行率", "90.00%", "10", "9"]);
    has(&["总分", "100", "97.5", ""]);
    let file = format!("{OFFICE}/整体自评/部门.toml");
    let good = std::fs::read_to_string(workspace.path().join(&file)).expect("the sample");
    let bad = good.replace("\"年度指标值\" = \"≥6%\"", "\"年度指标值\" = \"≥5%\"");
    support::write(workspace.path(), &file, bad);
    let said = run(&workspace, &template, &["check"], 0);
    assert!(said.contains("W215") && said.contains("那里写的是“≥6%”"), "{said}");
    // It is prepared from the targets.
    std::fs::remove_dir_all(workspace.path().join(OFFICE).join("整体自评")).expect("a folder");
    run(&workspace, &template, &["new"], 0);
    let new = std::fs::read_to_string(workspace.path().join(&file)).expect("a new file");
    let row = "\"新建高标准农田\" = { \"年度指标值\" = \"≥1.2万亩\", \"实际完成值\" = \"\", \"分值\" = 0, \"得分\" = 0 }  # 待填";
    let task = "\"高标准农田建设\" = { \"完成情况\" = \"\", \"预算数\" = 0, \"执行数\" = 0, \"任务分值\" = 0, \"任务得分\" = 0 }  # 待填";
    for line in [row, task] {
        assert!(new.contains(line), "{line} in\n{new}");
    }
}

const SUMMARY: &str = "自评汇总表";

#[test]
fn the_results_of_the_evaluations_are_one_row_a_project_with_its_grade() {
    let (workspace, _) = sample(EVALUATED);
    let template = ["--template".to_owned(), SUMMARY.to_owned()];
    let good = std::fs::read_to_string(workspace.path().join(EVALUATION)).expect("the sample");
    let folder = "data/2022/219-棠溪镇/自评";
    for (number, points) in [(2, "7.24"), (3, "5.24"), (4, "0")] {
        // The sum of the points is 99.24, of them 15.24 for this row and ten for what was spent.
        let text = good.replace("委托业务项目\"\n\"年度", &format!("项目{number}\"\n\"年度"));
        let text = text.replace("\"得分\" = 15.24", &format!("\"得分\" = {points}"));
        let text = match number {
            4 => text.replace(
                "\"分值\" = 15, \"得分\" = 15",
                "\"分值\" = 15, \"得分\" = 3, \"偏差原因分析及改进措施\" = \"停工\"",
            ),
            _ => text,
        };
        support::write(workspace.path(), format!("{folder}/0{number}.toml"), text);
    }
    run(&workspace, &template, &["render"], 0);
    let pages = pdf::read(&workspace.path().join("output/2022/自评汇总/219-棠溪镇.pdf"));
    let outside = pages[0].text_outside_tables();
    assert!(outside.starts_with("2022年度项目支出绩效自评结果汇总表"), "{outside}");
    let rows: [&[&str]; 6] = [
        &["序号", "项目名称", "全年预算数", "全年执行数", "执行率", "自评得分", "等级"],
        &["1", "委托业务项目", "89.974", "89.974", "100.00%", "99.24", "优"],
        &["2", "项目2", "89.974", "89.974", "100.00%", "91.24", "优"],
        &["3", "项目3", "89.974", "89.974", "100.00%", "89.24", "良"],
        &["4", "项目4", "89.974", "89.974", "100.00%", "60", "中"],
        &["合计", "359.896", "359.896", "", "", ""],
    ];
    assert_eq!(texts(&pages[0]), rows.concat());
}

#[test]
fn a_built_in_form_is_used_by_its_name_and_written_out_as_it_is() {
    for edition in [DECLARED, TREE] {
        let (workspace, template) = sample(edition);
        let by_folder = |name: &str| {
            run(&workspace, &template, &["render", "-o", name], 0);
            std::fs::read(workspace.path().join(name)).expect("a PDF")
        };
        let expected = by_folder("a.pdf");
        support::run(workspace.path(), &["templates", edition, "-o", "表样"]);
        let written = support::files(&workspace.path().join("表样"));
        let own = support::files(&support::repository().join("templates").join(edition));
        assert_eq!(written, own);
        for (name, output) in [(edition, "b.pdf"), ("表样", "c.pdf")] {
            support::run(workspace.path(), &["render", "--template", name, "-o", output]);
            let pages = pdf::read(&workspace.path().join(output));
            let expected = pdf::read(&workspace.path().join("a.pdf"));
            assert_eq!(pages.len(), expected.len());
            assert!(pages.iter().zip(&expected).all(|(a, b)| texts(a) == texts(b)), "{name}");
        }
        // A folder of that name is the user's own form.
        std::fs::rename(workspace.path().join("表样"), workspace.path().join(edition))
            .expect("a folder");
        support::run(workspace.path(), &["render", "--template", edition, "-o", "d.pdf"]);
        assert_eq!(std::fs::read(workspace.path().join("d.pdf")).expect("a PDF"), expected);
    }
}
