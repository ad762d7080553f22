//! What is read, what is refused, and that bytes stay bytes.

use proptest::prelude::*;

use super::*;
use crate::code;

fn parse(text: &str) -> Result<Message, MessageError> {
    Message::parse(text.as_bytes(), Limits::default())
}

fn refusal(text: &str) -> Refusal {
    parse(text).expect_err(text).refusal
}

#[test]
fn the_three_kinds_are_told_apart() {
    let request = parse(r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#).unwrap();
    assert!(
        matches!(request.body(), Body::Request(r) if r.method == "ping" && r.id == Id::number(1))
    );
    let notification = parse(r#"{"jsonrpc":"2.0","method":"n","params":{"a":1}}"#).unwrap();
    assert!(matches!(notification.body(), Body::Notification(n) if n.params.is_some()));
    let result = parse(r#"{"jsonrpc":"2.0","id":"x","result":{}}"#).unwrap();
    assert!(matches!(result.body(), Body::Response(r) if r.outcome.is_ok()));
    let error =
        parse(r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}}"#).unwrap();
    let Body::Response(response) = error.body() else { panic!("{error:?}") };
    assert_eq!(response.id, None);
    assert_eq!(response.outcome, Err(RpcError::new(code::PARSE_ERROR, "m")));
}

#[test]
fn what_no_view_touches_keeps_its_bytes() {
    let text = r#"{ "id" : 1.0, "method":"x/y", "jsonrpc":"2.0","params":{"z":1e2,"a":"\u00e9"},"more":[ ] }"#;
    assert_eq!(parse(text).unwrap().text(), text);
}

#[test]
fn an_id_is_echoed_as_it_came() {
    for raw in ["1.0", "9007199254740993", "\"caf\\u00e9\"", "\"1\"", "-3"] {
        let text = format!(r#"{{"jsonrpc":"2.0","id":{raw},"method":"ping"}}"#);
        let Body::Request(request) = parse(&text).unwrap().into_body() else { panic!("{text}") };
        let answer = Message::result(request.id, Json::object::<&str>([]));
        assert_eq!(answer.text(), format!(r#"{{"id":{raw},"jsonrpc":"2.0","result":{{}}}}"#));
    }
    assert_ne!(Id::number(1), Id::text("1"));
}

#[test]
fn doubtful_messages_are_refused_with_their_reason() {
    let ok = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    assert_eq!(refusal(&format!("[{ok}]")), Refusal::Batch);
    assert_eq!(refusal("7"), Refusal::NotAnObject("number"));
    assert_eq!(refusal(r#"{"id":1,"method":"ping"}"#), Refusal::Version);
    assert_eq!(refusal(r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#), Refusal::Id);
    assert_eq!(refusal(r#"{"jsonrpc":"2.0","id":true,"result":{}}"#), Refusal::Id);
    assert_eq!(refusal(r#"{"jsonrpc":"2.0","id":1,"method":3}"#), Refusal::Method);
    assert_eq!(refusal(r#"{"jsonrpc":"2.0","id":1,"method":"m","params":[1]}"#), Refusal::Params);
    assert_eq!(refusal(r#"{"jsonrpc":"2.0","id":1}"#), Refusal::Kind);
    assert_eq!(refusal(r#"{"jsonrpc":"2.0","id":1,"method":"m","result":{}}"#), Refusal::Kind);
    assert_eq!(refusal(r#"{"jsonrpc":"2.0","result":{}}"#), Refusal::NoId);
    assert_eq!(
        refusal(r#"{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":""}}"#),
        Refusal::Error
    );
    for text in [format!("{ok}{ok}"), ok.replace("1,", "1,\"id\":1,"), String::new()] {
        assert!(matches!(refusal(&text), Refusal::Json(_)), "{text}");
    }
    let not_utf8 = Message::parse(b"{\"jsonrpc\":\"2.0\",\"method\":\"\xff\"}", Limits::default());
    assert!(matches!(not_utf8.unwrap_err().refusal, Refusal::Json(_)));
}

#[test]
fn look_alikes_of_a_member_are_refused() {
    for key in ["Method", "METHOD", "Params", "re\u{17f}ult", "ID"] {
        let text = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"ping","{key}":"tools/call"}}"#);
        assert!(matches!(refusal(&text), Refusal::LookAlike(..)), "{text}");
    }
}

#[test]
fn a_refusal_answers_to_the_id_where_there_is_one() {
    let error = parse(r#"{"jsonrpc":"2.0","id":41,"method":"m","params":7}"#).unwrap_err();
    assert_eq!(error.to_rpc().code, code::INVALID_PARAMS);
    let answer = Message::error(error.id.clone(), error.to_rpc());
    assert!(answer.text().starts_with(r#"{"id":41,"#), "{}", answer.text());
    let error = parse("{").unwrap_err();
    assert_eq!((error.to_rpc().code, &error.id), (code::PARSE_ERROR, &None));
    let answer = Message::error(None, error.to_rpc());
    assert!(answer.text().starts_with(r#"{"id":null,"#), "{}", answer.text());
    assert!(parse(answer.text()).is_ok());
}

#[test]
fn a_message_over_several_lines_goes_out_as_one() {
    let text = "{\r\n\"jsonrpc\":\"2.0\",\n\"method\":\"a\\nb\"}";
    assert_eq!(parse(text).unwrap().to_line(), "{  \"jsonrpc\":\"2.0\", \"method\":\"a\\nb\"}\n");
}

#[test]
fn larger_messages_than_the_limit_are_refused() {
    let limits = Limits { bytes: 20, ..Limits::default() };
    let error = Message::parse(br#"{"jsonrpc":"2.0","method":"m"}"#, limits).unwrap_err();
    assert_eq!(error.to_rpc().code, code::PARSE_ERROR);
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            prop::collection::btree_map(any::<String>(), inner, 0..4).prop_map(Json::from),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_a_message_or_a_refusal(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        if let Err(error) = Message::parse(&bytes, Limits::default()) {
            prop_assert!(error.to_rpc().code < 0);
        }
    }

    #[test]
    fn what_is_built_reads_back(
        method in any::<String>(),
        id in prop_oneof![any::<i64>().prop_map(Id::number), any::<String>().prop_map(|id| Id::text(&id))],
        params in prop::option::of(prop::collection::btree_map("[a-z]{1,3}", json(), 0..4)),
        result in json(),
    ) {
        let params = params.map(Json::from);
        for message in [
            Message::request(id.clone(), &method, params.clone()),
            Message::notification(&method, params),
            Message::result(id.clone(), result.clone()),
            Message::error(Some(id), RpcError { code: 5, message: method, data: Some(result) }),
        ] {
            let again = parse(message.to_line().trim_end()).unwrap();
            prop_assert_eq!(again.body(), message.body());
        }
    }
}
