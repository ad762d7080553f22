//! Each kind of structural finding, and the whole shape read once.

use bounden_base::Json;
use bounden_testkit::{read, repository};

use super::*;
use crate::case;

const HEAD: &str = "schema: behavior.intent/v1\nagent: {id: a/b, version: 1.0.0}\npurpose: Help.\nscope: {in: {}, out: {}}\n";

fn said(text: &str) -> String {
    case::show_places(text.as_bytes(), &parse(text.as_bytes()).1)
}

/// What is said of a document with these further lines.
fn with(lines: &str) -> String {
    said(&format!("{HEAD}{lines}"))
}

#[test]
fn the_example_uses_every_section_and_reads_without_a_finding() {
    let bytes = read(repository().join("examples/support/behavior.intent"));
    let (intent, problems) = parse(&bytes);
    assert_eq!(case::show(&bytes, &problems), "");
    let intent = intent.unwrap();
    assert_eq!(&*intent.agent.id, "acme/support-desk");
    assert_eq!(intent.tools.names().count(), 4);
    assert_eq!(
        intent.invariants.get("refund-cap").unwrap().enforce.as_ref().unwrap().by.value,
        By::PolicyEngine
    );
    let (document, _) = yaml::read(&bytes);
    let schema = crate::Format::INTENT.json_schema();
    let sections = schema.get("properties").unwrap().as_object().unwrap();
    let absent: Vec<_> =
        sections.keys().filter(|key| document.as_ref().unwrap().root.get(key).is_none()).collect();
    assert_eq!(absent, ["files", "windows"]);
}

#[test]
fn the_least_document_is_four_keys() {
    assert_eq!(said(HEAD), "");
    assert_eq!(
        said("schema: behavior.intent/v1\n"),
        "error B102 1:1 \"\" the document has no `agent`; help: add `agent`: who the agent is and who answers for it\n\
         error B102 1:1 \"\" the document has no `purpose`; help: add `purpose`: what the agent is for, in a sentence\n\
         error B102 1:1 \"\" the document has no `scope`; help: add `scope`: what the agent handles and what it must not"
    );
}

#[test]
fn another_schema_is_refused_before_anything_else() {
    assert_eq!(
        said("schema: behavior.intent/v2\nx: 1\n"),
        "error B107 1:9 \"behavior.intent/v2\" the schema `behavior.intent/v2` is not supported; help: this program reads `behavior.intent/v1`, and `behavioral-spec.yaml`, which has no `schema`; a later version needs a later release of the program"
    );
    assert_eq!(
        said("agent: {id: a}\n"),
        "error B107 1:1 \"\" the document does not say which schema it follows; help: write `schema: behavior.intent/v1` on the first line"
    );
    assert!(said("schmea: behavior.intent/v1\n").starts_with("error B107 1:1 \"schmea\""));
    assert!(
        said("- a\n")
            .starts_with("error B103 1:1 \"- a\" the document is a list; expected a mapping")
    );
    assert!(said("schema: 1\n").contains("`schema` is a number; expected a text"));
}

#[test]
fn unknown_keys_name_the_nearest_known_one() {
    assert_eq!(
        with("tols: {}\n"),
        "error B101 5:1 \"tols\" the document has no key `tols`; help: did you mean `tools`?"
    );
    assert_eq!(
        with("tools: {a.b: {efects: [observe], colour: red}}\n"),
        "error B101 5:15 \"efects\" `tools.a.b` has no key `efects`; help: did you mean `effects`?\n\
         error B101 5:34 \"colour\" `tools.a.b` has no key `colour`; help: it can hold version, effects, labels, money, timeout, origin"
    );
    assert_eq!(
        said("schema: behavior.intent/v1\nagent: {id: a, verison: 1.0.0}\npurpose: x\nscope: {}\n"),
        "error B101 2:16 \"verison\" `agent` has no key `verison`; help: did you mean `version`?",
        "a misspelt key is not reported as missing too"
    );
}

#[test]
fn values_of_the_wrong_type_say_what_is_expected() {
    assert_eq!(
        with(
            "constraints: {limits: {steps: many, tool_calls: 1.5, usd: cheap}, memory: forever, autonomy: autonomus}\n"
        ),
        "error B104 5:31 \"many\" `constraints.limits.steps` is `many`; expected a whole number, 0 or more\n\
         error B103 5:49 \"1.5\" `constraints.limits.tool_calls` is a number; expected a whole number, 0 or more\n\
         error B104 5:59 \"cheap\" `constraints.limits.usd` is `cheap`; expected a number\n\
         error B104 5:75 \"forever\" `constraints.memory` is `forever`; expected none, session, persistent or shared\n\
         error B104 5:94 \"autonomus\" `constraints.autonomy` is `autonomus`; expected each-approved, on-the-loop or autonomous; help: did you mean `autonomous`?"
    );
    assert_eq!(
        with("tools: [a.b]\nservers:\nwindows: {w: {from: noon, to: \"2026-01-01T00:00:00Z\"}}\n"),
        "error B103 5:8 \"[a.b]\" `tools` is a list; expected a mapping of names\n\
         error B103 6:1 \"servers\" `servers` is nothing; expected a mapping of names\n\
         error B104 7:21 \"noon\" `windows.w.from` is `noon`; expected a time such as \"2026-12-20T00:00:00Z\""
    );
    assert_eq!(
        with("tools: {a.b: {effects: [observe, sped, write]}}\n"),
        "error B104 5:34 \"sped\" `tools.a.b.effects` is `sped`; expected observe, create, update, delete, execute, send, spend, grant, persist, read, write or admin; help: did you mean `spend`?"
    );
}

