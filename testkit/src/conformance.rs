//! The written cases under `conformance/`, as data that any runner can execute.
//!
//! `conformance/README.md` describes the format. The reader is strict: a block
//! that it does not know is an error and never prose, so that no case can be
//! skipped by a slip of the pen.

mod expect;
mod parse;

#[cfg(test)]
mod tests;

use std::fmt;
use std::path::{Path, PathBuf};

use bounden_base::{Json, JsonError};

pub use expect::Mismatch;
pub use parse::parse;

/// A line of a file of cases.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file from the root of the checkout.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// The text of a fenced block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Everything between the fences.
    pub text: String,
    /// Where its first line stands.
    pub place: Place,
}

/// An event and what has to be decided about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The event as it stands in the file, which may be malformed on purpose.
    pub event: String,
    /// The part of the decision that has to hold; see [`Step::check`].
    pub decision: Json,
    /// Where the decision stands.
    pub place: Place,
}

/// A finding that has to be reported about the intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedDiagnostic {
    /// Its code, such as `B201`.
    pub code: String,
    /// The line in the intent where it starts, from 1.
    pub line: usize,
    /// The column there, in characters from 1.
    pub column: usize,
    /// What its message contains; empty where any will do.
    pub words: String,
    /// Where this expectation stands.
    pub place: Place,
}

/// One case: an intent, what happens under it and what has to come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its heading, unique in its file.
    pub title: String,
    /// Where the heading stands.
    pub place: Place,
    /// The `behavior.intent` document, in YAML.
    pub intent: Block,
    /// The tool contracts that it is compiled against, in JSON.
    pub contracts: Option<Block>,
    /// What happens, in order, each with its decision.
    pub steps: Vec<Step>,
    /// What has to be reported about the intent; see [`Case::check_diagnostics`].
    pub diagnostics: Vec<ExpectedDiagnostic>,
}

/// A file of cases is not written as it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {kind}")]
pub struct ConformanceError {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub kind: ConformanceErrorKind,
}

/// What can be wrong with a file of cases.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConformanceErrorKind {
    /// A fence with another info string than the five that have a meaning.
    #[error(
        "a block is one of `yaml intent`, `json contracts`, `jsonl events`, `jsonl decisions` and \
         `text diagnostics`, not `{0}`; indent what is only shown"
    )]
    UnknownBlock(String),
    /// The same block twice in one case.
    #[error("this case already has a block `{0}`")]
    SecondBlock(&'static str),
    /// Events or expectations before the first case.
    #[error("only an intent and contracts can be shared by all cases, not `{0}`")]
    NotShared(&'static str),
    /// Two cases with one title.
    #[error("an earlier case has the title `{0}`")]
    SecondTitle(String),
    /// Neither the case nor the file has an intent.
    #[error("this case has no intent, and the file shares none")]
    NoIntent,
    /// Nothing could make the case fail.
    #[error("this case expects nothing: neither decisions nor diagnostics")]
    ExpectsNothing,
    /// Decisions and events cannot be paired.
    #[error("there are {events} events and {decisions} decisions; each event has its decision")]
    Unpaired {
        /// How many events there are.
        events: usize,
        /// How many decisions there are.
        decisions: usize,
    },
    /// A decision is not JSON.
    #[error("{}, in column {}", .0.kind, .0.position.1)]
    Json(JsonError),
    /// A decision is JSON and not an object.
    #[error("a decision is an object")]
    NotAnObject,
    /// A line that is no diagnostic.
    #[error("a diagnostic is `CODE LINE:COLUMN` and perhaps words of its message, not `{0}`")]
    Diagnostic(String),
}

/// Every case under `conformance/`, in order of file and line.
///
/// # Panics
/// Where a file is not written as it should be, naming every line that is not,
/// and where there are no cases at all.
#[must_use]
pub fn cases() -> Vec<Case> {
    let root = crate::repository();
    let mut cases = Vec::new();
    let mut errors = String::new();
    for path in files(&root.join("conformance")) {
        let name = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        match parse(&name, &crate::read_text(&path)) {
            Ok(parsed) => cases.extend(parsed),
            Err(found) => found.iter().for_each(|error| errors += &format!("\n{error}")),
        }
    }
    assert!(errors.is_empty(), "{errors}");
    assert!(!cases.is_empty(), "there are no cases in {}", root.display());
    cases
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// The Markdown files in a folder and its subfolders, without their READMEs.
fn files(folder: &Path) -> Vec<PathBuf> {
    #[expect(clippy::panic, reason = "a test without its input has failed")]
    let entries = folder.read_dir().unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let (folders, files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.is_dir());
    let is_cases = |path: &PathBuf| {
        path.extension().is_some_and(|end| end == "md") && !path.ends_with("README.md")
    };
    let below = folders.iter().flat_map(|folder| self::files(folder));
    files.into_iter().filter(is_cases).chain(below).collect()
}
