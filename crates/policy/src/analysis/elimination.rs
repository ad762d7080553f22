//! Whether numbers can stand in all these relations at once, and which do.
//!
//! Variables are eliminated one by one (Fourier 1826, Motzkin 1936). Where
//! numbers are multiples of a unit, every row is first moved to the nearest
//! multiple that a sum of them can be, so that sums of whole numbers are
//! decided as such.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::linear::{Relation, Row, Sum};
use super::number::{Rational, ceil_to, decimal, floor_to, gcd, ten_to, whole};
use super::space::{Space, Thing, Variable};
use super::store::{Bounds, End, Store};

/// What became of a system of relations.
#[derive(Clone, Debug)]
pub(super) enum Solution {
    Values(BTreeMap<Variable, Rational>),
    /// No numbers stand in all of them.
    Nothing,
    Undecided,
}

/// Which of several numbers is tried first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Preferred {
    /// The one just beyond the lower end.
    Low,
    /// The one between the ends.
    Middle,
}

/// What is solved besides the assumptions themselves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish<'w> {
    /// Sums that are to be zero.
    pub(super) equations: &'w [Sum],
    /// Variables that are to have a value, whether a row speaks of them or not.
    pub(super) variables: &'w BTreeSet<Variable>,
    /// Without one it is enough to know whether there are values at all.
    pub(super) preferred: Option<Preferred>,
}

/// `sum < 0`, or `sum <= 0`.
#[derive(Clone, Debug)]
struct Inequality {
    sum: Sum,
    strict: bool,
}

/// A variable, and everything that was said of it before it was eliminated.
struct Eliminated {
    variable: Variable,
    rows: Vec<Inequality>,
}

/// Most rows at one time.
const MOST_ROWS: usize = 600;
/// Most values of one number that are gone through.
const MOST_VALUES: usize = 32;
/// Most values that are tried, all variables together.
const MOST_TRIED: usize = 400;
/// Steps for a system, besides what is in it.
const PER_SYSTEM: usize = 4;

/// Whether the assumptions about numbers contradict one another.
pub(super) fn solve(space: &Space<'_>, store: &Store) -> Solution {
    let variables = BTreeSet::new();
    let wish = Wish { equations: &[], variables: &variables, preferred: None };
    fulfil(space, store, wish)
}

/// Values that fit the assumptions and fulfil a wish.
pub(super) fn fulfil(space: &Space<'_>, store: &Store, wish: Wish<'_>) -> Solution {
    let more = wish.equations;
    let given = store.rows.len() + more.len() + wish.variables.len();
    if !space.budget.spend(PER_SYSTEM + given) {
        return Solution::Undecided;
    }
    let mut rows = Vec::new();
    let mut variables = wish.variables.clone();
    let all = store.rows.iter().map(|row| (&row.sum, row.relation));
    for (sum, relation) in all.chain(more.iter().map(|sum| (sum, Relation::Zero))) {
        variables.extend(sum.parts.keys().copied());
        let strict = relation == Relation::Below;
        rows.push(Inequality { sum: sum.clone(), strict });
        if relation == Relation::Zero {
            rows.push(Inequality { sum: sum.times(&whole(-1)), strict });
        }
    }
    let mut bounds = BTreeMap::new();
    for variable in &variables {
        let own = store.bounds(space, *variable);
        if own.is_empty() {
            return Solution::Nothing;
        }
        rows.extend(ends(*variable, &own));
        bounds.insert(*variable, own);
    }
    let fractions = &store.fractions;
    let solver = Solver { space, bounds, fractions, preferred: wish.preferred };
    let equal = |row: &&Rc<Row>| row.relation == Relation::Zero;
    let equations = store.rows.iter().filter(equal).map(|row| &row.sum);
    if equations.chain(more).any(|sum| solver.makes_whole(sum)) || is_pinned(space, store) {
        return Solution::Nothing;
    }
    match solver.solve(variables.clone(), rows) {
        Solution::Undecided => one_by_one(space, store, &variables, wish),
        decided => decided,
    }
}

/// Tries every value of a number that can have only a few of them, where the
/// rows alone do not decide between whole numbers.
fn one_by_one(
    space: &Space<'_>,
    store: &Store,
    variables: &BTreeSet<Variable>,
    wish: Wish<'_>,
) -> Solution {
    let few = variables.iter().filter_map(|variable| {
        let values = store.bounds(space, *variable).values(MOST_VALUES)?;
        (values.len() > 1).then_some((*variable, values))
    });
    let Some((variable, values)) = few.min_by_key(|(_, values)| values.len()) else {
        return Solution::Undecided;
    };
    let mut whole = Solution::Nothing;
    for number in values {
        if space.budget.is_spent() {
            return Solution::Undecided;
        }
        let mut store = store.clone();
        let bounds = store.bounds.entry(variable).or_default();
        bounds.raise(End { number: number.clone(), included: true });
        bounds.lower(End { number, included: true });
        match fulfil(space, &store, wish) {
            Solution::Nothing => {}
            Solution::Undecided => whole = Solution::Undecided,
            found => return found,
        }
    }
    whole
}

