//! Enforcement strings: a mechanism, a colon, and what it does.

use bounden_base::{Diagnostic, Span};
use bounden_policy::{Action, ROOTS, Reading};

use super::{Translation, named};
use crate::intent::{By, Enforce, Invariant};
use crate::read::{Named, Spanned};
use crate::yaml::Text;

const FORMS: &str = "write `policy_engine: block tool_call=TOOL when CONDITION`, `tool_allowlist: TOOLS not provisioned`, `output_filter: redact KINDS`, or `infrastructure: CONTROL`";

impl Translation<'_> {
    pub(super) fn invariants(&mut self) -> Named<Invariant> {
        let article = self.article;
        let invariants = article.invariants.iter().map(|invariant| {
            let enforce = invariant.enforcement.as_ref().and_then(|text| self.enforcement(text));
            let enforce = enforce.map(|enforce| Enforce {
                probe: invariant.probe.clone(),
                attested_by: invariant.attested_by.clone(),
                renew: invariant.renew,
                ..enforce
            });
            let (span, rule) = (invariant.span, invariant.rule.clone());
            (&invariant.rule, Invariant { span, rule, enforce, origin: None })
        });
        named(invariants)
    }

    fn enforcement(&mut self, text: &Text) -> Option<Enforce> {
        let (mechanism, rest) = text.split_once(':').unwrap_or((text, ""));
        let rest = rest.trim();
        let read = match mechanism.trim() {
            "policy_engine" => self.rule(text, rest),
            "tool_allowlist" => Some(self.denied(text, rest)),
            "output_filter" => {
                Some(filter(text.span, &format!("redact {}", rest.trim_start_matches("redact "))))
            }
            "infrastructure" | "iam" | "external" => Some(self.control(text, rest)),
            _ => None,
        };
        if read.is_none() {
            self.error("B147", text.span, "this enforcement cannot be read", FORMS);
        }
        read
    }

    /// `ACTION tool_call=TOOL when CONDITION`
    fn rule(&mut self, text: &Text, rest: &str) -> Option<Enforce> {
        let (head, condition) = match rest.split_once(" when ") {
            Some((head, condition)) => (head, Some(condition.trim())),
            None => (rest, None),
        };
        let (action, tool) = head.split_once("tool_call=")?;
        let tool = tool.trim();
        let action = action.trim().trim_end_matches(" on").trim();
        if tool.is_empty() || tool.contains(char::is_whitespace) || Action::parse(action).is_err() {
            return None;
        }
        let tools = self.tools_meant(tool, text.span);
        let tools: Vec<_> = tools.iter().map(|tool| tool.value.as_str()).collect();
        let when = match condition {
            Some(condition) => Some(over_arguments(condition)?),
            None => None,
        };
        let derived = |value: String| Text::derived(value, text.span);
        Some(Enforce {
            trigger: Some(derived(format!("call {}", tools.join(", ")))),
            when: when.map(derived),
            r#do: Some(derived(action.to_owned())),
            ..empty(By::PolicyEngine, text.span)
        })
    }

    /// `WORDS tools not provisioned …`: what is not declared cannot be called
    /// anyway; what the words are bound to is denied by name.
    fn denied(&mut self, text: &Text, rest: &str) -> Enforce {
        let words = rest.split("not provisioned").next().unwrap_or(rest).trim();
        let words = words.strip_prefix("deny ").unwrap_or(words);
        let words = words.trim_end_matches(" tools").trim();
        let mut deny = Vec::new();
        for word in words.split([',', ' ']).filter(|word| !word.is_empty()) {
            match self.article.bind.tools.get(word) {
                Some(bound) => deny
                    .extend(bound.iter().map(|tool| Text::derived(tool.value.clone(), text.span))),
                None => {
                    deny.push(Text::derived(word, text.span));
                    let message = format!("which tools `{word}` means is not said");
                    let help = format!(
                        "add `bind: {{tools: {{{word}: [\"PATTERN\"]}}}}`; tools that are not declared cannot be called anyway"
                    );
                    self.findings.push(Diagnostic::warning("B149", text.span, message).help(help));
                }
            }
        }
        Enforce { deny, ..empty(By::ToolAllowlist, text.span) }
    }

    /// A control elsewhere, unless its name is bound to what it masks.
    fn control(&mut self, text: &Text, rest: &str) -> Enforce {
        let name = rest.split_whitespace().next().unwrap_or("");
        if let Some(kinds) = self.article.bind.filters.get(name) {
            let kinds: Vec<_> = kinds.iter().map(|kind| kind.value.as_str()).collect();
            return filter(text.span, &format!("redact {}", kinds.join(", ")));
        }
        if rest.contains("log") {
            let message = format!("`{name}` works outside, where nothing shows that it does");
            let help = format!(
                "to have it enforced here, add `bind: {{filters: {{{name}: [email, phone, card]}}}}`"
            );
            self.findings.push(Diagnostic::warning("B148", text.span, message).help(help));
        }
        Enforce { control: Some(Text::derived(rest, text.span)), ..empty(By::External, text.span) }
    }
}

/// An output filter on what is written to logs.
fn filter(span: Span, action: &str) -> Enforce {
    Enforce {
        trigger: Some(Text::derived("log", span)),
        r#do: Some(Text::derived(action, span)),
        ..empty(By::OutputFilter, span)
    }
}

fn empty(by: By, span: Span) -> Enforce {
    Enforce {
        span,
        by: Spanned { value: by, span },
        trigger: None,
        when: None,
        r#do: None,
        enforce: None,
        deny: Vec::new(),
        control: None,
        probe: None,
        attested_by: None,
        renew: None,
    }
}

/// A condition whose bare names are arguments: `amount > 500` is `args.amount > 500`.
fn over_arguments(condition: &str) -> Option<String> {
    let reading = Reading::of(condition)?;
    let is_argument =
        |names: &[String]| names.first().is_some_and(|root| !ROOTS.contains(&root.as_str()));
    let paths = reading.paths.iter().filter(|path| is_argument(&path.names));
    let mut starts: Vec<_> = paths.map(|path| path.span.start).collect();
    starts.sort_unstable();
    let mut text = condition.to_owned();
    starts.into_iter().rev().for_each(|start| text.insert_str(start, "args."));
    Some(text)
}
