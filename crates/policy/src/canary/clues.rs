//! What a predicate compares with, so that the search knows what to try.

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::{Decimal, Json};

use super::{ANY_TEXT, arguments, call};
use crate::ToolName;
use crate::core::{Canonicaliser, Comparison, Core, Pair, Root, Step, Term};
use crate::event::EventBody;
use crate::policy::{CompiledRule, Policy};

/// Values to try at paths, and what may have to come before.
#[derive(Debug, Default)]
pub(super) struct Clues {
    /// By root (`args`, `result`, or the name of a fact) and path.
    values: BTreeMap<(String, Vec<String>), Vec<Json>>,
    terms: BTreeSet<usize>,
    labels: BTreeSet<String>,
    windows: BTreeSet<String>,
    facts: BTreeSet<String>,
    /// Literals of comparisons without a path of their own, such as a bound of a sum.
    bounds: BTreeSet<Decimal>,
}

impl Clues {
    pub(super) fn of(policy: &Policy, rule: &CompiledRule) -> Self {
        let mut clues = Self::default();
        if let Some(when) = &rule.when {
            clues.read(when, policy);
        }
        clues
    }

    /// Arguments to try for a tool, the simplest first.
    pub(super) fn arguments(&self, policy: &Policy, tool: &ToolName) -> Vec<Json> {
        let schema = policy.bundle().tools.get(tool).and_then(|tool| tool.input.as_ref());
        let own = self.values.iter().filter(|((root, _), _)| root == "args");
        let mut choices: Vec<(Vec<String>, Vec<Json>)> =
            own.map(|((_, path), values)| (path.clone(), values.clone())).collect();
        for (_, values) in &mut choices {
            values.extend(self.bounds.iter().flat_map(|bound| around(*bound)));
            values.dedup();
        }
        arguments::assignments(schema, &choices)
    }

    /// Whole values to try for a root without a schema.
    pub(super) fn values(&self, root: &str) -> Vec<Json> {
        let own: Vec<_> = self.values.iter().filter(|((own, _), _)| own == root).collect();
        let choices: Vec<_> =
            own.into_iter().map(|((_, path), values)| (path.clone(), values.clone())).collect();
        arguments::assignments(None, &choices)
    }

    /// What may have to come before, the shortest first.
    pub(super) fn prefixes(&self, policy: &Policy, most: usize) -> Vec<Vec<EventBody>> {
        let opened =
            self.windows.iter().map(|name| EventBody::Window { name: name.clone(), open: true });
        let mut opened: Vec<EventBody> = opened.collect();
        for label in &self.labels {
            let named = |own: Option<&String>| own.map_or("untrusted", String::as_str) == label;
            let tool = policy.bundle().tools.iter().find(|(_, tool)| named(tool.label.as_ref()));
            if let Some((name, _)) = tool {
                opened.extend(self.answered(policy, name, opened.len(), Json::from(ANY_TEXT)));
            }
        }
        let mut prefixes = vec![opened.clone()];
        for fact in &self.facts {
            let Some(bound) = policy.bundle().facts.get(fact) else { continue };
            for value in self.values(fact) {
                let mut bodies = opened.clone();
                bodies.extend(self.answered(policy, &bound.result_of, opened.len(), value));
                prefixes.push(bodies);
            }
        }
        for term in self.terms.iter().filter_map(|term| policy.terms.get(*term)) {
            prefixes.extend(self.repeated(policy, term, &opened, most));
        }
        prefixes
    }

    /// One to `most` earlier calls that a term counts, each with its result.
    fn repeated(
        &self,
        policy: &Policy,
        term: &Term,
        opened: &[EventBody],
        most: usize,
    ) -> Vec<Vec<EventBody>> {
        let Some(tool) = term.tools.iter().next() else { return Vec::new() };
        let highest = self.bounds.iter().filter_map(|bound| bound.to_i64()).max().unwrap_or(1);
        let enough = usize::try_from(highest).unwrap_or(1).saturating_add(1).min(most);
        let mut prefixes = Vec::new();
        for args in self.arguments(policy, tool) {
            let mut bodies = opened.to_vec();
            for _ in 0..enough {
                let id = format!("canary-{}", bodies.len());
                bodies.push(call(tool.clone(), args.clone()));
                bodies.push(EventBody::Result {
                    call: id.into(),
                    ok: true,
                    result: Json::Null,
                    labels: Vec::new(),
                });
                prefixes.push(bodies.clone());
            }
        }
        prefixes.sort_by_key(Vec::len);
        prefixes
    }

    fn answered(
        &self,
        policy: &Policy,
        tool: &ToolName,
        at: usize,
        result: Json,
    ) -> Vec<EventBody> {
        let args = self
            .arguments(policy, tool)
            .into_iter()
            .next()
            .unwrap_or_else(|| Json::object::<String>([]));
        let answer = EventBody::Result {
            call: format!("canary-{at}").into(),
            ok: true,
            result,
            labels: Vec::new(),
        };
        vec![call(tool.clone(), args), answer]
    }

