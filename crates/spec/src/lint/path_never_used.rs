//! An escalation path that nothing takes.
//!
//! ## Example
//!
//! ```yaml
//! escalations:
//!   people: {call: desk.hand_over}
//!   oncall: {webhook: "https://oncall.example/"}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! escalations:
//!   people: {call: desk.hand_over}
//! ```

use std::collections::BTreeSet;

use bounden_base::Diagnostic;
use bounden_policy::Action;

use super::{Subject, edits, with_safe_fix};
use crate::compile::MODES;

pub(super) const CODE: &str = "B224";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let intent = subject.intent;
    let exclusions = intent.scope.out.iter().filter_map(|item| item.value.escalate.as_ref());
    let mut taken: BTreeSet<&str> = exclusions.map(|path| path.value.as_str()).collect();
    let responses = MODES.iter().filter_map(|(mode, _)| intent.failure_modes.as_ref()?.response(*mode));
    for response in responses {
        let texts = [Some(&response.r#do), response.then.as_ref()];
        taken.extend(texts.into_iter().flatten().filter_map(|text| text.strip_prefix("escalate ")));
    }
    let enforced = intent.invariants.iter().filter_map(|item| item.value.enforce.as_ref()?.r#do.as_ref());
    let actions: Vec<_> = enforced.filter_map(|action| Action::parse(action).ok()).collect();
    for action in &actions {
        if let Action::Escalate { path } = action {
            taken.insert(path);
        }
    }
    for item in &intent.escalations {
        if !taken.contains(item.key.name.as_str()) {
            let message = format!("nothing takes the escalation path `{}`", item.key);
            found.push(with_safe_fix(
                Diagnostic::warning(CODE, item.key.span, message).help("use it or remove it"),
                edits::removal(subject.source, item.key.span, item.value.span),
            ));
        }
    }
}
