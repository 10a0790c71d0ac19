//! Sums, rates and scores, computed a second way: in whole numbers, without the program's decimals.

use std::fmt::Write as _;

use jixiao::data;
use jixiao::form::Form;
use jixiao::sheet::{Arranger, Opening};
use jixiao::workspace::Forms;
use proptest::prelude::*;

use crate::support;

/// So many of these are 1.
const MILLION: i128 = 1_000_000;

const LINES: [&str; 3] = ["本年财政拨款", "上年结转资金", "其他资金"];
const COLUMNS: [&str; 3] = ["年初预算数", "全年预算数", "全年执行数"];

/// What somebody writes: amounts in millionths, points in hundredths of which some are got.
#[derive(Debug, Clone)]
struct Written {
    amounts: [[i128; 3]; 3],
    points: Vec<(i128, i128)>,
}

fn written() -> impl Strategy<Value = Written> {
    let amount = prop_oneof![
        2 => Just(0_i128),
        3 => 0..1_000_000_000_000_i128,
        2 => (0..1_000_000_i128).prop_map(|it| it * MILLION),
        2 => (0..100_000_000_i128).prop_map(|it| it * 100),
    ];
    let amounts = prop::array::uniform3(prop::array::uniform3(amount));
    let points = prop::collection::vec((0..9_001_i128, 0..101_i128), 1..6).prop_map(|points| {
        points.into_iter().map(|(all, share)| (all, all * share / 100)).collect()
    });
    (amounts, points).prop_map(|(amounts, points)| Written { amounts, points })
}

/// A whole number of parts, of which so many make 1, as it is written; at least so many decimals.
fn spelled(parts: i128, of_one: i128, decimals: usize) -> String {
    let mut text = (parts / of_one).to_string();
    let width = of_one.to_string().len() - 1;
    let mut rest = format!("{:0width$}", parts % of_one);
    while rest.len() > decimals && rest.ends_with('0') {
        rest.pop();
    }
    if !rest.is_empty() {
        let _ = write!(text, ".{rest}");
    }
    text
}

/// `a / b`, rounded to the nearest whole number, halves up.
fn divided(a: i128, b: i128) -> i128 {
    (2 * a + b) / (2 * b)
}

impl Written {
    fn text(&self) -> String {
        let mut text = "\"项目名称\" = \"修路\"\n\"年度总体目标\" = \"修好\"\n\
                        \"实际完成情况\" = \"修好了\"\n\n[\"项目资金\"]\n"
            .to_owned();
        for (line, amounts) in LINES.iter().zip(&self.amounts) {
            let cells = COLUMNS
                .iter()
                .zip(amounts)
                .map(|(column, amount)| format!("\"{column}\" = {}", spelled(*amount, MILLION, 0)));
            let _ = writeln!(text, "\"{line}\" = {{ {} }}", cells.collect::<Vec<_>>().join(", "));
        }
        text += "\n[\"数量指标\"]\n";
        for (number, (all, got)) in self.points.iter().enumerate() {
            let _ = writeln!(
                text,
                "\"第{number}条\" = {{ \"年度指标值\" = \"1个\", \"实际完成值\" = \"1个\", \
                 \"分值\" = {}, \"得分\" = {}, \"偏差原因分析及改进措施\" = \"无\" }}",
                spelled(*all, 100, 0),
                spelled(*got, 100, 0)
            );
        }
        text
    }

    /// What is printed in the row of the total, from its first amount on.
    fn totals(&self) -> [String; 6] {
        let sum = |column: usize| self.amounts.iter().map(|line| line[column]).sum::<i128>();
        let [first, budget, spent] = [sum(0), sum(1), sum(2)];
        let shown = |amount| spelled(amount, MILLION, 0);
        [
            shown(first),
            shown(budget),
            shown(spent),
            "10".to_owned(),
            rate(spent, budget),
            self.spending().map_or("—".to_owned(), |score| spelled(score, 100, 0)),
        ]
    }

    /// The points for what was spent of the budget, in hundredths; none without a budget.
    fn spending(&self) -> Option<i128> {
        let sum = |column: usize| self.amounts.iter().map(|line| line[column]).sum::<i128>();
        let (budget, spent) = (sum(1), sum(2));
        (budget > 0).then(|| divided(1000 * spent.min(budget), budget))
    }

    fn score(&self) -> String {
        let got: i128 = self.points.iter().map(|(_, got)| got).sum();
        self.spending().map_or("—".to_owned(), |spent| spelled(got + spent, 100, 0))
    }
}

fn rate(spent: i128, budget: i128) -> String {
    match budget {
        0 => "—".to_owned(),
        _ => format!("{}%", spelled(divided(10_000 * spent, budget), 100, 2)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_computed_on_an_evaluation_is_what_whole_numbers_come_to(written in written()) {
        let form = Form::builtin_named("自评表").expect("a form").expect("a form");
        let workspace = support::empty_workspace();
        let own = "\"主管部门\" = \"甲镇\"\n\"代码\" = \"219\"\n\"实施单位\" = \"本级\"\n";
        support::write(workspace.path(), "甲镇/部门.toml", own);
        support::write(workspace.path(), "甲镇/自评/01.toml", written.text());
        let forms = Forms::one(form).expect("the forms");
        let folder = workspace.path().join("甲镇/自评");
        let mut findings = Vec::new();
        let department = data::department(&folder, &forms, &mut findings).expect("a department");
        prop_assert!(findings.is_empty(), "{findings:?}");
        let form = &forms.of(&folder).definition;
        let arranger = Arranger { form, year: "2023", period: "" };
        let sheets = arranger.forms(&department, 0..1, Opening::NumberedTitle);
        let texts: Vec<String> =
            sheets[0].grid.cells().iter().map(|cell| cell.content.text()).collect();
        let behind = |label: &str| {
            let at = texts.iter().position(|text| text.trim_start_matches('\u{3000}') == label);
            texts[at.expect("the label") + 1..].to_vec()
        };
        prop_assert_eq!(&behind("年度资金总额")[..6], &written.totals()[..]);
        for (line, [first, budget, spent]) in LINES.iter().zip(written.amounts) {
            let label = if *line == LINES[0] { format!("其中：{line}") } else { (*line).to_owned() };
            let shown = [first, budget, spent].map(|amount| spelled(amount, MILLION, 0));
            let found = behind(&label);
            prop_assert_eq!(&found[..3], &shown[..]);
            prop_assert_eq!(&found[4], &rate(spent, budget));
        }
        prop_assert_eq!(&behind("总分")[..2], &["100".to_owned(), written.score()][..]);
    }
}
