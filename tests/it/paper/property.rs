//! Whatever is written, the paper says it: complete, in order, each text in its cell.

use std::fmt::Write as _;
use std::path::Path;

use super::read::{Printed, forms};
use super::texts::{Numbers, amount, length, quoted, seen, text};
use crate::support;

/// How many texts are set unless `JIXIAO_TEXTS` says otherwise.
const TEXTS: usize = 2_400;
/// The width of the type area in millimetres.
const UPRIGHT: f64 = 156.0;
const LANDSCAPE: f64 = 225.0;

/// Sets texts until there are as many as are wanted of a kind.
fn repeat(share: usize, seed: u64, mut check: impl FnMut(&mut Numbers) -> usize) {
    let texts = std::env::var("JIXIAO_TEXTS").ok().and_then(|texts| texts.parse().ok());
    let wanted = texts.unwrap_or(TEXTS) * share / 100;
    let mut numbers = Numbers(seed);
    let mut checked = 0;
    while checked < wanted {
        checked += check(&mut numbers);
    }
    println!("{checked} texts");
}

/// The length of the longest names: three of them are set in large letters above one table.
const LONGEST_NAME: usize = 100;

/// A project and what is expected on its form.
#[derive(Default)]
struct Project {
    file: String,
    name: String,
    /// Cells beside each other.
    rows: Vec<Vec<String>>,
    amounts: [String; 2],
}

struct Department {
    name: String,
    file: String,
    projects: Vec<Project>,
}

impl Department {
    fn write(&self, folder: &Path) {
        std::fs::create_dir_all(folder).expect("a folder");
        std::fs::write(folder.join("部门.toml"), &self.file).expect("a file");
        for (number, project) in (1..).zip(&self.projects) {
            let path = folder.join(format!("{number:03}.toml"));
            std::fs::write(path, &project.file).expect("a file");
        }
    }
}

fn some_text(numbers: &mut Numbers) -> String {
    let length = length(numbers);
    text(numbers, length, true)
}

/// A text on one line, which names something.
fn name(numbers: &mut Numbers, number: usize) -> String {
    let length = length(numbers).min(LONGEST_NAME);
    // Different names, also where a file is named by them.
    format!("{}{number}", text(numbers, length, false))
}

fn field(file: &mut String, key: &str, value: &str) {
    writeln!(file, "{} = {}", quoted(key), quoted(value)).expect("a string");
}

/// A project of the built-in form, with these letters in some of its texts.
fn project(numbers: &mut Numbers, index: usize, letters: &str) -> Project {
    let mut project = Project { name: name(numbers, index), ..Project::default() };
    let mut row = |file: &mut String, label: &str, value: String| {
        field(file, label, &value);
        project.rows.push(vec![label.to_owned(), value]);
    };
    let file = &mut project.file;
    row(file, "项目名称", project.name.clone());
    for label in ["项目属性", "项目期", "年度总体目标", "实施单位"] {
        row(file, label, format!("{}{letters}", some_text(numbers)));
    }
    project.amounts = [amount(numbers), amount(numbers)];
    let [first, second] = &project.amounts;
    write!(file, "[\"项目资金\"]\n\"财政拨款\" = {first}\n\"其他资金\" = {second}\n")
        .expect("a string");
    for group in support::form().definition.second_levels() {
        writeln!(file, "[\"{}\"]", group.name).expect("a string");
        for row in 0..1 + numbers.below(2) {
            // Keys are unique, and some values need a figure.
            let name = format!("{}{row}", some_text(numbers));
            let value = format!("{}{}", some_text(numbers), numbers.below(10));
            field(file, &name, &value);
            project.rows.push(vec![name, value]);
        }
    }
    project
}

/// An amount as it is printed.
fn printed_amount(amount: &str) -> String {
    let (whole, decimals) = amount.split_once('.').unwrap_or((amount, ""));
    format!("{whole}.{decimals:0<6}")
}

fn department(numbers: &mut Numbers, index: usize, projects: usize, letters: &str) -> Department {
    let name = name(numbers, index);
    let mut file = String::new();
    let code = some_text(numbers);
    for (key, value) in [("主管部门", &name), ("代码", &code), ("实施单位", &some_text(numbers))]
    {
        field(&mut file, key, value);
    }
    let mut all: Vec<Project> =
        (0..projects).map(|number| project(numbers, index * 100 + number, letters)).collect();
    for project in &mut all {
        let code = format!("{name} {code}");
        project.rows.push(vec!["主管部门及代码".to_owned(), code]);
    }
    Department { name, file, projects: all }
}

