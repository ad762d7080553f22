//! How fast strict JSON is read and written, in MB/s, beside `serde_json`, which
//! keeps the last of two equal keys and rounds numbers to binary floats:
//! `cargo bench -p bounden-base`.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::expect_used, reason = "what is not read cannot be timed")]

use std::hint::black_box;
use std::time::Instant;

use bounden_base::Json;
use serde_json::Value;

/// Bytes that one measurement goes through at least.
const BYTES: usize = 4 << 20;
const MEASUREMENTS: usize = 25;

fn main() {
    println!("MB/s, median of {MEASUREMENTS} (best)");
    println!(
        "{:<22}{:>9}{:>16}{:>16}{:>16}{:>16}",
        "", "bytes", "Json::parse", "Value", "canonical", "Value to text"
    );
    for (what, text) in [
        ("arguments of a call", arguments()),
        ("1,000 tool schemas", list(1_000, schema)),
        ("numbers", list(20_000, |number| format!("{},{}.25", number * 7_919, number))),
        ("long strings", list(200, |_| format!("\"{}\"", "A parcel came open. ".repeat(50)))),
        ("escapes", list(5_000, |_| r#""line\n\"quoted\" \u00e9 and \\ more""#.to_owned())),
    ] {
        let bytes = text.as_bytes();
        let ours = Json::parse(bytes).expect("the text is JSON");
        let theirs: Value = serde_json::from_slice(bytes).expect("the text is JSON");
        let columns = [
            speed(bytes.len(), || Json::parse(bytes).is_ok()),
            speed(bytes.len(), || serde_json::from_slice::<Value>(bytes).is_ok()),
            speed(bytes.len(), || ours.canonical()),
            speed(bytes.len(), || theirs.to_string()),
        ];
        let columns = columns.map(|(median, best)| {
            let column = format!("{median:.0} ({best:.0})");
            format!("{column:>16}")
        });
        println!("{what:<22}{:>9}{}", bytes.len(), columns.concat());
    }
}

/// Median and best speed of what goes through `bytes` bytes, in MB/s.
fn speed<T>(bytes: usize, run: impl Fn() -> T) -> (f64, f64) {
    let rounds = BYTES.div_ceil(bytes);
    let mut speeds: Vec<f64> = (0..MEASUREMENTS)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..rounds {
                black_box(run());
            }
            (rounds * bytes) as f64 / start.elapsed().as_secs_f64() / 1e6
        })
        .collect();
    speeds.sort_unstable_by(f64::total_cmp);
    let at = |index: usize| speeds.get(index).copied().unwrap_or_default();
    (at(MEASUREMENTS / 2), at(MEASUREMENTS - 1))
}

fn list(items: usize, item: impl Fn(usize) -> String) -> String {
    format!("[{}]", (0..items).map(item).collect::<Vec<_>>().join(","))
}

/// What a shop's tool is called with, about 1 KB.
fn arguments() -> String {
    let line = r#"{"sku":"SKU-004711","title":"Linen shirt, long sleeves, sand","quantity":1}"#;
    format!(
        r#"{{"customer_id":"cus_00000042","order_id":"ord_00000815","amount":5,"currency":"USD","reason":"damaged","notify":true,
            "note":"The parcel arrived open and two of the items were missing; the customer sent photographs on Monday and asks for the money back on the original card.",
            "lines":[{line},{line},{line},{line}],"tags":["priority","web","returning-customer"],
            "shipping":{{"name":"Alex Example","street":"12 Harbour Lane","city":"Springfield","postcode":"49007","country":"US"}},
            "channel":"chat","locale":"en-US","key":"7f2cf5a0b3d94c1e8a60d2f1c4b7e935"}}"#
    )
}

/// The pinned schema of such a tool, about 1.3 KB.
fn schema(number: usize) -> String {
    format!(
        r#"{{"title":"Tool {number}","type":"object","additionalProperties":false,"required":["customer_id","amount","currency"],"properties":{{
    "customer_id":{{"type":"string"}},"order_id":{{"type":"string"}},"amount":{{"type":"integer","minimum":0}},"currency":{{"type":"string"}},
    "reason":{{"enum":["damaged","late"]}},"notify":{{"type":"boolean"}},"note":{{"type":"string","maxLength":2000}},
    "lines":{{"type":"array","items":{{"type":"object","additionalProperties":false,"properties":{{"sku":{{"type":"string"}},"title":{{"type":"string"}},"quantity":{{"type":"integer","minimum":1}}}}}}}},
    "tags":{{"type":"array","items":{{"type":"string"}}}},
    "shipping":{{"type":"object","additionalProperties":false,"properties":{{"name":{{"type":"string"}},"street":{{"type":"string"}},"city":{{"type":"string"}},"postcode":{{"type":"string"}},"country":{{"type":"string"}}}}}},
    "channel":{{"type":"string"}},"locale":{{"type":"string"}},"key":{{"type":"string"}}}}}}"#
    )
}
