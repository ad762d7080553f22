//! From a bundle to a policy.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bounden_base::{Digest, Json, SignedDuration, Span, json};

use super::routes::Routes;
use super::sharing;
use super::{
    CompiledCriterion, CompiledMoney, CompiledRule, CompiledTool, KnownTool, Policy, Surroundings,
};
use crate::bundle::{Action, Bundle, Escalation, EventName, Money, Rule, SEMANTICS, Tool};
use crate::clearance::{Clearance, Known, Plans};
use crate::core::{Core, Term};
use crate::nearest;
use crate::problem::{Place, Problem};
use crate::schema::{Schema, Shape};
use crate::table::Table;
use crate::typing::{self, Site};
use crate::{RuleId, ToolName};

pub(super) struct Builder {
    pub(super) surroundings: Surroundings,
    terms: Vec<Term>,
    problems: Vec<Problem>,
}

pub(super) fn build(mut bundle: Bundle) -> Result<Policy, Vec<Problem>> {
    let mut builder = Builder {
        surroundings: Surroundings {
            tools: BTreeMap::new(),
            facts: bundle.facts.clone(),
            windows: bundle.windows.keys().cloned().collect(),
            topics: BTreeSet::new(),
        },
        terms: Vec::new(),
        problems: Vec::new(),
    };
    builder.whole(&bundle);
    let tools = builder.tools(&bundle);
    builder.facts(&bundle);
    builder.escalations(&bundle);
    let router = builder.router(&mut bundle);
    let mut rules = Vec::new();
    for (id, rule) in &mut bundle.rules {
        rules.extend(builder.rule(id, rule, &bundle.escalations, &bundle.approvers));
    }
    let criteria = builder.criteria(&mut bundle);
    let canonical = match json::to_canonical(&bundle) {
        Ok(canonical) => canonical,
        Err(error) => {
            builder.problem("B256", Place::Bundle, Span::default(), error.to_string(), None);
            String::new()
        }
    };
    let mut sharing = BTreeMap::new();
    if bundle.several_guards {
        match sharing::sharing(&builder.terms, &rules, &criteria) {
            Ok(found) => sharing = found,
            Err(problems) => builder.problems.extend(problems),
        }
    }
    if !builder.problems.is_empty() {
        return Err(builder.problems);
    }
    let digest = Digest::of(&canonical);
    let asks_origins = rules.iter().flat_map(CompiledRule::expressions).any(Core::asks_origin)
        || criteria.iter().flat_map(CompiledCriterion::expressions).any(Core::asks_origin);
    let mut routes = Routes::new(&rules, &builder.terms);
    let all = &rules;
    let mut plans = Plans::default();
    let known = Known { terms: &builder.terms, fixed: &routes.fixed, facts: &bundle.facts };
    let clearances = tools.iter().map(|(name, tool)| {
        let to = routes.to(name);
        let rules = to.calls.iter().filter_map(|index| all.get(*index));
        Clearance::new(tool, rules, &to.counting, &known, &mut plans)
    });
    let clearances: Vec<_> = clearances.collect();
    for ((name, tool), clearance) in bundle.tools.iter().zip(clearances) {
        let timeout = SignedDuration::from_secs(tool.timeout_seconds.into());
        routes.handle(name, timeout, clearance);
    }
    let tools = tools.into_iter().collect();
    Ok(Policy {
        bundle,
        canonical,
        digest,
        tools,
        rules,
        terms: builder.terms,
        criteria,
        router,
        sharing,
        routes,
        asks_origins,
    })
}

impl Builder {
    pub(super) fn problem(
        &mut self,
        code: &'static str,
        place: Place,
        span: Span,
        message: String,
        help: Option<String>,
    ) {
        self.problems.push(Problem { code, place, span, message, help });
    }

    fn whole(&mut self, bundle: &Bundle) {
        if bundle.semantics != SEMANTICS {
            let message =
                format!("semantics {} are not those of this engine, {SEMANTICS}", bundle.semantics);
            self.problem("B259", Place::Bundle, Span::default(), message, None);
        }
        if bundle.rules.is_empty() && bundle.external.is_empty() {
            let help =
                "declare at least one invariant; an empty rule set is never permission".to_owned();
            let message = "no invariant is enforced".to_owned();
            self.problem("B259", Place::Bundle, Span::default(), message, Some(help));
        }
    }

