//! Which form applies to which department of which year, without a flag on any command.

use std::fs;

use tempfile::TempDir;

use crate::support;
use crate::support::pdf;

const CHOICES: &str = r#"
[["表样"]]
"年度" = "2024年起"
"采用" = "目标表2021"

[["表样"]]
"部门" = ["马踏镇"]
"采用" = "部门申报表"
"#;

/// 2023 on 附件2 but for one department, 2024 on another tree.
fn workspace() -> TempDir {
    let workspace = support::empty_workspace();
    let root = workspace.path();
    support::add_sample(root);
    let editions = support::repository().join("tests/editions");
    support::copy(&editions.join("部门申报表"), root);
    let tree = editions.join("目标表2021/data/2023/056-灵沙乡");
    support::copy(&tree, &root.join("data/2024/056-灵沙乡"));
    for file in ["01-村级道路养护", "02-村级办公经费"] {
        let path = root.join("data/2024/056-灵沙乡").join(format!("{file}.toml"));
        let text = fs::read_to_string(&path).expect("the sample").replace("2023", "2024");
        fs::write(path, text).expect("a file");
    }
    support::write(root, "jixiao.toml", CHOICES);
    workspace
}

/// What the program says, on both channels.
#[track_caller]
fn said(workspace: &TempDir, arguments: &[&str], status: i32) -> String {
    let run = support::try_run(workspace.path(), arguments);
    let said = format!("{}{}", run.results, run.messages);
    assert_eq!(run.status, Some(status), "{said}");
    said
}

/// The title on the first page of a department's file.
fn first_page(workspace: &TempDir, year: &str, department: &str) -> String {
    let path = workspace.path().join("output").join(year).join(format!("{department}.pdf"));
    pdf::read(&path)[0].text_outside_tables()
}

#[test]
fn each_department_of_each_year_is_printed_checked_and_written_in_its_own_form() {
    let workspace = workspace();
    let check = said(&workspace, &["check", "--year", "2023", "马踏镇", "灵沙乡"], 0);
    assert!(check.contains("“权重”加起来是 90"), "{check}");
    assert!(!said(&workspace, &["check", "--year", "2024"], 0).contains("[W"));
    said(&workspace, &["fmt", "--check"], 0);
    said(&workspace, &["render", "--year", "2023"], 0);
    said(&workspace, &["render", "--year", "2024"], 0);
    let official = first_page(&workspace, "2023", "056-灵沙乡");
    assert!(official.starts_with("附件2") && official.contains("部门项目支出预算绩效目标表"));
    assert!(first_page(&workspace, "2023", "820-马踏镇").contains("部门预算项目绩效目标申报表"));
    let tree = first_page(&workspace, "2024", "056-灵沙乡");
    assert!(!tree.contains("附件2") && tree.contains("（2024年度）"), "{tree}");
    // What is up to date is known by its own form.
    let again = said(&workspace, &["render", "--year", "2023", "--check"], 0);
    assert!(!again.contains("过时"), "{again}");
    let other = CHOICES.replace("部门申报表", "附件2");
    support::write(workspace.path(), "jixiao.toml", other);
    said(&workspace, &["render", "--year", "2023", "--check"], 1);
    // A form that is asked for is used instead.
    support::write(workspace.path(), "jixiao.toml", CHOICES);
    let asked = ["check", "--year", "2023", "灵沙乡", "--template", "部门申报表"];
    assert!(said(&workspace, &asked, 1).contains("没有“主管部门”这个键"));
}

#[test]
fn new_files_are_for_the_form_of_their_department() {
    let workspace = workspace();
    let read = |path: &str| fs::read_to_string(workspace.path().join(path)).expect("a new file");
    said(&workspace, &["new", "绿化", "--department", "820", "--year", "2023"], 0);
    assert!(read("data/2023/820-马踏镇/03-绿化.toml").contains("指标方向性"));
    said(&workspace, &["new", "绿化", "--department", "灵沙乡", "--year", "2024"], 0);
    assert!(read("data/2024/056-灵沙乡/03-绿化.toml").contains("[\"经济成本指标\"]"));
    let department = ["new", "--department", "马踏镇", "--code", "820", "--year", "2024"];
    said(&workspace, &department, 0);
    assert!(read("data/2024/820-马踏镇/部门.toml").contains("\"单位名称\" = \"马踏镇\""));
}

#[test]
fn what_needs_one_form_says_so_where_there_are_two() {
    let workspace = workspace();
    let combined = ["render", "--combined", "--year", "2023"];
    assert!(said(&workspace, &combined, 1).contains("表样不同，不能合成一份"));
    said(&workspace, &["render", "--combined", "--year", "2023", "灵沙乡"], 0);
    let rollover = said(&workspace, &["rollover", "2024", "2025", "--keep", "全部"], 0);
    assert!(rollover.contains("已写出"), "{rollover}");
    let rollover = said(&workspace, &["rollover", "2022", "2023"], 1);
    assert!(rollover.contains("2022"), "{rollover}");
    fs::remove_dir_all(workspace.path().join("data/2024")).expect("the new year");
    assert!(said(&workspace, &["schema", "项目"], 2).contains("--template"));
}

#[test]
fn mistakes_in_the_choice_are_told_at_their_place() {
    let workspace = workspace();
    for (from, to, wanted) in [
        ("\"目标表2021\"", "\"目标表\"", "没有表样“目标表”"),
        ("\"2024年起\"", "\"今年\"", "“今年”不是年度"),
        ("\"2024年起\"", "\"2025-2024\"", "“2025-2024”不是年度"),
        ("\"马踏镇\"", "\"踏马镇\"", "data 里没有“踏马镇”这个部门"),
        ("\"采用\" = \"部门申报表\"", "\"表\" = \"部门申报表\"", "缺少“采用”"),
    ] {
        assert_eq!(CHOICES.matches(from).count(), 1, "{from}");
        support::write(workspace.path(), "jixiao.toml", CHOICES.replace(from, to));
        let said = said(&workspace, &["render", "--year", "2023"], 1);
        assert!(said.contains(wanted) && said.contains("jixiao.toml:"), "{wanted} in\n{said}");
        assert!(said.contains("怎么办"), "{said}");
    }
    assert!(!workspace.path().join("output").exists());
}
