//! Verification of a lock: digests, signatures, people, order and inclusion; it fails closed.

use std::collections::BTreeSet;

use bounden_base::{Digest, SignedDuration, Timestamp};

use super::{Binding, Body, Inclusion, Lock, Proposal, Reason, VerifiedApproval, VerifyError};
use crate::statement::{Promotion, StatementError, VerifiedStatement};
use crate::{
    AgentId, Checkpoint, CheckpointError, Entry, EnvironmentId, Note, NoteError, TrustRoot, merkle,
};

/// A lock whose every byte was verified against a trust root.
#[derive(Debug)]
pub struct VerifiedLock {
    body: Body,
    digest: Digest,
    bindings: Vec<VerifiedBinding>,
}

/// A promotion by a pinned gate, with its approvals and its place in the ledger.
#[derive(Debug)]
pub struct VerifiedBinding {
    promotion: VerifiedStatement<Promotion>,
    approvals: Vec<VerifiedApproval>,
    leaf_index: u64,
    checkpoint: Checkpoint,
}

/// A policy bundle whose bytes are those that a verified lock names.
#[derive(Debug)]
pub struct VerifiedBundle {
    bytes: Vec<u8>,
    semantics: u32,
}

/// How far the clocks of a gate and of a verifier may differ.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// Verifies a lock against `trust`.
///
/// `seen` are checkpoints of the ledger that the verifier knows from elsewhere;
/// a lock with another history is refused. `now` only unmasks promotions from
/// the future: what was valid stays valid.
///
/// # Errors
/// The first thing that is wrong; see [`Reason`].
pub fn verify_lock(
    bytes: &[u8],
    trust: &TrustRoot,
    seen: &[Checkpoint],
    now: Timestamp,
) -> Result<VerifiedLock, VerifyError> {
    let lock = Lock::read(bytes)?;
    if lock.bindings.is_empty() {
        return Err(VerifyError::of(Reason::NotBound));
    }
    let mut verifier = Verifier { lock: &lock, trust, now, verified: Vec::new() };
    for (number, binding) in (1..).zip(&lock.bindings) {
        let place = format_args!("binding {number} ({})", binding.environment).to_string();
        let verified = verifier.binding(binding).map_err(|error| error.at(place))?;
        verifier.verified.push(verified);
    }
    let bindings = verifier.verified;
    refuse_forks(&bindings, seen)?;
    refuse_repeated_nonces(&bindings)?;
    Ok(VerifiedLock { body: lock.body, digest: lock.digest, bindings })
}

impl VerifiedLock {
    /// The agent.
    #[must_use]
    pub fn agent(&self) -> &AgentId {
        &self.body.agent
    }

    /// What the agent is.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The digest of the body.
    #[must_use]
    pub fn body_digest(&self) -> Digest {
        self.digest
    }

    /// All bindings, in the order of the ledger.
    #[must_use]
    pub fn bindings(&self) -> &[VerifiedBinding] {
        &self.bindings
    }

    /// The latest binding to an environment. Whether the ledger has a later one
    /// on another body, only the ledger can say.
    #[must_use]
    pub fn binding(&self, environment: &EnvironmentId) -> Option<&VerifiedBinding> {
        self.bindings.iter().rev().find(|binding| binding.promotion().environment == *environment)
    }

    /// Hands out the bytes of a policy bundle if they are those that the lock names.
    ///
    /// # Errors
    /// Any other bytes.
    pub fn bundle(&self, bytes: Vec<u8>) -> Result<VerifiedBundle, VerifyError> {
        let digest = Digest::of(&bytes);
        if digest == self.body.policy.digest {
            Ok(VerifiedBundle { bytes, semantics: self.body.policy.semantics })
        } else {
            Err(VerifyError::new(Reason::BundleDigest, digest))
        }
    }
}

impl VerifiedBinding {
    /// What the gate decided.
    #[must_use]
    pub fn promotion(&self) -> &Promotion {
        self.promotion.predicate()
    }

    /// The signed statement of the gate.
    #[must_use]
    pub fn statement(&self) -> &VerifiedStatement<Promotion> {
        &self.promotion
    }

    /// Who approved, each a different person.
    #[must_use]
    pub fn approvals(&self) -> &[VerifiedApproval] {
        &self.approvals
    }

