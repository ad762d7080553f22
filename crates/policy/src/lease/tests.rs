//! One guard of several: it uses what it has leased, and waits for what it was
//! not told.

use std::sync::Arc;

use super::*;
use crate::{Bundle, Engine, Event};

const CAP: &str =
    r#"calls("t.pay").across("agent").by(args.who).sum(args.amount) + args.amount > 100"#;
const CHAIN: &str = r#"calls("t.pay").across("agent").by(args.who).sum(args.amount)"#;

fn compiled(rules: &[&str], several: bool) -> Result<Policy, Vec<crate::Problem>> {
    let rules = rules.iter().enumerate().map(|(number, when)| {
        let when = Json::from(*when).canonical();
        format!(
            r#""r{number}":{{"says":"s","by":"policy_engine","trigger":{{"event":"call","tools":["t.pay"]}},"when":{when},"do":{{"action":"block"}}}}"#
        )
    });
    let rules = rules.collect::<Vec<_>>().join(",");
    let input = r#"{"type":"object","required":["who","amount"],"properties":{"who":{"type":"string"},"amount":{"type":"number","minimum":0}}}"#;
    let text = format!(
        r#"{{"semantics":1,"agent":"a","several_guards":{several},"rules":{{{rules}}},"tools":{{
        "t.pay":{{"effects":["spend"],"timeout_seconds":30,"input":{input}}},
        "t.check":{{"effects":["observe"],"timeout_seconds":30,"input":{input}}}}}}}"#
    );
    let bundle: Bundle = bounden_base::json::from_slice(text.as_bytes()).unwrap();
    Policy::compile(bundle)
}

fn engine(rules: &[&str]) -> Engine {
    let policy = compiled(rules, true).unwrap_or_else(|problems| panic!("{problems:?}"));
    Engine::new(Arc::new(policy))
}

fn event(id: &str, second: u32, body: &str) -> Event {
    let text = format!(
        r#"{{"id":"{id}","session":"s","principal":"p","at":"2026-01-01T00:00:{second:02}Z",{body}}}"#
    );
    Event::from_json(&Json::parse(text.as_bytes()).unwrap()).unwrap()
}

