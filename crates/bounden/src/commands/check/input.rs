//! Finds and reads what is to be checked.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use bounden_base::{Diagnostic, Severity, Span};
use bounden_policy::Contracts;
use bounden_spec::intent::{self, Intent};
use bounden_spec::{ChecklistItem, InForce};
use ignore::WalkBuilder;

use crate::exit::Failure;
use crate::folder::{FORM, INTENT};
use crate::organisation::Organisations;

/// The names under which a folder may hold its intent, the first one first.
pub(crate) const NAMES: [&str; 2] = [INTENT, FORM];
pub(crate) const CONTRACTS: &str = "behavior.contracts.json";
/// A document of more than this is refused without being read whole.
const MOST_BYTES: u64 = 64 << 20;

/// One document and what it is typed by.
pub(crate) struct Document {
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
    pub(crate) contracts: Option<Contracts>,
    /// Why the contracts cannot be used.
    pub(crate) contracts_problem: Option<Diagnostic>,
}

/// What was found in one document.
pub(super) struct Report<'d> {
    pub(super) document: &'d Document,
    /// The policies of the organisation that it was held against.
    pub(super) organisations: Organisations,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) checklist: Vec<ChecklistItem>,
    pub(super) defaults: Vec<InForce>,
}

impl Document {
    /// Reads the document at `path`, or the one in the folder `path`.
    pub(crate) fn open(path: &Path, contracts: Option<&Path>) -> Result<Self, Failure> {
        let path = intent_at(path)?;
        let bytes = read(&path)?;
        let (contracts, contracts_problem) =
            contracts.map_or_else(|| pinned_beside(&path), pinned)?;
        Ok(Self { path, bytes, contracts, contracts_problem })
    }

    /// A document that is still to be written.
    pub(crate) fn new(path: PathBuf, bytes: Vec<u8>) -> Self {
        Self { path, bytes, contracts: None, contracts_problem: None }
    }

    /// Writes the document, whole or not at all.
    pub(crate) fn save(&self) -> Result<(), Failure> {
        let failed = |error: std::io::Error| {
            Failure::unavailable(format!("{} cannot be written: {error}", self.path.display()))
        };
        let mut file = tempfile::NamedTempFile::new_in(self.folder()).map_err(failed)?;
        file.write_all(&self.bytes).map_err(failed)?;
        if let Ok(metadata) = fs::metadata(&self.path) {
            file.as_file().set_permissions(metadata.permissions()).map_err(failed)?;
        }
        file.persist(&self.path).map_err(|error| failed(error.error))?;
        Ok(())
    }

    /// The intent that this one follows: that of a file, or of a revision of the repository.
    pub(super) fn base(&self, reference: &str) -> Result<Intent, Failure> {
        let path = Path::new(reference);
        let bytes = if path.is_file() { read(path)? } else { self.revision(reference)? };
        let (intent, _) = intent::parse(&bytes);
        intent.ok_or_else(|| Failure::usage(format!("`{reference}` is no intent that can be read")))
    }

    /// The document as git knows it.
    fn revision(&self, revision: &str) -> Result<Vec<u8>, Failure> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let refused = |why: &str| {
            Failure::usage(format!("`{revision}` is no file, and no revision here: {}", why.trim()))
        };
        if revision.starts_with('-') {
            return Err(refused("a revision does not begin with a dash"));
        }
        let mut git = Command::new("git");
        git.arg("-C").arg(self.folder()).arg("show").arg(format!("{revision}:./{name}"));
        let output = git.output().map_err(|error| refused(&error.to_string()))?;
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(refused(&String::from_utf8_lossy(&output.stderr)))
        }
    }

    /// The folder that it stands in.
    pub(super) fn folder(&self) -> &Path {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.unwrap_or(Path::new("."))
    }

    pub(crate) fn name(&self) -> String {
        self.path.display().to_string()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

impl Report<'_> {
    /// How many findings of this weight there are, in the intent and in the policies.
    pub(super) fn count(&self, severity: Severity) -> usize {
        let policies = self.organisations.0.iter().flat_map(|policy| &policy.diagnostics);
        let all = self.diagnostics.iter().chain(policies);
        all.filter(|problem| problem.severity == severity).count()
    }
}

/// The intents that these paths mean: a file, the intent of a folder, or else
/// all those in the folders below it that version control does not ignore.
pub(super) fn intents_at(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut intents = Vec::new();
    for path in paths {
        match intent_at(path) {
            Err(_) if path.is_dir() => intents.extend(intents_below(path)?),
            intent => intents.push(intent?),
        }
    }
    Ok(intents)
}

fn intents_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let walk = WalkBuilder::new(folder).sort_by_file_name(Ord::cmp).build();
    let found: Vec<_> = walk
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| intent_in(entry.path()))
        .collect();
    if found.is_empty() { Err(without_intent(folder)) } else { Ok(found) }
}

fn intent_at(path: &Path) -> Result<PathBuf, Failure> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    intent_in(path).ok_or_else(|| without_intent(path))
}

fn intent_in(folder: &Path) -> Option<PathBuf> {
    NAMES.into_iter().map(|name| folder.join(name)).find(|file| file.is_file())
}

fn without_intent(folder: &Path) -> Failure {
    let (folder, names) = (folder.display(), NAMES.join(" nor "));
    Failure::usage(format!("{folder} holds neither {names}; `bounden init` drafts one"))
}

/// Reads a document whole, unless it is too large to be one.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error| Failure::usage(format!("{} cannot be read: {error}", path.display()));
    let metadata = fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() || metadata.len() > MOST_BYTES {
        return Err(Failure::usage(format!(
            "{} is no document: it is no file, or too large",
            path.display()
        )));
    }
    fs::read(path).map_err(failed)
}

/// The contracts that are pinned beside a document, or why they cannot be used.
pub(crate) fn pinned_beside(
    document: &Path,
) -> Result<(Option<Contracts>, Option<Diagnostic>), Failure> {
    let file = document.with_file_name(CONTRACTS);
    if file.is_file() { pinned(&file) } else { Ok((None, None)) }
}

fn pinned(file: &Path) -> Result<(Option<Contracts>, Option<Diagnostic>), Failure> {
    Ok(match Contracts::parse(&read(file)?) {
        Ok(contracts) => (Some(contracts), None),
        Err(error) => (None, Some(unusable(file, &error.to_string()))),
    })
}

fn unusable(path: &Path, error: &str) -> Diagnostic {
    let message = format!("{} cannot be used: {error}", path.display());
    Diagnostic::error("B130", Span::at(0), message).help("run `bounden resolve` to write it anew")
}
