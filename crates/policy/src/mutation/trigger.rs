//! Mistakes in the tools that a trigger or a chain means.

use bounden_base::Span;

use super::action::without;
use super::{Change, Operator, Patch};
use crate::bundle::{Bundle, EventName, Rule, Trigger};
use crate::problem::Place;
use crate::{RuleId, ToolName, glob};

pub(super) fn changes(bundle: &Bundle, id: &RuleId, rule: &Rule) -> Vec<Change> {
    if !matches!(rule.trigger.event, EventName::Call | EventName::Result) {
        return Vec::new();
    }
    let instead = |(operator, tools): (Operator, Vec<String>)| {
        let trigger = Trigger { tools, ..rule.trigger.clone() };
        Change {
            place: Place::RuleTrigger(id.clone()),
            operator,
            span: Span::new(0, rule.trigger.to_string().len()),
            sentence: format!("`{id}` looks at `{trigger}` instead of `{}`", rule.trigger),
            patch: Patch::Rule(id.clone(), Some(Box::new(Rule { trigger, ..rule.clone() }))),
        }
    };
    other_tools(bundle, &rule.trigger.tools).into_iter().map(instead).collect()
}

/// Lists of words that mean fewer or more tools. No words mean every tool.
pub(super) fn other_tools(bundle: &Bundle, words: &[String]) -> Vec<(Operator, Vec<String>)> {
    let mut others = Vec::new();
    if words.is_empty() {
        let all: Vec<String> = bundle.tools.keys().map(ToString::to_string).collect();
        return fewer(&all);
    }
    for (index, word) in words.iter().enumerate() {
        let replaced = |by: Vec<String>| {
            let mut words = words.to_vec();
            words.splice(index..=index, by);
            words
        };
        let meant = meant(bundle, word);
        if meant.len() > 1 {
            others.extend(fewer(&meant).into_iter().map(|(op, left)| (op, replaced(left))));
        } else if words.len() > 1 {
            others.push((Operator::DropTool, without(words, index)));
        }
        if let Some(wider) = wider(word) {
            let wider = if wider == "*" { Vec::new() } else { replaced(vec![wider]) };
            others.push((Operator::WidenTools, wider));
        }
    }
    others
}

fn fewer(tools: &[String]) -> Vec<(Operator, Vec<String>)> {
    let enough = tools.len() > 1;
    let left = (0..tools.len()).filter(|_| enough).map(|index| without(tools, index));
    left.map(|left| (Operator::DropTool, left)).collect()
}

/// The declared tools that a glob or an effect class means.
fn meant(bundle: &Bundle, word: &str) -> Vec<String> {
    let tools = bundle.tools.iter().filter(|(name, tool)| match word.strip_prefix('@') {
        Some(effect) => tool.effects.iter().any(|own| own.name() == effect),
        None => glob::matches(word, name.as_str()),
    });
    tools.map(|(name, _)| name.to_string()).collect()
}

/// The next larger set of tools: all of the server, then all.
fn wider(word: &str) -> Option<String> {
    if word == "*" {
        return None;
    }
    let name = ToolName::from(word);
    let is_one = !word.contains('*') && !word.starts_with('@');
    let has_server = !name.server().is_empty();
    Some(if is_one && has_server { format!("{}.*", name.server()) } else { "*".to_owned() })
}
