//! What has been assumed so far about one call, and what contradicts it at once.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::formula::Literal;
use super::kinds::Kinds;
use super::linear::{Relation, Row, Sum};
use super::number::{Rational, ceil_to, floor_to, lcm, whole};
use super::space::{Space, Variable};
use super::symbolic::rounding;
use super::text::TextSet;

/// The assumptions.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    kinds: BTreeMap<Variable, Kinds>,
    pub(super) bounds: BTreeMap<Variable, Bounds>,
    /// Relations of several numbers.
    pub(super) rows: Vec<Rc<Row>>,
    pub(super) fractions: Vec<(Variable, Rational)>,
    pub(super) texts: BTreeMap<Variable, Vec<(Rc<TextSet>, bool)>>,
    pub(super) same: Vec<(Variable, Variable, bool)>,
}

/// Where a number lies.
#[derive(Clone, Debug, Default)]
pub(super) struct Bounds {
    pub(super) low: Option<End>,
    pub(super) high: Option<End>,
    pub(super) unit: Option<Rational>,
}

/// One end, and whether the number may be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) number: Rational,
    pub(super) included: bool,
}

impl Store {
    pub(super) fn kinds(&self, space: &Space<'_>, variable: Variable) -> Kinds {
        self.kinds.get(&variable).copied().unwrap_or(space.known(variable).kinds)
    }

    /// How many assumptions there are.
    pub(super) fn size(&self) -> usize {
        let texts: usize = self.texts.values().map(Vec::len).sum();
        self.kinds.len() + self.bounds.len() + self.rows.len() + texts + self.same.len()
    }

    /// How much is assumed of texts.
    pub(super) fn text_count(&self) -> usize {
        self.texts.values().map(Vec::len).sum::<usize>() + self.same.len()
    }

    /// Bounds with what is known of the variable in every call.
    pub(super) fn bounds(&self, space: &Space<'_>, variable: Variable) -> Bounds {
        let known = space.known(variable);
        let end =
            |number: &Option<Rational>| number.clone().map(|number| End { number, included: true });
        let mut bounds =
            Bounds { low: end(&known.least), high: end(&known.most), unit: known.unit.clone() };
        if let Some(own) = self.bounds.get(&variable) {
            own.unit.iter().for_each(|unit| bounds.in_units(unit));
            own.low.iter().for_each(|low| bounds.raise(low.clone()));
            own.high.iter().for_each(|high| bounds.lower(high.clone()));
        }
        bounds.tighten();
        bounds
    }

    /// Assumes one more statement; `false` where it contradicts the others.
    pub(super) fn assume(&mut self, space: &Space<'_>, literal: &Literal) -> bool {
        match literal {
            Literal::Kind(variable, kinds) => {
                let kinds = self.kinds(space, *variable) & *kinds;
                self.kinds.insert(*variable, kinds);
                kinds != Kinds::NONE
            }
            Literal::Row(row) => self.row(space, row),
            Literal::Multiple(variable, unit, true) => {
                self.bounds.entry(*variable).or_default().in_units(unit);
                !self.bounds(space, *variable).is_empty()
            }
            Literal::Multiple(variable, unit, false) => {
                let own = self.bounds(space, *variable).unit;
                // Multiples of the one may all be multiples of the other.
                if own.is_some_and(|own| (own / unit).is_integer()) {
                    return false;
                }
                self.fractions.push((*variable, unit.clone()));
                true
            }
            Literal::Text(variable, set, holds) => {
                let known = self.texts.entry(*variable).or_default();
                let opposite =
                    known.iter().any(|(other, truth)| truth != holds && other.is_same(set));
                known.push((Rc::clone(set), *holds));
                !opposite
            }
            Literal::Same(a, b, holds) => {
                let opposite = self.same.contains(&(*a, *b, !holds));
                self.same.push((*a, *b, *holds));
                !opposite
            }
        }
    }

    /// Whether a statement follows at once, or contradicts at once.
    pub(super) fn decides(&self, space: &Space<'_>, literal: &Literal) -> Option<bool> {
        match literal {
            Literal::Kind(variable, kinds) => {
                let own = self.kinds(space, *variable);
                if own.is_within(*kinds) {
                    Some(true)
                } else if own.meets(*kinds) {
                    None
                } else {
                    Some(false)
                }
            }
            Literal::Row(row) => self.row_truth(space, row),
            Literal::Text(variable, set, holds) => {
                let known = self.texts.get(variable)?;
                known.iter().find(|(other, _)| other.is_same(set)).map(|(_, truth)| truth == holds)
            }
            Literal::Same(a, b, holds) => {
                let known = self.same.iter().find(|(c, d, _)| (a, b) == (c, d));
                known.map(|(_, _, truth)| truth == holds)
            }
            Literal::Multiple(..) => None,
        }
    }

    fn row(&mut self, space: &Space<'_>, row: &Rc<Row>) -> bool {
        let Some((variable, factor)) = row.sum.only() else {
            self.rows.push(Rc::clone(row));
            return self.row_truth(space, row) != Some(false);
        };
        let number = -(&row.sum.constant / factor);
        let included = row.relation != Relation::Below;
        let end = End { number, included };
        let own = self.bounds.entry(variable).or_default();
        if row.relation == Relation::Zero || *factor > whole(0) {
            own.lower(end.clone());
        }
        if row.relation == Relation::Zero || *factor < whole(0) {
            own.raise(end.clone());
        }
        if let Some(sum) = space.definition(variable) {
            self.near(sum, row, factor, &end);
        }
        !self.bounds(space, variable).is_empty()
    }

