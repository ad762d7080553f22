//! Turns the atoms that decided into words and into the nearest allowed change.

use bounden_base::Decimal;

use crate::EventId;
use crate::core::{Arithmetic, Comparison, Core, Path, Root, TermId};
use crate::doubt::{Doubt, Truth};
use crate::eval::Atom;
use crate::moment::{History, Moment};
use crate::value::{Interval, Value};

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

/// What of history an approver is shown: the most that each deciding number may be.
pub(crate) fn shown(atoms: &[Atom<'_>]) -> Vec<Decimal> {
    let sides = atoms.iter().flat_map(|atom| [&atom.left, &atom.right]);
    let numbers = sides.filter_map(|side| match side {
        Some(Value::Number(number)) => Some(number.high),
        _ => None,
    });
    numbers.collect()
}

/// The change of one argument that would make the deciding comparison false.
pub(crate) fn nearest<'a, H: History>(
    atoms: &[Atom<'a>],
    moment: &Moment<'a, H>,
) -> Option<String> {
    atoms.iter().find_map(|atom| {
        let Core::Compare(comparison, pair) = atom.core else { return None };
        let (Some(Value::Number(left)), Some(Value::Number(right))) = (&atom.left, &atom.right)
        else {
            return None;
        };
        if atom.truth == Truth::False || reads_args(&pair.right) {
            return None;
        }
        let path = linear(&pair.left)?;
        let value = moment.read(path, &[]).ok()?.number().ok()?;
        solve(*comparison, path, value.low, *left, *right)
    })
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
fn linear(core: &Core) -> Option<&Path> {
    match core {
        Core::Path(path) if path.root == Root::Args => Some(path),
        Core::Arithmetic(Arithmetic::Add, a, b) if !reads_args(a) => linear(b),
        Core::Arithmetic(Arithmetic::Add | Arithmetic::Subtract, a, b) if !reads_args(b) => {
            linear(a)
        }
        _ => None,
    }
}

fn reads_args(core: &Core) -> bool {
    match core {
        Core::Path(path) => path.root == Root::Args,
        Core::Arithmetic(_, a, b) => reads_args(a) || reads_args(b),
        Core::Number(_) | Core::History(..) => false,
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
        Core::History(_, _, text) => said(text.clone(), negated),
        Core::Has(path) => said(format!("has({})", path.text), negated),
        Core::Path(path) => said(path.text.clone(), negated),
        Core::Label(label) => said(format!("labels(\"{label}\")"), negated),
        Core::Approved => said("approved()".to_owned(), negated),
        Core::WindowOpen(name) => said(format!("window(\"{name}\").open"), negated),
        _ => said("its condition".to_owned(), negated),
    }
    .trim()
    .to_owned()
        + doubt_words(atom.truth)
}

fn said(text: String, negated: bool) -> String {
    if negated { format!("not {text}") } else { text }
}

fn doubt_words(truth: Truth) -> &'static str {
    match truth {
        Truth::Unknown(doubt) if doubt.has(Doubt::PENDING) => ", which is still under way",
        Truth::Unknown(doubt) if doubt.has(Doubt::ABSENT) => {
            ", which reads a value that is not there"
        }
        Truth::Unknown(doubt) if doubt.has(Doubt::MALFORMED) => {
            ", which reads a value of another type"
        }
        Truth::Unknown(doubt) if doubt.has(Doubt::RISING | Doubt::FALLING) => {
            ", where calls in flight decide"
        }
        Truth::Unknown(doubt) if doubt.has(Doubt::LOST) => ", where a call's outcome is lost",
        Truth::Unknown(_) => ", where history was summarised",
        Truth::True | Truth::False => "",
    }
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
        Core::Not(of) | Core::Size(of) | Core::Canonical(_, of) | Core::Matches(of, _, _) => {
            terms_of(of, terms)
        }
        _ => {}
    }
}
