//! Reads a predicate as formulas: what the interpreter does with values, done
//! with all values at once.

mod atoms;
mod lists;
mod numbers;
mod places;

pub(super) use lists::MOST_LOOKED_AT;
pub(super) use numbers::rounding;

use std::rc::Rc;

use bounden_base::Json;

use super::formula::Formula;
use super::identity::Sides;
use super::kinds::Kinds;
use super::linear::Sum;
use super::space::{Origin, Place, Space, Thing, Variable};
use super::truths::Truths;
use crate::core::Core;
use crate::doubt::Doubt;
use crate::{Policy, ToolName};

/// Most values that one expression can have for it to be looked into.
const MOST_CASES: usize = 64;
/// Most literals in which what an expression can be is written out.
const MOST_LITERALS: usize = 20_000;
/// So many literals are written out in one step.
pub(super) const PER_STEP: usize = 8;

/// Why a predicate cannot be read this way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unread(pub(super) String);

pub(super) type Read<T> = Result<T, Unread>;

/// One of the values that an expression can have.
#[derive(Clone, Debug)]
enum Case {
    Bool(bool),
    Number(Number),
    Text(Text),
    List(List),
    Object(Variable),
    Doubt(Doubt),
}

/// A number that may be in doubt.
#[derive(Clone, Debug)]
struct Number {
    low: Sum,
    high: Sum,
    doubt: Doubt,
}

#[derive(Clone, Debug)]
enum Text {
    Constant(String),
    Variable(Variable),
}

#[derive(Clone, Debug)]
enum List {
    Literal(Rc<[Json]>),
    Place(Place, Variable),
}

/// Values with the formulas under which they are the value: exactly one holds.
type Cases = Vec<(Formula, Case)>;

/// What a variable of a list macro stands for.
#[derive(Clone, Debug)]
enum Binding {
    Place(Place),
    Literal(Json),
}

/// Reads the predicates of one policy about calls of one tool.
pub(super) struct Reader<'s, 'a> {
    pub(super) space: &'s mut Space<'a>,
    pub(super) sides: Sides<'a>,
    pub(super) policy: &'a Policy,
    pub(super) tool: &'a ToolName,
    /// So many items of each list are looked at, at most.
    pub(super) items: usize,
    bindings: Vec<Binding>,
    /// How many items this predicate has looked at so far.
    looked_at: Sum,
}

impl<'s, 'a> Reader<'s, 'a> {
    pub(super) fn new(
        space: &'s mut Space<'a>,
        sides: Sides<'a>,
        policy: &'a Policy,
        tool: &'a ToolName,
        items: usize,
    ) -> Self {
        let looked_at = Sum::constant(super::number::whole(0));
        Self { space, sides, policy, tool, items, bindings: Vec::new(), looked_at }
    }

    /// When a rule's predicate is true, false or not known.
    pub(super) fn predicate(&mut self, core: &'a Core) -> Read<Truths> {
        self.looked_at = Sum::constant(super::number::whole(0));
        self.truths(core)
    }

    fn truths(&mut self, core: &Core) -> Read<Truths> {
        let truths = self.every_truth(core)?;
        self.written(&truths.formulas().collect::<Vec<_>>())?;
        Ok(truths)
    }

    /// Takes the steps that it took to write formulas out, as long as there
    /// are not too many of them.
    fn written(&self, formulas: &[&Formula]) -> Read<()> {
        let mut left = MOST_LITERALS;
        let fit = formulas.iter().all(|formula| formula.is_within(&mut left));
        if !self.space.budget.spend(1 + (MOST_LITERALS - left) / PER_STEP) {
            return Err(Unread(self.space.budget.because().to_owned()));
        }
        if fit { Ok(()) } else { Err(Unread("it has too many cases".to_owned())) }
    }

