//! Rules of the policy engine: `block tool_call=TOOL when CONDITION`.

use bounden_policy::Action;

use super::{Clause, empty};
use crate::article::expression::{expression, over_arguments};
use crate::article::open::{Binding, Place};
use crate::article::words::{key, slug};
use crate::article::{Refusal, Translation};
use crate::intent::{By, Enforce};

const ACTIONS: &str = "write `block`, `halt`, `warn`, `require approval from ROLE` or `escalate to PATH`, then `tool_call=TOOL`";
const TARGETS: &str = "write `block tool_call=TOOL when CONDITION`, or `block on output`, `on request` or `on log` for an event that is no call";

/// Events that are no calls, in the words of a sentence.
const EVENTS: [(&str, &str); 9] = [
    ("request", "request"),
    ("requests", "request"),
    ("output", "output"),
    ("outputs", "output"),
    ("replies", "output"),
    ("log", "log"),
    ("logs", "log"),
    ("log writes", "log"),
    ("start", "start"),
];

/// Words between an action and the calls that it is about.
const CALLS: [&str; 6] =
    ["tool_call=", "tool_call ", "calls to ", "calls of ", "call to ", "call of "];

impl Translation<'_> {
    /// `ACTION tool_call=TOOL when CONDITION`
    pub(super) fn rule(&mut self, clause: &Clause<'_>) -> Result<Enforce, Refusal> {
        let (head, condition) = halves(clause.text);
        let (action, target) = target(clause, head)?;
        let trigger = match target {
            Target::Calls(tools) => format!("call {}", self.called(clause, tools)?),
            Target::Event(event) => event.to_owned(),
        };
        let when = condition.map(|condition| self.condition(clause, condition)).transpose()?;
        let action = self.action(clause, action)?;
        Ok(Enforce {
            trigger: Some(clause.derived(trigger)),
            when: when.map(|when| clause.derived(when)),
            r#do: Some(clause.derived(action)),
            ..empty(By::PolicyEngine, clause.span())
        })
    }

    /// `escalate to PATH`, or another action, for what is excluded from the scope.
    pub(super) fn routed(&mut self, clause: &Clause<'_>) -> Result<Enforce, Refusal> {
        let action = self.action(clause, clause.text)?;
        Ok(Enforce {
            trigger: Some(clause.derived("request")),
            r#do: Some(clause.derived(action)),
            ..empty(By::ScopeRouter, clause.span())
        })
    }

    /// The tools of `a`, `a, b` and `a or b`, in full.
    fn called(&mut self, clause: &Clause<'_>, words: &str) -> Result<String, Refusal> {
        let mut tools = Vec::new();
        let spaced = words.replace(" or ", ",").replace(" and ", ",");
        for word in spaced.split(',').map(|word| word.trim().trim_start_matches("tool_call=")) {
            let allowed = |c: char| c.is_ascii_alphanumeric() || "._-*/:@".contains(c);
            if word.is_empty() || !word.chars().all(allowed) {
                let message = format!("`{}` is no tool", words.trim());
                return Err(Refusal::new(clause.part(words.trim()), message, TARGETS));
            }
            tools.extend(self.tools_meant(word, clause.span()));
        }
        let tools: Vec<_> = tools.into_iter().map(|tool| tool.value).collect();
        Ok(tools.join(", "))
    }

    fn condition(
        &self,
        clause: &Clause<'_>,
        (negated, text): (bool, &str),
    ) -> Result<String, Refusal> {
        let start = clause.part(text).start;
        let expression = expression(text).map_err(|refusal| refusal.shifted(start))?;
        let facts = &self.article.bind.facts;
        let expression = over_arguments(&expression, |root| facts.contains(root));
        Ok(if negated { format!("!({expression})") } else { expression })
    }

    /// An action in the words of a sentence, as the rule language has it.
    fn action(&mut self, clause: &Clause<'_>, text: &str) -> Result<String, Refusal> {
        let spoken = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let lower = spoken.to_ascii_lowercase();
        let action = match lower.as_str() {
            "block" | "blocks" | "deny" | "denies" | "reject" | "rejects" | "refuse"
            | "refuses" | "forbid" | "forbids" => "block".to_owned(),
            "halt" | "halts" | "halt the session" | "end the session" => "halt".to_owned(),
            "warn" | "warns" => "warn".to_owned(),
            "stop" | "stops" | "abort" => {
                let help = "write `block` where the call does not happen, or `halt` where the session ends as well";
                return Err(Refusal::new(
                    clause.part(text),
                    format!("`{spoken}` may mean two things"),
                    help,
                ));
            }
            _ => match (approval(&spoken), path(&lower)) {
                (Some(""), _) => {
                    let help = "write `require approval from ROLE`, and add `ownership: {approvers: {ROLE: {team: TEAM}}}`";
                    return Err(Refusal::new(
                        clause.part(text),
                        "nobody is named who may approve",
                        help,
                    ));
                }
                (Some(roles), _) => format!("require approval from {}", self.roles(roles)),
                (None, Some(path)) => {
                    let span = clause.whole.part(clause.part(text).shifted(clause.at));
                    format!("escalate {}", self.path(Some(slug(path)), span))
                }
                (None, None) => spoken.clone(),
            },
        };
        let is_action =
            Action::parse(&action).is_ok_and(|action| !matches!(action, Action::Redact { .. }));
        if is_action {
            return Ok(action);
        }
        let place = if text.trim().is_empty() { clause.all() } else { clause.part(text.trim()) };
        Err(Refusal::new(place, format!("`{spoken}` is no action"), ACTIONS))
    }
}

