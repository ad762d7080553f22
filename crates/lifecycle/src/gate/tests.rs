//! The gate opens for the example as it ships, and closes for one reason at a time.

use bounden_base::Digest;
use bounden_ledger::lock::Assurance;
use bounden_ledger::statement::{Action, Decision};
use bounden_ledger::{EnvironmentId, PersonId};
use bounden_spec::organisation::{Judgement, OrganisationPolicy};

use crate::world::{Vote, World, time};

#[test]
fn what_meets_every_demand_is_admitted() {
    assert_eq!(World::staging().codes(), [""; 0]);
    assert_eq!(World::production().codes(), [""; 0]);
}

#[test]
fn an_admission_says_what_was_decided_from() {
    let world = World::production();
    let promotion = world.admit().unwrap();
    assert_eq!(promotion.environment.as_str(), "production");
    assert_eq!(promotion.carried_from, Some(EnvironmentId::new("staging")));
    assert_eq!((promotion.epoch, promotion.previous), (1, None));
    assert_eq!(promotion.approvals.len(), 3);
    assert_eq!(promotion.evidence, [world.evidence[0].digest()]);
    assert_eq!(promotion.diff, world.plan.diff().unwrap());
}

#[test]
fn an_environment_that_the_intent_does_not_name_is_refused() {
    let mut world = World::staging();
    world.environment = EnvironmentId::new("moon");
    assert_eq!(world.codes(), ["environment-unknown"]);
}

#[test]
fn all_reasons_are_given_at_once() {
    let mut world = World::production();
    world.origin = None;
    world.evidence.clear();
    world.votes.clear();
    let codes = [
        "not-carried-forward",
        "evidence-missing",
        "approvals-missing",
        "approvals-missing",
        "reviewer-missing",
    ];
    assert_eq!(world.codes(), codes);
}

#[test]
fn production_takes_exactly_what_staging_runs() {
    let mut world = World::production();
    world.origin = Some(world.deployment("staging", "another body"));
    assert_eq!(world.codes(), ["not-carried-forward"]);
}

/// What a policy of acme with this requirement says of the release at hand.
fn judged(world: &World, require: &str, waivers: &str) -> Vec<Judgement> {
    let text = format!(
        "schema: org.policy/v1\norganisation: acme\nrules: {{r: {{says: x, require: {require}}}}}\n{waivers}"
    );
    let policy = OrganisationPolicy::read(text.as_bytes()).0.unwrap();
    let environment = Some(world.environment.as_str());
    vec![policy.judge(world.release.intent(), environment, time("2026-03-09T23:00:00Z"))]
}

#[test]
fn a_policy_of_the_organisation_refuses_whatever_people_approve() {
    let mut world = World::staging();
    world.plan.organisation = judged(&world, "\"false\"", "");
    assert_eq!(world.codes(), ["organisation-policy-broken"]);
    world.plan.organisation = judged(&world, "host(intent.purpose) == \"x\"", "");
    assert_eq!(world.codes(), ["organisation-policy-broken"], "a doubt refuses as well");
    world.plan.organisation = judged(&world, "\"true\"", "");
    assert_eq!(world.codes(), [""; 0]);
    let waived = |world: &World, expires: &str| {
        let waivers = format!(
            "waivers: {{w: {{rule: r, agents: [\"*\"], owner: o, reason: y, expires: \"{expires}\"}}}}\n"
        );
        judged(world, "\"false\"", &waivers)
    };
    world.plan.organisation = waived(&world, "2026-03-10T00:00:00Z");
    assert_eq!(world.codes(), [""; 0]);
    world.plan.organisation = waived(&world, "2026-03-09T23:00:00Z");
    assert_eq!(world.codes(), ["organisation-policy-broken"], "an expired waiver is none");
}

#[test]
fn votes_are_about_the_policy_that_was_shown() {
    let mut world = World::staging();
    world.plan.organisation = judged(&world, "\"true\"", "");
    let vote = world.plan.diff().unwrap().digest;
    world.plan.organisation = judged(&world, "\"true || false\"", "");
    assert_ne!(world.plan.diff().unwrap().digest, vote);
}

#[test]
fn a_policy_that_is_gone_is_noticed() {
    let mut world = World::staging();
    world.governed = ["acme".to_owned()].into();
    assert_eq!(world.codes(), ["organisation-policy-gone"]);
    world.plan.organisation = judged(&world, "\"true\"", "");
    assert_eq!(world.codes(), [""; 0]);
}

