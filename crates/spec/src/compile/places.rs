//! Where a problem of the bundle stands in the document.

use bounden_base::{Diagnostic, Span};
use bounden_policy::{Place, Policy, Problem, RuleId};

use super::Compiler;
use crate::intent::Enforce;
use crate::yaml::Text;

/// The bundle has no rule.
const NOTHING_ENFORCED: &str = "B259";

impl Compiler<'_> {
    /// Types and resolves the bundle; its problems become findings of the document.
    pub(super) fn typed(&mut self, bundle: bounden_policy::Bundle) -> Option<Policy> {
        match Policy::compile(bundle) {
            Ok(policy) => Some(policy),
            Err(problems) => {
                let found: Vec<_> =
                    problems.into_iter().map(|problem| self.diagnostic(problem)).collect();
                let causes = self.problems.clone();
                let follows =
                    |found: &Diagnostic| causes.iter().any(|cause| explains(cause, found));
                self.problems.extend(found.into_iter().filter(|found| !follows(found)));
                None
            }
        }
    }

    fn diagnostic(&self, problem: Problem) -> Diagnostic {
        let span = self.place(&problem.place, problem.span);
        let found = Diagnostic::error(problem.code, span, problem.message);
        match problem.help {
            Some(help) => found.help(help),
            None => found,
        }
    }

    fn place(&self, place: &Place, part: Span) -> Span {
        let head = self.intent.agent.span;
        match place {
            Place::Bundle => {
                self.intent.invariants.iter().next().map_or(head, |item| item.key.span)
            }
            Place::RuleTrigger(id) => self.of_rule(id, |enforce| {
                let denied = || enforce.deny.first();
                enforce.trigger.as_ref().or_else(denied).map(|text| text.span)
            }),
            Place::Rule(id) => self.of_rule(id, |enforce| Some(enforce.when.as_ref()?.part(part))),
            Place::RuleAction(id) => self.of_rule(id, |enforce| Some(enforce.r#do.as_ref()?.span)),
            Place::RuleSet(id) => {
                self.of_rule(id, |enforce| Some(set_value(enforce.r#do.as_ref()?, part)))
            }
            Place::CriterionGiven(id) => {
                let criterion = self.intent.success_criteria.get(id.as_str());
                let given = criterion.and_then(|criterion| criterion.given.as_ref());
                given.map_or(head, |given| given.span)
            }
            Place::Criterion(id, clause) => {
                self.clauses.get(id).and_then(|spans| spans.get(*clause)).copied().unwrap_or(head)
            }
            Place::Tool(name) => {
                let mut tools = self.intent.tools.iter();
                tools.find(|item| item.key.name == name.as_str()).map_or(head, |item| item.key.span)
            }
            Place::Scope => self.intent.scope.span,
            Place::Topic(name) => {
                let scope = &self.intent.scope;
                let inside = scope.r#in.iter().map(|item| &item.key);
                // Where both sides have the name, the second one is at fault.
                let keys = scope.out.iter().map(|item| &item.key).chain(inside);
                let named = keys.filter(|key| key.name == name.as_str());
                named.map(|key| key.span).next().unwrap_or(scope.span)
            }
            Place::Fact(name) => {
                let facts = self.intent.bind.iter().flat_map(|bind| &bind.facts);
                let mut named = facts.filter(|item| item.key.name == *name);
                named.next().map_or(head, |item| item.value.result_of.span)
            }
        }
    }

    fn of_rule(&self, id: &RuleId, span: impl Fn(&Enforce) -> Option<Span>) -> Span {
        let mut invariants = self.intent.invariants.iter();
        let Some(item) = invariants.find(|item| item.key.name == id.as_str()) else {
            return self.intent.agent.span;
        };
        item.value.enforce.as_ref().and_then(span).unwrap_or(item.key.span)
    }
}

/// Whether a problem of the bundle follows from an error that was found in the
/// document: in the same place, or since a part had to be left out.
fn explains(cause: &Diagnostic, found: &Diagnostic) -> bool {
    let touches = cause.span.start <= found.span.end && found.span.start <= cause.span.end;
    cause.is_error() && (touches || found.code == NOTHING_ENFORCED)
}

/// A part of the expression in `set args.x = EXPRESSION`.
fn set_value(action: &Text, part: Span) -> Span {
    let value = action
        .split_once('=')
        .map_or(0, |(before, after)| before.len() + 1 + after.len() - after.trim_start().len());
    action.part(part.shifted(value))
}