    fn every_truth(&mut self, core: &Core) -> Read<Truths> {
        match core {
            Core::Bool(value) => Ok(Truths::of(*value)),
            Core::Not(inner) => Ok(self.truths(inner)?.not()),
            Core::And(left, right) => {
                Ok(Truths::all(vec![self.truths(left)?, self.truths(right)?]))
            }
            Core::Or(left, right) => Ok(Truths::any(vec![self.truths(left)?, self.truths(right)?])),
            Core::Choose(condition, yes, no) => {
                let condition = self.truths(condition)?;
                Ok(Truths::choose(condition, self.truths(yes)?, self.truths(no)?))
            }
            Core::Quantify(quantifier, list, body) => self.quantify(*quantifier, list, body),
            atom => match self.atom(atom) {
                Err(unread) => self.part(atom, unread),
                read => read,
            },
        }
    }

    /// Every value that an expression can have, each doubt once.
    fn cases(&mut self, core: &Core) -> Read<Cases> {
        let mut told = Cases::new();
        let mut doubts = Vec::new();
        for (formula, case) in self.every_case(core)? {
            match case {
                Case::Doubt(doubt) => super::truths::enter(&mut doubts, doubt, formula),
                _ => told.push((formula, case)),
            }
        }
        told.extend(doubts.into_iter().map(|(doubt, formula)| (formula, Case::Doubt(doubt))));
        if told.len() > MOST_CASES {
            return Err(Unread("it has too many cases".to_owned()));
        }
        self.written(&told.iter().map(|(formula, _)| formula).collect::<Vec<_>>())?;
        Ok(told)
    }

    fn every_case(&mut self, core: &Core) -> Read<Cases> {
        let always = |case| Ok(vec![(Formula::True, case)]);
        match core {
            Core::Number(number) => {
                always(Case::Number(Number::exact(super::space::constant(*number))))
            }
            Core::Text(text) => always(Case::Text(Text::Constant(text.clone()))),
            Core::List(Json::Array(items)) => {
                always(Case::List(List::Literal(items.clone().into())))
            }
            Core::Path(path) => self.path(path),
            Core::Has(path) => self.has(path).map(bools),
            Core::Arithmetic(operator, left, right) => {
                let (left, right) = (self.cases(left)?, self.cases(right)?);
                self.arithmetic(*operator, &left, &right)
            }
            Core::Choose(condition, yes, no) => {
                let condition = self.truths(condition)?;
                let (yes, no) = (self.cases(yes)?, self.cases(no)?);
                Ok(chosen(condition, yes, no))
            }
            Core::Size(of) => {
                let of = self.cases(of)?;
                Ok(self.size(of))
            }
            Core::Canonical(form, text) => {
                let text = self.cases(text)?;
                Ok(self.canonical(*form, text))
            }
            Core::History(term, aggregate, _) => self.history(*term, *aggregate),
            Core::Label(label) => Ok(self.label(label)),
            Core::WindowOpen(name) => Ok(bools(self.window(name))),
            Core::Approved => Ok(self.flag("approved".to_owned())),
            Core::HasForm(of, _) => self.has_form(of).map(bools),
            Core::Bool(_)
            | Core::Not(_)
            | Core::And(..)
            | Core::Or(..)
            | Core::Compare(..)
            | Core::In(_)
            | Core::Text2(..)
            | Core::Matches(..)
            | Core::Quantify(..) => self.truths(core).map(bools),
            _ => Err(Unread("it asks what is not looked into".to_owned())),
        }
    }

    /// Whether the session has read something with this label.
    fn label(&mut self, label: &str) -> Cases {
        let name = self.sides.named(label.to_owned(), self.sides.same_labels(), self.policy);
        let variable = self.space.variable(Thing::Label(name));
        let kind = |kinds| self.space.kind(variable, kinds);
        vec![
            (kind(Kinds::TRUE), Case::Bool(true)),
            (kind(Kinds::FALSE), Case::Bool(false)),
            (kind(Kinds::LIMIT), Case::Doubt(Doubt::LIMIT)),
        ]
    }

    fn flag(&mut self, name: String) -> Cases {
        let variable = self.space.variable(Thing::Flag(name));
        bools(Truths::when(self.space.kind(variable, Kinds::TRUE)))
    }

