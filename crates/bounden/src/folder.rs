//! The folder of an agent: its intent, its pinned contracts, the files that
//! shape it, its recorded runs and its lock.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bounden_lifecycle::release::ReleaseError;
use bounden_lifecycle::{Part, Release};
use bounden_spec::intent::{self, Intent};
use globset::Glob;

use crate::commands::check::text::tell;
use crate::exit::Failure;
use crate::recording::{self, Recording};

/// The folder of an agent.
#[derive(Clone)]
pub(crate) struct Folder {
    root: PathBuf,
}

/// Everything that a release is built from, as bytes.
#[derive(Default)]
pub(crate) struct Sources {
    pub(crate) intent: Vec<u8>,
    pub(crate) contracts: Vec<u8>,
    /// By kind and path.
    pub(crate) parts: BTreeMap<(String, String), Vec<u8>>,
}

pub(crate) const INTENT: &str = "behavior.intent";
/// Another form of an intent, which is checked as it stands and migrated before it is promoted.
pub(crate) const FORM: &str = "behavioral-spec.yaml";
pub(crate) const CONTRACTS: &str = "behavior.contracts.json";
pub(crate) const LOCK: &str = "behavior.lock";
const TRACES: &str = "traces";
/// How deep folders of knowledge may be nested.
const MAX_DEPTH: usize = 32;

impl Folder {
    /// The folder at `path`, which has to hold an intent.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let root = path
            .canonicalize()
            .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
        let folder = Self { root };
        if folder.intent_path().is_file() {
            return Ok(folder);
        }
        let help = if folder.root.join(FORM).is_file() {
            format!(
                "`bounden migrate {0} --output {0}/{INTENT}` makes one of {FORM}",
                path.display()
            )
        } else {
            "name the folder of an agent with `--dir`".to_owned()
        };
        Err(Failure::usage(format!("{}: there is no {INTENT} here; {help}", path.display())))
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn intent_path(&self) -> PathBuf {
        self.root.join(INTENT)
    }

    pub(crate) fn contracts_path(&self) -> PathBuf {
        self.root.join(CONTRACTS)
    }

    pub(crate) fn lock_path(&self) -> PathBuf {
        self.root.join(LOCK)
    }

    /// The intent, whether it compiles or not.
    pub(crate) fn intent(&self) -> Result<Intent, Failure> {
        let bytes = self.read(INTENT)?;
        let (intent, findings) = intent::parse(&bytes);
        intent.ok_or_else(|| {
            tell(&self.intent_path(), &bytes, &findings);
            Failure::findings("the intent cannot be read")
        })
    }

    /// Reads everything that a release is built from.
    pub(crate) fn sources(&self) -> Result<Sources, Failure> {
        let contracts = self.contracts_path();
        if !contracts.is_file() {
            let message = format!("{}: not there; run `bounden resolve`", contracts.display());
            return Err(Failure::usage(message));
        }
        let intent = self.read(INTENT)?;
        let parts = self.parts(&intent)?;
        Ok(Sources { intent, contracts: self.read(CONTRACTS)?, parts })
    }

    /// Builds the release of what lies here; what is wrong with the intent is told on stderr.
    pub(crate) fn release(&self, sources: &Sources) -> Result<Release, Failure> {
        sources.build().map_err(|error| match error {
            ReleaseError::Intent(findings) => {
                tell(&self.intent_path(), &sources.intent, &findings);
                Failure::findings("the intent has errors")
            }
            other => Failure::usage(other.to_string()),
        })
    }

    /// The recorded runs, named by their paths from here.
    pub(crate) fn recordings(&self) -> Result<Vec<Recording>, Failure> {
        let folder = self.root.join(TRACES);
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let files = recording::files(&[folder])?;
        let named = files.iter().map(|path| {
            let found = recording::read(path)?;
            let name = path.strip_prefix(&self.root).unwrap_or(path).display().to_string();
            Ok(Recording { name, ..found })
        });
        named.collect()
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, Failure> {
        let path = self.root.join(name);
        fs::read(&path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
    }

    /// The files that an intent names; nothing where the intent cannot be read.
    fn parts(&self, intent: &[u8]) -> Result<BTreeMap<(String, String), Vec<u8>>, Failure> {
        let (intent, _) = intent::parse(intent);
        let Some(files) = intent.and_then(|intent| intent.files) else {
            return Ok(BTreeMap::new());
        };
        let mut here = Vec::new();
        self.walk("", 0, &mut here)?;
        let mut parts = BTreeMap::new();
        for (kind, patterns) in [
            ("prompt", &files.prompts),
            ("knowledge", &files.knowledge),
            ("configuration", &files.configuration),
        ] {
            for pattern in patterns {
                let glob = Glob::new(&pattern.value)
                    .map_err(|error| Failure::usage(format!("`files`: {error}")))?
                    .compile_matcher();
                let found: Vec<_> = here.iter().filter(|path| glob.is_match(path)).collect();
                if found.is_empty() {
                    let message =
                        format!("`files`: there is no `{}` beside the intent", pattern.value);
                    return Err(Failure::usage(message));
                }
                for path in found {
                    parts.insert((kind.to_owned(), path.clone()), self.read(path)?);
                }
            }
        }
        Ok(parts)
    }

    /// Every regular file below, by its path from here; links are not followed.
    fn walk(&self, below: &str, depth: usize, found: &mut Vec<String>) -> Result<(), Failure> {
        let folder = self.root.join(below);
        let failed = |error| Failure::usage(format!("{}: {error}", folder.display()));
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
            if kind.is_file() {
                found.push(path);
            } else if kind.is_dir() && !name.starts_with('.') && depth < MAX_DEPTH {
                self.walk(&path, depth + 1, found)?;
            }
        }
        found.sort();
        Ok(())
    }
}

impl Sources {
    /// Compiles; equal sources give equal releases.
    pub(crate) fn build(&self) -> Result<Release, ReleaseError> {
        Release::build(&self.intent, &self.contracts, &self.parts())
    }

    pub(crate) fn parts(&self) -> Vec<Part<'_>> {
        let parts = self.parts.iter();
        parts.map(|((kind, path), bytes)| Part { kind, path, bytes }).collect()
    }
}
