//! The spans of one conversation, in order of time, become one run.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use bounden_base::Timestamp;
use memchr::memmem;
use serde::Deserialize;

use super::history::History;
use super::owned_text;
use super::span::{Attribute, Kind, Span};
use super::turn::{Answer, Role, Turn, event_turn, gemini_turns, indexed_turns, turns};
use crate::run::{Call, Event, EventKind, Source, ToolResult};
use crate::{Payload, Run};

/// Parents by (trace, span), of all spans, also of those left out.
type Parents<'a> = BTreeMap<(Cow<'a, str>, Cow<'a, str>), Cow<'a, str>>;

const INPUT: [&str; 2] = ["gen_ai.input.messages", "gen_ai.prompt"];
const OUTPUT: [&str; 2] = ["gen_ai.output.messages", "gen_ai.completion"];
const ARGUMENTS: [&str; 4] = [
    "gen_ai.tool.call.arguments",
    "gcp.vertex.agent.tool_call_args",
    "input.value",
    "gen_ai.tool.arguments",
];
const RESULT: [&str; 4] = [
    "gen_ai.tool.call.result",
    "gcp.vertex.agent.tool_response",
    "output.value",
    "gen_ai.tool.result",
];

pub(super) fn run<'a>(
    id: String,
    mut spans: Vec<Span<'a>>,
    parents: &Parents<'a>,
    resources: &[Vec<Attribute<'a>>],
) -> Run<'a> {
    spans.sort_by_key(|span| (span.start, span.offset));
    let offset = spans.iter().map(|span| span.offset).min().unwrap_or(0);
    let mut run = Run::new(id, offset);
    describe(&mut run, &spans, resources);
    let agents = Agents::of(&spans, parents);
    let repeated = repeated(&spans, parents);
    let mut assembly =
        Assembly { run, histories: BTreeMap::new(), open: Vec::new(), known: BTreeMap::new() };
    for (index, span) in spans.iter().enumerate() {
        match span.kind() {
            Kind::Model if !repeated.contains(&index) => {
                assembly.model(span, &agents.owner(span, parents));
            }
            Kind::Tool => assembly.tool(span),
            Kind::Agent if agents.is_nested(span, parents) => assembly.handover(span),
            _ => {}
        }
    }
    assembly.finish(&spans)
}

/// The name, the user and the resource of the run.
fn describe<'a>(run: &mut Run<'a>, spans: &[Span<'a>], resources: &[Vec<Attribute<'a>>]) {
    let first = |keys: &[&str]| spans.iter().find_map(|span| span.first_of(keys)).map(owned_text);
    run.agent =
        first(&["gen_ai.agent.name", "agent.name"]).or_else(|| first(&["gen_ai.request.model"]));
    run.principal = first(&["user.id", "enduser.id"]);
    let resource = spans.first().and_then(|span| resources.get(span.resource));
    for attribute in resource.into_iter().flatten() {
        let tag = match &*attribute.key {
            "service.name" => "service",
            "service.version" => "version",
            "deployment.environment.name" | "deployment.environment" => "environment",
            _ => continue,
        };
        run.tags.insert(Cow::Borrowed(tag), owned_text(&attribute.value));
    }
}

/// Walks from a span to the root; a cycle ends the walk.
fn ancestors<'p, 'a>(
    span: &Span<'a>,
    parents: &'p Parents<'a>,
) -> impl Iterator<Item = &'p Cow<'a, str>> {
    let (trace, own) = (span.trace.clone(), span.id.clone());
    let mut at = parents.get(&(trace.clone(), span.id.clone()));
    let mut steps = 0;
    std::iter::from_fn(move || {
        let current = at?;
        at = parents.get(&(trace.clone(), current.clone()));
        steps += 1;
        (steps <= 256 && *current != own).then_some(current)
    })
}

/// Model calls that are recorded a second time: those that wrap another model
/// call, and those whose response was seen before.
fn repeated<'a>(spans: &[Span<'a>], parents: &Parents<'a>) -> BTreeSet<usize> {
    let models = || spans.iter().enumerate().filter(|(_, span)| span.kind() == Kind::Model);
    let mut wrappers = BTreeSet::new();
    for (_, span) in models().filter(|(_, span)| has_content(span)) {
        wrappers.extend(ancestors(span, parents).map(|id| (span.trace.clone(), id.clone())));
    }
    let mut responses = BTreeSet::new();
    models()
        .filter(|(_, span)| {
            let wraps = wrappers.contains(&(span.trace.clone(), span.id.clone()));
            let response = span.attribute("gen_ai.response.id").map(owned_text);
            wraps || response.is_some_and(|id| has_content(span) && !responses.insert(id))
        })
        .map(|(index, _)| index)
        .collect()
}

