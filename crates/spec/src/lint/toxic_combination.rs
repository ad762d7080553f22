//! Tools that are harmless alone, and together are not.
//!
//! An agent that reads private data, reads what anybody may have written, and
//! can send, can be made to send the one by the other. The same goes for
//! secrets and a way out, foreign content and a shell, a file and what runs it,
//! and the right to spend and spending. Effects and labels tell which tools
//! these are. It is reported only where the calls were tried one after the
//! other and every one of them was permitted; a rule that stops one of them
//! is enough.
//!
//! ## Example
//!
//! ```yaml
//! constraints: {data: {classification: confidential}}
//! tools:
//!   billing.pay: {effects: [spend], money: {path: args.amount, currency: USD}}
//!   billing.look: {effects: [observe], labels: {result: internal}}
//!   desk.hand_over: {effects: [send], labels: {result: internal}}
//!   web.fetch: {effects: [observe]}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! constraints: {data: {classification: confidential}}
//! tools:
//!   billing.pay: {effects: [spend], money: {path: args.amount, currency: USD}}
//!   billing.look: {effects: [observe], labels: {result: internal}}
//!   desk.hand_over: {effects: [send], labels: {result: internal}}
//!   web.fetch: {effects: [observe]}
//! invariants:
//!   no-exfiltration:
//!     rule: Nothing is sent after a foreign text was read
//!     enforce: {by: policy_engine, trigger: "call @send", when: labels("untrusted"), do: block}
//! ```

use bounden_base::Diagnostic;
use bounden_policy::EventBody;
use bounden_policy::composition::{Combination, Hazard, Part, Standing, combinations_of};

use super::{Subject, new_invariant, with_fix};

pub(super) const CODE: &str = "B219";

/// One finding a hazard: the first combination that nothing stops.
pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(policy) = subject.policy else { return };
    for hazard in Hazard::ALL {
        if hazard == Hazard::Exfiltration && is_public(subject) {
            continue;
        }
        let mut combinations = combinations_of(policy, hazard);
        let open = combinations.find(|found| matches!(found.standing, Standing::Open(_)));
        found.extend(open.and_then(|combination| problem(subject, &combination)));
    }
}

fn problem(subject: &Subject<'_>, combination: &Combination) -> Option<Diagnostic> {
    let span = |part: &Part| {
        let mut tools = subject.intent.tools.iter();
        tools.find(|item| item.key.name == part.tool.as_str()).map(|item| item.key.span)
    };
    let (last, before) = combination.parts.split_last()?;
    let tools: Vec<String> = before.iter().map(|part| format!("`{}`", part.tool)).collect();
    let message = format!(
        "{} and `{}` meet in this agent: {}",
        tools.join(", "),
        last.tool,
        combination.hazard.why()
    );
    let mut problem = Diagnostic::warning(CODE, span(last)?, message);
    for part in before {
        problem = problem.related(span(part)?, part.ability.says());
    }
    let permitted = calls(combination).join(", then ");
    let problem = problem.help(format!(
        "the engine permits {permitted}; block the last call, or ask for approval of it, once the others were made"
    ));
    Some(with_fix(problem, invariant(combination.hazard).and_then(|lines| {
        new_invariant(subject, &lines)
    })))
}

/// The calls that were permitted, one after the other.
fn calls(combination: &Combination) -> Vec<String> {
    let Standing::Open(witness) = &combination.standing else { return Vec::new() };
    let call = |body: &EventBody| match body {
        EventBody::Call { tool, args, .. } => {
            Some(format!("`{tool}({})`", args.value_or_null().canonical()))
        }
        _ => None,
    };
    witness.iter().filter_map(|witnessed| call(&witnessed.event.body)).collect()
}

/// An invariant that keeps the tools apart, where a label tells that the others were used.
fn invariant(hazard: Hazard) -> Option<[String; 7]> {
    let (id, rule, trigger, label) = match hazard {
        Hazard::Exfiltration => (
            "nothing-out-after-foreign-text",
            "Nothing is sent once a foreign text was read",
            "call @send",
            "untrusted",
        ),
        Hazard::ForeignOrders => (
            "no-code-after-foreign-text",
            "No code is run once a foreign text was read",
            "call @execute",
            "untrusted",
        ),
        Hazard::LeakedSecret | Hazard::PlantedCode | Hazard::SelfGrant => return None,
    };
    Some([
        format!("{id}:"),
        format!("  rule: {rule}"),
        "  enforce:".to_owned(),
        "    by: policy_engine".to_owned(),
        format!("    trigger: {trigger}"),
        format!("    when: labels(\"{label}\")"),
        "    do: block".to_owned(),
    ])
}

fn is_public(subject: &Subject<'_>) -> bool {
    let constraints = subject.intent.constraints.as_ref();
    let class = constraints.and_then(|constraints| constraints.data.as_ref()?.classification.as_ref());
    class.is_some_and(|class| class.value == "public")
}
