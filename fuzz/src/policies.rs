//! Policies that exercise the whole of the language over three tools.

use std::sync::{Arc, OnceLock};

use bounden_base::{Json, json};
use bounden_policy::{Bundle, Policy, Problem};

const TOOLS: &str = r#"{
  "pay.refund":{"effects":["spend"],"timeout_seconds":40,"money":{"path":"args.amount","currency":"USD","currency_path":"args.currency"},
    "input":{"type":"object","required":["who","amount"],"properties":{"who":{"type":"string","maxLength":9},"amount":{"type":"number"},"currency":{"type":"string"},
      "n":{"type":"integer","minimum":0},"kind":{"enum":["new","old"]},"list":{"type":"array","maxItems":3,"items":{"type":"string"}},
      "note":{"anyOf":[{"type":"string"},{"type":"null"}]},"to":{"type":"object","properties":{"city":{"type":"string"}},"additionalProperties":false}}}},
  "pay.check":{"effects":["observe"],"label":"internal","timeout_seconds":4,
    "input":{"type":"object","required":["who"],"additionalProperties":false,"properties":{"who":{"type":"string"},"amount":{"type":"number","minimum":0}}}},
  "web.read":{"effects":["observe","send"],"timeout_seconds":40}}"#;

/// Predicates of rules about `pay.refund`, with what they do.
const RULES: [(&str, &str); 14] = [
    ("args.amount > 500", r#"{"action":"block"}"#),
    (
        r#"calls("pay.refund").by(args.who).within("60s").sum(args.amount) + args.amount > 900"#,
        r#"{"action":"block"}"#,
    ),
    (r#"!calls("pay.check").by(args.who).succeeded().exists()"#, r#"{"action":"block"}"#),
    (
        r#"calls("pay.*").across("principal").attempted().count() >= 5"#,
        r#"{"action":"require_approval","roles":["lead"],"all":true}"#,
    ),
    (r#"calls("pay.refund").since("web.read").count() > 2"#, r#"{"action":"halt"}"#),
    (
        r#"labels("untrusted") && args.amount > 20"#,
        r#"{"action":"require_approval","roles":["lead","boss"],"all":false}"#,
    ),
    ("facts.check.level > 2", r#"{"action":"block"}"#),
    (
        r#"has(args.list) && args.list.exists(i, i.lower() == "x" || i.matches("a+b"))"#,
        r#"{"action":"warn"}"#,
    ),
    (
        r#"has(args.to) && has(args.to.city) && args.to.city in ["x", "y"]"#,
        r#"{"action":"set","path":"args.n","value":"1"}"#,
    ),
    (
        r#"has(args.n) && args.n * 2 - 1 > args.amount / 3"#,
        r#"{"action":"set","path":"args.amount","value":"args.amount > 30 ? 30 : args.amount"}"#,
    ),
    (
        r#"calls("pay.refund").across("agent").where(args.amount >= this.args.amount).permitted().count() > 1"#,
        r#"{"action":"block"}"#,
    ),
    (
        r#"calls("pay.refund").exists() && calls("pay.refund").last().args.amount > args.amount"#,
        r#"{"action":"warn"}"#,
    ),
    (r#"window("freeze").open || session.calls > 20 || session.cost > 3"#, r#"{"action":"block"}"#),
    (
        r#"host(args.who) == "x.example" || path(args.who).under("/x") || size(args.who) > 8"#,
        r#"{"action":"block"}"#,
    ),
];

/// One policy for each rule, and one of them all.
pub fn policies() -> &'static [Arc<Policy>] {
    static POLICIES: OnceLock<Vec<Arc<Policy>>> = OnceLock::new();
    POLICIES.get_or_init(|| {
        let one = |(when, action): (&str, &'static str)| vec![(when.to_owned(), action)];
        let all = RULES.into_iter().flat_map(one).collect();
        let sets = RULES.into_iter().map(one).chain([all]);
        sets.map(|rules| Arc::new(policy(&rules).unwrap_or_else(|said| panic!("{said:?}"))))
            .collect()
    })
}

/// A policy whose one rule has this predicate.
///
/// # Errors
/// Why it does not compile.
pub fn with_predicate(when: &str) -> Result<Policy, Vec<Problem>> {
    policy(&[(when.to_owned(), r#"{"action":"block"}"#)])
}

fn policy(rules: &[(String, &str)]) -> Result<Policy, Vec<Problem>> {
    let rules = rules.iter().enumerate().map(|(number, (when, action))| {
        let when = Json::from(when.as_str()).canonical();
        format!(
            r#""r{number}":{{"says":"s","by":"policy_engine","trigger":{{"event":"call","tools":["pay.refund"]}},"when":{when},"do":{action}}}"#
        )
    });
    let text = format!(
        r#"{{"semantics":1,"agent":"a","tools":{TOOLS},"approvers":["boss","lead"],"limits":{{"steps":60}},
        "windows":{{"freeze":{{"from":"1970-01-01T00:01:00Z","to":"1970-01-01T00:02:00Z"}}}},
        "facts":{{"check":{{"result_of":"pay.check","key":"who"}}}},"rules":{{{}}}}}"#,
        rules.collect::<Vec<_>>().join(",")
    );
    let bundle: Bundle = json::from_slice(text.as_bytes()).expect("the bundle is JSON");
    Policy::compile(bundle)
}
