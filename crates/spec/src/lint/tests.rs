//! Each lint is tested by its own page: the first example has the finding, the
//! second has not, and a repair of the first removes it.

use std::collections::BTreeMap;

use bounden_base::Fix;
use bounden_policy::Contracts;
use bounden_policy::analysis::{Answer, widening};
use bounden_testkit::{read, repository};

use super::*;
use crate::case;
use crate::check::check;

/// A document that no lint objects to; a page's example replaces sections of it.
const BASE: &str = "\
schema: behavior.intent/v1
agent: {id: a/b, version: 1.0.0, owner: {team: support}}
purpose: Pay invoices.
scope:
  in: {payments: {says: Paying invoices}}
  out: {legal: {says: Legal matters, escalate: people}}
escalations:
  people: {call: desk.hand_over}
tools:
  billing.pay: {effects: [spend], money: {path: args.amount, currency: USD}}
  billing.look: {effects: [observe]}
  desk.hand_over: {effects: [send]}
constraints: {limits: {steps: 30, tool_calls: 20, usd: 0.5, seconds: 120, denied_calls: 5}}
invariants:
  ask-first: {rule: A lead agrees to each payment, enforce: {by: policy_engine, trigger: call billing.pay, do: require approval from lead}}
ownership: {approvers: {lead: {team: leads}}}
success_criteria:
  paid: {effects: [{before: {first: billing.look, then: billing.pay}}, {called: billing.pay, times: 1}]}
failure_modes:
  ambiguous_request: {do: clarify, max: 1, then: escalate people}
  out_of_scope: {do: escalate people}
  tool_failure: {do: halt, inform: true, then: escalate people}
  pii_detected: {do: continue, flag: audit, echo: never}
  budget_exceeded: {do: halt, then: escalate people}
measurement: {evaluate: every_deployment, drift_review: weekly}
";

const CONTRACTS: &[u8] = br#"{"schema":"behavior.contracts/v1","servers":{
"billing":{"protocolVersion":"2025-11-25","serverInfo":{"name":"b","version":"2.1.3"},"tools":[
{"name":"pay","inputSchema":{"type":"object","properties":{"amount":{"type":"number"},"n":{"type":"number"}},"required":["amount","n"]}},
{"name":"look","inputSchema":{"type":"object"}},{"name":"export","inputSchema":{"type":"object"}}]},
"desk":{"protocolVersion":"2025-11-25","serverInfo":{"name":"d","version":"1.0.0"},"tools":[
{"name":"hand_over","inputSchema":{"type":"object","properties":{"to":{"type":"string"}},"required":["to"]},"annotations":{"readOnlyHint":false}}]},
"web":{"protocolVersion":"2025-11-25","serverInfo":{"name":"w","version":"1.0.0"},"tools":[{"name":"fetch","inputSchema":{"type":"object"}}]}}}"#;

/// The sections of a document by their keys.
fn sections(text: &str) -> BTreeMap<&str, String> {
    let mut sections: BTreeMap<&str, String> = BTreeMap::new();
    let mut current = "";
    for line in text.lines() {
        if !line.starts_with(' ') {
            current = line.split(':').next().unwrap_or("");
        }
        *sections.entry(current).or_default() += &format!("{line}\n");
    }
    sections
}

fn with(example: &str) -> String {
    let mut all = sections(BASE);
    all.extend(sections(example));
    all.into_values().collect()
}

fn diagnostics(text: &str) -> Vec<Diagnostic> {
    let contracts = Contracts::parse(CONTRACTS).unwrap();
    check(text.as_bytes(), Some(&contracts)).diagnostics
}

/// The two examples of a page.
fn examples(page: &Page) -> (String, String) {
    let page: Vec<_> = page.lines().collect();
    let block = |title: &str| {
        let start =
            page.iter().position(|line| *line == title).unwrap_or_else(|| panic!("no {title}"));
        let code = page.iter().skip(start).skip_while(|line| **line != "```yaml").skip(1);
        code.take_while(|line| **line != "```").map(|line| format!("{line}\n")).collect::<String>()
    };
    (block("## Example"), block("## Instead"))
}

#[test]
fn the_base_of_the_examples_has_no_finding() {
    assert_eq!(case::show(BASE.as_bytes(), &diagnostics(BASE)), "");
}