/// Whether bounds leave a number only a multiple of what it is no multiple of.
fn is_pinned(space: &Space<'_>, store: &Store) -> bool {
    store.fractions.iter().any(|(variable, unit)| {
        let bounds = store.bounds(space, *variable);
        let ends = bounds.low.zip(bounds.high);
        ends.is_some_and(|(low, high)| low == high && (low.number / unit).is_integer())
    })
}

fn ends(variable: Variable, bounds: &Bounds) -> Vec<Inequality> {
    let own = Sum::of(variable);
    let constant = |end: &End| Sum::constant(end.number.clone());
    let low = bounds
        .low
        .as_ref()
        .map(|end| Inequality { sum: constant(end).minus(&own), strict: !end.included });
    let high = bounds
        .high
        .as_ref()
        .map(|end| Inequality { sum: own.minus(&constant(end)), strict: !end.included });
    low.into_iter().chain(high).collect()
}

struct Solver<'s, 'a> {
    space: &'s Space<'a>,
    bounds: BTreeMap<Variable, Bounds>,
    /// Numbers that are no multiples of these.
    fractions: &'s [(Variable, Rational)],
    preferred: Option<Preferred>,
}

impl Solver<'_, '_> {
    fn solve(&self, mut left: BTreeSet<Variable>, rows: Vec<Inequality>) -> Solution {
        let mut rows: Vec<Inequality> = rows.into_iter().map(|row| self.tightened(row)).collect();
        let mut order: Vec<Eliminated> = Vec::new();
        loop {
            if rows.iter().any(|row| row.is_contradiction()) {
                return Solution::Nothing;
            }
            rows.retain(|row| row.sum.value().is_none());
            let next = left
                .iter()
                .copied()
                .min_by_key(|variable| (self.rank(*variable), cost(&rows, *variable)));
            let Some(variable) = next else { break };
            left.remove(&variable);
            let (own, mut rest): (Vec<_>, Vec<_>) =
                rows.into_iter().partition(|row| row.sum.parts.contains_key(&variable));
            let Some(combined) = self.combined(&own, variable) else {
                return Solution::Undecided;
            };
            rest.extend(combined);
            if rest.len() > MOST_ROWS {
                return Solution::Undecided;
            }
            order.push(Eliminated { variable, rows: own });
            rows = rest;
        }
        if self.preferred.is_none() && self.is_dense() {
            return Solution::Values(BTreeMap::new());
        }
        order.reverse();
        let mut tried = 0;
        match self.values(&order, BTreeMap::new(), &mut tried) {
            Some(values) => Solution::Values(values),
            None => Solution::Undecided,
        }
    }

    /// Whether there is a value between any two, so that rows which do not contradict one
    /// another always have a solution.
    fn is_dense(&self) -> bool {
        self.fractions.is_empty() && self.bounds.values().all(|bounds| bounds.unit.is_none())
    }

    /// Whether an equation makes a number a multiple of what it is no multiple of.
    fn makes_whole(&self, sum: &Sum) -> bool {
        self.fractions.iter().any(|(variable, unit)| {
            let Some(factor) = sum.parts.get(variable) else { return false };
            let is_multiple = |number: Rational| (number / factor / unit).is_integer();
            let others = sum.parts.iter().filter(|(other, _)| *other != variable);
            is_multiple(sum.constant.clone())
                && others.into_iter().all(|(other, own)| {
                    let unit = self.bounds.get(other).and_then(|bounds| bounds.unit.clone());
                    unit.is_some_and(|unit| is_multiple(unit * own))
                })
        })
    }

    /// What is eliminated last is chosen first: the past as short as it gets,
    /// then arguments, and results follow from both.
    fn rank(&self, variable: Variable) -> u8 {
        match self.space.thing(variable) {
            Some(Thing::Result(_)) => 0,
            Some(Thing::Place(_)) => 1,
            _ => 2,
        }
    }

    /// Every lower bound of a variable with every upper one, if that is not too much.
    fn combined(&self, rows: &[Inequality], variable: Variable) -> Option<Vec<Inequality>> {
        let factor = |row: &Inequality| row.sum.parts.get(&variable).cloned().unwrap_or(whole(0));
        let (upper, lower): (Vec<_>, Vec<_>) = rows.iter().partition(|row| factor(row) > whole(0));
        let mut combined = Vec::new();
        for low in &lower {
            for high in &upper {
                if !self.space.budget.spend(low.sum.weight() + high.sum.weight()) {
                    return None;
                }
                let sum = low.sum.times(&factor(high)).minus(&high.sum.times(&factor(low)));
                let row = Inequality { sum, strict: low.strict || high.strict };
                combined.push(self.tightened(row));
            }
        }
        Some(combined)
    }

