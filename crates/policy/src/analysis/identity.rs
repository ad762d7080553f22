//! When two parts of two policies mean the same thing in every state.

use std::cell::RefCell;
use std::fmt::Write as _;

use crate::Policy;
use crate::core::{Core, Root, Term, TermId};

/// Two policies whose parts are compared, or one twice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sides<'a> {
    /// What runs.
    pub(super) before: &'a Policy,
    /// What is to run.
    pub(super) after: &'a Policy,
}

impl<'a> Sides<'a> {
    /// Whether results carry the same labels.
    pub(super) fn same_labels(&self) -> bool {
        let labels = |policy: &'a Policy| {
            policy.bundle().tools.iter().map(|(name, tool)| (name, tool.label.as_ref()))
        };
        labels(self.before).eq(labels(self.after))
    }

    /// The name of something that both sides know by this name, which has an
    /// owner where they do not mean the same by it.
    pub(super) fn named(&self, name: String, is_same: bool, policy: &Policy) -> String {
        if is_same || std::ptr::eq(self.before, self.after) {
            return name;
        }
        let side = if std::ptr::eq(policy, self.before) { "before" } else { "after" };
        format!("{name} {side}")
    }

    /// What a term counts, in words that are equal where both sides count the same.
    pub(super) fn term(&self, policy: &Policy, id: TermId) -> String {
        let Some(term) = policy.terms.get(id) else { return format!("term {id}") };
        let mut text = format!("{term:?}");
        let tools = term.tools.iter().chain(term.since.iter().chain(&term.after).flatten());
        for name in tools {
            // Until when a call is under way, and which amounts count, is said of the tool.
            if let Some(tool) = policy.bundle().tools.get(name) {
                let _ = write!(text, " {name} {} {:?}", tool.timeout_seconds, tool.money);
            }
        }
        text
    }

    /// A rule's predicate, in words that are equal only where it means the same.
    pub(super) fn predicate(&self, policy: &Policy, text: &str, core: &Core) -> String {
        let mut terms = Vec::new();
        terms_of(core, &mut terms);
        let counted: Vec<String> = terms.into_iter().map(|term| self.term(policy, term)).collect();
        self.named(format!("{text} {counted:?}"), self.surroundings_are_same(), policy)
    }

    /// A part of a predicate that reads no earlier calls, in such words.
    pub(super) fn part(&self, policy: &Policy, core: &Core) -> String {
        self.named(format!("{core:?}"), self.surroundings_are_same(), policy)
    }

    /// Whether facts, windows, labels and the agent's own name are those of the other side.
    pub(super) fn surroundings_are_same(&self) -> bool {
        let (before, after) = (self.before.bundle(), self.after.bundle());
        before.facts == after.facts
            && before.windows == after.windows
            && before.agent == after.agent
            && self.same_labels()
    }
}

/// The terms that a predicate reads.
pub(super) fn terms_of(core: &Core, terms: &mut Vec<TermId>) {
    let found = RefCell::new(Vec::new());
    core.has_part(&|part| {
        match part {
            Core::History(term, _, _) => found.borrow_mut().push(*term),
            Core::Path(path) | Core::Has(path) => {
                if let Root::Last(term) = path.root {
                    found.borrow_mut().push(term);
                }
            }
            _ => {}
        }
        false
    });
    terms.extend(found.into_inner());
}

/// Whether a term adds up amounts rather than counting calls.
pub(super) fn is_sum(term: Option<&Term>) -> bool {
    term.is_none_or(|term| term.sum.is_some())
}
