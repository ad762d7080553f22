//! The gate: everything that has to hold before a body may run, decided from
//! values, with all reasons at once where it may not.

mod refusal;
mod votes;
mod weigh;

use std::collections::BTreeSet;

use bounden_base::{Digest, Timestamp};
use bounden_ledger::dsse::Envelope;
use bounden_ledger::lock::{Assurance, Binding, Inclusion, Proposal, VerifiedApproval};
use bounden_ledger::statement::{Action, Promotion, Statement, StatementError, VerifiedStatement};
use bounden_ledger::{Checkpoint, Deployment, EnvironmentId, PersonId, SigningKey, TrustRoot};

use crate::evaluation::Evidence;
use crate::{Demands, Plan, Release};

pub use refusal::{Reason, Refusal};
pub(crate) use votes::missing_for;
pub use weigh::weigh;

/// Everything that the gate decides from.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The version that is to run.
    pub release: &'a Release,
    /// Where.
    pub environment: &'a EnvironmentId,
    /// Forward or back.
    pub action: Action,
    /// The difference to what runs there.
    pub plan: &'a Plan,
    /// What runs there.
    pub running: Option<&'a Deployment>,
    /// What runs in the environment that the body is carried forward from.
    pub origin: Option<&'a Deployment>,
    /// Whether the body ran there before.
    pub ran_before: bool,
    /// What recorded runs show.
    pub evidence: &'a [Evidence],
    /// Every vote about this agent in the ledger, oldest first.
    pub votes: &'a [Envelope],
    /// Payload digests of approvals that earlier promotions counted.
    pub spent: &'a BTreeSet<Digest>,
    /// People whose approval does not count: authors, and whoever asks.
    pub interested: &'a BTreeSet<PersonId>,
    /// The organisations under whose policies what runs there was admitted.
    pub governed: &'a BTreeSet<String>,
    /// Who is trusted for what.
    pub trust: &'a TrustRoot,
    /// The state of the ledger that all this was read from.
    pub read: &'a Checkpoint,
    /// When it is decided.
    pub now: Timestamp,
}

/// The gate's word that a body may run somewhere. Only [`admit`] makes one.
#[derive(Debug)]
pub struct Admission {
    statement: Statement<Promotion>,
    approvals: Vec<VerifiedApproval>,
}

/// An admission that a gate has signed, for the ledger and the lock.
#[derive(Debug)]
pub struct Promoted {
    statement: VerifiedStatement<Promotion>,
    approvals: Vec<VerifiedApproval>,
}

/// Name and version of this gate.
pub const GATE: &str = concat!("bounden ", env!("CARGO_PKG_VERSION"));

/// Decides whether a body may run.
///
/// # Errors
/// Every reason why it may not, in the order in which people would look.
pub fn admit(case: &Case<'_>) -> Result<Admission, Vec<Refusal>> {
    let mut refusals = Vec::new();
    let demands = Demands::of(case.release.intent(), case.environment);
    match &demands {
        None => refusals.push(Reason::EnvironmentUnknown.found(case.environment)),
        Some(demands) => {
            case.check_way(demands, &mut refusals);
            if let (Action::Promote, Some(evidence)) = (case.action, &demands.evidence) {
                weigh(case.release, evidence, case.evidence, case.now, &mut refusals);
            }
        }
    }
    case.check_body(&mut refusals);
    case.check_organisation(&mut refusals);
    let evidence: Vec<Digest> = case.evidence.iter().map(Evidence::digest).collect();
    let approvals = match (&demands, case.plan.diff()) {
        (Some(demands), Ok(diff)) => {
            let proposal = case.proposal(&evidence, diff.digest);
            votes::count(case, demands, &proposal, &mut refusals)
        }
        (_, Err(error)) => {
            refusals.push(Reason::PlanOfAnotherState.found(error));
            Vec::new()
        }
        (None, _) => Vec::new(),
    };
    if !refusals.is_empty() {
        return Err(refusals);
    }
    case.admission(demands.and_then(|demands| demands.from), approvals, evidence)
}

