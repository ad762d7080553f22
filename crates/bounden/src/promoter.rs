//! Promotion as everybody does it here: read the ledger, ask the gate, append,
//! and write the lock from what the ledger then holds.
//!
//! The ledger is the truth and the lock file follows from it. Whoever is killed
//! in between leaves a ledger from which the next one writes the same lock.

use std::collections::BTreeSet;
use std::fs;

use bounden_base::{Digest, Timestamp};
use bounden_ledger::lock::{Lock, verify_lock};
use bounden_ledger::statement::Action;
use bounden_ledger::{Entry, EnvironmentId, PersonId, RoleId, SigningKey, TrustRoot};
use bounden_lifecycle::evaluation::{self, Evidence};
use bounden_lifecycle::gate::Case;
use bounden_lifecycle::plan::Side;
use bounden_lifecycle::{Admission, Demands, Plan, Refusal, Release, admit};
use bounden_policy::Contracts;
use bounden_store::{SqliteStore, StoreError};

use crate::durable::{self, Readers};
use crate::exit::Failure;
use crate::folder::{Folder, Sources};
use crate::organisation::{Named, Organisations};
use crate::state::{State, inside};
use crate::view::{Past, View};

/// People with this role wrote the change; their approval never counts.
pub(crate) const AUTHOR: &str = "author";
/// How often a promotion is decided anew when the ledger moves on meanwhile.
const TRIES: usize = 20;

/// One agent, its release and its ledger, opened for a change.
pub(crate) struct Promoter {
    pub(crate) folder: Folder,
    pub(crate) state: State,
    pub(crate) trust: TrustRoot,
    pub(crate) ledger: SqliteStore,
    pub(crate) sources: Sources,
    pub(crate) release: Release,
    pub(crate) evidence: Vec<Evidence>,
    organisations: Organisations,
}

/// What is to happen where, and who asks.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) environment: EnvironmentId,
    pub(crate) action: Action,
    pub(crate) by: Option<PersonId>,
}

/// How a promotion ended.
pub(crate) enum Outcome {
    /// The body runs from now on, by this entry of the ledger.
    Promoted(u64),
    /// The body ran already.
    Unchanged,
    /// The gate refuses.
    Refused(Vec<Refusal>),
}

impl Promoter {
    /// Opens the agent in `folder`: what lies there is the release at hand.
    pub(crate) fn open(folder: Folder) -> Result<Self, Failure> {
        let sources = folder.sources()?;
        let release = folder.release(&sources)?;
        let recordings = folder.recordings()?;
        let named: Vec<_> = recordings
            .iter()
            .map(|found| evaluation::Recording { name: &found.name, bytes: &found.bytes })
            .collect();
        let evidence = if named.is_empty() {
            Vec::new()
        } else {
            vec![Evidence::of(&release, &named).map_err(inside)?]
        };
        Self::with(folder, sources, release, evidence)
    }

    /// Opens the agent with a body that ran before as the release at hand.
    pub(crate) fn reopen(folder: Folder, reference: &str) -> Result<Self, Failure> {
        let state = State::of(folder.root());
        let trust = state.establish()?;
        let ledger = state.ledger(&trust)?;
        let agent = folder.intent()?.agent.id.value;
        let view = View::read(&ledger, &agent.into())?;
        let past = find(&ledger, &view, reference)?;
        let sources = past.sources(&ledger)?;
        let release = folder.release(&sources)?;
        if release.digest() != past.side().digest {
            let message = "this version of bounden compiles that intent to something else; use the one that made its lock";
            return Err(Failure::unavailable(message));
        }
        Self::with(folder, sources, release, Vec::new())
    }

    fn with(
        folder: Folder,
        sources: Sources,
        release: Release,
        evidence: Vec<Evidence>,
    ) -> Result<Self, Failure> {
        let state = State::of(folder.root());
        let trust = state.establish()?;
        let mut ledger = state.ledger(&trust)?;
        // Entries of somebody who was killed before they were signed.
        if ledger.head().map_err(inside)?.size > 0 {
            ledger.publish(&state.keyring()?.ledger()?).map_err(inside)?;
        }
        let organisations = Organisations::of(folder.root(), &Named::default())?;
        Ok(Self { folder, state, trust, ledger, sources, release, evidence, organisations })
    }

    /// The same under these policies of the organisation as well.
    pub(crate) fn under(mut self, named: &Named) -> Result<Self, Failure> {
        self.organisations = Organisations::of(self.folder.root(), named)?;
        Ok(self)
    }

