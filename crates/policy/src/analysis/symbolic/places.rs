//! Places in arguments, facts and earlier calls, and what surrounds a call.

use bounden_base::Json;

use super::super::formula::Formula;
use super::super::kinds::Kinds;
use super::super::linear::Sum;
use super::super::space::{Origin, Place, Thing, Variable, constant, is_at};
use super::super::text::TextSet;
use super::super::truths::Truths;
use super::{Binding, Case, Cases, List, Number, Read, Reader, Text, Unread, truth_of};
use crate::core::{Path, Root, Step};
use crate::doubt::Doubt;

/// Where a path leads.
enum Target {
    Place(Place),
    Literal(Json),
    Cases(Cases),
}

impl Reader<'_, '_> {
    pub(super) fn path(&mut self, path: &Path) -> Read<Cases> {
        match self.target(path)? {
            Target::Place(place) => Ok(self.read(place)),
            Target::Literal(value) => Ok(vec![(Formula::True, literal(&value, &path.steps))]),
            Target::Cases(cases) => Ok(cases),
        }
    }

    fn target(&mut self, path: &Path) -> Read<Target> {
        let origin = match &path.root {
            Root::Args => Origin::Arguments,
            Root::Fact(name) => self.fact(name),
            Root::Tag(name) => Origin::Tag(name.clone()),
            Root::Last(term) => Origin::Last(self.sides.term(self.policy, *term)),
            Root::Variable(depth) => {
                return Ok(match self.binding(*depth) {
                    Some(Binding::Place(place)) => {
                        let mut place = place.clone();
                        place.steps.extend(path.steps.iter().cloned());
                        Target::Place(place)
                    }
                    Some(Binding::Literal(value)) => Target::Literal(value.clone()),
                    None => return Err(Unread("a list macro has no variable".to_owned())),
                });
            }
            other => return self.surrounding(other).map(Target::Cases),
        };
        Ok(Target::Place(Place { origin, steps: path.steps.clone() }))
    }

    /// What surrounds a call.
    fn surrounding(&mut self, root: &Root) -> Read<Cases> {
        let text =
            |text: &str| Ok(vec![(Formula::True, Case::Text(Text::Constant(text.to_owned())))]);
        let thing = match root {
            Root::Tool => return text(self.tool.as_str()),
            Root::Server => return text(self.tool.server()),
            Root::Agent => return text(&self.policy.bundle().agent),
            Root::Principal => Thing::Principal,
            Root::SessionId => Thing::SessionId,
            Root::Now => Thing::Now,
            Root::Session(field) => Thing::Field(*field),
            other => return Err(Unread(format!("{other:?} is not there on calls"))),
        };
        let variable = self.space.variable(thing);
        Ok(self.value(variable, None))
    }

    pub(super) fn read(&mut self, place: Place) -> Cases {
        let root = Place { origin: place.origin.clone(), steps: Vec::new() };
        let root = self.space.place(root);
        let variable = self.space.place(place.clone());
        let cases = self.value(variable, Some(&place));
        // What is not there yet is in doubt in all its parts.
        let mut whole = Vec::new();
        for (kinds, doubt) in [
            (Kinds::PENDING, Doubt::PENDING),
            (Kinds::LOST, Doubt::LOST),
            (Kinds::LIMIT, Doubt::LIMIT),
        ] {
            let pending = self.space.kind(root, kinds);
            if !matches!(pending, Formula::False) {
                whole.push((pending, doubt));
            }
        }
        let settled = Formula::all(whole.iter().map(|(pending, _)| pending.negated()));
        let hidden = self.hidden(&place);
        let seen = settled.clone().and(hidden.negated());
        let guarded = cases.into_iter().map(|(formula, case)| (formula.and(seen.clone()), case));
        let doubts = whole.into_iter().map(|(pending, doubt)| (pending, Case::Doubt(doubt)));
        let hidden = [(settled.and(hidden), Case::Doubt(Doubt::ABSENT))];
        guarded.chain(doubts).chain(hidden).filter(is_possible).collect()
    }

