//! From an intent to the policy bundle that decides, tests and is locked.

mod arguments;
mod criteria;
mod invariants;
mod limits;
mod places;
mod references;
mod responses;
mod scope;
mod surface;

use std::collections::BTreeMap;

use bounden_base::{Diagnostic, Span};
use bounden_policy::{Bundle, Contracts, CriterionId, Policy, Role, SEMANTICS};

use crate::in_order;
use crate::intent::Intent;

pub use limits::limits_in;
pub(crate) use responses::{MODES, Primary};

/// Compiles an intent. Contracts type the rules; without them types follow
/// from use, and the policy may not enter a lock. The policy is there if
/// nothing is an error.
#[must_use]
pub fn compile(
    intent: &Intent,
    contracts: Option<&Contracts>,
) -> (Option<Policy>, Vec<Diagnostic>) {
    let mut compiler =
        Compiler { intent, contracts, problems: Vec::new(), clauses: BTreeMap::new() };
    let bundle = compiler.bundle();
    let policy = compiler.typed(bundle);
    let mut problems = compiler.problems;
    in_order(&mut problems);
    let is_refused = problems.iter().any(Diagnostic::is_error);
    (policy.filter(|_| !is_refused), problems)
}

struct Compiler<'i> {
    intent: &'i Intent,
    contracts: Option<&'i Contracts>,
    problems: Vec<Diagnostic>,
    /// Where each clause of each criterion stands.
    clauses: BTreeMap<CriterionId, Vec<Span>>,
}

impl Compiler<'_> {
    fn bundle(&mut self) -> Bundle {
        let (rules, external) = self.invariants();
        self.environments();
        self.exclusions();
        Bundle {
            semantics: SEMANTICS,
            agent: self.intent.agent.id.value.clone(),
            tools: self.tools(),
            rules,
            external,
            limits: limits::base(self.intent),
            facts: self.facts(),
            escalations: self.escalations(),
            failure_modes: self.failure_modes(),
            approvers: self.approvers(),
            windows: self.windows(),
            criteria: self.criteria(),
            router: self.router(),
            several_guards: false,
        }
    }

    fn approvers(&self) -> std::collections::BTreeSet<Role> {
        let ownership = self.intent.ownership.as_ref();
        let approvers = ownership.into_iter().flat_map(|ownership| ownership.approvers.names());
        approvers.map(Role::from).collect()
    }

    fn error(
        &mut self,
        code: &str,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems.push(Diagnostic::error(code, span, message).help(help));
    }
}

#[cfg(test)]
mod tests;
