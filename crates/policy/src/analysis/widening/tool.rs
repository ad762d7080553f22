//! The calls of one tool under both policies.

use super::super::comparison::{Bar, Calls, Comparison, ids, schema_of};
use super::super::model::Model;
use super::super::past;
use super::super::reach;
use super::super::rules::Answers;
use super::super::search::{Outcome, search};
use super::super::trial::{Trial, arguments};
use super::super::witness::{Confirmed, Witness};
use super::{Answer, Part};
use crate::decision::Verdict;
use crate::policy::CompiledRule;
use crate::{Policy, RuleId, ToolName};

/// What became of one tool.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) answers: Vec<(Part, Answer)>,
    /// Every verdict that a rule can give, with the reason why no call escapes it.
    pub(super) cells: Vec<Cell>,
}

/// One verdict that stands against calls, and why what is to run is as strict there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::analysis) struct Cell {
    pub(in crate::analysis) calls: Calls,
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

/// Most events that are decided in search of one call.
const MOST_EVENTS: usize = 2_000;
/// Most rules of which each is tried to be left out of a proof.
const MOST_COVERING: usize = 24;

pub(super) fn compare(trial: Trial<'_>, tool: &ToolName) -> Compared {
    let mut compared = Compared::default();
    for comparison in Comparison::all(trial.sides(), tool, trial.budget) {
        for bar in comparison.bars() {
            compared.conclude(trial, &comparison, bar);
        }
    }
    compared
}

impl Compared {
    /// Looks for a call that escapes a bar, and notes what became of it.
    fn conclude<'a>(&mut self, trial: Trial<'_>, comparison: &Comparison<'a>, bar: Bar<'_, 'a>) {
        let (rule, _) = bar;
        let part = match rule {
            Some(rule) => Part::Rule(rule.rule.id.clone()),
            None => Part::Tool(comparison.tool.clone()),
        };
        if let Some(same) = rule.and_then(|rule| comparison.same_as(rule)) {
            let argument = Argument::Same(same.rule.id.clone());
            return self.close(comparison, part, bar, argument);
        }
        if comparison.caveat().is_none()
            && let Some(alike) = comparison.alike(bar)
        {
            let argument = Argument::Covered(vec![alike.rule.id.clone()]);
            return self.close(comparison, part, bar, argument);
        }
        let formulas = comparison.escapes(bar, comparison.after.iter());
        let mut left = MOST_EVENTS;
        let mut confirm = |model: &Model| confirm(trial, comparison, model, rule, &mut left);
        let answer = match search(&comparison.space, &formulas, &mut confirm) {
            Outcome::Found(confirmed) => {
                let tool = comparison.tool;
                let confirmed = confirmed.simplified(trial, tool);
                let sentence =
                    reach::sentence(&comparison.space, &formulas, trial, tool, &confirmed);
                Answer::Wider(Box::new(Witness::new(&confirmed, tool, sentence)))
            }
            Outcome::Undecided(because) => {
                Answer::NotProven(comparison.unread().unwrap_or(because))
            }
            Outcome::Impossible => match comparison.caveat() {
                Some(caveat) => Answer::NotProven(caveat),
                None => {
                    let argument = Argument::Covered(cover(comparison, bar));
                    return self.close(comparison, part, bar, argument);
                }
            },
        };
        self.answers.push((part, answer));
    }

    fn close<'a>(
        &mut self,
        comparison: &Comparison<'a>,
        part: Part,
        (rule, verdict): Bar<'_, 'a>,
        argument: Argument,
    ) {
        let rule = rule.map(|rule| rule.rule.id.clone());
        self.cells.push(Cell { calls: comparison.calls, rule, verdict, argument });
        self.answers.push((part, Answer::NotWider));
    }
}

/// Makes a call of a model, and has the engines decide it: from an empty state,
/// or after as many made-up events as are left.
fn confirm<'a>(
    trial: Trial<'_>,
    comparison: &Comparison<'a>,
    model: &Model,
    rule: Option<&Answers<'a>>,
    left: &mut usize,
) -> Option<Confirmed> {
    let (tool, space) = (comparison.tool, &comparison.space);
    let args = arguments(space, model, schema_of(comparison.own(), tool));
    let setting = past::setting(space, model);
    if let Some(confirmed) = Confirmed::of(trial, &setting, tool, args.clone()) {
        return Some(Confirmed { numbers: model.numbers.clone(), ..confirmed });
    }
    if *left == 0 || !past::is_asked(space) {
        return None;
    }
    let before = rule.iter().map(|rule| (&**trial.before, rule.rule));
    let after = comparison.after.iter().map(|rule| (&**trial.after, rule.rule));
    let asked: Vec<(&Policy, &CompiledRule)> = before.chain(after.take(4)).collect();
    past::settings(&setting, &args, tool, &asked, trial.budget)
        .take_while(|(setting, _)| {
            *left = left.saturating_sub(setting.earlier.len() + 1);
            *left > 0 && !trial.budget.is_spent()
        })
        .find_map(|(setting, args)| Confirmed::of(trial, &setting, tool, args))
}

/// Rules that are enough to stand against every call, none of them without need
/// unless it takes too much to find out.
fn cover<'a>(comparison: &Comparison<'a>, bar: Bar<'_, 'a>) -> Vec<RuleId> {
    let after = &comparison.after;
    let mut needed: Vec<&Answers<'a>> =
        match after.iter().find(|other| comparison.is_covered(bar, &[*other])) {
            Some(alone) => vec![alone],
            None => after.iter().collect(),
        };
    let mut place = 0;
    while place < needed.len() && needed.len() <= MOST_COVERING {
        let mut fewer = needed.clone();
        fewer.remove(place);
        if comparison.is_covered(bar, &fewer) {
            needed = fewer;
        } else {
            place += 1;
        }
    }
    ids(&needed)
}
