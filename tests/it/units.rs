//! Budget units of two levels: a department with units of its own.

use std::fs;
use std::path::Path;

use hayro_syntax::Pdf;
use serde_json::json;
use tempfile::TempDir;

use crate::support::structure::{bookmarks, catalog, text};
use crate::support::{self, pdf};

const BUREAU: &str = "data/2023/219-教育局";

fn project(name: &str, amount: &str) -> String {
    let goal = "按计划做完，群众满意。";
    let text = support::project(name, goal, |level| {
        let value = if level.contains("成本") {
            format!("≤{amount}万元")
        } else {
            "≥3个".to_owned()
        };
        vec![(format!("{name}：{level}"), value)]
    });
    text.replace("\"财政拨款\" = 1\n", &format!("\"财政拨款\" = {amount}\n"))
}

/// A bureau with a project of its own and two schools, and a town without units.
pub fn workspace() -> TempDir {
    let workspace = support::empty_workspace();
    let root = workspace.path();
    let write = |file: &str, text: &str| support::write(root, Path::new(BUREAU).join(file), text);
    let own = "\"主管部门\" = \"甲县教育局\"\n\"代码\" = \"219\"\n\"实施单位\" = \"甲县教育局\"\n";
    write("部门.toml", own);
    write("01-教研.toml", &project("教研活动", "3"));
    write("219001-第一小学/单位.toml", "\"实施单位\" = \"甲县第一小学\"\n");
    write("219001-第一小学/01-安保.toml", &project("校园安保", "1.5"));
    write("219001-第一小学/02-食堂.toml", &project("食堂补助", "20"));
    write("219010-第二小学/单位.toml", "\"实施单位\" = \"甲县第二小学\"\n");
    write("219010-第二小学/01-安保.toml", &project("校园安保", "2"));
    support::add_department(root, "001-乙镇", &[("01.toml", &project("办公", "7"))]);
    workspace
}

#[test]
fn a_department_is_printed_with_its_units() {
    let workspace = workspace();
    let root = workspace.path();
    let checked = support::run(root, &["check"]).results;
    assert!(checked.contains("没有问题"), "{checked}");
    support::run(root, &["render"]);
    let file = root.join("output/2023/219-教育局.pdf");
    assert!(!root.join("output/2023/219-教育局").exists());
    let pages = pdf::read(&file);
    let outside: Vec<String> = pages.iter().map(pdf::Page::text_outside_tables).collect();
    let all = outside.concat();
    assert_eq!(all.matches("附件2").count(), 1, "{outside:?}");
    assert!(outside[0].starts_with("附件2甲县教育局"), "{outside:?}");
    let texts: Vec<Vec<String>> =
        pages.iter().map(|page| page.table().into_iter().map(|cell| cell.text).collect()).collect();
    let wanted = [
        ("教研活动", "甲县教育局"),
        ("校园安保", "甲县第一小学"),
        ("食堂补助", "甲县第一小学"),
        ("校园安保", "甲县第二小学"),
    ];
    let mut printed = texts.iter().filter(|texts| texts.iter().any(|text| text == "项目名称"));
    for (name, unit) in wanted {
        let page = printed.next().expect("a form");
        for text in [name, unit] {
            assert!(page.iter().any(|it| it == text), "{text} in {page:?}");
        }
        assert!(page.iter().any(|it| it == "甲县教育局 219"), "{page:?}");
    }
    assert!(printed.next().is_none());
    let whole = Pdf::new(fs::read(&file).expect("a PDF")).expect("a PDF");
    let departments = bookmarks(&catalog(&whole).get("Outlines").expect("bookmarks"));
    let [department] = &departments[..] else { panic!("{} departments", departments.len()) };
    let titles: Vec<String> =
        bookmarks(department).iter().filter_map(|it| text(it, "Title")).collect();
    assert_eq!(
        titles,
        ["教研活动", "甲县第一小学：校园安保", "甲县第一小学：食堂补助", "甲县第二小学：校园安保"]
    );
    // It is made from the files of all of them.
    assert!(support::run(root, &["render"]).messages.contains("没有变化"));
    let unit = Path::new(BUREAU).join("219010-第二小学/单位.toml");
    support::write(root, unit, "\"实施单位\" = \"甲县第二完全小学\"\n");
    let stale = support::try_run(root, &["render", "--check"]);
    assert_eq!(stale.results, "过时 output/2023/219-教育局.pdf\n");
}