fn has_content(span: &Span<'_>) -> bool {
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

/// The agents that call models themselves, by span.
struct Agents<'a> {
    acting: BTreeSet<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Agents<'a> {
    fn of(spans: &[Span<'a>], parents: &Parents<'a>) -> Self {
        let agents: BTreeSet<_> = spans
            .iter()
            .filter(|span| span.kind() == Kind::Agent)
            .map(|span| (span.trace.clone(), span.id.clone()))
            .collect();
        let models = spans.iter().filter(|span| span.kind() == Kind::Model);
        let owners = models.filter_map(|span| {
            let mut above = ancestors(span, parents);
            above.find_map(|id| agents.get(&(span.trace.clone(), id.clone())).cloned())
        });
        Self { acting: owners.collect() }
    }

    /// The acting agents above a span, the nearest first.
    fn above(&self, span: &Span<'a>, parents: &Parents<'a>) -> Vec<Cow<'a, str>> {
        ancestors(span, parents)
            .filter(|id| self.acting.contains(&(span.trace.clone(), (*id).clone())))
            .cloned()
            .collect()
    }

    /// Whose model call this is: the agent's span, and whether another agent called it.
    fn owner(&self, span: &Span<'a>, parents: &Parents<'a>) -> Owner {
        let above = self.above(span, parents);
        let nested = above.len() > 1;
        // The outermost agent keeps one history over all its traces.
        let agent = above.first().filter(|_| nested).map(|id| format!("{}/{id}", span.trace));
        Owner { agent: agent.unwrap_or_default(), nested }
    }

    fn is_nested(&self, span: &Span<'a>, parents: &Parents<'a>) -> bool {
        self.acting.contains(&(span.trace.clone(), span.id.clone()))
            && !self.above(span, parents).is_empty()
    }
}

struct Owner {
    agent: String,
    nested: bool,
}

struct Assembly<'a> {
    run: Run<'a>,
    histories: BTreeMap<String, History<'a>>,
    /// Calls without a result, oldest first.
    open: Vec<usize>,
    /// The last call of each id.
    known: BTreeMap<String, usize>,
}

impl<'a> Assembly<'a> {
    fn model(&mut self, span: &Span<'a>, owner: &Owner) {
        let mut history = self.histories.remove(&owner.agent).unwrap_or_default();
        let (input, mut output) = messages(span, &mut history);
        self.histories.insert(owner.agent.clone(), history);
        self.heard(&input, span, owner);
        for turn in &mut output {
            turn.role = Role::Assistant;
            let mut place = self.run.events.len();
            self.said(turn, span, span.end, owner, &mut place);
        }
    }

    /// The messages that went into a model call. What is new in them happened
    /// right after what stands before it, even if calls are known to be later.
    fn heard(&mut self, input: &[Turn], span: &Span<'a>, owner: &Owner) {
        let mut place = self.first_known(input).unwrap_or(self.run.events.len());
        let mut unnamed = BTreeMap::new();
        for turn in input {
            if let Some(event) = turn.repeats {
                place = event + 1;
            }
            match turn.role {
                Role::System => {}
                Role::Assistant => self.said(turn, span, span.start, owner, &mut place),
                Role::User | Role::Tool => {
                    let words = if owner.nested { EventKind::Message } else { EventKind::Request };
                    self.words(turn, span, span.start, owner, words, &mut place);
                }
            }
            for answer in &turn.answers {
                self.answered(answer, span, &mut unnamed, &mut place);
            }
        }
    }

    /// The event of the first words or call that are known.
    fn first_known(&self, turns: &[Turn]) -> Option<usize> {
        turns.iter().find_map(|turn| {
            let mut calls = turn.calls.iter().filter_map(|call| self.known.get(call.id.as_ref()?));
            turn.repeats.or_else(|| calls.next().copied())
        })
    }

    /// What the model answered: words, and calls that it asks for.
    fn said(&mut self, turn: &Turn, span: &Span<'a>, at: u64, owner: &Owner, place: &mut usize) {
        let inner = owner.nested || !turn.calls.is_empty();
        let words = if inner { EventKind::Message } else { EventKind::Output };
        self.words(turn, span, at, owner, words, place);
        for call in &turn.calls {
            if let Some(known) = call.id.as_ref().and_then(|id| self.known.get(id)) {
                *place = known + 1;
                continue;
            }
            let id = call.id.clone().map(Cow::Owned);
            let tool = Cow::Owned(call.tool.clone());
            let call = Call::by_agent(id, tool, call.arguments.clone());
            self.asked(call, span, at, place);
        }
    }