    fn tools(&mut self, bundle: &Bundle) -> BTreeMap<ToolName, CompiledTool> {
        let mut compiled = BTreeMap::new();
        let mut schemas = Table::default();
        for (name, tool) in &bundle.tools {
            let schema = self.schema(name, tool.input.as_ref(), &mut schemas);
            let result = self.schema(name, tool.output.as_ref(), &mut schemas);
            let result = result.map(|schema| schema.shape());
            let money = tool.money.as_ref().and_then(|money| self.money(name, money));
            let mut arguments = schema.as_ref().map_or(Shape::Any, |schema| schema.shape());
            if let Some(money) = &money {
                unsign(&mut arguments, &money.path);
            }
            let known = KnownTool {
                effects: tool.effects.clone(),
                arguments,
                result,
                money: money.clone(),
            };
            self.surroundings.tools.insert(name.clone(), known);
            compiled.insert(name.clone(), CompiledTool { schema, money });
            self.effects(name, tool);
        }
        compiled
    }

    fn effects(&mut self, name: &ToolName, tool: &Tool) {
        if tool.effects.is_empty() {
            let help = Some("name at least `observe`".to_owned());
            self.problem(
                "B256",
                Place::Tool(name.clone()),
                Span::default(),
                "the tool has no effects".to_owned(),
                help,
            );
        }
    }

