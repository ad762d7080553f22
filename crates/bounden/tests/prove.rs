//! `bounden prove`: what one policy permits and another does not, or why that
//! is not known; each witness is decided again by `bounden decide`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use bounden_base::Json;
use bounden_testkit::{read_text, repository};

fn bounden(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bounden")).args(arguments).output().unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn shipped() -> PathBuf {
    repository().join("examples/support")
}

/// The shipped example with replacements in its intent.
fn changed(folder: &Path, changes: &[(&str, &str)]) -> PathBuf {
    let mut intent = read_text(shipped().join("behavior.intent"));
    for (from, to) in changes {
        assert!(intent.contains(from), "{from} is not there");
        intent = intent.replace(from, to);
    }
    std::fs::copy(
        shipped().join("behavior.contracts.json"),
        folder.join("behavior.contracts.json"),
    )
    .unwrap();
    let path = folder.join("behavior.intent");
    std::fs::write(&path, intent).unwrap();
    path
}

/// The exit code, and what is said in JSON.
fn proved(old: &Path, new: &Path) -> (i32, Json) {
    let output = bounden(&["prove", text(old), text(new), "--format", "json"]);
    let said = Json::parse(&output.stdout);
    let said = said.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap(), said)
}

fn member<'j>(json: &'j Json, name: &str) -> &'j str {
    json.get(name).and_then(Json::as_str).unwrap_or_else(|| panic!("{name} in {json:?}"))
}

/// What was said of one part.
fn item<'j>(said: &'j Json, id: &str) -> &'j Json {
    let items = said.get("items").and_then(Json::as_array).unwrap();
    items.iter().find(|item| member(item, "id") == id).unwrap_or_else(|| panic!("{said:?}"))
}

/// The verdict of `bounden decide` about the last of these events.
fn decided(intent: &Path, events: &[Json]) -> String {
    let mut decide = Command::new(env!("CARGO_BIN_EXE_bounden"))
        .args(["decide", "--intent", text(intent)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: String = events.iter().map(|event| event.canonical() + "\n").collect();
    decide.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = decide.wait_with_output().unwrap();
    let last = String::from_utf8(output.stdout).unwrap().lines().last().unwrap().to_owned();
    member(&Json::parse(last.as_bytes()).unwrap(), "verdict").to_owned()
}

const CAP: (&str, &str) = ("when: args.amount > 500\n", "when: args.amount > 600\n");

#[test]
fn nothing_is_wider_than_itself_and_the_certificate_says_so() {
    for example in [shipped(), repository().join("examples/airline")] {
        let (code, said) = proved(&example, &example);
        assert_eq!((code, member(&said, "answer")), (0, "not-wider"));
        assert!(member(&said, "certificate_digest").starts_with("sha256:"));
        assert_eq!(member(&said, "before"), member(&said, "after"));
    }
    let output = bounden(&["prove", text(&shipped()), text(&shipped())]);
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("not wider") && shown.contains("verdicts on"), "{shown}");
}

#[test]
fn a_witness_is_decided_by_both_as_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let total = ("sum(args.amount) + args.amount > 500", "sum(args.amount) + args.amount > 900");
    let wider = changed(folder.path(), &[CAP, total]);
    let (code, said) = proved(&shipped(), &wider);
    assert_eq!((code, member(&said, "answer")), (1, "wider"));
    let cap = item(&said, "invariants.refund-cap");
    assert_eq!(member(cap, "sentence"), "It can now issue refund 500.01 to 600 without approval.");
    let witness = cap.get("witness").unwrap();
    let event = Json::object([
        ("id", Json::from("e1")),
        ("session", Json::from("s1")),
        ("event", witness.get("event").unwrap().clone()),
        ("tool", witness.get("tool").unwrap().clone()),
        ("args", witness.get("args").unwrap().clone()),
        ("principal", Json::from("u1")),
    ]);
    let before = decided(&shipped().join("behavior.intent"), std::slice::from_ref(&event));
    assert_eq!(
        [before.as_str(), &decided(&wider, &[event])],
        [member(witness, "before"), member(witness, "after")]
    );
    let (code, said) = proved(&wider, &shipped());
    assert_eq!(code, 1, "history that is only known within bounds is not proven");
    assert_eq!(member(item(&said, "invariants.refund-cap"), "answer"), "not-wider");
}

#[test]
fn a_scope_that_differs_is_not_proven() {
    let folder = tempfile::tempdir().unwrap();
    let other = changed(folder.path(), &[("- I need a return label\n", "- I need a label\n")]);
    let (code, said) = proved(&shipped(), &other);
    assert_eq!((code, member(&said, "answer")), (1, "not-proven"));
    assert!(member(item(&said, "scope"), "because").starts_with("requests are told apart"));
    assert_eq!(said.get("certificate"), None);
    let shown = bounden(&["prove", text(&shipped()), text(&other)]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("scope") && shown.contains("not proven"), "{shown}");
}

#[test]
fn a_bundle_is_a_side_and_what_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let wider = changed(folder.path(), &[CAP]);
    let bundle = folder.path().join("policy.json");
    std::fs::write(&bundle, r#"{"semantics":1,"agent":"a","tools":{},"rules":{}}"#).unwrap();
    let refused = bounden(&["prove", text(&bundle), text(&wider)]);
    assert_eq!(refused.status.code(), Some(3));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("policy.json: no policy: no invariant is enforced"), "{said}");

    let rule = r#"{"semantics":1,"agent":"acme/support-desk","tools":{},"rules":{"none":{"says":"s","by":"tool_allowlist","trigger":{"event":"call","tools":["a.*"]},"do":{"action":"block"}}}}"#;
    std::fs::write(&bundle, rule).unwrap();
    assert_eq!(proved(&bundle, &bundle).0, 0);
    let (code, said) = proved(&bundle, &shipped());
    assert_eq!((code, member(&said, "answer")), (1, "wider"));
    assert_eq!(member(item(&said, "tools.billing.get_order"), "answer"), "wider");

    for missing in [vec!["prove", "nothing", "nothing"], vec!["prove", text(&wider)]] {
        assert_eq!(bounden(&missing).status.code(), Some(3));
    }
    std::fs::write(&bundle, "schema: behavior.intent/v1\n").unwrap();
    assert_eq!(bounden(&["prove", text(&bundle), text(&wider)]).status.code(), Some(1));
}
