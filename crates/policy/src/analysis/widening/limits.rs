//! The budgets of a session: a larger number, or a milder answer, is wider.

use bounden_base::{Decimal, Json, SignedDuration, Timestamp};

use super::super::trial::{Trial, call};
use super::super::witness::{Setting, Witness};
use super::{Answer, Part};
use crate::bundle::{FailureAction, FailureMode, Limits};
use crate::canary::arguments::sample;
use crate::decision::Verdict;
use crate::event::EventBody;
use crate::{Policy, ToolName};

/// Most events that are made up to use a budget up.
const MOST_EVENTS: u64 = 2_000;

/// The answer for the budgets, if they or what follows from them differ.
pub(super) fn compare(trial: Trial<'_>) -> Option<(Part, Answer)> {
    let (before, after) = (trial.before.bundle().limits, trial.after.bundle().limits);
    let milder = exceeded(trial.after) < exceeded(trial.before);
    let raised = Budget::ALL.into_iter().filter(|budget| {
        let (old, new) = (budget.of(&before), budget.of(&after));
        let is_more = new.is_none_or(|new| old.is_some_and(|old| new > old));
        old.is_some() && (is_more || milder)
    });
    let raised: Vec<Budget> = raised.collect();
    if raised.is_empty() {
        return None;
    }
    let found = raised.iter().find_map(|budget| budget.witness(trial, &before));
    let names: Vec<&str> = raised.iter().map(|budget| budget.name()).collect();
    let open = || {
        let names = names.join(", ");
        Answer::NotProven(format!("{names} may be exceeded, and no call was found that shows it"))
    };
    let answer = found.map_or_else(open, |witness| Answer::Wider(Box::new(witness)));
    Some((Part::Limits, answer))
}

/// What is decided about a call that exceeds a budget.
fn exceeded(policy: &Policy) -> Verdict {
    match policy.bundle().failure_modes.get(&FailureMode::BudgetExceeded).map(|r| &r.action) {
        Some(FailureAction::Halt) => Verdict::Halt,
        Some(FailureAction::Escalate { .. }) => Verdict::Escalate,
        _ => Verdict::Block,
    }
}

#[derive(Clone, Copy, Debug)]
enum Budget {
    ToolCalls,
    Steps,
    DeniedCalls,
    Seconds,
    Usd,
}

impl Budget {
    const ALL: [Self; 5] =
        [Self::ToolCalls, Self::Steps, Self::DeniedCalls, Self::Seconds, Self::Usd];

    fn name(self) -> &'static str {
        match self {
            Self::ToolCalls => "tool calls",
            Self::Steps => "steps",
            Self::DeniedCalls => "denied calls",
            Self::Seconds => "seconds",
            Self::Usd => "US dollars",
        }
    }

    fn of(self, limits: &Limits) -> Option<Decimal> {
        let count = |count: Option<u64>| {
            count.map(|count| Decimal::from(i64::try_from(count).unwrap_or(i64::MAX)))
        };
        match self {
            Self::ToolCalls => count(limits.tool_calls),
            Self::Steps => count(limits.steps),
            Self::DeniedCalls => count(limits.denied_calls),
            Self::Seconds => count(limits.seconds),
            Self::Usd => limits.usd,
        }
    }

    /// A call beyond the budget that runs, where one of the tools has one.
    fn witness(self, trial: Trial<'_>, before: &Limits) -> Option<Witness> {
        let limit = self.of(before)?;
        let tools = trial.after.bundle().tools.iter();
        tools.filter(|(name, _)| trial.before.tools.contains(*name)).find_map(|(name, tool)| {
            let schema = tool.input.as_ref();
            let args = schema.map_or_else(|| Json::object::<String>([]), |s| sample(s, s, 0));
            self.beyond(trial, limit, name, &args)
        })
    }

    fn beyond(
        self,
        trial: Trial<'_>,
        limit: Decimal,
        tool: &ToolName,
        args: &Json,
    ) -> Option<Witness> {
        let count = u64::try_from(limit.to_i64().unwrap_or(0)).ok()?.min(MOST_EVENTS);
        let mut setting = Setting::default();
        let mut cost = None;
        let one = |body: EventBody| (0..count).map(move |_| body.clone());
        match self {
            Self::ToolCalls => setting.earlier.extend(one(call(tool, args.clone()))),
            Self::Steps => {
                setting.earlier.extend(one(EventBody::Request { text: "a".to_owned() }));
            }
            Self::DeniedCalls => {
                let nobodys = ToolName::from("nobody.declared");
                setting.earlier.extend(one(call(&nobodys, Json::object::<String>([]))));
            }
            Self::Seconds => setting.earlier.push(EventBody::Request { text: "a".to_owned() }),
            Self::Usd => cost = limit.checked_add("0.01".parse().ok()?),
        }
        let mut events = setting.events(tool, args);
        let last = events.last_mut()?;
        if let EventBody::Call { cost: own, .. } = &mut last.body {
            *own = cost;
        }
        if matches!(self, Self::Seconds) {
            let seconds = i64::try_from(count).ok()?.checked_add(1)?;
            last.at = Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_secs(seconds)).ok();
        }
        let verdicts = trial.run(&events)?;
        if !trial.is_wider(&verdicts) {
            return None;
        }
        let what = tool.tool().replace(['_', '-', '.'], " ");
        let sentence = format!("can now {what} after {limit} {} in one session", self.name());
        Some(Witness::of(events, &verdicts, sentence))
    }
}
