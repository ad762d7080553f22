//! Predicates as conditions that never fail to evaluate: where Cedar skips a
//! policy that fails, Bounden blocks.

use bounden_base::Json;

use super::operand::{Operand, Reader, Reason};
use super::shape::{Type, Value, all, constant, principal};
use super::term::Term;
use super::text::pattern;
use crate::core::{Comparison, Core, Pair, Path, TextTest};

/// How a value that is not there counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// The predicate is true, or cannot be evaluated.
    Possibly,
    /// The predicate is true.
    Certainly,
}

impl Reader<'_> {
    /// The predicate in a mode, where all of `known` holds already.
    pub(super) fn condition(
        &self,
        core: &Core,
        mode: Mode,
        known: &[Term],
    ) -> Result<Term, Reason> {
        match core {
            Core::Bool(value) => Ok(Term::Always(*value)),
            Core::Not(inner) => Ok(self.condition(inner, mode.other(), known)?.not()),
            Core::And(left, right) => {
                let first = self.condition(left, mode, known)?;
                let known = first.adding_to(known);
                Ok(first.and(self.condition(right, mode, &known)?))
            }
            Core::Or(left, right) => {
                let first = self.condition(left, mode, known)?;
                Ok(first.or(self.condition(right, mode, known)?))
            }
            Core::Choose(test, yes, no) => {
                let certain = self.condition(test, Mode::Certainly, known)?;
                let possible = self.condition(test, Mode::Possibly, known)?;
                let yes = self.condition(yes, mode, &certain.adding_to(known))?;
                let no = self.condition(no, mode, known)?;
                let unknown = Term::Always(mode == Mode::Possibly);
                let otherwise =
                    if certain == possible { no } else { possible.not().choose(no, unknown) };
                Ok(certain.choose(yes, otherwise))
            }
            Core::Has(path) => self.has(path, mode),
            atom => {
                let (atom, present) = self.atom(atom)?;
                let missing = present.into_iter().filter(|term| !known.contains(term)).collect();
                Ok(match mode {
                    Mode::Possibly => all(missing).choose(atom, Term::Always(true)),
                    Mode::Certainly => all(missing).and(atom),
                })
            }
        }
    }

    /// An amount that does not count is neither there nor not there.
    fn has(&self, path: &Path, mode: Mode) -> Result<Term, Reason> {
        let Operand::Value(value) = self.path(path)? else {
            return match self.path(path)? {
                Operand::Absent => Ok(Term::Always(false)),
                _ => Err(format!("`has({})` asks for what every call has", path.text)),
            };
        };
        let own = self.own_currency(&members(path))?;
        let is_there = |term: &Term| own.as_ref() != Some(term);
        let there = all(value.present.iter().filter(|term| is_there(term)).cloned().collect());
        Ok(match (own, mode) {
            (None, _) => there,
            (Some(own), Mode::Possibly) => own.not().or(there),
            (Some(own), Mode::Certainly) => own.and(there),
        })
    }

    /// A comparison or test, and what has to hold for its values to be there.
    fn atom(&self, core: &Core) -> Result<(Term, Vec<Term>), Reason> {
        match core {
            Core::Path(path) => match self.path(path)? {
                Operand::Value(Value { cedar, kind: Type::Bool, present }) => {
                    Ok((Term::Atom(cedar), present))
                }
                Operand::Absent => Ok(absent()),
                _ => Err(format!("`{}` is not true or false", path.text)),
            },
            Core::Compare(comparison, pair) => {
                let sides = (self.operand(&pair.left)?, self.operand(&pair.right)?);
                compared(*comparison, &sides.0, &sides.1)
                    .ok_or_else(|| cannot(pair, comparison.symbol()))?
            }
            Core::In(pair) => {
                let sides = (self.operand(&pair.left)?, self.operand(&pair.right)?);
                among(&sides.0, &sides.1).ok_or_else(|| cannot(pair, "in"))
            }
            Core::Text2(test, pair) => {
                let sides = (self.operand(&pair.left)?, self.operand(&pair.right)?);
                text(*test, &sides.0, &sides.1).ok_or_else(|| cannot(pair, test.name()))
            }
            Core::Matches(_, pattern, _) => {
                Err(format!("Cedar has no regular expressions (`{}`)", pattern.source))
            }
            Core::Quantify(..) => Err("Cedar looks at no item of a list by itself".to_owned()),
            Core::History(_, _, text) => Err(format!("`{text}` looks at earlier calls")),
            Core::Label(label) => Err(format!("`labels(\"{label}\")` is known of a session only")),
            Core::Approved => Err("Cedar keeps no approvals".to_owned()),
            Core::WindowOpen(name) => Err(format!("Cedar knows no window `{name}`")),
            _ => Err("Cedar has no condition for what it asks".to_owned()),
        }
    }
}

impl Mode {
    fn other(self) -> Self {
        match self {
            Self::Possibly => Self::Certainly,
            Self::Certainly => Self::Possibly,
        }
    }
}

type Atom = (Term, Vec<Term>);

