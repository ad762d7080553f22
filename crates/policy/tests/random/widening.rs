//! What is said of two policies with a history is what their engines do:
//! witnesses are decided as they say, and where nothing is said to be wider,
//! random events find nothing that is.

use std::sync::Arc;

use bounden_base::Json;
use bounden_policy::analysis::{Answer, Witness, check, widening};
use bounden_policy::{Engine, Event, Policy, Reference, Verdict};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};

use crate::world::{Script, Step, compiled, rules};

/// What is changed in the text of the rules, each time it is there.
const EDITS: [(&str, &str); 10] = [
    (r#""action":"block""#, r#""action":"warn""#),
    (r#""action":"warn""#, r#""action":"halt""#),
    (" > ", " >= "),
    (">= 2", ">= 3"),
    ("> 50", "> 25"),
    (" && ", " || "),
    (r#".by(args.who)"#, ""),
    (r#"across(\"agent\")"#, r#"across(\"principal\")"#),
    (".succeeded()", ".permitted()"),
    (r#"within(\"60s\")"#, r#"within(\"90s\")"#),
];

/// The rules of two policies: most of them differ in a few words.
fn pairs() -> impl Strategy<Value = (String, String)> {
    let edits = prop::collection::vec(prop::sample::select(EDITS.to_vec()), 1..4);
    (rules(), rules(), edits, 0_u8..5, any::<bool>()).prop_map(
        |(one, more, edits, form, turned)| {
            let other = match form {
                0 => more,
                1 => format!("{one},{}", renamed(&more)),
                _ => edits.iter().fold(one.clone(), |rules, (from, to)| rules.replace(from, to)),
            };
            if turned { (other, one) } else { (one, other) }
        },
    )
}

/// The same rules by other names.
fn renamed(rules: &str) -> String {
    ["r0", "r1", "r2"].into_iter().fold(rules.to_owned(), |rules, id| {
        rules.replacen(&format!(r#""{id}":"#), &format!(r#""more-{id}":"#), 1)
    })
}

#[test]
fn what_is_said_of_policies_with_a_history_is_what_their_engines_do() {
    let scripts = prop::collection::vec(prop::collection::vec(any::<Step>(), 1..40), 12);
    let cases = (pairs(), scripts);
    let outcome = TestRunner::new(crate::config(24)).run(&cases, |((before, after), scripts)| {
        // Not every edit leaves rules that make sense.
        let (Ok(before), Ok(after)) = (compiled(&before), compiled(&after)) else {
            return Err(TestCaseError::reject("does not compile"));
        };
        let widening = widening(&before, &after);
        for answer in widening.items.values() {
            if let Answer::Wider(witness) = answer {
                prop_assert_eq!(decided(&before, witness), [witness.before; 2]);
                prop_assert_eq!(decided(&after, witness), [witness.after; 2]);
                prop_assert!(witness.after <= witness.before);
            }
        }
        if widening.answer() == Answer::NotWider {
            check(&widening.certificate.unwrap(), &before, &after).unwrap();
            for steps in scripts {
                nothing_is_milder(&before, &after, &Script::of(&steps))?;
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|found| panic!("{found}"));
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

/// Decides the events under both policies for as long as they agree, and where
/// they part the later one is the stricter one.
fn nothing_is_milder(
    before: &Arc<Policy>,
    after: &Arc<Policy>,
    events: &[Event],
) -> Result<(), TestCaseError> {
    let (mut before, mut after) =
        (Reference::new(Arc::clone(before)), Engine::new(Arc::clone(after)));
    for event in events {
        let (one, other) = (before.decide(event).decision, after.decide(event).decision);
        prop_assert!(
            other.verdict >= one.verdict,
            "{} then {}: {}",
            one.verdict.name(),
            other.verdict.name(),
            events.iter().map(Event::to_json).collect::<Json>().canonical()
        );
        if (one.verdict, &one.args) != (other.verdict, &other.args) {
            break;
        }
    }
    Ok(())
}
