//! Each bound on what an engine keeps, reached once: what is answered, that it
//! is as strict as an engine that remembers everything, and what comes after.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use bounden_base::{Json, json};
use bounden_policy::{Bounds, Bundle, Engine, Event, Policy};

const CAP: &str =
    r#"calls("t.pay").by(args.who).within("64s").sum(args.amount) + args.amount > 100"#;
const IN_ALL: &str = r#"calls("t.pay").sum(args.amount) + args.amount > 100"#;
const LOOKED: &str = r#"!calls("t.look").by(args.who).within("64s").succeeded().exists()"#;

const NO_ROOM: &str = "block/state-limit: there is no room to keep another call";
const SESSION_FULL: &str = "block/state-limit: the session cannot keep another call";

fn policy(when: &str, action: &str) -> Arc<Policy> {
    let when = Json::from(when).canonical();
    let tool = r#"{"effects":["spend"],"timeout_seconds":60,"input":{"type":"object","required":["who"],
        "properties":{"who":{"type":"string"},"amount":{"type":"number","minimum":0},"note":{"type":"string"}}}}"#;
    let tool = tool.replace(r#""required":["who"]"#, r#""required":["who","amount"]"#);
    let text = format!(
        r#"{{"semantics":1,"agent":"a","approvers":["lead"],"tools":{{"t.pay":{tool},"t.look":{tool}}},
        "rules":{{"r":{{"says":"s","by":"policy_engine","trigger":{{"event":"call","tools":["t.pay"]}},"when":{when},"do":{action}}}}}}}"#
    );
    let bundle: Bundle = json::from_slice(text.as_bytes()).unwrap();
    Arc::new(Policy::compile(bundle).unwrap_or_else(|problems| panic!("{problems:?}")))
}

/// An engine within bounds, and beside it one that has room for everything.
struct Pair {
    bounded: Engine,
    roomy: Engine,
    events: u32,
}

