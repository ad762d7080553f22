//! What a JSON Schema demands of the places that predicates read.
//!
//! A keyword that is not looked into demands nothing here, on either side: the
//! calls that are considered are then too many, and never too few.

use bounden_base::{Decimal, Json};

use super::formula::{Formula, Literal};
use super::kinds::Kinds;
use super::linear::Sum;
use super::number::{Rational, exact, lcm, whole};
use super::space::{Known, Place, Space, Thing, Variable, constant};
use super::symbolic::PER_STEP;
use super::text::TextSet;
use crate::core::Step;
use crate::schema;

/// Deepest schema that is looked into.
const MAX_DEPTH: usize = 12;
/// Most literals in which a schema is written out.
const MOST_LITERALS: usize = 20_000;

/// What holds where a value fits, and what where it does not.
pub(super) struct Fit {
    pub(super) yes: Formula,
    pub(super) no: Formula,
}

/// What the plain keywords say of a place, whatever the others say.
pub(super) fn known(schema: Option<&Json>, steps: &[Step]) -> Known {
    let mut known = Known::ANYTHING;
    let Some(document) = schema else { return known };
    let mut node = resolved(document, document);
    for step in steps {
        let required = matches!(step, Step::Member(name) if requires(node, name));
        let Some(child) = child(node, step) else { return Known::ANYTHING };
        known.kinds =
            if required { Kinds::ARGUMENT.without(Kinds::MISSING) } else { Kinds::ARGUMENT };
        node = resolved(document, child);
    }
    if steps.len() > 1 {
        // A member of what need not be there need not be there.
        known.kinds = known.kinds | Kinds::MISSING;
    }
    if let Some(types) = types(node) {
        known.kinds = known.kinds & (types | Kinds::MISSING);
    }
    if let Some(allowed) = allowed(node) {
        let kinds = allowed.iter().fold(Kinds::MISSING, |kinds, value| kinds | kind_of(value));
        known.kinds = known.kinds & kinds;
        let numbers: Vec<Rational> =
            allowed.iter().filter_map(|value| value.as_decimal()).map(exact).collect();
        known.least = numbers.iter().min().cloned();
        known.most = numbers.iter().max().cloned();
    }
    let bound = |name: &str| node.get(name).and_then(Json::as_decimal).map(exact);
    let least = [bound("minimum"), bound("exclusiveMinimum"), known.least.take()];
    known.least = least.into_iter().flatten().max();
    let most = [bound("maximum"), bound("exclusiveMaximum"), known.most.take()];
    known.most = most.into_iter().flatten().min();
    known.unit = unit(node);
    if known.kinds == Kinds::NONE {
        return Known::ANYTHING;
    }
    known
}

/// The schema of what stands at a place, where plain keywords lead there.
pub(super) fn at<'j>(schema: Option<&'j Json>, steps: &[Step]) -> Option<&'j Json> {
    let document = schema?;
    steps.iter().try_fold(resolved(document, document), |node, step| {
        child(node, step).map(|child| resolved(document, child))
    })
}

/// How long a text or a list may be, where it can only be one of them.
pub(super) fn lengths(
    schema: Option<&Json>,
    steps: &[Step],
    kinds: Kinds,
) -> (Option<Rational>, Option<Rational>) {
    let Some(node) = at(schema, steps) else { return (None, None) };
    let (least, most) = match (kinds.meets(Kinds::TEXT), kinds.meets(Kinds::LIST)) {
        (true, false) => ("minLength", "maxLength"),
        (false, true) => ("minItems", "maxItems"),
        _ => return (None, None),
    };
    let bound = |name: &str| node.get(name).and_then(Json::as_decimal).map(exact);
    (bound(least), bound(most))
}

/// What the whole schema demands of the places that were spoken of.
pub(super) fn fits(space: &mut Space<'_>, schema: &Json, place: &Place) -> Fit {
    let variable = space.place(place.clone());
    Reader { space, document: schema }.node(schema, place, variable, 0)
}

/// Speaks of every place that a schema names, and of one more member of every
/// object, so that two schemas can be compared.
pub(super) fn mention(space: &mut Space<'_>, schema: &Json, place: &Place, items: usize) {
    Mention { space, document: schema, items }.node(schema, place, 0);
}

