//! Why a lock is refused: a stable code, a class for the exit code, and what to do.

use std::fmt;

use serde::Serialize;

/// Why a lock is refused, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyError {
    /// The stable reason.
    pub reason: Reason,
    /// Where in the lock, such as `binding 2 (production)`; empty for the whole.
    pub place: String,
    /// What was found; empty where the reason says it all.
    pub found: String,
}

/// What kind of refusal, and with it the exit code of `verify`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Somebody with the right to do so said no, or never said yes.
    Denied,
    /// It was good once, or is not yet.
    Stale,
    /// Bytes are not those that were signed or recorded.
    Tampered,
    /// A key, person or ledger that is not trusted for this.
    Untrusted,
    /// Something that is needed could not be had.
    Unavailable,
}

impl Class {
    /// The exit code of `bounden verify`.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Denied => 10,
            Self::Stale => 11,
            Self::Tampered => 12,
            Self::Untrusted => 13,
            Self::Unavailable => 14,
        }
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $class:ident, $sentence:literal, $advice:literal;)+) => {
        /// Why a lock is refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Reason {
            $(#[doc = $sentence] $(#[$doc])* $name,)+
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The stable code for programs.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What kind of refusal.
            #[must_use]
            pub fn class(self) -> Class {
                match self { $(Self::$name => Class::$class,)+ }
            }

            /// What is wrong, as a sentence for people.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)+ }
            }

            /// What to do about it, as a sentence for people.
            #[must_use]
            pub fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice,)+ }
            }
        }
    };
}

