//! Everything that can differ from one call to another, each thing known once.

use std::collections::BTreeMap;
use std::rc::Rc;

use bounden_base::{Decimal, Json};

use super::budget::Budget;
use super::formula::{Formula, Literal};
use super::kinds::Kinds;
use super::linear::Sum;
use super::number::{Rational, exact, whole};
use super::schema;
use super::text::{Found, Searches, TextSet};
use crate::core::{Canonicaliser, SessionField, Step};

/// One of the things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Variable(usize);

/// What a variable stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Thing {
    /// A place in JSON data.
    Place(Place),
    Principal,
    SessionId,
    Now,
    Field(SessionField),
    /// Letters of a text, items of a list, members of an object.
    Length(Variable),
    /// A text in the one form that can be compared.
    Form(Canonicaliser, Variable),
    /// What a term of history counts or adds up, at least or at most.
    Past {
        term: String,
        summed: bool,
        at_most: bool,
    },
    /// The result of an operation that need not be exact, by its operands.
    Result(String),
    /// How often a divisor goes into a sum.
    Quotient(String),
    /// Whether the session has read something with this label.
    Label(String),
    /// Something that holds or does not.
    Flag(String),
    /// What comes of a part that is not looked into, by its text.
    Part(String),
}

/// A place in the arguments, in a fact or in an earlier call.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) origin: Origin,
    pub(super) steps: Vec<Step>,
}

/// Where a place begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Origin {
    Arguments,
    Fact(String),
    /// What a session was started with.
    Tag(String),
    /// The latest call that a term counts.
    Last(String),
}

/// What holds of a variable in every call that is looked at.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) kinds: Kinds,
    pub(super) least: Option<Rational>,
    pub(super) most: Option<Rational>,
    /// Numbers are multiples of it.
    pub(super) unit: Option<Rational>,
}

/// All variables of one comparison, about calls of one tool.
#[derive(Debug)]
pub(super) struct Space<'a> {
    things: Vec<(Thing, Known)>,
    by_name: BTreeMap<String, Variable>,
    /// What an inexact result is close to.
    definitions: BTreeMap<Variable, Sum>,
    /// What a product is the product of.
    products: Vec<(Variable, Sum, Sum)>,
    /// The schema that every call fits.
    schema: Option<&'a Json>,
    /// The argument that is an amount, and never below zero.
    amount: Option<&'a [String]>,
    /// What holds of the variables whatever the call is.
    axioms: Vec<Formula>,
    /// A name that stands for any member that nobody speaks of.
    pub(super) stranger: Option<String>,
    /// What is left for everything that is done about these variables.
    pub(super) budget: Budget,
    searches: Searches,
}

impl Known {
    pub(super) const ANYTHING: Self =
        Self { kinds: Kinds::ARGUMENT, least: None, most: None, unit: None };

    fn of(kinds: Kinds) -> Self {
        Self { kinds, ..Self::ANYTHING }
    }

    /// A number from zero on; whole, if it is a count.
    fn count(is_whole: bool) -> Self {
        Self {
            kinds: Kinds::NUMBER,
            least: Some(whole(0)),
            most: None,
            unit: is_whole.then(|| whole(1)),
        }
    }
}

impl Place {
    pub(super) fn child(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { origin: self.origin.clone(), steps }
    }

    /// The places that lead here, the outermost first, without this one.
    pub(super) fn parents(&self) -> impl Iterator<Item = Self> {
        let place = |length: usize| Self {
            origin: self.origin.clone(),
            steps: self.steps.iter().take(length).cloned().collect(),
        };
        (0..self.steps.len()).map(place)
    }

    /// What holds members or items as this step wants them.
    pub(super) fn container(step: &Step) -> Kinds {
        match step {
            Step::Member(_) => Kinds::OBJECT,
            Step::Item(_) => Kinds::LIST,
        }
    }
}

impl<'a> Space<'a> {
    pub(super) fn new(
        schema: Option<&'a Json>,
        amount: Option<&'a [String]>,
        budget: Budget,
    ) -> Self {
        Self {
            things: Vec::new(),
            by_name: BTreeMap::new(),
            definitions: BTreeMap::new(),
            products: Vec::new(),
            schema,
            amount,
            axioms: Vec::new(),
            stranger: None,
            budget,
            searches: Searches::default(),
        }
    }

