//! OpenAPI 3: every operation is a tool, its parameters and its JSON body are
//! the arguments, and what its method means (RFC 9110, 9.2) is its annotation.

use std::collections::BTreeMap;

use bounden_base::{Json, json::Members};

use super::definitions::ApiTools;
use super::place;

/// Methods of operations, and whether they read only, and whether they destroy.
const METHODS: [(&str, bool, bool); 6] = [
    ("get", true, false),
    ("head", true, false),
    ("put", false, true),
    ("post", false, false),
    ("patch", false, true),
    ("delete", false, true),
];
/// How many references deep a schema is written out; beyond it stands any value.
const MOST_DEEP: usize = 6;
/// How many values one schema may become when references are written out.
const MOST_VALUES: usize = 5_000;

/// The operations of a document as tools.
pub(super) fn read(root: &Json, text: &str, file: &str) -> ApiTools {
    let says = |member| root.at(["info", member]).and_then(Json::as_str).unwrap_or_default();
    let (mut tools, mut places) = (Vec::new(), BTreeMap::new());
    let paths = root.get("paths").and_then(Json::as_object).into_iter().flatten();
    for (path, item) in paths {
        for (method, reads, destroys) in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let own = operation.get("operationId").and_then(Json::as_str);
            let name = own.map_or_else(|| name_of(method, path), name_in);
            let place = match own {
                Some(id) => place::of(text, file, &["operationId", id]),
                None => place::of(text, file, &[path]),
            };
            let hints = [("readOnlyHint", reads.into()), ("destructiveHint", destroys.into())];
            let mut members = vec![
                ("name", Json::from(name.as_str())),
                ("inputSchema", input(root, item, operation)),
                ("annotations", Json::object::<&str>(hints)),
            ];
            let words = operation.get("description").or(operation.get("summary"));
            members.extend(words.map(|words| ("description", words.clone())));
            places.insert(name, place);
            tools.push(Json::object(members));
        }
    }
    ApiTools { title: says("title").to_owned(), version: says("version").to_owned(), tools, places }
}

/// A name for an operation without one, such as `get_orders_id`.
fn name_of(method: &str, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

/// An operation's id as the name of a tool.
fn name_in(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect()
}

/// The arguments of an operation as one object.
fn input(root: &Json, item: &Json, operation: &Json) -> Json {
    let (mut properties, mut required) = (Members::new(), Vec::new());
    let lists = [item.get("parameters"), operation.get("parameters")];
    for parameter in
        lists.into_iter().flatten().flat_map(|list| list.as_array().unwrap_or_default())
    {
        let parameter = resolved(root, parameter);
        let Some(name) = parameter.get("name").and_then(Json::as_str) else { continue };
        let schema = parameter.get("schema").cloned().unwrap_or_else(anything);
        properties.insert(name.to_owned(), written_out(root, &schema));
        if parameter.get("required").and_then(Json::as_bool) == Some(true) {
            required.push(name.to_owned());
        }
    }
    let body = operation.get("requestBody").map(|body| resolved(root, body));
    if let Some(schema) = body.and_then(|body| body.at(["content", "application/json", "schema"])) {
        body_into(&written_out(root, schema), &mut properties, &mut required);
    }
    required.sort();
    required.dedup();
    Json::object([
        ("type", Json::from("object")),
        ("properties", Json::Object(properties)),
        ("required", required.into_iter().map(Json::from).collect()),
    ])
}

/// The members of a body that is an object are arguments; any other body is the argument `body`.
fn body_into(schema: &Json, properties: &mut Members, required: &mut Vec<String>) {
    match schema.get("properties").and_then(Json::as_object) {
        Some(own) => {
            for (name, property) in own {
                properties.insert(name.clone(), property.clone());
            }
            let names = schema.get("required").and_then(Json::as_array).unwrap_or_default();
            required.extend(names.iter().filter_map(|name| name.as_str().map(str::to_owned)));
        }
        None => {
            properties.insert("body".to_owned(), schema.clone());
        }
    }
}

/// What a reference means; a value that is none means itself.
fn resolved<'j>(root: &'j Json, value: &'j Json) -> &'j Json {
    let mut value = value;
    for _ in 0..MOST_DEEP {
        let Some(target) = target(root, value) else { break };
        value = target;
    }
    value
}

/// The value that a local reference (RFC 6901) points at.
fn target<'j>(root: &'j Json, value: &Json) -> Option<&'j Json> {
    let path = value.get("$ref")?.as_str()?.strip_prefix("#/")?;
    let names: Vec<_> =
        path.split('/').map(|name| name.replace("~1", "/").replace("~0", "~")).collect();
    root.at(names.iter().map(String::as_str))
}

/// A schema with its references written out.
fn written_out(root: &Json, schema: &Json) -> Json {
    let mut values = MOST_VALUES;
    expand(root, schema, MOST_DEEP, &mut values)
}

fn expand(root: &Json, value: &Json, deep: usize, values: &mut usize) -> Json {
    let Some(left) = values.checked_sub(1) else { return anything() };
    *values = left;
    match value {
        Json::Object(_) if value.get("$ref").is_some() => {
            match (target(root, value), deep.checked_sub(1)) {
                (Some(target), Some(deep)) => expand(root, target, deep, values),
                _ => anything(),
            }
        }
        Json::Object(members) => Json::object(
            members.iter().map(|(name, value)| (name.as_str(), expand(root, value, deep, values))),
        ),
        Json::Array(items) => items.iter().map(|item| expand(root, item, deep, values)).collect(),
        other => other.clone(),
    }
}

fn anything() -> Json {
    Json::object::<&str>([])
}

#[cfg(test)]
mod tests {
    use crate::draft::definitions;

    const SHOP: &str = r##"openapi: 3.1.0
info: {title: Corner Shop, version: "2.3.1"}
paths:
  /orders/{id}:
    parameters:
      - {$ref: "#/components/parameters/Id"}
    get:
      operationId: orders.get
      summary: One order
    delete: {}
  /refunds:
    post:
      operationId: createRefund
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Refund"}
components:
  parameters:
    Id: {name: id, in: path, required: true, schema: {type: string}}
  schemas:
    Refund:
      type: object
      required: [amount]
      properties:
        amount: {type: number}
        parent: {$ref: "#/components/schemas/Refund"}
"##;

    #[test]
    fn operations_are_tools() {
        let found = definitions(SHOP, "shop.yaml").unwrap();
        assert_eq!((found.title.as_str(), found.version.as_str()), ("Corner Shop", "2.3.1"));
        let shown: Vec<_> = found.tools.iter().map(|tool| tool.canonical()).collect();
        assert_eq!(
            shown[..2],
            [
                r#"{"annotations":{"destructiveHint":false,"readOnlyHint":true},"description":"One order","inputSchema":{"properties":{"id":{"type":"string"}},"required":["id"],"type":"object"},"name":"orders_get"}"#,
                r#"{"annotations":{"destructiveHint":true,"readOnlyHint":false},"inputSchema":{"properties":{"id":{"type":"string"}},"required":["id"],"type":"object"},"name":"delete_orders_id"}"#,
            ]
        );
        assert!(shown[2].contains(r#""amount":{"type":"number"}"#), "{}", shown[2]);
        assert!(shown[2].contains(r#""required":["amount"]"#), "{}", shown[2]);
        assert!(
            shown[2].contains(r#""parent":{}"#),
            "a schema that holds itself ends: {}",
            shown[2]
        );
        let places: Vec<_> = found.places.values().map(String::as_str).collect();
        assert_eq!(places, ["shop.yaml:13", "shop.yaml:4", "shop.yaml:8"]);
    }
}
