//! Every trap of YAML, one case each, and the places of what is read.

use bounden_base::Json;
use proptest::prelude::*;

use super::*;
use crate::case;

fn problems(text: &str) -> String {
    case::show_places(text.as_bytes(), &read(text.as_bytes()).1)
}

fn codes(bytes: &[u8]) -> Vec<String> {
    read(bytes).1.into_iter().map(|problem| problem.code).collect()
}

fn json(text: &str) -> String {
    let (document, problems) = read(text.as_bytes());
    assert!(problems.is_empty(), "{}", case::show_places(text.as_bytes(), &problems));
    document.unwrap().json().canonical()
}

#[test]
fn scalars_have_the_types_of_json() {
    for (source, value) in [
        ("x", "\"x\""),
        ("true", "true"),
        ("null", "null"),
        ("", "null"),
        ("12", "12"),
        ("-1.50", "-1.5"),
        ("1e3", "1000"),
        ("9007199254740991", "9007199254740991"),
        ("0.1", "0.1"),
        ("\"true\"", "\"true\""),
        ("'it''s'", "\"it's\""),
        ("\"010\"", "\"010\""),
        ("3.2.0", "\"3.2.0\""),
        ("2026-04-01", "\"2026-04-01\""),
        ("30d", "\"30d\""),
        ("1.2.3.4", "\"1.2.3.4\""),
        ("e5", "\"e5\""),
        (">-\n  two\n  lines", "\"two lines\""),
        ("|\n  two\n  lines\n", "\"two\\nlines\\n\""),
    ] {
        assert_eq!(json(&format!("a: {source}")), format!("{{\"a\":{value}}}"), "{source}");
    }
}

#[test]
fn what_other_readers_type_otherwise_is_refused() {
    for source in [
        "yes",
        "No",
        "ON",
        "off",
        "True",
        "FALSE",
        "~",
        "Null",
        "NULL",
        "010",
        "0o17",
        "0x1F",
        "0b101",
        "1_000",
        "+1",
        ".5",
        "5.",
        "-.5",
        ".inf",
        "-.INF",
        ".nan",
        ".NaN",
        "12:30",
        "190:20:30",
        "1_0.5",
        "00",
        "-01",
        "01.5",
        "+1e3",
    ] {
        assert_eq!(codes(format!("a: {source}").as_bytes()), ["B013"], "{source}");
        assert_eq!(codes(format!("a: \"{source}\"").as_bytes()), [""; 0], "{source}");
    }
    assert_eq!(
        problems("on: yes"),
        "error B013 1:1 \"on\" some YAML readers take `on` for a boolean; help: write `true`, or `\"on\"` for the text\n\
         error B013 1:5 \"yes\" some YAML readers take `yes` for a boolean; help: write `true`, or `\"yes\"` for the text"
    );
}

#[test]
fn numbers_that_others_would_round_are_refused() {
    for (source, code) in [
        ("9007199254740992", "B014"),
        ("-9007199254740992", "B014"),
        ("123456789012345678901234567890123456789", "B015"),
        ("0.1234567890123456", "B015"),
        ("1234567890.1234567", "B015"),
        ("1e301", "B016"),
        ("1e-301", "B016"),
        ("1e99999999999999999999", "B016"),
    ] {
        assert_eq!(codes(format!("a: {source}").as_bytes()), [code], "{source}");
    }
    for source in ["-9007199254740991", "0.123456789012345", "1e300", "1e-300", "1e22"] {
        assert_eq!(codes(format!("a: {source}").as_bytes()), [""; 0], "{source}");
    }
}

#[test]
fn the_features_that_hide_a_value_are_refused() {
    for (source, code) in [
        ("a: &x 1", "B007"),
        ("a: &x [1]", "B007"),
        ("a: *x", "B007"),
        ("a: !!str 1", "B008"),
        ("a: !python/object {}", "B008"),
        ("<<: {a: 1}", "B009"),
        ("a: 1\na: 2", "B010"),
        ("{\"a\": 1, \"a\": 2}", "B010"),
        ("a: 1\n'a': 2", "B010"),
        ("1: a", "B012"),
        ("true: a", "B012"),
        ("null: a", "B012"),
        ("? [a]\n: b", "B012"),
        ("? {a: b}\n: b", "B012"),
        (": b", "B012"),
        ("a: 1\n---\nb: 2", "B005"),
        ("a: 1\n...\n---\nb: 2", "B005"),
        ("%YAML 1.1\n---\na: 1", "B006"),
        ("%TAG ! tag:x,2000:\n---\na: 1", "B006"),
    ] {
        assert_eq!(codes(source.as_bytes()), [code], "{source}");
    }
    assert_eq!(
        codes(b"a: &x 1\nb: *x\n<<: *x"),
        ["B007", "B007", "B009", "B007"],
        "reading goes on after each"
    );
}

