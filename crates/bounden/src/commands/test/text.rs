//! The result for a person at a terminal.

use std::io::{self, Write};

use bounden_trace::report::{CriterionReport, RunReport, Summary, Tested};

use super::{Outcome, word};

pub(super) fn write(out: &mut impl Write, outcome: &Outcome, explain: bool) -> io::Result<()> {
    let summary = &outcome.summary;
    if explain {
        outcome.runs.iter().try_for_each(|run| explained(out, run))?;
    }
    head(out, summary)?;
    criteria(out, summary)?;
    invariants(out, outcome)?;
    coverage(out, summary)
}

fn head(out: &mut impl Write, summary: &Summary) -> io::Result<()> {
    let evidence = &summary.evidence;
    let verdicts: Vec<String> = evidence
        .verdicts
        .iter()
        .map(|(verdict, count)| format!("{count} {}", word(*verdict)))
        .collect();
    writeln!(out, "{} runs of {} cases: {}", evidence.runs, evidence.cases, verdicts.join(", "))?;
    let skipped: Vec<String> =
        evidence.skipped.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    let skipped = if skipped.is_empty() { "none".to_owned() } else { skipped.join(", ") };
    writeln!(out, "{} records read, left out: {skipped}", evidence.records)?;
    if let Some(agreement) = evidence.expected {
        let share = agreement.agree as f64 / agreement.runs as f64;
        let runs = agreement.runs;
        writeln!(
            out,
            "expected effects agree with the recorded reward in {share:.3} of {runs} runs"
        )?;
    }
    Ok(())
}

fn criteria(out: &mut impl Write, summary: &Summary) -> io::Result<()> {
    if summary.criteria.is_empty() {
        return Ok(());
    }
    let columns = ["criterion", "cases", "passed", "runs", "pass", "fail", "undecid.", "bound 95%"];
    let [name, cases, passed, runs, pass, fail, undecidable, bound] = columns;
    writeln!(
        out,
        "\n{name:34} {cases:>6} {passed:>6} {runs:>6} {pass:>6} {fail:>6} {undecidable:>8} {bound:>9}"
    )?;
    for (id, criterion) in &summary.criteria {
        writeln!(
            out,
            "{:34} {:>6} {:>6} {:>6} {:>6} {:>6} {:>8} {:>9.3}  {}",
            id.as_str(),
            criterion.cases,
            criterion.cases_passed,
            criterion.applicable,
            criterion.pass,
            criterion.fail,
            criterion.undecidable,
            criterion.lower_bound_95,
            word(criterion.verdict),
        )?;
    }
    Ok(())
}

fn invariants(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let summary = &outcome.summary;
    let rules = summary.invariants.iter().map(|(id, invariant)| (id.to_string(), invariant));
    let boundary = summary.boundary.iter().map(|(reason, invariant)| {
        // Reasons are written as decisions write them.
        (bounden_base::json::to_canonical(reason).unwrap_or_default().replace('"', ""), invariant)
    });
    let [name, runs, violations, violating, undecided] =
        ["invariant", "runs", "violations", "in runs", "undecided"];
    writeln!(out, "\n{name:34} {runs:>6} {violations:>10} {violating:>8} {undecided:>9}")?;
    for (id, invariant) in rules.chain(boundary) {
        writeln!(
            out,
            "{id:34} {:>6} {:>10} {:>8} {:>9}",
            invariant.runs, invariant.violations, invariant.runs_violating, invariant.undecided,
        )?;
        if invariant.violations > 0
            && let Some((run, finding)) = outcome.runs.iter().find_map(|run| first(run, &id))
        {
            let place = format!("{} run {} event {}", run.source.file, run.id, finding.event);
            let because = shortened(&finding.because);
            writeln!(out, "    first: {place} (byte {}): {because}", finding.offset)?;
        }
    }
    Ok(())
}

/// The first violation of a rule or a boundary in a run.
fn first<'r>(
    run: &'r RunReport,
    id: &str,
) -> Option<(&'r RunReport, &'r bounden_trace::report::Finding)> {
    let rule = run.invariants.get(id).and_then(|invariant| invariant.events.first());
    let boundary = || {
        let mut found = run.boundary.iter().filter(|(reason, _)| {
            bounden_base::json::to_canonical(reason).is_ok_and(|name| name.trim_matches('"') == id)
        });
        found.find_map(|(_, invariant)| invariant.events.first())
    };
    rule.or_else(boundary).map(|finding| (run, finding))
}

/// The beginning of a reason; `--explain` and JSON have all of it.
fn shortened(because: &str) -> String {
    const MOST: usize = 200;
    let mut text: String = because.chars().take(MOST).collect();
    if because.chars().nth(MOST).is_some() {
        text.push('…');
    }
    text
}

fn coverage(out: &mut impl Write, summary: &Summary) -> io::Result<()> {
    let coverage = &summary.coverage;
    writeln!(out, "\nnot exercised")?;
    missing(out, "criteria", &coverage.criteria)?;
    missing(out, "invariants", &coverage.invariants)?;
    missing(out, "tools", &coverage.tools)?;
    if !coverage.undeclared.is_empty() {
        let tools: Vec<String> =
            coverage.undeclared.iter().map(|(tool, count)| format!("{tool} ({count})")).collect();
        writeln!(out, "called, not declared: {}", tools.join(", "))?;
    }
    Ok(())
}

fn missing<T: AsRef<str>>(out: &mut impl Write, what: &str, tested: &Tested<T>) -> io::Result<()> {
    let names: Vec<&str> = tested.not_exercised.iter().map(AsRef::as_ref).collect();
    let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    writeln!(out, "  {what}: {names}")
}

/// Each clause of each criterion that does not pass, and each violation.
fn explained(out: &mut impl Write, run: &RunReport) -> io::Result<()> {
    use bounden_policy::CriterionVerdict::{Fail, Undecidable};
    if !matches!(run.verdict, Fail | Undecidable) {
        return Ok(());
    }
    writeln!(out, "{} run {}: {}", run.source.file, run.id, word(run.verdict))?;
    let open = |criterion: &&CriterionReport| matches!(criterion.verdict, Fail | Undecidable);
    for (id, criterion) in run.criteria.iter().filter(|(_, criterion)| open(criterion)) {
        writeln!(out, "  {id}: {}", word(criterion.verdict))?;
        for clause in &criterion.because {
            let holds = match clause.holds {
                Some(true) => "holds",
                Some(false) => "does not hold",
                None => "cannot be said",
            };
            writeln!(out, "    {}: {holds}: {}", clause.says, clause.because)?;
        }
    }
    for (id, invariant) in &run.invariants {
        for finding in &invariant.events {
            let (event, because) = (finding.event, &finding.because);
            writeln!(
                out,
                "  {id}: violated at event {event} (byte {}): {because}",
                finding.offset
            )?;
        }
    }
    for finding in run.boundary.values().flat_map(|boundary| &boundary.events) {
        writeln!(out, "  event {} (byte {}): {}", finding.event, finding.offset, finding.because)?;
    }
    writeln!(out)
}
