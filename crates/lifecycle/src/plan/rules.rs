//! Rules: which are new, gone or different, and what that can be shown to mean.

use bounden_base::Decimal;
use bounden_ledger::statement::DiffClass;
use bounden_policy::{Action, Bundle, EventName, Rule, RuleId};

use super::proof::{Proof, Proofs, not_proven};
use super::{Items, Sides, sentence};

pub(super) fn compare(sides: &Sides<'_>, proofs: &Proofs, items: &mut Items) {
    let (base, next) = (sides.base.side.bundle, sides.next.side.bundle);
    for (id, rule) in &next.rules {
        match base.rules.get(id) {
            None => added(id, rule, next, items),
            Some(before) if before != rule => {
                let change = Change { id, before, after: rule, base, next };
                change.enter(proofs.of_rule(id), items);
            }
            Some(_) => {}
        }
    }
    for (id, rule) in base.rules.iter().filter(|(id, _)| !next.rules.contains_key(*id)) {
        removed(id, rule, base, proofs.of_rule(id), items);
    }
    external(base, next, items);
    approvers(base, next, items);
}

fn added(id: &RuleId, rule: &Rule, among: &Bundle, items: &mut Items) {
    let class = class_of_addition(rule, among);
    let proof = match class {
        DiffClass::Opaque => not_proven(
            "it rewrites what is sent, or some rule counts attempts or asks for approvals",
        ),
        // One more answer only ever makes a decision stricter.
        _ => Proof::Proved,
    };
    items.shown(name(id), class, sentence::new_rule(id, rule), proof);
}

fn removed(id: &RuleId, rule: &Rule, among: &Bundle, proof: Proof, items: &mut Items) {
    let says = rule.says.trim_end_matches('.');
    if rule.shadow {
        let sentence = format!("`{id}` is no longer recorded: {says}.");
        return items.shown(name(id), DiffClass::Equal, sentence, Proof::Proved);
    }
    let hands_over = matches!(rule.action, Action::Escalate { .. });
    let class = match class_of_addition(rule, among) {
        DiffClass::Reduction if proof == Proof::Proved && !hands_over => DiffClass::Equal,
        DiffClass::Reduction => DiffClass::Expansion,
        class => class,
    };
    let others = match class {
        DiffClass::Equal if proof == Proof::Proved => "; what it stopped, others stop",
        _ => "",
    };
    let sentence = format!("`{id}` is no longer enforced: {says}{others}.");
    items.shown(name(id), class, sentence, proof);
}

/// A rule that is another one under the same name.
struct Change<'a> {
    id: &'a RuleId,
    before: &'a Rule,
    after: &'a Rule,
    base: &'a Bundle,
    next: &'a Bundle,
}

impl Change<'_> {
    fn enter(&self, proof: Proof, items: &mut Items) {
        let Self { id, before, after, .. } = *self;
        let reworded = Rule { says: after.says.clone(), ..before.clone() };
        if reworded == *after {
            let sentence = format!("`{id}` reads differently; what is enforced is the same.");
            return items.shown(name(id), DiffClass::Equal, sentence, Proof::Proved);
        }
        if before.shadow != after.shadow
            && reworded == (Rule { shadow: before.shadow, ..after.clone() })
        {
            return if after.shadow {
                removed(id, before, self.base, proof, items);
            } else {
                added(id, after, self.next, items);
            };
        }
        let moved = moved_bound(before, after).filter(|_| self.only_denies());
        let class = match (&proof, &moved) {
            (Proof::Witness { .. }, _) if self.is_followed() => DiffClass::Expansion,
            (Proof::Proved, _) if self.is_followed() => DiffClass::Reduction,
            (_, Some(moved)) => moved.class,
            _ => DiffClass::Opaque,
        };
        let sentence = match (&moved, class) {
            (Some(moved), _) => moved.sentence(id),
            (None, DiffClass::Reduction) => {
                format!("`{id}` is another rule; what it stopped is stopped.")
            }
            (None, DiffClass::Expansion) => format!("`{id}` is another rule, and stops less."),
            (None, _) => format!("`{id}` is another rule; what that changes was not proven."),
        };
        items.shown(name(id), class, sentence, proof);
    }

    /// Whether both rules do nothing but deny, and nothing sees that they do.
    fn only_denies(&self) -> bool {
        class_of_addition(self.before, self.base) == DiffClass::Reduction
            && class_of_addition(self.after, self.next) == DiffClass::Reduction
    }

    /// Whether what was shown of single events is all that changes: nothing
    /// sees that calls are denied, and a case that was handed over still is.
    fn is_followed(&self) -> bool {
        let Self { before, after, .. } = *self;
        let is_denial = |rule: &Rule, among: &Bundle| {
            let class = class_of_addition(rule, among);
            class == DiffClass::Reduction || (class == DiffClass::Equal && !rule.shadow)
        };
        let hands_over = matches!(before.action, Action::Escalate { .. });
        is_denial(before, self.base)
            && is_denial(after, self.next)
            && before.by == after.by
            && before.trigger.event == after.trigger.event
            && (!hands_over || before.action == after.action)
    }
}

