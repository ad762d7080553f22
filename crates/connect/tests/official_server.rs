//! The client against a server built with the official library.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use bounden_base::Json;
use bounden_connect::{Client, ConnectError, Source, Timeouts, contracts};

/// An HTTP server that ends with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn script() -> PathBuf {
    bounden_testkit::repository().join("crates/connect/tests/server.py")
}

fn stdio(python: PathBuf) -> Source {
    let command = [python, script(), "stdio".into()];
    let command = command.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    Source::Command { command, directory: None, environment: BTreeMap::new() }
}

fn http(python: PathBuf, mode: &str) -> (Served, Source) {
    let mut child =
        Command::new(python).arg(script()).arg(mode).stdout(Stdio::piped()).spawn().unwrap();
    let mut port = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
    (Served(child), Source::Url(format!("http://127.0.0.1:{}/mcp", port.trim())))
}

async fn is_understood(source: &Source) {
    let mut client = Client::connect(source, Timeouts::default()).await.unwrap();
    assert_eq!(client.server().protocol_version(), "2025-11-25");
    assert_eq!(client.server().server_info().get("version"), Some(&Json::from("4.5.6")));
    let names: Vec<_> = client.tools().await.unwrap();
    assert_eq!(names.iter().map(|tool| tool.name()).collect::<Vec<_>>(), ["add", "fail"]);

    let two_and_three = Json::object([("a", Json::from(2)), ("b", Json::from(3))]);
    let sum = client.call("add", two_and_three).await.unwrap();
    assert_eq!(sum.structured_content().unwrap().get("result"), Some(&Json::from(5)));
    let failed = client.call("fail", Json::object::<&str>([])).await.unwrap();
    assert!(failed.is_error());
    let refused = client.request("no/such", None).await.unwrap_err();
    assert!(
        matches!(&refused, ConnectError::Refused(_, error) if error.code == -32601),
        "{refused}"
    );
    client.close().await.unwrap();

    let servers = BTreeMap::from([("oracle".to_owned(), source.clone())]);
    let pinned = contracts(&servers, Timeouts::default()).await.unwrap();
    assert_eq!(pinned, contracts(&servers, Timeouts::default()).await.unwrap());
    let add = pinned.tool(&"oracle.add".into()).unwrap();
    assert_eq!(add.definition().get("description"), Some(&Json::from("Adds two numbers.")));
}

#[tokio::test]
async fn over_stdio() {
    let Some(python) = bounden_testkit::python_with_mcp() else { return };
    is_understood(&stdio(python)).await;
}

#[tokio::test]
async fn over_http_with_json_answers() {
    let Some(python) = bounden_testkit::python_with_mcp() else { return };
    let (_served, source) = http(python, "json");
    is_understood(&source).await;
}

#[tokio::test]
async fn over_http_with_streamed_answers() {
    let Some(python) = bounden_testkit::python_with_mcp() else { return };
    let (_served, source) = http(python, "sse");
    is_understood(&source).await;
}
