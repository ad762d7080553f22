//! One of two policies: an intent that is compiled, a bundle as it stands, or
//! the bundle that a lock names.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use bounden_base::{Json, json};
use bounden_ledger::lock::Lock;
use bounden_policy::{Bundle, Policy};

use crate::commands::check::input::read;
use crate::exit::Failure;
use crate::promise;
use crate::state::State;

/// Reads the policy at `path`. An intent with errors is told on stderr.
pub(super) fn open(
    path: &Path,
    contracts: Option<&Path>,
) -> Result<Result<Arc<Policy>, ExitCode>, Failure> {
    if !path.is_dir() {
        let bytes = read(path)?;
        let document = Json::parse(&bytes).ok();
        let has = |member: &str| document.as_ref().is_some_and(|json| json.get(member).is_some());
        if has("bodySha256") {
            return locked(path, &bytes).map(Ok);
        }
        if has("semantics") {
            return compiled(path, &bytes).map(Ok);
        }
    }
    let loaded = promise::load(path, contracts)?;
    Ok(loaded.map(|promise| promise.policy))
}

/// The policy that a lock names, from the state folder beside it.
fn locked(path: &Path, bytes: &[u8]) -> Result<Arc<Policy>, Failure> {
    let lock = Lock::read(bytes).map_err(|error| unusable(path, &error))?;
    let digest = lock.body().policy.digest;
    let folder = path.parent().unwrap_or(Path::new(""));
    let kept = State::of(folder).recorded(None, &digest).ok_or_else(|| {
        let message = format!("{}: its policy {digest} is not kept here", path.display());
        Failure::unavailable(message)
    })?;
    let policy = compiled(path, &kept)?;
    if policy.digest() != digest {
        return Err(Failure::unavailable(format!(
            "the bundle that is kept for {digest} is another one"
        )));
    }
    Ok(policy)
}

fn compiled(path: &Path, bytes: &[u8]) -> Result<Arc<Policy>, Failure> {
    let bundle: Bundle = json::from_slice(bytes).map_err(|error| unusable(path, &error))?;
    Policy::compile(bundle).map(Arc::new).map_err(|problems| {
        let said: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        unusable(path, &said.join("; "))
    })
}

fn unusable(path: &Path, because: &dyn std::fmt::Display) -> Failure {
    Failure::usage(format!("{}: no policy: {because}", path.display()))
}
