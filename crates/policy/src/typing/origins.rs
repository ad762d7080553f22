//! Origins of values in expressions: `origin(args.to) == "user"`.

use bounden_base::Span;

use super::{Typed, Typing, pair};
use crate::core::{Comparison, Core};
use crate::expr::{Expr, ExprKind};
use crate::nearest;
use crate::provenance::Origin;
use crate::schema::Shape;

impl Typing<'_> {
    pub(super) fn origin(&mut self, of: &Expr) -> Typed {
        let (core, shape) = self.expr(of)?;
        match shape {
            Shape::Text | Shape::Number { .. } | Shape::Any => {
                Some((Core::Origin(core.into(), format!("origin({of})")), Shape::Origin))
            }
            Shape::List(_) => {
                let message = format!("`{of}` is a list, and each of its items has its own origin");
                let help = format!("ask each of them: `{of}.all(x, origin(x) == \"user\")`");
                self.fail_with("B252", of.span, message, Some(help))
            }
            other => {
                let message = format!(
                    "`{of}` is {}, and only a text or a number has an origin",
                    other.name()
                );
                self.fail("B252", of.span, message)
            }
        }
    }

    /// A comparison where one side at least is an origin.
    pub(super) fn origins_compared(
        &mut self,
        span: Span,
        comparison: Comparison,
        [left, right]: [(&Expr, Core, Shape); 2],
    ) -> Typed {
        if !matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
            let message =
                format!("`{}` compares numbers and texts, not origins", comparison.symbol());
            return self.fail_with("B252", span, message, Some(format!("list them: {}", listed())));
        }
        for (expr, _, shape) in [&left, &right] {
            if *shape != Shape::Origin {
                self.name_of_origin(expr)?;
            }
        }
        let pair = pair(left.1, right.1, left.0, right.0);
        Some((Core::Compare(comparison, pair), Shape::Bool))
    }

    /// An origin that is looked for in a list has to be one of listed origins.
    pub(super) fn origin_in(&mut self, list: &Expr) -> Option<()> {
        let ExprKind::List(names) = &list.kind else {
            let message = "an origin is looked for in a list of origins".to_owned();
            return self.fail_with(
                "B252",
                list.span,
                message,
                Some(format!("there are {}", listed())),
            );
        };
        names.iter().try_for_each(|name| self.name_of_origin(name))
    }

    fn name_of_origin(&mut self, expr: &Expr) -> Option<()> {
        let ExprKind::Text(text) = &expr.kind else {
            let message = format!("`{expr}` is compared with an origin");
            let help = format!("compare it with one of {}", listed());
            return self.fail_with("B252", expr.span, message, Some(help));
        };
        if Origin::NAMES.contains(&text.as_str()) {
            return Some(());
        }
        let help = match nearest::name(text, Origin::NAMES) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", listed()),
        };
        self.fail_with("B252", expr.span, format!("`{text}` is no origin"), Some(help))
    }
}

fn listed() -> String {
    Origin::NAMES.map(|name| format!("`{name}`")).join(", ")
}
