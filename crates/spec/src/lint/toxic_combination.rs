//! Private data, foreign content and a way out, in one agent.
//!
//! Each is harmless alone. Together, a text that somebody else wrote can make
//! the agent send out what only insiders may see.
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
use bounden_policy::{Bundle, Effect};

use super::{Subject, new_invariant, with_fix};
use crate::intent::Tool;
use crate::read::Item;

pub(super) const CODE: &str = "B219";

const UNTRUSTED: &str = "untrusted";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(bundle) = subject.bundle else { return };
    let tools = &subject.intent.tools;
    let reads = |item: &&Item<Tool>| item.value.effects().contains(&Effect::Observe);
    let foreign = tools.iter().filter(reads).find(|item| label(&item.value) == UNTRUSTED);
    let sends = tools.iter().find(|item| item.value.effects().contains(&Effect::Send));
    let (Some(foreign), Some(sends)) = (foreign, sends) else { return };
    let private = tools.iter().filter(reads).find(|item| label(&item.value) != UNTRUSTED);
    if !(is_confidential(subject) && private.is_some()) || is_guarded(bundle) {
        return;
    }
    let message = format!(
        "private data, the foreign content of `{}` and `{}` meet in this agent",
        foreign.key, sends.key
    );
    let problem = Diagnostic::warning(CODE, sends.key.span, message)
        .related(foreign.key.span, "its results are untrusted")
        .help("block it, or ask for approval, once `labels(\"untrusted\")` holds; or label the results of what you trust");
    let lines = [
        "nothing-out-after-foreign-text:".to_owned(),
        "  rule: Nothing is sent once a foreign text was read".to_owned(),
        "  enforce:".to_owned(),
        "    by: policy_engine".to_owned(),
        "    trigger: call @send".to_owned(),
        "    when: labels(\"untrusted\")".to_owned(),
        "    do: block".to_owned(),
    ];
    found.push(with_fix(problem, new_invariant(subject, &lines)));
}

fn label(tool: &Tool) -> &str {
    let label = tool.labels.as_ref().and_then(|labels| labels.result.as_ref());
    label.map_or(UNTRUSTED, |label| label.value.as_str())
}

fn is_confidential(subject: &Subject<'_>) -> bool {
    let constraints = subject.intent.constraints.as_ref();
    let class = constraints.and_then(|constraints| constraints.data.as_ref()?.classification.as_ref());
    class.is_some_and(|class| class.value != "public")
}

/// Whether some rule looks at where content came from.
fn is_guarded(bundle: &Bundle) -> bool {
    let whens = bundle.rules.values().filter_map(|rule| rule.when.as_deref());
    whens.into_iter().any(|when| when.contains("labels(") || when.contains("origin("))
}
