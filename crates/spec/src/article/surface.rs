//! Tools: those that are declared, or else those that the text names.

use bounden_base::Span;
use bounden_policy::Effect;

use super::Translation;
use super::open::is_placeholder;
use crate::intent::{EffectWord, Tool};
use crate::read::{Item, Named, Spanned};
use crate::yaml::{Key, Text};

impl Translation<'_> {
    /// The tools that a word stands for: what it is bound to, or the tool of that name.
    pub(super) fn tools_meant(&mut self, word: &str, span: Span) -> Vec<Text> {
        let meant = match self.article.bind.tools.get(word) {
            Some(bound) => {
                bound.iter().map(|tool| Text::derived(tool.value.clone(), span)).collect()
            }
            None => vec![Text::derived(self.declared_as(word), span)],
        };
        for tool in &meant {
            if !tool.contains('*') && !tool.starts_with('@') {
                self.named.entry(tool.value.clone()).or_insert(span);
            }
        }
        meant
    }

    /// Whether a word is a tool by what is declared or bound, or by its form.
    pub(super) fn is_tool(&self, word: &str) -> bool {
        let is_written_so = word.contains('_') || word.trim_end_matches('.').contains('.');
        is_written_so
            || self.article.bind.tools.contains(word)
            || self.article.tools.contains(&self.declared_as(word))
    }

    /// The full name of a tool that is declared with its server, where only one has the name.
    fn declared_as(&self, word: &str) -> String {
        let suffix = format!(".{word}");
        let mut known = self.article.tools.names().filter(|name| name.ends_with(&suffix));
        match (self.article.tools.contains(word), known.next(), known.next()) {
            (false, Some(full), None) => full.to_owned(),
            _ => word.to_owned(),
        }
    }

    /// What the text names can be called. Effects that nobody stated are
    /// assumed to be all of them, so that no such call is watched too little.
    pub(super) fn tools(&mut self) -> Named<Tool> {
        for fact in &self.article.bind.facts {
            let tool = &fact.value.result_of;
            self.named.entry(tool.value.clone()).or_insert(tool.span);
        }
        for tool in &self.article.bind.escalation {
            self.named.entry(tool.value.clone()).or_insert(tool.span);
        }
        let mut tools = self.article.tools.items.clone();
        for (name, span) in std::mem::take(&mut self.named) {
            if self.article.tools.contains(&name) || is_placeholder(&name) {
                continue;
            }
            let message = format!("nothing says what `{name}` does; it is taken to do anything");
            let (_, tool) = name.split_once('.').unwrap_or(("SERVER", &name));
            let server = if name.contains('.') { name.trim_end_matches(tool) } else { "SERVER." };
            let server = server.trim_end_matches('.');
            let mut yaml = format!("tools: {{{server}.{tool}: {{effects: [EFFECT]}}}}");
            if !self.article.servers.contains(server) {
                yaml = format!("{yaml}\nservers: {{{server}: {{command: [PROGRAM]}}}}");
            }
            let more = ", with the server that offers it and the effects out of observe, create, update, delete, execute, send, spend, grant and persist";
            self.open("B144", span, message, yaml, more);
            tools.push(Item { key: Key { name, span }, value: anything(span) });
        }
        tools.into_iter().collect()
    }
}

fn anything(span: Span) -> Tool {
    let effects = Effect::ALL.map(|effect| Spanned { value: EffectWord::One(effect), span });
    Tool {
        span,
        version: None,
        effects: effects.to_vec(),
        labels: None,
        money: None,
        timeout: None,
        origin: Some(Text::derived("assumed", span)),
    }
}