reasons! {
    LockUnreadable = "lock-unreadable", Tampered,
        "The file is not a lock.",
        "Restore behavior.lock from version control.";
    LockSchema = "lock-schema-unknown", Tampered,
        "The lock has a schema that is not known here.",
        "Update bounden, or restore behavior.lock from version control.";
    LockNotCanonical = "lock-not-canonical", Tampered,
        "The lock is not written as bounden writes it.",
        "Do not edit behavior.lock; restore it from version control.";
    ComponentOrder = "component-order", Tampered,
        "The components are not ordered, or two have the same kind and name.",
        "Run `bounden resolve` again.";
    BodyDigest = "body-digest-mismatch", Tampered,
        "The body is not the one that the lock names.",
        "Restore behavior.lock from version control, or resolve and promote again.";
    NotBound = "not-bound", Denied,
        "The lock is bound to no environment.",
        "Run `bounden promote`.";
    GateUnknown = "gate-key-unknown", Untrusted,
        "The promotion is signed by a key that is no pinned gate.",
        "Check the trust root; if the gate is new, pin its key there.";
    GateKeyNotValid = "gate-key-not-valid", Untrusted,
        "The gate's key did not count when it signed.",
        "Promote again with a current gate key.";
    PromotionSignature = "promotion-signature-invalid", Tampered,
        "The promotion is not what the gate signed.",
        "Restore behavior.lock from version control.";
    PromotionMalformed = "promotion-malformed", Tampered,
        "The gate signed something that is no promotion.",
        "Restore behavior.lock from version control, or promote again.";
    PromotionSubject = "promotion-of-another-lock", Tampered,
        "The promotion is of another agent, body or environment.",
        "Restore behavior.lock from version control, or promote this body.";
    PromotionInFuture = "promotion-in-the-future", Stale,
        "The promotion is dated after now.",
        "Check the clocks of this machine and of the gate.";
    EpochChain = "epoch-chain-broken", Tampered,
        "The bindings of an environment do not follow each other.",
        "Restore behavior.lock from version control.";
    CarriedFrom = "not-carried-forward", Denied,
        "The body was not bound in the environment that it is said to come from.",
        "Promote to that environment first.";
    ApprovalNotCited = "approval-not-cited", Tampered,
        "The approvals are not those that the promotion cites.",
        "Restore behavior.lock from version control.";
    ApproverUnknown = "approver-unknown", Untrusted,
        "An approval is signed by a key of nobody in the trust root.",
        "Check the trust root, or ask somebody whose key is pinned there.";
    ApproverKeyNotValid = "approver-key-not-valid", Untrusted,
        "An approver's key did not count at the time.",
        "Ask for a new approval with a current key.";
    ApproverMismatch = "approver-mismatch", Untrusted,
        "An approval names another person than the owner of its key.",
        "Ask for a new approval.";
    RoleNotHeld = "role-not-held", Untrusted,
        "An approver does not hold the role.",
        "Ask somebody who holds it.";
    ApprovalSignature = "approval-signature-invalid", Tampered,
        "An approval is not what its person signed.",
        "Restore behavior.lock from version control, or ask for a new approval.";
    ApprovalMalformed = "approval-malformed", Tampered,
        "A person signed something that is no approval.",
        "Ask for a new approval.";
    ApprovalMismatch = "approval-of-another-change", Denied,
        "An approval is of another agent, body, environment, action or difference.",
        "Ask for an approval of this change.";
    ApprovalNotCurrent = "approval-not-current", Stale,
        "An approval was expired or not yet valid when it was counted.",
        "Ask for a new approval.";
    ApprovalRejected = "approval-rejected", Denied,
        "Somebody rejected the change or took the approval back.",
        "Settle the objection, then ask again.";
    ApproverRepeated = "approver-repeated", Denied,
        "One person is counted twice.",
        "Ask another person.";
    NonceRepeated = "nonce-repeated", Denied,
        "One approval is used twice.",
        "Ask for a new approval.";
    CheckpointMalformed = "checkpoint-malformed", Tampered,
        "The checkpoint is not one checkpoint with one signature.",
        "Restore behavior.lock from version control.";
    CheckpointSignature = "checkpoint-signature-invalid", Tampered,
        "The checkpoint is not what the ledger signed.",
        "Restore behavior.lock from version control.";
    LedgerUnknown = "ledger-unknown", Untrusted,
        "The checkpoint is of a ledger that is not pinned.",
        "Check the ledger key in the trust root.";
    InclusionProof = "not-in-ledger", Tampered,
        "The ledger is not shown to hold the promotion.",
        "Restore behavior.lock from version control, or promote again.";
    ConsistencyProof = "ledger-not-extended", Tampered,
        "The ledger is not shown to extend the state that the gate read.",
        "Run `bounden ledger audit`: the ledger may have been rolled back or forked.";
    LedgerForked = "ledger-forked", Tampered,
        "The ledger signed two histories.",
        "Stop and run `bounden ledger audit`: one of the two is forged.";
    BundleDigest = "policy-digest-mismatch", Tampered,
        "The policy bundle is not the one that the lock names.",
        "Run `bounden resolve`, or restore the bundle.";
}

impl VerifyError {
    pub(super) fn of(reason: Reason) -> Self {
        Self { reason, place: String::new(), found: String::new() }
    }

    pub(super) fn new(reason: Reason, found: impl fmt::Display) -> Self {
        Self { found: found.to_string(), ..Self::of(reason) }
    }

    pub(super) fn at(self, place: impl fmt::Display) -> Self {
        let place = match self.place.as_str() {
            "" => place.to_string(),
            inner => format!("{place}, {inner}"),
        };
        Self { place, ..self }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] ", self.reason)?;
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(self.reason.sentence())?;
        if !self.found.is_empty() {
            write!(f, " ({})", self.found)?;
        }
        write!(f, " {}", self.reason.advice())
    }
}

impl std::error::Error for VerifyError {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_kebab_case_and_sentences_are_sentences() {
        let codes: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            let kebab = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
            assert!(reason.code().bytes().all(kebab), "{reason}");
            for text in [reason.sentence(), reason.advice()] {
                assert!(text.ends_with('.') && text.starts_with(char::is_uppercase), "{text}");
            }
        }
    }

    #[test]
    fn an_error_says_what_where_and_what_to_do() {
        let error = VerifyError::new(Reason::RoleNotHeld, "ana as security");
        assert_eq!(
            error.at("approval 1").at("binding 2 (production)").to_string(),
            "[role-not-held] binding 2 (production), approval 1: An approver does not hold the \
             role. (ana as security) Ask somebody who holds it."
        );
    }
}
