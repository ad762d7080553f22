//! Which tools may be called, and what is pinned of them.

use bounden_policy::ToolName;

use super::{Items, Sides, sentence};
use crate::surface::Reach;

pub(super) fn compare(sides: &Sides<'_>, items: &mut Items) {
    let (base, next) = (&sides.base.surface.enforced.tools, &sides.next.surface.enforced.tools);
    for (name, reach) in next {
        match base.get(name) {
            None => items.expansion(format!("tools.{name}"), sentence::new_tool(name, reach)),
            Some(before) if before != reach => changed(name, before, reach, items),
            Some(_) => {}
        }
    }
    for name in base.keys().filter(|name| !next.contains_key(*name)) {
        items.reduction(format!("tools.{name}"), format!("It may no longer call `{name}`."));
    }
}

/// Effects are claims about a tool: more of them is more, fewer of the same
/// tool says nothing about what it does.
fn changed(name: &ToolName, before: &Reach, after: &Reach, items: &mut Items) {
    let id = format!("tools.{name}");
    let words = |from: &Reach, without: &Reach| {
        let more = from.effects.difference(&without.effects);
        more.map(|effect| sentence::doing(*effect)).collect::<Vec<_>>()
    };
    let (more, fewer) = (words(after, before), words(before, after));
    if !more.is_empty() {
        let what = sentence::list(&more);
        items.expansion(id.clone(), format!("A call of `{name}` now also {what}."));
    }
    if !fewer.is_empty() {
        let what = sentence::list(&fewer);
        let sentence = format!("`{name}` is no longer declared as a tool that {what}.");
        items.opaque(id.clone(), sentence);
    }
    if before.definition != after.definition {
        items.opaque(id.clone(), format!("The pinned definition of `{name}` is another one."));
    }
    if before.label != after.label {
        let shown = |label: &Option<String>| label.clone().unwrap_or("untrusted".to_owned());
        let (from, to) = (shown(&before.label), shown(&after.label));
        items.opaque(
            id.clone(),
            format!("Results of `{name}` are labelled {to} instead of {from}."),
        );
    }
    if before.timeout_seconds != after.timeout_seconds {
        let (from, to) = (before.timeout_seconds, after.timeout_seconds);
        let sentence = format!("A call of `{name}` is lost after {to} seconds instead of {from}.");
        items.opaque(id.clone(), sentence);
    }
    if before.money != after.money {
        let sentence =
            format!("What counts as an amount of money in `{name}` is another argument.");
        items.opaque(id, sentence);
    }
}
