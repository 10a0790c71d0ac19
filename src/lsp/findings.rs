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
    /// By the department that it is said of; what is said of the settings and the years by none.
    said: HashMap<Option<PathBuf>, Said>,
    shown: Said,
}

/// By the files' URIs.
type Said = BTreeMap<String, Vec<Diagnostic>>;

impl Board {
    /// What the editor has to be told after these departments changed.
    pub fn refresh(&mut self, session: &Session<'_>, changed: &[PathBuf]) -> Said {
        let mut touched = Vec::new();
        let mut put = |said: &mut HashMap<Option<PathBuf>, Said>, whose, new: Said| {
            touched.extend(new.keys().cloned());
            let old = match new.is_empty() {
                true => said.remove(&whose),
                false => said.insert(whose, new),
            };
            touched.extend(old.into_iter().flat_map(Said::into_keys));
        };
        put(&mut self.said, None, said(session.own_findings()));
        for folder in changed {
            let findings = session.standing(folder).map_or(&[][..], |it| it.findings());
            put(&mut self.said, Some(folder.clone()), said(findings.iter()));
        }
        touched.sort();
        touched.dedup();
        let mut news = Said::new();
        for uri in touched {
            let now: Vec<Diagnostic> =
                self.said.values().filter_map(|said| said.get(&uri)).flatten().cloned().collect();
            let before = match now.is_empty() {
                true => self.shown.remove(&uri),
                false => self.shown.insert(uri.clone(), now.clone()),
            };
            if before.unwrap_or_default() != now {
                news.insert(uri, now);
            }
        }
        news
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