    /// Adds what holds whatever the call is.
    pub(super) fn axiom(&mut self, formula: Formula) {
        self.axioms.push(formula);
    }

    /// A sum with results written out as what they are the results of.
    pub(super) fn written_out(&self, sum: &Sum) -> Sum {
        let mut sum = sum.clone();
        for _ in 0..8 {
            let found = sum.parts.iter().find_map(|(variable, factor)| {
                Some((*variable, factor.clone(), self.definitions.get(variable)?))
            });
            let Some((variable, factor, definition)) = found else { break };
            let definition = definition.times(&factor);
            sum.parts.remove(&variable);
            sum = sum.plus(&definition);
        }
        sum
    }

    /// The variable for a thing; the same one for the same thing.
    pub(super) fn variable(&mut self, thing: Thing) -> Variable {
        let name = format!("{thing:?}");
        if let Some(known) = self.by_name.get(&name) {
            return *known;
        }
        let known = self.know(&thing);
        let variable = Variable(self.things.len());
        self.things.push((thing, known));
        self.by_name.insert(name, variable);
        variable
    }

    /// The variable for a place; what it lies in is spoken of as well.
    pub(super) fn place(&mut self, place: Place) -> Variable {
        for parent in place.parents() {
            self.variable(Thing::Place(parent));
        }
        self.variable(Thing::Place(place))
    }

    /// A result that is close to a sum, or cannot be held.
    pub(super) fn result(&mut self, name: String, of: Option<Sum>, known: Known) -> Variable {
        let is_new = !self.by_name.contains_key(&format!("{:?}", Thing::Result(name.clone())));
        let variable = self.variable(Thing::Result(name));
        if is_new {
            if let Some((_, own)) = self.things.get_mut(variable.0) {
                *own = known;
            }
            self.definitions.extend(of.map(|sum| (variable, sum)));
        }
        variable
    }

    pub(super) fn product(&mut self, name: String, a: &Sum, b: &Sum, known: Known) -> Variable {
        let is_new = !self.by_name.contains_key(&format!("{:?}", Thing::Result(name.clone())));
        let variable = self.result(name, None, known);
        if is_new {
            self.products.push((variable, a.clone(), b.clone()));
        }
        variable
    }

    pub(super) fn products(&self) -> &[(Variable, Sum, Sum)] {
        &self.products
    }

    /// How many variables there are.
    pub(super) fn size(&self) -> usize {
        self.things.len()
    }

    pub(super) fn thing(&self, variable: Variable) -> Option<&Thing> {
        self.things.get(variable.0).map(|(thing, _)| thing)
    }

    pub(super) fn known(&self, variable: Variable) -> &Known {
        const ANYTHING: &Known = &Known::ANYTHING;
        self.things.get(variable.0).map_or(ANYTHING, |(_, known)| known)
    }

    pub(super) fn definition(&self, variable: Variable) -> Option<&Sum> {
        self.definitions.get(&variable)
    }