    /// The number of the promotion in the ledger, from 0.
    #[must_use]
    pub fn leaf_index(&self) -> u64 {
        self.leaf_index
    }

    /// The state of the ledger that is shown to hold the promotion.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

impl VerifiedBundle {
    /// The canonical JSON of the policy.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The version of the engine's meaning of the bundle.
    #[must_use]
    pub fn semantics(&self) -> u32 {
        self.semantics
    }
}

struct Verifier<'a> {
    lock: &'a Lock,
    trust: &'a TrustRoot,
    now: Timestamp,
    /// The bindings before the one at hand.
    verified: Vec<VerifiedBinding>,
}

impl Verifier<'_> {
    fn binding(&self, binding: &Binding) -> Result<VerifiedBinding, VerifyError> {
        let promotion = self.promotion(binding)?;
        self.follow_up(&promotion)?;
        let approvals = self.approvals(binding, promotion.predicate())?;
        let checkpoint = self.inclusion(&binding.inclusion, &promotion)?;
        let leaf_index = binding.inclusion.leaf_index;
        Ok(VerifiedBinding { promotion, approvals, leaf_index, checkpoint })
    }

    /// The promotion is signed by a pinned gate and is of this body and environment.
    fn promotion(&self, binding: &Binding) -> Result<VerifiedStatement<Promotion>, VerifyError> {
        let envelope = binding.promotion.clone();
        let gate = self
            .trust
            .gate(envelope.key_id())
            .ok_or_else(|| VerifyError::new(Reason::GateUnknown, envelope.key_id()))?;
        let verified = VerifiedStatement::<Promotion>::verify(envelope, &gate.key);
        let verified = verified.map_err(|error| match error {
            StatementError::Envelope(error) => VerifyError::new(Reason::PromotionSignature, error),
            error => VerifyError::new(Reason::PromotionMalformed, error),
        })?;
        let statement = verified.statement();
        let Promotion { environment, time, .. } = &statement.predicate;
        if statement.agent != self.lock.body.agent
            || statement.body != self.lock.digest
            || *environment != binding.environment
        {
            return Err(VerifyError::new(Reason::PromotionSubject, statement.body));
        }
        if !gate.counts_at(*time) {
            return Err(VerifyError::new(Reason::GateKeyNotValid, time));
        }
        if time.duration_since(self.now) > CLOCK_TOLERANCE {
            return Err(VerifyError::new(Reason::PromotionInFuture, time));
        }
        Ok(verified)
    }

    /// The promotion follows the earlier ones of its environment and comes from
    /// where it says that it does.
    fn follow_up(&self, statement: &VerifiedStatement<Promotion>) -> Result<(), VerifyError> {
        let promotion = statement.predicate();
        let earlier = |environment: &EnvironmentId| {
            self.verified
                .iter()
                .rev()
                .find(|binding| binding.promotion().environment == *environment)
        };
        let first = promotion.epoch <= 1;
        let mut linked = promotion.epoch > 0 && first == promotion.previous.is_none();
        if let Some(last) = earlier(&promotion.environment) {
            // Other bodies may have run in between; then their bindings stand in other locks.
            let adjacent = last.promotion().epoch.checked_add(1) == Some(promotion.epoch);
            let names_last = promotion.previous == Some(last.statement().digest());
            linked &= last.promotion().epoch < promotion.epoch && adjacent == names_last;
        }
        if !linked {
            return Err(VerifyError::new(Reason::EpochChain, promotion.epoch));
        }
        match &promotion.carried_from {
            Some(origin) if earlier(origin).is_none() => {
                Err(VerifyError::new(Reason::CarriedFrom, origin))
            }
            _ => Ok(()),
        }
    }

    /// The approvals are those that the promotion cites, and each counts.
    fn approvals(
        &self,
        binding: &Binding,
        promotion: &Promotion,
    ) -> Result<Vec<VerifiedApproval>, VerifyError> {
        let given = binding.approvals.iter().map(|envelope| envelope.payload_digest());
        if !given.eq(promotion.approvals.iter().copied()) {
            return Err(VerifyError::of(Reason::ApprovalNotCited));
        }
        let proposal = Proposal {
            agent: &self.lock.body.agent,
            body: self.lock.digest,
            intent: self.lock.body.intent.canonical,
            environment: &promotion.environment,
            action: promotion.action,
            base: promotion.diff.base,
            diff: promotion.diff.digest,
            evidence: &promotion.evidence,
            at: promotion.time,
        };
        super::verify_approvals(&binding.approvals, &proposal, self.trust)
    }

    /// The pinned ledger holds the promotion, after what the gate had read.
    fn inclusion(
        &self,
        inclusion: &Inclusion,
        promotion: &VerifiedStatement<Promotion>,
    ) -> Result<Checkpoint, VerifyError> {
        let checkpoint = self.open_checkpoint(&inclusion.checkpoint)?;
        if inclusion.tree_size != checkpoint.size {
            return Err(VerifyError::new(Reason::InclusionProof, "another tree size"));
        }
        let entry = Entry::of(promotion.envelope())
            .map_err(|error| VerifyError::new(Reason::PromotionMalformed, error))?;
        merkle::verify_inclusion(
            inclusion.leaf_index,
            checkpoint.size,
            entry.leaf_digest(),
            &inclusion.hashes,
            checkpoint.root,
        )
        .map_err(|error| VerifyError::new(Reason::InclusionProof, error))?;
        let read = &promotion.predicate().read_checkpoint;
        if read.origin != checkpoint.origin {
            return Err(VerifyError::new(Reason::ConsistencyProof, &read.origin));
        }
        let earlier = self.verified.last().is_none_or(|last| last.leaf_index < read.size);
        if !earlier {
            return Err(VerifyError::new(
                Reason::EpochChain,
                "the gate did not see the one before",
            ));
        }
        verify_extension(read, &checkpoint, &inclusion.consistency)?;
        Ok(checkpoint)
    }

    fn open_checkpoint(&self, text: &str) -> Result<Checkpoint, VerifyError> {
        let note: Note =
            text.parse().map_err(|error| VerifyError::new(Reason::CheckpointMalformed, error))?;
        // A signature of an unknown key could be changed without being noticed.
        if note.signature_count() != 1 {
            return Err(VerifyError::of(Reason::CheckpointMalformed));
        }
        Checkpoint::open(&note, self.trust.ledger()).map_err(|error| {
            let reason = match error {
                CheckpointError::Origin | CheckpointError::Note(NoteError::Unsigned) => {
                    Reason::LedgerUnknown
                }
                CheckpointError::Note(NoteError::Signature) => Reason::CheckpointSignature,
                CheckpointError::Malformed | CheckpointError::Note(_) => {
                    Reason::CheckpointMalformed
                }
            };
            VerifyError::new(reason, error)
        })
    }
}

