//! What an agent's promotion keeps on this machine, in `.bounden/`: ledger,
//! keys, trust root, policy bundles and evidence.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use bounden_base::{Digest, Timestamp};
use bounden_ledger::trust::{Person, PinnedKey};
use bounden_ledger::{PersonId, RoleId, SigningKey, TeamId, TrustRoot};
use bounden_store::SqliteStore;

use crate::durable::{self, Readers};
use crate::exit::Failure;
use crate::keyring::Keyring;

/// The state folder.
pub(crate) struct State {
    root: PathBuf,
}

/// Held by whoever changes files that follow from the ledger.
pub(crate) struct Exclusive {
    _lock: File,
}

impl State {
    /// The state of the agent in `folder`, whether it is there yet or not.
    pub(crate) fn of(folder: &Path) -> Self {
        Self { root: folder.join(".bounden") }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn trust_path(&self) -> PathBuf {
        self.root.join("trust.json")
    }

    pub(crate) fn ledger_path(&self) -> PathBuf {
        self.root.join("ledger.sqlite")
    }

    pub(crate) fn bundle_path(&self, digest: &Digest) -> PathBuf {
        self.root.join("bundles").join(format!("{}.json", digest.hex()))
    }

    pub(crate) fn evidence_path(&self, digest: &Digest) -> PathBuf {
        self.root.join("evidence").join(format!("{}.json", digest.hex()))
    }

    pub(crate) fn keyring(&self) -> Result<Keyring, Failure> {
        self.make()?;
        Keyring::open(self.root.join("keys"))
    }

    /// Makes ledger, gate and trust root where there are none.
    pub(crate) fn establish(&self) -> Result<TrustRoot, Failure> {
        let _exclusive = self.exclusive()?;
        if self.trust_path().exists() {
            return self.trust();
        }
        let keyring = self.keyring()?;
        let gate = PinnedKey::new(keyring.gate()?.public().clone());
        let ledger = keyring.ledger()?.verifier();
        let trust = TrustRoot::new(ledger, vec![gate], Vec::new()).map_err(inside)?;
        self.write_trust(&trust)?;
        Ok(trust)
    }

    /// Whom this machine trusts.
    pub(crate) fn trust(&self) -> Result<TrustRoot, Failure> {
        let path = self.trust_path();
        let failed = |error: &dyn std::fmt::Display| {
            Failure::unavailable(format!("{}: {error}", path.display()))
        };
        let bytes = fs::read(&path).map_err(|error| failed(&error))?;
        TrustRoot::read(&bytes).map_err(|error| failed(&error))
    }

    /// Adds somebody with a new key of their own.
    pub(crate) fn add_person(
        &self,
        person: &PersonId,
        roles: Vec<RoleId>,
        teams: Vec<TeamId>,
    ) -> Result<SigningKey, Failure> {
        self.establish()?;
        let _exclusive = self.exclusive()?;
        let trust = self.trust()?;
        if trust.people().iter().any(|known| known.person == *person) {
            return Err(Failure::usage(format!(
                "`{person}` has a key; `bounden key list` shows it"
            )));
        }
        let keyring = self.keyring()?;
        // A key may be left from a run that was killed before it was trusted.
        let key = match keyring.person(person)? {
            Some(key) => key,
            None => keyring.make_person(person)?,
        };
        let mut people = trust.people().to_vec();
        people.push(Person {
            person: person.clone(),
            roles: roles.into_iter().collect(),
            teams: teams.into_iter().collect(),
            keys: vec![PinnedKey::new(key.public().clone())],
        });
        let trust = TrustRoot::new(trust.ledger().clone(), trust.gates().to_vec(), people)
            .map_err(inside)?;
        self.write_trust(&trust)?;
        Ok(key)
    }

    /// The ledger, made where there is none.
    pub(crate) fn ledger(&self, trust: &TrustRoot) -> Result<SqliteStore, Failure> {
        SqliteStore::open(&self.ledger_path(), trust.ledger()).map_err(inside)
    }

    /// The ledger, if there is one.
    pub(crate) fn existing_ledger(
        &self,
        trust: &TrustRoot,
    ) -> Result<Option<SqliteStore>, Failure> {
        if self.ledger_path().is_file() { self.ledger(trust).map(Some) } else { Ok(None) }
    }

    /// Keeps a policy bundle where the guard finds it.
    pub(crate) fn keep_bundle(&self, digest: &Digest, text: &str) -> Result<(), Failure> {
        self.keep(&self.bundle_path(digest), text)
    }

    /// Keeps evidence.
    pub(crate) fn keep_evidence(&self, digest: &Digest, text: &str) -> Result<(), Failure> {
        self.keep(&self.evidence_path(digest), text)
    }

    /// What a statement cites by this digest, from the files here or from the ledger.
    pub(crate) fn recorded(
        &self,
        ledger: Option<&SqliteStore>,
        digest: &Digest,
    ) -> Option<Vec<u8>> {
        let from_file = |path: PathBuf| fs::read(path).ok();
        from_file(self.bundle_path(digest))
            .or_else(|| from_file(self.evidence_path(digest)))
            .or_else(|| ledger.and_then(|ledger| ledger.blob(digest).ok().flatten()))
    }

    /// Waits until nobody else changes what follows from the ledger.
    pub(crate) fn exclusive(&self) -> Result<Exclusive, Failure> {
        self.make()?;
        let path = self.root.join("state.lock");
        let open = || {
            let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
            file.lock()?;
            Ok::<_, std::io::Error>(file)
        };
        let lock = open();
        let lock =
            lock.map_err(|error| Failure::unavailable(format!("{}: {error}", path.display())))?;
        Ok(Exclusive { _lock: lock })
    }

    fn write_trust(&self, trust: &TrustRoot) -> Result<(), Failure> {
        let text = trust.to_canonical().map_err(inside)?;
        self.keep(&self.trust_path(), &pretty(&text)?)
    }

    fn keep(&self, path: &Path, text: &str) -> Result<(), Failure> {
        let failed = |error| Failure::unavailable(format!("{}: {error}", path.display()));
        if fs::read(path).is_ok_and(|kept| kept == text.as_bytes()) {
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            durable::private_folder(folder).map_err(failed)?;
        }
        durable::replace(path, text.as_bytes(), Readers::All).map_err(failed)
    }

    /// The folder, which version control leaves alone.
    fn make(&self) -> Result<(), Failure> {
        let failed = |error| Failure::unavailable(format!("{}: {error}", self.root.display()));
        durable::private_folder(&self.root).map_err(failed)?;
        let ignore = self.root.join(".gitignore");
        if ignore.exists() {
            return Ok(());
        }
        durable::replace(&ignore, b"*\n", Readers::All).map_err(failed)
    }
}

/// The time, or the one that was given for a run that can be repeated.
#[derive(Clone, Copy, clap::Args)]
pub(crate) struct Clock {
    /// The time to decide at, instead of now
    #[arg(long, value_name = "RFC3339")]
    now: Option<Timestamp>,
}

impl Clock {
    pub(crate) fn now(self) -> Timestamp {
        self.now.unwrap_or_else(Timestamp::now)
    }
}

fn pretty(text: &str) -> Result<String, Failure> {
    bounden_base::Json::parse(text.as_bytes()).map(|json| json.pretty()).map_err(inside)
}

/// A failure that the user did not cause.
pub(crate) fn inside(error: impl std::fmt::Display) -> Failure {
    Failure::unavailable(error.to_string())
}
