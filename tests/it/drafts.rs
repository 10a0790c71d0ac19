//! Drafts: what `new` and `rollover` write is what `check` then sends a person to, and nothing in
//! last year's data is changed but years in texts.

use std::fs;
use std::path::Path;

use crate::support;
use crate::support::form::{FormParts, MAY_BE_EMPTY, OPTIONAL, QUANTIFIED, REQUIRED};
use jixiao::author::rollover::{ALL, Rollover};
use jixiao::data;
use jixiao::data::{Department, Project};
use jixiao::diagnostics::SourceFile;
use jixiao::toml::comments;
use jixiao::workspace::Workspace;
use proptest::prelude::*;

/// What `check` says of a file: `line: code`.
fn remarks(workspace: &Path, file: &str) -> Vec<String> {
    let run = support::try_run(workspace, &["check", "--format", "short"]);
    let own = run.results.lines().filter_map(|line| line.split_once(file)?.1.strip_prefix(':'));
    own.map(|line| {
        let number = line.split(':').next().unwrap_or_default();
        let code = line.split(' ').nth(1).unwrap_or_default();
        format!("{number}: {code}")
    })
    .collect()
}

#[test]
fn a_new_project_is_flagged_exactly_where_it_has_to_be_filled_in() {
    let workspace = support::workspace(&[]);
    support::run(workspace.path(), &["new", "办公经费"]);
    let file = workspace.path().join("data/2023/001-测试单位/01-办公经费.toml");
    let text = fs::read_to_string(file).expect("the file");
    let expected: Vec<String> = text
        .lines()
        .zip(1..)
        .filter_map(|(line, number)| {
            let code = match line {
                "\"年度总体目标\" = \"\"" => "W101",
                line if line.ends_with("= \"\"") => "E113",
                line if line.contains("待填") => "W701",
                // All indicators that are missing are one finding, at the first of them.
                "[\"数量指标\"]" => "E302",
                _ => return None,
            };
            Some(format!("{number}: {code}"))
        })
        .collect();
    assert_eq!(expected.len(), 2 + 1 + 2 + 1);
    assert_eq!(remarks(workspace.path(), "01-办公经费.toml"), expected);
}

#[test]
fn a_new_department_is_flagged_where_it_has_to_be_filled_in() {
    let workspace = support::empty_workspace();
    let new = ["new", "--department", "乙县交通局", "--code", "057", "--year", "2024"];
    support::run(workspace.path(), &new);
    assert_eq!(remarks(workspace.path(), "部门.toml"), ["11: E113"]);
}

/// Another form: an optional field, one that may be empty, two columns, nothing described.
const FORM: FormParts = FormParts {
    project: &[("项目名称", REQUIRED), ("立项依据", MAY_BE_EMPTY), ("备注", OPTIONAL)],
    columns: &[("指标值", REQUIRED), ("度量单位", OPTIONAL)],
    levels: &[("成本指标", &[("经济成本指标", QUANTIFIED), ("社会成本指标", OPTIONAL)])],
    ..FormParts::LEAST
};

#[test]
fn the_form_in_use_says_what_is_in_a_new_file() {
    let workspace = support::empty_workspace();
    support::write(workspace.path(), "表样/form.toml", FORM.toml());
    let new = |arguments: &[&str]| {
        support::run(workspace.path(), &[&["new", "--template", "表样"], arguments].concat());
    };
    new(&["--department", "乙县", "--code", "9", "--year", "2024"]);
    new(&["修路"]);
    let read = |name: &str| {
        let text = fs::read_to_string(workspace.path().join("data/2024/9-乙县").join(name));
        let text = text.expect("the file");
        text.split_once("\n\n").expect("a comment at the head").1.to_owned()
    };
    assert_eq!(read("部门.toml"), "\"主管部门\" = \"乙县\"\n");
    assert_eq!(
        read("01-修路.toml"),
        r#""项目名称" = "修路"
"立项依据" = ""  # 待填

# 选填
"备注" = ""

["资金"]
"财政资金" = 0  # 待填：单位万元

# 必填，指标值里要有数字
["经济成本指标"]
# "三级指标" = { "指标值" = "……", "度量单位" = "……" }

# 选填
["社会成本指标"]
# "三级指标" = { "指标值" = "……", "度量单位" = "……" }
"#
    );
}