    fn words(
        &mut self,
        turn: &Turn,
        span: &Span<'a>,
        at: u64,
        owner: &Owner,
        kind: fn(Payload<'a>) -> EventKind<'a>,
        place: &mut usize,
    ) {
        for text in &turn.words {
            self.insert(span, at, kind(Payload::from_text(text.clone())), place);
            let history = self.histories.entry(owner.agent.clone()).or_default();
            history.note(turn.role, text, *place - 1);
        }
    }

    /// A tool's answer as the model was told: new, unless a tool span told it before.
    fn answered(
        &mut self,
        answer: &Answer,
        span: &Span<'a>,
        unnamed: &mut BTreeMap<Option<String>, usize>,
        place: &mut usize,
    ) {
        let call = match &answer.id {
            Some(id) => self.known.get(id).copied(),
            None => {
                let earlier = unnamed.entry(answer.tool.clone()).or_insert(0);
                *earlier += 1;
                self.nth_call(answer.tool.as_deref(), *earlier)
            }
        };
        let told = call.and_then(|call| {
            let answers = |event: &Event<'_>| {
                matches!(&event.kind, EventKind::Result(result) if result.call == Some(call))
            };
            self.run.events.iter().position(answers)
        });
        match told {
            Some(event) => *place = event + 1,
            None => {
                self.open.retain(|open| Some(*open) != call);
                let result = ToolResult::new(call, None, answer.content.clone());
                self.insert(span, span.start, EventKind::Result(result), place);
            }
        }
    }

    /// The n-th call (from 1) of a tool, or of any.
    fn nth_call(&self, tool: Option<&str>, n: usize) -> Option<usize> {
        let calls =
            self.run.calls().filter(|(_, call, _)| tool.is_none_or(|tool| call.tool == tool));
        calls.map(|(index, _, _)| index).nth(n.checked_sub(1)?)
    }

    /// A tool at work: its call, if no model call asked for it, and its result.
    fn tool(&mut self, span: &Span<'a>) {
        let name = span.first_of(&["gen_ai.tool.name", "tool.name"]).map(owned_text);
        let bare = span.name.strip_prefix("execute_tool ").unwrap_or(&span.name);
        let name = name.unwrap_or_else(|| Cow::Owned(bare.to_owned()));
        let id = span.first_of(&["gen_ai.tool.call.id", "tool_call.id"]).map(owned_text);
        let arguments = span.first_of(&ARGUMENTS).cloned();
        let open = self.take_open(id.as_deref(), Some(&name));
        let place = open.unwrap_or_else(|| {
            let mut place = self.run.events.len();
            self.asked(Call::by_agent(id, name, None), span, span.start, &mut place);
            self.take_open(None, None).unwrap_or(place - 1)
        });
        if let Some(event) = self.run.events.get_mut(place)
            && let EventKind::Call(call) = &mut event.kind
        {
            // What the tool was really given, in place of what the model asked for.
            call.arguments = arguments.or(call.arguments.take());
            event.source.span = Some(span.id.clone());
        }
        let content = span.first_of(&RESULT).cloned();
        let failed = span.failed
            || span.attribute("error.type").is_some()
            || content.as_ref().is_some_and(says_error);
        let result = ToolResult::new(Some(place), Some(!failed), content);
        self.event(span, span.end, EventKind::Result(result));
    }

    fn handover(&mut self, span: &Span<'a>) {
        let name = span.first_of(&["gen_ai.agent.name", "agent.name"]).map(owned_text);
        let name = name.unwrap_or_else(|| span.name.clone());
        self.event(span, span.start, EventKind::Handover(name));
    }

