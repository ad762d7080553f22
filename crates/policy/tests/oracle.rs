//! The indexed engine answers exactly as the reference interpreter does, on
//! random policies and random interleavings, reasons and witnesses included.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use bounden_base::{Json, json};
use bounden_policy::{Bundle, Engine, Event, Policy, Reference};
use proptest::prelude::*;

const TOOLS: &str = r#"{
  "pay.refund":{"effects":["spend"],"timeout_seconds":40,"money":{"path":"args.amount","currency":"USD","currency_path":"args.currency"},
    "input":{"type":"object","required":["who","amount"],"properties":{"who":{"type":"string"},"amount":{"type":"number"},"currency":{"type":"string"},"n":{"type":"integer","minimum":0}}}},
  "pay.check":{"effects":["observe"],"label":"internal","timeout_seconds":40,
    "input":{"type":"object","required":["who"],"properties":{"who":{"type":"string"},"amount":{"type":"number","minimum":0}}}},
  "web.read":{"effects":["observe"],"timeout_seconds":40}}"#;

/// A predicate over `pay.refund` calls, in the language itself.
fn predicate() -> impl Strategy<Value = String> {
    let scope = prop::sample::select(vec!["", r#".across("principal")"#, r#".across("agent")"#]);
    let key = prop::sample::select(vec!["", ".by(args.who)"]);
    let counting = prop::sample::select(vec!["", ".succeeded()", ".permitted()", ".attempted()"]);
    let when = prop::sample::select(vec![
        "",
        r#".within("60s")"#,
        r#".since("web.read")"#,
        r#".after("pay.check")"#,
        r#".where(args.who == "a")"#,
        ".where(args.amount > 20)",
        ".where(args.amount >= this.args.amount)",
        ".where(args.who == this.args.who)",
        ".where(has(args.n) && args.n > 1)",
    ]);
    let chain = (prop::sample::select(vec!["pay.refund", "pay.*"]), scope, key, counting, when)
        .prop_map(|(tools, scope, key, counting, when)| {
            let when = if tools == "pay.*" && when.contains("args.amount") { "" } else { when };
            format!(r#"calls("{tools}"){scope}{key}{counting}{when}"#)
        });
    let atom = (chain, 0_u32..4, 0_u32..8).prop_map(|(chain, bound, form)| match form {
        0 => format!("{chain}.count() >= {bound}"),
        1 => format!("{chain}.count() < {bound}"),
        2 => format!("!{chain}.exists()"),
        3 => format!("{chain}.count() == {bound}"),
        4 if !chain.contains("pay.*") => format!("{chain}.last().args.amount > {}", bound * 10),
        5 if !chain.contains("pay.*") => {
            format!("{chain}.sum(args.amount) + args.amount > {}", bound * 25)
        }
        6 => format!("args.amount > {}", bound * 20),
        _ => format!("{chain}.exists()"),
    });
    (atom.clone(), atom, 0_u8..4).prop_map(|(a, b, join)| match join {
        0 => format!("{a} && {b}"),
        1 => format!("{a} || {b}"),
        _ => a,
    })
}

fn rules() -> impl Strategy<Value = String> {
    let action = prop::sample::select(vec![
        r#"{"action":"block"}"#,
        r#"{"action":"warn"}"#,
        r#"{"action":"require_approval","roles":["lead"],"all":true}"#,
        r#"{"action":"set","path":"args.n","value":"1"}"#,
    ]);
    prop::collection::vec((predicate(), action), 1..4).prop_map(|rules| {
        let rules = rules.into_iter().enumerate().map(|(index, (when, action))| {
            let when = Json::from(when).canonical();
            format!(
                r#""r{index}":{{"says":"s","by":"policy_engine","trigger":{{"event":"call","tools":["pay.refund"]}},"when":{when},"do":{action}}}"#
            )
        });
        format!("{{{}}}", rules.collect::<Vec<_>>().join(","))
    })
}

/// One step: which event, in which session, about which earlier call, how much, how much later.
type Step = (u8, u8, u8, u8, u8);

fn event(index: usize, (kind, session, other, amount, _): Step, at: u64) -> Event {
    let who = match amount % 3 {
        0 => "a",
        1 => "b",
        _ => "c",
    };
    let target = index.saturating_sub(usize::from(other % 5) + 1);
    let currency = if amount.is_multiple_of(11) { r#","currency":"EUR""# } else { "" };
    let optional = if amount.is_multiple_of(4) { r#","n":2"# } else { "" };
    let body = match kind % 12 {
        0..=3 => format!(
            r#""event":"call","tool":"pay.refund","args":{{"who":"{who}","amount":{amount}.25{currency}{optional}}}"#
        ),
        4 => format!(r#""event":"call","tool":"pay.check","args":{{"who":"{who}"}}"#),
        5 => r#""event":"call","tool":"web.read","args":{}"#.to_owned(),
        6 | 7 => format!(r#""event":"result","call":"e{target}","ok":true,"result":{{}}"#),
        8 => format!(r#""event":"result","call":"e{target}","ok":false,"result":{{}}"#),
        9 => format!(r#""event":"approve","role":"lead","for":"e{target}""#),
        10 => format!(
            r#""event":"call","tool":"pay.refund","retry_of":"e{target}","args":{{"who":"{who}","amount":{amount}.25}}"#
        ),
        _ => r#""event":"call","tool":"pay.other","args":{}"#.to_owned(),
    };
    let principal = if session.is_multiple_of(2) { r#","principal":"p""# } else { "" };
    let time = format!("2026-01-01T{:02}:{:02}:{:02}Z", at / 3600, at / 60 % 60, at % 60);
    let text = format!(
        r#"{{"id":"e{index}","session":"s{}","at":"{time}"{principal},{body}}}"#,
        session % 3
    );
    Event::from_json(&Json::parse(text.as_bytes()).unwrap()).unwrap()
}

fn policy(rules: &str) -> Arc<Policy> {
    let text = format!(
        r#"{{"semantics":1,"agent":"a","tools":{TOOLS},"approvers":["lead"],"rules":{rules}}}"#
    );
    let bundle: Bundle = json::from_slice(text.as_bytes()).unwrap();
    Arc::new(Policy::compile(bundle).unwrap_or_else(|problems| panic!("{rules}: {problems:?}")))
}

/// A few hundred in the suite; as many as `BOUNDEN_ORACLE_CASES` says in a long run.
#[expect(clippy::disallowed_methods, reason = "a long run is asked for from outside")]
fn cases() -> u32 {
    std::env::var("BOUNDEN_ORACLE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_decides_as_the_reference_does(
        rules in rules(),
        steps in prop::collection::vec(any::<Step>(), 1..60),
        observed in any::<bool>(),
    ) {
        let policy = policy(&rules);
        let mut reference = Reference::new(Arc::clone(&policy));
        let mut engine = Engine::new(policy);
        let mut at = 0;
        for (index, step) in steps.into_iter().enumerate() {
            at += u64::from(step.4 % 16);
            let event = event(index, step, at);
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
