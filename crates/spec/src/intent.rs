//! `behavior.intent/v1`: what a person promises an agent will and will not do.

mod agent;
mod commitments;
mod constraints;
mod criteria;
mod failure;
mod invariants;
mod promotion;
mod prose;
mod tools;
mod units;

use bounden_base::Diagnostic;

use crate::read::{Named, Read, Reader, section};
use crate::yaml::{self, Document, Text};
use crate::{article, in_order, versions};

pub use agent::{Agent, EscalationPath, Exclusion, Owner, Scope, Tier, Topic};
pub use commitments::{Commitment, Ladder, LostLease, Overlay, Rung, Severity};
pub use constraints::{
    Autonomy, Constraints, Data, Environment, Logging, Memory, SessionLimits, Window,
};
pub use criteria::{
    Bind, Budget, Criterion, EffectClause, Expect, FactBinding, Given, IntentBinding, Order,
    Require, Says, Url,
};
pub use failure::{FailureModes, FailureResponse};
pub use invariants::{By, Enforce, Enforcement, Invariant, Preference, Probe};
pub use promotion::{
    Adversarial, Approver, Evaluate, Evidence, Measurement, Ownership, Promotion, Review,
};
pub use tools::{EffectWord, Files, Labels, Model, Models, Money, Routing, Server, Tool};
pub use units::{Duration, Threshold, VersionRange};

/// The schema that this version of the program reads.
pub const SCHEMA: &str = "behavior.intent/v1";

section! {
    /// What a person promises an agent will and will not do.
    pub struct Intent {
        /// The version of this format, `behavior.intent/v1`.
        schema: Text,
        /// Who the agent is and who answers for it.
        agent: Agent,
        /// What the agent is for, in a sentence.
        purpose: Text,
        /// What the agent handles and what it must not.
        scope: Scope,
        /// Where a case goes that the agent must not handle.
        escalations: Named<EscalationPath>,
        /// The MCP servers whose tools the agent may call.
        servers: Named<Server>,
        /// The tools that may be called; nothing else can be.
        tools: Named<Tool>,
        /// The models that may be used.
        models: Option<Models>,
        /// Files that shape behaviour and are pinned with it.
        files: Option<Files>,
        /// Data, memory, logging and limits.
        constraints: Option<Constraints>,
        /// Differences per environment, which may only narrow.
        environments: Named<Environment>,
        /// Named periods that rules can refer to.
        windows: Named<Window>,
        /// Rules that hold whatever the model reasons.
        invariants: Named<Invariant>,
        /// What the agent should rather do, measured but not enforced.
        preferences: Named<Preference>,
        /// What the words of the criteria mean in calls.
        bind: Option<Bind>,
        /// What counts as success, checkable without running a model.
        success_criteria: Named<Criterion>,
        /// What happens where the design ends.
        failure_modes: Option<FailureModes>,
        /// How behaviour is measured after deployment.
        measurement: Option<Measurement>,
        /// What is owed to whom.
        commitments: Named<Commitment>,
        /// How scope is narrowed when trust is lost.
        ladder: Option<Ladder>,
        /// Who owns which section, and who may approve calls.
        ownership: Option<Ownership>,
        /// What each environment demands before the agent is promoted into it.
        promotion: Named<Promotion>,
    }
}

/// Reads a `behavior.intent/v1` document, or one of the `behavioral-spec.yaml`
/// form. Findings do not stop the reading; the intent is there wherever all
/// required parts could be read.
#[must_use]
pub fn parse(bytes: &[u8]) -> (Option<Intent>, Vec<Diagnostic>) {
    let (document, mut problems) = yaml::read(bytes);
    let Some(document) = document else { return (None, problems) };
    let (intent, found) = if article::is_article(&document.root) {
        let translated = article::read(&document);
        (translated.intent, translated.problems)
    } else {
        from_document(&document)
    };
    problems.extend(found);
    in_order(&mut problems);
    (intent, problems)
}

/// Reads the intent in a document that was read before.
pub(crate) fn from_document(document: &Document) -> (Option<Intent>, Vec<Diagnostic>) {
    if let Some(problem) = versions::unsupported(document, SCHEMA) {
        return (None, vec![problem]);
    }
    let mut reader = Reader::default();
    let intent = Intent::read(&document.root, &mut reader);
    (intent, prose::reworded(&document.root, reader.into_problems()))
}

#[cfg(test)]
mod tests;
