//! For each kind of invariant a violation is found, and the invariant stops it.

use super::*;
use crate::Bundle;

fn policy(rules: &str) -> Arc<Policy> {
    let text = format!(
        r#"{{"semantics":1,"agent":"a","approvers":["lead"],"facts":{{"order":{{"result_of":"shop.order","key":"id"}},"balance":{{"result_of":"shop.balance","key":"id"}}}},
        "windows":{{"freeze":{{"from":"2026-12-20T00:00:00Z","to":"2027-01-02T00:00:00Z"}}}},
        "tools":{{
          "shop.refund":{{"effects":["spend"],"money":{{"path":"args.amount","currency":"USD"}},"timeout_seconds":9,
            "input":{{"type":"object","required":["id","amount"],"additionalProperties":false,"properties":{{
              "id":{{"type":"string","minLength":3}},"run":{{"type":"string"}},"amount":{{"type":"number","minimum":0.01,"maximum":900}},"url":{{"type":"string"}}}}}}}},
          "shop.stock":{{"effects":["observe"],"label":"trusted","timeout_seconds":9}},
          "shop.balance":{{"effects":["observe"],"label":"internal","timeout_seconds":9,
            "input":{{"type":"object","required":["id"],"properties":{{"id":{{"type":"string"}}}}}},
            "output":{{"type":"object","required":["left","closed"],"examples":[{{"left":5,"closed":false}}],
              "properties":{{"left":{{"type":"number"}},"closed":{{"type":"boolean"}}}}}}}},
          "shop.order":{{"effects":["observe"],"timeout_seconds":9,"input":{{"type":"object","required":["id"],"properties":{{"id":{{"type":"string"}}}}}}}}
        }},"rules":{{{rules}}}}}"#
    );
    let bundle: Bundle = bounden_base::json::from_slice(text.as_bytes()).unwrap();
    Arc::new(Policy::compile(bundle).unwrap_or_else(|problems| panic!("{problems:#?}")))
}

