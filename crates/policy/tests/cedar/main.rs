//! What is exported to Cedar decides as the engine does: random policies and
//! calls, decided by Cedar's own implementation.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod calls;
mod policies;

use std::path::PathBuf;
use std::sync::Arc;

use bounden_base::{Json, json};
use bounden_policy::{Bundle, Engine, Event, Policy, cedar};
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// How many policies, and calls for each of them.
const POLICIES: usize = 150;
const CALLS: usize = 24;

/// One policy with its calls, and what is asked of Cedar.
struct Case {
    policy: Arc<Policy>,
    calls: Vec<calls::Call>,
    export: cedar::Export,
}

#[test]
fn cedar_permits_what_the_engine_permits_and_nothing_else() {
    let seed = RngSeed::Fixed(bounden_testkit::seed(4));
    let mut runner = TestRunner::new(Config { rng_seed: seed, ..Config::default() });
    let cases: Vec<Case> = (0..POLICIES).map(|_| case(&mut runner)).collect();
    let Some(answers) = ask(&cases) else { return };
    let (mut permitted, mut refused) = (0, 0);
    for (case, answer) in cases.iter().zip(&answers) {
        let text = &case.export.policies;
        assert_eq!(answer.get("valid").and_then(Json::as_bool), Some(true), "{answer:?}\n{text}");
        assert_eq!(answer.get("errors").unwrap().canonical(), "[]", "{text}");
        let allowed = answer.get("allowed").and_then(Json::as_array).unwrap();
        for (call, allowed) in case.calls.iter().zip(allowed) {
            let decision = Engine::new(Arc::clone(&case.policy)).decide(&call.event()).decision;
            let own = decision.verdict.permits();
            assert_eq!(
                allowed.as_bool(),
                Some(own),
                "{}\n{}\n{text}\n{}",
                call.event().to_json().canonical(),
                decision.detail.unwrap_or_default(),
                case.export.schema,
            );
            *(if own { &mut permitted } else { &mut refused }) += 1;
        }
    }
    println!("{permitted} permitted, {refused} refused");
    assert!(permitted > POLICIES && refused > POLICIES, "{permitted} to {refused}");
}

fn case(runner: &mut TestRunner) -> Case {
    loop {
        let text = policies::bundle().new_tree(runner).unwrap().current();
        let bundle: Bundle = json::from_slice(text.as_bytes()).unwrap();
        // Some predicates read what need not be there; nobody can write those.
        let Ok(policy) = Policy::compile(bundle) else { continue };
        let export = cedar::export(&policy);
        let approvals = |left: &cedar::LeftOut| left.why.contains("nobody can approve");
        assert!(export.left_out.iter().all(approvals), "{:?}\n{text}", export.left_out);
        let calls = (0..CALLS).map(|_| calls::call().new_tree(runner).unwrap().current());
        return Case { calls: calls.collect(), policy: Arc::new(policy), export };
    }
}

/// What Cedar says of each case; nothing where it is not there.
fn ask(cases: &[Case]) -> Option<Vec<Json>> {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cedar/oracle.py");
    let asked = |case: &Case| {
        let asked = Json::object([
            ("policies", case.export.policies.as_str().into()),
            ("schema", case.export.schema.as_str().into()),
            ("requests", case.calls.iter().map(calls::Call::request).collect()),
        ]);
        asked.canonical() + "\n"
    };
    let answers =
        bounden_testkit::ask_python("cedarpy", &script, cases.iter().map(asked).collect())?;
    Some(answers.lines().map(|line| Json::parse(line.as_bytes()).unwrap()).collect())
}

/// The event of a call under the names that both sides use.
pub(crate) fn event(tool: &str, principal: &str, args: &Json) -> Event {
    let event = Json::object([
        ("id", "e".into()),
        ("session", "s".into()),
        ("event", "call".into()),
        ("principal", principal.into()),
        ("tool", tool.into()),
        ("args", args.clone()),
    ]);
    Event::from_json(&event).unwrap()
}
