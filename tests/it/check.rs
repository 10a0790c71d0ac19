//! `jixiao check`: what it says to the letter, what other programs read, and that no file however
//! broken makes it fall over.
//!
//! A transcript is `check/<case>.toml` (the command), `check/<case>.in/` (the folder it runs in)
//! and `check/<case>.stdout` / `.stderr`; `check/<case>.out/` is the folder after repairs. After a
//! change of a message, `TRYCMD=overwrite cargo test --test it check` writes them anew; read the diff.

use std::fs;
use std::path::Path;

use jixiao::author::fix;
use jixiao::diagnostics::{Finding, HumanPrinter, github, json, sarif, short};
use jixiao::lint::{Levels, Reviewer};
use jixiao::workspace::Config;
use jixiao::workspace::Workspace;
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{self, SAMPLE};

#[test]
fn transcripts() {
    trycmd::TestCases::new().env("NO_COLOR", "1").case("tests/check/*.toml");
}

/// A file of the sample.
fn sample(name: &str) -> Vec<u8> {
    fs::read(support::repository().join(SAMPLE).join(name)).unwrap()
}

/// A workspace with one department, whose files are given.
fn workspace(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let root = support::empty_workspace();
    for (name, bytes) in files {
        support::write(root.path(), Path::new(SAMPLE).join(name), bytes);
    }
    root
}

fn department_file() -> Vec<u8> {
    sample("部门.toml")
}

fn review(root: &Path) -> Vec<Finding> {
    with_reviewer(root, |reviewer, folder| reviewer.review(folder))
}

fn repair(root: &Path) -> usize {
    with_reviewer(root, |reviewer, folder| fix::repair(reviewer, folder).made.len())
}

fn with_reviewer<T>(root: &Path, run: impl FnOnce(&mut Reviewer<'_>, &Path) -> T) -> T {
    let forms = support::forms();
    let config = Config::load(root).unwrap();
    let levels = Levels::new(&config, &mut Vec::new());
    let workspace = Workspace::new(root);
    run(&mut Reviewer::new(&workspace, &forms, &levels, "2023"), &root.join(SAMPLE))
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.rule.code).collect()
}

#[test]
fn official_words_are_never_repaired() {
    let root = support::empty_workspace();
    support::add_sample(root.path());
    assert_eq!(repair(root.path()), 0);
}

#[test]
fn repairs_keep_the_byte_order_mark_and_the_line_ends() {
    let text = String::from_utf8(sample("03-村委会办公经费.toml")).unwrap();
    let clean = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let broken = clean.replace("保障村级", "保障 1 村级");
    let root = workspace(&[("部门.toml", &department_file()), ("1.toml", broken.as_bytes())]);
    assert_eq!(repair(root.path()), 4);
    let repaired = fs::read_to_string(root.path().join(SAMPLE).join("1.toml")).unwrap();
    assert_eq!(repaired, clean.replace("保障村级", "保障1村级"));
}

#[test]
fn strange_files_are_findings() {
    let root = workspace(&[
        ("部门.toml", &department_file()),
        ("1.toml", &vec![b' '; 2 << 20]),
        ("2.toml", format!("a = {}1", "[".repeat(100_000)).as_bytes()),
        ("3.toml", format!("a = {}", "{b = ".repeat(100_000)).as_bytes()),
        ("4.toml", format!("{} = 1", vec!["a"; 100_000].join(".")).as_bytes()),
        ("5.toml", b"\x00\xff\xfe\x01"),
    ]);
    let folder = root.path().join(SAMPLE);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("6.toml", folder.join("6.toml")).unwrap();
        std::os::unix::fs::symlink("..", folder.join("7")).unwrap();
        let listener = std::os::unix::net::UnixListener::bind(folder.join("8.toml"));
        drop(listener.unwrap());
    }
    fs::create_dir(folder.join("9.toml")).unwrap();
    let findings = review(root.path());
    for number in 1..=if cfg!(unix) { 8 } else { 5 } {
        let name = format!("/{number}.toml");
        let own = findings.iter().any(|finding| finding.file().ends_with(&name));
        assert!(own || number == 7, "{name}: {:?}", codes(&findings));
    }
}

