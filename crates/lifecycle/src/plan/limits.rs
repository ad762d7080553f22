//! Budgets: a larger number is more, a smaller one less.

use bounden_ledger::statement::DiffClass;
use bounden_policy::Limits;

use super::{Items, Sides};

pub(super) fn compare(sides: &Sides<'_>, items: &mut Items) {
    let (base, next) = (&sides.base.surface, &sides.next.surface);
    budgets("constraints.limits", "", &base.enforced.limits, &next.enforced.limits, items);
    let environments: std::collections::BTreeSet<_> =
        base.declared.environments.keys().chain(next.declared.environments.keys()).collect();
    for name in environments {
        // An environment that narrows nothing has the budgets of all.
        let before = base.declared.environments.get(name).unwrap_or(&base.enforced.limits);
        let after = next.declared.environments.get(name).unwrap_or(&next.enforced.limits);
        budgets(&format!("environments.{name}"), &format!(" in {name}"), before, after, items);
    }
}

fn budgets(id: &str, place: &str, before: &Limits, after: &Limits, items: &mut Items) {
    let whole = |number: Option<u64>| number.map(bounden_base::Decimal::from);
    for (name, what, before, after) in [
        ("steps", "steps", whole(before.steps), whole(after.steps)),
        ("tool_calls", "tool calls", whole(before.tool_calls), whole(after.tool_calls)),
        ("usd", "US dollars", before.usd, after.usd),
        ("seconds", "seconds", whole(before.seconds), whole(after.seconds)),
        ("denied_calls", "denied calls", whole(before.denied_calls), whole(after.denied_calls)),
    ] {
        let class = match (before, after) {
            (before, after) if before == after => continue,
            (Some(before), Some(after)) if after < before => DiffClass::Reduction,
            (None, Some(_)) => DiffClass::Reduction,
            _ => DiffClass::Expansion,
        };
        let shown = |number: Option<bounden_base::Decimal>| {
            number.map_or("any number of".to_owned(), |number| number.to_string())
        };
        let sentence = format!(
            "A session{place} may take {} {what} instead of {}.",
            shown(after),
            shown(before)
        );
        items.push(format!("{id}.{name}"), class, sentence);
    }
}
