//! What a request is about, as rules and criteria read it: one of the topics of
//! the scope, or `ambiguous`.

use bounden_base::{Json, Span};

use super::Typing;
use crate::TopicName;
use crate::bundle::EventName;
use crate::core::{Core, Path, Root};
use crate::nearest;
use crate::router::AMBIGUOUS;
use crate::schema::Shape;

impl Typing<'_> {
    /// The root `request.topic`.
    pub(super) fn topic(&mut self, span: Span) -> Option<(Root, Vec<Shape>, usize)> {
        if self.surroundings.topics.is_empty() {
            let help = "add examples of requests to the topics of `scope`".to_owned();
            let message = "nothing tells what a request is about";
            return self.fail_with("B251", span, message, Some(help));
        }
        if !matches!(self.site.event, EventName::Request | EventName::End) {
            let message = "`request.topic` is there on requests and at the end only";
            return self.fail("B251", span, message);
        }
        Some((Root::Topic, vec![Shape::Text], 1))
    }

    /// Notes a topic that there is none of: no request would ever be about it.
    pub(super) fn check_topic(&mut self, place: &Core, value: &Core, span: Span) -> Option<()> {
        if !matches!(place, Core::Path(Path { root: Root::Topic, .. })) {
            return Some(());
        }
        let named: Vec<&str> = match value {
            Core::Text(text) => vec![text],
            Core::List(Json::Array(items)) => items.iter().filter_map(Json::as_str).collect(),
            _ => Vec::new(),
        };
        let topics = &self.surroundings.topics;
        let unknown = named.into_iter().find(|name| *name != AMBIGUOUS && !topics.contains(*name));
        let Some(unknown) = unknown else { return Some(()) };
        let near = nearest::name(unknown, topics.iter().map(TopicName::as_str));
        let help = near.map(|near| format!("did you mean `{near}`?"));
        self.fail_with("B251", span, format!("no topic of the scope is called `{unknown}`"), help)
    }
}