    /// A part that is not looked into holds or not, or is not known; it is the
    /// same wherever the same is asked.
    fn part(&mut self, core: &Core, unread: Unread) -> Read<Truths> {
        let is_bound = self.bindings.iter().any(|binding| matches!(binding, Binding::Place(_)));
        let mut terms = Vec::new();
        super::identity::terms_of(core, &mut terms);
        // In doubt about the past it would be in ways that are not told apart here.
        if is_bound || !terms.is_empty() {
            return Err(unread);
        }
        let name = self.sides.part(self.policy, core);
        let variable = self.space.variable(Thing::Part(name));
        let kind = |kinds| self.space.kind(variable, kinds);
        let doubts = [
            (Doubt::ABSENT, Kinds::MISSING),
            (Doubt::PENDING, Kinds::PENDING),
            (Doubt::LIMIT, Kinds::LIMIT),
        ];
        Ok(Truths {
            yes: kind(Kinds::TRUE),
            no: kind(Kinds::FALSE),
            unknown: doubts.into_iter().map(|(doubt, kinds)| (doubt, kind(kinds))).collect(),
        })
    }

    /// A window is open as an event said, else as the calendar has it.
    fn window(&mut self, name: &str) -> Truths {
        let said = self.space.variable(Thing::Flag(format!("window {name} said")));
        let open = self.space.variable(Thing::Flag(format!("window {name} open")));
        let (said, open) = (self.space.kind(said, Kinds::TRUE), self.space.kind(open, Kinds::TRUE));
        let by_calendar = match self.policy.bundle().windows.get(name) {
            Some(window) => {
                let now = Sum::of(self.space.variable(Thing::Now));
                let at = |time| super::space::constant(crate::typing::seconds(time));
                Formula::at_most(&at(window.from), &now).and(Formula::below(&now, &at(window.to)))
            }
            None => Formula::False,
        };
        Truths::when(Formula::any([said.clone().and(open), said.negated().and(by_calendar)]))
    }

    /// The place that the variable of a list macro stands for, or its value.
    fn binding(&self, depth: usize) -> Option<&Binding> {
        self.bindings.iter().rev().nth(depth)
    }

    fn fact(&self, name: &str) -> Origin {
        let fact = self.policy.bundle().facts.get(name);
        let is_same =
            self.sides.before.bundle().facts.get(name) == self.sides.after.bundle().facts.get(name);
        Origin::Fact(self.sides.named(format!("{name} {fact:?}"), is_same, self.policy))
    }
}

impl Number {
    fn exact(sum: Sum) -> Self {
        Self { low: sum.clone(), high: sum, doubt: Doubt::NONE }
    }

    fn is_exact(&self) -> bool {
        self.low == self.high
    }
}

/// Truth values as values.
fn bools(truths: Truths) -> Cases {
    let unknown = truths.unknown.into_iter().map(|(doubt, of)| (of, Case::Doubt(doubt)));
    [(truths.yes, Case::Bool(true)), (truths.no, Case::Bool(false))]
        .into_iter()
        .chain(unknown)
        .filter(|(formula, _)| !matches!(formula, Formula::False))
        .collect()
}

/// Values as truth values: what is neither true nor false has another type.
fn truth_of(cases: Cases) -> Truths {
    let mut truths = Truths { yes: Formula::False, no: Formula::False, unknown: Vec::new() };
    for (formula, case) in cases {
        match case {
            Case::Bool(true) => truths.yes = truths.yes.or(formula),
            Case::Bool(false) => truths.no = truths.no.or(formula),
            Case::Doubt(doubt) => super::truths::enter(&mut truths.unknown, doubt, formula),
            _ => super::truths::enter(&mut truths.unknown, Doubt::ABSENT, formula),
        }
    }
    truths
}

fn chosen(condition: Truths, yes: Cases, no: Cases) -> Cases {
    let guarded = |guard: &Formula, cases: Cases| {
        let guard = guard.clone();
        cases.into_iter().map(move |(formula, case)| (guard.clone().and(formula), case))
    };
    let unknown = condition.unknown.iter();
    let doubts = unknown.map(|(doubt, of)| (of.clone(), Case::Doubt(doubt.mixed())));
    guarded(&condition.yes, yes).chain(guarded(&condition.no, no)).chain(doubts).collect()
}