impl Pair {
    fn new(when: &str, bounds: Bounds) -> Self {
        Self::doing(when, r#"{"action":"block"}"#, bounds)
    }

    fn doing(when: &str, action: &str, bounds: Bounds) -> Self {
        let policy = policy(when, action);
        let bounded = Engine::within(Arc::clone(&policy), bounds);
        Self { bounded, roomy: Engine::new(policy), events: 0 }
    }

    /// What both say of an event at this second; what only one permits is only asked of it.
    fn say(&mut self, second: f64, session: &str, rest: &str) -> [String; 2] {
        self.events += 1;
        let (number, whole) = (self.events, second.trunc());
        let millis = (second - whole) * 1_000.0;
        let (minutes, seconds) = (whole as u64 / 60, whole as u64 % 60);
        let at = format!("2026-01-01T00:{minutes:02}:{seconds:02}.{millis:03.0}Z");
        let text = format!(r#"{{"id":"e{number}","session":"{session}","at":"{at}",{rest}}}"#);
        let event = Event::parse(text.as_bytes()).unwrap();
        let said = [&mut self.bounded, &mut self.roomy].map(|engine| {
            let ruling = engine.fork().decide(&event).decision;
            let reason = Json::from_serialize(&ruling.reason).unwrap();
            let reason = reason.as_str().unwrap().to_owned();
            let detail = ruling.detail.map(|detail| format!(": {detail}")).unwrap_or_default();
            format!("{}/{reason}{detail}", ruling.verdict.name())
        });
        self.bounded.decide(&event);
        if said.first().unwrap().starts_with("allow") || !said.last().unwrap().starts_with("allow")
        {
            self.roomy.decide(&event);
        }
        said
    }

    /// A payment, and what is said of it by the engine within bounds and by the other one.
    #[track_caller]
    fn pay(&mut self, second: f64, session: &str, who: &str, amount: u32, expected: [&str; 2]) {
        let call =
            format!(r#""event":"call","tool":"t.pay","args":{{"who":"{who}","amount":{amount}}}"#);
        assert_eq!(self.say(second, session, &call), expected);
    }

    /// The result of the event of this number.
    #[track_caller]
    fn ends(&mut self, second: f64, session: &str, number: u32, ok: bool) {
        let result = format!(r#""event":"result","call":"e{number}","ok":{ok}"#);
        assert_eq!(self.say(second, session, &result), BOTH);
    }
}

const BOTH: [&str; 2] = ["allow/allowed"; 2];
const NEITHER: [&str; 2] = ["block/rule-fired"; 2];

#[test]
fn a_window_that_forgets_single_calls_counts_them_a_part_of_the_window_longer() {
    let mut pair = Pair::new(CAP, Bounds { window_entries: 2, ..Bounds::default() });
    for (second, number, amount) in [(0.0, 1, 40), (2.0, 3, 1), (3.0, 5, 40)] {
        pair.pay(second, "s", "x", amount, BOTH);
        pair.ends(second, "s", number, true);
    }
    pair.pay(4.0, "s", "x", 20, NEITHER);
    // The first payment has left the window; of its second only the total is known.
    pair.pay(64.5, "s", "x", 59, ["block/state-limit", "allow/allowed"]);
    pair.pay(65.5, "s", "x", 59, BOTH);
    pair.pay(65.5, "s", "y", 100, BOTH);
}

#[test]
fn a_prerequisite_that_is_known_by_a_total_only_is_not_taken_for_granted() {
    let looked = r#"calls("t.look").by(args.who).within("64s").succeeded().count() < 2"#;
    let mut pair = Pair::new(looked, Bounds { window_entries: 1, ..Bounds::default() });
    let look = r#""event":"call","tool":"t.look","args":{"who":"x","amount":0}"#;
    for number in [1, 3] {
        assert_eq!(pair.say(f64::from(number), "s", look), BOTH);
        pair.ends(f64::from(number), "s", number, true);
    }
    pair.pay(10.0, "s", "x", 1, BOTH);
    // The first look has left the window, and may be in it as far as the total says.
    pair.pay(65.5, "s", "x", 1, ["block/state-limit", "block/rule-fired"]);
    let mut pair = Pair::new(LOOKED, Bounds { window_entries: 1, ..Bounds::default() });
    for number in [1, 3] {
        assert_eq!(pair.say(f64::from(number), "s", look), BOTH);
        pair.ends(f64::from(number), "s", number, true);
    }
    pair.pay(66.0, "s", "x", 1, BOTH);
    pair.pay(67.5, "s", "x", 1, NEITHER);
}

#[test]
fn a_key_for_which_there_is_no_group_left_is_refused() {
    let mut pair = Pair::new(CAP, Bounds { groups: 2, ..Bounds::default() });
    pair.pay(0.0, "s", "x", 60, BOTH);
    pair.pay(1.0, "s", "y", 60, BOTH);
    pair.pay(2.0, "s", "z", 1, [NO_ROOM, "allow/allowed"]);
    pair.pay(3.0, "s", "x", 60, NEITHER);
    pair.pay(4.0, "s", "x", 40, BOTH);
    assert_eq!(pair.bounded.usage().groups, 2);
}

#[test]
fn a_session_for_which_there_is_no_room_is_refused_until_another_one_is_over() {
    let mut pair = Pair::new(IN_ALL, Bounds { sessions: 1, ..Bounds::default() });
    pair.pay(0.0, "s1", "x", 60, BOTH);
    let refused = ["block/state-limit: there is no room for another session", "allow/allowed"];
    pair.pay(1.0, "s2", "x", 60, refused);
    pair.pay(2.0, "s1", "x", 60, NEITHER);
    assert!(!pair.bounded.forget(&"s1".into()), "a call of it is in flight");
    pair.ends(3.0, "s1", 1, true);
    assert!(pair.bounded.forget(&"s1".into()));
    pair.pay(4.0, "s2", "x", 60, BOTH);
    assert_eq!(pair.bounded.usage().sessions, 1);
}

#[test]
fn a_session_forgets_what_is_settled_and_never_what_is_in_flight() {
    let mut pair = Pair::new(IN_ALL, Bounds { session_calls: 2, ..Bounds::default() });
    pair.pay(0.0, "s", "x", 40, BOTH);
    pair.pay(1.0, "s", "x", 40, BOTH);
    pair.pay(2.0, "s", "x", 1, [SESSION_FULL, "allow/allowed"]);
    pair.ends(3.0, "s", 1, true);
    pair.pay(4.0, "s", "x", 1, BOTH);
    // The first payment is forgotten as a call, and counted as ever.
    pair.pay(5.0, "s", "x", 20, NEITHER);
    pair.ends(6.0, "s", 2, false);
    pair.pay(7.0, "s", "x", 59, BOTH);
    pair.pay(8.0, "s", "x", 1, NEITHER);
}

#[test]
fn no_more_calls_wait_for_people_than_there_is_room_for() {
    let ask = r#"{"action":"require_approval","roles":["lead"],"all":true}"#;
    let mut pair =
        Pair::doing("args.amount > 100", ask, Bounds { held_calls: 1, ..Bounds::default() });
    let held = "require_approval/approval-required";
    let full = "block/state-limit: there is no room for another call that waits for people";
    pair.pay(0.0, "s", "x", 200, [held, held]);
    pair.pay(1.0, "s", "x", 300, [full, held]);
    pair.pay(2.0, "s", "x", 100, BOTH);
    let approval = r#""event":"approve","role":"lead","for":"e1","by":"ann""#;
    assert_eq!(pair.say(3.0, "s", approval), BOTH);
    pair.pay(4.0, "s", "x", 200, BOTH);
    pair.pay(5.0, "s", "x", 300, [held, held]);
}

#[test]
fn a_session_keeps_no_more_bytes_than_it_may() {
    let mut pair = Pair::new(IN_ALL, Bounds { session_bytes: 5_000, ..Bounds::default() });
    pair.pay(0.0, "s", "x", 1, BOTH);
    pair.pay(1.0, "s", "x", 1, BOTH);
    pair.pay(2.0, "s", "x", 1, [SESSION_FULL, "allow/allowed"]);
    pair.pay(3.0, "s2", "x", 100, BOTH);
    pair.ends(4.0, "s", 1, true);
    pair.pay(5.0, "s", "x", 99, NEITHER);
    pair.pay(6.0, "s", "x", 98, BOTH);
}

#[test]
fn all_sessions_together_keep_no_more_bytes_than_they_may() {
    let mut pair = Pair::new(IN_ALL, Bounds { bytes: 12_000, ..Bounds::default() });
    pair.pay(0.0, "s1", "x", 60, BOTH);
    pair.pay(1.0, "s2", "x", 60, BOTH);
    let mut refused = 0;
    for number in 0..8 {
        let call = r#""event":"call","tool":"t.pay","args":{"who":"x","amount":1}"#;
        let [bounded, roomy] = pair.say(f64::from(number + 2), "s3", call);
        assert_eq!(roomy, "allow/allowed");
        refused += u32::from(bounded != roomy);
        assert!(bounded == roomy || bounded.starts_with("block/state-limit: "), "{bounded}");
        assert!(pair.bounded.usage().bytes <= 12_000);
    }
    assert!(refused > 0 && refused < 9, "{refused}");
    pair.pay(20.0, "s1", "x", 60, NEITHER);
}

/// What has happened without room for it may be part of any session that is opened later.
#[test]
fn what_could_not_be_kept_casts_doubt_on_what_comes_after() {
    let mut pair = Pair::new(IN_ALL, Bounds { sessions: 1, ..Bounds::default() });
    pair.pay(0.0, "s1", "x", 60, BOTH);
    let text = r#"{"id":"f1","session":"s2","event":"call","tool":"t.pay","args":{"who":"x","amount":60}}"#;
    let event = Event::parse(text.as_bytes()).unwrap();
    for engine in [&mut pair.bounded, &mut pair.roomy] {
        engine.observe(&event);
    }
    pair.ends(1.0, "s1", 1, true);
    assert!(pair.bounded.forget(&"s1".into()));
    let missed = "block/state-limit: calls of this session could not be counted";
    pair.pay(2.0, "s2", "x", 60, [missed, "block/rule-fired"]);
}