    /// Tools with the same schema share what is compiled from it.
    fn schema<'b>(
        &mut self,
        name: &ToolName,
        document: Option<&'b Json>,
        known: &mut Table<&'b Json, Option<Arc<Schema>>>,
    ) -> Option<Arc<Schema>> {
        let document = document?;
        let shared = known.find_or_new(&document);
        if shared.is_some() {
            return shared.clone();
        }
        match Schema::compile(document) {
            Ok(schema) => {
                *shared = Some(Arc::new(schema));
                shared.clone()
            }
            Err(error) => {
                self.problem(
                    "B258",
                    Place::Tool(name.clone()),
                    Span::default(),
                    error.to_string(),
                    None,
                );
                None
            }
        }
    }

    fn money(&mut self, name: &ToolName, money: &Money) -> Option<CompiledMoney> {
        let members = |path: &str| {
            let rest = path.strip_prefix("args.")?;
            let members: Vec<String> = rest.split('.').map(str::to_owned).collect();
            members.iter().all(|member| !member.is_empty()).then_some(members)
        };
        let path = members(&money.path);
        let currency_path = money.currency_path.as_deref().map(members);
        match (path, currency_path) {
            (Some(path), None) => {
                Some(CompiledMoney { path, currency: money.currency.clone(), currency_path: None })
            }
            (Some(path), Some(Some(currency_path))) => Some(CompiledMoney {
                path,
                currency: money.currency.clone(),
                currency_path: Some(currency_path),
            }),
            _ => {
                let message = "an amount is found by a path such as `args.amount`".to_owned();
                self.problem("B256", Place::Tool(name.clone()), Span::default(), message, None);
                None
            }
        }
    }

    fn facts(&mut self, bundle: &Bundle) {
        for (name, fact) in &bundle.facts {
            if !bundle.tools.contains_key(&fact.result_of) {
                let message = format!("no declared tool is called `{}`", fact.result_of);
                self.problem("B255", Place::Fact(name.clone()), Span::default(), message, None);
            }
        }
    }

    fn escalations(&mut self, bundle: &Bundle) {
        for (name, escalation) in &bundle.escalations {
            if let crate::Escalation::Call { tool, .. } = escalation
                && !bundle.tools.contains_key(tool)
            {
                let message =
                    format!("the escalation `{name}` calls `{tool}`, which is not declared");
                self.problem("B255", Place::Bundle, Span::default(), message, None);
            }
        }
    }

    fn rule(
        &mut self,
        id: &RuleId,
        rule: &mut Rule,
        paths: &BTreeMap<String, Escalation>,
        roles: &BTreeSet<crate::Role>,
    ) -> Option<CompiledRule> {
        let event = rule.trigger.event;
        let tools = self.trigger(id, rule)?;
        let requires_approval = matches!(rule.action, Action::RequireApproval(_));
        let site = Site { event, tools: tools.iter().cloned().collect(), requires_approval };
        let when = match &rule.when {
            None => None,
            Some(text) => {
                let (core, normal) =
                    self.expression(text, &Shape::Bool, &site, || Place::Rule(id.clone()))?;
                rule.when = Some(normal);
                Some(core)
            }
        };
        let action = self.action(id, rule, &site, paths, roles)?;
        Some(CompiledRule {
            id: id.clone(),
            mechanism: rule.by,
            event,
            tools,
            patterns: rule.trigger.tools.clone(),
            when,
            action,
            action_text: rule.action.to_string(),
            shadow: rule.shadow,
        })
    }

    /// The declared tools that a trigger means. The closed list of tools may
    /// name what is not declared; every other rule would silently do nothing.
    fn trigger(&mut self, id: &RuleId, rule: &Rule) -> Option<BTreeSet<ToolName>> {
        let trigger = &rule.trigger;
        if !matches!(trigger.event, EventName::Call | EventName::Result) {
            return Some(BTreeSet::new());
        }
        if trigger.tools.is_empty() {
            return Some(self.surroundings.tools.keys().cloned().collect());
        }
        let mut tools = BTreeSet::new();
        let mut complete = true;
        for word in &trigger.tools {
            let found = self.surroundings.resolve(word);
            if found.is_empty() && rule.by != crate::Mechanism::ToolAllowlist {
                let names = self.surroundings.tools.keys().map(ToolName::as_str);
                let help = nearest::name(word, names).map(|near| format!("did you mean `{near}`?"));
                let message =
                    format!("no declared tool is meant by `{word}`, so the rule would never fire");
                self.problem(
                    "B255",
                    Place::RuleTrigger(id.clone()),
                    Span::default(),
                    message,
                    help,
                );
                complete = false;
            }
            tools.extend(found);
        }
        complete.then_some(tools)
    }

    fn criteria(&mut self, bundle: &mut Bundle) -> Vec<CompiledCriterion> {
        let site = Site { event: EventName::End, tools: Vec::new(), requires_approval: false };
        let mut compiled = Vec::new();
        for (id, criterion) in &mut bundle.criteria {
            let mut whole = true;
            let mut given = None;
            if let Some(text) = &criterion.given {
                match self
                    .expression(text, &Shape::Bool, &site, || Place::CriterionGiven(id.clone()))
                {
                    Some((core, normal)) => {
                        criterion.given = Some(normal);
                        given = Some(core);
                    }
                    None => whole = false,
                }
            }
            let mut expect = Vec::new();
            for (index, clause) in criterion.expect.iter_mut().enumerate() {
                let place = || Place::Criterion(id.clone(), index);
                match self.expression(&clause.expr, &Shape::Bool, &site, place) {
                    Some((core, normal)) => {
                        clause.expr = normal;
                        expect.push((clause.says.clone(), core));
                    }
                    None => whole = false,
                }
            }
            if whole {
                compiled.push(CompiledCriterion { id: id.clone(), given, expect });
            }
        }
        compiled
    }

    pub(super) fn expression(
        &mut self,
        text: &str,
        wanted: &Shape,
        site: &Site,
        place: impl Fn() -> Place,
    ) -> Option<(crate::core::Core, String)> {
        match typing::compile(text, wanted, &self.surroundings, site, &mut self.terms) {
            Ok(compiled) => Some(compiled),
            Err(problem) => {
                self.problem(problem.code, place(), problem.span, problem.message, problem.help);
                None
            }
        }
    }
}

/// An amount of money is never negative: such a call is malformed before any rule sees it.
fn unsign(shape: &mut Shape, path: &[String]) {
    match (shape, path) {
        (Shape::Number { signed }, []) => *signed = false,
        (Shape::Object { members, .. }, [first, rest @ ..]) => {
            if let Some((member, _)) = Arc::make_mut(members).get_mut(first) {
                unsign(member, rest);
            }
        }
        _ => {}
    }
}
