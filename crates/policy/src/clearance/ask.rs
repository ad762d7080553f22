//! Asks a condition about one call. The answer agrees with that of the full
//! evaluation wherever it is sure.

use std::borrow::Cow;

use super::condition::{Condition, Operand};
use super::slots::{Kind, Slots};
use crate::canonical;
use crate::core::{Arithmetic, Step, TermId, TextTest};
use crate::doubt::Truth;
use crate::index::{GroupName, Owner};
use crate::moment::{History, Moment, follow};
use crate::past::Key;
use crate::session::FactName;
use crate::value::{Interval, Value};

/// The answer to a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    True,
    False,
    /// Somebody has to look closer.
    Unsure,
}

/// One call: its arguments by slot, and all that stands around them.
#[derive(Debug)]
pub(super) struct Call<'c, H> {
    pub(super) slots: &'c Slots<'c>,
    pub(super) moment: &'c Moment<'c, H>,
}

impl<'c, H: History> Call<'c, H> {
    pub(super) fn ask(&self, condition: &'c Condition) -> Answer {
        match condition {
            Condition::Known(value) => (*value).into(),
            Condition::Unsure => Answer::Unsure,
            Condition::Not(inner) => self.ask(inner).not(),
            Condition::All(parts) => self.all(parts),
            Condition::Any(parts) => self.any(parts),
            Condition::Choose(parts) => {
                let [condition, yes, no] = parts.as_ref();
                match self.ask(condition) {
                    Answer::True => self.ask(yes),
                    Answer::False => self.ask(no),
                    Answer::Unsure => Answer::Unsure,
                }
            }
            Condition::Has(slot) => (self.slots.kind(*slot) != Kind::Absent).into(),
            Condition::Label(label) => {
                self.moment.session.has_read(label).map_or(Answer::Unsure, Answer::from)
            }
            Condition::WindowOpen(name) => {
                self.moment.windows.is_open(name, self.moment.now).into()
            }
            Condition::Approved => self.moment.approved.into(),
            test => self.test(test).map_or(Answer::Unsure, Answer::from),
        }
    }

    fn all(&self, parts: &'c [Condition]) -> Answer {
        let mut whole = Answer::True;
        for part in parts {
            match self.ask(part) {
                Answer::False => return Answer::False,
                Answer::Unsure => whole = Answer::Unsure,
                Answer::True => {}
            }
        }
        whole
    }

    fn any(&self, parts: &'c [Condition]) -> Answer {
        let mut whole = Answer::False;
        for part in parts {
            match self.ask(part) {
                Answer::True => return Answer::True,
                Answer::Unsure => whole = Answer::Unsure,
                Answer::False => {}
            }
        }
        whole
    }

    fn test(&self, test: &'c Condition) -> Option<bool> {
        match test {
            Condition::Compare(comparison, pair) => {
                let [left, right] = pair.as_ref();
                match self.value(left)?.compare(*comparison, &self.value(right)?) {
                    Truth::True => Some(true),
                    Truth::False => Some(false),
                    Truth::Unknown(_) => None,
                }
            }
            Condition::Listed(item, texts) => {
                let item = self.text(item)?;
                Some(texts.binary_search_by(|text| text.as_ref().cmp(&item)).is_ok())
            }
            Condition::Text(test, pair) => {
                let [left, right] = pair.as_ref();
                let (left, right) = (self.text(left)?, self.text(right)?);
                match test {
                    TextTest::StartsWith => Some(left.starts_with(&*right)),
                    TextTest::EndsWith => Some(left.ends_with(&*right)),
                    TextTest::Contains => Some(left.contains(&*right)),
                    TextTest::Under => canonical::is_under(&left, &right),
                }
            }
            Condition::Matches(subject, pattern) => {
                Some(pattern.regex.is_match(&self.text(subject)?))
            }
            Condition::Holds(operand) => match self.value(operand)? {
                Value::Bool(value) => Some(value),
                _ => None,
            },
            Condition::Exists(term, key) => {
                let total = self.total(*term, false, key.as_deref())?;
                if total.low > bounden_base::Decimal::ZERO {
                    return Some(true);
                }
                (total.high == bounden_base::Decimal::ZERO).then_some(false)
            }
            _ => None,
        }
    }

    fn text(&self, operand: &'c Operand) -> Option<Cow<'c, str>> {
        self.value(operand)?.text().ok()
    }

    /// The value of an operand, where it is there and read at once.
    pub(super) fn value(&self, operand: &'c Operand) -> Option<Value<'c>> {
        match operand {
            Operand::Number(number) => Some(Value::Number(Interval::exact(*number))),
            Operand::Text(text) => Some(Value::Text(Cow::Borrowed(text))),
            Operand::Slot(slot) => self.slots.value(*slot),
            Operand::Beside(path) => self.moment.read(path, &[]).ok(),
            Operand::Arithmetic(operator, pair) => self.arithmetic(*operator, pair),
            Operand::Total { term, summed, key } => {
                self.total(*term, *summed, key.as_deref()).map(Value::Number)
            }
            Operand::Fact { name, key, steps } => self.fact(name, key.as_deref(), steps),
            Operand::Lower(text) => {
                // A text without capitals is its own lower case.
                let text = self.text(text)?;
                text.bytes()
                    .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
                    .then_some(Value::Text(text))
            }
        }
    }

    fn arithmetic(&self, operator: Arithmetic, pair: &'c [Operand; 2]) -> Option<Value<'c>> {
        let [left, right] = pair;
        let (left, right) = (self.value(left)?.number().ok()?, self.value(right)?.number().ok()?);
        left.arithmetic(operator, right).ok().map(Value::Number)
    }

    fn total(&self, term: TermId, summed: bool, key: Option<&'c Operand>) -> Option<Interval> {
        let owner = Owner::of(
            self.moment.policy.terms.get(term)?,
            self.moment.session_id,
            self.moment.principal,
        )?;
        let key = match key {
            Some(key) => Some(self.key(key)?),
            None => None,
        };
        self.moment.total(&GroupName { term, owner, key }, summed)
    }

    fn fact(&self, name: &'c str, key: Option<&'c Operand>, steps: &[Step]) -> Option<Value<'c>> {
        let key = match key {
            Some(key) => Some(self.key(key)?),
            None => None,
        };
        let name = FactName { name: name.into(), key };
        follow(self.moment.session.facts.answer(&name, false).ok()?, steps).ok()
    }

    /// The key that a value is.
    pub(super) fn key(&self, operand: &'c Operand) -> Option<Key<'c>> {
        match self.value(operand)? {
            Value::Bool(value) => Some(Key::Bool(value)),
            Value::Number(number) if number.low == number.high => Some(Key::Number(number.low)),
            Value::Text(text) => Some(Key::Text(text)),
            Value::Number(_) | Value::Json(_) => None,
        }
    }

    /// Whether a value is certain not to be there.
    pub(super) fn is_absent(&self, operand: &Operand) -> bool {
        matches!(operand, Operand::Slot(slot) if self.slots.kind(*slot) == Kind::Absent)
    }
}

impl Answer {
    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unsure => Self::Unsure,
        }
    }
}

impl From<bool> for Answer {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}
