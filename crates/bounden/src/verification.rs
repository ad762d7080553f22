//! Verifying a lock offline: its signatures, what they bind together, and the
//! rows of the ledger, where it is here.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bounden_base::{Digest, Json, Timestamp};
use bounden_guard::Sealed;
use bounden_ledger::lock::{Reason as LedgerReason, VerifiedLock, VerifyError, verify_lock};
use bounden_ledger::{Deployment, EnvironmentId, TrustRoot};
use bounden_lifecycle::Surface;
use bounden_lifecycle::verify::{self, Finding, Reason};
use bounden_store::SqliteStore;

use crate::exit::Failure;
use crate::folder::{Folder, Sources};
use crate::state::{State, inside};
use crate::view::{Past, View};

/// What to verify.
pub(crate) struct Target {
    pub(crate) folder: Folder,
    /// The lock file, if it is another one than the folder's.
    pub(crate) lock: Option<PathBuf>,
    /// Only what runs there.
    pub(crate) environment: Option<EnvironmentId>,
    /// Whether what lies in the folder matters, or only what the ledger recorded.
    pub(crate) against: Against,
}

/// What a lock is verified against.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Against {
    /// The intent, contracts and files beside it, where it is of them.
    Folder,
    /// What was recorded when it was promoted, whatever people edit meanwhile.
    Record,
}

/// What was verified, and what is wrong with it.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) lock: Option<VerifiedLock>,
    /// Entries of the ledger that were read again.
    pub(crate) entries: Option<u64>,
    pub(crate) findings: Vec<Finding>,
}

/// What a verification reads.
struct Evidence {
    bytes: Vec<u8>,
    sources: Sources,
    running: BTreeMap<EnvironmentId, Deployment>,
}

impl Report {
    /// A report of one finding, where nothing more can be said.
    fn only(finding: Finding) -> Self {
        Self { findings: vec![finding], ..Self::default() }
    }

    /// The exit code: that of the first finding.
    pub(crate) fn exit_code(&self) -> u8 {
        self.findings.first().map_or(0, |finding| finding.class.exit_code())
    }

    pub(crate) fn to_json(&self) -> Json {
        let findings = self.findings.iter().map(Finding::to_json).collect();
        let mut members = vec![
            ("ok", Json::from(self.findings.is_empty())),
            ("findings", findings),
            (
                "ledger_entries",
                self.entries
                    .map_or(Json::Null, |count| Json::from(bounden_base::Decimal::from(count))),
            ),
        ];
        if let Some(lock) = &self.lock {
            members.push(("agent", lock.agent().as_str().into()));
            members.push(("lock", lock.body_digest().to_string().into()));
            members.push(("bindings", bindings(lock)));
        }
        Json::object(members)
    }
}

/// Verifies; what is wrong is in the report, and only a broken machine is a failure.
pub(crate) fn verify(target: &Target, now: Timestamp) -> Result<Report, Failure> {
    let state = State::of(target.folder.root());
    let trust = match state.trust() {
        Ok(trust) => trust,
        Err(error) => return Ok(Report::only(Reason::Unavailable.found(error))),
    };
    let ledger = match state.existing_ledger(&trust) {
        Ok(ledger) => ledger,
        Err(error) => return Ok(Report::only(Reason::LedgerUnreadable.found(error))),
    };
    let mut report = Report::default();
    if let Some(ledger) = &ledger {
        check_rows(ledger, &mut report);
        if !report.findings.is_empty() {
            // What a damaged ledger says of itself explains nothing.
            return Ok(report);
        }
    }
    let found = match read(target, &trust, ledger.as_ref(), now) {
        Ok(found) => found,
        Err(finding) => return Ok(Report { findings: vec![finding], ..report }),
    };
    match verify_lock(&found.bytes, &trust, &[], now) {
        Ok(lock) => {
            check_lock(target, &state, ledger.as_ref(), &found, &lock, &mut report);
            report.lock = Some(lock);
        }
        Err(error) => report.findings.push(error.into()),
    }
    Ok(report)
}

/// The policy of what the ledger says runs, verified against the record and
/// narrowed as the environment demands.
pub(crate) fn seal(agent: &Path, environment: &EnvironmentId) -> Result<Sealed, Failure> {
    let folder = Folder::open(agent)?;
    let state = State::of(folder.root());
    let target = Target {
        folder,
        lock: None,
        environment: Some(environment.clone()),
        against: Against::Record,
    };
    let Report { lock, findings, .. } = verify(&target, Timestamp::now())?;
    if let Some(finding) = findings.first() {
        return Err(Failure::refused(finding.to_string()));
    }
    let lock = lock.ok_or_else(|| Failure::refused("there is no lock"))?;
    let digest = lock.body().policy.digest;
    let missing = || inside(format!("the policy bundle {digest} is not there"));
    let bytes = state.recorded(None, &digest).ok_or_else(missing)?;
    let sealed = Sealed::locked(&lock, bytes).map_err(inside)?;
    let surface = Surface::read(&lock.body().surface).map_err(inside)?;
    match surface.declared.environments.get(environment.as_str()) {
        Some(limits) => sealed.narrowed(*limits).map_err(inside),
        None => Ok(sealed),
    }
}