/// A workspace whose data of 2023 is the sample's.
fn sample() -> tempfile::TempDir {
    let workspace = support::empty_workspace();
    support::add_sample(workspace.path());
    workspace
}

#[test]
fn of_the_sample_only_the_amounts_are_left_to_review() {
    let workspace = sample();
    let codes = |year: &str| {
        let run = support::run(workspace.path(), &["check", "--format", "short", "--year", year]);
        let codes = run.results.lines().filter_map(|line| line.split(' ').nth(1));
        codes.map(str::to_owned).collect::<Vec<_>>()
    };
    support::run(workspace.path(), &["rollover", "2023", "2024", "--keep", ALL]);
    let mut codes_after = codes("2024");
    let (of_amounts, others) = codes_after.drain(..).partition::<Vec<_>, _>(|code| code == "W702");
    assert_eq!(of_amounts.len(), 22);
    assert_eq!(others, codes("2023"));
}

#[test]
fn no_mark_is_made_twice() {
    let workspace = sample();
    support::run(workspace.path(), &["rollover", "2023", "2024", "--keep", ALL]);
    support::run(workspace.path(), &["rollover", "2024", "2025", "--keep", ALL]);
    let read = |year: &str| {
        let file = format!("data/{year}/056-灵沙乡/01-村级创新社会管理工作经费.toml");
        fs::read_to_string(workspace.path().join(file)).expect("the file")
    };
    assert_eq!(read("2025").replace("2025年", "2024年"), read("2024"));
}

#[test]
fn what_cannot_be_done_leaves_everything_as_it_was() {
    let workspace = sample();
    support::add_department(workspace.path(), "057-渠口乡", &[("1.toml", "\"项目期\" = 1")]);
    let before = support::files(workspace.path());
    for (arguments, status) in [
        (&["rollover", "2023", "2024", "--keep", ALL][..], 1),
        (&["rollover", "2023", "2024", "灵沙"], 2),
        (&["rollover", "2023", "2024", "灵沙", "--keep", "没有的"], 1),
        (&["new", "村委会办公经费", "--department", "灵沙"], 1),
        (&["new", "村委会办公经费"], 2),
        (&["new", "--department", "高仁乡", "--code", "057"], 1),
        (&["new", "--department", "高仁乡"], 2),
    ] {
        assert_eq!(
            support::try_run(workspace.path(), arguments).status,
            Some(status),
            "{arguments:?}"
        );
        assert_eq!(support::files(workspace.path()), before, "{arguments:?}");
    }
}

#[test]
fn a_second_department_joins_a_year_that_is_there() {
    let workspace = sample();
    support::add_department(workspace.path(), "057-渠口乡", &[("1.toml", &example())]);
    support::run(workspace.path(), &["rollover", "2023", "2024", "灵沙", "--keep", ALL]);
    let before = support::files(&workspace.path().join("data/2024"));
    support::run(workspace.path(), &["rollover", "2023", "2024", "渠口", "--keep", ALL]);
    let after = support::files(&workspace.path().join("data/2024"));
    assert_eq!(after.len(), before.len() + 2);
    assert!(before.iter().all(|(path, bytes)| after.get(path) == Some(bytes)));
}

fn example() -> String {
    support::project("会议费", "开会", support::one_row)
}

/// A text in TOML: what may and may not be a year, and what may be mistaken for a quote or comment.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "2023年",
        "2023年底",
        "2022年",
        "2024年",
        "2023-2025年",
        "较",
        "自",
        "《",
        "》",
        "12",
        "至",
        "2023",
        "〔2023〕",
        "\\\\",
        "\\\"",
        "\\u2023年",
        "#",
        "待核对",
        "'",
        "全年",
        " ",
        ".",
        "，",
    ]);
    prop::collection::vec(pieces, 1..5).prop_map(|pieces| pieces.concat())
}

