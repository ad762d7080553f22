//! Whatever is compiled: an answer, and for what compiles one normal form.
#![no_main]
#![expect(clippy::unwrap_used, reason = "a fuzzer finds what panics")]

use bounden_base::json;
use bounden_fuzz::{Bytes, with_predicate};
use bounden_policy::{Bundle, Policy};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut bytes = Bytes::new(input);
    let compiled = match bytes.byte() % 4 {
        0 => match json::from_slice::<Bundle>(bytes.text().as_bytes()) {
            Ok(bundle) => Policy::compile(bundle),
            Err(_) => return,
        },
        _ => with_predicate(&bytes.text()),
    };
    if let Ok(policy) = compiled {
        let again: Bundle = json::from_slice(policy.canonical().as_bytes()).unwrap();
        let again = Policy::compile(again).unwrap();
        assert_eq!(policy.digest(), again.digest());
        assert_eq!(policy.canonical(), again.canonical());
    }
});
