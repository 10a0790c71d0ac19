//! What the parts of a form are about, whatever they are called on it.

use tempfile::TempDir;

use crate::support;
use crate::support::pdf;
use jixiao::diagnostics::{Finding, SourceFile, Span};
use jixiao::form::{DEFINITION_FILE, Definition};

/// A form on which nothing is called by a standard word, and some things by words that mean
/// something else between braces.
pub const OTHER_WORDS: &str = r#"
"附件" = "附表3"
"附件标题" = "{申报单位}绩效目标申报表"
"标题" = "项目绩效目标申报表"
"副标题" = "（{年度}年度，单位：{单位}）"
["部门"]
"申报单位" = { "含义" = "部门名称", "必填" = true }
"单位编码" = { "含义" = "部门代码" }
["项目"]
"支出项目" = { "含义" = "项目名称", "必填" = true }
"编码" = { "含义" = "项目代码" }
"类别" = { "含义" = "项目属性" }
"起止" = { "含义" = "项目期" }
"目标一" = { "含义" = "目标", "必填" = true, "可空" = true }
"年度" = { "说明" = "批准的年度" }
"序号" = {}
"页码" = {}
["资金"]
"表名" = "资金"
"合计" = "总额"
["指标列"]
"性质" = { "含义" = "计算符号" }
"目标" = { "含义" = "目标值", "必填" = true }
"单位" = {}
["一级指标"."投入"]
"花费" = { "含义" = "成本" }
["一级指标"."产出"]
"含义" = "产出"
"多少" = { "含义" = "数量" }
"何时" = { "含义" = "时效" }
[["版面"]]
"行" = [
  ["{申报单位}", "{单位编码}", "{支出项目}", "{编码}"],
  ["{类别}", "{起止}", "{目标一}", "{总额}（{单位}）"],
  ["{年度}", "{序号}", "{页码}", "{}"],
]
[["版面"]]
"每条指标" = ["{一级指标}", "{二级指标}", "{三级指标}", "{性质}", "{目标}", "{单位}"]
"#;

const DEPARTMENT: &str = "\"申报单位\" = \"乙县交通局\"\n\"单位编码\" = \"219\"\n";

const PROJECT: &str = r#"
"支出项目" = "修路"
"编码" = "219001"
"类别" = "0101-一年期项目"
"起止" = "1年"
"目标一" = "修好乡道。"
"年度" = "当年"
"序号" = "三"
"页码" = "无"
["资金"]
"总额" = 5
["花费"]
"总成本" = { "性质" = "≤", "目标" = "5", "单位" = "万元" }
["多少"]
"里程" = { "性质" = "≥", "目标" = "3", "单位" = "公里" }
["何时"]
"完工" = "年底前"
"#;

fn workspace(project: &str) -> TempDir {
    let workspace = support::empty_workspace();
    support::write(workspace.path(), "表样/form.toml", OTHER_WORDS);
    support::write(workspace.path(), "data/2023/219-交通局/部门.toml", DEPARTMENT);
    support::write(workspace.path(), "data/2023/219-交通局/1.toml", project);
    workspace
}

/// What `check` says of a project, which is no error.
#[track_caller]
fn checked(project: &str) -> String {
    let workspace = workspace(project);
    let run = support::try_run(workspace.path(), &["check", "--template", "表样"]);
    assert_eq!(run.status, Some(0), "{}{}", run.results, run.messages);
    run.results + &run.messages
}

#[test]
fn a_form_may_use_words_of_its_own_even_those_that_mean_something_else_between_braces() {
    let workspace = workspace(PROJECT);
    support::run(workspace.path(), &["render", "--template", "表样"]);
    let path = workspace.path().join("output/2023/219-交通局.pdf");
    let pages = pdf::read(&path);
    let texts: Vec<String> = pages[0].table().into_iter().map(|cell| cell.text).collect();
    let expected = [
        "乙县交通局",
        "219",
        "修路",
        "219001",
        "0101-一年期项目",
        "1年",
        "修好乡道。",
        "5.000000（万元）",
        "当年",
        "三",
        "无",
        "",
        "投入",
        "花费",
        "总成本",
        "≤",
        "5",
        "万元",
        "产出",
        "多少",
        "里程",
        "≥",
        "3",
        "公里",
        "何时",
        "完工",
        "",
        "年底前",
        "",
    ];
    assert_eq!(texts, expected);
    let outside = pages[0].text_outside_tables();
    // Where no project is spoken of, the words mean what they always do.
    assert!(outside.contains("乙县交通局绩效目标申报表"), "{outside}");
    assert!(outside.contains("单位：万元"), "{outside}");
}

