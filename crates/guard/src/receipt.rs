//! What is kept of a decision: the receipt, chained to the one before, and
//! beside it the input that the decision was made from.

use bounden_base::{Digest, Json, Timestamp};
use bounden_policy::{Decision, Event, EventBody, EventError, EventId, PrincipalId, Reason};
use bounden_policy::{RuleId, SessionId, ToolName, Verdict};
use serde::Deserialize;

/// The record of one decision. It says nothing of the arguments but their
/// salted digest, so that it can be kept where they must be erased.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The number of the receipt in its journal, from 0.
    pub sequence: u64,
    /// The digest of the canonical receipt before; zeros for the first.
    pub previous: Digest,
    /// When it was decided, by the owner's clock.
    pub at: Timestamp,
    /// The enforcement point that asked, such as `mcp-stdio`.
    pub point: String,
    /// The session.
    pub session: SessionId,
    /// Whom the agent acts for.
    #[serde(default)]
    pub principal: Option<PrincipalId>,
    /// The kind of event.
    pub event: String,
    /// The event's id.
    pub id: EventId,
    /// The tool of a call.
    #[serde(default)]
    pub tool: Option<ToolName>,
    /// Salted digest of a call's arguments.
    #[serde(default)]
    pub arguments: Option<Digest>,
    /// Salted digest of the whole event.
    pub input: Digest,
    /// The digest of the lock that was in force.
    pub lock: Digest,
    /// The digest of the policy that decided, budgets of the environment included.
    pub policy: Digest,
    /// The epoch of the overlays that were in force.
    pub epoch: u64,
    /// The answer.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// The rules that fired.
    pub rules: Vec<RuleId>,
    /// How long the decision took, in microseconds.
    pub micros: u64,
}

/// What a decision was made from. Erasing it leaves the chain of receipts whole.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// 32 hexadecimal digits of entropy.
    pub salt: String,
    /// The event, in the form of `bounden decide`.
    pub event: Json,
}

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The recorded input, unless it was erased.
    #[serde(default)]
    pub input: Option<Input>,
    /// The receipt.
    pub receipt: Receipt,
}

/// What of a decision's circumstances the event itself does not say.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The enforcement point that asked.
    pub point: &'a str,
    /// The lock in force.
    pub lock: Digest,
    /// The policy in force.
    pub policy: Digest,
    /// The epoch of the overlays in force.
    pub epoch: u64,
    /// When it was decided.
    pub at: Timestamp,
    /// How long it took, in microseconds.
    pub micros: u64,
}

impl Entry {
    /// The entry for one decision; the journal fills in its place in the chain.
    #[must_use]
    pub fn new(event: &Event, decision: &Decision, of: Circumstances<'_>, salt: [u8; 16]) -> Self {
        let salt = hex(&salt);
        let (tool, arguments) = match &event.body {
            EventBody::Call { tool, args, .. } => {
                (Some(tool.clone()), Some(salted(&salt, args.value_or_null())))
            }
            _ => (None, None),
        };
        let recorded = event.to_json();
        let receipt = Receipt {
            sequence: 0,
            previous: Digest::from_bytes([0; 32]),
            at: of.at,
            point: of.point.to_owned(),
            session: event.session.clone(),
            principal: event.principal.clone(),
            event: event.body.kind().to_owned(),
            id: event.id.clone(),
            tool,
            arguments,
            input: salted(&salt, &recorded),
            lock: of.lock,
            policy: of.policy,
            epoch: of.epoch,
            verdict: decision.verdict,
            reason: decision.reason,
            rules: decision.rules.iter().map(|rule| rule.id.clone()).collect(),
            micros: of.micros,
        };
        Self { input: Some(Input { salt, event: recorded }), receipt }
    }

    /// The line of the journal, without its line feed.
    #[must_use]
    pub fn to_line(&self) -> String {
        let input = self.input.as_ref().map(|input| {
            let salt = Json::from(input.salt.as_str());
            ("input", Json::object([("salt", salt), ("event", input.event.clone())]))
        });
        let receipt = ("receipt", self.receipt.to_json());
        Json::object(std::iter::once(receipt).chain(input)).canonical()
    }

    /// Whether the recorded input, if it is still there, is what the receipt attests.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        let attested = |input: &Input| salted(&input.salt, &input.event) == self.receipt.input;
        self.input.as_ref().is_none_or(attested)
    }

    /// The event that was decided; `None` where it was erased.
    ///
    /// # Errors
    /// The recorded input is no event.
    pub fn event(&self) -> Result<Option<Event>, EventError> {
        self.input.as_ref().map(|input| Event::from_json(&input.event)).transpose()
    }
}

impl Receipt {
    /// The receipt as JSON; its canonical bytes are what the next one's `previous` digests.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let text = |text: &str| Json::from(text);
        let digest = |digest: Digest| Json::from(digest.to_string());
        let number = |number: u64| Json::from(i64::try_from(number).unwrap_or(i64::MAX));
        let optional = [
            ("principal", self.principal.as_ref().map(|id| text(id.as_str()))),
            ("tool", self.tool.as_ref().map(|tool| text(tool.as_str()))),
            ("arguments", self.arguments.map(digest)),
        ];
        let reason = Json::from_serialize(&self.reason).unwrap_or(Json::Null);
        let always = [
            ("sequence", number(self.sequence)),
            ("previous", digest(self.previous)),
            ("at", text(&self.at.to_string())),
            ("point", text(&self.point)),
            ("session", text(self.session.as_str())),
            ("event", text(&self.event)),
            ("id", text(self.id.as_str())),
            ("input", digest(self.input)),
            ("lock", digest(self.lock)),
            ("policy", digest(self.policy)),
            ("epoch", number(self.epoch)),
            ("verdict", text(self.verdict.name())),
            ("reason", reason),
            ("rules", self.rules.iter().map(|rule| text(rule.as_str())).collect()),
            ("micros", number(self.micros)),
        ];
        let given = optional.into_iter().filter_map(|(name, value)| Some((name, value?)));
        Json::object(always.into_iter().chain(given))
    }

    /// What the next receipt names as its predecessor.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.to_json().digest()
    }
}

/// The digest of a value behind a salt, so that nobody finds it by guessing.
fn salted(salt: &str, value: &Json) -> Digest {
    Digest::of(format!("{salt}{}", value.canonical()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
