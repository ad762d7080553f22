//! One version of an agent: an intent compiled against pinned contracts, and
//! the lock body that follows from it.

use std::collections::BTreeSet;
use std::sync::Arc;

use bounden_base::{Diagnostic, Digest, Json, JsonError};
use bounden_ledger::AgentId;
use bounden_ledger::lock::{
    Assurance, Body, Component, IntentIdentity, Lock, PolicyIdentity, VerifyError,
};
use bounden_policy::{Contracts, ContractsError, Policy, ServerContract};
use bounden_spec::intent::{Intent, SCHEMA};
use bounden_spec::{Checked, check, yaml};

use crate::Surface;

/// One version of an agent. Only an intent that compiles without an error
/// against pinned contracts becomes one.
#[derive(Debug)]
pub struct Release {
    intent: Intent,
    policy: Arc<Policy>,
    body: Body,
    digest: Digest,
    warnings: Vec<Diagnostic>,
    drafts: Vec<String>,
}

/// A file that shapes behaviour.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// What it is: `prompt`, `knowledge` or `configuration`.
    pub kind: &'a str,
    /// Its path from the intent, with `/` between folders.
    pub path: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// An intent does not become a version that could be locked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// The intent has errors.
    #[error("the intent has {} finding(s), errors among them", .0.len())]
    Intent(Vec<Diagnostic>),
    /// The pinned contracts cannot be read.
    #[error("the pinned contracts cannot be read: {0}")]
    Contracts(#[from] ContractsError),
    /// Something has no canonical form.
    #[error("the lock body cannot be written: {0}")]
    Json(#[from] JsonError),
    /// Two components have the same kind and name.
    #[error("the lock body cannot be put together: {0}")]
    Body(VerifyError),
}

impl Release {
    /// Compiles an intent against pinned contracts. Equal bytes give equal bodies.
    ///
    /// # Errors
    /// An intent with errors, contracts that cannot be read, a file that is named twice.
    pub fn build(
        intent: &[u8],
        contracts: &[u8],
        parts: &[Part<'_>],
    ) -> Result<Self, ReleaseError> {
        let contracts = Contracts::parse(contracts)?;
        let raw = Digest::of(intent);
        let (document, _) = yaml::read(intent);
        let Checked { intent, policy, diagnostics, .. } = check(intent, Some(&contracts));
        let is_refused = diagnostics.iter().any(Diagnostic::is_error);
        let (Some(intent), Some(policy), Some(document), false) =
            (intent, policy, document, is_refused)
        else {
            return Err(ReleaseError::Intent(diagnostics));
        };
        let mut observed = Vec::new();
        drafts(&document.root, "", &mut observed);
        let document = document.json();
        let body = Body {
            agent: AgentId::new(intent.agent.id.value.clone()),
            version: intent.agent.version.value.clone(),
            intent: IntentIdentity { raw, canonical: document.digest(), schema: SCHEMA.to_owned() },
            policy: PolicyIdentity {
                digest: policy.digest(),
                semantics: policy.bundle().semantics,
            },
            contracts: contracts.to_json()?.digest(),
            surface: Surface::of(&intent, &document, policy.bundle())?.to_json()?,
            components: components(&intent, &contracts, parts)?,
        };
        let lock = Lock::new(body).map_err(ReleaseError::Body)?;
        let (body, digest) = (lock.body().clone(), lock.body_digest());
        Ok(Self { intent, policy, body, digest, warnings: diagnostics, drafts: observed })
    }

    /// The intent.
    #[must_use]
    pub fn intent(&self) -> &Intent {
        &self.intent
    }

    /// The release with a body that no resolver and no compiler made.
    #[cfg(test)]
    pub(crate) fn tampered(mut self, change: impl FnOnce(&mut Body)) -> Self {
        change(&mut self.body);
        self.digest = Lock::new(self.body.clone()).unwrap().body_digest();
        self
    }

    /// The policy that it compiles to.
    #[must_use]
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// What enters the lock.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The digest of the body: what people approve and gates bind.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Findings about the intent that are no errors.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Places of clauses that were observed or assumed, and that nobody has
    /// made a promise yet.
    #[must_use]
    pub fn drafts(&self) -> &[String] {
        &self.drafts
    }

    /// A lock of this version that is bound to no environment yet.
    ///
    /// # Errors
    /// None in practice: the body was put together before.
    pub fn lock(&self) -> Result<Lock, VerifyError> {
        Lock::new(self.body.clone())
    }
}

/// What stands at `origin` while nobody has made the clause a promise.
const MARKS: [&str; 2] = ["observed", "assumed"];

/// The places of clauses that carry `origin: observed` or `origin: assumed`.
fn drafts(node: &yaml::Node, place: &str, found: &mut Vec<String>) {
    for entry in node.entries().unwrap_or_default() {
        let name = &entry.key.name;
        if name == "origin"
            && entry.value.text().is_some_and(|text| MARKS.contains(&text.value.as_str()))
        {
            found.push(place.to_owned());
        }
        let inner = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
        drafts(&entry.value, &inner, found);
    }
    for item in node.items().unwrap_or_default() {
        drafts(item, place, found);
    }
}

fn components(
    intent: &Intent,
    contracts: &Contracts,
    parts: &[Part<'_>],
) -> Result<Vec<Component>, ReleaseError> {
    let mut components: Vec<_> = parts.iter().map(file).collect();
    let models = intent.models.iter().flat_map(|models| &models.allow);
    components.extend(models.map(|item| model(&item.key.name, &item.value.id.value)));
    let pinned = contracts.to_json()?;
    for (name, contract) in &contracts.servers {
        let definition = pinned.at(["servers", name]).map(Json::digest);
        components.extend(definition.map(|digest| server(intent, name, contract, digest)));
    }
    components.sort_by(|a, b| (&a.kind, &a.name).cmp(&(&b.kind, &b.name)));
    Ok(components)
}

fn file(part: &Part<'_>) -> Component {
    Component {
        resolver: Some("file".to_owned()),
        ..component(part.kind, part.path, Digest::of(part.bytes), Assurance::C)
    }
}

/// A model is what its provider says it is; the linter refuses moving names.
fn model(role: &str, id: &str) -> Component {
    Component {
        version: Some(id.to_owned()),
        resolver: Some("declared".to_owned()),
        ..component("model", role, Digest::of(id), Assurance::V)
    }
}

/// A server is known by what it answers: its package is not resolved.
fn server(intent: &Intent, name: &str, contract: &ServerContract, definition: Digest) -> Component {
    let own = |tool: &&str| tool.split_once('.').is_some_and(|(server, _)| server == name);
    let access: BTreeSet<_> = intent.tools.names().filter(own).map(str::to_owned).collect();
    Component {
        version: Some(contract.server_info.version.clone()),
        contract: Some(definition),
        access: access.into_iter().collect(),
        resolver: Some(format!("mcp {}", contract.protocol_version)),
        ..component("server", name, definition, Assurance::V)
    }
}

fn component(kind: &str, name: &str, identity: Digest, assurance: Assurance) -> Component {
    Component {
        kind: kind.to_owned(),
        name: name.to_owned(),
        identity,
        assurance,
        version: None,
        contract: None,
        access: Vec::new(),
        not_after: None,
        resolver: None,
    }
}
