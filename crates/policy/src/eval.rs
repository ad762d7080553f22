//! The reference interpreter: evaluates the core form by walking it.
//!
//! One pass gives the truth and the parts that decided it, so that a reason is
//! never found by evaluating again.

use std::borrow::Cow;

use bounden_base::{Decimal, Json};

use crate::canonical;
use crate::core::{
    Aggregate, Canonicaliser, CommandPart, Comparison, Core, Pair, Quantifier, TextTest,
};
use crate::detect::{self, Kinds};
use crate::doubt::{Doubt, Truth};
use crate::moment::{History, Moment, follow};
use crate::shell::Unread;
use crate::value::{Interval, Value};

/// A comparison or test whose outcome mattered, with the values it saw.
#[derive(Clone, Debug)]
pub(crate) struct Atom<'a> {
    pub(crate) core: &'a Core,
    pub(crate) truth: Truth,
    pub(crate) left: Option<Value<'a>>,
    pub(crate) right: Option<Value<'a>>,
    pub(crate) part: Part,
    /// Why a text in it cannot be read, where that is the doubt.
    pub(crate) unread: Option<&'static str>,
}

/// What would follow if an atom came out the other way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// So would the whole.
    Alone,
    /// So would the whole, if the other atoms did as well.
    WithOthers,
    /// A doubt would be left.
    Doubtful,
}

impl<'a> Atom<'a> {
    pub(crate) fn values(&self) -> impl Iterator<Item = &Value<'a>> {
        [&self.left, &self.right].into_iter().flatten()
    }

    /// Whether the opposite of the atom is what decided.
    pub(crate) fn is_negated(&self) -> bool {
        match self.truth {
            Truth::True => false,
            Truth::False => true,
            Truth::Unknown(doubt) => doubt.has(Doubt::FALLING) && !doubt.has(Doubt::RISING),
        }
    }
}

/// One evaluation.
pub(crate) struct Evaluation<'m, 'a, H> {
    moment: &'m Moment<'a, H>,
    variables: Vec<&'a Json>,
    /// Items of lists that may still be looked at.
    items: usize,
    /// Why a text could not be read since the last atom.
    unread: Option<&'static str>,
    /// The atoms that decided, in the order of the text.
    pub(crate) atoms: Vec<Atom<'a>>,
}

/// Most items of lists that one predicate looks at, nested lists multiplied.
pub(crate) const MOST_ITEMS: usize = 10_000;

const NO_URL: &str = "it is no URL that every reader finds the same host in";
const NO_ADDRESS: &str = "it is not one plain mail address";
const NO_PATH: &str = "the path leaves the folder that it is read from, or is none here";

type Evaluated<'a> = Result<Value<'a>, Doubt>;

/// Whether a predicate holds, and the atoms that decided.
pub(crate) fn truth<'a, H: History>(
    core: &'a Core,
    moment: &Moment<'a, H>,
) -> (Truth, Vec<Atom<'a>>) {
    let mut evaluation = Evaluation::new(moment);
    let truth = evaluation.truth(core);
    (truth, evaluation.atoms)
}

/// Whether a predicate holds inside list macros with these items, innermost last.
pub(crate) fn truth_among<'a, H: History>(
    core: &'a Core,
    moment: &Moment<'a, H>,
    variables: Vec<&'a Json>,
) -> Truth {
    Evaluation { variables, ..Evaluation::new(moment) }.truth(core)
}

/// The value of an expression.
pub(crate) fn value<'a, H: History>(core: &'a Core, moment: &Moment<'a, H>) -> Evaluated<'a> {
    Evaluation::new(moment).value(core)
}

impl<'m, 'a, H: History> Evaluation<'m, 'a, H> {
    fn new(moment: &'m Moment<'a, H>) -> Self {
        Self { moment, variables: Vec::new(), items: MOST_ITEMS, unread: None, atoms: Vec::new() }
    }

    fn truth(&mut self, core: &'a Core) -> Truth {
        match core {
            Core::Bool(value) => (*value).into(),
            Core::Not(inner) => self.truth(inner).not(),
            Core::And(left, right) => self.connective(left, right, Truth::and, Truth::False),
            Core::Or(left, right) => self.connective(left, right, Truth::or, Truth::True),
            Core::Choose(condition, yes, no) => match self.truth(condition) {
                Truth::True => self.truth(yes),
                Truth::False => self.truth(no),
                Truth::Unknown(doubt) => Truth::Unknown(doubt.mixed()),
            },
            Core::Quantify(quantifier, list, body) => self.quantify(*quantifier, list, body),
            atom => self.atom(atom),
        }
    }

