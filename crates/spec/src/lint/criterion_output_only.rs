//! A success criterion that looks at words only.
//!
//! An answer can be right by accident, or claim what never happened. At least
//! one checkpoint on the way, a call that has to happen or must not, shows
//! that the answer was reached by the path that was authorised.
//!
//! ## Example
//!
//! ```yaml
//! success_criteria:
//!   paid: {expect: {says: [{any: [paid]}]}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! success_criteria:
//!   paid: {expect: {says: [{any: [paid]}]}, effects: [{called: billing.pay, times: 1}]}
//! ```

use bounden_base::Diagnostic;

use super::Subject;

pub(super) const CODE: &str = "B206";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in &subject.intent.success_criteria {
        let criterion = &item.value;
        let has_checkpoint =
            !criterion.effects.is_empty() || criterion.require.is_some() || criterion.budget.is_some();
        if let Some(expect) = &criterion.expect
            && !has_checkpoint
        {
            let message = format!("the criterion `{}` checks only what is said", item.key);
            found.push(
                Diagnostic::warning(CODE, expect.span, message)
                    .help("add `effects` with the calls that have to happen, or must not"),
            );
        }
    }
}