/// Settings of fonts, and letters that only they have: the bundled ones, another for all text, one
/// of a few letters before the bundled ones, one that only fills in.
const FONTS: [(&str, &str); 4] = [
    ("", ""),
    ("[\"字体\"]\n\"正文\" = [\"Noto Sans SC\"]\n\"标题\" = [\"Noto Sans SC\"]\n", ""),
    ("[\"字体\"]\n\"文件夹\" = \"字体\"\n\"正文\" = [\"Rare Test\"]\n", "一𠀀二"),
    ("[\"字体\"]\n\"文件夹\" = \"字体\"\n", "(𠀀)"),
];

/// Lets a workspace have fonts of its own.
fn set_fonts(workspace: &Path, config: &str) {
    let folder = workspace.join("字体");
    std::fs::create_dir(&folder).expect("a folder");
    let font = support::repository().join("tests/fonts/RareTest.ttf");
    std::fs::copy(font, folder.join("RareTest.ttf")).expect("a file");
    // Without settings there is no file of them.
    if !config.is_empty() {
        std::fs::write(workspace.join("jixiao.toml"), config).expect("a file");
    }
}

/// The built-in form, its titles and its summary.
#[test]
fn whatever_is_written_is_printed_complete_in_order_and_within_its_cell() {
    repeat(60, 0x1234_5678_9abc_def1, |numbers| {
        let workspace = tempfile::tempdir().expect("a temporary folder");
        let (config, letters) = FONTS[numbers.below(FONTS.len())];
        set_fonts(workspace.path(), config);
        let departments: Vec<Department> =
            (1..=6).map(|index| department(numbers, index, 1 + index % 3 * 2, letters)).collect();
        for (index, department) in departments.iter().enumerate() {
            let folder = format!("data/2023/{:03}-部门", index + 1);
            department.write(&workspace.path().join(folder));
        }
        support::run(workspace.path(), &["render", "--combined", "-o", "a.pdf"]);
        let file = workspace.path().join("a.pdf");
        let printed = forms(&file, UPRIGHT, |outside| {
            outside.contains("部门项目支出预算绩效目标表（2023年度）")
        });
        let mut checked = 0;
        let mut rest = printed.iter();
        let summary = rest.next().expect("a summary");
        assert!(summary.outside.contains("2023年度项目支出预算绩效目标汇总表"));
        let mut number = 0;
        for department in &departments {
            let mut is_first = true;
            for project in &department.projects {
                number += 1;
                let form = rest.next().expect("a form for each project");
                if is_first {
                    let title = format!("{}项目支出预算绩效目标表", department.name);
                    assert!(form.outside.contains(&seen(&title)), "{title}\n{}", form.outside);
                    checked += 1;
                }
                is_first = false;
                for row in &project.rows {
                    form.assert_row(&row.iter().map(String::as_str).collect::<Vec<_>>());
                    checked += row.len();
                }
                let [first, second] = project.amounts.each_ref().map(|it| printed_amount(it));
                form.assert_row(&["其中：财政拨款", &first]);
                form.assert_row(&["其他资金", &second]);
                let sum = sum(&project.amounts);
                form.assert_row(&["年度资金总额：", &sum]);
                let page = (form.first_page + 1).to_string();
                // The department's cell goes over several rows.
                summary.assert_row(&[&project.name, &sum, &first, &second, &page]);
                assert!(summary.cells.iter().any(|cell| cell.text == number.to_string()));
                checked += 4;
            }
            summary.assert_row(&[&department.name]);
        }
        assert!(rest.next().is_none(), "a form too many");
        checked
    });
}

/// The sum of amounts as it is printed, reckoned in millionths.
fn sum(amounts: &[String]) -> String {
    let millionths = |amount: &String| -> u128 {
        printed_amount(amount).replace('.', "").parse().expect("digits")
    };
    let sum: u128 = amounts.iter().map(millionths).sum();
    format!("{}.{:06}", sum / 1_000_000, sum % 1_000_000)
}

/// Another form: paper on its side, other sizes, six columns, narrow labels, notes above and below.
const WIDE: &str = r#"
"附件" = "附表3"
"附件标题" = "{单位名称}{主管部门}"
"标题" = "{项目名称}申报表"
"表上" = ["填报单位：{单位名称}", "单位：{单位}"]
"表下" = ["填表人：{填表人}", "联系电话：{联系电话}"]
["尺寸"]
"纸张" = "横"
"字号" = 9
["部门"]
"主管部门" = { "必填" = true }
"单位名称" = { "必填" = true }
["项目"]
"项目名称" = { "必填" = true }
"项目编码" = {}
"立项依据" = {}
"年度总体目标" = {}
"填表人" = {}
"联系电话" = {}
["资金"]
"表名" = "资金"
"合计" = "总额"
"分项" = ["财政资金"]
["指标列"]
"指标值" = { "必填" = true }
"度量单位" = { "必填" = true }
"权重" = { "必填" = true }
"完成情况" = { "必填" = true }
"偏差原因" = { "必填" = true }
"备注" = { "必填" = true }
["一级指标"."产出"]
"数量" = { "标注" = "（必填）" }
"质量" = { }
["一级指标"."效益"]
"社会效益与可持续影响" = { }
[["版面"]]
"宽" = [8, 30, 9, 20, 9, 10]
"行" = [
  ["项目名称", "{项目名称}", "项目编码", "{项目编码}", "主管部门", "{主管部门}"],
  ["立项依据", "{立项依据}", "财政资金", "{财政资金}", "总额", "{总额}"],
]
[["版面"]]
"宽" = [12, 200]
"行" = [["年度总体目标", "{年度总体目标}"]]
[["版面"]]
"宽" = [7, 9, 30, 12, 7, 6, 20, 14, 11]
"表头" = [["一级指标", "二级指标", "三级指标", "目标", "←", "←", "自评", "←", "←"],
          ["↑", "↑", "↑", "指标值", "度量单位", "权重", "完成情况", "偏差原因", "备注"]]
