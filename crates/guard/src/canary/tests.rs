//! Canaries live and die with the rules that they are for.

use std::path::Path;

use bounden_base::{Json, json};
use bounden_policy::{EventName, Point};

use super::*;
use crate::owner::protocol::{Opening, Response};
use crate::owner::{Owner, spawn};
use crate::{Home, Sealed};

const ME: Caller = Caller { uid: 7 };

const POLICY: &str = r#"{"semantics":1,"agent":"acme/test",
  "tools":{
    "s.look":{"effects":["observe"],"timeout_seconds":60,
      "input":{"type":"object","properties":{"limit":{"type":"integer"}}}},
    "s.pay":{"effects":["spend"],"timeout_seconds":60}},
  "rules":{
    "cap":{"says":"500 at most","by":"policy_engine","trigger":{"event":"call","tools":["s.pay"]},
      "when":"args.amount > 500","do":{"action":"block"}},
    "total":{"says":"500 in all","by":"policy_engine","trigger":{"event":"call","tools":["s.pay"]},
      "when":"calls(\"s.pay\").across(\"agent\").sum(args.amount) + args.amount > 500",
      "do":{"action":"require_approval","roles":["lead"],"all":false}},
    "look-first":{"says":"look first","by":"policy_engine","trigger":{"event":"call","tools":["s.pay"]},
      "when":"!calls(\"s.look\").succeeded().exists()","do":{"action":"block"}},
    "small-steps":{"says":"ten at a time","by":"policy_engine","trigger":{"event":"call","tools":["s.look"]},
      "when":"has(args.limit) && args.limit > 10","do":{"action":"set","path":"args.limit","value":"10"}},
    "tries":{"says":"three tries","by":"policy_engine","trigger":{"event":"call","tools":["s.pay"]},
      "when":"calls(\"s.pay\").attempted().count() >= 3","do":{"action":"halt"}},
    "no-accounts":{"says":"no accounts","by":"tool_allowlist","trigger":{"event":"call","tools":["account.*"]},
      "do":{"action":"block"}},
    "no-mail":{"says":"no mail addresses","by":"output_filter","trigger":{"event":"result","tools":["s.look"]},
      "do":{"action":"redact","kinds":["email"]}},
    "nothing-secret":{"says":"no secrets","by":"policy_engine","trigger":{"event":"result","tools":["s.look"]},
      "when":"result.secret == true","do":{"action":"block"}},
    "clean-logs":{"says":"clean logs","by":"output_filter","trigger":{"event":"log"},
      "do":{"action":"redact","kinds":["email"]}},
    "trial":{"says":"a trial","by":"policy_engine","trigger":{"event":"call","tools":["s.pay"]},
      "when":"args.amount > 5","do":{"action":"block"},"shadow":true}},
  "external":{"read-only":{"says":"no writes","control":"IAM","attested_by":"ops"}},
  "approvers":["lead"]}"#;

fn policy(change: impl FnOnce(&mut Bundle)) -> Arc<Policy> {
    let mut bundle = json::from_slice(POLICY.as_bytes()).unwrap();
    change(&mut bundle);
    Arc::new(Policy::compile(bundle).unwrap())
}

fn guard(folder: &Path, policy: &Policy) -> Handle {
    let sealed = Sealed::pinned(policy.canonical().as_bytes(), policy.digest()).unwrap();
    let (owner, _) = Owner::open(&Home::open(folder).unwrap(), sealed).unwrap();
    spawn(owner).unwrap()
}

