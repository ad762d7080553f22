//! Predicates over the slots of a call, in the form that is quickest to ask.
//!
//! What has no such form is [`Condition::Unsure`]: a call that hangs on it is
//! judged in full.

use bounden_base::{Decimal, Json};

use super::Known;
use super::places::Wanted;
use crate::core::{
    Aggregate, Arithmetic, Canonicaliser, Comparison, Core, Pair, Path, Pattern, Root, Step,
    TermId, TextTest,
};
use crate::eval;

/// A predicate.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    Known(bool),
    Unsure,
    Not(Box<Condition>),
    All(Box<[Condition]>),
    Any(Box<[Condition]>),
    Choose(Box<[Condition; 3]>),
    Compare(Comparison, Box<[Operand; 2]>),
    /// A text is one of these, which are in order.
    Listed(Operand, Box<[Box<str>]>),
    Text(TextTest, Box<[Operand; 2]>),
    Matches(Operand, Pattern),
    Has(u8),
    Holds(Operand),
    Exists(TermId, Option<Box<Operand>>),
    Label(String),
    WindowOpen(String),
    Approved,
}

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Operand {
    Number(Decimal),
    Text(Box<str>),
    /// What stands in the arguments.
    Slot(u8),
    /// What is known beside the arguments: the tool, the session, the time.
    Beside(Path),
    Arithmetic(Arithmetic, Box<[Operand; 2]>),
    /// A count or a sum of earlier calls with the same key.
    Total {
        term: TermId,
        summed: bool,
        key: Option<Box<Operand>>,
    },
    Lower(Box<Operand>),
    /// What the latest answer of a tool said, for the present call's key.
    Fact {
        name: String,
        key: Option<Box<Operand>>,
        steps: Vec<Step>,
    },
}

/// Compiles predicates of one tool.
pub(super) struct Compiler<'p> {
    pub(super) wanted: &'p mut Wanted,
    known: &'p Known<'p>,
    /// Items of constant lists in the predicate at hand.
    items: usize,
}

impl<'p> Compiler<'p> {
    pub(super) fn new(wanted: &'p mut Wanted, known: &'p Known<'p>) -> Self {
        Self { wanted, known, items: 0 }
    }

    /// The quick form of a whole predicate.
    pub(super) fn predicate(&mut self, core: &Core) -> Condition {
        self.items = 0;
        let condition = self.condition(core);
        // The full evaluation counts the items of every list, asked or not.
        if self.items > eval::MOST_ITEMS { Condition::Unsure } else { condition }
    }

    fn condition(&mut self, core: &Core) -> Condition {
        match core {
            Core::Bool(value) => Condition::Known(*value),
            Core::Not(inner) => Condition::Not(self.condition(inner).into()),
            Core::And(left, right) => Condition::All(self.both(left, right).into()),
            Core::Or(left, right) => Condition::Any(self.both(left, right).into()),
            Core::Choose(condition, yes, no) => {
                Condition::Choose(Box::new([condition, yes, no].map(|part| self.condition(part))))
            }
            Core::Has(path) => match (&path.root, self.slot(path)) {
                (Root::Args, Some(slot)) => Condition::Has(slot),
                _ => Condition::Unsure,
            },
            Core::Label(label) => Condition::Label(label.clone()),
            Core::WindowOpen(name) => Condition::WindowOpen(name.clone()),
            Core::Approved => Condition::Approved,
            Core::History(term, Aggregate::Exists, _) => match self.key(*term) {
                Some(key) => Condition::Exists(*term, key),
                None => Condition::Unsure,
            },
            other => self.test(other).unwrap_or(Condition::Unsure),
        }
    }

    fn both(&mut self, left: &Core, right: &Core) -> [Condition; 2] {
        [left, right].map(|part| self.condition(part))
    }

    fn test(&mut self, core: &Core) -> Option<Condition> {
        Some(match core {
            Core::Compare(comparison, pair) => Condition::Compare(*comparison, self.pair(pair)?),
            Core::In(pair) => {
                let texts = texts(&pair.right)?;
                self.items += texts.len();
                Condition::Listed(self.operand(&pair.left)?, texts)
            }
            Core::Text2(test, pair) => Condition::Text(*test, self.pair(pair)?),
            Core::Matches(subject, pattern, _) => {
                Condition::Matches(self.operand(subject)?, pattern.clone())
            }
            path @ Core::Path(_) => Condition::Holds(self.operand(path)?),
            _ => return None,
        })
    }

