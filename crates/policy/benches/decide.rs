//! What one decision takes, in microseconds, among 1 to 1,000 rules and after 0
//! to 10,000 earlier calls: `cargo bench -p bounden-policy`. The same beside
//! other engines: `cargo bench --manifest-path benches/Cargo.toml`.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::expect_used, reason = "what does not compile cannot be timed")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use bounden_base::{Json, json};
use bounden_policy::{Arguments, Bundle, Engine, Event, EventBody, Policy, Verdict};

const CALLS: usize = 10_000;

fn main() {
    println!("{:<24}{:>10}{:>10}{:>10}{:>10}", "", "parsed p50", "p99", "text p50", "p99");
    for rules in [1, 10, 100, 1_000] {
        let engine = Engine::new(allowlist(rules));
        report(&format!("{rules} rules"), &engine, CALLS, |number| call(number % rules, number));
    }
    for history in [0, 100, 1_000, 10_000] {
        let mut engine = Engine::new(capped());
        for number in 0..CUSTOMERS {
            settled(&mut engine, &call(1, number), number);
        }
        for number in CUSTOMERS..CUSTOMERS + history {
            settled(&mut engine, &call(0, number), number);
        }
        let next = CUSTOMERS + history;
        report(&format!("{history} earlier calls"), &engine, 100, |number| call(0, next + number));
    }
}

/// Times `calls` decisions from where `engine` stands, as often as gives 10,000.
fn report(what: &str, engine: &Engine, calls: usize, call: impl Fn(usize) -> (String, String)) {
    let mut times = [Vec::new(), Vec::new()];
    for (from_text, times) in [false, true].into_iter().zip(&mut times) {
        for _ in 0..CALLS / calls {
            let mut engine = engine.fork();
            for number in 0..calls {
                let id = format!("timed-{number}");
                let (tool, args) = call(number);
                let value = Json::parse(args.as_bytes()).expect("the arguments are JSON");
                let parsed = submission(&id, &tool, value);
                let start = Instant::now();
                let verdict = if from_text {
                    let event = submission(&id, &tool, Arguments::from_text(args.as_str()));
                    engine.decide(&event).decision.verdict
                } else {
                    engine.decide(&parsed).decision.verdict
                };
                times.push(start.elapsed());
                assert_eq!(verdict, Verdict::Allow, "{args}");
                engine.decide(&result(&id));
            }
        }
    }
    let columns = times.into_iter().flat_map(quantiles).map(|time| format!("{time:>10.2}"));
    println!("{what:<24}{}", columns.collect::<String>());
}

/// The time that half and that 99 of 100 take at most, in microseconds.
fn quantiles(mut times: Vec<Duration>) -> [f64; 2] {
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    [50, 99].map(|percent| at(percent).as_secs_f64() * 1e6)
}

/// Decides a call and lets it succeed.
fn settled(engine: &mut Engine, (tool, args): &(String, String), number: usize) {
    let id = format!("earlier-{number}");
    assert_eq!(
        engine.decide(&submission(&id, tool, Arguments::from_text(args.as_str()))).decision.verdict,
        Verdict::Allow
    );
    engine.decide(&result(&id));
}

fn submission(id: &str, tool: &str, args: impl Into<Arguments>) -> Event {
    let args = args.into();
    event(id, EventBody::Call { tool: tool.into(), args, retry_of: None, cost: None })
}

fn result(call: &str) -> Event {
    let body =
        EventBody::Result { call: call.into(), ok: true, result: Json::Null, labels: Vec::new() };
    event(&format!("{call}.result"), body)
}

fn event(id: &str, body: EventBody) -> Event {
    Event { id: id.into(), session: "session".into(), principal: None, at: None, body }
}

const CUSTOMERS: usize = 100;

/// A benign call with about 1 KB of arguments.
fn call(tool: usize, number: usize) -> (String, String) {
    let line = r#"{"sku":"SKU-004711","title":"Linen shirt, long sleeves, sand","quantity":1}"#;
    let args = format!(
        r#"{{"customer_id":"cus_{:08}","order_id":"ord_{number:08}","amount":5,"currency":"USD","reason":"damaged","notify":true,"note":"The parcel arrived open and two of the items were missing; the customer sent photographs on Monday and asks for the money back on the original card.","lines":[{line},{line},{line},{line}],"tags":["priority","web","returning-customer"],"shipping":{{"name":"Alex Example","street":"12 Harbour Lane","city":"Springfield","postcode":"49007","country":"US"}},"channel":"chat","locale":"en-US","key":"7f2cf5a0b3d94c1e8a60d2f1c4b7e935"}}"#,
        number % CUSTOMERS,
    );
    (tool_name(tool), args)
}

fn tool_name(number: usize) -> String {
    format!("shop.tool_{number:04}")
}

const SCHEMA: &str = r#"{"type":"object","additionalProperties":false,"required":["customer_id","amount","currency"],"properties":{
    "customer_id":{"type":"string"},"order_id":{"type":"string"},"amount":{"type":"integer","minimum":0},"currency":{"type":"string"},
    "reason":{"enum":["damaged","late"]},"notify":{"type":"boolean"},"note":{"type":"string","maxLength":2000},
    "lines":{"type":"array","items":{"type":"object","additionalProperties":false,"properties":{"sku":{"type":"string"},"title":{"type":"string"},"quantity":{"type":"integer","minimum":1}}}},
    "tags":{"type":"array","items":{"type":"string"}},
    "shipping":{"type":"object","additionalProperties":false,"properties":{"name":{"type":"string"},"street":{"type":"string"},"city":{"type":"string"},"postcode":{"type":"string"},"country":{"type":"string"}}},
    "channel":{"type":"string"},"locale":{"type":"string"},"key":{"type":"string"}}}"#;

/// A closed list of tools with one rule each.
fn allowlist(tools: usize) -> Arc<Policy> {
    let rules = (0..tools).map(|number| {
        rule(number, &tool_name(number), r#"args.amount > 500 && args.currency == "USD""#)
    });
    policy(tools, rules.collect())
}

/// A prerequisite and a cap on a sum.
fn capped() -> Arc<Policy> {
    let refund = tool_name(0);
    let verified =
        format!(r#"!calls("{}").by(args.customer_id).succeeded().exists()"#, tool_name(1));
    let total = format!(
        r#"calls("{refund}").by(args.customer_id).across("agent").within("1h").sum(args.amount)"#
    );
    let total = format!("{total} + args.amount > 1000000");
    policy(2, vec![rule(0, &refund, &verified), rule(1, &refund, &total)])
}

fn rule(number: usize, tool: &str, when: &str) -> String {
    let when = Json::from(when).canonical();
    format!(
        r#""r{number}":{{"says":"s","by":"policy_engine","trigger":{{"event":"call","tools":["{tool}"]}},"when":{when},"do":{{"action":"block"}}}}"#
    )
}

fn policy(tools: usize, rules: Vec<String>) -> Arc<Policy> {
    let tools = (0..tools).map(|number| {
        let tool = tool_name(number);
        format!(r#""{tool}":{{"effects":["spend"],"timeout_seconds":40,"input":{SCHEMA}}}"#)
    });
    let (tools, rules) = (tools.collect::<Vec<_>>().join(","), rules.join(","));
    let text = format!(r#"{{"semantics":1,"agent":"a","tools":{{{tools}}},"rules":{{{rules}}}}}"#);
    let bundle: Bundle = json::from_slice(text.as_bytes()).expect("the bundle is JSON");
    Arc::new(Policy::compile(bundle).expect("the bundle compiles"))
}
