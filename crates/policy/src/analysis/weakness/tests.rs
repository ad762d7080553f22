//! What can do nothing is found, and what can is not.

use bounden_base::{Json, json};

use super::*;
use crate::{Action, Bundle, EventBody};

fn found(rules: &[(&str, &str, &str)], more: &str) -> Vec<String> {
    let rules: Vec<String> = rules
        .iter()
        .map(|(id, when, action)| {
            let when = Json::from(*when).canonical();
            let action = Json::from_serialize(&Action::parse(action).unwrap()).unwrap().canonical();
            format!(r#""{id}":{{"says":"s","by":"policy_engine","trigger":{{"event":"call","tools":["shop.refund"]}},"when":{when},"do":{action}}}"#)
        })
        .collect();
    let text = format!(
        r#"{{"semantics":1,"agent":"a","approvers":["lead"],"escalations":{{"people":{{"webhook":"https://a.example/"}}}},{more}
        "tools":{{"shop.refund":{{"effects":["spend"],"timeout_seconds":9,"input":{{"type":"object","required":["who","amount"],"properties":{{
          "who":{{"type":"string"}},"amount":{{"type":"number","minimum":0,"maximum":1000}},"limit":{{"type":"integer","minimum":0}},
          "kind":{{"type":"string","enum":["gift","loan"]}}}}}}}},"shop.look":{{"effects":["observe"],"timeout_seconds":9}}}},
        "rules":{{{}}}}}"#,
        rules.join(",")
    );
    let bundle: Bundle = json::from_slice(text.as_bytes()).unwrap();
    let policy = Policy::compile(bundle).unwrap_or_else(|problems| panic!("{problems:#?}"));
    weaknesses(&policy).iter().map(shown).collect()
}

fn shown(weakness: &Weakness) -> String {
    match weakness {
        Weakness::NeverFires { rule, stops } => format!("{rule} never fires, stops {stops}"),
        Weakness::Outranked { rule, by } => {
            let by: Vec<&str> = by.iter().map(RuleId::as_str).collect();
            format!("{rule} is outranked by {}", by.join(" "))
        }
        Weakness::Conflict { rules: [one, other], path, witness } => {
            let EventBody::Call { args, .. } = &witness.body else { panic!("{witness:?}") };
            format!("{one} and {other} set {path}: {}", args.value().unwrap().canonical())
        }
        Weakness::Barred { tool, by } => {
            let by: Vec<&str> = by.iter().map(RuleId::as_str).collect();
            format!("{tool} is barred by {}", by.join(" "))
        }
        Weakness::Unreachable { mode } => format!("{mode:?}"),
    }
}

