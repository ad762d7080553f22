//! Lists, looked at item by item up to a number of items that is enough.
//!
//! Whoever asks for all, some or one of the items needs a few of them to get
//! any answer that a longer list could give.

use bounden_base::Json;

use super::super::formula::Formula;
use super::super::kinds::Kinds;
use super::super::linear::Sum;
use super::super::number::whole;
use super::super::space::{Place, Thing, Variable};
use super::super::text::TextSet;
use super::super::truths::{Truths, enter};
use super::atoms::at_least;
use super::places::literal;
use super::{Binding, Case, Cases, List, Read, Reader, Unread};
use crate::core::{Comparison, Core, Pair, Quantifier, Step};
use crate::doubt::Doubt;

/// Most items that one predicate looks at; more of them are in doubt.
pub(in crate::analysis) const MOST_LOOKED_AT: i64 = 10_000;

impl Reader<'_, '_> {
    pub(super) fn quantify(
        &mut self,
        quantifier: Quantifier,
        list: &Core,
        body: &Core,
    ) -> Read<Truths> {
        let lists = self.cases(list)?;
        self.joined(&lists, &one(Case::Bool(true)), |reader, list, _| {
            reader.over_list(list, |reader, items| {
                let mut truths = Vec::new();
                for (there, item) in items {
                    reader.bindings.push(item);
                    let truth = reader.truths(body);
                    reader.bindings.pop();
                    truths.push((there, truth?));
                }
                joined(quantifier, truths)
            })
        })
    }

    pub(super) fn membership(&mut self, pair: &Pair) -> Read<Truths> {
        let (item, lists) = (self.cases(&pair.left)?, self.cases(&pair.right)?);
        self.joined(&item, &lists, |reader, item, list| {
            reader.over_list(list, |reader, items| {
                if let Case::Text(text) = item
                    && let Some(texts) = plain_texts(&items)
                {
                    return Ok(Truths::when(reader.in_set(text, TextSet::OneOf(texts))));
                }
                let mut truths = Vec::new();
                for (there, other) in items {
                    truths.push((there, reader.equals(item, &other)?));
                }
                joined(Quantifier::Exists, truths)
            })
        })
    }

    /// Whether a value equals an item; an item that is null is no value.
    fn equals(&mut self, item: &Case, other: &Binding) -> Read<Truths> {
        let others = match other {
            Binding::Literal(value) => one(literal(value, &[])),
            Binding::Place(place) => self.read(place.clone()),
        };
        let (null, values): (Cases, Cases) = others
            .into_iter()
            .partition(|(_, case)| matches!(case, Case::Doubt(doubt) if *doubt == Doubt::ABSENT));
        let mut truths = self.joined(&one(item.clone()), &values, |reader, a, b| {
            reader.compare(Comparison::Equal, a, b)
        })?;
        truths.no = truths.no.or(Formula::any(null.into_iter().map(|(formula, _)| formula)));
        Ok(truths)
    }

    /// The truths of a question about the items of a list.
    fn over_list(
        &mut self,
        list: &Case,
        ask: impl FnOnce(&mut Self, Vec<(Formula, Binding)>) -> Read<Truths>,
    ) -> Read<Truths> {
        match list {
            Case::List(List::Literal(items)) => {
                let count = whole(i64::try_from(items.len()).unwrap_or(i64::MAX));
                self.looked_at = self.looked_at.plus(&Sum::constant(count));
                let items =
                    items.iter().map(|item| (Formula::True, Binding::Literal(item.clone())));
                ask(self, items.collect())
            }
            Case::List(List::Place(place, variable)) => {
                let exceeded = self.exceeded(*variable);
                let items = self.items_of(place, *variable);
                let mut truths = ask(self, items)?.where_(&exceeded.negated(), false);
                // Nothing is false either where too much would be looked at.
                truths.no = truths.no.and(exceeded.negated());
                enter(&mut truths.unknown, Doubt::LIMIT, exceeded);
                Ok(truths)
            }
            _ => Ok(Truths {
                yes: Formula::False,
                no: Formula::False,
                unknown: vec![(Doubt::ABSENT, Formula::True)],
            }),
        }
    }

    /// The items that a list may have, with the formulas under which it does.
    fn items_of(&mut self, place: &Place, list: Variable) -> Vec<(Formula, Binding)> {
        let length = self.space.variable(Thing::Length(list));
        let most = self.space.known(length).most.clone();
        let length = Sum::of(length);
        let count = (0..self.items).take_while(|index| {
            let index = whole(i64::try_from(*index).unwrap_or(i64::MAX));
            most.as_ref().is_none_or(|most| &index < most)
        });
        let items = count.map(|index| {
            let item = place.child(Step::Item(index));
            self.space.place(item.clone());
            (at_least(&length, index + 1), Binding::Place(item))
        });
        items.collect()
    }

    /// When this predicate would look at more items than it may.
    fn exceeded(&mut self, list: Variable) -> Formula {
        let length = Sum::of(self.space.variable(Thing::Length(list)));
        let is_first = self.looked_at.value().is_some();
        self.looked_at = self.looked_at.plus(&length);
        let limit = Sum::constant(whole(MOST_LOOKED_AT));
        let beyond = Formula::below(&limit, &self.looked_at);
        if is_first {
            return beyond;
        }
        // Which of several lists is the one too long depends on their order.
        let name = format!("more items than may be looked at {:?}", self.looked_at.parts);
        let variable = self.space.variable(Thing::Flag(name));
        beyond.and(self.space.kind(variable, Kinds::TRUE))
    }
}

/// A value that is always the one.
fn one(case: Case) -> Cases {
    vec![(Formula::True, case)]
}

/// Whether all items are literal texts, which are they.
fn plain_texts(items: &[(Formula, Binding)]) -> Option<std::collections::BTreeSet<String>> {
    let texts = items.iter().map(|(_, item)| match item {
        Binding::Literal(Json::String(text)) => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}

/// The answer to a question about items, each of which need not be there.
fn joined(quantifier: Quantifier, items: Vec<(Formula, Truths)>) -> Read<Truths> {
    let guarded = |otherwise: bool| {
        items.iter().map(|(there, truth)| truth.clone().where_(there, otherwise)).collect()
    };
    Ok(match quantifier {
        Quantifier::All => Truths::all(guarded(true)),
        Quantifier::Exists => Truths::any(guarded(false)),
        Quantifier::ExistsOne => return exactly_one(guarded(false)),
    })
}

fn exactly_one(items: Vec<Truths>) -> Read<Truths> {
    let doubts = items.iter().flat_map(|item| &item.unknown);
    if doubts.clone().any(|(doubt, _)| *doubt != Doubt::ABSENT) {
        return Err(Unread("the one item of a list depends on what is under way".to_owned()));
    }
    let others = |index: usize| {
        items.iter().enumerate().filter(move |(other, _)| *other != index).map(|(_, item)| item)
    };
    let yes = Formula::any(items.iter().enumerate().map(|(index, item)| {
        item.yes.clone().and(Formula::all(others(index).map(|other| other.no.clone())))
    }));
    let two = items.iter().enumerate().map(|(index, item)| {
        item.yes.clone().and(Formula::any(others(index).map(|other| other.yes.clone())))
    });
    let none = Formula::all(items.iter().map(|item| item.no.clone()));
    let no = Formula::any(two).or(none);
    let open = yes.negated().and(no.negated());
    Ok(Truths { yes, no, unknown: vec![(Doubt::ABSENT, open)] })
}
