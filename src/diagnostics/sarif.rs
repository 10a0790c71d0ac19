//! Findings as SARIF 2.1.0, the format that code review platforms read.

use indexmap::IndexSet;
use serde_json::{Value, json};

use super::{Edit, Finding, Region, Severity, Span};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// All findings as one SARIF log.
pub fn sarif(findings: &[Finding]) -> String {
    let mut codes = IndexSet::new();
    let mut rules = Vec::new();
    let mut results = Vec::new();
    for finding in findings {
        let (index, is_new) = codes.insert_full(finding.rule.code);
        if is_new {
            rules.push(rule(finding));
        }
        results.push(result(finding, index));
    }
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "language": "zh-CN",
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}")
}

fn rule(finding: &Finding) -> Value {
    let rule = finding.rule;
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.name },
        "fullDescription": { "text": rule.explanation },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn result(finding: &Finding, rule_index: usize) -> Value {
    let text = std::iter::once(&finding.message).chain(&finding.help);
    let text = text.map(String::as_str).collect::<Vec<_>>().join("\n");
    let location = match finding.span() {
        Some(span) => location(span),
        None => json!({ "artifactLocation": artifact(finding.file()) }),
    };
    let mut result = json!({
        "ruleId": finding.rule.code,
        "ruleIndex": rule_index,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [{ "physicalLocation": location }],
    });
    if !finding.related.is_empty() {
        let related = finding.related.iter().map(|(span, label)| {
            json!({ "message": { "text": label }, "physicalLocation": self::location(span) })
        });
        result["relatedLocations"] = related.collect();
    }
    if let Some(first) = finding.fix.first() {
        // The edits of one finding are all in one file.
        let replacements: Value = finding.fix.iter().map(replacement).collect();
        let change = json!({
            "artifactLocation": artifact(first.span.source.name()),
            "replacements": replacements,
        });
        result["fixes"] = json!([{ "artifactChanges": [change] }]);
    }
    result
}

fn replacement(edit: &Edit) -> Value {
    json!({
        "deletedRegion": region(edit.span.region()),
        "insertedContent": { "text": edit.text },
    })
}

fn location(span: &Span) -> Value {
    json!({
        "artifactLocation": artifact(span.source.name()),
        "region": region(span.region()),
    })
}

fn region(region: Region) -> Value {
    json!({
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    })
}

fn artifact(path: &str) -> Value {
    json!({ "uri": uri(path, cfg!(windows)) })
}

/// A path as a URI reference: everything but the plainest characters is percent-encoded.
/// See <https://www.rfc-editor.org/rfc/rfc8089> for drives and shares of Windows.
fn uri(path: &str, is_on_windows: bool) -> String {
    let (mut uri, path) = match (path.as_bytes(), path.get(..2)) {
        ([letter, b':', b'/', ..], Some(drive))
            if is_on_windows && letter.is_ascii_alphabetic() =>
        {
            (format!("file:///{drive}"), path.get(2..).unwrap_or_default())
        }
        ([b'/', b'/', ..], _) if is_on_windows => ("file:".to_owned(), path),
        ([b'/', ..], _) => ("file://".to_owned(), path),
        _ => (String::with_capacity(path.len() * 3), path),
    };
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri += &format!("%{byte:02X}");
        }
    }
    uri
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_uri_on_every_system() {
        for (path, elsewhere, on_windows) in [
            ("data/a b.toml", "data/a%20b.toml", "data/a%20b.toml"),
            ("/data/乡", "file:///data/%E4%B9%A1", "file:///data/%E4%B9%A1"),
            ("C:/data", "C%3A/data", "file:///C:/data"),
            ("//server/data", "file:////server/data", "file://server/data"),
            ("乡:/a", "%E4%B9%A1%3A/a", "%E4%B9%A1%3A/a"),
        ] {
            assert_eq!(uri(path, false), elsewhere);
            assert_eq!(uri(path, true), on_windows);
        }
    }
}
