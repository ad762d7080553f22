//! What several guards can decide, each with its own memory: caps and
//! prerequisites. Other questions about calls of all guards are refused.

use std::collections::BTreeMap;

use bounden_base::{Decimal, Span};

use super::{CompiledAction, CompiledCriterion, CompiledRule};
use crate::core::{Aggregate, Arithmetic, Comparison, Core, Pair, Root, Scope, Term, TermId};
use crate::lease::Sharing;
use crate::problem::{Place, Problem};

/// Looks at every expression of a policy that several guards enforce.
pub(super) struct Shapes<'p> {
    terms: &'p [Term],
    found: BTreeMap<TermId, Sharing>,
    problems: Vec<Problem>,
}

/// How each chain over calls of all guards is decided by one of them.
pub(super) fn sharing(
    terms: &[Term],
    rules: &[CompiledRule],
    criteria: &[CompiledCriterion],
) -> Result<BTreeMap<TermId, Sharing>, Vec<Problem>> {
    let mut shapes = Shapes { terms, found: BTreeMap::new(), problems: Vec::new() };
    for rule in rules {
        let place = Place::Rule(rule.id.clone());
        if let Some(when) = &rule.when {
            shapes.predicate(when, true, &place);
        }
        if let CompiledAction::Set { value, .. } = &rule.action {
            shapes.refuse_shared(value, &Place::RuleSet(rule.id.clone()));
        }
    }
    for criterion in criteria {
        if let Some(given) = &criterion.given {
            shapes.refuse_shared(given, &Place::CriterionGiven(criterion.id.clone()));
        }
        for (index, (_, clause)) in criterion.expect.iter().enumerate() {
            shapes.refuse_shared(clause, &Place::Criterion(criterion.id.clone(), index));
        }
    }
    if shapes.problems.is_empty() { Ok(shapes.found) } else { Err(shapes.problems) }
}

impl Shapes<'_> {
    /// `fires` says whether a rule fires where the predicate holds, or where it does not.
    fn predicate(&mut self, core: &Core, fires: bool, place: &Place) {
        match core {
            Core::Not(inner) => self.predicate(inner, !fires, place),
            Core::And(left, right) | Core::Or(left, right) => {
                self.predicate(left, fires, place);
                self.predicate(right, fires, place);
            }
            Core::History(term, Aggregate::Exists, chain) if self.is_shared(*term) => {
                let one = Decimal::from(1_u32);
                self.note(*term, chain, fires.then_some(one), place);
            }
            Core::Compare(comparison, pair) => self.comparison(*comparison, pair, fires, place),
            other => self.refuse_shared(other, place),
        }
    }

    fn comparison(&mut self, comparison: Comparison, pair: &Pair, fires: bool, place: &Place) {
        let sides = match (&pair.left, &pair.right) {
            (number, Core::Number(bound)) => Some((number, *bound, false)),
            (Core::Number(bound), number) => Some((number, *bound, true)),
            _ => None,
        };
        let counted = sides.and_then(|(number, bound, turned)| {
            let (term, chain) = self.count_in(number)?;
            let above = match comparison {
                Comparison::Greater | Comparison::GreaterEqual => !turned,
                Comparison::Less | Comparison::LessEqual => turned,
                Comparison::Equal | Comparison::NotEqual => return None,
            };
            Some((term, chain, (above == fires).then_some(bound)))
        });
        match counted {
            Some((term, chain, cap)) => self.note(term, chain, cap, place),
            None => {
                self.refuse_shared(&pair.left, place);
                self.refuse_shared(&pair.right, place);
            }
        }
    }

    /// The one shared count or sum of a number, where nothing but what the
    /// present call adds stands beside it.
    fn count_in<'c>(&self, number: &'c Core) -> Option<(TermId, &'c str)> {
        match number {
            Core::History(term, Aggregate::Count | Aggregate::Sum, chain)
                if self.is_shared(*term) =>
            {
                Some((*term, chain))
            }
            Core::Arithmetic(Arithmetic::Add, left, right) => {
                match (self.reads_shared(left), self.reads_shared(right)) {
                    (true, false) => self.count_in(left),
                    (false, true) => self.count_in(right),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Notes what a chain is for: a cap of this constant, or a prerequisite.
    fn note(&mut self, term_id: TermId, chain: &str, cap: Option<Decimal>, place: &Place) {
        let sharing = match cap {
            Some(bound) => Sharing::Cap { chain: chain.to_owned(), bound },
            None => Sharing::Prerequisite,
        };
        let is_plain = self
            .terms
            .get(term_id)
            .is_some_and(|term| term.since.is_none() && term.after.is_none());
        if !is_plain {
            let message = format!("`{chain}` hangs on the order of calls at several guards");
            return self.refuse(place, message);
        }
        let is_new = match self.found.get(&term_id) {
            None => true,
            Some(known) => *known == sharing || same_but_name(known, &sharing),
        };
        if !is_new {
            let message = format!("`{chain}` is compared in two ways, and a lease is for one");
            return self.refuse(place, message);
        }
        self.found.entry(term_id).or_insert(sharing);
    }

    fn refuse_shared(&mut self, core: &Core, place: &Place) {
        if self.reads_shared(core) {
            let message = "calls of several guards can be capped or demanded beforehand only";
            self.refuse(place, message.to_owned());
        }
    }

    fn refuse(&mut self, place: &Place, message: String) {
        self.problems.push(Problem {
            code: "B261",
            place: place.clone(),
            span: Span::default(),
            message,
            help: Some(
                "compare a count or a sum with one constant, or count within the session"
                    .to_owned(),
            ),
        });
    }

    fn reads_shared(&self, core: &Core) -> bool {
        core.has_part(&|part| match part {
            Core::History(term, ..) => self.is_shared(*term),
            Core::Path(path) | Core::Has(path) => {
                matches!(path.root, Root::Last(term) if self.is_shared(term))
            }
            _ => false,
        })
    }

    /// Whether calls of other guards count. A session lives at one guard.
    fn is_shared(&self, term: TermId) -> bool {
        self.terms.get(term).is_some_and(|term| term.scope != Scope::Session)
    }
}

/// Whether two caps are the same but for how the chain ends, as `exists()` and
/// `count() >= 1` do.
fn same_but_name(a: &Sharing, b: &Sharing) -> bool {
    matches!((a, b), (Sharing::Cap { bound: a, .. }, Sharing::Cap { bound: b, .. }) if a == b)
}
