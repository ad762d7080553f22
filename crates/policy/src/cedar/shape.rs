//! The arguments of a tool as a record type of Cedar, and what a JSON Schema
//! asks of them besides.

use std::collections::BTreeMap;

use bounden_base::{Decimal, Json};

use super::NAMESPACE;
use super::term::Term;
use super::text::{attribute, decimal, literal, long, quoted};
use crate::ToolName;
use crate::bundle::{Money, Tool};

/// A type of Cedar.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type {
    Bool,
    /// Integers, with the bounds of the schema.
    Long(i64, i64),
    Decimal,
    Text,
    Set(Box<Type>),
    Record(BTreeMap<String, Member>),
}

/// A member of a record.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Member {
    pub(super) kind: Type,
    pub(super) is_required: bool,
}

/// What Cedar knows of a tool's arguments.
#[derive(Clone, Debug)]
pub(super) struct Arguments {
    members: BTreeMap<String, Member>,
    /// Whether members that the schema does not name may be there.
    is_open: bool,
    /// Members that may be there without a type that Cedar knows.
    untyped: Vec<String>,
    /// What a schema asks for beyond types.
    pub(super) requirements: Vec<Requirement>,
    /// What of the schema Cedar does not check.
    pub(super) gaps: Vec<String>,
}

/// What stands at a place of the arguments.
pub(super) enum Found {
    Value(Value),
    /// Nothing can stand there.
    Absent,
    /// Something may, and Cedar cannot read it.
    Unknown,
}

/// A value that Cedar reads.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    /// As Cedar writes it.
    pub(super) cedar: String,
    pub(super) kind: Type,
    /// What has to hold, one after the other, for it to be there.
    pub(super) present: Vec<Term>,
}

/// A condition on arguments that fit their types.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Requirement {
    pub(super) says: String,
    pub(super) holds: Term,
}

/// Keywords that say nothing about which values fit.
const ANNOTATIONS: [&str; 14] = [
    "$schema",
    "$id",
    "$comment",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "format",
    "type",
    "contentEncoding",
    "contentMediaType",
];

fn is_annotation(keyword: &str) -> bool {
    ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-")
}

/// A place in the arguments, and how Cedar finds out that it is there.
#[derive(Clone)]
struct Place {
    /// As people write it.
    path: String,
    /// As Cedar writes it.
    cedar: String,
    /// Conditions for reading it.
    present: Term,
}

impl Arguments {
    pub(super) fn of(tool: &Tool) -> Self {
        let mut arguments = Self {
            members: BTreeMap::new(),
            is_open: true,
            untyped: Vec::new(),
            requirements: Vec::new(),
            gaps: Vec::new(),
        };
        let Some(schema) = &tool.input else {
            arguments.gaps.push("no schema is pinned, so they are not checked".to_owned());
            return arguments;
        };
        let place = Place {
            path: "args".to_owned(),
            cedar: "context.args".to_owned(),
            present: Term::Always(true),
        };
        if let Some(Type::Record(members)) = arguments.kind(schema, &place) {
            let properties = schema.get("properties").and_then(Json::as_object);
            let names = properties.into_iter().flat_map(|properties| properties.keys());
            let untyped = names.filter(|name| !members.contains_key(*name));
            arguments.untyped = untyped.cloned().collect();
            arguments.is_open = schema.get("additionalProperties") != Some(&Json::Bool(false));
            arguments.members = members;
        }
        if let Some(money) = &tool.money {
            arguments.amount(money);
        }
        arguments
    }

    /// The type at a place; `None`, with the reason among the gaps, where Cedar has none.
    fn kind(&mut self, schema: &Json, place: &Place) -> Option<Type> {
        let (name, _) = named(schema);
        let kind = match name {
            Some("object") => self.record(schema, place),
            Some("string") => Some(Type::Text),
            Some("boolean") => Some(Type::Bool),
            Some("integer") => Some(bounds(schema)),
            Some("number") => Some(Type::Decimal),
            Some("array") => self.set(schema, place),
            _ => None,
        };
        if kind.is_none() {
            self.gaps.push(format!("`{}` has no type that Cedar knows", place.path));
        }
        self.requirements_at(schema, place, kind.as_ref());
        kind
    }

