//! Findings: what is wrong with the data, where it stands, and what to do about it.
//!
//! Every room above reports through [`Finding`]; only the commands print them.

mod github;
mod human;
mod json;
mod repair;
mod sarif;
mod short;
mod source;

pub use github::github;
pub use human::HumanPrinter;
pub use json::json;
pub use repair::repaired;
pub use sarif::sarif;
pub use short::short;
pub use source::{BYTE_ORDER_MARK, Region, SourceFile, Span, shown};

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A reviewer would ask about it; the form is still printed.
    Warning,
    /// The form would be invalid; it is not printed.
    Error,
}

impl Severity {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Warning => "警告",
            Self::Error => "错误",
        }
    }
}

/// A kind of finding: what it is known by in output, waivers and documentation.
#[derive(Debug)]
pub struct Rule {
    /// The stable code, such as `E201`.
    pub code: &'static str,
    /// The Chinese name, such as `金额不合规`.
    pub name: &'static str,
    /// How bad it is unless the workspace says otherwise.
    pub severity: Severity,
    /// What it looks at, why that matters, a bad and a good example: four paragraphs of Chinese
    /// that begin with 看什么, 为什么, 反例 and 正例.
    pub explanation: &'static str,
}

impl Rule {
    /// What it looks at: the first paragraph of its explanation, without the heading.
    pub fn looks_at(&self) -> &'static str {
        let first = self.explanation.lines().next().unwrap_or_default();
        first.strip_prefix("看什么：").unwrap_or(first)
    }
}

/// A change to a text that repairs a finding.
#[derive(Debug, Clone)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What comes in its place.
    pub text: String,
}

/// Where a finding stands.
#[derive(Debug, Clone)]
pub enum Place {
    /// A stretch of a text that was read.
    Text(Span),
    /// A file or folder as a whole (its path as shown), because it has no text to point at.
    Path(String),
}

/// One thing that is wrong, in words a township clerk understands.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The kind.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: one sentence, without a full stop.
    pub message: String,
    /// Where.
    pub place: Place,
    /// A few words under the marked text; may be empty.
    pub label: String,
    /// Other places that explain it, each with a few words.
    pub related: Vec<(Span, String)>,
    /// What to do, one step an entry.
    pub help: Vec<String>,
    /// The repair, where there is only one; all of it or none.
    pub fix: Vec<Edit>,
}

impl Finding {
    /// A finding about a stretch of text.
    pub fn at(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self::new(rule, Place::Text(span), message.into())
    }

    /// A finding about a file or folder as a whole.
    pub fn about(rule: &'static Rule, path: &Path, message: impl Into<String>) -> Self {
        Self::new(rule, Place::Path(shown(path)), message.into())
    }

    fn new(rule: &'static Rule, place: Place, message: String) -> Self {
        let severity = rule.severity;
        let (label, related, help, fix) = Default::default();
        Self { rule, severity, message: plain(message), place, label, related, help, fix }
    }

    /// Puts a few words under the marked text.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = plain(label.into());
        self
    }

    /// Points at another place that explains this one.
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, plain(label.into())));
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(plain(help.into()));
        self
    }

    /// Replaces a stretch of text as part of the repair.
    pub fn fix(mut self, span: Span, text: impl Into<String>) -> Self {
        self.fix.push(Edit { span, text: text.into() });
        self
    }

    /// Whether it is of this kind. A rule is one static: where it lives says which it is.
    pub fn is(&self, rule: &'static Rule) -> bool {
        std::ptr::eq(self.rule, rule)
    }

    /// The file or folder it is about, as shown.
    pub fn file(&self) -> &str {
        match &self.place {
            Place::Text(span) => span.source.name(),
            Place::Path(path) => path,
        }
    }

    /// The stretch of text it is about, if it is about one.
    pub fn span(&self) -> Option<&Span> {
        match &self.place {
            Place::Text(span) => Some(span),
            Place::Path(_) => None,
        }
    }

    /// Whether it is about a stretch of this very file.
    pub fn is_in(&self, source: &Arc<SourceFile>) -> bool {
        self.span().is_some_and(|span| Arc::ptr_eq(&span.source, source))
    }

    /// Whether it keeps the form from being printed.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// A text for one line of output. It may quote the data, which must neither break the line nor
/// command the terminal.
fn plain(text: String) -> String {
    if !text.contains(char::is_control) {
        return text;
    }
    text.replace(['\n', '\t'], " ").replace(char::is_control, "\u{fffd}")
}

/// Whether any of the findings keeps the form from being printed.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(Finding::is_error)
}

/// Puts findings in the order of their places: file by file as first met, each from top to bottom.
pub fn sort(findings: &mut [Finding]) {
    let mut files: HashMap<String, usize> = HashMap::new();
    for finding in findings.iter() {
        let next = files.len();
        files.entry(finding.file().to_owned()).or_insert(next);
    }
    findings.sort_by_key(|finding| {
        let start = finding.span().map_or(0, |span| span.range.start);
        (files.get(finding.file()).copied(), start)
    });
}