    /// Both sides are evaluated; only the atoms of the side that decided stay.
    /// `either` is the truth that one side alone decides.
    fn connective(
        &mut self,
        left: &'a Core,
        right: &'a Core,
        join: fn(Truth, Truth) -> Truth,
        either: Truth,
    ) -> Truth {
        let start = self.atoms.len();
        let left_truth = self.truth(left);
        let middle = self.atoms.len();
        let right_truth = self.truth(right);
        let joined = join(left_truth, right_truth);
        let decides = |side: Truth| match joined {
            Truth::Unknown(_) => matches!(side, Truth::Unknown(_)),
            known => side == known,
        };
        let is_unknown = |side: Truth| matches!(side, Truth::Unknown(_));
        match (joined, decides(left_truth) && decides(right_truth)) {
            (joined, true) if joined == either || is_unknown(joined) => {
                self.mark(start, Part::WithOthers);
            }
            (_, false) if is_unknown(left_truth) || is_unknown(right_truth) => {
                self.mark(start, Part::Doubtful);
            }
            _ => {}
        }
        if !decides(right_truth) {
            self.atoms.truncate(middle);
        }
        if !decides(left_truth) {
            self.atoms.drain(start..middle);
        }
        joined
    }

    fn mark(&mut self, start: usize, part: Part) {
        for atom in self.atoms.iter_mut().skip(start).filter(|atom| atom.part != Part::Doubtful) {
            atom.part = part;
        }
    }

    fn quantify(&mut self, quantifier: Quantifier, list: &'a Core, body: &'a Core) -> Truth {
        let items = match self.items_of(list) {
            Ok(items) => items,
            Err(doubt) => return self.note(list, Truth::Unknown(doubt), None, None),
        };
        let start = self.atoms.len();
        let truths: Vec<Truth> = items
            .iter()
            .map(|item| {
                self.variables.push(item);
                let truth = self.truth(body);
                self.variables.pop();
                truth
            })
            .collect();
        // Each item has its own atoms, and none of them is an argument that could be changed.
        self.mark(start, Part::Doubtful);
        match quantifier {
            Quantifier::All => truths.into_iter().fold(Truth::True, Truth::and),
            Quantifier::Exists => truths.into_iter().fold(Truth::False, Truth::or),
            Quantifier::ExistsOne => exactly_one(&truths),
        }
    }

    fn atom(&mut self, core: &'a Core) -> Truth {
        let (truth, left, right) = match core {
            Core::Compare(comparison, pair) => self.compare(*comparison, pair),
            Core::In(pair) => self.membership(pair),
            Core::Text2(test, pair) => {
                let tested = self.operands(pair, |left, right| text_test(*test, left, right));
                if let (Truth::Unknown(Doubt::ABSENT), Some(_), Some(_)) = tested {
                    self.not_read(NO_PATH);
                }
                tested
            }
            Core::Matches(subject, pattern, _) => {
                let subject = self.value(subject);
                let truth = match &subject {
                    Ok(Value::Text(text)) => pattern.regex.is_match(text).into(),
                    Ok(_) => Truth::Unknown(Doubt::MALFORMED),
                    Err(doubt) => Truth::Unknown(*doubt),
                };
                (truth, subject.ok(), None)
            }
            Core::Detects(of, kinds, _) => self.detects(of, *kinds),
            other => {
                let truth = self.value(other).map_or_else(Truth::Unknown, Value::truth);
                (truth, None, None)
            }
        };
        self.note(core, truth, left, right)
    }

    fn note(
        &mut self,
        core: &'a Core,
        truth: Truth,
        left: Option<Value<'a>>,
        right: Option<Value<'a>>,
    ) -> Truth {
        let unread = self.unread.take().filter(|_| matches!(truth, Truth::Unknown(_)));
        self.atoms.push(Atom { core, truth, left, right, part: Part::Alone, unread });
        truth
    }

