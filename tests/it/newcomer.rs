//! The way of somebody who begins with an empty folder, as README.md tells it.

use std::fs;
use std::path::Path;

use crate::support::git::Repository;
use crate::support::{self, Run};

const DEPARTMENT: &str = "data/2023/056-平罗县灵沙乡人民政府/部门.toml";
const PROJECT: &str = "data/2023/056-平罗县灵沙乡人民政府/01-村委会办公经费.toml";
const PDF: &str = "output/2023/056-平罗县灵沙乡人民政府.pdf";

/// What one writes for the blanks of a new project, in the order of the file: first the fields,
/// then for each second-level indicator a row.
const FIELDS: [(&str, &str); 5] = [
    ("\"项目属性\" = \"\"", "\"项目属性\" = \"0101-一年期项目\""),
    ("\"项目期\" = \"\"", "\"项目期\" = \"1年\""),
    (
        "\"年度总体目标\" = \"\"",
        "\"年度总体目标\" = \"保障11个村2023年日常办公，按时支付水电、印刷等费用。\"",
    ),
    ("\"财政拨款\" = 0  # 待填：单位万元", "\"财政拨款\" = 33"),
    ("\"其他资金\" = 0  # 待填：单位万元", "\"其他资金\" = 0"),
];
const ROWS: [&str; 9] = [
    "\"保障办公的村\" = \"11个\"",
    "\"办公费支付准确率\" = \"100%\"",
    "\"办公费支付时间\" = \"2023年底前\"",
    "\"办公费总额\" = \"33万元\"",
    "\"村级办事效率\" = \"明显提高\"",
    "\"村集体办公支出\" = \"逐步减少\"",
    "\"纸张用量减少率\" = \"≥10%\"",
    "\"村级组织正常运转率\" = \"100%\"",
    "\"群众满意度\" = \"≥95%\"",
];
const EXAMPLE: &str = "# \"三级指标\" = \"指标值\"";

fn edit(workspace: &Path, file: &str, edit: impl FnOnce(&str) -> String) {
    let path = workspace.join(file);
    let text = fs::read_to_string(&path).expect("the file");
    let edited = edit(&text);
    assert_ne!(edited, text, "{file}");
    fs::write(path, edited).expect("the file");
}

fn filled_in(text: &str) -> String {
    let mut rows = ROWS.into_iter();
    let lines = text.lines().map(|line| {
        let field = FIELDS.iter().find(|(blank, _)| *blank == line).map(|(_, filled)| *filled);
        let row = || (line == EXAMPLE).then(|| rows.next().expect("one row a table"));
        format!("{}\n", field.or_else(row).unwrap_or(line))
    });
    lines.collect()
}

/// Runs the program, expects an exit status, and gives what it prints: results and messages.
fn run(workspace: &Path, arguments: &[&str], status: i32) -> (String, String) {
    let run = Run::of(support::jixiao(workspace, arguments).env("NO_COLOR", "1"));
    let Run { results, messages, .. } = run;
    assert_eq!(run.status, Some(status), "{arguments:?}\n{results}\n{messages}");
    (results, messages)
}

/// The files in which `check` points something out, and how often in each.
fn remarks(workspace: &Path, status: i32) -> Vec<(String, usize)> {
    let (results, _) = run(workspace, &["check", "--format", "short"], status);
    let mut files: Vec<(String, usize)> = Vec::new();
    for line in results.lines() {
        let file = line.split(':').next().expect("a file").to_owned();
        match files.last_mut().filter(|(last, _)| *last == file) {
            Some((_, count)) => *count += 1,
            None => files.push((file, 1)),
        }
    }
    files
}