    /// The values at a variable by their kinds.
    fn value(&mut self, variable: Variable, place: Option<&Place>) -> Cases {
        let list = place.map(|place| Case::List(List::Place(place.clone(), variable)));
        let cases = [
            (Kinds::ABSENT, Case::Doubt(Doubt::ABSENT)),
            (Kinds::TRUE, Case::Bool(true)),
            (Kinds::FALSE, Case::Bool(false)),
            (Kinds::NUMBER, Case::Number(Number::exact(Sum::of(variable)))),
            (Kinds::TEXT, Case::Text(Text::Variable(variable))),
            (Kinds::LIST, list.unwrap_or(Case::Doubt(Doubt::ABSENT))),
            (Kinds::OBJECT, Case::Object(variable)),
        ];
        let guarded =
            cases.into_iter().map(|(kinds, case)| (self.space.kind(variable, kinds), case));
        guarded.filter(is_possible).collect()
    }

    /// When an amount is in a currency that rules do not reckon in.
    fn hidden(&mut self, place: &Place) -> Formula {
        let money = self.policy.tools.find(self.tool).and_then(|tool| tool.money.as_ref());
        let is_amount =
            |path: &[String]| place.origin == Origin::Arguments && is_at(path, &place.steps);
        let Some(money) = money.filter(|money| is_amount(&money.path)) else {
            return Formula::False;
        };
        let Some(path) = &money.currency_path else { return Formula::False };
        let steps = path.iter().map(|name| Step::Member(name.clone())).collect();
        let stated = self.space.place(Place { origin: Origin::Arguments, steps });
        let own = self.space.text(stated, TextSet::only(&money.currency));
        let is_own = self.space.kind(stated, Kinds::TEXT).and(own);
        self.space.kind(stated, Kinds::ABSENT).or(is_own).negated()
    }

    /// Whether something stands there; a part of what holds no parts is malformed.
    pub(super) fn has(&mut self, path: &Path) -> Read<Truths> {
        let place = match self.target(path)? {
            Target::Place(place) => place,
            Target::Literal(value) => {
                let found = literal(&value, &path.steps);
                return Ok(Truths::of(!matches!(found, Case::Doubt(_))));
            }
            Target::Cases(cases) => {
                return Ok(truth_of(cases.into_iter().map(there).collect()));
            }
        };
        let root = self.space.place(Place { origin: place.origin.clone(), steps: Vec::new() });
        if self.space.known(root).kinds.meets(Kinds::LOST | Kinds::LIMIT) {
            return Err(Unread("it asks what an earlier call had".to_owned()));
        }
        let pending = self.space.kind(root, Kinds::PENDING);
        let mut malformed = Vec::new();
        for (parent, step) in place.parents().zip(&place.steps) {
            let holds = Place::container(step) | Kinds::ABSENT | Kinds::PENDING;
            let parent = self.space.place(parent);
            malformed.push(self.space.kind(parent, Kinds::EVERY.without(holds)));
        }
        let variable = self.space.place(place.clone());
        let settled = pending.negated();
        let malformed = Formula::any(malformed).or(self.hidden(&place)).and(settled.clone());
        let is_there = self.space.kind(variable, Kinds::EVERY.without(Kinds::ABSENT));
        let sound = malformed.negated().and(settled);
        let unknown = [(Doubt::ABSENT, malformed), (Doubt::PENDING, pending)];
        Ok(Truths {
            yes: is_there.clone().and(sound.clone()),
            no: is_there.negated().and(sound),
            unknown: unknown.into_iter().filter(|(_, of)| !matches!(of, Formula::False)).collect(),
        })
    }
}

/// A value as the answer whether it is there.
fn there((formula, case): (Formula, Case)) -> (Formula, Case) {
    let case = match case {
        Case::Doubt(doubt) if doubt == Doubt::ABSENT => Case::Bool(false),
        Case::Doubt(doubt) => Case::Doubt(doubt),
        _ => Case::Bool(true),
    };
    (formula, case)
}

fn is_possible((formula, _): &(Formula, Case)) -> bool {
    !matches!(formula, Formula::False)
}

/// The value at a place in literal data.
pub(super) fn literal(value: &Json, steps: &[Step]) -> Case {
    let found = steps.iter().try_fold(value, |value, step| match (value, step) {
        (Json::Object(members), Step::Member(name)) => members.get(name),
        (Json::Array(items), Step::Item(index)) => items.get(*index),
        _ => None,
    });
    match found {
        None | Some(Json::Null | Json::Object(_)) => Case::Doubt(Doubt::ABSENT),
        Some(Json::Bool(value)) => Case::Bool(*value),
        Some(Json::Number(number)) => Case::Number(Number::exact(constant(*number))),
        Some(Json::String(text)) => Case::Text(Text::Constant(text.clone())),
        Some(Json::Array(items)) => Case::List(List::Literal(items.clone().into())),
    }
}
