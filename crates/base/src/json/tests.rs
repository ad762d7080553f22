//! What JSON is refused, and that ours agrees with other implementations.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn refused(text: &[u8]) -> String {
    Json::parse(text).expect_err("this must be refused").to_string()
}

#[test]
fn every_trap_is_refused_with_its_place() {
    assert_eq!(refused(b"{\"a\":1,\n \"a\":2}"), "the key `a` is given twice at line 2 column 2");
    assert_eq!(
        refused(b"{\"a\":1,\"\\u0061\":2}"),
        "the key `a` is given twice at line 1 column 8"
    );
    assert_eq!(refused(b"[NaN]"), "expected a value at line 1 column 2");
    assert_eq!(refused(b"[-Infinity]"), "this is not a JSON number at line 1 column 2");
    assert_eq!(refused(b"[1,]"), "expected a value at line 1 column 4");
    assert_eq!(refused(b"{\"a\":1,}"), "expected a key in double quotes at line 1 column 8");
    assert_eq!(refused(b"{} {}"), "something follows the value at line 1 column 4");
    assert_eq!(refused(b"// no\n1"), "expected a value at line 1 column 1");
    assert_eq!(
        refused(b"\"\\ud800\""),
        "this is half of a surrogate pair and no character at line 1 column 2"
    );
    assert_eq!(
        refused(b"\"\\udc00\""),
        "this is half of a surrogate pair and no character at line 1 column 2"
    );
    assert_eq!(
        refused(b"\"\\ud800\\u0041\""),
        "this is half of a surrogate pair and no character at line 1 column 2"
    );
    assert_eq!(refused(b"\"\\x41\""), "this is not an escape sequence of JSON at line 1 column 2");
    assert_eq!(
        refused(b"\"a\nb\""),
        "a control character in a string has to be escaped at line 1 column 3"
    );
    assert_eq!(refused(b"[010]"), "this is not a JSON number at line 1 column 2");
    assert_eq!(
        refused(b"[1e400]"),
        "the exponent of a number is within -300 and 300 at line 1 column 2"
    );
    assert_eq!(
        refused(b"\"abc"),
        "the text ends too early; expected the closing `\"` at line 1 column 5"
    );
    assert_eq!(refused(b""), "the text ends too early; expected a value at line 1 column 1");
    assert_eq!(
        refused("\u{feff}1".as_bytes()),
        "the text starts with a byte order mark at line 1 column 1"
    );
    assert_eq!(refused(b"\"\xff\""), "the text is not UTF-8");
    assert_eq!(
        refused("[".repeat(65).as_bytes()),
        "lists and objects are nested deeper than 64 at line 1 column 65"
    );
    let small = Limits { bytes: 4, depth: 64 };
    assert_eq!(Json::parse_within(b"[1,2]", small).unwrap_err().kind, JsonErrorKind::TooLarge(4));
}

#[test]
fn numbers_beyond_binary_floats_stay_different() {
    let (a, b) =
        (Json::parse(b"9007199254740992").unwrap(), Json::parse(b"9007199254740993").unwrap());
    assert_ne!(a.digest(), b.digest());
    assert_eq!(Json::parse(b"1.0").unwrap().digest(), Json::parse(b"1").unwrap().digest());
}

#[test]
fn typed_documents_are_read_strictly() {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Document {
        _a: Json,
    }
    assert!(from_slice::<Document>(b"{\"_a\":1,\"_a\":1}").is_err());
    assert_eq!(from_slice::<Document>(b"{\"b\":1}").err().unwrap().position, (1, 4));
    let document = from_slice::<Document>(b"{\"_a\":9007199254740993}").unwrap();
    assert_eq!(document._a.canonical(), "9007199254740993");
}

