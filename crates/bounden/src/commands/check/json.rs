//! Findings for programs; the shape is a contract.

use std::collections::BTreeSet;

use bounden_base::{Diagnostic, Digest, Edit, LineIndex, Position, Severity, Span};
use bounden_spec::ChecklistItem;
use serde::Serialize;

use super::input::Report;
use crate::exit::Failure;

#[derive(Serialize)]
struct Output {
    diagnostics: Vec<Finding>,
    policies: Vec<UsedPolicy>,
    checklist: Vec<ChecklistItem>,
    summary: Summary,
}

#[derive(Serialize)]
struct Finding {
    code: String,
    severity: Severity,
    message: String,
    file: String,
    span: Place,
    related: Vec<Related>,
    help: Option<String>,
    fix: Option<Repair>,
}

/// A policy of the organisation that was held against a document.
#[derive(Serialize)]
struct UsedPolicy {
    file: String,
    /// `None` where it cannot be asked.
    digest: Option<Digest>,
}

#[derive(Serialize)]
struct Place {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Related {
    /// Another file than that of the finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    span: Place,
    message: String,
}

#[derive(Serialize)]
struct Repair {
    edits: Vec<Replacement>,
    safe: bool,
}

#[derive(Serialize)]
struct Replacement {
    span: Place,
    replacement: String,
}

#[derive(Serialize)]
struct Summary {
    error: usize,
    warning: usize,
}

pub(super) fn render(reports: &[Report<'_>]) -> Result<String, Failure> {
    let count = |severity| reports.iter().map(|report| report.count(severity)).sum();
    let output = Output {
        diagnostics: reports.iter().flat_map(findings).collect(),
        policies: policies(reports),
        checklist: together(reports),
        summary: Summary { error: count(Severity::Error), warning: count(Severity::Warning) },
    };
    serde_json::to_string_pretty(&output).map_err(|error| Failure::unavailable(error.to_string()))
}

fn findings(report: &Report<'_>) -> Vec<Finding> {
    let policies: Vec<_> =
        report.organisations.0.iter().map(|policy| (policy.name(), policy.text())).collect();
    let files: Vec<_> =
        policies.iter().map(|(name, text)| (name.as_str(), LineIndex::new(text))).collect();
    let (name, text) = (report.document.name(), report.document.text());
    let lines = LineIndex::new(&text);
    let mut found = Vec::new();
    for (policy, (name, lines)) in report.organisations.0.iter().zip(&files) {
        found.extend(policy.diagnostics.iter().map(|problem| finding(problem, name, lines, &[])));
    }
    found.extend(report.diagnostics.iter().map(|problem| finding(problem, &name, &lines, &files)));
    found
}

/// Every policy that was used, once.
fn policies(reports: &[Report<'_>]) -> Vec<UsedPolicy> {
    let mut used: Vec<UsedPolicy> = Vec::new();
    for policy in reports.iter().flat_map(|report| &report.organisations.0) {
        let file = policy.name();
        if used.iter().all(|known| known.file != file) {
            let digest = policy.policy.as_ref().map(|policy| policy.digest());
            used.push(UsedPolicy { file, digest });
        }
    }
    used
}

fn finding(
    problem: &Diagnostic,
    name: &str,
    lines: &LineIndex<'_>,
    files: &[(&str, LineIndex<'_>)],
) -> Finding {
    let related = problem.related.iter().map(|label| {
        let other = files.iter().find(|(name, _)| label.file.as_deref() == Some(*name));
        Related {
            file: label.file.clone(),
            span: place(label.span, other.map_or(lines, |(_, lines)| lines)),
            message: label.message.clone(),
        }
    });
    let replacement = |edit: &Edit| Replacement {
        span: place(edit.span, lines),
        replacement: edit.replacement.clone(),
    };
    let repair = problem
        .fix
        .as_ref()
        .map(|fix| Repair { edits: fix.edits.iter().map(replacement).collect(), safe: fix.safe });
    Finding {
        code: problem.code.clone(),
        severity: problem.severity,
        message: problem.message.clone(),
        file: name.to_owned(),
        span: place(problem.span, lines),
        related: related.collect(),
        help: problem.help.clone(),
        fix: repair,
    }
}

fn place(span: Span, lines: &LineIndex<'_>) -> Place {
    Place { start: lines.position(span.start), end: lines.position(span.end) }
}

/// The points of all documents: one that fails anywhere fails.
fn together(reports: &[Report<'_>]) -> Vec<ChecklistItem> {
    let first = reports.first().map(|report| report.checklist.as_slice()).unwrap_or_default();
    let points = first.iter().map(|point| {
        let all = reports.iter().flat_map(|report| &report.checklist);
        let same: Vec<_> = all.filter(|other| other.id == point.id).collect();
        let because: BTreeSet<_> = same.iter().flat_map(|other| other.because.clone()).collect();
        let ok = if same.iter().any(|other| other.ok == Some(false)) {
            Some(false)
        } else if same.iter().any(|other| other.ok.is_none()) {
            None
        } else {
            Some(true)
        };
        ChecklistItem { id: point.id, ok, because: because.into_iter().collect() }
    });
    points.collect()
}
