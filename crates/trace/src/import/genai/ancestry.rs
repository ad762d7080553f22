//! Which span belongs to which: model calls recorded twice, and agents called by agents.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::content::has_content;
use super::span::{Kind, Span};
use super::{Parents, SpanKey, owned_text};

/// The agents that call models themselves, by span.
pub(super) struct Agents<'a> {
    acting: BTreeSet<SpanKey<'a>>,
}

impl<'a> Agents<'a> {
    pub(super) fn of(spans: &[Span<'a>], parents: &Parents<'a>) -> Self {
        let agents: BTreeSet<_> =
            spans.iter().filter(|span| span.kind() == Kind::Agent).map(|span| span.key()).collect();
        let models = spans.iter().filter(|span| span.kind() == Kind::Model);
        let owners = models.filter_map(|span| {
            let mut above = ancestors(span, parents);
            above.find_map(|id| agents.get(&span.sibling(id)).cloned())
        });
        Self { acting: owners.collect() }
    }

    /// The acting agents above a span, the nearest first.
    fn above(&self, span: &Span<'a>, parents: &Parents<'a>) -> Vec<Cow<'a, str>> {
        ancestors(span, parents)
            .filter(|id| self.acting.contains(&span.sibling(id)))
            .cloned()
            .collect()
    }

    /// Whose model call this is: the agent's span, and whether another agent called it.
    pub(super) fn owner(&self, span: &Span<'a>, parents: &Parents<'a>) -> Owner {
        let above = self.above(span, parents);
        let nested = above.len() > 1;
        // The outermost agent keeps one history over all its traces.
        let agent = above.first().filter(|_| nested).map(|id| format!("{}/{id}", span.trace));
        Owner { agent: agent.unwrap_or_default(), nested }
    }

    pub(super) fn is_nested(&self, span: &Span<'a>, parents: &Parents<'a>) -> bool {
        self.acting.contains(&span.key()) && !self.above(span, parents).is_empty()
    }
}

/// Whose model call it is.
pub(super) struct Owner {
    /// The span of the nested agent; empty for the outermost one.
    pub(super) agent: String,
    /// Whether another agent called this one.
    pub(super) nested: bool,
}

/// Walks from a span to the root; a cycle ends the walk.
fn ancestors<'p, 'a>(
    span: &Span<'a>,
    parents: &'p Parents<'a>,
) -> impl Iterator<Item = &'p Cow<'a, str>> {
    let (own, trace) = span.key();
    let parent_of = move |id: &Cow<'a, str>| parents.get(&(id.clone(), trace.clone()))?.as_ref();
    let mut at = parent_of(&own);
    let mut steps = 0;
    std::iter::from_fn(move || {
        let current = at?;
        at = parent_of(current);
        steps += 1;
        (steps <= 256 && *current != own).then_some(current)
    })
}

/// Model calls that are recorded a second time: those that wrap another model
/// call, and those whose response was seen before.
pub(super) fn repeated<'a>(spans: &[Span<'a>], parents: &Parents<'a>) -> BTreeSet<usize> {
    let models = || spans.iter().enumerate().filter(|(_, span)| span.kind() == Kind::Model);
    let mut wrappers = BTreeSet::new();
    for (_, span) in models().filter(|(_, span)| has_content(span)) {
        wrappers.extend(ancestors(span, parents).map(|id| span.sibling(id)));
    }
    let mut responses = BTreeSet::new();
    models()
        .filter(|(_, span)| {
            let wraps = wrappers.contains(&span.key());
            let response = span.attribute("gen_ai.response.id").map(owned_text);
            wraps || response.is_some_and(|id| has_content(span) && !responses.insert(id))
        })
        .map(|(index, _)| index)
        .collect()
}
