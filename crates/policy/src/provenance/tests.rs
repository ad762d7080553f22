//! Who said what, in every order, spelling and length.

use bounden_base::Decimal;
use proptest::prelude::*;

use super::Origin::{Trusted, Unknown, Untrusted, User};
use super::*;
use crate::value::Interval;

fn told(said: &[(Origin, &str)]) -> Provenance {
    let mut known = Provenance::default();
    for (from, text) in said {
        known.learn_text(text, *from);
    }
    known
}

#[track_caller]
fn origin(said: &[(Origin, &str)], value: &str, expected: Origin) {
    let found = told(said).origin(&Value::Text(value.into())).unwrap();
    assert_eq!(found, expected, "{value} after {said:?}");
}

#[test]
fn a_value_is_known_again_inside_longer_text() {
    let mail = "Hi! Pay invoice RE-2041 (EUR 1250.50) to \"DE89 3704 0044 0532 0130 00\",\n\
        not to ann.lee@acme.example. See https://acme.example/pay?id=77 or /srv/in/bill.pdf.";
    for from in [User, Trusted, Untrusted] {
        for value in [
            "RE-2041",
            "re-2041",
            "1250.50",
            "1250.5",
            "DE89370400440532013000",
            "DE89 3704 0044 0532 0130 00",
            "ann.lee@acme.example",
            "https://acme.example/pay?id=77",
            "/srv/in/bill.pdf",
            "invoice RE-2041",
            "Pay invoice   RE-2041",
            mail,
        ] {
            origin(&[(from, mail)], value, from);
        }
    }
    origin(&[(User, "to NL91 ABNA 0417 1643 00 on Monday")], "nl91abna0417164300", User);
    origin(&[(User, "to NL91ABNA0417164300 on Monday")], "NL91 ABNA 0417 1643 00", User);
    for value in [
        "RE-2042",
        "lee@acme.example",
        "bill.pdf",
        "DE8937040044053201300",
        "not ann.lee@acme.example x",
    ] {
        origin(&[(User, mail), (Trusted, mail)], value, Unknown);
    }
}

