//! Mistakes in predicates and in values to be set.

use bounden_base::Decimal;

use super::action::without;
use super::tree::{Edit, Part, Stand, edits};
use super::{Change, Operator, Patch, chain};
use crate::RuleId;
use crate::bundle::{Action, Bundle, Rule};
use crate::expr::{self, Expr, ExprKind, Operator as Symbol};
use crate::problem::Place;

pub(super) fn changes(bundle: &Bundle, id: &RuleId, rule: &Rule) -> Vec<Change> {
    let stands = |part: Part<'_>| stands(bundle, part);
    let found = |text: &str, is_condition| {
        expr::parse(text).map_or_else(|_| Vec::new(), |expr| edits(&expr, is_condition, &stands))
    };
    let mut changes = Vec::new();
    if let Some(when) = &rule.when {
        for edit in found(when, true) {
            let mutated = Rule { when: Some(edit.text.clone()), ..rule.clone() };
            changes.push(change(Place::Rule(id.clone()), id, mutated, edit));
        }
    }
    if let Action::Set { path, value } = &rule.action {
        for edit in found(value, false) {
            let action = Action::Set { path: path.clone(), value: edit.text.clone() };
            let mutated = Rule { action, ..rule.clone() };
            changes.push(change(Place::RuleSet(id.clone()), id, mutated, edit));
        }
    }
    changes
}

fn change(place: Place, id: &RuleId, mutated: Rule, edit: Edit) -> Change {
    Change {
        place,
        operator: edit.operator,
        span: edit.span,
        sentence: if edit.after.is_empty() {
            format!("`{id}` no longer says `{}`", edit.before)
        } else {
            format!("`{id}` says `{}` instead of `{}`", edit.after, edit.before)
        },
        patch: Patch::Rule(id.clone(), Some(Box::new(mutated))),
    }
}

/// What can stand in for a part, by mistake.
fn stands(bundle: &Bundle, part: Part<'_>) -> Vec<Stand> {
    let mut stands = Vec::new();
    match &part.expr.kind {
        ExprKind::Binary(symbol @ (Symbol::And | Symbol::Or), left, right) => {
            stands.extend(connective(*symbol, left, right));
        }
        ExprKind::Binary(symbol, left, right) => {
            let turned = boundary(*symbol).map(|symbol| {
                let kind = ExprKind::Binary(symbol, left.clone(), right.clone());
                Stand::new(Operator::Boundary, Expr { kind, ..part.expr.clone() })
            });
            stands.extend(turned);
        }
        ExprKind::Number(number) => stands.extend(other_numbers(part.expr, *number)),
        ExprKind::List(items) if items.len() > 1 => {
            stands.extend((0..items.len()).map(|index| {
                let kind = ExprKind::List(without(items, index));
                Stand::new(Operator::DropItem, Expr { kind, ..part.expr.clone() })
            }));
        }
        ExprKind::Not(inner) => stands.push(Stand::new(Operator::Negate, (**inner).clone())),
        ExprKind::Call { receiver, name, args } => {
            stands.extend(chain::stands(bundle, part.expr));
            if receiver.is_some() && name == "under" {
                stands.extend(args.first().and_then(|folder| larger(part.expr, folder)));
            }
        }
        _ => {}
    }
    if part.is_condition && !part.is_negated && is_atom(part.expr) {
        let kind = ExprKind::Not(Box::new(part.expr.clone()));
        stands.push(Stand::new(Operator::Negate, Expr { span: part.expr.span, kind }));
    }
    stands
}

fn connective(symbol: Symbol, left: &Expr, right: &Expr) -> Vec<Stand> {
    let other = if symbol == Symbol::And { Symbol::Or } else { Symbol::And };
    let swapped = ExprKind::Binary(other, left.clone().into(), right.clone().into());
    let span = left.span.to(right.span);
    let dropped = |gone: &Expr| match symbol {
        Symbol::Or => Operator::DropDisjunct,
        _ if is_guard(gone) => Operator::DropGuard,
        _ => Operator::DropConjunct,
    };
    vec![
        Stand::new(dropped(right), left.clone()),
        Stand::new(dropped(left), right.clone()),
        Stand::new(Operator::SwapConnective, Expr { span, kind: swapped }),
    ]
}

fn is_guard(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Call { receiver: None, name, .. } if name == "has")
}

/// Whether a condition has no conditions of its own that are turned instead.
fn is_atom(expr: &Expr) -> bool {
    !matches!(
        &expr.kind,
        ExprKind::Not(_)
            | ExprKind::Choose(..)
            | ExprKind::Binary(Symbol::And | Symbol::Or, _, _)
            | ExprKind::Bool(_)
    )
}

fn boundary(symbol: Symbol) -> Option<Symbol> {
    Some(match symbol {
        Symbol::Less => Symbol::LessEqual,
        Symbol::LessEqual => Symbol::Less,
        Symbol::Greater => Symbol::GreaterEqual,
        Symbol::GreaterEqual => Symbol::Greater,
        _ => return None,
    })
}

/// One more, one less, one more or less of the last digit, and twice as much.
fn other_numbers(expr: &Expr, number: Decimal) -> Vec<Stand> {
    let one = Decimal::from(1_u32);
    // The last digit of a whole number is a one, also where zeros are cut off.
    let last = Decimal::scaled(1, number.parts().1.min(0)).unwrap_or(one);
    let mut steps = vec![one, one.negated(), last, last.negated()];
    steps.dedup();
    let mut others: Vec<(Operator, Decimal)> = Vec::new();
    for step in steps {
        let moved = number.checked_add(step).filter(|moved| *moved != number);
        let moved = moved.filter(|moved| others.iter().all(|(_, known)| known != moved));
        others.extend(moved.map(|moved| (Operator::OffByOne, moved)));
    }
    let double = number.checked_add(number).filter(|double| *double != number);
    let double = double.filter(|double| others.iter().all(|(_, known)| known != double));
    others.extend(double.map(|double| (Operator::Double, double)));
    let stand = |(operator, number): (Operator, Decimal)| {
        let literal = |number| Expr { span: expr.span, kind: ExprKind::Number(number) };
        let expr = if number.is_negative() {
            let kind = ExprKind::Negate(Box::new(literal(number.negated())));
            Expr { span: expr.span, kind }
        } else {
            literal(number)
        };
        Stand::new(operator, expr)
    };
    others.into_iter().map(stand).collect()
}

/// `path(…).under(FOLDER)` with the folder above.
fn larger(expr: &Expr, folder: &Expr) -> Option<Stand> {
    let ExprKind::Text(text) = &folder.kind else { return None };
    let (above, _) = text.trim_end_matches('/').rsplit_once('/')?;
    let above = if above.is_empty() { "/" } else { above };
    let ExprKind::Call { receiver, name, .. } = &expr.kind else { return None };
    let folder = Expr { span: folder.span, kind: ExprKind::Text(above.to_owned()) };
    let kind =
        ExprKind::Call { receiver: receiver.clone(), name: name.clone(), args: vec![folder] };
    Some(Stand::new(Operator::WidenFolder, Expr { span: expr.span, kind }))
}
