//! The spans of one conversation, in order of time, become one run.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bounden_base::Timestamp;
use memchr::memmem;
use serde::Deserialize;

use super::ancestry::{Agents, Owner, repeated};
use super::content::{Content, content, has_content};
use super::history::History;
use super::span::{Attribute, Kind, Span};
use super::turn::{Answer, Role, Turn};
use super::{Parents, owned_text};
use crate::run::{Call, Event, EventKind, Source, ToolResult};
use crate::{Payload, Run};

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

/// The run, and where spans stand whose content cannot be read.
pub(super) fn run<'a>(
    id: String,
    mut spans: Vec<Span<'a>>,
    parents: &Parents<'a>,
    resources: &[Vec<Attribute<'a>>],
) -> (Run<'a>, Vec<usize>) {
    spans.sort_by_key(|span| (span.start, span.offset));
    let offset = spans.iter().map(|span| span.offset).min().unwrap_or(0);
    let mut run = Run::new(id, offset);
    describe(&mut run, &spans, resources);
    let agents = Agents::of(&spans, parents);
    let repeated = repeated(&spans, parents);
    let mut assembly = Assembly {
        run,
        histories: BTreeMap::new(),
        open: Vec::new(),
        known: BTreeMap::new(),
        damaged: Vec::new(),
    };
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

struct Assembly<'a> {
    run: Run<'a>,
    histories: BTreeMap<String, History<'a>>,
    /// Calls without a result, oldest first.
    open: Vec<usize>,
    /// The last call of each id.
    known: BTreeMap<String, usize>,
    /// Where spans stand whose content cannot be read.
    damaged: Vec<usize>,
}

/// Who tells what, and where it goes among the events.
struct Telling<'t, 'a> {
    span: &'t Span<'a>,
    at: u64,
    owner: &'t Owner,
    place: usize,
}

/// Calls or results without an id, told apart by counting.
#[derive(Default)]
struct Unnamed(BTreeMap<Option<String>, usize>);

impl Unnamed {
    /// The next call of the tool, or of any, that is known.
    fn next(&mut self, tool: Option<&str>, run: &Run<'_>) -> Option<usize> {
        let earlier = self.0.entry(tool.map(str::to_owned)).or_insert(0);
        let calls = run.calls().filter(|(_, call, _)| tool.is_none_or(|tool| call.tool == tool));
        let found = calls.map(|(index, _, _)| index).nth(*earlier);
        *earlier += 1;
        found
    }
}

static OUTERMOST: Owner = Owner { agent: String::new(), nested: false };

impl<'a> Assembly<'a> {
    fn model(&mut self, span: &Span<'a>, owner: &Owner) {
        let mut history = self.histories.remove(&owner.agent).unwrap_or_default();
        let content = content(span, &mut history);
        self.histories.insert(owner.agent.clone(), history);
        self.note_damage(span, &content);
        self.heard(content.input, span, owner);
        self.spoke(content.output, span, owner);
    }

    /// The messages that went into a model call. What is new in them happened
    /// right after what stands before it, even if calls are known to be later.
    fn heard(&mut self, input: Vec<Turn>, span: &Span<'a>, owner: &Owner) {
        let place = self.first_known(&input).unwrap_or(self.run.events.len());
        let mut telling = Telling { span, at: span.start, owner, place };
        let mut calls = Unnamed::default();
        let mut results = Unnamed::default();
        for turn in input {
            if let Some(event) = turn.repeats {
                telling.place = event + 1;
            }
            let inner = owner.nested || !turn.calls.is_empty();
            match turn.role {
                Role::System => {}
                Role::Assistant if inner => self.words(&mut telling, &turn, EventKind::Message),
                Role::Assistant => self.words(&mut telling, &turn, EventKind::Output),
                Role::User | Role::Tool if owner.nested => {
                    self.words(&mut telling, &turn, EventKind::Message);
                }
                Role::User | Role::Tool => self.words(&mut telling, &turn, EventKind::Request),
            }
            for call in turn.calls {
                let known = match &call.id {
                    Some(id) => self.known.get(id).copied(),
                    None => calls.next(Some(&call.tool), &self.run),
                };
                match known {
                    Some(event) => telling.place = event + 1,
                    None => self.asked(&mut telling, call.call()),
                }
            }
            for answer in turn.answers {
                let call = match &answer.id {
                    Some(id) => self.known.get(id).copied(),
                    None => results.next(answer.tool.as_deref(), &self.run),
                };
                self.answered(&mut telling, call, answer);
            }
        }
    }