    pub(crate) fn view(&self) -> Result<View, Failure> {
        View::read(&self.ledger, &self.release.body().agent)
    }

    /// What the environment demands.
    pub(crate) fn demands(&self, environment: &EnvironmentId) -> Result<Demands, Failure> {
        Demands::of(self.release.intent(), environment).ok_or_else(|| {
            let names: Vec<_> = self.release.intent().promotion.names().collect();
            let message = match names.as_slice() {
                [] => "the intent names no environment under `promotion`".to_owned(),
                names => format!("the intent names {}, not {environment}", names.join(", ")),
            };
            Failure::usage(message)
        })
    }

    /// The difference to what runs, and what the organisation says of it at `now`.
    pub(crate) fn plan(
        &self,
        view: &View,
        environment: &EnvironmentId,
        now: Timestamp,
    ) -> Result<Plan, Failure> {
        let judgements =
            self.organisations.judge(self.release.intent(), environment.as_str(), now)?;
        let running = view.running.get(environment).map(|running| running.body);
        let past = running.map(|body| Past::read(&self.ledger, body)).transpose()?;
        let next = Side {
            body: self.release.body(),
            digest: self.release.digest(),
            bundle: self.release.policy().bundle(),
        };
        let plan = Plan::of(past.as_ref().map(Past::side), next).map_err(inside)?;
        Ok(plan.under(judgements))
    }

    /// Promotes, unless the body runs there already; the lock file follows in either case.
    pub(crate) fn promote(
        &mut self,
        request: &Request,
        now: impl Fn() -> Timestamp,
    ) -> Result<Outcome, Failure> {
        self.demands(&request.environment)?;
        for _ in 0..TRIES {
            let view = self.view()?;
            let running = view.running.get(&request.environment);
            let runs = running.is_some_and(|running| running.body == self.release.digest());
            if runs && request.action == Action::Promote {
                self.write_lock()?;
                return Ok(Outcome::Unchanged);
            }
            let now = now();
            let plan = self.plan(&view, &request.environment, now)?;
            let governed = view.governed(&self.ledger, &request.environment)?;
            let admission = match self.decide(&view, &plan, &governed, request, now) {
                Ok(admission) => admission,
                Err(refusals) => return Ok(Outcome::Refused(refusals)),
            };
            self.keep_what_is_cited(&plan)?;
            let keyring = self.state.keyring()?;
            let promoted = admission.sign(&keyring.gate()?).map_err(inside)?;
            let entry = Entry::of(promoted.statement().envelope()).map_err(inside)?;
            if let Some(number) = self.append(&view, entry)? {
                self.write_lock()?;
                return Ok(Outcome::Promoted(number));
            }
        }
        Err(Failure::unavailable("the ledger moves on too fast; try again"))
    }

    /// Appends what `make` makes of the state of the ledger, made anew when that
    /// moves on meanwhile; gives the number of the entry.
    pub(crate) fn record(
        &mut self,
        make: impl Fn(&Self, &View) -> Result<Entry, Failure>,
    ) -> Result<u64, Failure> {
        for _ in 0..TRIES {
            let view = self.view()?;
            let entry = make(self, &view)?;
            if let Some(number) = self.append(&view, entry)? {
                return Ok(number);
            }
        }
        Err(Failure::unavailable("the ledger moves on too fast; try again"))
    }

    /// The key of somebody who signs on this machine.
    pub(crate) fn key_of(&self, person: &PersonId) -> Result<SigningKey, Failure> {
        let key = self.state.keyring()?.person(person)?;
        key.ok_or_else(|| Failure::usage(format!("the key of `{person}` is not on this machine")))
    }

    /// Writes the lock file that the ledger leads to, unless it is there.
    pub(crate) fn write_lock(&self) -> Result<(), Failure> {
        let _exclusive = self.state.exclusive()?;
        let view = self.view()?;
        let Some(body) = view.latest_body() else { return Ok(()) };
        let lock = view.lock_of(&self.ledger, body)?;
        let path = self.folder.lock_path();
        let written = fs::read(&path).unwrap_or_default();
        let is_good = verify_lock(&written, &self.trust, &[], Timestamp::MAX).is_ok();
        // A later checkpoint alone is no reason to change a file that people commit.
        if is_good && Lock::read(&written).is_ok_and(|written| is_same(&written, &lock)) {
            return Ok(());
        }
        let text = lock.render().map_err(inside)?;
        durable::replace(&path, text.as_bytes(), Readers::All)
            .map_err(|error| Failure::unavailable(format!("{}: {error}", path.display())))
    }

