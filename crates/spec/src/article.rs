//! The `behavioral-spec.yaml` form: lists, prose and enforcement strings.
//!
//! It is read as it stands and becomes an intent. Clauses that carry meaning
//! are translated; the rest is reported with the exact binding to add. Nothing
//! is guessed: until prose is bound, a session's tag of its name decides, and
//! without one the outcome is undecidable.

mod conditions;
mod criteria;
mod enforcement;
mod failure;
mod shape;
mod surface;

use std::collections::BTreeMap;

use bounden_base::{Diagnostic, Edit, Json, Span};

use crate::intent::{self, Bind, Exclusion, Intent, Scope, Topic};
use crate::read::{Item, Named, Read, Reader, Spanned};
use crate::yaml::{Document, Key, Node, Text};
use shape::{Article, Excluded};

/// An article that was read.
pub(crate) struct Translated {
    /// The intent, where all parts could be read.
    pub(crate) intent: Option<Intent>,
    /// What stands against reading it.
    pub(crate) problems: Vec<Diagnostic>,
    /// What it leaves out, and the binding that says it.
    pub(crate) findings: Vec<Diagnostic>,
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
        return Translated { intent: None, problems, findings: Vec::new() };
    };
    let mut translation = Translation::new(&article);
    let intent = translation.intent();
    Translated { intent: Some(intent), problems, findings: translation.findings }
}

/// The findings of lints in the words of this form: repairs are for mappings,
/// which it does not have.
pub(crate) fn reworded(
    found: Vec<Diagnostic>,
    known: &[Diagnostic],
    source: &str,
) -> Vec<Diagnostic> {
    // What is said of a tool that nobody described follows from that.
    let follows = |problem: &Diagnostic, known: &[Diagnostic]| {
        matches!(problem.code.as_str(), "B207" | "B223" | "B228" | "B232")
            && known.iter().any(|known| known.code == "B144" && known.span == problem.span)
    };
    let reword = |mut problem: Diagnostic| {
        problem.fix = None;
        if problem.code != "B201" {
            return problem;
        }
        let written = source.get(problem.span.start..problem.span.end).unwrap_or("");
        let says = written.trim_matches(['"', '\'']);
        let entry = format!("{{says: {}, escalate: PATH}}", Json::from(says).canonical());
        let edits = vec![Edit { span: problem.span, replacement: entry.clone() }];
        problem
            .help(format!("write `{entry}`, and declare PATH under `escalations`"))
            .fix(edits, false)
    };
    found.into_iter().filter(|problem| !follows(problem, known)).map(reword).collect()
}

struct Translation<'a> {
    article: &'a Article,
    findings: Vec<Diagnostic>,
    /// Tools that the text names, with the first place of each.
    named: BTreeMap<String, Span>,
    /// Escalation paths that the text names without declaring them.
    paths: Vec<Key>,
}

impl<'a> Translation<'a> {
    fn new(article: &'a Article) -> Self {
        Self { article, findings: Vec::new(), named: BTreeMap::new(), paths: Vec::new() }
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

    /// Sections that the form does not have and a promotion asks for.
    fn left_out(&mut self) {
        let article = self.article;
        let absent = [
            (
                article.purpose.is_none(),
                "purpose",
                "purpose: What the agent is for, in a sentence.",
            ),
            (article.agent.owner.is_none(), "agent.owner", "owner: {team: TEAM, contact: ADDRESS}"),
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
        for (_, section, example) in absent.into_iter().filter(|(is_absent, ..)| *is_absent) {
            let span = Span::at(article.span.start);
            let message = format!("the form says nothing of `{section}`");
            self.findings
                .push(Diagnostic::warning("B143", span, message).help(format!("add `{example}`")));
        }
    }

    fn error(
        &mut self,
        code: &str,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.findings.push(Diagnostic::error(code, span, message).help(help));
    }
}

/// Values by names that are made of their texts, each one once.
fn named<'t, T>(entries: impl Iterator<Item = (&'t Text, T)>) -> Named<T> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    entries
        .map(|(text, value)| {
            let slug = slug(text);
            let count = names.entry(slug.clone()).and_modify(|count| *count += 1).or_insert(1);
            let name = if *count == 1 { slug } else { format!("{slug}-{count}") };
            Item { key: Key { name, span: text.span }, value }
        })
        .collect()
}

/// A text as a name: its letters and digits in lower case, joined by `-`.
fn slug(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_lowercase() } else { ' ' })
        .collect();
    let words: Vec<_> = plain.split_whitespace().collect();
    if words.is_empty() { "unnamed".to_owned() } else { words.join("-") }
}

/// The parts of a text between commas, each with its place.
fn clauses(text: &Text) -> Vec<Text> {
    let mut start = 0;
    let mut parts = Vec::new();
    for part in text.split(',') {
        let trimmed = part.trim();
        let at = start + part.len() - part.trim_start().len();
        start += part.len() + 1;
        if !trimmed.is_empty() {
            parts.push(Text::derived(trimmed, text.part(Span::new(at, at + trimmed.len()))));
        }
    }
    parts
}

fn yes(span: Span) -> Spanned<bool> {
    Spanned { value: true, span }
}

#[cfg(test)]
mod tests;