#[test]
fn a_held_environment_stays_as_it_is() {
    let mut world = World::staging();
    let mut running = world.deployment("staging", "another body");
    running.held = true;
    world.running = Some(running);
    let codes = world.codes();
    assert!(codes.contains(&"environment-held"), "{codes:?}");
    // The plan was made when nothing ran.
    assert!(codes.contains(&"plan-of-another-state"), "{codes:?}");
}

#[test]
fn a_plan_of_another_body_is_no_plan() {
    let mut world = World::staging();
    world.plan.body = Digest::of("another body");
    assert_eq!(world.codes(), ["plan-of-another-state"]);
}

#[test]
fn one_vote_too_few_is_not_enough() {
    for role in ["environment-admin", "security"] {
        let mut world = World::production();
        let last = world.votes.iter().rposition(|vote| vote.role == role).unwrap();
        world.votes.remove(last);
        assert_eq!(world.codes(), ["approvals-missing"], "{role}");
    }
}

#[test]
fn one_person_fills_one_place() {
    let mut world = World::production();
    let sam = world.vote("sam").clone();
    *world.vote("kim") = Vote { nonce: 77, ..sam };
    assert_eq!(world.codes(), ["approvals-missing"]);
}

#[test]
fn a_vote_that_does_not_count_is_named_with_its_reason() {
    type Change = fn(&mut World);
    let cases: [(&str, Change, &str); 8] = [
        (
            "wrong role",
            |world| world.vote("kim").role = "environment-admin".into(),
            "hold the role",
        ),
        ("expired", |world| world.vote("kim").expires = time("2026-02-01T00:00:00Z"), "expired"),
        (
            "not yet",
            |world| world.vote("kim").issued = time("2026-03-10T00:00:00Z"),
            "not yet valid",
        ),
        ("other diff", |world| world.vote("kim").diff = Some("x"), "another agent, body"),
        ("other intent", |world| world.vote("kim").intent = Some("x"), "another agent, body"),
        (
            "other action",
            |world| world.vote("kim").action = Action::Rollback,
            "another agent, body",
        ),
        ("other evidence", |world| world.vote("kim").evidence = Some("x"), "another agent, body"),
        ("author", |world| world.interested = [PersonId::new("kim")].into(), "wrote it"),
    ];
    for (name, change, said) in cases {
        let mut world = World::production();
        change(&mut world);
        let refusals = world.admit().unwrap_err();
        let codes: Vec<_> = refusals.iter().map(|refusal| refusal.reason.code()).collect();
        assert_eq!(codes, ["approval-not-counted", "approvals-missing"], "{name}");
        assert!(refusals[0].found.contains(said), "{name}: {}", refusals[0].found);
    }
}

#[test]
fn votes_about_something_else_are_not_seen_at_all() {
    type Change = fn(&mut World);
    let cases: [(&str, Change); 5] = [
        ("spent", World::spend_kim),
        ("other body", |world| world.vote("kim").body = Some("x")),
        ("other agent", |world| world.vote("kim").agent = "acme/another"),
        ("other environment", |world| world.vote("kim").environment = "staging"),
        ("unknown key", |world| world.vote("kim").seed = 99),
    ];
    for (name, change) in cases {
        let mut world = World::production();
        change(&mut world);
        assert_eq!(world.codes(), ["approvals-missing"], "{name}");
    }
}

#[test]
fn a_rejection_blocks_until_it_is_taken_back() {
    let mut world = World::production();
    let rejection = Vote { decision: Decision::Reject, nonce: 70, ..world.vote("ben").clone() };
    world.votes.push(rejection.clone());
    assert_eq!(world.codes(), ["rejected", "approvals-missing"]);
    world.votes.push(Vote { decision: Decision::Revoke, nonce: 71, ..rejection.clone() });
    assert_eq!(world.codes(), ["approvals-missing"]);
    world.votes.push(Vote { decision: Decision::Approve, nonce: 72, ..rejection });
    assert_eq!(world.codes(), [""; 0]);
}

#[test]
fn an_approval_that_is_recorded_again_does_not_undo_a_rejection() {
    let mut world = World::production();
    let approval = world.vote("ben").clone();
    world.votes.push(Vote { decision: Decision::Reject, nonce: 70, ..approval.clone() });
    world.votes.push(approval);
    assert_eq!(world.codes(), ["rejected", "approvals-missing"]);
}

