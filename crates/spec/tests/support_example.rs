//! The shipped example, decided by the engine: what its traces show is what its intent says.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::sync::Arc;

use bounden_base::Json;
use bounden_policy::{Contracts, CriterionVerdict, Engine, Event, EventBody, Policy};
use bounden_spec::{compile, intent};
use bounden_testkit::{read, read_text, repository};

fn policy() -> Arc<Policy> {
    let folder = repository().join("examples/support");
    let contracts = Contracts::parse(&read(folder.join("behavior.contracts.json"))).unwrap();
    let (intent, _) = intent::parse(&read(folder.join("behavior.intent")));
    Arc::new(compile(&intent.unwrap(), Some(&contracts)).0.unwrap())
}

/// Every call and log line with its verdict and the rules that fired, then
/// what became of each criterion that applies.
fn decided(trace: &str) -> Vec<String> {
    let text = read_text(repository().join(format!("examples/support/traces/{trace}.jsonl")));
    let mut engine = Engine::new(policy());
    let mut shown = Vec::new();
    for line in text.lines() {
        let event = Event::from_json(&Json::parse(line.as_bytes()).unwrap()).unwrap();
        let ruling = engine.decide(&event);
        let rules: Vec<_> = ruling.decision.rules.iter().map(|rule| rule.id.as_str()).collect();
        let what = match &event.body {
            EventBody::Call { tool, .. } => tool.as_str(),
            EventBody::Log { .. } => "log",
            _ => "",
        };
        if !what.is_empty() {
            let verdict = ruling.decision.verdict.name();
            shown.push(format!("{what} {verdict} {}", rules.join(" ")).trim_end().to_owned());
        }
        let applicable = ruling
            .criteria
            .iter()
            .filter(|outcome| outcome.verdict != CriterionVerdict::NotApplicable);
        shown.extend(applicable.map(|outcome| format!("{} {:?}", outcome.id, outcome.verdict)));
    }
    shown
}

#[test]
fn a_return_in_time_is_registered() {
    assert_eq!(
        decided("return-in-time"),
        ["billing.get_order allow", "billing.issue_return allow", "return-in-time Pass"]
    );
}

#[test]
fn a_return_that_is_too_late_is_explained() {
    assert_eq!(decided("return-too-late"), ["billing.get_order allow", "return-too-late Pass"]);
}

#[test]
fn a_refund_just_under_the_cap_goes_through() {
    assert_eq!(
        decided("refund-near-the-cap"),
        ["billing.get_order allow", "billing.issue_refund allow", "refund-within-bounds Pass"]
    );
}

#[test]
fn a_wish_to_close_an_account_goes_to_a_person() {
    assert_eq!(
        decided("account-handed-over"),
        ["desk.escalate_to_human allow", "account-handed-over Pass"]
    );
}

#[test]
fn an_attack_is_stopped_at_every_step() {
    assert_eq!(
        decided("refund-split-attack"),
        [
            "billing.get_order allow",
            "billing.issue_refund require_approval refund-cap refund-total",
            "billing.issue_refund allow",
            "billing.issue_refund require_approval refund-total",
            "billing.issue_refund block",
            "billing.close_account block no-account-changes",
            "log modify no-pii-in-logs",
            "refund-within-bounds Pass",
        ]
    );
}
