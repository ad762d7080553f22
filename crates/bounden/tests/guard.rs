//! The guard in front of the example desk, as the official client meets it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod example;

use bounden_base::{Digest, json};
use bounden_policy::Bundle;

#[test]
fn the_official_client_meets_the_guard() {
    let as_it_ships: example::Change = |_| ();
    example::drive(
        "guard.py",
        &[
            ("tools", as_it_ships),
            ("approvals", as_it_ships),
            ("history", as_it_ships),
            ("killed_midway", as_it_ships),
            ("races", as_it_ships),
            ("one_history_for_all_servers", as_it_ships),
            ("stop", as_it_ships),
            ("several_servers", as_it_ships),
            ("withheld", |bundle| {
                let tool = bundle.tools.get_mut("billing.get_order").unwrap();
                tool.definition = Some(Digest::of("another definition"));
            }),
            ("masked", |bundle| {
                add_rule(
                    bundle,
                    r#"{"says":"no mail addresses","by":"output_filter",
                        "trigger":{"event":"result","tools":["billing.*"]},
                        "do":{"action":"redact","kinds":["email"]}}"#,
                );
            }),
            ("withheld_results", |bundle| {
                add_rule(
                    bundle,
                    r#"{"says":"no large orders","by":"policy_engine",
                        "trigger":{"event":"result","tools":["billing.get_order"]},
                        "when":"result.total > 500","do":{"action":"block"}}"#,
                );
            }),
        ],
    );
}

fn add_rule(bundle: &mut Bundle, rule: &str) {
    bundle.rules.insert("trial".into(), json::from_slice(rule.as_bytes()).unwrap());
}
