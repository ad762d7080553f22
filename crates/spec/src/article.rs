//! The `behavioral-spec.yaml` form: lists, prose and enforcement strings.
//!
//! It is read as it stands and becomes an intent. Clauses that carry meaning
//! are translated; the rest is reported with the exact binding to add. Nothing
//! is guessed: until prose is bound, a session's tag of its name decides, and
//! without one the outcome is undecidable.

mod conditions;
mod criteria;
mod effects;
mod enforcement;
mod expression;
mod failure;
mod open;
mod outputs;
mod reworded;
mod sentences;
mod shape;
mod surface;
mod words;

use std::collections::BTreeMap;

use bounden_base::{Diagnostic, Json, Span};

use crate::intent::{self, Bind, Exclusion, Intent, Scope, Topic};
use crate::read::{Item, Named, Read, Reader, Spanned};
use crate::yaml::{Document, Key, Node, Text};
use open::Place;
pub(crate) use open::{Binding, rendered};
pub(crate) use reworded::reworded;
use shape::{Article, Excluded};
use words::named;

/// An article that was read.
pub(crate) struct Translated {
    /// The intent, where all parts could be read.
    pub(crate) intent: Option<Intent>,
    /// What stands against reading it.
    pub(crate) problems: Vec<Diagnostic>,
    /// What it leaves out, and the binding that says it.
    pub(crate) findings: Vec<Diagnostic>,
    /// The bindings by themselves.
    pub(crate) open: Vec<Binding>,
    /// Rules whose enforcement is written and cannot be read.
    refused: Vec<Span>,
    /// Whether proposals were added that nobody filled in.
    pub(crate) is_unfilled: bool,
}

/// Why a clause cannot be compiled, and what could be.
struct Refusal {
    /// Where, in bytes of the clause.
    span: Span,
    message: String,
    help: String,
}

/// The name of the form, which is that of its file.
pub(crate) const FORM: &str = "behavioral-spec.yaml";

/// The JSON Schema of the form.
pub(crate) fn schema() -> Json {
    Article::schema()
}

/// Whether a document has the article's shape: no schema, and scope as lists.
pub(crate) fn is_article(root: &Node) -> bool {
    let scope = root.get("scope");
    let has = |key| scope.is_some_and(|scope| scope.get(key).is_some());
    root.get("schema").is_none() && (has("in_scope") || has("out_of_scope"))
}

/// Reads an article and translates it.
pub(crate) fn read(document: &Document) -> Translated {
    let mut reader = Reader::default();
    let article = Article::read(&document.root, &mut reader);
    let problems = reader.into_problems();
    let Some(article) = article else {
        let (findings, open, refused) = (Vec::new(), Vec::new(), Vec::new());
        return Translated { intent: None, problems, findings, open, refused, is_unfilled: false };
    };
    let mut translation = Translation::new(&article);
    let intent = translation.intent();
    let Translation { mut findings, open, refused, .. } = translation;
    let unfilled = open::unfilled(&document.root);
    let is_unfilled = !unfilled.is_empty();
    findings.extend(unfilled);
    Translated { intent: Some(intent), problems, findings, open, refused, is_unfilled }
}

struct Translation<'a> {
    article: &'a Article,
    findings: Vec<Diagnostic>,
    /// What closes them.
    open: Vec<Binding>,
    /// Tools that the text names, with the first place of each.
    named: BTreeMap<String, Span>,
    /// Escalation paths that the text names without declaring them.
    paths: Vec<Key>,
    /// Rules whose enforcement is written and cannot be read.
    refused: Vec<Span>,
}

impl<'a> Translation<'a> {
    fn new(article: &'a Article) -> Self {
        let (findings, open) = (Vec::new(), Vec::new());
        let (paths, refused) = (Vec::new(), Vec::new());
        Self { article, findings, open, named: BTreeMap::new(), paths, refused }
    }

    fn intent(&mut self) -> Intent {
        let article = self.article;
        let start = Span::at(article.span.start);
        let invariants = self.invariants();
        let success_criteria = self.criteria();
        let failure_modes = self.failure_modes();
        let bind = self.bind();
        let tools = self.tools();
        self.left_out();
        let mut escalations = article.escalations.clone();
        self.paths.drain(..).for_each(|path| escalations.declare(path));
        Intent {
            span: article.span,
            schema: Text::derived(intent::SCHEMA, start),
            agent: article.agent.clone(),
            purpose: article.purpose.clone().unwrap_or_else(|| Text::derived("Not stated.", start)),
            scope: self.scope(),
            escalations,
            servers: article.servers.clone(),
            tools,
            models: article.models.clone(),
            files: article.files.clone(),
            constraints: article.constraints.clone(),
            environments: Named::default(),
            windows: Named::default(),
            invariants,
            preferences: Named::default(),
            bind: Some(bind),
            success_criteria,
            failure_modes,
            measurement: article
                .measurement
                .as_ref()
                .map(|measurement| self.measurement(measurement)),
            commitments: article.commitments.clone(),
            ladder: None,
            ownership: article.ownership.clone(),
            promotion: article.promotion.clone(),
        }
    }

