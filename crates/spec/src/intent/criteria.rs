//! Success criteria, and what their words mean in calls.

use bounden_base::Decimal;

use crate::read::{Named, Raw, Spanned, section};
use crate::yaml::Text;

section! {
    /// What the words of the criteria mean in calls.
    pub struct Bind {
        /// The tools whose calls are compared as effects.
        effects: Vec<Text>,
        /// The tools that count as an escalation.
        escalation: Vec<Text>,
        /// Names for observed results.
        facts: Named<FactBinding>,
        /// How a kind of request is recognised.
        intents: Named<IntentBinding>,
    }

    /// A name for what a tool last answered.
    pub struct FactBinding {
        /// The tool.
        result_of: Text,
        /// The argument that has to equal that of the present call.
        key: Option<Text>,
    }

    /// How a kind of request is recognised: the tag decides, else the topic, else the text.
    pub struct IntentBinding {
        /// A tag of the session, `NAME=VALUE`.
        tag: Option<Text>,
        /// A topic of the scope, as the router tells it.
        topic: Option<Text>,
        /// A regular expression that occurs in the request.
        text: Option<Text>,
    }

    /// What counts as success in one kind of conversation.
    pub struct Criterion {
        /// The case in words.
        says: Option<Text>,
        /// When the criterion applies.
        given: Option<Given>,
        /// What the user has to be told.
        expect: Option<Expect>,
        /// Which calls have to happen, and which must not.
        effects: Vec<EffectClause>,
        /// What has to be true of observed facts.
        require: Option<Require>,
        /// What the conversation may use up.
        budget: Option<Budget>,
        /// Where a drafted criterion was taken from.
        origin: Option<Text>,
    }

    /// When a criterion applies; all parts have to hold.
    pub struct Given {
        /// A name under `bind.intents`.
        intent: Option<Text>,
        /// An expression over facts, such as `order.age_days < 30`.
        fact: Option<Text>,
        /// A tag of the session, `NAME=VALUE`.
        tag: Option<Text>,
        /// A tool that was called.
        called: Option<Text>,
    }

    /// What the user has to be told, each part by itself.
    pub struct Expect {
        /// Phrases, compared without regard to case.
        says: Vec<Says>,
        /// A link.
        url: Option<Url>,
    }

    /// Phrases of which any, all or none occur.
    pub struct Says {
        /// At least one of these.
        any: Vec<Text>,
        /// Each of these.
        all: Vec<Text>,
        /// Not one of these.
        none: Vec<Text>,
    }

    /// A link that the user was given.
    pub struct Url {
        /// What it starts with.
        prefix: Text,
    }

    /// What has to be true of the calls of a conversation; one of `called`,
    /// `never`, `before` and `sequence`.
    pub struct EffectClause {
        /// A tool, several, or `escalation`, that was called with success.
        called: Option<Text>,
        /// How often exactly.
        times: Option<Spanned<u64>>,
        /// How often at least.
        at_least: Option<Spanned<u64>>,
        /// How often at most.
        at_most: Option<Spanned<u64>>,
        /// Whether only calls that succeeded count; they do unless this is false.
        ok: Option<Spanned<bool>>,
        /// What has to hold of the arguments, by name.
        args: Named<Raw>,
        /// A tool, several, or `escalation`, of which no call was permitted.
        never: Option<Text>,
        /// A tool whose success precedes another tool.
        before: Option<Order>,
        /// Tools of which each one's success precedes the next.
        sequence: Vec<Text>,
    }

    /// An order between two tools.
    pub struct Order {
        /// What has to succeed first.
        first: Text,
        /// What may only follow it.
        then: Text,
    }

    /// What has to be true of observed facts.
    pub struct Require {
        /// Expressions that all hold.
        all: Vec<Text>,
        /// Expressions of which one holds.
        any: Vec<Text>,
    }

    /// What a conversation may use up.
    pub struct Budget {
        /// Calls, requests and outputs together.
        steps: Option<Spanned<u64>>,
        /// Permitted calls.
        tool_calls: Option<Spanned<u64>>,
        /// Cost in US dollars.
        usd: Option<Spanned<Decimal>>,
        /// Time since the conversation began.
        seconds: Option<Spanned<u64>>,
    }
}
