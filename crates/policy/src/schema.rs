//! JSON Schema (draft 2020-12) for tool arguments, on exact numbers.
//!
//! The keywords that assert something about a value are either checked here or
//! refused when the schema is compiled: a constraint that is silently not
//! checked would be worse than none. `format` is an annotation, as that draft has it.

mod by_name;
mod compile;
mod reference;
mod shape;
mod validate;

use std::collections::BTreeSet;
use std::sync::Arc;

use bounden_base::{Decimal, Json};
use regex::Regex;

pub(crate) use by_name::ByName;
pub(crate) use reference::target;
pub(crate) use shape::Shape;

/// A compiled schema.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    /// The node of the whole value.
    root: usize,
    nodes: Box<[Node]>,
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
pub(crate) enum Type {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

/// A set of types, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Types(u8);

/// The constraints of one schema object; sub-schemas are indices into [`Schema::nodes`].
/// Most nodes say little more than a type, so what bears on one type stands apart:
/// a call reads many nodes, and small ones stay in the processor's cache.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    /// `false` as a schema: nothing fits.
    pub(crate) never: bool,
    pub(crate) types: Option<Types>,
    pub(crate) allowed: Option<Vec<Json>>,
    pub(crate) number: Option<Box<NumberPart>>,
    pub(crate) string: Option<Box<StringPart>>,
    pub(crate) array: Option<Box<ArrayPart>>,
    pub(crate) object: Option<Box<ObjectPart>>,
    pub(crate) combined: Option<Box<CombinedPart>>,
}

impl Node {
    /// Nothing but these values, nor but those that were named before.
    fn allow(&mut self, values: &[Json]) {
        match &mut self.allowed {
            Some(allowed) => allowed.retain(|known| values.contains(known)),
            none => *none = Some(values.to_vec()),
        }
    }
}

/// What is asked of numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct NumberPart {
    pub(crate) minimum: Option<Decimal>,
    pub(crate) maximum: Option<Decimal>,
    pub(crate) exclusive_minimum: Option<Decimal>,
    pub(crate) exclusive_maximum: Option<Decimal>,
    pub(crate) multiple_of: Option<Decimal>,
}

/// What is asked of strings.
#[derive(Clone, Debug, Default)]
pub(crate) struct StringPart {
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
    pub(crate) pattern: Option<Regex>,
}

/// What is asked of lists.
#[derive(Clone, Debug, Default)]
pub(crate) struct ArrayPart {
    pub(crate) min_items: Option<usize>,
    pub(crate) max_items: Option<usize>,
    pub(crate) unique_items: bool,
    pub(crate) prefix_items: Vec<usize>,
    pub(crate) items: Option<usize>,
}

/// What is asked of objects.
#[derive(Clone, Debug, Default)]
pub(crate) struct ObjectPart {
    pub(crate) properties: ByName<usize>,
    pub(crate) pattern_properties: Vec<(Regex, usize)>,
    pub(crate) additional: Option<usize>,
    pub(crate) property_names: Option<usize>,
    pub(crate) required: BTreeSet<Arc<str>>,
    pub(crate) min_properties: Option<usize>,
    pub(crate) max_properties: Option<usize>,
}

/// What other schemas ask of the same value.
#[derive(Clone, Debug, Default)]
pub(crate) struct CombinedPart {
    pub(crate) all_of: Vec<usize>,
    pub(crate) any_of: Vec<usize>,
    pub(crate) one_of: Vec<usize>,
    pub(crate) not: Option<usize>,
    pub(crate) reference: Option<usize>,
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

    /// The node of the whole value.
    pub(crate) fn root(&self) -> usize {
        self.root
    }

    pub(crate) fn node(&self, index: usize) -> &Node {
        const NOTHING_FITS: &Node = &Node::NEVER;
        self.nodes.get(index).unwrap_or(NOTHING_FITS)
    }
}

impl Node {
    /// The types, where nothing else is asked.
    pub(crate) fn only_types(&self) -> Option<Types> {
        let Self { never, types, allowed, number, string, array, object, combined } = self;
        let is_more = *never
            || allowed.is_some()
            || number.is_some()
            || string.is_some()
            || array.is_some()
            || object.is_some()
            || combined.is_some();
        types.filter(|_| !is_more)
    }

    const NEVER: Self = Self {
        never: true,
        types: None,
        allowed: None,
        number: None,
        string: None,
        array: None,
        object: None,
        combined: None,
    };
}

impl Types {
    pub(crate) fn contains(self, wanted: Type) -> bool {
        self.0 & (1 << wanted as u8) != 0
    }

    fn iter(self) -> impl Iterator<Item = Type> {
        Type::ALL.into_iter().map(|(known, _)| known).filter(move |known| self.contains(*known))
    }
}

impl FromIterator<Type> for Types {
    fn from_iter<I: IntoIterator<Item = Type>>(types: I) -> Self {
        Self(types.into_iter().fold(0, |set, known| set | 1 << known as u8))
    }
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
