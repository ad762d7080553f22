//! An exact version in the intent.
//!
//! The intent says which releases are acceptable; the lock says which one it
//! is. An exact version here means a change of the promise, and its review,
//! for every patch that changes nothing.
//!
//! ## Example
//!
//! ```yaml
//! tools:
//!   billing.pay: {effects: [spend], version: "2.1.3", money: {path: args.amount, currency: USD}}
//!   billing.look: {effects: [observe]}
//!   desk.hand_over: {effects: [send]}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! tools:
//!   billing.pay: {effects: [spend], version: "^2.1.3", money: {path: args.amount, currency: USD}}
//!   billing.look: {effects: [observe]}
//!   desk.hand_over: {effects: [send]}
//! ```

use bounden_base::{Diagnostic, Edit};

use super::Subject;

pub(super) const CODE: &str = "B213";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in &subject.intent.tools {
        let Some(range) = item.value.version.as_ref().filter(|range| range.is_exact()) else { continue };
        let written = subject.source.get(range.span.start..range.span.end).unwrap_or("");
        let number = written.trim_matches(['"', '\'']).trim_start_matches('=').trim();
        let compatible = Edit { span: range.span, replacement: format!("\"^{number}\"") };
        found.push(
            Diagnostic::warning(CODE, range.span, format!("`{}` is bound to one release", item.key))
                .help(format!("write a range such as `\"^{number}\"`; the lock binds the release"))
                .fix(vec![compatible], false),
        );
    }
}