#[test]
fn each_unit_may_have_a_file_of_its_own() {
    let workspace = workspace();
    let root = workspace.path();
    support::run(root, &["render"]);
    support::run(root, &["render", "--by", "单位"]);
    let files: Vec<String> = support::files(&root.join("output/2023"))
        .into_keys()
        .map(|path| path.to_string_lossy().replace('\\', "/"))
        .collect();
    let wanted = [
        "219-教育局.pdf",
        "219-教育局/219001-第一小学.pdf",
        "219-教育局/219010-第二小学.pdf",
        "219-教育局/本级.pdf",
        "001-乙镇.pdf",
    ];
    let mut wanted = wanted.map(str::to_owned).to_vec();
    wanted.sort();
    let mut found = files.clone();
    found.sort();
    assert_eq!(found, wanted);
    let pages = pdf::read(&root.join("output/2023/219-教育局/219001-第一小学.pdf"));
    assert!(pages[0].text_outside_tables().starts_with("附件2甲县教育局"));
    let said: String = pages.iter().map(pdf::Page::text).collect();
    assert!(said.contains("食堂补助") && !said.contains("教研活动") && !said.contains("第二小学"));
    // The department's own projects, and the department as a whole as it was.
    let own = pdf::read(&root.join("output/2023/219-教育局/本级.pdf"));
    let said: String = own.iter().map(pdf::Page::text).collect();
    assert!(said.contains("教研活动") && !said.contains("食堂补助"));

    assert!(support::run(root, &["render"]).messages.contains("没有变化"));

    // A single unit is never taken for its department.
    let refused = support::try_run(root, &["render", "219001-第一小学"]);
    assert_eq!(refused.status, Some(1));
    assert!(refused.messages.contains("--by 单位"), "{}", refused.messages);
    support::run(root, &["render", "219-教育局/219001-第一小学", "--by", "单位", "--force"]);
    // What either way has printed is no leftover; what nobody stands for any more is one.
    fs::remove_dir_all(root.join(BUREAU).join("219010-第二小学")).expect("a folder");
    support::run(root, &["render", "--prune"]);
    assert!(!root.join("output/2023/219-教育局/219010-第二小学.pdf").exists());
    assert!(root.join("output/2023/219-教育局/219001-第一小学.pdf").exists());
}

