//! The trajectory model: one run of an agent as a list of ordered events.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bounden_base::{Decimal, Json, Timestamp};

use crate::Payload;

/// One recorded conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run<'a> {
    /// Unique within its file.
    pub id: String,
    /// What was attempted; repeated trials of one case share it.
    pub case: Option<Cow<'a, str>>,
    /// The agent, or the model behind it.
    pub agent: Option<Cow<'a, str>>,
    /// On whose behalf the agent acted.
    pub principal: Option<Cow<'a, str>>,
    /// Where the record begins.
    pub source: Source<'a>,
    /// What happened, in order.
    pub events: Vec<Event<'a>>,
    /// What classifies the run, such as its suite, its scenario or the attack on it.
    pub tags: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    /// What others measured: `reward` (number), `utility`, `security` (true or false).
    pub labels: BTreeMap<&'static str, Json>,
    /// What a correct run would have done, where the format says so.
    pub expected: Option<Expected<'a>>,
    /// How the run ended, in the words of the format.
    pub ended: Option<Cow<'a, str>>,
}

/// A place in a recording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source<'a> {
    /// Bytes from the start of the (decompressed) file.
    pub offset: usize,
    /// The span, where the format has spans.
    pub span: Option<Cow<'a, str>>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// Where it is recorded.
    pub source: Source<'a>,
    /// When it happened; a time without an offset is read as UTC.
    pub at: Option<Timestamp>,
    /// What it cost, in the currency of the recording.
    pub cost: Option<Decimal>,
    /// What it was.
    pub kind: EventKind<'a>,
}

/// The kinds of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind<'a> {
    /// Words of the user to the agent.
    Request(Payload<'a>),
    /// Words of the model that nobody but the agent sees.
    Message(Payload<'a>),
    /// A tool is called.
    Call(Call<'a>),
    /// A tool answers.
    Result(ToolResult<'a>),
    /// Words of the agent to the user.
    Output(Payload<'a>),
    /// Another agent takes over.
    Handover(Cow<'a, str>),
    /// An event of Bounden's own (`log`, `window`, `approve`), as its JSON text.
    Control(Cow<'a, str>),
}

/// Who called a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The agent under test.
    Agent,
    /// The (simulated) user, with tools of its own.
    User,
}

/// A tool call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// The id that its result repeats, where there is one.
    pub id: Option<Cow<'a, str>>,
    /// The name of the tool.
    pub tool: Cow<'a, str>,
    /// The arguments; `None` where the recording withholds them.
    pub arguments: Option<Payload<'a>>,
    /// Who called.
    pub actor: Actor,
    /// The id of the call that this one repeats.
    pub retry_of: Option<Cow<'a, str>>,
}

/// A tool's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolResult<'a> {
    /// Index in [`Run::events`] of the call that it answers.
    pub call: Option<usize>,
    /// Whether the call succeeded; `None` where the recording does not say.
    pub ok: Option<bool>,
    /// The answer; `None` where the recording withholds it.
    pub content: Option<Payload<'a>>,
    /// Labels of provenance, such as `untrusted`.
    pub labels: Vec<Cow<'a, str>>,
}

/// What a correct run would have done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected<'a> {
    /// The calls, in the order in which they are written.
    pub actions: Vec<Action<'a>>,
    /// Words that the agent must have told the user.
    pub outputs: Vec<Cow<'a, str>>,
}

/// An expected call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action<'a> {
    /// The name of the tool.
    pub tool: Cow<'a, str>,
    /// Its arguments.
    pub arguments: Payload<'a>,
    /// Who is to call.
    pub actor: Actor,
}

impl<'a> Event<'a> {
    /// An event of which no more is known than what it was and where it stands.
    #[must_use]
    pub fn new(offset: usize, kind: EventKind<'a>) -> Self {
        Self { source: Source { offset, span: None }, at: None, cost: None, kind }
    }
}

impl<'a> Call<'a> {
    /// A call by the agent.
    #[must_use]
    pub fn by_agent(
        id: Option<Cow<'a, str>>,
        tool: Cow<'a, str>,
        arguments: Option<Payload<'a>>,
    ) -> Self {
        Self { id, tool, arguments, actor: Actor::Agent, retry_of: None }
    }
}

impl<'a> ToolResult<'a> {
    /// An answer without labels.
    #[must_use]
    pub fn new(call: Option<usize>, ok: Option<bool>, content: Option<Payload<'a>>) -> Self {
        Self { call, ok, content, labels: Vec::new() }
    }
}

impl<'a> Run<'a> {
    /// A run without events.
    #[must_use]
    pub fn new(id: String, offset: usize) -> Self {
        Self {
            id,
            case: None,
            agent: None,
            principal: None,
            source: Source { offset, span: None },
            events: Vec::new(),
            tags: BTreeMap::new(),
            labels: BTreeMap::new(),
            expected: None,
            ended: None,
        }
    }

    /// Each call with its index and its first result.
    pub fn calls(&self) -> impl Iterator<Item = (usize, &Call<'a>, Option<&ToolResult<'a>>)> {
        let mut results = BTreeMap::new();
        for event in &self.events {
            if let EventKind::Result(result) = &event.kind
                && let Some(call) = result.call
            {
                results.entry(call).or_insert(result);
            }
        }
        self.events.iter().enumerate().filter_map(move |(index, event)| match &event.kind {
            EventKind::Call(call) => Some((index, call, results.get(&index).copied())),
            _ => None,
        })
    }

    /// Whether the run comes from an enforcement point, where a call is a
    /// request that may be refused or held for approval: its tag `point` says
    /// so, or an approval does.
    #[must_use]
    pub fn is_guarded(&self) -> bool {
        let approves = |json: &str| json.contains("\"approve\"");
        self.tags.contains_key("point")
            || self
                .events
                .iter()
                .any(|event| matches!(&event.kind, EventKind::Control(json) if approves(json)))
    }

    /// Whether others labelled the run a success: a full reward, or utility.
    #[must_use]
    pub fn succeeded(&self) -> Option<bool> {
        let full = Decimal::from(1_u32);
        let reward = self.labels.get("reward").and_then(Json::as_decimal);
        reward
            .map(|reward| reward >= full)
            .or_else(|| self.labels.get("utility").and_then(Json::as_bool))
    }

    /// What the recording says the events cost together; `None` where it says nothing.
    #[must_use]
    pub fn cost(&self) -> Option<Decimal> {
        let costs = self.events.iter().filter_map(|event| event.cost);
        costs.reduce(|sum, cost| sum.checked_add(cost).unwrap_or(sum))
    }
}
