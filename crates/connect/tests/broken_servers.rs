//! Servers that fail in every way, and what is said about them.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::collections::BTreeMap;
use std::time::Duration;

use bounden_connect::{Client, ConnectError, Source, Timeouts};

const HELLO: &str = r#"{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}}"#;

fn shell(script: &str) -> Source {
    let command = ["sh", "-c", script].map(str::to_owned).to_vec();
    Source::Command { command, directory: None, environment: BTreeMap::new() }
}

/// A server that shakes hands and answers the next request with `answer`.
fn answering(answer: &str) -> Source {
    shell(&format!("read a; echo '{HELLO}'; read b; read c; echo '{answer}'; read d"))
}

async fn refusal(source: &Source) -> String {
    refusal_within(source, Timeouts::default()).await
}

async fn refusal_within(source: &Source, timeouts: Timeouts) -> String {
    match Client::connect(source, timeouts).await {
        Err(error) => error.to_string(),
        Ok(mut client) => client.tools().await.unwrap_err().to_string(),
    }
}

#[tokio::test]
async fn a_server_that_does_not_start() {
    let missing = Source::Command {
        command: vec!["/no/such/server".into()],
        directory: None,
        environment: BTreeMap::new(),
    };
    assert!(refusal(&missing).await.starts_with("`/no/such/server` cannot be started"));
    let empty = Source::Command { command: vec![], directory: None, environment: BTreeMap::new() };
    assert_eq!(refusal(&empty).await, "the command to start the server is empty");
}

#[tokio::test]
async fn a_server_that_ends_is_quoted() {
    let source = shell("read a; echo 'no licence file' >&2; exit 1");
    assert_eq!(refusal(&source).await, "the server has ended; it said: no licence file");
}

#[tokio::test]
async fn a_server_that_keeps_silent() {
    let source = shell(&format!("read a; echo '{HELLO}'; read b; read c; echo hm >&2; read d"));
    let impatient = Timeouts { request: Duration::from_millis(300), ..Timeouts::default() };
    let said = refusal_within(&source, impatient).await;
    assert!(
        said.starts_with("the server did not answer `tools/list` within 0.3 seconds"),
        "{said}"
    );
}

#[tokio::test]
async fn a_server_that_speaks_something_else() {
    assert!(refusal(&shell("read a; echo Welcome")).await.contains("is no message"));
    let modern = HELLO.replace("2025-11-25", "2026-07-28");
    let source = shell(&format!("read a; echo '{modern}'; read b"));
    assert_eq!(
        refusal(&source).await,
        "the server's result of `initialize` is not what the protocol says"
    );
}

#[tokio::test]
async fn a_list_of_tools_that_is_none() {
    let shapeless = answering(r#"{"jsonrpc":"2.0","id":2,"result":{"tools":{}}}"#);
    assert_eq!(
        refusal(&shapeless).await,
        "the server's result of `tools/list` is not what the protocol says"
    );
    let twice = r#"{"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"a","inputSchema":{}},{"name":"a","inputSchema":{}}]}}"#;
    assert_eq!(refusal(&answering(twice)).await, "the server's list of tools names `a` twice");
}

#[tokio::test]
async fn a_server_that_asks_is_answered_first() {
    let ping = r#"{"jsonrpc":"2.0","id":"p","method":"ping"}"#;
    let pong = r#"{"id":"p","jsonrpc":"2.0","result":{}}"#;
    let list = r#"{"jsonrpc":"2.0","id":2,"result":{"tools":[]}}"#;
    let source = shell(&format!(
        "read a; echo '{HELLO}'; read b; read c; echo '{ping}'; read d; [ \"$d\" = '{pong}' ] && echo '{list}'; read e"
    ));
    let mut client = Client::connect(&source, Timeouts::default()).await.unwrap();
    assert_eq!(client.tools().await.unwrap(), []);
    client.close().await.unwrap();
}

#[tokio::test]
async fn addresses_that_lead_nowhere() {
    let at = |url: &str| Source::Url(url.to_owned());
    assert_eq!(refusal(&at("ftp://x/")).await, "`ftp://x/` is not an http or https address");
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let said = Client::connect(&at(&format!("http://{closed}/")), Timeouts::default())
        .await
        .err()
        .unwrap();
    assert!(matches!(said, ConnectError::Http(..)), "{said}");
}

#[tokio::test]
async fn a_server_gets_the_variables_that_are_set_for_it() {
    let hello = HELLO.replace(r#""name":"s""#, r#""name":"'"$WHO"'""#);
    let command = ["sh", "-c", &format!("read a; echo '{hello}'; read b")].map(str::to_owned);
    let environment = BTreeMap::from([("WHO".to_owned(), "ada".to_owned())]);
    let source = Source::Command { command: command.to_vec(), directory: None, environment };
    let client = Client::connect(&source, Timeouts::default()).await.unwrap();
    let name = client.server().server_info().get("name").and_then(bounden_base::Json::as_str);
    assert_eq!(name, Some("ada"));
}