impl Case<'_> {
    /// Whether the body may take this way into the environment.
    fn check_way(&self, demands: &Demands, refusals: &mut Vec<Refusal>) {
        match self.action {
            Action::Promote => {
                if self.running.is_some_and(|running| running.held) {
                    refusals.push(Reason::EnvironmentHeld.found(self.environment));
                }
                let carried = self.origin.map(|origin| origin.body);
                if let Some(from) = &demands.from
                    && carried != Some(self.release.digest())
                {
                    let found = carried.map_or("nothing".to_owned(), |body| body.short());
                    refusals.push(Reason::NotCarriedForward.found(format!("{from} runs {found}")));
                }
            }
            Action::Rollback => {
                if !self.ran_before {
                    refusals.push(Reason::NeverRanHere.found(self.release.digest().short()));
                }
            }
        }
    }

    /// Whether the body is one that may run anywhere, and the plan is of it.
    fn check_body(&self, refusals: &mut Vec<Refusal>) {
        let running = self.running.map(|running| running.body);
        if self.plan.body != self.release.digest() || self.plan.base != running {
            refusals.push(Reason::PlanOfAnotherState.found(self.plan.body.short()));
        }
        for draft in self.release.drafts() {
            refusals.push(Reason::DraftClause.found(draft));
        }
        let invariants = self.release.intent().invariants.iter();
        for item in invariants.filter(|item| item.value.enforce.is_none()) {
            refusals.push(Reason::MechanismMissing.found(&item.key.name));
        }
        for part in &self.release.body().components {
            let name = format_args!("{} {}", part.kind, part.name).to_string();
            if part.assurance == Assurance::M {
                refusals.push(Reason::ComponentMutable.found(&name));
            }
            if part.not_after.is_some_and(|end| end <= self.now) {
                refusals.push(Reason::ComponentExpired.found(&name));
            }
        }
    }

    /// Whether the policies of the organisation let it run, and none of them is gone.
    fn check_organisation(&self, refusals: &mut Vec<Refusal>) {
        let judgements = &self.plan.organisation;
        for judgement in judgements {
            for rule in judgement.refused() {
                let found = format!("{}: {rule}", judgement.organisation);
                refusals.push(Reason::OrganisationPolicyBroken.found(found));
            }
        }
        let is_gone = |name: &&String| judgements.iter().all(|one| one.organisation != **name);
        for name in self.governed.iter().filter(is_gone) {
            refusals.push(Reason::OrganisationPolicyGone.found(name));
        }
    }

    fn proposal<'e>(&'e self, evidence: &'e [Digest], diff: Digest) -> Proposal<'e> {
        let body = self.release.body();
        Proposal {
            agent: &body.agent,
            body: self.release.digest(),
            intent: body.intent.canonical,
            environment: self.environment,
            action: self.action,
            base: self.plan.base,
            diff,
            evidence,
            at: self.now,
        }
    }

    fn admission(
        &self,
        from: Option<EnvironmentId>,
        approvals: Vec<VerifiedApproval>,
        evidence: Vec<Digest>,
    ) -> Result<Admission, Vec<Refusal>> {
        let diff =
            self.plan.diff().map_err(|error| vec![Reason::PlanOfAnotherState.found(error)])?;
        let promotion = Promotion {
            environment: self.environment.clone(),
            action: self.action,
            epoch: self.running.map_or(1, |running| running.epoch.saturating_add(1)),
            previous: self.running.map(|running| running.binding),
            carried_from: from.filter(|_| self.action == Action::Promote),
            approvals: approvals.iter().map(|vote| vote.statement().digest()).collect(),
            evidence,
            diff,
            read_checkpoint: self.read.clone(),
            gate: GATE.to_owned(),
            time: self.now,
        };
        let agent = self.release.body().agent.clone();
        let statement = Statement { agent, body: self.release.digest(), predicate: promotion };
        Ok(Admission { statement, approvals })
    }
}

impl Admission {
    /// Signs the admission.
    ///
    /// # Errors
    /// None in practice: an admission has a canonical form.
    pub fn sign(self, key: &SigningKey) -> Result<Promoted, StatementError> {
        Ok(Promoted { statement: self.statement.sign(key)?, approvals: self.approvals })
    }
}

impl Promoted {
    /// The signed promotion, for the ledger.
    #[must_use]
    pub fn statement(&self) -> &VerifiedStatement<Promotion> {
        &self.statement
    }

    /// The binding of the promotion at its place in the ledger.
    #[must_use]
    pub fn bind(&self, inclusion: Inclusion) -> Binding {
        Binding::new(&self.statement, &self.approvals, inclusion)
    }
}

#[cfg(test)]
mod tests;
