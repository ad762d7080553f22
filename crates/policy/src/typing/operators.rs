//! Operators between two operands.

use bounden_base::{Decimal, Span};

use super::presence::{if_false, if_true};
use super::{COUNT, NUMBER, Typed, Typing, pair};
use crate::core::{Arithmetic, Comparison, Core, Root};
use crate::expr::{Expr, ExprKind, Operator};
use crate::schema::Shape;

impl Typing<'_> {
    pub(super) fn binary(
        &mut self,
        span: Span,
        operator: Operator,
        left: &Expr,
        right: &Expr,
    ) -> Typed {
        match operator {
            // Kleene logic does not care about order, so each side may lean on the other.
            Operator::And => {
                let a =
                    self.knowing(&if_true(right), |typing| typing.expect(left, &Shape::Bool))?;
                let b =
                    self.knowing(&if_true(left), |typing| typing.expect(right, &Shape::Bool))?;
                Some((Core::And(a.into(), b.into()), Shape::Bool))
            }
            Operator::Or => {
                let a =
                    self.knowing(&if_false(right), |typing| typing.expect(left, &Shape::Bool))?;
                let b =
                    self.knowing(&if_false(left), |typing| typing.expect(right, &Shape::Bool))?;
                Some((Core::Or(a.into(), b.into()), Shape::Bool))
            }
            Operator::Equal => self.comparison(span, Comparison::Equal, left, right),
            Operator::NotEqual => self.comparison(span, Comparison::NotEqual, left, right),
            Operator::Less => self.comparison(span, Comparison::Less, left, right),
            Operator::LessEqual => self.comparison(span, Comparison::LessEqual, left, right),
            Operator::Greater => self.comparison(span, Comparison::Greater, left, right),
            Operator::GreaterEqual => self.comparison(span, Comparison::GreaterEqual, left, right),
            Operator::In => self.membership(left, right),
            Operator::Add => self.arithmetic(Arithmetic::Add, left, right),
            Operator::Subtract => self.arithmetic(Arithmetic::Subtract, left, right),
            Operator::Multiply => self.arithmetic(Arithmetic::Multiply, left, right),
            Operator::Divide => self.division(Arithmetic::Divide, left, right),
            Operator::Remainder => self.division(Arithmetic::Remainder, left, right),
        }
    }

    fn comparison(
        &mut self,
        span: Span,
        comparison: Comparison,
        left: &Expr,
        right: &Expr,
    ) -> Typed {
        let (a, left_shape) = self.expr(left)?;
        let (b, right_shape) = self.expr(right)?;
        if left_shape == Shape::Origin || right_shape == Shape::Origin {
            let sides = [(left, a, left_shape), (right, b, right_shape)];
            return self.origins_compared(span, comparison, sides);
        }
        if !left_shape.fits(&right_shape) {
            let message = format!("{} is compared with {}", left_shape.name(), right_shape.name());
            let is_time = |core: &Core| matches!(core, Core::Path(path) if path.root == Root::Now);
            let help = (is_time(&a) || is_time(&b))
                .then(|| "write a time as `timestamp(\"2026-12-20T00:00:00Z\")`".to_owned());
            return self.fail_with("B252", span, message, help);
        }
        self.has_form(&a, right)?;
        self.has_form(&b, left)?;
        let shape = if left_shape == Shape::Any { &right_shape } else { &left_shape };
        let ordered = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        match shape {
            Shape::Number { .. } | Shape::Text | Shape::Any => {}
            Shape::Bool if !ordered => {}
            other => {
                let message = format!(
                    "`{}` compares numbers and texts, not {}",
                    comparison.symbol(),
                    other.name()
                );
                return self.fail("B252", span, message);
            }
        }
        self.check_topic(&a, &b, span)?;
        self.check_topic(&b, &a, span)?;
        Some((Core::Compare(comparison, pair(a, b, left, right)), Shape::Bool))
    }

    fn membership(&mut self, left: &Expr, right: &Expr) -> Typed {
        let (item, shape) = self.expr(left)?;
        let (list, list_shape) = self.expr(right)?;
        let fits = match &list_shape {
            _ if shape == Shape::Origin => {
                self.origin_in(right)?;
                true
            }
            Shape::Any => true,
            Shape::List(items) => shape.fits(items),
            _ => false,
        };
        if !fits {
            let among = match &list_shape {
                Shape::List(items) => format!("a list, of which each item is {}", items.name()),
                other => other.name().to_owned(),
            };
            let message = format!("{} cannot be looked for in {among}", shape.name());
            let is_part = shape == Shape::Text && list_shape == Shape::Text;
            let help = is_part.then(|| format!("write `{right}.contains({left})`"));
            return self.fail_with("B252", left.span.to(right.span), message, help);
        }
        if let ExprKind::List(items) = &right.kind {
            items.iter().try_for_each(|text| self.has_form(&item, text))?;
        }
        self.check_topic(&item, &list, left.span.to(right.span))?;
        Some((Core::In(pair(item, list, left, right)), Shape::Bool))
    }

    /// A text that is compared with a canonical form has to be one itself, or
    /// the two are never equal.
    pub(super) fn has_form(&mut self, form: &Core, text: &Expr) -> Option<()> {
        let (Core::Canonical(canonicaliser, _), ExprKind::Text(literal)) = (form, &text.kind)
        else {
            return Some(());
        };
        let lower = literal.to_lowercase();
        if lower == *literal {
            return Some(());
        }
        let message =
            format!("`{}` gives lower case, so it is never `{literal}`", canonicaliser.name());
        self.fail_with("B252", text.span, message, Some(format!("write `{lower}`")))
    }

    fn arithmetic(&mut self, operator: Arithmetic, left: &Expr, right: &Expr) -> Typed {
        let (a, left_shape) = self.expr(left)?;
        let (b, right_shape) = self.expr(right)?;
        for (shape, side) in [(&left_shape, left), (&right_shape, right)] {
            if !shape.fits(&NUMBER) {
                return self.fail(
                    "B252",
                    side.span,
                    format!("`{side}` is {}, and a number is needed here", shape.name()),
                );
            }
        }
        let unsigned =
            left_shape == COUNT && right_shape == COUNT && operator != Arithmetic::Subtract;
        Some((Core::Arithmetic(operator, a.into(), b.into()), Shape::Number { signed: !unsigned }))
    }

    /// Only by a non-zero literal, so that no division can fail.
    fn division(&mut self, operator: Arithmetic, left: &Expr, right: &Expr) -> Typed {
        let (divisor, _) = self.expr(right)?;
        if !matches!(&divisor, Core::Number(number) if *number != Decimal::ZERO) {
            return self.fail("B252", right.span, "a divisor is a literal other than 0");
        }
        self.arithmetic(operator, left, right)
    }
}
