//! What becomes possible between two policies, shown by one call or shown not to.

use bounden_base::json;

use super::*;
use crate::analysis::check;
use crate::decision::Verdict;
use crate::{Bundle, Engine, Reference};

/// A policy with these rules, over the tools of a shop.
fn policy(rules: &[(&str, &str, &str)]) -> Arc<Policy> {
    with(
        r#"{"type":"object","required":["who","amount"],"additionalProperties":false,"properties":{
        "who":{"type":"string","minLength":1},"amount":{"type":"number","multipleOf":0.01,"minimum":0,"maximum":1000},
        "count":{"type":"integer","minimum":0,"maximum":100},"url":{"type":"string"},
        "kind":{"type":"string","enum":["gift","loan","fee"]},"express":{"type":"boolean"},
        "items":{"type":"array","maxItems":5,"items":{"type":"object","required":["price"],"properties":{"price":{"type":"number","multipleOf":0.01,"minimum":0,"maximum":100}}}}}}"#,
        rules,
        "{}",
    )
}

fn with(schema: &str, rules: &[(&str, &str, &str)], limits: &str) -> Arc<Policy> {
    let rules: Vec<String> = rules
        .iter()
        .map(|(id, when, action)| {
            let when = match *when {
                "" => String::new(),
                when => format!(r#""when":{},"#, bounden_base::Json::from(when).canonical()),
            };
            let action = bounden_base::Json::from_serialize(&crate::Action::parse(action).unwrap()).unwrap().canonical();
            format!(r#""{id}":{{"says":"s","by":"policy_engine","trigger":{{"event":"call","tools":["shop.refund"]}},{when}"do":{action}}}"#)
        })
        .collect();
    let text = format!(
        r#"{{"semantics":1,"agent":"a","approvers":["lead","boss"],"limits":{limits},
        "facts":{{"order":{{"result_of":"shop.order","key":"who"}}}},
        "windows":{{"freeze":{{"from":"2026-12-20T00:00:00Z","to":"2027-01-02T00:00:00Z"}}}},
        "tools":{{"shop.refund":{{"effects":["spend"],"timeout_seconds":9,"money":{{"path":"args.amount","currency":"USD"}},"input":{schema}}},
          "shop.order":{{"effects":["observe"],"timeout_seconds":9,"input":{{"type":"object","required":["who"],"properties":{{"who":{{"type":"string"}}}}}}}}}},
        "rules":{{"never":{{"says":"s","by":"tool_allowlist","trigger":{{"event":"call","tools":["account.*"]}},"do":{{"action":"block"}}}}{}{}}}}}"#,
        if rules.is_empty() { "" } else { "," },
        rules.join(",")
    );
    let bundle: Bundle = json::from_slice(text.as_bytes()).unwrap();
    Arc::new(Policy::compile(bundle).unwrap_or_else(|problems| panic!("{problems:#?}")))
}

const ASK: &str = "require approval from lead";

/// What changes between two predicates of one rule that blocks.
fn blocks(before: &str, after: &str) -> String {
    between(&policy(&[("r", before, "block")]), &policy(&[("r", after, "block")]))
}

/// What the engine and the reference interpreter decide about a witness.
fn decided(policy: &Arc<Policy>, witness: &Witness) -> [Verdict; 2] {
    let mut engine = Engine::new(Arc::clone(policy));
    let mut reference = Reference::new(Arc::clone(policy));
    let decisions = witness.events.iter().map(|event| {
        [engine.decide(event).decision.verdict, reference.decide(event).decision.verdict]
    });
    decisions.last().unwrap()
}

fn between(before: &Arc<Policy>, after: &Arc<Policy>) -> String {
    let widening = widening(before, after);
    let certificate = widening.certificate.clone();
    match widening.answer() {
        Answer::Wider(witness) => {
            assert_eq!(certificate, None);
            assert_eq!(decided(before, &witness), [witness.before; 2]);
            assert_eq!(decided(after, &witness), [witness.after; 2]);
            format!("{} {}", witness.sentence, witness.content().canonical())
        }
        Answer::NotWider => {
            check(&certificate.unwrap(), before, after).unwrap();
            "not wider".to_owned()
        }
        Answer::NotProven(because) => format!("not proven: {because}"),
    }
}