impl Translation<'_> {
    /// Roles by their names; one that is not declared has its YAML.
    fn roles(&mut self, words: &str) -> String {
        let separator = if words.contains(" or ") { " or " } else { ", " };
        let named = words.split(separator.trim_end_matches(' ')).map(|word| {
            let word = word.trim();
            let role =
                word.strip_prefix("the ").or_else(|| word.strip_prefix("a ")).unwrap_or(word);
            if role.contains(' ') { slug(role) } else { role.to_owned() }
        });
        let named: Vec<_> = named.collect();
        let ownership = self.article.ownership.as_ref();
        for role in &named {
            if ownership.is_none_or(|ownership| !ownership.approvers.contains(role)) {
                let yaml = format!("ownership: {{approvers: {{{}: {{team: TEAM}}}}}}", key(role));
                self.open.push(Binding { place: Place::Sections, yaml });
            }
        }
        named.join(separator)
    }
}

/// What an action is about.
enum Target<'t> {
    Calls(&'t str),
    Event(&'static str),
}

/// A rule without its condition, and the condition, negated after `unless`.
fn halves(text: &str) -> (&str, Option<(bool, &str)>) {
    let words = [(" when ", false), (" if ", false), (" unless ", true)];
    let found =
        words.iter().filter_map(|(word, negated)| Some((text.find(word)?, word.len(), *negated)));
    match found.min() {
        Some((at, length, negated)) => {
            let (head, condition) = (text.get(..at), text.get(at + length..));
            (head.unwrap_or(text), condition.map(|condition| (negated, condition.trim())))
        }
        None => (text, None),
    }
}

/// The action of a rule, and the calls or the event that it is about.
fn target<'t>(clause: &Clause<'t>, head: &'t str) -> Result<(&'t str, Target<'t>), Refusal> {
    if let Some((before, word)) = CALLS.iter().find_map(|word| Some((head.find(word)?, word))) {
        let (action, rest) = head.split_at(before);
        let tools = rest.get(word.len()..).unwrap_or("").trim();
        let action = action.trim();
        let articles = ["on", "any", "every", "all", "the", "for"];
        let action = articles.iter().fold(action, |action, word| {
            action
                .strip_suffix(word)
                .filter(|rest| rest.ends_with(' '))
                .unwrap_or(action)
                .trim_end()
        });
        return Ok((action, Target::Calls(tools)));
    }
    let Some((action, event)) = head.rsplit_once(" on ") else {
        let message = "nothing says which calls this is about";
        return Err(Refusal::new(clause.all(), message, TARGETS));
    };
    match EVENTS.iter().find(|(word, _)| *word == event.trim()) {
        Some((_, name)) => Ok((action, Target::Event(name))),
        None => {
            let message = format!("`{}` is no event", event.trim());
            Err(Refusal::new(clause.part(event.trim()), message, TARGETS))
        }
    }
}

/// The roles of `require approval from ROLES`; empty where none is named.
fn approval(spoken: &str) -> Option<&str> {
    const ASKED: [&str; 6] = [
        "require human approval",
        "requires human approval",
        "require approval",
        "requires approval",
        "ask for approval",
        "needs approval",
    ];
    let rest = ASKED.iter().find_map(|asked| spoken.strip_prefix(asked))?.trim();
    Some(rest.strip_prefix("from ").or_else(|| rest.strip_prefix("by ")).unwrap_or(rest))
}

/// The path of `escalate to PATH`.
fn path(lower: &str) -> Option<&str> {
    let words = ["escalate to ", "route to ", "hand over to "];
    let path = words.iter().find_map(|word| lower.strip_prefix(word))?.trim();
    Some(path.trim_start_matches("the "))
}
