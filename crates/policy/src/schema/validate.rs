//! Checks a value against the nodes of a schema.

use std::fmt;

use bounden_base::json::Members;
use bounden_base::{Decimal, Json};

use super::{
    ArrayPart, CombinedPart, Mismatch, Node, NumberPart, ObjectPart, Schema, StringPart, Type,
};

/// Deepest recursion; values are at most 64 deep, references may add as many.
const MAX_DEPTH: usize = 128;
/// Most node visits for one value: `anyOf` under `anyOf` multiplies.
const MAX_STEPS: usize = 200_000;

pub(super) fn validate(schema: &Schema, value: &Json) -> Result<(), Mismatch> {
    let mut validation = Validation { schema, steps: 0, exhausted: false };
    let checked = validation.node(schema.root, value, Place::Root, 0);
    // Under `not` and `anyOf`, giving up could pass for a fit.
    if validation.exhausted { mismatch(Place::Root, ENDLESS) } else { checked }
}

struct Validation<'s> {
    schema: &'s Schema,
    steps: usize,
    exhausted: bool,
}

const ENDLESS: &str = "is checked by a schema that does not end";

type Checked = Result<(), Mismatch>;

/// A place in the value, written out only where something does not fit.
#[derive(Clone, Copy)]
enum Place<'p> {
    Root,
    Member(&'p Place<'p>, &'p str),
    Item(&'p Place<'p>, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("args"),
            Self::Member(of, name) => write!(f, "{of}.{name}"),
            Self::Item(of, index) => write!(f, "{of}[{index}]"),
        }
    }
}

fn mismatch(path: Place<'_>, message: impl Into<String>) -> Checked {
    Err(Mismatch { path: path.to_string(), message: message.into() })
}

fn demand(holds: bool, path: Place<'_>, message: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { mismatch(path, message()) }
}

impl Validation<'_> {
    fn node(&mut self, index: usize, value: &Json, path: Place<'_>, depth: usize) -> Checked {
        self.steps += 1;
        if depth > MAX_DEPTH || self.steps > MAX_STEPS {
            self.exhausted = true;
            return mismatch(path, ENDLESS);
        }
        let schema = self.schema;
        let node = schema.node(index);
        demand(!node.never, path, || "is not allowed".to_owned())?;
        if let Some(types) = node.types {
            let names = || types.iter().map(Type::name).collect::<Vec<_>>().join(" or ");
            let fits = types.iter().any(|known| known.admits(value));
            demand(fits, path, || format!("is {}, not {}", value.type_name(), names()))?;
        }
        if let Some(allowed) = &node.allowed {
            let listed = || allowed.iter().map(Json::canonical).collect::<Vec<_>>().join(", ");
            demand(allowed.contains(value), path, || format!("is none of {}", listed()))?;
        }
        match (value, node) {
            (Json::Number(of), Node { number: Some(part), .. }) => number(part, *of, path)?,
            (Json::String(text), Node { string: Some(part), .. }) => string(part, text, path)?,
            (Json::Array(items), Node { array: Some(part), .. }) => {
                self.array(part, items, path, depth)?;
            }
            (Json::Object(members), Node { object: Some(part), .. }) => {
                self.object(part, members, path, depth)?;
            }
            _ => {}
        }
        match &node.combined {
            Some(part) => self.combined(part, value, path, depth),
            None => Ok(()),
        }
    }

    fn combined(
        &mut self,
        node: &CombinedPart,
        value: &Json,
        path: Place<'_>,
        depth: usize,
    ) -> Checked {
        for part in node.all_of.iter().chain(&node.reference) {
            self.node(*part, value, path, depth + 1)?;
        }
        if !node.any_of.is_empty() {
            let fits =
                node.any_of.iter().any(|part| self.node(*part, value, path, depth + 1).is_ok());
            demand(fits, path, || "fits none of the alternatives".to_owned())?;
        }
        if !node.one_of.is_empty() {
            let fitting = node
                .one_of
                .iter()
                .filter(|part| self.node(**part, value, path, depth + 1).is_ok())
                .count();
            demand(fitting == 1, path, || format!("fits {fitting} of the alternatives, not one"))?;
        }
        if let Some(excluded) = node.not {
            let excluded = self.node(excluded, value, path, depth + 1).is_ok();
            demand(!excluded, path, || "has an excluded form".to_owned())?;
        }
        Ok(())
    }

    fn array(
        &mut self,
        node: &ArrayPart,
        items: &[Json],
        path: Place<'_>,
        depth: usize,
    ) -> Checked {
        let length = items.len();
        demand(node.min_items.is_none_or(|min| length >= min), path, || {
            format!("has only {length} items")
        })?;
        demand(node.max_items.is_none_or(|max| length <= max), path, || {
            format!("has {length} items")
        })?;
        if node.unique_items {
            let mut sorted: Vec<_> = items.iter().map(Json::canonical).collect();
            sorted.sort_unstable();
            let count = sorted.len();
            sorted.dedup();
            demand(sorted.len() == count, path, || "has equal items".to_owned())?;
        }
        for (index, item) in items.iter().enumerate() {
            if let Some(part) = node.prefix_items.get(index).copied().or(node.items) {
                self.node(part, item, Place::Item(&path, index), depth + 1)?;
            }
        }
        Ok(())
    }

    fn object(
        &mut self,
        node: &ObjectPart,
        members: &Members,
        path: Place<'_>,
        depth: usize,
    ) -> Checked {
        let count = members.len();
        if let Some(missing) = node.required.iter().find(|name| !members.contains_key(name)) {
            return mismatch(Place::Member(&path, missing), "is missing");
        }
        demand(node.min_properties.is_none_or(|min| count >= min), path, || {
            format!("has only {count} members")
        })?;
        demand(node.max_properties.is_none_or(|max| count <= max), path, || {
            format!("has {count} members")
        })?;
        for (name, value) in members {
            let member = Place::Member(&path, name);
            if let Some(names) = node.property_names {
                self.node(names, &Json::from(name.as_str()), member, depth + 1)?;
            }
            let own = node.properties.get(name);
            let patterned =
                node.pattern_properties.iter().filter(|(pattern, _)| pattern.is_match(name));
            let mut parts = own.into_iter().chain(patterned.map(|(_, part)| part)).peekable();
            let others = if parts.peek().is_none() { node.additional.as_ref() } else { None };
            for part in parts.chain(others) {
                self.node(*part, value, member, depth + 1)?;
            }
        }
        Ok(())
    }
}

