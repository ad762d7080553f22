//! One document in an editor, and what is known of it.

use std::cell::OnceCell;

use bounden_base::Diagnostic;
use bounden_policy::Contracts;
use bounden_spec::{check, yaml};
use lsp_types::TextDocumentContentChangeEvent;

use crate::source::Source;

/// A document that an editor holds, with the tools that were pinned beside it.
#[derive(Debug)]
pub struct Document {
    pub(crate) source: Source,
    pub(crate) pinned: Pinned,
    findings: OnceCell<Vec<Diagnostic>>,
    tree: OnceCell<Option<yaml::Node>>,
}

/// The tool definitions that an intent is typed by.
#[derive(Clone, Debug, Default)]
pub struct Pinned {
    /// The definitions, where there are any.
    pub contracts: Option<Contracts>,
    /// Why they cannot be used.
    pub problem: Option<Diagnostic>,
}

impl Document {
    /// A document with this text.
    #[must_use]
    pub fn new(text: String, pinned: Pinned) -> Self {
        let source = Source::new(text);
        Self { source, pinned, findings: OnceCell::new(), tree: OnceCell::new() }
    }

    /// The text as it stands.
    #[must_use]
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// Makes the changes one after the other; one without a range is a new text.
    pub fn change(&mut self, changes: Vec<TextDocumentContentChangeEvent>) {
        for change in changes {
            self.source = match change.range {
                Some(range) => self.source.with(range, &change.text),
                None => Source::new(change.text),
            };
        }
        self.forget();
    }

    /// Replaces the pinned tools.
    pub fn pin(&mut self, pinned: Pinned) {
        self.pinned = pinned;
        self.forget();
    }

    /// What `bounden check` says of the text.
    pub(crate) fn findings(&self) -> &[Diagnostic] {
        self.findings.get_or_init(|| {
            let mut found = check(self.text().as_bytes(), self.contracts()).diagnostics;
            found.extend(self.pinned.problem.clone());
            found
        })
    }

    /// As much of the tree as can be read.
    pub(crate) fn tree(&self) -> Option<&yaml::Node> {
        self.tree.get_or_init(|| yaml::salvage(self.text())).as_ref()
    }

    pub(crate) fn contracts(&self) -> Option<&Contracts> {
        self.pinned.contracts.as_ref()
    }

    fn forget(&mut self) {
        self.findings = OnceCell::new();
        self.tree = OnceCell::new();
    }
}
