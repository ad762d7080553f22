//! A bundle that compiles is a policy: every expression typed, every name resolved.

mod actions;
mod build;
mod router;
mod routes;
mod sharing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bounden_base::{Digest, Json};

pub(crate) use routes::ToolRoutes;

use crate::bundle::{Approval, Bundle, EventName, Fact, Mechanism};
use crate::core::{Core, Step, Term, TermId};
use crate::detect::Kind;
use crate::lease::Sharing;
use crate::moment::{Args, same_members};
use crate::problem::Problem;
use crate::router::ScopeRouter;
use crate::schema::{Schema, Shape};
use crate::table::Table;
use crate::{CriterionId, RuleId, ToolName, TopicName, glob};

/// What decides: made only by [`Policy::compile`].
#[derive(Debug)]
pub struct Policy {
    bundle: Bundle,
    canonical: String,
    digest: Digest,
    pub(crate) tools: Table<ToolName, CompiledTool>,
    /// In the order of their ids.
    pub(crate) rules: Vec<CompiledRule>,
    pub(crate) terms: Vec<Term>,
    pub(crate) criteria: Vec<CompiledCriterion>,
    router: Option<ScopeRouter>,
    /// The chains over calls of several guards, where there are several.
    pub(crate) sharing: BTreeMap<TermId, Sharing>,
    routes: routes::Routes,
    /// Whether a rule or a criterion asks where a value came from.
    pub(crate) asks_origins: bool,
}

/// What typing needs to know of a bundle.
#[derive(Debug, Default)]
pub(crate) struct Surroundings {
    pub(crate) tools: BTreeMap<ToolName, KnownTool>,
    pub(crate) facts: BTreeMap<String, Fact>,
    pub(crate) windows: BTreeSet<String>,
    /// What a request may be about, where requests are told apart.
    pub(crate) topics: BTreeSet<TopicName>,
}

/// What typing needs to know of a tool.
#[derive(Debug)]
pub(crate) struct KnownTool {
    pub(crate) effects: BTreeSet<crate::Effect>,
    pub(crate) arguments: Shape,
    pub(crate) result: Option<Shape>,
    pub(crate) money: Option<CompiledMoney>,
}

#[derive(Debug)]
pub(crate) struct CompiledTool {
    pub(crate) schema: Option<Arc<Schema>>,
    pub(crate) money: Option<CompiledMoney>,
}

#[derive(Clone, Debug)]
pub(crate) struct CompiledMoney {
    pub(crate) path: Vec<String>,
    pub(crate) currency: String,
    pub(crate) currency_path: Option<Vec<String>>,
}

#[derive(Debug)]
pub(crate) struct CompiledRule {
    pub(crate) id: RuleId,
    pub(crate) mechanism: Mechanism,
    pub(crate) event: EventName,
    /// Declared tools that it looks at; for events without a tool, none.
    pub(crate) tools: BTreeSet<ToolName>,
    /// The trigger's own words, for tools that nobody declared.
    pub(crate) patterns: Vec<String>,
    pub(crate) when: Option<Core>,
    pub(crate) action: CompiledAction,
    /// The action as the language writes it.
    pub(crate) action_text: String,
    pub(crate) shadow: bool,
}

#[derive(Debug)]
pub(crate) enum CompiledAction {
    Block,
    Halt,
    Escalate(String),
    RequireApproval(Approval),
    Set { path: Vec<String>, value: Core },
    Redact(Vec<Kind>),
    Warn,
}

#[derive(Debug)]
pub(crate) struct CompiledCriterion {
    pub(crate) id: CriterionId,
    pub(crate) given: Option<Core>,
    /// What each clause says, and its expression.
    pub(crate) expect: Vec<(String, Core)>,
}

impl Policy {
    /// Types and resolves a bundle.
    ///
    /// # Errors
    /// Every reason why it does not compile, with its place.
    pub fn compile(bundle: Bundle) -> Result<Self, Vec<Problem>> {
        build::build(bundle)
    }

    /// The bundle in its normal form.
    #[must_use]
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// The canonical bytes of the bundle in its normal form.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// The digest of [`Policy::canonical`], which the lock binds.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What tells requests apart, if the intent has examples.
    #[must_use]
    pub fn router(&self) -> Option<&ScopeRouter> {
        self.router.as_ref()
    }

    /// Whether a rule or a criterion asks where a value came from.
    #[must_use]
    pub fn asks_origins(&self) -> bool {
        self.asks_origins
    }

    /// The rules that look at an event, in the order of their ids.
    pub(crate) fn rules_for(&self, event: EventName, tool: Option<&ToolName>) -> &[usize] {
        match (event, tool) {
            (EventName::Call, Some(tool)) => &self.routes.to(tool).calls,
            (EventName::Result, Some(tool)) => &self.routes.to(tool).results,
            _ => self.routes.at(event),
        }
    }

    /// What concerns the calls of a tool.
    pub(crate) fn routes(&self, tool: &ToolName) -> &ToolRoutes {
        self.routes.to(tool)
    }

