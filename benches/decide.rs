//! Decision latency of Bounden beside its peers:
//! `cargo bench --manifest-path benches/Cargo.toml`.

use std::time::Duration;

use anyhow::Result;
use bounden_benches::subject::{
    Bounden, ByHand, ByHandTyped, Cedar, Cel, Figures, Regorus, Subject, check, measure,
};
use bounden_benches::table::{Table, micros};
use bounden_benches::workload::{self, Call};
use bounden_benches::{history, machine, timing};

const RULES: [usize; 4] = [1, 10, 100, 1_000];
const CALLS: usize = 10_000;
const ENGINES: usize = 6;
const HISTORY: [usize; 4] = [0, 100, 1_000, 10_000];

fn main() -> Result<()> {
    let clock = timing::clock();
    println!("{}; {} ns of the clock taken off\n", machine::line(), clock.as_nanos());
    stateless(clock)?;
    remembering(clock)
}

/// An allowlist of N tools with one rule each, by every engine.
fn stateless(clock: Duration) -> Result<()> {
    println!("One decision among N rules, µs:\n");
    let mut table = Table::new(&[
        "rules",
        "engine",
        "parsed p50",
        "p99",
        "raw p50",
        "p99",
        "× by hand, parsed",
        "raw",
        "× 1 rule, raw",
        "build ms",
    ]);
    let mut first = [1.0; ENGINES];
    for rules in RULES {
        let calls = workload::calls(rules, CALLS);
        // Nothing is timed before all agree on everything.
        let engines = [
            (ByHand::NAME, checked::<ByHand>(rules, &calls)?),
            (ByHandTyped::NAME, checked::<ByHandTyped>(rules, &calls)?),
            (Bounden::NAME, checked::<Bounden>(rules, &calls)?),
            (Cel::NAME, checked::<Cel>(rules, &calls)?),
            (Regorus::NAME, checked::<Regorus>(rules, &calls)?),
            (Cedar::NAME, checked::<Cedar>(rules, &calls)?),
        ];
        let mut limit = None;
        for ((name, measure), first) in engines.into_iter().zip(&mut first) {
            let figures = measure(rules, &calls, clock)?;
            if rules == 1 {
                *first = figures.raw.p50;
            }
            table.row(row(rules, name, figures, *limit.get_or_insert(figures), *first));
        }
    }
    table.print();
    Ok(())
}

type Measure = fn(usize, &[Call], Duration) -> Result<Figures>;

/// How to time an engine, once it has decided every call as it has to.
fn checked<S: Subject>(rules: usize, calls: &[Call]) -> Result<Measure> {
    check::<S>(rules, calls)?;
    Ok(measure::<S>)
}

/// A prerequisite and a sum over an hour, by Bounden alone.
fn remembering(clock: Duration) -> Result<()> {
    println!("Bounden, one decision by a prerequisite and a windowed sum, µs:\n");
    let mut table = Table::new(&["earlier calls", "engine", "parsed p50", "p99", "raw p50", "p99"]);
    for calls in HISTORY {
        let Figures { parsed, raw, .. } = history::measure(calls, clock)?;
        let figures = [parsed.p50, parsed.p99, raw.p50, raw.p99].map(micros);
        table.row(
            [calls.to_string(), Bounden::NAME.to_owned()].into_iter().chain(figures).collect(),
        );
    }
    table.print();
    Ok(())
}

fn row(rules: usize, name: &str, figures: Figures, limit: Figures, first: f64) -> Vec<String> {
    let Figures { parsed, raw, build } = figures;
    let ratio = |own: f64, limit: f64| format!("{:.1}", own / limit);
    vec![
        rules.to_string(),
        name.to_owned(),
        micros(parsed.p50),
        micros(parsed.p99),
        micros(raw.p50),
        micros(raw.p99),
        ratio(parsed.p50, limit.parsed.p50),
        ratio(raw.p50, limit.raw.p50),
        format!("{:.2}", raw.p50 / first),
        format!("{:.1}", build.as_secs_f64() * 1e3),
    ]
}
