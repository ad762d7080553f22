//! The result for a person at a terminal.

use std::collections::BTreeMap;
use std::io::{self, Write};

use bounden_policy::Decision;

use super::drafts::lines;
use super::{Missing, Outcome, Survivor};

/// Most events of a draft that are shown, besides its last one.
const SHOWN: usize = 8;

pub(super) fn write(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let (alive, killed) = (outcome.alive(), outcome.killed.len());
    writeln!(
        out,
        "{alive} mutants, {killed} killed by {} tests: score {:.2}",
        outcome.tests,
        outcome.score(),
    )?;
    let (stillborn, equivalent) = (outcome.stillborn, outcome.equivalent);
    writeln!(out, "left out: {stillborn} do not compile, {equivalent} say the same again")?;
    parts(out, outcome)?;
    let shown = outcome.survivors.iter().take_while(|survivor| survivor.is_shown());
    for survivor in shown {
        writeln!(out)?;
        one(out, survivor)?;
    }
    let more = outcome.survivors.iter().filter(|survivor| !survivor.is_shown()).count();
    if more > 0 {
        writeln!(out, "\nand {more} more that no test notices; `--limit` shows them")?;
    }
    Ok(())
}

/// A line for each part of the intent.
fn parts(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let mut parts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (mutant, is_killed) in outcome.judged() {
        let (alive, killed) = parts.entry(mutant.part()).or_default();
        *alive += 1;
        *killed += usize::from(is_killed);
    }
    writeln!(out, "\n{:34} {:>8} {:>8}", "part", "mutants", "killed")?;
    for (part, (alive, killed)) in parts {
        writeln!(out, "{part:34} {alive:>8} {killed:>8}")?;
    }
    Ok(())
}

fn one(out: &mut impl Write, survivor: &Survivor) -> io::Result<()> {
    let mutant = &survivor.mutant;
    writeln!(out, "{}\n  {}", mutant.id, mutant.sentence)?;
    let Missing::Drafted(draft) = &survivor.missing else {
        return writeln!(out, "  no events were found that tell it from the intent");
    };
    let (wanted, given) =
        (draft.expected.last().map(answer).unwrap_or_default(), answer(&draft.mutant));
    writeln!(
        out,
        "  missing test: the last event is answered {wanted}, and by the mutant {given}"
    )?;
    let lines: Vec<String> = lines(draft).collect();
    let Some((first, rest)) = lines.split_at_checked(SHOWN).filter(|(_, rest)| rest.len() > 1)
    else {
        return lines.iter().try_for_each(|line| writeln!(out, "    {line}"));
    };
    first.iter().try_for_each(|line| writeln!(out, "    {line}"))?;
    writeln!(out, "    … {} more, all of them with `--drafts` …", rest.len() - 1)?;
    rest.last().into_iter().try_for_each(|line| writeln!(out, "    {line}"))
}

/// A verdict and the rules that gave it.
fn answer(decision: &Decision) -> String {
    let rules: Vec<&str> = decision.rules.iter().map(|fired| fired.id.as_str()).collect();
    let verdict = decision.verdict.name();
    if rules.is_empty() { verdict.to_owned() } else { format!("{verdict} ({})", rules.join(", ")) }
}
