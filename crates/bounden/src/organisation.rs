//! The policies of the organisation that an agent is in: every `org.policy` in
//! the folders from the agent's up, and those that are named.
//!
//! All of them hold. A policy only takes away, so that one nearer to the agent
//! can narrow what is allowed and never widen it.

use std::fs;
use std::path::{Path, PathBuf};

use bounden_base::{Diagnostic, Timestamp};
use bounden_spec::intent::Intent;
use bounden_spec::organisation::{FILE, Judgement, OrganisationPolicy};

use crate::commands::check::text::tell;
use crate::exit::Failure;

/// Where else a policy stands.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Named {
    /// A policy of the organisation, beside every `org.policy` from the agent's folder up
    #[arg(long = "policy", value_name = "FILE")]
    policies: Vec<PathBuf>,
}

/// One policy and where it stands.
pub(crate) struct Organisation {
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
    /// What can be asked of it, if nothing in it is an error.
    pub(crate) policy: Option<OrganisationPolicy>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// The policies of one agent, the outermost first.
#[derive(Default)]
pub(crate) struct Organisations(pub(crate) Vec<Organisation>);

impl Organisations {
    /// Those of the agent in `folder`.
    pub(crate) fn of(folder: &Path, named: &Named) -> Result<Self, Failure> {
        let absolute = |path: &Path| {
            path.canonicalize()
                .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
        };
        let folder = absolute(folder)?;
        let mut paths: Vec<PathBuf> = folder
            .ancestors()
            .map(|folder| folder.join(FILE))
            .filter(|path| path.exists())
            .collect();
        paths.reverse();
        for path in &named.policies {
            let path = absolute(path)?;
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        paths.into_iter().map(Organisation::open).collect::<Result<_, _>>().map(Self)
    }

    /// How an intent stands with each of them.
    pub(crate) fn judge(
        &self,
        intent: &Intent,
        environment: &str,
        now: Timestamp,
    ) -> Result<Vec<Judgement>, Failure> {
        let judged = self
            .0
            .iter()
            .map(|organisation| Ok(organisation.usable()?.judge(intent, Some(environment), now)));
        judged.collect()
    }

    /// Their meaning, as it is recorded.
    pub(crate) fn canonical(&self) -> impl Iterator<Item = Vec<u8>> {
        let policies = self.0.iter().filter_map(|organisation| organisation.policy.as_ref());
        policies.map(|policy| policy.canonical().as_bytes().to_vec())
    }
}

impl Organisation {
    fn open(path: PathBuf) -> Result<Self, Failure> {
        let bytes = fs::read(&path)
            .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
        let (policy, diagnostics) = OrganisationPolicy::read(&bytes);
        Ok(Self { path, bytes, policy, diagnostics })
    }

    /// The policy; one that cannot be asked refuses.
    pub(crate) fn usable(&self) -> Result<&OrganisationPolicy, Failure> {
        self.policy.as_ref().ok_or_else(|| {
            tell(&self.path, &self.bytes, &self.diagnostics);
            Failure::refused(format!(
                "[organisation-policy-unusable] {} cannot be asked, so nothing may run under it",
                self.path.display()
            ))
        })
    }

    pub(crate) fn name(&self) -> String {
        self.path.display().to_string()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// What it says of an intent that was read from `source`.
    pub(crate) fn diagnose(
        &self,
        intent: &Intent,
        source: &[u8],
        now: Timestamp,
    ) -> Vec<Diagnostic> {
        match &self.policy {
            Some(policy) => policy.diagnose(intent, source, &self.name(), None, now),
            None => {
                let message =
                    format!("{} cannot be asked, so nothing may run under it", self.name());
                let problem = Diagnostic::error("B507", intent.agent.id.span, message);
                vec![problem.help("mend the policy; `bounden check` shows what is wrong with it")]
            }
        }
    }
}
