//! The typed core form of expressions: names resolved, macros expanded.

use std::collections::BTreeSet;

use bounden_base::{Decimal, Json, SignedDuration};
use regex::Regex;

use crate::ToolName;
use crate::detect::Kinds;

/// A typed expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Core {
    Bool(bool),
    Number(Decimal),
    Text(String),
    List(Json),
    Path(Path),
    Not(Box<Core>),
    And(Box<Core>, Box<Core>),
    Or(Box<Core>, Box<Core>),
    Compare(Comparison, Box<Pair>),
    In(Box<Pair>),
    Arithmetic(Arithmetic, Box<Core>, Box<Core>),
    Choose(Box<Core>, Box<Core>, Box<Core>),
    Has(Path),
    /// Whether a text has the form that a canonicaliser gives it, and how that is written.
    HasForm(Box<Core>, String),
    Size(Box<Core>),
    Text2(TextTest, Box<Pair>),
    Matches(Box<Core>, Pattern, String),
    Canonical(Canonicaliser, Box<Core>),
    /// Whether anything of these kinds stands in the value, with the text of the value.
    Detects(Box<Core>, Kinds, String),
    Shell(Box<CommandPart>),
    /// Where a value came from, and how that is written.
    Origin(Box<Core>, String),
    Quantify(Quantifier, Box<Core>, Box<Core>),
    History(TermId, Aggregate, String),
    Label(String),
    Approved,
    WindowOpen(String),
}

/// Two operands with the text that people know them by.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pair {
    pub(crate) left: Core,
    pub(crate) right: Core,
    pub(crate) left_text: String,
    pub(crate) right_text: String,
}

/// A part of what a command line runs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CommandPart {
    /// The text that is read as a command line.
    pub(crate) command: Core,
    pub(crate) steps: Vec<Step>,
    /// As people write it.
    pub(crate) text: String,
}

/// A place in the data that an expression reads.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path {
    pub(crate) root: Root,
    pub(crate) steps: Vec<Step>,
    /// As people write it.
    pub(crate) text: String,
}

/// Where a path begins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Root {
    /// The arguments of the call; of the earlier call inside a filter.
    Args,
    /// The arguments of the present call, inside a filter.
    ThisArgs,
    Result,
    /// The text of a request or an output.
    Text,
    /// What the request, or at its end the conversation, is about.
    Topic,
    /// All that one side has said in the session, at its end.
    Transcript(Speaker),
    Record,
    Fact(String),
    Tag(String),
    Session(SessionField),
    Tool,
    Server,
    Principal,
    SessionId,
    Agent,
    Now,
    /// The variable of a list macro, counted from the innermost.
    Variable(usize),
    /// The arguments of the latest call that a term counts.
    Last(TermId),
}

/// The two sides of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaker {
    User,
    Agent,
}

/// What is known of a session as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SessionField {
    Calls,
    Steps,
    Seconds,
    Cost,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Member(String),
    Item(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
    /// A path lies under a folder, after `.` and `..` are resolved.
    Under,
}

/// Brings a text into the one form that can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Canonicaliser {
    Lower,
    Host,
    Domain,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantifier {
    All,
    Exists,
    ExistsOne,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aggregate {
    Count,
    Sum,
    Exists,
}

/// The index of a term in [`crate::Policy`].
pub(crate) type TermId = usize;

/// A pattern that has to match the whole text.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    pub(crate) source: String,
    pub(crate) regex: Regex,
}

/// Which earlier calls are looked at.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Term {
    pub(crate) tools: BTreeSet<ToolName>,
    pub(crate) counting: Counting,
    pub(crate) scope: Scope,
    /// The part of the arguments that has to be equal.
    pub(crate) by: Option<Core>,
    pub(crate) filter: Option<Core>,
    /// Only calls after the latest permit of one of these tools.
    pub(crate) since: Option<BTreeSet<ToolName>>,
    /// Only calls permitted after a successful result of one of these tools.
    pub(crate) after: Option<BTreeSet<ToolName>>,
    pub(crate) within: Option<SignedDuration>,
    /// What is added up.
    pub(crate) sum: Option<Core>,
    /// Whether the arguments of the latest call are read.
    pub(crate) latest: bool,
}

/// Which outcomes count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counting {
    /// Permitted calls that did not fail.
    Effective,
    /// Every permitted call, failed ones too.
    Permitted,
    /// Every logical call that was submitted.
    Attempted,
}

/// Whose calls count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Session,
    Principal,
    Agent,
}

impl Term {
    /// Whether a call that was not permitted counts.
    pub(crate) fn counts_denied(&self) -> bool {
        self.counting == Counting::Attempted
    }
}

impl Core {
    /// Whether the expression reads this place, or a part of it.
    pub(crate) fn reads(&self, place: &Path) -> bool {
        self.has_part(&|part| match part {
            Self::Path(path) | Self::Has(path) => {
                path.root == place.root && path.steps.starts_with(&place.steps)
            }
            _ => false,
        })
    }

    /// Whether the expression asks where a value came from.
    pub(crate) fn asks_origin(&self) -> bool {
        self.has_part(&|part| matches!(part, Self::Origin(..)))
    }

    /// Whether this holds of the expression or of a part of it. What chains over
    /// earlier calls read is no part.
    pub(crate) fn has_part(&self, holds: &dyn Fn(&Self) -> bool) -> bool {
        holds(self)
            || match self {
                Self::Not(of)
                | Self::Size(of)
                | Self::Canonical(_, of)
                | Self::Matches(of, _, _)
                | Self::Detects(of, _, _)
                | Self::HasForm(of, _)
                | Self::Origin(of, _) => of.has_part(holds),
                Self::Shell(part) => part.command.has_part(holds),
                Self::And(a, b)
                | Self::Or(a, b)
                | Self::Arithmetic(_, a, b)
                | Self::Quantify(_, a, b) => a.has_part(holds) || b.has_part(holds),
                Self::Compare(_, pair) | Self::In(pair) | Self::Text2(_, pair) => {
                    pair.left.has_part(holds) || pair.right.has_part(holds)
                }
                Self::Choose(a, b, c) => [a, b, c].into_iter().any(|part| part.has_part(holds)),
                Self::Bool(_)
                | Self::Number(_)
                | Self::Text(_)
                | Self::List(_)
                | Self::Path(_)
                | Self::Has(_)
                | Self::History(..)
                | Self::Label(_)
                | Self::Approved
                | Self::WindowOpen(_) => false,
            }
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Pattern {
    /// Compiles a pattern, anchored at both ends and matched in linear time.
    pub(crate) fn compile(source: &str) -> Result<Self, regex::Error> {
        // By itself first: brackets that do not match could undo the anchors.
        regex_syntax::parse(source).map_err(|error| regex::Error::Syntax(error.to_string()))?;
        let regex = Regex::new(&format!(r"\A(?:{source})\z"))?;
        Ok(Self { source: source.to_owned(), regex })
    }
}

impl Comparison {
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
        }
    }
}

impl Canonicaliser {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Host => "host",
            Self::Domain => "domain",
        }
    }
}

impl TextTest {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
            Self::Contains => "contains",
            Self::Under => "under",
        }
    }
}
