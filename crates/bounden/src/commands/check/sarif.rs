//! Findings as a SARIF log, for code scanning.
//!
//! Format: SARIF 2.1.0, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::path::{Component, Path};

use bounden_base::{Diagnostic, Edit, Fix, Label, LineIndex, Severity, Span};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::input::Report;
use crate::exit::Failure;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What a path keeps in a URI (RFC 3986, `unreserved` and `/`).
const IN_A_URI: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

pub(super) fn render(reports: &[Report<'_>]) -> Result<String, Failure> {
    let codes = codes(reports);
    let results: Vec<_> = reports.iter().flat_map(|report| results(report, &codes)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": codes.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            }},
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&log).map_err(|error| Failure::unavailable(error.to_string()))
}

/// The codes of all findings, each once, in order.
fn codes<'r>(reports: &'r [Report<'_>]) -> Vec<&'r str> {
    let policies = reports.iter().flat_map(|report| &report.organisations.0);
    let all = reports.iter().flat_map(|report| &report.diagnostics);
    let all = all.chain(policies.flat_map(|policy| &policy.diagnostics));
    let mut codes: Vec<_> = all.map(|problem| problem.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn rule(code: &str) -> Value {
    let Some(page) = bounden_spec::explain(code) else { return json!({ "id": code }) };
    let about = page.text.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    json!({
        "id": code,
        "shortDescription": { "text": page.title },
        "fullDescription": { "text": about },
        "helpUri": page.address(),
        "help": { "text": page.text, "markdown": page.text },
    })
}

fn results(report: &Report<'_>, codes: &[&str]) -> Vec<Value> {
    let texts: Vec<_> = report.organisations.0.iter().map(|policy| policy.text()).collect();
    let policies: Vec<_> = report.organisations.0.iter().zip(&texts).collect();
    let others: Others<'_> = policies
        .iter()
        .map(|(policy, text)| {
            let place = Place { uri: uri(&policy.path), lines: LineIndex::new(text) };
            (policy.name(), place)
        })
        .collect();
    let text = report.document.text();
    let place = Place { uri: uri(&report.document.path), lines: LineIndex::new(&text) };
    let mut results = Vec::new();
    for ((policy, _), (_, place)) in policies.iter().zip(&others) {
        let own = policy.diagnostics.iter();
        results.extend(own.map(|problem| result(problem, codes, place, &others)));
    }
    let own = report.diagnostics.iter();
    results.extend(own.map(|problem| result(problem, codes, &place, &others)));
    results
}

/// The other files that labels can stand in, by their names.
type Others<'t> = Vec<(String, Place<'t>)>;

fn result(problem: &Diagnostic, codes: &[&str], place: &Place<'_>, others: &Others<'_>) -> Value {
    let help = problem.help.as_ref().map_or(String::new(), |help| format!("\nhelp: {help}"));
    let level = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), problem.code.as_str().into());
    if let Ok(index) = codes.binary_search(&problem.code.as_str()) {
        result.insert("ruleIndex".to_owned(), index.into());
    }
    result.insert("level".to_owned(), level.into());
    result.insert("message".to_owned(), json!({ "text": format!("{}{help}", problem.message) }));
    result.insert("locations".to_owned(), json!([place.location(problem.span)]));
    if !problem.related.is_empty() {
        let related = problem.related.iter().map(|label| {
            let other = others.iter().find(|(name, _)| label.file.as_ref() == Some(name));
            other.map_or(place, |(_, other)| other).related(label)
        });
        let related: Vec<_> = related.collect();
        result.insert("relatedLocations".to_owned(), related.into());
    }
    if let Some(fix) = &problem.fix {
        let about = problem.help.as_ref().unwrap_or(&problem.message);
        result.insert("fixes".to_owned(), json!([place.fix(fix, about)]));
    }
    Value::Object(result)
}

/// One document, and where its bytes stand in it.
struct Place<'t> {
    uri: String,
    lines: LineIndex<'t>,
}

impl Place<'_> {
    fn location(&self, span: Span) -> Value {
        let region = self.region(span);
        json!({ "physicalLocation": { "artifactLocation": { "uri": self.uri }, "region": region } })
    }

    fn related(&self, label: &Label) -> Value {
        let mut location = self.location(label.span);
        if let Value::Object(members) = &mut location {
            members.insert("message".to_owned(), json!({ "text": label.message }));
        }
        location
    }

    fn fix(&self, fix: &Fix, about: &str) -> Value {
        let replacement = |edit: &Edit| {
            let inserted = json!({ "text": edit.replacement });
            json!({ "deletedRegion": self.region(edit.span), "insertedContent": inserted })
        };
        let replacements: Vec<_> = fix.edits.iter().map(replacement).collect();
        let artifact = json!({ "uri": self.uri });
        json!({
            "description": { "text": about },
            "artifactChanges": [{ "artifactLocation": artifact, "replacements": replacements }],
            "properties": { "safe": fix.safe },
        })
    }

    /// Lines and columns count from 1; the end is the character after the region.
    fn region(&self, span: Span) -> Value {
        let (start, end) =
            (self.lines.position_utf16(span.start), self.lines.position_utf16(span.end));
        json!({
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        })
    }
}

/// A relative path stays relative, for the reader to put it under the root of
/// the repository; an absolute one becomes a `file` URI.
fn uri(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(part) => part.to_str(),
        Component::ParentDir => Some(".."),
        Component::Prefix(_) | Component::RootDir | Component::CurDir => None,
    });
    let path_in_uri = parts.collect::<Vec<_>>().join("/");
    let encoded = utf8_percent_encode(&path_in_uri, IN_A_URI);
    if path.is_absolute() { format!("file:///{encoded}") } else { encoded.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_uri_whatever_it_is_made_of() {
        for (path, expected) in [
            ("./agents/a b/behavior.intent", "agents/a%20b/behavior.intent"),
            ("../ü#1.intent", "../%C3%BC%231.intent"),
            ("/agents/a:b%.intent", "file:///agents/a%3Ab%25.intent"),
        ] {
            assert_eq!(uri(Path::new(path)), expected);
        }
    }
}
