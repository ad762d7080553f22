//! Failure modes: one action and what follows it, out of sentences.

use bounden_base::{Diagnostic, Span};

use super::sentences::{Said, is_conditional, is_discretion, said, sentences};
use super::shape::Answer;
use super::words::key;
use super::{Translation, yes};
use crate::intent::{FailureModes, FailureResponse};
use crate::read::Spanned;
use crate::yaml::{Key, Text};

/// The name of a path that is taken without being named.
const UNNAMED: &str = "escalation";

const SENTENCES: &str = "write sentences such as `Ask one clarifying question.`, `Escalate to PATH.`, `Halt.`, `Inform the user.`; for personal data `Process normally. Flag in audit log. Do not echo PII back.`";

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
        let said = self.all_said(action);
        let span = action.span;
        let derived = |text: &str| Text::derived(text, span);
        let has = |wanted: &Said| said.iter().any(|(said, _)| said == wanted);
        let paths = said.iter().filter_map(|(said, span)| match said {
            Said::Escalate(path) => Some((path.clone(), *span)),
            _ => None,
        });
        let paths = paths.collect::<Vec<_>>();
        let then = self.only_path(paths).map(|path| format!("escalate {path}"));
        let primary = self.primary(action, &said);
        let (action, then) = match (primary, then) {
            (None, None) => {
                // What could not be read has been told.
                if !self.findings.iter().any(|known| known.code == "B141" && is_within(known, span))
                {
                    let message = format!("\u{201c}{action}\u{201d} names no action");
                    self.error("B141", span, message, SENTENCES);
                }
                return None;
            }
            (None, Some(escalate)) => (escalate, None),
            (Some(primary), then) => (primary.to_owned(), then),
        };
        Some(FailureResponse {
            span,
            r#do: derived(&action),
            max: (action == "clarify").then_some(Spanned { value: 1, span }),
            then: then.as_deref().map(derived),
            inform: has(&Said::Inform).then(|| yes(span)),
            flag: has(&Said::Flag).then(|| derived("audit")),
            echo: has(&Said::NeverEcho).then(|| derived("never")),
        })
    }

    /// What the sentences say, each with its place; what says nothing known is a finding.
    fn all_said(&mut self, action: &Text) -> Vec<(Said, Span)> {
        let mut all = Vec::new();
        for sentence in sentences(action) {
            let text = &sentence.text;
            let is_asked = all.iter().any(|(said, _)| *said == Said::Clarify);
            let read = said(text).filter(|_| is_asked || !is_conditional(text));
            let Some(parts) = read else {
                let message = if is_discretion(text) {
                    format!("\u{201c}{text}\u{201d} leaves the answer to the model")
                } else {
                    format!("\u{201c}{text}\u{201d} is none of the sentences that can be compiled")
                };
                self.error("B141", sentence.span, message, SENTENCES);
                continue;
            };
            for said in parts {
                let is_handed = all.iter().any(|(said, _)| matches!(said, Said::Escalate(_)));
                if said == Said::Clarify && is_handed {
                    let message = "a question after an escalation is asked by nobody";
                    self.error("B141", sentence.span, message, "write the question first");
                }
                all.push((said, sentence.span));
            }
        }
        all
    }

    /// The one action besides an escalation, if there is one.
    fn primary(&mut self, action: &Text, said: &[(Said, Span)]) -> Option<&'static str> {
        let primaries = said.iter().filter_map(|(said, _)| match said {
            Said::Clarify => Some("clarify"),
            Said::Halt => Some("halt"),
            Said::Continue => Some("continue"),
            _ => None,
        });
        let primaries: std::collections::BTreeSet<_> = primaries.collect();
        if primaries.len() > 1 {
            let words: Vec<_> = primaries.iter().copied().collect();
            let message = format!("a case has one action, and here are {}", words.join(" and "));
            let help = "keep the one that comes first; an escalation may follow it";
            self.error("B141", action.span, message, help);
        }
        primaries.first().copied()
    }

    /// The path that a case takes; a second one is a finding.
    fn only_path(&mut self, paths: Vec<(Option<String>, Span)>) -> Option<String> {
        let mut names: Vec<String> = Vec::new();
        for (path, span) in paths {
            let name = self.path(path, span);
            if !names.is_empty() && !names.contains(&name) {
                let message = format!("a case goes one way, and `{name}` is a second one");
                self.error("B141", span, message, "keep one escalation");
            }
            names.push(name);
        }
        names.into_iter().next()
    }

    /// The path of an escalation; where it is not declared, that is a finding.
    pub(super) fn path(&mut self, path: Option<String>, span: Span) -> String {
        let declared = &self.article.escalations;
        let mut names = declared.names();
        let only = names.next().filter(|_| names.next().is_none());
        let is_unnamed = path.is_none();
        let name = match (path, only) {
            (Some(path), _) => path,
            (None, Some(only)) => only.to_owned(),
            (None, None) => UNNAMED.to_owned(),
        };
        if declared.contains(&name) {
            return name;
        }
        let yaml = format!("escalations: {{{}: {{call: SERVER.TOOL}}}}", key(&name));
        if is_unnamed {
            let message = "which path this escalation takes is not said";
            let more = ", or name the path, as in `Escalate to PATH.`";
            self.open("B142", span, message, yaml, more);
        } else {
            let message = format!("where `{name}` is, is not said");
            self.open(
                "B142",
                span,
                message,
                yaml,
                ", or a `webhook: \"https://…\"` in place of `call`",
            );
        }
        self.paths.push(Key { name: name.clone(), span });
        name
    }
}

fn is_within(problem: &Diagnostic, span: Span) -> bool {
    span.start <= problem.span.start && problem.span.end <= span.end
}
