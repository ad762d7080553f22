//! The document of an organisation's policy.

use bounden_base::{Diagnostic, Timestamp};

use crate::intent::Tier;
use crate::read::{Named, Spanned, section, words};
use crate::yaml::Text;

section! {
    /// What an organisation lets any intent declare.
    pub struct Document {
        /// The version of this format, `org.policy/v1`.
        schema: Text,
        /// Whose policy it is.
        organisation: Text,
        /// What every intent within reach has to meet.
        rules: Named<Rule>,
        /// Who is let off which rule, until when.
        waivers: Named<Waiver>,
    }

    /// One thing that intents have to meet.
    pub struct Rule {
        /// The rule in words.
        says: Text,
        /// Which agents it is about; all, if absent.
        reach: Option<Reach>,
        /// What has to hold of an intent for the rule to be about it.
        when: Option<Text>,
        /// What then has to hold of it.
        require: Text,
        /// Whether an intent that does not meet it is refused: error or warning.
        severity: Option<Spanned<Weight>>,
        /// What to do about it.
        help: Option<Text>,
    }

    /// Which agents a rule is about; all parts have to fit.
    pub struct Reach {
        /// Patterns for ids of agents, such as `acme/*`.
        agents: Vec<Text>,
        /// Their tiers.
        tiers: Vec<Spanned<Tier>>,
        /// Patterns for the environments that they are promoted into.
        environments: Vec<Text>,
    }

    /// Some agents are let off a rule for a time.
    pub struct Waiver {
        /// The rule.
        rule: Text,
        /// Patterns for ids of agents.
        agents: Vec<Text>,
        /// Who answers for it.
        owner: Text,
        /// Why.
        reason: Text,
        /// The first instant at which it no longer counts.
        expires: Spanned<Timestamp>,
    }
}

words! {
    /// What follows where a rule is not met.
    pub enum Weight {
        /// The intent is refused.
        Error = "error",
        /// It is reported.
        Warning = "warning",
    }
}

impl Document {
    /// Notes what is wrong with the policy beyond its shape and its expressions.
    pub(super) fn check(&self, problems: &mut Vec<Diagnostic>) {
        if self.rules.is_empty() {
            problems.push(
                Diagnostic::error("B506", self.schema.span, "the policy has no rule").help(
                    "write one under `rules`, or remove the file: an empty policy is no permission",
                ),
            );
        }
        for item in &self.waivers {
            let waiver = &item.value;
            if !self.rules.contains(&waiver.rule) {
                let message = format!("`{}` waives `{}`, which is no rule", item.key, waiver.rule);
                let near = bounden_base::nearest::name(&waiver.rule, self.rules.names());
                let help = near.map_or_else(
                    || "name one of `rules`".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                problems.push(Diagnostic::error("B505", waiver.rule.span, message).help(help));
            }
            if waiver.agents.is_empty() {
                let message = format!("`{}` names no agent", item.key);
                let help = "write `agents: [ID]`; a waiver is for somebody, never for all unnamed";
                problems.push(Diagnostic::error("B505", item.key.span, message).help(help));
            }
        }
    }
}
