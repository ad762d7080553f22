//! Mistakes in budgets, in amounts of money and in facts.

use bounden_base::{Decimal, Span};

use super::{Change, Operator, Patch};
use crate::bundle::{Bundle, Fact, Limits, Money, Tool};
use crate::problem::Place;

pub(super) fn changes(bundle: &Bundle) -> Vec<Change> {
    let mut changes = limits(bundle.limits);
    for (name, tool) in &bundle.tools {
        let Some(money) = &tool.money else { continue };
        let change = |operator, sentence, money| Change {
            place: Place::Tool(name.clone()),
            operator,
            span: Span::default(),
            sentence,
            patch: Patch::Tool(name.clone(), Box::new(Tool { money, ..tool.clone() })),
        };
        let sentence = format!("`{}` of `{name}` is no amount of money", money.path);
        changes.push(change(Operator::DropMoney, sentence, None));
        if let Some(stated) = &money.currency_path {
            let sentence =
                format!("every amount of `{name}` is {}, whatever `{stated}` says", money.currency);
            let money = Money { currency_path: None, ..money.clone() };
            changes.push(change(Operator::DropCurrency, sentence, Some(money)));
        }
    }
    for (name, fact) in &bundle.facts {
        let Some(key) = &fact.key else { continue };
        changes.push(Change {
            place: Place::Fact(name.clone()),
            operator: Operator::DropFactKey,
            span: Span::default(),
            sentence: format!("`facts.{name}` is the last answer, whatever its `{key}`"),
            patch: Patch::Fact(name.clone(), Fact { key: None, ..fact.clone() }),
        });
    }
    changes
}

/// Each limit gone, and each larger by as little as can be.
fn limits(limits: Limits) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut counted = |name: &str, own: Option<u64>, with: &dyn Fn(Option<u64>) -> Limits| {
        let Some(own) = own else { return };
        let raised = own.saturating_add(1);
        changes.push(change(name, own, None, with(None)));
        changes.push(change(name, own, Some(raised.to_string()), with(Some(raised))));
    };
    counted("steps", limits.steps, &|steps| Limits { steps, ..limits });
    counted("tool_calls", limits.tool_calls, &|tool_calls| Limits { tool_calls, ..limits });
    counted("seconds", limits.seconds, &|seconds| Limits { seconds, ..limits });
    counted("denied_calls", limits.denied_calls, &|denied_calls| Limits { denied_calls, ..limits });
    if let Some(own) = limits.usd {
        let raised = Decimal::scaled(1, -2).and_then(|cent| own.checked_add(cent));
        changes.push(change("usd", own, None, Limits { usd: None, ..limits }));
        changes.extend(raised.map(|raised| {
            let limits = Limits { usd: Some(raised), ..limits };
            change("usd", own, Some(raised.to_string()), limits)
        }));
    }
    changes
}

fn change(
    name: &str,
    own: impl std::fmt::Display,
    raised: Option<String>,
    limits: Limits,
) -> Change {
    let (operator, sentence) = match raised {
        None => (Operator::DropLimit, format!("there is no limit of {own} for `{name}`")),
        Some(raised) => {
            (Operator::RaiseLimit, format!("the limit of `{name}` is {raised} instead of {own}"))
        }
    };
    let (place, span) = (Place::Bundle, Span::default());
    Change { place, operator, span, sentence, patch: Patch::Limits(limits) }
}
