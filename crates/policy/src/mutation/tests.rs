//! Which mistakes are made, which of them live, and that drafts tell them apart.

use std::collections::BTreeSet;
use std::sync::Arc;

use bounden_base::Json;

use super::*;
use crate::policy::Policy;

const TOOLS: &str = r#"
  "pay.refund":{"effects":["spend"],"label":"internal","timeout_seconds":40,
    "money":{"path":"args.amount","currency":"USD","currency_path":"args.currency"},
    "input":{"type":"object","required":["who","amount"],"additionalProperties":false,"properties":{
      "who":{"type":"string","pattern":"^C-[0-9]{3}$"},"amount":{"type":"number","maximum":5000},
      "currency":{"type":"string"},"note":{"type":"string"}}}},
  "pay.check":{"effects":["observe"],"label":"internal","timeout_seconds":40,
    "input":{"type":"object","required":["who"],"properties":{"who":{"type":"string"}}}},
  "web.read":{"effects":["observe"],"timeout_seconds":40}"#;

fn bundle(more: &str, rules: &str) -> Bundle {
    let text = format!(
        r#"{{"semantics":1,"agent":"a","approvers":["lead","risk"],{more}"tools":{{{TOOLS}}},"rules":{{{rules}}}}}"#
    );
    bounden_base::json::from_slice(text.as_bytes()).unwrap()
}