#[test]
fn from_an_empty_folder_to_the_next_year() {
    // Without git all but the comparison with what was committed.
    let repository = Repository::new();
    let own = support::empty_workspace();
    let workspace = repository.as_ref().map_or(own.path(), Repository::path);

    // Whoever begins with the project is told to begin with the department.
    let (_, messages) = run(workspace, &["new", "村委会办公经费"], 1);
    assert!(messages.contains("先新建部门：jixiao new --department"), "{messages}");
    let new = ["new", "--department", "平罗县灵沙乡人民政府", "--code", "056", "--year", "2023"];
    let (results, messages) = run(workspace, &new, 0);
    assert_eq!(results, format!("已建立 {DEPARTMENT}\n"));
    assert!(messages.contains("再新建项目：jixiao new 项目名称"), "{messages}");
    let (results, messages) = run(workspace, &["new", "村委会办公经费"], 0);
    assert_eq!(results, format!("已建立 {PROJECT}\n"));
    assert!(messages.contains("运行 jixiao check"), "{messages}");

    // Every blank is pointed out; there is nothing to print before they are filled in.
    // The indicators that are missing are told in one finding.
    let blanks = FIELDS.len() + 1;
    assert_eq!(remarks(workspace, 1), [(DEPARTMENT.to_owned(), 1), (PROJECT.to_owned(), blanks)]);
    run(workspace, &["render"], 1);
    assert!(!workspace.join(PDF).exists());
    edit(workspace, DEPARTMENT, |text| {
        text.replace("\"实施单位\" = \"\"", "\"实施单位\" = \"平罗县灵沙乡人民政府本级\"")
    });
    edit(workspace, PROJECT, filled_in);
    let checked = "检查了 056-平罗县灵沙乡人民政府：1 个项目，资金合计 33 万元；没有问题\n";
    assert_eq!(run(workspace, &["check"], 0).0, checked);
    assert_eq!(run(workspace, &["fmt", "--check"], 0).0, "");

    let (results, _) = run(workspace, &["render"], 0);
    assert_eq!(results, format!("已写出 {PDF}：1 张表，1 页\n"));
    assert!(fs::read(workspace.join(PDF)).expect("the PDF").starts_with(b"%PDF-"));

    if let Some(repository) = &repository {
        repository.commit();
        edit(workspace, PROJECT, |text| text.replace("= 33\n", "= 35.5\n"));
        assert_eq!(
            repository.diff(&["HEAD"]),
            "\
2023年度 056-平罗县灵沙乡人民政府（平罗县灵沙乡人民政府）
  01-村委会办公经费.toml
    资金  财政拨款：33 → 35.5 万元（+2.5）

1 个项目有改动，资金合计 33 → 35.5 万元（+2.5）
"
        );
        edit(workspace, PROJECT, |text| text.replace("= 35.5\n", "= 33\n"));
    }

    // Whether it goes on is for a person to say; the message has the commands that say so.
    let (_, messages) = run(workspace, &["rollover", "2023", "2024"], 2);
    assert!(messages.contains("全部保留：jixiao rollover 2023 2024 --keep 全部\n"), "{messages}");
    let (results, messages) = run(workspace, &["rollover", "2023", "2024", "--keep", "全部"], 0);
    assert_eq!(results, "已写出 data/2024：1 个部门，1 个项目\n");
    assert!(messages.contains("运行 jixiao check --year 2024"), "{messages}");
    // What is left are the two amounts.
    let project = PROJECT.replace("2023", "2024");
    assert_eq!(remarks(workspace, 0), [(project.clone(), 2)]);
    edit(workspace, &project, |text| {
        text.replace("= 33  # 待核对：2023年的金额", "= 35").replace("  # 待核对：2023年的金额", "")
    });
    // The costs are last year's still, and that is noticed.
    assert_eq!(remarks(workspace, 0), [(project.clone(), 1)]);
    edit(workspace, &project, |text| text.replace("33万元", "35万元"));
    let checked = "检查了 056-平罗县灵沙乡人民政府：1 个项目，资金合计 35 万元；没有问题\n";
    assert_eq!(run(workspace, &["check"], 0).0, checked);

    let expected = "\
2023年度 → 2024年度 056-平罗县灵沙乡人民政府（平罗县灵沙乡人民政府）
  01-村委会办公经费.toml
    修改  年度总体目标：保障11个村[-2023-]{+2024+}年日常办公，按时支付水电、印刷等费用。
    资金  财政拨款：33 → 35 万元（+2）
    修改  时效指标 / 办公费支付时间：2023年底前 → 2024年底前
    修改  成本指标 / 办公费总额：33万元 → 35万元

1 个项目有改动，资金合计 33 → 35 万元（+2）
";
    // Years are written as they are for `rollover`, too.
    for (old, new) in [("data/2023", "data/2024"), ("2023", "2024")] {
        assert_eq!(run(workspace, &["diff", old, new], 1).0, expected);
    }
}
