//! `bounden compose` and the finding of `bounden check` that stands on the same search.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::path::Path;
use std::process::{Command, Output};

use bounden_base::Json;
use bounden_testkit::repository;

fn bounden(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bounden")).args(arguments).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// An intent of these tools and further invariants, in a file of its own.
fn intent(folder: &Path, name: &str, tools: &str, invariants: &str) -> String {
    let text = format!(
        "schema: behavior.intent/v1
agent: {{id: a/{name}, version: 1.0.0, owner: {{team: t}}}}
purpose: Answer mail.
scope: {{in: {{mail: {{says: Answering mail}}}}}}
tools:
{tools}
invariants:
  never: {{rule: Never touch accounts, enforce: {{by: tool_allowlist, deny: [\"account.*\"]}}}}
{invariants}"
    );
    let path = folder.join(format!("{name}.intent"));
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

const LOOK: &str = "  crm.look: {effects: [observe], labels: {result: internal}}\n";
const SEND: &str = "  mail.send: {effects: [send], labels: {result: internal}}\n";
const READ: &str = "  web.read: {effects: [observe]}\n";
const ASK: &str = "  team.ask: {effects: [send], labels: {result: internal}}\n";
const GUARD: &str = "  no-way-out: {rule: Nothing leaves, enforce: {by: policy_engine, trigger: call mail.send, when: 'labels(\"untrusted\")', do: block}}\n";

#[test]
fn what_is_open_is_shown_call_by_call_and_a_rule_that_stops_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let tools = format!("{LOOK}{SEND}{READ}");
    let open = intent(folder.path(), "open", &tools, "");
    let output = bounden(&["compose", "--intent", &open, "--format", "json"]);
    assert_eq!(code(&output), 1, "{}", String::from_utf8_lossy(&output.stderr));
    let document = Json::parse(&output.stdout).unwrap();
    let [only] = document.get("combinations").and_then(Json::as_array).unwrap() else { panic!() };
    assert_eq!(only.get("hazard").and_then(Json::as_str), Some("exfiltration"));
    assert_eq!(only.get("witness").and_then(Json::as_array).unwrap().len(), 5);

    let checked = bounden(&["check", &open]);
    let checked = String::from_utf8(checked.stdout).unwrap();
    assert!(checked.contains("B219") && checked.contains("`crm.look({})`, then"), "{checked}");

    let stopped = intent(folder.path(), "stopped", &tools, GUARD);
    let output = bounden(&["compose", "--intent", &stopped]);
    let shown = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(code(&output), 0);
    assert!(shown.contains("`mail.send` is stopped by no-way-out"), "{shown}");
    let checked = String::from_utf8(bounden(&["check", &stopped]).stdout).unwrap();
    assert!(!checked.contains("B219"), "{checked}");
}

#[test]
fn two_agents_have_together_what_neither_has_alone() {
    let folder = tempfile::tempdir().unwrap();
    let research = intent(folder.path(), "research", &format!("{READ}{ASK}"), "");
    let clerk = intent(folder.path(), "clerk", &format!("{LOOK}{SEND}"), GUARD);
    for alone in [&research, &clerk] {
        assert_eq!(code(&bounden(&["compose", "--intent", alone])), 0);
    }
    let both = ["compose", "--intent", &research, "--with", &clerk];
    let output = bounden(&[&both[..], &["--by", "team.ask"]].concat());
    let shown = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(code(&output), 1, "{shown}");
    assert!(shown.contains("web.read") && shown.contains("a/research"), "{shown}");

    let unknown = bounden(&[&both[..], &["--by", "team.tell"]].concat());
    assert_eq!(code(&unknown), 3);
    assert_eq!(code(&bounden(&both)), 3, "`--with` needs `--by`");
    let twice = ["compose", "--intent", &research, "--with", &research, "--by", "team.ask"];
    assert_eq!(code(&bounden(&twice)), 3);
}

#[test]
fn the_shipped_examples_keep_their_tools_apart() {
    for example in ["support", "airline"] {
        let intent = repository().join("examples").join(example).display().to_string();
        let output = bounden(&["compose", "--intent", &intent]);
        assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stdout));
    }
}
