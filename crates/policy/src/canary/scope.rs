//! Requests that the scope has to keep out, taken from the intent's own examples.

use std::collections::BTreeSet;
use std::sync::Arc;

use bounden_base::Json;

use super::Trials;
use super::clues::Clues;
use crate::TopicName;
use crate::bundle::EventName;
use crate::decision::{Decision, Reason};
use crate::engine::Engine;
use crate::event::{Event, EventBody};
use crate::policy::Policy;

/// A request that has to be refused for what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct ScopeCanary {
    /// The exclusion.
    pub topic: TopicName,
    /// The first request of a session of its own.
    pub event: Event,
}

impl Policy {
    /// A request about an exclusion which the policy refuses for that; `None`
    /// where no example or phrase of it is one.
    #[must_use]
    pub fn scope_canary(self: &Arc<Self>, topic: &TopicName) -> Option<ScopeCanary> {
        let from = self.bundle().router.as_ref()?;
        from.outside.get(topic)?;
        let mut canaries = from.texts(topic).map(|text| ScopeCanary {
            topic: topic.clone(),
            event: super::first_event(EventBody::Request { text: text.to_owned() }),
        });
        canaries.find(|canary| {
            let decision = Engine::new(Arc::clone(self)).decide(&canary.event).decision;
            canary.is_stopped_by(&decision)
        })
    }
}

impl ScopeCanary {
    /// Whether this decision about the request shows that the scope kept it
    /// out, rather than a doubt or another rule alone.
    #[must_use]
    pub fn is_stopped_by(&self, decision: &Decision) -> bool {
        decision.reason == Reason::OutOfScope && !decision.verdict.permits()
    }
}

impl Trials<'_> {
    /// Requests about the topics that the rule asks for; a router's rule that
    /// asks for none is about all exclusions.
    pub(super) fn requests(&self, clues: &Clues) -> Vec<Json> {
        let from = self.policy.bundle().router.as_ref();
        let Some(from) = from.filter(|_| self.rule.event == EventName::Request) else {
            return Vec::new();
        };
        let asked: BTreeSet<String> =
            clues.values("topic").filter_map(|value| Some(value.as_str()?.to_owned())).collect();
        let topics = from.outside.keys().chain(from.inside.keys());
        let (mut first, last): (Vec<&TopicName>, Vec<&TopicName>) =
            topics.partition(|topic| asked.contains(topic.as_str()));
        first.extend(last);
        first.into_iter().flat_map(|topic| from.texts(topic)).map(Json::from).collect()
    }
}