/// Deepest place that is spoken of only because a schema names it.
const MAX_MENTIONED: usize = 4;

struct Mention<'s, 'a, 'd> {
    space: &'s mut Space<'a>,
    document: &'d Json,
    /// So many of each list.
    items: usize,
}

impl Mention<'_, '_, '_> {
    fn node(&mut self, node: &Json, place: &Place, depth: usize) {
        let node = resolved(self.document, node);
        self.space.place(place.clone());
        if depth > MAX_MENTIONED || !self.space.budget.spend(1) {
            return;
        }
        if let Some(properties) = node.get("properties").and_then(Json::as_object) {
            for (name, child) in properties {
                self.node(child, &place.child(Step::Member(name.clone())), depth + 1);
            }
            if let Some(stranger) = self.space.stranger.clone() {
                self.space.place(place.child(Step::Member(stranger)));
            }
        }
        if let Some(items) = node.get("items") {
            for index in 0..self.items {
                self.node(items, &place.child(Step::Item(index)), depth + 1);
            }
        }
    }
}

struct Reader<'s, 'a, 'd> {
    space: &'s mut Space<'a>,
    document: &'d Json,
}

impl Fit {
    pub(super) fn of(yes: Formula) -> Self {
        Self { no: yes.negated(), yes }
    }

    pub(super) fn always() -> Self {
        Self { yes: Formula::True, no: Formula::False }
    }

    pub(super) fn never() -> Self {
        Self::always().turned()
    }

    /// Nothing is said on either side.
    fn open() -> Self {
        Self { yes: Formula::True, no: Formula::True }
    }

    pub(super) fn both(parts: Vec<Self>) -> Self {
        let (yes, no): (Vec<_>, Vec<_>) = parts.into_iter().map(|part| (part.yes, part.no)).unzip();
        Self { yes: Formula::all(yes), no: Formula::any(no) }
    }

    fn either(parts: Vec<Self>) -> Self {
        Self::both(parts.into_iter().map(Self::turned).collect()).turned()
    }

    fn turned(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }

    /// Asked only where the guard holds.
    fn where_(self, guard: &Formula) -> Self {
        Self { yes: guard.negated().or(self.yes), no: guard.clone().and(self.no) }
    }
}