#[test]
fn every_page_shows_its_finding_and_what_to_write_instead() {
    for lint in LINTS {
        let code = lint.page.code;
        let (bad, good) = examples(&lint.page);
        let (bad, good) = (with(&bad), with(&good));
        let found = diagnostics(&bad);
        let shown = case::show(bad.as_bytes(), &found);
        assert!(
            found.iter().any(|problem| problem.code == code),
            "{code} is not found in\n{bad}{shown}"
        );
        let shown = case::show(good.as_bytes(), &diagnostics(&good));
        assert!(!shown.contains(code), "{code} is found in\n{good}{shown}");
    }
}

#[test]
fn every_finding_says_what_to_do_and_points_somewhere() {
    for lint in LINTS {
        let bad = with(&examples(&lint.page).0);
        for problem in diagnostics(&bad).iter().filter(|problem| problem.code == lint.page.code) {
            assert!(problem.help.is_some(), "{}", problem.message);
            assert!(
                problem.message.chars().next().is_some_and(|c| !c.is_uppercase()),
                "{}",
                problem.message
            );
            assert!(!problem.message.ends_with('.'), "{}", problem.message);
            assert!(problem.span.end <= bad.len());
        }
    }
}

#[test]
fn what_nobody_can_grant_and_what_nobody_sees_is_told_at_its_clause() {
    let said = |code: &str, page: fn(&Page) -> bool| {
        let lint = LINTS.iter().find(|lint| page(&lint.page)).unwrap();
        let bad = with(&examples(&lint.page).0);
        let own: Vec<_> = diagnostics(&bad).into_iter().filter(|one| one.code == code).collect();
        case::show(bad.as_bytes(), &own)
    };
    assert_eq!(
        said("B274", |page| page.code == "B274"),
        "warning B274 \"block\" the rule speaks of an approval, and `block` asks nobody for one; \
         help: write `require approval from ROLE`, or say in the rule that it never happens"
    );
    assert_eq!(
        said("B275", |page| page.code == "B275"),
        "warning B275 \"output\" no enforcement point sees `output`, so this rule stops nothing; \
         help: write it on `call` or `result`, which guards see, or as `expect` of a criterion, which tests judge"
    );
}

#[test]
fn repairs_remove_what_they_repair_and_bring_nothing_new() {
    let mut repaired = 0;
    for lint in LINTS {
        let bad = with(&examples(&lint.page).0);
        let found = diagnostics(&bad);
        let own = found.iter().filter(|problem| problem.code == lint.page.code);
        let fixes: Vec<&Fix> = own.filter_map(|problem| problem.fix.as_ref()).collect();
        let Some(fix) = fixes.first() else { continue };
        repaired += 1;
        let good = crate::with_fix(&bad, fix);
        let left = diagnostics(&good);
        let shown = case::show(good.as_bytes(), &left);
        let count = |all: &[Diagnostic]| all.iter().filter(|p| p.code == lint.page.code).count();
        assert!(count(&left) < count(&found), "{}\n{good}{shown}", lint.page.code);
        assert!(
            left.iter().all(|p| found.iter().any(|known| known.code == p.code)),
            "{good}{shown}"
        );
    }
    assert!(repaired * 10 >= LINTS.len() * 6, "{repaired} of {} can be repaired", LINTS.len());
}

/// The first repair of a page's own finding, where it is one that is made unseen.
fn safe_fix(lint: &Lint, bad: &str) -> Option<Fix> {
    let own = diagnostics(bad).into_iter().filter(|problem| problem.code == lint.page.code);
    own.filter_map(|problem| problem.fix).find(|fix| fix.safe)
}

#[test]
fn repairs_that_are_made_unseen_let_the_agent_do_nothing_more() {
    let contracts = Contracts::parse(CONTRACTS).unwrap();
    let (mut safe, mut repaired, mut compared) = (0, 0, 0);
    for lint in LINTS {
        let bad = with(&examples(&lint.page).0);
        let own = diagnostics(&bad).into_iter().filter(|problem| problem.code == lint.page.code);
        repaired += usize::from(own.into_iter().any(|problem| problem.fix.is_some()));
        let Some(fix) = safe_fix(lint, &bad) else { continue };
        safe += 1;
        let policy = |text: &str| check(text.as_bytes(), Some(&contracts)).policy;
        let (Some(before), Some(after)) = (policy(&bad), policy(&crate::with_fix(&bad, &fix)))
        else {
            continue;
        };
        compared += 1;
        let answer = widening(&before, &after).answer();
        assert_eq!(answer, Answer::NotWider, "{}", lint.page.code);
    }
    println!(
        "{} rules, {repaired} with a repair, {safe} with one that is made unseen",
        LINTS.len()
    );
    assert!(LINTS.len() >= 45 && compared > 0, "{} rules, {compared} compared", LINTS.len());
}