#[test]
fn a_raised_cap_is_shown_by_the_amount_just_beyond() {
    let (low, high) = ("args.amount > 500", "args.amount > 800");
    let ask = |when| policy(&[("cap", when, ASK)]);
    assert_eq!(
        between(&ask(low), &ask(high)),
        r#"can now refund 500.01 to 800 without approval {"amount":500.01,"who":"a"}"#
    );
    assert_eq!(between(&ask(high), &ask(low)), "not wider");
    assert_eq!(
        between(&ask(low), &policy(&[])),
        r#"can now refund 500.01 to 1,000 without approval {"amount":500.01,"who":"a"}"#
    );
    assert_eq!(between(&policy(&[]), &ask(low)), "not wider");
}

#[test]
fn whole_numbers_step_by_one() {
    let cap = |bound: u32| format!("has(args.count) && args.count > {bound}");
    assert_eq!(
        blocks(&cap(5), &cap(6)),
        r#"can now refund with count 6, which was blocked {"amount":0,"count":6,"who":"a"}"#
    );
    assert_eq!(blocks(&cap(5), "has(args.count) && args.count >= 6"), "not wider");
    assert_eq!(blocks(&cap(100), "false"), "not wider");
}

#[test]
fn texts_are_sets() {
    assert_eq!(blocks(r#"args.who == "root""#, r#"args.who in ["root", "admin"]"#), "not wider");
    assert_eq!(
        blocks(r#"args.who.startsWith("adm")"#, r#"args.who.startsWith("admin")"#),
        r#"can now refund, which was blocked {"amount":0,"who":"adm"}"#
    );
    assert_eq!(
        blocks(r#"args.who.startsWith("admin")"#, r#"args.who.contains("min")"#),
        "not wider"
    );
    assert_eq!(blocks(r#"args.who.matches("[a-z]{3}")"#, "size(args.who) == 3"), "not wider");
    assert_eq!(
        blocks("size(args.who) == 3", r#"args.who.matches("[a-z]{3}")"#),
        r#"can now refund, which was blocked {"amount":0,"who":"aa0"}"#
    );
    assert_eq!(blocks("size(args.who) < 1", "false"), "not wider");
    assert_eq!(blocks(r#"args.who < "b""#, r#"args.who <= "b""#), "not wider");
}

#[test]
fn what_holds_of_every_text_is_no_question() {
    // Without a schema there are too many cases to find that out one by one.
    let many = |test: &str| {
        format!(
            r#"(!has(args.dest.level) || !has(args.dest.bank) || args.dest.bank.{test}("") || has(args.words) && "a" in args.words) && (!has(args.items) || 9 in args.items)"#
        )
    };
    let one = |test: &str| with(r#"{"type":"object"}"#, &[("r", &many(test), ASK)], "{}");
    assert_eq!(between(&one("contains"), &one("startsWith")), "not wider");
    assert_eq!(between(&one("endsWith"), &one("contains")), "not wider");
    assert_eq!(blocks(r#"args.who < """#, "false"), "not wider");
}

/// That seven birds sit in six holes, no two of them in one (Haken 1985: to see
/// that this cannot be, every search of this kind takes long).
fn too_many_birds() -> String {
    let sits = |bird: usize, hole: usize| format!("args.b{bird}h{hole}");
    let somewhere = (0..7).map(|bird| {
        let holes: Vec<String> = (0..6).map(|hole| sits(bird, hole)).collect();
        format!("({})", holes.join(" || "))
    });
    let apart = (0..6).flat_map(|hole| {
        let pairs = (0..7).flat_map(|one| (0..one).map(move |other| (one, other)));
        pairs.map(move |(one, other)| format!("!({} && {})", sits(one, hole), sits(other, hole)))
    });
    somewhere.chain(apart).collect::<Vec<_>>().join(" && ")
}

#[test]
fn what_is_too_much_to_go_through_is_left_open() {
    let names: Vec<String> = (0..42).map(|place| format!("b{}h{}", place / 6, place % 6)).collect();
    let members: Vec<String> =
        names.iter().map(|name| format!(r#""{name}":{{"type":"boolean"}}"#)).collect();
    let schema = format!(
        r#"{{"type":"object","required":{names:?},"properties":{{"amount":{{"type":"number"}},{}}}}}"#,
        members.join(",")
    );
    let birds = too_many_birds();
    let ids = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    let rules: Vec<_> = ids.iter().map(|id| (*id, birds.as_str(), "block")).collect();
    let last = ("z", "has(args.amount) && args.amount > 5", "block");
    let before = with(&schema, &[&rules[..], &[last]].concat(), "{}");
    let widening = widening(&before, &with(&schema, &[], "{}"));
    let said = |id: &str| match &widening.items[&Part::Rule(id.into())] {
        Answer::NotProven(because) => because.clone(),
        other => format!("{other:?}").chars().take(5).collect(),
    };
    // What takes least comes first.
    assert_eq!(said("z"), "Wider");
    assert_eq!(said("a"), "there are too many cases to go through");
    assert!(said("i").starts_with("there was too much to go through"), "{}", said("i"));
}

#[test]
fn forms_of_texts_are_made_and_unmade() {
    let host = |hosts: &str| format!("has(args.url) && !(host(args.url) in [{hosts}])");
    assert_eq!(blocks(&host(r#""a.example", "b.example""#), &host(r#""a.example""#)), "not wider");
    assert_eq!(
        blocks(&host(r#""a.example""#), &host(r#""a.example", "b.example""#)),
        r#"can now refund, which was blocked {"amount":0,"url":"https://b.example/","who":"a"}"#
    );
    assert_eq!(blocks(r#"args.who == "root""#, r#"args.who.lower() == "root""#), "not wider");
    assert_eq!(
        blocks(r#"args.who.lower() == "root""#, r#"args.who == "root""#),
        r#"can now refund, which was blocked {"amount":0,"who":"ROOT"}"#
    );
}

#[test]
fn what_need_not_be_there_is_followed() {
    assert_eq!(
        blocks("has(args.kind)", r#"has(args.kind) && args.kind in ["gift", "loan", "fee"]"#),
        "not wider"
    );
    assert_eq!(
        blocks("!has(args.kind)", "has(args.kind)"),
        r#"can now refund, which was blocked {"amount":0,"who":"a"}"#
    );
    assert_eq!(blocks("has(args.express) && args.express", "has(args.express)"), "not wider");
}

#[test]
fn numbers_are_added_up() {
    let total = |bound: &str| format!("has(args.count) && args.amount + 2 * args.count > {bound}");
    assert_eq!(blocks(&total("100"), &total("99.99")), "not wider");
    assert_eq!(
        blocks(&total("99.99"), &total("100")),
        r#"can now refund 0, which was blocked {"amount":0,"count":50,"who":"a"}"#
    );
    // No sum of cents lies between.
    assert_eq!(blocks(&total("99.991"), &total("99.999")), "not wider");
    assert_eq!(
        blocks("has(args.count) && args.count % 2 == 1", "has(args.count) && args.count % 2 != 0"),
        "not wider"
    );
    assert_eq!(
        blocks("args.amount * args.amount > 100", "args.amount * args.amount > 400"),
        r#"can now refund 10.01, which was blocked {"amount":10.01,"who":"a"}"#
    );
}

#[test]
fn items_of_lists_are_looked_at() {
    let some = |bound: u32| format!("has(args.items) && args.items.exists(i, i.price > {bound})");
    assert_eq!(blocks(&some(20), &some(10)), "not wider");
    assert_eq!(
        blocks(&some(10), &some(20)),
        r#"can now refund with price 10.01 to 20, which was blocked {"amount":0,"items":[{"price":10.01}],"who":"a"}"#
    );
    assert_eq!(
        blocks(&some(10), "has(args.items) && !args.items.all(i, i.price <= 10)"),
        "not wider"
    );
}

#[test]
fn verdicts_are_ordered() {
    let when = "args.amount > 500";
    let one = |action| policy(&[("r", when, action)]);
    for (before, after, expected) in [
        (
            "block",
            "warn",
            r#"can now refund 500.01 to 1,000, which was blocked {"amount":500.01,"who":"a"}"#,
        ),
        ("warn", "block", "not wider"),
        (
            "block",
            ASK,
            r#"can now refund 500.01 to 1,000 with approval, which was not possible {"amount":500.01,"who":"a"}"#,
        ),
        (
            "halt",
            "block",
            r#"can now refund 500.01 to 1,000, which is blocked and no longer ends the session {"amount":500.01,"who":"a"}"#,
        ),
        (
            "require approval from lead, boss",
            ASK,
            r#"can now refund 500.01 to 1,000 with approval by others {"amount":500.01,"who":"a"}"#,
        ),
        (ASK, "require approval from lead, boss", "not wider"),
        (
            ASK,
            "require approval from boss",
            r#"can now refund 500.01 to 1,000 with approval by others {"amount":500.01,"who":"a"}"#,
        ),
        ("require approval from lead or boss", ASK, "not wider"),
    ] {
        assert_eq!(between(&one(before), &one(after)), expected, "{before} {after}");
    }
}

#[test]
fn history_is_compared_by_shape() {
    let total = |bound: u32| {
        format!(
            r#"calls("shop.refund").by(args.who).across("agent").within("30d").sum(args.amount) + args.amount > {bound}"#
        )
    };
    assert_eq!(blocks(&total(500), &total(400)), "not wider");
    assert_eq!(
        blocks(&total(500), &total(600)),
        r#"can now refund 500.01 to 600, which was blocked {"amount":500.01,"who":"a"}"#
    );
    let count = |bound: u32| format!(r#"calls("shop.refund").count() >= {bound}"#);
    assert_eq!(blocks(&count(3), &count(2)), "not wider");
    assert_eq!(
        blocks(&count(2), &count(3)),
        r#"can now refund, which was blocked, after earlier events {"amount":0,"who":"a"}"#
    );
    let first = r#"!calls("shop.order").by(args.who).succeeded().exists()"#;
    assert_eq!(
        blocks(first, "args.amount > 500"),
        r#"can now refund 0 to 500, which was blocked {"amount":0,"who":"a"}"#
    );
    assert_eq!(blocks("args.amount > 500", &format!("{first} || args.amount > 500")), "not wider");
    let shorter = r#"calls("shop.refund").within("7d").count() >= 3"#;
    let longer = r#"calls("shop.refund").within("30d").count() >= 3"#;
    assert!(blocks(shorter, longer).starts_with("not proven"), "{}", blocks(shorter, longer));
}

#[test]
fn windows_and_facts_are_states() {
    assert_eq!(
        blocks(r#"window("freeze").open && args.amount > 10"#, r#"window("freeze").open"#),
        "not wider"
    );
    assert_eq!(
        blocks(r#"window("freeze").open"#, r#"window("freeze").open && args.amount > 10"#),
        r#"can now refund 0 to 10, which was blocked, after an earlier event {"amount":0,"who":"a"}"#
    );
    assert_eq!(blocks("facts.order.age > 30", "facts.order.age > 20"), "not wider");
}

#[test]
fn budgets_are_used_up() {
    let limits = |limits: &str| with("{\"type\":\"object\"}", &[], limits);
    assert_eq!(
        between(&limits(r#"{"tool_calls":3}"#), &limits(r#"{"tool_calls":4}"#)),
        "can now order after 3 tool calls in one session {\"who\":\"canary\"}"
    );
    assert_eq!(
        between(&limits(r#"{"tool_calls":3}"#), &limits(r#"{"tool_calls":2,"steps":9}"#)),
        "not wider"
    );
    for (one, other) in [
        (r#"{"steps":3}"#, r#"{"steps":5}"#),
        (r#"{"denied_calls":3}"#, "{}"),
        (r#"{"seconds":3}"#, r#"{"seconds":5}"#),
        (r#"{"usd":"0.5"}"#, r#"{"usd":"0.75"}"#),
    ] {
        let said = between(&limits(one), &limits(other));
        assert!(said.starts_with("can now order after "), "{one} {other}: {said}");
    }
}

#[test]
fn other_arguments_are_a_change_of_the_tool() {
    let amount = |most: u32| {
        with(
            &format!(
                r#"{{"type":"object","required":["amount"],"additionalProperties":false,"properties":{{"amount":{{"type":"number","minimum":0,"maximum":{most}}}}}}}"#
            ),
            &[],
            "{}",
        )
    };
    assert_eq!(
        between(&amount(500), &amount(800)),
        r#"can now refund 500.01 to 800, which was blocked {"amount":500.01}"#
    );
    assert_eq!(between(&amount(800), &amount(500)), "not wider");
    let open = with(
        r#"{"type":"object","required":["amount"],"properties":{"amount":{"type":"number","minimum":0,"maximum":500}}}"#,
        &[],
        "{}",
    );
    assert_eq!(
        between(&amount(500), &open),
        r#"can now refund, which was blocked {"amount":0,"other":null}"#
    );
    assert_eq!(between(&open, &amount(500)), "not wider");
}

/// A policy that tells requests apart by phrases, with what more of the bundle says.
fn scoped(inside: &str, outside: &str, more: impl FnOnce(&mut Bundle)) -> Arc<Policy> {
    let router = format!(
        r#"{{"in":{{"orders":{{"phrases":[{inside}]}}}},"out":{{"legal":{{"phrases":[{outside}]}}}}}}"#
    );
    let mut bundle = policy(&[]).bundle().clone();
    bundle.router = Some(json::from_slice(router.as_bytes()).unwrap());
    more(&mut bundle);
    Arc::new(Policy::compile(bundle).unwrap_or_else(|problems| panic!("{problems:#?}")))
}

fn halts(bundle: &mut Bundle) {
    let halt = json::from_slice(br#"{"out_of_scope":{"do":"halt"}}"#);
    bundle.failure_modes = halt.unwrap();
}

#[test]
fn a_scope_that_differs_is_never_said_not_to_be_wider() {
    let strict = scoped(r#""my parcel""#, r#""lawsuit","the court""#, |_| {});
    let open = policy(&[]);
    assert_eq!(
        between(&strict, &open),
        r#"can now be asked `lawsuit`, which was blocked "lawsuit""#
    );
    assert_eq!(between(&open, &strict), "not wider");
    assert_eq!(between(&strict, &strict), "not wider");

    let milder = scoped(r#""my parcel","the court""#, r#""lawsuit""#, |_| {});
    assert_eq!(
        between(&strict, &milder),
        r#"can now be asked `the court`, which was blocked "the court""#
    );
    // Narrower by every example, and still nobody can tell.
    assert!(between(&milder, &strict).starts_with("not proven: scope: "));
}

#[test]
fn what_follows_out_of_scope_counts_too() {
    let (halting, blocking) = (
        scoped(r#""my parcel""#, r#""lawsuit""#, halts),
        scoped(r#""my parcel""#, r#""lawsuit""#, |_| {}),
    );
    assert_eq!(
        between(&halting, &blocking),
        r#"can now be asked `lawsuit`, which is blocked and no longer ends the session "lawsuit""#
    );
    assert!(between(&blocking, &halting).starts_with("not proven: scope: "));
}

#[test]
fn a_rule_about_topics_means_what_the_scope_makes_of_them() {
    let rule = br#"{"says":"s","by":"policy_engine","trigger":{"event":"request"},"when":"request.topic == \"orders\"","do":{"action":"warn"}}"#;
    let with_rule = |bundle: &mut Bundle| {
        bundle.rules.insert("topical".into(), json::from_slice(rule).unwrap());
    };
    let one = scoped(r#""my parcel""#, r#""lawsuit""#, with_rule);
    let other = scoped(r#""my parcel","the box""#, r#""lawsuit""#, with_rule);
    let widening = widening(&one, &other);
    let answer = &widening.items[&Part::Rule("topical".into())];
    assert!(matches!(answer, Answer::NotProven(_)), "{answer:?}");
}

#[test]
fn guards_that_no_longer_share_are_not_compared() {
    let shared = scoped(r#""my parcel""#, r#""lawsuit""#, |bundle| bundle.several_guards = true);
    let alone = scoped(r#""my parcel""#, r#""lawsuit""#, |_| {});
    assert!(between(&shared, &alone).starts_with("not proven: several_guards: "));
    assert_eq!(between(&alone, &shared), "not wider");
}