#[test]
fn one_pass_accepts_nothing_that_two_steps_refuse() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Document {
        #[serde(default)]
        map: BTreeMap<String, i64>,
        json: Option<Json>,
        text: Option<String>,
    }
    let deep = |levels| format!(r#"{{"json":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
    for good in [
        r#" {"map" : {"b":-1 , "a":2} ,"json": 1.50 , "text" : "\u00e9", "other":[{}, -0, 1e2]} "#,
        r#"{"json":{"a":[1,{"b":"]}"}]},"text":null}"#,
        &deep(63),
    ] {
        let read = deserialize::read::<Document>(good.as_bytes()).expect(good);
        assert_eq!(Ok(read), in_two_steps(good.as_bytes()), "{good}");
    }
    for bad in [
        r#"{"map":{"a":1,"a":2}}"#,
        r#"{"map":{"a":1,"\u0061":2}}"#,
        r#"{"map":{"a":-0}}"#,
        r#"{"map":{"a":1.0}}"#,
        r#"{"map":{"a":01}}"#,
        r#"{"map":{"a":1,}}"#,
        r#"{"map":{,"a":1}}"#,
        r#"{"map":{"a":1]}"#,
        r#"{"map":[]}"#,
        r#"{"json":{"a":1,"a":2}}"#,
        r#"{"json":[1}}"#,
        r#"{"json":1 2}"#,
        r#"{"json":}"#,
        r#"{"json":"\ud800"}"#,
        r#"{"other":{"a":1,"a":2}}"#,
        r#"{"other":1,"other":2}"#,
        r#"{"other":1e999}"#,
        r#"{"text":"a","text":"b"}"#,
        r#"{"text":"a"} {}"#,
        "\u{feff}{}",
        &deep(64),
        &deep(64).replace("json", "other"),
    ] {
        let read = deserialize::read::<Document>(bad.as_bytes());
        assert_eq!(read, None, "{bad}");
        let one = from_slice::<Document>(bad.as_bytes()).expect_err(bad);
        assert_eq!(Err(one), in_two_steps::<Document>(bad.as_bytes()), "{bad}");
    }
}

