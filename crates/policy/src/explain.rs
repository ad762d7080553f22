//! Turns the atoms that decided into words and into the nearest allowed change.

use bounden_base::{Decimal, Json};
use serde::{Deserialize, Serialize};

use crate::core::{Arithmetic, Comparison, Core, Path, Root, TermId};
use crate::doubt::{Doubt, Truth};
use crate::eval::{Atom, Part};
use crate::moment::{History, Moment};
use crate::policy::Policy;
use crate::snapshot::forms;
use crate::value::{Interval, Value};
use crate::{EventId, cost};

/// The part of a predicate that decided, with the values that it saw.
pub(crate) fn because(atoms: &[Atom<'_>]) -> String {
    atoms.iter().map(sentence).collect::<Vec<_>>().join(" and ")
}

/// Ids of earlier calls that the deciding atoms counted.
pub(crate) fn witness<H: History>(atoms: &[Atom<'_>], moment: &Moment<'_, H>) -> Vec<EventId> {
    let mut terms = Vec::new();
    for atom in atoms {
        terms_of(atom.core, &mut terms);
    }
    let mut ids: Vec<EventId> = Vec::new();
    for term in terms {
        for id in moment.history.witness(term, moment) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    ids
}

/// What an approver is shown of one part that decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    /// The part, without values.
    part: String,
    /// Numbers, signed so that larger ones are worse.
    #[serde(with = "forms::numbers")]
    most: Vec<Decimal>,
    /// Values that have to stay as they are.
    exact: Vec<String>,
}

/// What an approver is shown of the parts that decided.
pub(crate) fn shown(atoms: &[Atom<'_>]) -> Vec<Shown> {
    atoms.iter().map(Shown::of).collect()
}

impl Shown {
    fn of(atom: &Atom<'_>) -> Self {
        let part = part(atom);
        let Core::Compare(comparison, _) = atom.core else {
            return Self {
                part,
                most: Vec::new(),
                exact: atom.values().map(Value::written).collect(),
            };
        };
        let comparison = if atom.is_negated() { opposite(*comparison) } else { *comparison };
        match (comparison, &atom.left, &atom.right) {
            (
                Comparison::Greater | Comparison::GreaterEqual,
                Some(Value::Number(left)),
                Some(Value::Number(right)),
            ) => Self { part, most: vec![left.high, right.low.negated()], exact: Vec::new() },
            (
                Comparison::Less | Comparison::LessEqual,
                Some(Value::Number(left)),
                Some(Value::Number(right)),
            ) => Self { part, most: vec![left.low.negated(), right.high], exact: Vec::new() },
            _ => {
                Self { part, most: Vec::new(), exact: atom.values().map(Value::written).collect() }
            }
        }
    }

    /// Bytes that it takes.
    pub(crate) fn bytes(&self) -> usize {
        let exact = self.exact.iter().map(|value| cost::text(value));
        let most = self.most.len() * size_of::<Decimal>();
        cost::text(&self.part) + most + exact.sum::<usize>()
    }

    /// Whether `now` is no worse than what was shown.
    pub(crate) fn covers(&self, now: &Self) -> bool {
        self.part == now.part
            && self.exact == now.exact
            && self.most.len() == now.most.len()
            && self.most.iter().zip(&now.most).all(|(shown, now)| now <= shown)
    }
}

/// A part of a predicate as it is written, with whether it holds or its opposite.
fn part(atom: &Atom<'_>) -> String {
    let text = match atom.core {
        Core::Compare(comparison, pair) => {
            format!("{} {} {}", pair.left_text, comparison.symbol(), pair.right_text)
        }
        Core::In(pair) => format!("{} in {}", pair.left_text, pair.right_text),
        Core::Text2(test, pair) => {
            format!("{}.{}({})", pair.left_text, test.name(), pair.right_text)
        }
        Core::Matches(_, pattern, text) => format!("{text} matches {}", pattern.source),
        Core::Detects(_, kinds, text) => format!("{text} holds any of {kinds}"),
        other => return bare(other, atom.is_negated()),
    };
    said(text, atom.is_negated())
}

/// The change of arguments that would undo what the atoms decided: that of one
/// atom that decides alone, or those of all that decide the same.
pub(crate) fn nearest<'a, H: History>(
    atoms: &[Atom<'a>],
    moment: &Moment<'a, H>,
) -> Option<String> {
    let (together, alone): (Vec<_>, Vec<_>) =
        atoms.iter().partition(|atom| atom.part != Part::Alone);
    if let Some(change) = alone.into_iter().find_map(|atom| change(atom, moment)) {
        return Some(change);
    }
    let change = |atom: &Atom<'a>| change(atom, moment).filter(|_| atom.part == Part::WithOthers);
    let changes = together.into_iter().map(change);
    let mut changes: Vec<String> = changes.collect::<Option<_>>()?;
    changes.sort();
    changes.dedup();
    (!changes.is_empty()).then(|| changes.join(" && "))
}

/// The change of one argument that would turn a comparison.
fn change<'a, H: History>(atom: &Atom<'a>, moment: &Moment<'a, H>) -> Option<String> {
    let Core::Compare(comparison, pair) = atom.core else { return None };
    let (Some(Value::Number(left)), Some(Value::Number(right))) = (&atom.left, &atom.right) else {
        return None;
    };
    let comparison = if atom.is_negated() { opposite(*comparison) } else { *comparison };
    if reads_args(&pair.right, moment.policy) {
        return None;
    }
    let path = linear(&pair.left, moment.policy)?;
    let mut terms = Vec::new();
    terms_of(atom.core, &mut terms);
    let keys = terms.iter().filter_map(|term| moment.policy.terms.get(*term)?.by.as_ref());
    if keys.into_iter().any(|key| key.reads(path)) {
        return None;
    }
    let value = moment.read(path, &[]).ok()?.number().ok()?;
    solve(comparison, path, value.low, *left, *right)
}

/// Solves `path + rest OP bound` for the path, at the worst end of what is in doubt.
fn solve(
    comparison: Comparison,
    path: &Path,
    value: Decimal,
    left: Interval,
    right: Interval,
) -> Option<String> {
    let (opposite, total, bound) = match comparison {
        Comparison::Greater => ("<=", left.high, right.low),
        Comparison::GreaterEqual => ("<", left.high, right.low),
        Comparison::Less => (">=", left.low, right.high),
        Comparison::LessEqual => (">", left.low, right.high),
        Comparison::Equal | Comparison::NotEqual => return None,
    };
    let rest = total.checked_sub(value)?;
    let limit = bound.checked_sub(rest)?;
    // An upper limit below zero leaves nothing that could be asked for.
    let reachable = !(opposite.starts_with('<')
        && (limit.is_negative() || (opposite == "<" && limit == Decimal::ZERO)));
    reachable.then(|| format!("{} {opposite} {limit}", path.text))
}

/// The one argument that a sum contains once with factor one.
fn linear<'c>(core: &'c Core, policy: &Policy) -> Option<&'c Path> {
    match core {
        Core::Path(path) if path.root == Root::Args => Some(path),
        Core::Arithmetic(Arithmetic::Add, a, b) if !reads_args(a, policy) => linear(b, policy),
        Core::Arithmetic(Arithmetic::Add | Arithmetic::Subtract, a, b)
            if !reads_args(b, policy) =>
        {
            linear(a, policy)
        }
        _ => None,
    }
}