impl NumberPart {
    /// Whether a number is as it should be.
    pub(crate) fn fits(&self, of: Decimal) -> bool {
        number(self, of, Place::Root).is_ok()
    }
}

impl StringPart {
    /// Whether a text is as it should be.
    pub(crate) fn fits(&self, text: &str) -> bool {
        string(self, text, Place::Root).is_ok()
    }
}

fn number(node: &NumberPart, number: Decimal, path: Place<'_>) -> Checked {
    let bound = |holds: bool, relation: &str, bound: Option<Decimal>| {
        demand(holds, path, || {
            format!(
                "is {number}, not {relation} {}",
                bound.map(|b| b.to_string()).unwrap_or_default()
            )
        })
    };
    bound(node.minimum.is_none_or(|min| number >= min), "at least", node.minimum)?;
    bound(node.maximum.is_none_or(|max| number <= max), "at most", node.maximum)?;
    bound(node.exclusive_minimum.is_none_or(|min| number > min), "above", node.exclusive_minimum)?;
    bound(node.exclusive_maximum.is_none_or(|max| number < max), "below", node.exclusive_maximum)?;
    let whole = node
        .multiple_of
        .is_none_or(|unit| number.checked_rem(unit).is_some_and(|rest| rest.parts().0 == 0));
    bound(whole, "a multiple of", node.multiple_of)
}

fn string(node: &StringPart, text: &str, path: Place<'_>) -> Checked {
    if node.min_length.is_some() || node.max_length.is_some() {
        let length = text.chars().count();
        demand(node.min_length.is_none_or(|min| length >= min), path, || {
            format!("has only {length} characters")
        })?;
        demand(node.max_length.is_none_or(|max| length <= max), path, || {
            format!("has {length} characters")
        })?;
    }
    match &node.pattern {
        Some(pattern) => demand(pattern.is_match(text), path, || {
            format!("does not match `{}`", pattern.as_str())
        }),
        None => Ok(()),
    }
}
