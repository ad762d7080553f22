//! What an expression reads, seen from its text alone: for linters and for
//! documents that write expressions in their own vocabulary.

use bounden_base::{Decimal, Span};

use crate::expr::{self, Expr, ExprKind, Operator};

/// The names that a path may start with; any other bare name is unknown or a list macro's item.
pub const ROOTS: [&str; 13] = [
    "args",
    "result",
    "tool",
    "server",
    "session",
    "principal",
    "agent",
    "now",
    "request",
    "output",
    "record",
    "facts",
    "this",
];

/// What one expression reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Paths such as `args.amount`, whose first name is a root.
    pub paths: Vec<PathRead>,
    /// Texts that name tools, in `calls`, `since` and `after`.
    pub tools: Vec<LiteralRead>,
    /// Patterns of `matches`.
    pub patterns: Vec<LiteralRead>,
    /// Labels that have to have been read, in `labels`.
    pub labels: Vec<LiteralRead>,
    /// Paths whose values are added up over earlier calls.
    pub sums: Vec<String>,
    /// Comparisons of a path with a constant that hold above the constant.
    pub caps: Vec<Cap>,
}

/// A path and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathRead {
    /// Its names, the root first.
    pub names: Vec<String>,
    /// Where it stands, in bytes of the expression.
    pub span: Span,
}

/// A literal text and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiteralRead {
    /// The text.
    pub text: String,
    /// Where it stands, quotes included, in bytes of the expression.
    pub span: Span,
}

/// A comparison that holds for values above a constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cap {
    /// The path that is compared, such as `args.amount`.
    pub path: String,
    /// The constant.
    pub bound: Decimal,
    /// Where the comparison stands, in bytes of the expression.
    pub span: Span,
}

impl Reading {
    /// What `text` reads; nothing where it is no expression.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let expr = expr::parse(text).ok()?;
        let mut reading = Self::default();
        reading.visit(&expr, &mut Vec::new());
        Some(reading)
    }

    fn visit<'e>(&mut self, expr: &'e Expr, variables: &mut Vec<&'e str>) {
        if let Some(names) = path(expr) {
            if names.first().is_some_and(|root| !variables.contains(&root.as_str())) {
                self.paths.push(PathRead { names, span: expr.span });
            }
            return;
        }
        match &expr.kind {
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Text(_) => {}
            ExprKind::Name(_) => {}
            ExprKind::List(items) => items.iter().for_each(|item| self.visit(item, variables)),
            ExprKind::Field(inner, _) | ExprKind::Not(inner) | ExprKind::Negate(inner) => {
                self.visit(inner, variables);
            }
            ExprKind::Index(of, index) => {
                self.visit(of, variables);
                self.visit(index, variables);
            }
            ExprKind::Binary(operator, left, right) => {
                self.cap(*operator, left, right, expr.span);
                self.visit(left, variables);
                self.visit(right, variables);
            }
            ExprKind::Choose(condition, yes, no) => {
                for part in [condition, yes, no] {
                    self.visit(part, variables);
                }
            }
            ExprKind::Call { receiver, name, args } => {
                receiver.iter().for_each(|receiver| self.visit(receiver, variables));
                self.call(receiver.is_some(), name, args, variables);
            }
        }
    }

    fn call<'e>(
        &mut self,
        is_method: bool,
        name: &str,
        args: &'e [Expr],
        variables: &mut Vec<&'e str>,
    ) {
        let literal = args.first().and_then(|arg| match &arg.kind {
            ExprKind::Text(text) => Some(LiteralRead { text: text.clone(), span: arg.span }),
            _ => None,
        });
        match (is_method, name) {
            (false, "calls") | (true, "since" | "after") => self.tools.extend(literal),
            (false, "labels") => self.labels.extend(literal),
            (true, "matches") => self.patterns.extend(literal),
            (true, "sum") => {
                self.sums.extend(args.first().and_then(path).map(|names| names.join(".")))
            }
            _ => {}
        }
        match (is_method, name, args) {
            (true, "all" | "exists" | "exists_one", [variable, body]) => {
                if let ExprKind::Name(variable) = &variable.kind {
                    variables.push(variable);
                    self.visit(body, variables);
                    variables.pop();
                }
            }
            _ => args.iter().for_each(|arg| self.visit(arg, variables)),
        }
    }

    fn cap(&mut self, operator: Operator, left: &Expr, right: &Expr, span: Span) {
        let (above, bound) = match operator {
            Operator::Greater | Operator::GreaterEqual => (left, right),
            Operator::Less | Operator::LessEqual => (right, left),
            _ => return,
        };
        if let (Some(names), ExprKind::Number(bound)) = (path(above), &bound.kind) {
            self.caps.push(Cap { path: names.join("."), bound: *bound, span });
        }
    }
}

