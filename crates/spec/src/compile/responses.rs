//! Failure modes: one default-safe action each, and what follows it.

use std::collections::BTreeMap;

use bounden_policy::{FailureAction, FailureMode, FailureResponse};

use super::Compiler;
use crate::intent;
use crate::yaml::Text;

/// What a failure mode's `do` says.
pub(crate) enum Primary<'t> {
    Clarify,
    Escalate(&'t str),
    Halt,
    Continue,
}

/// All modes, in the order of the document.
pub(crate) const MODES: [(FailureMode, &str); 5] = [
    (FailureMode::AmbiguousRequest, "ambiguous_request"),
    (FailureMode::OutOfScope, "out_of_scope"),
    (FailureMode::ToolFailure, "tool_failure"),
    (FailureMode::PiiDetected, "pii_detected"),
    (FailureMode::BudgetExceeded, "budget_exceeded"),
];

impl<'t> Primary<'t> {
    /// Reads `clarify`, `escalate PATH`, `halt` or `continue`; nothing else is default-safe.
    pub(crate) fn parse(text: &'t str) -> Option<Self> {
        match text.trim() {
            "clarify" => Some(Self::Clarify),
            "halt" => Some(Self::Halt),
            "continue" => Some(Self::Continue),
            other => escalation(other).map(Self::Escalate),
        }
    }

    /// Whether this mode may be answered so.
    pub(crate) fn is_safe_for(&self, mode: FailureMode) -> bool {
        match self {
            Self::Clarify => mode == FailureMode::AmbiguousRequest,
            Self::Continue => mode == FailureMode::PiiDetected,
            Self::Escalate(_) | Self::Halt => true,
        }
    }
}

/// The path of `escalate PATH`.
fn escalation(text: &str) -> Option<&str> {
    let path = text.strip_prefix("escalate ")?.trim();
    (!path.is_empty() && !path.contains(char::is_whitespace)).then_some(path)
}

impl Compiler<'_> {
    /// The modes that are there; missing and unsafe ones are the linter's findings.
    pub(super) fn failure_modes(&mut self) -> BTreeMap<FailureMode, FailureResponse> {
        let Some(modes) = &self.intent.failure_modes else { return BTreeMap::new() };
        let mut compiled = BTreeMap::new();
        for (mode, name) in MODES {
            let Some(response) = modes.response(mode) else { continue };
            let action = Primary::parse(&response.r#do).filter(|primary| primary.is_safe_for(mode));
            self.check_companions(response, action.as_ref(), name);
            if let Some(action) = action {
                compiled.insert(mode, self.response(response, &action));
            }
        }
        compiled
    }

    fn response(
        &mut self,
        response: &intent::FailureResponse,
        primary: &Primary<'_>,
    ) -> FailureResponse {
        let action = match primary {
            Primary::Clarify => FailureAction::Clarify { max: 1 },
            Primary::Halt => FailureAction::Halt,
            Primary::Continue => FailureAction::Continue,
            Primary::Escalate(path) => {
                self.check_path(path, response.r#do.span);
                FailureAction::Escalate { path: (*path).to_owned() }
            }
        };
        FailureResponse {
            action,
            then: response.then.as_ref().and_then(|then| self.then(then)),
            inform: response.inform.is_some_and(|inform| inform.value),
            flag: response.flag.as_ref().map(|flag| flag.value.clone()),
            never_echo: response.echo.is_some(),
        }
    }

    fn then(&mut self, then: &Text) -> Option<String> {
        let Some(path) = escalation(then) else {
            let message = format!("`{then}` cannot follow a default-safe action");
            self.error("B126", then.span, message, "write `escalate PATH`");
            return None;
        };
        self.check_path(path, then.span);
        Some(path.to_owned())
    }

    /// The keys that go with one action only.
    fn check_companions(
        &mut self,
        response: &intent::FailureResponse,
        action: Option<&Primary<'_>>,
        mode: &str,
    ) {
        if let Some(max) = response.max
            && (max.value != 1 || !matches!(action, Some(Primary::Clarify)))
        {
            let message = "a request is clarified once";
            self.error(
                "B126",
                max.span,
                message,
                "write `max: 1` beside `do: clarify`, or remove it",
            );
        }
        if let Some(echo) = &response.echo
            && echo.value != "never"
        {
            self.error(
                "B126",
                echo.span,
                format!("`{echo}` is no way to echo"),
                "write `echo: never`",
            );
        }
        match action {
            Some(Primary::Clarify) if response.then.is_none() => {
                let message = format!("`{mode}` says nothing of what follows the question");
                self.error("B126", response.r#do.span, message, "add `then: escalate PATH`");
            }
            Some(Primary::Continue) if response.flag.is_none() || response.echo.is_none() => {
                let message =
                    "the agent may go on only if the case is flagged and nothing is repeated";
                self.error("B126", response.r#do.span, message, "add `flag: audit, echo: never`");
            }
            _ => {}
        }
    }
}
