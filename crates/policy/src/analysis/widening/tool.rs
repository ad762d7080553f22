//! The calls of one tool under both policies.

use bounden_base::Json;

use super::super::axioms;
use super::super::formula::Formula;
use super::super::identity::Sides;
use super::super::kinds::Kinds;
use super::super::linear::Sum;
use super::super::model::Model;
use super::super::number::whole;
use super::super::past;
use super::super::reach;
use super::super::rules::{Answers, acts, answers, implies};
use super::super::schema;
use super::super::search::{Outcome, is_impossible, search};
use super::super::space::{Origin, Place, Space};
use super::super::trial::{Trial, arguments};
use super::super::unrolling::Asked;
use super::super::witness::{Confirmed, Witness};
use super::{Answer, Part};
use crate::core::Step;
use crate::decision::Verdict;
use crate::policy::{CompiledAction, CompiledRule};
use crate::{Policy, RuleId, ToolName};

/// What became of one tool.
pub(super) struct Compared {
    pub(super) answers: Vec<(Part, Answer)>,
    /// Every verdict that a rule can give, with the reason why no call escapes it.
    pub(super) cells: Vec<Cell>,
}

/// One verdict of a rule that runs, and why what is to run is as strict there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::analysis) struct Cell {
    /// Without one, the tool refuses.
    pub(in crate::analysis) rule: Option<RuleId>,
    pub(in crate::analysis) verdict: Verdict,
    pub(in crate::analysis) argument: Argument,
}

/// Why no call escapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::analysis) enum Argument {
    /// This rule asks the same and is as strict.
    Same(RuleId),
    /// These rules together stand against every such call; none are needed
    /// where there is no such call.
    Covered(Vec<RuleId>),
}

/// Most items of a list that proofs look at, and whether that is enough.
struct Unrolled {
    items: usize,
    is_enough: bool,
}

/// Everything about the calls of one tool, read once.
pub(in crate::analysis) struct Comparison<'a> {
    trial: Trial<'a>,
    tool: &'a ToolName,
    space: Space<'a>,
    pub(in crate::analysis) before: Vec<Answers<'a>>,
    pub(in crate::analysis) after: Vec<Answers<'a>>,
    /// Calls that the one refuses as malformed, and those that the other takes.
    refused: Formula,
    taken: Formula,
    /// Why a proof would not hold for every call.
    caveat: Option<String>,
}

pub(super) fn compare(trial: Trial<'_>, tool: &ToolName) -> Compared {
    Comparison::new(trial, tool).compared()
}

impl<'a> Comparison<'a> {
    pub(in crate::analysis) fn new(trial: Trial<'a>, tool: &'a ToolName) -> Self {
        let sides = Sides { before: trial.before, after: trial.after };
        let tools = [trial.before, trial.after].map(|policy| policy.tools.get(tool));
        let schemas = [trial.before, trial.after]
            .map(|policy| policy.bundle().tools.get(tool).and_then(|tool| tool.input.as_ref()));
        let [old_schema, new_schema] = schemas;
        let [old, new] = tools;
        // Every call that is looked at is one that what is to run takes as well-formed.
        let (schema, own) = if new.is_some() { (new_schema, new) } else { (old_schema, old) };
        let amount = own.and_then(|tool| tool.money.as_ref()).map(|money| money.path.as_slice());
        let mut space = Space::new(schema, amount);
        let unrolled = unrolled(trial, tool, [old_schema, new_schema]);
        let before = answers(&mut space, sides, trial.before, tool, unrolled.items);
        let after = answers(&mut space, sides, trial.after, tool, unrolled.items);
        let root = || Place { origin: Origin::Arguments, steps: Vec::new() };
        let mut taken = Formula::True;
        let mut refused = Formula::False;
        let is_same_form = old_schema == new_schema && same_money(trial, tool);
        if old.is_some() && new.is_some() && !is_same_form {
            space.stranger = Some(stranger([old_schema, new_schema]));
            for schema in [old_schema, new_schema].into_iter().flatten() {
                schema::mention(&mut space, schema, &root());
            }
            refused = refusals(&mut space, trial.before, tool, old_schema);
        }
        if let Some(schema) = schema {
            taken = schema::fits(&mut space, schema, &root()).yes;
        }
        axioms::add(&mut space, unrolled.items);
        let caveat = caveat(trial, tool, &unrolled, is_same_form, &before);
        Self { trial, tool, space, before, after, refused, taken, caveat }
    }

