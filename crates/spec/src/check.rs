//! Everything that can be said of a document, in one pass.

use std::collections::BTreeSet;
use std::sync::Arc;

use bounden_base::{Diagnostic, Severity};
use bounden_policy::{Contracts, CriterionId, Policy};

use crate::article::Binding;
use crate::checklist::{self, ChecklistItem};
use crate::compile::compile;
use crate::intent::{self, Intent};
use crate::lint::{self, Subject};
use crate::yaml::Document;
use crate::{article, in_order, yaml};

/// A tool that no server offers.
const UNPINNED: &str = "B121";

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// The intent, where it could be read.
    pub intent: Option<Intent>,
    /// The policy that it compiles to, where nothing stands against it.
    pub policy: Option<Arc<Policy>>,
    /// All findings, in the order of the document.
    pub diagnostics: Vec<Diagnostic>,
    /// The ten points of the review, computed.
    pub checklist: Vec<ChecklistItem>,
}

impl Checked {
    /// Adds what recorded runs show: these criteria applied to at least one of them.
    pub fn tested(&mut self, tested: &BTreeSet<CriterionId>) {
        let Some(intent) = &self.intent else { return };
        let untested =
            intent.success_criteria.iter().filter(|item| !tested.contains(item.key.name.as_str()));
        let found: Vec<_> = untested
            .map(|item| {
                let message = format!("no recorded run tests the criterion `{}`", item.key);
                Diagnostic::warning(checklist::UNTESTED, item.key.span, message)
                    .help("record a conversation in which its `given` holds")
            })
            .collect();
        checklist::tested(&mut self.checklist, intent, &found);
        self.diagnostics.extend(found);
        in_order(&mut self.diagnostics);
    }
}

/// Reads, compiles and lints a document. Contracts type the rules; without
/// them types follow from use.
#[must_use]
pub fn check(bytes: &[u8], contracts: Option<&Contracts>) -> Checked {
    examine(bytes, contracts).checked
}

/// What a check found, and what it leaves to be added to a document of the
/// `behavioral-spec.yaml` form.
pub(crate) struct Examined {
    pub(crate) checked: Checked,
    /// What was translated, where the document has that form.
    pub(crate) form: Option<Form>,
}

/// A document of the `behavioral-spec.yaml` form.
pub(crate) struct Form {
    pub(crate) document: Document,
    pub(crate) open: Vec<Binding>,
    /// Whether clauses have no meaning yet.
    pub(crate) is_incomplete: bool,
}

pub(crate) fn examine(bytes: &[u8], contracts: Option<&Contracts>) -> Examined {
    let (document, mut diagnostics) = yaml::read(bytes);
    let source = std::str::from_utf8(bytes).unwrap_or("");
    let translated =
        document.as_ref().filter(|document| article::is_article(&document.root)).map(article::read);
    let intent = match (&translated, &document) {
        (Some(translated), _) => {
            diagnostics.extend(translated.problems.iter().chain(&translated.findings).cloned());
            translated.intent.clone()
        }
        (None, Some(document)) => {
            let (intent, found) = intent::from_document(document);
            diagnostics.extend(found);
            intent
        }
        (None, None) => None,
    };
    let mut open = Vec::new();
    // What stands in capitals still has no meaning; neither has what would be said of it.
    let is_unfilled = translated.as_ref().is_some_and(|translated| translated.is_unfilled);
    let policy = intent.as_ref().filter(|_| !is_unfilled).and_then(|intent| {
        let (policy, mut found) = compile(intent, contracts);
        let policy = policy.map(Arc::new);
        let unpinned = unpinned(intent, policy.as_ref(), &found);
        let looked_at = policy.as_ref().or(unpinned.as_ref());
        found.extend(lint::lint(&Subject::new(source, intent, contracts, looked_at)));
        diagnostics.extend(match (&translated, &document) {
            (Some(translated), Some(document)) => {
                let root = &document.root;
                let (found, bindings) = article::reworded(found, translated, intent, root, source);
                open.extend(bindings);
                found
            }
            _ => found,
        });
        policy
    });
    in_order(&mut diagnostics);
    let checklist = checklist::checklist(intent.as_ref(), &diagnostics);
    let form = document.zip(translated).map(|(document, translated)| {
        let is_incomplete = translated.findings.iter().any(Diagnostic::is_error);
        open.splice(0..0, translated.open);
        Form { document, open, is_incomplete }
    });
    Examined { checked: Checked { intent, policy, diagnostics, checklist }, form }
}

/// What an intent compiles to whose only fault is a tool that is not pinned yet: what else is to be
/// said of that tool does not wait for the pin. Nothing but findings is made of it.
fn unpinned(
    intent: &Intent,
    policy: Option<&Arc<Policy>>,
    found: &[Diagnostic],
) -> Option<Arc<Policy>> {
    let mut errors = found.iter().filter(|problem| problem.severity == Severity::Error);
    let is_unpinned = policy.is_none() && errors.all(|problem| problem.code == UNPINNED);
    is_unpinned.then(|| compile(intent, None).0).flatten().map(Arc::new)
}
