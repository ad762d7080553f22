//! The result for programs: one object, with members that are only ever added to.

use std::collections::BTreeMap;
use std::io::{self, Write};

use bounden_base::Json;
use bounden_policy::mutation::{Kill, Mutant};
use bounden_policy::{Decision, Event};
use serde::Serialize;

use super::{Missing, Outcome, Survivor};

#[derive(Serialize)]
struct Document<'o> {
    /// Killed mutants by all that compile, from 0 to 1.
    score: f64,
    tests: usize,
    mutants: Counts,
    parts: BTreeMap<&'o str, Part>,
    killed: Vec<Killed<'o>>,
    survivors: Vec<Surviving<'o>>,
}

#[derive(Serialize)]
struct Counts {
    alive: usize,
    killed: usize,
    survived: usize,
    stillborn: usize,
    equivalent: usize,
}

#[derive(Default, Serialize)]
struct Part {
    mutants: usize,
    killed: usize,
}

#[derive(Serialize)]
struct Killed<'o> {
    id: &'o str,
    test: &'o str,
    session: &'o str,
    event: &'o str,
}

#[derive(Serialize)]
struct Surviving<'o> {
    id: &'o str,
    part: &'o str,
    operator: &'static str,
    place: String,
    span: Bytes,
    sentence: &'o str,
    /// `drafted`, `unfound` where the search found no test, or `unasked` beyond the limit.
    missing: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    draft: Option<Drafted<'o>>,
}

/// Bytes of the text of a part.
#[derive(Serialize)]
struct Bytes {
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct Drafted<'o> {
    /// As `bounden decide` reads them.
    events: Vec<Json>,
    /// What it has to answer.
    decisions: &'o [Decision],
    /// How the mutant answers the last one.
    mutant: &'o Decision,
}

pub(super) fn write(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let mut parts: BTreeMap<&str, Part> = BTreeMap::new();
    for (mutant, is_killed) in outcome.judged() {
        let part = parts.entry(mutant.part()).or_default();
        part.mutants += 1;
        part.killed += usize::from(is_killed);
    }
    let document = Document {
        score: outcome.score(),
        tests: outcome.tests,
        mutants: Counts {
            alive: outcome.alive(),
            killed: outcome.killed.len(),
            survived: outcome.survivors.len(),
            stillborn: outcome.stillborn,
            equivalent: outcome.equivalent,
        },
        parts,
        killed: outcome.killed.iter().map(killed).collect(),
        survivors: outcome.survivors.iter().map(surviving).collect(),
    };
    serde_json::to_writer(&mut *out, &document)?;
    writeln!(out)
}

fn killed((mutant, kill): &(Mutant, Kill)) -> Killed<'_> {
    let (session, event) = &kill.event;
    Killed { id: &mutant.id, test: &kill.test, session: session.as_str(), event: event.as_str() }
}

fn surviving(survivor: &Survivor) -> Surviving<'_> {
    let mutant = &survivor.mutant;
    let (missing, draft) = match &survivor.missing {
        Missing::Unasked => ("unasked", None),
        Missing::Unfound => ("unfound", None),
        Missing::Drafted(draft) => ("drafted", Some(draft)),
    };
    let draft = draft.map(|draft| Drafted {
        events: draft.events.iter().map(Event::to_json).collect(),
        decisions: &draft.expected,
        mutant: &draft.mutant,
    });
    Surviving {
        id: &mutant.id,
        part: mutant.part(),
        operator: mutant.operator.name(),
        place: mutant.place.to_string(),
        span: Bytes { start: mutant.span.start, end: mutant.span.end },
        sentence: &mutant.sentence,
        missing,
        draft,
    }
}
