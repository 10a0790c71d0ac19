//! The table of results, for the terminal and for docs/performance.md.

use std::fs;

use crate::measure::Series;
use crate::support::repository;

const PAGE: &str = "docs/performance.md";
const BEGIN: &str = "<!-- 以下由 benches/compare.sh 写入，不要手改 -->";
const END: &str = "<!-- 以上由 benches/compare.sh 写入 -->";

/// Results in the order they were measured.
#[derive(Debug, Default)]
pub struct Report {
    rows: Vec<Row>,
}

/// A line of the table.
#[derive(Debug, Default)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// What the program took.
    pub ours: String,
    /// What it is compared with.
    pub other: String,
    /// The comparison.
    pub ratio: String,
    /// What the comparison should come to.
    pub target: String,
}

impl Report {
    /// Adds a line, and shows it at once.
    pub fn add(&mut self, row: Row) {
        eprintln!("    {}", row.line());
        self.rows.push(row);
    }

    /// The whole table, below remarks on how it came about.
    pub fn markdown(&self, remarks: &[String]) -> String {
        let mut text: String = remarks.iter().map(|remark| format!("- {remark}\n")).collect();
        text += "\n| 做什么 | jixiao | 对照 | 比值 | 目标 |\n|---|---|---|---|---|\n";
        for row in &self.rows {
            text += &row.line();
            text.push('\n');
        }
        text
    }
}

impl Row {
    fn line(&self) -> String {
        let Self { what, ours, other, ratio, target } = self;
        format!("| {what} | {ours} | {other} | {ratio} | {target} |")
    }
}

/// Puts a table into docs/performance.md in place of the last one.
pub fn save(table: &str) {
    let path = repository().join(PAGE);
    let page = fs::read_to_string(&path).expect("docs/performance.md");
    let (before, rest) = page.split_once(BEGIN).expect("the mark where the table begins");
    let (_, after) = rest.split_once(END).expect("the mark where the table ends");
    fs::write(&path, format!("{before}{BEGIN}\n\n{table}\n{END}{after}")).expect("a file");
    eprintln!("已写入 {PAGE}");
}

/// The median in seconds, with the shortest and the longest.
pub fn seconds(series: &Series) -> String {
    spread(series, "秒", |value| match value {
        ..1.0 => format!("{value:.3}"),
        1.0..10.0 => format!("{value:.2}"),
        _ => format!("{value:.1}"),
    })
}

/// The median in milliseconds, likewise.
pub fn milliseconds(series: &Series) -> String {
    spread(series, "毫秒", |value| format!("{:.2}", value * 1000.0))
}

/// The median in MiB, likewise.
pub fn mebibytes(series: &Series) -> String {
    if series.max() == 0.0 {
        return "测不出".to_owned();
    }
    spread(series, "MiB", |value| format!("{value:.0}"))
}

fn spread(series: &Series, unit: &str, number: impl Fn(f64) -> String) -> String {
    let median = number(series.median());
    if series.count() == 1 {
        return format!("{median} {unit}");
    }
    let (min, max) = (number(series.min()), number(series.max()));
    format!("{median} {unit}（{min}–{max}，{} 次）", series.count())
}