fn reads_args(core: &Core, policy: &Policy) -> bool {
    match core {
        Core::Path(path) => path.root == Root::Args,
        Core::Arithmetic(_, a, b) => reads_args(a, policy) || reads_args(b, policy),
        Core::Number(_) => false,
        Core::History(term, _, _) => !policy.is_fixed(*term),
        _ => true,
    }
}

fn sentence(atom: &Atom<'_>) -> String {
    let negated = atom.truth == Truth::False;
    match atom.core {
        Core::Compare(comparison, pair) => {
            let symbol = if negated { opposite(*comparison) } else { *comparison }.symbol();
            format!(
                "{} {symbol} {}",
                side(&pair.left, &pair.left_text, &atom.left),
                side(&pair.right, &pair.right_text, &atom.right)
            )
        }
        Core::In(pair) => {
            let word = if negated { "is not in" } else { "in" };
            format!("{} {word} {}", side(&pair.left, &pair.left_text, &atom.left), pair.right_text)
        }
        Core::Text2(test, pair) => {
            let text = format!(
                "{}.{}({})",
                side(&pair.left, &pair.left_text, &atom.left),
                test.name(),
                pair.right_text
            );
            said(text, negated)
        }
        Core::Matches(_, pattern, text) => {
            let value = atom
                .left
                .as_ref()
                .map_or_else(String::new, |value| format!(" ({})", value.shown()));
            let word = if negated { "does not match" } else { "matches" };
            format!("{text}{value} {word} `{}`", pattern.source)
        }
        // The kinds that were found, and never what was found.
        Core::Detects(_, kinds, text) => match &atom.left {
            Some(Value::Text(found)) if !found.is_empty() => format!("{text} holds {found}"),
            Some(_) => format!("{text} holds none of {kinds}"),
            None => format!("{text} holds any of {kinds}"),
        },
        other => bare(other, negated),
    }
    .trim()
    .to_owned()
        + &doubt_words(atom)
}

