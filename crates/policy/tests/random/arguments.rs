//! Arguments of any form, under predicates of every kind: always an answer, the
//! same from both engines, and the same in whatever order a predicate is written.

use std::sync::Arc;

use bounden_base::{Json, json};
use bounden_policy::{Bundle, Engine, Event, Policy, Reference};
use proptest::prelude::*;

use crate::spelling::{Dice, as_text};

/// One predicate of each kind over arguments that nobody has typed.
const ATOMS: [&str; 32] = [
    "args.a > 5",
    "args.a * args.b - 1 <= args.c / 3",
    "args.a % 2 == 0",
    "-(args.a) < args.b",
    r#"args.a == "x""#,
    "args.a != args.b",
    "has(args.a) && args.a == true",
    "!has(args.b.a)",
    r#"args.a in ["x", "y"]"#,
    "args.a in args.b",
    r#"args.a.startsWith("x") || args.a.endsWith("y")"#,
    r#"args.a.lower().contains("x")"#,
    r#"args.a.matches("[a-z]+")"#,
    r#"host(args.a) == "x.example""#,
    r#"domain(args.a) == "x.example""#,
    r#"path(args.a).under("/x")"#,
    "size(args.a) > 1",
    "args.b.all(i, i > 1)",
    "args.b.exists(i, has(i.a) && i.a == args.a)",
    "args.b.exists_one(i, i == args.a)",
    r#"calls("t.one").by(args.a).where(args.b == this.args.b).attempted().count() >= 1"#,
    r#"calls("t.one").permitted().exists() && calls("t.one").last().args.a == args.a"#,
    r#"calls("t.one").attempted().sum(args.a) > 3"#,
    "(args.a ? args.b : args.c) == 1",
    r#""x" in shell(args.a).programs"#,
    r#"shell(args.a).segments.all(s, s.program != "y" && !s.flags.exists(f, f == "-x"))"#,
    "!has(shell(args.a)) || size(shell(args.a).writes) > 0",
    "has(host(args.a)) == has(args.b)",
    r#"origin(args.a) == "unknown""#,
    r#"origin(args.a) != origin(args.b)"#,
    r#"calls("t.one").where("x" in shell(args.a).programs).attempted().exists()"#,
    r#"calls("t.one").where(shell(args.a).env.exists(e, e == this.args.b)).exists()"#,
];

fn value() -> impl Strategy<Value = Json> {
    let texts = [
        "x",
        "",
        "y",
        "a@x.example",
        "https://x.example/",
        "/x/../y",
        "10",
        "é\u{301}",
        "x -x >y",
        "$x",
        "y=1 x | y -*",
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (-9_i64..9).prop_map(Json::from),
        prop::sample::select(vec!["1e300", "-1e300", "0.1", "9007199254740993", "1e-300"])
            .prop_map(|number| Json::parse(number.as_bytes()).unwrap()),
        prop::sample::select(texts.to_vec()).prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| items.into_iter().collect()),
            object(inner),
        ]
    })
}

fn object(member: impl Strategy<Value = Json>) -> impl Strategy<Value = Json> {
    let name = prop::sample::select(vec!["a", "b", "c"]);
    prop::collection::btree_map(name, member, 0..4).prop_map(Json::object)
}

fn policy(when: &str) -> Arc<Policy> {
    let when = Json::from(when).canonical();
    let text = format!(
        r#"{{"semantics":1,"agent":"a","tools":{{"t.one":{{"effects":["observe"],"timeout_seconds":9}}}},
        "rules":{{"r":{{"says":"s","by":"policy_engine","trigger":{{"event":"call"}},"when":{when},"do":{{"action":"block"}}}}}}}}"#
    );
    let bundle: Bundle = json::from_slice(text.as_bytes()).unwrap();
    Arc::new(Policy::compile(bundle).unwrap_or_else(|problems| panic!("{problems:?}")))
}

fn calls(args: &[Json]) -> Vec<Event> {
    let call = |(index, args): (usize, &Json)| {
        let args = args.canonical();
        let text = format!(
            r#"{{"id":"e{index}","session":"s","event":"call","tool":"t.one","args":{args}}}"#
        );
        Event::from_json(&Json::parse(text.as_bytes()).unwrap()).unwrap()
    };
    args.iter().enumerate().map(call).collect()
}

proptest! {
    #![proptest_config(crate::config(1_000))]

    #[test]
    fn arguments_of_any_form_have_an_answer(
        a in prop::sample::select(ATOMS.to_vec()), b in prop::sample::select(ATOMS.to_vec()),
        and in any::<bool>(), args in prop::collection::vec(prop_oneof![4 => object(value()), 1 => value()], 1..4),
        seed in any::<u64>(),
    ) {
        let operator = if and { "&&" } else { "||" };
        let written = policy(&format!("({a}) {operator} ({b})"));
        let turned = policy(&format!("({b}) {operator} ({a})"));
        let mut reference = Reference::new(Arc::clone(&written));
        let mut engine = Engine::new(written);
        let mut other = Engine::new(turned);
        let mut dice = Dice::new(seed);
        for call in calls(&args) {
            let call = if dice.below(4) == 0 { call } else { as_text(&call, &mut dice) };
            let expected = reference.decide(&call).decision;
            let decision = engine.decide(&call).decision;
            prop_assert_eq!(&expected, &decision);
            let other = other.decide(&call).decision;
            prop_assert_eq!(
                (decision.verdict, decision.reason, decision.retryable),
                (other.verdict, other.reason, other.retryable)
            );
        }
    }
}
