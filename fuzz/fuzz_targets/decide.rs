//! Whatever happens: the engine decides as the reference interpreter does.
#![no_main]

use std::sync::Arc;

use bounden_fuzz::{Bytes, events, policies};
use bounden_policy::{Engine, Reference};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut bytes = Bytes::new(input);
    let policy = &policies()[bytes.below(policies().len())];
    let mut engine = Engine::new(Arc::clone(policy));
    let mut reference = Reference::new(Arc::clone(policy));
    for event in events(&mut bytes) {
        let (decided, expected) = (engine.decide(&event), reference.decide(&event));
        assert_eq!(decided.decision, expected.decision, "{event:?}");
        assert_eq!(decided.permit.is_some(), expected.permit.is_some(), "{event:?}");
    }
});
