//! What is wrong with a lock beyond its signatures.

use std::fmt;

use bounden_base::Json;
use bounden_ledger::lock::{Class, VerifyError};

use crate::reason::reasons;

/// One thing that is wrong, whoever found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The stable code.
    pub code: &'static str,
    /// What kind of refusal, and with it the exit code.
    pub class: Class,
    /// Where, such as `binding 2 (production)`; empty for the whole.
    pub place: String,
    /// What is wrong, as a sentence.
    pub sentence: &'static str,
    /// What was found; empty where the sentence says it all.
    pub found: String,
    /// What to do.
    pub advice: &'static str,
}

reasons! {
    /// What can be wrong beyond signatures.
    pub enum Reason;

    /// The intent beside the lock is not the one that was locked.
    IntentChanged = "intent-changed",
        "Promote it, or restore it from version control.";
    /// The intent beside the lock no longer compiles.
    IntentUnusable = "intent-unusable",
        "Run `bounden check`, or restore it from version control.";
    /// The pinned contracts are not those that were locked.
    ContractsChanged = "contracts-changed",
        "Promote them, or restore behavior.contracts.json from version control.";
    /// The pinned contracts cannot be read.
    ContractsUnreadable = "contracts-unreadable",
        "Run `bounden resolve`, or restore behavior.contracts.json from version control.";
    /// The policy bundle is not there.
    BundleMissing = "bundle-missing",
        "Promote again, or restore `.bounden/` from a backup.";
    /// The policy bundle is not the one that the lock names.
    BundleChanged = "bundle-changed",
        "Restore `.bounden/` from a backup.";
    /// Intent and contracts do not compile to the policy that the lock names.
    PolicyNotReproduced = "policy-not-reproduced",
        "Verify with the version of bounden that made the lock, or promote again.";
    /// The surface that the lock shows is not what the policy enforces.
    SurfaceMismatch = "surface-mismatch",
        "Restore behavior.lock from version control, or promote again.";
    /// A file is not the one that was locked.
    PartChanged = "file-changed",
        "Promote it, or restore it from version control.";
    /// A file that was locked is not there.
    PartMissing = "file-missing",
        "Restore it from version control, or promote without it.";
    /// A file is there that was not locked.
    PartUnlisted = "file-unlisted",
        "Promote it, or remove it.";
    /// The body cannot be made again from its sources.
    BodyNotReproduced = "body-not-reproduced",
        "Verify with the version of bounden that made the lock, or promote again.";
    /// Evidence that the promotion cites is not there.
    EvidenceMissing = "evidence-missing",
        "Restore `.bounden/` from a backup.";
    /// Evidence is not what the promotion cites, or of another body.
    EvidenceNotBound = "evidence-not-bound",
        "Restore `.bounden/` from a backup, or promote again.";
    /// The evidence did not meet what the intent demands.
    EvidenceInsufficient = "evidence-insufficient",
        "Do not run this body; promote it again.";
    /// The difference that people approved is not the one between the two bodies.
    DiffNotReproduced = "diff-not-reproduced",
        "Verify with the version of bounden that made the lock, or promote again.";
    /// A policy of the organisation that the gate asked is not recorded.
    OrganisationPolicyMissing = "organisation-policy-missing",
        "Restore `.bounden/` from a backup, or promote again.";
    /// The body breaks a policy of the organisation that the gate asked.
    OrganisationPolicyBroken = "organisation-policy-broken",
        "Promote again; this gate would not have let it pass.";
    /// The body that ran before is not recorded, so that the difference cannot be shown.
    BaseMissing = "base-missing",
        "Restore `.bounden/` from a backup.";
    /// Fewer people approved than the intent demands.
    QuorumShort = "quorum-short",
        "Do not run this body; promote it again.";
    /// The promotion did not come from the environment that the intent demands.
    WayNotTaken = "way-not-taken",
        "Do not run this body; promote it again.";
    /// The ledger says that something else runs.
    NotWhatRuns = "not-what-runs",
        "Run `bounden promote`, which writes the lock anew from the ledger.";
    /// There is no lock.
    LockMissing = "lock-missing",
        "Run `bounden promote`, or restore behavior.lock from version control.";
    /// The ledger does not hold what the lock proves that it held.
    LedgerBehind = "ledger-behind",
        "The ledger was restored from the past or forked; restore a newer backup.";
    /// The ledger cannot be read.
    LedgerUnreadable = "ledger-unreadable",
        "Restore `.bounden/ledger.sqlite` from a backup.";
    /// A row of the ledger is not what was written.
    LedgerRow = "ledger-row-changed",
        "Stop, keep the file, and restore `.bounden/ledger.sqlite` from a backup.";
    /// Something that is needed cannot be read.
    Unavailable = "unavailable",
        "Look at the message and try again.";
}

impl Reason {
    /// What kind of refusal.
    #[must_use]
    pub fn class(self) -> Class {
        match self {
            Self::QuorumShort | Self::WayNotTaken | Self::EvidenceInsufficient => Class::Denied,
            Self::IntentChanged
            | Self::IntentUnusable
            | Self::ContractsChanged
            | Self::PartChanged
            | Self::PartMissing
            | Self::PartUnlisted
            | Self::NotWhatRuns => Class::Stale,
            Self::BundleMissing
            | Self::EvidenceMissing
            | Self::BaseMissing
            | Self::ContractsUnreadable
            | Self::LockMissing
            | Self::Unavailable => Class::Unavailable,
            _ => Class::Tampered,
        }
    }

    /// A finding for this reason.
    #[must_use]
    pub fn found(self, found: impl fmt::Display) -> Finding {
        Finding {
            code: self.code(),
            class: self.class(),
            place: String::new(),
            sentence: self.sentence(),
            found: found.to_string(),
            advice: self.advice(),
        }
    }
}

impl Finding {
    pub(super) fn at(self, place: &str) -> Self {
        Self { place: place.to_owned(), ..self }
    }

    /// The finding for programs.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let class = match self.class {
            Class::Denied => "denied",
            Class::Stale => "stale",
            Class::Tampered => "tampered",
            Class::Untrusted => "untrusted",
            Class::Unavailable => "unavailable",
        };
        Json::object([
            ("code", Json::from(self.code)),
            ("class", class.into()),
            ("place", self.place.as_str().into()),
            ("message", self.sentence.into()),
            ("found", self.found.as_str().into()),
            ("help", self.advice.into()),
        ])
    }
}

impl From<VerifyError> for Finding {
    fn from(error: VerifyError) -> Self {
        let VerifyError { reason, place, found } = error;
        Self {
            code: reason.code(),
            class: reason.class(),
            place,
            sentence: reason.sentence(),
            found,
            advice: reason.advice(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] ", self.code)?;
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(self.sentence)?;
        if !self.found.is_empty() {
            write!(f, " ({})", self.found)?;
        }
        write!(f, " {}", self.advice)
    }
}
