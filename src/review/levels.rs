//! The levels a workspace gives to rules, in `jixiao.toml`.

use std::collections::HashMap;
use std::path::Path;

use crate::check;
use crate::diagnostics::{Finding, Rule, Severity};
use crate::document::{Document, Entry, Need};
use crate::text_file;

/// The settings of a workspace.
const SETTINGS_FILE: &str = "jixiao.toml";
/// The table of levels in it.
const TABLE: &str = "规则";

static BAD_LEVEL: Rule = Rule {
    code: "E206",
    name: "规则设置有误",
    severity: Severity::Error,
    explanation: r#"看什么：jixiao.toml 的 ["规则"] 里，编号是不是可以设置的规则，级别是不是 关闭、警告、错误 之一。
为什么：写错的设置不起作用，该报的没有报，不该报的还在报。E 开头的错误不能关闭。
反例：`"W103" = "关"`
正例：`"W103" = "关闭"`"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&BAD_LEVEL];

/// What the workspace makes of each rule it names; `None` switches a rule off.
#[derive(Debug, Default)]
pub struct Levels(HashMap<String, Option<Severity>>);

impl Levels {
    /// Reads the settings of the workspace in `root`, if it has any, and reports their mistakes.
    pub fn read(root: &Path, findings: &mut Vec<Finding>) -> Self {
        let path = root.join(SETTINGS_FILE);
        // Only a file that is not there is no settings; a broken link or a folder is a mistake.
        if path.symlink_metadata().is_err() {
            return Self::default();
        }
        let source = match text_file::read(&path) {
            Ok(source) => source,
            Err(finding) => {
                findings.push(*finding);
                return Self::default();
            }
        };
        let document = Document::parse(&source, findings);
        let mut root = document.root(findings);
        let mut levels = HashMap::new();
        if let Some(mut table) = root.table(TABLE, Need::Optional, findings) {
            for entry in table.take_rest() {
                if let Some(level) = level(&entry, findings) {
                    levels.insert(entry.key().to_owned(), level);
                }
            }
        }
        root.finish(findings);
        Self(levels)
    }

    /// Gives findings the level of their rules and takes out those that are switched off.
    pub fn apply(&self, findings: &mut Vec<Finding>) {
        findings.retain_mut(|finding| match self.0.get(finding.rule.code) {
            None => true,
            Some(None) => false,
            Some(Some(severity)) => {
                finding.severity = *severity;
                true
            }
        });
    }
}

fn level(entry: &Entry<'_>, findings: &mut Vec<Finding>) -> Option<Option<Severity>> {
    let code = entry.key();
    let level = entry.text(findings)?;
    if !check::warning_rules().any(|rule| rule.code == code) {
        let message = format!("“{code}”不是可以设置的规则");
        let help = "可以设置的是 W 开头的规则，用 jixiao explain 看全部编号";
        findings.push(Finding::at(&BAD_LEVEL, entry.key_span(), message).help(help));
        return None;
    }
    match level.get_ref().as_str() {
        "关闭" => Some(None),
        "警告" => Some(Some(Severity::Warning)),
        "错误" => Some(Some(Severity::Error)),
        other => {
            let message = format!("没有“{other}”这个级别");
            let finding = Finding::at(&BAD_LEVEL, entry.value_span(), message);
            findings.push(finding.help("写 \"关闭\"、\"警告\" 或 \"错误\""));
            None
        }
    }
}
