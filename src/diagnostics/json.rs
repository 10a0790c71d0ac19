//! Findings for programs: one JSON document.

use serde::Serialize;

use super::{Finding, Region, Severity, Span};

/// The layout of the document; a change that a reader could stumble over raises it.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    errors: usize,
    warnings: usize,
    findings: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    name: &'a str,
    severity: Severity,
    message: &'a str,
    label: &'a str,
    help: &'a [String],
    file: &'a str,
    /// Absent if the finding is about the file or folder as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
    related: Vec<Related<'a>>,
    fix: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    file: &'a str,
    region: Region,
}

#[derive(Serialize)]
struct Edit<'a> {
    region: Region,
    text: &'a str,
}

/// All findings as one document.
///
/// # Errors
/// Never for findings as they are; passed on from the serializer.
pub fn json(findings: &[Finding]) -> serde_json::Result<String> {
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    serde_json::to_string_pretty(&Report {
        version: VERSION,
        errors,
        warnings: findings.len() - errors,
        findings: findings.iter().map(entry).collect(),
    })
}

fn entry(finding: &Finding) -> Entry<'_> {
    let related = finding.related.iter().map(|(span, message)| Related {
        message,
        file: span.source.name(),
        region: span.region(),
    });
    let fix = finding.fix.iter();
    Entry {
        code: finding.rule.code,
        name: finding.rule.name,
        severity: finding.severity,
        message: &finding.message,
        label: &finding.label,
        help: &finding.help,
        file: finding.file(),
        region: finding.span().map(Span::region),
        related: related.collect(),
        fix: fix.map(|edit| Edit { region: edit.span.region(), text: &edit.text }).collect(),
    }
}