/// What follows a value.
fn line_end() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "", " ", "  # 2023年的说明", "# 待核对：原有的"])
}

fn row() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        text().prop_map(|text| format!("\"{text}\"")),
        text().prop_map(|text| format!("\"\"\"\n{text}\n# {text}\"\"\"")),
        text().prop_map(|text| format!("{{ \"指标值\" = \"{text}\" }}")),
    ];
    let before =
        prop::sample::select(vec!["", "", "\n# 2023年的说明\n", "\n# 待核对：旧的\n", "  "]);
    (before, text(), value, line_end())
        .prop_map(|(before, name, value, end)| format!("{before}\"{name}\" = {value}{end}\n"))
}

fn file() -> impl Strategy<Value = String> {
    let rows = prop::collection::vec(row(), 1..4).prop_map(|rows| rows.concat());
    let tables = prop::collection::vec(rows, 9);
    (text(), line_end(), tables, line_end(), any::<bool>()).prop_map(|(goal, end, rows, other, crlf)| {
        let mut text = format!(
            "\"项目名称\" = \"办公\"\n\"项目属性\" = \"0102-多年期项目\"\n\"项目期\" = \"2023-2025年\"\n\
             \"年度总体目标\" = \"{goal}\"{end}\n\n[\"项目资金\"]\n\"财政拨款\" = 1{other}\n\"其他资金\" = 0\n"
        );
        let form = support::form().definition;
        for (level, rows) in form.second_levels().zip(rows) {
            text += &format!("\n[\"{}\"]\n{rows}", level.name);
        }
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

fn read(text: &str) -> Option<Project> {
    let mut findings = Vec::new();
    let source = SourceFile::new("项目.toml", text);
    let project = data::project(&source, &support::form().definition, &mut findings);
    project.filter(|_| findings.is_empty())
}

/// Everything in a file but comments, with one year for two.
fn content(project: &Project) -> Vec<String> {
    let amounts = project
        .funding
        .principal
        .lines
        .iter()
        .map(|(name, amount)| format!("{name} {}", amount.get_ref()));
    let texts = project.texts().map(|text| text.get_ref().replace("2024", "2023"));
    amounts.chain(texts).collect()
}

fn comments_of(text: &str) -> Vec<&str> {
    comments(text).map(|range| &text[range]).collect()
}

fn rolled_over(text: &str) -> String {
    let workspace = support::workspace(&[("1.toml", text)]);
    let forms = support::forms();
    let in_place = Workspace::new(workspace.path());
    let rollover = Rollover::new(&in_place, &forms, ("2023", "2024"), &[]).expect("good data");
    rollover.write().expect("a new year");
    let folder = workspace.path().join("data/2024/001-测试单位");
    let _: Department = support::load_department(&folder);
    fs::read_to_string(folder.join("1.toml")).expect("the draft")
}

proptest! {
    #[test]
    fn nothing_changes_but_years_and_marks(text in file()) {
        // Two rows of one name are an error, which is not what this is about.
        let Some(before) = read(&text) else { return Ok(()) };
        let draft = rolled_over(&text);
        let after = read(&draft);
        prop_assert!(after.is_some(), "{draft}");
        let after = after.as_ref().map(content);
        prop_assert_eq!(after, Some(content(&before)));
        // The comments that were there are all there, in their order; what is new is a mark.
        let mut old = comments_of(&text).into_iter().peekable();
        for comment in comments_of(&draft) {
            let is_old = old.next_if_eq(&comment).is_some();
            prop_assert!(is_old || comment.starts_with("# 待核对："), "{comment}");
        }
        prop_assert_eq!(old.next(), None);
        prop_assert_eq!(text.contains("\r\n"), draft.contains("\r\n"));
    }
}
