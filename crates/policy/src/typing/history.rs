//! Chains over earlier calls: `calls("T").by(…).within("30d").sum(…)`.

use std::collections::BTreeSet;
use std::mem::take;

use bounden_base::{SignedDuration, Span};

use super::{COUNT, Prior, Typed, Typing};
use crate::core::{Aggregate, Core, Counting, Root, Scope, Step, Term, TermId};
use crate::expr::{Expr, ExprKind};
use crate::schema::Shape;
use crate::{ToolName, nearest};

/// What chains are made of, and how it is written.
pub(crate) const LINKS: [(&str, &str); 13] = [
    ("across", ".across(\"agent\")"),
    ("after", ".after(\"TOOL\")"),
    ("attempted", ".attempted()"),
    ("by", ".by(args.customer)"),
    ("count", ".count()"),
    ("exists", ".exists()"),
    ("last", ".last().args.amount"),
    ("permitted", ".permitted()"),
    ("since", ".since(\"TOOL\")"),
    ("succeeded", ".succeeded()"),
    ("sum", ".sum(args.amount)"),
    ("where", ".where(args.amount > 5)"),
    ("within", ".within(\"30d\")"),
];

/// Whether the expression is a chain that begins with `calls(…)` and has links.
pub(super) fn is_chain(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call { receiver: Some(receiver), .. } => is_chain(receiver) || is_start(receiver),
        _ => false,
    }
}

fn is_start(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Call { receiver: None, name, .. } if name == "calls")
}