/// Every tree extends the empty one, which is why that needs and has no proof.
fn verify_extension(
    read: &Checkpoint,
    now: &Checkpoint,
    proof: &[Digest],
) -> Result<(), VerifyError> {
    let refuse =
        |found: &dyn std::fmt::Display| Err(VerifyError::new(Reason::ConsistencyProof, found));
    if read.size == 0 {
        let empty = proof.is_empty() && read.root == merkle::empty_root();
        return if empty { Ok(()) } else { refuse(&"the empty tree has no such root or proof") };
    }
    merkle::verify_consistency(read.size, now.size, read.root, now.root, proof)
        .or_else(|error| refuse(&error))
}

/// Two checkpoints of one size have one root.
fn refuse_forks(bindings: &[VerifiedBinding], seen: &[Checkpoint]) -> Result<(), VerifyError> {
    let read = bindings.iter().map(|binding| &binding.promotion().read_checkpoint);
    let all: Vec<_> = bindings.iter().map(|b| &b.checkpoint).chain(read).chain(seen).collect();
    let forked = |one: &Checkpoint, two: &Checkpoint| {
        one.origin == two.origin && one.size == two.size && one.root != two.root
    };
    match all.iter().find(|one| all.iter().any(|two| forked(one, two))) {
        Some(found) => Err(VerifyError::new(Reason::LedgerForked, found.size)),
        None => Ok(()),
    }
}

/// An approval counts in one binding only.
fn refuse_repeated_nonces(bindings: &[VerifiedBinding]) -> Result<(), VerifyError> {
    let mut nonces = BTreeSet::new();
    let votes = bindings.iter().flat_map(VerifiedBinding::approvals);
    for approval in votes.map(VerifiedApproval::approval) {
        if !nonces.insert(approval.nonce) {
            return Err(VerifyError::new(Reason::NonceRepeated, &approval.person));
        }
    }
    Ok(())
}
