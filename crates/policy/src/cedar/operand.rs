//! The two sides of a comparison.

use bounden_base::Json;

use super::shape::{Arguments, Found, Type, Value, constant};
use super::term::Term;
use crate::ToolName;
use crate::core::{Arithmetic, Core, Path, Root, Step};
use crate::policy::CompiledMoney;

/// Why something cannot be said in Cedar.
pub(super) type Reason = String;

/// What a rule reads of one call of one tool.
pub(super) struct Reader<'p> {
    pub(super) agent: &'p str,
    pub(super) tool: &'p ToolName,
    pub(super) arguments: &'p Arguments,
    pub(super) money: Option<&'p CompiledMoney>,
}

/// One side of a comparison.
#[derive(Clone, Debug)]
pub(super) enum Operand {
    Literal(Json),
    Value(Value),
    /// Whom the agent acts for.
    Principal,
    /// A value that no call has.
    Absent,
}

impl Reader<'_> {
    pub(super) fn operand(&self, core: &Core) -> Result<Operand, Reason> {
        match core {
            Core::Bool(value) => Ok(Operand::Literal((*value).into())),
            Core::Number(number) => Ok(Operand::Literal(Json::Number(*number))),
            Core::Text(text) => Ok(Operand::Literal(text.as_str().into())),
            Core::List(list) => Ok(Operand::Literal(list.clone())),
            Core::Path(path) => self.path(path),
            Core::Arithmetic(operator, left, right) => {
                self.arithmetic(*operator, &self.operand(left)?, &self.operand(right)?)
            }
            Core::History(_, _, text) => Err(format!("`{text}` looks at earlier calls")),
            Core::Size(_) => Err("Cedar knows no size of a text or a list".to_owned()),
            Core::Canonical(..) => Err("Cedar brings no text into a canonical form".to_owned()),
            Core::Choose(..) => Err("a value that depends on a condition".to_owned()),
            _ => Err("Cedar has no value for what it reads".to_owned()),
        }
    }

    /// A place of the call; an amount in a foreign currency is not there.
    pub(super) fn path(&self, path: &Path) -> Result<Operand, Reason> {
        match &path.root {
            Root::Args => {}
            Root::Principal if path.steps.is_empty() => return Ok(Operand::Principal),
            Root::Tool => return Ok(Operand::Literal(self.tool.as_str().into())),
            Root::Server => return Ok(Operand::Literal(self.tool.server().into())),
            Root::Agent => return Ok(Operand::Literal(self.agent.into())),
            Root::Fact(_) => return Err(format!("`{}` is what a tool answered before", path.text)),
            Root::Session(_) | Root::Last(_) | Root::Tag(_) => {
                return Err(format!("`{}` is known of a session only", path.text));
            }
            _ => return Err(format!("`{}` is nothing that a request to Cedar holds", path.text)),
        }
        let name = |step: &Step| match step {
            Step::Member(name) => Some(name.clone()),
            Step::Item(_) => None,
        };
        let names: Option<Vec<String>> = path.steps.iter().map(name).collect();
        let Some(names) = names else {
            return Err(format!(
                "`{}` is one item of a list, and Cedar's sets have no order",
                path.text
            ));
        };
        match self.arguments.find(&names) {
            Found::Absent => Ok(Operand::Absent),
            Found::Unknown => Err(format!("`{}` has no type that Cedar knows", path.text)),
            Found::Value(mut value) => {
                value.present.extend(self.own_currency(&names)?);
                Ok(Operand::Value(value))
            }
        }
    }

    /// What has to hold for an amount at this place to count.
    pub(super) fn own_currency(&self, names: &[String]) -> Result<Option<Term>, Reason> {
        let Some(money) = self.money.filter(|money| money.path == names) else { return Ok(None) };
        let Some(stated) = &money.currency_path else { return Ok(None) };
        match self.arguments.find(stated) {
            Found::Absent => Ok(None),
            Found::Value(Value { cedar, kind: Type::Text, present }) => {
                let own = super::text::quoted(&money.currency);
                let is_own = Term::Atom(format!("{cedar} == {own}"));
                Ok(Some(super::shape::all(present).choose(is_own, Term::Always(true))))
            }
            _ => Err(format!("`args.{}` has no type that Cedar knows", stated.join("."))),
        }
    }

    /// Sums, differences and products of whole numbers that cannot leave 64 bits.
    fn arithmetic(
        &self,
        operator: Arithmetic,
        left: &Operand,
        right: &Operand,
    ) -> Result<Operand, Reason> {
        let symbol = match operator {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide | Arithmetic::Remainder => {
                return Err("Cedar does not divide".to_owned());
            }
        };
        let (Some(a), Some(b)) = (Whole::of(left), Whole::of(right)) else {
            return Err("Cedar reckons with whole numbers only".to_owned());
        };
        let corners = [(a.least, b.least), (a.least, b.most), (a.most, b.least), (a.most, b.most)];
        let corners = corners.map(|(a, b)| match operator {
            Arithmetic::Add => a.checked_add(b),
            Arithmetic::Subtract => a.checked_sub(b),
            _ => a.checked_mul(b),
        });
        let fits = |number: &Option<i128>| number.and_then(|number| i64::try_from(number).ok());
        let bounds: Option<Vec<i64>> = corners.iter().map(fits).collect();
        let Some((least, most)) =
            bounds.and_then(|all| Some((all.iter().copied().min()?, all.iter().copied().max()?)))
        else {
            return Err(format!(
                "`{} {symbol} {}` may not fit into 64 bits; the schema can bound it",
                a.cedar, b.cedar
            ));
        };
        let present = a.present.iter().chain(&b.present).cloned().collect();
        Ok(Operand::Value(Value {
            cedar: format!("({} {symbol} {})", a.cedar, b.cedar),
            kind: Type::Long(least, most),
            present,
        }))
    }
}

/// A whole number within bounds.
struct Whole {
    cedar: String,
    least: i128,
    most: i128,
    present: Vec<Term>,
}

impl Whole {
    fn of(operand: &Operand) -> Option<Self> {
        match operand {
            Operand::Literal(Json::Number(number)) => {
                let number = number.to_i64()?;
                let (least, most) = (number.into(), number.into());
                Some(Self { cedar: number.to_string(), least, most, present: Vec::new() })
            }
            Operand::Value(Value { cedar, kind: Type::Long(least, most), present }) => Some(Self {
                cedar: cedar.clone(),
                least: (*least).into(),
                most: (*most).into(),
                present: present.clone(),
            }),
            _ => None,
        }
    }
}

impl Operand {
    /// As Cedar writes it beside a value of this type, and what has to hold for
    /// it to be there.
    pub(super) fn beside(&self, kind: &Type) -> Option<(String, Vec<Term>)> {
        match self {
            Self::Literal(json) => Some((constant(json, kind)?, Vec::new())),
            Self::Value(value) if value.kind.is_like(kind) => {
                Some((value.cedar.clone(), value.present.clone()))
            }
            _ => None,
        }
    }
}

impl Type {
    /// Whether two values can be compared.
    fn is_like(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Long(..), Self::Long(..))) || self == other
    }
}
