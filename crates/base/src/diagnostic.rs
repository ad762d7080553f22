//! What is wrong, where and what to do: plain data, rendered elsewhere.

use serde::{Deserialize, Serialize};

use crate::Span;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document is refused.
    Error,
    /// Worth a look; nothing is refused.
    Warning,
    /// For information only.
    Note,
}

/// A second place that the message refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// In which file, if not in the document of the finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What this place has to do with the finding.
    pub message: String,
}

/// One replacement of source text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The text to replace; empty to insert.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
}

/// A machine-applicable repair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// Replacements that do not overlap.
    pub edits: Vec<Edit>,
    /// Whether the repair may be applied unseen: it lets nobody do more than
    /// before, and asserts nothing that only its author can know.
    pub safe: bool,
}

/// One finding about one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Stable code, such as `B101`.
    pub code: String,
    /// How much it weighs.
    pub severity: Severity,
    /// One sentence that says what is wrong.
    pub message: String,
    /// Where, in bytes of the document.
    pub span: Span,
    /// Other places that matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Label>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// A repair, if a machine can make it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error with `code` and `message` at `span`.
    #[must_use]
    pub fn error(code: &str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, span, message)
    }

    /// A warning with `code` and `message` at `span`.
    #[must_use]
    pub fn warning(code: &str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, span, message)
    }

    /// A note with `code` and `message` at `span`.
    #[must_use]
    pub fn note(code: &str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, span, message)
    }

    fn new(severity: Severity, code: &str, span: Span, message: impl Into<String>) -> Self {
        let (code, message) = (code.to_owned(), message.into());
        Self { code, severity, message, span, related: Vec::new(), help: None, fix: None }
    }

    /// The same finding with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same finding with a second place.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Label { span, file: None, message: message.into() });
        self
    }

    /// The same finding with a place in another file.
    #[must_use]
    pub fn related_in(mut self, file: &str, span: Span, message: impl Into<String>) -> Self {
        let (file, message) = (Some(file.to_owned()), message.into());
        self.related.push(Label { span, file, message });
        self
    }

    /// The same finding with a repair.
    #[must_use]
    pub fn fix(mut self, edits: Vec<Edit>, safe: bool) -> Self {
        self.fix = Some(Fix { edits, safe });
        self
    }

    /// Whether the document is refused for it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