#[test]
fn a_billion_laughs_are_refused_in_one_pass() {
    let mut text = String::from("a0: &a0 [x]\n");
    for level in 1..40 {
        let below = level - 1;
        text += &format!("a{level}: &a{level} [*a{below}, *a{below}]\n");
    }
    assert!(codes(text.as_bytes()).iter().all(|code| code == "B007"));
}

#[test]
fn characters_that_deceive_are_refused() {
    for (source, code) in [
        ("a: b\u{202E}c", "B018"),
        ("a: b # \u{2066}c", "B018"),
        ("a: b\u{200B}c", "B018"),
        ("a: b\u{FEFF}c", "B018"),
        ("a: b\u{E0041}c", "B018"),
        ("a: b\u{E0100}c", "B018"),
        ("a: b\u{2028}c", "B018"),
        ("a: 'b\u{7}c'", "B018"),
        ("a: 'b\u{85}c'", "B018"),
        ("a: \"b\\u202Ec\"", "B018"),
        ("a: \"b\\0c\"", "B018"),
        ("\"a\\u200B\": b", "B018"),
        ("a: e\u{301}", "B017"),
        ("a: \"e\\u0301\"", "B017"),
        ("a: \u{212B}", "B017"),
        ("a:\n \tb: c", "B019"),
    ] {
        assert_eq!(codes(source.as_bytes()).first().map(String::as_str), Some(code), "{source:?}");
    }
    assert_eq!(json("a: \"b\\tc\\n\\u00e9\u{1F600}\""), "{\"a\":\"b\\tc\\né\u{1F600}\"}");
    assert_eq!(problems("é: e\u{301}x").lines().count(), 1);
    assert!(problems("é: xe\u{301}").starts_with("error B017 1:5 \"e\""));
}

#[test]
fn bytes_that_are_no_document_are_refused() {
    assert_eq!(codes(b"\xef\xbb\xbfa: 1"), ["B003"]);
    assert_eq!(codes(b"a: \xff"), ["B002"]);
    assert_eq!(codes(b"a: \xc3"), ["B002"]);
    assert_eq!(
        codes("a: 1".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice())[..1],
        ["B018"]
    );
    for empty in ["", "# only a comment\n", "---\n...\n"] {
        assert!(read(empty.as_bytes()).1.len() <= 1, "{empty:?}");
    }
    assert_eq!(codes(b""), ["B020"]);
    assert_eq!(codes(b"# only a comment\n"), ["B020"]);
    assert_eq!(codes("a: 1\n".repeat(1 << 20).as_bytes()), ["B001"]);
    for broken in ["a: [1", "a: 'b", "a: b: c", "a: b\nc\n", "a: @spend", "}", "- a\nb: c"] {
        assert_eq!(codes(broken.as_bytes()), ["B004"], "{broken}");
    }
}

#[test]
fn a_bracket_that_is_not_closed_is_shown() {
    let (_, problems) = read(b"a: {b: c\nd: e\n");
    let opened: Vec<_> = problems.iter().flat_map(|problem| &problem.related).collect();
    assert_eq!(opened.len(), 1, "{problems:?}");
    assert_eq!(
        (opened[0].span, opened[0].message.as_str()),
        (Span::new(3, 4), "this is still open there")
    );
}

#[test]
fn nesting_has_an_end() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(codes(nested(64).as_bytes()), [""; 0]);
    assert_eq!(codes(nested(65).as_bytes()), ["B011"]);
    assert_eq!(codes("[".repeat(200_000).as_bytes()), ["B011"]);
    assert_eq!(codes("{a: ".repeat(200_000).as_bytes()), ["B011"]);
    assert_eq!(codes("- ".repeat(200_000).as_bytes()), ["B011"]);
}

