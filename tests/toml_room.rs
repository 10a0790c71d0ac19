//! Texts with mistakes: what is said about them, what is read of them, and what `--fix` makes of
//! them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use jixiao::author::fix::{Settled, Texts, settle};
use jixiao::data;
use jixiao::diagnostics::{Finding, SourceFile};
use jixiao::form::Form;

fn look(form: &Form, source: &Arc<SourceFile>) -> Vec<Finding> {
    let mut findings = Vec::new();
    data::project(source, &form.definition, &mut findings);
    findings
}

fn fixed(form: &Form, text: &str) -> (String, Settled) {
    let source = SourceFile::new("a.toml", text);
    let settled = settle(Texts::new(), &|texts| look(form, texts.get("a.toml").unwrap_or(&source)));
    let text = settled.texts.get("a.toml").unwrap_or(&source).text().to_owned();
    (text, settled)
}

const HEAD: &str = "\"项目属性\" = \"0101\"\n\"项目期\" = \"1年\"\n\"年度总体目标\" = \"\"\n";
const TAIL: &str = "\n[\"项目资金\"]\n\"财政拨款\" = 22\n\"其他资金\" = 0\n";

#[test]
fn show() {
    let form = Form::builtin().unwrap();
    for line in std::fs::read_to_string("/tmp/lines.txt").unwrap().lines() {
        let line = line.replace("\\r", "\r").replace("␤", "\n");
        let line = line.replace("␣", "\u{a0}").replace("⌧", "\u{200b}").replace("⎵", "\u{b}");
        let text = if line.starts_with("资金") {
            format!(
                "\"项目名称\" = \"甲\"\n{HEAD}\n[\"项目资金\"]\n{}\n\"其他资金\" = 0\n",
                &line[6..]
            )
        } else if line.starts_with("表") {
            format!("\"项目名称\" = \"甲\"\n{HEAD}{TAIL}\n{}\n\"甲\" = \"1\"\n", &line[3..])
        } else {
            format!("{line}\n{HEAD}{TAIL}")
        };
        println!("==== {line:?}");
        let source = SourceFile::new("a.toml", text.as_str());
        for finding in look(&form, &source) {
            let at = finding.span().map_or("-".to_owned(), |s| {
                format!("{}:{}-{}", s.line(), s.column(), s.region().end_column)
            });
            println!(
                "  {} {at} {} | {} | {}{}",
                finding.rule.code,
                finding.message,
                finding.label,
                finding.help.join("/"),
                if finding.fix.is_empty() { "" } else { " [fix]" }
            );
        }
        let (new, settled) = fixed(&form, &text);
        for (a, b) in text.lines().zip(new.lines()) {
            if a != b {
                println!("  => {b:?}");
            }
        }
        for f in &settled.refused {
            println!("  !! {}", f.message);
        }
    }
}