async fn standings(owner: &Handle) -> Vec<(String, Standing)> {
    let proofs = prove_all(owner, ME).await;
    proofs.into_iter().map(|proof| (proof.invariant.to_string(), proof.standing)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_invariant_that_a_proxy_sees_is_proven() {
    let folder = tempfile::tempdir().unwrap();
    let owner = guard(folder.path(), &policy(|_| ()));
    let expected = [
        ("read-only", Standing::Attested),
        ("cap", Standing::Proven),
        ("clean-logs", Standing::Dead),
        ("look-first", Standing::Proven),
        ("no-accounts", Standing::Proven),
        ("no-mail", Standing::Proven),
        ("nothing-secret", Standing::Proven),
        ("small-steps", Standing::Proven),
        ("total", Standing::Proven),
        ("trial", Standing::Unproven),
        ("tries", Standing::Proven),
    ];
    let expected: Vec<_> = expected.map(|(id, standing)| (id.to_owned(), standing)).into();
    assert_eq!(standings(&owner).await, expected);
}

/// What lints say of an event is what a guard does with it.
#[tokio::test(flavor = "multi_thread")]
async fn rules_are_dead_on_the_events_that_no_point_sees() {
    let rules = [
        (EventName::Call, r#"{"event":"call","tools":["s.pay"]}"#, "args.amount > 500"),
        (EventName::Result, r#"{"event":"result","tools":["s.look"]}"#, "result.secret == true"),
        (EventName::Log, r#"{"event":"log"}"#, "record.secret == true"),
        (EventName::Request, r#"{"event":"request"}"#, "request.text == \"x\""),
        (EventName::Output, r#"{"event":"output"}"#, "output.text == \"x\""),
    ];
    for (event, trigger, when) in rules {
        let folder = tempfile::tempdir().unwrap();
        let when = Json::from(when).canonical();
        let rule = format!(
            r#"{{"says":"x","by":"policy_engine","trigger":{trigger},"when":{when},"do":{{"action":"block"}}}}"#
        );
        let owner = guard(
            folder.path(),
            &policy(|bundle| {
                bundle.rules = [("only".into(), json::from_slice(rule.as_bytes()).unwrap())].into();
            }),
        );
        let route = crate::LOG_ROUTE.to_owned();
        let opening = Opening { route, key: "1".to_owned(), principal: "uid:0".into() };
        owner.ask(Request::Open(opening), ME).await.unwrap();
        let expected = if Point::any_sees(event) { Standing::Proven } else { Standing::Dead };
        let standings = standings(&owner).await;
        assert!(standings.contains(&("only".to_owned(), expected)), "{event:?} {standings:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_filter_in_use_is_proven_too() {
    let folder = tempfile::tempdir().unwrap();
    let owner = guard(folder.path(), &policy(|_| ()));
    let route = crate::LOG_ROUTE.to_owned();
    let opening = Opening { route, key: "1".to_owned(), principal: "uid:0".into() };
    owner.ask(Request::Open(opening), ME).await.unwrap();
    let standings = standings(&owner).await;
    assert!(standings.contains(&("clean-logs".to_owned(), Standing::Proven)), "{standings:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_rule_an_invariant_is_dead() {
    let whole = policy(|_| ());
    for rule in [
        "cap",
        "total",
        "look-first",
        "small-steps",
        "no-accounts",
        "no-mail",
        "nothing-secret",
        "tries",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let without = policy(|bundle| drop(bundle.rules.remove(rule)));
        let link = Link::local(guard(folder.path(), &without), ME);
        let canary = whole.canary(&rule.into()).unwrap();
        let came_through = rehearse(whole.bundle(), &link, &canary).await;
        assert!(came_through.is_err(), "{rule}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn canaries_leave_no_trace_in_the_journal_and_are_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let whole = policy(|_| ());
    {
        let owner = guard(folder.path(), &whole);
        prove_all(&owner, ME).await;
        let Response::Status(status) = owner.ask(Request::Status, ME).await.unwrap() else {
            panic!()
        };
        assert_eq!((status.receipts, status.sessions), (0, 0));
    }
    let status = |owner: Handle| async move {
        let Response::Status(status) = owner.ask(Request::Status, ME).await.unwrap() else {
            panic!()
        };
        let mut cap =
            status.invariants.into_iter().filter(|proof| proof.invariant.as_str() == "cap");
        cap.next().unwrap().standing
    };
    assert_eq!(status(guard(folder.path(), &whole)).await, Standing::Proven);
    let other = policy(|bundle| bundle.agent = "acme/other".into());
    assert_eq!(status(guard(folder.path(), &other)).await, Standing::Unproven, "another lock");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_sees_what_slips_through() {
    let folder = tempfile::tempdir().unwrap();
    let link = Link::local(guard(folder.path(), &policy(|_| ())), ME);
    let whole = policy(|_| ());
    // A violation that is none: the engine lets it pass, and the stage says so.
    let mut harmless = whole.canary(&"cap".into()).unwrap();
    for event in &mut harmless.events {
        if let bounden_policy::EventBody::Call { tool, args, .. } = &mut event.body {
            *tool = "s.look".into();
            *args = Json::object::<&str>([]).into();
        }
    }
    let said = rehearse(whole.bundle(), &link, &harmless).await.unwrap_err();
    assert_eq!(said, "the violation was answered with allow");
}
