//! Clears a call at once that no rule objects to, from the text of its arguments.
//!
//! Most calls are harmless. For these the text is read along the tool's schema,
//! nothing is built, and each rule's condition is asked about the places that
//! it reads. Only where everything is certain and every condition is false is a
//! call cleared. All others are judged in full, which finds and says everything;
//! so nothing is ever explained from here, and a doubt here costs time only.

mod ask;
mod condition;
mod count;
mod cursor;
mod names;
mod places;
mod plan;
mod read;
mod slots;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bounden_base::Decimal;
use smallvec::SmallVec;

use crate::bundle::Fact;
use crate::core::{Term, TermId};
use crate::index::Index;
use crate::moment::Moment;
use crate::past::{Counted, Nothing};
use crate::policy::{CompiledMoney, CompiledRule, CompiledTool};

use ask::{Answer, Call};
use condition::{Compiler, Condition};
use count::Count;
use places::Wanted;
use plan::Plan;
use slots::Kind;

pub(crate) use plan::Plans;
pub(crate) use slots::Slots;

/// What it takes for a call of one tool to be cleared.
#[derive(Clone, Debug)]
pub(crate) struct Clearance {
    plan: Arc<Plan>,
    money: Option<Amount>,
    /// One for each rule; none of them may hold.
    objections: Box<[Condition]>,
    /// One for each term that counts the call.
    counts: Box<[Count]>,
}

/// What else a policy says that conditions depend on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'p> {
    pub(crate) terms: &'p [Term],
    /// Terms that read nothing but the counted call's own arguments.
    pub(crate) fixed: &'p BTreeSet<TermId>,
    pub(crate) facts: &'p BTreeMap<String, Fact>,
}

/// Where the amount of money stands.
#[derive(Clone, Debug)]
struct Amount {
    slot: u8,
    currency: Option<(u8, Box<str>)>,
}

impl Clearance {
    /// `None` where no call of the tool could ever be cleared.
    pub(crate) fn new<'p>(
        tool: &CompiledTool,
        rules: impl Iterator<Item = &'p CompiledRule>,
        counting: &[TermId],
        known: &Known<'_>,
        plans: &mut Plans,
    ) -> Option<Self> {
        let mut wanted = Wanted::default();
        let mut compiler = Compiler::new(&mut wanted, known);
        let objections: Option<Box<[Condition]>> = rules
            .map(|rule| {
                let condition = compiler.predicate(rule.when.as_ref()?);
                condition.may_be_false().then_some(condition)
            })
            .collect();
        let objections = objections?;
        let counts = counting.iter().map(|term| Count::new(*term, known, &mut compiler));
        let counts = counts.collect::<Option<_>>()?;
        let money = match &tool.money {
            Some(money) => Some(Amount::new(money, &mut wanted)?),
            None => None,
        };
        let plan = plans.plan(tool.schema.as_ref(), wanted.places);
        Some(Self { plan, money, objections, counts })
    }

    /// Fills the slots, where it is certain that nothing objects to what they hold.
    pub(crate) fn read(&self, slots: &mut Slots<'_>, moment: &Moment<'_, Index>) -> Option<()> {
        read::read(&self.plan, slots).ok()?;
        let call = Call { slots, moment };
        let is_clear = self.money.as_ref().is_none_or(|money| money.is_sound(slots))
            && self.objections.iter().all(|objection| call.ask(objection) == Answer::False);
        is_clear.then_some(())
    }

    /// What the call means for each term that counts it; `None` where that is not certain.
    pub(crate) fn counted<'c>(
        &'c self,
        slots: &'c Slots<'c>,
        moment: &'c Moment<'c, Nothing>,
    ) -> Option<SmallVec<[Counted<'c>; 4]>> {
        if self.counts.is_empty() {
            return Some(SmallVec::new());
        }
        let call = Call { slots, moment };
        let counted = self.counts.iter().filter_map(|count| count.ask(&call).transpose());
        counted.collect::<Result<_, _>>().ok()
    }
}

impl Amount {
    fn new(money: &CompiledMoney, wanted: &mut Wanted) -> Option<Self> {
        let mut slot = |path: &[String]| wanted.slot_at(path.iter().map(String::as_str));
        let currency = match &money.currency_path {
            Some(path) => Some((slot(path)?, money.currency.as_str().into())),
            None => None,
        };
        Some(Self { slot: slot(&money.path)?, currency })
    }

    /// Whether the amount is one that rules can reckon with, in the one currency.
    fn is_sound(&self, slots: &Slots<'_>) -> bool {
        let is_domestic =
            self.currency.as_ref().is_none_or(|(slot, own)| match slots.kind(*slot) {
                Kind::Absent => true,
                Kind::Plain => slots.raw(*slot) == Some(&**own),
                _ => false,
            });
        let is_amount = match slots.kind(self.slot) {
            Kind::Absent => true,
            Kind::Number => slots.number(self.slot).is_some_and(|amount| amount >= Decimal::ZERO),
            _ => false,
        };
        is_domestic && is_amount
    }
}

#[cfg(test)]
mod tests;
