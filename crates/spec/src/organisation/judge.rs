//! How an intent stands with each rule of a policy.

use std::collections::BTreeMap;

use bounden_base::{Digest, Json, Timestamp};
use bounden_policy::glob;
use serde::Serialize;

use super::{Item, OrganisationPolicy, Questions, Reach, Rule, Waiver, Weight, view};
use crate::intent::{Intent, Tier};
use crate::yaml::Text;

/// What a policy says of an intent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// Whose policy it is.
    pub organisation: String,
    /// The digest of the policy's meaning.
    pub policy: Digest,
    /// How the intent stands with each rule that is about it.
    pub rules: BTreeMap<String, Standing>,
}

/// How an intent stands with one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "standing", rename_all = "kebab-case")]
pub enum Standing {
    /// It meets it.
    Met,
    /// It does not, and is let off for a time.
    Waived {
        /// The waiver.
        waiver: String,
        /// Until when.
        expires: Timestamp,
    },
    /// It does not, which is reported only.
    Warned,
    /// It does not, and is refused for it.
    Broken,
    /// It cannot be told, and is refused for it.
    Undecided,
}

/// How an intent stands with one rule, and what says so.
pub(super) struct Finding<'p> {
    pub(super) rule: &'p Item<Rule>,
    pub(super) standing: Standing,
    /// The places in the data that stand against it.
    pub(super) against: Vec<Vec<String>>,
}

impl Judgement {
    /// The rules for which the intent is refused.
    pub fn refused(&self) -> impl Iterator<Item = &str> {
        let refused = self
            .rules
            .iter()
            .filter(|(_, standing)| matches!(standing, Standing::Broken | Standing::Undecided));
        refused.map(|(rule, _)| rule.as_str())
    }
}

impl OrganisationPolicy {
    /// Asks every rule about an intent that is to run in `environment`, or in
    /// any of its own environments if none is named, at `now`.
    #[must_use]
    pub fn judge(&self, intent: &Intent, environment: Option<&str>, now: Timestamp) -> Judgement {
        let found = self.findings(intent, environment, now);
        Judgement {
            organisation: self.document.organisation.value.clone(),
            policy: self.digest(),
            rules: found
                .into_iter()
                .map(|found| (found.rule.key.name.clone(), found.standing))
                .collect(),
        }
    }

    pub(super) fn findings(
        &self,
        intent: &Intent,
        environment: Option<&str>,
        now: Timestamp,
    ) -> Vec<Finding<'_>> {
        let data = view::data(intent);
        let rules = self.document.rules.iter().filter(|item| {
            item.value.reach.as_ref().is_none_or(|reach| reach.has(intent, environment))
        });
        let asked = rules.filter_map(|rule| {
            let questions = self.rules.get(&rule.key.name)?;
            let (standing, against) = self.ask(rule, questions, &data)?;
            let waiver = self.waiver(rule, intent, now).filter(|_| standing != Standing::Met);
            let standing = waiver.map_or(standing, |waiver| Standing::Waived {
                waiver: waiver.key.name.clone(),
                expires: waiver.value.expires.value,
            });
            Some(Finding { rule, standing, against })
        });
        asked.collect()
    }

    /// How the data stands with a rule; nothing where the rule is not about it.
    fn ask(
        &self,
        rule: &Item<Rule>,
        questions: &Questions,
        data: &Json,
    ) -> Option<(Standing, Vec<Vec<String>>)> {
        if let Some(when) = &questions.when {
            let answer = self.domain.ask(when, data);
            match answer.holds {
                Some(true) => {}
                Some(false) => return None,
                None => return Some((Standing::Undecided, answer.against)),
            }
        }
        let answer = self.domain.ask(&questions.require, data);
        let is_warning =
            rule.value.severity.is_some_and(|severity| severity.value == Weight::Warning);
        let standing = match answer.holds {
            Some(true) => Standing::Met,
            Some(false) if is_warning => Standing::Warned,
            Some(false) => Standing::Broken,
            None => Standing::Undecided,
        };
        Some((standing, answer.against))
    }

    /// The waiver in force that lets this agent off this rule for longest.
    fn waiver(&self, rule: &Item<Rule>, intent: &Intent, now: Timestamp) -> Option<&Item<Waiver>> {
        let in_force = self.document.waivers.iter().filter(|item| {
            item.value.rule.value == rule.key.name
                && item.value.expires.value > now
                && is_one_of(&item.value.agents, &intent.agent.id)
        });
        in_force.max_by_key(|item| item.value.expires.value)
    }
}

impl Reach {
    /// Whether an intent is within reach.
    fn has(&self, intent: &Intent, environment: Option<&str>) -> bool {
        let tier = intent.agent.tier.map_or(Tier::High, |tier| tier.value);
        let is_of_tier = self.tiers.is_empty() || self.tiers.iter().any(|own| own.value == tier);
        let is_there = self.environments.is_empty()
            || match environment {
                Some(environment) => is_one_of(&self.environments, environment),
                None => {
                    let mut all = intent.promotion.names().chain(intent.environments.names());
                    all.any(|name| is_one_of(&self.environments, name))
                }
            };
        let is_named = self.agents.is_empty() || is_one_of(&self.agents, &intent.agent.id);
        is_of_tier && is_there && is_named
    }
}

pub(super) fn is_one_of(patterns: &[Text], name: &str) -> bool {
    patterns.iter().any(|pattern| glob::matches(pattern, name))
}
