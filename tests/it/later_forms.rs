//! The year of a project: its targets, and the forms that follow them.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::support::running::Running;
use crate::support::{self, pdf};

const TOWN: &str = "data/2023/056-灵沙乡";
const FIRST: &str = "自评/01-村级创新社会管理工作经费.toml";

fn sample() -> TempDir {
    let workspace = support::empty_workspace();
    support::copy(&support::repository().join(TOWN), &workspace.path().join(TOWN));
    workspace
}

/// The sample data, and its evaluations as they are prepared.
fn prepared() -> TempDir {
    let workspace = sample();
    let said = said(&workspace, &["new", "--template", "自评表"], 0);
    assert_eq!(said.matches("已建立").count(), 11, "{said}");
    workspace
}

#[track_caller]
fn said(workspace: &TempDir, arguments: &[&str], status: i32) -> String {
    let run = support::try_run(workspace.path(), arguments);
    let said = format!("{}{}", run.results, run.messages);
    assert_eq!(run.status, Some(status), "{said}");
    said
}

fn read(workspace: &TempDir, file: &str) -> String {
    fs::read_to_string(workspace.path().join(TOWN).join(file)).expect("a file")
}

fn write(workspace: &TempDir, file: &str, text: &str) {
    support::write(workspace.path(), format!("{TOWN}/{file}"), text);
}

/// Fills in what is left open: everything was reached, and all points are given.
fn fill_in(workspace: &TempDir) {
    let folder = workspace.path().join(TOWN).join("自评");
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a file").path();
        let text = fs::read_to_string(&path).expect("a text");
        let rows = text.matches("\"得分\" = 0").count();
        let mut points = (0..rows).map(|row| if row == 0 { 90 - rows + 1 } else { 1 });
        let mut filled = String::new();
        for line in text.lines() {
            let line = line.split("  # 待填").next().unwrap_or_default();
            let line = line.replace("\"实际完成值\" = \"\"", "\"实际完成值\" = \"完成\"");
            let line = line.replace("\"实际完成情况\" = \"\"", "\"实际完成情况\" = \"已经完成\"");
            let line = line.replace("\"年度总体目标\" = \"\"", "\"年度总体目标\" = \"无\"");
            let line = match line.contains("\"得分\" = 0") {
                true => {
                    let points = points.next().unwrap_or_default();
                    line.replace("\"分值\" = 0", &format!("\"分值\" = {points}"))
                        .replace("\"得分\" = 0", &format!("\"得分\" = {points}"))
                }
                false => line,
            };
            let line = match line.starts_with("\"本年财政拨款\"") {
                true => "\"本年财政拨款\" = { \"年初预算数\" = 2, \"全年预算数\" = 2, \"全年执行数\" = 1 }".to_owned(),
                false => line,
            };
            filled += &format!("{line}\n");
        }
        fs::write(path, filled).expect("a file");
    }
}

#[test]
fn the_evaluation_is_prepared_from_the_targets_and_only_what_is_new_is_left_open() {
    let workspace = prepared();
    let first = read(&workspace, "01-村级创新社会管理工作经费.toml");
    let prepared = read(&workspace, FIRST);
    assert!(first.contains("\"组织网格员参加培训\" = \"2次\""), "{first}");
    for line in [
        "\"项目名称\" = \"村级创新社会管理工作经费\"",
        "\"实际完成情况\" = \"\"",
        "\"组织网格员参加培训\" = { \"年度指标值\" = \"2次\", \"实际完成值\" = \"\", \"分值\" = 0, \"得分\" = 0 }  # 待填",
        "\"本年财政拨款\" = { \"年初预算数\" = 0, \"全年预算数\" = 0, \"全年执行数\" = 0 }  # 待填：单位万元",
        "\"其他资金\" = { \"年初预算数\" = 0, \"全年预算数\" = 0, \"全年执行数\" = 0 }  # 待填：单位万元",
        "# 待核对：这张表上没有“财政拨款”，原来写的是 22 万元",
    ] {
        assert!(prepared.contains(line), "{line} in\n{prepared}");
    }
    // The department's own file does for both.
    assert!(!workspace.path().join(TOWN).join("自评/部门.toml").exists());
    let said = said(&workspace, &["check"], 1);
    assert!(said.contains("自评/01-") && said.contains("实际完成值"), "{said}");
    assert!(!said.contains("W215") && !said.contains("W216"), "{said}");
    // What is there is left alone.
    let again = self::said(&workspace, &["new", "--template", "自评表"], 0);
    assert!(again.contains("没有要准备的"), "{again}");
    fs::remove_file(workspace.path().join(TOWN).join(FIRST)).expect("a file");
    write(&workspace, "自评/02-助力乡村振兴驻村工作队经费.toml", "# 自己写的\n");
    let again = self::said(&workspace, &["new", "--template", "自评表", "灵沙乡"], 2);
    assert!(again.contains("不写项目名称"), "{again}");
    let one = ["new", "--template", "自评表", "--department", "灵沙乡"];
    assert_eq!(self::said(&workspace, &one, 1).matches("已经有").count(), 1);
    assert!(read(&workspace, "自评/02-助力乡村振兴驻村工作队经费.toml") == "# 自己写的\n");
}

