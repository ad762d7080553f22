//! Two rules that set one argument to different values.

use std::sync::Arc;

use super::super::comparison::{Comparison, schema_of};
use super::super::formula::Formula;
use super::super::model::Model;
use super::super::past;
use super::super::rules::Answers;
use super::super::search::{Outcome, search};
use super::super::trial::{arguments, ruled};
use super::Weakness;
use crate::Policy;
use crate::decision::Reason;
use crate::event::Event;
use crate::policy::CompiledAction;

/// Every pair of rules of which a call shows that they undo one another.
pub(super) fn conflicts(policy: &Policy, tools: &[Comparison<'_>]) -> Vec<Weakness> {
    let mut found: Vec<Weakness> = Vec::new();
    // The engine wants a policy of its own, and most policies set nothing.
    let mut own: Option<Arc<Policy>> = None;
    for tool in tools {
        let setting: Vec<&Answers<'_>> = tool.after.iter().filter(|rule| rule.rewrites()).collect();
        for (index, one) in setting.iter().enumerate() {
            for other in setting.iter().skip(index + 1) {
                let Some(path) = shared(one, other) else { continue };
                let rules = [one.rule.id.clone(), other.rule.id.clone()];
                let is_known = found.iter().any(|known| {
                    matches!(known, Weakness::Conflict { rules: known, .. } if *known == rules)
                });
                if is_known {
                    continue;
                }
                if own.is_none() {
                    own = Policy::compile(policy.bundle().clone()).ok().map(Arc::new);
                }
                let witness = own.as_ref().and_then(|own| witness(own, tool, one, other));
                found.extend(witness.map(|witness| Weakness::Conflict {
                    rules,
                    path,
                    witness: Box::new(witness),
                }));
            }
        }
    }
    found
}

/// The argument that both set, or that is a part of what the other sets.
fn shared(one: &Answers<'_>, other: &Answers<'_>) -> Option<String> {
    let (CompiledAction::Set { path: a, .. }, CompiledAction::Set { path: b, .. }) =
        (&one.rule.action, &other.rule.action)
    else {
        return None;
    };
    let shorter = if a.len() <= b.len() { a } else { b };
    (a.starts_with(b) || b.starts_with(a)).then(|| format!("args.{}", shorter.join(".")))
}

/// A call on which both fire and that is blocked because they differ.
fn witness(
    policy: &Arc<Policy>,
    tool: &Comparison<'_>,
    one: &Answers<'_>,
    other: &Answers<'_>,
) -> Option<Event> {
    let rules = [&one.rule.id, &other.rule.id];
    let both = [tool.well_formed(), one.fires.clone(), other.fires.clone()];
    // What ends the session or hands the case over goes before any rewriting.
    let others = tool.after.iter().filter(|rule| !rules.contains(&&rule.rule.id));
    let silent = others.map(|rule| rule.silent.clone());
    let formulas: Vec<Formula> = both.into_iter().chain(silent).collect();
    let mut confirm = |model: &Model| {
        let args = arguments(&tool.space, model, schema_of(tool.own(), tool.tool));
        let events = past::setting(&tool.space, model).events(tool.tool, &args);
        let decision = ruled(policy, &events, &tool.space.budget)?;
        let both_fired = rules.iter().all(|rule| {
            decision.rules.iter().any(|fired| fired.id == **rule && fired.doubt.is_none())
        });
        (both_fired && decision.reason == Reason::UnstableRewrite)
            .then(|| events.last().cloned())?
    };
    match search(&tool.space, &formulas, &mut confirm) {
        Outcome::Found(event) => Some(event),
        Outcome::Impossible | Outcome::Undecided(_) => None,
    }
}
