//! Mistakes in chains over earlier calls: `calls("T").by(…).within("30d").sum(…)`.

use super::Operator;
use super::tree::Stand;
use super::trigger::other_tools;
use crate::bundle::Bundle;
use crate::expr::{Expr, ExprKind};

/// What can stand in for one link of a chain, or for its beginning.
pub(super) fn stands(bundle: &Bundle, expr: &Expr) -> Vec<Stand> {
    let ExprKind::Call { receiver, name, args } = &expr.kind else { return Vec::new() };
    let Some(receiver) = receiver else {
        return if name == "calls" { beginning(bundle, expr, args) } else { Vec::new() };
    };
    if !is_chain(receiver) {
        return Vec::new();
    }
    let link = || link(name, args);
    let gone = |operator| {
        let words = Some((link(), String::new()));
        Stand { operator, expr: (**receiver).clone(), words }
    };
    let instead = |operator, name: &str, args: Vec<Expr>| {
        let words = Some((link(), self::link(name, &args)));
        let kind = ExprKind::Call { receiver: Some(receiver.clone()), name: name.to_owned(), args };
        Stand { operator, expr: Expr { span: expr.span, kind }, words }
    };
    match (name.as_str(), args.as_slice()) {
        ("by", [_]) => vec![gone(Operator::DropBy)],
        ("where", [_]) => vec![gone(Operator::DropWhere)],
        ("since" | "after", [tools]) => {
            let others = named(bundle, tools).into_iter();
            let others = others.map(|(operator, tools)| instead(operator, name, vec![tools]));
            std::iter::once(gone(Operator::DropOrder)).chain(others).collect()
        }
        ("within", [window]) => {
            let others = windows(window).into_iter();
            let others = others.map(|(operator, window)| instead(operator, name, vec![window]));
            std::iter::once(gone(Operator::DropWindow)).chain(others).collect()
        }
        ("across", [scope]) => match text(scope) {
            Some("agent") => vec![
                instead(Operator::NarrowScope, name, vec![literal(scope, "principal")]),
                gone(Operator::NarrowScope),
            ],
            Some("principal") => vec![gone(Operator::NarrowScope)],
            _ => Vec::new(),
        },
        ("succeeded" | "permitted", []) => {
            vec![instead(Operator::CountAttempts, "attempted", Vec::new())]
        }
        ("attempted", []) => vec![gone(Operator::CountEffects)],
        // Without a link that says so, calls count that were permitted and did not fail.
        ("count" | "exists" | "sum" | "last", _) if !says_what_counts(receiver) => {
            let kind = ExprKind::Call {
                receiver: Some(receiver.clone()),
                name: "attempted".to_owned(),
                args: Vec::new(),
            };
            let attempted = Expr { span: receiver.span, kind };
            let kind = ExprKind::Call {
                receiver: Some(Box::new(attempted)),
                name: name.clone(),
                args: args.clone(),
            };
            let words = Some((link(), format!(".attempted(){}", link())));
            let expr = Expr { span: expr.span, kind };
            vec![Stand { operator: Operator::CountAttempts, expr, words }]
        }
        _ => Vec::new(),
    }
}

fn beginning(bundle: &Bundle, expr: &Expr, args: &[Expr]) -> Vec<Stand> {
    let others = args.first().map(|tools| named(bundle, tools)).unwrap_or_default();
    let stand = |(operator, tools): (Operator, Expr)| {
        let kind = ExprKind::Call { receiver: None, name: "calls".to_owned(), args: vec![tools] };
        Stand::new(operator, Expr { span: expr.span, kind })
    };
    others.into_iter().map(stand).collect()
}

/// Texts that name fewer or more tools.
fn named(bundle: &Bundle, tools: &Expr) -> Vec<(Operator, Expr)> {
    let Some(text) = text(tools) else { return Vec::new() };
    let words: Vec<String> = text.split(',').map(|word| word.trim().to_owned()).collect();
    let others = other_tools(bundle, &words).into_iter();
    let text = |words: &[String]| if words.is_empty() { "*".into() } else { words.join(", ") };
    others.map(|(operator, words)| (operator, literal(tools, &text(&words)))).collect()
}

/// Twice and half of a window such as `30d`.
fn windows(window: &Expr) -> Vec<(Operator, Expr)> {
    let half = |count: u64, unit: &str| match (count % 2, unit) {
        (0, unit) => Some((count / 2, unit.to_owned())),
        (_, "d") => Some((count * 12, "h".to_owned())),
        (_, "h") => Some((count * 30, "m".to_owned())),
        (_, "m") => Some((count * 30, "s".to_owned())),
        _ => None,
    };
    let Some(text) = text(window) else { return Vec::new() };
    let digits = text.trim_end_matches(['d', 'h', 'm', 's']);
    let Some(unit) = text.strip_prefix(digits) else { return Vec::new() };
    let Some(count) = digits.parse::<u64>().ok().filter(|count| *count < 1 << 32) else {
        return Vec::new();
    };
    let longer = (Operator::LongerWindow, literal(window, &format!("{}{unit}", count * 2)));
    let shorter = half(count, unit)
        .map(|(count, unit)| (Operator::ShorterWindow, literal(window, &format!("{count}{unit}"))));
    std::iter::once(longer).chain(shorter).collect()
}

fn is_chain(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call { receiver: Some(receiver), .. } => is_chain(receiver),
        ExprKind::Call { receiver: None, name, .. } => name == "calls",
        _ => false,
    }
}

fn says_what_counts(chain: &Expr) -> bool {
    let ExprKind::Call { receiver: Some(receiver), name, .. } = &chain.kind else { return false };
    matches!(name.as_str(), "succeeded" | "permitted" | "attempted") || says_what_counts(receiver)
}

fn text(expr: &Expr) -> Option<&str> {
    if let ExprKind::Text(text) = &expr.kind { Some(text) } else { None }
}

fn literal(instead_of: &Expr, text: &str) -> Expr {
    Expr { span: instead_of.span, kind: ExprKind::Text(text.to_owned()) }
}

/// A link as it is written.
fn link(name: &str, args: &[Expr]) -> String {
    let args: Vec<String> = args.iter().map(ToString::to_string).collect();
    format!(".{name}({})", args.join(", "))
}
