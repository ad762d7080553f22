//! An engine that may keep little doubts more, and never permits more.

use std::sync::Arc;

use bounden_base::{Decimal, SignedDuration};
use bounden_policy::{Bounds, Engine, Event, EventBody, FiredRule, Reason, Reference, Verdict};
use proptest::prelude::*;

use crate::ledger::{Ledger, Paid};
use crate::world::{Script, Step, policy, rule, rules};

const BLOCK: &str = r#"{"action":"block"}"#;

pub(crate) fn bounds() -> impl Strategy<Value = Bounds> {
    let few = 1_usize..6;
    let bytes = prop_oneof![Just(1 << 30), 4_000_usize..60_000];
    (few.clone(), 1_usize..12, 1_usize..5, few.clone(), few, bytes.clone(), bytes).prop_map(
        |(window_entries, groups, sessions, session_calls, held_calls, session_bytes, bytes)| {
            Bounds {
                window_entries,
                groups,
                sessions,
                session_calls,
                held_calls,
                session_bytes,
                bytes,
            }
        },
    )
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(any::<Step>(), 1..100)
}

/// Decides events within bounds, and looks after each at what was really let through.
fn follow(
    rules: &str,
    steps: &[Step],
    bounds: Bounds,
    mut check: impl FnMut(&Ledger, &Event) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let mut engine = Engine::within(policy(rules), bounds);
    let mut ledger = Ledger::default();
    for event in Script::of(steps) {
        let ruling = engine.decide(&event);
        ledger.note(&event, &ruling);
        check(&ledger, &event)?;
        let usage = engine.usage();
        prop_assert!(usage.sessions <= bounds.sessions && usage.groups <= bounds.groups);
        prop_assert!(usage.held_calls <= bounds.held_calls && usage.bytes <= bounds.bytes);
    }
    Ok(())
}

proptest! {
    #![proptest_config(crate::config(400))]

    /// What was let through stays within the cap, however little is remembered of it.
    #[test]
    fn a_cap_is_never_exceeded_for_want_of_memory(
        others in rules(), steps in steps(), bounds in bounds(), bound in 5_u32..120,
        (scope, keyed, windowed, filtered) in (0_u8..3, any::<bool>(), any::<bool>(), any::<bool>()),
    ) {
        let across = ["", r#".across("principal")"#, r#".across("agent")"#][usize::from(scope)];
        let by = if keyed { ".by(args.who)" } else { "" };
        let within = if windowed { r#".within("60s")"# } else { "" };
        // Holds for every call, and is asked of each one anew.
        let filter = if filtered { ".where(args.amount + this.args.amount >= 0)" } else { "" };
        let when =
            format!(r#"calls("pay.refund"){across}{by}{within}{filter}.sum(args.amount) + args.amount > {bound}"#);
        let rules = format!("{},{others}", rule("cap", &when, BLOCK));
        follow(&rules, &steps, bounds, |ledger, event| {
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
            let total = ledger.total(fits);
            prop_assert!(total <= Decimal::from(bound), "{total} > {bound} after {event:?}");
            Ok(())
        })?;
    }

    /// A prerequisite is fulfilled by a success that is there, in its window,
    /// and after what begins it anew.
    #[test]
    fn a_prerequisite_is_never_guessed_for_want_of_memory(
        others in rules(), steps in steps(), bounds in bounds(), form in 0_u8..4,
    ) {
        let link = [
            ".by(args.who)", r#".by(args.who).within("60s")"#, r#".across("agent").since("web.read")"#,
            r#".by(args.who).where(args.who == this.args.who)"#,
        ][usize::from(form)];
        let when = format!(r#"!calls("pay.check"){link}.exists()"#);
        let rules = format!("{},{others}", rule("first", &when, BLOCK));
        let mut seen = 0;
        follow(&rules, &steps, bounds, |ledger, event| {
            let start = event.at.unwrap().checked_sub(SignedDuration::from_secs(60)).unwrap();
            let from = seen;
            seen = ledger.paid.len();
            let refunds = ledger.paid.iter().enumerate().skip(from);
            for (place, refund) in refunds.filter(|(_, paid)| paid.tool == "pay.refund") {
                let earlier = &ledger.paid[..place];
                let anew = earlier.iter().rposition(|paid| paid.tool == "web.read").unwrap_or(0);
                let checked = earlier.iter().enumerate().any(|(at, paid)| {
                    let own = paid.session == refund.session && paid.who == refund.who;
                    let fits = match form {
                        1 => own && paid.at > start,
                        2 => at >= anew,
                        _ => own,
                    };
                    paid.tool == "pay.check" && paid.ok == Some(true) && fits
                });
                prop_assert!(checked, "{event:?}");
            }
            Ok(())
        })?;
    }

    /// Where the same calls have happened to both, what the reference would not
    /// let through the bounded engine does not either.
    #[test]
    fn a_bounded_engine_never_permits_more(
        rules in rules(), steps in steps(), bounds in bounds(),
    ) {
        let policy = policy(&rules);
        let mut reference = Reference::new(Arc::clone(&policy));
        let mut engine = Engine::within(policy, bounds);
        // An id that was forgotten can be used again; the world uses some twice.
        let mut ids = std::collections::BTreeSet::new();
        let mut is_new = |event: &Event| {
            !matches!(event.body, EventBody::Call { .. }) || ids.insert((event.session.clone(), event.id.clone()))
        };
        for event in Script::of(&steps).into_iter().filter(|event| is_new(event)) {
            let expected = reference.observe(&event).decision;
            let decision = engine.observe(&event).decision;
            // A warning that would wait is given at once, where waiting would not settle it.
            let waits = |rule: &FiredRule| rule.doubt == Some(Reason::Pending) && rule.action == "warn";
            let only_warns = expected.verdict == Verdict::Defer
                && expected.rules.iter().filter(|rule| rule.doubt.is_some() && !rule.shadow).all(waits);
            let by_a_rule = !expected.verdict.permits() && !expected.rules.is_empty();
            let denied = by_a_rule && !(only_warns && decision.verdict >= Verdict::Warn);
            prop_assert!(!denied || !decision.verdict.permits(), "{event:?}: {expected:?} but {decision:?}");
            let warned = expected.verdict == Verdict::Warn;
            prop_assert!(!warned || decision.verdict != Verdict::Allow, "{event:?}: {expected:?} but {decision:?}");
        }
    }
}
