//! The policy of an organisation: what it refuses stays out, and nobody
//! weakens or removes it between the votes and the promotion.

use crate::agent::Agent;

fn policy(require: &str, waivers: &str) -> String {
    format!(
        "schema: org.policy/v1\norganisation: acme\nrules:\n  asked: {{says: As asked, require: {require}}}\n{waivers}"
    )
}

const STRICT: &str = "size(intent.invariants) > 1000";
const MET: &str = "size(intent.invariants) > 0";
const LAXER: &str = "size(intent.invariants) >= 0";

#[test]
fn what_the_organisation_refuses_does_not_run_whoever_approves_it() {
    let agent = Agent::new();
    agent.write("org.policy", policy(STRICT, ""));
    let planned = agent.run(&["plan", "--env", "staging"]).ends_with(0);
    assert!(planned.contains("0 of 1 rules met") && planned.contains("not met"), "{planned}");
    agent.approve("staging", "ben", "environment-admin").succeeds();
    assert_eq!(agent.promote("staging").refuses(), ["organisation-policy-broken"]);
    let said = agent.run(&["promote", "--env", "staging"]).ends_with(2);
    assert!(said.contains("(acme: asked)"), "{said}");
}

#[test]
fn what_it_allows_runs_and_its_word_is_part_of_what_is_verified() {
    let agent = Agent::new();
    agent.write("org.policy", policy(MET, ""));
    agent.approve("staging", "ben", "environment-admin").succeeds();
    agent.promote("staging").succeeds();
    agent.run(&["verify"]).succeeds();
    agent.run(&["ledger", "audit"]).succeeds();
}

#[test]
fn a_policy_that_was_changed_after_the_votes_needs_new_ones() {
    let agent = Agent::new();
    agent.write("org.policy", policy(MET, ""));
    agent.approve("staging", "ben", "environment-admin").succeeds();
    agent.write("org.policy", policy(LAXER, ""));
    assert_eq!(agent.promote("staging").refuses(), ["approval-not-counted", "approvals-missing"]);
    std::fs::remove_file(agent.path("org.policy")).unwrap();
    assert_eq!(agent.promote("staging").refuses(), ["approval-not-counted", "approvals-missing"]);
    agent.write("org.policy", policy(MET, "# as it was\n"));
    agent.promote("staging").succeeds();
}

#[test]
fn a_policy_that_is_gone_is_missed() {
    let agent = Agent::new();
    agent.write("org.policy", policy(MET, ""));
    agent.approve("staging", "ben", "environment-admin").succeeds();
    agent.promote("staging").succeeds();
    std::fs::remove_file(agent.path("org.policy")).unwrap();
    agent.edit("version: ", "version: 9");
    agent.approve("staging", "ben", "environment-admin").succeeds();
    assert_eq!(agent.promote("staging").refuses(), ["organisation-policy-gone"]);
}

#[test]
fn a_waiver_lets_through_until_it_expires() {
    let agent = Agent::new();
    let waiver = "waivers:\n  w: {rule: asked, agents: [\"*\"], owner: risk, reason: Moving, expires: \"2099-01-01T00:00:00Z\"}\n";
    agent.write("org.policy", policy(STRICT, waiver));
    agent.approve("staging", "ben", "environment-admin").succeeds();
    let expired = waiver.replace("2099", "2020");
    agent.write("org.policy", policy(STRICT, &expired));
    let codes = agent.promote("staging").refuses();
    assert_eq!(codes[0], "organisation-policy-broken", "{codes:?}");
    agent.write("org.policy", policy(STRICT, waiver));
    agent.promote("staging").succeeds();
}

#[test]
fn a_policy_that_cannot_be_asked_refuses() {
    let agent = Agent::new();
    agent.approve("staging", "ben", "environment-admin").succeeds();
    agent.write("org.policy", policy("intent.nothing", ""));
    for words in [&["plan", "--env", "staging"][..], &["promote", "--env", "staging"]] {
        let said = agent.run(words).ends_with(2);
        assert!(said.contains("[organisation-policy-unusable]"), "{said}");
        assert!(said.contains("error[B251]"), "{said}");
    }
}

#[test]
fn a_policy_that_is_named_holds_beside_those_that_are_found() {
    let agent = Agent::new();
    agent.write("org.policy", policy(STRICT, ""));
    agent.write("other.policy", policy(MET, ""));
    let other = agent.path("other.policy");
    let named = ["--policy", other.to_str().unwrap()];
    let vote = ["approve", "--env", "staging", "--person", "ben", "--role", "environment-admin"];
    agent.run(&[&vote[..], &named].concat()).succeeds();
    let promote = ["promote", "--env", "staging", "--format", "json"];
    let codes = agent.run(&[&promote[..], &named].concat()).refuses();
    assert_eq!(codes, ["organisation-policy-broken"], "naming one does not replace the other");
}
