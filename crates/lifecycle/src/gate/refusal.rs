//! Why the gate refuses: a stable code, a sentence and what to do.

use std::fmt;

use bounden_base::Json;

use crate::reason::reasons;

/// One reason why a body may not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable reason.
    pub reason: Reason,
    /// What was found; empty where the reason says it all.
    pub found: String,
}

reasons! {
    /// Why a body may not run.
    pub enum Reason;

    /// The intent says nothing about promotion to this environment.
    EnvironmentUnknown = "environment-unknown",
        "Name it under `promotion` in the intent, or choose one that is named there.";
    /// A clause was observed or assumed in a draft, and nobody has promised it.
    DraftClause = "draft-clause",
        "Read it, make it true, and remove its `origin`.";
    /// Nothing outside the model enforces an invariant.
    MechanismMissing = "mechanism-missing",
        "Add `enforce`, or move the rule to `preferences`.";
    /// A part of the agent may be something else tomorrow.
    ComponentMutable = "component-mutable",
        "Name a fixed version of it in the intent.";
    /// A part of the agent no longer exists, as its maker announced.
    ComponentExpired = "component-expired",
        "Replace it in the intent.";
    /// The policy of the organisation does not allow it.
    OrganisationPolicyBroken = "organisation-policy-broken",
        "Run `bounden check`; change the intent, or ask for a waiver.";
    /// What runs was admitted under a policy of an organisation that is not here now.
    OrganisationPolicyGone = "organisation-policy-gone",
        "Put the `org.policy` back, or name it with `--policy`.";
    /// The plan is not of this body and of what runs now.
    PlanOfAnotherState = "plan-of-another-state",
        "Run `bounden plan` again.";
    /// The environment is held against forward promotion.
    EnvironmentHeld = "environment-held",
        "Find out why it was rolled back or held, then `bounden release` it.";
    /// The body does not run in the environment that it has to come from.
    NotCarriedForward = "not-carried-forward",
        "Promote it there first; production takes over exactly what staging runs.";
    /// The body never ran in this environment.
    NeverRanHere = "never-ran-here",
        "Choose one that did: `bounden history` lists them.";
    /// There is no evidence about this body.
    EvidenceMissing = "evidence-missing",
        "Put recorded runs into `traces/` beside the intent.";
    /// The evidence is about another body.
    EvidenceOfAnotherBody = "evidence-of-another-body",
        "Evaluate the recorded runs again.";
    /// A criterion was not tried often enough.
    TooFewTrials = "too-few-trials",
        "Record more runs to which the criterion applies.";
    /// A criterion is passed less often than is promised.
    CriterionFailed = "criterion-failed",
        "Mend the agent, or promise less.";
    /// The oldest run is older than the intent allows, or bears no time.
    EvidenceStale = "evidence-stale",
        "Record new runs.";
    /// Some of the recordings could not be read.
    EvidenceUnreadable = "evidence-unreadable",
        "Mend or remove them; what cannot be read must not be left out unseen.";
    /// A recorded run breaks an invariant.
    InvariantViolated = "invariant-violated",
        "Look at the run; the guard would not have let it happen.";
    /// A recorded run does something beyond what any rule allows.
    BoundaryCrossed = "boundary-crossed",
        "Look at the run; declare what it needs, or mend the agent.";
    /// A recording does not tell whether an invariant held.
    EvidenceUndecided = "evidence-undecided",
        "Record the run again with arguments and results.";
    /// Something was not attacked often enough.
    TooFewAttacks = "too-few-attacks",
        "Record runs through the guard that try it.";
    /// Something gave way under attack.
    AttackSucceeded = "attack-succeeded",
        "Mend the agent before anything else.";
    /// Not enough people of a role approve.
    ApprovalsMissing = "approvals-missing",
        "Ask for `bounden approve`.";
    /// An approval does not count.
    ApprovalNotCounted = "approval-not-counted",
        "Ask for another one.";
    /// Nobody of the reviewing team is among the approvers.
    ReviewerMissing = "reviewer-missing",
        "Ask somebody of that team, who is not of the owning team.";
    /// Somebody rejects the change.
    Rejected = "rejected",
        "Settle the objection; they can take it back.";
}

impl Reason {
    /// A refusal for this reason.
    #[must_use]
    pub fn found(self, found: impl fmt::Display) -> Refusal {
        Refusal { reason: self, found: found.to_string() }
    }
}

impl Refusal {
    /// Reason, what was found and what to do, for programs.
    #[must_use]
    pub fn to_json(&self) -> Json {
        Json::object([
            ("code", Json::from(self.reason.code())),
            ("message", self.reason.sentence().into()),
            ("found", self.found.as_str().into()),
            ("help", self.reason.advice().into()),
        ])
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.reason.code(), self.reason.sentence())?;
        if !self.found.is_empty() {
            write!(f, " ({})", self.found)?;
        }
        write!(f, " {}", self.reason.advice())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_sentences_are_sentences() {
        let codes: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            for text in [reason.sentence(), reason.advice()] {
                assert!(text.ends_with('.') && text.starts_with(char::is_uppercase), "{text}");
            }
        }
    }
}
