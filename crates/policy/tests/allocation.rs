//! A call that no rule objects to is decided without asking for memory.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::alloc::System;
use std::sync::Arc;

use bounden_base::{Json, SignedDuration, Timestamp, json};
use bounden_policy::{Arguments, Bounds, Bundle, Engine, Event, EventBody, Policy};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Rules without string building: over arguments, order, windows and sums.
const RULES: [&str; 7] = [
    "args.amount > 500",
    r#"args.currency in ["XTS", "XXX"] || args.who.startsWith("evil-")"#,
    r#"has(args.note) && args.note.matches("(?s).*drop table.*")"#,
    r#"session.cost > 100 || labels("odd")"#,
    r#"!calls("t.check").by(args.who).succeeded().exists()"#,
    r#"calls("t.pay").by(args.who).across("agent").within("60s").sum(args.amount) + args.amount > 100000"#,
    r#"calls("t.pay").by(args.who).attempted().count() > 1000000"#,
];

/// Small, so that all that is remembered has been turned over by the time that counts.
const BOUNDS: Bounds = Bounds {
    window_entries: 64,
    groups: 1_000,
    sessions: 10,
    session_calls: 256,
    held_calls: 10,
    session_bytes: 1 << 20,
    bytes: 8 << 20,
};

fn policy(rules: &[&str]) -> Arc<Policy> {
    let rules = rules.iter().enumerate().map(|(number, when)| {
        let when = Json::from(*when).canonical();
        format!(
            r#""r{number}":{{"says":"s","by":"policy_engine","trigger":{{"event":"call","tools":["t.pay"]}},"when":{when},"do":{{"action":"block"}}}}"#
        )
    });
    let schema = r#"{"type":"object","required":["who","amount","currency"],"additionalProperties":false,"properties":{
        "who":{"type":"string"},"amount":{"type":"number","minimum":0},"currency":{"type":"string"},"note":{"type":"string"},
        "lines":{"type":"array","items":{"type":"object","properties":{"sku":{"type":"string"},"count":{"type":"integer"}}}}}}"#;
    let text = format!(
        r#"{{"semantics":1,"agent":"a","tools":{{
            "t.pay":{{"effects":["spend"],"timeout_seconds":40,"input":{schema}}},
            "t.check":{{"effects":["observe"],"label":"own","timeout_seconds":40}}}},"rules":{{{}}}}}"#,
        rules.collect::<Vec<_>>().join(",")
    );
    let bundle: Bundle = json::from_slice(text.as_bytes()).unwrap();
    Arc::new(Policy::compile(bundle).unwrap_or_else(|problems| panic!("{problems:?}")))
}

fn event(id: String, second: i64, body: EventBody) -> Event {
    let at = Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_secs(second)).ok();
    Event { id: id.into(), session: "s".into(), principal: None, at, body }
}

fn call(tool: &str, number: i64, args: &str) -> Event {
    let args = Arguments::from_text(args);
    let body = EventBody::Call { tool: tool.into(), args, retry_of: None, cost: None };
    event(format!("c{number}"), number, body)
}

fn result(number: i64) -> Event {
    let call = format!("c{number}").into();
    let body = EventBody::Result { call, ok: true, result: Json::Null, labels: Vec::new() };
    event(format!("r{number}"), number, body)
}

/// How often memory was asked for in 500 decisions, once everything that is
/// remembered has been turned over.
fn allocations(rules: &[&str]) -> usize {
    let mut engine = Engine::within(policy(rules), BOUNDS);
    for (number, who) in ["ann", "bob", "eve"].iter().enumerate() {
        let number = i64::try_from(number).unwrap();
        engine.decide(&call("t.check", number, &format!(r#"{{"who":"{who}"}}"#)));
        engine.decide(&result(number));
    }
    let mut asked = 0;
    for number in 3..3_003 {
        let who = ["ann", "bob", "eve"].get(usize::try_from(number).unwrap() % 3).unwrap();
        let args = format!(
            r#"{{"who":"{who}","amount":{}.50,"currency":"EUR","note":"a plain note","lines":[{{"sku":"a","count":1}}]}}"#,
            number % 9
        );
        let event = call("t.pay", number, &args);
        let region = Region::new(ALLOCATOR);
        let ruling = engine.decide(&event);
        let change = region.change();
        assert!(ruling.permit.is_some(), "{:?}", ruling.decision);
        if number >= 2_503 {
            asked += change.allocations + change.reallocations;
        }
        engine.decide(&result(number));
    }
    asked
}

#[test]
fn decisions_on_the_hot_path_ask_for_no_memory() {
    for rules in [&RULES[..1], &RULES[..4], &RULES[..]] {
        // A hashed table grows once more, at a moment that its seed decides.
        let asked = allocations(rules);
        assert!(asked <= 1, "{asked} in 500 decisions: {rules:?}");
    }
}
