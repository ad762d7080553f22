//! The owner as its points meet it, without any protocol in between.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bounden_base::{Digest, Json};
use bounden_policy::{Decision, Policy, Reason, Verdict};

use super::protocol::{HeldCall, Opening, Request, Response};
use super::*;
use crate::{Home, Link, Point};

/// `look` observes, `pay` spends, and `pay` needs a successful `look` before
/// it, and an approval above 500 in all.
const POLICY: &str = r#"{"semantics":1,"agent":"acme/test",
  "tools":{
    "s.look":{"effects":["observe"],"timeout_seconds":60},
    "s.pay":{"effects":["spend"],"timeout_seconds":60}},
  "rules":{
    "look-first":{"says":"look first","by":"policy_engine","trigger":{"event":"call","tools":["s.pay"]},
      "when":"!calls(\"s.look\").succeeded().exists()","do":{"action":"block"}},
    "cap":{"says":"500 at most","by":"policy_engine","trigger":{"event":"call","tools":["s.pay"]},
      "when":"calls(\"s.pay\").across(\"agent\").sum(args.amount) + args.amount > 500",
      "do":{"action":"require_approval","roles":["lead"],"all":false}}},
  "approvers":["lead"]}"#;

const ME: Caller = Caller { uid: 7 };

fn policy() -> Sealed {
    sealed(POLICY)
}

fn sealed(text: &str) -> Sealed {
    let policy = Policy::compile(bounden_base::json::from_slice(text.as_bytes()).unwrap()).unwrap();
    Sealed::pinned(policy.canonical().as_bytes(), policy.digest()).unwrap()
}

fn open(folder: &Path) -> Owner {
    Owner::open(&Home::open(folder).unwrap(), policy()).unwrap().0
}

/// An owner on its thread, with one point that is in one session.
async fn point(owner: Owner) -> (Handle, Point) {
    let handle = spawn(owner).unwrap();
    let link = Link::local(handle.clone(), ME);
    let opening = Opening { route: "test".into(), key: "k".into(), principal: "p".into() };
    (handle, Point::open(link, opening).await.unwrap())
}

fn amount(amount: i64) -> Json {
    Json::object([("amount", Json::from(amount))])
}

fn pay(cents: i64) -> EventBody {
    EventBody::Call { tool: "s.pay".into(), args: amount(cents).into(), retry_of: None, cost: None }
}

fn asked(session: &str, body: EventBody) -> Request {
    let (point, session) = ("t".into(), session.into());
    Request::Decide { point, session, principal: None, body, withheld: None }
}

async fn permitted(point: &Point, tool: &str, args: Json) -> EventId {
    match point.call(tool.into(), args.into(), None).await {
        crate::Answer::Permitted(passage) => passage.call().clone(),
        crate::Answer::Denied(decision) => panic!("{decision:?}"),
    }
}

async fn denied(point: &Point, tool: &str, args: Json) -> Decision {
    match point.call(tool.into(), args.into(), None).await {
        crate::Answer::Permitted(passage) => panic!("{passage:?}"),
        crate::Answer::Denied(decision) => *decision,
    }
}

async fn looked(point: &Point) {
    let look = permitted(point, "s.look", Json::object::<&str>([])).await;
    assert!(point.result(&look, true, Json::Null).await.verdict.permits());
}

async fn held(handle: &Handle) -> Vec<HeldCall> {
    match handle.ask(Request::Held, ME).await.unwrap() {
        Response::Held(calls) => calls,
        other => panic!("{other:?}"),
    }
}

async fn approve(handle: &Handle, call: &EventId, role: &str) -> Response {
    let request = Request::Approve { call: call.clone(), role: role.into() };
    handle.ask(request, ME).await.unwrap()
}

#[tokio::test]
async fn a_call_that_depends_on_another_waits_for_its_result() {
    let folder = tempfile::tempdir().unwrap();
    let (handle, point) = point(open(folder.path())).await;
    let look = permitted(&point, "s.look", Json::object::<&str>([])).await;
    let mut paying = tokio::spawn(point.call("s.pay".into(), amount(5).into(), None));
    // The owner answers in order, so that `pay` was deferred before this.
    handle.ask(Request::Status, ME).await.unwrap();
    assert!(tokio::time::timeout(Duration::ZERO, &mut paying).await.is_err(), "it waits");
    assert!(point.result(&look, true, Json::Null).await.verdict.permits());
    assert!(matches!(paying.await.unwrap(), crate::Answer::Permitted(_)));
}

