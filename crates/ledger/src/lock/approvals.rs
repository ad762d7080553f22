//! Who approved a change: signatures matched to people, never counted by themselves.

use std::collections::BTreeSet;

use bounden_base::{Digest, Timestamp};

use super::{Reason, VerifyError};
use crate::dsse::Envelope;
use crate::statement::{Action, Approval, Decision, Statement, StatementError, VerifiedStatement};
use crate::{AgentId, EnvironmentId, TrustRoot};

/// The change that approvals have to be of.
#[derive(Clone, Debug)]
pub struct Proposal<'a> {
    /// The agent.
    pub agent: &'a AgentId,
    /// The lock body.
    pub body: Digest,
    /// The canonical digest of the intent.
    pub intent: Digest,
    /// Where it is to run.
    pub environment: &'a EnvironmentId,
    /// What is to be done.
    pub action: Action,
    /// The body that runs there now.
    pub base: Option<Digest>,
    /// The digest of the difference.
    pub diff: Digest,
    /// The evidence that is weighed; approvals may have seen less of it, never other.
    pub evidence: &'a [Digest],
    /// When the votes are counted.
    pub at: Timestamp,
}

/// An approval by a known person in a role that they hold, of the very change.
#[derive(Debug)]
pub struct VerifiedApproval {
    statement: VerifiedStatement<Approval>,
}

/// Verifies that everybody who voted is known and different, and that all are in favour.
///
/// Whether they are enough is for the caller to say.
///
/// # Errors
/// The first vote that does not count, with its number in `place`.
pub fn verify_approvals(
    envelopes: &[Envelope],
    proposal: &Proposal<'_>,
    trust: &TrustRoot,
) -> Result<Vec<VerifiedApproval>, VerifyError> {
    let (mut people, mut nonces) = (BTreeSet::new(), BTreeSet::new());
    let mut verified = Vec::with_capacity(envelopes.len());
    for (number, envelope) in (1..).zip(envelopes) {
        let vote = verify_vote(envelope, proposal, trust)
            .and_then(|vote| {
                let Approval { person, nonce, .. } = vote.approval();
                if !people.insert(person.clone()) {
                    return Err(VerifyError::new(Reason::ApproverRepeated, person));
                }
                if !nonces.insert(*nonce) {
                    return Err(VerifyError::new(Reason::NonceRepeated, person));
                }
                Ok(vote)
            })
            .map_err(|error| error.at(format_args!("approval {number}")))?;
        verified.push(vote);
    }
    Ok(verified)
}

impl VerifiedApproval {
    /// What the person said.
    #[must_use]
    pub fn approval(&self) -> &Approval {
        self.statement.predicate()
    }

    /// The signed statement.
    #[must_use]
    pub fn statement(&self) -> &VerifiedStatement<Approval> {
        &self.statement
    }
}

fn verify_vote(
    envelope: &Envelope,
    proposal: &Proposal<'_>,
    trust: &TrustRoot,
) -> Result<VerifiedApproval, VerifyError> {
    let (person, pinned) = trust
        .person(envelope.key_id())
        .ok_or_else(|| VerifyError::new(Reason::ApproverUnknown, envelope.key_id()))?;
    let statement =
        VerifiedStatement::<Approval>::verify(envelope.clone(), &pinned.key).map_err(|error| {
            match error {
                StatementError::Envelope(error) => {
                    VerifyError::new(Reason::ApprovalSignature, error)
                }
                error => VerifyError::new(Reason::ApprovalMalformed, error),
            }
        })?;
    let approval = statement.predicate();
    let refuse = |reason, found: &dyn std::fmt::Display| Err(VerifyError::new(reason, found));
    if approval.person != person.person {
        return refuse(Reason::ApproverMismatch, &approval.person);
    }
    if !person.roles.contains(&approval.role) {
        return refuse(Reason::RoleNotHeld, &approval.role);
    }
    if let Some(field) = first_mismatch(statement.statement(), proposal) {
        return refuse(Reason::ApprovalMismatch, &field);
    }
    if approval.issued > proposal.at || approval.expires <= proposal.at {
        return refuse(Reason::ApprovalNotCurrent, &person.person);
    }
    if !pinned.counts_at(approval.issued) || !pinned.counts_at(proposal.at) {
        return refuse(Reason::ApproverKeyNotValid, &person.person);
    }
    if approval.decision != Decision::Approve {
        return refuse(Reason::ApprovalRejected, &person.person);
    }
    Ok(VerifiedApproval { statement })
}

/// The first field in which an approval is of another change.
fn first_mismatch(
    statement: &Statement<Approval>,
    proposal: &Proposal<'_>,
) -> Option<&'static str> {
    let approval = &statement.predicate;
    let weighed = |seen: &Digest| proposal.evidence.contains(seen);
    [
        ("agent", statement.agent == *proposal.agent),
        ("body", statement.body == proposal.body),
        ("intent", approval.intent == proposal.intent),
        ("environment", approval.environment == *proposal.environment),
        ("action", approval.action == proposal.action),
        ("base", approval.base == proposal.base),
        ("diff", approval.diff == proposal.diff),
        ("evidence", approval.evidence.iter().all(weighed)),
    ]
    .into_iter()
    .find_map(|(field, matches)| (!matches).then_some(field))
}
