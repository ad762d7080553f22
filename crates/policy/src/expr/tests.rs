//! Expressions are printed as they are read, and an error underlines what is wrong.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn prints(text: &str, expected: &str) {
    let expr = parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    assert_eq!(expr.to_string(), expected);
    assert_eq!(parse(expected).unwrap().to_string(), expected, "the printed form is stable");
}

#[track_caller]
fn fails(text: &str, underlined: &str, message: &str) {
    let error = parse(text).expect_err(text);
    assert_eq!(
        (&text[error.span.start..error.span.end], error.message.as_str()),
        (underlined, message)
    );
}

#[test]
fn every_character_of_a_text_survives() {
    let controls =
        (0..0x20).filter_map(char::from_u32).filter(|c| !matches!(c, '\n' | '\r' | '\t'));
    for character in controls.chain(['\u{7f}', '\u{2028}', '\u{1f600}', '\\', '"', '\'']) {
        let written =
            format!("'{}{character}x'", if matches!(character, '\\' | '\'') { "\\" } else { "" });
        let text = |text: &str| match parse(text).unwrap().kind {
            ExprKind::Text(text) => text,
            other => panic!("{other:?}"),
        };
        let read = text(&written);
        assert_eq!(read, format!("{character}x"));
        assert_eq!(text(&parse(&written).unwrap().to_string()), read, "{character:?}");
    }
}

#[test]
fn precedence_is_that_of_cel() {
    prints("a||b&&c==d+e*f", "a || b && c == d + e * f");
    prints("((a||b))&&c", "(a || b) && c");
    prints("a-(b-c)-d", "a - (b - c) - d");
    prints("!(a&&b)", "!(a && b)");
    prints("-a*b", "-a * b");
    prints("a?b:c?d:e", "a ? b : c ? d : e");
    prints("(a?b:c)?d:e", "(a ? b : c) ? d : e");
    prints("(a<b)==c", "(a < b) == c");
    prints("'x' in [1, 2.50, \"y\\n\"]", "\"x\" in [1, 2.5, \"y\\n\"]");
    prints(
        "calls('t').by(args.x).within(\"30d\").sum(args.a)+1>5",
        r#"calls("t").by(args.x).within("30d").sum(args.a) + 1 > 5"#,
    );
    prints(r"args.x.matches('\d+')", r#"args.x.matches("\\d+")"#);
    prints(r#"a[0]['k k']["1"].b"#, r#"a[0]["k k"]["1"].b"#);
    prints("a[0]['k'].b", "a[0].k.b");
}

#[test]
fn errors_underline_what_is_wrong() {
    fails("a = 1", "=", "`=` has no meaning here; write `==` to compare");
    fails("a & b", "&", "`&` has no meaning here; write `&&`");
    fails("a >", "", "a value is missing here");
    fails("1 < a < 3", "<", "comparisons do not chain; join two of them with `&&`");
    fails("'abc", "'abc", "this text is not closed");
    fails("f(a b)", "b", "`,` or `)` is expected here");
    fails("a.1", "1", "a name after `.` is expected here");
    fails("007", "007", "`007`: this is not a JSON number");
    fails("12abc", "12abc", "`12abc`: this is not a JSON number");
    fails("a b", "b", "the expression has ended before this");
    fails("a ? b", "", "`:` between the two values of `?` is expected here");
    fails(")", ")", "a value is expected here, not `)`");
    fails("a == é", "é", "`é` has no meaning here");
}

#[test]
fn deep_nesting_is_refused_and_does_not_overflow() {
    for deep in ["(".repeat(8_000), "!".repeat(8_000), "a?".repeat(8_000), "[".repeat(8_000)] {
        assert_eq!(parse(&deep).unwrap_err().message, "the expression is nested too deeply");
    }
    assert!(parse(&vec!["a"; 257].join("&&")).is_ok());
    assert!(parse(&vec!["a"; 258].join("&&")).is_err());
}

proptest! {
    #[test]
    fn any_text_is_an_expression_or_an_error_inside_it(text in "[a-c0-2.()\\[\\]!&|=<>+*/% ?:,'\"-]{0,40}|\\PC{0,20}") {
        match parse(&text) {
            Ok(expr) => {
                let printed = expr.to_string();
                prop_assert_eq!(parse(&printed).unwrap().to_string(), printed);
            }
            Err(error) => prop_assert!(error.span.end <= text.len()),
        }
    }
}
