//! Failure modes: sentences of a small, closed language.

use bounden_base::Span;

use super::shape::Answer;
use super::{Translation, slug, yes};
use crate::intent::{FailureModes, FailureResponse};
use crate::read::Spanned;
use crate::yaml::{Key, Text};

/// What one sentence says.
enum Sentence {
    Clarify,
    Escalate(Option<String>),
    Halt,
    Continue,
    Inform,
    Flag,
    NeverEcho,
    /// What follows from the rest already.
    Nothing,
}

/// The name of a path that is taken without being named.
const UNNAMED: &str = "escalation";

const SENTENCES: &str = "write sentences such as `Ask one clarifying question.`, `Escalate to PATH.`, `Halt.`, `Inform the customer.`; for personal data `Process normally. Flag in audit log. Do not echo PII back.`";

impl Translation<'_> {
    pub(super) fn failure_modes(&mut self) -> Option<FailureModes> {
        let modes = self.article.failure_modes.as_ref()?;
        Some(FailureModes {
            span: modes.span,
            ambiguous_request: self.answer(modes.on_ambiguous_request.as_ref()),
            out_of_scope: self.answer(modes.on_out_of_scope.as_ref()),
            tool_failure: self.answer(modes.on_tool_failure.as_ref()),
            pii_detected: self.answer(modes.on_pii_detected_in_input.as_ref()),
            budget_exceeded: self.answer(modes.on_budget_exceeded.as_ref()),
        })
    }

    fn answer(&mut self, answer: Option<&Answer>) -> Option<FailureResponse> {
        let action = &answer?.action;
        let span = action.span;
        let mut said = Vec::new();
        for (text, span) in sentences(action) {
            match sentence(&text) {
                Some(sentence) => said.push(sentence),
                None => self.error(
                    "B141",
                    span,
                    format!("\u{201c}{text}\u{201d} leaves the answer to the model"),
                    SENTENCES,
                ),
            }
        }
        let derived = |text: &str| Text::derived(text, span);
        let has = |wanted: fn(&Sentence) -> bool| said.iter().any(wanted);
        let path = said.iter().find_map(|sentence| match sentence {
            Sentence::Escalate(path) => Some(path.clone()),
            _ => None,
        });
        let escalate = path.map(|path| format!("escalate {}", self.path(path, span)));
        let primary = if has(|said| matches!(said, Sentence::Clarify)) {
            "clarify"
        } else if has(|said| matches!(said, Sentence::Halt)) {
            "halt"
        } else if has(|said| matches!(said, Sentence::Continue)) {
            "continue"
        } else {
            ""
        };
        let (action, then) = match (primary, escalate) {
            // Nothing that could be read: the linter says that the mode is missing.
            ("", None) => return None,
            ("", Some(escalate)) => (escalate, None),
            (primary, then) => (primary.to_owned(), then),
        };
        Some(FailureResponse {
            span,
            r#do: derived(&action),
            max: (action == "clarify").then_some(Spanned { value: 1, span }),
            then: then.as_deref().map(derived),
            inform: has(|said| matches!(said, Sentence::Inform)).then(|| yes(span)),
            flag: has(|said| matches!(said, Sentence::Flag)).then(|| derived("audit")),
            echo: has(|said| matches!(said, Sentence::NeverEcho)).then(|| derived("never")),
        })
    }

    /// The path of an escalation; where it is not declared, that is a finding.
    fn path(&mut self, path: Option<String>, span: Span) -> String {
        let declared = &self.article.escalations;
        let mut names = declared.names();
        let only = names.next().filter(|_| names.next().is_none());
        let name = match (path, only) {
            (Some(path), _) => path,
            (None, Some(only)) => only.to_owned(),
            (None, None) => UNNAMED.to_owned(),
        };
        if !declared.contains(&name) {
            let message = format!("where `{name}` is, is not said");
            let help = format!(
                "add `escalations: {{{name}: {{call: TOOL, with: {{…}}}}}}`, or a `webhook`"
            );
            self.error("B142", span, message, help);
            self.paths.push(Key { name: name.clone(), span });
        }
        name
    }
}

/// The sentences of a text, without their full stops.
fn sentences(text: &Text) -> Vec<(String, Span)> {
    let mut start = 0;
    let mut found = Vec::new();
    for part in text.split_inclusive(['.', ';']) {
        let body = part.trim_end_matches(['.', ';']).trim();
        let at = start + part.len() - part.trim_start().len();
        start += part.len();
        if !body.is_empty() {
            found.push((body.to_owned(), text.part(Span::new(at, at + body.len()))));
        }
    }
    found
}

fn sentence(text: &str) -> Option<Sentence> {
    let text = text.to_lowercase();
    let text = text.as_str();
    Some(match text {
        "ask one clarifying question" => Sentence::Clarify,
        "halt" | "halt and report" | "stop" => Sentence::Halt,
        "process normally" => Sentence::Continue,
        "acknowledge" => Sentence::Inform,
        "flag in audit log" | "flag in the audit log" => Sentence::Flag,
        "do not echo pii back" | "do not echo it back" => Sentence::NeverEcho,
        "do not attempt resolution" => Sentence::Nothing,
        "escalate"
        | "escalate immediately"
        | "then escalate"
        | "if still ambiguous after one exchange: escalate" => Sentence::Escalate(None),
        _ if text.starts_with("inform ") => Sentence::Inform,
        _ => {
            let path =
                text.strip_prefix("escalate to ").or_else(|| text.strip_prefix("route to "))?;
            let path = path.trim_start_matches("the ").trim_end_matches(" channel");
            Sentence::Escalate(Some(slug(path)))
        }
    })
}
