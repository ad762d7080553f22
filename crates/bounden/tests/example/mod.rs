//! The shipped example, resolved and compiled, for scenarios with the official client.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use bounden_base::{Diagnostic, Json};
use bounden_connect::{Source, Timeouts, contracts};
use bounden_policy::{Bundle, Contracts, Policy};
use bounden_spec::{compile, intent};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_bounden");

/// A change to the example's policy.
pub(crate) type Change = fn(&mut Bundle);

/// Runs scenarios of a script with the official client, each with a guard of
/// its own, in front of the example with a change to its policy.
pub(crate) fn drive(script: &str, scenarios: &[(&str, Change)]) {
    let Some(python) = bounden_testkit::python_with_mcp() else { return };
    let bundle = bundle();
    let folder = tempfile::tempdir().unwrap();
    let mut run = Command::new(python);
    run.arg(bounden_testkit::repository().join("crates/bounden/tests").join(script)).arg(BINARY);
    for (number, (name, change)) in scenarios.iter().enumerate() {
        let mut bundle = bundle.clone();
        change(&mut bundle);
        run.arg(scenario(name, &folder.path().join(number.to_string()), bundle).canonical());
    }
    let output = run.output().unwrap();
    print!("{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What a script has to know to run a scenario in `folder`.
fn scenario(name: &str, folder: &Path, bundle: Bundle) -> Json {
    let policy = Policy::compile(bundle).unwrap();
    std::fs::create_dir(folder).unwrap();
    std::fs::write(folder.join("policy.json"), policy.canonical()).unwrap();
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let arguments = [
        "--state".to_owned(),
        text(&folder.join("state")),
        "--bundle".to_owned(),
        text(&folder.join("policy.json")),
        "--digest".to_owned(),
        policy.digest().to_string(),
        "--owner-idle".to_owned(),
        "1".to_owned(),
    ];
    Json::object([
        ("name", Json::from(name)),
        ("folder", Json::from(text(folder))),
        ("policy", arguments.into_iter().map(Json::from).collect()),
    ])
}

fn bundle() -> Bundle {
    let path = bounden_testkit::repository().join("examples/support/behavior.intent");
    let (intent, problems) = intent::parse(&bounden_testkit::read(path));
    assert!(!problems.iter().any(Diagnostic::is_error), "{problems:?}");
    let (policy, problems) = compile(&intent.unwrap(), Some(&resolved()));
    policy.unwrap_or_else(|| panic!("{problems:?}")).bundle().clone()
}

/// What the example's servers offer at this moment.
fn resolved() -> Contracts {
    let desk = |part: &str| {
        let command = [BINARY, "example-desk", "--part", part].map(str::to_owned).to_vec();
        (
            part.to_owned(),
            Source::Command { command, directory: None, environment: BTreeMap::new() },
        )
    };
    let servers = BTreeMap::from([desk("billing"), desk("desk")]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(contracts(&servers, Timeouts::default())).unwrap()
}