fn check_lock(
    target: &Target,
    state: &State,
    ledger: Option<&SqliteStore>,
    found: &Evidence,
    lock: &VerifiedLock,
    report: &mut Report,
) {
    let recorded = |digest: &Digest| state.recorded(ledger, digest);
    let parts = found.sources.parts();
    let is_meant = |environment: &EnvironmentId| {
        target.environment.as_ref().is_none_or(|meant| meant == environment)
    };
    let running = found.running.iter().filter(|(environment, _)| is_meant(environment));
    let running = running.map(|(name, running)| (name.clone(), running.clone())).collect();
    let sources = verify::Sources {
        intent: &found.sources.intent,
        contracts: &found.sources.contracts,
        parts: &parts,
        recorded: &recorded,
        running: &running,
    };
    report.findings.extend(verify::verify(lock, &sources));
    if let Some(ledger) = ledger {
        for binding in lock.bindings() {
            let proven = binding.checkpoint();
            if ledger.root_at(proven.size).ok() != Some(proven.root) {
                report.findings.push(Reason::LedgerBehind.found(proven.size));
            }
        }
    }
    if let Some(environment) = &target.environment
        && lock.binding(environment).is_none()
    {
        let error = VerifyError {
            reason: LedgerReason::NotBound,
            place: environment.to_string(),
            found: String::new(),
        };
        report.findings.push(error.into());
    }
}

/// The lock in question and what belongs to it: the file with what lies beside
/// it, or what the ledger recorded where an environment runs an older body.
fn read(
    target: &Target,
    trust: &TrustRoot,
    ledger: Option<&SqliteStore>,
    now: Timestamp,
) -> Result<Evidence, Finding> {
    if target.against == Against::Record {
        return read_record(target, ledger);
    }
    let path = target.lock.clone().unwrap_or_else(|| target.folder.lock_path());
    let bytes = fs::read(&path)
        .map_err(|error| Reason::LockMissing.found(format_args!("{}: {error}", path.display())))?;
    // Whose agent this is only a good lock says; a bad one is found out later.
    let Ok(lock) = verify_lock(&bytes, trust, &[], now) else {
        let sources = Sources::default();
        return Ok(Evidence { bytes, sources, running: BTreeMap::new() });
    };
    let view = ledger.map(|ledger| View::read(ledger, lock.agent())).transpose();
    let view = view.map_err(unavailable)?;
    let running = view.as_ref().map(|view| view.running.clone()).unwrap_or_default();
    let deployed = target.environment.as_ref().and_then(|environment| running.get(environment));
    if let (Some(ledger), Some(view), Some(deployed)) = (ledger, &view, deployed)
        && deployed.body != lock.body_digest()
    {
        return recorded(ledger, view, deployed).map_err(unavailable);
    }
    let sources = target.folder.sources().map_err(unavailable)?;
    Ok(Evidence { bytes, sources, running })
}

/// What the ledger says runs, whatever lies in the folder.
fn read_record(target: &Target, ledger: Option<&SqliteStore>) -> Result<Evidence, Finding> {
    let ledger = ledger.ok_or_else(|| unavailable("there is no ledger here"))?;
    let deployments = ledger.deployments().map_err(unavailable)?;
    let is_meant =
        |deployed: &&Deployment| target.environment.as_ref() == Some(&deployed.environment);
    let mut found = deployments.iter().filter(is_meant);
    match (found.next(), found.next()) {
        (Some(deployed), None) => {
            let view = View::read(ledger, &deployed.agent).map_err(unavailable)?;
            recorded(ledger, &view, deployed).map_err(unavailable)
        }
        (Some(_), Some(_)) => Err(unavailable("the ledger knows several agents")),
        (None, _) => Err(Reason::LockMissing.found("nothing runs there")),
    }
}

/// The lock of what runs, put together from the ledger, with all that it was built from.
fn recorded(ledger: &SqliteStore, view: &View, deployed: &Deployment) -> Result<Evidence, Failure> {
    let sources = Past::read(ledger, deployed.body)?.sources(ledger)?;
    let lock = view.lock_of(ledger, deployed.body)?;
    let bytes = lock.render().map_err(inside)?.into_bytes();
    Ok(Evidence { bytes, sources, running: view.running.clone() })
}

fn unavailable(error: impl std::fmt::Display) -> Finding {
    Reason::Unavailable.found(error)
}

fn check_rows(ledger: &SqliteStore, report: &mut Report) {
    match ledger.audit() {
        Ok(audit) => {
            report.entries = Some(audit.entries);
            report.findings.extend(audit.findings.iter().map(|found| {
                let place = format!("{} {}: {}", found.table, found.row, found.reason.code());
                Reason::LedgerRow.found(place)
            }));
        }
        Err(error) => report.findings.push(Reason::LedgerUnreadable.found(error)),
    }
}

fn bindings(lock: &VerifiedLock) -> Json {
    let row = |binding: &bounden_ledger::lock::VerifiedBinding| {
        let promotion = binding.promotion();
        let people = binding.approvals().iter().map(|vote| vote.approval());
        let approvals = people.map(|vote| {
            let person = Json::from(vote.person.as_str());
            Json::object([("person", person), ("role", vote.role.as_str().into())])
        });
        let action = Json::from_serialize(&promotion.action).unwrap_or(Json::Null);
        let class = Json::from_serialize(&promotion.diff.class).unwrap_or(Json::Null);
        Json::object([
            ("environment", Json::from(promotion.environment.as_str())),
            ("epoch", Json::from(bounden_base::Decimal::from(promotion.epoch))),
            ("action", action),
            ("class", class),
            ("approvals", approvals.collect()),
            ("time", promotion.time.to_string().into()),
        ])
    };
    lock.bindings().iter().map(row).collect()
}