#[test]
fn a_rule_that_can_never_fire() {
    assert_eq!(found(&[("r", "args.amount > 1000", "block")], ""), ["r never fires, stops false"]);
    assert_eq!(found(&[("r", "args.amount >= 1000", "block")], ""), [""; 0]);
    assert_eq!(
        found(&[("r", r#"args.kind == "fee" && has(args.kind)"#, "block")], ""),
        ["r never fires, stops false"]
    );
    assert_eq!(
        found(
            &[(
                "r",
                r#"args.who.startsWith("a") && args.who.endsWith("b") && size(args.who) < 2"#,
                "block"
            )],
            ""
        ),
        ["r never fires, stops false"]
    );
    // A text without a host stands in the way without the rule firing.
    assert_eq!(
        found(&[("r", r#"host(args.who) == "a" && host(args.who) == "b""#, "block")], ""),
        ["r never fires, stops true"]
    );
}

#[test]
fn a_rule_that_another_always_outranks() {
    assert_eq!(
        found(
            &[
                ("ask", "args.amount > 500", "require approval from lead"),
                ("cap", "args.amount > 100", "block")
            ],
            ""
        ),
        ["ask is outranked by cap"]
    );
    assert_eq!(
        found(
            &[
                ("ask", "args.amount > 100", "require approval from lead"),
                ("cap", "args.amount > 500", "block")
            ],
            ""
        ),
        [""; 0]
    );
    assert_eq!(
        found(
            &[
                ("high", "args.amount > 500", "block"),
                ("low", "args.amount <= 500", "halt"),
                ("note", r#"args.who == "a""#, "warn"),
            ],
            ""
        ),
        ["note is outranked by high low", "shop.refund is barred by high low"]
    );
    // Once somebody agreed, the milder rule decides.
    for milder in ["warn", "set args.amount = 100"] {
        let rules = [
            ("small", "args.amount > 500", milder),
            ("ask", "args.amount > 100", "require approval from lead"),
        ];
        assert_eq!(found(&rules, ""), [""; 0], "{milder}");
    }
    // Equal verdicts do not outrank one another.
    assert_eq!(
        found(&[("a", "args.amount > 5", "block"), ("b", "args.amount > 1", "block")], ""),
        [""; 0]
    );
}

#[test]
fn history_and_doubt_are_kept_apart() {
    let cap =
        |bound: u32| format!(r#"calls("shop.refund").sum(args.amount) + args.amount > {bound}"#);
    assert_eq!(
        found(&[("ask", &cap(500), "require approval from lead"), ("cap", &cap(100), "block")], ""),
        ["ask is outranked by cap"]
    );
    assert_eq!(
        found(&[("ask", &cap(100), "require approval from lead"), ("cap", &cap(500), "block")], ""),
        [""; 0]
    );
}

#[test]
fn two_rules_that_set_one_argument() {
    let set = |a: &str, b: &str| {
        found(
            &[
                ("a", "has(args.limit) && args.limit > 10", a),
                ("b", "has(args.limit) && args.limit > 20", b),
            ],
            "",
        )
    };
    assert_eq!(
        set("set args.limit = 10", "set args.limit = 20"),
        [r#"a and b set args.limit: {"amount":1,"limit":21,"who":"canary"}"#]
    );
    assert_eq!(set("set args.limit = 10", "set args.limit = 10"), [""; 0]);
    assert_eq!(set("set args.limit = 10", "set args.who = \"x\""), [""; 0]);
}

#[test]
fn a_budget_that_nothing_can_exceed() {
    let mode = r#""failure_modes":{"budget_exceeded":{"do":"halt"}},"#;
    let rule = [("r", "args.amount > 500", "block")];
    assert_eq!(found(&rule, mode), ["BudgetExceeded"]);
    assert_eq!(found(&rule, &format!(r#"{mode}"limits":{{"steps":3}},"#)), [""; 0]);
}

#[test]
fn rules_that_together_stop_every_call() {
    let (high, low) =
        (("high", "args.amount > 500", "block"), ("low", "args.amount <= 500", "block"));
    assert_eq!(found(&[high, low], ""), ["shop.refund is barred by high low"]);
    let order = ("order", r#"!calls("shop.look").succeeded().exists()"#, "block");
    let after = ("after", r#"calls("shop.look").succeeded().exists()"#, "block");
    assert_eq!(found(&[high, order], ""), [""; 0]);
    assert_eq!(found(&[order, after], ""), ["shop.refund is barred by after order"]);
    assert_eq!(
        found(&[("some", "args.amount >= 0", "block")], ""),
        ["shop.refund is barred by some"]
    );
    // What a person may allow is not stopped for good.
    let ask = ("low", "args.amount <= 500", "require approval from lead");
    assert_eq!(found(&[high, ask], ""), [""; 0]);
}

#[test]
fn an_exclusion_that_nothing_tells() {
    let mode = r#""failure_modes":{"out_of_scope":{"do":"halt"}},"#;
    let router = |phrases: &str| {
        format!(
            r#"{mode}"router":{{"in":{{"orders":{{"phrases":["my parcel"]}}}},"out":{{"legal":{{"phrases":[{phrases}]}}}}}},"#
        )
    };
    let rule = [("r", "args.amount > 500", "block")];
    assert_eq!(found(&rule, &router("")), ["OutOfScope"]);
    assert_eq!(found(&rule, &router(r#""lawsuit""#)), [""; 0]);
}