#[test]
fn repairs_that_are_made_unseen_keep_comments() {
    for lint in LINTS {
        let bad = with(&examples(&lint.page).0);
        // A comment on each line of its own, where none of them can be part of a text.
        let commented: String = bad.lines().map(|line| format!("{line} # kept\n")).collect();
        let Some(fix) = safe_fix(lint, &commented) else { continue };
        let good = crate::with_fix(&commented, &fix);
        let removed: usize = fix
            .edits
            .iter()
            .map(|edit| commented[edit.span.start..edit.span.end].matches("# kept").count())
            .sum();
        let is_removal = fix.edits.iter().all(|edit| edit.replacement.is_empty());
        assert!(removed == 0 || is_removal, "{}\n{good}", lint.page.code);
        let kept = good.matches("# kept").count();
        assert_eq!(kept + removed, commented.lines().count(), "{}\n{good}", lint.page.code);
    }
}

/// Its gate asks for the one run per criterion that ships with it, which is
/// less than its promise deserves; that is what the linter is for.
#[test]
fn the_shipped_example_promises_more_than_its_gate_asks_for() {
    let folder = repository().join("examples/support");
    let contracts = Contracts::parse(&read(folder.join("behavior.contracts.json"))).unwrap();
    let bytes = read(folder.join("behavior.intent"));
    for contracts in [None, Some(&contracts)] {
        let found = check(&bytes, contracts).diagnostics;
        assert_eq!(
            case::show(&bytes, &found),
            "warning B401 \"1\" 1 trial cannot show the promise of 0.95: 59 without a failure can; help: write `min_trials: 59`, or promise less"
        );
    }
}

