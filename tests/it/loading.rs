//! No text whatever makes loading panic, and every finding points into its file.

use jixiao::data::department;
use jixiao::diagnostics::{Finding, HumanPrinter, Place};
use jixiao::lint::{Scope, Seen, errors, warnings};
use proptest::prelude::*;

use crate::support;

/// What data files are made of, and what people type in its place.
const PIECES: &[&str] = &[
    "\n",
    "\n",
    "\r\n",
    "\"",
    "\"",
    "\"\"\"",
    "'",
    "'''",
    "=",
    " = ",
    "＝",
    "：",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "【",
    "】",
    "“",
    "”",
    "　",
    ",",
    "，",
    ".",
    "#",
    "\\",
    "\\u00",
    "\t",
    "\r",
    "\u{7}",
    "\u{feff}",
    "0x1F",
    "22",
    "22.",
    ".5",
    "007",
    "-1",
    "nan",
    "1e9",
    "22万元",
    "２２",
    "true",
    "2023-01-01",
    "字",
    "😀",
    "项目名称",
    "\"项目名称\"",
    "\"项目资金\"",
    "[\"项目资金\"]\n",
    "\"财政拨款\" = ",
    "[\"数量指标\"]\n",
    "\"数量指标\"",
    "\"a\" = \"1\"\n",
    "\"a\" = { \"指标值\" = ",
    "\"年度资金总额\"",
    "[\"质量指标\"\n",
    "a.b",
];

/// Loads a department whose project file holds `bytes`, and returns what was found.
fn findings(bytes: &[u8]) -> Vec<Finding> {
    let dir = support::empty_workspace();
    support::write(dir.path(), "部门.toml", bytes);
    support::write(dir.path(), "01.toml", bytes);
    let form = support::form();
    let mut findings = Vec::new();
    if let Some(department) = department(dir.path(), &support::forms(), &mut findings) {
        let scopes = Scope::of(&department, &form.definition, "2023", None);
        errors(&scopes, &department, &mut findings);
        warnings(&scopes, &department, &mut Seen::default(), &mut findings);
    }
    findings
}

fn assert_in_file(bytes: &[u8]) -> Result<(), TestCaseError> {
    let findings = findings(bytes);
    prop_assert!(!findings.is_empty());
    let printer = HumanPrinter::new();
    for finding in &findings {
        let own = match &finding.place {
            Place::Text(span) => Some(span),
            Place::Path(_) => None,
        };
        for span in own.into_iter().chain(finding.related.iter().map(|(span, _)| span)) {
            prop_assert!(span.source.text().get(span.range.clone()).is_some(), "{finding:?}");
        }
        prop_assert!(!finding.message.is_empty() && !finding.help.is_empty(), "{finding:?}");
        prop_assert!(printer.print(finding).contains(finding.rule.code));
    }
    Ok(())
}

#[test]
fn brackets_put_right_within_a_character() -> Result<(), TestCaseError> {
    for text in
        ["=]]\n\"a\" = \"1\"\n【【】", "\"a\" = 007\r\"b\"\r\n", "【\n】\n[【", "\"a\" = 1\r\n】="]
    {
        assert_in_file(text.as_bytes())?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn pieces_of_data_files(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60),
    ) {
        assert_in_file(pieces.concat().as_bytes())?;
    }

    #[test]
    fn any_text(text in any::<String>()) {
        assert_in_file(text.as_bytes())?;
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        assert_in_file(&bytes)?;
    }
}