impl Reader<'_, '_, '_> {
    fn node(&mut self, node: &Json, place: &Place, variable: Variable, depth: usize) -> Fit {
        if depth > MAX_DEPTH || !self.space.budget.spend(1 + self.space.size() / 8) {
            return Fit::open();
        }
        let fit = self.every_keyword(node, place, variable, depth);
        let mut left = MOST_LITERALS;
        let is_within = fit.yes.is_within(&mut left) && fit.no.is_within(&mut left);
        let is_left = self.space.budget.spend((MOST_LITERALS - left) / PER_STEP);
        if is_within && is_left { fit } else { Fit::open() }
    }

    fn every_keyword(
        &mut self,
        node: &Json,
        place: &Place,
        variable: Variable,
        depth: usize,
    ) -> Fit {
        let members = match node {
            Json::Bool(fits) => return Fit::of(Formula::of(*fits)),
            Json::Object(members) => members,
            _ => return Fit::open(),
        };
        let parts = members
            .iter()
            .map(|(keyword, value)| self.keyword(node, keyword, value, place, variable, depth));
        Fit::both(parts.collect())
    }

    fn keyword(
        &mut self,
        node: &Json,
        keyword: &str,
        value: &Json,
        place: &Place,
        variable: Variable,
        depth: usize,
    ) -> Fit {
        let below = |low: Sum, high: Sum| Formula::at_most(&low, &high);
        let number = |value: &Json| value.as_decimal().map(constant);
        match (keyword, number(value)) {
            ("type", _) => self.types(node, variable),
            ("enum" | "const", _) => {
                let allowed = allowed(node).unwrap_or_default();
                Fit::either(allowed.iter().map(|value| self.equals(variable, value)).collect())
            }
            ("minimum", Some(bound)) => self.number(variable, below(bound, Sum::of(variable))),
            ("maximum", Some(bound)) => self.number(variable, below(Sum::of(variable), bound)),
            ("exclusiveMinimum", Some(bound)) => {
                self.number(variable, Formula::below(&bound, &Sum::of(variable)))
            }
            ("exclusiveMaximum", Some(bound)) => {
                self.number(variable, Formula::below(&Sum::of(variable), &bound))
            }
            ("multipleOf", Some(unit)) => {
                let multiple = Literal::Multiple(variable, unit.constant, true);
                self.number(variable, Formula::Literal(multiple))
            }
            ("minLength", Some(bound)) => self.length(variable, Kinds::TEXT, &bound, true),
            ("maxLength", Some(bound)) => self.length(variable, Kinds::TEXT, &bound, false),
            ("minItems", Some(bound)) => self.length(variable, Kinds::LIST, &bound, true),
            ("maxItems", Some(bound)) => self.length(variable, Kinds::LIST, &bound, false),
            ("pattern", _) => self.pattern(variable, value),
            ("items" | "prefixItems", _) => {
                self.items(node, keyword, value, place, variable, depth)
            }
            ("required", _) => self.required(value, place, variable),
            // All three are read together, at whichever of them comes first.
            ("properties", _) => self.members(node, place, variable, depth),
            ("patternProperties" | "additionalProperties", _)
                if node.get("properties").is_none() =>
            {
                self.members(node, place, variable, depth)
            }
            ("allOf", _) => Fit::both(self.list(value, place, variable, depth)),
            ("anyOf", _) => Fit::either(self.list(value, place, variable, depth)),
            ("oneOf", _) => exactly_one(self.list(value, place, variable, depth)),
            ("not", _) => self.node(value, place, variable, depth + 1).turned(),
            ("$ref", _) => {
                let target = resolved(self.document, node);
                if std::ptr::eq(target, node) {
                    return Fit::open();
                }
                self.node(target, place, variable, depth + 1)
            }
            ("uniqueItems" | "minProperties" | "maxProperties" | "propertyNames", _) => Fit::open(),
            _ => Fit::of(Formula::True),
        }
    }

    fn list(&mut self, value: &Json, place: &Place, variable: Variable, depth: usize) -> Vec<Fit> {
        let parts = value.as_array().unwrap_or_default().iter();
        parts.map(|part| self.node(part, place, variable, depth + 1)).collect()
    }

    fn types(&mut self, node: &Json, variable: Variable) -> Fit {
        let Some(kinds) = types(node) else { return Fit::open() };
        let kind = Fit::of(self.space.kind(variable, kinds));
        if !is_integer(node) {
            return kind;
        }
        let multiple = Formula::Literal(Literal::Multiple(variable, whole(1), true));
        Fit::both(vec![kind, self.number(variable, multiple)])
    }

    /// Holds of numbers only; anything else is not asked.
    fn number(&self, variable: Variable, holds: Formula) -> Fit {
        Fit::of(holds).where_(&self.space.kind(variable, Kinds::NUMBER))
    }

    fn length(&mut self, variable: Variable, of: Kinds, bound: &Sum, at_least: bool) -> Fit {
        let length = Sum::of(self.space.variable(Thing::Length(variable)));
        let holds = if at_least {
            Formula::at_most(bound, &length)
        } else {
            Formula::at_most(&length, bound)
        };
        Fit::of(holds).where_(&self.space.kind(variable, of))
    }

    fn pattern(&mut self, variable: Variable, value: &Json) -> Fit {
        let Some(source) = value.as_str() else { return Fit::open() };
        let Ok(pattern) = regex::Regex::new(source) else { return Fit::open() };
        let set = TextSet::matches(pattern, source, false);
        let guard = self.space.kind(variable, Kinds::TEXT);
        Fit::of(self.space.text(variable, set)).where_(&guard)
    }

    fn items(
        &mut self,
        node: &Json,
        keyword: &str,
        value: &Json,
        place: &Place,
        variable: Variable,
        depth: usize,
    ) -> Fit {
        let first = node.get("prefixItems").and_then(Json::as_array).unwrap_or_default();
        let children = self.space.children(place);
        let parts = children.into_iter().filter_map(|(step, child)| {
            let Step::Item(index) = step else { return None };
            let schema = match keyword {
                "items" if index >= first.len() => value,
                "prefixItems" => first.get(index)?,
                _ => return None,
            };
            let there = self.space.kind(child, Kinds::EVERY.without(Kinds::MISSING));
            let fit = self.node(schema, &place.child(step), child, depth + 1);
            Some(fit.where_(&there))
        });
        let mentioned = Fit::both(parts.collect());
        let is_list = self.space.kind(variable, Kinds::LIST);
        // An item that nobody speaks of may be what does not fit.
        let spoken_of = (0..).take_while(|index| {
            let item = place.child(Step::Item(*index));
            self.space.find(&Thing::Place(item)).is_some()
        });
        let count = i64::try_from(spoken_of.count()).unwrap_or(i64::MAX);
        let length = Sum::of(self.space.variable(Thing::Length(variable)));
        let longer = Formula::below(&Sum::constant(whole(count)), &length);
        Fit { yes: mentioned.yes, no: mentioned.no.or(longer) }.where_(&is_list)
    }

    fn required(&mut self, value: &Json, place: &Place, variable: Variable) -> Fit {
        let is_object = self.space.kind(variable, Kinds::OBJECT);
        let names = value.as_array().unwrap_or_default().iter().filter_map(Json::as_str);
        let parts = names.map(|name| {
            let child = place.child(Step::Member(name.to_owned()));
            match self.space.find(&Thing::Place(child)) {
                Some(child) => Fit::of(self.space.kind(child, Kinds::MISSING)).turned(),
                None => Fit::open(),
            }
        });
        Fit::both(parts.collect()).where_(&is_object)
    }

    fn members(&mut self, node: &Json, place: &Place, variable: Variable, depth: usize) -> Fit {
        let is_object = self.space.kind(variable, Kinds::OBJECT);
        let mut parts = Vec::new();
        let mut named = 0;
        let children = self.space.children(place);
        for (step, child) in &children {
            let Step::Member(name) = step else { continue };
            let there = self.space.kind(*child, Kinds::EVERY.without(Kinds::MISSING));
            named += usize::from(node.get("properties").is_some_and(|of| of.get(name).is_some()));
            for schema in member_schemas(node, name) {
                let fit = self.node(schema, &place.child(step.clone()), *child, depth + 1);
                parts.push(fit.where_(&there));
            }
        }
        let all = node.get("properties").and_then(Json::as_object).map_or(0, |all| all.len());
        let mentioned = Fit::both(parts);
        // One member that nobody names stands for all of them.
        let has_stranger = children.iter().any(|(step, _)| {
            matches!(step, Step::Member(name) if Some(name) == self.space.stranger.as_ref())
        });
        let others = matches!(node.get("additionalProperties"), None | Some(Json::Bool(true)));
        let is_whole =
            named == all && node.get("patternProperties").is_none() && (others || has_stranger);
        let no = if is_whole { mentioned.no } else { Formula::True };
        Fit { yes: mentioned.yes, no }.where_(&is_object)
    }

    fn equals(&mut self, variable: Variable, value: &Json) -> Fit {
        let kind = self.space.kind(variable, kind_of(value));
        match value {
            Json::Null | Json::Bool(_) => Fit::of(kind),
            Json::Number(number) => {
                Fit::of(kind.and(Formula::equal(&Sum::of(variable), &constant(*number))))
            }
            Json::String(text) => Fit::of(kind.and(self.space.text(variable, TextSet::only(text)))),
            Json::Array(_) | Json::Object(_) => Fit { yes: kind, no: Formula::True },
        }
    }
}