    fn record(&mut self, schema: &Json, place: &Place) -> Option<Type> {
        let required = schema.get("required").and_then(Json::as_array).unwrap_or_default();
        let required: Vec<&str> = required.iter().filter_map(Json::as_str).collect();
        let mut members = BTreeMap::new();
        let properties = schema.get("properties").and_then(Json::as_object);
        for (name, schema) in properties.into_iter().flatten() {
            let (_, may_be_null) = named(schema);
            let is_required = required.contains(&name.as_str()) && !may_be_null;
            let inner = place.member(name, is_required);
            if required.contains(&name.as_str()) && may_be_null {
                self.gaps.push(format!("`{}` may be null but has to be there", inner.path));
            }
            if let Some(kind) = self.kind(schema, &inner) {
                members.insert(name.clone(), Member { kind, is_required });
            }
        }
        let is_known = |name: &str| properties.is_some_and(|known| known.contains_key(name));
        for name in required.into_iter().filter(|name| !is_known(name)) {
            self.gaps.push(format!("`{}.{name}` has to be there, whatever it is", place.path));
        }
        if schema.get("additionalProperties").is_some_and(|more| more.as_object().is_some()) {
            self.gaps.push(format!("further members of `{}` are not checked", place.path));
        }
        Some(Type::Record(members))
    }

    fn set(&mut self, schema: &Json, place: &Place) -> Option<Type> {
        let items = schema.get("items")?;
        let (name, may_be_null) = named(items);
        let plain = match name? {
            "string" => Type::Text,
            "boolean" => Type::Bool,
            "integer" => bounds(items),
            _ => return None,
        };
        for keyword in items.as_object().into_iter().flat_map(|members| members.keys()) {
            if !is_annotation(keyword) {
                self.gaps.push(format!("`{keyword}` of the items of `{}`", place.path));
            }
        }
        (!may_be_null).then(|| Type::Set(plain.into()))
    }

    /// What the schema asks for at a place beyond the type.
    fn requirements_at(&mut self, schema: &Json, place: &Place, kind: Option<&Type>) {
        let Some(members) = schema.as_object() else { return };
        for (keyword, value) in members {
            let is_type = is_annotation(keyword)
                || matches!(
                    (keyword.as_str(), kind),
                    ("properties" | "required" | "additionalProperties", Some(Type::Record(_)))
                        | ("items", Some(Type::Set(_)))
                );
            if is_type {
                continue;
            }
            let holds = kind.and_then(|kind| holds(keyword, value, kind, &place.cedar));
            match holds {
                Some(holds) => self.requirements.push(Requirement {
                    says: format!("{keyword} of {} is {}", place.path, value.canonical()),
                    holds: place.present.clone().choose(Term::Atom(holds), Term::Always(true)),
                }),
                None if kind.is_some() => {
                    self.gaps.push(format!("`{keyword}` of `{}` is not checked", place.path));
                }
                None => {}
            }
        }
    }

    /// A place in the arguments by the names of its members.
    pub(super) fn find(&self, names: &[String]) -> Found {
        let mut found = Value {
            cedar: "context.args".to_owned(),
            kind: Type::Record(self.members.clone()),
            present: Vec::new(),
        };
        for (depth, name) in names.iter().enumerate() {
            let Type::Record(members) = &found.kind else { return Found::Unknown };
            let Some(Member { kind, is_required }) = members.get(name) else {
                let is_closed = depth == 0 && !self.is_open && !self.untyped.contains(name);
                return if is_closed { Found::Absent } else { Found::Unknown };
            };
            if !is_required {
                let has = format!("{} has {}", found.cedar, attribute(name));
                found.present.push(Term::Atom(has));
            }
            found = Value { cedar: member(&found.cedar, name), kind: kind.clone(), ..found };
        }
        Found::Value(found)
    }

    /// Amounts of money are numbers that are not below zero.
    fn amount(&mut self, money: &Money) {
        let names: Vec<String> = money.path.split('.').skip(1).map(str::to_owned).collect();
        let bound = |value: &Value| number(Decimal::ZERO, &value.kind);
        let holds = match self.find(&names) {
            Found::Value(value) => bound(&value).map(|bound| {
                let not_below = match value.kind {
                    Type::Decimal => format!("{}.greaterThanOrEqual({bound})", value.cedar),
                    _ => format!("{} >= {bound}", value.cedar),
                };
                all(value.present).choose(Term::Atom(not_below), Term::Always(true))
            }),
            Found::Absent => return,
            Found::Unknown => None,
        };
        match holds {
            Some(holds) => {
                let says = format!("{} is an amount, not below zero", money.path);
                self.requirements.push(Requirement { says, holds });
            }
            None => self.gaps.push(format!("`{}` is not checked to be an amount", money.path)),
        }
    }
}

