//! The indexed engine answers exactly as the reference interpreter does, on
//! random policies and random interleavings, reasons and witnesses included;
//! and one that was stored and restored on the way as one that was not.

use std::cell::Cell;
use std::sync::Arc;

use bounden_policy::{Engine, Event, Policy, Reference};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};

use crate::spelling::{Dice, as_text};
use crate::world::{Script, Step, policy, rules};

#[test]
fn the_engine_decides_as_the_reference_does() {
    let decisions = Cell::new(0_u64);
    let steps = prop::collection::vec(any::<Step>(), 1..60);
    let cases = (rules(), steps, any::<bool>(), any::<u64>());
    let outcome =
        TestRunner::new(crate::config(400)).run(&cases, |(rules, steps, observed, seed)| {
            let mut dice = Dice::new(seed);
            let events = Script::of(&steps).into_iter().map(|event| match dice.below(4) {
                0 => event,
                _ => as_text(&event, &mut dice),
            });
            let events: Vec<Event> = events.collect();
            decisions.set(decisions.get() + events.len() as u64);
            agree(&policy(&rules), &events, observed)
        });
    outcome.unwrap_or_else(|found| panic!("{found}"));
    println!("{} decisions by three engines", decisions.get());
}

/// Decides the events one by one by reference and engine, which is stored and
/// restored on the way, and all of them again by an engine that runs through.
fn agree(policy: &Arc<Policy>, events: &[Event], observed: bool) -> Result<(), TestCaseError> {
    let mut reference = Reference::new(Arc::clone(policy));
    let mut engine = Engine::new(Arc::clone(policy));
    let mut batch = Engine::new(Arc::clone(policy));
    for (index, event) in events.iter().enumerate() {
        let [expected, answer, replayed] = if observed {
            [reference.observe(event), engine.observe(event), batch.observe(event)]
        } else {
            [reference.decide(event), engine.decide(event), batch.decide(event)]
        };
        prop_assert_eq!(&expected.decision, &answer.decision, "{:?}", event);
        prop_assert_eq!(&expected.decision, &replayed.decision, "{:?}", event);
        prop_assert_eq!(expected.permit.is_some(), answer.permit.is_some());
        prop_assert_eq!(expected.permit.is_some(), replayed.permit.is_some());
        if index % 7 == 6 {
            engine = Engine::restore(Arc::clone(policy), &engine.snapshot()).unwrap();
        }
    }
    Ok(())
}
