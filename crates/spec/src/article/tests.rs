//! The form as it stands, with bindings, and each thing that it may leave open.

mod page;

use std::sync::Arc;

use bounden_policy::{CriterionVerdict, Engine, Event, Policy};
use bounden_testkit::{corpus, read, repository};
use proptest::prelude::*;

use crate::check::{Checked, check};
use crate::{case, intent};

const BARE: &str = "\
agent: {id: desk, version: \"1\"}
scope:
  in_scope: [\"Loans\"]
  out_of_scope: [\"Lost cards\"]
invariants:
  - rule: \"Nothing above 20\"
    enforcement: \"policy_engine: block tool_call=waive when amount > 20\"
";

fn example() -> Vec<u8> {
    read(repository().join("examples/article/behavioral-spec.yaml"))
}

fn policy(bytes: &[u8]) -> Arc<Policy> {
    let (intent, problems) = intent::parse(bytes);
    assert_eq!(case::show(bytes, &problems), "");
    let (policy, problems) = crate::compile(&intent.unwrap(), None);
    Arc::new(policy.unwrap_or_else(|| panic!("{}", case::show(bytes, &problems))))
}

fn codes(checked: &Checked) -> Vec<&str> {
    let mut codes: Vec<_> =
        checked.diagnostics.iter().map(|problem| problem.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The verdicts on these events, and the criteria that apply at the end.
fn decided(policy: &Arc<Policy>, events: &[&str]) -> Vec<String> {
    let mut engine = Engine::new(Arc::clone(policy));
    let mut shown = Vec::new();
    for (number, event) in events.iter().enumerate() {
        let line = format!("{{\"id\":\"e{number}\",\"session\":\"s\",{event}}}");
        let event = Event::from_json(&bounden_base::Json::parse(line.as_bytes()).unwrap()).unwrap();
        let ruling = engine.decide(&event);
        let rules: Vec<_> = ruling.decision.rules.iter().map(|rule| rule.id.as_str()).collect();
        shown.push(
            format!("{} {}", ruling.decision.verdict.name(), rules.join(" ")).trim_end().to_owned(),
        );
        let applicable =
            ruling.criteria.iter().filter(|one| one.verdict != CriterionVerdict::NotApplicable);
        shown.extend(applicable.map(|one| format!("{}: {:?}", one.id, one.verdict)));
    }
    shown
}

/// What is said of the bare form with these further lines, of one code.
fn said(lines: &str, code: &str) -> String {
    let text = format!("{BARE}{lines}");
    let found = check(text.as_bytes(), None).diagnostics;
    let own: Vec<_> = found.into_iter().filter(|problem| problem.code == code).collect();
    case::show(text.as_bytes(), &own)
}

#[test]
fn the_shipped_form_is_complete_and_compiles() {
    let bytes = example();
    let checked = check(&bytes, None);
    assert_eq!(case::show(&bytes, &checked.diagnostics), "");
    let no = checked.checklist.iter().filter(|point| point.ok == Some(false)).count();
    assert_eq!(no, 0);
}

#[test]
fn the_shipped_form_decides_and_tests() {
    let policy = policy(&example());
    assert_eq!(
        decided(
            &policy,
            &[
                r#""event":"start","tags":{"intent":"waiver"}"#,
                r#""event":"call","tool":"loans.find_loan","args":{"id":"L1"}"#,
                r#""event":"result","call":"e1","ok":true,"result":{"days_late":3}"#,
                r#""event":"call","tool":"loans.waive_fee","args":{"reader":"R1","amount":25}"#,
                r#""event":"call","tool":"loans.waive_fee","args":{"reader":"R1","amount":15}"#,
                r#""event":"result","call":"e4","ok":true,"result":{}"#,
                r#""event":"call","tool":"loans.waive_fee","args":{"reader":"R1","amount":15}"#,
                r#""event":"call","tool":"accounts.close","args":{}"#,
                r#""event":"log","text":"mail to ann@mail.example""#,
                r#""event":"output","text":"The fee has been waived.""#,
                r#""event":"end""#,
            ]
        ),
        [
            "allow",
            "allow",
            "allow",
            "block a-fee-above-20-euros-is-never-waived-by-the-agent the-fees-of-one-reader-are-waived-up-to-20-euros-in-a-month",
            "allow",
            "allow",
            "block the-fees-of-one-reader-are-waived-up-to-20-euros-in-a-month",
            "block reader-accounts-are-out-of-reach",
            "modify no-reader-s-address-is-kept-in-a-log",
            "allow",
            "allow",
            "small-fee-loan-returned: Pass",
        ]
    );
}

#[test]
fn what_was_published_compiles_decides_and_says_what_it_leaves_out() {
    let Some(corpus) = corpus() else { return };
    let bytes = read(corpus.join("seed/behavioral-spec.yaml"));
    let policy = policy(&bytes);
    assert_eq!(
        decided(
            &policy,
            &[
                r#""event":"call","tool":"issue_refund","args":{"amount":500.01}"#,
                r#""event":"call","tool":"issue_refund","args":{"amount":500}"#,
                r#""event":"call","tool":"close_account","args":{}"#,
                r#""event":"end""#,
            ]
        ),
        [
            "block never-process-a-refund-over-500-without-human-approval",
            "allow",
            "block",
            "allow",
            "out-of-scope-account-closure: Undecidable",
            "return-request-order-over-30-days: Undecidable",
            "return-request-order-under-30-days: Undecidable",
        ]
    );
    let checked = check(&bytes, None);
    assert_eq!(
        codes(&checked),
        [
            "B140", "B142", "B143", "B144", "B145", "B148", "B149", "B201", "B209", "B216", "B243",
            "B274", "B303"
        ]
    );
    let count = |code: &str| checked.diagnostics.iter().filter(|one| one.code == code).count();
    assert_eq!((count("B201"), count("B142"), count("B144")), (4, 3, 3));
    let point = |id: &str| checked.checklist.iter().find(|point| point.id == id).unwrap().ok;
    assert_eq!(point("exclusions-have-paths"), Some(false));
    assert_eq!(point("criteria-well-formed"), Some(false));
    assert_eq!(point("failure-modes-complete"), Some(true));
    assert_eq!(point("one-action-per-mode"), Some(true));
    assert_eq!(point("drift-review-scheduled"), Some(true));
}

#[test]
fn an_exclusion_is_completed_in_place() {
    let text = BARE;
    let found = check(text.as_bytes(), None).diagnostics;
    let exclusion = found.iter().find(|problem| problem.code == "B201").unwrap();
    let repaired = crate::with_fix(text, exclusion.fix.as_ref().unwrap());
    assert!(
        repaired.contains("out_of_scope: [{says: \"Lost cards\", escalate: PATH}]"),
        "{repaired}"
    );
    let left = check(repaired.as_bytes(), None).diagnostics;
    assert!(left.iter().all(|problem| problem.code != "B201"));
}

#[test]
fn enforcement_strings_say_a_mechanism_or_are_refused() {
    let enforcement = |text: &str| {
        let text = BARE.replace("policy_engine: block tool_call=waive when amount > 20", text);
        let found = check(text.as_bytes(), None).diagnostics;
        let own: Vec<_> = found.into_iter().filter(|problem| problem.code == "B147").collect();
        case::show(text.as_bytes(), &own)
    };
    for good in [
        "policy_engine: halt tool_call=waive",
        "policy_engine: require approval from lead tool_call=waive when amount > 5 && note == 'x'",
        "tool_allowlist: admin tools not provisioned",
        "output_filter: redact email, phone in logs",
        "infrastructure: network policy",
    ] {
        assert_eq!(enforcement(good), "", "{good}");
    }
    for bad in [
        "policy_engine: be careful",
        "policy_engine: block tool_call=",
        "policy_engine: block tool_call=waive when amount is large",
        "prompt: tell it not to",
        "carefully",
    ] {
        assert!(enforcement(bad).starts_with("error B147 "), "{bad}");
    }
}

#[test]
fn discretion_in_a_failure_mode_is_refused() {
    let mode = |action: &str| {
        said(&format!("failure_modes:\n  on_tool_failure: {{action: \"{action}\"}}\n"), "B141")
    };
    assert_eq!(mode("Halt. Inform the reader."), "");
    assert!(mode("Halt. Try another approach.").starts_with("error B141 \"Try another approach\""));
    assert!(mode("Use best judgment.").contains("leaves the answer to the model"));
    let all = "failure_modes:\n  on_tool_failure: {action: \"Improvise.\"}\n";
    assert!(!said(all, "B203").contains("`tool_failure`"), "what is refused is not absent as well");
    assert!(said(all, "B203").contains(
        "add, for example, `failure_modes: {on_out_of_scope: {action: Acknowledge. Escalate.}}`"
    ));
    assert!(mode("Report.").contains("names no action"));
}

#[test]
fn each_open_word_names_its_binding() {
    let criterion =
        |parts: &str| format!("success_criteria:\n  - {{scenario: \"A case\", {parts}}}\n");
    let said = |parts: &str, code: &str| said(&criterion(parts), code);
    assert!(
        said("input_condition: \"reader asks\"", "B140")
            .contains("add `bind: {intents: {reader-asks: {tag: intent=reader-asks}}}`")
    );
    assert!(
        said("expected_output: \"says so\"", "B140")
            .contains("add `bind: {phrases: {says-so: {any: [WORDS THAT ARE SAID]}}}`")
    );
    assert!(
        said("side_effects: \"no escalation\"", "B140")
            .contains("add `bind: {escalation: [SERVER.TOOL]}`")
    );
    assert!(
        said("input_condition: \"loan.days < 8\"", "B145")
            .contains("add `bind: {facts: {loan: {result_of: SERVER.TOOL}}}`")
    );
    assert!(
        said("side_effects: \"tool_call=waive executed\", evaluation: \"manual\"", "B146")
            .contains("`manual`")
    );
    assert!(
        said("side_effects: \"tool_call=waive executed\"", "B144")
            .contains("add `tools: {SERVER.waive: {effects: [EFFECT]}}` and `servers: {SERVER: {command: [PROGRAM]}}`")
    );
}

#[test]
fn an_open_word_is_decided_by_a_tag_until_it_is_bound() {
    let text = format!(
        "{BARE}success_criteria:\n  - {{scenario: \"A case\", expected_output: \"says so\", side_effects: \"no tool_call=waive\"}}\n"
    );
    let policy = policy(text.as_bytes());
    let end = r#""event":"end""#;
    let with = |tags: &str| decided(&policy, &[&format!(r#""event":"start","tags":{tags}"#), end]);
    assert_eq!(with("{}").last().unwrap(), "a-case: Undecidable");
    assert_eq!(with(r#"{"says-so":"yes"}"#).last().unwrap(), "a-case: Pass");
    assert_eq!(with(r#"{"says-so":"no"}"#).last().unwrap(), "a-case: Fail");
}

#[test]
fn names_are_made_of_texts_and_stay_apart() {
    assert_eq!(
        super::words::slug("Returns & refunds — under $1,000!"),
        "returns-refunds-under-1-000"
    );
    assert_eq!(super::words::slug("—"), "unnamed");
    let text = BARE.replace("\"Loans\"", "\"Loans\", \"loans!\"");
    let intent = intent::parse(text.as_bytes()).0.unwrap();
    assert_eq!(intent.scope.r#in.names().collect::<Vec<_>>(), ["loans", "loans-2"]);
}

#[test]
fn unknown_keys_are_errors_here_as_well() {
    let text = BARE.replace("enforcement:", "enforcment:");
    let said = case::show(text.as_bytes(), &check(text.as_bytes(), None).diagnostics);
    assert!(said.contains("B101 \"enforcment\" `invariants` has no key `enforcment`; help: did you mean `enforcement`?"), "{said}");
}

#[test]
fn clauses_that_differ_in_a_sign_or_in_another_script_have_names_of_their_own() {
    let names: std::collections::BTreeSet<_> = [
        "a.b < 30",
        "a.b >= 30",
        "a.b > 30",
        "a.b <= 30",
        "a.b == 30",
        "a.b != 30",
        "対応",
        "確認",
        "größe",
        "grüße",
    ]
    .map(super::words::slug)
    .into();
    assert_eq!(names.len(), 10, "{names:?}");
}

#[test]
fn commas_in_quotes_brackets_and_numbers_separate_nothing() {
    let parts = |text: &str| -> Vec<String> {
        let text = crate::yaml::Text::derived(text, bounden_base::Span::default());
        super::words::clauses(&text).into_iter().map(|clause| clause.value).collect()
    };
    assert_eq!(parts("a, b,, c "), ["a", "b", "c"]);
    assert_eq!(
        parts("says \"yes, sir\", x in [1, 2], up to $1,000"),
        ["says \"yes, sir\"", "x in [1, 2]", "up to $1,000"]
    );
    assert_eq!(
        parts("the reader's card, not the clerk's"),
        ["the reader's card", "not the clerk's"]
    );
}

#[test]
fn what_is_bound_to_nothing_or_said_twice_is_not_passed_over() {
    let all = |parts: &str, bind: &str| {
        said(
            &format!("success_criteria:\n  - {{scenario: \"A case\", {parts}}}\nbind: {bind}\n"),
            "B140",
        )
    };
    assert!(
        all("expected_output: \"says so\"", "{phrases: {says-so: {}}}")
            .contains("is bound to nothing")
    );
    let intents = "{intents: {a-b: {tag: i=a}, c-d: {tag: i=c}}}";
    assert!(all("input_condition: \"a b, c d\"", intents).contains("a second one"));
    assert!(all("expected_output: \"a b\"", intents).contains("what \u{201c}a b\u{201d} means"));
    let links = "{phrases: {a: {url: {prefix: \"https://a.example\"}}, b: {url: {prefix: \"https://b.example\"}}}}";
    assert!(all("expected_output: \"a, b\"", links).contains("a second one"));
}

/// Pieces of sentences, in any order, and whatever else a text may hold.
fn piece() -> impl Strategy<Value = String> {
    let words = [
        "tool_call=waive",
        "no",
        "escalation",
        "executed",
        "at most",
        "two",
        "times",
        "before",
        "says",
        "\"x\"",
        "'",
        ",",
        "x.y < 3",
        "is",
        "not",
        "in [1, 2]",
        "$1,000",
        "when",
        "or",
        "https://a.example",
        "Halt.",
        "Escalate to people.",
        "Ask once",
        ", then",
        "block",
        "on",
        "policy_engine:",
        "redact",
        "logs",
    ];
    prop_oneof![4 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is written, nothing panics, and no clause vanishes without a finding.
    #[test]
    fn every_clause_becomes_a_part_or_a_finding(pieces in proptest::collection::vec(piece(), 1..7)) {
        let text = crate::yaml::visible(&pieces.join(" "));
        let bare = crate::yaml::read(BARE.as_bytes()).0.unwrap();
        let known = super::read(&bare).findings.len();
        let quoted = bounden_base::Json::from(text.as_str()).canonical();
        for (place, is_criterion) in [
            (format!("success_criteria: [{{scenario: S, side_effects: {quoted}}}]"), true),
            (format!("success_criteria: [{{scenario: S, expected_output: {quoted}}}]"), true),
            (format!("success_criteria: [{{scenario: S, input_condition: {quoted}}}]"), false),
            (format!("failure_modes: {{on_tool_failure: {{action: {quoted}}}}}"), false),
            (format!("bind: {{}}\n{}", BARE.replace("\"policy_engine: block tool_call=waive when amount > 20\"", &quoted)), false),
        ] {
            let document = if place.starts_with("bind") { place } else { format!("{BARE}{place}\n") };
            let (read, _) = crate::yaml::read(document.as_bytes());
            let Some(read) = read else { continue };
            let translated = super::read(&read);
            let Some(intent) = translated.intent.filter(|_| is_criterion) else { continue };
            let Some(criterion) = intent.success_criteria.iter().next() else { continue };
            let criterion = &criterion.value;
            let expect = criterion.expect.as_ref();
            let parts = criterion.effects.len()
                + expect.map_or(0, |expect| expect.says.len() + usize::from(expect.url.is_some()))
                + criterion.require.as_ref().map_or(0, |require| require.all.len());
            let text = crate::yaml::Text::derived(text.clone(), bounden_base::Span::default());
            let clauses = super::words::clauses(&text).len();
            let findings = translated.findings.len().saturating_sub(known);
            prop_assert!(parts + findings >= clauses, "{clauses} of {document}");
        }
    }
}

#[test]
fn what_lints_say_is_said_in_the_words_of_the_form() {
    let text = BARE.replace(
        "    enforcement:",
        "    attested_by: ops\n    renew: 30d\n  - rule: \"Another\"\n    enforcement:",
    );
    let text = format!("{text}measurement: {{eval_frequency: every_deployment}}\n");
    let found = case::show(text.as_bytes(), &check(text.as_bytes(), None).diagnostics);
    assert!(found.contains("`nothing-above-20`; help: beside `rule`, add `enforcement`: write `policy_engine: block"), "{found}");
    assert!(
        found.contains("help: add `measurement: {behavioral_drift_review: weekly}`"),
        "{found}"
    );
    let refused = BARE.replace("policy_engine: block", "policy_engine: stop");
    let found = check(refused.as_bytes(), None);
    assert!(
        codes(&found).contains(&"B147") && !codes(&found).contains(&"B202"),
        "{:?}",
        codes(&found)
    );
}