"每条指标" = ["{一级指标}", "{二级指标}{标注}", "{三级指标}", "{指标值}", "{度量单位}", "{权重}", "{完成情况}", "{偏差原因}", "{备注}"]
"#;

/// The same data, and columns as wide as their texts.
fn fitted() -> String {
    let (before, _) = WIDE.split_once("[[\"版面\"]]").expect("sections");
    before.replace("\"纸张\" = \"横\"\n", "")
        + r#"
[["版面"]]
"宽" = ["自动", "自动", 30, "自动", 7, "自动", 20, 14, "自动"]
"行" = [
  ["项目名称", "{项目名称}", "←", "项目编码", "{项目编码}"],
  ["主管部门", "{主管部门}", "←", "立项依据", "{立项依据}"],
  ["总额", "{总额}", "财政资金", "{财政资金}"],
  ["年度总体目标", "{年度总体目标}"],
  ["一级", "二级", "三级指标", "指标值", "度量单位", "权重", "完成情况", "偏差原因", "备注"],
]
"每条指标" = ["{一级指标}", "{二级指标}{标注}", "{三级指标}", "{指标值}", "{度量单位}", "{权重}", "{完成情况}", "{偏差原因}", "{备注}"]
"#
}

const COLUMNS: [&str; 6] = ["指标值", "度量单位", "权重", "完成情况", "偏差原因", "备注"];

fn wide_project(numbers: &mut Numbers, index: usize) -> Project {
    let mut project = Project { name: name(numbers, index), ..Project::default() };
    let file = &mut project.file;
    field(file, "项目名称", &project.name);
    project.rows.push(vec!["项目名称".to_owned(), project.name.clone()]);
    for label in ["项目编码", "立项依据", "年度总体目标"] {
        let value = some_text(numbers);
        field(file, label, &value);
        project.rows.push(vec![label.to_owned(), value]);
    }
    for label in ["填表人", "联系电话"] {
        // A note is a line, or a few.
        field(file, label, &text(numbers, 12, false));
    }
    project.amounts = [amount(numbers), String::new()];
    writeln!(file, "[\"资金\"]\n\"财政资金\" = {}", project.amounts[0]).expect("a string");
    for group in ["数量", "质量", "社会效益与可持续影响"] {
        writeln!(file, "[\"{group}\"]").expect("a string");
        for row in 0..numbers.below(3) {
            let mut texts = vec![format!("{}{row}", some_text(numbers))];
            texts.extend(COLUMNS.iter().map(|_| some_text(numbers)));
            let cells: Vec<String> = COLUMNS
                .iter()
                .zip(&texts[1..])
                .map(|(name, text)| format!("\"{name}\" = {}", quoted(text)))
                .collect();
            writeln!(file, "{} = {{ {} }}", quoted(&texts[0]), cells.join(", ")).expect("a string");
            project.rows.push(texts);
        }
    }
    project
}

fn check_other_form(numbers: &mut Numbers, form: &str, width: f64) -> usize {
    let workspace = tempfile::tempdir().expect("a temporary folder");
    let template = workspace.path().join("表样");
    std::fs::create_dir(&template).expect("a folder");
    std::fs::write(template.join("form.toml"), form).expect("a file");
    let mut file = String::new();
    let [department, unit] = [1, 2].map(|number| name(numbers, number));
    field(&mut file, "主管部门", &department);
    field(&mut file, "单位名称", &unit);
    let projects: Vec<Project> = (1..=6).map(|index| wide_project(numbers, index)).collect();
    let department = Department { name: department, file, projects };
    department.write(&workspace.path().join("data/2023/001-部门"));
    support::run(workspace.path(), &["render", "--template", "表样", "-o", "a.pdf"]);
    let names: Vec<String> =
        department.projects.iter().map(|it| seen(&format!("{}申报表", it.name))).collect();
    let printed = forms(&workspace.path().join("a.pdf"), width, |outside| {
        names.iter().any(|name| outside.contains(name))
    });
    assert_eq!(printed.len(), names.len());
    let mut checked = 0;
    for (form, project) in printed.iter().zip(&department.projects) {
        assert!(
            form.outside.contains(&seen(&format!("填报单位：{unit}单位：万元"))),
            "{}",
            form.outside
        );
        assert!(form.end.contains("填表人：") && form.end.contains("联系电话："));
        form.assert_row(&["主管部门", &department.name]);
        form.assert_row(&["财政资金", &printed_amount(&project.amounts[0])]);
        for row in &project.rows {
            form.assert_row(&row.iter().map(String::as_str).collect::<Vec<_>>());
            checked += row.len();
        }
        checked += 3;
    }
    checked
}

