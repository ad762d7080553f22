//! Places of arguments that calls have in common, and arguments changed there.

use bounden_base::Json;

use crate::core::{Core, Root, Step, Term};

/// The arguments with this value at a place.
pub(crate) fn with(args: &Json, path: &[String], value: Json) -> Json {
    let Some((first, rest)) = path.split_first() else { return value };
    let mut members = args.as_object().cloned().unwrap_or_default();
    let own = members.remove(first).unwrap_or(Json::Null);
    members.insert(first.clone(), with(&own, rest, value));
    members.into()
}

/// The arguments with another value at a place, of the same type and length.
pub(crate) fn with_other(args: &Json, path: &[String]) -> Json {
    let Some((first, rest)) = path.split_first() else { return other(args) };
    let Json::Object(members) = args else { return args.clone() };
    let mut members = members.clone();
    let own = members.remove(first);
    let changed = own.map_or_else(|| Json::from("other"), |own| with_other(&own, rest));
    members.insert(first.clone(), changed);
    Json::Object(members)
}

fn other(value: &Json) -> Json {
    match value {
        Json::Bool(value) => Json::Bool(!value),
        Json::Number(number) => {
            let more = number.checked_add(1_u32.into());
            Json::Number(more.unwrap_or_default())
        }
        Json::String(text) => Json::String(neighbour(text)),
        other => other.clone(),
    }
}

/// The text with its last letter or digit exchanged.
fn neighbour(text: &str) -> String {
    let exchanged = |c: char| match c {
        '0'..='8' | 'a'..='y' | 'A'..='Y' => char::from_u32(u32::from(c) + 1).unwrap_or(c),
        '9' => '0',
        'z' => 'a',
        _ => 'A',
    };
    match text.char_indices().rev().find(|(_, c)| c.is_ascii_alphanumeric()) {
        Some((at, c)) => {
            let (before, after) = text.split_at(at);
            let after = after.strip_prefix(c).unwrap_or_default();
            format!("{before}{}{after}", exchanged(c))
        }
        None => "other".to_owned(),
    }
}

/// The places of arguments that chains and facts have in common between calls.
pub(crate) fn keys<'t>(
    terms: impl Iterator<Item = &'t Term>,
    facts: impl Iterator<Item = &'t String>,
) -> Vec<Vec<String>> {
    let by = terms.filter_map(|term| match &term.by {
        Some(Core::Path(path)) if path.root == Root::Args => Some(members(&path.steps)),
        _ => None,
    });
    let mut keys: Vec<Vec<String>> = by.chain(facts.map(|key| vec![key.clone()])).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// The names of the members that a path goes through.
pub(crate) fn members(steps: &[Step]) -> Vec<String> {
    let name = |step: &Step| if let Step::Member(name) = step { Some(name.clone()) } else { None };
    steps.iter().map_while(name).collect()
}
