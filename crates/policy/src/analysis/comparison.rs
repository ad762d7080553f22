//! Everything about the calls of one tool under two policies, read as formulas.

use std::cell::OnceCell;

use bounden_base::Json;

use super::axioms;
use super::budget::Budget;
use super::formula::Formula;
use super::identity::Sides;
use super::kinds::Kinds;
use super::linear::Sum;
use super::number::whole;
use super::rules::{Answers, acts, answers, implies};
use super::schema::{self, Fit};
use super::search::{Ground, is_impossible};
use super::space::{Origin, Place, Space};
use super::unrolling::Asked;
use crate::core::Step;
use crate::decision::Verdict;
use crate::policy::CompiledAction;
use crate::{Policy, RuleId, ToolName};

/// Which calls are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Calls {
    /// Those that are well-formed for what is to run.
    Taken,
    /// Those that it refuses, and what runs took.
    Refused,
}

/// The calls of one tool.
pub(super) struct Comparison<'a> {
    pub(super) sides: Sides<'a>,
    pub(super) tool: &'a ToolName,
    pub(super) calls: Calls,
    pub(super) space: Space<'a>,
    /// The rules that act on them.
    pub(super) before: Vec<Answers<'a>>,
    pub(super) after: Vec<Answers<'a>>,
    /// Which of the calls each side takes as well-formed.
    was_taken: Fit,
    is_taken: Fit,
    /// Why a proof would not hold for every call.
    caveat: Option<String>,
    /// What all its calls have in common, once it was asked for.
    pub(super) ground: OnceCell<Ground>,
}

/// Something that stands against calls: a rule, or without one the tool itself.
pub(super) type Bar<'c, 'a> = (Option<&'c Answers<'a>>, Verdict);

impl<'a> Comparison<'a> {
    /// Every comparison that has to be made of a tool.
    pub(super) fn all(sides: Sides<'a>, tool: &'a ToolName, budget: &Budget) -> Vec<Self> {
        let declares = |policy: &Policy| policy.tools.contains(tool);
        let mut all = Vec::new();
        if declares(sides.after) {
            all.push(Self::new(sides, tool, Calls::Taken, budget));
        }
        // A refusal blocks, which only what ends the session is stricter than.
        let halts = sides
            .before
            .rules
            .iter()
            .any(|rule| acts(rule, tool) && matches!(rule.action, CompiledAction::Halt));
        if declares(sides.before) && halts && !has_same_form(sides, tool) {
            all.push(Self::new(sides, tool, Calls::Refused, budget));
        }
        all
    }

    pub(super) fn new(sides: Sides<'a>, tool: &'a ToolName, calls: Calls, budget: &Budget) -> Self {
        budget.ask();
        let (old, new) = (schema_of(sides.before, tool), schema_of(sides.after, tool));
        let (own, schema) = match calls {
            Calls::Taken => (sides.after, new),
            Calls::Refused => (sides.before, old),
        };
        let money = own.tools.find(tool).and_then(|tool| tool.money.as_ref());
        let amount = money.map(|money| money.path.as_slice());
        let mut space = Space::new(schema, amount, budget.clone());
        let has_same_form = has_same_form(sides, tool);
        let asked = asked(sides, tool, [old, new], has_same_form);
        let (items, _) = asked.items();
        let before = answers(&mut space, sides, sides.before, tool, items);
        let after = answers(&mut space, sides, sides.after, tool, items);
        if !has_same_form {
            space.stranger = Some(stranger([old, new]));
            for schema in [old, new].into_iter().flatten() {
                schema::mention(&mut space, schema, &root(), items);
            }
        }
        let is_taken = taken(&mut space, sides.after, tool);
        let was_taken = if has_same_form {
            // Whatever one side refuses, so does the other.
            Fit { yes: Formula::True, no: Formula::False }
        } else {
            taken(&mut space, sides.before, tool)
        };
        let unrolled = axioms::add(&mut space, items);
        let caveat = caveat(&space, &asked, &unrolled);
        let ground = OnceCell::new();
        Self { sides, tool, calls, space, before, after, was_taken, is_taken, caveat, ground }
    }

    /// The calls that what is to run takes as well-formed.
    pub(super) fn well_formed(&self) -> Formula {
        self.is_taken.yes.clone()
    }