    fn scope(&self) -> Scope {
        let scope = &self.article.scope;
        let topic = |says: &Text| Topic {
            span: says.span,
            says: says.clone(),
            examples: Vec::new(),
            phrases: Vec::new(),
            origin: None,
        };
        let exclusion = |excluded: &Excluded| Exclusion {
            span: excluded.says.span,
            says: excluded.says.clone(),
            escalate: excluded.escalate.clone(),
            examples: excluded.examples.clone(),
            phrases: Vec::new(),
            origin: None,
        };
        Scope {
            span: scope.span,
            r#in: named(scope.in_scope.iter().map(|says| (says, topic(says)))),
            out: named(
                scope.out_of_scope.iter().map(|excluded| (&excluded.says, exclusion(excluded))),
            ),
        }
    }

    fn measurement(&self, measurement: &shape::ArticleMeasurement) -> intent::Measurement {
        let rate = measurement.escalation_rate_target;
        let target = rate.map(|rate| Item {
            key: Key { name: "escalation_rate".to_owned(), span: rate.span },
            value: rate,
        });
        intent::Measurement {
            span: measurement.span,
            evaluate: measurement.eval_frequency,
            drift_review: measurement.behavioral_drift_review,
            targets: target.into_iter().collect(),
            baselines: Named::default(),
        }
    }

    fn bind(&self) -> Bind {
        let bind = &self.article.bind;
        Bind {
            span: bind.span,
            effects: bind.effects.clone(),
            escalation: bind.escalation.clone(),
            facts: bind.facts.clone(),
            intents: bind.intents.clone(),
        }
    }

    /// Sections that the form does not have, and an intent or a promotion asks for.
    fn left_out(&mut self) {
        let article = self.article;
        let absent = [
            (article.servers.is_empty(), "servers", "servers: {SERVER: {command: [PROGRAM]}}"),
            (
                article.models.is_none(),
                "models",
                "models: {routing: single, allow: {main: {class: CLASS, id: PROVIDER/MODEL}}}",
            ),
            (
                article.promotion.is_empty(),
                "promotion",
                "promotion: {production: {approvals: {ROLE: 1}}}",
            ),
        ];
        let span = Span::at(article.span.start);
        for (_, section, yaml) in absent.into_iter().filter(|(is_absent, ..)| *is_absent) {
            let message = format!("the form says nothing of `{section}`");
            let problem = Diagnostic::warning("B143", span, message).help(format!("add `{yaml}`"));
            self.findings.push(problem);
            self.open.push(Binding { place: Place::Sections, yaml: yaml.to_owned() });
        }
        if article.purpose.is_none() {
            let yaml = "purpose: What the agent is for, in a sentence.".to_owned();
            self.open("B143", span, "the form does not say what the agent is for", yaml, "");
        }
    }

    /// Notes a gap with the YAML that closes it.
    fn open(
        &mut self,
        code: &str,
        span: Span,
        message: impl Into<String>,
        yaml: String,
        more: &str,
    ) {
        let help = match yaml.split_once('\n') {
            Some((first, second)) => format!("add `{first}` and `{second}`{more}"),
            None => format!("add `{yaml}`{more}"),
        };
        self.error(code, span, message, help);
        self.open.push(Binding { place: Place::Sections, yaml });
    }

    /// Notes what is wrong, once; the same of another place is told with the first.
    fn error(
        &mut self,
        code: &str,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let message = message.into();
        let known = self.findings.iter_mut();
        let known = known.into_iter().find(|known| known.code == code && known.message == message);
        match known {
            Some(known) if known.span == span => {}
            Some(known) => {
                let related = known.clone().related(span, "and here");
                *known = related;
            }
            None => self.findings.push(Diagnostic::error(code, span, message).help(help)),
        }
    }
}

impl Refusal {
    fn new(span: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: help.into() }
    }

    fn at(self, span: Span) -> Self {
        Self { span, ..self }
    }

    fn shifted(self, by: usize) -> Self {
        Self { span: self.span.shifted(by), ..self }
    }
}

fn yes(span: Span) -> Spanned<bool> {
    Spanned { value: true, span }
}

#[cfg(test)]
mod tests;
