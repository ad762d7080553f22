//! An external control that nobody vouches for.
//!
//! Naming a control is not having it. A probe shows that it refuses; without
//! one, a person has to attest it, and again after some time.
//!
//! ## Example
//!
//! ```yaml
//! invariants:
//!   read-only: {rule: The database role cannot write, enforce: {by: external, control: Role support-ro}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   read-only: {rule: The database role cannot write, enforce: {by: external, control: Role support-ro, probe: {command: [probes/write.sh]}}}
//! ```

use bounden_base::Diagnostic;

use super::{Subject, edits};
use crate::intent::By;

pub(super) const CODE: &str = "B230";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in &subject.intent.invariants {
        let Some(enforce) = item.value.enforce.as_ref().filter(|enforce| enforce.by.value == By::External) else {
            continue;
        };
        let problem = match (&enforce.probe, &enforce.attested_by, enforce.renew) {
            (Some(_), ..) | (None, Some(_), Some(_)) => continue,
            (None, Some(attested_by), None) => {
                let edits = edits::entry(subject.source, enforce.span, "renew: 30d");
                Diagnostic::warning(CODE, attested_by.span, "this attestation never expires")
                    .help("add `renew: 30d`")
                    .fix(edits, false)
            }
            (None, None, _) => {
                let message = format!("nothing shows that the control of `{}` exists", item.key);
                Diagnostic::error(CODE, enforce.span, message).help(
                    "add `probe: {command: [PROGRAM]}` that tries what must be refused, or `attested_by: PERSON, renew: 30d`",
                )
            }
        };
        found.push(problem);
    }
}