#[test]
fn both_forms_are_printed_each_to_its_place_and_marked_by_both() {
    let workspace = prepared();
    fill_in(&workspace);
    let checked = said(&workspace, &["check"], 0);
    assert!(!checked.contains("W215") && checked.contains("056-灵沙乡/自评"), "{checked}");
    said(&workspace, &["render"], 0);
    let output = workspace.path().join("output/2023");
    let pages = |path: &str| pdf::read(&output.join(path));
    assert!(pages("056-灵沙乡.pdf")[0].text_outside_tables().starts_with("附件2"));
    let evaluated = pages("自评/056-灵沙乡.pdf");
    assert_eq!(evaluated.len(), 11);
    let texts: Vec<String> = evaluated[0].table().into_iter().map(|cell| cell.text).collect();
    for text in ["056-平罗县灵沙乡人民政府", "50.00%", "组织网格员参加培训", "2次", "完成", "95"]
    {
        assert!(texts.iter().any(|it| it == text), "{text} in {texts:?}");
    }
    said(&workspace, &["render", "--check"], 0);
    // The department's own file is part of both.
    let own = read(&workspace, "部门.toml").replace("\"056\"", "\"057\"");
    write(&workspace, "部门.toml", &own);
    let stale = said(&workspace, &["render", "--check"], 1);
    assert_eq!(stale.matches("过时").count() - 1, 2, "{stale}");
    said(&workspace, &["render", "--combined"], 0);
    assert!(output.join("附件2.pdf").is_file() && output.join("自评.pdf").is_file());
    // One form alone, where it is asked for.
    let one = ["render", "--template", "自评表", "--combined", "-o", "一份.pdf"];
    said(&workspace, &one, 0);
    assert_eq!(pdf::read(&workspace.path().join("一份.pdf")).len(), 11);
    let both = said(&workspace, &["render", "--combined", "-o", "一份.pdf"], 1);
    assert!(both.contains("2 种表不能写进一个文件") && both.contains("--template"), "{both}");
    // What is left of a form that nobody fills in any more is known.
    fs::remove_dir_all(workspace.path().join(TOWN).join("自评")).expect("a folder");
    said(&workspace, &["render"], 0);
    let left = said(&workspace, &["render", "--check"], 1);
    assert_eq!(left.matches("多余").count() - 1, 2, "{left}");
    let none = said(&workspace, &["render", "--template", "自评表"], 1);
    assert!(none.contains("E606") && none.contains("jixiao new"), "{none}");
}

#[test]
fn what_is_attached_comes_back_to_where_it_stood() {
    let workspace = prepared();
    fill_in(&workspace);
    let root = workspace.path();
    said(&workspace, &["render", "--embed-source"], 0);
    for file in ["056-灵沙乡.pdf", "自评/056-灵沙乡.pdf"] {
        let file = format!("output/2023/{file}");
        said(&workspace, &["extract", &file, "-o", "取出"], 0);
    }
    assert_eq!(
        support::files(&root.join("取出/2023/056-灵沙乡")),
        support::files(&root.join(TOWN))
    );
}

#[test]
fn a_target_that_was_changed_afterwards_is_told_with_both_places() {
    let workspace = prepared();
    fill_in(&workspace);
    let good = read(&workspace, FIRST);
    let told = |text: &str, wanted: &[&str]| {
        assert_ne!(text, good);
        write(&workspace, FIRST, text);
        let said = said(&workspace, &["check"], 0);
        assert_eq!(said.matches("[W215]").count(), wanted.len(), "{said}");
        assert!(
            said.contains(FIRST) && said.contains("01-村级创新社会管理工作经费.toml:"),
            "{said}"
        );
        for wanted in wanted {
            assert!(said.contains(wanted), "{wanted} in\n{said}");
        }
    };
    let row = "\"2023年全年\" = ";
    let changed = good.replace("{ \"年度指标值\" = \"12个月\"", "{ \"年度指标值\" = \"11个月\"");
    told(&changed, &["那里写的是“12个月”"]);
    let goal = good.lines().find(|line| line.starts_with("\"年度总体目标\"")).expect("a goal");
    let changed = good.replace(goal, "\"年度总体目标\" = \"做好\"");
    told(&changed, &["年度总体目标和绩效目标表上写的不一样"]);
    let rest = good.lines().filter(|line| !line.starts_with(row));
    let without: String = rest.map(|line| format!("{line}\n")).collect();
    told(&without, &["绩效目标表里的“2023年全年”这条指标没有写"]);
    let other = ["绩效目标表里没有“全年”这条指标", "绩效目标表里的“2023年全年”这条指标没有写"];
    told(&good.replace(row, "\"全年\" = "), &other);
}

