//! Whatever is looked through: findings stand in order, apart, and on characters,
//! masking replaces them and nothing else, and long texts take as much longer as they are.
#![no_main]
#![expect(clippy::unwrap_used, reason = "a fuzzer finds what panics")]

use bounden_base::Json;
use bounden_fuzz::Bytes;
use bounden_policy::detect::{Kinds, find, kinds_in, mask, mask_json};
use libfuzzer_sys::fuzz_target;

/// Bytes of a long text. What took a time that grows as the square of the length
/// would not be done with it before the fuzzer's own limit.
const LONG: usize = 128 << 10;

fuzz_target!(|input: &[u8]| {
    let mut bytes = Bytes::new(input);
    let is_long = bytes.byte() == 0;
    let kinds = match bytes.byte() % 4 {
        0 => Kinds::named("pii").unwrap(),
        1 => Kinds::named("secrets").unwrap(),
        _ => Kinds::named("pii").unwrap() | Kinds::named("secrets").unwrap(),
    };
    let text = bytes.text();
    check(&text, kinds);
    if let Ok(value) = Json::parse(text.as_bytes()) {
        let is_whole = kinds_in(&value, kinds).is_empty();
        assert_eq!(mask_json(&value, kinds).as_ref() == &value, is_whole, "{text}");
    }
    if is_long && !text.is_empty() {
        check(&text.repeat(LONG / text.len()), kinds);
    }
});

fn check(text: &str, kinds: Kinds) {
    let (mut expected, mut from) = (String::new(), 0);
    for finding in find(text, kinds) {
        let span = finding.span;
        assert!(from <= span.start && span.start < span.end, "{finding:?} in {text}");
        expected.push_str(text.get(from..span.start).unwrap());
        expected.push_str(&format!("[{}]", finding.kind.name()));
        assert!(text.is_char_boundary(span.end), "{finding:?} in {text}");
        from = span.end;
    }
    expected.push_str(text.get(from..).unwrap());
    assert_eq!(mask(text, kinds), expected, "{text}");
}
