//! From a schema document to nodes.

use std::collections::BTreeMap;

use bounden_base::{Decimal, Json};
use regex::Regex;

use super::{
    ArrayPart, CombinedPart, Node, NumberPart, ObjectPart, Schema, SchemaError, StringPart, Type,
    Types,
};

/// Most nodes in one schema; a tool's arguments need a few dozen.
const MAX_NODES: usize = 4_096;

/// Keywords that assert nothing about a value.
const ANNOTATIONS: [&str; 18] = [
    "$anchor",
    "$comment",
    "$defs",
    "$id",
    "$schema",
    "contentEncoding",
    "contentMediaType",
    "default",
    "definitions",
    "deprecated",
    "description",
    "example",
    "examples",
    "format",
    "readOnly",
    "title",
    "writeOnly",
    "nullable",
];

pub(super) fn compile(document: &Json) -> Result<Schema, SchemaError> {
    let mut compiler = Compiler { document, nodes: Vec::new(), by_pointer: BTreeMap::new() };
    let root = compiler.node(document, "#")?;
    Ok(Schema { root, nodes: compiler.nodes })
}

struct Compiler<'a> {
    document: &'a Json,
    nodes: Vec<Node>,
    by_pointer: BTreeMap<String, usize>,
}

type Compiled<T> = Result<T, SchemaError>;

fn error<T>(pointer: &str, message: impl Into<String>) -> Compiled<T> {
    Err(SchemaError { pointer: pointer.to_owned(), message: message.into() })
}

impl Compiler<'_> {
    /// The node at `pointer`, compiled once, so that recursive schemas end.
    fn node(&mut self, schema: &Json, pointer: &str) -> Compiled<usize> {
        if let Some(known) = self.by_pointer.get(pointer) {
            return Ok(*known);
        }
        if self.nodes.len() >= MAX_NODES {
            return error(pointer, format!("the schema has more than {MAX_NODES} parts"));
        }
        let index = self.nodes.len();
        self.nodes.push(Node::NEVER);
        self.by_pointer.insert(pointer.to_owned(), index);
        let node = match schema {
            Json::Bool(true) => Node::default(),
            Json::Bool(false) => Node::NEVER,
            Json::Object(members) => {
                let mut node = Node::default();
                for (keyword, value) in members {
                    let place =
                        format!("{pointer}/{}", keyword.replace('~', "~0").replace('/', "~1"));
                    self.keyword(&mut node, keyword, value, &place)?;
                }
                node
            }
            other => {
                return error(
                    pointer,
                    format!("a schema is an object or a boolean, not {}", other.type_name()),
                );
            }
        };
        if let Some(slot) = self.nodes.get_mut(index) {
            *slot = node;
        }
        Ok(index)
    }

    fn keyword(
        &mut self,
        node: &mut Node,
        keyword: &str,
        value: &Json,
        place: &str,
    ) -> Compiled<()> {
        match keyword {
            "type" => node.types = Some(types(value, place)?),
            "enum" => node.allowed = Some(array(value, place)?.to_vec()),
            "const" => node.allowed = Some(vec![value.clone()]),
            "minimum" => node.number().minimum = Some(number(value, place)?),
            "maximum" => node.number().maximum = Some(number(value, place)?),
            "exclusiveMinimum" => node.number().exclusive_minimum = Some(number(value, place)?),
            "exclusiveMaximum" => node.number().exclusive_maximum = Some(number(value, place)?),
            "multipleOf" => node.number().multiple_of = Some(divisor(value, place)?),
            "minLength" => node.string().min_length = Some(count(value, place)?),
            "maxLength" => node.string().max_length = Some(count(value, place)?),
            "pattern" => node.string().pattern = Some(pattern(text(value, place)?, place)?),
            "minItems" => node.array().min_items = Some(count(value, place)?),
            "maxItems" => node.array().max_items = Some(count(value, place)?),
            "minProperties" => node.object().min_properties = Some(count(value, place)?),
            "maxProperties" => node.object().max_properties = Some(count(value, place)?),
            "uniqueItems" => node.array().unique_items = value.as_bool().unwrap_or(true),
            "required" => {
                let names =
                    array(value, place)?.iter().map(|name| text(name, place).map(str::to_owned));
                node.object().required = names.collect::<Compiled<_>>()?;
            }
            "items" => node.array().items = Some(self.node(value, place)?),
            "prefixItems" => node.array().prefix_items = self.list(value, place)?,
            "properties" => node.object().properties = self.map(value, place)?,
            "patternProperties" => {
                let compiled = self.map(value, place)?.into_iter();
                let named = compiled.map(|(name, index)| Ok((pattern(&name, place)?, index)));
                node.object().pattern_properties = named.collect::<Compiled<_>>()?;
            }
            "additionalProperties" => node.object().additional = Some(self.node(value, place)?),
            "propertyNames" => node.object().property_names = Some(self.node(value, place)?),
            "allOf" => node.combined().all_of = self.list(value, place)?,
            "anyOf" => node.combined().any_of = self.list(value, place)?,
            "oneOf" => node.combined().one_of = self.list(value, place)?,
            "not" => node.combined().not = Some(self.node(value, place)?),
            "$ref" => node.combined().reference = Some(self.reference(text(value, place)?, place)?),
            _ if ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-") => {}
            _ => {
                return error(
                    place,
                    format!("the keyword `{keyword}` is not checked by this version"),
                );
            }
        }
        Ok(())
    }

    fn list(&mut self, value: &Json, place: &str) -> Compiled<Vec<usize>> {
        let items = array(value, place)?.iter().enumerate();
        items.map(|(index, item)| self.node(item, &format!("{place}/{index}"))).collect()
    }

    fn map(&mut self, value: &Json, place: &str) -> Compiled<BTreeMap<String, usize>> {
        let Some(members) = value.as_object() else {
            return error(place, "this is an object of schemas");
        };
        let compiled = members.iter().map(|(name, schema)| {
            let escaped = name.replace('~', "~0").replace('/', "~1");
            Ok((name.clone(), self.node(schema, &format!("{place}/{escaped}"))?))
        });
        compiled.collect()
    }

    /// A `$ref` reaches only into the document: nothing is ever fetched from where it says.
    fn reference(&mut self, reference: &str, place: &str) -> Compiled<usize> {
        let Some(path) = reference.strip_prefix('#') else {
            return error(place, format!("`{reference}` lies outside the document; inline it"));
        };
        let steps = path.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"));
        let document = self.document;
        let target = steps.into_iter().try_fold(document, |value, step| match value {
            Json::Array(items) => items.get(step.parse::<usize>().ok()?),
            other => other.get(&step),
        });
        match target {
            Some(target) => self.node(target, reference),
            None => error(place, format!("`{reference}` leads nowhere")),
        }
    }
}

