//! `bounden test` and `bounden trace`, as a shell and a build see them.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use bounden_base::Json;
use bounden_testkit::{corpus, repository};
use tempfile::TempDir;

const NOW: [&str; 2] = ["--now", "2024-05-15T20:00:00Z"];

fn bounden(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bounden")).args(arguments).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn example(path: &str) -> String {
    repository().join("examples").join(path).display().to_string()
}

/// Judges the shipped conversations of the airline desk.
fn airline(more: &[&str]) -> Output {
    let (intent, runs) = (example("airline/behavior.intent"), example("airline/runs.jsonl"));
    let mut arguments = vec!["test", "--intent", &intent, "--traces", &runs];
    arguments.extend(more);
    bounden(&arguments)
}

#[test]
fn the_shipped_conversations_break_one_rule() {
    let output = airline(&["--explain"]);
    assert_eq!((code(&output), errors(&output).as_str()), (1, ""));
    let shown = out(&output);
    for line in [
        "3 runs of 3 cases: 2 pass, 1 fail",
        "26 records read, left out: none",
        "run b: fail",
        "cancellable: violated at event 3",
        "says \"refund\": does not hold",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
}

#[test]
fn json_has_the_promised_shape_and_equal_bytes_twice() {
    let output = airline(&["--format", "json"]);
    assert_eq!(out(&output), out(&airline(&["--format", "json"])));
    let json = Json::parse(&output.stdout).unwrap();
    let runs = json.get("runs").and_then(Json::as_array).unwrap();
    let verdicts: Vec<&str> =
        runs.iter().map(|run| run.get("verdict").and_then(Json::as_str).unwrap()).collect();
    assert_eq!(verdicts, ["pass", "fail", "pass"]);
    let broken = runs[1].at(["invariants", "cancellable"]).unwrap();
    assert_eq!(broken.get("violations").unwrap().canonical(), "1");
    let criterion = json.at(["criteria", "cancelled-and-told-of-the-money"]).unwrap();
    let figures = ["applicable", "pass", "fail", "undecidable"]
        .map(|figure| criterion.get(figure).unwrap().canonical());
    assert_eq!(figures, ["2", "1", "1", "0"]);
    let bound = criterion.get("lower_bound_95").and_then(Json::as_decimal).unwrap().to_f64();
    assert!((bound - (1.0 - 0.95_f64.sqrt())).abs() < 1e-9);
    assert!(json.at(["coverage", "tools", "not_exercised"]).is_some());
    assert!(json.at(["evidence", "policy"]).is_some());
}

#[test]
fn other_outputs_name_the_violation_too() {
    let junit = out(&airline(&["--format", "junit"]));
    assert!(junit.starts_with("<?xml"), "{junit}");
    assert!(junit.contains(
        r#"<testsuite name="invariant cancellable" tests="3" skipped="1" errors="0" failures="1">"#
    ));
    let markdown = out(&airline(&["--format", "markdown"]));
    assert!(markdown.starts_with("## Behaviour falls short: 3 runs of 3 cases"), "{markdown}");
    assert!(markdown.contains("- cancellable: run b event 3: `"), "{markdown}");
    let lines = out(&airline(&["--runs-only", "jsonl"]));
    assert!(lines.lines().all(|line| Json::parse(line.as_bytes()).is_ok()));
    assert_eq!(lines.lines().count(), 3);
}

#[test]
fn recorded_airline_runs_are_judged() {
    let Some(corpus) = corpus() else { return };
    let runs = corpus.join("tau_bench/gpt-4o-airline.json.gz").display().to_string();
    let intent = example("airline/behavior.intent");
    let arguments = ["test", "--intent", &intent, "--traces", &runs, "--format", "json"];
    let output = bounden(&[&arguments[..], &NOW].concat());
    assert_eq!(code(&output), 1);
    let json = Json::parse(&output.stdout).unwrap();
    let figure = |path: &[&str]| json.at(path.iter().copied()).unwrap().canonical();
    assert_eq!(figure(&["evidence", "runs"]), "200");
    assert_eq!(figure(&["evidence", "cases"]), "50");
    assert_eq!(figure(&["evidence", "expected"]), r#"{"agree":198,"runs":200}"#);
    let undeclared = figure(&["coverage", "undeclared"]);
    assert_eq!(undeclared, "{}");
    let violating = |run: &&Json| {
        let invariants = run.get("invariants").and_then(Json::as_object).unwrap();
        invariants.values().any(|invariant| invariant.get("violations").unwrap().canonical() != "0")
    };
    let runs = json.get("runs").and_then(Json::as_array).unwrap();
    assert_eq!(runs.iter().filter(violating).count(), 50);
}

struct Scratch(TempDir);

impl Scratch {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

fn judge(traces: &std::path::Path) -> Output {
    let (intent, traces) = (example("airline"), traces.display().to_string());
    bounden(&["test", "--intent", &intent, "--traces", &traces])
}

const GOOD: &str = r#"{"id":"r","session":"s","event":"request","text":"hello"}"#;

#[test]
fn damaged_recordings_are_named_and_never_pass() {
    let scratch = Scratch::new();
    let good = scratch.file("good.jsonl", GOOD.as_bytes());
    assert_eq!(code(&judge(&good)), 0);
    let cases: [(&[u8], &str); 4] = [
        (b"", "no run among 0 records"),
        (b"[1, 2]", "no run among 2 records"),
        (
            &[GOOD.as_bytes(), b"\n{\"session\":\"s\",\"event\":NaN}"].concat(),
            "NaN is no JSON number",
        ),
        (
            &[GOOD.as_bytes(), b"\n{\"session\":\"s\",\"ev"].concat(),
            "the file ends inside this record",
        ),
    ];
    for (content, said) in cases {
        let output = judge(&scratch.file("bad.jsonl", content));
        assert_eq!(code(&output), 3, "{said}");
        assert!(errors(&output).contains(said), "{said}\n{}", errors(&output));
        assert_eq!(out(&output).is_empty(), said.starts_with("no run"), "{said}");
    }
    let missing = judge(&scratch.0.path().join("absent"));
    assert_eq!(code(&missing), 3);
    assert!(errors(&missing).contains("absent"));
    let gzip = judge(&scratch.file("cut.gz", &[0x1f, 0x8b, 8, 0]));
    assert_eq!(code(&gzip), 3);
}

#[test]
fn an_intent_with_errors_is_a_finding() {
    let scratch = Scratch::new();
    let good = scratch.file("good.jsonl", GOOD.as_bytes()).display().to_string();
    let intent = scratch.file("behavior.intent", b"schema: behavior.intent/v1\n");
    let output = bounden(&["test", "--intent", &intent.display().to_string(), "--traces", &good]);
    assert_eq!(code(&output), 1);
    assert!(errors(&output).contains("error[B1"), "{}", errors(&output));
    let unknown = bounden(&["test", "--intent", "x", "--traces", &good, "--from", "xml"]);
    assert_eq!(code(&unknown), 3);
    assert!(errors(&unknown).contains("the formats are tau-bench"), "{}", errors(&unknown));
}

#[test]
fn a_recording_becomes_events_and_is_read_again_from_a_pipe() {
    let Some(corpus) = corpus() else { return };
    let spans = corpus.join("otlp/tau2_airline_gpt-4.1.otlp.jsonl.gz").display().to_string();
    let imported = bounden(&["trace", "import", &spans]);
    assert_eq!(code(&imported), 0);
    assert!(errors(&imported).contains("otlp, 304 records, 20 runs"), "{}", errors(&imported));
    let intent = example("airline");
    let arguments = ["test", "--intent", &intent, "--format", "json", "--traces"];
    let direct = bounden(&[&arguments[..], &[&spans]].concat());
    let mut piped = Command::new(env!("CARGO_BIN_EXE_bounden"))
        .args(arguments)
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    piped.stdin.take().unwrap().write_all(&imported.stdout).unwrap();
    let piped = piped.wait_with_output().unwrap();
    let part =
        |output: &[u8], name: &str| Json::parse(output).unwrap().get(name).unwrap().canonical();
    for name in ["criteria", "invariants", "coverage"] {
        assert_eq!(part(&direct.stdout, name), part(&piped.stdout, name));
    }
}

#[test]
fn a_recording_is_shown_line_by_line() {
    let output = bounden(&["trace", "show", &example("airline/runs.jsonl")]);
    assert_eq!(code(&output), 0);
    let shown = out(&output);
    assert!(shown.starts_with("run a (byte 0)\n"), "{shown}");
    assert!(
        shown.contains(r#"call     airline.cancel_reservation {"reservation_id":"LM8TT2"}"#),
        "{shown}"
    );
    assert!(shown.contains("of 3: ok: {\"status\":\"cancelled\"}"), "{shown}");
}
