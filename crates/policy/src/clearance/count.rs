//! What a cleared call means for a term that counts it.

use bounden_base::Decimal;

use super::Known;
use super::ask::{Answer, Call};
use super::condition::{Compiler, Condition, Operand};
use super::cursor::{Clear, Unclear};
use crate::core::TermId;
use crate::moment::History;
use crate::past::Counted;

/// How one term sees the calls of one tool.
#[derive(Clone, Debug)]
pub(super) struct Count {
    term: TermId,
    key: Option<Operand>,
    filter: Option<Condition>,
    sum: Option<Operand>,
}

impl Count {
    /// `None` where a part of the term has no quick form.
    pub(super) fn new(
        term: TermId,
        known: &Known<'_>,
        compiler: &mut Compiler<'_>,
    ) -> Option<Self> {
        let parts = known.terms.get(term)?;
        let mut operand = |core: &Option<_>| match core {
            Some(core) => compiler.operand(core).map(Some),
            None => Some(None),
        };
        let (key, sum) = (operand(&parts.by)?, operand(&parts.sum)?);
        // A filter that compares with a later call is left to that one.
        let filter = parts.filter.as_ref().filter(|_| known.fixed.contains(&term));
        let filter = filter.map(|filter| compiler.predicate(filter));
        Some(Self { term, key, filter, sum })
    }

    /// What the term keeps of a call; nothing where it has no key or is filtered out.
    pub(super) fn ask<'c, H: History>(&'c self, call: &Call<'c, H>) -> Clear<Option<Counted<'c>>> {
        let key = match &self.key {
            Some(key) if call.is_absent(key) => return Ok(None),
            Some(key) => Some(call.key(key).ok_or(Unclear)?),
            None => None,
        };
        match self.filter.as_ref().map_or(Answer::True, |filter| call.ask(filter)) {
            Answer::True => {}
            Answer::False => return Ok(None),
            Answer::Unsure => return Err(Unclear),
        }
        let value = match &self.sum {
            Some(sum) => call.value(sum).and_then(|value| value.number().ok()).ok_or(Unclear)?.low,
            None => Decimal::ZERO,
        };
        if value.is_negative() {
            return Err(Unclear);
        }
        Ok(Some(Counted { term: self.term, key, doubt: None, value: Ok(value) }))
    }
}
