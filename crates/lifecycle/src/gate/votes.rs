//! Which votes count, and whether they are enough people in the right roles.

use std::collections::{BTreeMap, BTreeSet};

use bounden_ledger::dsse::Envelope;
use bounden_ledger::lock::{Proposal, VerifiedApproval, verify_approvals};
use bounden_ledger::statement::{Action, Approval, Decision, VerifiedStatement};
use bounden_ledger::{PersonId, RoleId, TeamId, TrustRoot};

use super::{Case, Reason, Refusal};
use crate::Demands;

/// The latest vote of each known person about this body in this environment.
type Latest = BTreeMap<PersonId, VerifiedStatement<Approval>>;

/// Counts the votes; what is missing is added to `refusals`.
pub(super) fn count(
    case: &Case<'_>,
    demands: &Demands,
    proposal: &Proposal<'_>,
    refusals: &mut Vec<Refusal>,
) -> Vec<VerifiedApproval> {
    let (mut approvals, mut passed_over) = (Vec::new(), Vec::new());
    for (person, vote) in latest(case) {
        match vote.predicate().decision {
            Decision::Reject => refusals.push(Reason::Rejected.found(person)),
            Decision::Revoke => {}
            Decision::Approve => match counted(case, vote, proposal) {
                Ok(approval) => approvals.push(approval),
                Err(why) => {
                    passed_over.push(Reason::ApprovalNotCounted.found(format!("{person}: {why}")));
                }
            },
        }
    }
    let missing = missing(case, demands, &approvals);
    if !missing.is_empty() {
        refusals.extend(passed_over);
        refusals.extend(missing);
    }
    approvals
}

/// Who is missing: `is_light` where going back to less needs but one of those
/// who could have let it forward.
pub(crate) fn missing_for(
    demands: &Demands,
    action: Action,
    is_material: bool,
    roles: &[&RoleId],
) -> Vec<String> {
    let quorum = demands.quorum(is_material);
    let is_light = action == Action::Rollback && !is_material;
    if !is_light {
        return missing_people(&quorum, roles);
    }
    if quorum.is_empty() || roles.iter().any(|role| quorum.contains_key(*role)) {
        return Vec::new();
    }
    let any: Vec<_> = quorum.keys().map(RoleId::as_str).collect();
    vec![format!("0 of 1 {}", any.join(" or "))]
}

/// Which of the people of a quorum are missing, as `1 of 2 security`.
fn missing_people(quorum: &BTreeMap<RoleId, u64>, roles: &[&RoleId]) -> Vec<String> {
    let of = |role: &RoleId| roles.iter().filter(|present| **present == role).count() as u64;
    let short = quorum.iter().filter(|(role, needed)| of(role) < **needed);
    short.map(|(role, needed)| format!("{} of {needed} {role}", of(role))).collect()
}

fn missing(case: &Case<'_>, demands: &Demands, approvals: &[VerifiedApproval]) -> Vec<Refusal> {
    let roles: Vec<_> = approvals.iter().map(|vote| &vote.approval().role).collect();
    let short = missing_for(demands, case.action, case.plan.material, &roles);
    let mut found: Vec<_> =
        short.into_iter().map(|short| Reason::ApprovalsMissing.found(short)).collect();
    if let Some(team) = demands.reviewer.as_ref().filter(|_| case.action == Action::Promote)
        && !approvals.iter().any(|vote| reviews(case, vote, team))
    {
        found.push(Reason::ReviewerMissing.found(team));
    }
    found
}

/// Whether the vote is of somebody of the reviewing team and not of the owning one.
fn reviews(case: &Case<'_>, vote: &VerifiedApproval, team: &TeamId) -> bool {
    let owner = case.release.intent().agent.owner.as_ref().map(|owner| &owner.team.value);
    let envelope = vote.statement().to_envelope();
    case.trust.person(envelope.key_id()).is_some_and(|(person, _)| {
        let owns = owner.is_some_and(|owner| person.teams.contains(owner.as_str()));
        person.teams.contains(team) && !owns
    })
}

fn latest(case: &Case<'_>) -> Latest {
    let (mut latest, mut seen) = (Latest::new(), BTreeSet::new());
    for envelope in case.votes {
        let Some((person, vote)) = known(envelope, case.trust) else { continue };
        let statement = vote.statement();
        let is_about = statement.agent == case.release.body().agent
            && statement.body == case.release.digest()
            && statement.predicate.environment == *case.environment;
        // A vote that is recorded again does not take back what was said since,
        // and one that was counted has had its effect.
        let is_new = seen.insert(vote.digest()) && !case.spent.contains(&vote.digest());
        if is_about && is_new {
            latest.insert(person, vote);
        }
    }
    latest
}

/// The vote and who cast it, where the key is somebody's and the signature good.
fn known(
    envelope: &Envelope,
    trust: &TrustRoot,
) -> Option<(PersonId, VerifiedStatement<Approval>)> {
    let (person, pinned) = trust.person(envelope.key_id())?;
    let vote = VerifiedStatement::<Approval>::verify(envelope.clone(), &pinned.key).ok()?;
    (vote.predicate().person == person.person).then(|| (person.person.clone(), vote))
}

fn counted(
    case: &Case<'_>,
    vote: VerifiedStatement<Approval>,
    proposal: &Proposal<'_>,
) -> Result<VerifiedApproval, String> {
    if case.interested.contains(&vote.predicate().person) {
        return Err("whoever asks for a change or wrote it does not approve it".to_owned());
    }
    let verified = verify_approvals(&[vote.to_envelope()], proposal, case.trust)
        .map_err(|error| error.reason.sentence().trim_end_matches('.').to_owned())?;
    verified.into_iter().next().ok_or_else(|| "it is not there".to_owned())
}
