//! JSON Schema (draft 2020-12) for tool arguments, on exact numbers.
//!
//! The keywords that assert something about a value are either checked here or
//! refused when the schema is compiled: a constraint that is silently not
//! checked would be worse than none.

mod compile;
mod shape;
mod validate;

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::{Decimal, Json};
use regex::Regex;

pub(crate) use shape::Shape;

/// A compiled schema.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    /// The node of the whole value.
    root: usize,
    nodes: Vec<Node>,
}

/// A schema that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at `{pointer}`")]
pub(crate) struct SchemaError {
    pub(crate) pointer: String,
    pub(crate) message: String,
}

/// A value that does not fit, with the place in the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path} {message}")]
pub(crate) struct Mismatch {
    pub(crate) path: String,
    pub(crate) message: String,
}

/// JSON types; `integer` is a number without a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Type {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

/// The constraints of one schema object; sub-schemas are indices into [`Schema::nodes`].
#[derive(Clone, Debug, Default)]
struct Node {
    /// `false` as a schema: nothing fits.
    never: bool,
    types: Option<BTreeSet<Type>>,
    allowed: Option<Vec<Json>>,
    minimum: Option<Decimal>,
    maximum: Option<Decimal>,
    exclusive_minimum: Option<Decimal>,
    exclusive_maximum: Option<Decimal>,
    multiple_of: Option<Decimal>,
    min_length: Option<usize>,
    max_length: Option<usize>,
    pattern: Option<Regex>,
    min_items: Option<usize>,
    max_items: Option<usize>,
    unique_items: bool,
    prefix_items: Vec<usize>,
    items: Option<usize>,
    properties: BTreeMap<String, usize>,
    pattern_properties: Vec<(Regex, usize)>,
    additional: Option<usize>,
    property_names: Option<usize>,
    required: BTreeSet<String>,
    min_properties: Option<usize>,
    max_properties: Option<usize>,
    all_of: Vec<usize>,
    any_of: Vec<usize>,
    one_of: Vec<usize>,
    not: Option<usize>,
    reference: Option<usize>,
}

impl Schema {
    /// Compiles a schema document; `$ref` reaches only into the document itself.
    pub(crate) fn compile(document: &Json) -> Result<Self, SchemaError> {
        compile::compile(document)
    }

    /// Checks a value; the first mismatch is the answer.
    pub(crate) fn validate(&self, value: &Json) -> Result<(), Mismatch> {
        validate::validate(self, value)
    }

    /// The static shape of the values that fit.
    pub(crate) fn shape(&self) -> Shape {
        shape::shape(self, self.root, 0)
    }

    fn node(&self, index: usize) -> &Node {
        const NOTHING_FITS: &Node = &Node::NEVER;
        self.nodes.get(index).unwrap_or(NOTHING_FITS)
    }
}

impl Node {
    const NEVER: Self = Self {
        never: true,
        types: None,
        allowed: None,
        minimum: None,
        maximum: None,
        exclusive_minimum: None,
        exclusive_maximum: None,
        multiple_of: None,
        min_length: None,
        max_length: None,
        pattern: None,
        min_items: None,
        max_items: None,
        unique_items: false,
        prefix_items: Vec::new(),
        items: None,
        properties: BTreeMap::new(),
        pattern_properties: Vec::new(),
        additional: None,
        property_names: None,
        required: BTreeSet::new(),
        min_properties: None,
        max_properties: None,
        all_of: Vec::new(),
        any_of: Vec::new(),
        one_of: Vec::new(),
        not: None,
        reference: None,
    };
}

impl Type {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Null, "null"),
        (Self::Boolean, "boolean"),
        (Self::Integer, "integer"),
        (Self::Number, "number"),
        (Self::String, "string"),
        (Self::Array, "array"),
        (Self::Object, "object"),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(found, _)| found)
    }

    fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(known, _)| *known == self).map_or("", |(_, name)| name)
    }

    fn admits(self, value: &Json) -> bool {
        match (self, value) {
            (Self::Null, Json::Null)
            | (Self::Boolean, Json::Bool(_))
            | (Self::Number, Json::Number(_))
            | (Self::String, Json::String(_))
            | (Self::Array, Json::Array(_))
            | (Self::Object, Json::Object(_)) => true,
            (Self::Integer, Json::Number(number)) => number.parts().1 >= 0,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
