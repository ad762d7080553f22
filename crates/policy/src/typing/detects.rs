//! `detects(VALUE, KINDS)`: whether something of these kinds stands in a value.

use super::{Typed, Typing};
use crate::core::Core;
use crate::detect::{Kind, Kinds};
use crate::expr::{Expr, ExprKind};
use crate::schema::Shape;

impl Typing<'_> {
    pub(super) fn detects(&mut self, of: &Expr, kinds: &Expr) -> Typed {
        let (core, shape) = self.expr(of)?;
        if shape == Shape::Bool {
            let message = format!("`{of}` is {}, and nothing can be found in it", shape.name());
            return self.fail("B252", of.span, message);
        }
        let kinds = self.kinds(kinds)?;
        Some((Core::Detects(core.into(), kinds, of.to_string()), Shape::Bool))
    }

    /// The kinds that a literal text names, or a list of them.
    fn kinds(&mut self, expr: &Expr) -> Option<Kinds> {
        let names = names(expr);
        if names.is_empty() {
            return self.fail("B252", expr.span, "at least one kind has to be looked for");
        }
        let mut kinds = Kinds::NONE;
        for name in names {
            let text = self.literal_text(name, "a kind of data")?;
            match Kinds::named(&text) {
                Ok(named) => kinds = kinds | named,
                Err(unknown) => {
                    let (message, help) = (unknown.to_string(), unknown.help());
                    return self.fail_with("B251", name.span, message, Some(help));
                }
            }
        }
        Some(kinds)
    }
}

/// Writes every set of kinds out: what a group holds may grow with a later
/// version, and what was approved does not.
pub(super) fn close(expr: &mut Expr) {
    if let ExprKind::Call { receiver: None, name, args } = &mut expr.kind
        && name == "detects"
        && let [_, kinds] = args.as_mut_slice()
    {
        let span = kinds.span;
        let text = |kind: Kind| Expr { span, kind: ExprKind::Text(kind.name().to_owned()) };
        let named = names(kinds).into_iter().filter_map(|name| match &name.kind {
            ExprKind::Text(name) => Kinds::named(name).ok(),
            _ => None,
        });
        let named = named.fold(Kinds::NONE, |all, kinds| all | kinds);
        kinds.kind = ExprKind::List(named.iter().map(text).collect());
    }
    parts(expr).into_iter().for_each(close);
}

fn names(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::List(items) => items.iter().collect(),
        _ => vec![expr],
    }
}

/// The expressions that one is made of.
fn parts(expr: &mut Expr) -> Vec<&mut Expr> {
    match &mut expr.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Number(_)
        | ExprKind::Text(_)
        | ExprKind::Name(_) => Vec::new(),
        ExprKind::List(items) => items.iter_mut().collect(),
        ExprKind::Field(of, _) | ExprKind::Not(of) | ExprKind::Negate(of) => vec![of],
        ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) => vec![a, b],
        ExprKind::Choose(a, b, c) => vec![a, b, c],
        ExprKind::Call { receiver, args, .. } => {
            receiver.iter_mut().map(Box::as_mut).chain(args).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use bounden_base::{Json, json};

    use crate::{Bundle, Policy, Problem};

    /// A policy with this predicate about requests.
    fn compile(when: &str) -> Result<Policy, Vec<Problem>> {
        let when = Json::from(when).canonical();
        let text = format!(
            r#"{{"semantics":1,"agent":"a","tools":{{}},"rules":{{"r":{{"says":"s","by":"policy_engine",
                "trigger":{{"event":"request"}},"when":{when},"do":{{"action":"block"}}}}}}}}"#
        );
        Policy::compile(json::from_slice::<Bundle>(text.as_bytes()).unwrap())
    }

    fn normal(when: &str) -> String {
        let policy = compile(when).unwrap_or_else(|problems| panic!("{problems:#?}"));
        policy.bundle().rules[&crate::RuleId::from("r")].when.clone().unwrap()
    }

    #[test]
    fn the_normal_form_writes_every_kind_out_and_stays_as_it_is() {
        let written = r#"detects(request.text, ["email", "phone"])"#;
        for when in [
            r#"detects(request.text, "pii.contact")"#,
            r#"detects(request.text, ["phone", "pii.contact", "email"])"#,
            written,
        ] {
            assert_eq!(normal(when), written);
        }
        let nested = r#"!(detects(request.text, "pii.ch") || size(request.text) > 9)"#;
        assert_eq!(normal(nested), nested.replace("\"pii.ch\"", "[\"ch_ahv\"]"));
    }

    #[test]
    fn a_name_that_there_is_not_gets_the_nearest_and_the_list() {
        let problems = compile(r#"detects(request.text, ["email", "us_snn"])"#).unwrap_err();
        assert_eq!(problems[0].message, "there is no detector `us_snn`");
        let help = problems[0].help.as_deref().unwrap();
        assert!(help.starts_with("did you mean `us_ssn`? there are the groups pii, "), "{help}");
        assert_eq!((problems[0].span.start, problems[0].span.end), (32, 40));
    }
}