    /// The policy whose form of arguments all calls have.
    pub(super) fn own(&self) -> &'a Policy {
        match self.calls {
            Calls::Taken => self.sides.after,
            Calls::Refused => self.sides.before,
        }
    }

    /// Every verdict that stands against these calls. A tool that was not
    /// declared, and arguments that it did not take, were refused without a rule.
    pub(super) fn bars(&self) -> Vec<Bar<'_, 'a>> {
        let rules = self.before.iter().flat_map(|rule| {
            let given = rule.given().into_iter();
            given.map(move |(verdict, _)| (Some(rule), verdict))
        });
        let was_refused =
            self.calls == Calls::Taken && !matches!(self.was_taken.no, Formula::False);
        let refusal = was_refused.then_some((None, Verdict::Block));
        let stricter =
            rules.filter(|(_, verdict)| self.calls == Calls::Taken || *verdict > Verdict::Block);
        let mut bars: Vec<Bar<'_, 'a>> = refusal.into_iter().chain(stricter).collect();
        // What takes least is asked first.
        bars.sort_by_cached_key(|(rule, verdict)| match rule {
            Some(rule) if self.same_as(rule).is_some() => 0,
            Some(rule) => rule.gives(*verdict).size(),
            None => self.was_taken.no.size(),
        });
        bars
    }

    /// The calls that escape a bar: none of the others treats them as strictly.
    pub(super) fn escapes<'r>(
        &self,
        (rule, verdict): Bar<'_, 'a>,
        others: impl Iterator<Item = &'r Answers<'a>>,
    ) -> Vec<Formula>
    where
        'a: 'r,
    {
        let barred = match rule {
            Some(rule) => rule.gives(verdict).and(self.was_taken.yes.clone()),
            None => self.was_taken.no.clone(),
        };
        match self.calls {
            // No rule is asked about what is refused.
            Calls::Refused => vec![self.is_taken.no.clone(), barred],
            Calls::Taken => {
                let escapes = others.map(|other| escape(rule, verdict, other));
                [self.is_taken.yes.clone(), barred].into_iter().chain(escapes).collect()
            }
        }
    }

    /// Whether these rules stand against every call that a bar stands against.
    pub(super) fn is_covered(&self, bar: Bar<'_, 'a>, by: &[&Answers<'a>]) -> bool {
        by.iter().any(|other| self.is_alike(bar, other))
            || is_impossible(&self.space, &self.escapes(bar, by.iter().copied()))
    }

    /// The rule whose conditions differ in words only from those of a bar, and
    /// which is as strict.
    pub(super) fn alike(&self, bar: Bar<'_, 'a>) -> Option<&Answers<'a>> {
        self.after.iter().find(|other| self.is_alike(bar, other))
    }

    /// Whether the rule is as strict as the bar where it says anything at all,
    /// and says it about the same calls.
    fn is_alike(&self, (rule, verdict): Bar<'_, 'a>, other: &Answers<'a>) -> bool {
        let Some(own) = rule.filter(|_| self.calls == Calls::Taken) else { return false };
        let barred = own.gives(verdict);
        let least = least(rule, verdict, other);
        let stands =
            |(given, calls): &(Verdict, Formula)| *given >= least && calls.is_same(&barred);
        other.given().iter().any(stands)
    }

    /// The rule that says the same as one that runs and is as strict. About
    /// calls that are refused none is asked.
    pub(super) fn same_as(&self, rule: &Answers<'a>) -> Option<&Answers<'a>> {
        let is_plain = self.calls == Calls::Taken && (!self.rewrites() || self.has_same_rules());
        self.after.iter().find(|other| is_plain && other.is_as_strict_as(rule))
    }

    /// Why a proof would not hold for every call, if it would not.
    pub(super) fn caveat(&self) -> Option<String> {
        let mut all = self.before.iter().chain(&self.after);
        self.caveat.clone().or_else(|| {
            let rule = all.find(|rule| rule.rewrites() && !self.has_same_rules())?;
            Some(format!("`{}` rewrites arguments, which is not followed", rule.rule.id))
        })
    }

    fn rewrites(&self) -> bool {
        self.before.iter().chain(&self.after).any(Answers::rewrites)
    }

    fn has_same_rules(&self) -> bool {
        let key =
            |answers: &Answers<'a>| (answers.predicate.clone(), answers.rule.action_text.clone());
        let sorted = |all: &[Answers<'a>]| {
            let mut keys: Vec<_> = all.iter().map(key).collect();
            keys.sort();
            keys
        };
        sorted(&self.before) == sorted(&self.after)
    }

    /// Why some rule is not looked into.
    pub(super) fn unread(&self) -> Option<String> {
        self.before.iter().chain(&self.after).find_map(|rule| {
            let because = rule.unread.as_ref()?;
            Some(format!("`{}` is not looked into: {because}", rule.rule.id))
        })
    }
}

