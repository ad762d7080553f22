//! The language server, driven by a client of somebody else and by hand.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use bounden_testkit::{python_with, repository};

const BINARY: &str = env!("CARGO_BIN_EXE_bounden");

#[test]
fn an_editor_works_with_it() {
    let Some(python) = python_with("pygls") else { return };
    let folder = tempfile::tempdir().unwrap();
    for name in ["behavior.intent", "behavior.contracts.json"] {
        let example = repository().join("examples/support").join(name);
        std::fs::copy(example, folder.path().join(name)).unwrap();
    }
    let script = repository().join("crates/bounden/tests/lsp.py");
    let run = Command::new(python).arg(script).arg(BINARY).arg(folder.path()).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

/// What the server does with these messages and then the end of its input.
fn told(messages: &[&str]) -> Output {
    let mut server = Command::new(BINARY)
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = server.stdin.take().unwrap();
    for message in messages {
        write!(input, "Content-Length: {}\r\n\r\n{message}", message.len()).unwrap();
    }
    drop(input);
    server.wait_with_output().unwrap()
}

const INITIALIZE: &str =
    r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
const SHUTDOWN: &str = r#"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#;
const EXIT: &str = r#"{"jsonrpc":"2.0","method":"exit"}"#;

#[test]
fn only_who_shuts_it_down_first_leaves_in_order() {
    for (messages, expected) in [
        (&[INITIALIZE, SHUTDOWN, EXIT][..], 0),
        (&[INITIALIZE, EXIT], 1),
        (&[EXIT], 1),
        (&[INITIALIZE], 1),
        (&[], 1),
        (&[INITIALIZE, "{"], 4),
    ] {
        let output = told(messages);
        assert_eq!(output.status.code(), Some(expected), "{messages:?} {output:?}");
    }
}

#[test]
fn what_makes_no_sense_is_refused_and_the_next_message_is_read() {
    let output = told(&[
        r#"{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{}}"#,
        INITIALIZE,
        INITIALIZE,
        r#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":7}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{"position":7}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"textDocument/rename"}"#,
        SHUTDOWN,
        SHUTDOWN,
        EXIT,
    ]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let answers = String::from_utf8(output.stdout).unwrap();
    let outcome = |answer: &str| match answer.split_once("\"code\":") {
        Some((_, rest)) => rest.split(',').next().unwrap().to_owned(),
        None => "answered".to_owned(),
    };
    let outcomes: Vec<_> = answers.split("Content-Length").skip(1).map(outcome).collect();
    assert_eq!(
        outcomes,
        ["-32002", "answered", "-32600", "-32602", "-32601", "answered", "-32600"]
    );
    assert!(String::from_utf8_lossy(&output.stderr).contains("was passed over"));
}
