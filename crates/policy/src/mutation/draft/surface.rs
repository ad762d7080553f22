//! Sequences that tell budgets, amounts of money and facts apart.

use bounden_base::{Decimal, Json, SignedDuration};

use super::Hunt;
use super::candidates::simplest;
use super::scene::Turn;
use crate::ToolName;
use crate::bundle::{EventName, Limits};
use crate::canary::ANY_TEXT;
use crate::canary::clues::Clues;
use crate::canary::places::{with, with_other};
use crate::event::EventBody;

/// Longest sequence that is made up.
const MOST_TURNS: u64 = 400;

/// A limit is reached, and then exceeded by as little as can be.
pub(super) fn limit(hunt: &mut Hunt<'_>, mutated: Limits) -> Option<Vec<Turn>> {
    let own = hunt.original.bundle().limits;
    let tools: Vec<ToolName> = hunt.original.bundle().tools.keys().cloned().collect();
    tools.iter().find_map(|tool| {
        let args = simplest(hunt.original, tool);
        let call = || Turn::call(tool, args.clone());
        let times = |count: Option<u64>, turn: Turn| {
            let count = usize::try_from(count.filter(|count| *count <= MOST_TURNS)?).ok()?;
            let mut turns = vec![turn; count];
            turns.push(call());
            Some(turns)
        };
        let turns = if own.steps != mutated.steps {
            let request = EventBody::Request { text: ANY_TEXT.to_owned() };
            times(own.steps, Turn::new(request))
        } else if own.tool_calls != mutated.tool_calls {
            times(own.tool_calls, call().answered(Json::Null))
        } else if own.denied_calls != mutated.denied_calls {
            let nobody = ToolName::from(format!("{ANY_TEXT}.{ANY_TEXT}"));
            times(own.denied_calls, Turn::call(&nobody, Json::object::<String>([])))
        } else if own.seconds != mutated.seconds {
            let later = i64::try_from(own.seconds?).ok()?.checked_add(1)?;
            Some(vec![call(), Turn { at: SignedDuration::from_secs(later), ..call() }])
        } else {
            let over = own.usd?.checked_add(Decimal::scaled(1, -2)?);
            let body = EventBody::Call {
                tool: tool.clone(),
                args: args.clone().into(),
                retry_of: None,
                cost: over,
            };
            Some(vec![Turn::new(body)])
        };
        hunt.attempt(&turns?)
    })
}

/// An amount below zero, or in another currency.
pub(super) fn amount(hunt: &mut Hunt<'_>, tool: &ToolName) -> Option<Vec<Turn>> {
    let policy = hunt.original;
    let money = policy.tools.find(tool)?.money.clone()?;
    let mut choices = vec![simplest(policy, tool)];
    for index in policy.rules_for(EventName::Call, Some(tool)) {
        let clues = policy.rules.get(*index).map(|rule| Clues::of(policy, rule));
        choices.extend(clues.into_iter().flat_map(|clues| clues.arguments(policy, tool)));
    }
    let below = Json::Number(Decimal::from(1_u32).negated());
    choices.into_iter().find_map(|args| {
        let negative = with(&args, &money.path, below.clone());
        let foreign = money.currency_path.iter().flat_map(|path| {
            // The code for testing of ISO 4217, and another one where only some are allowed.
            ["XTS", "EUR", "USD"].map(|code| with(&args, path, Json::from(code)))
        });
        let turns: Vec<Json> = std::iter::once(negative).chain(foreign).collect();
        turns.into_iter().find_map(|args| hunt.attempt(&[Turn::call(tool, args)]))
    })
}

/// Two answers about two things, then a call about the first.
pub(super) fn fact(hunt: &mut Hunt<'_>, name: &str) -> Option<Vec<Turn>> {
    let policy = hunt.original;
    let fact = policy.bundle().facts.get(name)?;
    let key = [fact.key.clone()?];
    for rule in &policy.rules {
        let clues = Clues::of(policy, rule);
        if !clues.facts.contains(name) {
            continue;
        }
        let values: Vec<Json> = clues.values(name).collect();
        let simplest = simplest(policy, &fact.result_of);
        for tool in &rule.tools {
            for args in clues.arguments(policy, tool).take(64) {
                let own = args.get(&key.concat()).cloned();
                let asked = own.unwrap_or_else(|| Json::from(ANY_TEXT));
                let about = with(&simplest, &key, asked.clone());
                let other = with_other(&about, &key);
                let now = Turn::call(tool, with(&args, &key, asked));
                for (first, second) in pairs(&values) {
                    let answered = |args: &Json, value: &Json| {
                        Turn::call(&fact.result_of, args.clone()).answered(value.clone())
                    };
                    let turns = [answered(&about, first), answered(&other, second), now.clone()];
                    let found = hunt.attempt(&turns);
                    if found.is_some() || hunt.left == 0 {
                        return found;
                    }
                }
            }
        }
    }
    None
}

fn pairs(values: &[Json]) -> impl Iterator<Item = (&Json, &Json)> {
    let others = move |first| values.iter().map(move |second| (first, second));
    values.iter().flat_map(others).filter(|(first, second)| first != second)
}
