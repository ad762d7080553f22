//! Rules about anything but calls: compared by what they say, not by what they mean.

use super::super::identity::Sides;
use super::super::rules::implies;
use super::{Answer, Part};
use crate::Policy;
use crate::bundle::EventName;
use crate::core::{Core, Root};
use crate::policy::{CompiledAction, CompiledRule};

/// The answer for every rule that runs on events other than calls.
pub(super) fn compare(before: &Policy, after: &Policy) -> Vec<(Part, Answer)> {
    let own = before.rules.iter().filter(|rule| !rule.shadow && rule.event != EventName::Call);
    let answers = own.map(|rule| {
        let sides = Sides { before, after };
        let mut others = after.rules.iter().filter(|other| !other.shadow);
        let is_kept = others.any(|other| is_as_strict(sides, rule, other));
        let answer = if is_kept {
            Answer::NotWider
        } else {
            let event = rule.event.name();
            Answer::NotProven(format!(
                "no rule on {event} events says the same as `{}`, and only calls are searched",
                rule.id
            ))
        };
        (Part::Rule(rule.id.clone()), answer)
    });
    answers.collect()
}

/// Whether a rule that is to run asks the same of the same events and does as much.
fn is_as_strict(sides: Sides<'_>, rule: &CompiledRule, other: &CompiledRule) -> bool {
    if rule.event != other.event {
        return false;
    }
    let words = |policy: &Policy, rule: &CompiledRule| {
        let text = policy.bundle().rules.get(&rule.id)?.when.clone()?;
        Some(sides.predicate(policy, &text, rule.when.as_ref()?))
    };
    let asks_topic = |rule: &CompiledRule| {
        let is_topic = |part: &Core| matches!(part, Core::Path(path) | Core::Has(path) if path.root == Root::Topic);
        rule.when.as_ref().is_some_and(|when| when.has_part(&is_topic))
    };
    let same_topics =
        sides.before.bundle().router == sides.after.bundle().router || !asks_topic(rule);
    let same_question = same_topics && words(sides.before, rule) == words(sides.after, other);
    let same_tools = rule
        .tools
        .iter()
        .all(|tool| other.tools.contains(tool) || !sides.after.tools.contains(tool));
    let does_as_much = match (&rule.action, &other.action) {
        (CompiledAction::Redact(kinds), CompiledAction::Redact(others)) => {
            kinds.iter().all(|kind| others.contains(kind))
        }
        (CompiledAction::RequireApproval(own), CompiledAction::RequireApproval(new)) => {
            implies(new, own)
        }
        (CompiledAction::Warn, _) => true,
        (own, new) => new.verdict() > own.verdict() || rule.action_text == other.action_text,
    };
    same_question && same_tools && does_as_much
}