    /// The calls that a rule treats in this way, or without a rule the calls
    /// that were refused, and that none of the others treats as strictly.
    fn escapes<'r>(
        &self,
        rule: Option<&Answers<'a>>,
        verdict: Verdict,
        others: impl Iterator<Item = &'r Answers<'a>>,
    ) -> Vec<Formula>
    where
        'a: 'r,
    {
        let given = match rule {
            Some(rule) => rule.gives(verdict).and(self.refused.negated()),
            None if self.trial.before.tools.contains_key(self.tool) => self.refused.clone(),
            None => Formula::True,
        };
        let escapes = others.map(|other| escape(rule, verdict, other));
        [self.taken.clone(), given].into_iter().chain(escapes).collect()
    }

    /// Every verdict that stands against calls, with the rule that gives it; a
    /// tool that was not declared, or other arguments, are refused without one.
    pub(in crate::analysis) fn bars(&self) -> Vec<(Option<&Answers<'a>>, Verdict)> {
        let (was, is) = [self.trial.before, self.trial.after]
            .map(|policy| policy.tools.contains_key(self.tool))
            .into();
        let refusal = (is && (!was || !matches!(self.refused, Formula::False)))
            .then_some((None, Verdict::Block));
        let rules = self.before.iter().flat_map(|rule| {
            let given = distinct(rule).into_iter();
            let given = given.filter(|(_, formula)| !matches!(formula, Formula::False));
            given.map(move |(verdict, _)| (Some(rule), verdict))
        });
        // What is no longer declared is blocked, which only a halt is stricter than.
        let rules = rules.filter(move |(_, verdict)| is || *verdict > Verdict::Block);
        refusal.into_iter().chain(rules).collect()
    }

    /// Compares everything that stands against calls.
    fn compared(&self) -> Compared {
        let mut compared = Compared { answers: Vec::new(), cells: Vec::new() };
        for (rule, verdict) in self.bars() {
            let part = self.part(rule);
            let same = rule.and_then(|rule| {
                self.after.iter().find(|other| self.is_plain() && other.is_as_strict_as(rule))
            });
            match same {
                Some(same) => {
                    compared.close(part, verdict, Argument::Same(same.rule.id.clone()));
                }
                None => self.conclude(rule, verdict, part, &mut compared),
            }
        }
        compared
    }

    pub(in crate::analysis) fn part(&self, rule: Option<&Answers<'a>>) -> Part {
        match rule {
            Some(rule) => Part::Rule(rule.rule.id.clone()),
            None => Part::Tool(self.tool.clone()),
        }
    }

    /// Whether no rule rewrites arguments, or all rules are those that run.
    pub(in crate::analysis) fn is_plain(&self) -> bool {
        let rewrites = self.before.iter().chain(&self.after).any(Answers::rewrites);
        !rewrites || self.same_rules()
    }

    fn same_rules(&self) -> bool {
        let key =
            |answers: &Answers<'a>| (answers.predicate.clone(), answers.rule.action_text.clone());
        let sorted = |all: &[Answers<'a>]| {
            let mut keys: Vec<_> = all.iter().map(key).collect();
            keys.sort();
            keys
        };
        sorted(&self.before) == sorted(&self.after)
    }

    /// Looks for a call that escapes, and notes what became of it.
    fn conclude(
        &self,
        rule: Option<&Answers<'a>>,
        verdict: Verdict,
        part: Part,
        compared: &mut Compared,
    ) {
        let formulas = self.escapes(rule, verdict, self.after.iter());
        let mut left = MOST_EVENTS;
        let mut confirm = |model: &Model| self.confirm(model, rule, &mut left);
        let answer = match search(&self.space, &formulas, &mut confirm) {
            Outcome::Found(confirmed) => {
                let confirmed = confirmed.simplified(self.trial, self.tool);
                let sentence =
                    reach::sentence(&self.space, &formulas, self.trial, self.tool, &confirmed);
                Answer::Wider(Box::new(Witness::new(confirmed, self.tool, sentence)))
            }
            Outcome::Undecided(because) => Answer::NotProven(self.unread().unwrap_or(because)),
            Outcome::Impossible => match self.caveat() {
                Some(caveat) => Answer::NotProven(caveat),
                None => {
                    let argument = Argument::Covered(self.cover(rule, verdict));
                    return compared.close(part, verdict, argument);
                }
            },
        };
        compared.answers.push((part, answer));
    }

    /// Why a proof would not hold for every call, if it would not.
    pub(in crate::analysis) fn caveat(&self) -> Option<String> {
        let rewrites = || self.before.iter().chain(&self.after).find(|rule| rule.rewrites());
        self.caveat.clone().or_else(|| {
            let rule = rewrites().filter(|_| !self.same_rules())?;
            Some(format!("`{}` rewrites arguments, which is not followed", rule.rule.id))
        })
    }

    /// Why some rule is not looked into.
    fn unread(&self) -> Option<String> {
        self.before.iter().chain(&self.after).find_map(|rule| {
            let because = rule.unread.as_ref()?;
            Some(format!("`{}` is not looked into: {because}", rule.rule.id))
        })
    }

    /// Makes a call of a model, and has the engines decide it: from an empty
    /// state, or after as many made-up events as are left.
    fn confirm(
        &self,
        model: &Model,
        rule: Option<&Answers<'a>>,
        left: &mut usize,
    ) -> Option<Confirmed> {
        let own = if self.trial.after.tools.contains_key(self.tool) {
            self.trial.after
        } else {
            self.trial.before
        };
        let schema = own.bundle().tools.get(self.tool).and_then(|tool| tool.input.as_ref());
        let args = arguments(&self.space, model, schema);
        let setting = past::setting(&self.space, model);
        if let Some(confirmed) = Confirmed::of(self.trial, &setting, self.tool, args.clone()) {
            return Some(Confirmed { numbers: model.numbers.clone(), ..confirmed });
        }
        if *left == 0 || !past::is_asked(&self.space) {
            return None;
        }
        let before = rule.iter().map(|rule| (&**self.trial.before, rule.rule));
        let after = self.after.iter().map(|rule| (&**self.trial.after, rule.rule));
        let asked: Vec<(&Policy, &CompiledRule)> = before.chain(after.take(4)).collect();
        let settings = past::settings(&setting, &args, self.tool, &asked);
        settings
            .take_while(|(setting, _)| {
                *left = left.saturating_sub(setting.earlier.len() + 1);
                *left > 0
            })
            .find_map(|(setting, args)| Confirmed::of(self.trial, &setting, self.tool, args))
    }

    /// Rules that are enough to stand against every call, none of them without need.
    fn cover(&self, rule: Option<&Answers<'a>>, verdict: Verdict) -> Vec<RuleId> {
        let alone = self.after.iter().find(|other| self.is_covered(rule, verdict, &[*other]));
        let mut needed: Vec<&Answers<'a>> = match alone {
            Some(alone) => vec![alone],
            None => self.after.iter().collect(),
        };
        let mut place = 0;
        while place < needed.len() && needed.len() <= MOST_COVERING {
            let mut fewer = needed.clone();
            fewer.remove(place);
            if self.is_covered(rule, verdict, &fewer) {
                needed = fewer;
            } else {
                place += 1;
            }
        }
        needed.into_iter().map(|rule| rule.rule.id.clone()).collect()
    }

    /// The same for the rule of this id.
    pub(in crate::analysis) fn is_covered_by(
        &self,
        rule: Option<&RuleId>,
        verdict: Verdict,
        by: &[&Answers<'a>],
    ) -> bool {
        let Some(id) = rule else { return self.is_covered(None, verdict, by) };
        let rule = self.before.iter().find(|known| known.rule.id == *id);
        rule.is_some_and(|rule| self.is_covered(Some(rule), verdict, by))
    }

    /// Whether these rules stand against every call that a rule treats so.
    fn is_covered(
        &self,
        rule: Option<&Answers<'a>>,
        verdict: Verdict,
        by: &[&Answers<'a>],
    ) -> bool {
        let formulas = self.escapes(rule, verdict, by.iter().copied());
        is_impossible(&self.space, &formulas)
    }
}

/// Most events that are decided in search of one call.
const MOST_EVENTS: usize = 2_000;
/// Most rules of which each is tried to be left out of a proof.
const MOST_COVERING: usize = 24;

impl Compared {
    fn close(&mut self, part: Part, verdict: Verdict, argument: Argument) {
        let rule = match &part {
            Part::Rule(id) => Some(id.clone()),
            _ => None,
        };
        self.cells.push(Cell { rule, verdict, argument });
        self.answers.push((part, Answer::NotWider));
    }
}

/// The calls that `other` treats more mildly than `rule` does, where that
/// gives this verdict. An approval by others is no milder verdict, and less all
/// the same.
fn escape(rule: Option<&Answers<'_>>, verdict: Verdict, other: &Answers<'_>) -> Formula {
    if verdict == Verdict::RequireApproval
        && let Some(wanted) = rule.and_then(Answers::approval)
        && let Some(asked) = other.approval()
        && !implies(asked, wanted)
    {
        return other.milder_than(Verdict::Defer);
    }
    other.milder_than(verdict)
}

/// Each verdict of a rule once, with the calls to which it gives it.
fn distinct(rule: &Answers<'_>) -> Vec<(Verdict, Formula)> {
    let mut verdicts: Vec<Verdict> =
        rule.verdicts().into_iter().map(|(verdict, _)| verdict).collect();
    verdicts.sort();
    verdicts.dedup();
    verdicts.into_iter().rev().map(|verdict| (verdict, rule.gives(verdict))).collect()
}

fn same_money(trial: Trial<'_>, tool: &ToolName) -> bool {
    let money =
        |policy: &Policy| policy.bundle().tools.get(tool).and_then(|tool| tool.money.clone());
    money(trial.before) == money(trial.after)
}

/// The calls that a policy refuses as malformed.
fn refusals(
    space: &mut Space<'_>,
    policy: &Policy,
    tool: &ToolName,
    schema: Option<&Json>,
) -> Formula {
    let root = Place { origin: Origin::Arguments, steps: Vec::new() };
    let misfit = schema.map_or(Formula::False, |schema| schema::fits(space, schema, &root).no);
    let money = policy.tools.get(tool).and_then(|tool| tool.money.as_ref());
    let amount = money.map(|money| {
        let steps = money.path.iter().map(|name| Step::Member(name.clone())).collect();
        let amount = space.place(Place { origin: Origin::Arguments, steps });
        let negative = Formula::below(&Sum::of(amount), &Sum::constant(whole(0)));
        let other = space.kind(amount, Kinds::EVERY.without(Kinds::ABSENT | Kinds::NUMBER));
        other.or(space.kind(amount, Kinds::NUMBER).and(negative))
    });
    misfit.or(amount.unwrap_or(Formula::False))
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

fn unrolled(trial: Trial<'_>, tool: &ToolName, schemas: [Option<&Json>; 2]) -> Unrolled {
    let mut asked = Asked::default();
    for policy in [trial.before, trial.after] {
        for rule in policy.rules.iter().filter(|rule| acts(rule, tool)) {
            rule.when.iter().for_each(|when| asked.read(when));
            if let CompiledAction::Set { value, .. } = &rule.action {
                asked.read(value);
            }
        }
    }
    schemas.into_iter().flatten().for_each(|schema| asked.schema(schema));
    let (items, is_enough) = asked.items();
    Unrolled { items, is_enough }
}

/// Why a proof would not hold for every call, if it would not.
fn caveat(
    trial: Trial<'_>,
    tool: &ToolName,
    unrolled: &Unrolled,
    is_same_form: bool,
    before: &[Answers<'_>],
) -> Option<String> {
    if !unrolled.is_enough {
        let items = unrolled.items;
        return Some(format!("lists of more than {items} items are not looked into"));
    }
    let is_in_both = trial.before.tools.contains_key(tool) && trial.after.tools.contains_key(tool);
    let halts = before.iter().any(|rule| rule.verdict == Verdict::Halt);
    (is_in_both && !is_same_form && halts).then(|| {
        format!(
            "`{tool}` takes other arguments, and calls that end the session may now be malformed"
        )
    })
}
