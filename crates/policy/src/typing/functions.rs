//! Calls in expressions: functions, methods, list macros.

use std::sync::Arc;

use bounden_base::{Decimal, Span, Timestamp};

use super::{COUNT, NUMBER, Typed, Typing, hints, pair};
use crate::bundle::EventName;
use crate::core::{Canonicaliser, Core, Pattern, Quantifier, Root, Step, TextTest};
use crate::expr::{Expr, ExprKind};
use crate::nearest;
use crate::schema::Shape;

impl Typing<'_> {
    pub(super) fn call(&mut self, expr: &Expr) -> Typed {
        let ExprKind::Call { receiver, name, args } = &expr.kind else { return None };
        if super::history::is_chain(expr) {
            return self.history(expr);
        }
        match receiver {
            None if name == "shell" => self.command(expr),
            None => self.function(expr.span, name, args),
            Some(receiver) => self.method(expr.span, receiver, name, args),
        }
    }

    fn function(&mut self, span: Span, name: &str, args: &[Expr]) -> Typed {
        match (name, args) {
            ("has", [of]) => self.has(of),
            ("size", [of]) => {
                let (core, shape) = self.expr(of)?;
                match shape {
                    Shape::Text | Shape::List(_) | Shape::Any | Shape::Object { .. } => {
                        Some((Core::Size(core.into()), COUNT))
                    }
                    other => self.fail("B252", of.span, format!("{} has no size", other.name())),
                }
            }
            ("host", [text]) => self.canonical(Canonicaliser::Host, text),
            ("detects", [of, kinds]) => self.detects(of, kinds),
            ("domain", [text]) => self.canonical(Canonicaliser::Domain, text),
            ("labels" | "approved" | "origin" | "tag" | "window", _) if self.prior.is_some() => {
                self.not_kept(&format!("`{name}`"), span)
            }
            ("labels", [label]) => {
                let label = self.literal_text(label, "a label")?;
                Some((Core::Label(label), Shape::Bool))
            }
            ("approved", []) => self.approved(span),
            ("origin", [of]) => self.origin(of),
            ("timestamp", [text]) => {
                let literal = self.literal_text(text, "a time")?;
                let Ok(time) = literal.parse::<Timestamp>() else {
                    return self.fail(
                        "B257",
                        text.span,
                        format!("`{literal}` is no time as RFC 3339 writes it"),
                    );
                };
                Some((Core::Number(seconds(time)), NUMBER))
            }
            ("tag" | "window" | "path" | "calls", [_]) => self.named(span, name, args),
            _ => self.no_such_call("function", span, name, args.len()),
        }
    }

    /// Whether a value is there, or whether a text has a form.
    fn has(&mut self, of: &Expr) -> Typed {
        let called = match &of.kind {
            ExprKind::Call { receiver: None, name, .. } => Some(name.as_str()),
            _ => None,
        };
        let is_form = super::commands::is_part(of) || matches!(called, Some("host" | "domain"));
        if is_form {
            let (form, _) = self.expr(of)?;
            return Some((Core::HasForm(form.into(), of.to_string()), Shape::Bool));
        }
        let is_path =
            matches!(of.kind, ExprKind::Name(_) | ExprKind::Field(..) | ExprKind::Index(..));
        if !is_path && called != Some("tag") {
            let message =
                format!("`has` asks whether a value is there, and `{of}` is no place of one");
            let help = "write a path, such as `has(args.note)`, or what is read of a text, such as \
                        `has(host(args.url))`";
            return self.fail_with("B251", of.span, message, Some(help.to_owned()));
        }
        let resolved = self.resolve(of)?;
        Some((Core::Has(resolved.path), Shape::Bool))
    }

    /// A call of something that is not there, or not with so many arguments.
    fn no_such_call(&mut self, kind: &str, span: Span, name: &str, count: usize) -> Typed {
        let names = if kind == "function" { &hints::FUNCTIONS[..] } else { &hints::METHODS[..] };
        if let Some((_, usage)) = names.iter().find(|(known, _)| *known == name) {
            let message = format!("`{name}` does not take {count} arguments");
            return self.fail_with("B251", span, message, Some(format!("write `{usage}`")));
        }
        let near = || {
            let near = nearest::name(name, names.iter().map(|(known, _)| *known));
            near.map(|near| format!("did you mean `{near}`?"))
        };
        let elsewhere = hints::instead_of(name).or_else(|| hints::usage(name));
        let help = elsewhere.map(|usage| format!("write `{usage}`")).or_else(near);
        self.fail_with("B251", span, format!("there is no {kind} `{name}`"), help)
    }

    fn approved(&mut self, span: Span) -> Typed {
        if self.site.event != EventName::Call {
            return self.fail("B251", span, "`approved()` is there on calls only");
        }
        if self.site.requires_approval {
            let message = "a rule that requires approval is met by the grant itself";
            return self.fail_with(
                "B251",
                span,
                message,
                Some("leave `approved()` out".to_owned()),
            );
        }
        Some((Core::Approved, Shape::Bool))
    }

    /// Functions whose argument is a name.
    fn named(&mut self, span: Span, name: &str, args: &[Expr]) -> Typed {
        match name {
            "tag" => {
                let tag = args.first().and_then(|arg| self.literal_text(arg, "a tag"))?;
                let text = format!("tag({})", bounden_base::Json::from(tag.as_str()).canonical());
                let path = crate::core::Path { root: Root::Tag(tag), steps: Vec::new(), text };
                Some((Core::Path(path), Shape::Text))
            }
            "window" => self.fail(
                "B251",
                span,
                "a window is asked whether it is open: `window(\"…\").open`",
            ),
            "path" => self.fail(
                "B251",
                span,
                "a path is asked where it lies: `path(…).under(\"/folder\")`",
            ),
            _ => self.fail_with(
                "B251",
                span,
                "earlier calls are counted, added up or looked for",
                Some(
                    "end the chain with `.count()`, `.sum(…)`, `.exists()` or `.last()`".to_owned(),
                ),
            ),
        }
    }

    fn method(&mut self, span: Span, receiver: &Expr, name: &str, args: &[Expr]) -> Typed {
        let test = match name {
            "startsWith" => Some(TextTest::StartsWith),
            "endsWith" => Some(TextTest::EndsWith),
            "contains" => Some(TextTest::Contains),
            _ => None,
        };
        match (name, args) {
            (_, [part]) if test.is_some() => {
                let (left, right) =
                    (self.expect(receiver, &Shape::Text)?, self.expect(part, &Shape::Text)?);
                self.has_form(&left, part)?;
                Some((Core::Text2(test?, pair(left, right, receiver, part)), Shape::Bool))
            }
            ("lower", []) => self.canonical(Canonicaliser::Lower, receiver),
            ("matches", [pattern]) => {
                let source = self.literal_text(pattern, "a pattern")?;
                let subject = self.expect(receiver, &Shape::Text)?;
                match Pattern::compile(&source) {
                    Ok(pattern) => Some((
                        Core::Matches(subject.into(), pattern, receiver.to_string()),
                        Shape::Bool,
                    )),
                    Err(error) => {
                        let message =
                            format!("`{source}` is no pattern that can be matched in linear time");
                        let help = hints::of_pattern(&error);
                        self.fail_with("B257", pattern.span, message, help)
                    }
                }
            }
            ("under", [folder]) => self.under(receiver, folder),
            ("all", [variable, body]) => self.quantify(Quantifier::All, receiver, variable, body),
            ("exists", [variable, body]) => {
                self.quantify(Quantifier::Exists, receiver, variable, body)
            }
            ("exists_one", [variable, body]) => {
                self.quantify(Quantifier::ExistsOne, receiver, variable, body)
            }
            _ => self.no_such_call("method", span, name, args.len()),
        }
    }

    fn under(&mut self, receiver: &Expr, folder: &Expr) -> Typed {
        let subject = match &receiver.kind {
            ExprKind::Call { receiver: None, name, args } if name == "path" => args.first(),
            _ => None,
        };
        let Some(subject) = subject else {
            return self.fail(
                "B251",
                receiver.span,
                "`under` asks a path: `path(…).under(\"/folder\")`",
            );
        };
        let root = self.literal_text(folder, "a folder")?;
        if !root.starts_with('/') {
            return self.fail("B257", folder.span, "a folder is absolute: it starts with `/`");
        }
        let left = self.expect(subject, &Shape::Text)?;
        Some((
            Core::Text2(TextTest::Under, pair(left, Core::Text(root), receiver, folder)),
            Shape::Bool,
        ))
    }

    fn canonical(&mut self, canonicaliser: Canonicaliser, text: &Expr) -> Typed {
        let core = self.expect(text, &Shape::Text)?;
        Some((Core::Canonical(canonicaliser, core.into()), Shape::Text))
    }

    fn quantify(
        &mut self,
        quantifier: Quantifier,
        list: &Expr,
        variable: &Expr,
        body: &Expr,
    ) -> Typed {
        let ExprKind::Name(variable_name) = &variable.kind else {
            return self.fail("B251", variable.span, "the first argument is the name of an item");
        };
        let (core, shape) = self.expr(list)?;
        let items = match shape {
            Shape::List(items) => Arc::unwrap_or_clone(items),
            Shape::Any => Shape::Any,
            other => {
                let message = format!("`{list}` is {}, and a list is needed here", other.name());
                return self.fail("B252", list.span, message);
            }
        };
        if super::paths::is_root(variable_name) {
            let message = format!("`{variable_name}` has a meaning of its own and names no item");
            return self.fail("B251", variable.span, message);
        }
        self.variables.push((variable_name.clone(), items));
        // Of an outer item with this name nothing follows about the inner one.
        let outer = std::mem::take(&mut self.known);
        let own = |path: &&String| path.split(['.', '[']).next() != Some(variable_name.as_str());
        self.known = outer.iter().filter(own).cloned().collect();
        let body = self.expect(body, &Shape::Bool);
        self.known = outer;
        self.variables.pop();
        Some((Core::Quantify(quantifier, core.into(), body?.into()), Shape::Bool))
    }

    pub(super) fn called_root(
        &mut self,
        base: &Expr,
        steps: &[Step],
    ) -> Option<(Root, Vec<Shape>, usize)> {
        if super::history::is_chain(base)
            && matches!(&base.kind, ExprKind::Call { name, .. } if name == "last")
        {
            return self.last(base, steps);
        }
        match &base.kind {
            ExprKind::Call { receiver: None, name, args } if name == "tag" && steps.is_empty() => {
                let tag = args.first().and_then(|arg| self.literal_text(arg, "a tag"))?;
                Some((Root::Tag(tag), vec![Shape::Text], 0))
            }
            ExprKind::Call { receiver: None, name, .. } if name == "window" => {
                self.fail("B251", base.span, "a window has one member, `open`")
            }
            _ => self.fail("B251", base.span, format!("`{base}` has no members")),
        }
    }

    pub(super) fn window_open(&mut self, of: &Expr, member: &str) -> Option<Typed> {
        let ExprKind::Call { receiver: None, name, args } = &of.kind else { return None };
        let [window] = args.as_slice() else { return None };
        if name != "window" || member != "open" {
            return None;
        }
        if self.prior.is_some() {
            return Some(self.not_kept("`window`", of.span));
        }
        let Some(name) = self.literal_text(window, "a window") else { return Some(None) };
        if !self.surroundings.windows.contains(&name) {
            let names = self.surroundings.windows.iter().map(String::as_str);
            let help = nearest::name(&name, names).map(|near| format!("did you mean `{near}`?"));
            return Some(self.fail_with(
                "B251",
                window.span,
                format!("the window `{name}` is not declared"),
                help,
            ));
        }
        Some(Some((Core::WindowOpen(name), Shape::Bool)))
    }

    pub(super) fn literal_text(&mut self, expr: &Expr, what: &str) -> Option<String> {
        if let ExprKind::Text(text) = &expr.kind {
            return Some(text.clone());
        }
        self.fail("B252", expr.span, format!("{what} is written as a literal text, in quotes"))
    }
}

/// Seconds since 1970, exactly.
pub(crate) fn seconds(time: Timestamp) -> Decimal {
    Decimal::scaled(time.as_microsecond(), -6).unwrap_or(Decimal::ZERO)
}