/// A part that has no values to show.
fn bare(core: &Core, negated: bool) -> String {
    let text = match core {
        Core::History(_, _, text) => text.clone(),
        Core::Has(path) => format!("has({})", path.text),
        Core::HasForm(_, text) => format!("has({text})"),
        Core::Shell(part) => part.text.clone(),
        Core::Origin(_, text) => text.clone(),
        Core::Path(path) => path.text.clone(),
        Core::Label(label) => format!("labels({})", quoted(label)),
        Core::Approved => "approved()".to_owned(),
        Core::WindowOpen(name) => format!("window({}).open", quoted(name)),
        _ => "its condition".to_owned(),
    };
    said(text, negated)
}

fn quoted(text: &str) -> String {
    Json::from(text).canonical()
}

fn said(text: String, negated: bool) -> String {
    if negated { format!("not {text}") } else { text }
}

fn doubt_words(atom: &Atom<'_>) -> String {
    let Truth::Unknown(doubt) = atom.truth else { return String::new() };
    if let Some(why) = atom.unread {
        return format!(", which cannot be read: {why}");
    }
    let words = match doubt {
        _ if doubt.has(Doubt::PENDING) => "which is still under way",
        _ if doubt.has(Doubt::ABSENT) => "which reads a value that is not there",
        _ if doubt.has(Doubt::MALFORMED) => "which reads a value of another type",
        _ if doubt.has(Doubt::RISING | Doubt::FALLING) => "where calls in flight decide",
        _ if doubt.has(Doubt::LOST) => "where a call's outcome is lost",
        _ => "where more would have to be looked at or remembered than may be",
    };
    format!(", {words}")
}

fn side(core: &Core, text: &str, value: &Option<Value<'_>>) -> String {
    match (core, value) {
        (Core::Number(_) | Core::Text(_) | Core::List(_), _) => text.to_owned(),
        (_, Some(value)) => format!("{text} ({})", value.shown()),
        (_, None) => text.to_owned(),
    }
}

fn opposite(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterEqual,
        Comparison::LessEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessEqual,
        Comparison::GreaterEqual => Comparison::Less,
    }
}

fn terms_of(core: &Core, terms: &mut Vec<TermId>) {
    match core {
        Core::History(term, _, _) => terms.push(*term),
        Core::Path(path) | Core::Has(path) => {
            if let Root::Last(term) = path.root {
                terms.push(term);
            }
        }
        Core::Compare(_, pair) | Core::In(pair) | Core::Text2(_, pair) => {
            terms_of(&pair.left, terms);
            terms_of(&pair.right, terms);
        }
        Core::Arithmetic(_, a, b) => {
            terms_of(a, terms);
            terms_of(b, terms);
        }
        Core::Not(of)
        | Core::Size(of)
        | Core::Canonical(_, of)
        | Core::Matches(of, _, _)
        | Core::Detects(of, _, _)
        | Core::HasForm(of, _)
        | Core::Origin(of, _) => terms_of(of, terms),
        Core::Shell(part) => terms_of(&part.command, terms),
        _ => {}
    }
}
