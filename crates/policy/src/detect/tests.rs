//! What holds for all detectors together.

use std::borrow::Cow;

use bounden_base::Json;
use proptest::prelude::*;

use super::*;

fn all() -> Kinds {
    Kind::all().collect()
}

#[test]
fn every_detector_finds_its_specimen_and_none_says_more_in_a_mask() {
    for kind in Kind::all() {
        let specimen = kind.specimen();
        assert_eq!(find(&specimen, kind.into()).count(), 1, "{kind}: {specimen}");
        let masked = mask(&specimen, kind.into());
        assert!(masked.contains(&format!("[{kind}]")), "{masked}");
        assert_eq!(find(&masked, all()).count(), 0, "{masked}");
    }
}

#[test]
fn without_kinds_nothing_is_looked_for_and_without_findings_nothing_is_copied() {
    assert!(matches!(mask("ann@acme.example", Kinds::NONE), Cow::Borrowed(_)));
    assert!(matches!(mask("nobody here, \\n 100 %", all()), Cow::Borrowed(_)));
    let record = Json::parse(br#"{"a":["b",1,null,true]}"#).unwrap();
    assert!(matches!(mask_json(&record, all()), Cow::Borrowed(_)));
}

#[test]
fn what_is_found_is_named_by_the_surest_detector() {
    for (text, masked) in [
        ("password=ann@acme.example", "password=[email]"),
        ("SSN 123-45-6789, ITIN 912-70-1234", "SSN [us_ssn], ITIN [us_itin]"),
        ("IBAN DE89 3704 0044 0532 0130 00 BIC DEUTDEFF", "IBAN [iban] BIC [bic]"),
        ("TFN 123 456 782", "TFN [au_tfn]"),
        ("SIN 123 456 782", "SIN [ca_sin]"),
        ("4111 1111 1111 1111 12/27", "[card] 12/27"),
        ("call +1 202-555-0143 4111 1111 1111 1111", "call [phone] [card]"),
    ] {
        assert_eq!(mask(text, Kinds::grouped()), masked);
    }
}

#[test]
fn what_a_mask_is_called_names_nothing() {
    for text in [
        "[phone] 5550143, [nl_bsn] 111222333",
        "[us_ssn]: 123456789",
        "[credential]: x-9 [authorization] Token [bic] DEUTDEFF",
        "password=[credential] https://u:[url_password]@host",
    ] {
        assert_eq!(mask(text, Kinds::grouped()), text);
    }
}

#[test]
fn escapes_are_seen_through_and_stay_whole() {
    for (text, masked) in [
        (r#"{"m":"ann\u0040acme.example"}"#, r#"{"m":"[email]"}"#),
        (r"a\nann@acme.example\tb", r"a\n[email]\tb"),
        (r#""{\"card\":\"4111\\u00201111 1111 1111\"}""#, r#""{\"card\":\"[card]\"}""#),
        ("/find?q=ann%40acme.example&x=%20", "/find?q=[email]&x=%20"),
        ("ann&#64;acme.example", "[email]"),
        ("٤١١١ ١١١١ ١١١١ ١١١١ (4111\u{200b}111111111111)", "[card] ([card])"),
        ("ａｎｎ＠ａｃｍｅ．ｅｘａｍｐｌｅ，", "[email]，"),
        (r#"{\"password\":\"a b\"}"#, r#"{\"password\":\"[credential]\"}"#),
    ] {
        assert_eq!(mask(text, Kinds::grouped()), masked);
    }
}

#[test]
fn records_are_masked_in_texts_names_and_numbers() {
    let masked = |text: &str| {
        let json = Json::parse(text.as_bytes()).unwrap();
        mask_json(&json, Kinds::grouped()).canonical()
    };
    for (record, wanted) in [
        (
            r#"{"a@b.example":["x a@b.example",{"n":4111111111111111}]}"#,
            r#"{"[email]":["x [email]",{"n":"[card]"}]}"#,
        ),
        (
            r#"{"a@b.example":1,"c@d.example":2,"[email]":3,"e@f.example":4}"#,
            r#"{"[email]":3,"[email] 2":1,"[email] 3":2,"[email] 4":4}"#,
        ),
        (r#"{"ssn":123456789,"n":123456789}"#, r#"{"n":123456789,"ssn":"[us_ssn]"}"#),
        (r#"{"phone":{"number":"5550143"}}"#, r#"{"phone":{"number":"[phone]"}}"#),
        (r#"{"bsn":["111222333","x"]}"#, r#"{"bsn":["[nl_bsn]","x"]}"#),
        (
            r#"{"password":"hunter2","api_key":"k k","password_policy":"strict","token":null}"#,
            r#"{"api_key":"[credential]","password":"[credential]","password_policy":"strict","token":null}"#,
        ),
        (r#"{"authorization":"Token abc"}"#, r#"{"authorization":"Token [authorization]"}"#),
        (r#"{"bic":"DEUTDEFF","swift":"fast"}"#, r#"{"bic":"[bic]","swift":"fast"}"#),
        (r#"{"[phone]":"5550143"}"#, r#"{"[phone]":"5550143"}"#),
    ] {
        assert_eq!(masked(record), wanted);
    }
}

#[test]
fn hostile_texts_are_looked_through_in_linear_time() {
    for part in [
        "eyJ.",
        "eyJ",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN ",
        "a@",
        "@1.",
        "a@1.",
        "://a:",
        "+1 ",
        "<",
        "A<",
        "password=",
        "password:a/",
        "password='",
        "password=$a/",
        "password=a(",
        "PWD=/",
        "sig=",
        "?sig=%",
        "1 ",
        "1.",
        "1:",
        "PuTTY-User-Key-File-",
        "glpat-",
        "ya29.",
        "4111 ",
        "Bearer ",
        "[",
        "]",
        "[email]",
        "\\n",
        "%40",
        "\\\\",
        "a",
        "1",
        "é",
        "12345678:AA",
        "BIC ",
        "dob 1.1.",
        "xoxe.xoxp-",
        "ssn 123-45-6789 ",
        "\\n1@a.example",
    ] {
        let text = part.repeat(100_000 / part.len());
        assert!(mask(&text, all()).len() <= 16 * text.len(), "{part}");
    }
}

/// Texts of specimens, near misses, separators, escapes, masks and noise.
fn texts() -> impl Strategy<Value = String> {
    let specimens: Vec<String> = Kind::all().map(Kind::specimen).collect();
    let values: Vec<String> = Kind::all()
        .map(|kind| {
            let specimen = kind.specimen();
            let span = find(&specimen, kind.into()).next().unwrap().span;
            specimen[span.start..span.end].to_owned()
        })
        .collect();
    let masks: Vec<String> = Kind::all().map(|kind| format!("[{kind}]")).collect();
    let words: Vec<&str> = Kind::all().flat_map(|kind| kind.words().iter().copied()).collect();
    const SIGNS: &[&str] = &[
        " ", "-", ".", ":", "=", ",", "/", "@", "\n", "\"", "'", "(", ")", "+", "[", "]", "_", "<",
        "%", "&", "\\n", "\\u0040", "%20", "&#64;", "\\\"", "\\\\n", "\u{200b}", "４", "٤", "＠",
        "1", "12", "123", "00", "a", "A", "é", "电", "\u{a0}", ": ", "= ",
    ];
    let part = prop_oneof![
        2 => prop::sample::select(specimens),
        4 => prop::sample::select(values),
        2 => prop::sample::select(masks),
        2 => prop::sample::select(words).prop_map(str::to_owned),
        8 => prop::sample::select(SIGNS).prop_map(str::to_owned),
        1 => "[0-9]{1,20}",
        1 => any::<String>(),
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

fn sets() -> impl Strategy<Value = Kinds> {
    let some = prop::collection::vec(prop::sample::select(Kind::all().collect::<Vec<_>>()), 0..6);
    prop_oneof![
        Just(all()),
        Just(Kinds::grouped()),
        some.prop_map(|kinds| kinds.into_iter().collect())
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn findings_are_in_order_and_all_that_a_mask_changes(text in texts(), kinds in sets()) {
        let mut wanted = String::new();
        let mut from = 0;
        for finding in find(&text, kinds) {
            let (start, end) = (finding.span.start, finding.span.end);
            prop_assert!(from <= start && start < end && kinds.contains(finding.kind));
            prop_assert!(text.is_char_boundary(start) && text.is_char_boundary(end));
            wanted.push_str(&text[from..start]);
            wanted.push_str(&format!("[{}]", finding.kind));
            from = end;
        }
        wanted.push_str(&text[from..]);
        prop_assert_eq!(mask(&text, kinds), wanted);
    }

    #[test]
    fn masking_a_masked_text_changes_nothing(text in texts(), kinds in sets()) {
        let once = mask(&text, kinds).into_owned();
        let twice = mask(&once, kinds);
        prop_assert_eq!(&once, &twice, "{}", text);
    }

    #[test]
    fn looking_for_more_uncovers_nothing(text in texts(), kind in prop::sample::select(Kind::all().collect::<Vec<_>>())) {
        let covered: Vec<_> = find(&text, all()).map(|finding| finding.span).collect();
        // What is looked for in the rest is not looked for in what others found.
        let own = find(&text, kind.into()).filter(|_| !["phone", "high_entropy"].contains(&kind.name()));
        for finding in own {
            for byte in finding.span.start..finding.span.end {
                let is_covered = covered.iter().any(|span| (span.start..span.end).contains(&byte));
                prop_assert!(is_covered, "{finding:?} in {text}");
            }
        }
    }

    #[test]
    fn a_mask_is_of_bounded_length(text in texts(), kinds in sets()) {
        prop_assert!(mask(&text, kinds).len() <= 20 * text.len());
    }

    #[test]
    fn a_masked_record_holds_nothing_more(name in texts(), text in texts(), kinds in sets()) {
        let record = Json::object([(name, Json::from(text)), ("card".to_owned(), Json::from(7))]);
        let once = mask_json(&record, kinds);
        prop_assert_eq!(kinds_in(&once, kinds), Kinds::NONE);
        let is_changed = kinds_in(&record, kinds) != Kinds::NONE;
        prop_assert_eq!(matches!(once, Cow::Owned(_)), is_changed);
    }
}
