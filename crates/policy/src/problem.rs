//! What is wrong with a bundle, and in which part of it.

use std::fmt;

use bounden_base::Span;

use crate::{CriterionId, RuleId, ToolName, TopicName};

/// One reason why a bundle does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable code, such as `B252`.
    pub code: &'static str,
    /// Which part of the bundle.
    pub place: Place,
    /// Where in the text of that part, in bytes.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// A part of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The bundle as a whole.
    Bundle,
    /// The tools of a rule's trigger.
    RuleTrigger(RuleId),
    /// The predicate of a rule.
    Rule(RuleId),
    /// The action of a rule.
    RuleAction(RuleId),
    /// The value of a rule's `set`.
    RuleSet(RuleId),
    /// What a criterion presupposes.
    CriterionGiven(CriterionId),
    /// One clause of a criterion.
    Criterion(CriterionId, usize),
    /// A tool.
    Tool(ToolName),
    /// A fact.
    Fact(String),
    /// The topics of the scope.
    Scope,
    /// One topic of the scope.
    Topic(TopicName),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bundle => f.write_str("the bundle"),
            Self::RuleTrigger(id) => write!(f, "the trigger of `{id}`"),
            Self::Rule(id) => write!(f, "the predicate of `{id}`"),
            Self::RuleAction(id) | Self::RuleSet(id) => write!(f, "the action of `{id}`"),
            Self::CriterionGiven(id) => write!(f, "the condition of `{id}`"),
            Self::Criterion(id, clause) => write!(f, "clause {} of `{id}`", clause + 1),
            Self::Tool(name) => write!(f, "the tool `{name}`"),
            Self::Fact(name) => write!(f, "the fact `{name}`"),
            Self::Scope => f.write_str("the scope"),
            Self::Topic(name) => write!(f, "the topic `{name}`"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}
