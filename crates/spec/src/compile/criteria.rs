//! Success criteria, lowered to expressions that are evaluated at the end.

use std::collections::BTreeMap;

use bounden_base::{Span, nearest};
use bounden_policy::{Clause, Criterion, CriterionId, Reading};

use super::Compiler;
use super::arguments::{number, quoted};
use crate::intent::{self, Budget, EffectClause, Expect, Given, IntentBinding, Order, Says};
use crate::read::{Item, Spanned};
use crate::yaml::Text;

/// The clauses of one criterion while it is lowered.
#[derive(Default)]
struct Clauses {
    clauses: Vec<Clause>,
    spans: Vec<Span>,
}

impl Clauses {
    fn push(&mut self, span: Span, says: impl Into<String>, expr: String) {
        self.clauses.push(Clause { says: says.into(), expr });
        self.spans.push(span);
    }
}

impl Compiler<'_> {
    pub(super) fn criteria(&mut self) -> BTreeMap<CriterionId, Criterion> {
        let criteria = self.intent.success_criteria.iter();
        criteria
            .map(|item| (CriterionId::new(item.key.name.clone()), self.criterion(item)))
            .collect()
    }

    fn criterion(&mut self, item: &Item<intent::Criterion>) -> Criterion {
        let declared = &item.value;
        let mut clauses = Clauses::default();
        for effect in &declared.effects {
            self.effect(effect, &mut clauses);
        }
        if let Some(expect) = &declared.expect {
            self.expect(expect, &mut clauses);
        }
        for fact in declared.require.iter().flat_map(|require| &require.all) {
            let expr = self.over_facts(fact);
            clauses.push(fact.span, fact.value.clone(), expr);
        }
        if let Some(any) =
            declared.require.as_ref().map(|require| &require.any).filter(|any| !any.is_empty())
        {
            let parts: Vec<_> =
                any.iter().map(|fact| format!("({})", self.over_facts(fact))).collect();
            let says: Vec<_> = any.iter().map(|fact| fact.value.as_str()).collect();
            let span = any.iter().map(|fact| fact.span).reduce(Span::to).unwrap_or(item.key.span);
            clauses.push(span, says.join(" or "), parts.join(" || "));
        }
        if let Some(budget) = &declared.budget {
            budgets(budget, &mut clauses);
        }
        let given = self.given(declared);
        self.clauses.insert(CriterionId::new(item.key.name.clone()), clauses.spans);
        Criterion { given, expect: clauses.clauses }
    }

    fn given(&mut self, criterion: &intent::Criterion) -> Option<String> {
        let mut parts = Vec::new();
        if let Some(given) = &criterion.given {
            self.conditions(given, &mut parts);
        }
        // An order of two tools says nothing of a conversation without the second.
        let orders: Vec<_> =
            criterion.effects.iter().filter_map(|effect| effect.before.as_ref()).collect();
        let checks_only_order = orders.len() == criterion.effects.len()
            && criterion.expect.is_none()
            && criterion.require.is_none()
            && criterion.budget.is_none();
        if checks_only_order && !orders.is_empty() {
            let then: Vec<_> =
                orders.iter().map(|order| self.tools_of_criterion(&order.then)).collect();
            parts.push(format!("calls({}).succeeded().exists()", quoted(&then.join(", "))));
        }
        let only = parts.len() == 1;
        let joined: Vec<_> =
            parts.into_iter().map(|part| if only { part } else { format!("({part})") }).collect();
        (!joined.is_empty()).then(|| joined.join(" && "))
    }

    fn conditions(&mut self, given: &Given, parts: &mut Vec<String>) {
        if let Some(name) = &given.intent {
            parts.extend(self.intent_holds(name));
        }
        if let Some(tag) = &given.tag {
            parts.extend(self.tag(tag).map(|(name, value)| format!("tag({name}) == {value}")));
        }
        if let Some(fact) = &given.fact {
            parts.push(self.over_facts(fact));
        }
        if let Some(called) = &given.called {
            let tools = self.tools_of_criterion(called);
            parts.push(format!("calls({}).succeeded().exists()", quoted(&tools)));
        }
    }

    /// A tag decides; without one the topic that the router told, and else the words of the request.
    fn intent_holds(&mut self, name: &Text) -> Option<String> {
        let intents = self.intent.bind.as_ref().map(|bind| &bind.intents);
        let Some(binding) = intents.and_then(|intents| intents.get(name)) else {
            if intents.is_some_and(|intents| intents.contains(name)) {
                return None;
            }
            let near = nearest::name(name, intents.into_iter().flat_map(|intents| intents.names()));
            let help = near.map_or_else(
                || format!("bind it: `bind: {{intents: {{{name}: {{tag: intent={name}}}}}}}`"),
                |near| format!("did you mean `{near}`?"),
            );
            self.error("B118", name.span, format!("the intent `{name}` is not bound"), help);
            return None;
        };
        self.binding_holds(name, binding)
    }

    fn binding_holds(&mut self, name: &Text, binding: &IntentBinding) -> Option<String> {
        let tagged = binding.tag.as_ref().and_then(|tag| self.tag(tag));
        let lexical = binding.text.as_ref().map(|text| {
            let pattern = quoted(&format!("(?is).*(?:{text}).*"));
            format!("request.text.matches({pattern})")
        });
        let routed = binding.topic.as_ref().map(|topic| {
            let topic = quoted(topic);
            ("request.topic".to_owned(), format!("request.topic == {topic}"))
        });
        let tagged =
            tagged.map(|(tag, value)| (format!("tag({tag})"), format!("tag({tag}) == {value}")));
        if binding.tag.is_none() && routed.is_none() && lexical.is_none() {
            let message = format!("the intent `{name}` is bound to nothing");
            self.error("B118", binding.span, message, "write a `tag`, a `topic` or a `text`");
        }
        let known: Vec<(String, String)> = [tagged, routed].into_iter().flatten().collect();
        let mut known = known.into_iter().rev();
        let last = lexical.or_else(|| known.next().map(|(_, test)| test))?;
        Some(
            known.fold(last, |otherwise, (place, test)| {
                format!("has({place}) ? {test} : {otherwise}")
            }),
        )
    }

    /// `NAME=VALUE` as two literals.
    fn tag(&mut self, tag: &Text) -> Option<(String, String)> {
        match tag.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
                Some((quoted(name.trim()), quoted(value.trim())))
            }
            _ => {
                self.error("B119", tag.span, format!("`{tag}` is no tag"), "write `NAME=VALUE`");
                None
            }
        }
    }

    /// An expression whose bare fact names are written out: `order.total` is `facts.order.total`.
    fn over_facts(&self, text: &Text) -> String {
        let mut expr = text.value.clone();
        let Some(facts) = self.intent.bind.as_ref().map(|bind| &bind.facts) else { return expr };
        let Some(reading) = Reading::of(text) else { return expr };
        let mut starts: Vec<_> = reading
            .paths
            .iter()
            .filter(|path| path.names.first().is_some_and(|root| facts.contains(root)))
            .map(|path| path.span.start)
            .collect();
        starts.sort_unstable();
        for start in starts.into_iter().rev() {
            expr.insert_str(start, "facts.");
        }
        expr
    }

    fn effect(&mut self, effect: &EffectClause, clauses: &mut Clauses) {
        let kinds = [
            effect.called.is_some(),
            effect.never.is_some(),
            effect.before.is_some(),
            !effect.sequence.is_empty(),
        ];
        if kinds.into_iter().filter(|given| *given).count() != 1 {
            let help = "write one of `called`, `never`, `before` and `sequence` in each item";
            self.error("B128", effect.span, "this item checks nothing, or several things", help);
            return;
        }
        if let Some(tools) = &effect.called {
            self.called(effect, tools, clauses);
        } else {
            self.check_uncounted(effect);
        }
        if let Some(tools) = &effect.never {
            let filter = self.filter(&effect.args);
            let named = self.tools_of_criterion(tools);
            let expr = format!("calls({}).permitted(){filter}.count() == 0", quoted(&named));
            clauses.push(effect.span, format!("never {tools}"), expr);
        }
        if let Some(Order { first, then, .. }) = &effect.before {
            self.order(first, then, effect.span, clauses);
        }
        for pair in effect.sequence.windows(2) {
            if let [first, then] = pair {
                self.order(first, then, effect.span, clauses);
            }
        }
    }

    fn called(&mut self, effect: &EffectClause, tools: &Text, clauses: &mut Clauses) {
        let named = self.tools_of_criterion(tools);
        let filter = self.filter(&effect.args);
        let counting = if effect.ok.is_none_or(|ok| ok.value) { "succeeded" } else { "permitted" };
        let counted = format!("calls({}).{counting}(){filter}.count()", quoted(&named));
        let bounds = [
            ("==", "exactly", effect.times),
            (">=", "at least", effect.at_least),
            ("<=", "at most", effect.at_most),
        ];
        let given: Vec<_> = bounds
            .into_iter()
            .filter_map(|(operator, words, bound)| {
                bound.map(|bound| (operator, words, bound.value))
            })
            .collect();
        let at_least_once = [(">=", "at least", 1)];
        for (operator, words, bound) in
            if given.is_empty() { &at_least_once[..] } else { &given[..] }
        {
            let says = format!("{tools} called {words} {bound} times");
            clauses.push(effect.span, says, format!("{counted} {operator} {bound}"));
        }
    }

    /// Counts belong to `called` only.
    fn check_uncounted(&mut self, effect: &EffectClause) {
        let counts = [effect.times, effect.at_least, effect.at_most];
        let spans = counts.into_iter().flatten().map(|count| count.span);
        for span in spans.chain(effect.ok.map(|ok| ok.span)) {
            self.error(
                "B128",
                span,
                "only `called` is counted",
                "write it beside `called`, or remove it",
            );
        }
    }

    fn order(&mut self, first: &Text, then: &Text, span: Span, clauses: &mut Clauses) {
        let before = quoted(&self.tools_of_criterion(first));
        let after = quoted(&self.tools_of_criterion(then));
        let counted = format!("calls({after}).succeeded()");
        let expr = format!("{counted}.after({before}).count() == {counted}.count()");
        clauses.push(span, format!("{first} before {then}"), expr);
    }

    fn expect(&mut self, expect: &Expect, clauses: &mut Clauses) {
        for says in &expect.says {
            self.says(says, clauses);
        }
        if let Some(url) = &expect.url {
            // A prefix inside another address is not this address.
            let pattern =
                format!("(?s)(?:.*[^A-Za-z0-9/?&=%#._~:@+-])?{}.*", regex::escape(&url.prefix));
            let expr = format!("output.text.matches({})", quoted(&pattern));
            clauses.push(url.span, format!("a link that starts with {}", url.prefix), expr);
        }
    }

    fn says(&mut self, says: &Says, clauses: &mut Clauses) {
        if says.any.is_empty() && says.all.is_empty() && says.none.is_empty() {
            self.error(
                "B128",
                says.span,
                "this item checks nothing",
                "write `any`, `all` or `none` with phrases",
            );
        }
        if !says.any.is_empty() {
            let tests: Vec<_> = says.any.iter().map(said).collect();
            let phrases: Vec<_> = says.any.iter().map(|phrase| quoted(phrase)).collect();
            clauses.push(says.span, format!("says {}", phrases.join(" or ")), tests.join(" || "));
        }
        for phrase in &says.all {
            clauses.push(phrase.span, format!("says {}", quoted(phrase)), said(phrase));
        }
        for phrase in &says.none {
            clauses.push(
                phrase.span,
                format!("does not say {}", quoted(phrase)),
                format!("!{}", said(phrase)),
            );
        }
    }
}

/// Whether a phrase occurs in what the user was told, in whatever case.
fn said(phrase: &Text) -> String {
    format!("output.text.lower().contains({})", quoted(&phrase.to_lowercase()))
}

fn budgets(budget: &Budget, clauses: &mut Clauses) {
    let mut most = |field: &str, limit: Option<Spanned<String>>| {
        if let Some(limit) = limit {
            let expr = format!("session.{field} <= {}", limit.value);
            clauses.push(limit.span, format!("at most {} {field}", limit.value), expr);
        }
    };
    let count = |limit: Option<Spanned<u64>>| {
        limit.map(|limit| Spanned { value: limit.value.to_string(), span: limit.span })
    };
    most("steps", count(budget.steps));
    most("calls", count(budget.tool_calls));
    most("seconds", count(budget.seconds));
    most("cost", budget.usd.map(|limit| Spanned { value: number(limit.value), span: limit.span }));
}
