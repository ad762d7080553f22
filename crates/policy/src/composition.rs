//! Tools that are harmless alone and together are not: found from their
//! effects and labels, and shown by events that the engine permits to the end.

mod rehearsal;

use std::sync::Arc;

use crate::bundle::{Effect, EventName, Tool};
use crate::decision::Reason;
use crate::event::Event;
use crate::policy::Policy;
use crate::{RuleId, ToolName};

use rehearsal::Rehearsal;

/// What several tools together make possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hazard {
    /// Private data is read, then foreign content, and something is sent.
    Exfiltration,
    /// A secret is read, and something is sent.
    LeakedSecret,
    /// Foreign content is read, and code is run.
    ForeignOrders,
    /// Something is written, and code is run.
    PlantedCode,
    /// A right is given, and money is spent.
    SelfGrant,
}

/// What one tool adds to a hazard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ability {
    /// Reads what only insiders may see.
    ReadsPrivate,
    /// Reads passwords, keys and the like.
    ReadsSecret,
    /// Reads what anybody may have written.
    ReadsForeign,
    /// Leaves something behind.
    Writes,
    /// Gives rights.
    Grants,
    /// Runs code.
    Executes,
    /// Sends something out.
    Sends,
    /// Moves money.
    Spends,
}

/// One tool's part in a combination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The agent that has the tool.
    pub agent: String,
    /// The tool.
    pub tool: ToolName,
    /// What it adds.
    pub ability: Ability,
    /// Other tools of the agent that could take its place: the same rules look at them.
    pub alike: Vec<ToolName>,
}

/// Tools that together are a hazard.
#[derive(Clone, Debug, PartialEq)]
pub struct Combination {
    /// What they make possible.
    pub hazard: Hazard,
    /// The tools, in the order in which they are called.
    pub parts: Vec<Part>,
    /// Whether anything keeps them apart.
    pub standing: Standing,
}

/// Whether anything keeps tools apart.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// Nothing: these events are permitted to the end.
    Open(Vec<Witnessed>),
    /// What was found stops before the end.
    Stopped {
        /// The event that is not permitted.
        at: ToolName,
        /// Why not.
        reason: Reason,
        /// The invariants that stand between.
        by: Vec<RuleId>,
    },
}

/// One event, and whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Witnessed {
    /// The agent.
    pub agent: String,
    /// The event.
    pub event: Event,
}

/// Labels of results that anybody may see, or may have written.
const NOT_PRIVATE: [&str; 3] = ["public", "trusted", UNTRUSTED];
const SECRET: [&str; 4] = ["secret", "secrets", "credential", "credentials"];
const UNTRUSTED: &str = "untrusted";

/// The combinations in one agent, hazard by hazard; lazily, since each of them
/// is tried on the engine.
pub fn combinations(policy: &Arc<Policy>) -> impl Iterator<Item = Combination> {
    Hazard::ALL.into_iter().flat_map(move |hazard| combinations_of(policy, hazard))
}

/// The combinations in one agent that are one hazard; lazily as well.
pub fn combinations_of(
    policy: &Arc<Policy>,
    hazard: Hazard,
) -> impl Iterator<Item = Combination> + use<'_> {
    choices(hazard, &[policy], None).filter_map(several).map(move |parts| {
        let standing = Rehearsal::alone(policy).play(&parts);
        Combination { hazard, parts, standing }
    })
}

/// The combinations that two agents only have together, where the tool `by` of
/// the one calls the other. What the one has read is no label in the other.
pub fn between<'a>(
    caller: &'a Arc<Policy>,
    callee: &'a Arc<Policy>,
    by: &'a ToolName,
) -> impl Iterator<Item = Combination> + 'a {
    let has_both = |parts: &Vec<Part>| {
        let of = |policy: &Policy| parts.iter().any(|part| part.agent == policy.bundle().agent);
        of(caller) && of(callee)
    };
    Hazard::ALL.into_iter().flat_map(move |hazard| {
        choices(hazard, &[caller, callee], Some(by)).filter(has_both).map(move |parts| {
            let standing = Rehearsal::together(caller, callee, by).play(&parts);
            Combination { hazard, parts, standing }
        })
    })
}

/// Every way to have a tool for each ability of a hazard, `besides` none of
/// them. Tools that the same rules look at are tried once.
fn choices(
    hazard: Hazard,
    policies: &[&Arc<Policy>],
    besides: Option<&ToolName>,
) -> impl Iterator<Item = Vec<Part>> + use<> {
    let having = |ability: &Ability| -> Vec<Part> {
        policies.iter().flat_map(|policy| able(policy, *ability, besides)).collect()
    };
    let abilities: Vec<Vec<Part>> = hazard.abilities().iter().map(having).collect();
    let all = abilities.iter().map(Vec::len).product();
    (0..all).map(move |mut number: usize| {
        let chosen = abilities.iter().filter_map(|parts| {
            let part = parts.get(number % parts.len().max(1)).cloned();
            number /= parts.len().max(1);
            part
        });
        chosen.collect()
    })
}