#[test]
fn a_number_where_a_text_belongs_is_repaired_by_quotes() {
    let text = HEAD.replace("1.0.0", "1.0");
    let problems = parse(text.as_bytes()).1;
    assert_eq!(
        case::show_places(text.as_bytes(), &problems),
        "error B103 2:27 \"1.0\" `agent.version` is a number; expected a text; help: put it in quotes"
    );
    let repaired = crate::with_fix(&text, problems[0].fix.as_ref().unwrap());
    assert_eq!(said(&repaired), "");
}

#[test]
fn names_are_plain_ascii() {
    assert!(with("tools: {bi\u{0142}ling.pay: {}}\n").starts_with("error B105"));
    assert!(
        with("invariants: {\"a b\": {rule: x}}\n").contains("`a b` in `invariants` is no name")
    );
    assert!(with("invariants: {\"\": {rule: x}}\n").contains("B105"));
    assert_eq!(with("tools: {a.b-c_d/e:f: {}}\n"), "");
}

#[test]
fn a_broken_entry_is_left_out_but_its_name_is_known() {
    let text = format!("{HEAD}tools: {{a.b: 1, a.c: {{}}}}\n");
    let (intent, problems) = parse(text.as_bytes());
    let tools = intent.unwrap().tools;
    assert_eq!(problems.len(), 1);
    assert!(tools.contains("a.b") && tools.get("a.b").is_none() && tools.get("a.c").is_some());
}

#[test]
fn what_the_yaml_reader_refused_is_reported_once() {
    let text = HEAD.replace("1.0.0", "0x10");
    assert_eq!(
        parse(text.as_bytes()).1.iter().map(|p| p.code.as_str()).collect::<Vec<_>>(),
        ["B013"]
    );
}

#[test]
fn empty_texts_are_refused() {
    let text = HEAD.replace("Help.", "' '");
    assert!(said(&text).contains("B108 3:10 \"' '\" `purpose` is empty"));
}

#[test]
fn macros_stand_for_effects_but_never_for_spending_or_sending() {
    let text = format!("{HEAD}tools: {{a.b: {{effects: [write]}}, a.c: {{effects: [admin]}}}}\n");
    let tools = parse(text.as_bytes()).0.unwrap().tools;
    let names = |name: &str| -> Vec<_> {
        tools.get(name).unwrap().effects().into_iter().map(bounden_policy::Effect::name).collect()
    };
    assert_eq!(names("a.b"), ["observe", "create", "update", "delete"]);
    assert!(!names("a.c").contains(&"spend") && !names("a.c").contains(&"send"));
}

#[test]
fn the_schema_describes_every_key() {
    let schema = crate::Format::INTENT.json_schema();
    let at = |path: &[&str]| schema.at(path.iter().copied()).cloned();
    assert_eq!(at(&["additionalProperties"]), Some(false.into()));
    assert_eq!(
        at(&["properties", "agent", "properties", "version", "description"]),
        Some("The version of this intent, raised with each material change.".into())
    );
    assert_eq!(
        at(&["properties", "agent", "required"]),
        Some(["id", "version"].into_iter().map(Json::from).collect())
    );
    assert!(at(&["properties", "scope", "properties", "in"]).is_some());
    assert!(
        at(&[
            "properties",
            "invariants",
            "additionalProperties",
            "properties",
            "enforce",
            "properties",
            "do"
        ])
        .is_some()
    );
}

#[test]
fn sentences_are_told_for_what_they_leave_to_the_model() {
    let help = "name policy_engine, tool_allowlist, output_filter, scope_router or external with what it has to do, or move the rule to `preferences`";
    assert_eq!(
        with(
            "invariants:\n  a: {rule: R, enforce: the agent is told}\n  b: {rule: R, enforce: {by: prompt, do: block}}\n  c: {rule: R, enforce: {do: block}}\n"
        ),
        format!(
            "error B202 6:25 \"the agent is told\" a sentence does not enforce `a`; help: {help}\n\
             error B202 7:30 \"prompt\" `prompt` is no mechanism outside the model, so nothing enforces `b`; help: {help}\n\
             error B202 8:16 \"enforce\" which mechanism enforces `c` is not said: there is no `by`; help: {help}"
        )
    );
    assert_eq!(
        with(
            "failure_modes: {tool_failure: use best judgement}\nsuccess_criteria:\n  a: {effects: politely, expect: a kind answer}\n"
        ),
        "error B204 5:31 \"use best judgement\" a sentence leaves the answer to `tool_failure` to the model; help: write `{do: …, then: escalate PATH}` with `clarify`, `escalate PATH` or `halt`\n\
         error B205 7:16 \"politely\" a sentence of the criterion `a` can only be judged, not checked; help: write `effects: [{called: SERVER.TOOL}]`, and keep the sentence under `says`\n\
         error B205 7:34 \"a kind answer\" a sentence of the criterion `a` can only be judged, not checked; help: write `expect: {says: [{any: [WORDS]}]}`, and keep the sentence under `says`"
    );
    // What is misspelt, or of another type, is said as it is.
    assert!(
        with("invariants: {a: {rule: R, enforce: {by: policy_engin, do: block}}}\n")
            .starts_with("error B104")
    );
    assert!(with("invariants: {a: {rule: R, enforce: [block]}}\n").starts_with("error B103"));
    assert!(with("success_criteria: {a: {effects: 3}}\n").starts_with("error B103"));
}
