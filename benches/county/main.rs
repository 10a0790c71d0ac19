//! `cargo bench`: how long the work of a whole county takes, and how much memory.
//!
//! The data is made up from the sample ([`generate`]). What is compared is measured in one run, by
//! turns; medians count, and no figure is asserted. `benches/compare.sh` also runs the same work
//! through `typst compile` and puts the table into docs/performance.md.

#![allow(
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a benchmark stops at what it did not expect, and is nobody's library"
)]

mod bare_loop;
mod generate;
mod machine;
mod measure;
mod plain;
mod pypi;
mod report;
mod stages;
mod steps;
#[allow(dead_code, reason = "the tests use all of it")]
#[path = "../../tests/it/support/mod.rs"]
mod support;
mod typst_cli;
mod verify;

use clap::Parser;

use steps::{Bench, Sizes};

/// 量一量：一个县的数据要印多久，用多少内存
#[derive(Debug, Parser)]
struct Options {
    /// 很小的数据，每样只量一两次：看看能不能跑通
    #[arg(long)]
    quick: bool,
    /// 最多几个部门；另有一组是它的十分之一 [默认: 1000；--quick 时 50]
    #[arg(long, value_name = "个")]
    departments: Option<usize>,
    /// 合成一份时几张表；另有两组是它的四十分之一和两倍半 [默认: 4000；--quick 时 200]
    #[arg(long, value_name = "张")]
    forms: Option<usize>,
    /// 只量这几步：cold、batch、many、reading、combined
    #[arg(long, value_name = "步", value_delimiter = ',')]
    only: Vec<String>,
    /// 把结果写进 docs/performance.md（--quick 或 --only 时不写）
    #[arg(long)]
    save: bool,
    /// cargo bench 自己加上的，不用管
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let options = Options::parse();
    let (departments, forms) = if options.quick { (50, 200) } else { (1000, 4000) };
    let sizes = Sizes {
        departments: options.departments.unwrap_or(departments).max(10),
        forms: options.forms.unwrap_or(forms).max(40),
        is_quick: options.quick,
    };
    let is_asked = |step| options.only.is_empty() || options.only.iter().any(|only| only == step);
    let mut bench = Bench::new(sizes);
    if is_asked("cold") {
        bench.cold();
    }
    let peak = is_asked("batch").then(|| bench.batch());
    if is_asked("many") {
        bench.many(peak.as_ref());
    }
    if is_asked("reading") {
        bench.reading();
    }
    if is_asked("combined") {
        bench.combined();
    }
    let table = bench.report.markdown(&bench.remarks());
    println!("\n{table}");
    if options.save && !options.quick && options.only.is_empty() {
        report::save(&table);
    }
}
