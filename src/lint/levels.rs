//! The levels a workspace gives to rules, in `jixiao.toml`.

use std::collections::HashMap;
use std::sync::Arc;

use toml::Spanned;

use crate::diagnostics::{Finding, Rule, Severity, SourceFile};
use crate::lint;
use crate::workspace::Config;

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

/// The levels a rule can be given, by name; `None` switches it off.
pub const LEVELS: [(&str, Option<Severity>); 3] =
    [("关闭", None), ("警告", Some(Severity::Warning)), ("错误", Some(Severity::Error))];

/// What the workspace makes of each rule it names; `None` switches a rule off.
#[derive(Debug, Default)]
pub struct Levels(HashMap<String, Option<Severity>>);

impl Levels {
    /// Takes the levels from the settings of a workspace, and reports their mistakes.
    pub fn new(config: &Config, findings: &mut Vec<Finding>) -> Self {
        let Some(source) = &config.source else { return Self::default() };
        let mut levels = HashMap::new();
        for (code, level) in &config.levels {
            match parse(source, code, level) {
                Ok(severity) => drop(levels.insert(code.get_ref().clone(), severity)),
                Err(finding) => findings.push(*finding),
            }
        }
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

fn parse(
    source: &Arc<SourceFile>,
    code: &Spanned<String>,
    level: &Spanned<String>,
) -> Result<Option<Severity>, Box<Finding>> {
    let (name, word) = (code.get_ref(), level.get_ref());
    if !lint::warning_rules().any(|rule| rule.code == name) {
        let message = format!("“{name}”不是可以设置的规则");
        let help = "可以设置的是 W 开头的规则，用 jixiao explain 看全部编号";
        let finding = Finding::at(&BAD_LEVEL, source.span(code.span()), message);
        return Err(Box::new(finding.help(help)));
    }
    if let Some((_, severity)) = LEVELS.iter().find(|(level, _)| level == word) {
        return Ok(*severity);
    }
    let message = format!("没有“{word}”这个级别");
    let finding = Finding::at(&BAD_LEVEL, source.span(level.span()), message);
    Err(Box::new(finding.help("写 \"关闭\"、\"警告\" 或 \"错误\"")))
}
