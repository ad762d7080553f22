//! Mutants of a bundle: each is the bundle with one small mistake in it, such
//! as somebody makes by accident or on purpose. A mutant that no recorded run
//! tells from the original names a test that is missing.

mod action;
mod chain;
mod draft;
mod litter;
mod predicate;
mod suite;
mod surface;
mod tree;
mod trigger;

use std::collections::BTreeMap;

use bounden_base::Span;

use crate::bundle::{Bundle, Fact, Limits, Rule, Tool};
use crate::policy::Policy;
use crate::problem::Place;
use crate::{RuleId, ToolName};

pub use draft::{Draft, draft};
pub use litter::{Birth, Litter};
pub use suite::{Kill, Suite, Test};

/// One mistake, and with [`Mutant::bundle`] the bundle that has it. It need not compile.
#[derive(Clone, Debug, PartialEq)]
pub struct Mutant {
    /// Stable as long as the mutated part is: `PART/OPERATOR/N`.
    pub id: String,
    /// The part with the mistake.
    pub place: Place,
    /// The kind of mistake.
    pub operator: Operator,
    /// Where, in bytes of the text of that part.
    pub span: Span,
    /// The mistake in words.
    pub sentence: String,
    patch: Patch,
}

macro_rules! operators {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// The kinds of mistakes, the gravest first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Operator {
            $($(#[$doc])* $variant,)+
        }

        impl Operator {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name, as in the ids of mutants.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

operators! {
    /// The rule is gone.
    DeleteRule = "delete-rule",
    /// What was stopped is only warned of.
    WeakenAction = "weaken-action",
    /// One of the roles need not agree, or can no longer.
    DropRole = "drop-role",
    /// Either role is enough where both were needed.
    EitherRole = "either-role",
    /// A kind of text is no longer masked.
    DropKind = "drop-kind",
    /// A tool is missing from a trigger or a chain.
    DropTool = "drop-tool",
    /// A trigger or a chain means more tools.
    WidenTools = "widen-tools",
    /// A budget is gone.
    DropLimit = "drop-limit",
    /// A budget is larger by as little as can be.
    RaiseLimit = "raise-limit",
    /// Amounts may be negative, and in any currency.
    DropMoney = "drop-money",
    /// A foreign currency counts as the own one.
    DropCurrency = "drop-currency",
    /// A fact is the last answer, whatever it was about.
    DropFactKey = "drop-fact-key",
    /// One side of `&&` is gone.
    DropConjunct = "drop-conjunct",
    /// The side of `&&` that asks whether a value is there is gone.
    DropGuard = "drop-guard",
    /// One side of `||` is gone.
    DropDisjunct = "drop-disjunct",
    /// `&&` for `||`, or the reverse.
    SwapConnective = "swap-connective",
    /// A part is turned into its opposite.
    Negate = "negate",
    /// A comparison includes its bound, or no longer does.
    Boundary = "boundary",
    /// A number is off by one, or by its last digit.
    OffByOne = "off-by-one",
    /// A number is twice as large.
    Double = "double",
    /// A literal is missing from a list.
    DropItem = "drop-item",
    /// A folder is larger by one level.
    WidenFolder = "widen-folder",
    /// Calls about anybody are counted together.
    DropBy = "drop-by",
    /// Calls are counted whatever their arguments.
    DropWhere = "drop-where",
    /// Calls are counted whatever came before or between.
    DropOrder = "drop-order",
    /// Calls are counted however long ago they were.
    DropWindow = "drop-window",
    /// A window reaches back twice as far.
    LongerWindow = "longer-window",
    /// A window reaches back half as far.
    ShorterWindow = "shorter-window",
    /// Calls of fewer sessions are counted.
    NarrowScope = "narrow-scope",
    /// Calls that were refused or failed are counted as well.
    CountAttempts = "count-attempts",
    /// Calls that were refused are no longer counted.
    CountEffects = "count-effects",
}

/// A mistake that has not been made yet.
struct Change {
    place: Place,
    operator: Operator,
    span: Span,
    sentence: String,
    patch: Patch,
}

/// What a mistake replaces.
#[derive(Clone, Debug, PartialEq)]
enum Patch {
    Rule(RuleId, Option<Box<Rule>>),
    Tool(ToolName, Box<Tool>),
    Fact(String, Fact),
    Limits(Limits),
}

/// Every mistake that is made in this bundle, in the order of its parts.
pub fn mutants(bundle: &Bundle) -> impl Iterator<Item = Mutant> + use<> {
    let mut changes: Vec<Change> = Vec::new();
    for (id, rule) in &bundle.rules {
        changes.extend(of_rule(bundle, id, rule));
    }
    changes.extend(surface::changes(bundle));
    let mut numbers: BTreeMap<(String, Operator), usize> = BTreeMap::new();
    changes.into_iter().map(move |change| {
        let part = part(&change.place);
        let number = numbers.entry((part.to_owned(), change.operator)).or_default();
        *number += 1;
        Mutant {
            id: format!("{part}/{}/{number}", change.operator.name()),
            place: change.place,
            operator: change.operator,
            span: change.span,
            sentence: change.sentence,
            patch: change.patch,
        }
    })
}

fn of_rule(bundle: &Bundle, id: &RuleId, rule: &Rule) -> Vec<Change> {
    let mut changes = vec![deleted(bundle, id, rule)];
    changes.extend(action::changes(id, rule));
    changes.extend(trigger::changes(bundle, id, rule));
    changes.extend(predicate::changes(bundle, id, rule));
    changes
}

/// The last rule of a bundle cannot go, so it never fires instead.
fn deleted(bundle: &Bundle, id: &RuleId, rule: &Rule) -> Change {
    let is_last = bundle.rules.len() == 1 && bundle.external.is_empty();
    let idle = || Box::new(Rule { when: Some("false".to_owned()), ..rule.clone() });
    Change {
        place: Place::Rule(id.clone()),
        operator: Operator::DeleteRule,
        span: Span::default(),
        sentence: format!("`{id}` is gone"),
        patch: Patch::Rule(id.clone(), is_last.then(idle)),
    }
}

/// The name of a part in the ids of mutants.
fn part(place: &Place) -> &str {
    match place {
        Place::Bundle => "limits",
        Place::Rule(id) | Place::RuleTrigger(id) | Place::RuleAction(id) | Place::RuleSet(id) => {
            id.as_str()
        }
        Place::CriterionGiven(id) | Place::Criterion(id, _) => id.as_str(),
        Place::Tool(name) => name.as_str(),
        Place::Fact(name) => name,
        Place::Scope => "scope",
        Place::Topic(name) => name.as_str(),
    }
}

impl Mutant {
    /// The rule with the mistake, where it is in one.
    #[must_use]
    pub fn rule(&self) -> Option<&RuleId> {
        match &self.place {
            Place::Rule(id)
            | Place::RuleTrigger(id)
            | Place::RuleAction(id)
            | Place::RuleSet(id) => Some(id),
            _ => None,
        }
    }

    /// The name of the part with the mistake: a rule, a tool, a fact, or `limits`.
    #[must_use]
    pub fn part(&self) -> &str {
        part(&self.place)
    }

    /// The bundle that it is a mutant of, with the mistake.
    #[must_use]
    pub fn bundle(&self, original: &Bundle) -> Bundle {
        let mut bundle = original.clone();
        match self.patch.clone() {
            Patch::Rule(id, None) => drop(bundle.rules.remove(&id)),
            Patch::Rule(id, Some(rule)) => drop(bundle.rules.insert(id, *rule)),
            Patch::Tool(name, tool) => drop(bundle.tools.insert(name, *tool)),
            Patch::Fact(name, fact) => drop(bundle.facts.insert(name, fact)),
            Patch::Limits(limits) => bundle.limits = limits,
        }
        bundle
    }

    /// The mutant as a policy; `None` where nobody could have made this mistake.
    #[must_use]
    pub fn compile(&self, original: &Policy) -> Option<Policy> {
        Policy::compile(self.bundle(original.bundle())).ok()
    }
}

#[cfg(test)]
mod tests;