/// All of these, from the left.
pub(super) fn all(terms: Vec<Term>) -> Term {
    terms.into_iter().fold(Term::Always(true), Term::and)
}

impl Place {
    fn member(&self, name: &str, is_required: bool) -> Self {
        let has = Term::Atom(format!("{} has {}", self.cedar, attribute(name)));
        let present =
            if is_required { self.present.clone() } else { self.present.clone().and(has) };
        Self { path: format!("{}.{name}", self.path), cedar: member(&self.cedar, name), present }
    }
}

/// The member of a record.
pub(super) fn member(of: &str, name: &str) -> String {
    let attribute = attribute(name);
    if attribute.starts_with('"') {
        format!("{of}[{attribute}]")
    } else {
        format!("{of}.{attribute}")
    }
}

/// The one type besides null, and whether null is one too.
fn named(schema: &Json) -> (Option<&str>, bool) {
    match schema.get("type") {
        Some(Json::String(name)) => (Some(name.as_str()), name == "null"),
        Some(Json::Array(names)) => {
            let names = || names.iter().filter_map(Json::as_str);
            let mut others = names().filter(|name| *name != "null");
            let first = others.next().filter(|_| others.next().is_none());
            (first, names().any(|name| name == "null"))
        }
        _ => (None, true),
    }
}

fn bounds(schema: &Json) -> Type {
    let bound = |name: &str| schema.get(name).and_then(Json::as_decimal).and_then(long);
    let least = bound("minimum").into_iter().chain(bound("exclusiveMinimum")).max();
    let most = bound("maximum").into_iter().chain(bound("exclusiveMaximum")).min();
    Type::Long(least.unwrap_or(i64::MIN), most.unwrap_or(i64::MAX))
}

/// A keyword as a condition on a value that is there.
fn holds(keyword: &str, value: &Json, kind: &Type, cedar: &str) -> Option<String> {
    match (keyword, kind) {
        ("const", _) => Some(format!("{cedar} == {}", constant(value, kind)?)),
        ("enum", _) => {
            let allowed: Option<Vec<String>> = value
                .as_array()?
                .iter()
                .filter(|item| **item != Json::Null)
                .map(|item| constant(item, kind))
                .collect();
            Some(format!("[{}].contains({cedar})", allowed?.join(", ")))
        }
        ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum", _) => {
            let (symbol, method) = match keyword {
                "minimum" => (">=", "greaterThanOrEqual"),
                "maximum" => ("<=", "lessThanOrEqual"),
                "exclusiveMinimum" => (">", "greaterThan"),
                _ => ("<", "lessThan"),
            };
            let bound = value.as_decimal()?;
            match kind {
                Type::Long(..) => Some(format!("{cedar} {symbol} {}", long(bound)?)),
                Type::Decimal => Some(format!("{cedar}.{method}({})", decimal(bound)?)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A literal of a type; none of another type.
pub(super) fn constant(value: &Json, kind: &Type) -> Option<String> {
    match (value, kind) {
        (Json::Number(number), Type::Decimal) => decimal(*number),
        (Json::Number(_), Type::Long(..))
        | (Json::String(_), Type::Text)
        | (Json::Bool(_), Type::Bool) => literal(value),
        _ => None,
    }
}

/// The action of a tool.
pub(super) fn declaration(name: &ToolName, arguments: &Arguments) -> String {
    format!(
        "  action {} appliesTo {{\n    principal: [Principal],\n    resource: [Agent],\n    context: {{ args: {} }}\n  }};\n",
        quoted(name.as_str()),
        record(&arguments.members),
    )
}

fn record(members: &BTreeMap<String, Member>) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(name, member)| {
            let optional = if member.is_required { "" } else { "?" };
            format!("{}{optional}: {}", attribute(name), declared(&member.kind))
        })
        .collect();
    if members.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", members.join(", ")) }
}

fn declared(kind: &Type) -> String {
    match kind {
        Type::Bool => "Bool".to_owned(),
        Type::Long(..) => "Long".to_owned(),
        Type::Decimal => "decimal".to_owned(),
        Type::Text => "String".to_owned(),
        Type::Set(items) => format!("Set<{}>", declared(items)),
        Type::Record(members) => record(members),
    }
}

/// The principal of this name.
pub(super) fn principal(name: &str) -> String {
    format!("{NAMESPACE}::Principal::{}", quoted(name))
}

/// A bound as `Long` or `decimal`.
pub(super) fn number(value: Decimal, kind: &Type) -> Option<String> {
    constant(&Json::Number(value), kind)
}