    /// A rounded result that is above a number comes from a sum that is above
    /// it too, since the number itself would not be rounded; one that is at
    /// least the number may come from a sum that is a little below.
    fn near(&mut self, sum: &Sum, row: &Row, factor: &Rational, end: &End) {
        let room = if end.included { rounding(&end.number) } else { whole(0) };
        let relation = if end.included { Relation::AtMost } else { Relation::Below };
        let end = Sum::constant(end.number.clone());
        let room = Sum::constant(room);
        if row.relation == Relation::Zero || *factor > whole(0) {
            self.rows.push(Row::new(sum.minus(&end).minus(&room), relation));
        }
        if row.relation == Relation::Zero || *factor < whole(0) {
            self.rows.push(Row::new(end.minus(sum).minus(&room), relation));
        }
    }

    /// What the bounds of its parts say of a row.
    fn row_truth(&self, space: &Space<'_>, row: &Row) -> Option<bool> {
        space.budget.spend(row.sum.parts.len());
        let mut low = Some(End { number: row.sum.constant.clone(), included: true });
        let mut high = low.clone();
        for (variable, factor) in &row.sum.parts {
            let bounds = self.bounds(space, *variable);
            let (least, most) = if *factor > whole(0) {
                (bounds.low, bounds.high)
            } else {
                (bounds.high, bounds.low)
            };
            low = plus(low, least, factor);
            high = plus(high, most, factor);
        }
        let zero = whole(0);
        let below = |end: &End| end.number < zero || (end.number == zero && !end.included);
        let above = |end: &End| end.number > zero || (end.number == zero && !end.included);
        let at_zero =
            |end: &Option<End>| end.as_ref().is_some_and(|end| end.number == zero && end.included);
        let all_below = high.as_ref().is_some_and(below);
        let all_above = low.as_ref().is_some_and(above);
        match row.relation {
            Relation::Below if all_below => Some(true),
            Relation::Below if all_above || at_zero(&low) => Some(false),
            Relation::AtMost if all_below || at_zero(&high) => Some(true),
            Relation::AtMost if all_above => Some(false),
            Relation::Zero if at_zero(&low) && at_zero(&high) => Some(true),
            Relation::Zero if all_below || all_above => Some(false),
            _ => None,
        }
    }
}

fn plus(sum: Option<End>, part: Option<End>, factor: &Rational) -> Option<End> {
    let (sum, part) = (sum?, part?);
    Some(End { number: sum.number + part.number * factor, included: sum.included && part.included })
}

impl Bounds {
    pub(super) fn raise(&mut self, end: End) {
        let is_higher =
            |old: &End| end.number > old.number || (end.number == old.number && !end.included);
        if self.low.as_ref().is_none_or(is_higher) {
            self.low = Some(end);
        }
    }

    pub(super) fn lower(&mut self, end: End) {
        let is_lower =
            |old: &End| end.number < old.number || (end.number == old.number && !end.included);
        if self.high.as_ref().is_none_or(is_lower) {
            self.high = Some(end);
        }
    }

    fn in_units(&mut self, unit: &Rational) {
        self.unit = Some(match &self.unit {
            Some(own) => lcm(own, unit),
            None => unit.clone(),
        });
    }

    /// Moves both ends to multiples of the unit.
    pub(super) fn tighten(&mut self) {
        let Some(unit) = &self.unit else { return };
        if let Some(low) = &mut self.low {
            let mut number = ceil_to(&low.number, unit);
            if !low.included && number == low.number {
                number += unit;
            }
            *low = End { number, included: true };
        }
        if let Some(high) = &mut self.high {
            let mut number = floor_to(&high.number, unit);
            if !high.included && number == high.number {
                number -= unit;
            }
            *high = End { number, included: true };
        }
    }

    pub(super) fn contains(&self, number: &Rational) -> bool {
        let low = self.low.as_ref();
        let high = self.high.as_ref();
        low.is_none_or(|end| *number > end.number || (end.included && *number == end.number))
            && high
                .is_none_or(|end| *number < end.number || (end.included && *number == end.number))
            && self.unit.as_ref().is_none_or(|unit| (number / unit).is_integer())
    }

    /// Every number in the bounds, where there are at most so many.
    pub(super) fn values(&self, most: usize) -> Option<Vec<Rational>> {
        let mut bounds = self.clone();
        bounds.tighten();
        let (low, high) = (bounds.low?.number, bounds.high?.number);
        let unit = bounds.unit?;
        let most = whole(i64::try_from(most).unwrap_or(i64::MAX));
        if (&high - &low) / &unit >= most {
            return None;
        }
        let mut values = vec![low.clone()];
        while let Some(next) = values.last().map(|last| last + &unit).filter(|next| *next <= high) {
            values.push(next);
        }
        Some(values)
    }

    pub(super) fn is_empty(&self) -> bool {
        match (&self.low, &self.high) {
            (Some(low), Some(high)) => {
                low.number > high.number
                    || (low.number == high.number && !(low.included && high.included))
            }
            _ => false,
        }
    }
}
