//! The indexed engine answers exactly as the reference interpreter does, on
//! random policies and random interleavings, reasons and witnesses included.

use std::sync::Arc;

use bounden_policy::{Engine, Reference};
use proptest::prelude::*;

use crate::spelling::{Dice, as_text};
use crate::world::{Script, Step, policy, rules};

proptest! {
    #![proptest_config(crate::config(400))]

    #[test]
    fn the_engine_decides_as_the_reference_does(
        rules in rules(),
        steps in prop::collection::vec(any::<Step>(), 1..60),
        observed in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let policy = policy(&rules);
        let mut reference = Reference::new(Arc::clone(&policy));
        let mut engine = Engine::new(policy);
        let mut dice = Dice::new(seed);
        for (index, event) in Script::of(&steps).into_iter().enumerate() {
            let event = if dice.below(4) == 0 { event } else { as_text(&event, &mut dice) };
            let (expected, answer) = if observed {
                (reference.observe(&event), engine.observe(&event))
            } else {
                (reference.decide(&event), engine.decide(&event))
            };
            prop_assert_eq!(expected.decision, answer.decision, "{:?}", event);
            prop_assert_eq!(expected.permit.is_some(), answer.permit.is_some());
            if index.is_multiple_of(7) {
                engine = engine.fork();
            }
        }
    }
}