#[tokio::test]
async fn a_call_that_waited_in_vain_is_denied() {
    let folder = tempfile::tempdir().unwrap();
    let (_handle, point) = point(open(folder.path())).await;
    let look = permitted(&point, "s.look", Json::object::<&str>([])).await;
    let paying = point.call("s.pay".into(), amount(5).into(), None);
    assert!(point.result(&look, false, Json::Null).await.verdict.permits());
    let crate::Answer::Denied(decision) = paying.await else { panic!("it was permitted") };
    assert_eq!(decision.verdict, Verdict::Block);
}

#[test]
fn waiting_ends_at_its_deadline() {
    let now = Instant::now();
    let mut waiting = waiting::Waiting::new();
    let request = asked("s", pay(1));
    let mut decision = denial(&"e1".into(), Reason::Pending, "");
    decision.verdict = Verdict::Defer;
    let response = Response::Decided { decision: Box::new(decision), permitted: None };
    assert_eq!(waiting.keep(request, ME, &response, now + Duration::from_secs(5), ()), None);
    assert!(waiting.expire(now).is_empty());
    let expired = waiting.expire(now + Duration::from_secs(5));
    let [((), Response::Decided { decision, permitted: None })] = expired.as_slice() else {
        panic!("{expired:?}")
    };
    assert_eq!(decision.reason, Reason::DeferTimeout);
    assert_eq!(waiting.deadline(), None);
}

#[tokio::test]
async fn held_calls_grants_and_caps_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let call = {
        let (handle, point) = point(open(folder.path())).await;
        looked(&point).await;
        let decision = denied(&point, "s.pay", amount(600)).await;
        assert_eq!(decision.verdict, Verdict::RequireApproval);
        assert!(matches!(approve(&handle, &decision.id, "intern").await, Response::Refused(_)));
        decision.id
    };
    {
        let (handle, _) = point(open(folder.path())).await;
        let [waiting] = held(&handle).await.try_into().unwrap();
        assert_eq!((&waiting.call, &waiting.arguments), (&call, &amount(600)));
        assert!(matches!(approve(&handle, &call, "lead").await, Response::Done));
    }
    let (handle, point) = point(open(folder.path())).await;
    assert_eq!(held(&handle).await[0].granted, ["lead".into()]);
    permitted(&point, "s.pay", amount(600)).await;
    assert!(held(&handle).await.is_empty(), "a used grant waits no more");
    assert_eq!(denied(&point, "s.pay", amount(1)).await.verdict, Verdict::RequireApproval);
}

#[tokio::test]
async fn under_another_lock_what_was_permitted_still_counts() {
    let folder = tempfile::tempdir().unwrap();
    {
        let (_, point) = point(open(folder.path())).await;
        looked(&point).await;
        permitted(&point, "s.pay", amount(300)).await;
    }
    // The new lock would not have permitted 300 in one call.
    let stricter = sealed(&POLICY.replace("> 500", "> 250"));
    let (owner, _) = Owner::open(&Home::open(folder.path()).unwrap(), stricter).unwrap();
    let (_, point) = point(owner).await;
    assert_eq!(denied(&point, "s.pay", amount(1)).await.verdict, Verdict::RequireApproval);
}

#[tokio::test]
async fn another_lock_is_taken_over_with_all_that_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let named = Arc::new(Mutex::new(Ok(POLICY.to_owned())));
    let source = {
        let named = Arc::clone(&named);
        move || named.lock().unwrap().clone().map(|text| sealed(&text))
    };
    let owner = open(folder.path()).with_source(Box::new(source));
    let (handle, point) = point(owner).await;
    looked(&point).await;
    permitted(&point, "s.pay", amount(300)).await;

    *named.lock().unwrap() = Err("the lock is not valid".to_owned());
    let old = handle.in_force().lock;
    let refused = handle.ask(Request::Reload, ME).await.unwrap();
    assert!(matches!(refused, Response::Refused(why) if why == "the lock is not valid"));
    permitted(&point, "s.pay", amount(1)).await;

    let stricter = POLICY.replace("> 500", "> 310");
    *named.lock().unwrap() = Ok(stricter.clone());
    // A point that was started for the new lock is what brings the news.
    let new = sealed(&stricter).lock();
    assert_eq!(point.surface(Some(new)).await.unwrap().lock, new);
    assert_ne!(handle.in_force().lock, old);
    assert_eq!(
        denied(&point, "s.pay", amount(10)).await.nearest.as_deref(),
        Some("args.amount <= 9")
    );
    permitted(&point, "s.pay", amount(9)).await;
    assert!(point.surface(Some(old)).await.is_err(), "the old lock is gone");
}

