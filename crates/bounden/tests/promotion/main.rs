//! The way of an agent from its intent to production and back, through the binary.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod agent;
mod governed;
mod killed;
mod racing;
mod refused;
mod tampered;

use std::process::Command;

use bounden_base::Json;
use bounden_ledger::lock::Lock;

use self::agent::Agent;

#[test]
fn an_agent_goes_to_production_by_staging() {
    let agent = Agent::in_production();
    let report = agent.verify().json();
    assert_eq!(report.get("ok"), Some(&Json::from(true)), "{}", report.canonical());
    let lock = Lock::read(&agent.read("behavior.lock")).unwrap();
    let environments: Vec<_> =
        lock.bindings().iter().map(|binding| binding.environment.as_str()).collect();
    assert_eq!(environments, ["staging", "production"]);
    assert_eq!(lock.bindings()[1].approvals.len(), 3);
    let body = lock.body_digest();
    assert_eq!(agent.history("staging"), [("promote".to_owned(), body)]);
    assert_eq!(agent.history("production"), [("promote".to_owned(), body)]);
    agent.run(&["ledger", "audit"]).succeeds();
    for environment in ["staging", "production"] {
        agent.run(&["verify", "--env", environment]).succeeds();
    }
}

#[test]
fn promoting_what_runs_changes_nothing() {
    let agent = Agent::in_production();
    let before = agent.read("behavior.lock");
    let again = agent.promote("production").json();
    assert_eq!(again.get("outcome"), Some(&Json::from("unchanged")));
    assert_eq!(agent.read("behavior.lock"), before);
    assert_eq!(agent.history("production").len(), 1);
}

#[test]
fn a_lock_that_is_gone_is_written_again_from_the_ledger() {
    let agent = Agent::in_production();
    let before = Lock::read(&agent.read("behavior.lock")).unwrap();
    for bytes in [&b""[..], b"{\"schema\":", b"nonsense"] {
        agent.write("behavior.lock", bytes);
        agent.promote("staging").succeeds();
        assert_eq!(Lock::read(&agent.read("behavior.lock")).unwrap(), before);
    }
    std::fs::remove_file(agent.path("behavior.lock")).unwrap();
    assert_eq!(agent.verify().findings(), (14, vec!["lock-missing".to_owned()]));
    agent.promote("staging").succeeds();
    agent.run(&["verify"]).succeeds();
}

#[test]
fn the_same_sources_give_the_same_body_everywhere() {
    let (one, two) = (Agent::in_staging(), Agent::untouched());
    two.run(&["up", "--drive"]).succeeds();
    assert_eq!(one.history("staging"), two.history("staging"));
    assert_ne!(one.read("behavior.lock"), two.read("behavior.lock"));
}

#[test]
fn resolving_pins_what_the_servers_offer_and_only_that() {
    let agent = Agent::new();
    let shipped = agent.read("behavior.contracts.json");
    std::fs::remove_file(agent.path("behavior.contracts.json")).unwrap();
    agent.run(&["resolve"]).succeeds();
    assert_eq!(agent.read("behavior.contracts.json"), shipped);
    let text = String::from_utf8(shipped.clone()).unwrap();
    agent.write("behavior.contracts.json", text.replacen("Look up an order", "Look", 1));
    let said = agent.run(&["resolve"]).ends_with(0);
    assert!(said.contains("billing.get_order is defined differently"), "{said}");
    assert_eq!(agent.read("behavior.contracts.json"), shipped);
}

#[test]
fn a_plan_is_a_document_for_programs_too() {
    let agent = Agent::in_staging();
    agent.edit("when: args.amount > 500", "when: args.amount > 600");
    let plan = agent.run(&["plan", "--env", "staging", "--format", "json"]).json();
    assert_eq!(plan.get("class"), Some(&Json::from("EXPANSION")));
    assert_eq!(plan.get("material"), Some(&Json::from(true)));
    let items = plan.get("items").unwrap().as_array().unwrap();
    assert_eq!(items[0].get("id"), Some(&Json::from("invariants.refund-cap")));
}

#[test]
fn a_plan_says_what_was_shown_of_each_change() {
    let agent = Agent::in_staging();
    agent.edit("succeeded().exists()'\n", "succeeded().exists() && args.order_id != \"A-0000\"'\n");
    let plan = agent.run(&["plan", "--env", "staging", "--format", "json"]).json();
    let item = &plan.get("items").and_then(Json::as_array).unwrap()[0];
    assert_eq!(item.get("proof"), Some(&Json::from("witness")), "{}", plan.canonical());
    let witness = item.get("witness").unwrap();
    assert_eq!(witness.get("before"), Some(&Json::from("block")));
    assert_eq!(witness.get("after"), Some(&Json::from("allow")));
    let shown = agent.run(&["plan", "--env", "staging"]).ends_with(0);
    assert!(shown.contains("It can now issue return, which was blocked."), "{shown}");
    let comment = agent.run(&["plan", "--env", "staging", "--format", "markdown"]).ends_with(0);
    let row = comment.lines().find(|line| line.starts_with("| EXPANSION |")).unwrap();
    assert!(row.contains("`order-looked-up-first`") && row.contains("` {\"after\""), "{comment}");
}

