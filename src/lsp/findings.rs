//! What is said of files, as an editor shows it.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString,
};

use super::text::{Lines, uri};
use crate::diagnostics::{Finding, Severity, Span};
use crate::live::Session;
use crate::workspace::DEPARTMENT_FILE;

/// What an editor was told of each file.
#[derive(Debug, Default)]
pub(super) struct Board {
    /// By the files' URIs, and by the department that it is said of; what is said of the settings and
    /// the years by none.
    said: BTreeMap<String, BTreeMap<Whose, Vec<Diagnostic>>>,
    /// The files of which something is said because of a department.
    files: HashMap<Whose, Vec<String>>,
}

type Whose = Option<PathBuf>;

/// By the files' URIs.
type Said = BTreeMap<String, Vec<Diagnostic>>;

impl Board {
    /// What the editor has to be told after these departments changed.
    pub fn refresh(&mut self, session: &Session<'_>, changed: &[PathBuf]) -> Said {
        let mut before = Said::new();
        self.put(None, said(session.own_findings()), &mut before);
        for folder in changed {
            let findings = session.standing(folder).map_or(&[][..], |it| it.findings());
            self.put(Some(folder.clone()), said(findings.iter()), &mut before);
        }
        let now = |(uri, before): (String, Vec<Diagnostic>)| {
            let now = self.shown(&uri);
            (now != before).then_some((uri, now))
        };
        before.into_iter().filter_map(now).collect()
    }

    /// All that is shown of a file.
    fn shown(&self, uri: &str) -> Vec<Diagnostic> {
        self.said.get(uri).into_iter().flat_map(BTreeMap::values).flatten().cloned().collect()
    }

    /// Takes in what is said because of a department, in place of what was; `before` keeps what the
    /// editor was shown of the files that may be shown anew.
    fn put(&mut self, whose: Whose, new: Said, before: &mut Said) {
        let old = self.files.remove(&whose).unwrap_or_default();
        for uri in old.iter().chain(new.keys()) {
            if !before.contains_key(uri) {
                before.insert(uri.clone(), self.shown(uri));
            }
        }
        for uri in &old {
            if let Some(said) = self.said.get_mut(uri) {
                said.remove(&whose);
                if said.is_empty() {
                    self.said.remove(uri);
                }
            }
        }
        if !new.is_empty() {
            self.files.insert(whose.clone(), new.keys().cloned().collect());
        }
        for (uri, diagnostics) in new {
            self.said.entry(uri).or_default().insert(whose.clone(), diagnostics);
        }
    }
}

fn said<'f>(findings: impl Iterator<Item = &'f Finding>) -> Said {
    let mut said = Said::new();
    for finding in findings {
        // A folder cannot be shown; the file that describes it can.
        let path = Path::new(finding.file());
        let file = match finding.span() {
            None if path.is_dir() => uri(&crate::diagnostics::shown(&path.join(DEPARTMENT_FILE))),
            _ => uri(finding.file()),
        };
        if let Some(uri) = file {
            said.entry(uri.as_str().to_owned()).or_default().push(diagnostic(finding));
        }
    }
    said
}

/// A finding as an editor shows it: with what to do below what is wrong.
pub(super) fn diagnostic(finding: &Finding) -> Diagnostic {
    let help = finding.help.iter().map(|help| format!("\n怎么办: {help}")).collect::<String>();
    let related = finding.related.iter().filter_map(|(span, label)| {
        Some(DiagnosticRelatedInformation { location: location(span)?, message: label.clone() })
    });
    Diagnostic {
        range: finding.span().map(range).unwrap_or_default(),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        code: Some(NumberOrString::String(finding.rule.code.to_owned())),
        source: Some("jixiao".to_owned()),
        message: format!("{}{help}", finding.message),
        related_information: Some(related.collect::<Vec<_>>()).filter(|it| !it.is_empty()),
        ..Diagnostic::default()
    }
}

pub(super) fn range(span: &Span) -> lsp_types::Range {
    Lines::new(span.source.text()).range(&span.range)
}

pub(super) fn location(span: &Span) -> Option<Location> {
    Some(Location::new(uri(span.source.name())?, range(span)))
}
