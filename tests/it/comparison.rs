//! The printed table of differences (绩效目标调整对照表): `jixiao diff --format pdf`.

use std::fs;
use std::path::Path;

use crate::support::structure::{bookmarks, catalog, tables, text};
use crate::support::{self, Run, pdf};
use hayro_syntax::Pdf;

const FOLDER: &str = "001-测试单位";

/// A year's folder with a department of these projects.
fn year(root: &Path, year: &str, projects: &[(&str, String)]) {
    let projects: Vec<(&str, &str)> =
        projects.iter().map(|(file, text)| (*file, text.as_str())).collect();
    support::add_department(root, FOLDER, &projects);
    fs::rename(root.join("data/2023"), root.join(year)).expect("a folder");
}

fn project(name: &str, goal: &str, amount: &str) -> String {
    let text = support::project(name, goal, support::one_row);
    text.replace("\"财政拨款\" = 1", &format!("\"财政拨款\" = {amount}"))
}

/// Compares `old` with `new` in a workspace.
fn diff(workspace: &Path, arguments: &[&str]) -> Run {
    let arguments = [&["diff", "old/2023", "new/2023", "--format", "pdf"], arguments].concat();
    support::try_run(workspace, &arguments)
}

fn workspace(old: &[(&str, String)], new: &[(&str, String)]) -> tempfile::TempDir {
    let workspace = support::empty_workspace();
    for (side, projects) in [("old", old), ("new", new)] {
        fs::create_dir(workspace.path().join(side)).expect("a folder");
        year(workspace.path(), &format!("{side}/2023"), projects);
    }
    workspace
}

fn rows(page: &pdf::Page) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut last = None;
    for cell in page.table() {
        if last != Some(cell.rows.start) {
            rows.push(Vec::new());
        }
        last = Some(cell.rows.start);
        rows.last_mut().expect("a row").push(cell.text);
    }
    rows
}

#[test]
fn every_difference_is_a_row_before_after_and_by_how_much() {
    let workspace = workspace(
        &[
            ("01.toml", project("办公经费", "保障11个村的工作", "22")),
            ("02.toml", project("培训经费", "组织培训", "1.5")),
        ],
        &[
            ("01.toml", project("办公经费", "保障12个村的工作", "24.5")),
            ("03.toml", project("道路养护", "修好道路", "6")),
        ],
    );
    let told = diff(workspace.path(), &[]);
    assert_eq!(told.status, Some(1));
    assert_eq!(told.results, "已写出 output/绩效目标调整对照表.pdf\n");
    let path = workspace.path().join("output/绩效目标调整对照表.pdf");
    let pages = pdf::read(&path);
    assert_eq!(pages.len(), 1);
    let outside = pages[0].text_outside_tables();
    for printed in ["测试单位项目支出绩效目标调整对照表", "（2023年度）", "— 1 —"]
    {
        assert!(outside.contains(printed), "{outside}");
    }
    let expected: &[&[&str]] = &[
        &["栏目", "调整前", "调整后", "增减"],
        &["1．办公经费"],
        &["年度总体目标", "保障11个村的工作", "保障12个村的工作", "修改"],
        &["年度资金总额", "22.000000", "24.500000", "+2.500000"],
        &["财政拨款", "22.000000", "24.500000", "+2.500000"],
        &["2．培训经费（删去）"],
        &["年度资金总额", "1.500000", "—", "-1.500000"],
        &["财政拨款", "1.500000", "—", "-1.500000"],
        &["其他资金", "0", "—", "0"],
        &["绩效指标", "9条", "—", "删去"],
        &["3．道路养护（新增）"],
        &["年度资金总额", "—", "6.000000", "+6.000000"],
        &["财政拨款", "—", "6.000000", "+6.000000"],
        &["其他资金", "—", "0", "0"],
        &["绩效指标", "—", "9条", "新增"],
        &["资金合计", "23.500000", "30.500000", "+7.000000"],
    ];
    assert_eq!(rows(&pages[0]), expected);

    let pdf = Pdf::new(fs::read(&path).expect("a file")).expect("a PDF");
    let outline = bookmarks(&catalog(&pdf).get("Outlines").expect("bookmarks"));
    let titles = |of: &[_]| of.iter().filter_map(|it| text(it, "Title")).collect::<Vec<_>>();
    assert_eq!(titles(&outline), ["测试单位项目支出绩效目标调整对照表"]);
    let projects = bookmarks(&outline[0]);
    assert_eq!(titles(&projects), ["1．办公经费", "2．培训经费（删去）", "3．道路养护（新增）"]);
    assert_eq!(tables(&catalog(&pdf).get("StructTreeRoot").expect("a structure tree")).len(), 1);
}

