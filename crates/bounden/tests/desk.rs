//! The example desk, driven by the official client of the protocol and by hand.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_bounden");

fn answer(arguments: &[&str], input: &[u8]) -> Output {
    let mut desk = Command::new(BINARY)
        .arg("example-desk")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    desk.stdin.take().unwrap().write_all(input).unwrap();
    desk.wait_with_output().unwrap()
}

fn stdout(input: &[u8]) -> String {
    let output = answer(&[], input);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_official_client_finds_a_real_server() {
    let Some(python) = bounden_testkit::python_with_mcp() else { return };
    let folder = tempfile::tempdir().unwrap();
    let script = bounden_testkit::repository().join("crates/bounden/tests/desk.py");
    let journal = folder.path().join("journal");
    let run = Command::new(python).arg(script).arg(BINARY).arg(journal).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn bad_lines_are_answered_and_the_next_one_is_read() {
    let ping = br#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    let mut input =
        b"nonsense\n[]\n{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":1}\n"
            .to_vec();
    input.extend(std::iter::repeat_n(b' ', (1 << 20) + 2));
    input.push(b'\n');
    input.extend(ping);
    input.push(b'\n');
    let answers = stdout(&input);
    let codes: Vec<_> = answers.lines().map(|line| line.split("\"code\":").nth(1)).collect();
    let code = |text: Option<&str>| text.and_then(|rest| rest.split(',').next()).map(str::to_owned);
    assert_eq!(
        codes.into_iter().map(code).collect::<Vec<_>>(),
        [
            Some("-32700".into()),
            Some("-32600".into()),
            Some("-32602".into()),
            Some("-32700".into()),
            None
        ]
    );
    assert!(answers.ends_with("{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":{}}\n"), "{answers}");
}

#[test]
fn a_part_answers_only_for_its_own_tools() {
    let call = br#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_order","arguments":{"order_id":"A-1001"}}}
"#;
    let desk = answer(&["--part", "desk"], call);
    assert!(String::from_utf8_lossy(&desk.stdout).contains("-32602"), "{desk:?}");
    let billing = answer(&["--part", "billing"], call);
    assert!(String::from_utf8_lossy(&billing.stdout).contains("Walking boots"), "{billing:?}");
}

#[test]
fn wrong_arguments_end_with_exit_code_3() {
    for arguments in [&["--part", "kitchen"][..], &["--journal", "/nowhere/journal"]] {
        let output = answer(arguments, b"");
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        assert!(!output.stderr.is_empty());
    }
}