#[test]
fn typed_documents_are_written_in_order_and_without_duplicates() {
    #[derive(serde::Serialize)]
    struct Document {
        #[serde(rename = "A")]
        first: u8,
        #[serde(flatten)]
        rest: BTreeMap<&'static str, Json>,
    }
    let written = |rest: &[(&'static str, Json)]| {
        to_canonical(&Document { first: 1, rest: rest.iter().cloned().collect() })
    };
    let half = Json::parse(b"0.50").unwrap();
    assert_eq!(written(&[("B", half.clone())]).unwrap(), r#"{"A":1,"B":0.5}"#);
    assert_eq!(written(&[("\"", half)]).unwrap(), r#"{"\"":0.5,"A":1}"#);
    let deepest = Json::parse(format!("{}{}", "[".repeat(64), "]".repeat(64)).as_bytes()).unwrap();
    assert_eq!(
        written(&[("A", Json::Null)]).unwrap_err().kind,
        JsonErrorKind::DuplicateKey("A".into())
    );
    assert_eq!(written(&[("B", deepest)]).unwrap_err().kind, JsonErrorKind::TooDeep(64));
}

/// Pairs of input and canonical output from the author of RFC 8785.
#[test]
fn the_vectors_of_rfc_8785() {
    let Some(root) = bounden_testkit::vectors() else { return };
    for name in ["arrays", "french", "structures", "unicode", "values", "weird"] {
        let input = bounden_testkit::read_text(root.join(format!("jcs/input/{name}.json")));
        let output = bounden_testkit::read_text(root.join(format!("jcs/output/{name}.json")));
        // Seventeen digits, which a binary float shortens and an exact decimal keeps.
        let input = input.replace("333333333.33333329", "333333333.3333333");
        assert_eq!(Json::parse(input.as_bytes()).unwrap().canonical(), output, "{name}");
    }
}

#[test]
fn one_value_can_stay_text() {
    for (text, left_out, rest) in [
        (
            r#"{"p":{"x":1,"a": [1.0, "\u0061"] }}"#,
            Some(r#"[1.0, "\u0061"]"#),
            r#"{"p":{"a":null,"x":1}}"#,
        ),
        (r#"{"\u0070":{"\u0061":7},"a":8}"#, Some("7"), r#"{"a":8,"p":{"a":null}}"#),
        (
            r#"{"a":1,"p":[{"a":2}],"q":{"p":{"a":3}}}"#,
            None,
            r#"{"a":1,"p":[{"a":2}],"q":{"p":{"a":3}}}"#,
        ),
        (r#"[{"p":{"a":1}}]"#, None, r#"[{"p":{"a":1}}]"#),
        (
            r#"{"p":{"b":{"p":{"a":1}},"a":{"p":{"a":2}}}}"#,
            Some(r#"{"p":{"a":2}}"#),
            r#"{"p":{"a":null,"b":{"p":{"a":1}}}}"#,
        ),
    ] {
        let (value, own) =
            Json::parse_but(text.as_bytes(), Limits::default(), &["p", "a"]).unwrap();
        assert_eq!(own.as_ref().map(JsonText::as_str), left_out, "{text}");
        assert_eq!(value.canonical(), rest, "{text}");
    }
}

#[test]
fn what_stays_text_is_refused_as_ever() {
    for bad in [
        r#"{"a":1,"\u0061":2}"#,
        r#"{"b":[{"a":1,"a":2}],"a":1,"a":2}"#,
        r#""\ud800""#,
        "01",
        "1e301",
        "[1,]",
        "nul",
        "{\"a\":\"\t\"}",
        "",
    ] {
        let text = format!(r#"{{"p":{bad}}}"#);
        let refused = Json::parse_but(text.as_bytes(), Limits::default(), &["p"]).map(drop);
        assert_eq!(refused, Json::parse(text.as_bytes()).map(drop), "{text}");
        assert!(refused.is_err() && JsonText::parse(bad).is_err(), "{text}");
    }
    let deep = "[".repeat(64) + &"]".repeat(64);
    let text = format!(r#"{{"p":{deep}}}"#);
    assert!(JsonText::parse(&deep).is_ok());
    assert!(Json::parse_but(text.as_bytes(), Limits::default(), &["p"]).is_err());
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        (-999_999_999_999_999_i64..999_999_999_999_999, -20_i32..20).prop_map(
            |(digits, exponent)| Json::Number(format!("{digits}e{exponent}").parse().unwrap())
        ),
        any::<String>().prop_map(Json::String),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::Array),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(Json::from),
        ]
    })
}

/// Members in no order, of every kind that a document of ours has.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Typed {
    z: BTreeMap<String, Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    b: Option<Box<Typed>>,
    a: Choice,
    c: Vec<Json>,
    aa: (u64, i8, char, (), Vec<Tagged>),
}

#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "tag", rename_all = "snake_case", deny_unknown_fields)]
enum Tagged {
    Empty,
    Full { text: String, flag: bool },
}

#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Choice {
    Unit,
    Of(Json),
    Pair(Json, f64),
    Struct { z: Json, a: i128 },
}

/// How many bytes go, and what comes in their place.
fn edit() -> impl Strategy<Value = (usize, &'static str)> {
    let parts = [
        "",
        " ",
        ",",
        ":",
        "{",
        "}",
        "[",
        "]",
        "{}",
        "[]",
        "\"",
        "\\",
        "\\u0061",
        "\n",
        "1",
        "-0",
        "01",
        "1.0",
        "1e2",
        "true",
        "null",
        "\"a\"",
        "\"a\":1,",
        "\"c\":[],",
        "\"unit\"",
        "\"text\":\"\",",
        "\"x\":1,",
        "é",
    ];
    (0_usize..6, prop::sample::select(parts.to_vec()))
}

fn edited(mut text: String, edits: Vec<(prop::sample::Index, (usize, &str))>) -> String {
    for (at, (cut, insert)) in edits {
        let at = at.index(text.len());
        let end = (at + cut).min(text.len());
        if text.is_char_boundary(at) && text.is_char_boundary(end) {
            text.replace_range(at..end, insert);
        }
    }
    text
}

fn any_typed() -> impl Strategy<Value = Typed> {
    let choice = prop_oneof![
        Just(Choice::Unit),
        any_json().prop_map(Choice::Of),
        (any_json(), any::<i32>()).prop_map(|(a, b)| Choice::Pair(a, f64::from(b) / 8.0)),
        (any_json(), any::<i64>()).prop_map(|(z, a)| Choice::Struct { z, a: a.into() }),
    ];
    let map = || prop::collection::btree_map("[A-Ca\"é\u{10000}\u{ffff} !]{0,3}", any_json(), 0..4);
    let leaf = (map(), choice, prop::collection::vec(any_json(), 0..3), any::<(u64, String)>());
    let leaf = leaf.prop_map(|(z, a, c, (number, text))| {
        let tagged = vec![Tagged::Empty, Tagged::Full { text, flag: number % 2 == 0 }];
        Typed { z, b: None, a, c, aa: (number, -1, 'é', (), tagged) }
    });
    leaf.prop_recursive(1, 2, 1, |inner| {
        (inner.clone(), inner).prop_map(|(of, b)| Typed { b: Some(b.into()), ..of })
    })
}

proptest! {
    #[test]
    fn a_typed_document_has_the_canonical_bytes_of_its_tree(document in any_typed()) {
        let tree = Json::from_serialize(&document).map(|tree| tree.canonical());
        prop_assert_eq!(to_canonical(&document), tree);
    }

    #[test]
    fn a_typed_document_is_read_back(document in any_typed()) {
        let text = serde_json::to_vec(&document).unwrap();
        let has_float = matches!(&document.a, Choice::Pair(..))
            || document.b.as_ref().is_some_and(|inner| matches!(&inner.a, Choice::Pair(..)));
        prop_assert_eq!(deserialize::read::<Typed>(&text).is_some(), !has_float);
        prop_assert_eq!(from_slice::<Typed>(&text), Ok(document));
    }

    #[test]
    fn what_is_read_in_one_pass_is_what_two_steps_read(
        document in any_typed(), edits in prop::collection::vec((any::<prop::sample::Index>(), edit()), 1..4)
    ) {
        let text = edited(serde_json::to_string(&document).unwrap(), edits);
        if let Some(read) = deserialize::read::<Typed>(text.as_bytes()) {
            prop_assert_eq!(Ok(read), in_two_steps(text.as_bytes()), "{}", text);
        }
        let json = from_slice::<Json>(text.as_bytes());
        prop_assert_eq!(json, Json::parse(text.as_bytes()), "{}", text);
    }

    #[test]
    fn what_stays_text_is_read_as_strictly(
        value in any_json(), other in any_json(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), edit()), 0..3)
    ) {
        let text = format!(r#"{{"b":{},"p":{{"a":{}}}}}"#, other.canonical(), value.canonical());
        let text = edited(text, edits);
        let whole = Json::parse(text.as_bytes());
        prop_assert_eq!(JsonText::parse(&text).map(drop), whole.clone().map(drop), "{}", text);
        match Json::parse_but(text.as_bytes(), Limits::default(), &["p", "a"]) {
            Err(error) => prop_assert_eq!(Err(error), whole, "{}", text),
            Ok((rest, None)) => prop_assert_eq!(Ok(rest), whole, "{}", text),
            Ok((rest, Some(left_out))) => {
                let whole = whole.unwrap();
                prop_assert_eq!(left_out.value().ok(), whole.at(["p", "a"]).cloned(), "{}", text);
                prop_assert_eq!(JsonText::parse(&format!("\n{left_out} ")), Ok(left_out), "{}", text);
                prop_assert_eq!(rest.get("b"), whole.get("b"), "{}", text);
            }
        }
    }

    #[test]
    fn canonical_bytes_equal_those_of_another_implementation(value in any_json()) {
        let ours = value.canonical();
        let theirs: serde_json::Value = serde_json::from_str(&ours).unwrap();
        prop_assert_eq!(&ours, &serde_json_canonicalizer::to_string(&theirs).unwrap());
        prop_assert_eq!(Json::parse(ours.as_bytes()), Ok(value));
    }

    #[test]
    fn what_is_accepted_is_accepted_by_another_implementation(text in "[\\[\\]{}\",:0-9a-z\\\\ .eE+-]{0,24}") {
        if Json::parse(text.as_bytes()).is_ok() {
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{}", text);
        }
    }
}
