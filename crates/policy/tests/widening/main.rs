//! Whether one policy is wider than another, held against an SMT solver.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod pairs;

use std::collections::BTreeMap;
use std::sync::Arc;

use bounden_base::Json;
use bounden_policy::analysis::{Answer, Witness, check, widening};
use bounden_policy::{Engine, Policy, Reference, Verdict};
use bounden_testkit::{ask_python, repository, seed};

use pairs::{Dice, Pair};

/// The seed of every test run; a long run may take another.
const SEED: u64 = 20_261_120;
/// How many pairs, unless `BOUNDEN_Z3_CASES` says otherwise; from the pair of the
/// number `BOUNDEN_Z3_FIRST` on.
const PAIRS: usize = 200;

#[expect(clippy::disallowed_methods, reason = "a long run is asked for from outside")]
fn asked(variable: &str) -> Option<usize> {
    std::env::var(variable).ok().and_then(|number| number.parse().ok())
}

/// What is said of a pair, in the words of the solver; reasons left out.
fn said(before: &Arc<Policy>, after: &Arc<Policy>) -> (&'static str, String) {
    let widening = widening(before, after);
    match widening.answer() {
        Answer::Wider(witness) => {
            ("wider", format!("{} {}", witness.sentence, witness.content().canonical()))
        }
        Answer::NotWider => {
            check(&widening.certificate.unwrap(), before, after).unwrap();
            ("not wider", String::new())
        }
        Answer::NotProven(because) => ("not proven", because),
    }
}

/// On random pairs of policies without history, what is said to be wider is
/// where the solver finds a call, and what is said not to be is where it shows
/// that there is none.
#[test]
fn an_smt_solver_says_the_same() {
    let count = asked("BOUNDEN_Z3_CASES").or_else(|| asked("BOUNDEN_ROUNDS")).unwrap_or(PAIRS);
    let first = asked("BOUNDEN_Z3_FIRST").unwrap_or(0);
    let mut dice = Dice::new(seed(SEED));
    let pairs: Vec<Pair> =
        (0..first + count).map(|_| Pair::random(&mut dice)).skip(first).collect();
    let input: Vec<String> = pairs.iter().map(Pair::line).collect();
    let script = repository().join("crates/policy/tests/widening/oracle.py");
    let Some(output) = ask_python("z3", &script, input.join("\n")) else { return };
    let answers: Vec<&str> = output.lines().collect();
    assert_eq!(answers.len(), count, "the solver stopped early");
    let mut tally: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    for (number, (pair, answer)) in (first..).zip(pairs.iter().zip(answers)) {
        let (own, detail) = said(&pair.before, &pair.after);
        *tally.entry((own, answer)).or_default() += 1;
        if own == "not proven" {
            println!("pair {number}: {own} {detail}, and z3 says {answer}:\n{}", shown(pair));
            *open.entry(detail.clone()).or_default() += 1;
        }
        let agrees = own == answer || own == "not proven" || answer == "unknown";
        assert!(agrees, "pair {number}: {own} {detail}, and z3 says {answer}:\n{}", shown(pair));
    }
    println!("{tally:?} {open:?}");
    let of = |own: &str| -> usize {
        tally.iter().filter(|((said, _), _)| *said == own).map(|(_, count)| count).sum()
    };
    assert_eq!(of("not proven"), 0, "{open:?}");
    let both_happen = of("wider") * 5 > count && of("not wider") * 5 > count;
    assert!(both_happen || count < PAIRS, "both happen: {tally:?}");
}

/// Whatever is said of a part of a random pair, both engines say of its witness.
#[test]
fn every_witness_is_decided_as_it_says_by_engine_and_reference() {
    let mut dice = Dice::new(seed(SEED));
    let mut shown = 0;
    for _ in 0..PAIRS {
        let pair = Pair::random(&mut dice);
        for (part, answer) in &widening(&pair.before, &pair.after).items {
            let Answer::Wider(witness) = answer else { continue };
            shown += 1;
            assert_eq!(decided(&pair.before, witness), [witness.before; 2], "{part}");
            assert_eq!(decided(&pair.after, witness), [witness.after; 2], "{part}");
            assert!(witness.after <= witness.before, "{part} {witness:?}");
        }
    }
    assert!(shown * 5 > PAIRS, "{shown} witnesses");
}

/// What the engine and the reference interpreter decide about the last event.
fn decided(policy: &Arc<Policy>, witness: &Witness) -> [Verdict; 2] {
    let mut engine = Engine::new(Arc::clone(policy));
    let mut reference = Reference::new(Arc::clone(policy));
    let decisions = witness.events.iter().map(|event| {
        [engine.decide(event).decision.verdict, reference.decide(event).decision.verdict]
    });
    decisions.last().unwrap()
}

fn shown(pair: &Pair) -> String {
    let bundle = |policy: &Policy| Json::from_serialize(policy.bundle()).unwrap().pretty();
    format!("{}\n{}", bundle(&pair.before), bundle(&pair.after))
}
