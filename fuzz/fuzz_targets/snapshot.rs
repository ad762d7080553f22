//! Whatever is restored: an answer; and what was stored goes on as if it had not been.
#![no_main]
#![expect(clippy::unwrap_used, reason = "a fuzzer finds what panics")]

use std::sync::Arc;

use bounden_fuzz::{Bytes, events, policies};
use bounden_policy::Engine;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut bytes = Bytes::new(input);
    let policy = &policies()[bytes.below(policies().len())];
    let damage = [bytes.byte(), bytes.byte(), bytes.byte()];
    let _ = Engine::restore(Arc::clone(policy), input);
    let mut engine = Engine::new(Arc::clone(policy));
    for event in events(&mut bytes) {
        let stored = engine.snapshot();
        let mut restored = Engine::restore(Arc::clone(policy), &stored).unwrap();
        assert_eq!(restored.snapshot(), stored);
        assert_eq!(engine.decide(&event).decision, restored.decide(&event).decision, "{event:?}");
        assert_eq!(engine.snapshot(), restored.snapshot(), "{event:?}");
    }
    let mut stored = engine.snapshot();
    let place = usize::from(u16::from_le_bytes([damage[0], damage[1]])) % stored.len();
    if damage[2] != 0 {
        stored[place] ^= damage[2];
        assert!(Engine::restore(Arc::clone(policy), &stored).is_err());
    }
});
