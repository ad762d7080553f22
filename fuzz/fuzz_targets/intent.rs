//! Whatever is read as an intent or as a policy of an organisation: findings
//! stand on characters of the text, and repairs come to an end.
#![no_main]

use bounden_base::Diagnostic;
use bounden_fuzz::Bytes;
use bounden_spec::organisation::OrganisationPolicy;
use bounden_spec::{check, repaired_whole, with_fix};
use libfuzzer_sys::fuzz_target;

/// Whole documents with a gap for the input: what stands around it lets an
/// input reach what is behind the reader.
const AROUND: [&str; 5] = [
    "schema: behavior.intent/v1\nagent: {id: a/b, version: 1.0.0}\npurpose: x\nscope: {}\n@",
    "schema: behavior.intent/v1\nagent: {id: a/b, version: 1.0.0}\npurpose: x\nscope: {}\ntools: {a.b: {effects: [spend]}}\ninvariants:\n  i: {rule: x, enforce: {by: policy_engine, trigger: call a.b, do: block, when: @}}\n",
    "schema: behavior.intent/v1\nagent: {id: a/b, version: 1.0.0}\npurpose: x\nscope: {}\ntools: {a.b: {effects: [spend]}}\nsuccess_criteria:\n  c: {@}\n",
    "scope:\n  in_scope:\n    - x\n  out_of_scope:\n    - @\n",
    "schema: org.policy/v1\norganisation: a\nrules:\n  r:\n    says: x\n    require: @\n",
];

fuzz_target!(|input: &[u8]| {
    let mut bytes = Bytes::new(input);
    let around = AROUND.get(usize::from(bytes.byte()) % (AROUND.len() + 1));
    match around {
        None => look_at(bytes.take(input.len())),
        Some(around) => look_at(around.replace('@', &bytes.text()).as_bytes()),
    }
});

fn look_at(document: &[u8]) {
    let checked = check(document, None);
    let (policy, of_policy) = OrganisationPolicy::read(document);
    assert!(policy.is_none() || of_policy.iter().all(|problem| !problem.is_error()));
    let Ok(text) = std::str::from_utf8(document) else { return };
    for problem in checked.diagnostics.iter().chain(&of_policy) {
        stands(problem, text);
    }
    let _ = check(repaired_whole(text, None).as_bytes(), None);
}

/// Every place of a finding is one in the text, and so is what its repair replaces.
fn stands(problem: &Diagnostic, text: &str) {
    let labels = problem.related.iter().map(|label| label.span);
    let edits = problem.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span));
    for span in labels.chain(edits).chain([problem.span]) {
        assert!(text.get(span.start..span.end).is_some(), "{problem:?}");
    }
    if let Some(fix) = &problem.fix {
        let _ = with_fix(text, fix);
    }
}
