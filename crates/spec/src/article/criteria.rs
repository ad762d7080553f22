//! Success criteria: what is said, and what is called.

use super::Translation;
use super::words::{clauses, named};
use crate::intent::{Criterion, EffectClause, Expect, Require, Says, Url};
use crate::read::Named;
use crate::yaml::Text;

/// The parts of a criterion as its clauses are translated.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) effects: Vec<EffectClause>,
    pub(super) says: Vec<Says>,
    pub(super) url: Option<Url>,
    /// Tags that decide clauses which are not bound yet.
    pub(super) tagged: Vec<Text>,
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
            let effects: Vec<_> = criterion.side_effects.iter().flat_map(clauses).collect();
            for (index, clause) in effects.iter().enumerate() {
                if self.is_unclear(&effects, index) {
                    self.unclear(clause, &mut parts);
                } else {
                    self.side_effect(clause, &mut parts);
                }
            }
            for clause in criterion.expected_output.iter().flat_map(clauses) {
                self.output(&clause, &mut parts);
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
}