impl Typing<'_> {
    pub(super) fn history(&mut self, expr: &Expr) -> Typed {
        let ExprKind::Call { receiver: Some(links), name, args } = &expr.kind else { return None };
        let mut term = self.term(links)?;
        let text = expr.to_string();
        match (name.as_str(), args.as_slice()) {
            ("count", []) => {
                Some((Core::History(self.intern(term), Aggregate::Count, text), COUNT))
            }
            ("exists", []) => {
                Some((Core::History(self.intern(term), Aggregate::Exists, text), Shape::Bool))
            }
            ("sum", [value]) => {
                term.sum = Some(self.summand(&term, value)?);
                Some((Core::History(self.intern(term), Aggregate::Sum, text), COUNT))
            }
            ("last", []) => self.fail("B252", expr.span, "read a member of it: `.last().args.…`"),
            ("count" | "exists", _) => self.fail(
                "B251",
                expr.span,
                format!("`{name}` takes no arguments in a chain over calls"),
            ),
            ("sum", _) => {
                self.fail("B251", expr.span, "`sum` takes what is added up: `.sum(args.amount)`")
            }
            _ if LINKS.iter().any(|(known, _)| known == name) => {
                let help =
                    "end the chain with `.count()`, `.sum(…)`, `.exists()` or `.last()`".to_owned();
                self.fail_with(
                    "B251",
                    expr.span,
                    format!("`{name}` does not end a chain over calls"),
                    Some(help),
                )
            }
            _ => self.unknown_link(name, expr.span),
        }
    }

    /// The root of `calls(…).last().args.x`.
    pub(super) fn last(
        &mut self,
        base: &Expr,
        steps: &[Step],
    ) -> Option<(Root, Vec<Shape>, usize)> {
        let ExprKind::Call { receiver: Some(links), .. } = &base.kind else { return None };
        if !matches!(steps.first(), Some(Step::Member(name)) if name == "args") {
            return self.fail("B251", base.span, "the latest call has one member, `.args`");
        }
        let term = Term { latest: true, ..self.term(links)? };
        let tools: Vec<ToolName> = term.tools.iter().cloned().collect();
        let shapes = self.argument_shapes(&tools);
        Some((Root::Last(self.intern(term)), shapes, 1))
    }

    fn term(&mut self, expr: &Expr) -> Option<Term> {
        if self.prior.is_some() {
            return self.not_kept("a chain over calls", expr.span);
        }
        let ExprKind::Call { receiver, name, args } = &expr.kind else {
            return self.fail("B251", expr.span, "a chain begins with `calls(\"…\")`");
        };
        let Some(receiver) = receiver else {
            let [tools] = args.as_slice() else {
                return self.fail("B251", expr.span, "`calls` takes one text that names tools");
            };
            return Some(Term {
                tools: self.tools_named(tools)?,
                counting: Counting::Effective,
                scope: Scope::Session,
                by: None,
                filter: None,
                since: None,
                after: None,
                within: None,
                sum: None,
                latest: false,
            });
        };
        let mut term = self.term(receiver)?;
        if stands_in(receiver, name) {
            let message = format!("`{name}` decides what an earlier link of this chain decided");
            return self.fail("B251", expr.span, message);
        }
        match (name.as_str(), args.as_slice()) {
            ("by", [key]) => term.by = Some(self.key(&term, key)?),
            ("where", [filter]) => {
                let prior = Prior { with_present: true, ..Prior::of(&term) };
                let filter = self.among(prior, |typing| typing.expect(filter, &Shape::Bool))?;
                term.filter = Some(match term.filter {
                    Some(earlier) => Core::And(earlier.into(), filter.into()),
                    None => filter,
                });
            }
            ("across", [scope]) => term.scope = self.scope(scope)?,
            ("succeeded", []) => term.counting = Counting::Effective,
            ("permitted", []) => term.counting = Counting::Permitted,
            ("attempted", []) => term.counting = Counting::Attempted,
            ("since", [tools]) => term.since = Some(self.tools_named(tools)?),
            ("after", [tools]) => term.after = Some(self.tools_named(tools)?),
            ("within", [duration]) => term.within = Some(self.duration(duration)?),
            ("count" | "exists" | "last" | "sum", _) => {
                let message = format!("`{name}` ends a chain over calls, and nothing follows it");
                return self.fail("B251", expr.span, message);
            }
            _ => match LINKS.iter().find(|(known, _)| known == name) {
                Some((_, usage)) => {
                    let message = format!("`{name}` does not take {} arguments", args.len());
                    let help = format!("write `{usage}`");
                    return self.fail_with("B251", expr.span, message, Some(help));
                }
                None => return self.unknown_link(name, expr.span),
            },
        }
        Some(term)
    }

    fn unknown_link<T>(&mut self, name: &str, span: Span) -> Option<T> {
        let links = LINKS.iter().map(|(known, _)| *known);
        let help = nearest::name(name, links).map(|near| format!("did you mean `{near}`?"));
        self.fail_with("B251", span, format!("earlier calls have no `{name}`"), help)
    }

    fn intern(&mut self, term: Term) -> TermId {
        if let Some(known) = self.terms.iter().position(|known| *known == term) {
            return known;
        }
        self.terms.push(term);
        self.terms.len() - 1
    }

    /// Types an expression over an earlier call: `args` is that call's, and
    /// what is known of the present one says nothing about it.
    fn among<T>(&mut self, prior: Prior, run: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let outer = self.prior.replace(prior);
        let (known, variables) = (take(&mut self.known), take(&mut self.variables));
        let value = run(self);
        (self.prior, self.known, self.variables) = (outer, known, variables);
        value
    }

    /// Notes that a chain reads what history does not keep of a call.
    pub(super) fn not_kept<T>(&mut self, what: &str, span: Span) -> Option<T> {
        let with_present = self.prior.as_ref().is_some_and(|prior| prior.with_present);
        let help = if with_present {
            "in `where`, read `args` of the earlier call and `this.args` of the present one"
        } else {
            "read `args` of the earlier call"
        };
        let message = format!("{what} cannot be read inside a chain over calls");
        self.fail_with("B251", span, message, Some(help.to_owned()))
    }

    /// The key is read from the present call and from the earlier ones alike.
    fn key(&mut self, term: &Term, key: &Expr) -> Option<Core> {
        let (present, shape) = self.expr(key)?;
        if matches!(shape, Shape::List(_) | Shape::Object { .. }) {
            return self.fail(
                "B252",
                key.span,
                format!("`{key}` is {}, which is no key", shape.name()),
            );
        }
        // Calls of a tool without the key would never be counted.
        for tool in &term.tools {
            let prior = Prior { tools: vec![tool.clone()], with_present: false };
            self.among(prior, |typing| {
                // An earlier call without the key is in no group, so it need not be there.
                typing.known.push(key.to_string());
                typing.expect(key, &shape)
            })?;
        }
        Some(present)
    }

    fn summand(&mut self, term: &Term, value: &Expr) -> Option<Core> {
        let typed = self.among(Prior::of(term), |typing| typing.expr(value));
        if let Some(problem) = self.problem.as_mut().filter(|problem| problem.code == "B253") {
            // A guard before the chain says nothing about earlier calls.
            let path = problem.message.split('`').nth(1).unwrap_or_default();
            problem.help = Some(format!("add up `has({path}) ? {value} : 0`"));
        }
        let (core, shape) = typed?;
        match shape {
            Shape::Number { signed: false } | Shape::Any => Some(core),
            Shape::Number { signed: true } => self.fail_with(
                "B254",
                value.span,
                format!("`{value}` may be negative, and a negative amount would refill a cap"),
                Some("declare it as `money`, or let the tool's schema say `minimum: 0`".to_owned()),
            ),
            other => self.fail(
                "B252",
                value.span,
                format!("`{value}` is {}, and a number is needed here", other.name()),
            ),
        }
    }

    fn scope(&mut self, expr: &Expr) -> Option<Scope> {
        match self.literal_text(expr, "a scope")?.as_str() {
            "session" => Some(Scope::Session),
            "principal" => Some(Scope::Principal),
            "agent" => Some(Scope::Agent),
            other => {
                let message =
                    format!("`{other}` is no scope; there are session, principal and agent");
                self.fail("B257", expr.span, message)
            }
        }
    }

    fn duration(&mut self, expr: &Expr) -> Option<SignedDuration> {
        let text = self.literal_text(expr, "a duration")?;
        match duration(&text) {
            Some(duration) => Some(duration),
            None => self.fail(
                "B257",
                expr.span,
                format!("`{text}` is no duration; write `30d`, `12h`, `15m` or `90s`"),
            ),
        }
    }

    fn tools_named(&mut self, expr: &Expr) -> Option<BTreeSet<ToolName>> {
        let text = self.literal_text(expr, "a tool")?;
        let mut tools = BTreeSet::new();
        for name in text.split(',').map(str::trim) {
            let found = self.surroundings.resolve(name);
            if found.is_empty() {
                let names = self.surroundings.tools.keys().map(ToolName::as_str);
                let help = nearest::name(name, names).map(|near| format!("did you mean `{near}`?"));
                return self.fail_with(
                    "B255",
                    expr.span,
                    format!("no declared tool is called `{name}`"),
                    help,
                );
            }
            tools.extend(found);
        }
        Some(tools)
    }
}

impl Prior {
    fn of(term: &Term) -> Self {
        Self { tools: term.tools.iter().cloned().collect(), with_present: false }
    }
}

/// Whether a link of the chain already decided what `name` decides. Filters add up.
fn stands_in(chain: &Expr, name: &str) -> bool {
    let ExprKind::Call { receiver: Some(receiver), name: own, .. } = &chain.kind else {
        return false;
    };
    let counts = |name: &str| matches!(name, "succeeded" | "permitted" | "attempted");
    let same = own == name || (counts(own) && counts(name));
    (same && name != "where") || stands_in(receiver, name)
}

/// Reads `30d`, `12h`, `15m` or `90s`.
fn duration(text: &str) -> Option<SignedDuration> {
    let unit = match text.chars().last()? {
        'd' => 86_400,
        'h' => 3_600,
        'm' => 60,
        's' => 1,
        _ => return None,
    };
    let digits = text.get(..text.len() - 1)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count: i64 = digits.parse().ok()?;
    let seconds = count.checked_mul(unit)?;
    (seconds > 0 && seconds <= 3_660 * 86_400).then(|| SignedDuration::from_secs(seconds))
}
