//! A success criterion that checks nothing.
//!
//! A criterion counts if a recorded conversation can be held against it
//! without running a model. Words that only a judge could weigh are no
//! criterion yet.
//!
//! ## Example
//!
//! ```yaml
//! success_criteria:
//!   helpful: {says: The agent is helpful}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! success_criteria:
//!   helpful: {says: The order is looked up, effects: [{called: billing.look}]}
//! ```

use bounden_base::Diagnostic;

use super::Subject;
use crate::intent::Criterion;

pub(super) const CODE: &str = "B205";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in &subject.intent.success_criteria {
        if checks_nothing(&item.value) {
            let message = format!("the criterion `{}` checks nothing", item.key);
            found.push(Diagnostic::error(CODE, item.key.span, message).help(
                "add `effects: [{called: SERVER.TOOL}]`, `expect: {says: [{any: [WORDS]}]}` or `require: {all: [EXPRESSION]}`",
            ));
        }
    }
}

fn checks_nothing(criterion: &Criterion) -> bool {
    let expects = criterion.expect.as_ref().is_some_and(|expect| !expect.says.is_empty() || expect.url.is_some());
    let requires = criterion
        .require
        .as_ref()
        .is_some_and(|require| !require.all.is_empty() || !require.any.is_empty());
    criterion.effects.is_empty() && !expects && !requires && criterion.budget.is_none()
}
