//! Findings for an editor's problem list: one line each, `file:line:column: code message`.

use super::Finding;

/// The finding as one line, without a line break.
pub fn short(finding: &Finding) -> String {
    let code = finding.rule.code;
    let message = &finding.message;
    match finding.span() {
        Some(span) => {
            let region = span.region();
            format!("{}:{}:{}: {code} {message}", finding.file(), region.line, region.column)
        }
        None => format!("{}: {code} {message}", finding.file()),
    }
}
