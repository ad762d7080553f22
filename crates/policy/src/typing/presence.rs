//! What follows from a condition about values that need not be there.

use crate::expr::{Expr, ExprKind, Operator};

/// The paths that `has()` has found where the condition holds.
pub(super) fn if_true(condition: &Expr) -> Vec<String> {
    match &condition.kind {
        ExprKind::Binary(Operator::And, left, right) => {
            let mut paths = if_true(left);
            paths.extend(if_true(right));
            paths
        }
        ExprKind::Not(inner) => if_false(inner),
        ExprKind::Call { receiver: None, name, args } if name == "has" => {
            args.iter().map(Expr::to_string).collect()
        }
        _ => Vec::new(),
    }
}

/// The paths that `has()` has found where the condition does not hold.
pub(super) fn if_false(condition: &Expr) -> Vec<String> {
    match &condition.kind {
        ExprKind::Binary(Operator::Or, left, right) => {
            let mut paths = if_false(left);
            paths.extend(if_false(right));
            paths
        }
        ExprKind::Not(inner) => if_true(inner),
        _ => Vec::new(),
    }
}
