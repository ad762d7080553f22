//! Which calls are cleared: those that nothing can be said against, and no others.

use bounden_base::{Json, json};

use crate::{Arguments, Bundle, Engine, Event, EventBody, Policy};

/// Whether a call with these arguments is cleared under a schema and a predicate that blocks.
fn is_cleared(schema: &str, when: &str, text: &str) -> bool {
    let when = Json::from(when).canonical();
    let money =
        r#""money":{"path":"args.amount","currency":"USD","currency_path":"args.currency"},"#;
    let money = if schema.contains("amount") { money } else { "" };
    let bundle = format!(
        r#"{{"semantics":1,"agent":"a","tools":{{"t.one":{{"effects":["observe"],"timeout_seconds":9,{money}"input":{schema}}}}},
        "rules":{{"r":{{"says":"s","by":"policy_engine","trigger":{{"event":"call"}},"when":{when},"do":{{"action":"block"}}}}}}}}"#
    );
    let bundle: Bundle = json::from_slice(bundle.as_bytes()).unwrap();
    let engine = Engine::new(Policy::compile(bundle).unwrap().into());
    let (tool, args) = ("t.one".into(), Arguments::from_text(text));
    let body = EventBody::Call { tool, args, retry_of: None, cost: None };
    let event = Event { id: "e".into(), session: "s".into(), principal: None, at: None, body };
    let mut decided = engine.fork();
    let permitted = decided.decide(&event).permit.is_some();
    let cleared = engine.would_clear(&event);
    assert!(permitted || !cleared, "{schema} {when} {text}: cleared, and not permitted");
    cleared
}

const PAY: &str = r#"{"type":"object","additionalProperties":false,"required":["to","amount"],"properties":{
    "to":{"type":"string","minLength":1,"maxLength":8},"amount":{"type":"number"},"currency":{"type":"string"},
    "kind":{"enum":["new","old"]},"tags":{"type":"array","items":{"type":"string"},"maxItems":2},
    "more":{"type":"object","properties":{"deep":{"type":"integer"}}}}}"#;

#[test]
fn harmless_calls_are_cleared() {
    for (when, text) in [
        ("args.amount > 500", r#"{"to":"a","amount":500}"#),
        ("args.amount > 500", r#" { "amount" : 4.99e2 , "to" : "a", "currency":"USD" } "#),
        ("args.to in [\"x\", \"y\"] || args.to.endsWith(\".example\")", r#"{"to":"a","amount":1}"#),
        (
            "has(args.more) && has(args.more.deep) && args.more.deep > 3",
            r#"{"to":"a","amount":1,"more":{"deep":3}}"#,
        ),
        ("has(args.more) && has(args.more.deep) && args.more.deep > 3", r#"{"to":"a","amount":1}"#),
        ("args.to.matches(\"x+\")", r#"{"to":"a\n","amount":1,"tags":["x","y"],"kind":"old"}"#),
        ("session.calls > 3 && calls(\"t.one\").count() > 2", r#"{"to":"a","amount":1}"#),
    ] {
        let is_plain = !text.contains('\\');
        assert_eq!(is_cleared(PAY, when, text), is_plain, "{when} {text}");
    }
}

#[test]
fn what_is_not_certain_is_not_cleared() {
    for text in [
        r#"{"to":"a","amount":501}"#,
        r#"{"to":"a","amount":-1}"#,
        r#"{"to":"a","amount":1,"currency":"EUR"}"#,
        r#"{"to":"a","amount":"1"}"#,
        r#"{"to":"a"}"#,
        r#"{"to":"","amount":1}"#,
        r#"{"to":"a name too long","amount":1}"#,
        r#"{"to":"a","amount":1,"kind":"other"}"#,
        r#"{"to":"a","amount":1,"tags":["x","y","z"]}"#,
        r#"{"to":"a","amount":1,"amount":1}"#,
        r#"{"to":"a","amount":1,"extra":1}"#,
        r#"{"to":"a","amount":1} {}"#,
        r#"{"to":"a","amount":01}"#,
        r#"{"to":"a","amount":1,}"#,
        r#"["a"]"#,
        "",
    ] {
        assert!(!is_cleared(PAY, "args.amount > 500", text), "{text}");
    }
}

#[test]
fn alternatives_and_references_are_read_in_passing() {
    let optional = r#"{"properties":{"a":{"anyOf":[{"type":"integer"},{"type":"null"}]}}}"#;
    for (text, cleared) in [(r#"{"a":1}"#, true), (r#"{"a":null}"#, true), (r#"{"a":"x"}"#, false)]
    {
        assert_eq!(is_cleared(optional, "has(args.b)", text), cleared, "{text}");
    }
    let tree = r##"{"$ref":"#/$defs/t","$defs":{"t":{"type":"object","properties":{"a":{"$ref":"#/$defs/t"}}}}}"##;
    assert!(is_cleared(tree, "session.calls > 1", r#"{"a":{"a":{"a":{}}}}"#));
    assert!(!is_cleared(tree, "session.calls > 1", r#"{"a":{"a":{"a":[]}}}"#));
}

#[test]
fn what_has_no_quick_form_is_judged_in_full() {
    for when in
        [r#"host(args.to) == "x.example""#, "args.to != \"a\"", "args.tags.exists(t, t == \"x\")"]
    {
        let when =
            if when.contains("tags") { format!("has(args.tags) && {when}") } else { when.into() };
        let is_simple = !when.contains("host");
        assert_eq!(is_cleared(PAY, &when, r#"{"to":"a","amount":1}"#), is_simple, "{when}");
    }
}