    fn decide(
        &self,
        view: &View,
        plan: &Plan,
        governed: &BTreeSet<String>,
        request: &Request,
        now: Timestamp,
    ) -> Result<Admission, Vec<Refusal>> {
        let demands = Demands::of(self.release.intent(), &request.environment);
        let from = demands.and_then(|demands| demands.from);
        let spent = view.spent();
        let interested = self.interested(request.by.as_ref());
        admit(&Case {
            release: &self.release,
            environment: &request.environment,
            action: request.action,
            plan,
            running: view.running.get(&request.environment),
            origin: from.as_ref().and_then(|from| view.running.get(from)),
            ran_before: view.ran_in(&request.environment, self.release.digest()),
            evidence: &self.evidence,
            votes: &view.votes,
            spent: &spent,
            interested: &interested,
            governed,
            trust: &self.trust,
            read: &view.head,
            now,
        })
    }

    /// Those who wrote the change or ask for it.
    pub(crate) fn interested(&self, by: Option<&PersonId>) -> BTreeSet<PersonId> {
        let author = RoleId::new(AUTHOR);
        let authors = self.trust.people().iter().filter(|person| person.roles.contains(&author));
        authors.map(|person| person.person.clone()).chain(by.cloned()).collect()
    }

    /// Keeps everything that the promotion cites by digest, before it cites it.
    fn keep_what_is_cited(&mut self, plan: &Plan) -> Result<(), Failure> {
        let body = self.release.body();
        let policy = self.release.policy();
        let contracts = Contracts::parse(&self.sources.contracts).map_err(inside)?;
        let mut kept: Vec<Vec<u8>> = vec![
            bounden_base::json::to_canonical(body).map_err(inside)?.into_bytes(),
            policy.canonical().to_owned().into_bytes(),
            self.sources.intent.clone(),
            contracts.to_json().map_err(inside)?.canonical().into_bytes(),
            plan.to_json().map_err(inside)?.canonical().into_bytes(),
        ];
        kept.extend(self.organisations.canonical());
        kept.extend(self.sources.parts.values().cloned());
        for piece in &self.evidence {
            kept.push(piece.text().as_bytes().to_vec());
            self.state.keep_evidence(&piece.digest(), piece.text())?;
        }
        self.state.keep_bundle(&policy.digest(), policy.canonical())?;
        for bytes in kept {
            self.ledger.put_blob(&bytes).map_err(inside)?;
        }
        Ok(())
    }

    /// The number of the entry; nothing if the ledger has moved on since it was read.
    fn append(&mut self, view: &View, entry: Entry) -> Result<Option<u64>, Failure> {
        let signer = self.state.keyring()?.ledger()?;
        match self.ledger.append(&view.head, &[entry], &signer) {
            Ok(appended) => Ok(Some(appended.first)),
            Err(StoreError::HeadMoved(_)) => Ok(None),
            Err(error) => Err(inside(error)),
        }
    }
}

/// The body that a reference means: a version, the start of a digest.
fn find(ledger: &SqliteStore, view: &View, reference: &str) -> Result<Past, Failure> {
    let wanted = reference.strip_prefix("sha256:").unwrap_or(reference);
    let bodies: BTreeSet<Digest> =
        view.promotions.iter().map(|found| found.statement.body).collect();
    let mut found = Vec::new();
    for body in bodies {
        let past = Past::read(ledger, body)?;
        if past.version() == wanted || (wanted.len() >= 6 && body.hex().starts_with(wanted)) {
            found.push(past);
        }
    }
    match (found.pop(), found.is_empty()) {
        (Some(past), true) => Ok(past),
        (Some(_), false) => Err(Failure::usage(format!(
            "`{reference}` means several bodies; give the start of a digest"
        ))),
        (None, _) => Err(Failure::usage(format!(
            "nothing that ran here is `{reference}`; `bounden history` lists digests and versions"
        ))),
    }
}

/// Whether two locks say the same, whatever checkpoint proves it.
fn is_same(one: &Lock, two: &Lock) -> bool {
    let bindings = |lock: &Lock| -> Vec<_> {
        let bindings = lock.bindings().iter();
        bindings.map(|binding| (binding.promotion.clone(), binding.approvals.clone())).collect()
    };
    one.body() == two.body() && bindings(one) == bindings(two)
}
