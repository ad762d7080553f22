//! Everything that can be said of a document, in one pass.

use std::collections::BTreeSet;
use std::sync::Arc;

use bounden_base::{Diagnostic, Severity};
use bounden_policy::{Contracts, CriterionId, Policy};

use crate::checklist::{self, ChecklistItem};
use crate::compile::compile;
use crate::intent::{self, Intent};
use crate::lint::{self, Subject};
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
    let (document, mut diagnostics) = yaml::read(bytes);
    let source = std::str::from_utf8(bytes).unwrap_or("");
    let mut is_article = false;
    let intent = document.as_ref().and_then(|document| {
        is_article = article::is_article(&document.root);
        if !is_article {
            let (intent, found) = intent::from_document(document);
            diagnostics.extend(found);
            return intent;
        }
        let translated = article::read(document);
        diagnostics.extend(translated.problems);
        diagnostics.extend(translated.findings);
        translated.intent
    });
    let policy = intent.as_ref().and_then(|intent| {
        let (policy, found) = compile(intent, contracts);
        let policy = policy.map(Arc::new);
        let unpinned = unpinned(intent, policy.as_ref(), &found);
        diagnostics.extend(found);
        let looked_at = policy.as_ref().or(unpinned.as_ref());
        let found = lint::lint(&Subject::new(source, intent, contracts, looked_at));
        let found = if is_article { article::reworded(found, &diagnostics, source) } else { found };
        diagnostics.extend(found);
        policy
    });
    in_order(&mut diagnostics);
    let checklist = checklist::checklist(intent.as_ref(), &diagnostics);
    Checked { intent, policy, diagnostics, checklist }
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
