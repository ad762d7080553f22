//! Arguments as text under pinned schemas: a call that is cleared in passing is
//! one that the full reading lets through, for every schema and every spelling.

use std::sync::Arc;

use bounden_base::{Json, json};
use bounden_policy::{Arguments, Bundle, Engine, Event, EventBody, Policy, Reference};
use proptest::prelude::*;

use crate::spelling::{Dice, as_text};

/// Every keyword, alone or with what it is usually found with.
const SCHEMAS: [&str; 19] = [
    r##"{"anyOf":[{"$ref":"#"},{"type":"object"}]}"##,
    r##"{"properties":{"a":{"anyOf":[{"$ref":"#/properties/a"},{"type":"string"}]}}}"##,
    r#"{"properties":{"a":{"const":"x","enum":["x","y"]}}}"#,
    r#"{}"#,
    r#"{"type":"object"}"#,
    r#"{"type":"object","required":["a"],"properties":{"a":{"type":"integer","minimum":-2,"maximum":7}}}"#,
    r#"{"properties":{"a":{"type":["string","null"],"minLength":1,"maxLength":12},"b":{"type":"boolean"}},"additionalProperties":false}"#,
    r#"{"properties":{"a":{"enum":["x","y",""]},"b":{"const":"x"}},"additionalProperties":{"type":"number"}}"#,
    r#"{"properties":{"a":{"enum":["x",1,null]}},"required":["z"]}"#,
    r#"{"properties":{"a":{"anyOf":[{"type":"integer"},{"type":"string","pattern":"^x"},{"type":"null"}]}}}"#,
    r#"{"properties":{"a":{"oneOf":[{"type":"integer"},{"type":"number"}]},"b":{"not":{"type":"string"}}}}"#,
    r##"{"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"a":{"$ref":"#/$defs/node"},"b":{"type":"array","items":{"$ref":"#/$defs/node"}}}}}}"##,
    r#"{"properties":{"b":{"type":"array","minItems":1,"maxItems":2,"items":{"type":"number","multipleOf":0.5}}}}"#,
    r#"{"properties":{"b":{"type":"array","uniqueItems":true,"prefixItems":[{"type":"string"}]}}}"#,
    r#"{"minProperties":1,"maxProperties":2,"propertyNames":{"maxLength":1}}"#,
    r#"{"minProperties":1,"maxProperties":2}"#,
    r#"{"patternProperties":{"^a":{"type":"number"}},"additionalProperties":false}"#,
    r#"{"allOf":[{"required":["a"]},{"properties":{"a":{"exclusiveMinimum":0}}}],"properties":{"b":{"type":"object","required":["a"]}}}"#,
    r#"{"properties":{"a":{"type":"integer"},"c":{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}}}"#,
];

/// Predicates; where one does not type under a schema, the last takes its place.
const PREDICATES: [&str; 6] = [
    "has(args.a)",
    "!has(args.b)",
    "has(args.c.a)",
    "has(args.b) && has(args.zz)",
    "session.calls > 2",
    "now < 0",
];

fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (-3_i64..9).prop_map(Json::from),
        prop::sample::select(vec!["0.5", "1e300", "7.25", "12345678901234567890123456789012345"])
            .prop_map(|number| Json::parse(number.as_bytes()).unwrap_or(Json::Null)),
        prop::sample::select(vec![
            "x",
            "",
            "y",
            "xy\"z",
            "é\u{1f600}",
            "a longer text than twelve"
        ])
        .prop_map(Json::from),
    ];
    let object = |inner: BoxedStrategy<Json>| {
        let name = prop::sample::select(vec!["a", "b", "c", "zz", "z", "name-of-more-than-16"]);
        prop::collection::btree_map(name, inner, 0..5).prop_map(Json::object)
    };
    let nested = leaf.boxed().prop_recursive(3, 16, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| items.into_iter().collect()),
            object(inner.boxed()),
        ]
    });
    prop_oneof![9 => object(nested.clone().boxed()), 1 => nested]
}

fn policy(schema: &str, when: &str) -> Option<Arc<Policy>> {
    let when = Json::from(when).canonical();
    let text = format!(
        r#"{{"semantics":1,"agent":"a","tools":{{"t.one":{{"effects":["observe"],"timeout_seconds":9,"input":{schema}}}}},
        "rules":{{"r":{{"says":"s","by":"policy_engine","trigger":{{"event":"call"}},"when":{when},"do":{{"action":"block"}}}}}}}}"#
    );
    let bundle: Bundle = json::from_slice(text.as_bytes()).unwrap();
    Policy::compile(bundle).ok().map(Arc::new)
}

proptest! {
    #![proptest_config(crate::config(2_000))]

    #[test]
    fn what_is_cleared_in_passing_would_be_let_through(
        schema in prop::sample::select(SCHEMAS.to_vec()), when in prop::sample::select(PREDICATES.to_vec()),
        args in prop::collection::vec(value(), 1..4), seed in any::<u64>(),
    ) {
        let policy = policy(schema, when).or_else(|| policy(schema, PREDICATES[5])).unwrap();
        let (mut reference, mut engine) = (Reference::new(Arc::clone(&policy)), Engine::new(policy));
        let mut dice = Dice::new(seed);
        for (index, args) in args.iter().enumerate() {
            let body = EventBody::Call { tool: "t.one".into(), args: Arguments::from(args.clone()), retry_of: None, cost: None };
            let event = Event { id: format!("e{index}").into(), session: "s".into(), principal: None, at: None, body };
            let event = as_text(&event, &mut dice);
            prop_assert_eq!(reference.decide(&event).decision, engine.decide(&event).decision, "{:?}", event);
        }
    }
}
