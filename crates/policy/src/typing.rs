//! Types an expression against what is known of the tools, and resolves it to
//! its core form.

mod commands;
mod detects;
mod functions;
mod hints;
mod history;
mod operators;
mod origins;
mod paths;
mod presence;
mod topic;

use bounden_base::{Decimal, Json, Span};

use crate::ToolName;
use crate::bundle::EventName;
use crate::core::{Arithmetic, Core, Pair, Term};
use crate::expr::{Expr, ExprKind};
use crate::policy::Surroundings;
use crate::schema::Shape;

pub(crate) use functions::seconds;
pub(crate) use hints::{FUNCTIONS, METHODS};
pub(crate) use history::LINKS;

/// What is wrong with one expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypeProblem {
    pub(crate) code: &'static str,
    pub(crate) span: Span,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// The place where an expression stands.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// The kind of event that it is evaluated at.
    pub(crate) event: EventName,
    /// The tools whose calls or results these are.
    pub(crate) tools: Vec<ToolName>,
    /// Whether the rule wants a grant, so that it cannot ask for one as well.
    pub(crate) requires_approval: bool,
}

/// The part of a chain that is typed: it reads the arguments of earlier calls,
/// which are all that history keeps of them.
#[derive(Clone, Debug)]
struct Prior {
    tools: Vec<ToolName>,
    /// Whether the present call's arguments can be read beside them.
    with_present: bool,
}

/// Types one expression.
pub(crate) struct Typing<'p> {
    surroundings: &'p Surroundings,
    site: &'p Site,
    terms: &'p mut Vec<Term>,
    prior: Option<Prior>,
    variables: Vec<(String, Shape)>,
    /// Paths that are known to be there.
    known: Vec<String>,
    /// The currency of the amounts that were read so far.
    currency: Option<String>,
    problem: Option<TypeProblem>,
}

pub(super) type Typed = Option<(Core, Shape)>;

const NUMBER: Shape = Shape::Number { signed: true };
const COUNT: Shape = Shape::Number { signed: false };

/// Parses and types `text`, which has to be of shape `wanted`.
pub(crate) fn compile(
    text: &str,
    wanted: &Shape,
    surroundings: &Surroundings,
    site: &Site,
    terms: &mut Vec<Term>,
) -> Result<(Core, String), TypeProblem> {
    let mut expr = crate::expr::parse(text).map_err(|error| TypeProblem {
        code: "B250",
        span: error.span,
        message: error.message,
        help: None,
    })?;
    let known_terms = terms.len();
    let mut typing = Typing::new(surroundings, site, terms);
    let core = typing.expect(&expr, wanted);
    let problem = typing.problem;
    match (core, problem) {
        (Some(core), None) => {
            detects::close(&mut expr);
            Ok((core, expr.to_string()))
        }
        (_, problem) => {
            terms.truncate(known_terms);
            Err(problem.unwrap_or_else(|| TypeProblem::untyped(&expr)))
        }
    }
}

/// Types a predicate over one value that has a name, instead of over an event.
pub(crate) fn compile_about(
    expr: &Expr,
    about: (String, Shape),
    surroundings: &Surroundings,
    site: &Site,
) -> Result<Core, TypeProblem> {
    let mut terms = Vec::new();
    let mut typing = Typing::new(surroundings, site, &mut terms);
    typing.variables.push(about);
    let core = typing.expect(expr, &Shape::Bool);
    core.ok_or_else(|| typing.problem.unwrap_or_else(|| TypeProblem::untyped(expr)))
}

/// What may stand at `path`, such as `args.limit`, in calls of these tools.
pub(crate) fn argument(
    path: &str,
    surroundings: &Surroundings,
    site: &Site,
) -> Result<Shape, TypeProblem> {
    let expr = crate::expr::parse(path).map_err(|error| TypeProblem {
        code: "B250",
        span: error.span,
        message: error.message,
        help: None,
    })?;
    let mut terms = Vec::new();
    let mut typing = Typing::new(surroundings, site, &mut terms);
    let shape = typing.resolve(&expr).map(|resolved| resolved.shape);
    shape.ok_or_else(|| typing.problem.unwrap_or_else(|| TypeProblem::untyped(&expr)))
}

impl TypeProblem {
    fn untyped(expr: &Expr) -> Self {
        let message = "this expression has no type".to_owned();
        Self { code: "B252", span: expr.span, message, help: None }
    }
}

impl Shape {
    /// The name of the type, for messages.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Any => "a value of unknown type",
            Self::Bool => "true or false",
            Self::Number { .. } => "a number",
            Self::Text => "a text",
            Self::List(_) => "a list",
            Self::Object { .. } => "an object",
            Self::Origin => "an origin",
        }
    }

    /// What either may be, of two shapes that fit one another.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Number { signed: a }, Self::Number { signed: b }) => {
                Self::Number { signed: a || b }
            }
            (Self::Any, _) | (_, Self::Any) => Self::Any,
            (own, _) => own,
        }
    }

    fn fits(&self, wanted: &Self) -> bool {
        matches!(
            (self, wanted),
            (Self::Any, _)
                | (_, Self::Any)
                | (Self::Bool, Self::Bool)
                | (Self::Number { .. }, Self::Number { .. })
                | (Self::Text, Self::Text)
                | (Self::List(_), Self::List(_))
                | (Self::Object { .. }, Self::Object { .. })
                | (Self::Origin, Self::Origin)
        )
    }
}

