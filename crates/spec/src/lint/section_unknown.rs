//! An owner of a section that does not exist.
//!
//! Whoever owns a section signs when it changes. An owner of no section never
//! signs, and the section that was meant has none.
//!
//! ## Example
//!
//! ```yaml
//! ownership: {sections: {invariant: engineering}, approvers: {lead: {team: leads}}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! ownership: {sections: {invariants: engineering}, approvers: {lead: {team: leads}}}
//! ```

use std::sync::LazyLock;

use bounden_base::{Diagnostic, Edit, Json, nearest};

use super::Subject;
use crate::intent::Intent;
use crate::read::Read;

pub(super) const CODE: &str = "B265";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(ownership) = &subject.intent.ownership else { return };
    if ownership.sections.is_empty() {
        return;
    }
    static SCHEMA: LazyLock<Json> = LazyLock::new(Intent::schema);
    let known = SCHEMA.get("properties").and_then(Json::as_object);
    let known: Vec<_> = known.into_iter().flat_map(|all| all.keys().map(String::as_str)).collect();
    for item in &ownership.sections {
        if known.contains(&item.key.name.as_str()) {
            continue;
        }
        let message = format!("there is no section `{}`", item.key);
        let problem = Diagnostic::error(CODE, item.key.span, message);
        let free = known.iter().copied().filter(|name| !ownership.sections.contains(name));
        found.push(match nearest::name(&item.key.name, free) {
            // One more section has to be signed for.
            Some(near) => problem
                .help(format!("did you mean `{near}`?"))
                .fix(vec![Edit { span: item.key.span, replacement: near.to_owned() }], true),
            None => problem.help("name a section of this document"),
        });
    }
}
