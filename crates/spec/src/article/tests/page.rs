//! The page of sentences says what the translation makes of each.

#![expect(clippy::disallowed_methods, reason = "a test is told by its surroundings to write")]

use bounden_base::Json;
use bounden_testkit::{read_text, repository};

use crate::check::check;
use crate::read::Read as _;
use crate::yaml::{self, Value};
use crate::{article, intent};

const PAGE: &str = "docs/reference/prose.md";

/// A form in which everything is bound; `@` is the place of the sentence.
const FORM: &str = "\
agent: {id: desk, version: \"1\"}
purpose: Help.
scope: {in_scope: [Loans], out_of_scope: [{says: Lost cards, escalate: front-desk, examples: [I lost my card, my card is gone]}]}
servers: {loans: {command: [a]}, desk: {command: [b]}}
tools: {loans.find_loan: {effects: [observe]}, loans.waive_fee: {effects: [spend]}, desk.hand_over: {effects: [send]}}
models: {routing: single, allow: {main: {class: c, id: p/m}}}
promotion: {production: {approvals: {admin: 1}}}
escalations: {front-desk: {call: desk.hand_over}}
ownership: {approvers: {lead: {team: fees}, head: {team: library}, night-manager: {team: desk}}}
bind:
  tools: {account_admin: [\"accounts.*\"]}
  filters: {address_scrubber: [email, phone]}
  effects: [loans.waive_fee]
  escalation: [desk.hand_over]
  facts: {loan: {result_of: loans.find_loan}}
  intents: {reader-asks-for-a-waiver: {tag: intent=waiver}, reader-reports-a-lost-card: {tag: intent=lost}}
  phrases: {confirms-the-waiver: {any: [is waived]}, promises-no-refund: {none: [pay back], never: loans.waive_fee}}
";

/// `BOUNDEN_WRITE=1 cargo test -p bounden-spec page` writes the answers.
#[test]
fn every_sentence_becomes_what_the_page_says() {
    let path = repository().join(PAGE);
    let page = read_text(&path);
    let mut section = "";
    let mut answered = String::new();
    let mut sentences = 0;
    for line in page.lines() {
        section = line.strip_prefix("## ").unwrap_or(section);
        let sentence = line.strip_prefix("    ");
        if sentence.is_some_and(|said| said.starts_with(['→', '✗'])) {
            continue;
        }
        answered += &format!("{line}\n");
        if let Some(sentence) = sentence {
            sentences += 1;
            answered += &answer(section, sentence);
        }
    }
    if std::env::var_os("BOUNDEN_WRITE").is_some() {
        std::fs::write(&path, &answered).unwrap();
    }
    assert!(sentences >= 60, "{sentences}");
    let written = read_text(&path);
    let differs = written.lines().zip(answered.lines()).find(|(page, now)| page != now);
    assert_eq!(differs, None, "{PAGE} is out of date");
    assert_eq!(written.len(), answered.len(), "{PAGE} is out of date");
}

/// What a sentence becomes, and what is said against it.
fn answer(section: &str, sentence: &str) -> String {
    let quoted = Json::from(sentence).canonical();
    let criterion = |key: &str| format!("success_criteria: [{{scenario: S, {key}: {quoted}}}]\n");
    let mode = |key: &str| format!("failure_modes: {{{key}: {{action: {quoted}}}}}\n");
    let added = match section {
        "Enforcement" => format!("invariants: [{{rule: R, enforcement: {quoted}}}]\n"),
        "Input conditions" => criterion("input_condition"),
        "Expected outputs" => criterion("expected_output"),
        "Side effects" => criterion("side_effects"),
        "Ambiguous requests" => mode("on_ambiguous_request"),
        "Personal data in the input" => mode("on_pii_detected_in_input"),
        _ => mode("on_tool_failure"),
    };
    let is_rule = section == "Enforcement";
    let other = if is_rule {
        ""
    } else {
        "invariants: [{rule: R, enforcement: \"tool_allowlist: deny a.*\"}]\n"
    };
    let text = format!("{FORM}{added}{other}");
    let (document, problems) = yaml::read(text.as_bytes());
    assert_eq!(problems, [], "{sentence}");
    let translated = article::read(&document.unwrap());
    assert_eq!(translated.problems, [], "{sentence}");
    let checked = check(text.as_bytes(), None);
    // What a lint says of the form around the sentence is beside the point.
    let errors =
        checked.diagnostics.iter().filter(|one| one.is_error() && one.code.as_str() < "B2");
    let refused = errors.map(|problem| {
        let help = problem.help.as_deref().unwrap_or("nothing is proposed");
        format!("    ✗ {} {}: {help}\n", problem.code, problem.message)
    });
    let refused: String = refused.collect();
    if !refused.is_empty() {
        return refused;
    }
    assert!(checked.policy.is_some(), "{sentence}");
    let intent = translated.intent.unwrap();
    format!("    → {}\n", shown(&intent, is_rule))
}

/// The part of the intent that the sentence stands for, on one line.
fn shown(intent: &intent::Intent, is_rule: bool) -> String {
    let enforce = intent.invariants.iter().find_map(|item| item.value.enforce.as_ref()?.write());
    let criterion = intent.success_criteria.iter().find_map(|item| item.value.write());
    let modes = intent.failure_modes.as_ref().and_then(|modes| modes.write());
    let enforce = enforce.filter(|_| is_rule);
    let value = enforce.or(criterion).or(modes).unwrap_or(Value::Null);
    let value = match value {
        Value::Map(entries) => {
            Value::Map(entries.into_iter().filter(|entry| entry.key.name != "says").collect())
        }
        other => other,
    };
    yaml::flow(&value)
}
