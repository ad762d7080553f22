//! The keys of the form, and those that it may be completed with.

use bounden_base::Json;

use crate::intent::{
    Agent, Commitment, Constraints, Duration, EscalationPath, Evaluate, FactBinding, Files,
    IntentBinding, Models, Ownership, Probe, Promotion, Review, Server, Threshold, Tool, Url,
};
use crate::read::{Named, Read, Reader, Spanned, section, written};
use crate::yaml::{Node, Text, Value};

section! {
    /// A behavioural specification as lists and prose.
    pub(super) struct Article {
        /// Who the agent is.
        agent: Agent,
        /// What the agent is for, in a sentence.
        purpose: Option<Text>,
        /// What the agent handles and what it must not.
        scope: Lists,
        /// Rules that hold whatever the model reasons.
        invariants: Vec<ArticleInvariant>,
        /// What counts as success.
        success_criteria: Vec<ArticleCriterion>,
        /// What happens where the design ends.
        failure_modes: Option<ArticleFailureModes>,
        /// How behaviour is measured.
        measurement: Option<ArticleMeasurement>,
        /// What the words mean in calls.
        bind: Bindings,
        /// Where a case goes that the agent must not handle.
        escalations: Named<EscalationPath>,
        /// The MCP servers whose tools the agent may call.
        servers: Named<Server>,
        /// The tools that may be called.
        tools: Named<Tool>,
        /// The models that may be used.
        models: Option<Models>,
        /// Files that shape behaviour.
        files: Option<Files>,
        /// Data, memory, logging and limits.
        constraints: Option<Constraints>,
        /// What is owed to whom.
        commitments: Named<Commitment>,
        /// Who owns which section, and who may approve calls.
        ownership: Option<Ownership>,
        /// What each environment demands.
        promotion: Named<Promotion>,
    }

    /// The two lists of the scope.
    pub(super) struct Lists {
        /// What the agent handles.
        in_scope: Vec<Text>,
        /// What the agent must not handle.
        out_of_scope: Vec<Excluded>,
    }

    /// A rule and what enforces it.
    pub(super) struct ArticleInvariant {
        /// The rule in words.
        rule: Text,
        /// The mechanism and what it does.
        enforcement: Option<Text>,
        /// For a control elsewhere: a command that tries what must be refused.
        probe: Option<Probe>,
        /// For a control elsewhere: who vouches for it.
        attested_by: Option<Text>,
        /// For a control elsewhere: after how long it has to be shown anew.
        renew: Option<Spanned<Duration>>,
    }

    /// A case with what has to follow.
    pub(super) struct ArticleCriterion {
        /// The case in words.
        scenario: Text,
        /// When it applies.
        input_condition: Option<Text>,
        /// What the user has to be told.
        expected_output: Option<Text>,
        /// Which calls have to happen, and which must not.
        side_effects: Option<Text>,
        /// How it is judged: `automated`.
        evaluation: Option<Text>,
    }

    /// The five cases in which the design ends.
    pub(super) struct ArticleFailureModes {
        /// When a request can be read in several ways.
        on_ambiguous_request: Option<Answer>,
        /// When a request is excluded from the scope.
        on_out_of_scope: Option<Answer>,
        /// When a tool failed.
        on_tool_failure: Option<Answer>,
        /// When the input holds personal data.
        on_pii_detected_in_input: Option<Answer>,
        /// When a limit is reached.
        on_budget_exceeded: Option<Answer>,
    }

    /// What is done in such a case.
    pub(super) struct Answer {
        /// The action in sentences.
        action: Text,
    }

    /// How behaviour is measured.
    pub(super) struct ArticleMeasurement {
        /// When the criteria are evaluated.
        eval_frequency: Option<Spanned<Evaluate>>,
        /// How often drift is reviewed.
        behavioral_drift_review: Option<Spanned<Review>>,
        /// The bound on the share of escalated conversations.
        escalation_rate_target: Option<Spanned<Threshold>>,
    }

    /// What the words mean in calls.
    pub(super) struct BindingsSection {
        /// The tools that a word of the text stands for.
        tools: Named<Vec<Text>>,
        /// The kinds that a filter of this name masks.
        filters: Named<Vec<Text>>,
        /// What a phrase of the text means in words, links and calls.
        phrases: Named<Phrase>,
        /// The tools whose calls are compared as effects.
        effects: Vec<Text>,
        /// The tools that count as an escalation.
        escalation: Vec<Text>,
        /// Names for observed results.
        facts: Named<FactBinding>,
        /// How a kind of request is recognised.
        intents: Named<IntentBinding>,
    }

    /// What a phrase means.
    pub(super) struct Phrase {
        /// At least one of these words is said.
        any: Vec<Text>,
        /// Each of these words is said.
        all: Vec<Text>,
        /// None of these words is said.
        none: Vec<Text>,
        /// A link is given.
        url: Option<Url>,
        /// A tool, several, or `escalation`, is called.
        called: Option<Text>,
        /// A tool, several, or `escalation`, is not called.
        never: Option<Text>,
    }
}

/// An exclusion: a text, or a mapping that also says where such a case goes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Excluded {
    pub(super) says: Text,
    pub(super) escalate: Option<Text>,
    pub(super) examples: Vec<Text>,
}

section! {
    /// An exclusion with where it goes.
    pub(super) struct ExcludedMapping {
        /// The topic in words.
        says: Text,
        /// The escalation path that such a case takes.
        escalate: Option<Text>,
        /// Requests of this kind.
        examples: Vec<Text>,
    }
}

/// The bindings, which may all be absent.
pub(super) type Bindings = OrEmpty<BindingsSection>;

/// A section that is empty if it is absent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OrEmpty<T>(pub(super) T);

impl<T> std::ops::Deref for OrEmpty<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Read> Read for OrEmpty<T> {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        T::read(node, reader).map(Self)
    }

    fn absent() -> Option<Self> {
        let nothing = Node { span: bounden_base::Span::default(), value: Value::Map(Vec::new()) };
        T::read(&nothing, &mut Reader::default()).map(Self)
    }

    fn schema() -> Json {
        T::schema()
    }

    fn write(&self) -> Option<Value> {
        self.0.write()
    }
}

impl Read for Excluded {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if node.entries().is_some() {
            let ExcludedMapping { says, escalate, examples, .. } =
                ExcludedMapping::read(node, reader)?;
            return Some(Self { says, escalate, examples });
        }
        let says = Text::read(node, reader)?;
        Some(Self { says, escalate: None, examples: Vec::new() })
    }

    fn write(&self) -> Option<Value> {
        let Self { says, escalate, examples } = self;
        Some(written([
            ("says", says.write()),
            ("escalate", escalate.write()),
            ("examples", examples.write()),
        ]))
    }

    fn schema() -> Json {
        Json::object([("anyOf", [Text::schema(), ExcludedMapping::schema()].into_iter().collect())])
    }
}
