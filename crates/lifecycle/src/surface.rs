//! The capability surface: what an agent may reach, as data that people can
//! compare and that enters the lock.

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::{Digest, Json, JsonError, json};
use bounden_policy::{Bundle, Effect, Limits, Money, Role, RuleId, ToolName};
use bounden_spec::intent::{Autonomy, Intent, Memory};
use bounden_spec::{limits_in, yaml};
use serde::{Deserialize, Serialize};

/// What an agent may reach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Surface {
    /// What the guard enforces: it follows from the policy bundle alone.
    pub enforced: Enforced,
    /// What the intent declares besides, for people and for other controls.
    pub declared: Declared,
}

/// What the guard enforces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enforced {
    /// What may be called.
    pub tools: BTreeMap<ToolName, Reach>,
    /// Budgets of one session.
    pub limits: Limits,
    /// The digest of each rule.
    pub rules: BTreeMap<RuleId, Digest>,
    /// The digest of each invariant that a control elsewhere enforces.
    pub external: BTreeMap<RuleId, Digest>,
    /// Roles that may approve calls.
    pub approvers: BTreeSet<Role>,
}

/// What a call of one tool reaches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reach {
    /// What it does to the world.
    pub effects: BTreeSet<Effect>,
    /// The label of its results; `untrusted`, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The argument that is an amount of money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money: Option<Money>,
    /// The digest of the pinned definition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<Digest>,
    /// After so many seconds without a result a call is lost.
    pub timeout_seconds: u32,
}

/// What the intent declares besides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// How each server is reached: its command, or its address alone.
    pub servers: BTreeMap<String, Vec<String>>,
    /// The models by the part they play.
    pub models: BTreeMap<String, String>,
    /// How a model is chosen.
    pub routing: Option<String>,
    /// The most sensitive class of data.
    pub classification: Option<String>,
    /// Where data may be processed.
    pub residency: Option<String>,
    /// What the agent remembers; `none`, if the intent does not say.
    pub memory: String,
    /// How closely people watch; `each-approved`, if the intent does not say.
    pub autonomy: String,
    /// The budgets of a session in each environment that narrows them.
    pub environments: BTreeMap<String, Limits>,
    /// The digest of every `section.member` of the intent, so that no change is invisible.
    pub sections: BTreeMap<String, Digest>,
}

impl Surface {
    /// The surface of an intent and the policy that it compiles to.
    ///
    /// # Errors
    /// A rule without canonical form; none in practice.
    pub fn of(intent: &Intent, document: &Json, bundle: &Bundle) -> Result<Self, JsonError> {
        Ok(Self { enforced: Enforced::of(bundle)?, declared: Declared::of(intent, document) })
    }

    /// Reads the surface in a lock body.
    ///
    /// # Errors
    /// Another shape.
    pub fn read(surface: &Json) -> Result<Self, JsonError> {
        json::from_slice(surface.canonical().as_bytes())
    }

    /// The surface as it stands in a lock body.
    ///
    /// # Errors
    /// None in practice.
    pub fn to_json(&self) -> Result<Json, JsonError> {
        Json::from_serialize(self)
    }
}

impl Enforced {
    /// What a guard enforces that loads this bundle.
    ///
    /// # Errors
    /// A rule without canonical form; none in practice.
    pub fn of(bundle: &Bundle) -> Result<Self, JsonError> {
        let reach = |tool: &bounden_policy::Tool| Reach {
            effects: tool.effects.clone(),
            label: tool.label.clone(),
            money: tool.money.clone(),
            definition: tool.definition,
            timeout_seconds: tool.timeout_seconds,
        };
        Ok(Self {
            tools: bundle.tools.iter().map(|(name, tool)| (name.clone(), reach(tool))).collect(),
            limits: bundle.limits,
            rules: digests(&bundle.rules)?,
            external: digests(&bundle.external)?,
            approvers: bundle.approvers.clone(),
        })
    }
}

impl Declared {
    fn of(intent: &Intent, document: &Json) -> Self {
        let constraints = intent.constraints.as_ref();
        let data = constraints.and_then(|constraints| constraints.data.as_ref());
        let memory = constraints.and_then(|constraints| constraints.memory);
        let autonomy = constraints.and_then(|constraints| constraints.autonomy);
        let models = intent.models.as_ref();
        let text = |text: &Option<yaml::Text>| text.as_ref().map(|text| text.value.clone());
        Self {
            servers: intent.servers.iter().map(|item| (item.key.name.clone(), way(item))).collect(),
            models: models
                .into_iter()
                .flat_map(|models| &models.allow)
                .map(|item| (item.key.name.clone(), item.value.id.value.clone()))
                .collect(),
            routing: models
                .and_then(|models| models.routing)
                .map(|routing| routing.value.word().to_owned()),
            classification: data.and_then(|data| text(&data.classification)),
            residency: data.and_then(|data| text(&data.residency)),
            memory: memory.map_or(Memory::None, |memory| memory.value).word().to_owned(),
            autonomy: autonomy
                .map_or(Autonomy::EachApproved, |autonomy| autonomy.value)
                .word()
                .to_owned(),
            environments: intent
                .environments
                .names()
                .map(|name| (name.to_owned(), limits_in(intent, name)))
                .collect(),
            sections: sections(document),
        }
    }
}

/// How a server is reached.
fn way(item: &bounden_spec::Item<bounden_spec::intent::Server>) -> Vec<String> {
    let server = &item.value;
    let command = server.command.iter().flatten();
    command.chain(&server.url).map(|word| word.value.clone()).collect()
}

/// The digest of each member of each section; the schema has its own place in the lock.
fn sections(document: &Json) -> BTreeMap<String, Digest> {
    let mut digests = BTreeMap::new();
    let sections = document.as_object().into_iter().flatten();
    for (section, value) in sections.filter(|(section, _)| *section != "schema") {
        match value.as_object() {
            None => drop(digests.insert(section.clone(), value.digest())),
            Some(members) => {
                let named =
                    |(name, value): (&String, &Json)| (format!("{section}.{name}"), value.digest());
                digests.extend(members.iter().map(named));
            }
        }
    }
    digests
}

fn digests<T: Serialize>(
    rules: &BTreeMap<RuleId, T>,
) -> Result<BTreeMap<RuleId, Digest>, JsonError> {
    let digest = |(id, rule): (&RuleId, &T)| Ok((id.clone(), Json::from_serialize(rule)?.digest()));
    rules.iter().map(digest).collect()
}
