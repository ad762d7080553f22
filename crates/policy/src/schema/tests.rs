//! Each keyword of a schema is checked or refused, and none is passed over.

use super::*;

fn json(text: &str) -> Json {
    Json::parse(text.as_bytes()).unwrap()
}

#[track_caller]
fn check(schema: &str, value: &str) -> String {
    let schema = Schema::compile(&json(schema)).unwrap();
    schema
        .validate(&json(value))
        .map_or_else(|mismatch| mismatch.to_string(), |()| "fits".to_owned())
}

#[test]
fn each_constraint_says_what_is_wrong() {
    for (schema, value, said) in [
        (r#"{"type":"object","required":["a"]}"#, "{}", "args.a is missing"),
        (
            r#"{"properties":{"a":{"type":"integer"}}}"#,
            r#"{"a":1.5}"#,
            "args.a is number, not integer",
        ),
        (r#"{"type":["string","null"]}"#, "1", "args is number, not null or string"),
        (r#"{"additionalProperties":false}"#, r#"{"b":1}"#, "args.b is not allowed"),
        (r#"{"enum":["x",1]}"#, "2", "args is none of \"x\", 1"),
        (r#"{"minimum":0}"#, "-0.01", "args is -0.01, not at least 0"),
        (r#"{"exclusiveMinimum":0}"#, "0", "args is 0, not above 0"),
        (
            r#"{"maximum":9007199254740992}"#,
            "9007199254740993",
            "args is 9007199254740993, not at most 9007199254740992",
        ),
        (r#"{"multipleOf":0.01}"#, "1.005", "args is 1.005, not a multiple of 0.01"),
        (r#"{"maxLength":2}"#, r#""äöü""#, "args has 3 characters"),
        (r#"{"pattern":"^a$"}"#, r#""b""#, "args does not match `^a$`"),
        (r#"{"items":{"type":"string"}}"#, r#"["a",1]"#, "args[1] is number, not string"),
        (r#"{"uniqueItems":true}"#, "[1,1.0]", "args has equal items"),
        (r#"{"minItems":1}"#, "[]", "args has only 0 items"),
        (
            r#"{"oneOf":[{"type":"number"},{"minimum":3}]}"#,
            "5",
            "args fits 2 of the alternatives, not one",
        ),
        (r#"{"anyOf":[{"type":"null"},{"minimum":3}]}"#, "2", "args fits none of the alternatives"),
        (r#"{"not":{"type":"null"}}"#, "null", "args has an excluded form"),
        (
            r##"{"$defs":{"n":{"type":"number"}},"properties":{"a":{"$ref":"#/$defs/n"}}}"##,
            r#"{"a":"x"}"#,
            "args.a is string, not number",
        ),
        (r#"{"propertyNames":{"maxLength":1}}"#, r#"{"ab":1}"#, "args.ab has 2 characters"),
        (
            r#"{"patternProperties":{"^x":{"type":"null"}}}"#,
            r#"{"xy":1}"#,
            "args.xy is number, not null",
        ),
        (r#"{"const":"x","enum":["x","y"]}"#, r#""y""#, "args is none of \"x\""),
        ("{}", "[{}]", "fits"),
        (r#"{"type":"integer"}"#, "1.0", "fits"),
    ] {
        assert_eq!(check(schema, value), said, "{schema}");
    }
}

#[test]
fn what_would_not_be_checked_is_refused() {
    let refused = |text: &str| Schema::compile(&json(text)).unwrap_err().to_string();
    assert_eq!(
        refused(r#"{"dependentSchemas":{}}"#),
        "the keyword `dependentSchemas` is not checked by this version at `#/dependentSchemas`"
    );
    for keyword in ["allOf", "anyOf", "oneOf"] {
        assert_eq!(
            refused(&format!(r#"{{"properties":{{"a":{{"{keyword}":[]}}}}}}"#)),
            format!("name at least one schema here at `#/properties/a/{keyword}`")
        );
    }
    assert_eq!(
        refused(r#"{"$ref":"https://example.com/s.json"}"#),
        "`https://example.com/s.json` lies outside the document; inline it at `#/$ref`"
    );
    assert_eq!(refused(r##"{"$ref":"#/nowhere"}"##), "`#/nowhere` leads to no schema at `#/$ref`");
    assert_eq!(
        refused(
            r##"{"properties":{"a":{"$ref":"#m"}},"$defs":{"m":{"$anchor":"m","maximum":5}}}"##
        ),
        "`#m` names an anchor; write the place itself, such as `#/$defs/name` at `#/properties/a/$ref`"
    );
    assert_eq!(
        refused(r#"{"$id":"https://a.example","items":{"$id":"b"}}"#),
        "a schema inside of another has no `$id`; take it away at `#/items/$id`"
    );
    for keyword in ["$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "id"] {
        assert_eq!(
            refused(&format!(r##"{{"{keyword}":"#m"}}"##)),
            format!("the keyword `{keyword}` is not checked by this version at `#/{keyword}`")
        );
    }
    assert_eq!(refused(r#"{"type":"float"}"#), "this is no JSON type at `#/type`");
    assert_eq!(
        refused(r#"{"pattern":"(a)\\1"}"#),
        "`(a)\\1` is no pattern that can be matched in linear time at `#/pattern`"
    );
}

#[test]
fn names_for_other_documents_say_nothing_about_a_value() {
    let named = r##"{"$id":"https://a.example/t","$anchor":"t","properties":{"$id":{"$anchor":"x","type":"null"},
        "b":{"$ref":"#/properties/%24id"}}}"##;
    assert_eq!(check(named, r#"{"$id":null,"b":null}"#), "fits");
    assert_eq!(check(named, r#"{"b":1}"#), "args.b is number, not null");
}

#[test]
fn recursive_schemas_end() {
    let tree =
        r##"{"type":"object","properties":{"next":{"$ref":"#"}},"additionalProperties":false}"##;
    assert_eq!(check(tree, r#"{"next":{"next":{}}}"#), "fits");
    assert_eq!(check(tree, r#"{"next":{"next":1}}"#), "args.next.next is number, not object");
    assert_eq!(check(r##"{"$ref":"#"}"##, "1"), "args is checked by a schema that does not end");
    // Giving up under `not` is no fit.
    for endless in [r##"{"not":{"$ref":"#"}}"##, r##"{"not":{"not":{"$ref":"#"}}}"##] {
        assert_eq!(check(endless, "1"), "args is checked by a schema that does not end");
    }
    let doubling = r##"{"anyOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}],"$defs":{"a":{"anyOf":[{"$ref":"#"},{"$ref":"#"}]}}}"##;
    assert!(check(doubling, "1").starts_with("args"));
}

#[test]
fn shapes_know_what_is_optional_and_what_is_signed() {
    let schema = r#"{"type":"object","required":["a","c"],"additionalProperties":false,"properties":{
        "a":{"type":"number","minimum":0},"b":{"type":"string"},"c":{"type":["integer","null"]}}}"#;
    let Shape::Object { members, open } = Schema::compile(&json(schema)).unwrap().shape() else {
        panic!()
    };
    assert!(!open);
    assert_eq!(*members.get("a").unwrap(), (Shape::Number { signed: false }, true));
    assert_eq!(*members.get("b").unwrap(), (Shape::Text, false));
    assert_eq!(*members.get("c").unwrap(), (Shape::Number { signed: true }, false));
}
