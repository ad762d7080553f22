//! An environment that is not declared.
//!
//! ## Example
//!
//! ```yaml
//! promotion: {production: {from: stagging, approvals: {admin: 1}}, staging: {approvals: {admin: 1}}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! promotion: {production: {from: staging, approvals: {admin: 1}}, staging: {approvals: {admin: 1}}}
//! ```

use bounden_base::{Diagnostic, Edit, nearest};

use super::Subject;

pub(super) const CODE: &str = "B229";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let promotion = &subject.intent.promotion;
    for item in promotion {
        let Some(from) = item.value.from.as_ref().filter(|from| !promotion.contains(from)) else { continue };
        let message = format!("the environment `{from}` has no promotion rules");
        let problem = Diagnostic::error(CODE, from.span, message);
        found.push(match nearest::name(from, promotion.names()) {
            Some(near) => problem
                .help(format!("did you mean `{near}`?"))
                .fix(vec![Edit { span: from.span, replacement: near.to_owned() }], false),
            None => problem.help("declare it under `promotion`"),
        });
    }
    let environments = subject.intent.environments.iter();
    for item in environments.filter(|item| !promotion.is_empty() && !promotion.contains(&item.key.name)) {
        let message = format!("nothing is promoted into the environment `{}`", item.key);
        found.push(
            Diagnostic::warning(CODE, item.key.span, message)
                .help("declare it under `promotion`, or remove what it narrows"),
        );
    }
}