#[test]
fn marks_of_one_kind_and_drafted_rules_are_one_finding_each() {
    let text = with(
        "agent: {id: a/b, version: 1.0.0, owner: {team: support}, origin: assumed}
escalations:
  people: {call: desk.hand_over, origin: assumed}
constraints: {limits: {steps: 30, tool_calls: 20, usd: 0.5, seconds: 120, denied_calls: 5, origin: observed}}
invariants:
  ask-first: {rule: A lead agrees to each payment, enforce: {by: policy_engine, trigger: call billing.pay, do: require approval from lead}}
  kind: {rule: Never shout, origin: \"AGENTS.md:3\"}
  calm: {rule: Never swear, origin: \"AGENTS.md:4\"}
",
    );
    let found = diagnostics(&text);
    assert_eq!(
        case::show(text.as_bytes(), &found),
        "warning B228 \"assumed\" nobody has said yet that these 2 clauses are intended; help: remove `origin: assumed` where it is what the agent should do
warning B228 \"observed\" nobody has said yet that this is intended; help: remove `origin: observed` where it is what the agent should do
warning B202 \"kind\" nothing outside the model enforces these 2 rules yet; help: add `enforce: {by: …}` with policy_engine, tool_allowlist, output_filter, scope_router or external, or move it to `preferences`"
    );
    let related: Vec<_> = found.iter().flat_map(|problem| &problem.related).collect();
    assert_eq!(related.iter().map(|label| label.span.start).collect::<Vec<_>>(), {
        let last = |needle: &str| text.rfind(needle).unwrap();
        vec![last("assumed"), last("calm:")]
    });
    let good = crate::with_fix(&text, found[0].fix.as_ref().unwrap());
    assert_eq!(good, text.replace(", origin: assumed", ""));
}

#[test]
fn words_are_whole_words_in_any_case() {
    assert!(says("Never, EVER delete it", &["delete"]));
    assert!(says("do it only if asked", &["only if"]));
    assert!(!says("undeleted", &["delete"]));
    assert!(says("acme/large-latest", &["latest"]));
}

#[test]
fn the_checklist_follows_from_the_findings() {
    let shown = |text: &str| -> Vec<String> {
        let checked = check(text.as_bytes(), None);
        let points = checked.checklist.iter().map(|item| match item.ok {
            Some(true) => format!("{} yes", item.id),
            Some(false) => format!("{} no {}", item.id, item.because.join(" ")),
            None => format!("{} unknown", item.id),
        });
        points.collect()
    };
    let unknown = ["criterion-has-test", "invariants-wired", "same-repository", "outside-reviewer"];
    for point in shown(BASE) {
        let (id, said) = point.split_once(' ').unwrap();
        assert_eq!(said, if unknown.contains(&id) { "unknown" } else { "yes" }, "{id}");
    }
    let bad = with(
        "scope: {in: {}, out: {x: {says: y}}}\nsuccess_criteria: {c: {effects: [{called: no.tool}]}}\nfailure_modes: {tool_failure: {do: improvise}}\nmeasurement: {}\ninvariants: {i: {rule: Nothing}}\n",
    );
    assert_eq!(
        shown(&bad),
        [
            "exclusions-have-paths no B201",
            "invariants-name-mechanism no B202",
            "criteria-well-formed no B112",
            "criterion-has-test unknown",
            "failure-modes-complete no B203",
            "one-action-per-mode no B204",
            "invariants-wired unknown",
            "same-repository unknown",
            "outside-reviewer unknown",
            "drift-review-scheduled no B215",
        ]
    );
    assert!(shown("a: [").iter().all(|point| point.ends_with("unknown")));
}

/// What a lint finds in its own example, as message, place and help.
fn shown(code: &str) -> String {
    let lint = LINTS.iter().find(|lint| lint.page.code == code).unwrap();
    let bad = with(&examples(&lint.page).0);
    let own: Vec<Diagnostic> =
        diagnostics(&bad).into_iter().filter(|problem| problem.code == code).collect();
    case::show(bad.as_bytes(), &own)
}

#[test]
fn what_is_proven_of_rules_is_said_at_their_place() {
    for (code, expected) in [
        (
            "B301",
            r#""args.amount < 0" `no-theft` can never fire: no call that is well-formed makes this true; help: compare with values that a call can have, or remove the invariant"#,
        ),
        (
            "B302",
            r#""escalate people" `hand-over` never decides: whenever it fires, `cap` says something stricter; help: narrow `cap`, or remove `hand-over`"#,
        ),
        (
            "B303",
            r#""halt" `budget_exceeded` can never happen: a session has no limit; help: set one under `constraints.limits`, such as `tool_calls: 20`"#,
        ),
        (
            "B304",
            r#""set args.n = 20" `twenty` sets `args.n` to another value than `ten`, so that a call is blocked; help: let only one of them fire on `billing.pay({"amount":0,"n":21})`"#,
        ),
        (
            "B305",
            r#""billing.pay" `billing.pay` can never be called: `high` and `low` together stop every call of it; help: let one of the rules leave calls through, or remove the tool"#,
        ),
    ] {
        assert_eq!(shown(code), format!("warning {code} {expected}"));
    }
}

/// What is proven or shown of a policy with these invariants, in short.
fn proven(invariants: &[&str]) -> Vec<String> {
    let lines: String = invariants.iter().map(|line| format!("  {line}\n")).collect();
    let found = diagnostics(&with(&format!("invariants:\n{lines}")));
    let own = found.iter().filter(|problem| problem.code.starts_with("B3"));
    own.map(|problem| format!("{} {}", problem.code, problem.message)).collect()
}

#[test]
fn what_can_fire_decide_and_be_called_is_no_finding() {
    let rule = |id: &str, when: &str, action: &str| {
        format!(
            "{id}: {{rule: R, enforce: {{by: policy_engine, trigger: call billing.pay, when: '{when}', do: {action}}}}}"
        )
    };
    let ask = rule("ask", "args.amount > 10", "require approval from lead");
    let cap = rule("cap", "args.amount > 99", "block");
    assert_eq!(proven(&[&ask, &cap]), [""; 0]);
    // A value that is missing stops the call, though nothing can make it fire.
    let both = rule("both", "host(args.to) == \"a\" && host(args.to) == \"b\"", "block");
    let both = both.replace("billing.pay", "desk.hand_over");
    assert_eq!(
        proven(&[&ask, &both]),
        ["B301 `both` never fires: it only stops calls in which a value is missing"]
    );
    let shadow = cap.replace("do: block", "do: block, enforce: shadow");
    assert_eq!(proven(&[&rule("ask", "args.amount > 100", "block"), &shadow]), [""; 0]);
}

#[test]
fn patterns_of_criteria_and_of_intents_say_where_they_begin_and_end() {
    let patterns = |regex: &str, text: &str| {
        let found = with(&format!(
            "bind: {{intents: {{pay: {{text: '{text}'}}}}}}\nsuccess_criteria: {{paid: {{given: {{intent: pay}}, effects: [{{called: billing.look}}, {{called: billing.pay, args: {{to: {{regex: '{regex}'}}}}}}]}}}}\n"
        ));
        let own = diagnostics(&found).into_iter().filter(|problem| problem.code == "B212");
        let own: Vec<Diagnostic> = own.collect();
        let repaired = own.iter().filter_map(|problem| problem.fix.as_ref());
        let repaired: Vec<bool> = repaired
            .map(|fix| diagnostics(&crate::with_fix(&found, fix)).len() < diagnostics(&found).len())
            .collect();
        (case::show(found.as_bytes(), &own), repaired)
    };
    assert_eq!(
        patterns("A-[0-9]+", "pay|paid"),
        (
            r#"warning B212 "'pay|paid'" this pattern is found inside other words, too; help: write `\b(…)\b` around it
warning B212 "'A-[0-9]+'" this pattern has to match the whole text; help: write `^…$` if that is meant, or `.*` on both sides to find it anywhere"#
                .to_owned(),
            vec![true, true]
        )
    );
    assert_eq!(patterns("^A-[0-9]+$", r"\bpa(y|id)\b"), (String::new(), Vec::new()));
}

#[test]
fn what_does_nothing_is_said_at_its_place() {
    for (code, expected) in [
        (
            "B271",
            r#""billing.export" `billing.export` is declared, and `no-export` denies every call of it; help: remove `billing.export` from `tools`, or from `deny`"#,
        ),
        (
            "B272",
            r#""" the scope includes nothing; help: add what the agent is for: `in: {NAME: {says: …}}`"#,
        ),
        (
            "B273",
            r#""\"untrustd\"" no tool's results carry the label `untrustd`; help: did you mean `untrusted`?"#,
        ),
        (
            "B407",
            r#""pause" `payments` leads to `pause`, which the ladder does not have; help: declare it under `ladder`: `warn`, `narrow`, `review` or `pause`"#,
        ),
        (
            "B408",
            r#""\"< 15\"" `escalation_rate` is a share between 0 and 1, and this target compares it with 15; help: write a percentage, such as `< 15%`"#,
        ),
    ] {
        assert_eq!(shown(code), format!("warning {code} {expected}"));
    }
}

#[test]
fn a_tool_that_is_not_pinned_yet_hides_nothing_else() {
    let text = with(
        "tools:
  billing.pay: {effects: [spend], money: {path: args.amount, currency: USD}}
  billing.look: {effects: [observe]}
  desk.hand_over: {effects: [send]}
  billing.soon: {effects: [observe]}
",
    );
    let found = diagnostics(&text);
    assert_eq!(
        case::show(text.as_bytes(), &found),
        r#"error B121 "billing.soon" no server offers the tool `billing.soon`; help: did you mean `billing.look`?
warning B207 "billing.soon" no rule, criterion or escalation refers to `billing.soon`; help: remove it, or say in a criterion when it is called"#
    );
    let contracts = Contracts::parse(CONTRACTS).unwrap();
    assert!(check(text.as_bytes(), Some(&contracts)).policy.is_none());
}

#[test]
fn a_preference_about_a_tool_that_cannot_be_taken_back_reads_like_an_invariant() {
    let found = |says: &str| {
        let text = with(&format!(
            "preferences: {{ask: {{says: {says}, measure: escalation_rate, target: '< 20%'}}}}\n"
        ));
        diagnostics(&text).iter().filter(|problem| problem.code == "B210").count()
    };
    assert_eq!(found("Never use desk.hand_over without a word"), 1);
    assert_eq!(found("Never use billing.look twice"), 0);
    assert_eq!(found("Rather not use desk.hand_over"), 0);
}

#[test]
fn of_two_rules_on_one_condition_the_milder_never_decides() {
    let when =
        r#"calls("billing.pay").across("agent").within("30d").sum(args.amount) + args.amount > 5"#;
    let said = |first: &str, second: &str| {
        let rule = |name: &str, action: &str| {
            format!(
                "  {name}:\n    rule: R\n    enforce:\n      by: policy_engine\n      trigger: call billing.pay\n      when: {when}\n      do: {action}\n"
            )
        };
        let text = with(&format!("invariants:\n{}{}", rule("one", first), rule("two", second)));
        let found = diagnostics(&text);
        let own = found.into_iter().filter(|problem| problem.code == "B302");
        own.map(|problem| problem.message).collect::<Vec<_>>()
    };
    assert_eq!(
        said("block", "require approval from lead"),
        ["`two` never decides: whenever it fires, `one` says something stricter"]
    );
    assert_eq!(said("block\n      enforce: shadow", "warn"), [""; 0]);
    assert_eq!(said("require approval from lead", "warn"), [""; 0]);
    assert_eq!(said("block", "block"), [""; 0]);
}
