//! Promises of the engine that hold whatever the rules and the events are,
//! checked against a ledger of what really happened.

use std::collections::BTreeSet;
use std::sync::Arc;

use bounden_base::{Decimal, Json, SignedDuration};
use bounden_policy::{Engine, Event, EventBody, EventId, SessionId, Verdict};
use proptest::prelude::*;

use crate::ledger::{Ledger, Paid};
use crate::world::{Script, Step, policy, predicate, rule, rules};

const BLOCK: &str = r#"{"action":"block"}"#;
const ASK: &str = r#"{"action":"require_approval","roles":["lead"],"all":true}"#;

fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(any::<Step>(), 1..most)
}

/// Decides events and keeps the ledger; `check` looks after each.
fn follow(
    rules: &str,
    steps: &[Step],
    mut check: impl FnMut(&Ledger, &Event) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let mut engine = Engine::new(policy(rules));
    let mut ledger = Ledger::default();
    for event in Script::of(steps) {
        let ruling = engine.decide(&event);
        ledger.note(&event, &ruling);
        check(&ledger, &event)?;
    }
    Ok(())
}

/// The verdict and the reason of every event, by session and id.
fn answers(rules: &str, events: &[Event]) -> Vec<(SessionId, EventId, String)> {
    let mut engine = Engine::new(policy(rules));
    let answer = |event: &Event| {
        let decision = engine.decide(event).decision;
        (
            event.session.clone(),
            event.id.clone(),
            Json::from_serialize(&decision).unwrap().canonical(),
        )
    };
    events.iter().map(answer).collect()
}

