//! Sequences on which two versions of one rule may differ.

use bounden_base::Json;

use super::Hunt;
use super::scene::{Play, Scene, Turn};
use crate::bundle::{EventName, Mechanism};
use crate::canary::ANY_TEXT;
use crate::canary::clues::Clues;
use crate::canary::places::keys;
use crate::core::Term;
use crate::detect::Kind;
use crate::event::EventBody;
use crate::policy::{CompiledAction, CompiledRule, Policy};
use crate::{Role, RuleId, ToolName};

/// Most earlier calls in a sequence.
const MOST_EARLIER: usize = 64;

pub(super) fn hunt(hunt: &mut Hunt<'_>, rule: &RuleId) -> Option<Vec<Turn>> {
    let versions: Vec<Version<'_>> = [hunt.original, hunt.mutant]
        .into_iter()
        .filter_map(|policy| {
            let rule = policy.rules.iter().find(|known| known.id == *rule)?;
            Some(Version { policy, rule, clues: Clues::of(policy, rule) })
        })
        .collect();
    let chains = chains(&versions);
    let scenes = Scene::of_terms(&chains);
    let facts = versions.iter().flat_map(Version::fact_keys);
    let keys = keys(chains.iter().copied(), facts);
    let mut now = distinct(versions.iter().flat_map(Version::present));
    let mut earlier = distinct(versions.iter().flat_map(Version::earlier));
    now.truncate(MOST_KEPT);
    earlier.truncate(MOST_KEPT);
    let share = hunt.left / scenes.len().max(1);
    scenes.iter().find_map(|scene| {
        hunt.allow(share);
        let simplest = |tool: Option<&ToolName>| tool.map(|tool| simplest(hunt.original, tool));
        let first = simplest(scene.first.as_ref()).unwrap_or(Json::Null);
        let args = simplest(scene.twist.tool()).unwrap_or(Json::Null);
        diagonally(earlier.len(), now.len()).find_map(|(before, last)| {
            if hunt.left == 0 {
                return None;
            }
            let (earlier, now) = (earlier.get(before)?, now.get(last)?);
            let play = Play { earlier, now, keys: &keys, first: &first, args: &args };
            hunt.attempt(&scene.staged(&play))
        })
    })
}

/// Most calls that somebody agrees to.
const MOST_AGREED: usize = 16;
/// Most sequences that are kept to be combined.
const MOST_KEPT: usize = 512;

/// One version of a rule, with what its predicate compares with.
struct Version<'p> {
    policy: &'p Policy,
    rule: &'p CompiledRule,
    clues: Clues,
}

/// The chains that only one of the versions has, then those that both have.
fn chains<'p>(versions: &[Version<'p>]) -> Vec<&'p Term> {
    let all = versions.iter().flat_map(|version| {
        let terms = version.clues.terms.iter();
        terms.filter_map(|term| version.policy.terms.get(*term))
    });
    let all: Vec<&Term> = all.collect();
    let is_own = |term: &&&Term| all.iter().filter(|other| other == term).count() == 1;
    let (own, shared): (Vec<&Term>, Vec<&Term>) = all.iter().partition(|term| is_own(term));
    own.into_iter().chain(shared).collect()
}

impl Version<'_> {
    /// The arguments that the facts which the rule reads are about.
    fn fact_keys(&self) -> impl Iterator<Item = &String> {
        let facts = &self.policy.bundle().facts;
        self.clues.facts.iter().filter_map(|name| facts.get(name)?.key.as_ref())
    }

    /// What may have come before, nothing first.
    fn earlier(&self) -> Vec<Vec<Turn>> {
        let tools: Vec<_> = self.rule.tools.iter().cloned().collect();
        let prefixes = self.clues.prefixes(self.policy, &tools, MOST_EARLIER);
        std::iter::once(Vec::new()).chain(prefixes.into_iter().map(Turn::of)).collect()
    }

    /// What the rule looks at, the simplest first.
    fn present(&self) -> Vec<Vec<Turn>> {
        let (policy, clues) = (self.policy, &self.clues);
        let calls = || {
            self.rule.tools.iter().flat_map(move |tool| {
                let args = clues.arguments(policy, tool);
                args.map(move |args| Turn::call(tool, args))
            })
        };
        match self.rule.event {
            EventName::Call => {
                let declared = calls().map(|turn| vec![turn]);
                let agreed = calls().take(MOST_AGREED).flat_map(|turn| self.agreed(&turn));
                declared.chain(self.undeclared()).chain(agreed).collect()
            }
            EventName::Result => {
                let contents = self.contents();
                let answered = |turn: Turn| {
                    let contents = contents.iter();
                    contents.map(move |content| vec![turn.clone().answered(content.clone())])
                };
                calls().flat_map(answered).take(MOST_KEPT).collect()
            }
            EventName::Start => vec![vec![Turn::new(EventBody::Request { text: ANY_TEXT.into() })]],
            EventName::End => vec![vec![Turn::new(EventBody::End)]],
            EventName::Request | EventName::Output | EventName::Log => {
                let said = |content: Json| vec![Turn::new(self.saying(content))];
                self.contents().into_iter().map(said).collect()
            }
        }
    }

    /// The call with the agreement of each role that is asked for.
    fn agreed(&self, call: &Turn) -> Vec<Vec<Turn>> {
        let roles: &[Role] = match &self.rule.action {
            CompiledAction::RequireApproval(approval) => &approval.roles,
            _ => &[],
        };
        roles.iter().map(|role| vec![call.clone(), Turn::agreed(role), call.again()]).collect()
    }

    /// Calls of tools that nobody declared, which the closed list names.
    fn undeclared(&self) -> Vec<Vec<Turn>> {
        if self.rule.mechanism != Mechanism::ToolAllowlist {
            return Vec::new();
        }
        let named = |pattern: &String| {
            let tool = ToolName::from(pattern.replace('*', ANY_TEXT));
            vec![Turn::call(&tool, Json::object::<String>([]))]
        };
        self.rule.patterns.iter().map(named).collect()
    }

    fn saying(&self, content: Json) -> EventBody {
        let text = || content.as_str().unwrap_or(ANY_TEXT).to_owned();
        match self.rule.event {
            EventName::Request => EventBody::Request { text: text() },
            EventName::Output => EventBody::Output { text: text() },
            _ => EventBody::Log { record: content },
        }
    }

    /// What a text may say: what a filter looks for, each kind by itself, and
    /// what the predicate compares with.
    fn contents(&self) -> Vec<Json> {
        let kinds: &[Kind] = match &self.rule.action {
            CompiledAction::Redact(kinds) => kinds,
            _ => &[],
        };
        let specimens = kinds.iter().map(|kind| Json::from(kind.specimen()));
        let all: Vec<Json> =
            specimens.chain(self.clues.values("result")).chain([Json::from(ANY_TEXT)]).collect();
        all
    }
}

/// The simplest arguments that the tool's schema allows.
pub(super) fn simplest(policy: &Policy, tool: &ToolName) -> Json {
    let first = Clues::default().arguments(policy, tool).next();
    first.unwrap_or_else(|| Json::object::<String>([]))
}

/// Pairs of places, those near the beginning of both lists first.
fn diagonally(rows: usize, columns: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows + columns).flat_map(move |sum| {
        (0..=sum)
            .map(move |row| (row, sum - row))
            .filter(move |(row, column)| *row < rows && *column < columns)
    })
}

fn distinct<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}