    fn pair(&mut self, pair: &Pair) -> Option<Box<[Operand; 2]>> {
        Some(Box::new([self.operand(&pair.left)?, self.operand(&pair.right)?]))
    }

    /// The quick form of a value, if it has one.
    pub(super) fn operand(&mut self, core: &Core) -> Option<Operand> {
        Some(match core {
            Core::Number(number) => Operand::Number(*number),
            Core::Text(text) => Operand::Text(text.as_str().into()),
            Core::Path(path) => match &path.root {
                Root::Args => Operand::Slot(self.slot(path)?),
                Root::Fact(name) => self.fact(name, &path.steps)?,
                Root::Tag(_)
                | Root::Session(_)
                | Root::Tool
                | Root::Server
                | Root::Principal
                | Root::SessionId
                | Root::Agent
                | Root::Now => Operand::Beside(path.clone()),
                _ => return None,
            },
            Core::Arithmetic(operator, left, right) => Operand::Arithmetic(
                *operator,
                Box::new([self.operand(left)?, self.operand(right)?]),
            ),
            Core::History(term, aggregate @ (Aggregate::Count | Aggregate::Sum), _) => {
                Operand::Total {
                    term: *term,
                    summed: *aggregate == Aggregate::Sum,
                    key: self.key(*term)?,
                }
            }
            Core::Canonical(Canonicaliser::Lower, text) => {
                Operand::Lower(self.operand(text)?.into())
            }
            _ => return None,
        })
    }

    /// What a term groups calls by, of the present call: `Some(None)` for nothing,
    /// `None` where that, or the term itself, has no quick form.
    #[expect(clippy::option_option, reason = "no key and no quick form are two things")]
    fn key(&mut self, term: TermId) -> Option<Option<Box<Operand>>> {
        if !self.known.fixed.contains(&term) {
            return None;
        }
        match &self.known.terms.get(term)?.by {
            Some(by) => Some(Some(self.operand(by)?.into())),
            None => Some(None),
        }
    }

    fn fact(&mut self, name: &str, steps: &[Step]) -> Option<Operand> {
        let key = match &self.known.facts.get(name)?.key {
            Some(key) => Some(Operand::Slot(self.wanted.slot_at([key.as_str()].into_iter())?)),
            None => None,
        };
        Some(Operand::Fact { name: name.to_owned(), key: key.map(Box::new), steps: steps.to_vec() })
    }

    fn slot(&mut self, path: &Path) -> Option<u8> {
        self.wanted.slot(&path.steps)
    }
}

impl Condition {
    /// Whether it can come out false at all, so that asking is worth while.
    pub(super) fn may_be_false(&self) -> bool {
        match self {
            Self::Known(value) => !value,
            Self::Unsure => false,
            Self::Not(inner) => inner.may_be_true(),
            Self::All(parts) => parts.iter().any(Self::may_be_false),
            Self::Any(parts) => parts.iter().all(Self::may_be_false),
            Self::Choose(parts) => parts.iter().skip(1).any(Self::may_be_false),
            _ => true,
        }
    }

    fn may_be_true(&self) -> bool {
        match self {
            Self::Known(value) => *value,
            Self::Unsure => false,
            Self::Not(inner) => inner.may_be_false(),
            Self::All(parts) => parts.iter().all(Self::may_be_true),
            Self::Any(parts) => parts.iter().any(Self::may_be_true),
            Self::Choose(parts) => parts.iter().skip(1).any(Self::may_be_true),
            _ => true,
        }
    }
}

/// The texts of a constant list, in order; `None` where it holds anything else.
fn texts(list: &Core) -> Option<Box<[Box<str>]>> {
    let Core::List(Json::Array(items)) = list else { return None };
    let mut texts: Vec<Box<str>> =
        items.iter().map(|item| item.as_str().map(Box::from)).collect::<Option<_>>()?;
    texts.sort_unstable();
    Some(texts.into())
}