#[test]
fn a_project_that_was_not_evaluated_is_named() {
    let workspace = prepared();
    fill_in(&workspace);
    fs::remove_file(workspace.path().join(TOWN).join(FIRST)).expect("a file");
    let checked = said(&workspace, &["check"], 0);
    assert!(
        checked.contains("W216") && checked.contains("“村级创新社会管理工作经费”的自评还没有填"),
        "{checked}"
    );
    write(&workspace, FIRST, "");
    let checked = said(&workspace, &["check"], 1);
    assert!(checked.contains("文件是空的") || checked.contains("E003"), "{checked}");
}

#[test]
fn folders_of_other_names_are_told_and_what_is_in_one_is_accounted_for() {
    let workspace = prepared();
    let folder = workspace.path().join(TOWN);
    fs::rename(folder.join("自评"), folder.join("自评表")).expect("a folder");
    let told = said(&workspace, &["check"], 1);
    assert!(told.contains("E203") && told.contains("改名为 自评"), "{told}");
    fs::rename(folder.join("自评表"), folder.join("自评")).expect("a folder");
    write(&workspace, "自评/03.toml.txt", "\"项目名称\" = \"甲\"\n\"代码\" = \"1\"\n");
    write(&workspace, "自评/旧/03.toml", "\"项目名称\" = \"甲\"\n\"代码\" = \"1\"\n");
    let told = said(&workspace, &["check"], 1);
    assert!(told.contains("E208") && told.contains("这里面的子文件夹不会读取"), "{told}");
}

#[test]
fn a_department_that_only_evaluates_has_no_first_form() {
    let workspace = prepared();
    fill_in(&workspace);
    let folder = workspace.path().join(TOWN);
    for file in support::files(&folder).into_keys() {
        if !file.starts_with("自评") && file != Path::new("部门.toml") {
            fs::remove_file(folder.join(file)).expect("a file");
        }
    }
    let checked = said(&workspace, &["check"], 0);
    assert!(!checked.contains("E205") && !checked.contains("W215"), "{checked}");
    said(&workspace, &["render"], 0);
    let output = workspace.path().join("output/2023");
    assert!(output.join("自评/056-灵沙乡.pdf").is_file());
    assert!(!output.join("056-灵沙乡.pdf").exists());
}

#[test]
fn what_changed_in_an_evaluation_is_told_and_another_year_is_held_against_the_targets_alone() {
    let workspace = prepared();
    fill_in(&workspace);
    let data = workspace.path().join("data");
    support::copy(&data, &workspace.path().join("旧"));
    let text = read(&workspace, FIRST);
    write(&workspace, FIRST, &text.replace("\"全年执行数\" = 1 }", "\"全年执行数\" = 1.5 }"));
    let told = said(&workspace, &["diff", "旧", "data"], 1);
    assert!(told.contains("056-灵沙乡/自评") && told.contains("（全年执行数）"), "{told}");
    assert!(told.contains("1 个项目有改动"), "{told}");
    // The funds are counted once.
    assert!(told.contains("312.7584 万元，没有增减"), "{told}");
    let rollover = ["rollover", "2023", "2024", "--keep", "全部"];
    said(&workspace, &rollover, 0);
    assert!(!data.join("2024/056-灵沙乡/自评").exists());
    let years = said(&workspace, &["diff", "2023", "2024"], 1);
    assert!(!years.contains("自评"), "{years}");
}

#[test]
fn the_files_of_later_forms_are_formatted_as_their_form_has_it() {
    let workspace = prepared();
    said(&workspace, &["fmt"], 0);
    let text = read(&workspace, FIRST);
    let moved =
        text.replace("\"实际完成值\" = \"\", \"分值\" = 0", "\"分值\" = 0, \"实际完成值\" = \"\"");
    assert_ne!(text, moved);
    write(&workspace, FIRST, &moved);
    let said = said(&workspace, &["fmt", "--check"], 1);
    assert!(said.contains(FIRST), "{said}");
}

