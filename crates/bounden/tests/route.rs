//! `bounden route` as people and scripts use it.
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use bounden_base::Json;

fn example() -> PathBuf {
    bounden_testkit::repository().join("examples/support/behavior.intent")
}

fn command(intent: &std::path::Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bounden"));
    command.arg("route").arg("--intent").arg(intent).args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(mut command: Command, input: &[u8]) -> Output {
    let mut process = command.spawn().unwrap();
    // A program that refuses its arguments does not read on.
    let _ = process.stdin.take().unwrap().write_all(input);
    process.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn routed(input: &[u8]) -> (i32, Vec<Json>) {
    let output = run(command(&example(), &["--format", "json"]), input);
    let lines = text(&output.stdout);
    let lines = lines.lines().map(|line| Json::parse(line.as_bytes()).unwrap());
    (output.status.code().unwrap(), lines.collect())
}

fn members(line: &Json, names: &[&str]) -> String {
    let member = |name: &&str| line.get(name).map_or(String::new(), Json::canonical);
    names.iter().map(member).collect::<Vec<_>>().join(" ")
}

#[test]
fn each_line_is_in_scope_excluded_or_ambiguous() {
    let (code, lines) = routed(
        b"I want to send the boots back\nplease delete my account\n\nMY LAWYER will call\nhello\nsend the boots back and delete my account\n",
    );
    let names = ["line", "scope", "topic", "escalate", "phrase"];
    let shown: Vec<String> = lines.iter().map(|line| members(line, &names)).collect();
    assert_eq!(
        shown,
        [
            r#"1 "in" "returns" null null"#,
            r#"2 "out" "account-changes" "human-desk" null"#,
            r#"4 "out" "legal-matters" "human-desk" "my lawyer""#,
            r#"5 "ambiguous" null null null"#,
            r#"6 "ambiguous" null null null"#,
        ]
    );
    assert_eq!(code, 0);
    let why = lines[1].get("out").unwrap();
    assert_eq!(members(why, &["topic", "run"]), r#""account-changes" "delete my account""#);
    let strongest = why.get("why").and_then(Json::as_array).unwrap().first().unwrap();
    assert_eq!(members(strongest, &["feature", "kind"]), r#""account" "word""#);
    assert_eq!(members(&lines[3], &["in", "out", "margin", "threshold"]), "null null 0 27");
}

#[test]
fn people_read_the_answer_its_lead_and_the_words_that_decided() {
    let output = run(command(&example(), &[]), b"please delete my \x1b[2Jaccount\nok\n");
    let shown = text(&output.stdout);
    let lines: Vec<&str> = shown.lines().collect();
    assert!(
        lines[0].starts_with("out        account-changes -> human-desk  (a lead of "),
        "{shown}"
    );
    assert!(lines[0].ends_with(", 27 needed)  please delete my [2Jaccount"), "{shown}");
    assert!(lines[1].contains("out account-changes"), "{shown}");
    assert_eq!(lines[2], "ambiguous   (a lead of 0, 27 needed)  ok");
    assert!(output.status.success());
}

#[test]
fn each_line_is_answered_before_the_next_is_sent() {
    let mut process = command(&example(), &["--format", "json"]).spawn().unwrap();
    let mut input = process.stdin.take().unwrap();
    let mut answers = BufReader::new(process.stdout.take().unwrap()).lines();
    for number in ["1", "2"] {
        writeln!(input, "where is my parcel").unwrap();
        let answer = Json::parse(answers.next().unwrap().unwrap().as_bytes()).unwrap();
        assert_eq!(members(&answer, &["line"]), number);
    }
    drop(input);
    assert!(process.wait().unwrap().success());
}

#[test]
fn lines_that_are_no_requests_are_told_and_the_next_one_is_answered() {
    let mut input = b"\xff\xfe\n".to_vec();
    input.extend(vec![b'x'; (16 << 20) + 1]);
    input.extend(b"\nwhere is my parcel");
    let (code, lines) = routed(&input);
    assert_eq!(members(&lines[0], &["line", "error"]), r#"1 "the line is not UTF-8""#);
    assert!(members(&lines[1], &["error"]).contains("longer than 16777216 bytes"));
    assert_eq!(members(&lines[2], &["line", "topic"]), r#"3 "order-status""#);
    assert_eq!((code, lines.len()), (3, 3));
}

#[test]
fn an_intent_without_examples_or_with_errors_is_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let intent = folder.path().join("behavior.intent");
    let document = "schema: behavior.intent/v1\nagent: {id: a/b, version: 1.0.0}\npurpose: p\nscope: {in: {look: {says: Looking}}}\ntools: {a.b: {effects: [observe]}}\ninvariants: {i: {rule: r, enforce: {by: policy_engine, trigger: call a.b, do: block}}}\n";
    let refused = |document: &str| {
        std::fs::write(&intent, document).unwrap();
        let output = run(command(&intent, &[]), b"hello\n");
        assert!(output.stdout.is_empty());
        (output.status.code().unwrap(), text(&output.stderr))
    };
    let (code, told) = refused(document);
    assert_eq!(code, 1);
    assert!(told.contains("has `examples` or `phrases`"), "{told}");
    let (code, told) =
        refused(&document.replace("says: Looking", "says: Looking, phrases: [look, '...']"));
    assert_eq!(code, 1);
    assert!(told.contains("B260"), "{told}");
    let output = run(command(&folder.path().join("none"), &[]), b"");
    assert_eq!(output.status.code(), Some(3));
}