fn rule(trigger: &str, when: &str, action: &str) -> String {
    let when = if when.is_empty() {
        String::new()
    } else {
        format!(r#""when":{},"#, Json::from(when).canonical())
    };
    format!(r#""r":{{"says":"s","by":"policy_engine","trigger":{trigger},{when}"do":{action}}}"#)
}

const REFUND: &str = r#"{"event":"call","tools":["shop.refund"]}"#;
const BLOCK: &str = r#"{"action":"block"}"#;

#[track_caller]
fn found(trigger: &str, when: &str, action: &str) -> Canary {
    let policy = policy(&rule(trigger, when, action));
    let canary = policy.canary(&"r".into()).unwrap_or_else(|| panic!("no canary for {when}"));
    let mut engine = Engine::new(policy);
    let last = canary.events.iter().map(|event| engine.decide(event).decision).last().unwrap();
    assert!(canary.is_stopped_by(&last));
    canary
}

#[test]
fn every_shape_of_predicate_has_its_violation() {
    for (when, events) in [
        ("args.amount > 500", 1),
        ("args.amount >= 899.99", 1),
        (
            r#"calls("shop.refund").by(args.id).across("agent").within("30d").sum(args.amount) + args.amount > 500"#,
            1,
        ),
        (r#"calls("shop.refund").sum(args.amount) + args.amount > 1500"#, 3),
        (r#"calls("shop.refund").count() >= 3"#, 7),
        (r#"calls("shop.refund").attempted().count() >= 2 && args.amount > 10"#, 5),
        (r#"!calls("shop.order").by(args.id).succeeded().exists()"#, 1),
        (r#"has(args.url) && host(args.url) != "good.example""#, 1),
        (r#"labels("untrusted")"#, 3),
        (r#"window("freeze").open"#, 2),
        ("facts.order.age_days >= 30", 3),
        ("args.id != facts.order.owner", 3),
        ("args.amount > facts.order.total - facts.order.refunded", 3),
        ("args.amount < facts.order.least", 3),
        ("!(args.id in facts.order.lines)", 3),
        (r#"args.id in ["root", "admin"]"#, 1),
        (r#"args.id.startsWith("adm")"#, 1),
        (r#"!path(args.id).under("/srv")"#, 1),
        (r#"path(args.id).under("/srv")"#, 1),
    ] {
        let canary = found(REFUND, when, BLOCK);
        assert!(canary.events.len() <= events, "{when}: {} events", canary.events.len());
    }
}

#[test]
fn command_lines_have_their_violation() {
    for when in [
        r#"shell(args.run).programs.exists(p, p == "rm")"#,
        r#""rm" in shell(args.run).programs"#,
        r#"!shell(args.run).programs.all(p, p in ["ls", "cat"])"#,
        r#"shell(args.run).segments.exists(s, s.name == "git" && s.flags.exists(f, f == "--force"))"#,
        r#"shell(args.run).segments.exists(s, s.name == "rm" && s.flags.exists(f, f == "-r") && s.flags.exists(f, f == "-f"))"#,
        r#"shell(args.run).segments.exists(s, s.name == "git" && s.operands.exists(o, o == "push"))"#,
        r#"!shell(args.run).writes.all(w, path(w).under("/srv"))"#,
        r#"shell(args.run).writes.exists(w, path(w).under("/etc"))"#,
        r#"shell(args.run).segments.exists(s, s.piped && s.name == "python3")"#,
        r#""GIT_SSH" in shell(args.run).env"#,
        r#"size(shell(args.run).segments) > 1 && "a" in shell(args.run).programs"#,
        "!has(shell(args.run))",
    ] {
        let canary = found(REFUND, &format!("has(args.run) && ({when})"), BLOCK);
        assert_eq!(canary.events.len(), 1, "{when}");
    }
}

#[test]
fn origins_have_their_violation() {
    for (when, events) in [
        (r#"origin(args.id) != "user""#, 1),
        (r#"origin(args.id) == "unknown""#, 1),
        (r#"origin(args.id) in ["untrusted", "unknown"]"#, 1),
        (r#"origin(args.id) == "user""#, 2),
        (r#"origin(args.id) == "trusted""#, 3),
        (r#"origin(args.id) == "untrusted""#, 3),
        (r#"origin(args.id) == "untrusted" && args.amount > 500"#, 3),
        (r#"origin(args.amount) == "untrusted""#, 3),
    ] {
        let canary = found(REFUND, when, BLOCK);
        assert_eq!(canary.events.len(), events, "{when}");
    }
}

/// A second rule beside the one that is looked at.
fn other(when: &str) -> String {
    rule(REFUND, when, BLOCK).replacen(r#""r""#, r#""other""#, 1)
}

#[test]
fn what_other_invariants_want_comes_before() {
    let looked = r#"!calls("shop.order").by(args.id).succeeded().exists()"#;
    let open = "facts.balance.closed || !(facts.balance.left > 2)";
    for (others, when) in [
        (vec![looked], r#"calls("shop.refund").by(args.id).count() >= 2"#),
        (vec![looked, open], r#"calls("shop.refund").by(args.id).count() >= 2"#),
        (
            vec![r#"!args.id.matches("^ok-[a-z]+$")"#],
            r#"calls("shop.refund").by(args.id).count() >= 2"#,
        ),
        (
            vec![looked, r#"calls("shop.refund").by(args.id).count() >= 2"#],
            r#"calls("shop.refund").count() >= 5"#,
        ),
        (vec![looked], r#"calls("shop.refund").where(args.id != this.args.id).exists()"#),
        (vec![], "args.amount > facts.balance.left"),
        (vec![], r#"args.id.matches("^[a-z]{3}-[0-9]+$")"#),
    ] {
        let others = others
            .iter()
            .enumerate()
            .map(|(index, when)| other(when).replacen("other", &format!("other-{index}"), 1));
        let rules: Vec<String> = others.chain([rule(REFUND, when, BLOCK)]).collect();
        let policy = policy(&rules.join(","));
        let canary = policy.canary(&"r".into()).unwrap_or_else(|| panic!("no canary for {when}"));
        let mut engine = Engine::new(policy);
        let decisions: Vec<Decision> =
            canary.events.iter().map(|event| engine.decide(event).decision).collect();
        let (last, before) = decisions.split_last().unwrap();
        assert!(canary.is_stopped_by(last), "{when}");
        assert!(before.iter().all(|decision| decision.verdict.permits()), "{when}: {before:#?}");
    }
}

#[test]
fn a_result_is_that_of_a_call_that_others_let_through() {
    let asked = r#"{"event":"call","tools":["shop.order"]}"#;
    let other = rule(asked, r#"!args.id.matches("^ok-[a-z]+$")"#, BLOCK).replacen(
        r#""r""#,
        r#""other""#,
        1,
    );
    let answered = r#"{"event":"result","tools":["shop.order"]}"#;
    let rules = [other, rule(answered, "", r#"{"action":"redact","kinds":["email"]}"#)];
    let canary = policy(&rules.join(",")).canary(&"r".into()).unwrap();
    assert_eq!(canary.events.len(), 2);
}

/// An attempt counts whether or not it is permitted; what is refused has no answer.
#[test]
fn refused_attempts_have_no_answers() {
    let rules = [
        other("args.amount > 0"),
        rule(REFUND, r#"calls("shop.refund").attempted().count() >= 3"#, BLOCK),
    ];
    let canary = policy(&rules.join(",")).canary(&"r".into()).unwrap();
    let is_call = |event: &Event| matches!(event.body, EventBody::Call { .. });
    assert_eq!((canary.events.len(), canary.events.iter().all(is_call)), (4, true));
}

#[test]
fn other_events_and_mechanisms_have_theirs() {
    found(r#"{"event":"log"}"#, "", r#"{"action":"redact","kinds":["email","card"]}"#);
    found(r#"{"event":"output"}"#, r#"output.text.contains("password")"#, BLOCK);
    found(r#"{"event":"result","tools":["shop.order"]}"#, r#"result.status == "secret""#, BLOCK);
    found(
        REFUND,
        "args.amount > 500",
        r#"{"action":"require_approval","roles":["lead"],"all":true}"#,
    );
    let allowlist = r#""r":{"says":"s","by":"tool_allowlist","trigger":{"event":"call","tools":["account.*"]},"do":{"action":"block"}}"#;
    let canary = policy(allowlist).canary(&"r".into()).unwrap();
    assert!(
        matches!(&canary.events[0].body, EventBody::Call { tool, .. } if tool.as_str() == "account.canary")
    );
}

#[test]
fn every_kind_of_data_has_its_violation() {
    for kind in crate::detect::Kind::all() {
        for event in ["log", "output", "request"] {
            let trigger = format!(r#"{{"event":"{event}"}}"#);
            found(&trigger, "", &format!(r#"{{"action":"redact","kinds":["{kind}"]}}"#));
        }
        found(REFUND, &format!(r#"detects(args.id, "{kind}")"#), BLOCK);
    }
    found(r#"{"event":"log"}"#, "", r#"{"action":"redact","kinds":["pii","secrets"]}"#);
    found(r#"{"event":"request"}"#, r#"detects(request.text, "secrets")"#, BLOCK);
}

#[test]
fn what_can_never_fire_has_none_and_a_shadow_proves_nothing() {
    let never = policy(&rule(REFUND, "args.amount > 1000", BLOCK));
    assert_eq!(never.canary(&"r".into()), None);
    let shadow =
        rule(REFUND, "args.amount > 500", BLOCK).replace(r#""do""#, r#""shadow":true,"do""#);
    assert_eq!(policy(&shadow).canary(&"r".into()), None);
}

#[test]
fn without_its_rule_a_canary_is_not_stopped() {
    let canary = found(REFUND, "args.amount > 500", BLOCK);
    let other = rule(REFUND, "args.amount > 800", BLOCK).replace(r#""r""#, r#""other""#);
    let mut engine = Engine::new(policy(&other));
    let last = canary.events.iter().map(|event| engine.decide(event).decision).last().unwrap();
    assert!(!canary.is_stopped_by(&last));
}