fn rule(trigger: &str, when: &str, action: &str) -> String {
    let when = if when.is_empty() {
        String::new()
    } else {
        format!(r#""when":{},"#, Json::from(when).canonical())
    };
    format!(r#""r":{{"says":"s","by":"policy_engine","trigger":{trigger},{when}"do":{action}}}"#)
}

const REFUND: &str = r#"{"event":"call","tools":["pay.refund"]}"#;
const BLOCK: &str = r#"{"action":"block"}"#;

/// The predicates of the mutants of a rule about refunds, with their operators.
fn predicates(when: &str) -> Vec<(&'static str, String)> {
    let bundle = bundle("", &rule(REFUND, when, BLOCK));
    let mutated = mutants(&bundle).filter(|mutant| matches!(mutant.place, Place::Rule(_)));
    let mutated = mutated.filter(|mutant| mutant.operator != Operator::DeleteRule);
    mutated
        .map(|mutant| {
            let rule = mutant.bundle(&bundle).rules.into_values().next().unwrap();
            (mutant.operator.name(), rule.when.unwrap())
        })
        .collect()
}

#[track_caller]
fn check(when: &str, expected: &[(&str, &str)]) {
    let found = predicates(when);
    let found: Vec<(&str, &str)> = found.iter().map(|(name, text)| (*name, &**text)).collect();
    assert_eq!(found, expected, "{when}");
}

#[test]
fn a_comparison_is_turned_at_its_bound_and_its_number_moved() {
    check(
        "args.amount > 500",
        &[
            ("boundary", "args.amount >= 500"),
            ("negate", "!(args.amount > 500)"),
            ("off-by-one", "args.amount > 501"),
            ("off-by-one", "args.amount > 499"),
            ("double", "args.amount > 1000"),
        ],
    );
    check(
        "args.amount <= 0.25",
        &[
            ("boundary", "args.amount < 0.25"),
            ("negate", "!(args.amount <= 0.25)"),
            ("off-by-one", "args.amount <= 1.25"),
            ("off-by-one", "args.amount <= -0.75"),
            ("off-by-one", "args.amount <= 0.26"),
            ("off-by-one", "args.amount <= 0.24"),
            ("double", "args.amount <= 0.5"),
        ],
    );
}

#[test]
fn a_connective_loses_a_side_or_becomes_the_other() {
    check(
        "has(args.note) && (args.note == \"x\" || args.who == \"y\")",
        &[
            ("drop-conjunct", "has(args.note)"),
            ("drop-guard", "args.note == \"x\" || args.who == \"y\""),
            ("swap-connective", "has(args.note) || (args.note == \"x\" || args.who == \"y\")"),
            ("negate", "!has(args.note) && (args.note == \"x\" || args.who == \"y\")"),
            ("drop-disjunct", "has(args.note) && args.note == \"x\""),
            ("drop-disjunct", "has(args.note) && args.who == \"y\""),
            ("swap-connective", "has(args.note) && (args.note == \"x\" && args.who == \"y\")"),
            ("negate", "has(args.note) && (!(args.note == \"x\") || args.who == \"y\")"),
            ("negate", "has(args.note) && (args.note == \"x\" || !(args.who == \"y\"))"),
        ],
    );
}

#[test]
fn a_negation_goes_and_is_not_doubled() {
    check("!args.flag", &[("negate", "args.flag")]);
    check(
        "!(args.who in [\"a\", \"b\"])",
        &[
            ("negate", "args.who in [\"a\", \"b\"]"),
            ("drop-item", "!(args.who in [\"b\"])"),
            ("drop-item", "!(args.who in [\"a\"])"),
        ],
    );
}

#[test]
fn every_link_of_a_chain_goes_or_says_something_else() {
    check(
        "calls(\"pay.refund\").by(args.who).across(\"agent\").within(\"15d\").exists()",
        &[
            (
                "count-attempts",
                "calls(\"pay.refund\").by(args.who).across(\"agent\").within(\"15d\").attempted().exists()",
            ),
            (
                "negate",
                "!calls(\"pay.refund\").by(args.who).across(\"agent\").within(\"15d\").exists()",
            ),
            ("drop-window", "calls(\"pay.refund\").by(args.who).across(\"agent\").exists()"),
            (
                "longer-window",
                "calls(\"pay.refund\").by(args.who).across(\"agent\").within(\"30d\").exists()",
            ),
            (
                "shorter-window",
                "calls(\"pay.refund\").by(args.who).across(\"agent\").within(\"180h\").exists()",
            ),
            (
                "narrow-scope",
                "calls(\"pay.refund\").by(args.who).across(\"principal\").within(\"15d\").exists()",
            ),
            ("narrow-scope", "calls(\"pay.refund\").by(args.who).within(\"15d\").exists()"),
            ("drop-by", "calls(\"pay.refund\").across(\"agent\").within(\"15d\").exists()"),
            (
                "widen-tools",
                "calls(\"pay.*\").by(args.who).across(\"agent\").within(\"15d\").exists()",
            ),
        ],
    );
    check(
        "calls(\"pay.*\").succeeded().after(\"web.read\").where(args.who == \"x\").count() < 1",
        &[
            (
                "boundary",
                "calls(\"pay.*\").succeeded().after(\"web.read\").where(args.who == \"x\").count() <= 1",
            ),
            (
                "negate",
                "!(calls(\"pay.*\").succeeded().after(\"web.read\").where(args.who == \"x\").count() < 1)",
            ),
            ("drop-where", "calls(\"pay.*\").succeeded().after(\"web.read\").count() < 1"),
            ("drop-order", "calls(\"pay.*\").succeeded().where(args.who == \"x\").count() < 1"),
            (
                "widen-tools",
                "calls(\"pay.*\").succeeded().after(\"web.*\").where(args.who == \"x\").count() < 1",
            ),
            (
                "count-attempts",
                "calls(\"pay.*\").attempted().after(\"web.read\").where(args.who == \"x\").count() < 1",
            ),
            (
                "drop-tool",
                "calls(\"pay.refund\").succeeded().after(\"web.read\").where(args.who == \"x\").count() < 1",
            ),
            (
                "drop-tool",
                "calls(\"pay.check\").succeeded().after(\"web.read\").where(args.who == \"x\").count() < 1",
            ),
            (
                "widen-tools",
                "calls(\"*\").succeeded().after(\"web.read\").where(args.who == \"x\").count() < 1",
            ),
            (
                "negate",
                "calls(\"pay.*\").succeeded().after(\"web.read\").where(!(args.who == \"x\")).count() < 1",
            ),
            (
                "off-by-one",
                "calls(\"pay.*\").succeeded().after(\"web.read\").where(args.who == \"x\").count() < 2",
            ),
            (
                "off-by-one",
                "calls(\"pay.*\").succeeded().after(\"web.read\").where(args.who == \"x\").count() < 0",
            ),
        ],
    );
}

/// Triggers and actions of the mutants of a rule.
fn surroundings(trigger: &str, action: &str) -> Vec<String> {
    let bundle = bundle("", &rule(trigger, "", action));
    let mutated = mutants(&bundle);
    let mutated = mutated.filter(|mutant| mutant.rule().is_some());
    mutated
        .map(|mutant| {
            let rule = mutant.bundle(&bundle).rules.into_values().next().unwrap();
            let when = rule.when.as_deref().unwrap_or("always");
            let name = mutant.operator.name();
            format!("{name}: {}, {when}: {}", rule.trigger, rule.action)
        })
        .collect()
}

#[test]
fn an_action_is_weakened_and_a_trigger_means_other_tools() {
    assert_eq!(
        surroundings(REFUND, r#"{"action":"require_approval","roles":["lead","risk"],"all":true}"#),
        [
            "delete-rule: call pay.refund, false: require approval from lead, risk",
            "drop-role: call pay.refund, always: require approval from risk",
            "drop-role: call pay.refund, always: require approval from lead",
            "either-role: call pay.refund, always: require approval from lead or risk",
            "weaken-action: call pay.refund, always: warn",
            "widen-tools: call pay.*, always: require approval from lead, risk",
        ]
    );
    assert_eq!(
        surroundings(r#"{"event":"call","tools":["@observe","pay.refund"]}"#, BLOCK),
        [
            "delete-rule: call @observe, pay.refund, false: block",
            "weaken-action: call @observe, pay.refund, always: warn",
            "drop-tool: call web.read, pay.refund, always: block",
            "drop-tool: call pay.check, pay.refund, always: block",
            "widen-tools: call, always: block",
            "drop-tool: call @observe, always: block",
            "widen-tools: call @observe, pay.*, always: block",
        ]
    );
    assert_eq!(
        surroundings(r#"{"event":"log"}"#, r#"{"action":"redact","kinds":["email","card"]}"#),
        [
            "delete-rule: log, false: redact email, card",
            "drop-kind: log, always: redact card",
            "drop-kind: log, always: redact email",
            "weaken-action: log, always: warn",
        ]
    );
}

#[test]
fn budgets_amounts_and_facts_are_mistaken_too() {
    let more = r#""limits":{"tool_calls":3,"usd":"0.5"},"facts":{"check":{"result_of":"pay.check","key":"who"}},"#;
    let bundle = bundle(more, &rule(REFUND, "", BLOCK));
    let mutated = mutants(&bundle).filter(|mutant| mutant.rule().is_none());
    let told: Vec<String> =
        mutated.map(|mutant| format!("{}: {}", mutant.id, mutant.sentence)).collect();
    assert_eq!(
        told,
        [
            "limits/drop-limit/1: there is no limit of 3 for `tool_calls`",
            "limits/raise-limit/1: the limit of `tool_calls` is 4 instead of 3",
            "limits/drop-limit/2: there is no limit of 0.5 for `usd`",
            "limits/raise-limit/2: the limit of `usd` is 0.51 instead of 0.5",
            "pay.refund/drop-money/1: `args.amount` of `pay.refund` is no amount of money",
            "pay.refund/drop-currency/1: every amount of `pay.refund` is USD, whatever `args.currency` says",
            "check/drop-fact-key/1: `facts.check` is the last answer, whatever its `who`",
        ]
    );
}

#[test]
fn ids_are_unique_and_say_what_and_where() {
    let bundle = bundle("", &rule(REFUND, "args.amount > 500 && args.amount < 900", BLOCK));
    let all: Vec<Mutant> = mutants(&bundle).collect();
    let ids: BTreeSet<&str> = all.iter().map(|mutant| mutant.id.as_str()).collect();
    assert_eq!(ids.len(), all.len());
    let second = all.iter().find(|mutant| mutant.id == "r/boundary/2").unwrap();
    assert_eq!(second.sentence, "`r` says `args.amount <= 900` instead of `args.amount < 900`");
    let when = bundle.rules.values().next().unwrap().when.as_deref().unwrap();
    assert_eq!(when.get(second.span.start..second.span.end), Some("args.amount < 900"));
}

fn compiled(bundle: Bundle) -> Arc<Policy> {
    Arc::new(Policy::compile(bundle).unwrap_or_else(|problems| panic!("{problems:#?}")))
}

#[test]
fn what_does_not_compile_or_says_the_same_is_no_mutant() {
    let original = compiled(bundle(
        "",
        &rule(
            r#"{"event":"call","tools":["pay.refund","web.read"]}"#,
            "calls(\"web.read\").exists()",
            BLOCK,
        ),
    ));
    let mut litter = Litter::new(&original);
    let births: Vec<(String, &str)> = mutants(original.bundle())
        .map(|mutant| {
            let birth = match litter.birth(&mutant, mutant.compile(&original), &|_, _| false) {
                Birth::Stillborn => "stillborn",
                Birth::Equivalent => "equivalent",
                Birth::Alive(_) => "alive",
            };
            (mutant.id, birth)
        })
        .filter(|(_, birth)| *birth != "alive")
        .collect();
    // `web.*` means `web.read` alone.
    let expected = [("r/widen-tools/2", "equivalent"), ("r/widen-tools/3", "equivalent")];
    assert_eq!(births, expected.map(|(id, birth)| (id.to_owned(), birth)));

    let negative = compiled(bundle("", &rule(REFUND, "calls(\"web.read\").count() > 0", BLOCK)));
    let mut litter = Litter::new(&negative);
    let off = mutants(negative.bundle()).find(|mutant| mutant.id == "r/widen-tools/1").unwrap();
    let proven = litter.birth(&off, off.compile(&negative), &|_, _| true);
    assert!(matches!(proven, Birth::Equivalent), "somebody else may prove more");

    let guarded =
        compiled(bundle("", &rule(REFUND, "has(args.note) && args.note == \"x\"", BLOCK)));
    let unguarded = mutants(guarded.bundle()).find(|m| m.operator == Operator::DropGuard).unwrap();
    let birth = Litter::new(&guarded).birth(&unguarded, unguarded.compile(&guarded), &|_, _| false);
    assert!(matches!(birth, Birth::Stillborn), "an optional argument needs its guard");
}

/// Every mutant of a policy, with what is drafted for it: each draft kills the
/// mutant that it was drafted for. Returns the mutants without a draft.
#[track_caller]
fn undrafted(more: &str, rules: &str) -> Vec<String> {
    let original = compiled(bundle(more, rules));
    let mut litter = Litter::new(&original);
    let mut without = Vec::new();
    let is_wanted = |mutant: &Mutant| mutant.rule().is_some() || !more.is_empty();
    for mutant in mutants(original.bundle()).filter(is_wanted) {
        let Birth::Alive(policy) = litter.birth(&mutant, mutant.compile(&original), &|_, _| false)
        else {
            continue;
        };
        let Some(draft) = draft(&original, &mutant, &policy) else {
            without.push(mutant.id);
            continue;
        };
        assert_eq!(draft.expected.len(), draft.events.len());
        let suite = Suite::new(Arc::clone(&original), vec![draft.test("draft".into())]);
        let kill = suite.killer(&mutant, &policy).unwrap_or_else(|| panic!("{}", mutant.id));
        assert_eq!(kill.event.1, draft.events.last().unwrap().id, "{}", mutant.id);
        assert_eq!(kill.mutant, draft.mutant.verdict);
    }
    without
}

#[test]
fn a_draft_is_found_for_every_mistake_about_one_call() {
    for when in [
        "",
        "args.amount > 500",
        "args.amount >= 0.5 && args.amount < 10",
        "has(args.note) && args.note.startsWith(\"gift\")",
        "!(args.who in [\"C-001\", \"C-002\"])",
        "args.who == \"C-001\" || args.amount > 20",
    ] {
        assert_eq!(undrafted("", &rule(REFUND, when, BLOCK)), [""; 0], "{when}");
    }
    let approval = r#"{"action":"require_approval","roles":["lead","risk"],"all":true}"#;
    assert_eq!(undrafted("", &rule(REFUND, "args.amount > 500", approval)), [""; 0]);
    let either = r#"{"action":"require_approval","roles":["lead","risk"],"all":false}"#;
    assert_eq!(undrafted("", &rule(REFUND, "", either)), [""; 0]);
}

#[test]
fn a_draft_is_found_for_every_mistake_about_earlier_calls() {
    for when in [
        "calls(\"pay.refund\").by(args.who).across(\"agent\").within(\"30d\").sum(args.amount) + args.amount > 500",
        "calls(\"pay.refund\").count() >= 3",
        "calls(\"pay.refund\").attempted().within(\"90s\").count() > 2",
        "calls(\"pay.refund\").after(\"pay.check\").across(\"principal\").exists()",
        "labels(\"untrusted\") && args.amount > 20",
    ] {
        assert_eq!(undrafted("", &rule(REFUND, when, BLOCK)), [""; 0], "{when}");
    }
    // A refund that were to count for a check needs a check itself: that mutant is the original.
    let prerequisite = "!calls(\"pay.check\").by(args.who).succeeded().exists()";
    assert_eq!(undrafted("", &rule(REFUND, prerequisite, BLOCK)), ["r/widen-tools/2"]);
    // No check is counted since the latest check.
    let order = "calls(\"pay.refund\").since(\"pay.check\").exists()";
    assert_eq!(undrafted("", &rule(REFUND, order, BLOCK)), ["r/widen-tools/3"]);
}

#[test]
fn a_draft_is_found_for_budgets_amounts_facts_and_texts() {
    let more = r#""limits":{"tool_calls":3,"usd":"0.5","steps":5,"seconds":60,"denied_calls":2},
        "facts":{"check":{"result_of":"pay.check","key":"who"}},"#;
    let fact = rule(REFUND, "facts.check.level > 3 || args.amount > 900", BLOCK);
    assert_eq!(undrafted(more, &fact), [""; 0]);
    let redact = r#"{"action":"redact","kinds":["email","phone","card"]}"#;
    for event in ["log", "output", "request"] {
        let trigger = format!(r#"{{"event":"{event}"}}"#);
        assert_eq!(undrafted("", &rule(&trigger, "", redact)), [""; 0], "{event}");
    }
    let results = r#"{"event":"result","tools":["web.read"]}"#;
    assert_eq!(undrafted("", &rule(results, "", redact)), [""; 0]);
}

#[test]
fn only_tests_that_the_rule_looks_at_are_replayed_and_all_of_those() {
    let original = compiled(bundle("", &rule(REFUND, "args.amount > 500", BLOCK)));
    let mutant = mutants(original.bundle()).find(|mutant| mutant.id == "r/boundary/1").unwrap();
    let Birth::Alive(policy) =
        Litter::new(&original).birth(&mutant, mutant.compile(&original), &|_, _| false)
    else {
        panic!("the mutant compiles")
    };
    let draft = draft(&original, &mutant, &policy).unwrap();
    let mut elsewhere = draft.test("elsewhere".into());
    elsewhere.events.pop();
    let suite = |tests| Suite::new(Arc::clone(&original), tests);
    assert_eq!(suite(vec![elsewhere.clone()]).killer(&mutant, &policy), None);
    let kill = suite(vec![elsewhere, draft.test("here".into())]).killer(&mutant, &policy);
    assert_eq!(kill.unwrap().test, "here");
}
