//! Paths into arguments, results, facts and the session.

use std::sync::Arc;

use bounden_base::Span;

use super::{COUNT, NUMBER, Typed, Typing, hints};
use crate::ToolName;
use crate::bundle::EventName;
use crate::core::{Core, Path, Root, SessionField, Speaker, Step};
use crate::expr::{Expr, ExprKind};
use crate::nearest;
use crate::reading::ROOTS;
use crate::schema::Shape;
use crate::shell;

/// A resolved path with what is known of its value.
pub(super) struct Resolved {
    pub(super) path: Path,
    pub(super) shape: Shape,
    /// The first part that need not be there.
    pub(super) optional: Option<String>,
}

impl Typing<'_> {
    pub(super) fn path_value(&mut self, expr: &Expr) -> Typed {
        if super::commands::is_part(expr) {
            return self.command(expr);
        }
        let resolved = self.resolve(expr)?;
        if let Some(part) = &resolved.optional
            && !self.is_known(part)
        {
            let help = format!("guard it: `has({part}) && …`");
            return self.fail_with(
                "B253",
                expr.span,
                format!("`{part}` need not be there"),
                Some(help),
            );
        }
        Some((Core::Path(resolved.path), resolved.shape))
    }

    /// Resolves a chain of names, members and indices.
    pub(super) fn resolve(&mut self, expr: &Expr) -> Option<Resolved> {
        let (base, steps) = self.chain(expr)?;
        let (root, shapes, skipped) = self.root(base, &steps, expr.span)?;
        let steps: Vec<Step> = steps.into_iter().skip(skipped).collect();
        self.check_currency(&root, &steps, expr)?;
        let (shape, optional) = self.walk(shapes, &steps, expr)?;
        Some(Resolved { path: Path { root, steps, text: expr.to_string() }, shape, optional })
    }

    fn is_known(&self, part: &str) -> bool {
        self.known.iter().any(|known| {
            known
                .strip_prefix(part)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    }

    pub(super) fn chain<'e>(&mut self, expr: &'e Expr) -> Option<(&'e Expr, Vec<Step>)> {
        match &expr.kind {
            ExprKind::Field(of, name) => {
                let (base, mut steps) = self.chain(of)?;
                steps.push(Step::Member(name.clone()));
                Some((base, steps))
            }
            ExprKind::Index(of, index) => {
                let (base, mut steps) = self.chain(of)?;
                steps.push(match &index.kind {
                    ExprKind::Text(name) => Step::Member(name.clone()),
                    ExprKind::Number(number) if number.to_i64().is_some_and(|index| index >= 0) => {
                        Step::Item(number.to_i64().and_then(|index| usize::try_from(index).ok())?)
                    }
                    _ => {
                        return self.fail(
                            "B252",
                            index.span,
                            "an index is a literal: a text or a number from 0",
                        );
                    }
                });
                Some((base, steps))
            }
            _ => Some((expr, Vec::new())),
        }
    }

    /// The root of a path, the shapes that it may have, and how many steps belong to the root.
    fn root(
        &mut self,
        base: &Expr,
        steps: &[Step],
        span: Span,
    ) -> Option<(Root, Vec<Shape>, usize)> {
        if let ExprKind::Call { .. } = &base.kind {
            return self.called_root(base, steps);
        }
        let ExprKind::Name(name) = &base.kind else {
            return self.fail("B252", base.span, "a member is read from a path");
        };
        if let Some(depth) = self.variables.iter().rev().position(|(variable, _)| variable == name)
        {
            let shape = self
                .variables
                .iter()
                .rev()
                .nth(depth)
                .map_or(Shape::Any, |(_, shape)| shape.clone());
            return Some((Root::Variable(depth), vec![shape], 0));
        }
        if self.prior.is_some() && !matches!(name.as_str(), "args" | "this") && is_root(name) {
            return self.not_kept(&format!("`{name}`"), span);
        }
        let event = self.site.event;
        let first = steps.first().and_then(|step| {
            if let Step::Member(name) = step { Some(name.as_str()) } else { None }
        });
        let wrong_event = |typing: &mut Self, wanted: &str| {
            typing.fail("B251", span, format!("`{name}` is there on {wanted} only"))
        };
        match name.as_str() {
            "args" => match self.prior.clone() {
                Some(prior) => Some((Root::Args, self.argument_shapes(&prior.tools), 0)),
                None if matches!(event, EventName::Call | EventName::Result) => {
                    Some((Root::Args, self.argument_shapes(&self.site.tools.clone()), 0))
                }
                None => wrong_event(self, "calls and results"),
            },
            "this" => self.this_args(first, span),
            "result" if event == EventName::Result => Some((Root::Result, self.result_shapes(), 0)),
            "result" => wrong_event(self, "results"),
            "request" | "output" => self.words(name, first, span),
            "record" if event == EventName::Log => Some((Root::Record, vec![Shape::Any], 0)),
            "record" => wrong_event(self, "log events"),
            "tool" | "server" if !matches!(event, EventName::Call | EventName::Result) => {
                wrong_event(self, "calls and results")
            }
            "tool" => Some((Root::Tool, vec![Shape::Text], 0)),
            "server" => Some((Root::Server, vec![Shape::Text], 0)),
            "principal" => Some((Root::Principal, vec![Shape::Text], 0)),
            "agent" => Some((Root::Agent, vec![Shape::Text], 0)),
            "now" => Some((Root::Now, vec![NUMBER], 0)),
            "session" => self.session(first, span),
            "facts" => self.fact(first, span),
            _ => {
                let variables: Vec<String> =
                    self.variables.iter().map(|(name, _)| name.clone()).collect();
                let names = ROOTS.into_iter().chain(variables.iter().map(String::as_str));
                let near =
                    || nearest::name(name, names).map(|near| format!("did you mean `{near}`?"));
                let help = hints::usage(name).map(|usage| format!("write `{usage}`")).or_else(near);
                self.fail_with("B251", base.span, format!("`{name}` is not known here"), help)
            }
        }
    }

    /// What one side says, or has said by the end.
    fn words(
        &mut self,
        name: &str,
        first: Option<&str>,
        span: Span,
    ) -> Option<(Root, Vec<Shape>, usize)> {
        let (own, speaker, wanted) = match name {
            "request" => (EventName::Request, Speaker::User, "requests"),
            _ => (EventName::Output, Speaker::Agent, "outputs"),
        };
        match first {
            Some("text") => {}
            Some("topic") if name == "request" => return self.topic(span),
            _ if name == "request" => {
                let message = "`request` has two members, `request.text` and `request.topic`";
                return self.fail("B251", span, message);
            }
            _ => return self.fail("B251", span, format!("`{name}` has one member, `{name}.text`")),
        }
        match self.site.event {
            event if event == own => Some((Root::Text, vec![Shape::Text], 1)),
            EventName::End => Some((Root::Transcript(speaker), vec![Shape::Text], 1)),
            _ => {
                let message = format!("`{name}.text` is there on {wanted} and at the end only");
                self.fail("B251", span, message)
            }
        }
    }

    /// The arguments of the present call, beside those of an earlier one.
    fn this_args(&mut self, first: Option<&str>, span: Span) -> Option<(Root, Vec<Shape>, usize)> {
        let Some(prior) = &self.prior else {
            return self.fail("B251", span, "`this.args` is there inside `where` only");
        };
        if !prior.with_present {
            return self.not_kept("`this`", span);
        }
        if first != Some("args") {
            return self.fail("B251", span, "`this` has one member, `this.args`");
        }
        if !matches!(self.site.event, EventName::Call | EventName::Result) {
            return self.fail("B251", span, "`this.args` is there on calls and results only");
        }
        Some((Root::ThisArgs, self.argument_shapes(&self.site.tools.clone()), 1))
    }

    /// Notes amounts in two currencies: they cannot be compared or added up.
    fn check_currency(&mut self, root: &Root, steps: &[Step], expr: &Expr) -> Option<()> {
        let prior = self.prior.as_ref().map(|prior| &prior.tools);
        let tools: Vec<ToolName> = match root {
            Root::Args => prior.unwrap_or(&self.site.tools).clone(),
            Root::ThisArgs => self.site.tools.clone(),
            Root::Last(term) => self.terms.get(*term)?.tools.iter().cloned().collect(),
            _ => return Some(()),
        };
        for tool in tools {
            let money = self.surroundings.tools.get(&tool).and_then(|tool| tool.money.as_ref());
            let Some(money) = money.filter(|money| money.is_at(steps)) else { continue };
            let currency = money.currency.clone();
            let first = self.currency.get_or_insert(currency.clone()).clone();
            if first != currency {
                let message = format!(
                    "`{expr}` is an amount in {currency} of `{tool}`, beside one in {first}"
                );
                let help = Some("write one rule for each currency".to_owned());
                return self.fail_with("B252", expr.span, message, help);
            }
        }
        Some(())
    }

    fn session(&mut self, first: Option<&str>, span: Span) -> Option<(Root, Vec<Shape>, usize)> {
        let field = match first {
            None => return Some((Root::SessionId, vec![Shape::Text], 0)),
            Some("calls") => SessionField::Calls,
            Some("steps") => SessionField::Steps,
            Some("seconds") => SessionField::Seconds,
            Some("cost") => SessionField::Cost,
            Some(other) => {
                let message =
                    format!("a session has `calls`, `steps`, `seconds` and `cost`, not `{other}`");
                let help = (other == "id").then(|| "its id is `session` itself".to_owned());
                return self.fail_with("B251", span, message, help);
            }
        };
        Some((Root::Session(field), vec![COUNT], 1))
    }

    fn fact(&mut self, first: Option<&str>, span: Span) -> Option<(Root, Vec<Shape>, usize)> {
        let facts = &self.surroundings.facts;
        if first.is_none() {
            return self.fail("B251", span, "a fact is read by its name: `facts.NAME`");
        }
        let Some(name) = first.filter(|name| facts.contains_key(*name)) else {
            let names = facts.keys().map(String::as_str);
            let help = first
                .and_then(|first| nearest::name(first, names))
                .map(|near| format!("did you mean `{near}`?"));
            let message = format!("the fact `{}` is not bound", first.unwrap_or_default());
            return self.fail_with("B251", span, message, help);
        };
        let shape = facts
            .get(name)
            .and_then(|fact| self.surroundings.tools.get(&fact.result_of)?.result.clone());
        Some((Root::Fact(name.to_owned()), vec![shape.unwrap_or(Shape::Any)], 1))
    }

    pub(super) fn argument_shapes(&self, tools: &[ToolName]) -> Vec<Shape> {
        let shapes = tools.iter().filter_map(|tool| self.surroundings.tools.get(tool));
        shapes.map(|tool| tool.arguments.clone()).collect()
    }

    fn result_shapes(&self) -> Vec<Shape> {
        let tools = self.site.tools.iter().filter_map(|tool| self.surroundings.tools.get(tool));
        tools.map(|tool| tool.result.clone().unwrap_or(Shape::Any)).collect()
    }

    /// Follows the steps at the end of `expr` through every shape at once; a
    /// member that only some of the tools have counts as optional.
    pub(super) fn walk(
        &mut self,
        mut shapes: Vec<Shape>,
        steps: &[Step],
        expr: &Expr,
    ) -> Option<(Shape, Option<String>)> {
        let mut optional = None;
        for (index, step) in steps.iter().enumerate() {
            let part = without(expr, steps.len() - 1 - index);
            let mut next: Vec<Shape> = Vec::new();
            let mut always = true;
            for shape in &shapes {
                match (shape, step) {
                    (Shape::Any, _) => next.push(Shape::Any),
                    (Shape::List(items), Step::Item(_)) => next.push((**items).clone()),
                    (Shape::Object { members, open }, Step::Member(name)) => {
                        match members.get(name) {
                            Some((shape, required)) => {
                                next.push(shape.clone());
                                always &= required;
                            }
                            None if *open => {
                                next.push(Shape::Any);
                                always = false;
                            }
                            None => always = false,
                        }
                    }
                    (other, _) => {
                        let message = format!("`{part}` reads a member of {}", other.name());
                        return self.fail("B252", expr.span, message);
                    }
                }
            }
            if shapes.iter().all(|shape| !may_have(shape, step)) && !shapes.is_empty() {
                return self.unknown_member(&shapes, step, part, expr.span);
            }
            if !always {
                optional.get_or_insert_with(|| part.to_string());
            }
            shapes = next;
        }
        let mut shapes = shapes.into_iter();
        let mut shape = shapes.next().unwrap_or(Shape::Any);
        for other in shapes {
            if !other.fits(&shape) {
                let message = format!(
                    "`{expr}` is {} of one tool and {} of another",
                    shape.name(),
                    other.name()
                );
                return self.fail_with(
                    "B252",
                    expr.span,
                    message,
                    Some("write one rule for each of the tools".to_owned()),
                );
            }
            if other == NUMBER {
                shape = other;
            }
        }
        Some((shape, optional))
    }

    fn unknown_member<T>(
        &mut self,
        shapes: &[Shape],
        step: &Step,
        part: &Expr,
        span: Span,
    ) -> Option<T> {
        let Step::Member(name) = step else { return None };
        let members = shapes.iter().filter_map(|shape| match shape {
            Shape::Object { members, .. } => Some(members.names().map(Arc::as_ref)),
            _ => None,
        });
        let members: Vec<&str> = members.flatten().collect();
        let help = nearest::name(name, members.iter().copied())
            .map(|near| format!("did you mean `{near}`?"));
        if let Some(part) = shapes.first().and_then(shell::Part::with) {
            let message = format!("{} has no `{name}`", part.name());
            let help = help.unwrap_or_else(|| format!("there are {}", members.join(", ")));
            return self.fail_with("B251", span, message, Some(help));
        }
        self.fail_with("B251", span, format!("there is no `{part}` in the pinned schema"), help)
    }
}

/// Whether a step can be meant where nothing but this shape is known. A schema
/// that leaves further members open does not leave a slip of the pen open: a
/// rule about `amonut` beside a declared `amount` would never fire.
fn may_have(shape: &Shape, step: &Step) -> bool {
    const SHORTEST: usize = 4;
    let (Shape::Object { members, open }, Step::Member(name)) = (shape, step) else { return true };
    let declared = members.names().map(Arc::as_ref).filter(|known| known.len() >= SHORTEST);
    let is_slip = || name.len() >= SHORTEST && nearest::name(name, declared).is_some();
    members.contains(name) || (*open && !is_slip())
}

pub(super) fn is_root(name: &str) -> bool {
    ROOTS.contains(&name)
}

/// A chain without its last steps.
fn without(expr: &Expr, steps: usize) -> &Expr {
    match (&expr.kind, steps) {
        (ExprKind::Field(of, _) | ExprKind::Index(of, _), 1..) => without(of, steps - 1),
        _ => expr,
    }
}