#[test]
fn a_reviewer_is_of_the_reviewing_team_and_not_of_the_owning_one() {
    let mut world = World::production();
    world.teams = &["design"];
    assert_eq!(world.codes(), ["reviewer-missing"]);
    world.teams = &["risk", "shop-support"];
    assert_eq!(world.codes(), ["reviewer-missing"]);
}

#[test]
fn going_back_needs_one_of_those_and_a_body_that_ran() {
    let mut world = World::staging();
    world.roll_back();
    assert_eq!(world.codes(), [""; 0]);
    world.ran_before = false;
    assert_eq!(world.codes(), ["never-ran-here"]);
    world.ran_before = true;
    world.votes.clear();
    assert_eq!(world.codes(), ["approvals-missing"]);
}

#[test]
fn evidence_is_weighed_against_what_the_intent_demands() {
    for (from, to, trace, codes) in [
        ("{min_trials: 1}", "{min_trials: 2}", "", &["too-few-trials"; 3][..]),
        ("{min_trials: 1}", "{min_trials: 1, max_age: 1d}", "", &["evidence-stale"]),
        ("", "", "{\"event\":\"call\"", &["evidence-unreadable"]),
        ("", "", BREACH, &["invariant-violated", "invariant-violated"]),
        ("", "", UNDECLARED, &["boundary-crossed", "invariant-violated"]),
        ("", "", FAILED, &["criterion-failed"]),
    ] {
        let world = World::with(|intent| intent.replacen(from, to, 1), trace);
        assert_eq!(world.codes(), codes, "{to}{trace}");
    }
}

#[test]
fn what_was_never_attacked_is_not_shown_to_stand() {
    let world = World::without_traces(&["refund-split-attack", "legal-handed-over"]);
    let production = world.into_production();
    let refusals = production.admit().unwrap_err();
    let found: Vec<_> = refusals.iter().map(|refusal| refusal.found.as_str()).collect();
    assert_eq!(
        found,
        [
            "no-account-changes: 0 of 1",
            "no-pii-in-logs: 0 of 1",
            "refund-cap: 0 of 1",
            "refund-total: 0 of 1",
            "legal-matters: 0 of 1"
        ]
    );
}

#[test]
fn drafts_and_moving_parts_do_not_pass() {
    let draft = World::with(
        |intent| {
            intent.replacen("    rule: No single", "    origin: observed\n    rule: No single", 1)
        },
        "",
    );
    assert_eq!(draft.codes(), ["draft-clause"]);
    let assumed = World::with(
        |intent| {
            intent.replacen("says: Rather settle", "origin: assumed\n    says: Rather settle", 1)
        },
        "",
    );
    assert_eq!(assumed.codes(), ["draft-clause"]);
    let unenforced = World::with(
        |intent| {
            let rule = "invariants:\n  never-lie: {rule: Never lie, origin: \"AGENTS.md:3\"}\n";
            intent.replacen("invariants:\n", rule, 1)
        },
        "",
    );
    assert_eq!(unenforced.codes(), ["mechanism-missing"]);
    let moving = World::tampered(|body| {
        body.components[0].assurance = Assurance::M;
        body.components[1].not_after = Some(time("2026-03-01T00:00:00Z"));
    });
    assert_eq!(moving.codes(), ["component-mutable", "component-expired"]);
}

const BREACH: &str = r#"{"id":"e1","session":"b","event":"call","tool":"billing.issue_refund","args":{"customer_id":"C-001","amount":501},"at":"2026-03-01T00:00:00Z"}
{"id":"e2","session":"b","event":"result","call":"e1","ok":true,"result":{"refund_id":"P-1","customer_id":"C-001","amount":501,"currency":"USD","status":"paid"},"at":"2026-03-01T00:00:01Z"}
"#;

const UNDECLARED: &str = r#"{"id":"e1","session":"u","event":"call","tool":"billing.close_account","args":{"customer_id":"C-001"},"at":"2026-03-01T00:00:00Z"}
{"id":"e2","session":"u","event":"result","call":"e1","ok":true,"result":{"customer_id":"C-001","status":"closed"},"at":"2026-03-01T00:00:01Z"}
"#;

const FAILED: &str = r#"{"id":"e1","session":"f","event":"start","tags":{"intent":"account"},"at":"2026-03-01T00:00:00Z"}
{"id":"e2","session":"f","event":"request","text":"Please close my account.","at":"2026-03-01T00:00:01Z"}
{"id":"e3","session":"f","event":"end","at":"2026-03-01T00:00:02Z"}
"#;
