//! A commitment to a criterion that is not there.
//!
//! ## Example
//!
//! ```yaml
//! success_criteria: {paid: {effects: [{called: billing.pay}]}}
//! commitments: {payments: {to: customers, criterion: payed, promise: 0.95}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! success_criteria: {paid: {effects: [{called: billing.pay}]}}
//! commitments: {payments: {to: customers, criterion: paid, promise: 0.95}}
//! ```

use bounden_base::{Diagnostic, Edit, nearest};

use super::Subject;

pub(super) const CODE: &str = "B403";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let criteria = &subject.intent.success_criteria;
    for item in &subject.intent.commitments {
        let criterion = &item.value.criterion;
        if criteria.contains(criterion) {
            continue;
        }
        let message = format!("the commitment `{}` rests on no criterion: `{criterion}` is not declared", item.key);
        let problem = Diagnostic::error(CODE, criterion.span, message);
        found.push(match nearest::name(criterion, criteria.names()) {
            Some(near) => problem
                .help(format!("did you mean `{near}`?"))
                .fix(vec![Edit { span: criterion.span, replacement: near.to_owned() }], true),
            None => problem.help("declare it under `success_criteria`"),
        });
    }
}
