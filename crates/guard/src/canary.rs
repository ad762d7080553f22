//! Canaries: a violation of each invariant is sent down the path that the
//! agent's calls take, and has to be stopped there.
//!
//! The proxy, the owner and the engine are the real ones; the history is an
//! empty one of the canary's own, and in the servers' place is a stage, so
//! that nothing real is counted or called.

mod stage;

use std::sync::Arc;
use std::time::Duration;

use bounden_base::{Digest, Timestamp};
use bounden_policy::{Bundle, Canary, Policy, RuleId};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use self::stage::Stage;
use crate::link::Link;
use crate::owner::protocol::Request;
use crate::owner::{Caller, Handle, InForce};

/// What is known of one invariant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The invariant.
    pub invariant: RuleId,
    /// How it stands.
    pub standing: Standing,
    /// Why it stands so, unless it is proven.
    pub why: Option<String>,
    /// The enforcement point that was tried.
    pub point: String,
    /// The lock that was in force.
    pub lock: Digest,
    /// When it was tried.
    pub at: Timestamp,
}

/// How an invariant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Standing {
    /// A violation was sent and stopped.
    Proven,
    /// Somebody vouches for a control that the guard cannot try.
    Attested,
    /// Nothing is known.
    Unproven,
    /// A violation passes, or no point sees it.
    Dead,
}

/// The point that canaries are sent through.
const POINT: &str = "mcp";

/// Proves every invariant of the policy in force, and has the owner remember it.
pub async fn prove_all(owner: &Handle, caller: Caller) -> Vec<Proof> {
    let InForce { policy, lock } = owner.in_force();
    let link = Link::local(owner.clone(), caller);
    let mut proofs = external(policy.bundle(), lock);
    let rules: Vec<RuleId> = policy.bundle().rules.keys().cloned().collect();
    for rule in rules {
        let (standing, why) = prove(&policy, &link, &rule).await;
        let at = Timestamp::now();
        let point = POINT.to_owned();
        proofs.push(Proof { invariant: rule, standing, why, point, lock, at });
    }
    // Where the owner has ended, nobody has to remember.
    let _ = owner.ask(Request::Remember { proofs: proofs.clone() }, caller).await;
    proofs
}

/// Proves everything now and again and again.
pub async fn keep_proving(owner: Handle, caller: Caller, every: Duration) {
    loop {
        prove_all(&owner, caller).await;
        sleep(every).await;
    }
}

async fn prove(policy: &Arc<Policy>, link: &Link, rule: &RuleId) -> (Standing, Option<String>) {
    let shadow = policy.bundle().rules.get(rule).is_none_or(|rule| rule.shadow);
    if shadow {
        return (Standing::Unproven, Some("the rule is in shadow: it records only".to_owned()));
    }
    let (searched, wanted) = (Arc::clone(policy), rule.clone());
    let found = tokio::task::spawn_blocking(move || searched.canary(&wanted)).await;
    let Ok(Some(canary)) = found else {
        return (Standing::Unproven, Some("no violation was found to try it with".to_owned()));
    };
    match rehearse(policy.bundle(), link, &canary).await {
        Ok(()) => (Standing::Proven, None),
        Err(why) => (Standing::Dead, Some(why)),
    }
}

/// Sends a violation through a proxy in front of a stage.
///
/// # Errors
/// Says how it came through.
pub(crate) async fn rehearse(bundle: &Bundle, link: &Link, canary: &Canary) -> Result<(), String> {
    let mut stage = Stage::open(bundle, link).await.map_err(|error| error.to_string())?;
    for event in &canary.events {
        stage.play(event).await?;
    }
    let scene = stage.end().await?;
    let Some(decision) = scene.decisions.last() else {
        return Err("the violation was not decided about".to_owned());
    };
    if !canary.is_stopped_by(decision) {
        return Err(format!("the violation was answered with {}", decision.verdict.name()));
    }
    scene.was_kept_back(decision)
}

/// Invariants that a control elsewhere enforces.
fn external(bundle: &Bundle, lock: Digest) -> Vec<Proof> {
    let proof = |(id, external): (&RuleId, &bounden_policy::External)| {
        let (standing, why) = match &external.attested_by {
            Some(who) => (Standing::Attested, format!("{who} vouches for {}", external.control)),
            None => (Standing::Unproven, format!("nobody vouches for {}", external.control)),
        };
        Proof {
            invariant: id.clone(),
            standing,
            why: Some(why),
            point: "external".to_owned(),
            lock,
            at: Timestamp::now(),
        }
    };
    bundle.external.iter().map(proof).collect()
}

#[cfg(test)]
mod tests;
