//! A tool with a consequence that no invariant looks at.
//!
//! Spending, deleting, granting and running code cannot be taken back. If no
//! invariant looks at such a call, only the model stands between a request
//! and its effect.
//!
//! ## Example
//!
//! ```yaml
//! invariants:
//!   no-accounts: {rule: No account changes, enforce: {by: tool_allowlist, deny: ["account.*"]}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   ask-first: {rule: A lead agrees to each payment, enforce: {by: policy_engine, trigger: "call @spend", do: require approval from lead}}
//! ```

use bounden_base::Diagnostic;
use bounden_policy::{Bundle, Effect, EventName, glob};

use super::{Subject, new_invariant, with_fix};
use crate::intent::Tool;
use crate::read::Item;

pub(super) const CODE: &str = "B223";

const GRAVE: [Effect; 4] = [Effect::Spend, Effect::Delete, Effect::Grant, Effect::Execute];

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(bundle) = subject.bundle() else { return };
    for item in &subject.intent.tools {
        let effects = item.value.effects();
        let grave = GRAVE.into_iter().find(|effect| effects.contains(effect));
        if let Some(effect) = grave.filter(|_| !is_looked_at(item, bundle)) {
            let message = format!("`{}` can {}, and no invariant looks at its calls", item.key, effect.name());
            let problem = Diagnostic::warning(CODE, item.key.span, message)
                .help("add an invariant that limits it or asks a person, with `trigger: call …`");
            let ownership = subject.intent.ownership.as_ref();
            let role = ownership.and_then(|ownership| ownership.approvers.names().next());
            let lines = role.map(|role| asks_first(&item.key.name, role));
            let edits = lines.and_then(|lines| new_invariant(subject, &lines));
            found.push(with_fix(problem, edits));
        }
    }
}

fn asks_first(tool: &str, role: &str) -> [String; 6] {
    [
        format!("{}-asked-first:", tool.replace('.', "-")),
        format!("  rule: A person agrees to each call of {tool}"),
        "  enforce:".to_owned(),
        "    by: policy_engine".to_owned(),
        format!("    trigger: call {tool}"),
        format!("    do: require approval from {role}"),
    ]
}

fn is_looked_at(item: &Item<Tool>, bundle: &Bundle) -> bool {
    let effects = item.value.effects();
    let calls = bundle.rules.values().filter(|rule| rule.trigger.event == EventName::Call);
    calls.into_iter().any(|rule| {
        let words = &rule.trigger.tools;
        words.is_empty()
            || words.iter().any(|word| match word.strip_prefix('@') {
                Some(effect) => effects.iter().any(|own| own.name() == effect),
                None => glob::matches(word, &item.key.name),
            })
    })
}
