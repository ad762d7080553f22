//! An intent against the one that it follows: whether its version says that it
//! changed, and who changed what others own.

use std::collections::BTreeSet;

use bounden_base::{Diagnostic, Edit, Json, Span};

use crate::in_order;
use crate::intent::Intent;
use crate::read::Read;
use crate::yaml::{self, Node};

/// What changed since `base`, seen in the text `source` of the intent, and by
/// the role `by` where it is known.
#[must_use]
pub fn against(base: &Intent, intent: &Intent, source: &[u8], by: Option<&str>) -> Vec<Diagnostic> {
    let changed = changed(&data(base), &data(intent));
    let mut found: Vec<_> = version(base, intent, &changed).into_iter().collect();
    if let Some(role) = by {
        found.extend(foreign(base, intent, source, &changed, role));
    }
    in_order(&mut found);
    found
}

/// The intent without places and without its version.
fn data(intent: &Intent) -> Json {
    let value = intent.write().unwrap_or(yaml::Value::Null);
    let mut data = Node { span: intent.span, value }.json();
    if let Json::Object(sections) = &mut data
        && let Some(Json::Object(agent)) = sections.get_mut("agent")
    {
        agent.remove("version");
    }
    data
}

/// The sections that differ.
fn changed(base: &Json, next: &Json) -> BTreeSet<String> {
    let names = |data: &Json| -> BTreeSet<String> {
        data.as_object().into_iter().flat_map(|all| all.keys().cloned()).collect()
    };
    let all = names(base).into_iter().chain(names(next));
    all.filter(|name| base.get(name) != next.get(name)).collect()
}

/// A version that does not say what happened.
fn version(base: &Intent, intent: &Intent, changed: &BTreeSet<String>) -> Option<Diagnostic> {
    let (before, after) = (&base.agent.version, &intent.agent.version);
    let is_raised = match (numbers(before), numbers(after)) {
        (Some(before), Some(after)) => after > before,
        _ => before.value != after.value,
    };
    let set = |version: &str| {
        vec![Edit { span: after.span, replacement: Json::from(version).canonical() }]
    };
    if changed.is_empty() {
        if before.value == after.value {
            return None;
        }
        let message = format!("the version is no longer {before}, and nothing else has changed");
        let problem = Diagnostic::warning("B269", after.span, message);
        return Some(problem.help(format!("write `{before}`")).fix(set(before), true));
    }
    if is_raised {
        return None;
    }
    let sections: Vec<_> = changed.iter().map(|name| format!("`{name}`")).collect();
    let message =
        format!("{} changed, and the version {before} was not raised", sections.join(", "));
    let problem = Diagnostic::error("B268", after.span, message);
    Some(match raised(before) {
        Some(next) => problem.help(format!("write `{next}`")).fix(set(&next), true),
        None => problem.help("raise the version"),
    })
}

/// Sections that were changed by another role than the one that owned them before.
fn foreign(
    base: &Intent,
    intent: &Intent,
    source: &[u8],
    changed: &BTreeSet<String>,
    role: &str,
) -> Vec<Diagnostic> {
    let (document, _) = yaml::read(source);
    let place = |section: &str| {
        let entries = document.as_ref().and_then(|document| document.root.entries());
        let entry = entries.and_then(|all| all.iter().find(|entry| entry.key.name == section));
        entry.map_or(Span::at(intent.span.start), |entry| entry.key.span)
    };
    let owned = base.ownership.iter().flat_map(|ownership| &ownership.sections);
    let foreign = owned.filter(|item| changed.contains(&item.key.name) && item.value.value != role);
    let problem = |item: &crate::Item<yaml::Text>| {
        let (section, owner) = (&item.key, &item.value);
        let message = format!("`{section}` belongs to {owner} and was changed by {role}");
        Diagnostic::warning("B270", place(&section.name), message)
            .help(format!("let somebody of {owner} make the change, or approve it"))
    };
    foreign.map(problem).collect()
}

fn numbers(version: &str) -> Option<Vec<u64>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}

/// The next minor version, or the next one of a version that is a single number.
fn raised(version: &str) -> Option<String> {
    let mut numbers = numbers(version)?;
    let at = numbers.len().saturating_sub(1).min(1);
    *numbers.get_mut(at)? += 1;
    numbers.iter_mut().skip(at + 1).for_each(|number| *number = 0);
    Some(numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join("."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case;
    use crate::intent::parse;

    const BASE: &str = "\
schema: behavior.intent/v1
agent: {id: a, version: 3.2.1} # kept
purpose: Help.
scope: {in: {}}
ownership: {sections: {scope: product, purpose: product}}
";

    fn found(next: &str, by: Option<&str>) -> String {
        let intent = |text: &str| parse(text.as_bytes()).0.unwrap();
        let found = against(&intent(BASE), &intent(next), next.as_bytes(), by);
        case::show(next.as_bytes(), &found)
    }

    #[test]
    fn comments_and_order_are_no_change() {
        let mut lines: Vec<_> = BASE.lines().collect();
        lines.swap(2, 3);
        assert_eq!(found(&format!("# new\n{}\n", lines.join("\n")), None), "");
    }

    #[test]
    fn a_change_raises_the_version() {
        let next = BASE.replace("Help.", "Help more.");
        assert_eq!(
            found(&next, None),
            "error B268 \"3.2.1\" `purpose` changed, and the version 3.2.1 was not raised; help: write `3.3.0`"
        );
        assert_eq!(found(&next.replace("3.2.1", "3.2.2"), None), "");
        assert_eq!(found(&next.replace("3.2.1", "3.10.0"), None), "");
        assert!(found(&next.replace("3.2.1", "3.1.9"), None).contains("was not raised"));
    }

    #[test]
    fn nothing_but_the_version_is_no_change() {
        assert_eq!(
            found(&BASE.replace("3.2.1", "3.3.0"), None),
            "warning B269 \"3.3.0\" the version is no longer 3.2.1, and nothing else has changed; help: write `3.2.1`"
        );
    }

    #[test]
    fn who_changes_what_others_own_is_named() {
        let next = BASE.replace("Help.", "Help more.").replace("3.2.1", "3.3.0");
        assert_eq!(found(&next, Some("product")), "");
        assert_eq!(
            found(&next, Some("engineering")),
            "warning B270 \"purpose\" `purpose` belongs to product and was changed by engineering; help: let somebody of product make the change, or approve it"
        );
        let taken = next.replace("purpose: product", "purpose: engineering");
        assert!(found(&taken, Some("engineering")).contains("B270"), "the owner of before counts");
    }

    #[test]
    fn the_repair_raises_the_version_and_keeps_the_comment() {
        let next = BASE.replace("Help.", "Help more.");
        let intent = |text: &str| parse(text.as_bytes()).0.unwrap();
        let found = against(&intent(BASE), &intent(&next), next.as_bytes(), None);
        let (text, count) = crate::repaired(&next, &found);
        assert_eq!((count, text), (1, next.replace("3.2.1", "\"3.3.0\"")));
    }
}
