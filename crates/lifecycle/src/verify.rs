//! What can be verified of a lock beyond its signatures: that intent, policy,
//! surface, evidence, difference and approvals belong together.
//!
//! The ledger's part ([`bounden_ledger::lock::verify_lock`]) comes first; this
//! one starts from its [`VerifiedLock`] and never repeats it.

mod binding;
mod finding;

use std::collections::BTreeMap;

use bounden_base::{Digest, json};
use bounden_ledger::lock::{Body, VerifiedLock};
use bounden_ledger::{Deployment, EnvironmentId};
use bounden_policy::Bundle;

use crate::release::ReleaseError;
use crate::surface::Enforced;
use crate::{Part, Release, Surface};

pub use finding::{Finding, Reason};

/// What is verified against the lock.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The intent, as it lies beside the lock or was recorded with it.
    pub intent: &'a [u8],
    /// The pinned contracts.
    pub contracts: &'a [u8],
    /// The files that the intent names.
    pub parts: &'a [Part<'a>],
    /// Finds what statements cite, by digest: bundles, evidence, earlier bodies.
    pub recorded: &'a dyn Fn(&Digest) -> Option<Vec<u8>>,
    /// What the ledger says runs in the environments in question; empty where
    /// there is no ledger.
    pub running: &'a BTreeMap<EnvironmentId, Deployment>,
}

/// Verifies what the signatures do not show. A good lock has no findings.
#[must_use]
pub fn verify(lock: &VerifiedLock, sources: &Sources<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    check_policy(lock, sources, &mut findings);
    match Release::build(sources.intent, sources.contracts, sources.parts) {
        Ok(release) => {
            compare(lock.body(), release.body(), &mut findings);
            if release.digest() == lock.body_digest() {
                for found in lock.bindings() {
                    binding::check(&release, found, sources, &mut findings);
                }
            }
        }
        Err(ReleaseError::Intent(diagnostics)) => {
            let first = diagnostics.iter().find(|found| found.is_error());
            let said = first.map_or(String::new(), |found| found.message.clone());
            findings.push(Reason::IntentUnusable.found(said));
        }
        Err(error @ ReleaseError::Contracts(_)) => {
            findings.push(Reason::ContractsUnreadable.found(error));
        }
        Err(error) => findings.push(Reason::IntentUnusable.found(error)),
    }
    check_running(lock, sources, &mut findings);
    findings
}

/// The body and the bundle of a digest, as they were recorded.
pub(crate) fn recorded_body(
    digest: &Digest,
    recorded: &dyn Fn(&Digest) -> Option<Vec<u8>>,
) -> Option<(Body, Bundle)> {
    let find = |digest: &Digest| recorded(digest).filter(|bytes| Digest::of(bytes) == *digest);
    let body: Body = json::from_slice(&find(digest)?).ok()?;
    let bundle = json::from_slice(&find(&body.policy.digest)?).ok()?;
    Some((body, bundle))
}

/// The bundle that a guard would load is the one that the lock names, and
/// enforces exactly the surface that the lock shows.
fn check_policy(lock: &VerifiedLock, sources: &Sources<'_>, findings: &mut Vec<Finding>) {
    let digest = lock.body().policy.digest;
    let Some(bytes) = (sources.recorded)(&digest) else {
        return findings.push(Reason::BundleMissing.found(digest.short()));
    };
    if Digest::of(&bytes) != digest {
        return findings.push(Reason::BundleChanged.found(Digest::of(&bytes).short()));
    }
    let enforced = json::from_slice::<Bundle>(&bytes).and_then(|bundle| Enforced::of(&bundle));
    let shown = Surface::read(&lock.body().surface).map(|surface| surface.enforced);
    if enforced.is_err() || enforced != shown {
        findings.push(Reason::SurfaceMismatch.found(""));
    }
}

/// Every part of the body that another build gives differently.
fn compare(locked: &Body, built: &Body, findings: &mut Vec<Finding>) {
    let parts = [
        (locked.intent == built.intent && locked.agent == built.agent, Reason::IntentChanged),
        (locked.version == built.version, Reason::IntentChanged),
        (locked.contracts == built.contracts, Reason::ContractsChanged),
    ];
    let changed = parts.into_iter().filter(|(equal, _)| !equal).map(|(_, reason)| reason);
    let changed: std::collections::BTreeSet<_> = changed.collect();
    // The policy follows from intent and contracts; its change is their doing.
    if changed.is_empty() && locked.policy != built.policy {
        findings.push(Reason::PolicyNotReproduced.found(built.policy.digest.short()));
    }
    if changed.is_empty() && locked.surface != built.surface && findings.is_empty() {
        findings.push(Reason::SurfaceMismatch.found(""));
    }
    let key = |body: &Body| -> BTreeMap<(String, String), Digest> {
        let parts = body.components.iter();
        parts.map(|part| ((part.kind.clone(), part.name.clone()), part.identity)).collect()
    };
    let is_file = |kind: &str| !matches!(kind, "server" | "model");
    let (old, new) = (key(locked), key(built));
    for ((kind, name), identity) in old.iter().filter(|((kind, _), _)| is_file(kind)) {
        match new.get(&(kind.clone(), name.clone())) {
            Some(found) if found == identity => {}
            Some(_) => findings.push(Reason::PartChanged.found(name)),
            None => findings.push(Reason::PartMissing.found(name)),
        }
    }
    for ((kind, name), _) in new.iter().filter(|((kind, _), _)| is_file(kind)) {
        if !old.contains_key(&(kind.clone(), name.clone())) {
            findings.push(Reason::PartUnlisted.found(name));
        }
    }
    findings.extend(changed.into_iter().map(|reason| reason.found("")));
    if findings.is_empty() && locked != built {
        findings.push(Reason::BodyNotReproduced.found(""));
    }
}

/// The ledger says that this lock runs somewhere. Elsewhere another body may
/// have taken its place, as it does when one environment is ahead.
fn check_running(lock: &VerifiedLock, sources: &Sources<'_>, findings: &mut Vec<Finding>) {
    let bound = sources.running.iter().filter_map(|(environment, running)| {
        lock.binding(environment).map(|binding| (environment, running, binding))
    });
    let mut elsewhere = Vec::new();
    for (environment, running, binding) in bound {
        if binding.statement().digest() == running.binding {
            return;
        }
        let found = format!("{environment} runs {}", running.body.short());
        elsewhere.push(Reason::NotWhatRuns.found(found));
    }
    findings.extend(elsewhere);
}

#[cfg(test)]
mod tests;
