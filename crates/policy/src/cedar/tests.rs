//! What an export says, and what it lists as left out.

use super::*;
use crate::bundle::Bundle;

const TOOLS: &str = r#"
  "pay.refund":{"effects":["spend"],"timeout_seconds":40,"money":{"path":"args.amount","currency":"USD"},
    "input":{"type":"object","required":["who","amount"],"additionalProperties":false,"properties":{
      "who":{"type":"string","pattern":"^C-[0-9]{3}$"},"amount":{"type":"number"},"note":{"type":"string"},
      "list":{"type":"array","items":{"type":"object"}}}}},
  "web.read":{"effects":["observe"],"timeout_seconds":40}"#;

fn exported(more: &str, rules: &[(&str, &str)]) -> Export {
    let rules: Vec<String> = rules
        .iter()
        .map(|(id, rule)| format!(r#""{id}":{{"says":"s","by":"policy_engine",{rule}}}"#))
        .collect();
    let text = format!(
        r#"{{"semantics":1,"agent":"a/b","approvers":["lead"],{more}"tools":{{{TOOLS}}},"rules":{{{}}}}}"#,
        rules.join(",")
    );
    let bundle: Bundle = bounden_base::json::from_slice(text.as_bytes()).unwrap();
    export(&Policy::compile(bundle).unwrap_or_else(|problems| panic!("{problems:#?}")))
}

/// A rule about refunds.
fn refund(when: &str) -> String {
    let when = bounden_base::Json::from(when).canonical();
    format!(
        r#""trigger":{{"event":"call","tools":["pay.refund"]}},"when":{when},"do":{{"action":"block"}}"#
    )
}

/// The condition of the only rule.
#[track_caller]
fn condition(when: &str) -> String {
    let export = exported("", &[("r", &refund(when))]);
    let rule = export.policies.split("@rule(\"r\")").nth(1);
    let rule = rule.unwrap_or_else(|| panic!("{when}: {:?}", export.left_out));
    let after = rule.split("when { ").nth(1).unwrap_or("always };");
    after.split(" };").next().unwrap().to_owned()
}

/// Why the only rule is left out.
#[track_caller]
fn left_out(when: &str) -> String {
    let export = exported("", &[("r", &refund(when))]);
    assert!(!export.policies.contains("@rule(\"r\")"), "{}", export.policies);
    let found = export.left_out.iter().find(|left| left.what == "`r` for `pay.refund`");
    found.unwrap_or_else(|| panic!("{:?}", export.left_out)).why.clone()
}

#[test]
fn conditions_never_fail_to_evaluate() {
    for (when, cedar) in [
        ("args.amount > 500", "context.args.amount.greaterThan(decimal(\"500.0\"))"),
        ("args.who == \"C-001\"", "context.args.who == \"C-001\""),
        (
            "has(args.note) && args.note.contains(\"x*\")",
            "context.args has note && context.args.note like \"*x\\**\"",
        ),
        (
            "!(has(args.note) && args.note == \"x\")",
            "!(context.args has note && context.args.note == \"x\")",
        ),
        // Either order of the language is fine; Cedar would fail on this one.
        (
            "!has(args.note) || args.note == \"x\"",
            "!(context.args has note) || (if context.args has note then context.args.note == \"x\" else true)",
        ),
        ("tool == \"pay.refund\"", "always"),
        ("principal in [\"u\"]", "[Bounden::Principal::\"u\"].contains(principal)"),
    ] {
        assert_eq!(condition(when), cedar, "{when}");
    }
}

#[test]
fn what_cedar_cannot_say_is_named_with_its_reason() {
    for (when, why) in [
        ("calls(\"web.read\").exists()", "`calls(\"web.read\").exists()` looks at earlier calls"),
        ("labels(\"untrusted\")", "`labels(\"untrusted\")` is known of a session only"),
        ("args.who.matches(\"a.*\")", "Cedar has no regular expressions (`a.*`)"),
        ("args.who > \"a\"", "Cedar cannot say `args.who` > `\"a\"`"),
        ("args.amount + 1 > 5", "Cedar reckons with whole numbers only"),
        ("args.amount > 0.12345", "Cedar cannot say `args.amount` > `0.12345`"),
        ("size(args.who) > 3", "Cedar knows no size of a text or a list"),
        ("has(args.list) && size(args.list) > 3", "`args.list` has no type that Cedar knows"),
        ("session.calls > 3", "`session.calls` is known of a session only"),
    ] {
        assert_eq!(left_out(when), why, "{when}");
    }
}

#[test]
fn everything_that_is_no_rule_about_one_call_is_listed() {
    let export = exported(
        r#""limits":{"tool_calls":3},"#,
        &[
            (
                "ask",
                r#""trigger":{"event":"call","tools":["pay.refund"]},"do":{"action":"require_approval","roles":["lead"],"all":true}"#,
            ),
            ("log", r#""trigger":{"event":"log"},"do":{"action":"redact","kinds":["email"]}"#),
            (
                "set",
                r#""trigger":{"event":"call","tools":["pay.refund"]},"do":{"action":"set","path":"args.amount","value":"1"}"#,
            ),
            ("shadow", r#""trigger":{"event":"call"},"shadow":true,"do":{"action":"block"}"#),
            ("warn", r#""trigger":{"event":"call"},"do":{"action":"warn"}"#),
        ],
    );
    let told: Vec<String> =
        export.left_out.iter().map(|left| format!("{}: {}", left.what, left.why)).collect();
    assert_eq!(
        told,
        [
            "limits: budgets of a session; Cedar keeps no history",
            "arguments of `pay.refund`: `args.list` has no type that Cedar knows",
            "arguments of `pay.refund`: `pattern` of `args.who` is not checked",
            "`ask`: nobody can approve in Cedar: the call is forbidden",
            "`set`: Cedar does not change arguments",
            "`shadow`: it is in shadow and decides nothing",
            "`warn`: Cedar permits or forbids, and does not warn",
            "arguments of `web.read`: no schema is pinned, so they are not checked",
            "`log`: it looks at `log`, and Cedar is asked about calls",
        ]
    );
    for line in told {
        assert!(export.policies.contains(&format!("// - {line}\n")), "{line}");
    }
    assert!(export.policies.contains("@rule(\"ask\")"), "a call that waits is forbidden");
}

#[test]
fn words_of_people_stay_in_comments_and_strings() {
    let export =
        exported("", &[("r\\n permit (principal, action, resource);", &refund("args.amount > 1"))]);
    for line in export.policies.lines() {
        assert!(!line.trim_start().starts_with("permit (principal"), "{line}");
    }
}

#[test]
fn the_schema_has_the_types_of_the_arguments() {
    let export = exported("", &[("r", &refund("args.amount > 1"))]);
    assert!(
        export
            .schema
            .contains("context: { args: { amount: decimal, note?: String, who: String } }")
    );
    assert!(export.schema.contains("action \"web.read\""));
    assert!(export.policies.contains("context.args.amount.greaterThanOrEqual(decimal(\"0.0\"))"));
}