/// The calls that `other` treats more mildly than the bar does.
fn escape(rule: Option<&Answers<'_>>, verdict: Verdict, other: &Answers<'_>) -> Formula {
    other.milder_than(least(rule, verdict, other))
}

/// The mildest verdict by which `other` is as strict as the bar. An approval by
/// others is no milder verdict, and less all the same.
fn least(rule: Option<&Answers<'_>>, verdict: Verdict, other: &Answers<'_>) -> Verdict {
    if verdict == Verdict::RequireApproval
        && let Some(wanted) = rule.and_then(Answers::approval)
        && let Some(asked) = other.approval()
        && !implies(asked, wanted)
    {
        return Verdict::Defer;
    }
    verdict
}

fn root() -> Place {
    Place { origin: Origin::Arguments, steps: Vec::new() }
}

pub(super) fn schema_of<'p>(policy: &'p Policy, tool: &ToolName) -> Option<&'p Json> {
    policy.bundle().tools.get(tool).and_then(|tool| tool.input.as_ref())
}

/// Whether both sides declare the tool and take the same arguments.
fn has_same_form(sides: Sides<'_>, tool: &ToolName) -> bool {
    let form = |policy: &Policy| {
        policy.bundle().tools.get(tool).map(|tool| (tool.input.clone(), tool.money.clone()))
    };
    form(sides.before) == form(sides.after)
}

/// The calls that a policy takes as well-formed: by their schema, and by the
/// amount of money, which is a number from zero on.
fn taken(space: &mut Space<'_>, policy: &Policy, tool: &ToolName) -> Fit {
    let Some(declared) = policy.tools.find(tool) else { return Fit::never() };
    let schema = schema_of(policy, tool);
    let fit = schema.map_or_else(Fit::always, |schema| schema::fits(space, schema, &root()));
    let Some(money) = &declared.money else { return fit };
    let steps = money.path.iter().map(|name| Step::Member(name.clone())).collect();
    let amount = space.place(Place { origin: Origin::Arguments, steps });
    let positive = Formula::at_most(&Sum::constant(whole(0)), &Sum::of(amount));
    let sound =
        space.kind(amount, Kinds::ABSENT).or(space.kind(amount, Kinds::NUMBER).and(positive));
    Fit::both(vec![fit, Fit::of(sound)])
}

/// A name that neither schema has anywhere.
fn stranger(schemas: [Option<&Json>; 2]) -> String {
    let text: String = schemas.into_iter().flatten().map(Json::canonical).collect();
    let mut name = "other".to_owned();
    while text.contains(&name) {
        name.push('_');
    }
    name
}

/// What the rules and the schemas ask of lists.
fn asked(
    sides: Sides<'_>,
    tool: &ToolName,
    schemas: [Option<&Json>; 2],
    has_same_form: bool,
) -> Asked {
    let mut asked = Asked::default();
    for policy in [sides.before, sides.after] {
        for rule in policy.rules.iter().filter(|rule| acts(rule, tool)) {
            rule.when.iter().for_each(|when| asked.read(when));
        }
    }
    schemas.into_iter().flatten().for_each(|schema| asked.schema(schema, !has_same_form));
    asked
}

/// Why a proof would not hold for every call: a list may be longer than is looked at.
fn caveat(space: &Space<'_>, asked: &Asked, unrolled: &[super::space::Variable]) -> Option<String> {
    let (items, is_enough) = asked.items();
    let count = whole(i64::try_from(items).unwrap_or(i64::MAX));
    let is_longer = |length: &super::space::Variable| {
        space.known(*length).most.as_ref().is_none_or(|most| *most > count)
    };
    (!is_enough && unrolled.iter().any(is_longer))
        .then(|| format!("lists of more than {items} items are not looked into"))
}

/// The ids of rules, for a certificate.
pub(super) fn ids(rules: &[&Answers<'_>]) -> Vec<RuleId> {
    rules.iter().map(|rule| rule.rule.id.clone()).collect()
}
