//! What it takes to build a policy of 1 to 1,000 rules from the text of its
//! bundle, in milliseconds: `cargo bench -p bounden-policy --bench compile`.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::expect_used, reason = "what does not compile cannot be timed")]

use std::time::{Duration, Instant};

use bounden_base::{Json, json};
use bounden_policy::{Bundle, Policy};

/// Tools that all rules share, where not every rule has a tool of its own.
const SHARED: usize = 20;

fn main() {
    println!("ms, median (best)");
    println!(
        "{:<12}{:<14}{:>9}{:>17}{:>17}{:>17}",
        "rules", "tools", "bytes", "text to bundle", "bundle to policy", "total"
    );
    for rules in [1, 10, 100, 1_000] {
        for (what, tools) in [("20, shared", SHARED), ("one each", rules)] {
            let text = bundle(rules, tools);
            let runs = (20_000 / rules).clamp(40, 400);
            let columns = measure(&text, runs).map(|mut times| {
                times.sort_unstable();
                let at =
                    |index: usize| times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1e3);
                let column = format!("{:.2} ({:.2})", at(runs / 2), at(0));
                format!("{column:>17}")
            });
            println!("{rules:<12}{what:<14}{:>9}{}", text.len(), columns.concat());
        }
    }
}

/// The times of reading, of compiling and of both, for each of the runs.
fn measure(text: &str, runs: usize) -> [Vec<Duration>; 3] {
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..runs {
        let start = Instant::now();
        let bundle: Bundle = json::from_slice(text.as_bytes()).expect("the bundle is JSON");
        let read = start.elapsed();
        let policy = Policy::compile(bundle).expect("the bundle compiles");
        let total = start.elapsed();
        assert!(!policy.canonical().is_empty());
        for (times, time) in times.iter_mut().zip([read, total - read, total]) {
            times.push(time);
        }
    }
    times
}

fn bundle(rules: usize, tools: usize) -> String {
    let declared = (0..tools).map(|number| {
        let (name, schema) = (tool(number), schema(number));
        format!(r#""{name}":{{"effects":["spend"],"timeout_seconds":40,"input":{schema}}}"#)
    });
    let rules = (0..rules).map(|number| {
        let (name, when) = (tool(number % tools), Json::from(predicate(number)).canonical());
        format!(
            r#""r{number:04}":{{"says":"No refund that nobody has looked at.","by":"policy_engine","trigger":{{"event":"call","tools":["{name}"]}},"when":{when},"do":{{"action":"block"}}}}"#
        )
    });
    let (tools, rules) =
        (declared.collect::<Vec<_>>().join(","), rules.collect::<Vec<_>>().join(","));
    format!(r#"{{"semantics":1,"agent":"acme/shop","tools":{{{tools}}},"rules":{{{rules}}}}}"#)
}

fn tool(number: usize) -> String {
    format!("shop.tool_{number:04}")
}

/// One in ten rules looks at earlier calls, the others at the present one.
fn predicate(number: usize) -> String {
    let limit = 500 + number;
    if number % 10 == 9 {
        let earlier = tool(0);
        return format!(
            r#"calls("{earlier}").by(args.customer_id).within("1h").sum(args.amount) + args.amount > {limit}"#
        );
    }
    format!(r#"args.amount > {limit} && args.currency == "USD""#)
}

/// About 1.3 KB, another one for each tool.
fn schema(number: usize) -> String {
    format!(
        r#"{{"title":"Tool {number}","type":"object","additionalProperties":false,"required":["customer_id","amount","currency"],"properties":{{
    "customer_id":{{"type":"string"}},"order_id":{{"type":"string"}},"amount":{{"type":"integer","minimum":0}},"currency":{{"type":"string"}},
    "reason":{{"enum":["damaged","late"]}},"notify":{{"type":"boolean"}},"note":{{"type":"string","maxLength":{}}},
    "lines":{{"type":"array","items":{{"type":"object","additionalProperties":false,"properties":{{"sku":{{"type":"string"}},"title":{{"type":"string"}},"quantity":{{"type":"integer","minimum":1}}}}}}}},
    "tags":{{"type":"array","items":{{"type":"string"}}}},
    "shipping":{{"type":"object","additionalProperties":false,"properties":{{"name":{{"type":"string"}},"street":{{"type":"string"}},"city":{{"type":"string"}},"postcode":{{"type":"string"}},"country":{{"type":"string"}}}}}},
    "channel":{{"type":"string"}},"locale":{{"type":"string"}},"key":{{"type":"string"}}}}}}"#,
        2_000 + number
    )
}
