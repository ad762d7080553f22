//! Small random policies whose rules look at one call alone.

use bounden_base::Json;
use proptest::prelude::*;

/// Two tools: one with every type that Cedar has, one with little.
const TOOLS: &str = r#"{
  "pay.refund":{"effects":["spend"],"timeout_seconds":9,
    "money":{"path":"args.amount","currency":"USD","currency_path":"args.currency"},
    "input":{"type":"object","required":["who","amount","n"],"additionalProperties":false,"properties":{
      "who":{"type":"string","enum":["ann","bob","a*c"]},"amount":{"type":"number","maximum":900},
      "n":{"type":"integer","minimum":-5,"exclusiveMaximum":40},"currency":{"type":["string","null"]},
      "note":{"type":"string"},"flag":{"type":"boolean"},"tags":{"type":"array","items":{"type":"string"}},
      "to-do":{"type":"object","properties":{"k":{"type":"string"},"m":{"type":"integer","minimum":0,"maximum":3}}}}}},
  "web.read":{"effects":["observe"],"timeout_seconds":9,
    "input":{"type":"object","properties":{"who":{"type":"string"},"n":{"type":"integer","minimum":0,"maximum":9}}}}}"#;

fn number() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["0", "3", "5", "39", "-2", "500", "0.25", "899.99", "12"])
        .prop_map(str::to_owned)
}

fn whole() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["0", "3", "39", "-2", "12"]).prop_map(str::to_owned)
}

fn order() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="])
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["ann", "bob", "a*c", "a", "", "\\\\", "x\\ny"])
}

/// A predicate over calls of `pay.refund`.
fn refund() -> impl Strategy<Value = String> {
    let atom = prop_oneof![
        (order(), number()).prop_map(|(order, number)| format!("args.amount {order} {number}")),
        (order(), whole()).prop_map(|(order, number)| format!("args.n {order} {number}")),
        (order(), whole(), whole())
            .prop_map(|(order, a, b)| format!("args.n * 2 - {a} {order} {b} + args.n")),
        word().prop_map(|word| format!("args.who == \"{word}\"")),
        (word(), word()).prop_map(|(a, b)| format!("args.who in [\"{a}\", \"{b}\"]")),
        word().prop_map(|word| format!("args.who.startsWith(\"{word}\")")),
        word().prop_map(|word| format!("args.who.endsWith(\"{word}\")")),
        word().prop_map(|word| format!("args.who.contains(\"{word}\")")),
        word().prop_map(|word| format!("has(args.note) && args.note != \"{word}\"")),
        word().prop_map(|word| format!("!has(args.note) || args.note.contains(\"{word}\")")),
        word().prop_map(|word| format!("has(args.tags) && \"{word}\" in args.tags")),
        word().prop_map(|word| format!(
            "has(args.tags) && args.who in args.tags && args.who != \"{word}\""
        )),
        Just("has(args.note) && args.note.startsWith(\"a*\")".to_owned()),
        Just("has(args.flag) && args.flag".to_owned()),
        Just("has(args[\"to-do\"].k)".to_owned()),
        Just("has(args[\"to-do\"].m) && args[\"to-do\"].m + args.n > 2".to_owned()),
        Just("has(args.amount)".to_owned()),
        Just("has(args.currency)".to_owned()),
        Just("args.amount in [5, 12, 0.25]".to_owned()),
        Just("(has(args.flag) && args.flag ? args.amount > 5 : args.n < 3)".to_owned()),
        Just("(args.amount > 12 ? args.n > 3 : args.who == \"ann\")".to_owned()),
        Just("tool == \"pay.refund\" && server != \"web\"".to_owned()),
        Just("principal in [\"u1\", \"u2\"]".to_owned()),
        Just("principal == \"u1\"".to_owned()),
    ];
    joined(atom.boxed())
}

/// A predicate that calls of both tools can answer.
fn either() -> impl Strategy<Value = String> {
    let atom = prop_oneof![
        (order(), whole()).prop_map(|(order, n)| format!("has(args.n) && args.n {order} {n}")),
        word().prop_map(|word| format!("has(args.who) && args.who == \"{word}\"")),
        Just("tool == \"web.read\"".to_owned()),
        Just("server == \"pay\"".to_owned()),
    ];
    joined(atom.boxed())
}

fn joined(atom: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    atom.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) && ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) || ({b})")),
            inner.prop_map(|a| format!("!({a})")),
        ]
    })
}

fn rule() -> impl Strategy<Value = String> {
    let action = prop::sample::select(vec![
        r#"{"action":"block"}"#,
        r#"{"action":"block"}"#,
        r#"{"action":"halt"}"#,
        r#"{"action":"escalate","path":"desk"}"#,
        r#"{"action":"require_approval","roles":["lead"],"all":true}"#,
    ]);
    let about = prop_oneof![
        3 => refund().prop_map(|when| ("pay.refund", when)),
        1 => either().prop_map(|when| ("*", when)),
    ];
    (about, action).prop_map(|((tools, when), action)| {
        let when = Json::from(when.as_str()).canonical();
        format!(
            r#"{{"says":"no \"{tools}\"","by":"policy_engine","trigger":{{"event":"call","tools":["{tools}"]}},"when":{when},"do":{action}}}"#
        )
    })
}

/// A bundle as JSON.
pub(crate) fn bundle() -> impl Strategy<Value = String> {
    prop::collection::vec(rule(), 1..4).prop_map(|rules| {
        let rules: Vec<String> =
            rules.iter().enumerate().map(|(index, rule)| format!(r#""r{index}":{rule}"#)).collect();
        format!(
            r#"{{"semantics":1,"agent":"acme/\"desk\"","approvers":["lead"],"escalations":{{"desk":{{"webhook":"https://x.example"}}}},"tools":{TOOLS},"rules":{{{}}}}}"#,
            rules.join(",")
        )
    })
}