fn exactly_one(parts: Vec<Fit>) -> Fit {
    let others = |index: usize, of: fn(&Fit) -> Formula| {
        let others = parts.iter().enumerate().filter(move |(other, _)| *other != index);
        others.map(move |(_, part)| of(part)).collect::<Vec<_>>()
    };
    let yes = parts.iter().enumerate().map(|(index, part)| {
        part.yes.clone().and(Formula::all(others(index, |part| part.no.clone())))
    });
    let two = parts.iter().enumerate().map(|(index, part)| {
        part.yes.clone().and(Formula::any(others(index, |part| part.yes.clone())))
    });
    let none = Formula::all(parts.iter().map(|part| part.no.clone()));
    Fit { yes: Formula::any(yes), no: Formula::any(two).or(none) }
}

/// The schemas that a member of this name has to fit.
fn member_schemas<'s>(node: &'s Json, name: &str) -> Vec<&'s Json> {
    let own = node.get("properties").and_then(|properties| properties.get(name));
    let patterned = node.get("patternProperties").and_then(Json::as_object).into_iter().flatten();
    let matching = patterned.filter(|(pattern, _)| {
        regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(name))
    });
    let mut found: Vec<&Json> = own.into_iter().chain(matching.map(|(_, part)| part)).collect();
    if found.is_empty() {
        found.extend(node.get("additionalProperties"));
    }
    found
}

