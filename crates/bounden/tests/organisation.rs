//! `bounden check` under a policy of an organisation, as a shell and a build see it.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::path::Path;
use std::process::{Command, Output};

use bounden_base::Json;
use bounden_testkit::{read, repository};
use tempfile::TempDir;

const POLICY: &str = "schema: org.policy/v1
organisation: acme
rules:
  two-people:
    says: Two people of security agree to production
    require: intent.promotion.all(p, p.name != \"production\" || p.approvals.exists(a, a.name == \"security\" && a.value >= 3))
";

/// The support example in `agents/support`, with a policy two folders up.
fn world(policy: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let agent = folder.path().join("agents/support");
    std::fs::create_dir_all(&agent).unwrap();
    for name in ["behavior.intent", "behavior.contracts.json"] {
        std::fs::write(agent.join(name), read(repository().join("examples/support").join(name)))
            .unwrap();
    }
    std::fs::write(folder.path().join("org.policy"), policy).unwrap();
    folder
}

fn check(folder: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bounden"));
    command.arg("check").arg(folder.join("agents/support")).args(more).output().unwrap()
}

fn ended(output: &Output) -> (i32, String) {
    let said = [output.stdout.clone(), output.stderr.clone()].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

#[test]
fn a_policy_in_a_folder_above_is_found_and_shown_beside_the_intent() {
    let world = world(POLICY);
    let (code, shown) = ended(&check(world.path(), &[]));
    assert_eq!(code, 1, "{shown}");
    assert!(
        shown.contains(
            "error[B501]: acme: Two people of security agree to production (`two-people`)"
        ),
        "{shown}"
    );
    assert!(shown.contains("behavior.intent:") && shown.contains("required here"), "{shown}");
    assert!(
        shown.lines().any(|line| line.starts_with("policy   ") && line.ends_with("org.policy")),
        "{shown}"
    );
}

#[test]
fn json_names_the_policy_and_where_in_it_the_requirement_stands() {
    let world = world(POLICY);
    let object = Json::parse(&check(world.path(), &["--format", "json"]).stdout).unwrap();
    let found = object.get("diagnostics").unwrap().as_array().unwrap();
    let broken = found.iter().find(|found| found.get("code") == Some(&"B501".into())).unwrap();
    let related = &broken.get("related").unwrap().as_array().unwrap()[0];
    assert!(related.get("file").unwrap().as_str().unwrap().ends_with("org.policy"));
    let line = related.at(["span", "start", "line"]).unwrap().as_decimal().unwrap();
    assert_eq!(line.to_i64(), Some(6));
    let policies = object.get("policies").unwrap().as_array().unwrap();
    assert_eq!(policies.len(), 1);
    assert!(policies[0].get("digest").unwrap().as_str().unwrap().starts_with("sha256:"));
}

#[test]
fn every_policy_holds_the_found_ones_and_the_named_one() {
    let world = world(&POLICY.replace(">= 3", ">= 1"));
    assert_eq!(ended(&check(world.path(), &[])).0, 0);
    let named = world.path().join("named.policy");
    std::fs::write(&named, POLICY).unwrap();
    let named = ["--policy", named.to_str().unwrap()];
    let (code, shown) = ended(&check(world.path(), &named));
    assert_eq!((code, shown.matches("\npolicy   ").count()), (1, 2), "{shown}");
    std::fs::write(world.path().join("agents/org.policy"), POLICY).unwrap();
    assert_eq!(ended(&check(world.path(), &[])).0, 1, "a nearer one narrows");
}

#[test]
fn a_waiver_is_printed_at_every_check_until_it_counts_no_more() {
    let waived = format!(
        "{POLICY}waivers:\n  w: {{rule: two-people, agents: [\"*\"], owner: risk, reason: Hiring, expires: \"2027-01-03T00:00:00Z\"}}\n"
    );
    let world = world(&waived);
    let (code, shown) = ended(&check(world.path(), &["--now", "2027-01-01T00:00:00Z"]));
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("note[B503]: waived, 2 days are left: acme:"), "{shown}");
    assert!(shown.contains("risk answers for it: Hiring"), "{shown}");
    let (code, shown) = ended(&check(world.path(), &["--now", "2027-01-03T00:00:00Z"]));
    assert_eq!(code, 1, "{shown}");
    assert!(shown.contains("warning[B504]") && shown.contains("error[B501]"), "{shown}");
}

#[test]
fn a_policy_with_an_error_is_shown_with_its_line_and_refuses() {
    let world = world(&POLICY.replace("intent.promotion", "intent.promotions"));
    let (code, shown) = ended(&check(world.path(), &[]));
    assert_eq!(code, 1);
    assert!(shown.contains("error[B251]: there is no `intent.promotions`"), "{shown}");
    assert!(shown.contains("org.policy:6:"), "{shown}");
    assert!(shown.contains("error[B507]"), "{shown}");
    let missing = check(world.path(), &["--policy", "no-such-file"]);
    assert_eq!(ended(&missing).0, 3);
}
