//! The guard in front of the example desk, as the official client meets it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod example;

use bounden_base::{Digest, json};
use bounden_policy::{Bundle, Limits};

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
            ("canaries", as_it_ships),
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

#[test]
fn a_guard_killed_again_and_again_loses_no_receipt() {
    let without_budgets: example::Change = |bundle| bundle.limits = Limits::default();
    example::drive("guard.py", &[("killed_again_and_again", without_budgets)]);
}

#[test]
fn a_misbehaving_server_does_not_get_past_the_guard() {
    let as_it_ships: example::Change = |_| ();
    example::drive(
        "guard_raw.py",
        &[
            ("bytes_pass_untouched", as_it_ships),
            ("bad_lines_stop_at_the_guard", as_it_ships),
            ("spelled_oddly", as_it_ships),
            ("nothing_comes_before_the_handshake", as_it_ships),
            ("a_call_that_asks_for_no_answer_is_dropped", as_it_ships),
            ("tasks_are_not_offered", as_it_ships),
            ("answers_that_nobody_asked_for_are_dropped", as_it_ships),
            ("cancelling_reaches_the_server", as_it_ships),
            ("a_tool_that_changes_is_withheld", as_it_ships),
            ("the_servers_end_is_passed_on", as_it_ships),
            ("noise_is_not_passed_on_and_stderr_is", as_it_ships),
            ("servers_may_ask_the_client", as_it_ships),
            ("side_channels_pass_without_a_rule_about_results", as_it_ships),
            ("side_channels_are_closed_with_one", |bundle| {
                add_rule(
                    bundle,
                    r#"{"says":"no cards","by":"output_filter",
                        "trigger":{"event":"result","tools":["billing.*"]},
                        "do":{"action":"redact","kinds":["card"]}}"#,
                );
            }),
            ("all_of_a_result_passes_without_a_rule", as_it_ships),
            ("what_no_rule_has_read_does_not_pass", |bundle| {
                add_rule(
                    bundle,
                    r#"{"says":"no mail","by":"output_filter",
                        "trigger":{"event":"result","tools":["billing.*"]},
                        "when":"detects(result, \"email\")","do":{"action":"block"}}"#,
                );
            }),
            ("half_an_answer_is_none", as_it_ships),
        ],
    );
}

#[test]
fn the_guard_serves_http() {
    let as_it_ships: example::Change = |_| ();
    example::drive(
        "guard_http.py",
        &[
            ("official", as_it_ships),
            ("several_servers", as_it_ships),
            ("a_server_elsewhere", as_it_ships),
            ("tokens", as_it_ships),
            ("requests", as_it_ships),
            ("streams", as_it_ships),
        ],
    );
}

fn add_rule(bundle: &mut Bundle, rule: &str) {
    bundle.rules.insert("trial".into(), json::from_slice(rule.as_bytes()).unwrap());
}