    fn read(&mut self, core: &Core, policy: &Policy) {
        match core {
            Core::Compare(comparison, pair) => self.compared(*comparison, pair, policy),
            Core::In(pair) => {
                if let Core::List(Json::Array(items)) = &pair.right {
                    items.iter().for_each(|item| self.note(&pair.left, item.clone()));
                }
                self.note(&pair.left, Json::from(ANY_TEXT));
                self.both(&pair.left, &pair.right, policy);
            }
            Core::Text2(_, pair) => {
                if let Core::Text(text) = &pair.right {
                    self.note(&pair.left, Json::from(text.as_str()));
                    self.note(&pair.left, Json::from(format!("{text}/{ANY_TEXT}")));
                }
                self.note(&pair.left, Json::from(ANY_TEXT));
                self.both(&pair.left, &pair.right, policy);
            }
            Core::Path(_) => self.note(core, Json::Bool(true)),
            Core::Has(path) => self.note(&Core::Path(path.clone()), Json::from(ANY_TEXT)),
            Core::Matches(of, pattern, _) => {
                self.note(of, Json::from(pattern.source.as_str()));
                self.note(of, Json::from(ANY_TEXT));
            }
            Core::Detects(of, kinds, _) => {
                for kind in kinds.iter() {
                    self.note(of, Json::from(kind.specimen()));
                }
                self.note(of, Json::from(ANY_TEXT));
                self.read(of, policy);
            }
            Core::Not(of) | Core::Size(of) | Core::Canonical(_, of) => self.read(of, policy),
            Core::And(a, b)
            | Core::Or(a, b)
            | Core::Arithmetic(_, a, b)
            | Core::Quantify(_, a, b) => {
                self.both(a, b, policy);
            }
            Core::Choose(a, b, c) => {
                self.read(a, policy);
                self.both(b, c, policy);
            }
            Core::History(term, _, _) => self.term(*term, policy),
            Core::Label(label) => {
                self.labels.insert(label.clone());
            }
            Core::WindowOpen(name) => {
                self.windows.insert(name.clone());
            }
            Core::Number(bound) => {
                self.bounds.insert(*bound);
            }
            Core::Bool(_) | Core::Text(_) | Core::List(_) | Core::Approved => {}
        }
    }

    fn both(&mut self, a: &Core, b: &Core, policy: &Policy) {
        self.read(a, policy);
        self.read(b, policy);
    }

    fn compared(&mut self, comparison: Comparison, pair: &Pair, policy: &Policy) {
        for (side, other) in [(&pair.left, &pair.right), (&pair.right, &pair.left)] {
            match other {
                Core::Number(number) => {
                    around(*number).into_iter().for_each(|value| self.note(side, value))
                }
                Core::Text(text) => {
                    self.note(side, Json::from(text.as_str()));
                    if comparison != Comparison::Equal {
                        self.note(side, Json::from(ANY_TEXT));
                    }
                }
                _ => {}
            }
        }
        self.both(&pair.left, &pair.right, policy);
    }

    fn term(&mut self, term: usize, policy: &Policy) {
        if self.terms.insert(term)
            && let Some(term) = policy.terms.get(term)
        {
            for part in [&term.by, &term.filter, &term.sum].into_iter().flatten() {
                self.read(part, policy);
            }
        }
    }

    /// Remembers a value to try where the expression reads.
    fn note(&mut self, core: &Core, value: Json) {
        let path = match core {
            Core::Path(path) => path,
            Core::Canonical(form, of) => return self.note(of, disguised(*form, value)),
            Core::Size(of) => return self.note(of, value),
            Core::Arithmetic(_, a, b) => {
                self.note(a, value.clone());
                return self.note(b, value);
            }
            _ => return,
        };
        let root = match &path.root {
            Root::Args | Root::ThisArgs => "args".to_owned(),
            Root::Result | Root::Record | Root::Text => "result".to_owned(),
            Root::Fact(name) => {
                self.facts.insert(name.clone());
                name.clone()
            }
            _ => return,
        };
        let members: Option<Vec<String>> = path
            .steps
            .iter()
            .map(|step| if let Step::Member(name) = step { Some(name.clone()) } else { None })
            .collect();
        let Some(members) = members else { return };
        let values = self.values.entry((root, members)).or_default();
        if !values.contains(&value) {
            values.push(value);
        }
    }
}

/// A text whose canonical form is this one.
fn disguised(form: Canonicaliser, value: Json) -> Json {
    match (form, value.as_str()) {
        (Canonicaliser::Host, Some(host)) => Json::from(format!("https://{host}/")),
        (Canonicaliser::Domain, Some(domain)) => Json::from(format!("{ANY_TEXT}@{domain}")),
        _ => value,
    }
}

/// A number and its neighbours on both sides.
fn around(number: Decimal) -> Vec<Json> {
    let steps = ["0", "1", "-1", "0.01"].map(|step| step.parse::<Decimal>().unwrap_or_default());
    steps.into_iter().filter_map(|step| number.checked_add(step)).map(Json::Number).collect()
}
