//! The result as a comment on a pull request.

use std::io::{self, Write};

use super::{Outcome, word};

/// How many failing runs are named.
const NAMED: usize = 20;

pub(super) fn write(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let summary = &outcome.summary;
    let evidence = &summary.evidence;
    let mark = if summary.fails() { "falls short" } else { "holds" };
    writeln!(out, "## Behaviour {mark}: {} runs of {} cases\n", evidence.runs, evidence.cases)?;
    if !summary.criteria.is_empty() {
        writeln!(out, "| criterion | verdict | cases passed | lower bound 95 % | promised |")?;
        writeln!(out, "|---|---|---:|---:|---:|")?;
    }
    for (id, criterion) in &summary.criteria {
        writeln!(
            out,
            "| {id} | {} | {} of {} | {:.3} | {} |",
            word(criterion.verdict),
            criterion.cases_passed,
            criterion.cases,
            criterion.lower_bound_95,
            criterion.threshold,
        )?;
    }
    writeln!(out, "\n| invariant | violations | runs violating | runs looked at |")?;
    writeln!(out, "|---|---:|---:|---:|")?;
    for (id, invariant) in &summary.invariants {
        let (violations, violating) = (invariant.violations, invariant.runs_violating);
        writeln!(out, "| {id} | {violations} | {violating} | {} |", invariant.runs)?;
    }
    failing(out, outcome)
}

fn failing(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let violations = || {
        outcome.runs.iter().flat_map(|run| {
            let invariants = run.invariants.iter();
            invariants.flat_map(move |(id, invariant)| {
                invariant.events.iter().map(move |finding| (run, id, finding))
            })
        })
    };
    let all = violations().count();
    if all == 0 {
        return Ok(());
    }
    writeln!(out, "\n<details><summary>{all} violations</summary>\n")?;
    for (run, id, finding) in violations().take(NAMED) {
        let because = finding.because.replace(['`', '\n'], " ");
        writeln!(out, "- {id}: run {} event {}: `{because}`", run.id, finding.event)?;
    }
    if all > NAMED {
        writeln!(out, "- and {} more", all - NAMED)?;
    }
    writeln!(out, "\n</details>")
}