    /// Whether a term is capped by a share of what several guards use together.
    pub(crate) fn is_leased(&self, term: TermId) -> bool {
        matches!(self.sharing.get(&term), Some(Sharing::Cap { .. }))
    }

    /// The terms that count calls of a tool.
    pub(crate) fn counting(&self, tool: &ToolName) -> &[TermId] {
        &self.routes.to(tool).counting
    }

    /// The terms that begin anew with a permit of a tool.
    pub(crate) fn restarting(&self, tool: &ToolName) -> &[TermId] {
        &self.routes.to(tool).restarting
    }

    /// The terms that count only after a success of a tool.
    pub(crate) fn preparing(&self, tool: &ToolName) -> &[TermId] {
        &self.routes.to(tool).preparing
    }

    /// Whether a term's filter reads nothing but the counted call's own arguments,
    /// so that what the term counts can be settled when the call is entered.
    pub(crate) fn is_fixed(&self, term: TermId) -> bool {
        self.routes.fixed.contains(&term)
    }

    /// The ids of the rules that look at an event, and for calls and results at this tool.
    pub fn rules_at(
        &self,
        event: EventName,
        tool: Option<&ToolName>,
    ) -> impl Iterator<Item = &RuleId> {
        self.rules_for(event, tool).iter().filter_map(|index| Some(&self.rules.get(*index)?.id))
    }

    /// The arguments as rules see them; an amount in a foreign currency is hidden.
    pub(crate) fn arguments<'a>(&'a self, tool: &ToolName, args: &'a Json) -> Args<'a> {
        let money = self.tools.find(tool).and_then(|tool| tool.money.as_ref());
        let hidden =
            money.filter(|money| money.is_foreign(args)).map(|money| money.path.as_slice());
        Args { json: args, hidden }
    }
}

impl CompiledMoney {
    /// Whether the amount stands at these steps of the arguments.
    pub(crate) fn is_at(&self, steps: &[Step]) -> bool {
        same_members(&self.path, steps)
    }

    fn is_foreign(&self, args: &Json) -> bool {
        let Some(path) = &self.currency_path else { return false };
        match args.at(path.iter().map(String::as_str)) {
            // Without a statement the tool's own currency is meant, which the intent names.
            None | Some(Json::Null) => false,
            Some(stated) => stated.as_str() != Some(self.currency.as_str()),
        }
    }

    /// Whether the amount, where there is one, is a number that rules can
    /// reckon with: one below zero would refill a cap.
    pub(crate) fn check(&self, args: &Json) -> Result<(), String> {
        let wrong = match args.at(self.path.iter().map(String::as_str)) {
            None | Some(Json::Null) => return Ok(()),
            Some(Json::Number(amount)) if !amount.is_negative() => return Ok(()),
            Some(Json::Number(_)) => "a negative amount",
            Some(_) => "no amount",
        };
        Err(format!("args.{} is {wrong}", self.path.join(".")))
    }
}

impl CompiledRule {
    /// Whether the rule looks at this event.
    pub(crate) fn looks_at(&self, event: EventName, tool: Option<&ToolName>) -> bool {
        self.event == event && tool.is_none_or(|tool| self.tools.contains(tool))
    }

    /// Its predicate, and the value that it sets.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Core> {
        let value = match &self.action {
            CompiledAction::Set { value, .. } => Some(value),
            _ => None,
        };
        self.when.iter().chain(value)
    }

    /// Whether the trigger's words name a tool that nobody declared.
    pub(crate) fn names(&self, tool: &ToolName) -> bool {
        self.event == EventName::Call
            && self.patterns.iter().any(|pattern| glob::matches(pattern, tool.as_str()))
    }
}

impl CompiledCriterion {
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Core> {
        self.given.iter().chain(self.expect.iter().map(|(_, clause)| clause))
    }
}

impl Surroundings {
    /// The declared tools that a word means: a name, a glob, an effect class
    /// (`@spend`), or a name without its server where only one tool has it.
    pub(crate) fn resolve(&self, word: &str) -> Vec<ToolName> {
        if let Some(effect) = word.strip_prefix('@') {
            let Some(effect) = crate::Effect::named(effect) else { return Vec::new() };
            let tools = self.tools.iter().filter(|(_, tool)| tool.effects.contains(&effect));
            return tools.map(|(name, _)| name.clone()).collect();
        }
        // An exact name is looked up, so that building stays linear in the rules.
        if let Some((name, _)) = self.tools.get_key_value(word) {
            return vec![name.clone()];
        }
        let matching: Vec<ToolName> =
            self.tools.keys().filter(|name| glob::matches(word, name.as_str())).cloned().collect();
        if !matching.is_empty() || word.contains(['*', '.']) {
            return matching;
        }
        let short: Vec<ToolName> =
            self.tools.keys().filter(|name| name.tool() == word).cloned().collect();
        if short.len() == 1 { short } else { Vec::new() }
    }
}
