//! One span, and what its attributes say that it is.

use std::borrow::Cow;

use super::SpanKey;
use crate::Payload;

/// An attribute of a span, an event or a resource.
#[derive(Clone, Debug)]
pub(in crate::import) struct Attribute<'a> {
    /// The name.
    pub(in crate::import) key: Cow<'a, str>,
    /// The value as JSON text.
    pub(in crate::import) value: Payload<'a>,
}

/// An event of a span or a log record that belongs to one.
#[derive(Clone, Debug, Default)]
pub(in crate::import) struct Log<'a> {
    pub(in crate::import) offset: usize,
    pub(in crate::import) trace: Option<Cow<'a, str>>,
    pub(in crate::import) span: Option<Cow<'a, str>>,
    pub(in crate::import) name: Cow<'a, str>,
    pub(in crate::import) body: Option<Payload<'a>>,
    pub(in crate::import) attributes: Vec<Attribute<'a>>,
}

/// A span of any exporter.
#[derive(Clone, Debug)]
pub(in crate::import) struct Span<'a> {
    /// Where its id stands in the file.
    pub(in crate::import) offset: usize,
    /// The number of its resource.
    pub(in crate::import) resource: usize,
    pub(in crate::import) trace: Cow<'a, str>,
    pub(in crate::import) id: Cow<'a, str>,
    pub(in crate::import) parent: Option<Cow<'a, str>>,
    pub(in crate::import) name: Cow<'a, str>,
    /// Nanoseconds since 1970.
    pub(in crate::import) start: u64,
    /// Nanoseconds since 1970.
    pub(in crate::import) end: u64,
    /// Its status is an error.
    pub(in crate::import) failed: bool,
    pub(in crate::import) attributes: Vec<Attribute<'a>>,
    pub(in crate::import) logs: Vec<Log<'a>>,
}

/// What a span records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An agent at work.
    Agent,
    /// A model call.
    Model,
    /// A tool call.
    Tool,
    /// Anything else.
    Other,
}

/// Attributes that are read later; the others are let go.
const KNOWN: [&str; 12] = [
    "gen_ai.",
    "gcp.vertex.agent.",
    "llm.input_messages.",
    "llm.output_messages.",
    "tool.",
    "tool_call.",
    "input.value",
    "output.value",
    "error.type",
    "user.id",
    "enduser.id",
    "agent.name",
];

impl<'a> Span<'a> {
    /// What it is known by.
    pub(super) fn key(&self) -> SpanKey<'a> {
        (self.id.clone(), self.trace.clone())
    }

    /// What the span `id` of the same trace is known by.
    pub(super) fn sibling(&self, id: &Cow<'a, str>) -> SpanKey<'a> {
        (id.clone(), self.trace.clone())
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, key: &str) -> Option<&Payload<'a>> {
        self.attributes.iter().find(|attribute| attribute.key == key).map(|found| &found.value)
    }

    /// The value of the first of these attributes that is there.
    pub(super) fn first_of(&self, keys: &[&str]) -> Option<&Payload<'a>> {
        keys.iter().find_map(|key| self.attribute(key))
    }

    /// The conversation that the span names.
    pub(super) fn conversation(&self) -> Option<Cow<'_, str>> {
        let named = self.first_of(&["gen_ai.conversation.id", "session.id"])?;
        Some(named.text()).filter(|id| !id.is_empty())
    }

    /// What the span records, by operation, OpenInference kind or its name.
    pub(super) fn kind(&self) -> Kind {
        if let Some(operation) = self.attribute("gen_ai.operation.name") {
            return match &*operation.text() {
                "invoke_agent" | "create_agent" | "invoke_workflow" => Kind::Agent,
                "execute_tool" => Kind::Tool,
                "embeddings" | "retrieval" => Kind::Other,
                _ => Kind::Model,
            };
        }
        if let Some(kind) = self.attribute("openinference.span.kind") {
            return match &*kind.text() {
                "AGENT" => Kind::Agent,
                "LLM" => Kind::Model,
                "TOOL" => Kind::Tool,
                _ => Kind::Other,
            };
        }
        let content =
            |key: &str| key.starts_with("gen_ai.prompt") || key == "gcp.vertex.agent.llm_request";
        if self.attributes.iter().any(|attribute| content(&attribute.key)) {
            Kind::Model
        } else if self.name.starts_with("execute_tool ") {
            Kind::Tool
        } else if self.attribute("gen_ai.request.model").is_some() {
            Kind::Model
        } else {
            Kind::Other
        }
    }

    /// Lets go of attributes that nobody reads.
    pub(super) fn keep_known(&mut self) {
        self.attributes.retain(|attribute| {
            KNOWN.iter().any(|known| attribute.key.starts_with(known))
                || matches!(&*attribute.key, "session.id" | "openinference.span.kind")
        });
    }
}
