//! The static shape of values, for typing expressions.

use std::sync::Arc;

use bounden_base::Decimal;

use super::{ByName, Node, Schema, Type};

/// What is known of a value before it is seen. Each path of a rule looks at the
/// shapes of all its tools, so a copy costs nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Nothing is known; types are inferred from use.
    Any,
    /// `true` or `false`
    Bool,
    /// A number; `signed` where it may be negative.
    Number {
        /// Whether the schema admits numbers below zero.
        signed: bool,
    },
    /// A string.
    Text,
    /// A list of such values.
    List(Arc<Shape>),
    /// An object.
    Object {
        /// Known members, and whether each is always there and not null.
        members: Arc<ByName<(Shape, bool)>>,
        /// Whether other members may be there.
        open: bool,
    },
    /// Where a value came from; no schema says so.
    Origin,
}

/// Recursive schemas are unrolled so far; deeper values are `Any`.
const MAX_DEPTH: usize = 8;

pub(super) fn shape(schema: &Schema, index: usize, depth: usize) -> Shape {
    let node = schema.node(index);
    if depth > MAX_DEPTH {
        return Shape::Any;
    }
    if let Some(target) = node.combined.as_ref().and_then(|part| part.reference) {
        return shape(schema, target, depth + 1);
    }
    match single_type(node) {
        Some(Type::Boolean) => Shape::Bool,
        Some(Type::Integer | Type::Number) => Shape::Number { signed: is_signed(node) },
        Some(Type::String) => Shape::Text,
        Some(Type::Array) => Shape::List(Arc::new(
            node.array
                .as_ref()
                .and_then(|part| part.items)
                .map_or(Shape::Any, |items| shape(schema, items, depth + 1)),
        )),
        Some(Type::Object) => object(schema, node, depth),
        Some(Type::Null) | None => Shape::Any,
    }
}

fn object(schema: &Schema, node: &Node, depth: usize) -> Shape {
    let Some(node) = &node.object else {
        return Shape::Object { members: Arc::default(), open: true };
    };
    let members = node.properties.iter().map(|(name, part)| {
        let always = node.required.contains(name) && !may_be_null(schema.node(*part));
        (name.clone(), (shape(schema, *part, depth + 1), always))
    });
    let closed = node.additional.is_some_and(|part| schema.node(part).never)
        && node.pattern_properties.is_empty();
    Shape::Object { members: Arc::new(members.collect()), open: !closed }
}

/// The one type besides null, stated or implied by the listed values or the members.
fn single_type(node: &Node) -> Option<Type> {
    if let Some(types) = node.types {
        let mut types = types.iter().filter(|known| *known != Type::Null);
        let first = types.next();
        return if types.next().is_none() { first } else { None };
    }
    if let Some(allowed) = &node.allowed {
        let candidates = [Type::Boolean, Type::Number, Type::String];
        return candidates
            .into_iter()
            .find(|known| allowed.iter().all(|value| known.admits(value)));
    }
    let members = node.object.as_ref().map(|part| &part.properties)?;
    (!members.is_empty()).then_some(Type::Object)
}

fn may_be_null(node: &Node) -> bool {
    match (&node.types, &node.allowed) {
        (Some(types), _) => types.contains(Type::Null),
        (None, Some(allowed)) => allowed.contains(&bounden_base::Json::Null),
        (None, None) => true,
    }
}

fn is_signed(node: &Node) -> bool {
    let at_least_zero = |bound: Option<Decimal>| bound.is_some_and(|bound| bound >= Decimal::ZERO);
    let listed = node.allowed.as_ref().is_some_and(|allowed| {
        allowed.iter().all(|value| value.as_decimal().is_some_and(|number| !number.is_negative()))
    });
    let bounded = node
        .number
        .as_ref()
        .is_some_and(|part| at_least_zero(part.minimum) || at_least_zero(part.exclusive_minimum));
    !(bounded || listed)
}
