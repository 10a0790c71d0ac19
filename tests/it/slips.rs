//! What a clerk types, pastes or lets a program save: what is said of it, in one run, and what
//! `--fix` makes of it. Each kind with several values.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support;

const PROJECT: &str = r#""项目名称" = "办公费"
"项目属性" = "0101-一年期项目"
"项目期" = "1年"
"年度总体目标" = "保障机关正常运转，提升服务群众的水平。"

["项目资金"]
"财政拨款" = 22
"其他资金" = 0

["数量指标"]
"购买办公用品" = "12批"

["质量指标"]
"办公用品合格率" = "100%"

["时效指标"]
"完成时间" = "2023年12月底前"

["成本指标"]
"办公经费总额" = "22万元"

["社会效益指标"]
"群众办事便利程度" = "有所提高"

["经济效益指标"]
"节约办公支出" = "≥1万元"

["生态效益指标"]
"无纸化办公比例" = "≥50%"

["可持续影响指标"]
"制度健全程度" = "持续健全"

["服务对象满意度指标"]
"群众满意度" = "≥95%"
"#;

/// A line of the project; what is typed instead; what is said of it (codes with parts of the
/// messages); and what `--fix` leaves there, if it is something else.
type Slip =
    (&'static str, &'static str, &'static [(&'static str, &'static str)], Option<&'static str>);

const TERM: &str = "\"项目期\" = \"1年\"";
const GOAL: &str = "\"年度总体目标\" = \"保障机关正常运转，提升服务群众的水平。\"";
const GRANT: &str = "\"财政拨款\" = 22";
const ROW: &str = "\"购买办公用品\" = \"12批\"";
const TIME: &str = "\"完成时间\" = \"2023年12月底前\"";
const COST: &str = "\"办公经费总额\" = \"22万元\"";
const HEAD: &str = "[\"质量指标\"]";