#[test]
fn every_key_and_value_has_its_place() {
    let text = "é: 'x'\nlist:\n- a: 1\n  b: |\n    two\n    lines\n\nflow: {c: [1, 2]}\nnone:\n";
    let (document, _) = read(text.as_bytes());
    let root = document.unwrap().root;
    let at = |span: Span| &text[span.start..span.end];
    let entries = root.entries().unwrap();
    assert_eq!(
        entries.iter().map(|entry| at(entry.key.span)).collect::<Vec<_>>(),
        ["é", "list", "flow", "none"]
    );
    assert_eq!(at(root.get("é").unwrap().span), "'x'");
    let item = &root.get("list").unwrap().items().unwrap()[0];
    assert_eq!(at(item.span), "a: 1\n  b: |\n    two\n    lines");
    assert_eq!(at(root.get("flow").unwrap().span), "{c: [1, 2]}");
    assert_eq!(at(root.get("flow").unwrap().get("c").unwrap().span), "[1, 2]");
    assert_eq!(root.get("none").unwrap().span, Span::at(text.len() - 2));
}

#[test]
fn brackets_end_where_they_close_even_after_a_trailing_comma() {
    for (text, list) in [
        ("a: [1, 2]\n", "[1, 2]"),
        ("a: [1, ]\n", "[1, ]"),
        ("a: [1,\n  # ]\n  ]\nb: 2", "[1,\n  # ]\n  ]"),
        ("a: {b: 1,}", "{b: 1,}"),
        ("a: {}", "{}"),
    ] {
        let span = read(text.as_bytes()).0.unwrap().root.get("a").unwrap().span;
        assert_eq!(&text[span.start..span.end], list);
    }
}

#[test]
fn a_part_of_a_text_is_found_where_the_source_holds_it() {
    for (source, part) in [
        ("a: x > 500", "500"),
        ("a: \"x > 500\"", "500"),
        ("a: 'x > 500'", "500"),
        ("a: |-\n  x > 500", "500"),
        ("a: \"x \\u003e 500\"", "\"x \\u003e 500\""),
        ("a: 'x ''>'' 500'", "'x ''>'' 500'"),
        ("a: x >\n  500", "x >\n  500"),
    ] {
        let (document, _) = read(source.as_bytes());
        let root = document.unwrap().root;
        let text = root.get("a").unwrap().text().unwrap();
        let at = text.part(Span::new(text.len() - 3, text.len()));
        assert_eq!(&source[at.start..at.end], part, "{source}");
    }
}

#[test]
fn comments_layout_and_key_order_do_not_change_the_canonical_digest() {
    let digests = |text: &str| {
        let document = read(text.as_bytes()).0.unwrap();
        (document.raw, document.canonical())
    };
    let (raw, canonical) = digests("a: 1\nb: [x, {c: 1.0}]\n");
    let (other_raw, same) = digests("# words\nb:\n- 'x'\n- \"c\": 1\na: 1\n");
    assert_eq!(canonical, same);
    assert_ne!(raw, other_raw);
    assert_ne!(canonical, digests("a: '1'\nb: [x, {c: 1}]\n").1);
}

#[test]
fn json_is_read_like_yaml() {
    let text = "{\n\t\"a\": [1, \"x\\/y\\u00e9\", null],\n\t\"b\": {\"c\": true}\n}\n";
    assert_eq!(json(text), Json::parse(text.as_bytes()).unwrap().canonical());
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Json::from),
        "[ -~]{0,12}".prop_map(Json::from),
        "(yes|no|~|010|1e3|# x|a: b|- a|'|\\\\|\\{|é)".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Json::Array),
            proptest::collection::btree_map("[ -~]{0,8}", inner, 0..6).prop_map(Json::from),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_json_says_yaml_reads_the_same(value in any_json()) {
        let text = value.canonical();
        let (document, problems) = read(text.as_bytes());
        prop_assert!(problems.is_empty(), "{}", case::show_places(text.as_bytes(), &problems));
        prop_assert_eq!(document.unwrap().json(), value);
    }

    #[test]
    fn what_is_printed_reads_back_the_same(value in any_json()) {
        let (document, _) = read(value.canonical().as_bytes());
        let text = print(&document.unwrap().root.value);
        let (again, problems) = read(text.as_bytes());
        prop_assert!(problems.is_empty(), "{text}{}", case::show(text.as_bytes(), &problems));
        prop_assert_eq!(again.unwrap().json(), value);
    }

    #[test]
    fn no_bytes_panic_and_every_place_lies_in_the_text(text in "[a-c:,\\[\\]{}'\"|>#&*!%@`?~\\-\n\t 0-9é\u{202e}\\\\]{0,60}") {
        let (document, problems) = read(text.as_bytes());
        for problem in &problems {
            prop_assert!(text.get(problem.span.start..problem.span.end).is_some(), "{:?}", problem);
        }
        prop_assert!(document.is_some() || !problems.is_empty());
    }

    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let (document, problems) = read(&bytes);
        prop_assert!(document.is_some() || !problems.is_empty());
    }
}
