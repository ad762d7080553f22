//! The engine, event by event, under small policies.

use super::*;
use crate::Bundle;

const REFUND: &str = r#"{"type":"object","additionalProperties":false,"required":["customer_id","amount"],"properties":{
    "customer_id":{"type":"string"},"amount":{"type":"number"},"currency":{"type":"string"},"note":{"type":"string"},
    "limit":{"type":"integer","minimum":0}}}"#;

fn policy(rules: &str) -> Arc<Policy> {
    policy_with(rules, "{}")
}

fn policy_with(rules: &str, limits: &str) -> Arc<Policy> {
    let text = format!(
        r#"{{"semantics":1,"agent":"acme/support","limits":{limits},"approvers":["lead","security"],
        "escalations":{{"desk":{{"webhook":"https://desk.example/hook"}}}},
        "facts":{{"order":{{"result_of":"shop.get_order","key":"customer_id"}}}},
        "windows":{{"freeze":{{"from":"2026-12-20T00:00:00Z","to":"2027-01-02T00:00:00Z"}}}},
        "tools":{{
          "shop.refund":{{"effects":["spend"],"money":{{"path":"args.amount","currency":"USD","currency_path":"args.currency"}},"input":{REFUND},"timeout_seconds":30}},
          "shop.verify":{{"effects":["observe"],"label":"internal","input":{{"type":"object","required":["customer_id"],"properties":{{"customer_id":{{"type":"string"}}}}}},"timeout_seconds":30}},
          "shop.get_order":{{"effects":["observe"],"timeout_seconds":30}}
        }},"rules":{rules}}}"#
    );
    let bundle: Bundle = bounden_base::json::from_slice(text.as_bytes()).unwrap();
    Arc::new(Policy::compile(bundle).unwrap_or_else(|problems| panic!("{problems:#?}")))
}

fn rule(when: &str, action: &str) -> String {
    let when = Json::from(when).canonical();
    format!(
        r#"{{"r":{{"says":"a rule","by":"policy_engine","trigger":{{"event":"call","tools":["shop.refund"]}},"when":{when},"do":{action}}}}}"#
    )
}

const BLOCK: &str = r#"{"action":"block"}"#;
const ASK: &str = r#"{"action":"require_approval","roles":["lead"],"all":true}"#;

/// Runs events written as JSON and answers with `verdict/reason` for each.
fn run(policy: &Arc<Policy>, events: &[&str]) -> Vec<String> {
    let mut engine = Reference::new(Arc::clone(policy));
    let decide = |text: &&str| {
        let mut members = Json::parse(text.as_bytes()).unwrap().as_object().unwrap().clone();
        if !members.contains_key("session") {
            members.insert("session".into(), "s".into());
        }
        let event = Event::from_json(&members.into()).unwrap();
        let ruling = engine.decide(&event);
        let decision = ruling.decision;
        assert_eq!(
            ruling.permit.is_some(),
            decision.verdict.permits() && event.body.kind() == "call"
        );
        let reason = serde_json::to_string(&decision.reason).unwrap();
        format!("{}/{}", decision.verdict.name(), reason.trim_matches('"'))
    };
    events.iter().map(decide).collect()
}

fn refund(id: &str, amount: &str) -> String {
    format!(
        r#"{{"id":"{id}","event":"call","tool":"shop.refund","args":{{"customer_id":"c1","amount":{amount}}}}}"#
    )
}

