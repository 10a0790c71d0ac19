//! Every rule by its code: what `jixiao explain` and `docs/rules.md` are made from.

use std::fmt::Write;

use crate::author::{fix, rollover, scaffold};
use crate::diagnostics::Rule;
use crate::print::typeset;
use crate::toml::text_file;
use crate::{compare, data, fonts, form, import, lint, print, toml, workspace};

/// All rules in the order of their codes.
pub fn all() -> Vec<&'static Rule> {
    let mut rules: Vec<_> = text_file::RULES
        .iter()
        .copied()
        .chain(toml::rules())
        .chain(workspace::rules())
        .chain(data::rules())
        .chain(lint::error_rules())
        .chain(fonts::rules())
        .chain(typeset::rules())
        .chain(form::rules())
        .chain(print::rules())
        .chain(import::rules())
        .chain(scaffold::RULES.iter().copied())
        .chain(rollover::RULES.iter().copied())
        .chain(fix::RULES.iter().copied())
        .chain(lint::own_rules())
        .chain(compare::rules())
        .chain(lint::warning_rules())
        .collect();
    rules.sort_by_key(|rule| rule.code);
    rules
}

/// The rules that are meant: by a code in whatever case and width, by its digits alone, or by a
/// part of the name.
pub fn find(asked: &str) -> Vec<&'static Rule> {
    let asked = plain(asked);
    let is_number = !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit());
    let mut rules = all();
    if rules.iter().any(|rule| rule.code == asked) {
        rules.retain(|rule| rule.code == asked);
    } else if is_number {
        rules.retain(|rule| rule.code[1..] == asked);
    } else {
        rules.retain(|rule| !asked.is_empty() && rule.name.to_uppercase().contains(&asked));
    }
    rules
}

/// The codes that are nearly what was asked for.
pub fn similar(asked: &str) -> Vec<&'static str> {
    let asked = plain(asked);
    let is_similar = |code: &&str| strsim::osa_distance(code, &asked) == 1;
    all().into_iter().map(|rule| rule.code).filter(is_similar).take(5).collect()
}

/// A code as it is written in the source: a message gives it in brackets, an input method in full
/// width.
fn plain(asked: &str) -> String {
    let half_width = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    let asked: String = asked.chars().map(half_width).collect();
    let code = asked.rsplit('[').next().unwrap_or_default();
    code.trim_matches(|c: char| !c.is_alphanumeric()).to_uppercase()
}

/// The text of `docs/rules.md`.
pub fn documentation() -> String {
    let mut text = String::from(
        "# 检查规则\n\n\
         本页由程序生成（`UPDATE_DOCS=1 cargo test`），不要手工修改；`jixiao explain 编号` 印出同样的内容。\n\n\
         E 开头的是错误，改正了才能打印；W 开头的是审核人会问的地方，可以在文件里豁免：\n\n\
         ```toml\n[\"豁免\"]\n\"W501\" = \"今年新增三个村\"\n```\n\n\
         整个单位不用的规则写在工作文件夹的 `jixiao.toml` 里，级别是 关闭、警告、错误：\n\n\
         ```toml\n[\"规则\"]\n\"W103\" = \"关闭\"\n```\n",
    );
    for rule in all() {
        let severity = rule.severity.name();
        // Writing to a string cannot fail.
        let _ = write!(text, "\n## {} {}（{severity}）\n\n", rule.code, rule.name);
        for line in rule.explanation.lines() {
            let (label, rest) = line.split_once('：').unwrap_or(("", line));
            let _ = writeln!(text, "- **{label}**：{rest}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Severity;

    #[test]
    fn every_code_in_the_source_is_registered_once() {
        fn collect(dir: &std::path::Path, codes: &mut Vec<String>) {
            for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    collect(&path, codes);
                } else if let Ok(text) = std::fs::read_to_string(&path) {
                    let lines = text.lines().filter_map(|line| line.strip_prefix("    code: \""));
                    codes.extend(lines.map(|line| line.trim_end_matches("\",").to_owned()));
                }
            }
        }
        let mut written = Vec::new();
        collect(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut written);
        written.sort();
        let registered: Vec<&str> = all().iter().map(|rule| rule.code).collect();
        assert_eq!(written, registered);
        written.dedup();
        assert_eq!(written.len(), registered.len(), "a code stands for two rules");
    }

    #[test]
    fn rules_are_found_by_code_number_and_name() {
        let codes = |asked| find(asked).iter().map(|rule| rule.code).collect::<Vec<_>>();
        for asked in ["E203", "e203", " E203 ", "[E203]", "错误[E203]", "Ｅ２０３", "文件放错位置"]
        {
            assert_eq!(codes(asked), ["E203"], "{asked}");
        }
        assert_eq!(codes("203"), ["E203", "W203"]);
        assert_eq!(codes("001"), ["E001"]);
        for asked in ["", "-", "E2", "999", "20", "没有这样的规则"] {
            assert_eq!(codes(asked), [""; 0], "{asked}");
        }
        assert_eq!(similar("E6O1"), ["E601"]);
        assert!(similar("没有这样的规则").is_empty());
    }

    #[test]
    fn every_rule_is_explained_in_four_parts() {
        for rule in all() {
            let labels: Vec<&str> =
                rule.explanation.lines().filter_map(|line| line.split('：').next()).collect();
            assert_eq!(labels, ["看什么", "为什么", "反例", "正例"], "{}", rule.code);
            let is_error = rule.code.starts_with('E');
            assert_eq!(is_error, rule.severity == Severity::Error, "{}", rule.code);
        }
    }

    #[test]
    fn the_documentation_is_current() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            assert!(std::fs::write(&path, documentation()).is_ok());
        }
        let current = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(current == documentation(), "run UPDATE_DOCS=1 cargo test");
    }
}