const SLIPS: &[Slip] = &[
    // Quotes that are part of a text stay.
    (ROW, "\"“一村一品”和“一乡一业”\" = \"2个\"", &[], None),
    (ROW, "\"“四好农村路”\" = \"100公里\"", &[], None),
    (ROW, "\"‘两个’和‘三个’\" = \"12次\"", &[], None),
    (ROW, "\"「甲」乙「丙」\" = \"12次\"", &[], None),
    (ROW, "'“放管服”' = \"12项\"", &[], None),
    (
        ROW,
        "“购买”办公“用品” = \"12批\"",
        &[("E102", "没有加引号")],
        Some("\"“购买”办公“用品”\" = \"12批\""),
    ),
    (
        TIME,
        "\"完成时间\" = 乡镇“两个中心”建成",
        &[("E103", "没有加引号")],
        Some("\"完成时间\" = \"乡镇“两个中心”建成\""),
    ),
    (
        TIME,
        "\"完成时间\" = “两证”办完后",
        &[("E103", "没有加引号")],
        Some("\"完成时间\" = \"“两证”办完后\""),
    ),
    (
        TIME,
        "\"完成时间\" = “甲”和“乙”之后",
        &[("E103", "没有加引号")],
        Some("\"完成时间\" = \"“甲”和“乙”之后\""),
    ),
    (TIME, "\"完成时间\" = “12月底”", &[("E103", "全角")], Some("\"完成时间\" = \"12月底\"")),
    // No two keys become one.
    (ROW, "\"培训2期\" = \"1批\"\n\"培训２期\" = \"2批\"", &[("W402", "２")], None),
    (ROW, "\"购买(甲)\" = \"1批\"\n\"购买（甲）\" = \"2批\"", &[("W401", "“(”和“)”")], None),
    (ROW, "\"购⽤品\" = \"1批\"\n\"购用品\" = \"2批\"", &[("W408", "U+2F64")], None),
    // Full-width figures with their points are one figure.
    (
        ROW,
        "\"购买办公用品\" = \"８．５批\"",
        &[("W402", "８．５")],
        Some("\"购买办公用品\" = \"8.5批\""),
    ),
    (
        ROW,
        "\"购买办公用品\" = \"１，２３４批\"",
        &[("W402", "１，２３４")],
        Some("\"购买办公用品\" = \"1,234批\""),
    ),
    (
        "\"无纸化办公比例\" = \"≥50%\"",
        "\"无纸化办公比例\" = \"≥５０．５％\"",
        &[("W402", "５０．５％")],
        Some("\"无纸化办公比例\" = \"≥50.5%\""),
    ),
    // Characters that look like others.
    (
        ROW,
        "\"购买⼈⺠⽤品\" = \"12批\"",
        &[("W408", "⼈⺠⽤")],
        Some("\"购买人民用品\" = \"12批\""),
    ),
    (
        GOAL,
        "\"年度总体⽬标\" = \"保障机关正常运转。\"",
        &[("E110", "⽬")],
        Some("\"年度总体目标\" = \"保障机关正常运转。\""),
    ),
    (
        ROW,
        "\"购买办公用品\" = \"12批⼀次\"",
        &[("W408", "⼀")],
        Some("\"购买办公用品\" = \"12批一次\""),
    ),
    // Spaces of all kinds.
    (
        ROW,
        "\"购买\u{2002}用品\" = \"12批\"",
        &[("W409", "U+2002")],
        Some("\"购买 用品\" = \"12批\""),
    ),
    (
        ROW,
        "\"购买\u{2009}用品\" = \"12批\"",
        &[("W409", "U+2009")],
        Some("\"购买 用品\" = \"12批\""),
    ),
    (ROW, "\"购买办公用品\" = \" 12批\"", &[("W409", "开头有空格")], Some(ROW)),
    (ROW, "\"购买办公用品\" = \"12批 \"", &[("W409", "结尾有空格")], Some(ROW)),
    (ROW, "\"购买办公用品 \" = \"12批\"", &[("W409", "结尾有空格")], Some(ROW)),
    // What a page or a workbook leaves in a text.
    (ROW, "'购买办公用品' = '12\\n批'", &[("W410", "“\\n”")], None),
    (ROW, "\"购买办公用品\" = \"12&nbsp;批\"", &[("W410", "“&nbsp;”")], Some(ROW)),
    (ROW, "\"购买办公用品\" = \"12_x000D_批\"", &[("W410", "“_x000D_”")], Some(ROW)),
    (
        ROW,
        "\"购买办公用品\" = \"&lt;12批\"",
        &[("W410", "“&lt;”")],
        Some("\"购买办公用品\" = \"<12批\""),
    ),
    (ROW, "\"购买办公用品\" = \"12批<br>\"", &[("W410", "“<br>”")], None),
    (ROW, "\"锟斤拷用品\" = \"12批\"", &[("W411", "“锟斤拷”")], None),
    (ROW, "\"烫烫烫用品\" = \"12批\"", &[("W411", "“烫烫烫”")], None),
    // Years however they are spelt.
    (TIME, "\"完成时间\" = \"2022.12.31前\"", &[("W103", "2022年")], None),
    (TIME, "\"完成时间\" = \"2022-01至2022-12\"", &[("W103", "2022年")], None),
    (TIME, "\"完成时间\" = \"2022/6/30\"", &[("W103", "2022年")], None),
    (TIME, "\"完成时间\" = \"二〇二二年底前\"", &[("W103", "2022年")], None),
    (TIME, "\"完成时间\" = \"20221231前\"", &[("W103", "2022年")], None),
    // The same name again.
    (
        ROW,
        "\"购买办公用品\" = \"12批\"\n\"购买办公用品\" = \"2批\"",
        &[("E104", "购买办公用品")],
        None,
    ),
    // Texts without quotes.
    (TERM, "\"项目期\" = 一年", &[("E103", "没有加引号")], Some("\"项目期\" = \"一年\"")),
    (TERM, "\"项目期\" = 1年", &[("E103", "没有加引号")], Some(TERM)),
    (TERM, "\"项目期\" = IT运维", &[("E103", "没有加引号")], Some("\"项目期\" = \"IT运维\"")),
    (TERM, "\"项目期\" = 5G建设", &[("E103", "没有加引号")], Some("\"项目期\" = \"5G建设\"")),
    (TERM, "\"项目期\" = 1年，跨年", &[("E103", "没有加引号")], Some("\"项目期\" = \"1年，跨年\"")),
    (TERM, "\"项目期\" =", &[("E103", "等号后面没有内容")], None),
    (TERM, "\"项目期\" = 2023", &[("E112", "应该是文字")], Some("\"项目期\" = \"2023\"")),
    (TERM, "\"项目期\" = true", &[("E112", "应该是文字")], Some("\"项目期\" = \"true\"")),
    (
        TERM,
        "\"项目期\" = 2023-01-01",
        &[("E112", "应该是文字")],
        Some("\"项目期\" = \"2023-01-01\""),
    ),
    // Characters that nobody sees, where there is no text.
    (TERM, "\u{a0}\"项目期\" = \"1年\"", &[("E101", "U+00A0")], Some(TERM)),
    (TERM, "\"项目期\"\u{a0}= \"1年\"", &[("E101", "U+00A0")], Some(TERM)),
    (TERM, "\"项目期\"\u{2003}= \"1年\"", &[("E101", "U+2003")], Some(TERM)),
    (TERM, "\"项目期\" = \"1年\"\u{3000}", &[("E101", "U+3000")], Some(TERM)),
    (GRANT, "\"财政拨款\" = 22\u{3000}", &[("E101", "U+3000")], Some(GRANT)),
    (TERM, "\u{200b}\"项目期\" = \"1年\"", &[("E101", "U+200B")], Some(TERM)),
    (TERM, "\u{feff}\"项目期\" = \"1年\"", &[("E101", "U+FEFF")], Some(TERM)),
    (TERM, "\u{b}\"项目期\" = \"1年\"", &[("E101", "U+000B")], Some(TERM)),
    (TERM, "\"项目期\" = \"1\u{b}年\"", &[("E101", "U+000B")], Some("\"项目期\" = \"1\\n年\"")),
    // Amounts.
    (GRANT, "\"财政拨款\" = 22；", &[("E103", "多余的标点")], Some(GRANT)),
    (GRANT, "\"财政拨款\" = 22，", &[("E103", "多余的标点")], Some(GRANT)),
    (GRANT, "\"财政拨款\" = 22。", &[("E103", "多余的标点")], Some(GRANT)),
    (GRANT, "\"财政拨款\" = 22 ＃万元", &[("E101", "全角的“＃”")], Some("\"财政拨款\" = 22 #万元")),
    (GRANT, "\"财政拨款\" = 022", &[("E103", "写法不对")], Some(GRANT)),
    (GRANT, "\"财政拨款\" = 22.", &[("E103", "写法不对")], Some(GRANT)),
    (GRANT, "\"财政拨款\" = ２２", &[("E103", "全角")], Some(GRANT)),
    (GRANT, "\"财政拨款\" = 22万元", &[("E103", "写了单位")], Some(GRANT)),
    (GRANT, "\"财政拨款\" = \"22\"", &[("E112", "应该是金额")], Some(GRANT)),
    (GRANT, "\"财政拨款\" = ￥22", &[("E103", "不是数字")], None),
    (GRANT, "\"财政拨款\" = 220000元", &[("E103", "不是数字")], None),
    // Names of tables.
    (HEAD, "【\"质量指标\"】", &[("E101", "全角括号")], Some(HEAD)),
    (HEAD, "［\"质量指标\"］", &[("E101", "全角括号")], Some(HEAD)),
    (HEAD, "【质量指标】", &[("E101", "全角括号")], Some(HEAD)),
    (HEAD, "[“质量指标”]", &[("E102", "全角引号")], Some(HEAD)),
    (HEAD, "[质量指标]", &[("E102", "没有加引号")], Some(HEAD)),
    (HEAD, "[\"质量指标\"", &[("E101", "缺少右方括号")], Some(HEAD)),
    (HEAD, "\"质量指标\"]", &[("E101", "缺少左方括号")], Some(HEAD)),
    // Costs that agree with the funds, or say nothing about them.
    (COST, "\"办公经费总额\" = \"22万以内\"", &[], None),
    (COST, "\"办公经费总额\" = \"￥220000\"", &[], None),
    (COST, "\"办公经费总额\" = \"≤220,000元\"", &[], None),
    (COST, "\"人员经费\" = \"人均2000元，共110人\"", &[], None),
    (COST, "\"办公经费总额\" = \"220000\"", &[("W202", "没有写单位")], None),
    (COST, "\"办公经费总额\" = \"23万元\"", &[("W201", "22 万元")], None),
    (ROW, "\"按月发放\" = \"全年出勤300天\"", &[], None),
    (ROW, "\"每月驻村\" = \"261天\"", &[("W406", "31 天")], None),
];

