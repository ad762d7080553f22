//! The closed list of tools: `TOOLS not provisioned to this agent`.

use super::{Clause, empty};
use crate::article::words::{key, slug};
use crate::article::{Refusal, Translation};
use crate::intent::{By, Enforce};
use crate::yaml::Text;

const FORMS: &str = "write `TOOLS not provisioned`, or `deny TOOLS`; what may be called stands under `tools`, and nothing else can be";

/// What follows the tools that are denied.
const DENIED: [&str; 6] =
    ["not provisioned", "not available", "not allowed", "not exposed", "not granted", "denied"];

/// What may stand after that.
const AGENT: [&str; 4] = ["", ".", "to this agent", "to the agent"];

impl Translation<'_> {
    /// What the words are bound to is denied by name.
    pub(super) fn denied(&mut self, clause: &Clause<'_>) -> Result<Enforce, Refusal> {
        let denied = DENIED.iter().find_map(|words| clause.text.split_once(words));
        if let Some((_, after)) = denied.filter(|(_, after)| !AGENT.contains(&after.trim())) {
            let after = after.trim();
            let message = format!("`{after}` after what is denied is not read");
            return Err(Refusal::new(clause.part(after), message, FORMS));
        }
        let words = denied
            .map(|(before, _)| before)
            .or_else(|| clause.text.strip_prefix("deny "))
            .or_else(|| clause.text.strip_prefix("no "))
            .map(str::trim)
            .map(|words| words.strip_suffix(" are").unwrap_or(words))
            .map(|words| words.strip_suffix(" tools").unwrap_or(words).trim());
        let Some(words) = words.filter(|words| !words.is_empty()) else {
            let message = "nothing says which tools are denied";
            return Err(Refusal::new(clause.all(), message, FORMS));
        };
        let spaced = words.replace(" and ", ",");
        let words = spaced.split(',').map(str::trim).filter(|word| !word.is_empty());
        let deny = words.flat_map(|word| self.denied_by(clause, word)).collect();
        Ok(Enforce { deny, ..empty(By::ToolAllowlist, clause.span()) })
    }

    fn denied_by(&mut self, clause: &Clause<'_>, word: &str) -> Vec<Text> {
        let name = slug(word);
        let known = &self.article.bind.tools;
        if let Some(bound) = known.get(word).or_else(|| known.get(&name)) {
            return bound.iter().map(|tool| clause.derived(tool.value.clone())).collect();
        }
        let is_pattern = word.starts_with('@') || word.contains(['.', '*']);
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._-*/:@".contains(c);
        if is_pattern && word.chars().all(allowed) {
            return vec![clause.derived(word)];
        }
        if !known.contains(&name) {
            let span = clause.whole.part(clause.part(word).shifted(clause.at));
            let message = format!("which tools `{word}` means is not said");
            let yaml = format!("bind: {{tools: {{{}: [SERVER.PATTERN]}}}}", key(&name));
            let more = ", with each tool or pattern that the words stand for";
            self.open("B149", span, message, yaml, more);
        }
        vec![clause.derived(name)]
    }
}
