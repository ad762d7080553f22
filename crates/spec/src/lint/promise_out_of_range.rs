//! A promise that is no share.
//!
//! A promise of 1 can never be shown, and one above it means nothing. The
//! share lies between 0 and 1, both excluded.
//!
//! ## Example
//!
//! ```yaml
//! success_criteria: {paid: {effects: [{called: billing.pay}]}}
//! commitments: {payments: {to: customers, criterion: paid, promise: 95}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! success_criteria: {paid: {effects: [{called: billing.pay}]}}
//! commitments: {payments: {to: customers, criterion: paid, promise: 0.95}}
//! ```

use bounden_base::{Decimal, Diagnostic};

use super::Subject;

pub(super) const CODE: &str = "B402";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in &subject.intent.commitments {
        let promise = item.value.promise;
        if promise.value <= Decimal::ZERO || promise.value >= Decimal::from(1_u32) {
            let message = format!("{} is no share that can be promised", promise.value);
            found.push(
                Diagnostic::error(CODE, promise.span, message)
                    .help("write a number between 0 and 1, such as 0.95"),
            );
        }
    }
}
