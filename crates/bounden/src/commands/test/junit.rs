//! The result as JUnit XML: a suite per criterion and per invariant, a case per run.

use std::io::{self, Write};

use bounden_policy::CriterionVerdict;
use bounden_trace::report::{CriterionReport, InvariantReport, RunReport};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::Outcome;

pub(super) fn write(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let mut report = Report::new("bounden test");
    for id in outcome.summary.criteria.keys() {
        let cases = outcome.runs.iter().filter_map(|run| {
            let criterion = run.criteria.get(id)?;
            Some(case(run, criterion_status(criterion)))
        });
        report.add_test_suite(suite(&format!("criterion {id}"), cases));
    }
    for id in outcome.summary.invariants.keys() {
        let cases = outcome.runs.iter().filter_map(|run| {
            let invariant = run.invariants.get(id)?;
            Some(case(run, invariant_status(invariant)))
        });
        report.add_test_suite(suite(&format!("invariant {id}"), cases));
    }
    report.add_test_suite(suite("boundary", outcome.runs.iter().map(boundary)));
    report.serialize(out).map_err(io::Error::other)
}

fn suite(name: &str, cases: impl Iterator<Item = TestCase>) -> TestSuite {
    let mut suite = TestSuite::new(name);
    suite.add_test_cases(cases);
    suite
}

fn case(run: &RunReport, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(run.id.as_str(), status);
    case.set_classname(run.source.file.as_str());
    case
}

fn failure(kind: NonSuccessKind, message: String) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(message);
    status
}

fn criterion_status(criterion: &CriterionReport) -> TestCaseStatus {
    let clauses = |holds: Option<bool>| {
        let decided = criterion.because.iter().filter(|clause| clause.holds == holds);
        let lines = decided.map(|clause| format!("{}: {}", clause.says, clause.because));
        lines.collect::<Vec<_>>().join("; ")
    };
    match criterion.verdict {
        CriterionVerdict::Pass => TestCaseStatus::success(),
        CriterionVerdict::Fail => failure(NonSuccessKind::Failure, clauses(Some(false))),
        CriterionVerdict::Undecidable => failure(NonSuccessKind::Error, clauses(None)),
        CriterionVerdict::NotApplicable => {
            let mut status = TestCaseStatus::skipped();
            status.set_message("not applicable");
            status
        }
    }
}

fn invariant_status(invariant: &InvariantReport) -> TestCaseStatus {
    if invariant.violations > 0 {
        let lines = invariant.events.iter().map(|finding| {
            format!("event {} (byte {}): {}", finding.event, finding.offset, finding.because)
        });
        failure(NonSuccessKind::Failure, lines.collect::<Vec<_>>().join("; "))
    } else if invariant.undecided > 0 {
        let message = format!("{} events cannot be judged", invariant.undecided);
        failure(NonSuccessKind::Error, message)
    } else if invariant.met == 0 {
        let mut status = TestCaseStatus::skipped();
        status.set_message("no event that it looks at");
        status
    } else {
        TestCaseStatus::success()
    }
}

fn boundary(run: &RunReport) -> TestCase {
    let findings = run.boundary.values().flat_map(|boundary| &boundary.events);
    let lines: Vec<String> =
        findings.map(|finding| format!("event {}: {}", finding.event, finding.because)).collect();
    let status = if lines.is_empty() {
        TestCaseStatus::success()
    } else {
        failure(NonSuccessKind::Failure, lines.join("; "))
    };
    case(run, status)
}
