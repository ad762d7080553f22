//! A failure mode that leaves the choice to the model.
//!
//! Where the design ends, the answer is fixed: ask one question, hand over to
//! a person, or stop. "Try something else" gives the hardest cases back to the
//! judgement that has just failed. Only personal data may be followed by
//! `continue`, flagged and not repeated.
//!
//! ## Example
//!
//! ```yaml
//! failure_modes:
//!   tool_failure: {do: try another way}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! failure_modes:
//!   tool_failure: {do: halt, inform: true, then: escalate people}
//! ```

use bounden_base::{Diagnostic, Edit};

use super::Subject;
use crate::compile::{MODES, Primary};

pub(super) const CODE: &str = "B204";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(modes) = &subject.intent.failure_modes else { return };
    for (mode, name) in MODES {
        let Some(response) = modes.response(mode) else { continue };
        let action = &response.r#do;
        let message = match Primary::parse(action) {
            Some(primary) if primary.is_safe_for(mode) => continue,
            Some(_) => format!("`{action}` is no default-safe answer to `{name}`"),
            None => format!("`{action}` leaves the answer to `{name}` to the model"),
        };
        let halt = Edit { span: action.span, replacement: "halt".to_owned() };
        found.push(
            Diagnostic::error(CODE, action.span, message)
                .help("write `clarify` (for an ambiguous request), `escalate PATH` or `halt`")
                .fix(vec![halt], true),
        );
    }
}
