//! From a schema document to nodes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::{fmt, ptr};

use bounden_base::{Decimal, Json};
use regex::Regex;

use super::{
    ArrayPart, ByName, CombinedPart, Node, NumberPart, ObjectPart, Schema, SchemaError, StringPart,
    Type, Types, reference,
};

/// Most nodes in one schema.
const MAX_NODES: usize = 4_096;
/// What a tool's arguments need.
const USUAL_NODES: usize = 32;

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
    let (nodes, parts) = (Vec::with_capacity(USUAL_NODES), Vec::with_capacity(USUAL_NODES));
    let mut compiler = Compiler { document, nodes, parts, by_part: None };
    let root = compiler.node(document, Place::Start("#"))?;
    Ok(Schema { root, nodes: compiler.nodes.into() })
}

struct Compiler<'a> {
    document: &'a Json,
    nodes: Vec<Node>,
    /// The part of the document that each node was made from.
    parts: Vec<*const Json>,
    /// The node of each part, once something refers to another part.
    by_part: Option<BTreeMap<*const Json, usize>>,
}

/// A place in the document, written out as a JSON pointer only where something is wrong.
#[derive(Clone, Copy)]
enum Place<'p> {
    Start(&'p str),
    Member(&'p Place<'p>, &'p str),
    Item(&'p Place<'p>, usize),
}

type Compiled<T> = Result<T, SchemaError>;

fn error<T>(place: Place<'_>, message: impl Into<String>) -> Compiled<T> {
    Err(SchemaError { pointer: place.to_string(), message: message.into() })
}

impl Compiler<'_> {
    /// The node of a part, compiled once, so that recursive schemas end.
    fn node(&mut self, schema: &Json, place: Place<'_>) -> Compiled<usize> {
        let part = ptr::from_ref(schema);
        if let Some(known) = self.by_part.as_ref().and_then(|nodes| nodes.get(&part)) {
            return Ok(*known);
        }
        if self.nodes.len() >= MAX_NODES {
            return error(place, format!("the schema has more than {MAX_NODES} parts"));
        }
        let index = self.nodes.len();
        self.nodes.push(Node::NEVER);
        match &mut self.by_part {
            Some(nodes) => _ = nodes.insert(part, index),
            None => self.parts.push(part),
        }
        let node = match schema {
            Json::Bool(true) => Node::default(),
            Json::Bool(false) => Node::NEVER,
            Json::Object(members) => {
                let mut node = Node::default();
                for (keyword, value) in members {
                    self.keyword(&mut node, keyword, value, Place::Member(&place, keyword))?;
                }
                node
            }
            other => {
                return error(
                    place,
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
        place: Place<'_>,
    ) -> Compiled<()> {
        match keyword {
            "type" => node.types = Some(types(value, place)?),
            "enum" => node.allow(array(value, place)?),
            "const" => node.allow(std::slice::from_ref(value)),
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
                    array(value, place)?.iter().map(|name| text(name, place).map(Arc::from));
                node.object().required = names.collect::<Compiled<_>>()?;
            }
            "items" => node.array().items = Some(self.node(value, place)?),
            "prefixItems" => node.array().prefix_items = self.list(value, place)?,
            "properties" => node.object().properties = self.map(value, place)?,
            "patternProperties" => {
                let compiled = self.map(value, place)?;
                let named =
                    compiled.iter().map(|(name, index)| Ok((pattern(name, place)?, *index)));
                node.object().pattern_properties = named.collect::<Compiled<_>>()?;
            }
            "additionalProperties" => node.object().additional = Some(self.node(value, place)?),
            "propertyNames" => node.object().property_names = Some(self.node(value, place)?),
            "allOf" => node.combined().all_of = self.choices(value, place)?,
            "anyOf" => node.combined().any_of = self.choices(value, place)?,
            "oneOf" => node.combined().one_of = self.choices(value, place)?,
            "not" => node.combined().not = Some(self.node(value, place)?),
            "$ref" => node.combined().reference = Some(self.reference(text(value, place)?, place)?),
            "$id" if !place.is_of_the_document() => {
                return error(place, "a schema inside of another has no `$id`; take it away");
            }
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

    /// Schemas of which there is at least one (JSON Schema 2020-12, section 10.2.1).
    fn choices(&mut self, value: &Json, place: Place<'_>) -> Compiled<Vec<usize>> {
        let choices = self.list(value, place)?;
        if choices.is_empty() { error(place, "name at least one schema here") } else { Ok(choices) }
    }

    fn list(&mut self, value: &Json, place: Place<'_>) -> Compiled<Vec<usize>> {
        let items = array(value, place)?.iter().enumerate();
        items.map(|(index, item)| self.node(item, Place::Item(&place, index))).collect()
    }

    fn map(&mut self, value: &Json, place: Place<'_>) -> Compiled<ByName<usize>> {
        let Some(members) = value.as_object() else {
            return error(place, "this is an object of schemas");
        };
        let mut compiled = Vec::with_capacity(members.len());
        for (name, schema) in members {
            compiled.push((name.as_str().into(), self.node(schema, Place::Member(&place, name))?));
        }
        Ok(compiled.into_iter().collect())
    }

    /// The node that a `$ref` leads to.
    fn reference(&mut self, reference: &str, place: Place<'_>) -> Compiled<usize> {
        let target = reference::target(self.document, reference)
            .or_else(|refusal| error(place, refusal.to_string()))?;
        let nodes = || self.parts.iter().copied().zip(0..).collect();
        self.by_part.get_or_insert_with(nodes);
        self.node(target, Place::Start(reference))
    }
}

impl Place<'_> {
    /// Whether this is a keyword of the whole document.
    fn is_of_the_document(self) -> bool {
        matches!(self, Self::Member(Self::Start("#"), _))
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(pointer) => f.write_str(pointer),
            Self::Member(of, name) => {
                write!(f, "{of}/{}", name.replace('~', "~0").replace('/', "~1"))
            }
            Self::Item(of, index) => write!(f, "{of}/{index}"),
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

fn types(value: &Json, place: Place<'_>) -> Compiled<Types> {
    let names = match value {
        Json::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    let known = names.iter().map(|name| name.as_str().and_then(Type::named));
    known.collect::<Option<_>>().map_or_else(|| error(place, "this is no JSON type"), Ok)
}

fn array<'j>(value: &'j Json, place: Place<'_>) -> Compiled<&'j [Json]> {
    value.as_array().map_or_else(|| error(place, "this is a list"), Ok)
}

fn text<'j>(value: &'j Json, place: Place<'_>) -> Compiled<&'j str> {
    value.as_str().map_or_else(|| error(place, "this is a string"), Ok)
}

fn number(value: &Json, place: Place<'_>) -> Compiled<Decimal> {
    value.as_decimal().map_or_else(|| error(place, "this is a number"), Ok)
}

fn divisor(value: &Json, place: Place<'_>) -> Compiled<Decimal> {
    let number = number(value, place)?;
    if number > Decimal::ZERO { Ok(number) } else { error(place, "a divisor is above zero") }
}

fn count(value: &Json, place: Place<'_>) -> Compiled<usize> {
    let count =
        value.as_decimal().and_then(Decimal::to_i64).and_then(|count| usize::try_from(count).ok());
    count.map_or_else(|| error(place, "this is a count"), Ok)
}

/// Patterns search, as JSON Schema has it; they are matched in linear time.
fn pattern(text: &str, place: Place<'_>) -> Compiled<Regex> {
    Regex::new(text).or_else(|_| {
        error(place, format!("`{text}` is no pattern that can be matched in linear time"))
    })
}