/// A test of a value that no call has.
fn absent() -> Atom {
    (Term::Always(false), vec![Term::Always(false)])
}

fn cannot(pair: &Pair, how: &str) -> Reason {
    format!("Cedar cannot say `{}` {how} `{}`", pair.left_text, pair.right_text)
}

fn compared(
    comparison: Comparison,
    left: &Operand,
    right: &Operand,
) -> Option<Result<Atom, Reason>> {
    let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    let kind = match (left, right) {
        (Operand::Absent, _) | (_, Operand::Absent) => return Some(Ok(absent())),
        (Operand::Literal(left), Operand::Literal(right)) => {
            let holds = literals(comparison, left, right)?;
            return Some(Ok((Term::Always(holds), Vec::new())));
        }
        (Operand::Principal, Operand::Literal(Json::String(name)))
        | (Operand::Literal(Json::String(name)), Operand::Principal)
            if is_equality =>
        {
            let atom = format!("principal {} {}", comparison.symbol(), principal(name));
            return Some(Ok((Term::Atom(atom), Vec::new())));
        }
        (Operand::Value(value), _) | (_, Operand::Value(value)) => value.kind.clone(),
        _ => return None,
    };
    let ((a, before), (b, after)) = (left.beside(&kind)?, right.beside(&kind)?);
    let is_plain = match kind {
        Type::Long(..) => true,
        Type::Text | Type::Bool | Type::Decimal => is_equality,
        Type::Set(_) | Type::Record(_) => false,
    };
    let atom = match (is_plain, kind) {
        (true, _) => format!("{a} {} {b}", comparison.symbol()),
        (false, Type::Decimal) => format!("{a}.{}({b})", method(comparison)?),
        _ => return None,
    };
    Some(Ok((Term::Atom(atom), before.into_iter().chain(after).collect())))
}

/// How two decimals are compared.
fn method(comparison: Comparison) -> Option<&'static str> {
    Some(match comparison {
        Comparison::Less => "lessThan",
        Comparison::LessEqual => "lessThanOrEqual",
        Comparison::Greater => "greaterThan",
        Comparison::GreaterEqual => "greaterThanOrEqual",
        Comparison::Equal | Comparison::NotEqual => return None,
    })
}

fn literals(comparison: Comparison, left: &Json, right: &Json) -> Option<bool> {
    let order = match (left, right) {
        (Json::Number(left), Json::Number(right)) => left.cmp(right),
        (Json::String(left), Json::String(right)) => left.cmp(right),
        (Json::Bool(left), Json::Bool(right)) => left.cmp(right),
        _ => return None,
    };
    Some(match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterEqual => order.is_ge(),
    })
}

/// A value among literals, or among the items of an argument.
fn among(item: &Operand, list: &Operand) -> Option<Atom> {
    match (item, list) {
        (Operand::Absent, _) | (_, Operand::Absent) => Some(absent()),
        (Operand::Literal(item), Operand::Literal(Json::Array(items))) => {
            let found =
                items.iter().any(|other| literals(Comparison::Equal, item, other) == Some(true));
            Some((Term::Always(found), Vec::new()))
        }
        (Operand::Principal, Operand::Literal(Json::Array(items))) => {
            let names: Option<Vec<String>> =
                items.iter().map(|item| item.as_str().map(principal)).collect();
            Some((contains(&names?, "principal"), Vec::new()))
        }
        (Operand::Value(value), Operand::Literal(Json::Array(items))) => {
            let literals: Option<Vec<String>> =
                items.iter().map(|item| constant(item, &value.kind)).collect();
            Some((contains(&literals?, &value.cedar), value.present.clone()))
        }
        (item, Operand::Value(Value { cedar, kind: Type::Set(kind), present })) => {
            let (item, before) = item.beside(kind)?;
            let present = before.into_iter().chain(present.iter().cloned()).collect();
            Some((Term::Atom(format!("{cedar}.contains({item})")), present))
        }
        _ => None,
    }
}

/// Whether one of these; an empty set has no type in Cedar.
fn contains(items: &[String], item: &str) -> Term {
    if items.is_empty() {
        return Term::Always(false);
    }
    Term::Atom(format!("[{}].contains({item})", items.join(", ")))
}

fn text(test: TextTest, subject: &Operand, part: &Operand) -> Option<Atom> {
    let Operand::Literal(Json::String(part)) = part else { return None };
    let pattern = match test {
        TextTest::StartsWith => pattern(false, part, true),
        TextTest::EndsWith => pattern(true, part, false),
        TextTest::Contains => pattern(true, part, true),
        TextTest::Under => return None,
    };
    match subject {
        Operand::Absent => Some(absent()),
        Operand::Value(Value { cedar, kind: Type::Text, present }) => {
            Some((Term::Atom(format!("{cedar} like {pattern}")), present.clone()))
        }
        _ => None,
    }
}

fn members(path: &Path) -> Vec<String> {
    let name = |step: &crate::core::Step| match step {
        crate::core::Step::Member(name) => name.clone(),
        crate::core::Step::Item(index) => index.to_string(),
    };
    path.steps.iter().map(name).collect()
}
