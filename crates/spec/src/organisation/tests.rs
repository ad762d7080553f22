//! What an organisation's policy says of intents, in the words that people read.

use bounden_base::Timestamp;

use super::*;
use crate::case;
use crate::intent::parse;

const INTENT: &str = "\
schema: behavior.intent/v1
agent: {id: acme/refunds, version: \"1\", tier: medium, owner: {team: support}}
purpose: Refund.
scope: {in: {returns: {says: Returns}}}
tools:
  billing.refund: {effects: [spend], money: {path: args.amount, currency: USD}}
  crm.write: {effects: [write], timeout: 2m}
constraints: {limits: {usd: 5}}
promotion:
  staging: {approvals: {admin: 1}}
  production: {from: staging, approvals: {admin: 1, security: 2}, evidence: {max_age: 14d}}
";

/// A policy with these rules and waivers.
fn policy(rules: &str) -> String {
    format!("schema: org.policy/v1\norganisation: acme\n{rules}")
}

fn rule(require: &str) -> String {
    policy(&format!("rules:\n  r:\n    says: As required\n    require: {require}\n"))
}

fn now() -> Timestamp {
    "2027-01-01T12:00:00Z".parse().unwrap()
}

fn read(text: &str) -> OrganisationPolicy {
    let (policy, problems) = OrganisationPolicy::read(text.as_bytes());
    policy.unwrap_or_else(|| panic!("{}", case::show(text.as_bytes(), &problems)))
}

/// What is found in the intent, in an environment.
fn in_environment(policy: &str, environment: Option<&str>) -> String {
    let intent = parse(INTENT.as_bytes()).0.unwrap();
    let found = read(policy).diagnose(&intent, INTENT.as_bytes(), "org.policy", environment, now());
    case::show(INTENT.as_bytes(), &found)
}

fn found(policy: &str) -> String {
    in_environment(policy, None)
}

fn refused(text: &str) -> String {
    let (policy, problems) = OrganisationPolicy::read(text.as_bytes());
    assert!(policy.is_none(), "{text}");
    case::show(text.as_bytes(), &problems)
}

#[test]
fn a_rule_that_is_met_is_silent() {
    assert_eq!(found(&rule("intent.agent.tier == \"medium\"")), "");
}

#[test]
fn a_rule_that_is_not_met_points_at_what_stands_against_it() {
    assert_eq!(
        found(&rule("intent.agent.tier == \"high\"")),
        "error B501 \"medium\" acme: As required (`r`); help: what is required is `intent.agent.tier == \"high\"`"
    );
    let first = |require: &str| {
        let found = found(&rule(require));
        found.split(" acme:").next().unwrap_or_default().to_owned()
    };
    for (require, place) in [
        ("intent.tools.all(t, !(\"spend\" in t.effects))", "billing.refund"),
        ("intent.tools.all(t, !(\"delete\" in t.effects))", "crm.write"),
        ("intent.tools.all(t, t.timeout <= 60)", "crm.write"),
        ("has(intent.constraints.data.classification)", "constraints"),
        ("intent.constraints.memory == \"session\"", "constraints"),
        ("has(intent.constraints.limits.usd) && intent.constraints.limits.usd < 1", "5"),
        ("intent.promotion.all(p, p.approvals.exists(a, a.name == \"security\"))", "staging"),
        ("size(intent.invariants) > 0", "acme/refunds"),
        ("intent.promotion.all(p, p.approvals.all(a, a.value < 2))", "production"),
    ] {
        assert_eq!(first(require), format!("error B501 {place:?}"), "{require}");
    }
}

#[test]
fn the_place_of_the_requirement_is_a_second_label() {
    let text = rule("intent.agent.tier == \"high\"");
    let intent = parse(INTENT.as_bytes()).0.unwrap();
    let found = read(&text).diagnose(&intent, INTENT.as_bytes(), "org.policy", None, now());
    let label = &found[0].related[0];
    assert_eq!(label.file.as_deref(), Some("org.policy"));
    assert_eq!(&text[label.span.start..label.span.end], "intent.agent.tier == \"high\"");
}

#[test]
fn a_rule_is_about_the_agents_tiers_and_environments_within_its_reach() {
    let about = |reach: &str, when: &str| {
        let text = policy(&format!(
            "rules:\n  r: {{says: As required, reach: {{{reach}}}, when: {when}, require: \"false\"}}\n"
        ));
        let environments = [None, Some("production"), Some("moon")];
        environments.map(|environment| !in_environment(&text, environment).is_empty())
    };
    for (reach, when, expected) in [
        ("", "\"true\"", [true, true, true]),
        ("agents: [\"acme/*\"]", "\"true\"", [true, true, true]),
        ("agents: [\"other/*\"]", "\"true\"", [false, false, false]),
        ("tiers: [low, medium]", "\"true\"", [true, true, true]),
        ("tiers: [high]", "\"true\"", [false, false, false]),
        ("environments: [prod*]", "\"true\"", [true, true, false]),
        ("environments: [moon]", "\"true\"", [false, false, true]),
        ("tiers: [high], agents: [\"*\"]", "\"true\"", [false, false, false]),
        ("", "intent.agent.tier == \"high\"", [false, false, false]),
    ] {
        assert_eq!(about(reach, when), expected, "{reach} {when}");
    }
}

#[test]
fn a_warning_refuses_nothing_and_says_what_to_do() {
    let text = policy(
        "rules:\n  r: {says: As required, require: \"false\", severity: warning, help: Ask security}\n",
    );
    assert_eq!(
        found(&text),
        "warning B501 \"acme/refunds\" acme: As required (`r`); help: Ask security"
    );
    let intent = parse(INTENT.as_bytes()).0.unwrap();
    let judgement = read(&text).judge(&intent, None, now());
    assert_eq!(judgement.rules["r"], Standing::Warned);
    assert_eq!(judgement.refused().count(), 0);
}

#[test]
fn what_cannot_be_told_refuses() {
    let text = rule("host(intent.purpose) == \"acme.example\"");
    assert!(found(&text).starts_with("error B502 \"Refund.\" it cannot be told whether"));
    let intent = parse(INTENT.as_bytes()).0.unwrap();
    let judgement = read(&text).judge(&intent, None, now());
    assert_eq!(judgement.refused().collect::<Vec<_>>(), ["r"]);
    let unless = text.replace("require:", "require: \"true\"\n    when:");
    assert!(found(&unless).starts_with("error B502"), "a doubtful `when` as well");
}

fn waived(agent: &str, expires: &str) -> String {
    rule("\"false\"")
        + &format!(
            "waivers:\n  w: {{rule: r, agents: [{agent}], owner: risk, reason: Moves in March, expires: \"{expires}\"}}\n"
        )
}

#[test]
fn a_waiver_in_force_is_printed_with_its_days_left() {
    assert_eq!(
        found(&waived("acme/refunds", "2027-01-03T12:00:00Z")),
        "note B503 \"acme/refunds\" waived, 2 days are left: acme: As required (`r`); help: risk answers for it: Moves in March"
    );
    assert!(found(&waived("acme/*", "2027-01-01T13:00:00Z")).contains("1 day is left"));
}

#[test]
fn a_waiver_that_has_expired_or_is_for_others_counts_as_none() {
    let expired = found(&waived("acme/refunds", "2027-01-01T12:00:00Z"));
    assert!(expired.contains("error B501"), "{expired}");
    assert!(
        expired.contains("warning B504 \"acme/refunds\" the waiver `w` of `r` has expired on 2027-01-01T12:00:00Z, and counts as none; help: meet the rule, or ask risk for another waiver"),
        "{expired}"
    );
    let others = found(&waived("acme/other", "2028-01-01T12:00:00Z"));
    assert!(others.starts_with("error B501") && !others.contains("waive"), "{others}");
}

#[test]
fn a_policy_with_an_error_is_none() {
    for (text, expected) in [
        (
            rule("intent.agent.teir == \"high\""),
            "error B251 \"intent.agent.teir\" there is no `intent.agent.teir`; help: did you mean `tier`?",
        ),
        (
            rule("args.amount > 5"),
            "error B251 \"args\" `args` is known of a call, and there is none here; help: ask about `intent`",
        ),
        (rule("intent.tools.all(t, t.effects)"), "error B252 \"t.effects\""),
        (rule("intent.agent.owner.team == \"x\""), "error B253"),
        (rule("intent.agent.tier =="), "error B250"),
        (policy(""), "error B506 \"org.policy/v1\" the policy has no rule"),
        (
            policy(
                "rules: {r: {says: x, require: \"true\"}}\nwaivers: {w: {rule: q, agents: [], owner: o, reason: r, expires: \"2027-01-01T00:00:00Z\"}}\n",
            ),
            "error B505 \"w\" `w` names no agent; help: write `agents: [ID]`; a waiver is for somebody, never for all unnamed\nerror B505 \"q\" `w` waives `q`, which is no rule",
        ),
        (
            policy("rules: {r: {says: x, require: \"true\", weight: error}}\n"),
            "error B101 \"weight\" `rules.r` has no key `weight`",
        ),
        (policy("rules: {r: {says: x}}\n"), "error B102 \"r\" `rules.r` has no `require`"),
        ("schema: org.policy/v2\n".to_owned(), "error B107"),
        ("a: &b 1\n".to_owned(), "error B007"),
    ] {
        let shown = refused(&text);
        assert!(shown.contains(expected), "{expected}\n{shown}");
    }
}

#[test]
fn equal_policies_have_one_digest_and_others_another() {
    let text = rule("\"true\"");
    let commented = format!("# kept\n{text}");
    assert_eq!(read(&text).digest(), read(&commented).digest());
    assert_ne!(read(&text).digest(), read(&rule("\"false\"")).digest());
}

#[test]
fn what_the_data_is_fits_its_schema() {
    for name in ["support", "airline"] {
        let path =
            bounden_testkit::repository().join("examples").join(name).join("behavior.intent");
        let intent = parse(&bounden_testkit::read(path)).0.unwrap();
        let domain = Domain::new(view::NAME, &view::schema()).unwrap();
        assert_eq!(domain.mismatch(&view::data(&intent)), None, "{name}");
    }
}

#[test]
fn the_policy_of_the_reference_page_can_be_asked() {
    let page = bounden_testkit::repository().join("docs/reference/org-policy.md");
    let page = bounden_testkit::read_text(page);
    let lines = page.lines().skip_while(|line| !line.starts_with("    schema:"));
    let example: String =
        lines.map_while(|line| line.strip_prefix("    ")).map(|line| format!("{line}\n")).collect();
    assert_eq!(read(&example).document().rules.iter().len(), 4);
}