#[test]
fn a_file_full_of_errors_is_reported_in_part() {
    let sample = String::from_utf8(sample("04-乡镇创新社会管理工作经费.toml")).unwrap();
    let rows = |count| (0..count).map(|n| format!("\"第 {n}次\" = \"１,1\"\n")).collect::<String>();
    let files = [
        "a\n".repeat(200_000),
        "a = \n".repeat(100_000),
        "a = 1\n".repeat(100_000),
        (0..80_000).map(|n| format!("a{n} = b\n")).collect(),
        sample.replace("保障2023年", &"（一 1,二１2022年）".repeat(30_000)),
        sample.replace("\"2\"", &format!("\"2\"\n{}", rows(20_000))),
        sample.replace("[\"数量指标\"]", "").replace(
            "\"组织网格员参加培训\" = \"2\"",
            &format!("\"数量指标\" = {{ {} }}", rows(20_000).trim_end().replace('\n', ", ")),
        ),
    ];
    for (number, text) in files.iter().enumerate() {
        let text = &text[..text.floor_char_boundary(1 << 17)];
        let root = workspace(&[("部门.toml", &department_file()), ("1.toml", text.as_bytes())]);
        let findings = review(root.path());
        assert!((1..=101).contains(&findings.len()), "{number}: {}", findings.len());
        repair(root.path());
    }
}

/// A type of the SARIF 2.1.0 schema: the properties it requires and those it allows (it allows no
/// others), as far as they are in use.
struct Type {
    required: &'static [&'static str],
    allowed: &'static [(&'static str, Kind)],
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Uri,
    /// A number from 1, as lines and columns are.
    Count,
    Index,
    Level,
    Object(&'static Type),
    List(&'static Type),
}

static LOG: Type = Type {
    required: &["version", "runs"],
    allowed: &[("$schema", Kind::Uri), ("version", Kind::Text), ("runs", Kind::List(&RUN))],
};
static RUN: Type = Type {
    required: &["tool"],
    allowed: &[
        ("tool", Kind::Object(&TOOL)),
        ("columnKind", Kind::Text),
        ("results", Kind::List(&RESULT)),
    ],
};
static TOOL: Type =
    Type { required: &["driver"], allowed: &[("driver", Kind::Object(&COMPONENT))] };
static COMPONENT: Type = Type {
    required: &["name"],
    allowed: &[
        ("name", Kind::Text),
        ("version", Kind::Text),
        ("language", Kind::Text),
        ("rules", Kind::List(&DESCRIPTOR)),
    ],
};
static DESCRIPTOR: Type = Type {
    required: &["id"],
    allowed: &[
        ("id", Kind::Text),
        ("name", Kind::Text),
        ("shortDescription", Kind::Object(&MESSAGE)),
        ("fullDescription", Kind::Object(&MESSAGE)),
        ("defaultConfiguration", Kind::Object(&CONFIGURATION)),
    ],
};
static CONFIGURATION: Type = Type { required: &[], allowed: &[("level", Kind::Level)] };
static MESSAGE: Type = Type { required: &["text"], allowed: &[("text", Kind::Text)] };
static RESULT: Type = Type {
    required: &["message"],
    allowed: &[
        ("ruleId", Kind::Text),
        ("ruleIndex", Kind::Index),
        ("level", Kind::Level),
        ("message", Kind::Object(&MESSAGE)),
        ("locations", Kind::List(&LOCATION)),
        ("relatedLocations", Kind::List(&LOCATION)),
        ("fixes", Kind::List(&FIX)),
    ],
};
static LOCATION: Type = Type {
    required: &[],
    allowed: &[("message", Kind::Object(&MESSAGE)), ("physicalLocation", Kind::Object(&PLACE))],
};
static PLACE: Type = Type {
    required: &["artifactLocation"],
    allowed: &[("artifactLocation", Kind::Object(&ARTIFACT)), ("region", Kind::Object(&REGION))],
};
static ARTIFACT: Type = Type { required: &[], allowed: &[("uri", Kind::Uri)] };
static REGION: Type = Type {
    required: &["startLine"],
    allowed: &[
        ("startLine", Kind::Count),
        ("startColumn", Kind::Count),
        ("endLine", Kind::Count),
        ("endColumn", Kind::Count),
    ],
};
static FIX: Type =
    Type { required: &["artifactChanges"], allowed: &[("artifactChanges", Kind::List(&CHANGE))] };
static CHANGE: Type = Type {
    required: &["artifactLocation", "replacements"],
    allowed: &[
        ("artifactLocation", Kind::Object(&ARTIFACT)),
        ("replacements", Kind::List(&REPLACEMENT)),
    ],
};
static REPLACEMENT: Type = Type {
    required: &["deletedRegion"],
    allowed: &[
        ("deletedRegion", Kind::Object(&REGION)),
        ("insertedContent", Kind::Object(&MESSAGE)),
    ],
};

fn validate(value: &Value, expected: &Type, path: &str) {
    let object = value.as_object().unwrap_or_else(|| panic!("{path} is no object"));
    for required in expected.required {
        assert!(object.contains_key(*required), "{path} lacks {required}");
    }
    for (key, value) in object {
        let path = format!("{path}.{key}");
        let kind = expected.allowed.iter().find(|(name, _)| name == key);
        let Some((_, kind)) = kind else { panic!("{path} is unknown") };
        match kind {
            Kind::Text => assert!(value.is_string(), "{path}"),
            Kind::Uri => {
                let is_uri = |c: char| c.is_ascii_alphanumeric() || "-._~:/%".contains(c);
                assert!(value.as_str().is_some_and(|uri| uri.chars().all(is_uri)), "{path}");
            }
            Kind::Count => assert!(value.as_u64().is_some_and(|count| count > 0), "{path}"),
            Kind::Index => assert!(value.is_u64(), "{path}"),
            Kind::Level => {
                assert!(["error", "warning"].contains(&value.as_str().unwrap()), "{path}");
            }
            Kind::Object(object) => validate(value, object, &path),
            Kind::List(element) => {
                let elements = value.as_array().unwrap_or_else(|| panic!("{path} is no list"));
                elements.iter().for_each(|value| validate(value, element, &path));
            }
        }
    }
}

/// Prints findings in every format and looks whether programs could read them.
fn validate_outputs(findings: &[Finding]) {
    let printer = HumanPrinter::new();
    for finding in findings {
        assert!(printer.print(finding).contains(finding.rule.code));
        assert_eq!(short(finding).lines().count(), 1);
        assert_eq!(github(finding).lines().count(), 1);
    }
    let log: Value = serde_json::from_str(&sarif(findings)).unwrap();
    validate(&log, &LOG, "log");
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), findings.len());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(result["ruleId"], rules[index]["id"]);
    }
    let report: Value = serde_json::from_str(&json(findings).unwrap()).unwrap();
    assert_eq!(report["findings"].as_array().unwrap().len(), findings.len());
    let total = report["errors"].as_u64().unwrap() + report["warnings"].as_u64().unwrap();
    assert_eq!(total, findings.len() as u64);
}