fn call(tool: &str, who: &str, amount: u32) -> String {
    format!(r#""event":"call","tool":"{tool}","args":{{"who":"{who}","amount":{amount}}}"#)
}

#[track_caller]
fn check(engine: &mut Engine, id: &str, second: u32, (who, amount): (&str, u32), expected: &str) {
    let decision = engine.decide(&event(id, second, &call("t.pay", who, amount))).decision;
    let answer =
        format!("{} {:?} {}", decision.verdict.name(), decision.reason, decision.retryable);
    assert_eq!(answer, expected);
}

fn lease(who: &str, amount: u32) -> Lease {
    Lease {
        chain: CHAIN.to_owned(),
        principal: None,
        key: Some(who.into()),
        amount: amount.into(),
        expires: "2026-01-01T00:00:20Z".parse().unwrap(),
    }
}

#[test]
fn a_guard_uses_what_it_has_leased() {
    let mut engine = engine(&[CAP]);
    check(&mut engine, "e1", 0, ("a", 1), "defer Pending true");
    engine.grant_lease(&lease("a", 40)).unwrap();
    check(&mut engine, "e2", 1, ("a", 30), "allow Allowed false");
    check(&mut engine, "e3", 2, ("a", 11), "block RuleFired true");
    check(&mut engine, "e4", 3, ("a", 10), "allow Allowed false");
    check(&mut engine, "e5", 4, ("b", 1), "defer Pending true");
    // The whole constant, and no more.
    engine.grant_lease(&lease("a", 100)).unwrap();
    check(&mut engine, "e6", 5, ("a", 60), "allow Allowed false");
    check(&mut engine, "e7", 6, ("a", 1), "block RuleFired true");
    check(&mut engine, "e8", 7, ("a", 101), "block RuleFired false");
}

#[test]
fn a_lease_ends_and_is_given_back() {
    let mut engine = engine(&[CAP]);
    engine.grant_lease(&lease("a", 40)).unwrap();
    check(&mut engine, "e1", 19, ("a", 1), "allow Allowed false");
    check(&mut engine, "e2", 20, ("a", 1), "defer Pending true");
    let mut longer = lease("a", 40);
    longer.expires = "2026-01-01T01:00:00Z".parse().unwrap();
    engine.grant_lease(&longer).unwrap();
    check(&mut engine, "e3", 21, ("a", 1), "allow Allowed false");
    assert!(!engine.revoke_lease(&lease("a", 40)), "another one");
    assert!(engine.revoke_lease(&longer));
    assert!(!engine.revoke_lease(&longer));
    check(&mut engine, "e4", 22, ("a", 1), "defer Pending true");
    // It is part of the state.
    engine.grant_lease(&longer).unwrap();
    let mut restored = Engine::restore(Arc::clone(engine.policy()), &engine.snapshot()).unwrap();
    check(&mut restored, "e5", 23, ("a", 1), "allow Allowed false");
}

#[test]
fn a_lease_fits_its_cap() {
    let mut engine = engine(&[CAP]);
    let quotas: Vec<_> =
        engine.policy().quotas().map(|quota| (quota.chain.to_owned(), quota.bound)).collect();
    assert_eq!(quotas, [(CHAIN.to_owned(), 100_u32.into())]);
    let refused = |engine: &mut Engine, lease: Lease| engine.grant_lease(&lease).unwrap_err();
    let other = Lease { chain: "calls(\"t.pay\").count()".to_owned(), ..lease("a", 1) };
    assert!(matches!(refused(&mut engine, other), LeaseError::Chain(_)));
    let other = Lease { principal: Some("p".into()), ..lease("a", 1) };
    assert_eq!(refused(&mut engine, other), LeaseError::Principal);
    for key in [None, Some(Json::Null), Some(Json::Array(Vec::new()))] {
        assert_eq!(refused(&mut engine, Lease { key, ..lease("a", 1) }), LeaseError::Key);
    }
    assert_eq!(refused(&mut engine, lease("a", 101)), LeaseError::Amount(100_u32.into()));
    let below = Lease { amount: Decimal::from(-1_i64), ..lease("a", 1) };
    assert_eq!(refused(&mut engine, below), LeaseError::Amount(100_u32.into()));
    let bounds = crate::Bounds { bytes: 600, ..crate::Bounds::default() };
    let mut full = Engine::within(Arc::clone(engine.policy()), bounds);
    assert_eq!(refused(&mut full, lease("a", 1)), LeaseError::Room);
}

#[test]
fn a_prerequisite_waits_until_another_guard_tells_of_it() {
    let mut engine =
        engine(&[r#"!calls("t.check").across("principal").by(args.who).exists()"#, CAP]);
    engine.grant_lease(&lease("a", 100)).unwrap();
    check(&mut engine, "e1", 0, ("a", 1), "defer Pending true");
    let elsewhere = |id: &str, body: &str| {
        let mut event = event(id, 1, body);
        event.session = "elsewhere".into();
        event
    };
    engine.replicate(&elsewhere("c1", &call("t.check", "a", 0)));
    check(&mut engine, "e2", 2, ("a", 1), "defer Pending true");
    let mut result = elsewhere("c2", r#""event":"result","call":"c1","ok":true"#);
    result.at = None;
    engine.replicate(&result);
    check(&mut engine, "e3", 3, ("a", 1), "allow Allowed false");
    // What another guard spends is no part of this one's share.
    let mut spent = elsewhere("c3", &call("t.pay", "a", 100));
    spent.at = None;
    engine.replicate(&spent);
    check(&mut engine, "e4", 4, ("a", 99), "allow Allowed false");
    check(&mut engine, "e5", 5, ("a", 1), "block RuleFired true");
}

#[test]
fn what_several_guards_cannot_answer_is_refused() {
    let across = r#"calls("t.pay").across("agent")"#;
    for when in [
        format!("{across}.count() == 3"),
        format!("{across}.count() * 2 > 3"),
        format!("{across}.count() > args.amount"),
        format!("{across}.count() - 1 > 3"),
        format!("{across}.last().args.amount > 3"),
        format!(r#"{across}.since("t.check").count() > 3"#),
        format!("({across}.exists() ? args.amount : 0) > 3"),
        format!(r#"{across}.count() > 3 || {across}.count() > 4"#),
        format!(r#"{across}.count() > 3 || !{across}.exists()"#),
    ] {
        let problems = compiled(&[&when], true).unwrap_err();
        assert!(problems.iter().all(|problem| problem.code == "B261"), "{when}: {problems:?}");
        assert!(compiled(&[&when], false).is_ok(), "{when} at one guard");
    }
    for when in [
        format!("{across}.count() >= 3 && args.amount > 5"),
        format!("3 < args.amount + {across}.sum(args.amount)"),
        format!("{across}.exists() || {across}.count() >= 1"),
        format!("!({across}.count() <= 3)"),
        format!(r#"{across}.count() < 3 && calls("t.pay").since("t.check").count() == 1"#),
    ] {
        compiled(&[&when], true).unwrap_or_else(|problems| panic!("{when}: {problems:?}"));
    }
}
