//! Argument matchers of criteria, as expressions over `args`.

use bounden_base::{Decimal, Json, Span, nearest};

use super::Compiler;
use crate::read::{Item, Named, Raw};
use crate::yaml::{Entry, Node, Value};

const MATCHERS: [&str; 9] = ["eq", "ge", "gt", "in", "le", "lt", "not_in", "prefix", "regex"];

impl Compiler<'_> {
    /// `.where(…)` for the matchers, or nothing without any.
    pub(super) fn filter(&mut self, args: &Named<Raw>) -> String {
        let tests: Vec<_> = args.iter().flat_map(|item| self.tests(item)).collect();
        if tests.is_empty() { String::new() } else { format!(".where({})", tests.join(" && ")) }
    }

    fn tests(&mut self, item: &Item<Raw>) -> Vec<String> {
        let path = format!("args.{}", item.key.name);
        let is_path = item.key.name.split('.').all(|name| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        });
        if !is_path {
            let message = format!("`{}` is no argument", item.key);
            self.error(
                "B127",
                item.key.span,
                message,
                "write the name of an argument, such as `amount`",
            );
            return Vec::new();
        }
        let Some(entries) = item.value.0.entries() else {
            let equal = self
                .literal(&item.value.0)
                .map(|value| format!("has({path}) && {path} == {value}"));
            return equal.into_iter().collect();
        };
        let tests = entries.iter().filter_map(|entry| self.test(&path, entry));
        tests.map(|test| format!("has({path}) && {test}")).collect()
    }

    fn test(&mut self, path: &str, entry: &Entry) -> Option<String> {
        let operator = match entry.key.name.as_str() {
            "eq" => "==",
            "lt" => "<",
            "le" => "<=",
            "gt" => ">",
            "ge" => ">=",
            "in" => return self.list(&entry.value).map(|list| format!("{path} in {list}")),
            "not_in" => return self.list(&entry.value).map(|list| format!("!({path} in {list})")),
            "prefix" => {
                return self.literal(&entry.value).map(|text| format!("{path}.startsWith({text})"));
            }
            "regex" => {
                return self.literal(&entry.value).map(|text| format!("{path}.matches({text})"));
            }
            other => {
                let help = match nearest::name(other, MATCHERS) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there are {}", MATCHERS.join(", ")),
                };
                self.error("B127", entry.key.span, format!("there is no matcher `{other}`"), help);
                return None;
            }
        };
        self.literal(&entry.value).map(|value| format!("{path} {operator} {value}"))
    }

    fn list(&mut self, node: &Node) -> Option<String> {
        let Some(items) = node.items() else {
            self.error("B127", node.span, "expected a list of values", "write `[A, B]`");
            return None;
        };
        let items: Option<Vec<_>> = items.iter().map(|item| self.literal(item)).collect();
        Some(format!("[{}]", items?.join(", ")))
    }

    fn literal(&mut self, node: &Node) -> Option<String> {
        match &node.value {
            Value::Bool(value) => Some(value.to_string()),
            Value::Number(value) => Some(number(*value)),
            Value::Text(text) => Some(quoted(text)),
            _ => {
                self.no_literal(node.span);
                None
            }
        }
    }

    fn no_literal(&mut self, span: Span) {
        let message = "an argument is compared with a text, a number, true or false";
        self.error("B127", span, message, "write such a value, or a matcher such as `{le: 500}`");
    }
}

/// A number as expressions write it.
pub(super) fn number(value: Decimal) -> String {
    if value.is_negative() { format!("(0 - {})", value.negated()) } else { value.to_string() }
}

/// A text as expressions write it.
pub(super) fn quoted(text: &str) -> String {
    Json::from(text).canonical()
}