#[test]
fn what_is_locked_is_a_side_of_a_proof() {
    let agent = Agent::in_staging();
    agent.edit("tool_calls: 25", "tool_calls: 26");
    let proved = |new: &str| {
        let (lock, new) = (agent.path("behavior.lock"), agent.path(new));
        let output = Command::new(agent::BINARY).arg("prove").args([lock, new]).output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code().unwrap(), said)
    };
    assert_eq!(proved("behavior.lock").0, 0);
    let (code, said) = proved("behavior.intent");
    assert_eq!(code, 1);
    assert!(said.contains("constraints.limits  ") && said.contains("25 tool calls"), "{said}");
    std::fs::remove_dir_all(agent.path(".bounden/bundles")).unwrap();
    let (code, said) = proved("behavior.lock");
    assert_eq!(code, 4);
    assert!(said.contains("is not kept here"), "{said}");
}

#[test]
fn an_environment_goes_back_and_stays_there() {
    let agent = Agent::in_production();
    let first = agent.history("production")[0].1;
    agent.edit("tool_calls: 15, usd", "tool_calls: 16, usd");
    agent.edit("version: 1.4.0", "version: 1.5.0");
    agent.approve("staging", "ben", "environment-admin").succeeds();
    agent.promote("staging").succeeds();
    agent.approve_production();
    agent.promote("production").succeeds();
    let second = agent.history("production")[1].1;
    assert_ne!(first, second);

    let back = ["rollback", "--env", "production", "--to", "1.4.0", "--format", "json"];
    assert_eq!(agent.run(&back).refuses(), ["approvals-missing"]);
    let vote = ["approve", "--env", "production", "--role", "environment-admin", "--to", "1.4.0"];
    agent.run(&vote).succeeds();
    agent.run(&back).succeeds();
    let rows = agent.history("production");
    assert_eq!(rows[2], ("rollback".to_owned(), first));
    agent.run(&["verify", "--env", "production"]).ends_with(11);

    // Forward again only after somebody has released it.
    let codes = agent.promote("production").refuses();
    assert!(codes.contains(&"environment-held".to_owned()), "{codes:?}");
    let release = |person| {
        let words = ["release", "--env", "production", "--reason", "mended", "--person", person];
        agent.run(&words)
    };
    let said = release("ana").ends_with(2);
    assert!(said.contains("[role-not-held]"), "{said}");
    release("ben").succeeds();
    let codes = agent.promote("production").refuses();
    assert!(!codes.contains(&"environment-held".to_owned()), "{codes:?}");
    // With the intent that runs there, everything fits.
    agent.edit("tool_calls: 16, usd", "tool_calls: 15, usd");
    agent.edit("version: 1.5.0", "version: 1.4.0");
    agent.run(&["verify", "--env", "production"]).succeeds();
    // Staging still runs the other body, which is verified from the record.
    agent.run(&["verify", "--env", "staging"]).succeeds();
    agent.run(&["ledger", "audit"]).succeeds();
}

#[test]
fn nobody_goes_back_to_what_never_ran() {
    let agent = Agent::in_staging();
    let said = agent.run(&["rollback", "--env", "staging", "--to", "9.9.9"]).ends_with(3);
    assert!(said.contains("nothing that ran here is `9.9.9`"), "{said}");
    let never = ["rollback", "--env", "production", "--to", "1.4.0", "--format", "json"];
    let codes = agent.run(&never).refuses();
    assert!(codes.contains(&"never-ran-here".to_owned()), "{codes:?}");
}

#[test]
fn up_goes_all_the_way_and_then_has_nothing_to_do() {
    let agent = Agent::untouched();
    for round in 1..=2 {
        let said = agent.run(&["up", "--drive"]).ends_with(0);
        for line in [
            "refund 499 dollars                       allowed",
            "refund 501 dollars at once               held for approval",
            "and 400 again, to the same customer      held for approval",
            "close an account, which nobody declared  unknown tool       -32602",
            "refund an amount that is no number       refused",
            "no-pii-in-logs         PROVEN",
        ] {
            assert!(said.contains(line), "{line}: {said}");
        }
        assert!(!said.contains('\u{1b}'), "colours are for terminals: {said}");
        assert_eq!(said.contains("nothing to promote"), round == 2, "{said}");
    }
    assert_eq!(agent.history("production").len(), 1);
    agent.run(&["verify"]).succeeds();
}
