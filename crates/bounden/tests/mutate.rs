//! `bounden mutate` on the shipped examples, as a shell sees it.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::path::Path;
use std::process::{Command, Output};

use bounden_base::Json;
use bounden_testkit::repository;

fn bounden(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bounden")).args(arguments).output().unwrap()
}

fn example(path: &str) -> String {
    repository().join("examples").join(path).display().to_string()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// The support desk with its recorded runs, and others.
fn support(more: &[&str]) -> Output {
    let (intent, traces) = (example("support"), example("support/traces"));
    let mut arguments = vec!["mutate", "--intent", &intent, "--traces", &traces];
    arguments.extend(more);
    bounden(&arguments)
}

fn document(output: &Output) -> Json {
    assert!(!output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    Json::parse(&output.stdout).unwrap()
}

fn count(document: &Json, path: &[&str]) -> i64 {
    document.at(path.iter().copied()).and_then(Json::as_decimal).unwrap().to_i64().unwrap()
}

/// The ids of the survivors with what is known of the missing test.
fn survivors(document: &Json) -> Vec<(String, String)> {
    let survivors = document.get("survivors").and_then(Json::as_array).unwrap();
    let text =
        |survivor: &Json, name: &str| survivor.get(name).and_then(Json::as_str).unwrap().to_owned();
    survivors.iter().map(|one| (text(one, "id"), text(one, "missing"))).collect()
}

#[test]
fn the_shipped_runs_miss_tests_that_are_named_and_drafted() {
    let output = support(&["--limit", "3"]);
    assert_eq!(code(&output), 1);
    let shown = String::from_utf8(output.stdout).unwrap();
    for line in [
        "killed by 8 tests: score 0.",
        "no-pii-in-logs/drop-kind/2",
        "`no-pii-in-logs` does `redact email, card` instead of `redact email, phone, card`",
        "the last event is answered modify (no-pii-in-logs), and by the mutant allow",
        "\"record\":\"+1 202-555-0143\"",
        "more that no test notices; `--limit` shows them",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
}

#[test]
fn a_drafted_test_kills_its_mutant_and_bounden_decides_as_it_expects() {
    let folder = tempfile::tempdir().unwrap();
    let drafts = folder.path().join("drafts").display().to_string();
    let before = document(&support(&["--format", "json", "--limit", "999", "--drafts", &drafts]));
    let missing = survivors(&before);
    assert!(missing.iter().filter(|(_, missing)| missing == "drafted").count() > 15);
    // Some of each kind; the search has decided all of them itself.
    for one in before.get("survivors").and_then(Json::as_array).unwrap().iter().step_by(4) {
        decides_as_expected(one, folder.path());
    }

    let again = support(&["--format", "json", "--limit", "999", "--traces", &drafts]);
    let after = document(&again);
    let left: Vec<_> = missing.into_iter().filter(|(_, missing)| missing == "unfound").collect();
    assert_eq!(survivors(&after), left);
    assert_eq!(code(&again), 0, "what cannot be told apart is no finding");
    assert_eq!(count(&after, &["mutants", "alive"]), count(&before, &["mutants", "alive"]));
}

/// `bounden decide` answers a draft as it says.
#[track_caller]
fn decides_as_expected(survivor: &Json, folder: &Path) {
    let Some(draft) = survivor.get("draft") else { return };
    let list = |name: &str| draft.get(name).and_then(Json::as_array).unwrap().to_vec();
    let events: String = list("events").iter().map(|event| event.canonical() + "\n").collect();
    let file = folder.join("events.jsonl");
    std::fs::write(&file, events).unwrap();
    let decided = Command::new(env!("CARGO_BIN_EXE_bounden"))
        .args(["decide", "--intent", &example("support/behavior.intent")])
        .args(["--contracts", &example("support/behavior.contracts.json")])
        .stdin(std::fs::File::open(&file).unwrap())
        .output()
        .unwrap();
    let decided = String::from_utf8(decided.stdout).unwrap();
    let expected: Vec<String> = list("decisions").iter().map(Json::canonical).collect();
    assert_eq!(decided.lines().collect::<Vec<_>>(), expected, "{survivor:?}");
}

#[test]
fn every_mutant_is_counted_once_and_equal_input_gives_equal_bytes() {
    let output = support(&["--format", "json", "--limit", "0"]);
    let json = document(&output);
    let mutants = |name| count(&json, &["mutants", name]);
    assert_eq!(mutants("alive"), mutants("killed") + mutants("survived"));
    assert_eq!(usize::try_from(mutants("survived")).unwrap(), survivors(&json).len());
    assert!(survivors(&json).iter().all(|(_, missing)| missing == "unasked"));
    let killed = json.get("killed").and_then(Json::as_array).unwrap();
    assert_eq!(usize::try_from(mutants("killed")).unwrap(), killed.len());
    let deleted = killed
        .iter()
        .find(|one| one.get("id").and_then(Json::as_str) == Some("refund-cap/delete-rule/1"));
    let test = deleted.and_then(|one| one.get("test")).and_then(Json::as_str).unwrap();
    assert!(test.contains("refund-split-attack.jsonl"), "{test}");
    assert_eq!(output.stdout, support(&["--format", "json", "--limit", "0"]).stdout);
}

#[test]
fn conversations_without_an_enforcement_point_are_tests_too() {
    let (intent, runs) = (example("airline/behavior.intent"), example("airline/runs.jsonl"));
    let arguments = ["mutate", "--intent", &intent, "--traces", &runs, "--format", "json"];
    let output = bounden(&[&arguments[..], &["--limit", "0"]].concat());
    let json = document(&output);
    assert_eq!((code(&output), count(&json, &["tests"])), (1, 3));
    let part = |name| count(&json, &["parts", "cancellable", name]);
    assert!(part("killed") > 10 && part("killed") < part("mutants"));
    // No recorded conversation books more than one certificate can pay.
    assert!(survivors(&json).iter().any(|(id, _)| id == "one-certificate/negate/1"));
}

#[test]
fn what_cannot_be_read_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.jsonl").display().to_string();
    std::fs::write(&empty, "").unwrap();
    let intent = example("support");
    let output = bounden(&["mutate", "--intent", &intent, "--traces", &empty]);
    assert_eq!(code(&output), 3);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "error: no run among 0 records\n");

    let missing = folder.path().join("missing").display().to_string();
    let output = bounden(&["mutate", "--intent", &intent, "--traces", &missing]);
    assert_eq!(code(&output), 3);
    let broken = folder.path().join("behavior.intent").display().to_string();
    std::fs::write(&broken, "schema: behavior.intent/v1\n").unwrap();
    let output = bounden(&["mutate", "--intent", &broken, "--traces", &empty]);
    assert_eq!(code(&output), 1, "an intent with errors is a finding");
}