    /// Moves the constant to what a sum of multiples can reach.
    fn tightened(&self, row: Inequality) -> Inequality {
        let mut grain: Option<Rational> = None;
        for (variable, factor) in &row.sum.parts {
            let unit = self.bounds.get(variable).and_then(|bounds| bounds.unit.as_ref());
            let Some(unit) = unit else { return row };
            let zero = whole(0);
            let step = if *factor < zero { -(factor * unit) } else { factor * unit };
            grain = Some(grain.map_or(step.clone(), |grain| gcd(&grain, &step)));
        }
        let Some(grain) = grain else { return row };
        // parts <= -constant
        let limit = -row.sum.constant.clone();
        let mut reached = floor_to(&limit, &grain);
        if row.strict && reached == limit {
            reached -= grain;
        }
        Inequality { sum: Sum { constant: -reached, ..row.sum }, strict: false }
    }

    /// Values for the variables, those that were eliminated last first.
    fn values(
        &self,
        order: &[Eliminated],
        values: BTreeMap<Variable, Rational>,
        tried: &mut usize,
    ) -> Option<BTreeMap<Variable, Rational>> {
        let Some((first, rest)) = order.split_first() else { return Some(values) };
        let mut bounds = Bounds {
            unit: self.bounds.get(&first.variable).and_then(|bounds| bounds.unit.clone()),
            ..Bounds::default()
        };
        for row in &first.rows {
            self.space.budget.spend(row.sum.weight());
            let sum = row.sum.with(&values);
            let (_, factor) = sum.only()?;
            let end = End { number: -(&sum.constant / factor), included: !row.strict };
            if *factor > whole(0) { bounds.lower(end) } else { bounds.raise(end) }
        }
        bounds.tighten();
        if bounds.is_empty() {
            return None;
        }
        let is_money = self.space.is_money(first.variable);
        for value in candidates(&bounds, is_money, self.preferred.unwrap_or(Preferred::Low)) {
            let is_whole = self.fractions.iter().any(|(variable, unit)| {
                *variable == first.variable && (&value / unit).is_integer()
            });
            if is_whole || decimal(&value).is_none() || !bounds.contains(&value) {
                continue;
            }
            *tried += 1;
            if *tried > MOST_TRIED || !self.space.budget.spend(order.len()) {
                return None;
            }
            let mut values = values.clone();
            values.insert(first.variable, value);
            if let Some(found) = self.values(rest, values, tried) {
                return Some(found);
            }
        }
        None
    }
}

impl Inequality {
    fn is_contradiction(&self) -> bool {
        let zero = whole(0);
        self.sum.value().is_some_and(|value| *value > zero || (self.strict && *value == zero))
    }
}

/// How many rows come of eliminating a variable.
fn cost(rows: &[Inequality], variable: Variable) -> usize {
    let factors = rows.iter().filter_map(|row| row.sum.parts.get(&variable));
    let (above, below): (Vec<_>, Vec<_>) = factors.partition(|factor| **factor > whole(0));
    above.len() * below.len()
}

/// Values between two ends, each once: just beyond the lower one first, then simple ones.
fn candidates(
    bounds: &Bounds,
    is_money: bool,
    preferred: Preferred,
) -> impl Iterator<Item = Rational> {
    let (low, high) = (bounds.low.iter(), bounds.high.iter());
    let middle = bounds.low.as_ref().zip(bounds.high.as_ref());
    let middle = middle.map(|(low, high)| (&low.number + &high.number) / whole(2));
    let between = middle.clone().filter(|_| preferred == Preferred::Middle);
    let near = between.into_iter().flat_map(move |middle| {
        let both = move |step| [ceil_to(&middle, &step), floor_to(&middle, &step)];
        steps(bounds, is_money).flat_map(both)
    });
    let beyond = move |step: Rational| {
        let above = low.clone().flat_map({
            let step = step.clone();
            move |end| at(end).chain([floor_to(&(&end.number + &step), &step), &end.number + &step])
        });
        let below = high.clone().flat_map(move |end| {
            at(end).chain([ceil_to(&(&end.number - &step), &step), &end.number - &step])
        });
        above.chain(below)
    };
    let simple = [0, 1, 2, 3, 4, 5, 10, 1_000, -1].map(whole);
    let last = middle.into_iter().flat_map(move |middle| {
        let whole = middle.clone();
        steps(bounds, is_money).map(move |step| floor_to(&middle, &step)).chain([whole])
    });
    let mut seen = BTreeSet::new();
    near.chain(steps(bounds, is_money).flat_map(beyond))
        .chain(simple)
        .chain(last)
        .filter(move |value| seen.insert(value.clone()))
}

/// How far apart the values are that are tried.
fn steps(bounds: &Bounds, is_money: bool) -> impl Iterator<Item = Rational> {
    let first = if is_money { None } else { Some(0) };
    let places = first.into_iter().chain([-2, -4, -8, -16, -30, -34]);
    let is_free = bounds.unit.is_none();
    bounds.unit.clone().into_iter().chain(places.filter(move |_| is_free).map(ten_to))
}

/// The end itself, if the number may be there.
fn at(end: &End) -> impl Iterator<Item = Rational> {
    end.included.then(|| end.number.clone()).into_iter()
}
