//! The scope: what its topics are told apart by.

use std::collections::BTreeMap;

use bounden_base::Span;
use bounden_policy::{Exclusion, Router, Topic, TopicName};

use super::Compiler;
use super::arguments::quoted;
use crate::yaml::Text;

impl Compiler<'_> {
    /// What requests are told apart by; none where no topic has an example or
    /// a phrase. Then the others are in it as well: what is known by its name
    /// alone is never an answer.
    pub(super) fn router(&self) -> Option<Router> {
        let scope = &self.intent.scope;
        let inside = scope.r#in.iter().map(|item| {
            let topic = &item.value;
            let texts = Topic { examples: texts(&topic.examples), phrases: texts(&topic.phrases) };
            (TopicName::from(item.key.name.as_str()), texts)
        });
        let outside = scope.out.iter().map(|item| {
            let topic = &item.value;
            let exclusion = Exclusion {
                // A path that is not declared was found already.
                escalate: topic
                    .escalate
                    .as_ref()
                    .map(|path| path.value.clone())
                    .filter(|path| self.intent.escalations.contains(path)),
                examples: texts(&topic.examples),
                phrases: texts(&topic.phrases),
            };
            (TopicName::from(item.key.name.as_str()), exclusion)
        });
        let router = Router {
            inside: inside.collect::<BTreeMap<_, _>>(),
            outside: outside.collect::<BTreeMap<_, _>>(),
            ..Router::default()
        };
        (!router.is_empty()).then_some(router)
    }

    /// A scope router without a condition is about everything that is excluded.
    pub(super) fn excluded(&mut self, by: Span) -> Option<String> {
        let names: Vec<String> = self.intent.scope.out.names().map(quoted).collect();
        if self.router().is_none() || names.is_empty() {
            let message = "nothing tells the router what is excluded";
            let help = "add `examples` to the topics of `scope`, or a `when`";
            self.error("B115", by, message, help);
            return None;
        }
        Some(format!("request.topic in [{}]", names.join(", ")))
    }
}

fn texts(texts: &[Text]) -> Vec<String> {
    texts.iter().map(|text| text.value.clone()).collect()
}
