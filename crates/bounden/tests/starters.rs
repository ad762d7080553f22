//! Every starter: no findings, its runs pass, its rules are tested, its gate opens.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bounden_base::Json;
use bounden_spec::intent::{self, By};
use bounden_spec::yaml::Text;
use bounden_testkit::{read, repository};

/// Rules beyond what the search for canaries makes up: command lines of a kind, queries that many
/// patterns let through together, pages of some folders. Their runs attack them all the same.
const OUT_OF_REACH: [(&str, &[&str]); 3] = [
    ("coding-agent", &["history-stays"]),
    ("docs-qa", &["current-public-pages-cited"]),
    ("sql-analyst", &["mail-with-figures-is-seen", "no-recipient-out-of-a-row", "rows-are-masked"]),
];

fn starters() -> Vec<PathBuf> {
    let folder = repository().join("examples/starters");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    assert!(folders.len() >= 2);
    folders
}

fn bounden(arguments: &[&str], paths: &[(&str, &Path)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bounden"));
    command.args(arguments);
    for (option, path) in paths {
        command.args([Path::new(option), path]);
    }
    command.output().unwrap()
}

fn document(output: &Output) -> Json {
    let said = String::from_utf8_lossy(&output.stderr);
    Json::parse(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

#[test]
fn no_starter_has_a_finding() {
    for starter in starters() {
        let output = Command::new(env!("CARGO_BIN_EXE_bounden"))
            .args(["check", "--traces"])
            .arg(starter.join("traces"))
            .arg("--")
            .arg(&starter)
            .output()
            .unwrap();
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{shown}");
        assert!(shown.ends_with("nothing found\n"), "{shown}");
    }
}

#[test]
fn the_runs_of_every_starter_pass_and_hold_an_attack_and_a_near_miss() {
    for starter in starters() {
        let traces = starter.join("traces");
        let output = bounden(&["test"], &[("--intent", &starter), ("--traces", &traces)]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        let names: BTreeSet<_> = fs::read_dir(&traces)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        for kind in ["attack", "near-miss"] {
            assert!(
                names.iter().any(|name| name.contains(kind)),
                "{starter:?} has no {kind}: {names:?}"
            );
        }
    }
}

/// A rule that is gone, or that no longer acts, is noticed by a run. A control
/// elsewhere is no rule: its test is a probe, which lies beside the intent.
#[test]
fn every_invariant_of_every_starter_has_a_test_that_kills() {
    for starter in starters() {
        let traces = starter.join("traces");
        let output = bounden(
            &["mutate", "--format", "json", "--limit", "0"],
            &[("--intent", &starter), ("--traces", &traces)],
        );
        let report = document(&output);
        let killed = report.get("killed").and_then(Json::as_array).unwrap();
        let killed: BTreeSet<_> =
            killed.iter().map(|one| one.get("id").unwrap().as_str().unwrap()).collect();
        let (intent, _) = intent::parse(&read(starter.join("behavior.intent")));
        for item in &intent.unwrap().invariants {
            let (name, enforce) = (&item.key.name, item.value.enforce.as_ref().unwrap());
            if enforce.by.value == By::External {
                let command = &enforce.probe.as_ref().unwrap().command;
                let is_there = |word: &Text| starter.join(&word.value).is_file();
                assert!(command.iter().any(is_there), "{starter:?}: {name} has no probe");
                continue;
            }
            let gone = format!("{name}/delete-rule/1");
            assert!(killed.contains(gone.as_str()), "{starter:?}: {gone} is not among {killed:?}");
        }
    }
}

#[test]
fn the_gate_of_every_starter_opens_and_its_guard_answers_as_its_script_says() {
    for starter in starters() {
        let folder = tempfile::tempdir().unwrap();
        let agent = folder.path().join("agent");
        let name = starter.file_name().unwrap().to_str().unwrap();
        let written = bounden(&["init", agent.to_str().unwrap(), "--template", name], &[]);
        assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
        let output = bounden(&["up", agent.to_str().unwrap(), "--drive"], &[]);
        let shown = [output.stdout, output.stderr].concat();
        let shown = String::from_utf8(shown).unwrap();
        assert_eq!(output.status.code(), Some(0), "{name}: {shown}");
        for line in ["PROVEN    a violation was sent", "production  EXPANSION"] {
            assert!(shown.contains(line), "{name}: {shown}");
        }
        let unproven: Vec<&str> = shown
            .lines()
            .filter(|line| line.contains("UNPROVEN"))
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        let expected = OUT_OF_REACH.iter().find(|(starter, _)| *starter == name);
        assert_eq!(unproven, expected.map_or(&[][..], |(_, rules)| rules), "{name}: {shown}");
    }
}