/// The parts that keywords fill.
impl Node {
    fn number(&mut self) -> &mut NumberPart {
        self.number.get_or_insert_default()
    }

    fn string(&mut self) -> &mut StringPart {
        self.string.get_or_insert_default()
    }

    fn array(&mut self) -> &mut ArrayPart {
        self.array.get_or_insert_default()
    }

    fn object(&mut self) -> &mut ObjectPart {
        self.object.get_or_insert_default()
    }

    fn combined(&mut self) -> &mut CombinedPart {
        self.combined.get_or_insert_default()
    }
}

fn types(value: &Json, place: &str) -> Compiled<Types> {
    let names = match value {
        Json::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    let known = names.iter().map(|name| name.as_str().and_then(Type::named));
    known.collect::<Option<_>>().map_or_else(|| error(place, "this is no JSON type"), Ok)
}

fn array<'j>(value: &'j Json, place: &str) -> Compiled<&'j [Json]> {
    value.as_array().map_or_else(|| error(place, "this is a list"), Ok)
}

fn text<'j>(value: &'j Json, place: &str) -> Compiled<&'j str> {
    value.as_str().map_or_else(|| error(place, "this is a string"), Ok)
}

fn number(value: &Json, place: &str) -> Compiled<Decimal> {
    value.as_decimal().map_or_else(|| error(place, "this is a number"), Ok)
}

fn divisor(value: &Json, place: &str) -> Compiled<Decimal> {
    let number = number(value, place)?;
    if number > Decimal::ZERO { Ok(number) } else { error(place, "a divisor is above zero") }
}

fn count(value: &Json, place: &str) -> Compiled<usize> {
    let count =
        value.as_decimal().and_then(Decimal::to_i64).and_then(|count| usize::try_from(count).ok());
    count.map_or_else(|| error(place, "this is a count"), Ok)
}

/// Patterns search, as JSON Schema has it; they are matched in linear time.
fn pattern(text: &str, place: &str) -> Compiled<Regex> {
    Regex::new(text).or_else(|_| {
        error(place, format!("`{text}` is no pattern that can be matched in linear time"))
    })
}