/// The names of a plain path such as `args.items`.
fn path(expr: &Expr) -> Option<Vec<String>> {
    match &expr.kind {
        ExprKind::Name(name) => Some(vec![name.clone()]),
        ExprKind::Field(of, name) => {
            let mut names = path(of)?;
            names.push(name.clone());
            Some(names)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let reading = Reading::of(text).unwrap();
        reading.paths.iter().map(|read| text[read.span.start..read.span.end].to_owned()).collect()
    }

    #[test]
    fn paths_are_found_with_their_places_and_variables_are_not() {
        assert_eq!(paths("order.age_days < 30 && has(args.x.y)"), ["order.age_days", "args.x.y"]);
        assert_eq!(
            paths("args.items.all(i, i.price < order.total)"),
            ["args.items", "order.total"]
        );
        assert_eq!(paths("\"order.x\" == a[0].b"), ["a"]);
        assert_eq!(paths("-a.b + (c ? d : !e) in [1]"), ["a.b", "c", "d", "e"]);
        assert_eq!(paths("origin(args.to) == \"user\""), ["args.to"]);
        assert_eq!(
            paths("shell(args.run).segments.exists(s, s.name == \"rm\" && has(args.x))"),
            ["args.run", "args.x"]
        );
        assert_eq!(Reading::of("a &&"), None);
    }

    #[test]
    fn history_is_found_with_the_tools_that_it_names() {
        let reading = Reading::of(
            "calls(\"a.pay\").by(args.to).since(\"a.login\").sum(args.amount) + args.amount > 500",
        )
        .unwrap();
        let tools: Vec<_> = reading.tools.iter().map(|tool| tool.text.as_str()).collect();
        assert_eq!(tools, ["a.pay", "a.login"]);
        assert_eq!(reading.sums, ["args.amount"]);
        assert_eq!(reading.caps, [], "a sum is no cap on one call");
    }

    #[test]
    fn caps_hold_above_a_constant_on_either_side() {
        let caps = |text: &str| -> Vec<_> {
            let caps = Reading::of(text).unwrap().caps;
            caps.iter().map(|cap| format!("{} {}", cap.path, cap.bound)).collect()
        };
        assert_eq!(caps("args.amount > 500 || 7 <= args.n"), ["args.amount 500", "args.n 7"]);
        assert_eq!(caps("args.amount < 500 || args.a > args.b"), [""; 0]);
    }

    #[test]
    fn labels_are_found() {
        let reading = Reading::of("labels(\"a\") || args.labels(\"b\")").unwrap();
        let labels: Vec<_> = reading.labels.iter().map(|label| label.text.as_str()).collect();
        assert_eq!(labels, ["a"]);
    }

    #[test]
    fn patterns_of_matches_are_found() {
        let reading = Reading::of("args.to.matches(\"a.*\") && args.to.contains(\"b\")").unwrap();
        assert_eq!(reading.patterns.len(), 1);
        assert_eq!(reading.patterns[0].text, "a.*");
    }
}
