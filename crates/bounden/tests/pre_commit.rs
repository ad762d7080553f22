//! The hook that this repository offers, run by pre-commit itself.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use bounden_testkit::{python_with, repository};
use tempfile::TempDir;

const HOOKS: &str = ".pre-commit-hooks.yaml";

/// A new repository with one commit of these files; the revision.
fn committed(folder: &Path, files: &[(&str, String)]) -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    fs::create_dir_all(folder).unwrap();
    git(&["init", "-q"]);
    for (name, text) in files {
        fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
        fs::write(folder.join(name), text).unwrap();
    }
    git(&["add", "-A"]);
    let author = ["-c", "user.name=Tester", "-c", "user.email=tester@acme.example"];
    git(&[&author[..], &["commit", "-q", "-m", "all"]].concat());
    git(&["rev-parse", "HEAD"])
}

fn run(python: &Path, home: &TempDir, agents: &Path) -> Output {
    let binary = Path::new(env!("CARGO_BIN_EXE_bounden")).parent().unwrap().to_owned();
    let path = env::var_os("PATH").unwrap_or_default();
    let path: OsString =
        env::join_paths([binary].into_iter().chain(env::split_paths(&path))).unwrap();
    let mut command = Command::new(python);
    command.args(["-m", "pre_commit", "run", "--all-files", "--verbose"]);
    command.current_dir(agents).env("PATH", path).env("PRE_COMMIT_HOME", home.path().join("cache"));
    command.output().unwrap()
}

#[test]
fn a_commit_with_a_broken_intent_is_stopped() {
    let Some(python) = python_with("pre_commit") else { return };
    let home = TempDir::new().unwrap();
    let offered = bounden_testkit::read_text(repository().join(HOOKS));
    let hooks = home.path().join("hooks");
    let revision = committed(&hooks, &[(HOOKS, offered)]);
    let hooks = hooks.display();
    let config =
        format!("repos: [{{repo: '{hooks}', rev: {revision}, hooks: [{{id: bounden-check}}]}}]\n");
    let intent = |name| bounden_testkit::read_text(repository().join("examples").join(name));
    let mut files = vec![
        (".pre-commit-config.yaml", config),
        ("agents/support/behavior.intent", intent("support/behavior.intent")),
        ("agents/support/behavior.contracts.json", intent("support/behavior.contracts.json")),
        ("chart/values.yaml", "a: 1\n".to_owned()),
    ];
    let good = home.path().join("good");
    committed(&good, &files);
    let passed = run(&python, &home, &good);
    let shown = String::from_utf8_lossy(&passed.stdout);
    assert!(passed.status.success(), "{shown}");
    assert!(shown.contains("agents/support/behavior.intent: 0 errors, 1 warning\n"), "{shown}");

    files.push(("agents/other/behavioral-spec.yaml", "a: 1\n".to_owned()));
    let bad = home.path().join("bad");
    committed(&bad, &files);
    let stopped = run(&python, &home, &bad);
    let shown = String::from_utf8_lossy(&stopped.stdout);
    assert!(!stopped.status.success(), "{shown}");
    assert!(shown.contains("agents/other/behavioral-spec.yaml:1:1"), "{shown}");
    assert!(!shown.contains("values.yaml"), "{shown}");
}