#[test]
fn a_long_table_goes_on_with_its_head_and_nothing_is_cut_off() {
    let goal = |word: &str| format!("为了做好工作，{word}").repeat(200);
    let projects = |word: &str| {
        let project = |index: usize| {
            let goal = if index == 5 { goal(word) } else { word.repeat(10) };
            (format!("{index:02}.toml"), project(&format!("第{index}项经费"), &goal, "1"))
        };
        (1..=30).map(project).collect::<Vec<_>>()
    };
    let (old, new) = (projects("甲"), projects("乙"));
    let named = |side: &[(String, String)]| -> Vec<(&'static str, String)> {
        let leaked = |name: &String| -> &'static str { name.clone().leak() };
        side.iter().map(|(name, text)| (leaked(name), text.clone())).collect()
    };
    let workspace = workspace(&named(&old), &named(&new));
    assert_eq!(diff(workspace.path(), &["-o", "表.pdf"]).status, Some(1));
    let pages = pdf::read(&workspace.path().join("表.pdf"));
    assert!(pages.len() > 2, "{} pages", pages.len());
    let mut printed = String::new();
    for (number, page) in (1..).zip(&pages) {
        assert_eq!(rows(page)[0], ["栏目", "调整前", "调整后", "增减"]);
        assert!(page.text_outside_tables().contains(&format!("— {number} —")));
        printed += &rows(page).iter().map(|row| row.join("|")).collect::<Vec<_>>().join("\n");
    }
    for index in 1..=30 {
        assert!(printed.contains(&format!("{index}．第{index}项经费")), "{index}");
    }
    let count = |word: char| printed.chars().filter(|&c| c == word).count();
    assert_eq!((count('甲'), count('乙')), (29 * 10 + 200, 29 * 10 + 200));
}

#[test]
fn the_same_differences_give_the_same_bytes_and_none_leave_the_old_file() {
    let old = [("01.toml", project("办公经费", "目标", "22"))];
    let changed = workspace(&old, &[("01.toml", project("办公经费", "新的目标", "22"))]);
    let printed = ["a.pdf", "b.pdf"].map(|name| {
        assert_eq!(diff(changed.path(), &["-o", name]).status, Some(1));
        fs::read(changed.path().join(name)).expect("a file")
    });
    assert_eq!(printed[0], printed[1]);

    let same = workspace(&old, &old);
    fs::write(same.path().join("a.pdf"), "old").expect("a file");
    let told = diff(same.path(), &["-o", "a.pdf"]);
    assert_eq!((told.status, told.results.as_str()), (Some(0), ""));
    assert!(told.messages.contains("没有不同"), "{}", told.messages);
    assert_eq!(fs::read(same.path().join("a.pdf")).expect("a file"), b"old");
}

#[test]
fn a_character_that_no_font_has_is_named_with_its_place_and_nothing_is_written() {
    let workspace = workspace(
        &[("01.toml", project("办公经费", "目标", "22"))],
        &[("01.toml", project("办公经费", "目标🎉", "22"))],
    );
    let told = diff(workspace.path(), &[]);
    assert_eq!(told.status, Some(2));
    let message = told.messages;
    assert!(message.contains("没有“🎉”"), "{message}");
    assert!(message.contains("new/2023/001-测试单位/01.toml:4:"), "{message}");
    assert!(!workspace.path().join("output").exists());
}

#[test]
fn files_without_a_year_are_compared_without_one() {
    let workspace = support::empty_workspace();
    let write = |name: &str, goal: &str| {
        let text = project("办公经费", goal, "22");
        fs::write(workspace.path().join(name), text).expect("a file");
    };
    write("旧.toml", "目标");
    write("新.toml", "新的目标");
    let arguments = ["diff", "旧.toml", "新.toml", "--format", "pdf", "-o", "a.pdf"];
    let told = support::try_run(workspace.path(), &arguments);
    assert_eq!(told.status, Some(1), "{}", told.messages);
    let page = &pdf::read(&workspace.path().join("a.pdf"))[0];
    assert!(!page.text().contains("年度）"), "{}", page.text());
    assert_eq!(rows(page)[2], ["年度总体目标", "目标", "新的目标", "修改"]);
}