    /// What the model answered: words, and calls that it asks for.
    fn spoke(&mut self, output: Vec<Turn>, span: &Span<'a>, owner: &Owner) {
        let place = self.run.events.len();
        let mut telling = Telling { span, at: span.end, owner, place };
        for mut turn in output {
            turn.role = Role::Assistant;
            let inner = owner.nested || !turn.calls.is_empty();
            let words = if inner { EventKind::Message } else { EventKind::Output };
            self.words(&mut telling, &turn, words);
            for call in turn.calls {
                if call.id.as_ref().is_none_or(|id| !self.known.contains_key(id)) {
                    self.asked(&mut telling, call.call());
                }
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

    fn words(
        &mut self,
        telling: &mut Telling<'_, 'a>,
        turn: &Turn,
        kind: fn(Payload<'a>) -> EventKind<'a>,
    ) {
        for text in &turn.words {
            self.insert(telling, kind(Payload::from_text(text.clone())));
            let history = self.histories.entry(telling.owner.agent.clone()).or_default();
            history.note(turn.role, text, telling.place - 1);
        }
    }

    /// A tool's answer as the model was told: new, unless a tool span told it before.
    fn answered(&mut self, telling: &mut Telling<'_, 'a>, call: Option<usize>, answer: Answer) {
        let told = call.and_then(|call| {
            let answers = |event: &Event<'_>| {
                matches!(&event.kind, EventKind::Result(result) if result.call == Some(call))
            };
            self.run.events.iter().position(answers)
        });
        match told {
            Some(event) => telling.place = event + 1,
            None => {
                self.open.retain(|open| Some(*open) != call);
                let result = ToolResult::new(call, None, answer.content);
                self.insert(telling, EventKind::Result(result));
            }
        }
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
            let mut telling = self.at_the_end(span, span.start);
            self.asked(&mut telling, Call::by_agent(id, name, None));
            self.open.pop().unwrap_or(telling.place - 1)
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
    fn finish(mut self, spans: &[Span<'a>]) -> (Run<'a>, Vec<usize>) {
        let has_words = self
            .run
            .events
            .iter()
            .any(|event| matches!(event.kind, EventKind::Request(_) | EventKind::Output(_)));
        let agent = spans.iter().find(|span| span.kind() == Kind::Agent && has_content(span));
        if let Some(span) = agent.filter(|_| !has_words) {
            let calls = std::mem::take(&mut self.run.events);
            let content = content(span, &mut History::default());
            self.note_damage(span, &content);
            self.heard(content.input, span, &OUTERMOST);
            let shift = self.run.events.len();
            self.run.events.extend(calls.into_iter().map(|event| shifted(event, shift)));
            self.spoke(content.output, span, &OUTERMOST);
        }
        (self.run, self.damaged)
    }

    fn note_damage(&mut self, span: &Span<'a>, content: &Content) {
        self.damaged.extend(content.unreadable.then_some(span.offset));
    }

    fn at_the_end<'t>(&self, span: &'t Span<'a>, at: u64) -> Telling<'t, 'a> {
        Telling { span, at, owner: &OUTERMOST, place: self.run.events.len() }
    }

    /// Appends an event.
    fn event(&mut self, span: &Span<'a>, at: u64, kind: EventKind<'a>) {
        let mut telling = self.at_the_end(span, at);
        self.insert(&mut telling, kind);
    }

    /// Notes a call that has no result yet.
    fn asked(&mut self, telling: &mut Telling<'_, 'a>, call: Call<'a>) {
        let id = call.id.as_deref().map(str::to_owned);
        self.insert(telling, EventKind::Call(call));
        self.open.push(telling.place - 1);
        self.known.extend(id.map(|id| (id, telling.place - 1)));
    }

    /// Puts an event in where the telling is, which then goes on after it. One
    /// that comes before others is not later than they are.
    fn insert(&mut self, telling: &mut Telling<'_, 'a>, kind: EventKind<'a>) {
        let Telling { span, at, .. } = *telling;
        let source = Source { offset: span.offset, span: Some(span.id.clone()) };
        let own = Timestamp::from_nanosecond(i128::from(at)).ok().filter(|_| at > 0);
        let index = telling.place.min(self.run.events.len());
        let next = self.run.events.get(index).map(|event| event.at);
        if next.is_some() {
            self.make_room(index);
        }
        let at = next.map_or(own, |next| next.min(own));
        self.run.events.insert(index, Event { source, at, ..Event::new(0, kind) });
        telling.place = index + 1;
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