#[tokio::test]
async fn what_cannot_be_recorded_does_not_happen() {
    let folder = tempfile::tempdir().unwrap();
    let mut owner = open(folder.path());
    owner.journal.fail_from_now_on();
    let (_, point) = point(owner).await;
    let decision = denied(&point, "s.look", Json::object::<&str>([])).await;
    assert_eq!(decision.reason, Reason::Unavailable);
}

#[test]
fn only_opened_sessions_and_whole_questions_are_decided() {
    let folder = tempfile::tempdir().unwrap();
    let mut owner = open(folder.path());
    let refused = owner.answer(asked("made-up", EventBody::End), ME);
    assert!(matches!(refused, Response::Refused(why) if why == "unknown session"));
    assert!(owner.journal.is_empty());
    let whole = serde_json::to_string(&asked("s", pay(1))).unwrap();
    let read = |text: &str| bounden_base::json::from_slice::<Request>(text.as_bytes()).is_ok();
    assert!(read(&whole), "{whole}");
    for (part, other) in
        [("\"call\"", "\"dance\""), ("\"tool\"", "\"tol\""), ("\"session\":\"s\",", "")]
    {
        assert!(whole.contains(part) && !read(&whole.replace(part, other)), "{whole} {part}");
    }
}

/// Whoever reaches the socket may send arguments that no strict reader has seen.
#[tokio::test]
async fn arguments_that_are_no_json_are_denied_and_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let (_, point) = point(open(folder.path())).await;
    for text in ["", "{", "{\"amount\":1,\"amount\":2}", "{} {}", "null", "[]"] {
        let args = bounden_policy::Arguments::from_text(text);
        let crate::Answer::Denied(decision) = point.call("s.look".into(), args, None).await else {
            panic!("{text}")
        };
        assert_eq!(decision.reason, Reason::Malformed, "{text}");
    }
    let journal = std::fs::read_to_string(folder.path().join("journal/0000000000000000.jsonl"));
    assert_eq!(journal.unwrap().matches("\"reason\":\"malformed\"").count(), 6);
}

#[test]
fn another_lock_is_not_served() {
    let folder = tempfile::tempdir().unwrap();
    let mut owner = open(folder.path());
    let surface = |lock| Request::Surface { lock };
    let own = owner.policy.lock();
    assert!(matches!(owner.answer(surface(Some(own)), ME), Response::Surface(_)));
    let other = Some(Digest::of("other"));
    assert!(matches!(owner.answer(surface(other), ME), Response::Refused(_)));
}

#[test]
fn permits_that_change_the_world_are_durable_before_they_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut owner = open(folder.path());
    let opening = Opening { route: "t".into(), key: "k".into(), principal: "p".into() };
    let Response::Session(session) = owner.answer(Request::Open(opening), ME) else { panic!() };
    let mut durable_after = |body: EventBody| {
        owner.answer(asked(session.as_str(), body), ME);
        let durable = owner.durable;
        owner.commit().unwrap();
        durable
    };
    let look = EventBody::Call {
        tool: "s.look".into(),
        args: Json::object::<&str>([]).into(),
        retry_of: None,
        cost: None,
    };
    let call = "e1".into();
    let seen = EventBody::Result { call, ok: true, result: Json::Null, labels: Vec::new() };
    assert!(!durable_after(look));
    assert!(!durable_after(pay(1)), "denied");
    assert!(!durable_after(seen));
    assert!(durable_after(pay(1)));
}

#[tokio::test]
async fn points_reach_the_owner_over_its_socket() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::open(&folder.path().join("state")).unwrap();
    let ownership = home.own().unwrap().unwrap();
    let (owner, _) = Owner::open(&home, policy()).unwrap();
    let handle = spawn(owner).unwrap();
    let serving = {
        let home = home.clone();
        let idle = Duration::from_millis(50);
        tokio::spawn(async move { listen(&home, &ownership, handle, idle).await })
    };
    while !home.socket().exists() {
        tokio::task::yield_now().await;
    }
    let opening = Opening { route: "test".into(), key: "k".into(), principal: "p".into() };
    let point = Point::open(Link::over_socket(home.clone(), None), opening).await.unwrap();
    looked(&point).await;
    permitted(&point, "s.pay", amount(500)).await;
    assert_eq!(denied(&point, "s.pay", amount(1)).await.verdict, Verdict::RequireApproval);
    drop(point);
    serving.await.unwrap().unwrap();
    assert!(!home.socket().exists());
}

#[tokio::test]
async fn without_an_owner_everything_is_denied() {
    let folder = tempfile::tempdir().unwrap();
    let link = Link::over_socket(Home::open(folder.path()).unwrap(), None);
    let opening = Opening { route: "test".into(), key: "k".into(), principal: "p".into() };
    assert!(Point::open(link, opening).await.is_err());
}
