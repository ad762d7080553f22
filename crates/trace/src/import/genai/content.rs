//! Where a model call's span carries its messages.

use super::history::History;
use super::span::{Attribute, Span};
use super::turn::{Turn, event_turn, gemini_turns, indexed_turns, turns};
use crate::Payload;

const INPUT: [&str; 2] = ["gen_ai.input.messages", "gen_ai.prompt"];
const OUTPUT: [&str; 2] = ["gen_ai.output.messages", "gen_ai.completion"];

/// What went into a model call and came out of it.
pub(super) struct Content {
    /// Messages that no earlier call had.
    pub(super) input: Vec<Turn>,
    /// The answer.
    pub(super) output: Vec<Turn>,
    /// Whether there is content that cannot be read: cut off, or made unreadable.
    pub(super) unreadable: bool,
}

impl Content {
    fn of(input: Vec<Turn>, output: Vec<Turn>) -> Self {
        Self { input, output, unreadable: false }
    }
}

/// Whether a span carries messages at all.
pub(super) fn has_content(span: &Span<'_>) -> bool {
    !span.logs.is_empty()
        || span.attributes.iter().any(|attribute| {
            let key = &*attribute.key;
            INPUT.contains(&key)
                || OUTPUT.contains(&key)
                || key.starts_with("gen_ai.prompt.")
                || key.starts_with("gen_ai.completion.")
                || key.starts_with("llm.input_messages.")
                || key.starts_with("llm.output_messages.")
                || key.starts_with("gcp.vertex.agent.llm_re")
        })
}

/// New input and the output of a model call, wherever the span carries them.
pub(super) fn content<'a>(span: &Span<'a>, history: &mut History<'a>) -> Content {
    let (input, output) = (span.first_of(&INPUT), span.first_of(&OUTPUT));
    if input.is_some() || output.is_some() {
        let input = input.map_or(Some(Vec::new()), |input| history.new_turns(input));
        let output = output.map_or(Some(Vec::new()), |output| turns(&output.text()));
        let unreadable = input.is_none() || output.is_none();
        let (input, output) = (input.unwrap_or_default(), output.unwrap_or_default());
        return Content { input, output, unreadable };
    }
    for (input, output) in
        [("gen_ai.prompt", "gen_ai.completion"), ("llm.input_messages", "llm.output_messages")]
    {
        let (input, output) = (indexed_turns(span, input), indexed_turns(span, output));
        if !input.is_empty() || !output.is_empty() {
            return Content::of(history.fresh_turns(input), output);
        }
    }
    let gemini = |key| span.attribute(key).and_then(|json| gemini_turns(&json.text()));
    let request = gemini("gcp.vertex.agent.llm_request");
    let response = gemini("gcp.vertex.agent.llm_response");
    if request.is_some() || response.is_some() {
        let request = history.fresh_turns(request.unwrap_or_default());
        return Content::of(request, response.unwrap_or_default());
    }
    logged(span, history)
}

/// The messages that a span's events or log records carry (up to version 1.36).
fn logged<'a>(span: &Span<'a>, history: &mut History<'a>) -> Content {
    let (mut input, mut output) = (Vec::new(), Vec::new());
    for log in &span.logs {
        let attribute = |key: &str| {
            log.attributes.iter().find(|found| found.key == key).map(|found| &found.value)
        };
        let list = |keys: &[&str]| {
            keys.iter().find_map(|key| attribute(key)).and_then(|list| turns(&list.text()))
        };
        input.extend(list(&INPUT).unwrap_or_default());
        output.extend(list(&OUTPUT).unwrap_or_default());
        let body = log.body.as_ref().or_else(|| attribute("gen_ai.event.content"));
        let body = match body {
            Some(body) => body.text().into_owned(),
            None => object(&log.attributes),
        };
        match event_turn(&log.name, &body) {
            Some(turn) if log.name == "gen_ai.choice" => output.push(turn),
            Some(turn) => input.push(turn),
            None => {}
        }
    }
    Content::of(history.fresh_turns(input), output)
}

/// Attributes as one JSON object.
fn object(attributes: &[Attribute<'_>]) -> String {
    let members = attributes.iter().filter_map(|attribute| match &attribute.value {
        Payload::Json(json) => Some(format!("{}:{json}", serde_json::Value::from(&*attribute.key))),
        Payload::Text(_) => None,
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}
