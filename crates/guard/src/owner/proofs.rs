//! What canaries have shown, kept over restarts.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;

use bounden_base::{Digest, Timestamp, json};
use bounden_policy::{Bundle, RuleId};

use crate::canary::{Proof, Standing};

pub(super) struct Proofs {
    path: PathBuf,
    known: BTreeMap<RuleId, Proof>,
}

impl Proofs {
    /// What is known from before; a file that cannot be read proves nothing.
    pub(super) fn open(path: PathBuf) -> Self {
        let read = fs::read(&path).ok().and_then(|bytes| json::from_slice(&bytes).ok());
        let known: Vec<Proof> = read.unwrap_or_default();
        let by_invariant = |proof: Proof| (proof.invariant.clone(), proof);
        Self { path, known: known.into_iter().map(by_invariant).collect() }
    }

    pub(super) fn remember(&mut self, proofs: Vec<Proof>) -> io::Result<()> {
        let text = json::to_canonical(&proofs).map_err(io::Error::other)?;
        self.known = proofs.into_iter().map(|proof| (proof.invariant.clone(), proof)).collect();
        let draft = self.path.with_extension("new");
        fs::write(&draft, text)?;
        fs::rename(draft, &self.path)
    }

    /// Every invariant of the policy, with what is known of it under this lock.
    pub(super) fn of(&self, bundle: &Bundle, lock: Digest, now: Timestamp) -> Vec<Proof> {
        let unknown = |invariant: &RuleId| Proof {
            invariant: invariant.clone(),
            standing: Standing::Unproven,
            why: Some("not tried yet under this lock".to_owned()),
            point: String::new(),
            lock,
            at: now,
        };
        let known = |invariant| self.known.get(invariant).filter(|proof| proof.lock == lock);
        let invariants = bundle.rules.keys().chain(bundle.external.keys());
        invariants.map(|id| known(id).cloned().unwrap_or_else(|| unknown(id))).collect()
    }
}
