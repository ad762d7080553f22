//! Several guards, each with a memory of its own: together they stay within
//! what one guard would have kept to.

use std::sync::Arc;

use bounden_base::{Decimal, Json, json};
use bounden_policy::{Bundle, Engine, Event, Lease, Policy};
use proptest::prelude::*;

use crate::ledger::{Ledger, Paid};
use crate::world::{Script, Step, policy, rule, rules};

const BLOCK: &str = r#"{"action":"block"}"#;
const CHAIN: &str = r#"calls("pay.refund").across("agent").by(args.who).sum(args.amount)"#;
const BOUND: u32 = 100;

/// The same policy, enforced by several guards.
fn shared(rules: &str) -> Arc<Policy> {
    let text = policy(rules).canonical().replacen('{', r#"{"several_guards":true,"#, 1);
    let bundle: Bundle = json::from_slice(text.as_bytes()).unwrap();
    Arc::new(Policy::compile(bundle).unwrap_or_else(|problems| panic!("{rules}: {problems:?}")))
}

fn guard_of(event: &Event) -> usize {
    usize::from(event.session.as_str().ends_with(['1', '3']))
}

proptest! {
    #![proptest_config(crate::config(150))]

    /// What all guards let through and did not fail stays within the cap, and a
    /// refund is made only after a check at some guard.
    #[test]
    fn guards_stay_within_a_cap_together(
        others in rules(), steps in prop::collection::vec(any::<Step>(), 1..100),
        shares in prop::collection::vec((0_u32..=BOUND, any::<bool>()), 3),
    ) {
        let others = others.replace(r#".across(\"agent\")"#, "").replace(r#".across(\"principal\")"#, "");
        let cap = rule("cap", &format!("{CHAIN} + args.amount > {BOUND}"), BLOCK);
        let check = rule("check", r#"!calls("pay.check").across("agent").by(args.who).exists()"#, BLOCK);
        let policy = shared(&format!("{cap},{check},{others}"));
        let mut guards = [Engine::new(Arc::clone(&policy)), Engine::new(policy)];
        for (who, (share, second)) in ["a", "b", "c"].into_iter().zip(shares) {
            for (index, guard) in guards.iter_mut().enumerate() {
                let amount = if index == 0 { share } else { BOUND - share };
                let lease = Lease {
                    chain: CHAIN.to_owned(),
                    principal: None,
                    key: Some(Json::from(who)),
                    amount: amount.into(),
                    expires: "2027-01-01T00:00:00Z".parse().unwrap(),
                };
                if index == 0 || second {
                    guard.grant_lease(&lease).unwrap();
                }
            }
        }
        let mut ledger = Ledger::default();
        for event in Script::of(&steps) {
            let [first, second] = &mut guards;
            let (own, other) = if guard_of(&event) == 0 { (first, second) } else { (second, first) };
            let before = ledger.paid.len();
            let ruling = own.decide(&event);
            ledger.note(&event, &ruling);
            if ruling.permit.is_some() || matches!(event.body, bounden_policy::EventBody::Result { .. }) {
                other.replicate(&event);
            }
            let Some(last) = ledger.paid.get(before).filter(|paid| paid.tool == "pay.refund") else { continue };
            let total = ledger.total(|paid: &Paid| paid.who == last.who);
            prop_assert!(total <= Decimal::from(BOUND), "{total} after {event:?}");
            let checked = ledger.paid.iter().any(|paid| {
                paid.tool == "pay.check" && paid.who == last.who && paid.ok == Some(true)
            });
            prop_assert!(checked, "{event:?}");
        }
    }
}