/// The schema that a `$ref` leads to, if it is one, a few times over.
fn resolved<'j>(document: &'j Json, node: &'j Json) -> &'j Json {
    let mut node = node;
    for _ in 0..8 {
        let Some(reference) = node.get("$ref").and_then(Json::as_str) else { return node };
        match schema::target(document, reference) {
            // What stands beside a reference holds too, and is not looked into here.
            Ok(target) => node = target,
            Err(_) => return node,
        }
    }
    node
}

fn child<'j>(node: &'j Json, step: &Step) -> Option<&'j Json> {
    match step {
        Step::Member(name) => node.get("properties")?.get(name),
        Step::Item(_) if node.get("prefixItems").is_none() => node.get("items"),
        Step::Item(_) => None,
    }
}

fn requires(node: &Json, name: &str) -> bool {
    let required = node.get("required").and_then(Json::as_array).unwrap_or_default();
    required.iter().any(|own| own.as_str() == Some(name))
}

fn allowed(node: &Json) -> Option<Vec<Json>> {
    match (node.get("const"), node.get("enum").and_then(Json::as_array)) {
        (Some(value), Some(values)) => {
            Some(values.iter().filter(|own| *own == value).cloned().collect())
        }
        (None, Some(values)) => Some(values.to_vec()),
        (Some(value), None) => Some(vec![value.clone()]),
        (None, None) => None,
    }
}

fn type_names(node: &Json) -> Vec<&str> {
    match node.get("type") {
        Some(Json::String(name)) => vec![name],
        Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    }
}

fn types(node: &Json) -> Option<Kinds> {
    let names = type_names(node);
    let kinds = names.iter().map(|name| match *name {
        "null" => Kinds::NULL,
        "boolean" => Kinds::BOOL,
        "integer" | "number" => Kinds::NUMBER,
        "string" => Kinds::TEXT,
        "array" => Kinds::LIST,
        "object" => Kinds::OBJECT,
        _ => Kinds::ARGUMENT,
    });
    (!names.is_empty()).then(|| kinds.fold(Kinds::NONE, |all, kinds| all | kinds))
}

fn is_integer(node: &Json) -> bool {
    let names = type_names(node);
    names.contains(&"integer") && !names.contains(&"number")
}

/// Numbers that fit are multiples of it.
fn unit(node: &Json) -> Option<Rational> {
    let listed = allowed(node).filter(|values| !values.is_empty()).map(|values| {
        let numbers = values.iter().filter_map(|value| value.as_decimal());
        numbers.map(granularity).reduce(|a, b| a.min(b)).unwrap_or_else(|| whole(1))
    });
    let stated = node.get("multipleOf").and_then(Json::as_decimal).map(exact);
    let integer = is_integer(node).then(|| whole(1));
    [stated, integer, listed].into_iter().flatten().reduce(|a, b| lcm(&a, &b))
}

/// The place of the last digit, as a number.
fn granularity(number: Decimal) -> Rational {
    super::number::ten_to(number.parts().1.min(0))
}

fn kind_of(value: &Json) -> Kinds {
    match value {
        Json::Null => Kinds::NULL,
        Json::Bool(true) => Kinds::TRUE,
        Json::Bool(false) => Kinds::FALSE,
        Json::Number(_) => Kinds::NUMBER,
        Json::String(_) => Kinds::TEXT,
        Json::Array(_) => Kinds::LIST,
        Json::Object(_) => Kinds::OBJECT,
    }
}
