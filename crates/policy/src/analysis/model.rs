//! One call that fits all assumptions, or the proof that there is none.

mod words;

use std::collections::BTreeMap;

use super::elimination::{self, Preferred, Solution, Wish};
use super::kinds::Kinds;
use super::linear::Sum;
use super::number::{Rational, decimal, exact, floor_to, ten_to, whole};
use super::space::{Space, Thing, Variable};
use super::store::{End, Store};

pub(super) use words::{Words, solve as solve_words};

/// A value for everything that was spoken of.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) kinds: BTreeMap<Variable, Kinds>,
    pub(super) numbers: BTreeMap<Variable, Rational>,
    pub(super) texts: BTreeMap<Variable, String>,
}

/// What becomes of assumptions that do not plainly contradict one another.
#[derive(Clone, Debug)]
pub(super) enum Leaf {
    Models(Vec<Model>),
    Contradiction,
    /// There may be such a call, and none was made.
    Undecided(&'static str),
}

/// Most choices of factors that are tried.
const MOST_SYSTEMS: usize = 24;

/// Looks for values that fit the assumptions.
pub(super) fn models(space: &Space<'_>, store: &Store) -> Leaf {
    space.budget.spend(space.size());
    match elimination::solve(space, store) {
        Solution::Nothing => return Leaf::Contradiction,
        Solution::Undecided => {
            return Leaf::Undecided("numbers depend on one another in ways that are not decided");
        }
        Solution::Values(_) => {}
    }
    let texts = match words::solve(space, store) {
        Words::Nothing => return Leaf::Contradiction,
        Words::Undecided(because) => return Leaf::Undecided(because),
        Words::Texts(texts) => texts,
    };
    let kinds = kinds(space, store, &texts);
    let exact = || space.definitions().map(|(result, sum)| Sum::of(result).minus(sum));
    let mut systems: Vec<Vec<Sum>> =
        factors(space, store).into_iter().map(|factors| exact().chain(factors).collect()).collect();
    let mut wishes: Vec<(Vec<Sum>, Preferred)> =
        systems.drain(..).map(|system| (system, Preferred::Low)).collect();
    // A rounded result may be what makes the difference.
    wishes.extend([(Vec::new(), Preferred::Low), (Vec::new(), Preferred::Middle)]);
    let found: Vec<Model> = wishes
        .iter()
        .take_while(|_| space.budget.spend(space.size()))
        .filter_map(|(more, preferred)| numbers(space, store, &kinds, &texts, more, *preferred))
        .map(|numbers| Model { kinds: kinds.clone(), numbers, texts: texts.clone() })
        .collect();
    if found.is_empty() {
        return Leaf::Undecided("no numbers were found that fit");
    }
    Leaf::Models(found)
}

/// The simplest kind for each variable.
fn kinds(
    space: &Space<'_>,
    store: &Store,
    texts: &BTreeMap<Variable, String>,
) -> BTreeMap<Variable, Kinds> {
    let simplest = |(variable, thing): (Variable, &Thing)| {
        let possible = store.kinds(space, variable);
        let is_flag = matches!(thing, Thing::Flag(_) | Thing::Label(_));
        let preferred = [Kinds::MISSING, Kinds::FALSE]
            .into_iter()
            .find(|kind| possible.meets(*kind) && (is_flag || *kind == Kinds::MISSING));
        let has_text = texts.contains_key(&variable) && possible.meets(Kinds::TEXT);
        let kind = match preferred {
            Some(kind) => kind,
            None if has_text => Kinds::TEXT,
            None => possible.iter().next().unwrap_or(Kinds::NULL),
        };
        (variable, kind)
    };
    space.variables().map(simplest).collect()
}

/// Products become sums where one of their factors is chosen: each choice as
/// equations, and none where there are no products.
fn factors(space: &Space<'_>, store: &Store) -> Vec<Vec<Sum>> {
    let mut systems = vec![Vec::new()];
    for (product, a, b) in space.products() {
        let bounds = store.bounds(space, *product);
        let low = bounds.low.map_or(whole(0), |end| end.number);
        let roots = a.only().and_then(|(variable, _)| {
            let unit = space.known(variable).unit.clone().unwrap_or_else(|| ten_to(-2));
            root(&low).map(|root| [floor_to(&root, &unit), floor_to(&root, &unit) + unit])
        });
        let simple = [1, 2, 3, 10, 100].map(whole).into_iter();
        let values: Vec<Rational> = simple.chain(roots.into_iter().flatten()).collect();
        let wider = systems.iter().flat_map(|system| {
            values.iter().map(move |value| {
                let chosen = a.minus(&Sum::constant(value.clone()));
                let result = Sum::of(*product).minus(&b.times(value));
                system.iter().cloned().chain([chosen, result]).collect()
            })
        });
        systems = wider.take(MOST_SYSTEMS).collect();
    }
    systems
}

/// A number near the square root.
fn root(number: &Rational) -> Option<Rational> {
    let near: f64 = decimal(number)?.to_f64().sqrt();
    Some(exact(format!("{near:.6}").parse().ok()?))
}

/// Numbers that fit the assumptions and these equations.
fn numbers(
    space: &Space<'_>,
    store: &Store,
    kinds: &BTreeMap<Variable, Kinds>,
    texts: &BTreeMap<Variable, String>,
    more: &[Sum],
    preferred: Preferred,
) -> Option<BTreeMap<Variable, Rational>> {
    let mut store = store.clone();
    for (variable, text) in texts {
        if let Some(length) = space.find(&Thing::Length(*variable))
            && kinds.get(variable) == Some(&Kinds::TEXT)
        {
            let count = whole(i64::try_from(text.chars().count()).unwrap_or(i64::MAX));
            let end = || End { number: count.clone(), included: true };
            let bounds = store.bounds.entry(length).or_default();
            bounds.raise(end());
            bounds.lower(end());
        }
    }
    let wanted = space.variables().filter(|(variable, thing)| {
        kinds.get(variable).is_some_and(|kind| kind.meets(Kinds::NUMBER | Kinds::INTERVAL))
            && !matches!(thing, Thing::Result(_) | Thing::Quotient(_))
    });
    let wanted = wanted.map(|(variable, _)| variable).collect();
    let wish = Wish { equations: more, variables: &wanted, preferred: Some(preferred) };
    match elimination::fulfil(space, &store, wish) {
        Solution::Values(values) => Some(values),
        Solution::Nothing | Solution::Undecided => None,
    }
}
