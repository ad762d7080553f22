//! `bounden decide` as scripts use it: order, flushing, exit codes, bad input.
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use bounden_base::Json;

fn example(name: &str) -> PathBuf {
    bounden_testkit::repository().join("examples/support").join(name)
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bounden"));
    command.arg("decide").arg("--intent").arg(example("behavior.intent"));
    command.args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(mut command: Command, input: &[u8]) -> Output {
    let mut process = command.spawn().unwrap();
    // A program that refuses its arguments does not read on.
    let _ = process.stdin.take().unwrap().write_all(input);
    process.wait_with_output().unwrap()
}

fn decide(arguments: &[&str], input: &str) -> (i32, Vec<Json>) {
    let output = run(command(arguments), input.as_bytes());
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines = lines.lines().map(|line| Json::parse(line.as_bytes()).unwrap());
    (output.status.code().unwrap(), lines.collect())
}

fn text<'j>(line: &'j Json, member: &str) -> &'j str {
    line.get(member).and_then(Json::as_str).unwrap_or("")
}

fn look_up(id: &str, at: &str) -> String {
    format!(
        r#"{{"id":"{id}","session":"s","event":"call","tool":"billing.get_order","args":{{"order_id":"A-1001"}}{at}}}"#
    )
}

#[test]
fn each_line_is_answered_before_the_next_is_sent() {
    let mut process = command(&[]).spawn().unwrap();
    let mut input = process.stdin.take().unwrap();
    let mut answers = BufReader::new(process.stdout.take().unwrap()).lines();
    for id in ["a", "b", "c"] {
        writeln!(input, "{}", look_up(id, "")).unwrap();
        let answer = answers.next().unwrap().unwrap();
        assert_eq!(text(&Json::parse(answer.as_bytes()).unwrap(), "id"), id);
    }
    drop(input);
    assert!(answers.next().is_none());
    assert!(process.wait().unwrap().success());
}

#[test]
fn a_line_that_is_no_event_is_told_and_the_next_one_is_decided() {
    let input = format!(
        "nonsense\n\n[]\n{{\"event\":\"call\"}}\r\n{}\r\n{}",
        look_up("a", ""),
        look_up("b", "")
    );
    let (code, lines) = decide(&[], &input);
    let said: Vec<String> = lines
        .iter()
        .map(|line| match line.get("error") {
            Some(error) => {
                format!("{} {}", line.get("line").unwrap().canonical(), error.canonical())
            }
            None => text(line, "id").to_owned(),
        })
        .collect();
    assert_eq!(
        said,
        [
            r#"1 "expected a value, in column 1""#,
            r#"3 "an event is a JSON object, not array""#,
            r#"4 "the event has no `tool`""#,
            "a",
            "b",
        ]
    );
    assert!(lines.iter().take(3).all(|line| text(line, "verdict") == "block"));
    assert_eq!(code, 3);
}

#[test]
fn a_line_of_any_length_and_bytes_of_any_kind_are_survived() {
    let mut input = vec![b'x'; (16 << 20) + 1];
    input.extend(b"\n\xff\xfe\n\xef\xbb\xbf{}\n");
    input.extend(look_up("a", "").as_bytes());
    let output = run(command(&[]), &input);
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[0].contains("the line is longer than 16777216 bytes"), "{}", lines[0]);
    assert!(lines[1].contains("the text is not UTF-8"), "{}", lines[1]);
    assert!(lines[2].contains("byte order mark"), "{}", lines[2]);
    assert!(lines[3].contains(r#""verdict":"allow""#), "{}", lines[3]);
}

#[test]
fn events_are_sorted_by_time_and_then_by_line() {
    let at = |time: &str| format!(r#","at":"2026-01-01T00:00:{time}Z""#);
    let lines =
        [("a", "03"), ("b", ""), ("c", "01"), ("d", ""), ("e", "03"), ("f", "01"), ("g", "02")];
    let input: String = lines
        .iter()
        .map(|(id, time)| {
            look_up(id, &if time.is_empty() { String::new() } else { at(time) }) + "\n"
        })
        .collect();
    let order = |arguments: &[&str]| {
        let (code, lines) = decide(arguments, &input);
        let shown = lines.iter().map(|line| {
            let refused = text(line, "reason") == "malformed";
            format!("{}{}", text(line, "id"), if refused { "!" } else { "" })
        });
        (code, shown.collect::<Vec<_>>().concat())
    };
    assert_eq!(order(&["--sort"]), (0, "cdfgabe".to_owned()));
    // As they come, time that runs backwards is refused.
    assert_eq!(order(&[]), (0, "abc!def!g!".to_owned()));
}

#[test]
fn the_end_of_a_session_says_what_became_of_each_criterion() {
    let trace = bounden_testkit::read_text(example("traces/return-in-time.jsonl"));
    let contracts = example("behavior.contracts.json");
    let (code, lines) = decide(&["--contracts", contracts.to_str().unwrap()], &trace);
    assert_eq!((code, lines.len()), (0, trace.lines().count()));
    let end = lines.last().unwrap();
    let criteria = end.get("criteria").and_then(Json::as_array).unwrap();
    let passed: Vec<&str> = criteria
        .iter()
        .filter(|criterion| text(criterion, "verdict") == "pass")
        .map(|criterion| text(criterion, "id"))
        .collect();
    assert_eq!(passed, ["return-in-time"]);
    assert!(lines.iter().rev().skip(1).all(|line| line.get("criteria").is_none()));
}

#[test]
fn an_intent_that_does_not_compile_is_a_finding_and_nothing_is_decided() {
    let folder = tempfile::tempdir().unwrap();
    let intent = folder.path().join("behavior.intent");
    let document = bounden_testkit::read_text(example("behavior.intent"));
    let refuse = |document: &str| {
        std::fs::write(&intent, document).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_bounden"));
        command.arg("decide").arg("--intent").arg(&intent);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let output = run(command, look_up("a", "").as_bytes());
        assert!(output.stdout.is_empty(), "{output:?}");
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, told) = refuse(&document.replace("args.amount > 500", "args.amount > \"500\""));
    assert_eq!(code, 1);
    assert!(
        told.contains("error[B252]: a number is compared with a text") || told.contains("B252")
    );
    let (code, told) = refuse("agent: [");
    assert_eq!(code, 1);
    assert!(told.contains("behavior.intent:"), "{told}");
}

#[test]
fn what_cannot_be_read_is_named() {
    let refuse = |arguments: &[&str]| {
        let output = run(command(arguments), b"");
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, told) = refuse(&["--contracts", "/nowhere/contracts.json"]);
    assert_eq!(code, 3);
    assert!(told.contains("/nowhere/contracts.json"), "{told}");
    let intent = example("behavior.intent");
    let (code, told) = refuse(&["--contracts", intent.to_str().unwrap()]);
    assert_eq!(code, 3);
    assert!(told.contains("behavior.intent cannot be used"), "{told}");
    assert_eq!(refuse(&["--sorted"]).0, 3);
    assert_eq!(decide(&[], ""), (0, Vec::new()));
}