    pub(super) fn definitions(&self) -> impl Iterator<Item = (Variable, &Sum)> {
        self.definitions.iter().map(|(variable, sum)| (*variable, sum))
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = (Variable, &Thing)> {
        self.things.iter().enumerate().map(|(index, (thing, _))| (Variable(index), thing))
    }

    /// The variable of a thing that was spoken of before.
    pub(super) fn find(&self, thing: &Thing) -> Option<Variable> {
        self.by_name.get(&format!("{thing:?}")).copied()
    }

    /// What stands at the variable is of one of these kinds.
    pub(super) fn kind(&self, variable: Variable, kinds: Kinds) -> Formula {
        let possible = self.known(variable).kinds;
        if possible.is_within(kinds) {
            return Formula::True;
        }
        if !possible.meets(kinds) {
            return Formula::False;
        }
        Formula::Literal(Literal::Kind(variable, kinds & possible))
    }

    /// What stands at the variable, which is a text, is in this set.
    pub(super) fn text(&self, variable: Variable, set: TextSet) -> Formula {
        match set.plainly() {
            Some(truth) => Formula::of(truth),
            None => Formula::Literal(Literal::Text(variable, set.into(), true)),
        }
    }

    /// The places below another one that were spoken of.
    pub(super) fn children(&self, parent: &Place) -> Vec<(Step, Variable)> {
        let own = |(variable, thing): (Variable, &Thing)| match thing {
            Thing::Place(place) if place.origin == parent.origin => {
                let (last, before) = place.steps.split_last()?;
                (before == parent.steps).then(|| (last.clone(), variable))
            }
            _ => None,
        };
        self.variables().filter_map(own).collect()
    }

    /// Whether a variable is the amount of money of the tool.
    pub(super) fn is_money(&self, variable: Variable) -> bool {
        match self.thing(variable) {
            Some(Thing::Place(Place { origin: Origin::Arguments, steps })) => {
                self.amount.is_some_and(|path| is_at(path, steps))
            }
            _ => false,
        }
    }

    /// A shortest text with so many letters that is in all these sets, or in none of them.
    pub(super) fn shortest(
        &self,
        sets: &[(Rc<TextSet>, bool)],
        least: usize,
        most: Option<usize>,
    ) -> Found {
        self.searches.shortest(sets, least, most, &self.budget)
    }

    pub(super) fn axioms(&self) -> &[Formula] {
        &self.axioms
    }

    fn know(&self, thing: &Thing) -> Known {
        match thing {
            Thing::Place(place) => self.know_place(place),
            Thing::Principal => Known::of(Kinds::MISSING | Kinds::TEXT),
            Thing::SessionId => Known::of(Kinds::TEXT),
            Thing::Now => Known::of(Kinds::NUMBER),
            Thing::Field(SessionField::Calls | SessionField::Steps) => Known::count(true),
            Thing::Field(_) => Known::count(false),
            Thing::Length(of) => self.know_length(*of),
            Thing::Form(..) => Known::of(Kinds::MISSING | Kinds::TEXT),
            Thing::Past { at_most: true, summed, .. } => Known::count(!summed),
            Thing::Past { at_most: false, summed, .. } => Known {
                kinds: Kinds::NUMBER | Kinds::INTERVAL | Kinds::MISSING | Kinds::LIMIT,
                ..Known::count(!summed)
            },
            Thing::Result(_) => Known::of(Kinds::NUMBER | Kinds::MISSING),
            Thing::Quotient(_) => {
                Known { kinds: Kinds::NUMBER, unit: Some(whole(1)), ..Known::ANYTHING }
            }
            Thing::Flag(_) => Known::of(Kinds::BOOL),
            Thing::Label(_) => Known::of(Kinds::BOOL | Kinds::LIMIT),
            Thing::Part(_) => {
                Known::of(Kinds::BOOL | Kinds::MISSING | Kinds::PENDING | Kinds::LIMIT)
            }
        }
    }

    fn know_place(&self, place: &Place) -> Known {
        let is_root = place.steps.is_empty();
        match &place.origin {
            Origin::Arguments if is_root => Known::of(Kinds::OBJECT),
            Origin::Arguments => {
                let mut known = schema::known(self.schema, &place.steps);
                if self.amount.is_some_and(|path| is_at(path, &place.steps)) {
                    known.kinds = known.kinds & (Kinds::ABSENT | Kinds::NUMBER);
                    let least = known.least.take().map_or(whole(0), |least| least.max(whole(0)));
                    known.least = Some(least);
                }
                known
            }
            Origin::Fact(_) if is_root => {
                Known::of(Kinds::ARGUMENT | Kinds::PENDING | Kinds::LIMIT)
            }
            Origin::Tag(_) if is_root => Known::of(Kinds::MISSING | Kinds::TEXT | Kinds::LIMIT),
            Origin::Last(_) if is_root => Known::of(
                Kinds::MISSING | Kinds::OBJECT | Kinds::PENDING | Kinds::LOST | Kinds::LIMIT,
            ),
            _ => Known::ANYTHING,
        }
    }

    fn know_length(&self, of: Variable) -> Known {
        let mut known = Known::count(true);
        if let Some(Thing::Place(Place { origin: Origin::Arguments, steps })) = self.thing(of) {
            let (least, most) = schema::lengths(self.schema, steps, self.known(of).kinds);
            known.least = least.or(known.least);
            known.most = most;
        }
        known
    }
}

/// Whether these steps are these members.
pub(super) fn is_at(path: &[String], steps: &[Step]) -> bool {
    path.len() == steps.len()
        && path
            .iter()
            .zip(steps)
            .all(|(name, step)| matches!(step, Step::Member(own) if own == name))
}

/// A number as the sum that it is.
pub(super) fn constant(number: Decimal) -> Sum {
    Sum::constant(exact(number))
}