fn name(id: &RuleId) -> String {
    format!("invariants.{id}")
}

/// What one more rule does. More denials are less, unless some expression
/// could see them, or the rule rewrites what is sent.
fn class_of_addition(rule: &Rule, among: &Bundle) -> DiffClass {
    if rule.shadow {
        return DiffClass::Equal;
    }
    let reads = |word: &str| {
        let rules = among.rules.values().filter_map(|rule| rule.when.as_deref());
        rules.chain(rule.when.as_deref()).any(|when| when.contains(word))
    };
    let on_call = rule.trigger.event == EventName::Call;
    match &rule.action {
        Action::Warn => DiffClass::Equal,
        Action::Set { .. } => DiffClass::Opaque,
        Action::Redact { .. } if on_call => DiffClass::Opaque,
        // A call that can be approved opens what waits for an approval.
        Action::RequireApproval(_) if reads("approved()") => DiffClass::Opaque,
        _ if reads("attempted()") => DiffClass::Opaque,
        _ => DiffClass::Reduction,
    }
}

/// A rule that differs in the number of its last comparison only.
struct MovedBound {
    class: DiffClass,
    left: String,
    from: Decimal,
    to: Decimal,
}

impl MovedBound {
    fn sentence(&self, id: &RuleId) -> String {
        format!("`{id}` fires at {} {} instead of {}.", self.left, self.to, self.from)
    }
}

/// The comparison that ends a predicate stands positively in it: whatever
/// negates or quantifies ends in a parenthesis. So the more often it holds,
/// the more often the rule fires.
fn moved_bound(before: &Rule, after: &Rule) -> Option<MovedBound> {
    let (old, new) = (before.when.as_deref()?, after.when.as_deref()?);
    let same = Rule { when: before.when.clone(), says: before.says.clone(), ..after.clone() };
    let ((left, from), (other, to)) = (last_number(old)?, last_number(new)?);
    if same != *before || left != other {
        return None;
    }
    let fires_above = left.ends_with("> ") || left.ends_with(">= ");
    let fires_below = left.ends_with("< ") || left.ends_with("<= ");
    if !fires_above && !fires_below {
        return None;
    }
    let fires_less = if fires_above { to > from } else { to < from };
    let class = if fires_less { DiffClass::Expansion } else { DiffClass::Reduction };
    Some(MovedBound { class, left: left.trim().to_owned(), from, to })
}

/// The text before the number that ends a predicate, and the number.
fn last_number(when: &str) -> Option<(&str, Decimal)> {
    let start = when.rfind(' ')? + 1;
    let number: Decimal = when.get(start..)?.parse().ok()?;
    Some((when.get(..start)?, number))
}

fn external(base: &Bundle, next: &Bundle, items: &mut Items) {
    for (id, control) in &next.external {
        match base.external.get(id) {
            None => items.reduction(
                name(id),
                format!("`{id}` is enforced by {}: {}.", control.control, control.says),
            ),
            Some(before) if before != control => {
                items.opaque(name(id), format!("The control behind `{id}` is another one."));
            }
            Some(_) => {}
        }
    }
    for id in base.external.keys().filter(|id| !next.external.contains_key(*id)) {
        items.expansion(name(id), format!("No control elsewhere enforces `{id}` any longer."));
    }
}

fn approvers(base: &Bundle, next: &Bundle, items: &mut Items) {
    for role in next.approvers.difference(&base.approvers) {
        let id = format!("ownership.approvers.{role}");
        items.expansion(id, format!("Calls may be approved by {role}."));
    }
    for role in base.approvers.difference(&next.approvers) {
        let id = format!("ownership.approvers.{role}");
        items.reduction(id, format!("Calls may no longer be approved by {role}."));
    }
}
