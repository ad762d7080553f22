//! Expressions with one part replaced.

use bounden_base::Span;

use super::Operator;
use crate::expr::{Expr, ExprKind, Operator as Symbol};

/// An expression in which one part was replaced.
pub(super) struct Edit {
    pub(super) operator: Operator,
    /// The part that was replaced, in bytes of the text.
    pub(super) span: Span,
    pub(super) before: String,
    pub(super) after: String,
    /// The whole expression as it is then.
    pub(super) text: String,
}

/// A part that stands in for another one.
pub(super) struct Stand {
    pub(super) operator: Operator,
    pub(super) expr: Expr,
    /// What changed, where the whole part would be long: before and after.
    pub(super) words: Option<(String, String)>,
}

/// A part of an expression and what its place asks of it.
#[derive(Clone, Copy)]
pub(super) struct Part<'e> {
    pub(super) expr: &'e Expr,
    /// It has to be true or false.
    pub(super) is_condition: bool,
    /// It is the operand of a `!` that can go instead.
    pub(super) is_negated: bool,
}

impl Stand {
    pub(super) fn new(operator: Operator, expr: Expr) -> Self {
        Self { operator, expr, words: None }
    }
}

/// Every edit that `stands` finds for a part of the expression, from the left.
pub(super) fn edits(
    whole: &Expr,
    is_condition: bool,
    stands: &dyn Fn(Part<'_>) -> Vec<Stand>,
) -> Vec<Edit> {
    let mut found = Vec::new();
    let part = Part { expr: whole, is_condition, is_negated: false };
    visit(part, &|expr| expr.to_string(), stands, &mut found);
    found
}

fn visit(
    part: Part<'_>,
    rebuilt: &dyn Fn(Expr) -> String,
    stands: &dyn Fn(Part<'_>) -> Vec<Stand>,
    found: &mut Vec<Edit>,
) {
    for Stand { operator, expr, words } in stands(part) {
        let (before, after) = words.unwrap_or_else(|| (part.expr.to_string(), expr.to_string()));
        let text = rebuilt(expr);
        found.push(Edit { operator, span: part.expr.span, before, after, text });
    }
    for (index, child) in children(part).into_iter().enumerate() {
        let rebuilt = |expr| rebuilt(with_child(part.expr, index, expr));
        visit(child, &rebuilt, stands, found);
    }
}

/// The parts of an expression, from the left.
fn children(part: Part<'_>) -> Vec<Part<'_>> {
    let value = |expr| Part { expr, is_condition: false, is_negated: false };
    let condition = |expr| Part { expr, is_condition: true, is_negated: false };
    match &part.expr.kind {
        ExprKind::List(items) => items.iter().map(value).collect(),
        ExprKind::Field(of, _) | ExprKind::Negate(of) => vec![value(of)],
        ExprKind::Index(of, index) => vec![value(of), value(index)],
        ExprKind::Not(of) => vec![Part { is_negated: true, ..condition(of) }],
        ExprKind::Binary(Symbol::And | Symbol::Or, left, right) => {
            vec![condition(left), condition(right)]
        }
        ExprKind::Binary(_, left, right) => vec![value(left), value(right)],
        ExprKind::Choose(test, yes, no) => vec![
            condition(test),
            Part { is_negated: false, expr: yes, ..part },
            Part { is_negated: false, expr: no, ..part },
        ],
        ExprKind::Call { receiver, name, args } => {
            let body = matches!(name.as_str(), "where" | "all" | "exists" | "exists_one");
            let last = args.len().saturating_sub(1);
            let args = args.iter().enumerate().map(|(index, arg)| {
                if body && index == last { condition(arg) } else { value(arg) }
            });
            receiver.iter().map(|of| value(of)).chain(args).collect()
        }
        _ => Vec::new(),
    }
}

/// The expression with another part at this place among its [`children`].
fn with_child(expr: &Expr, index: usize, child: Expr) -> Expr {
    let mut expr = expr.clone();
    let place: Option<&mut Expr> = match (&mut expr.kind, index) {
        (ExprKind::List(items), index) => items.get_mut(index),
        (ExprKind::Field(of, _) | ExprKind::Negate(of) | ExprKind::Not(of), 0)
        | (ExprKind::Index(of, _) | ExprKind::Binary(_, of, _) | ExprKind::Choose(of, _, _), 0)
        | (ExprKind::Index(_, of) | ExprKind::Binary(_, _, of) | ExprKind::Choose(_, of, _), 1)
        | (ExprKind::Choose(_, _, of), 2)
        | (ExprKind::Call { receiver: Some(of), .. }, 0) => Some(of),
        (ExprKind::Call { receiver: Some(_), args, .. }, index) => args.get_mut(index - 1),
        (ExprKind::Call { receiver: None, args, .. }, index) => args.get_mut(index),
        _ => None,
    };
    if let Some(place) = place {
        *place = child;
    }
    expr
}
