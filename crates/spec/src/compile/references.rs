//! Names that one section uses and another declares.

use bounden_base::{Span, nearest};
use bounden_policy::{Effect, ToolName, glob};

use super::Compiler;
use crate::intent::Intent;
use crate::yaml::Text;

impl Compiler<'_> {
    /// Notes exclusions whose escalation path is not declared.
    pub(super) fn exclusions(&mut self) {
        for item in &self.intent.scope.out {
            if let Some(path) = &item.value.escalate {
                self.check_path(path, path.span);
            }
        }
    }

    /// Notes an escalation path that is not declared.
    pub(super) fn check_path(&mut self, path: &str, span: Span) {
        if self.intent.escalations.contains(path) {
            return;
        }
        let help = match nearest::name(path, self.intent.escalations.names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                format!("declare it under `escalations`, such as `{path}: {{call: SERVER.TOOL}}`")
            }
        };
        self.error("B110", span, format!("the escalation path `{path}` is not declared"), help);
    }

    /// Notes a tool that is not declared, and returns it all the same.
    pub(super) fn declared_tool(&mut self, name: &Text) -> ToolName {
        if !self.intent.tools.contains(name) {
            self.undeclared(name, name.span);
        }
        ToolName::new(name.value.clone())
    }

    pub(super) fn undeclared(&mut self, name: &str, span: Span) {
        let help = match nearest::name(name, self.intent.tools.names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare `{name}` under `tools`, or name one that is"),
        };
        self.error("B112", span, format!("no declared tool is called `{name}`"), help);
    }

    /// The tools that a criterion names: `escalation`, `effects`, or tools,
    /// patterns and effect classes separated by commas. As text for `calls`.
    pub(super) fn tools_of_criterion(&mut self, names: &Text) -> String {
        let mut start = 0;
        let mut tools = Vec::new();
        for part in names.split(',') {
            let name = part.trim();
            let at = start + part.len() - part.trim_start().len();
            start += part.len() + 1;
            let span = names.part(Span::new(at, at + name.len()));
            tools.extend(self.expanded(name, span));
        }
        tools.join(", ")
    }

    fn expanded(&mut self, name: &str, span: Span) -> Vec<String> {
        let bound = match (name, &self.intent.bind) {
            ("escalation", Some(bind)) => &bind.escalation,
            ("effects", Some(bind)) => &bind.effects,
            ("escalation" | "effects", None) => &Vec::new(),
            _ => {
                if !names_a_tool(self.intent, name) {
                    self.undeclared(name, span);
                }
                return vec![name.to_owned()];
            }
        };
        if bound.is_empty() {
            let help = format!(
                "write `bind: {{{name}: [SERVER.TOOL]}}` with the tools that it stands for"
            );
            self.error("B118", span, format!("`{name}` is not bound to tools"), help);
        }
        bound.iter().map(|tool| tool.value.clone()).collect()
    }
}

/// Whether a tool, a pattern, an effect class or a short name fits a declared tool.
pub(crate) fn names_a_tool(intent: &Intent, word: &str) -> bool {
    if let Some(effect) = word.strip_prefix('@') {
        let effect = Effect::named(effect);
        return effect.is_some_and(|effect| {
            intent.tools.iter().any(|tool| tool.value.effects().contains(&effect))
        });
    }
    intent.tools.names().any(|tool| glob::matches(word, tool))
        || intent.tools.names().filter(|tool| ToolName::from(*tool).tool() == word).count() == 1
}
