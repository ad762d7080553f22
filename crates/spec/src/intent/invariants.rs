//! Rules that hold whatever the model reasons, and wishes that are measured.

use super::{Duration, Threshold};
use crate::read::{Spanned, section, words};
use crate::yaml::Text;
use bounden_base::Decimal;

section! {
    /// A rule that holds whatever the model reasons.
    pub struct Invariant {
        /// The rule in words.
        rule: Text,
        /// The mechanism outside the model that enforces it.
        enforce: Option<Enforce>,
        /// Where a drafted rule was taken from.
        origin: Option<Text>,
    }

    /// The mechanism that enforces an invariant.
    pub struct Enforce {
        /// Which one: policy_engine, tool_allowlist, output_filter, scope_router or external.
        by: Spanned<By>,
        /// The event that it looks at, such as `call billing.*`.
        trigger: Option<Text>,
        /// When it fires; always, if absent.
        when: Option<Text>,
        /// What then happens, such as `block`.
        r#do: Option<Text>,
        /// `shadow` to record without acting.
        enforce: Option<Spanned<Enforcement>>,
        /// For the tool allowlist: tools that can never be called.
        deny: Vec<Text>,
        /// For an external control: its name.
        control: Option<Text>,
        /// For an external control: a command that tries what must be refused.
        probe: Option<Probe>,
        /// For an external control: who vouches for it.
        attested_by: Option<Text>,
        /// For an external control: after how long it has to be shown anew.
        renew: Option<Spanned<Duration>>,
    }

    /// A command that tries what must be refused.
    pub struct Probe {
        /// The command with its arguments.
        command: Vec<Text>,
    }

    /// What the agent should rather do, measured but not enforced.
    pub struct Preference {
        /// The wish in words.
        says: Text,
        /// The figure that shows it.
        measure: Option<Text>,
        /// The bound that the figure should keep.
        target: Option<Spanned<Threshold>>,
        /// How much it weighs against other preferences.
        weight: Option<Spanned<Decimal>>,
        /// Where a drafted preference was taken from.
        origin: Option<Text>,
    }
}

words! {
    /// A mechanism outside the model.
    pub enum By {
        /// A predicate over events.
        PolicyEngine = "policy_engine",
        /// The closed list of tools.
        ToolAllowlist = "tool_allowlist",
        /// Redaction of what leaves.
        OutputFilter = "output_filter",
        /// A decision about a request before the agent sees it.
        ScopeRouter = "scope_router",
        /// A control that somebody else runs.
        External = "external",
    }

    /// Whether a rule acts.
    pub enum Enforcement {
        /// It does.
        Act = "act",
        /// It records only, and never counts as proven.
        Shadow = "shadow",
    }
}