/// The tools of an agent that have an ability.
fn able(policy: &Policy, ability: Ability, besides: Option<&ToolName>) -> Vec<Part> {
    let bundle = policy.bundle();
    let mut kinds: Vec<(Seen<'_>, Part)> = Vec::new();
    let able = bundle.tools.iter().filter(|(_, tool)| ability.is_of(tool));
    for (name, tool) in able.filter(|(name, _)| besides != Some(*name)) {
        let seen = Seen::of(policy, name, tool);
        match kinds.iter_mut().find(|(kind, _)| *kind == seen) {
            Some((_, part)) => part.alike.push(name.clone()),
            None => {
                let (agent, tool) = (bundle.agent.clone(), name.clone());
                kinds.push((seen, Part { agent, tool, ability, alike: Vec::new() }));
            }
        }
    }
    kinds.into_iter().map(|(_, part)| part).collect()
}

/// All that a policy sees of a tool besides its arguments.
#[derive(PartialEq)]
struct Seen<'p> {
    label: Option<&'p str>,
    rules: [&'p [usize]; 2],
    terms: [&'p [usize]; 3],
    facts: Vec<&'p str>,
}

impl<'p> Seen<'p> {
    fn of(policy: &'p Policy, name: &ToolName, tool: &'p Tool) -> Self {
        let facts = policy.bundle().facts.iter().filter(|(_, fact)| fact.result_of == *name);
        let rules = |event| policy.rules_for(event, Some(name));
        Self {
            label: tool.label.as_deref(),
            rules: [rules(EventName::Call), rules(EventName::Result)],
            terms: [policy.counting(name), policy.restarting(name), policy.preparing(name)],
            facts: facts.map(|(fact, _)| fact.as_str()).collect(),
        }
    }
}

/// The parts with two different tools among them: one tool that does it all is
/// no combination.
fn several(mut parts: Vec<Part>) -> Option<Vec<Part>> {
    let first = parts.first()?.tool.clone();
    if parts.iter().all(|part| part.tool == first) {
        let other = parts.iter_mut().find(|part| !part.alike.is_empty())?;
        let instead = other.alike.remove(0);
        other.alike.push(std::mem::replace(&mut other.tool, instead));
    }
    Some(parts)
}

impl Hazard {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Exfiltration,
        Self::LeakedSecret,
        Self::ForeignOrders,
        Self::PlantedCode,
        Self::SelfGrant,
    ];

    /// The name as reports write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Exfiltration => "exfiltration",
            Self::LeakedSecret => "leaked-secret",
            Self::ForeignOrders => "foreign-orders",
            Self::PlantedCode => "planted-code",
            Self::SelfGrant => "self-grant",
        }
    }

    /// Why it is one, in a sentence.
    #[must_use]
    pub fn why(self) -> &'static str {
        match self {
            Self::Exfiltration => {
                "a text that somebody else wrote can make the agent send out what only insiders may see"
            }
            Self::LeakedSecret => "a secret that was read can be sent out",
            Self::ForeignOrders => "a text that somebody else wrote can decide which code is run",
            Self::PlantedCode => "the agent can write a program and run it",
            Self::SelfGrant => "the agent can give the right to spend, and spend",
        }
    }

    /// What it takes, in the order in which it happens.
    #[must_use]
    pub fn abilities(self) -> &'static [Ability] {
        match self {
            Self::Exfiltration => &[Ability::ReadsPrivate, Ability::ReadsForeign, Ability::Sends],
            Self::LeakedSecret => &[Ability::ReadsSecret, Ability::Sends],
            Self::ForeignOrders => &[Ability::ReadsForeign, Ability::Executes],
            Self::PlantedCode => &[Ability::Writes, Ability::Executes],
            Self::SelfGrant => &[Ability::Grants, Ability::Spends],
        }
    }
}

impl Ability {
    /// Whether a tool has it.
    #[must_use]
    pub fn is_of(self, tool: &Tool) -> bool {
        let does = |effect| tool.effects.contains(&effect);
        let label = tool.label.as_deref().unwrap_or(UNTRUSTED);
        match self {
            Self::ReadsPrivate => does(Effect::Observe) && !NOT_PRIVATE.contains(&label),
            Self::ReadsSecret => does(Effect::Observe) && SECRET.contains(&label),
            Self::ReadsForeign => does(Effect::Observe) && label == UNTRUSTED,
            Self::Writes => does(Effect::Create) || does(Effect::Update) || does(Effect::Persist),
            Self::Grants => does(Effect::Grant),
            Self::Executes => does(Effect::Execute),
            Self::Sends => does(Effect::Send),
            Self::Spends => does(Effect::Spend),
        }
    }

    /// What a tool with it does, in words.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::ReadsPrivate => "reads private data",
            Self::ReadsSecret => "reads secrets",
            Self::ReadsForeign => "reads foreign content",
            Self::Writes => "writes",
            Self::Grants => "grants rights",
            Self::Executes => "runs code",
            Self::Sends => "sends",
            Self::Spends => "spends",
        }
    }
}

impl Combination {
    /// Whether nothing keeps the tools apart.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.standing, Standing::Open(_))
    }
}

#[cfg(test)]
mod tests;
