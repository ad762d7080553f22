//! A request that is an example of two topics.
//!
//! The router learns from the words of the examples, whatever their case and
//! order of signs. The same words on two topics tell it nothing, and if one of
//! the two is excluded, no request like it can be answered.
//!
//! ## Example
//!
//! ```yaml
//! scope:
//!   in:
//!     payments: {says: Paying invoices, examples: ["pay the invoice of Acme", "settle this bill", "transfer the rent to our landlord", "is this contract legal?"]}
//!   out:
//!     legal: {says: Legal matters, escalate: people, examples: ["my lawyer will write", "we will meet in court", "is this contract legal", "a judge has to decide"]}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! scope:
//!   in:
//!     payments: {says: Paying invoices, examples: ["pay the invoice of Acme", "settle this bill", "transfer the rent to our landlord"]}
//!   out:
//!     legal: {says: Legal matters, escalate: people, examples: ["my lawyer will write", "we will meet in court", "is this contract legal", "a judge has to decide"]}
//! ```

use std::collections::BTreeMap;

use bounden_base::Diagnostic;
use bounden_policy::ScopeRouter;

use super::{Subject, edits, with_fix};
use crate::yaml::{Key, Text};

pub(super) const CODE: &str = "B241";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let scope = &subject.intent.scope;
    let inside = scope.r#in.iter().map(|item| (&item.key, &item.value.examples));
    let outside = scope.out.iter().map(|item| (&item.key, &item.value.examples));
    let mut first: BTreeMap<Vec<String>, (&Key, &Text)> = BTreeMap::new();
    for (key, examples) in inside.chain(outside) {
        for example in examples {
            let words = ScopeRouter::words(example);
            let Some((topic, same)) = first.get(&words) else {
                first.insert(words, (key, example));
                continue;
            };
            let message = format!("`{example}` is an example of `{topic}` already");
            let problem = Diagnostic::warning(CODE, example.span, message)
                .related(same.span, "first here")
                .help("keep it where such a request belongs");
            let edits = edits::removal(subject.source, example.span, example.span);
            found.push(with_fix(problem, edits));
        }
    }
}
