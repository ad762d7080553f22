//! Values that fit a schema, with chosen values at chosen places.

use bounden_base::{Decimal, Json};

use super::{ANY_TEXT, matching};
use crate::ToolName;
use crate::policy::Policy;
use crate::schema;

/// Most combinations of chosen values.
const MOST: usize = 512;
/// Deepest value that is made up.
const MAX_DEPTH: usize = 8;

/// Every combination of the choices that `fits`, in the order of the choices; each place may also
/// stay as it is. Each is made when it is asked for.
pub(super) fn assignments(
    schema: Option<&Json>,
    choices: Vec<(Vec<String>, Vec<Json>)>,
    fits: impl Fn(&Json) -> bool,
) -> impl Iterator<Item = Json> {
    let start =
        schema.map_or_else(|| Json::object::<String>([]), |schema| sample(schema, schema, 0));
    let choices: Vec<(Vec<String>, Vec<Json>)> = choices
        .into_iter()
        .map(|(path, mut values)| {
            let limits = schema.into_iter().flat_map(|schema| limits(schema, &path)).cloned();
            values.extend(limits.collect::<Vec<_>>());
            (path, values)
        })
        .collect();
    let combinations = combinations(&choices);
    (0..combinations.len())
        .map(move |place| made(&start, &choices, &combinations, place))
        .filter(move |value| fits(value))
}

/// One more place of an earlier combination gets one of its values.
struct Combination {
    earlier: usize,
    choice: usize,
    value: usize,
}

/// The combinations, of which the first, without anything before it, changes nothing.
fn combinations(choices: &[(Vec<String>, Vec<Json>)]) -> Vec<Option<Combination>> {
    let mut all = vec![None];
    for (choice, (_, values)) in choices.iter().enumerate() {
        let wider = (0..all.len()).flat_map(|earlier| {
            (0..values.len()).map(move |value| Some(Combination { earlier, choice, value }))
        });
        all.extend(wider.take(MOST - all.len()).collect::<Vec<_>>());
    }
    all
}

fn made(
    start: &Json,
    choices: &[(Vec<String>, Vec<Json>)],
    combinations: &[Option<Combination>],
    place: usize,
) -> Json {
    let Some(Some(Combination { earlier, choice, value })) = combinations.get(place) else {
        return start.clone();
    };
    let mut json = made(start, choices, combinations, *earlier);
    if let Some((path, values)) = choices.get(*choice)
        && let Some(value) = values.get(*value)
    {
        put(&mut json, path, value.clone());
    }
    json
}

/// What a tool may answer by its pinned schema: its examples, and a plain value.
pub(super) fn answer(policy: &Policy, tool: &ToolName) -> Vec<Json> {
    let output = policy.bundle().tools.get(tool).and_then(|tool| tool.output.as_ref());
    let Some(schema) = output else { return Vec::new() };
    let examples = schema.get("examples").and_then(Json::as_array).unwrap_or_default();
    examples.iter().cloned().chain([sample(schema, schema, 0)]).collect()
}

/// The bounds that a schema sets for the number at a path.
fn limits<'s>(schema: &'s Json, path: &[String]) -> impl Iterator<Item = &'s Json> {
    let place =
        path.iter().try_fold(schema, |schema, member| schema.get("properties")?.get(member));
    ["maximum", "minimum"].into_iter().filter_map(move |bound| place?.get(bound))
}

/// A value of the shape that a schema asks for; whether it fits is checked afterwards.
pub(crate) fn sample(schema: &Json, document: &Json, depth: usize) -> Json {
    if depth > MAX_DEPTH {
        return Json::Null;
    }
    if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
        let found = schema::target(document, reference);
        return found.map_or(Json::Null, |found| sample(found, document, depth + 1));
    }
    if let Some(first) = schema.get("const").or_else(|| schema.get("enum")?.as_array()?.first()) {
        return first.clone();
    }
    let named = schema
        .get("type")
        .and_then(|types| types.as_str().or_else(|| types.as_array()?.first()?.as_str()));
    match named {
        Some("boolean") => Json::Bool(true),
        Some("integer" | "number") => Json::Number(number(schema)),
        Some("string") => text(schema),
        Some("array") => {
            let least = schema
                .get("minItems")
                .and_then(Json::as_decimal)
                .and_then(Decimal::to_i64)
                .unwrap_or(0);
            let item =
                schema.get("items").map_or(Json::Null, |items| sample(items, document, depth + 1));
            (0..least.clamp(0, 8)).map(|_| item.clone()).collect()
        }
        Some("null") => Json::Null,
        _ => object(schema, document, depth),
    }
}

fn object(schema: &Json, document: &Json, depth: usize) -> Json {
    let required = schema.get("required").and_then(Json::as_array).unwrap_or_default();
    let properties = schema.get("properties");
    let members = required.iter().filter_map(Json::as_str).map(|name| {
        let member = properties.and_then(|properties| properties.get(name));
        (
            name.to_owned(),
            member
                .map_or_else(|| Json::from(ANY_TEXT), |member| sample(member, document, depth + 1)),
        )
    });
    Json::Object(members.collect())
}

/// The smallest number that is plainly inside the bounds.
fn number(schema: &Json) -> Decimal {
    let one = Decimal::from(1_u32);
    let bound = |name: &str| schema.get(name).and_then(Json::as_decimal);
    let least = bound("minimum").or_else(|| bound("exclusiveMinimum")?.checked_add(one));
    let most = bound("maximum").or_else(|| bound("exclusiveMaximum")?.checked_sub(one));
    let wanted = least.map_or(one, |least| least.max(one));
    most.map_or(wanted, |most| wanted.min(most))
}

fn text(schema: &Json) -> Json {
    let pattern = schema.get("pattern").and_then(Json::as_str);
    if let Some(fitting) = pattern.and_then(matching::text) {
        return Json::from(fitting);
    }
    let least =
        schema.get("minLength").and_then(Json::as_decimal).and_then(Decimal::to_i64).unwrap_or(0);
    let least = usize::try_from(least).unwrap_or(0).min(1_024);
    let most = schema.get("maxLength").and_then(Json::as_decimal).and_then(Decimal::to_i64);
    let most = most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let text: String = ANY_TEXT.chars().cycle().take(least.max(ANY_TEXT.len()).min(most)).collect();
    Json::from(text)
}

fn put(json: &mut Json, path: &[String], value: Json) {
    let Some((first, rest)) = path.split_first() else {
        *json = value;
        return;
    };
    if !matches!(json, Json::Object(_)) {
        *json = Json::object::<String>([]);
    }
    if let Json::Object(members) = json {
        let mut own = members.remove(first).unwrap_or(Json::Null);
        put(&mut own, rest, value);
        members.insert(first.clone(), own);
    }
}