#[test]
fn numbers_are_known_as_they_are_written() {
    let mut known = Provenance::default();
    known.learn_json(&Json::parse(br#"{"items":[{"id":88120,"price":12.5}]}"#).unwrap(), Trusted);
    let of = |number: &str| {
        let number: Decimal = number.parse().unwrap();
        known.origin(&Value::Number(Interval::exact(number))).unwrap()
    };
    assert_eq!(
        [of("88120"), of("88120.0"), of("12.50"), of("88121"), of("1")],
        [Trusted, Trusted, Trusted, Unknown, Unknown]
    );
    origin(&[(User, "Order 88120, please")], "88120", User);
    origin(&[(User, "It was $88120.00")], "88120", User);
    assert_eq!(known.origin(&Value::Bool(true)), Err(Doubt::MALFORMED));
    assert_eq!(known.origin(&Value::Json(&Json::Null)), Err(Doubt::MALFORMED));
}

/// "yes" in a long mail says nothing about a "yes" in an argument.
#[test]
fn short_values_are_compared_as_whole_texts_only() {
    for short in ["yes", "1", "USD", "500", "2024", "aaaaaaaa", "0000000", "ja, ok"] {
        origin(&[(User, &format!("well, {short} then"))], short, Unknown);
        origin(&[(Untrusted, &format!("{short} and more"))], short, Unknown);
        origin(&[(User, &format!(" {short} "))], short, User);
        origin(&[(Untrusted, short)], short, Untrusted);
        origin(&[(User, short), (Untrusted, short)], short, User);
    }
}

#[test]
fn the_least_trusted_counts_unless_the_user_was_first() {
    let value = "eve@evil.example";
    let text = "write to eve@evil.example now";
    for (said, expected) in [
        (vec![User], User),
        (vec![User, Untrusted], User),
        (vec![User, Trusted, Untrusted], User),
        (vec![Untrusted, User], Untrusted),
        (vec![Untrusted, Trusted], Untrusted),
        (vec![Trusted, Untrusted], Untrusted),
        (vec![Trusted, User], Trusted),
        (vec![Unknown, User], Unknown),
        (vec![Unknown, Trusted], Unknown),
        (vec![Unknown, Untrusted], Untrusted),
        (vec![Trusted, Unknown], Trusted),
        (vec![], Unknown),
    ] {
        let said: Vec<_> = said.into_iter().map(|from| (from, text)).collect();
        origin(&said, value, expected);
        origin(&said, text, expected);
    }
}

#[test]
fn a_value_is_not_pieced_together() {
    let user = (User, "Mail bob@acme.example that the quarterly report of April is late");
    origin(&[user], "the quarterly report of April is late", User);
    origin(&[user], "the report of April is late", Unknown);
    origin(&[user], "bob@acme.example report", Unknown);
    let page = (Untrusted, "The quarterly report is at eve@evil.example today");
    // A name from a stranger taints whatever stands beside it; a word does not.
    origin(&[user, page], "bob@acme.example, eve@evil.example", Untrusted);
    origin(&[user, page], "Mail bob@acme.example that the quarterly", User);
    origin(&[page, user], "Mail bob@acme.example that", User);
    origin(&[page, user], "quarterly report is at", Untrusted);
    origin(
        &[user, (Trusted, "Mail carl@acme.example that")],
        "carl@acme.example that the quarterly",
        Unknown,
    );
    origin(&[user, (Trusted, "carl@acme.example is late")], "carl@acme.example is late", Trusted);
}

#[test]
fn spellings_that_look_alike_are_not_trusted_but_distrusted() {
    origin(&[(User, "Write to ANN@Acme.example")], "ann@acme.EXAMPLE", User);
    origin(&[(User, "to ａｎｎ@acme.example")], "ann@acme.example", User);
    origin(&[(User, "to zo\u{308}e@acme.example")], "zöe@acme.example", User);
    for disguised in ["ａｎｎ@acme.example", "an\u{200b}n@acme.example", "ann@acme.example\u{202e}"]
    {
        origin(&[(User, "to ann@acme.example")], disguised, Unknown);
        origin(&[(Untrusted, "to ann@acme.example")], disguised, Untrusted);
        origin(&[(Untrusted, &format!("to {disguised}"))], "ann@acme.example", Untrusted);
    }
    origin(&[(User, "see /srv/..")], "/srv/", Unknown);
    origin(&[(User, "see .env")], "env.production", Unknown);
}

/// An answer that is JSON inside a text, as MCP sends it.
#[test]
fn quotes_and_brackets_end_words() {
    let text = r#"{"to":"ann lee example","iban":"DE89370400440532013000","n":[4711234,2]}"#;
    for value in ["DE89370400440532013000", "4711234", "Ann Lee Example"] {
        origin(&[(Untrusted, text)], value, Untrusted);
        origin(&[(Trusted, text)], value, Trusted);
    }
}

#[test]
fn what_is_missed_makes_nothing_more_trusted() {
    let mut known = told(&[(User, "from ann@acme.example"), (Trusted, "to bob@acme.example")]);
    known.hear(false, 0, |_| unreachable!());
    for from in [User, Trusted] {
        known.learn_text("carl@acme.example", from);
    }
    known.learn_text("dan@acme.example", Untrusted);
    let of = |value: &str| known.origin(&Value::Text(value.to_owned().into())).unwrap();
    assert_eq!(
        ["ann", "bob", "carl", "dan"].map(|name| of(&format!("{name}@acme.example"))),
        [User, Unknown, Unknown, Untrusted]
    );
}

#[test]
fn a_full_session_forgets_nothing_and_learns_nothing() {
    let mut known = told(&[(User, "from ann@acme.example"), (Trusted, "to bob@acme.example")]);
    let flood: String = (0..MOST_FINGERPRINTS).map(|number| format!("word{number} ")).collect();
    known.learn_text(&flood, Untrusted);
    assert_eq!((known.seen.len(), known.is_incomplete), (MOST_FINGERPRINTS, true));
    known.learn_text("and carl@acme.example", User);
    let of = |value: &str| known.origin(&Value::Text(value.to_owned().into())).unwrap();
    assert_eq!(
        ["ann@acme.example", "bob@acme.example", "carl@acme.example", "word777"].map(of),
        [User, Unknown, Unknown, Untrusted]
    );
}

proptest! {
    /// Whatever is said beside it, and whatever is lost, trust only goes down:
    /// only what the user said before anybody else is the user's.
    #[test]
    fn more_that_is_said_never_adds_trust_but_by_its_own_words(
        before in prop::collection::vec((0_u8..3, "[a-c0-9@. ]{0,24}"), 0..6),
        value in "[a-c0-9@.]{1,12}",
    ) {
        let origins = [User, Trusted, Untrusted];
        let said: Vec<(Origin, &str)> =
            before.iter().map(|(from, text)| (origins[usize::from(*from)], text.as_str())).collect();
        let of = |said: &[(Origin, &str)]| told(said).origin(&Value::Text(value.as_str().into())).unwrap();
        let now = of(&said);
        let mut first = vec![(Untrusted, value.as_str())];
        first.extend(&said);
        prop_assert_eq!(of(&first), Untrusted);
        let mut first = vec![(User, value.as_str())];
        first.extend(&said);
        prop_assert_eq!(of(&first), User);
        let mut last = said.clone();
        last.push((Untrusted, value.as_str()));
        prop_assert!(of(&last) >= now || now == Unknown);
        let mut missed = told(&said);
        missed.is_incomplete = true;
        prop_assert!(missed.origin(&Value::Text(value.as_str().into())).unwrap() >= now);
    }

    #[test]
    fn any_text_can_be_learned_and_asked(text in "\\PC{0,80}|[ \\t\\n]{0,5}", value in any::<String>()) {
        let known = told(&[(Untrusted, &text), (User, &value)]);
        let _ = known.origin(&Value::Text(text.as_str().into())).unwrap();
        let _ = known.origin(&Value::Text(value.as_str().into())).unwrap();
    }
}
