//! Questions about plain data: what they may ask, and where a no comes from.

use bounden_base::Json;

use super::*;

fn domain() -> Domain {
    let schema = br#"{"type":"object","additionalProperties":false,"required":["tier","tools"],"properties":{
        "tier":{"enum":["low","high"]},
        "limits":{"type":"object","additionalProperties":false,"properties":{"usd":{"type":"number"}}},
        "tools":{"type":"array","items":{"type":"object","additionalProperties":false,
            "required":["id","effects"],"properties":{"id":{"type":"string"},
            "effects":{"type":"array","items":{"type":"string"}}}}}}}"#;
    Domain::new("intent", &Json::parse(schema).unwrap()).unwrap()
}

const DATA: &[u8] = br#"{"tier":"low","tools":[{"id":"a.look","effects":["observe"]},{"id":"b.pay","effects":["spend"]}]}"#;

/// `yes`, `no` or `?`, and the places against a yes.
fn asked(text: &str) -> String {
    let domain = domain();
    let question = domain.question(text).unwrap();
    let Answer { holds, against } = domain.ask(&question, &Json::parse(DATA).unwrap());
    let said = holds.map_or("?", |holds| if holds { "yes" } else { "no" });
    let places = against.iter().map(|place| format!(" {}", place.join(".")));
    said.to_owned() + &places.collect::<String>()
}

fn refused(text: &str) -> String {
    let error = domain().question(text).unwrap_err();
    let part = &text[error.span.start..error.span.end];
    let help = error.help.map_or(String::new(), |help| format!("; {help}"));
    format!("{} `{part}` {}{help}", error.code, error.message)
}

#[test]
fn a_no_comes_from_the_places_that_were_read() {
    assert_eq!(asked("intent.tier == \"low\""), "yes");
    assert_eq!(asked("intent.tier == \"high\""), "no tier");
    assert_eq!(asked("size(intent.tools) < 2"), "no tools");
    assert_eq!(asked("has(intent.limits) && has(intent.limits.usd)"), "no limits limits.usd");
}

#[test]
fn a_no_about_a_list_comes_from_the_items_that_are_not_as_wanted() {
    assert_eq!(asked("intent.tools.all(t, !(\"spend\" in t.effects))"), "no tools.1");
    assert_eq!(asked("!intent.tools.exists(t, \"spend\" in t.effects)"), "no tools.1");
    assert_eq!(asked("intent.tools.exists(t, t.id == \"c\")"), "no tools");
    assert_eq!(
        asked("!(intent.tools.exists(t, \"spend\" in t.effects) && intent.tier == \"low\")"),
        "no tools.1 tier"
    );
    assert_eq!(
        asked("intent.tier == \"low\" && intent.tools.all(t, t.id == \"x\")"),
        "no tools.0 tools.1"
    );
}

#[test]
fn what_cannot_be_read_is_not_known() {
    assert_eq!(asked("host(intent.tier) == \"acme.example\""), "? tier");
}

#[test]
fn data_of_another_shape_says_nothing() {
    let domain = domain();
    let question = domain.question("true").unwrap();
    let other = Json::parse(br#"{"tier":"low"}"#).unwrap();
    assert_eq!(domain.ask(&question, &other), Answer { holds: None, against: Vec::new() });
    assert!(domain.mismatch(&other).unwrap().contains("tools"));
}

#[test]
fn only_the_data_can_be_asked_about() {
    assert_eq!(
        refused("args.amount > 5"),
        "B251 `args` `args` is known of a call, and there is none here; ask about `intent`"
    );
    for live in ["now > 5", "calls(\"x\").count() > 1", "tag(\"x\") == \"y\"", "labels(\"x\")"] {
        assert!(refused(live).starts_with("B251"), "{live}");
    }
}

#[test]
fn questions_are_typed_as_rules_are() {
    assert_eq!(
        refused("intent.limits.usd < 5"),
        "B253 `intent.limits.usd` `intent.limits` need not be there; guard it: `has(intent.limits) && …`"
    );
    assert!(refused("intent.teir == \"low\"").ends_with("did you mean `tier`?"));
    assert!(refused("intent.tier > 5").starts_with("B252"));
    assert!(refused("intent.tier ==").starts_with("B250"));
}