    /// The items of a list, taken from what may be looked at.
    fn items_of(&mut self, list: &'a Core) -> Result<&'a [Json], Doubt> {
        let Value::Json(Json::Array(items)) = self.value(list)? else {
            return Err(Doubt::MALFORMED);
        };
        self.look_at(items)?;
        Ok(items)
    }

    fn membership(&mut self, pair: &'a Pair) -> (Truth, Option<Value<'a>>, Option<Value<'a>>) {
        let (item, list) = (self.value(&pair.left), self.value(&pair.right));
        let truth = match (&item, &list) {
            (Ok(item), Ok(Value::Json(Json::Array(items)))) => match self.look_at(items) {
                Ok(()) => {
                    items.iter().map(|other| item.equals(other)).fold(Truth::False, Truth::or)
                }
                Err(doubt) => Truth::Unknown(doubt),
            },
            (Ok(_), Ok(_)) => Truth::Unknown(Doubt::MALFORMED),
            (Err(a), Err(b)) => Truth::Unknown(*a | *b),
            (Err(doubt), Ok(_)) | (Ok(_), Err(doubt)) => Truth::Unknown(*doubt),
        };
        (truth, item.ok(), list.ok())
    }

    /// Whether something is found, and of which kinds: a reason never quotes it.
    fn detects(
        &mut self,
        of: &'a Core,
        kinds: Kinds,
    ) -> (Truth, Option<Value<'a>>, Option<Value<'a>>) {
        let found = match self.value(of) {
            Ok(Value::Text(text)) => detect::find(&text, kinds).map(|found| found.kind).collect(),
            Ok(Value::Json(json)) => detect::kinds_in(json, kinds),
            Ok(Value::Number(number)) => detect::kinds_in(&Json::Number(number.low), kinds),
            Ok(Value::Bool(_)) => Kinds::NONE,
            Err(doubt) => return (Truth::Unknown(doubt), None, None),
        };
        ((!found.is_empty()).into(), Some(Value::Text(found.to_string().into())), None)
    }

    /// Takes the items of a list from what may be looked at.
    fn look_at(&mut self, items: &[Json]) -> Result<(), Doubt> {
        self.items = self.items.checked_sub(items.len()).ok_or(Doubt::LIMIT)?;
        Ok(())
    }

    fn compare(
        &mut self,
        comparison: Comparison,
        pair: &'a Pair,
    ) -> (Truth, Option<Value<'a>>, Option<Value<'a>>) {
        self.operands(pair, |left, right| left.compare(comparison, right))
    }

    fn operands(
        &mut self,
        pair: &'a Pair,
        test: impl Fn(&Value<'a>, &Value<'a>) -> Truth,
    ) -> (Truth, Option<Value<'a>>, Option<Value<'a>>) {
        let (left, right) = (self.value(&pair.left), self.value(&pair.right));
        let truth = match (&left, &right) {
            (Ok(left), Ok(right)) => test(left, right),
            (Err(a), Err(b)) => Truth::Unknown(*a | *b),
            (Err(doubt), Ok(_)) | (Ok(_), Err(doubt)) => Truth::Unknown(*doubt),
        };
        (truth, left.ok(), right.ok())
    }

    fn value(&mut self, core: &'a Core) -> Evaluated<'a> {
        match core {
            Core::Number(number) => Ok(Value::Number(Interval::exact(*number))),
            Core::Text(text) => Ok(Value::Text(Cow::Borrowed(text))),
            Core::List(list) => Ok(Value::Json(list)),
            Core::Path(path) => self.moment.read(path, &self.variables),
            Core::Has(path) => match self.moment.read(path, &self.variables) {
                Ok(_) => Ok(Value::Bool(true)),
                // A hidden amount is there all the same: whether it counts is what cannot be said.
                Err(Doubt::ABSENT) if self.is_hidden(path) => Err(Doubt::ABSENT),
                Err(Doubt::ABSENT) => Ok(Value::Bool(false)),
                Err(doubt) => Err(doubt),
            },
            Core::Arithmetic(operator, left, right) => {
                let (left, right) = (self.value(left)?.number()?, self.value(right)?.number()?);
                left.arithmetic(*operator, right).map(Value::Number)
            }
            Core::Choose(condition, yes, no) => match self.truth(condition) {
                Truth::True => self.value(yes),
                Truth::False => self.value(no),
                Truth::Unknown(doubt) => Err(doubt.mixed()),
            },
            Core::Size(of) => size(&self.value(of)?),
            Core::Canonical(canonicaliser, text) => {
                let text = self.value(text)?.text()?;
                let (form, what) = match canonicaliser {
                    Canonicaliser::Lower => (Some(text.to_lowercase()), ""),
                    Canonicaliser::Host => (canonical::host(&text), NO_URL),
                    Canonicaliser::Domain => (canonical::domain(&text), NO_ADDRESS),
                };
                let form = form.map(|form| Value::Text(Cow::Owned(form)));
                form.ok_or_else(|| self.not_read(what))
            }
            Core::Shell(part) => self.command(part),
            Core::HasForm(of, _) => match self.value(of) {
                Err(Doubt::ABSENT) => Ok(Value::Bool(false)),
                form => form.map(|_| Value::Bool(true)),
            },
            Core::Origin(of, _) => {
                let origin = self.moment.session.provenance.origin(&self.value(of)?)?;
                Ok(Value::Text(Cow::Borrowed(origin.name())))
            }
            Core::History(term, aggregate, _) => self.aggregate(*term, *aggregate),
            Core::Label(label) => self.moment.session.has_read(label).map(Value::Bool),
            Core::Approved => Ok(Value::Bool(self.moment.approved)),
            Core::WindowOpen(name) => {
                Ok(Value::Bool(self.moment.windows.is_open(name, self.moment.now)))
            }
            predicate => match self.truth(predicate) {
                Truth::True => Ok(Value::Bool(true)),
                Truth::False => Ok(Value::Bool(false)),
                Truth::Unknown(doubt) => Err(doubt),
            },
        }
    }

    /// A part of what a command line runs.
    fn command(&mut self, part: &'a CommandPart) -> Evaluated<'a> {
        let text = self.value(&part.command)?.text()?;
        match self.moment.commands.read(&text) {
            Ok(form) => follow(form, &part.steps),
            Err(Unread::TooLarge) => Err(Doubt::LIMIT),
            Err(Unread::Unclear(why)) => Err(self.not_read(why)),
        }
    }

    /// A text has no one form, for this reason: it is as good as not there.
    fn not_read(&mut self, why: &'static str) -> Doubt {
        self.unread.get_or_insert(why);
        Doubt::ABSENT
    }

    fn aggregate(&mut self, term: usize, aggregate: Aggregate) -> Evaluated<'a> {
        let tally = self.moment.tally(term, aggregate == Aggregate::Sum)?;
        if aggregate != Aggregate::Exists {
            return Ok(Value::Number(tally));
        }
        if tally.low > Decimal::ZERO {
            return Ok(Value::Bool(true));
        }
        if tally.high == Decimal::ZERO { Ok(Value::Bool(false)) } else { Err(tally.doubt) }
    }

    fn is_hidden(&self, path: &crate::core::Path) -> bool {
        let args = match path.root {
            crate::core::Root::Args => self.moment.args,
            crate::core::Root::ThisArgs => self.moment.this,
            _ => None,
        };
        args.is_some_and(|args| args.hides(&path.steps))
    }
}

fn exactly_one(truths: &[Truth]) -> Truth {
    let certain = truths.iter().filter(|truth| **truth == Truth::True).count();
    let doubts = truths
        .iter()
        .filter_map(|truth| if let Truth::Unknown(doubt) = truth { Some(*doubt) } else { None });
    match (certain, doubts.reduce(|a, b| a | b)) {
        (2.., _) | (0, None) => Truth::False,
        (1, None) => Truth::True,
        (_, Some(doubt)) => Truth::Unknown(doubt.mixed()),
    }
}

fn size<'a>(value: &Value<'_>) -> Evaluated<'a> {
    let length = match value {
        Value::Text(text) => text.chars().count(),
        Value::Json(Json::Array(items)) => items.len(),
        Value::Json(Json::Object(members)) => members.len(),
        _ => return Err(Doubt::MALFORMED),
    };
    let length = i64::try_from(length).map_err(|_| Doubt::ABSENT)?;
    Ok(Value::Number(Interval::exact(length.into())))
}

fn text_test(test: TextTest, left: &Value<'_>, right: &Value<'_>) -> Truth {
    let (Value::Text(left), Value::Text(right)) = (left, right) else {
        return Truth::Unknown(Doubt::MALFORMED);
    };
    match test {
        TextTest::StartsWith => left.starts_with(right.as_ref()),
        TextTest::EndsWith => left.ends_with(right.as_ref()),
        TextTest::Contains => left.contains(right.as_ref()),
        TextTest::Under => {
            return canonical::is_under(left, right)
                .map_or(Truth::Unknown(Doubt::ABSENT), Truth::from);
        }
    }
    .into()
}
