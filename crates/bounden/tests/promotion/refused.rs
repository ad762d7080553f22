//! What the gate refuses ends with exit code 2 and says why.

use crate::agent::Agent;

#[test]
fn without_an_approval_nothing_runs() {
    let agent = Agent::new();
    assert_eq!(agent.promote("staging").refuses(), ["approvals-missing"]);
    assert!(!agent.path("behavior.lock").exists());
    let said = agent.run(&["promote", "--env", "staging"]).ends_with(2);
    assert!(said.contains("0 of 1 environment-admin"), "{said}");
}

#[test]
fn production_needs_staging() {
    let agent = Agent::new();
    agent.approve_production();
    assert_eq!(agent.promote("production").refuses(), ["not-carried-forward"]);
}

#[test]
fn nobody_approves_in_a_role_that_they_do_not_hold() {
    let agent = Agent::in_staging();
    let said = agent.approve("production", "ben", "security").ends_with(2);
    assert!(said.contains("[role-not-held]"), "{said}");
    let said = agent.approve("production", "nobody", "security").ends_with(2);
    assert!(said.contains("kim"), "{said}");
}

#[test]
fn one_person_is_one_person_however_often_they_approve() {
    let agent = Agent::in_staging();
    agent.approve("production", "ben", "environment-admin").succeeds();
    agent.approve("production", "sam", "security").succeeds();
    agent.approve("production", "sam", "security").succeeds();
    assert_eq!(agent.promote("production").refuses(), ["approvals-missing"]);
    agent.approve("production", "kim", "security").succeeds();
    agent.promote("production").succeeds();
}

#[test]
fn an_edit_makes_every_approval_stale() {
    let agent = Agent::in_staging();
    agent.approve_production();
    agent.edit("when: args.amount > 500", "when: args.amount > 501");
    let codes = agent.promote("production").refuses();
    assert_eq!(codes[0], "not-carried-forward");
    assert!(codes.contains(&"approvals-missing".to_owned()), "{codes:?}");
    assert_eq!(agent.promote("staging").refuses(), ["approvals-missing"]);
}

#[test]
fn an_approval_expires() {
    let agent = Agent::in_staging();
    for (person, role) in [("ben", "environment-admin"), ("sam", "security"), ("kim", "security")] {
        let vote = ["approve", "--env", "production", "--person", person, "--role", role];
        let early = ["--days", "2", "--now", "2026-01-01T00:00:00Z"];
        agent.run(&[&vote[..], &early[..]].concat()).succeeds();
    }
    let late =
        ["promote", "--env", "production", "--format", "json", "--now", "2026-01-03T00:00:00Z"];
    let codes = agent.run(&late).refuses();
    assert_eq!(codes.iter().filter(|code| *code == "approval-not-counted").count(), 3, "{codes:?}");
}

#[test]
fn a_rejection_blocks_until_it_is_taken_back() {
    let agent = Agent::in_staging();
    agent.approve_production();
    let vote = ["approve", "--env", "production", "--person", "kim", "--role", "security"];
    agent.run(&[&vote[..], &["--reject"]].concat()).succeeds();
    assert_eq!(agent.promote("production").refuses(), ["rejected", "approvals-missing"]);
    agent.run(&[&vote[..], &["--revoke"]].concat()).succeeds();
    agent.run(&vote).succeeds();
    agent.promote("production").succeeds();
}

#[test]
fn whoever_asks_does_not_approve() {
    let agent = Agent::new();
    agent.approve("staging", "ben", "environment-admin").succeeds();
    let asked = ["promote", "--env", "staging", "--by", "ben", "--format", "json"];
    assert_eq!(agent.run(&asked).refuses(), ["approval-not-counted", "approvals-missing"]);
}

#[test]
fn recorded_runs_have_to_be_there_and_good() {
    let agent = Agent::new();
    agent.approve("staging", "ben", "environment-admin").succeeds();
    let trace = agent.read("traces/return-in-time.jsonl");
    let text = String::from_utf8(trace).unwrap();
    agent.write("traces/return-in-time.jsonl", text.replace("Your return is registered", "Done"));
    let codes = agent.promote("staging").refuses();
    assert_eq!(codes[0], "criterion-failed");
    std::fs::remove_dir_all(agent.path("traces")).unwrap();
    assert_eq!(agent.promote("staging").refuses()[0], "evidence-missing");
}

#[test]
fn bad_input_says_what_to_do() {
    let agent = Agent::new();
    let said = agent.run(&["promote", "--env", "moon"]).ends_with(3);
    assert!(said.contains("staging, production"), "{said}");
    std::fs::remove_file(agent.path("behavior.contracts.json")).unwrap();
    let said = agent.promote("staging").ends_with(3);
    assert!(said.contains("bounden resolve"), "{said}");
    agent.write("behavior.intent", "schema: behavior.intent/v1\nagent: 3\n");
    agent.run(&["resolve"]).ends_with(1);
    std::fs::remove_file(agent.path("behavior.intent")).unwrap();
    let said = agent.run(&["plan"]).ends_with(3);
    assert!(said.contains("there is no behavior.intent here"), "{said}");
    let said = agent.run(&["key", "new", "--person", "../x", "--role", "security"]).ends_with(3);
    assert!(said.contains("there is no behavior.intent here"), "{said}");
}

#[test]
fn keys_stay_with_their_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let agent = Agent::new();
    let mode =
        |name: &str| std::fs::metadata(agent.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(".bounden"), 0o700);
    for key in ["gate.pem", "ledger.key", "people/ben.pem"] {
        assert_eq!(mode(&format!(".bounden/keys/{key}")), 0o600, "{key}");
    }
    let said = agent.run(&["key", "new", "--person", "../x", "--role", "security"]).ends_with(3);
    assert!(said.contains("is no name"), "{said}");
    let said = agent.run(&["key", "new", "--person", "ben", "--role", "security"]).ends_with(3);
    assert!(said.contains("has a key"), "{said}");
    assert_eq!(agent.read(".bounden/.gitignore"), b"*\n");
}
