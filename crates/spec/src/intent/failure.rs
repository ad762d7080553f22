//! What happens where the design ends.

use bounden_policy::FailureMode;

use crate::read::{Spanned, section};
use crate::yaml::Text;

section! {
    /// What happens where the design ends: five cases, each with one action.
    pub struct FailureModes {
        /// When a request can be read in several ways.
        ambiguous_request: Option<FailureResponse>,
        /// When a request is excluded from the scope.
        out_of_scope: Option<FailureResponse>,
        /// When a tool failed.
        tool_failure: Option<FailureResponse>,
        /// When the input holds personal data.
        pii_detected: Option<FailureResponse>,
        /// When a limit of the session is reached.
        budget_exceeded: Option<FailureResponse>,
    }

    /// One default-safe action and what follows it.
    pub struct FailureResponse {
        /// The action: `clarify`, `escalate PATH` or `halt`; `continue` for personal data only.
        r#do: Text,
        /// For `clarify`: how many questions; 1 if absent.
        max: Option<Spanned<u64>>,
        /// What follows: `escalate PATH`.
        then: Option<Text>,
        /// Whether the user is told.
        inform: Option<Spanned<bool>>,
        /// The log that the case is flagged in.
        flag: Option<Text>,
        /// `never`, if what was found may not be repeated.
        echo: Option<Text>,
    }
}

impl FailureModes {
    /// The answer to one mode.
    #[must_use]
    pub fn response(&self, mode: FailureMode) -> Option<&FailureResponse> {
        match mode {
            FailureMode::AmbiguousRequest => self.ambiguous_request.as_ref(),
            FailureMode::OutOfScope => self.out_of_scope.as_ref(),
            FailureMode::ToolFailure => self.tool_failure.as_ref(),
            FailureMode::PiiDetected => self.pii_detected.as_ref(),
            FailureMode::BudgetExceeded => self.budget_exceeded.as_ref(),
        }
    }
}