#[test]
fn a_new_year_on_another_edition_is_compared_and_carried_over_by_meaning() {
    let workspace = sample();
    let choices = "[[\"表样\"]]\n\"年度\" = \"2024年起\"\n\"采用\" = \"目标表2021\"\n";
    support::write(workspace.path(), "jixiao.toml", choices);
    let done = said(&workspace, &["rollover", "2023", "2024", "--keep", "全部"], 0);
    assert!(done.contains("11 个项目"), "{done}");
    let folder = workspace.path().join("data/2024/056-灵沙乡");
    let text = fs::read_to_string(folder.join("01-村级创新社会管理工作经费.toml")).expect("a file");
    for line in [
        "[\"经济成本指标\"]",
        "\"财政拨款\" = 22  # 待核对：2023年的金额",
        "[\"服务对象满意度指标\"]",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    said(&workspace, &["fmt", "--check"], 0);
    let checked = said(&workspace, &["check", "--year", "2024"], 0);
    assert!(checked.contains("11 个项目"), "{checked}");
    said(&workspace, &["render", "--year", "2024"], 0);
    // Only what moved on with the year is different.
    let told = said(&workspace, &["diff", "2023", "2024", "--format", "json"], 1);
    assert!(!told.contains("\"removed\"") || told.contains("2024"), "{told}");
    let told = said(&workspace, &["diff", "2023", "2024"], 1);
    assert!(!told.contains("删去项目") && !told.contains("新增项目"), "{told}");
    assert!(told.contains("312.7584 万元，没有增减"), "{told}");
}

#[test]
fn two_years_on_two_editions_with_evaluations_need_no_flag_on_any_command() {
    let workspace = prepared();
    fill_in(&workspace);
    let choices = "[[\"表样\"]]\n\"年度\" = \"2024年起\"\n\"采用\" = \"目标表2021\"\n\n\
                   [[\"表样\"]]\n\"采用\" = \"自评汇总表\"\n";
    support::write(workspace.path(), "jixiao.toml", choices);
    said(&workspace, &["rollover", "2023", "2024", "--keep", "全部"], 0);
    for year in ["2023", "2024"] {
        let checked = said(&workspace, &["check", "--year", year, "--print"], 0);
        assert!(checked.contains("每一页都和数据一样"), "{checked}");
        said(&workspace, &["render", "--year", year], 0);
        said(&workspace, &["render", "--year", year, "--check"], 0);
    }
    said(&workspace, &["fmt"], 0);
    said(&workspace, &["fmt", "--check"], 0);
    said(&workspace, &["diff", "2023", "2024"], 1);
    let output = workspace.path().join("output");
    for file in [
        "2023/056-灵沙乡.pdf",
        "2023/自评/056-灵沙乡.pdf",
        "2023/自评汇总/056-灵沙乡.pdf",
        "2024/056-灵沙乡.pdf",
    ] {
        assert!(output.join(file).is_file(), "{file}");
    }
    assert!(!output.join("2024/自评").exists());
    // What is edited while it is watched is printed again, and what is made of it too.
    let summary = output.join("2023/自评汇总/056-灵沙乡.pdf");
    let before = fs::read(&summary).expect("the list");
    let arguments = ["render", "--watch", "--year", "2023", "--color", "never"];
    let watch = Running::start(support::jixiao(workspace.path(), &arguments));
    watch.wait_for_message("正在监视");
    let text = read(&workspace, FIRST);
    write(&workspace, FIRST, &text.replace("\"全年执行数\" = 1 }", "\"全年执行数\" = 1.5 }"));
    watch.wait_for_message("写出 2 份");
    assert_ne!(fs::read(&summary).expect("the list"), before);
}

#[test]
fn a_form_that_the_workspace_has_not_chosen_is_said_to_be_none() {
    let workspace = sample();
    said(&workspace, &["templates", "自评表", "-o", "我的自评表"], 0);
    let path = workspace.path().join("我的自评表/form.toml");
    let form = fs::read_to_string(&path).expect("a form").replace("项目支出绩效自评表", "自评表");
    fs::write(&path, form).expect("a form");
    let told = said(&workspace, &["new", "--template", "我的自评表"], 0);
    assert!(told.contains("还没有采用") && told.contains("\"采用\" = \"我的自评表\""), "{told}");
    let choice = "[[\"表样\"]]\n\"采用\" = \"我的自评表\"\n";
    support::write(workspace.path(), "jixiao.toml", choice);
    let told = said(&workspace, &["new", "--template", "我的自评表"], 0);
    assert!(!told.contains("还没有采用"), "{told}");
}
