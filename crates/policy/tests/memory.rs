//! Whoever chooses ids, keys, sessions and texts: what an engine keeps stays
//! within its bounds, and what it says that it keeps is not less than what the
//! allocator has handed out.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::alloc::System;
use std::collections::BTreeMap;
use std::sync::Arc;

use bounden_base::{Json, SignedDuration, Timestamp, json};
use bounden_policy::{Bounds, Bundle, Engine, Event, EventBody, Policy};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const BOUNDS: Bounds = Bounds {
    window_entries: 8,
    groups: 300,
    sessions: 40,
    session_calls: 50,
    held_calls: 20,
    session_bytes: 80 << 10,
    bytes: 1 << 20,
};

/// Rules with every kind of memory.
const RULES: [(&str, &str, &str); 9] = [
    (
        "call",
        r#"calls("t.pay").by(args.who).across("agent").within("60s").sum(args.amount) > 1000"#,
        "block",
    ),
    (
        "call",
        r#"calls("t.pay").by(args.who).across("principal").sum(args.amount) > 1000000"#,
        "block",
    ),
    ("call", r#"calls("t.pay").by(args.who).attempted().count() > 1000"#, "block"),
    (
        "call",
        r#"calls("t.pay").within("300s").where(args.amount == this.args.amount).count() > 5"#,
        "warn",
    ),
    ("call", r#"calls("t.pay").across("agent").since("t.look").by(args.who).count() > 3"#, "block"),
    (
        "call",
        r#"calls("t.pay").after("t.look").across("agent").within("1h").last().args.amount > 900"#,
        "warn",
    ),
    ("call", r#"has(args.ask) && !approved()"#, "block"),
    ("call", r#"has(facts.seen.x) && facts.seen.x > 5"#, "warn"),
    ("result", r#"args.amount > 10 && labels("odd")"#, "warn"),
];

fn policy() -> Arc<Policy> {
    let mut rules = RULES.iter().enumerate().map(|(number, (event, when, action))| {
        let (when, tool) = (Json::from(*when).canonical(), "t.pay");
        format!(
            r#""r{number}":{{"says":"s","by":"policy_engine","trigger":{{"event":"{event}","tools":["{tool}"]}},"when":{when},"do":{{"action":"{action}"}}}}"#
        )
    }).collect::<Vec<_>>();
    rules.push(
        r#""ask":{"says":"s","by":"policy_engine","trigger":{"event":"call","tools":["t.ask"]},"do":{"action":"require_approval","roles":["lead"],"all":true}}"#.to_owned(),
    );
    let input = r#"{"type":"object","required":["who","amount"],"properties":{"who":{"type":"string"},"amount":{"type":"number","minimum":0},"ask":{"type":"boolean"},"note":{}}}"#;
    let tool = format!(r#"{{"effects":["spend"],"input":{input},"timeout_seconds":30}}"#);
    let text = format!(
        r#"{{"semantics":1,"agent":"a","tools":{{"t.pay":{tool},"t.look":{tool},"t.ask":{tool}}},
        "approvers":["lead"],"facts":{{"seen":{{"result_of":"t.look","key":"who"}}}},
        "criteria":{{"c":{{"expect":[{{"says":"s","expr":"size(request.text) > 0 && size(output.text) > 0"}}]}}}},
        "rules":{{{}}}}}"#,
        rules.join(",")
    );
    let bundle: Bundle = json::from_slice(text.as_bytes()).unwrap();
    Arc::new(Policy::compile(bundle).unwrap_or_else(|problems| panic!("{problems:?}")))
}

/// What an engine takes without any state.
const SLACK: usize = 4_096;

/// Chooses what takes the most memory, as it likes.
struct Adversary {
    state: u64,
    events: u64,
    at: Timestamp,
    calls: Vec<(String, String)>,
    /// Arguments that are sent again and again: making them takes longer than deciding.
    args: Vec<Json>,
}

impl Adversary {
    fn new() -> Self {
        let at = Timestamp::UNIX_EPOCH;
        let mut adversary = Self { state: 7, events: 0, at, calls: Vec::new(), args: Vec::new() };
        adversary.args = (0..3_000).map(|_| adversary.new_args()).collect();
        adversary
    }

    fn args(&mut self) -> Json {
        if self.random(8) == 0 {
            return self.new_args();
        }
        let args = usize::try_from(self.random(3_000)).unwrap();
        self.args.get(args).unwrap().clone()
    }

    fn random(&mut self, below: u64) -> u64 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % below
    }

    fn one_of<T: Copy, const N: usize>(&mut self, choices: [T; N]) -> T {
        let place = self.random(u64::try_from(N).unwrap());
        *choices.get(usize::try_from(place).unwrap()).unwrap()
    }

    fn text(&mut self) -> String {
        let length = self.one_of([3, 20, 60, 1_000]);
        format!("{}{}", self.random(100_000), "x".repeat(length))
    }

    fn new_args(&mut self) -> Json {
        let amount = match self.random(12) {
            0 => "1e300",
            1 => "1e-300",
            2 => "1234567890123456789012345678901234",
            3 => "0.000001",
            _ => "7.25",
        };
        let mut members = vec![("who".to_owned(), Json::from(self.text()))];
        members.push(("amount".to_owned(), Json::parse(amount.as_bytes()).unwrap()));
        if self.random(3) == 0 {
            let wide = "[0,[],{\"a\":{}},".repeat(usize::try_from(self.random(40)).unwrap());
            let wide = format!("{wide}0{}", "]".repeat(wide.matches("[0").count()));
            let note = Json::parse(wide.as_bytes()).unwrap_or(Json::Null);
            members.push(("note".to_owned(), note));
        }
        Json::object(members)
    }

    fn next(&mut self) -> Event {
        self.events += 1;
        let step = self.one_of([0, 0, 1, 50, 4_000]);
        self.at = self.at.checked_add(SignedDuration::from_millis(step)).unwrap();
        let session = match self.random(4) {
            0 => format!("s{}", self.text()),
            _ => format!("s{}", self.random(30)),
        };
        let earlier = usize::try_from(self.random(64)).unwrap();
        let earlier =
            self.calls.len().checked_sub(earlier + 1).and_then(|at| self.calls.get(at).cloned());
        let about = |earlier: &Option<(String, String)>| earlier.clone().unwrap_or_default();
        let id = if self.random(8) == 0 { self.text() } else { format!("e{}", self.events) };
        let mut event = Event {
            id: id.as_str().into(),
            principal: (self.random(5) == 0).then(|| self.text().into()),
            session: session.as_str().into(),
            at: Some(self.at),
            body: EventBody::End,
        };
        event.body = match self.random(16) {
            0..=7 => {
                let tool = self.one_of(["t.pay", "t.pay", "t.pay", "t.look", "t.ask", "t.none"]);
                self.calls.push((session, id));
                if self.calls.len() > 200 {
                    self.calls.drain(..100);
                }
                let retry_of = (self.random(6) == 0).then(|| about(&earlier).1.as_str().into());
                EventBody::Call {
                    tool: tool.into(),
                    args: self.args().into(),
                    retry_of,
                    cost: None,
                }
            }
            8..=10 => {
                event.session = about(&earlier).0.as_str().into();
                let labels = (0..self.random(3)).map(|_| self.text()).collect();
                let ok = self.random(3) > 0;
                EventBody::Result {
                    call: about(&earlier).1.as_str().into(),
                    ok,
                    result: self.args(),
                    labels,
                }
            }
            11 => EventBody::Request { text: self.text() },
            12 => EventBody::Output { text: self.text() },
            13 => {
                event.session = about(&earlier).0.as_str().into();
                let call = about(&earlier).1.as_str().into();
                EventBody::Approve { role: "lead".to_owned(), call, by: Some(self.text()) }
            }
            14 => EventBody::Start { tags: BTreeMap::from([(self.text(), self.text())]) },
            _ => EventBody::End,
        };
        event
    }
}

#[test]
fn a_million_hostile_events_take_no_more_than_the_bounds() {
    let policy = policy();
    let mut adversary = Adversary::new();
    let before = Region::new(ALLOCATOR);
    let mut engine = Engine::within(policy, BOUNDS);
    let mut most = engine.usage();
    for round in 0..1_000_000_u64 {
        let event = adversary.next();
        if round % 97 == 0 {
            engine.observe(&event);
        } else {
            engine.decide(&event);
        }
        let usage = engine.usage();
        assert!(usage.bytes <= BOUNDS.bytes, "{usage:?} after {event:?}");
        assert!(usage.sessions <= BOUNDS.sessions && usage.groups <= BOUNDS.groups, "{usage:?}");
        assert!(usage.held_calls <= BOUNDS.held_calls, "{usage:?}");
        most.bytes = most.bytes.max(usage.bytes);
        most.groups = most.groups.max(usage.groups);
        most.sessions = most.sessions.max(usage.sessions);
        most.held_calls = most.held_calls.max(usage.held_calls);
        if round % 50_000 == 25_000 {
            let bytes = engine.snapshot();
            engine = Engine::restore(Arc::clone(engine.policy()), &bytes).unwrap();
            assert_eq!(engine.usage(), usage, "restored");
            assert!(engine.snapshot() == bytes, "the same state has other bytes");
        }
        if round % 20_000 == 0 {
            adversary.calls = Vec::new();
            let stats = before.change();
            let held = stats.bytes_allocated.saturating_sub(stats.bytes_deallocated);
            assert!(held <= usage.bytes + SLACK, "{held} bytes are held, and {usage:?} is said");
        }
    }
    assert!(most.bytes > BOUNDS.bytes * 9 / 10, "the bound was never near: {most:?}");
    assert_eq!((most.sessions, most.held_calls), (BOUNDS.sessions, BOUNDS.held_calls), "{most:?}");
}