impl<'p> Typing<'p> {
    fn new(surroundings: &'p Surroundings, site: &'p Site, terms: &'p mut Vec<Term>) -> Self {
        Self {
            surroundings,
            site,
            terms,
            prior: None,
            variables: Vec::new(),
            known: Vec::new(),
            currency: None,
            problem: None,
        }
    }
}

impl Typing<'_> {
    fn fail<T>(&mut self, code: &'static str, span: Span, message: impl Into<String>) -> Option<T> {
        self.fail_with(code, span, message, None)
    }

    fn fail_with<T>(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        help: Option<String>,
    ) -> Option<T> {
        // The first problem is the cause; later ones follow from it.
        self.problem.get_or_insert(TypeProblem { code, span, message: message.into(), help });
        None
    }

    fn expect(&mut self, expr: &Expr, wanted: &Shape) -> Option<Core> {
        let (core, shape) = self.expr(expr)?;
        if shape.fits(wanted) {
            return Some(core);
        }
        self.fail(
            "B252",
            expr.span,
            format!("`{expr}` is {}, and {} is needed here", shape.name(), wanted.name()),
        )
    }

    fn expr(&mut self, expr: &Expr) -> Typed {
        match &expr.kind {
            ExprKind::Bool(value) => Some((Core::Bool(*value), Shape::Bool)),
            ExprKind::Number(number) => {
                Some((Core::Number(*number), Shape::Number { signed: number.is_negative() }))
            }
            ExprKind::Text(text) => Some((Core::Text(text.clone()), Shape::Text)),
            ExprKind::Null => self.fail_with(
                "B252",
                expr.span,
                "null cannot be compared",
                Some("ask `has(…)` whether a value is there".to_owned()),
            ),
            ExprKind::List(items) => self.list(items),
            ExprKind::Field(of, member) => match self.window_open(of, member) {
                Some(typed) => typed,
                None => self.path_value(expr),
            },
            ExprKind::Name(_) | ExprKind::Index(..) => self.path_value(expr),
            ExprKind::Not(inner) => {
                let core = self.expect(inner, &Shape::Bool)?;
                Some((Core::Not(core.into()), Shape::Bool))
            }
            ExprKind::Negate(inner) => self.negate(inner),
            ExprKind::Choose(condition, yes, no) => self.choose(condition, yes, no),
            ExprKind::Binary(operator, left, right) => {
                self.binary(expr.span, *operator, left, right)
            }
            ExprKind::Call { .. } => self.call(expr),
        }
    }

    fn list(&mut self, items: &[Expr]) -> Typed {
        let mut values = Vec::new();
        let mut shape = Shape::Any;
        for item in items {
            let (core, own) = self.expr(item)?;
            if !own.fits(&shape) {
                return self.fail("B252", item.span, "the items of a list are of one type");
            }
            shape = own;
            values.push(match core {
                Core::Bool(value) => Json::Bool(value),
                Core::Number(number) => Json::Number(number),
                Core::Text(text) => Json::String(text),
                _ => return self.fail("B252", item.span, "a list holds literals"),
            });
        }
        Some((Core::List(Json::Array(values)), Shape::List(shape.into())))
    }

    fn negate(&mut self, inner: &Expr) -> Typed {
        match self.expect(inner, &NUMBER)? {
            Core::Number(number) => Some((Core::Number(number.negated()), NUMBER)),
            core => {
                let zero = Core::Number(Decimal::ZERO);
                Some((Core::Arithmetic(Arithmetic::Subtract, zero.into(), core.into()), NUMBER))
            }
        }
    }

    fn choose(&mut self, condition: &Expr, yes: &Expr, no: &Expr) -> Typed {
        let test = self.expect(condition, &Shape::Bool)?;
        let (yes_core, yes_shape) =
            self.knowing(&presence::if_true(condition), |typing| typing.expr(yes))?;
        let (no_core, no_shape) =
            self.knowing(&presence::if_false(condition), |typing| typing.expr(no))?;
        if !no_shape.fits(&yes_shape) {
            let message =
                format!("`?` chooses between {} and {}", yes_shape.name(), no_shape.name());
            return self.fail("B252", yes.span.to(no.span), message);
        }
        let shape = yes_shape.or(no_shape);
        Some((Core::Choose(test.into(), yes_core.into(), no_core.into()), shape))
    }

    fn knowing<T>(&mut self, paths: &[String], run: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.known.len();
        self.known.extend_from_slice(paths);
        let value = run(self);
        self.known.truncate(before);
        value
    }
}

fn pair(left: Core, right: Core, left_expr: &Expr, right_expr: &Expr) -> Box<Pair> {
    Box::new(Pair {
        left,
        right,
        left_text: left_expr.to_string(),
        right_text: right_expr.to_string(),
    })
}