#[test]
fn sums_are_made_by_unit_and_by_department() {
    let workspace = workspace();
    let root = workspace.path();
    support::run(root, &["render", "--combined", "-o", "全部.pdf"]);
    let pages = pdf::read(&root.join("全部.pdf"));
    let texts: Vec<String> = pages[0].table().into_iter().map(|cell| cell.text).collect();
    let rows: [&[&str]; 12] = [
        &["序号", "部门", "项目名称", "年度资金总额", "财政拨款", "其他资金", "页码"],
        &["1", "测试单位", "办公", "7.000000", "7.000000", "0", "2"],
        &["小计", "7.000000", "7.000000", "0", ""],
        &["2", "甲县教育局", "教研活动", "3.000000", "3.000000", "0", "3"],
        &["甲县教育局 小计", "3.000000", "3.000000", "0", ""],
        &["3", "甲县教育局", "校园安保", "1.500000", "1.500000", "0", "4"],
        &["4", "食堂补助", "20.000000", "20.000000", "0", "5"],
        &["甲县第一小学 小计", "21.500000", "21.500000", "0", ""],
        &["5", "甲县教育局", "校园安保", "2.000000", "2.000000", "0", "6"],
        &["甲县第二小学 小计", "2.000000", "2.000000", "0", ""],
        &["小计", "26.500000", "26.500000", "0", ""],
        &["合计", "33.500000", "33.500000", "0", ""],
    ];
    assert_eq!(texts, rows.concat());
    let checked = support::run(root, &["check"]).results;
    let figures = |name: &str| {
        let line = checked.lines().find(|line| line.trim_start().starts_with(name));
        let line = line.unwrap_or_else(|| panic!("{name} in\n{checked}"));
        line.split_whitespace().skip(1).take(2).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(figures("219-教育局"), "4 26.5");
    assert_eq!(figures("本级"), "1 3");
    assert_eq!(figures("219001-第一小学"), "2 21.5");
    assert_eq!(figures("合计"), "5 33.5");
    assert!(checked.contains("2 个部门"), "{checked}");
}

#[test]
fn what_is_wrong_with_a_unit_is_told_where_it_is() {
    let workspace = workspace();
    let root = workspace.path();
    let refused = |file: &str, text: &str, wanted: &[&str]| {
        let path = root.join(BUREAU).join(file);
        let before = fs::read(&path).ok();
        support::write(root, Path::new(BUREAU).join(file), text);
        let told = support::try_run(root, &["check"]);
        let said = format!("{}{}", told.results, told.messages);
        assert_eq!(told.status, Some(1), "{said}");
        for wanted in wanted {
            assert_eq!(said.matches(wanted).count(), 1, "{wanted} in\n{said}");
        }
        match before {
            Some(bytes) => fs::write(&path, bytes).expect("a file"),
            None => fs::remove_file(&path).expect("a file"),
        }
        said
    };
    refused("219001-第一小学/单位.toml", "# 待填\n", &["缺少“实施单位”"]);
    refused(
        "219001-第一小学/单位.toml",
        "\"实施单位\" = \"校\"\n\"校长\" = \"甲\"\n",
        &["没有“校长”"],
    );
    // The department's file is wrong once, not once a unit.
    refused(
        "部门.toml",
        "\"主管部门\" = \"甲县教育局\"\n\"代码\" = \"219\"\n",
        &["缺少“实施单位”"],
    );
    refused("第三小学/01-安保.toml", &project("安保", "1"), &["在里面建 单位.toml"]);
    fs::remove_dir_all(root.join(BUREAU).join("第三小学")).expect("a folder");
    refused("第三小学/单位.toml.txt", "\"实施单位\" = \"校\"\n", &["改名为 单位.toml"]);
    fs::remove_dir_all(root.join(BUREAU).join("第三小学")).expect("a folder");
    refused("单位.toml", "\"实施单位\" = \"校\"\n", &["要放在单位自己的文件夹里"]);
    refused("219001-第一小学/部门.toml", "\"主管部门\" = \"校\"\n", &["单位的栏目写进 单位.toml"]);
    refused("219001-第一小学/01-安保.toml", "\"项目名称\" = \"安保\"\n", &["缺少“项目属性”"]);
    // Names of units are compared within a department.
    let path = root.join(BUREAU).join("219010-第二小学/单位.toml");
    fs::write(&path, "\"实施单位\" = \"甲县第一小学\"\n").expect("a file");
    let told = support::try_run(root, &["check", "--format", "short"]);
    assert!(told.results.contains("W305") || told.messages.contains("W305"), "{}", told.results);
    // Nothing is printed of a department of which a unit has errors.
    fs::write(&path, "\"校长\" = \"甲\"\n").expect("a file");
    let told = support::try_run(root, &["render"]);
    assert_eq!(told.status, Some(1));
    assert!(!root.join("output/2023/219-教育局.pdf").exists());
    assert!(root.join("output/2023/001-乙镇.pdf").exists());
}

#[test]
fn a_department_may_have_no_projects_of_its_own() {
    let workspace = workspace();
    let root = workspace.path();
    fs::remove_file(root.join(BUREAU).join("01-教研.toml")).expect("a file");
    let checked = support::run(root, &["check"]).results;
    assert!(checked.contains("没有问题") && !checked.contains("本级"), "{checked}");
    support::run(root, &["render"]);
    let pages = pdf::read(&root.join("output/2023/219-教育局.pdf"));
    assert!(pages[0].text_outside_tables().starts_with("附件2甲县教育局"));
    assert!(pages[0].text().contains("校园安保"));
    assert!(support::run(root, &["render"]).messages.contains("没有变化"));
    support::run(root, &["render", "--by", "单位", "-o", "各单位"]);
    assert!(!root.join("各单位/2023/219-教育局/本级.pdf").exists());
    assert!(!root.join("各单位/2023/219-教育局.pdf").exists());
    assert!(root.join("各单位/2023/219-教育局/219010-第二小学.pdf").exists());
}

#[test]
fn every_command_goes_into_the_units() {
    let workspace = workspace();
    let root = workspace.path();
    support::run(root, &["fmt"]);
    let unit = "219-教育局/219001-第一小学";
    let file = root.join("data/2023").join(unit).join("单位.toml");
    fs::write(&file, "'实施单位'='甲县第一小学'").expect("a file");
    support::run(root, &["fmt"]);
    assert_eq!(fs::read_to_string(&file).expect("a file"), "\"实施单位\" = \"甲县第一小学\"\n");

    let words = ["new", "--unit", "第三小学", "--code", "219020", "--department", "教育局"];
    support::run(root, &words);
    let made = root.join(BUREAU).join("219020-第三小学/单位.toml");
    assert!(fs::read_to_string(&made).expect("a file").contains("\"实施单位\" = \"第三小学\""));
    let again = support::try_run(root, &words);
    assert!(again.messages.contains("已经有代码"), "{}", again.messages);
    support::run(root, &["new", "操场维修", "--department", "219-教育局/219020-第三小学"]);
    assert!(made.with_file_name("01-操场维修.toml").exists());
    support::run(root, &["new", "教师培训", "--department", "219-教育局"]);
    assert!(root.join(BUREAU).join("02-教师培训.toml").exists());
    fs::remove_dir_all(made.parent().expect("a folder")).expect("a folder");
    fs::remove_file(root.join(BUREAU).join("02-教师培训.toml")).expect("a file");

    support::run(root, &["rollover", "2023", "2024", "--keep", "全部"]);
    let of_year = |year: &str| {
        let files = support::files(&root.join("data").join(year));
        files.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(of_year("2023"), of_year("2024"));
    let path = root.join("data/2024").join(unit).join("01-安保.toml");
    let text = fs::read_to_string(&path).expect("a file");
    fs::write(&path, text.replace("\"财政拨款\" = 1.5", "\"财政拨款\" = 9")).expect("a file");
    let told = support::try_run(root, &["diff", "2023", "2024", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told.results).expect("JSON");
    let said = told.to_string();
    assert!(said.contains(unit) && said.contains("校园安保"), "{told:#}");
    let one = support::try_run(
        root,
        &["diff", &format!("data/2023/{unit}"), &format!("data/2024/{unit}")],
    );
    assert!(one.results.contains("校园安保"), "{}{}", one.results, one.messages);

    // A later form of a unit lies in the unit's folder.
    support::run(root, &["new", "--template", "自评表", "--year", "2023"]);
    let later = root.join("data/2023").join(unit).join("自评/02-食堂.toml");
    assert!(later.exists());
    let checked = support::try_run(root, &["check", "--year", "2023", "--format", "short"]);
    assert!(checked.results.contains("219001-第一小学/自评"), "{}", checked.results);
    assert!(!checked.results.contains("W216"), "{}", checked.results);
}

#[test]
fn sources_are_attached_once_and_come_back_into_their_folders() {
    let workspace = workspace();
    let root = workspace.path();
    support::run(root, &["render", "--embed-source"]);
    support::run(root, &["extract", "output/2023/219-教育局.pdf", "-o", "取出"]);
    let wanted = support::files(&root.join("data/2023/219-教育局"));
    assert_eq!(support::files(&root.join("取出/2023/219-教育局")), wanted);
}

#[test]
fn an_editing_session_knows_the_units() {
    let workspace = workspace();
    let root = workspace.path();
    let mut editor = support::editor::Editor::open(root);
    let file = format!("{BUREAU}/219001-第一小学/单位.toml");
    let text = "\"实施单位\" = \"甲县第一小学\"\n";
    editor.show(&file, text);
    assert!(editor.diagnostics(&file).is_empty());
    editor.write(&file, "\"校长\" = \"甲\"\n");
    let told = json!(editor.diagnostics(&file)).to_string();
    assert!(told.contains("E110") && told.contains("E111"), "{told}");
    editor.quit();
}