#[test]
fn rules_go_by_meaning_and_speak_in_the_words_of_the_form() {
    assert!(!checked(PROJECT).contains("[W"));
    for (from, to, expected) in [
        (
            "\"5\", \"单位\" = \"万元\"",
            "\"4\", \"单位\" = \"万元\"",
            "这里是 4 万元，总额是 5 万元",
        ),
        ("\"5\", \"单位\" = \"万元\"", "\"5\"", "W202"),
        ("\"5\", \"单位\" = \"万元\"", "\"100\", \"单位\" = \"%\"", "“花费”里没有金额"),
        ("\"3\", \"单位\" = \"公里\"", "\"30\", \"单位\" = \"%\"", "“多少”的值是百分比"),
        ("\"3\", \"单位\" = \"公里\"", "\"3\"", "W208"),
        ("年底前", "有效保证", "“产出”只有定性的说法"),
        ("里程", "好路率", "“好路率”的值不是百分比"),
        ("里程", "每月出工", ""),
        (
            "\"里程\" = { \"性质\" = \"≥\", \"目标\" = \"3\", \"单位\" = \"公里\"",
            "\"每月出工\" = { \"目标\" = \"40\", \"单位\" = \"天\"",
            "一个月最多 31 天",
        ),
        ("0101-一年期项目", "一年期项目", "“类别”不是“四位数字-名称”的写法"),
        ("\"1年\"", "\"3年\"", "“起止”和“类别”对不上"),
        ("修好乡道。", "", "“目标一”是空的"),
    ] {
        assert_eq!(PROJECT.matches(from).count(), 1, "{from}");
        let said = checked(&PROJECT.replace(from, to));
        assert!(said.contains(expected), "{to}: {expected} in\n{said}");
        assert_eq!(said.contains("[W"), !expected.is_empty(), "{to}:\n{said}");
    }
}

#[test]
fn projects_are_matched_and_named_by_meaning() {
    let workspace = workspace(PROJECT);
    let other = PROJECT.replace("修路", "乡道养护和绿化").replace("修好乡道。", "管护乡道。");
    let project = |name: &str| format!("data/2024/219-交通局/{name}.toml");
    support::write(workspace.path(), "data/2024/219-交通局/部门.toml", DEPARTMENT);
    support::write(workspace.path(), project("9"), other);
    let arguments = ["diff", "2023", "2024", "--template", "表样"];
    let run = support::try_run(workspace.path(), &arguments);
    assert_eq!(run.status, Some(1), "{}", run.messages);
    // One project under another name and in another file: its code says so.
    assert!(run.results.contains("改名"), "{}", run.results);
    assert!(!run.results.contains("新增") && !run.results.contains("删除"), "{}", run.results);

    let new = ["new", "办公费", "--department", "219", "--year", "2023", "--template", "表样"];
    support::run(workspace.path(), &new);
    let text = std::fs::read_to_string(workspace.path().join("data/2023/219-交通局/办公费.toml"));
    assert!(text.expect("a new file").contains("\"支出项目\" = \"办公费\""));
}

/// The mistakes in a form: what is said and on which line.
#[track_caller]
pub fn mistakes(form: &str) -> Vec<(String, usize)> {
    let mut findings = Vec::new();
    Definition::parse(&SourceFile::new(DEFINITION_FILE, form), &mut findings);
    let place = |finding: &Finding| {
        assert!(!finding.help.is_empty(), "{finding:?}");
        finding.span().map_or(0, Span::line)
    };
    findings.iter().map(|it| (it.message.clone(), place(it))).collect()
}

#[test]
fn a_meaning_is_given_once_and_is_one_that_there_is() {
    assert!(mistakes(OTHER_WORDS).is_empty());
    for (from, to, message, line) in [
        (
            "\"编码\" = { \"含义\" = \"项目代码\" }",
            "\"编码\" = { \"含义\" = \"项目名称\" }",
            "“支出项目”和“编码”的含义都是项目名称",
            11,
        ),
        (
            "\"编码\" = { \"含义\" = \"项目代码\" }",
            "\"编码\" = { \"含义\" = \"部门代码\" }",
            "这里没有“部门代码”这个含义",
            11,
        ),
        (
            "\"单位\" = {}",
            "\"单位\" = {}\n\"度量单位\" = {}",
            "“单位”和“度量单位”的含义都是计量单位",
            25,
        ),
        ("\"含义\" = \"产出\"", "\"含义\" = \"数量\"", "这里没有“数量”这个含义", 28),
        ("\"含义\" = \"时效\"", "\"含义\" = \"产出\"", "这里没有“产出”这个含义", 30),
        (
            "\"含义\" = \"部门名称\", ",
            "",
            "[\"部门\"]里要有必填的“部门名称”：目录和报错都靠它称呼",
            6,
        ),
        (
            "\"含义\" = \"项目名称\", \"必填\" = true",
            "\"含义\" = \"项目名称\"",
            "[\"项目\"]里要有必填的“项目名称”：目录和报错都靠它称呼",
            9,
        ),
    ] {
        assert_eq!(OTHER_WORDS.matches(from).count(), 1, "{from}");
        let found = mistakes(&OTHER_WORDS.replace(from, to));
        assert!(found.contains(&(message.to_owned(), line)), "{to}: {found:#?}");
    }
    // Said by one, the meaning is no longer that of a standard word; nor if it is taken away.
    let both = |second: &str| {
        OTHER_WORDS
            .replace("\"编码\" = { \"含义\" = \"项目代码\" }", second)
            .replace("\"{编码}\"", "\"{项目名称}\"")
    };
    assert!(mistakes(&both("\"项目名称\" = {}")).is_empty());
    assert!(mistakes(&both("\"项目名称\" = { \"含义\" = \"无\" }")).is_empty());
}
