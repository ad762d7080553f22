//! An invariant that reads like a preference.
//!
//! "Prefer", "try to" and "be polite" leave room. What may be broken now and
//! then is not an invariant; counting it as one makes real ones look weaker.
//!
//! ## Example
//!
//! ```yaml
//! invariants:
//!   brief: {rule: Try to keep answers concise, enforce: {by: policy_engine, trigger: output, when: size(output.text) > 900, do: warn}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   brief: {rule: No answer is longer than 900 characters, enforce: {by: policy_engine, trigger: output, when: size(output.text) > 900, do: block}}
//! ```

use bounden_base::Diagnostic;

use super::{Subject, says};

pub(super) const CODE: &str = "B231";

const SOFT: [&str; 12] = [
    "prefer", "prefers", "try to", "tries to", "should ideally", "where possible", "if possible", "generally",
    "usually", "concise", "polite", "helpful",
];

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in &subject.intent.invariants {
        let rule = &item.value.rule;
        if says(rule, &SOFT) {
            let message = format!("the invariant `{}` reads like a preference", item.key);
            found.push(
                Diagnostic::warning(CODE, rule.span, message)
                    .help("say what must not happen, or move it to `preferences`"),
            );
        }
    }
}
