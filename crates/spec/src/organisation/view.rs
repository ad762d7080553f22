//! An intent as the data that rules of an organisation ask about, and its schema.
//!
//! Mappings whose keys are ids become lists, since rules quantify over lists:
//! each item has its `name`, and a `value` where it is no mapping. Absent lists
//! and sections are empty, absent words are what holds in their place,
//! durations are seconds and effects are written out.

use bounden_base::{Json, json::Members};

use crate::intent::{Duration, Intent};
use crate::read::{Read, Scalar};
use crate::yaml::{Node, Value};

/// The name that rules know an intent by.
pub(super) const NAME: &str = "intent";

/// What holds where an intent says nothing; places as [`inner`] and [`ITEM`] make them.
const DEFAULTS: [(&str, &str); 8] = [
    (".agent.tier", "high"),
    (".constraints.memory", "none"),
    (".constraints.autonomy", "each-approved"),
    (".models.routing", "single"),
    (".tools.*.labels.result", "untrusted"),
    (".tools.*.timeout", "60s"),
    (".tools.*.version", "*"),
    (".invariants.*.enforce.enforce", "act"),
];
const ITEM: &str = ".*";

/// The JSON Schema of what [`data`] gives.
pub(super) fn schema() -> Json {
    described(&Intent::schema(), "")
}

/// The intent as data.
pub(super) fn data(intent: &Intent) -> Json {
    let written = intent.write().unwrap_or(Value::Map(Vec::new()));
    let written = Node { span: intent.span, value: written }.json();
    let Json::Object(mut data) = shown(&Intent::schema(), &written, "") else { return Json::Null };
    if let Some(Json::Array(tools)) = data.get_mut("tools") {
        for (shown, tool) in tools.iter_mut().zip(&intent.tools) {
            let effects = tool.value.effects();
            let names = effects.into_iter().map(|effect| Json::from(effect.name())).collect();
            if let Json::Object(members) = shown {
                members.insert("effects".to_owned(), names);
            }
        }
    }
    Json::Object(data)
}

/// The schema of the data for the schema of a document.
fn described(schema: &Json, place: &str) -> Json {
    if let Some(items) = named(schema) {
        let inner = described(items, &format!("{place}{ITEM}"));
        return list_of(with_name(inner));
    }
    if let Some(properties) = schema.get("properties").and_then(Json::as_object) {
        return section(schema, properties, place);
    }
    if let Some(items) = schema.get("items") {
        return list_of(described(items, &format!("{place}{ITEM}")));
    }
    if is_duration(schema) {
        return Json::object([("type", "integer".into()), ("minimum", Json::from(0))]);
    }
    schema.clone()
}

fn section(schema: &Json, properties: &Members, place: &str) -> Json {
    let required = schema.get("required").and_then(Json::as_array).unwrap_or_default();
    let (mut always, mut members) = (Vec::new(), Vec::new());
    for (name, property) in properties {
        let inner = inner(place, name);
        let is_there = required.contains(&name.as_str().into());
        if is_there || absent(property, &inner).is_some() {
            always.push(Json::from(name.as_str()));
        }
        members.push((name.clone(), described(property, &inner)));
    }
    Json::object([
        ("type", "object".into()),
        ("additionalProperties", false.into()),
        ("required", Json::Array(always)),
        ("properties", Json::object(members)),
    ])
}

/// The data for a value of the document.
fn shown(schema: &Json, value: &Json, place: &str) -> Json {
    match (value, named(schema)) {
        (Json::Object(members), Some(items)) => {
            let item = |(name, value): (&String, &Json)| {
                let value = shown(items, value, &format!("{place}{ITEM}"));
                let mut members = match value {
                    Json::Object(members) => members,
                    value => [("value".to_owned(), value)].into_iter().collect(),
                };
                members.insert("name".to_owned(), name.as_str().into());
                Json::Object(members)
            };
            members.iter().map(item).collect()
        }
        (Json::Object(members), None) => match schema.get("properties").and_then(Json::as_object) {
            Some(properties) => filled(members, properties, place),
            None => value.clone(),
        },
        (Json::Array(list), _) => {
            let anything = Json::from(true);
            let items = schema.get("items").unwrap_or(&anything);
            list.iter().map(|item| shown(items, item, &format!("{place}{ITEM}"))).collect()
        }
        (Json::String(text), _) if is_duration(schema) => seconds(text),
        _ => value.clone(),
    }
}

/// A section with what stands for its absent parts.
fn filled(members: &Members, properties: &Members, place: &str) -> Json {
    let parts = properties.iter().filter_map(|(name, property)| {
        let inner = inner(place, name);
        let value = match members.get(name) {
            Some(value) => Some(shown(property, value, &inner)),
            None => absent(property, &inner),
        };
        Some((name.clone(), value?))
    });
    Json::Object(parts.collect())
}

/// What stands for a value that a document may leave out, if anything does.
fn absent(schema: &Json, place: &str) -> Option<Json> {
    if let Some((_, word)) = DEFAULTS.iter().find(|(known, _)| *known == place) {
        return Some(shown(schema, &Json::from(*word), place));
    }
    if named(schema).is_some() || schema.get("type") == Some(&"array".into()) {
        return Some(Json::Array(Vec::new()));
    }
    let properties = schema.get("properties")?.as_object()?;
    let required = schema.get("required").and_then(Json::as_array).unwrap_or_default();
    required.is_empty().then(|| filled(&Members::new(), properties, place))
}

/// The schema of the values of a mapping whose keys are ids.
fn named(schema: &Json) -> Option<&Json> {
    schema.get("propertyNames")?;
    schema.get("additionalProperties")
}

fn with_name(item: Json) -> Json {
    let name = || Json::object([("type", Json::from("string"))]);
    let is_section = item.get("properties").is_some();
    let Json::Object(mut members) = item else { return item };
    if !is_section {
        let value = Json::Object(members);
        return Json::object([
            ("type", Json::from("object")),
            ("additionalProperties", false.into()),
            ("required", ["name", "value"].into_iter().map(Json::from).collect()),
            ("properties", Json::object([("name", name()), ("value", value)])),
        ]);
    }
    if let Some(Json::Object(properties)) = members.get_mut("properties") {
        properties.insert("name".to_owned(), name());
    }
    if let Some(Json::Array(required)) = members.get_mut("required") {
        required.push("name".into());
    }
    Json::Object(members)
}

fn list_of(items: Json) -> Json {
    Json::object([("type", Json::from("array")), ("items", items)])
}

fn inner(place: &str, name: &str) -> String {
    format!("{place}.{name}")
}

/// Whether a schema is that of a duration, whatever it describes.
fn is_duration(schema: &Json) -> bool {
    let pattern = schema.get("pattern");
    pattern.is_some() && pattern == Duration::schema().get("pattern")
}

fn seconds(text: &str) -> Json {
    let seconds = Duration::parse(text).and_then(|length| i64::try_from(length.seconds).ok());
    seconds.map_or(Json::Null, Json::from)
}
