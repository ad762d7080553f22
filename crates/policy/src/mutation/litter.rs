//! Which mutants live: those that compile, and are not the original again.

use std::collections::BTreeSet;
use std::sync::Arc;

use bounden_base::Digest;

use super::{Mutant, Operator};
use crate::bundle::Mechanism;
use crate::policy::Policy;

/// What becomes of a mutant.
#[derive(Clone, Debug)]
pub enum Birth {
    /// It does not compile.
    Stillborn,
    /// It is the original, or an earlier mutant, in other words.
    Equivalent,
    /// It is a policy of its own.
    Alive(Arc<Policy>),
}

/// Knows the mutants of one policy that it has seen.
#[derive(Debug)]
pub struct Litter<'p> {
    original: &'p Policy,
    seen: BTreeSet<Digest>,
}

impl<'p> Litter<'p> {
    /// Nothing seen but the original.
    #[must_use]
    pub fn new(original: &'p Policy) -> Self {
        Self { original, seen: BTreeSet::from([original.digest()]) }
    }

    /// What becomes of a mutant, given what [`Mutant::compile`] made of it.
    /// `is_proven_equal` may know that two policies decide alike although they
    /// are written differently; where it cannot tell, it says no.
    pub fn birth(
        &mut self,
        mutant: &Mutant,
        compiled: Option<Policy>,
        is_proven_equal: &dyn Fn(&Policy, &Policy) -> bool,
    ) -> Birth {
        let Some(policy) = compiled else { return Birth::Stillborn };
        if !self.seen.insert(policy.digest())
            || self.means_the_same_tools(mutant, &policy)
            || is_proven_equal(self.original, &policy)
        {
            return Birth::Equivalent;
        }
        Birth::Alive(Arc::new(policy))
    }

    /// Whether other words for tools mean the same tools. The closed list of
    /// tools also names what nobody declared: there its words matter
    /// themselves, and what it does does not.
    fn means_the_same_tools(&self, mutant: &Mutant, policy: &Policy) -> bool {
        let Some(id) = mutant.rule() else { return false };
        let find = |policy: &Policy| policy.rules.iter().position(|rule| rule.id == *id);
        let own = find(self.original).and_then(|index| self.original.rules.get(index));
        let mutated = find(policy).and_then(|index| policy.rules.get(index));
        let (Some(own), Some(mutated)) = (own, mutated) else { return false };
        let excludes = own.mechanism == Mechanism::ToolAllowlist;
        match mutant.operator {
            Operator::DropTool | Operator::WidenTools => {
                !excludes && own.tools == mutated.tools && self.original.terms == policy.terms
            }
            Operator::WeakenAction => excludes && own.tools.is_empty(),
            _ => false,
        }
    }
}
