//! Findings as GitHub workflow commands, which the website shows beside the lines of a change.

use super::{Finding, Severity};

/// The finding as one workflow command, without a line break.
pub fn github(finding: &Finding) -> String {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut properties = format!("file={}", property(finding.file()));
    if let Some(span) = finding.span() {
        let region = span.region();
        properties += &format!(",line={},endLine={}", region.line, region.end_line);
        // The website takes columns only where one line is meant.
        if region.line == region.end_line {
            properties += &format!(",col={},endColumn={}", region.column, region.end_column);
        }
    }
    let title = property(&format!("{} {}", finding.rule.code, finding.rule.name));
    let text = std::iter::once(&finding.message).chain(&finding.help);
    let text = text.map(String::as_str).collect::<Vec<_>>().join("\n");
    format!("::{command} {properties},title={title}::{}", data(&text))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