/// The project with a slip, and its name.
fn typed(number: usize, (old, new, ..): &Slip) -> String {
    assert_eq!(PROJECT.matches(old).count(), 1, "{old}");
    PROJECT.replace(old, new).replace("\"办公费\"", &format!("\"办公费{number}\""))
}

fn folder(root: &Path, number: usize) -> std::path::PathBuf {
    root.join(format!("data/2023/{number}-第{number}乡"))
}

#[test]
fn each_slip_is_told_once_and_repaired_where_it_has_one_reading() {
    let root = support::empty_workspace();
    for (number, slip) in (101..).zip(SLIPS) {
        let folder = folder(root.path(), number);
        fs::create_dir_all(&folder).expect("a folder");
        let department = format!(
            "\"主管部门\" = \"第{number}乡\"\n\"代码\" = \"{number}\"\n\"实施单位\" = \"第{number}乡\"\n"
        );
        fs::write(folder.join("部门.toml"), department).expect("a file");
        fs::write(folder.join("01.toml"), typed(number, slip)).expect("a file");
    }
    let run = support::try_run(root.path(), &["check", "--format", "short"]);
    let mut said: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for line in run.results.lines() {
        let number = line.strip_prefix("data/2023/").and_then(|rest| rest.get(..3));
        let number = number.and_then(|number| number.parse().ok()).expect(line);
        said.entry(number).or_default().push(line);
    }
    let mut wrong = Vec::new();
    for (number, (_, new, expected, _)) in (101..).zip(SLIPS) {
        let lines = said.remove(&number).unwrap_or_default();
        let is_said = |(code, words): &(&str, &str)| {
            lines.iter().any(|line| line.contains(&format!(" {code} ")) && line.contains(words))
        };
        if lines.len() != expected.len() || !expected.iter().all(is_said) {
            wrong.push(format!("{new}\n  {expected:?}\n  {lines:#?}"));
        }
        // No message is the parser's.
        for line in lines {
            let message = line.split_once(": ").map_or(line, |(_, message)| message);
            let own = message.split(['“', '”']).step_by(2).collect::<String>();
            let words = own.split(|c: char| !c.is_ascii_alphanumeric());
            let is_english = |word: &str| {
                word.len() > 1
                    && word.chars().all(|c| c.is_ascii_alphabetic())
                    && u32::from_str_radix(word, 16).is_err()
            };
            if words.skip(1).any(is_english) {
                wrong.push(format!("{new}\n  not Chinese: {message}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    support::try_run(root.path(), &["check", "--fix", "--quiet"]);
    for (number, slip) in (101..).zip(SLIPS) {
        let (old, new, _, repaired) = slip;
        let expected = typed(number, &(old, repaired.unwrap_or(new), &[], None));
        let text = fs::read_to_string(folder(root.path(), number).join("01.toml")).expect("a file");
        if text != expected {
            let is_new = |line: &&str| !expected.lines().any(|other| other == *line);
            let lines: Vec<&str> = text.lines().filter(is_new).collect();
            wrong.push(format!("{new:?}\n  became {lines:?}\n  not {repaired:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // There is nothing more to repair.
    let again = support::try_run(root.path(), &["check", "--fix"]);
    assert!(!again.messages.contains("已改好"), "{}", again.messages);
}
