//! Success criteria: what is said, and what is called.

use bounden_base::Span;

use super::{Translation, clauses, named, slug};
use crate::intent::{Criterion, EffectClause, Expect, Require, Says};
use crate::read::{Named, Spanned};
use crate::yaml::Text;

/// The parts of a criterion as its clauses are translated.
#[derive(Default)]
struct Parts {
    effects: Vec<EffectClause>,
    says: Vec<Says>,
    url: Option<crate::intent::Url>,
    /// Clauses that are not bound yet.
    tagged: Vec<Text>,
}

impl Translation<'_> {
    pub(super) fn criteria(&mut self) -> Named<Criterion> {
        let article = self.article;
        let criteria = article.success_criteria.iter().map(|criterion| {
            if let Some(evaluation) =
                criterion.evaluation.as_ref().filter(|how| how.value != "automated")
            {
                let message = format!("a criterion that is judged `{evaluation}` is no test");
                self.error(
                    "B146",
                    evaluation.span,
                    message,
                    "state what can be checked, and write `evaluation: automated`",
                );
            }
            let given = criterion.input_condition.as_ref().map(|text| self.given(text));
            let mut parts = Parts::default();
            for clause in criterion.side_effects.iter().flat_map(clauses) {
                self.side_effect(&clause, &mut parts);
            }
            for clause in criterion.expected_output.iter().flat_map(clauses) {
                self.phrase(&clause, &mut parts);
            }
            let span = criterion.span;
            let expects = !parts.says.is_empty() || parts.url.is_some();
            let tagged = !parts.tagged.is_empty();
            let translated = Criterion {
                span,
                says: Some(criterion.scenario.clone()),
                given,
                expect: expects.then_some(Expect { span, says: parts.says, url: parts.url }),
                effects: parts.effects,
                require: tagged.then_some(Require { span, all: parts.tagged, any: Vec::new() }),
                budget: None,
                origin: None,
            };
            (&criterion.scenario, translated)
        });
        named(criteria)
    }

    /// `tool_call=TOOL executed`, `no tool_call=TOOL`, `no escalation`; other words are phrases.
    fn side_effect(&mut self, clause: &Text, parts: &mut Parts) {
        let (is_absent, what) = match clause.strip_prefix("no ") {
            Some(rest) => (true, rest.trim()),
            None => (false, clause.trim_end_matches(" executed").trim()),
        };
        let tools = if let Some(tool) = what.strip_prefix("tool_call=") {
            let tools = self.tools_meant(tool.trim(), clause.span);
            tools.iter().map(|tool| tool.value.clone()).collect::<Vec<_>>().join(", ")
        } else if what == "escalation" && !self.article.bind.escalation.is_empty() {
            "escalation".to_owned()
        } else if what == "escalation" {
            let help = "add `bind: {escalation: [TOOL]}` with the tools that hand over to a person";
            self.error("B140", clause.span, "which calls are an escalation is not said", help);
            parts.tagged.push(Text::derived(super::conditions::tagged(clause), clause.span));
            return;
        } else {
            return self.phrase(clause, parts);
        };
        let tools = Text::derived(tools, clause.span);
        parts.effects.push(effect(clause.span, tools, is_absent));
    }

    fn phrase(&mut self, clause: &Text, parts: &mut Parts) {
        let Some(phrase) = self.article.bind.phrases.get(&slug(clause)) else {
            let unbound = self.unbound(clause, "phrases", "any: [\"WORDS THAT ARE SAID\"]");
            parts.tagged.extend(unbound.map(|expression| Text::derived(expression, clause.span)));
            return;
        };
        if !phrase.any.is_empty() || !phrase.all.is_empty() {
            let (span, none) = (clause.span, Vec::new());
            parts.says.push(Says { span, any: phrase.any.clone(), all: phrase.all.clone(), none });
        }
        if let Some(url) = &phrase.url {
            parts.url = Some(url.clone());
        }
        if let Some(called) = &phrase.called {
            parts.effects.push(effect(clause.span, called.clone(), false));
        }
    }
}

fn effect(span: Span, tools: Text, is_absent: bool) -> EffectClause {
    let (called, never) = if is_absent { (None, Some(tools)) } else { (Some(tools), None) };
    EffectClause {
        span,
        at_least: called.is_some().then_some(Spanned { value: 1, span }),
        called,
        never,
        times: None,
        at_most: None,
        ok: None,
        args: Named::default(),
        before: None,
        sequence: Vec::new(),
    }
}
