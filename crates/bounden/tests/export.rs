//! `bounden export cedar` on the shipped example, as a shell and as Cedar see it.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::process::{Command, Output};

use bounden_base::Json;
use bounden_testkit::repository;

fn export(more: &[&str]) -> Output {
    let intent = repository().join("examples/support").display().to_string();
    let arguments = [&["export", "cedar", "--intent", &intent], more].concat();
    Command::new(env!("CARGO_BIN_EXE_bounden")).args(arguments).output().unwrap()
}

#[test]
fn what_is_left_out_is_said_three_times() {
    let output = export(&[]);
    assert_eq!(output.status.code(), Some(1), "the exit code says that something is missing");
    let (policies, told) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    let document = Json::parse(&export(&["--format", "json"]).stdout).unwrap();
    let left_out = document.get("left_out").and_then(Json::as_array).unwrap();
    for left in left_out {
        let text = |name| left.get(name).and_then(Json::as_str).unwrap();
        let line = format!("{}: {}", text("what"), text("why"));
        assert!(policies.contains(&format!("// - {line}\n")), "{line}");
        assert!(told.contains(&format!("left out: {line}\n")), "{line}");
    }
    for rule in ["`refund-total` for `billing.issue_refund`", "`order-looked-up-first`", "limits"] {
        assert!(told.contains(rule), "{rule}\n{told}");
    }
    assert!(policies.contains("@rule(\"refund-cap\")"), "{policies}");
    assert_eq!(document.get("policies").and_then(Json::as_str), Some(policies.as_str()));
}

#[test]
fn the_example_is_valid_cedar() {
    let request = |amount: &str| {
        let amount = format!(r#"{{"__extn":{{"fn":"decimal","arg":"{amount}"}}}}"#);
        let text = format!(
            r#"{{"principal":"Bounden::Principal::\"C-001\"","action":"Bounden::Action::\"billing.issue_refund\"",
              "resource":"Bounden::Agent::\"acme/support-desk\"",
              "context":{{"args":{{"customer_id":"C-001","order_id":"A-1001","amount":{amount}}}}}}}"#
        );
        Json::parse(text.as_bytes()).unwrap()
    };
    let document = Json::parse(&export(&["--format", "json"]).stdout).unwrap();
    let asked = Json::object([
        ("policies", document.get("policies").unwrap().clone()),
        ("schema", document.get("schema").unwrap().clone()),
        ("requests", ["500.0", "500.01"].map(request).into_iter().collect()),
    ]);
    let script = repository().join("crates/policy/tests/cedar/oracle.py");
    let answer = bounden_testkit::ask_python("cedarpy", &script, asked.canonical() + "\n");
    let Some(answer) = answer else { return };
    let answer = Json::parse(answer.as_bytes()).unwrap();
    assert_eq!(answer.get("valid").and_then(Json::as_bool), Some(true), "{answer:?}");
    assert_eq!(answer.get("allowed").unwrap().canonical(), "[true,false]");
}