#[test]
fn so_it_is_on_a_form_of_many_columns_on_paper_that_lies_on_its_side() {
    repeat(20, 0x0fed_cba9_8765_4321, |numbers| check_other_form(numbers, WIDE, LANDSCAPE));
}

#[test]
fn so_it_is_where_columns_are_as_wide_as_their_texts() {
    repeat(10, 0x1357_9bdf_0246_8ace, |numbers| check_other_form(numbers, &fitted(), UPRIGHT));
}

/// Changed stretches are bold there.
#[test]
fn so_it_is_in_the_table_of_differences() {
    repeat(10, 0x2468_ace0_1357_9bdf, |numbers| {
        let workspace = tempfile::tempdir().expect("a temporary folder");
        let mut expected: Vec<[String; 3]> = Vec::new();
        for index in 1..=3 {
            let old = department(numbers, index, 2, "");
            let mut new =
                Department { name: old.name.clone(), file: old.file.clone(), projects: Vec::new() };
            for project in &old.projects {
                // Some fields and some values are others, or only a part of them is.
                let mut file = String::new();
                let mut group = String::new();
                for line in project.file.lines() {
                    if let Some(name) = line.strip_prefix("[\"") {
                        group = name.trim_end_matches("\"]").to_owned();
                    }
                    let line = match line.split_once("\" = ") {
                        Some((key, value))
                            if numbers.below(3) == 0
                                && value.starts_with('"')
                                && key != "\"项目名称" =>
                        {
                            let (key, value) =
                                (unquoted(&key[1..]), unquoted(value.trim_matches('"')));
                            let added = some_text(numbers);
                            let changed = match numbers.below(3) {
                                0 => format!("{added}9"),
                                1 => format!("{value}{added}7"),
                                _ => format!("{added}{value}"),
                            };
                            expected.push([format!("{group}{key}"), value, changed.clone()]);
                            format!("{} = {}", quoted(&key), quoted(&changed))
                        }
                        _ => line.to_owned(),
                    };
                    writeln!(file, "{line}").expect("a string");
                }
                new.projects.push(Project { file, ..Project::default() });
            }
            let folder = format!("2023/{index:03}-部门");
            old.write(&workspace.path().join("旧").join(&folder));
            new.write(&workspace.path().join("新").join(&folder));
        }
        let arguments = ["diff", "旧/2023", "新/2023", "--format", "pdf", "-o", "a.pdf"];
        let output = support::jixiao(workspace.path(), &arguments).output();
        let output = output.expect("the program starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        let printed = forms(&workspace.path().join("a.pdf"), UPRIGHT, |_| false);
        let printed: &Printed = printed.first().expect("a table");
        for [item, old, new] in &expected {
            printed.assert_row(&[item, old, new, "修改"]);
        }
        expected.len() * 2
    });
}

fn unquoted(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\")
}

#[test]
fn a_letter_that_no_font_has_is_an_error_wherever_it_stands() {
    for (file, old, line) in [
        ("部门.toml", "测试单位", 1),
        ("部门.toml", "001", 2),
        ("01.toml", "甲项目", 1),
        ("01.toml", "1年", 3),
        ("01.toml", "目标。", 4),
        ("01.toml", "质量指标的内容", 14),
        ("01.toml", "≥1个", 11),
    ] {
        let project = support::project("甲项目", "目标。", support::one_row);
        let workspace = support::workspace(&[("01.toml", &project)]);
        let path = workspace.path().join("data/2023/001-测试单位").join(file);
        let text = std::fs::read_to_string(&path).expect("a file");
        std::fs::write(&path, text.replacen(old, &format!("{old}𠀀"), 1)).expect("a file");
        let arguments = ["render", "-o", "a.pdf"];
        let output = support::jixiao(workspace.path(), &arguments).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{file} {old}\n{said}");
        assert!(said.contains("没有“𠀀”"), "{file} {old}\n{said}");
        assert!(said.contains(&format!("001-测试单位/{file}:{line}:")), "{file} {old}\n{said}");
        assert!(!workspace.path().join("a.pdf").exists());
    }
}
