//! Mistakes in what a rule does.

use bounden_base::Span;

use super::{Change, Operator, Patch};
use crate::RuleId;
use crate::bundle::{Action, Approval, Rule};
use crate::problem::Place;

pub(super) fn changes(id: &RuleId, rule: &Rule) -> Vec<Change> {
    let instead = |(operator, action): (Operator, Action)| Change {
        place: Place::RuleAction(id.clone()),
        operator,
        span: Span::new(0, rule.action.to_string().len()),
        sentence: format!("`{id}` does `{action}` instead of `{}`", rule.action),
        patch: Patch::Rule(id.clone(), Some(Box::new(Rule { action, ..rule.clone() }))),
    };
    weaker(&rule.action).into_iter().map(instead).collect()
}

fn weaker(action: &Action) -> Vec<(Operator, Action)> {
    let mut weaker = Vec::new();
    match action {
        Action::Warn => return weaker,
        Action::RequireApproval(approval) => weaker.extend(fewer(approval)),
        Action::Redact { kinds } if kinds.len() > 1 => {
            let without = |index| Action::Redact { kinds: without(kinds, index) };
            weaker.extend((0..kinds.len()).map(|index| (Operator::DropKind, without(index))));
        }
        Action::Block
        | Action::Halt
        | Action::Escalate { .. }
        | Action::Set { .. }
        | Action::Redact { .. } => {}
    }
    weaker.push((Operator::WeakenAction, Action::Warn));
    weaker
}

/// Fewer people have to agree, or fewer can.
fn fewer(approval: &Approval) -> Vec<(Operator, Action)> {
    let roles = &approval.roles;
    if roles.len() < 2 {
        return Vec::new();
    }
    let dropped = (0..roles.len()).map(|index| {
        let left = Approval { roles: without(roles, index), ..approval.clone() };
        (Operator::DropRole, Action::RequireApproval(left))
    });
    let either = Approval { all: false, ..approval.clone() };
    let either = approval.all.then_some((Operator::EitherRole, Action::RequireApproval(either)));
    dropped.chain(either).collect()
}

/// The list without one of its items.
pub(super) fn without<T: Clone>(items: &[T], index: usize) -> Vec<T> {
    let kept = items.iter().enumerate().filter(|(place, _)| *place != index);
    kept.map(|(_, item)| item.clone()).collect()
}
