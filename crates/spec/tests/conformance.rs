//! Every written case, through the reference interpreter and the indexed engine
//! at once; through the latter also with the arguments as text.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use bounden_base::{Diagnostic, Json};
use bounden_policy::{Arguments, Contracts, Engine, Event, EventBody, Policy, Reference, Ruling};
use bounden_spec::{compile, intent};
use bounden_testkit::conformance::{Case, Step, cases};

#[test]
fn both_engines_decide_and_report_as_every_case_says() {
    let cases = cases();
    let mismatches: Vec<String> = cases.iter().flat_map(mismatches).collect();
    assert!(mismatches.is_empty(), "\n{}", mismatches.join("\n"));
    let topics: std::collections::BTreeSet<_> = cases.iter().map(|case| &case.place.file).collect();
    println!("{} cases on {} topics", cases.len(), topics.len());
}

fn mismatches(case: &Case) -> Vec<String> {
    let (policy, reported) = compiled(case);
    let reported = case.check_diagnostics(&reported).err().unwrap_or_default();
    let mut found: Vec<String> = reported.iter().map(ToString::to_string).collect();
    match policy {
        Some(policy) => found.extend(decide(&Arc::new(policy), &case.steps)),
        None if case.steps.is_empty() => {}
        None => found.push(format!("{}: the intent does not compile", case.place)),
    }
    found
}

fn compiled(case: &Case) -> (Option<Policy>, Vec<Diagnostic>) {
    let contracts = case.contracts.as_ref().map(|block| {
        Contracts::parse(block.text.as_bytes())
            .unwrap_or_else(|error| panic!("{}: {error}", block.place))
    });
    let (intent, mut reported) = intent::parse(case.intent.text.as_bytes());
    let Some(intent) = intent else { return (None, reported) };
    let (policy, found) = compile(&intent, contracts.as_ref());
    reported.extend(found);
    (policy, reported)
}

fn decide(policy: &Arc<Policy>, steps: &[Step]) -> Vec<String> {
    let mut reference = Reference::new(Arc::clone(policy));
    let mut engine = Engine::new(Arc::clone(policy));
    let mut reader = Engine::new(Arc::clone(policy));
    let mut found = Vec::new();
    for (step, line_number) in steps.iter().zip(1_i64..) {
        let answer = match event(&step.event) {
            Ok(event) => {
                let (expected, answer) = (reference.decide(&event), engine.decide(&event));
                let read = reader.decide(&as_text(event));
                assert_eq!(
                    line(&read),
                    line(&answer),
                    "{}: the text is read otherwise",
                    step.place
                );
                assert_eq!(line(&expected), line(&answer), "{}: the engines differ", step.place);
                assert_eq!(expected.permit.is_some(), answer.permit.is_some(), "{}", step.place);
                line(&answer)
            }
            Err(error) => {
                let (line, verdict) = (line_number.into(), Json::from("block"));
                Json::object([("error", error.into()), ("line", line), ("verdict", verdict)])
                    .canonical()
            }
        };
        found.extend(step.check(&answer).err().map(|mismatch| mismatch.to_string()));
    }
    found
}

fn event(text: &str) -> Result<Event, String> {
    let json = Json::parse(text.as_bytes()).map_err(|error| error.kind.to_string())?;
    Event::from_json(&json).map_err(|error| error.to_string())
}

/// The same event, with arguments that nobody has read yet.
fn as_text(mut event: Event) -> Event {
    if let EventBody::Call { args, .. } = &mut event.body {
        *args = Arguments::from_text(args.value_or_null().canonical());
    }
    event
}

fn line(ruling: &Ruling) -> String {
    ruling.to_json().unwrap_or_else(|error| panic!("{error}")).canonical()
}