proptest! {
    #![proptest_config(crate::config(150))]

    /// Whatever the order of calls, results, retries, grants, rewrites and
    /// losses, what was let through and did not fail stays within the cap.
    #[test]
    fn a_cap_is_never_exceeded(
        others in rules(), steps in steps(80), bound in 20_u32..120,
        (scope, keyed, windowed) in (0_u8..3, any::<bool>(), any::<bool>()),
    ) {
        let across = ["", r#".across("principal")"#, r#".across("agent")"#][usize::from(scope)];
        let by = if keyed { ".by(args.who)" } else { "" };
        let within = if windowed { r#".within("60s")"# } else { "" };
        let when =
            format!(r#"calls("pay.refund"){across}{by}{within}.sum(args.amount) + args.amount > {bound}"#);
        let rules = format!("{},{others}", rule("cap", &when, BLOCK));
        follow(&rules, &steps, |ledger, event| {
            let Some(last) = ledger.paid.last().filter(|last| last.tool == "pay.refund") else { return Ok(()) };
            let start = event.at.unwrap().checked_sub(SignedDuration::from_secs(60)).unwrap();
            let fits = |paid: &Paid| {
                let in_scope = match scope {
                    0 => paid.session == last.session,
                    1 => paid.principal.is_some() && paid.principal == last.principal,
                    _ => true,
                };
                in_scope && (!keyed || paid.who == last.who) && (!windowed || paid.at > start)
            };
            prop_assert!(scope != 1 || last.principal.is_some(), "nobody's payment");
            let total = ledger.total(fits);
            prop_assert!(total <= Decimal::from(bound), "{total} > {bound} after {event:?}");
            Ok(())
        })?;
    }

    /// A prerequisite is fulfilled by a success that is there, and by nothing else.
    #[test]
    fn a_prerequisite_is_never_guessed(others in rules(), steps in steps(60)) {
        let when = r#"!calls("pay.check").by(args.who).succeeded().exists()"#;
        let rules = format!("{},{others}", rule("first", when, BLOCK));
        let mut seen = 0;
        follow(&rules, &steps, |ledger, event| {
            let new = &ledger.paid[seen..];
            seen = ledger.paid.len();
            for refund in new.iter().filter(|paid| paid.tool == "pay.refund") {
                let checked = ledger.paid.iter().any(|paid| {
                    paid.tool == "pay.check"
                        && paid.session == refund.session
                        && paid.who == refund.who
                        && paid.ok == Some(true)
                });
                prop_assert!(checked, "{event:?}");
            }
            Ok(())
        })?;
    }

    /// There are never more refunds than grants, where each one needs a grant.
    #[test]
    fn a_grant_is_used_once(others in rules(), steps in steps(80)) {
        let rules = format!("{},{others}", rule("ask", "true", ASK));
        follow(&rules, &steps, |ledger, event| {
            let refunds = ledger.paid.iter().filter(|paid| paid.tool == "pay.refund").count();
            prop_assert!(refunds <= ledger.grants, "{event:?}");
            Ok(())
        })?;
    }

    /// Only declared tools are called, with arguments that fit their schema,
    /// and a logical call at most once.
    #[test]
    fn the_world_stays_closed(rules in rules(), steps in steps(80)) {
        follow(&rules, &steps, |ledger, event| {
            if let Some(last) = ledger.paid.last() {
                prop_assert!(["pay.refund", "pay.check", "web.read"].contains(&last.tool.as_str()));
                prop_assert!(last.tool == "web.read" || !last.who.is_empty(), "{event:?}");
            }
            prop_assert!(ledger.is_without_doubles(), "{event:?}");
            Ok(())
        })?;
    }

    /// The same events have the same answers, and what a fork decides leaves
    /// its original as it is.
    #[test]
    fn decisions_are_deterministic(rules in rules(), steps in steps(60), cut in 0_usize..60) {
        let events = Script::of(&steps);
        let expected = answers(&rules, &events);
        let mut engine = Engine::new(policy(&rules));
        for (index, (event, (_, _, expected))) in events.iter().zip(&expected).enumerate() {
            if index == cut {
                let mut fork = engine.fork();
                for event in events.iter().rev() {
                    fork.decide(event);
                }
            }
            let decision = Json::from_serialize(&engine.decide(event).decision).unwrap();
            prop_assert_eq!(&decision.canonical(), expected);
        }
    }

    /// A call that was refused leaves nothing behind: without it, all others
    /// are answered as they were, where no rule counts attempts.
    #[test]
    fn a_refused_call_leaves_nothing_behind(rules in rules(), steps in steps(50)) {
        let rules = rules.replace(".attempted()", "");
        // Whom a session acts for is said by its first event, refused or not.
        let bare = |event: Event| Event { principal: None, ..event };
        let events: Vec<Event> = Script::of(&steps).into_iter().map(bare).collect();
        let mentioned: BTreeSet<EventId> = events.iter().filter_map(|event| match &event.body {
            EventBody::Call { retry_of, .. } => retry_of.clone(),
            EventBody::Result { call, .. } | EventBody::Approve { call, .. } => Some(call.clone()),
            _ => None,
        }).collect();
        let mut engine = Engine::new(policy(&rules));
        let mut ids = BTreeSet::new();
        let refused: Vec<bool> = events.iter().map(|event| {
            let first = ids.insert((event.session.clone(), event.id.clone()));
            let is_call = matches!(event.body, EventBody::Call { .. });
            let ruling = engine.decide(event);
            is_call && first && ruling.decision.verdict == Verdict::Block && !mentioned.contains(&event.id)
        }).collect();
        let times = events.windows(2).all(|pair| pair[0].at <= pair[1].at);
        prop_assert!(times);
        let uses_again = |event: &Event| events.iter().filter(|other| other.id == event.id).count() > 1;
        let kept: Vec<Event> = events.iter().zip(&refused)
            .filter(|(event, refused)| !**refused || uses_again(event))
            .map(|(event, _)| event.clone()).collect();
        let all = answers(&rules, &events);
        let without = answers(&rules, &kept);
        let mut rest = all.into_iter();
        for answer in without {
            prop_assert!(rest.any(|other| other == answer), "{answer:?}");
        }
    }

    /// The nearest change is one that would be allowed, where a smaller amount
    /// does not set off what a larger one did not.
    #[test]
    fn the_nearest_change_would_be_allowed(when in predicate(), steps in steps(40)) {
        let when = when.replace("args.amount >= this.args.amount", "args.amount > 3");
        let mut engine = Engine::new(policy(&rule("r", &when, BLOCK)));
        // Beyond 34 digits a sum is rounded, and so is what is taken from it.
        let is_exact = |event: &Event| {
            let text = event.to_json().canonical();
            !text.contains("e+35") && !text.contains("e-34")
        };
        for event in Script::of(&steps).into_iter().filter(is_exact) {
            let before = engine.fork();
            let decision = engine.decide(&event).decision;
            let EventBody::Call { tool, args, retry_of: None, cost } = &event.body else { continue };
            let Some(amount) = decision.nearest.as_deref().and_then(amount_within) else { continue };
            let others = args.value().unwrap().as_object().unwrap().iter().filter(|(name, _)| *name != "amount");
            let others = others.map(|(name, value)| (name.clone(), value.clone()));
            let args = Json::object(others.chain([("amount".to_owned(), amount.into())]));
            let (tool, cost) = (tool.clone(), *cost);
            let body = EventBody::Call { tool, args: args.into(), retry_of: None, cost };
            let changed = Event { body, ..event.clone() };
            let mut before = before;
            let answer = before.decide(&changed).decision;
            prop_assert!(answer.verdict.permits(), "{when}: {decision:?} then {answer:?}");
        }
    }

    /// Sessions that share nothing do not notice one another: their events may
    /// come in any order between them.
    #[test]
    fn independent_sessions_are_independent(
        rules in rules(), steps in steps(50), shuffle in prop::collection::vec(any::<bool>(), 100),
    ) {
        let rules = rules.replace(r#".across(\"agent\")"#, "").replace(r#".across(\"principal\")"#, "");
        prop_assert!(!rules.contains("across"));
        // Grants belong to a principal, and time is shared by all; both are left out.
        let bare = |event: Event| Event { principal: None, at: None, ..event };
        let events: Vec<Event> = Script::of(&steps).into_iter().map(bare).collect();
        let (mut left, mut right): (Vec<Event>, Vec<Event>) = events.iter().cloned()
            .partition(|event| matches!(event.session.as_str(), "s0" | "s1"));
        left.reverse();
        right.reverse();
        let mut mixed = Vec::new();
        for first in shuffle.into_iter().cycle() {
            if left.is_empty() && right.is_empty() {
                break;
            }
            let next = if first { left.pop().or_else(|| right.pop()) } else { right.pop().or_else(|| left.pop()) };
            mixed.extend(next);
        }
        let sorted = |mut answers: Vec<_>| { answers.sort(); answers };
        prop_assert_eq!(sorted(answers(&rules, &events)), sorted(answers(&rules, &mixed)));
    }
}

/// An amount that satisfies a change such as `args.amount <= 100 && args.amount < 50`.
fn amount_within(nearest: &str) -> Option<Decimal> {
    let one = Decimal::from(1_u32);
    let fits = |amount: Decimal| {
        nearest.split(" && ").all(|part| {
            let mut words = part.split(' ').skip(1);
            let (symbol, bound) = (words.next().unwrap(), words.next().unwrap());
            let bound: Decimal = bound.parse().unwrap();
            match symbol {
                "<=" => amount <= bound,
                "<" => amount < bound,
                ">=" => amount >= bound,
                _ => amount > bound,
            }
        })
    };
    let bounds = nearest.split(" && ").filter_map(|part| part.rsplit(' ').next()?.parse().ok());
    let near = bounds
        .flat_map(|bound: Decimal| [Some(bound), bound.checked_sub(one), bound.checked_add(one)]);
    near.flatten().find(|amount: &Decimal| !amount.is_negative() && fits(*amount))
}

/// A run of every kind of step reaches every verdict, so that the properties speak of something.
#[test]
fn the_random_world_is_wide() {
    let rules = [
        rule("a", "args.amount > 40", r#"{"action":"halt"}"#),
        rule("b", "args.amount > 35", ASK),
        rule("c", r#"args.amount > 25 && !calls("pay.check").succeeded().exists()"#, BLOCK),
        rule("d", "has(args.n) && args.n > 1", r#"{"action":"set","path":"args.n","value":"1"}"#),
        rule("e", "args.amount > 10", r#"{"action":"warn"}"#),
    ];
    let mut engine = Engine::new(policy(&rules.join(",")));
    let mut seen = BTreeSet::new();
    let mut script = Script::default();
    let mut state = 1_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        u8::try_from(state >> 24).unwrap()
    };
    for round in 0..40 {
        if round > 0 {
            engine = Engine::new(Arc::clone(engine.policy()));
            script = Script::default();
        }
        for _ in 0..30 {
            let event = script.event((random(), random(), random(), random(), random()));
            let decision = engine.decide(&event).decision;
            seen.insert((decision.verdict, decision.reason));
        }
    }
    let words: BTreeSet<String> =
        seen.iter().map(|(verdict, reason)| format!("{} {reason:?}", verdict.name())).collect();
    for expected in [
        "allow Allowed",
        "warn RuleFired",
        "modify RuleFired",
        "require_approval ApprovalRequired",
        "defer Pending",
        "block RuleFired",
        "block Malformed",
        "block MissingValue",
        "block RetryMismatch",
        "block SessionHalted",
        "block UndeclaredTool",
        "halt RuleFired",
    ] {
        assert!(words.contains(expected), "{expected} is never reached: {words:?}");
    }
}
