//! Command lines in expressions: `shell(args.command).programs`.

use super::{Typed, Typing};
use crate::core::{CommandPart, Core};
use crate::expr::{Expr, ExprKind};
use crate::schema::Shape;
use crate::shell;

/// Whether the expression is `shell(x)` or a part of it.
pub(super) fn is_part(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call { receiver: None, name, .. } => name == "shell",
        ExprKind::Field(of, _) | ExprKind::Index(of, _) => is_part(of),
        _ => false,
    }
}

impl Typing<'_> {
    pub(super) fn command(&mut self, expr: &Expr) -> Typed {
        let (base, steps) = self.chain(expr)?;
        let ExprKind::Call { args, .. } = &base.kind else { return None };
        let [command] = args.as_slice() else {
            return self.fail("B251", base.span, "`shell` takes one text, a command line");
        };
        let command = self.expect(command, &Shape::Text)?;
        let (shape, _) = self.walk(vec![shell::shape()], &steps, expr)?;
        let part = CommandPart { command, steps, text: expr.to_string() };
        Some((Core::Shell(part.into()), shape))
    }
}