fn result(call: &str, ok: bool) -> String {
    format!(r#"{{"id":"{call}.r","event":"result","call":"{call}","ok":{ok},"result":{{}}}}"#)
}

#[track_caller]
fn check(policy: &Arc<Policy>, events: &[String], expected: &[&str]) {
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    assert_eq!(run(policy, &events), expected);
}

#[test]
fn a_cap_is_exact() {
    let policy = policy(&rule("args.amount > 500", BLOCK));
    let call = |amount| [refund("a", amount)];
    check(&policy, &call("500"), &["allow/allowed"]);
    check(&policy, &call("500.0"), &["allow/allowed"]);
    check(&policy, &call("500.01"), &["block/rule-fired"]);
    check(&policy, &call("-1"), &["block/malformed"]);
    check(&policy, &call("\"500\""), &["block/malformed"]);
}

#[test]
fn the_world_is_closed() {
    let policy = policy(&rule("args.amount > 500", BLOCK));
    let call = |tool: &str, args: &str| {
        format!(r#"{{"id":"a","event":"call","tool":"{tool}","args":{args}}}"#)
    };
    check(&policy, &[call("shop.delete", "{}")], &["block/undeclared-tool"]);
    check(&policy, &[call("shop.refund", "[]")], &["block/malformed"]);
    check(
        &policy,
        &[call("shop.refund", r#"{"customer_id":"c","amount":1,"x":1}"#)],
        &["block/malformed"],
    );
    check(&policy, &[call("shop.refund", r#"{"amount":1}"#)], &["block/malformed"]);
}

#[test]
fn a_running_total_counts_what_is_in_flight() {
    let total = r#"calls("shop.refund").by(args.customer_id).across("agent").within("30d").sum(args.amount) + args.amount > 500"#;
    let policy = policy(&rule(total, BLOCK));
    let other = refund("c", "400").replace("c1", "c2");
    check(
        &policy,
        &[refund("a", "400"), refund("b", "400"), other],
        &["allow/allowed", "block/rule-fired", "allow/allowed"],
    );
    // A failed call gives its amount back; a denied one never took any.
    check(
        &policy,
        &[
            refund("a", "400"),
            result("a", false),
            refund("b", "400"),
            result("b", true),
            refund("c", "100.01"),
            refund("d", "100"),
        ],
        &[
            "allow/allowed",
            "allow/allowed",
            "allow/allowed",
            "allow/allowed",
            "block/rule-fired",
            "allow/allowed",
        ],
    );
}

#[test]
fn a_foreign_currency_is_no_amount() {
    let policy = policy(&rule("args.amount > 500", BLOCK));
    let call = |currency: &str| {
        format!(
            r#"{{"id":"a","event":"call","tool":"shop.refund","args":{{"customer_id":"c","amount":1,"currency":{currency}}}}}"#
        )
    };
    check(&policy, &[call("\"USD\"")], &["allow/allowed"]);
    check(&policy, &[call("\"JPY\"")], &["block/missing-value"]);
}

#[test]
fn a_prerequisite_waits_for_its_outcome() {
    let policy =
        policy(&rule(r#"!calls("shop.verify").by(args.customer_id).succeeded().exists()"#, BLOCK));
    let verify = |id: &str, customer: &str| {
        format!(
            r#"{{"id":"{id}","event":"call","tool":"shop.verify","args":{{"customer_id":"{customer}"}}}}"#
        )
    };
    check(&policy, &[refund("a", "1")], &["block/rule-fired"]);
    check(
        &policy,
        &[verify("v", "c1"), refund("a", "1"), result("v", true), refund("b", "1")],
        &["allow/allowed", "defer/pending", "allow/allowed", "allow/allowed"],
    );
    check(
        &policy,
        &[verify("v", "c1"), result("v", false), refund("a", "1")],
        &["allow/allowed", "allow/allowed", "block/rule-fired"],
    );
    check(
        &policy,
        &[verify("v", "c2"), result("v", true), refund("a", "1")],
        &["allow/allowed", "allow/allowed", "block/rule-fired"],
    );
}

#[test]
fn a_lost_call_counts_against_its_agent() {
    let at = |text: &str, time: &str| {
        text.replacen('{', &format!(r#"{{"at":"2026-01-01T00:{time}Z","#), 1)
    };
    let cap = policy(&rule(r#"calls("shop.refund").count() >= 1"#, BLOCK));
    check(
        &cap,
        &[at(&refund("a", "1"), "00:00"), at(&refund("b", "1"), "01:00")],
        &["allow/allowed", "block/rule-fired"],
    );
    let prerequisite = policy(&rule(r#"calls("shop.verify").count() < 1"#, BLOCK));
    let verify = r#"{"id":"v","event":"call","tool":"shop.verify","args":{"customer_id":"c1"}}"#;
    check(
        &prerequisite,
        &[at(verify, "00:00"), at(&refund("a", "1"), "00:10"), at(&refund("b", "1"), "01:00")],
        &["allow/allowed", "defer/pending", "block/rule-fired"],
    );
}

#[test]
fn a_grant_allows_exactly_one_call_once() {
    let policy = policy(&rule("args.amount > 500", ASK));
    let approve = |id: &str, call: &str, role: &str| {
        format!(r#"{{"id":"{id}","event":"approve","role":"{role}","for":"{call}"}}"#)
    };
    check(
        &policy,
        &[
            refund("a", "700"),
            approve("g", "a", "lead"),
            refund("b", "701"),
            refund("c", "700"),
            refund("d", "700"),
        ],
        &[
            "require_approval/approval-required",
            "allow/allowed",
            "require_approval/approval-required",
            "allow/allowed",
            "require_approval/approval-required",
        ],
    );
    check(
        &policy,
        &[
            refund("a", "700"),
            approve("g", "a", "security"),
            approve("h", "x", "lead"),
            refund("c", "700"),
        ],
        &[
            "require_approval/approval-required",
            "block/malformed",
            "block/malformed",
            "require_approval/approval-required",
        ],
    );
}

#[test]
fn a_grant_does_not_stretch_to_a_larger_total() {
    let total = r#"calls("shop.refund").sum(args.amount) + args.amount > 500"#;
    let policy = policy(&rule(total, ASK));
    let approve = r#"{"id":"g","event":"approve","role":"lead","for":"a"}"#.to_owned();
    check(
        &policy,
        &[refund("a", "600"), approve, refund("b", "100"), refund("c", "600")],
        &[
            "require_approval/approval-required",
            "allow/allowed",
            "allow/allowed",
            "require_approval/approval-required",
        ],
    );
}

#[test]
fn both_roles_are_filled_by_two_people() {
    let both = r#"{"action":"require_approval","roles":["lead","security"],"all":true}"#;
    let policy = policy(&rule("true", both));
    let approve = |id: &str, role: &str, by: &str| {
        format!(r#"{{"id":"{id}","event":"approve","role":"{role}","for":"a","by":"{by}"}}"#)
    };
    check(
        &policy,
        &[
            refund("a", "1"),
            approve("g", "lead", "ann"),
            approve("h", "security", "ann"),
            refund("b", "1"),
            approve("i", "security", "bob"),
            refund("c", "1"),
        ],
        &[
            "require_approval/approval-required",
            "allow/allowed",
            "allow/allowed",
            "require_approval/approval-required",
            "allow/allowed",
            "allow/allowed",
        ],
    );
}

#[test]
fn budgets_halt_or_block() {
    let policy =
        policy_with(&rule("args.amount > 500", BLOCK), r#"{"tool_calls":1,"denied_calls":2}"#);
    check(
        &policy,
        &[refund("a", "1"), refund("b", "1")],
        &["allow/allowed", "block/budget-exceeded"],
    );
    check(
        &policy,
        &[refund("a", "900"), refund("b", "900"), refund("c", "1")],
        &["block/rule-fired", "block/rule-fired", "block/budget-exceeded"],
    );
}

#[test]
fn retries_are_one_logical_call() {
    let policy = policy(&rule(r#"calls("shop.refund").attempted().count() >= 1"#, BLOCK));
    let retry = |id: &str, of: &str, amount: &str| {
        refund(id, amount).replacen('{', &format!(r#"{{"retry_of":"{of}","#), 1)
    };
    check(
        &policy,
        &[
            refund("a", "1"),
            refund("b", "1"),
            retry("c", "b", "1"),
            retry("d", "b", "2"),
            retry("e", "a", "1"),
            retry("f", "zz", "1"),
        ],
        &[
            "allow/allowed",
            "block/rule-fired",
            "block/rule-fired",
            "block/retry-mismatch",
            "block/retry-mismatch",
            "block/retry-mismatch",
        ],
    );
}

#[test]
fn a_denied_call_is_retried_into_one_permit_only() {
    let policy = policy(&rule(r#"calls("shop.refund").count() >= 2 || !has(args.limit)"#, ASK));
    let retry = |id: &str| refund(id, "1").replacen('{', r#"{"retry_of":"a","#, 1);
    let approve = r#"{"id":"g","event":"approve","role":"lead","for":"a"}"#.to_owned();
    check(
        &policy,
        &[refund("a", "1"), approve, retry("b"), retry("c")],
        &[
            "require_approval/approval-required",
            "allow/allowed",
            "allow/allowed",
            "block/retry-mismatch",
        ],
    );
}

#[test]
fn rewriting_is_applied_once_and_decided_again() {
    let set = |value: &str| {
        format!(
            r#"{{"action":"set","path":"args.limit","value":{}}}"#,
            Json::from(value).canonical()
        )
    };
    let cap = policy(&rule("!has(args.limit) || args.limit > 10", &set("10")));
    check(&cap, &[refund("a", "1")], &["modify/rule-fired"]);
    let climbing = policy(&rule("true", &set("has(args.limit) ? args.limit + 1 : 1")));
    check(&climbing, &[refund("a", "1")], &["block/unstable-rewrite"]);
}

#[test]
fn facts_labels_and_windows_are_read() {
    let fact = policy(&rule("!(facts.order.age_days < 30)", BLOCK));
    let order = r#"{"id":"o","event":"call","tool":"shop.get_order","args":{"customer_id":"c1"}}"#
        .to_owned();
    let young =
        r#"{"id":"o.r","event":"result","call":"o","ok":true,"result":{"age_days":3}}"#.to_owned();
    check(&fact, &[refund("a", "1")], &["block/missing-value"]);
    check(
        &fact,
        &[order.clone(), refund("a", "1"), young, refund("b", "1")],
        &["allow/allowed", "defer/pending", "allow/allowed", "allow/allowed"],
    );
    let label = policy(&rule(r#"labels("untrusted")"#, BLOCK));
    check(
        &label,
        &[refund("a", "1"), order, result("o", true), refund("b", "1")],
        &["allow/allowed", "allow/allowed", "allow/allowed", "block/rule-fired"],
    );
    let freeze = policy(&rule(r#"window("freeze").open"#, BLOCK));
    let open = r#"{"id":"w","event":"window","name":"freeze","open":true}"#.to_owned();
    check(
        &freeze,
        &[refund("a", "1"), open, refund("b", "1")],
        &["allow/allowed", "allow/allowed", "block/rule-fired"],
    );
}

#[test]
fn time_does_not_run_backwards() {
    let policy = policy(&rule("args.amount > 500", BLOCK));
    let at = |id: &str, day: u8| {
        refund(id, "1").replacen('{', &format!(r#"{{"at":"2026-01-0{day}T00:00:00Z","#), 1)
    };
    check(
        &policy,
        &[at("a", 2), at("b", 1), at("c", 2)],
        &["allow/allowed", "block/malformed", "allow/allowed"],
    );
}

#[test]
fn the_reason_names_values_and_the_nearest_change() {
    let total = r#"calls("shop.refund").sum(args.amount) + args.amount > 500"#;
    let mut engine = Reference::new(policy(&rule(total, BLOCK)));
    let mut decide = |text: String| {
        let text = text.replacen('{', r#"{"session":"s","#, 1);
        engine.decide(&Event::from_json(&Json::parse(text.as_bytes()).unwrap()).unwrap()).decision
    };
    decide(refund("a", "400"));
    let decision = decide(refund("b", "400"));
    assert_eq!(
        decision.rules[0].because,
        r#"calls("shop.refund").sum(args.amount) + args.amount (400 to 800) > 500, where calls in flight decide"#
    );
    assert_eq!(decision.rules[0].witness, [EventId::from("a")]);
    assert_eq!(
        (decision.nearest.as_deref(), decision.retryable),
        (Some("args.amount <= 100"), true)
    );
}

#[test]
fn what_cannot_be_typed_is_refused_with_its_place() {
    let problem = |when: &str| {
        let text = rule(when, BLOCK);
        let text = format!(
            r#"{{"semantics":1,"agent":"a","tools":{{"shop.refund":{{"effects":["spend"],"input":{REFUND},"timeout_seconds":1}}}},"rules":{text}}}"#
        );
        let bundle: Bundle = bounden_base::json::from_slice(text.as_bytes()).unwrap();
        let problems = Policy::compile(bundle).map(|_| ()).unwrap_err();
        let problem = &problems[0];
        format!(
            "{} {} [{}] {}",
            problem.code,
            problem.message,
            &when[problem.span.start..problem.span.end],
            problem.help.as_deref().unwrap_or("")
        )
    };
    assert_eq!(problem("args.amuont > 500"), "B251 there is no `args.amuont` in the pinned schema [args.amuont] did you mean `args.amount`?".replace("`args.amount`", "`amount`"));
    assert_eq!(
        problem("args.note == 'x'"),
        "B253 `args.note` need not be there [args.note] guard it: `has(args.note) && …`"
    );
    assert_eq!(
        problem("args.amount > 'x'"),
        "B252 a number is compared with a text [args.amount > 'x'] "
    );
    assert_eq!(
        problem("args.amount"),
        "B252 `args.amount` is a number, and true or false is needed here [args.amount] "
    );
    assert_eq!(
        problem("calls('shop.refnd').count() > 1"),
        "B255 no declared tool is called `shop.refnd` ['shop.refnd'] did you mean `shop.refund`?"
    );
    assert_eq!(
        problem("calls('shop.refund').sum(args.amount) > 1"),
        "B254 `args.amount` may be negative, and a negative amount would refill a cap [args.amount] declare it as `money`, or let the tool's schema say `minimum: 0`"
    );
    assert_eq!(
        problem("calls('shop.refund') > 1"),
        "B251 earlier calls are counted, added up or looked for [calls('shop.refund')] end the chain with `.count()`, `.sum(…)`, `.exists()` or `.last()`"
    );
    assert_eq!(problem("args.amount / 0 > 1"), "B252 a divisor is a literal other than 0 [0] ");
    assert_eq!(
        problem("hostt(args.customer_id) == 'a'"),
        "B251 there is no function `hostt` [hostt(args.customer_id)] did you mean `host`?"
    );
    assert_eq!(problem("result.x == 1"), "B251 `result` is there on results only [result.x] ");
    assert_eq!(
        problem("args.customer_id.matches('(')"),
        "B257 `(` is no pattern that can be matched in linear time ['('] unclosed group"
    );
    assert_eq!(
        problem("args.customer_id == null"),
        "B252 null cannot be compared [null] ask `has(…)` whether a value is there"
    );
    assert_eq!(
        problem("calls('shop.refund').within('soon').exists()"),
        "B257 `soon` is no duration; write `30d`, `12h`, `15m` or `90s` ['soon'] "
    );
}

#[test]
fn a_rule_that_cannot_be_evaluated_says_why() {
    let policy = policy(&rule("args.amount > 5 && facts.order.total > 5", BLOCK));
    let event = |text: &str| Event::from_json(&Json::parse(text.as_bytes()).unwrap()).unwrap();
    let doubts = |amount: u32| {
        let call = format!(
            r#"{{"id":"a","session":"s","event":"call","tool":"shop.refund","args":{{"customer_id":"c1","amount":{amount}}}}}"#
        );
        let decision = Reference::new(Arc::clone(&policy)).decide(&event(&call)).decision;
        decision.rules.into_iter().map(|fired| fired.doubt).collect::<Vec<_>>()
    };
    assert_eq!(doubts(5), []);
    assert_eq!(doubts(6), [Some(Reason::MissingValue)]);
}

#[test]
fn a_recorded_call_without_a_result_is_never_lost() {
    let policy = policy(&rule(r#"!calls("shop.verify").succeeded().exists()"#, BLOCK));
    let verify = r#"{"id":"v","session":"s","event":"call","tool":"shop.verify","args":{"customer_id":"c1"},"at":"2026-01-01T00:00:00Z"}"#;
    let refund = r#"{"id":"a","session":"s","event":"call","tool":"shop.refund","args":{"customer_id":"c1","amount":1},"at":"2026-01-02T00:00:00Z"}"#;
    let events = [verify, refund]
        .map(|text| Event::from_json(&Json::parse(text.as_bytes()).unwrap()).unwrap());
    let reason = |rule: fn(&mut Engine, &Event) -> Ruling| {
        let mut engine = Engine::new(Arc::clone(&policy));
        let last = events.iter().map(|event| rule(&mut engine, event)).last().unwrap();
        last.decision.reason
    };
    assert_eq!(reason(Engine::decide), Reason::RuleFired);
    assert_eq!(reason(Engine::observe), Reason::Pending);
    let call = policy.rules_at(EventName::Call, Some(&"shop.refund".into())).count();
    let other = policy.rules_at(EventName::Call, Some(&"shop.verify".into())).count();
    assert_eq!((call, other, policy.rules_at(EventName::Output, None).count()), (1, 0, 0));
}

#[test]
fn what_the_journal_says_was_permitted_is_counted_whatever_is_decided_now() {
    let cap = policy(&rule("calls(\"shop.refund\").across(\"agent\").count() > 0", BLOCK));
    let call = |id: &str| {
        let text = format!(
            r#"{{"event":"call","id":"{id}","session":"s","tool":"shop.refund","args":{{"customer_id":"c","amount":1}}}}"#
        );
        Event::from_json(&Json::parse(text.as_bytes()).unwrap()).unwrap()
    };
    // Now even the second call would be blocked: three of them have happened.
    let mut engine = Engine::new(cap);
    for id in ["a", "b", "c"] {
        assert!(engine.relive(&call(id)).permit.is_none());
    }
    assert_eq!(engine.decide(&call("d")).decision.verdict, Verdict::Block);
    assert_eq!(engine.0.state.awaited.len(), 3, "their results are awaited");
}
