//! An engine that is stored and restored goes on as if nothing had been.

use std::sync::Arc;

use bounden_base::{Digest, Json};
use bounden_policy::{Engine, Event, SnapshotError};
use proptest::prelude::*;

use crate::bounds::bounds;
use crate::spelling::{Dice, as_text};
use crate::world::{Script, Step, policy, rules};

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(any::<Step>(), 1..80)
}

/// Events, every second one with its arguments as text in some spelling.
fn events(steps: &[Step], seed: u64) -> Vec<Event> {
    let mut dice = Dice::new(seed);
    let spell = |(index, event): (usize, Event)| {
        if index % 2 == 0 { as_text(&event, &mut dice) } else { event }
    };
    Script::of(steps).into_iter().enumerate().map(spell).collect()
}

/// The whole answer to an event.
fn answer(engine: &mut Engine, event: &Event, observed: bool) -> String {
    let ruling = if observed { engine.observe(event) } else { engine.decide(event) };
    format!("{:?} {:?}", ruling.to_json().unwrap().canonical(), ruling.permit.is_some())
}

/// The same engine, by way of its snapshot.
fn restored(engine: &Engine) -> Result<Engine, TestCaseError> {
    let bytes = engine.snapshot();
    let restored = Engine::restore(Arc::clone(engine.policy()), &bytes).unwrap();
    prop_assert_eq!(restored.usage(), engine.usage());
    prop_assert!(restored.snapshot() == bytes, "the same state has other bytes");
    Ok(restored)
}

proptest! {
    #![proptest_config(crate::config(200))]

    /// Every later decision is the same, and so is the state in the end.
    #[test]
    fn a_restored_engine_goes_on_as_the_one_that_was_stored(
        rules in rules(), steps in steps(), observed in any::<bool>(),
        bounds in prop_oneof![Just(Default::default()), bounds()], cut in 0_usize..80, seed in any::<u64>(),
    ) {
        let mut engine = Engine::within(policy(&rules), bounds);
        let events = events(&steps, seed);
        let (before, after) = events.split_at(cut.min(events.len()));
        for event in before {
            answer(&mut engine, event, observed);
        }
        let mut other = restored(&engine)?;
        for event in after {
            prop_assert_eq!(
                answer(&mut other, event, observed), answer(&mut engine, event, observed), "{:?}", event
            );
        }
        prop_assert!(other.snapshot() == engine.snapshot(), "the states went apart");
    }

    /// One at a time, through snapshots, and in the order of the recording or
    /// sorted from any other: the decisions are the same.
    #[test]
    fn incremental_decisions_are_those_of_a_batch(
        rules in rules(), steps in steps(), stored in prop::collection::vec(prop::bool::weighted(0.2), 80),
        turn in any::<prop::sample::Index>(), seed in any::<u64>(),
    ) {
        let policy = policy(&rules);
        let events = events(&steps, seed);
        let mut engine = Engine::new(Arc::clone(&policy));
        let mut incremental = Vec::new();
        for (event, stored) in events.iter().zip(stored) {
            incremental.push(answer(&mut engine, event, false));
            if stored {
                engine = restored(&engine)?;
            }
        }
        let mut recorded: Vec<(usize, &Event)> = events.iter().enumerate().collect();
        recorded.rotate_left(turn.index(events.len()));
        recorded.sort_by_key(|(line, event)| (event.at, *line));
        let mut engine = Engine::new(policy);
        let batch: Vec<String> =
            recorded.into_iter().map(|(_, event)| answer(&mut engine, event, false)).collect();
        prop_assert_eq!(incremental, batch);
    }

    /// Bytes that somebody has forged with a fitting checksum are refused, or
    /// give an engine that decides; nothing panics.
    #[test]
    fn forged_bytes_do_no_harm(
        rules in rules(), steps in steps(), more in steps(),
        forged in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let policy = policy(&rules);
        let mut engine = Engine::new(Arc::clone(&policy));
        for event in events(&steps, 7) {
            engine.decide(&event);
        }
        let mut bytes = engine.snapshot();
        bytes.truncate(bytes.len() - 32);
        let header = 16 + 32 + 32;
        for (place, byte) in forged {
            let place = header + place.index(bytes.len() - header);
            *bytes.get_mut(place).unwrap() = byte;
        }
        bytes.extend(Digest::of(&bytes).as_bytes());
        if let Ok(mut engine) = Engine::restore(policy, &bytes) {
            for event in Script::of(&more) {
                engine.decide(&event);
            }
            prop_assert!(!engine.snapshot().is_empty());
        }
    }
}

/// An engine with something of everything.
fn engine() -> Engine {
    let mut random = 3_u32;
    let mut next = || {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        u8::try_from(random >> 24).unwrap()
    };
    let when =
        r#"calls("pay.refund").across("agent").by(args.who).within("60s").sum(args.amount) > 40"#;
    let ask = r#"{"action":"require_approval","roles":["lead"],"all":true}"#;
    let rules = crate::world::rule("r", when, ask);
    let mut engine = Engine::new(policy(&rules));
    let mut script = Script::default();
    for _ in 0..40 {
        engine.decide(&script.event((next(), next(), next(), next(), next())));
    }
    engine
}

#[test]
fn every_changed_bit_and_every_cut_is_noticed() {
    let engine = engine();
    let bytes = engine.snapshot();
    let restore = |bytes: &[u8]| Engine::restore(Arc::clone(engine.policy()), bytes);
    assert!(restore(&bytes).is_ok());
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        *changed.get_mut(place).unwrap() ^= 1 << (place % 8);
        assert!(restore(&changed).is_err(), "byte {place}");
        assert!(restore(bytes.get(..place).unwrap()).is_err(), "cut at {place}");
    }
    assert_eq!(restore(b"").unwrap_err(), SnapshotError::Form);
    assert_eq!(restore(&[&bytes[..], &[0]].concat()).unwrap_err(), SnapshotError::Checksum);
}

#[test]
fn a_snapshot_belongs_to_its_policy() {
    let engine = engine();
    let other = policy(&crate::world::rule("r", "args.amount > 5", r#"{"action":"block"}"#));
    let refused = Engine::restore(other, &engine.snapshot()).unwrap_err();
    assert_eq!(refused, SnapshotError::Policy(engine.policy().digest()));
    assert!(Json::from(refused.to_string().as_str()).canonical().contains("sha256:"));
}
