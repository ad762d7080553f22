//! A draft of an intent from what a team already has. Everything in it is a
//! guess that says where it was taken from; nothing in it was decided yet.

mod client;
mod definitions;
mod effects;
mod never;
mod openapi;
mod place;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::Decimal;
use bounden_policy::Contracts;

pub use client::{Configured, Reach, configured};
pub use definitions::{ApiTools, DefinitionError, definitions};
pub use never::{NeverRule, never_rules};

use crate::intent::Tier;
use crate::read::is_name;
use crate::yaml::visible;

/// What a draft is made from.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The id of the agent, such as `shop/support`.
    pub agent: String,
    /// The tier, if a person named it; otherwise it follows from the tools.
    pub tier: Option<Tier>,
    /// The servers, by the names that the contracts give them.
    pub servers: BTreeMap<String, DraftServer>,
    /// What the servers offer.
    pub contracts: Contracts,
    /// Rules that somebody wrote for the model to follow.
    pub rules: Vec<NeverRule>,
    /// What recorded runs show.
    pub observed: Option<Observed>,
}

/// One server of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftServer {
    /// How it is reached; `None` where its tools are part of the agent itself.
    pub reach: Option<Reach>,
    /// Names of environment variables that it needs.
    pub pass_env: BTreeSet<String>,
    /// Where it was taken from: a file with a line, or the command line.
    pub origin: String,
    /// Where each tool was taken from, where a file says so.
    pub places: BTreeMap<String, String>,
}

/// What recorded runs show, as maxima over the runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// How many runs.
    pub runs: u64,
    /// How often each tool was called, by the name in the recordings.
    pub tools: BTreeMap<String, u64>,
    /// Most calls, requests and outputs in one run.
    pub steps: u64,
    /// Most calls in one run.
    pub tool_calls: u64,
    /// Longest run in seconds, where the recordings tell times.
    pub seconds: Option<u64>,
    /// Dearest run in US dollars, where the recordings tell costs.
    pub usd: Option<Decimal>,
}

impl Draft {
    /// The draft as a commented document of `behavior.intent/v1`.
    #[must_use]
    pub fn text(&self) -> String {
        text::write(self)
    }

    /// Tools that recorded runs call and no server offers.
    #[must_use]
    pub fn unoffered(&self) -> Vec<&str> {
        if self.contracts.servers.is_empty() {
            return Vec::new();
        }
        let observed = self.observed.iter().flat_map(|observed| observed.tools.keys());
        observed.filter(|name| self.offered(name).is_none()).map(String::as_str).collect()
    }

    /// Tools whose names cannot stand in an intent, as they are shown.
    #[must_use]
    pub fn unwritable(&self) -> Vec<String> {
        let offered = self.contracts.tools().map(|(name, _)| name.to_string());
        let is_alone = self.contracts.servers.is_empty();
        let observed = self.observed.iter().filter(|_| is_alone).flat_map(|seen| seen.tools.keys());
        let names = offered.chain(observed.cloned()).filter(|name| !is_name(name));
        names.map(|name| visible(&name)).collect()
    }

    /// The full name of the offered tool that a recording calls `name`: its
    /// full name, its name alone, or as clients flatten it.
    fn offered(&self, name: &str) -> Option<String> {
        let flat = name.strip_prefix("mcp__").unwrap_or(name).replacen("__", ".", 1);
        let mut full = self.contracts.tools().map(|(tool, _)| tool);
        if let Some(tool) = full.find(|tool| tool.as_str() == name || tool.as_str() == flat) {
            return Some(tool.to_string());
        }
        let mut short = self.contracts.tools().filter(|(tool, _)| tool.tool() == name);
        let only = short.next().filter(|_| short.next().is_none());
        only.map(|(tool, _)| tool.to_string())
    }
}

/// A name as it may stand in an id: lower case, digits and single hyphens.
#[must_use]
pub fn id_of(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests;
