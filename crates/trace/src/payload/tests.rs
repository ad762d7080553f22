//! Payloads in the dialects that recordings write.

use std::borrow::Cow;

use bounden_base::Json;

use super::Payload;

fn raw(json: &str) -> Payload<'_> {
    Payload::Json(Cow::Borrowed(json))
}

fn parse(json: &str) -> Json {
    Json::parse(json.as_bytes()).unwrap()
}

#[test]
fn arguments_are_an_object_or_an_object_within_a_string() {
    let expected = parse(r#"{"id":9007199254740993}"#);
    assert_eq!(raw(r#"{"id":9007199254740993}"#).arguments(), Ok(expected.clone()));
    assert_eq!(raw(r#""{\"id\":9007199254740993}""#).arguments(), Ok(expected.clone()));
    assert_eq!(Payload::from_text(r#"{"id":9007199254740993}"#).arguments(), Ok(expected));
}

#[test]
fn arguments_that_are_no_json_are_an_error() {
    for bad in [r#""{\"a\":NaN}""#, r#""""#, r#""{\"a\":1""#, r#"{"a":1,"a":2}"#] {
        assert!(raw(bad).arguments().is_err(), "{bad}");
    }
}

#[test]
fn a_result_is_a_document_or_words() {
    assert_eq!(raw(r#""{\"a\": [1]}""#).value(), Ok(parse(r#"{"a":[1]}"#)));
    assert_eq!(raw(r#"{"a": [1]}"#).value(), Ok(parse(r#"{"a":[1]}"#)));
    assert_eq!(raw(r#""60.0""#).value(), Ok(Json::from("60.0")));
    assert_eq!(raw(r#""[see below] gone""#).value(), Ok(Json::from("[see below] gone")));
    assert!(raw(r#""{\"a\": NaN}""#).value().is_err());
}

#[test]
fn text_is_decoded_once() {
    assert_eq!(raw(r#""a\n\"b\" \u00e9""#).text(), "a\n\"b\" é");
    assert_eq!(raw(r#""plain""#).text(), "plain");
    assert_eq!(Payload::from_text(r#""quoted""#).text(), r#""quoted""#);
}