#[test]
fn programs_can_read_the_findings() {
    validate_outputs(&[]);
    let text = "项目名称 = “村级（经费”\n\"项目属性\" = \"0101-一年期\u{200b}项目\"\n[\"数量指标\"]\n\"２ 次\" = 3\n";
    let root = workspace(&[("部门.toml", &department_file()), ("1.toml", text.as_bytes())]);
    let findings = review(root.path());
    assert!(findings.iter().any(|finding| !finding.fix.is_empty()), "{:?}", codes(&findings));
    validate_outputs(&findings);
}

/// Pieces of text that break things, alone or together.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "\"",
            "\"\"\"",
            "'",
            "“",
            "”",
            "[",
            "]",
            "{",
            "}",
            "=",
            "＝",
            ".",
            ",",
            "，",
            "（",
            "）",
            "(",
            ")",
            "\\",
            "\\u",
            "\\n",
            "\n",
            "\r\n",
            "\r",
            "#",
            "\u{3000}",
            " ",
            "１２",
            "\u{200b}",
            "\u{202e}",
            "\u{e000}",
            "\u{feff}",
            "%",
            "≥",
            "2022年",
            "月261天",
            "万元",
            "3万/个",
            "99999999999999999999999999999",
            "1.2.3",
            "[\"豁免\"]\n",
            "\"W101\" = \"\"",
            "[\"成本指标\"]\n",
            "项目期",
            "-",
            "1e400",
            "nan",
            "\u{0}",
            "😀",
        ])
        .prop_map(str::to_owned),
        ".{0,8}",
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever stands in a file: findings, in every format, and repairs that are final.
    #[test]
    fn no_text_breaks_a_check(
        number in 1_usize..=11,
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, piece()), 1..6),
    ) {
        let mut text = fs::read_to_string(&support::sample_files()[number - 1]).unwrap();
        for (at, length, piece) in changes {
            let start = text.floor_char_boundary(at.index(text.len() + 1));
            let end = text.ceil_char_boundary((start + length).min(text.len()));
            text.replace_range(start..end, &piece);
        }
        let root = workspace(&[("部门.toml", &department_file()), ("1.toml", text.as_bytes())]);
        validate_outputs(&review(root.path()));
        repair(root.path());
        let repaired = fs::read_to_string(root.path().join(SAMPLE).join("1.toml"));
        prop_assert_eq!(repair(root.path()), 0, "{:?}", repaired);
    }
}