    /// The run; words that only an agent's own span carries are added around it.
    fn finish(mut self, spans: &[Span<'a>]) -> Run<'a> {
        let has_words = self
            .run
            .events
            .iter()
            .any(|event| matches!(event.kind, EventKind::Request(_) | EventKind::Output(_)));
        let agent = spans.iter().find(|span| span.kind() == Kind::Agent && has_content(span));
        if let Some(span) = agent.filter(|_| !has_words) {
            let calls = std::mem::take(&mut self.run.events);
            let owner = Owner { agent: String::new(), nested: false };
            let (input, output) = messages(span, &mut History::default());
            self.heard(&input, span, &owner);
            let shift = self.run.events.len();
            self.run.events.extend(calls.into_iter().map(|event| shifted(event, shift)));
            for turn in &output {
                let mut place = self.run.events.len();
                self.said(turn, span, span.end, &owner, &mut place);
            }
        }
        self.run
    }

    /// Appends an event.
    fn event(&mut self, span: &Span<'a>, at: u64, kind: EventKind<'a>) {
        let mut place = self.run.events.len();
        self.insert(span, at, kind, &mut place);
    }

    /// Notes a call that has no result yet.
    fn asked(&mut self, call: Call<'a>, span: &Span<'a>, at: u64, place: &mut usize) {
        let id = call.id.as_deref().map(str::to_owned);
        self.insert(span, at, EventKind::Call(call), place);
        self.open.push(*place - 1);
        self.known.extend(id.map(|id| (id, *place - 1)));
    }

    /// Puts an event in at `place`, which then follows it. One that comes
    /// before others is not later than they are.
    fn insert(&mut self, span: &Span<'a>, at: u64, kind: EventKind<'a>, place: &mut usize) {
        let source = Source { offset: span.offset, span: Some(span.id.clone()) };
        let own = Timestamp::from_nanosecond(i128::from(at)).ok().filter(|_| at > 0);
        let index = (*place).min(self.run.events.len());
        let next = self.run.events.get(index).map(|event| event.at);
        let at = next.map_or(own, |next| next.min(own));
        if next.is_some() {
            self.make_room(index);
        }
        self.run.events.insert(index, Event { source, at, ..Event::new(0, kind) });
        *place = index + 1;
    }

    /// Moves every reference to an event from `place` on by one.
    fn make_room(&mut self, place: usize) {
        let moved = |index: &mut usize| *index += usize::from(*index >= place);
        for event in &mut self.run.events {
            if let EventKind::Result(result) = &mut event.kind {
                result.call.iter_mut().for_each(moved);
            }
        }
        self.open.iter_mut().for_each(moved);
        self.known.values_mut().for_each(moved);
        self.histories.values_mut().for_each(|history| history.moved(place));
    }

    fn call(&self, index: usize) -> Option<&Call<'a>> {
        match self.run.events.get(index).map(|event| &event.kind) {
            Some(EventKind::Call(call)) => Some(call),
            _ => None,
        }
    }

    /// The oldest call without a result: of this id, or without an id of this tool.
    fn take_open(&mut self, id: Option<&str>, tool: Option<&str>) -> Option<usize> {
        let place = self.open.iter().position(|index| {
            self.call(*index).is_some_and(|call| match (id, call.id.as_deref()) {
                (Some(id), Some(own)) => id == own,
                _ => tool.is_none_or(|tool| tool == call.tool),
            })
        })?;
        Some(self.open.remove(place))
    }
}

fn shifted(mut event: Event<'_>, by: usize) -> Event<'_> {
    if let EventKind::Result(result) = &mut event.kind {
        result.call = result.call.map(|call| call + by);
    }
    event
}

/// New input and the output of a model call, wherever the span carries them.
fn messages<'a>(span: &Span<'a>, history: &mut History<'a>) -> (Vec<Turn>, Vec<Turn>) {
    let (input, output) = (span.first_of(&INPUT), span.first_of(&OUTPUT));
    if input.is_some() || output.is_some() {
        let input = input.map(|input| history.new_turns(input)).unwrap_or_default();
        return (input, output.and_then(|output| turns(&output.text())).unwrap_or_default());
    }
    for (input, output) in
        [("gen_ai.prompt", "gen_ai.completion"), ("llm.input_messages", "llm.output_messages")]
    {
        let (input, output) = (indexed_turns(span, input), indexed_turns(span, output));
        if !input.is_empty() || !output.is_empty() {
            return (history.fresh_turns(input), output);
        }
    }
    let gemini = |key| span.attribute(key).and_then(|json| gemini_turns(&json.text()));
    let request = gemini("gcp.vertex.agent.llm_request");
    let response = gemini("gcp.vertex.agent.llm_response");
    if request.is_some() || response.is_some() {
        return (history.fresh_turns(request.unwrap_or_default()), response.unwrap_or_default());
    }
    logged(span, history)
}

/// The messages that a span's events or log records carry (up to version 1.36).
fn logged<'a>(span: &Span<'a>, history: &mut History<'a>) -> (Vec<Turn>, Vec<Turn>) {
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
    (history.fresh_turns(input), output)
}

/// Attributes as one JSON object.
fn object(attributes: &[Attribute<'_>]) -> String {
    let members = attributes.iter().filter_map(|attribute| match &attribute.value {
        Payload::Json(json) => Some(format!("{}:{json}", serde_json::Value::from(&*attribute.key))),
        Payload::Text(_) => None,
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// Whether a result reports failure in itself, as MCP results do.
fn says_error(content: &Payload<'_>) -> bool {
    #[derive(Deserialize)]
    struct Outcome {
        #[serde(default, rename = "isError", alias = "is_error")]
        is_error: Option<bool>,
    }
    // Only what names the member is worth decoding.
    let raw = content.raw().as_bytes();
    ["isError", "is_error"].iter().any(|name| memmem::find(raw, name.as_bytes()).is_some())
        && serde_json::from_str::<Outcome>(&content.text())
            .is_ok_and(|outcome| outcome.is_error == Some(true))
}
