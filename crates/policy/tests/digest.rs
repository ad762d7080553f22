//! The digest of a policy is the same in every run, on every platform, and
//! however the bundle was spelt: the lock binds it, and people have approved it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use bounden_base::{Json, json};
use bounden_policy::{Bundle, Policy};

/// Whoever changes this digest changes what every lock in the world binds.
const DIGEST: &str = "sha256:9f53e66651baede974b67ba3ff6d2be7bbee1a0f7c7b06a981f128d833aef49e";

const BUNDLE: &str = r#"{
    "semantics": 1,
    "agent": "acme/support",
    "tools": {
        "billing.issue_refund": {
            "effects": ["spend", "update"], "timeout_seconds": 30, "label": "internal",
            "money": {"path": "args.amount", "currency": "EUR", "currency_path": "args.currency"},
            "input": {"type": "object", "additionalProperties": false,
                "required": ["customer_id", "amount"],
                "properties": {
                    "customer_id": {"type": "string", "pattern": "^cus_[0-9]{8}$", "maxLength": 12},
                    "amount": {"type": "number", "minimum": 0, "maximum": 2500.5, "multipleOf": 0.01},
                    "currency": {"enum": ["EUR", "USD"]},
                    "order": {"type": "integer", "maximum": 9007199254740993},
                    "straße \u00e9 \ud834\udd1e \ufb33": {"const": {"b": [1, 10, 1.50], "a": null}}}}},
        "crm.lookup": {"effects": ["observe"], "timeout_seconds": 10,
            "output": {"type": "object", "properties": {"tier": {"type": "string"}}}},
        "desk.hand_over": {"effects": ["create"], "timeout_seconds": 5}
    },
    "rules": {
        "looked-up-first": {"says": "Look the customer up first.", "by": "policy_engine",
            "trigger": {"event": "call", "tools": ["billing.*"]},
            "when": "! ( calls(\"crm.lookup\").succeeded().exists( ) )",
            "do": {"action": "block"}},
        "refunds-in-a-month": {"says": "At most 1,000 in a month.", "by": "policy_engine",
            "trigger": {"event": "call", "tools": ["@spend"]},
            "when": "calls(\"billing.issue_refund\").by(args.customer_id).across(\"agent\").within(\"30d\").sum(args.amount)+args.amount>1.0e3",
            "do": {"action": "require_approval", "roles": ["lead", "finance"], "all": true}},
        "no-addresses": {"says": "No addresses in answers.", "by": "output_filter",
            "trigger": {"event": "output"},
            "do": {"action": "redact", "kinds": ["email"]}, "shadow": true}
    },
    "limits": {"steps": 40, "usd": "2.50"},
    "escalations": {
        "person": {"call": {"tool": "desk.hand_over", "with": {"queue": 1e2, "urgent": false}}}},
    "failure_modes": {"budget_exceeded": {"do": {"escalate": {"path": "person"}}, "inform": true}},
    "approvers": ["lead", "finance"],
    "windows": {"freeze": {"from": "2026-12-24T00:00:00Z", "to": "2027-01-02T00:00:00+01:00"}},
    "criteria": {"refunded": {"expect": [
        {"says": "something was refunded", "expr": "calls(\"billing.issue_refund\").exists()"}]}}
}"#;

fn digest(text: &str) -> String {
    let bundle: Bundle = json::from_slice(text.as_bytes()).expect(text);
    let policy = Policy::compile(bundle).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(Json::parse(policy.canonical().as_bytes()).unwrap().canonical(), policy.canonical());
    policy.digest().to_string()
}

/// How a number can be written.
type Spelling = fn(&str) -> String;

/// The same document with its members backwards, and with the numbers that are
/// no counts of the bundle's own spelt otherwise.
fn respelt(value: &Json, spelling: &dyn Fn(&str) -> String, is_open: bool) -> String {
    match value {
        Json::Number(number) if is_open => spelling(&number.to_string()),
        Json::Array(items) => {
            let items = items.iter().map(|item| respelt(item, spelling, is_open));
            format!("[{}]", items.collect::<Vec<_>>().join(" ,"))
        }
        Json::Object(members) => {
            let mut members: Vec<String> = members
                .iter()
                .map(|(name, value)| {
                    let is_open = is_open || ["input", "output", "with"].contains(&name.as_str());
                    let value = respelt(value, spelling, is_open);
                    format!("\n{} : {value}", Json::from(name.as_str()).canonical())
                })
                .collect();
            members.reverse();
            format!("{{{}}}", members.join(","))
        }
        scalar => scalar.canonical(),
    }
}

#[test]
fn a_policy_has_one_digest_in_every_run_and_on_every_platform() {
    assert_eq!(digest(BUNDLE), DIGEST);
    assert_eq!(digest(BUNDLE), DIGEST);
}

#[test]
fn the_order_of_members_and_the_spelling_of_numbers_do_not_matter() {
    let is_plain = |number: &str| !number.contains(['.', 'e']) && number != "0";
    let with_point: Spelling = |number| format!("{number}.0");
    let with_exponent: Spelling = |number| format!("{number}e0");
    let in_tenths: Spelling = |number| format!("{number}0E-1");
    let document = Json::parse(BUNDLE.as_bytes()).unwrap();
    for spelling in [ToOwned::to_owned, with_point, with_exponent, in_tenths] {
        let spelling =
            |number: &str| if is_plain(number) { spelling(number) } else { number.to_owned() };
        let text = respelt(&document, &spelling, false);
        assert_ne!(text, BUNDLE);
        assert_eq!(digest(&text), DIGEST, "{text}");
    }
}

#[test]
fn every_change_of_meaning_is_another_digest() {
    for (from, to) in [
        ("9007199254740993", "9007199254740992"),
        ("2500.5", "2500.05"),
        ("\"steps\": 40", "\"steps\": 41"),
        ("\"queue\": 1e2", "\"queue\": 1e3"),
        ("1.0e3", "1.0e2"),
        ("\\ufb33", "\\ufb34"),
        ("\"shadow\": true", "\"shadow\": false"),
    ] {
        let changed = BUNDLE.replace(from, to);
        assert_ne!(changed, BUNDLE, "{from}");
        assert_ne!(digest(&changed), DIGEST, "{from} {to}");
    }
}
