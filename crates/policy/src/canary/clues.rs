//! What a predicate compares with, so that the search knows what to try.

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::{Decimal, Json};

use super::{ANY_TEXT, arguments, call, commands, matching};
use crate::ToolName;
use crate::core::{Canonicaliser, Comparison, Core, Pair, Path, Root, Step, Term};
use crate::event::EventBody;
use crate::policy::{CompiledRule, Policy};

/// Most values that somebody says beforehand.
const MOST_SAID: usize = 4;

/// A text that no argument is made up of, and a number above those that are.
const UNLIKE: &str = "unlike";
const MUCH: i64 = 1_000_000_000;

/// Values to try at paths, and what may have to come before.
#[derive(Debug, Default)]
pub(crate) struct Clues {
    /// By root (`args`, `result`, or the name of a fact) and path.
    values: BTreeMap<(String, Vec<String>), Vec<Json>>,
    pub(crate) terms: BTreeSet<usize>,
    labels: BTreeSet<String>,
    windows: BTreeSet<String>,
    pub(crate) facts: BTreeSet<String>,
    /// Texts that parts of command lines are compared with.
    words: BTreeSet<String>,
    /// Arguments that are read as command lines.
    commands: BTreeSet<Vec<String>>,
    /// Arguments that are asked where they came from.
    origins: BTreeSet<Vec<String>>,
    /// Literals of comparisons without a path of their own, such as a bound of a sum.
    bounds: BTreeSet<Decimal>,
    /// Whether what is looked up is looked up, and what patterns fit is made.
    is_thorough: bool,
}

impl Clues {
    pub(crate) fn of(policy: &Policy, rule: &CompiledRule) -> Self {
        Self::default().about(policy, rule)
    }

    /// Clues that take longer to follow: beside the literals also what tools
    /// answer by their own examples, and texts that fit a pattern.
    pub(super) fn thorough(policy: &Policy, rule: &CompiledRule) -> Self {
        Self { is_thorough: true, ..Self::default() }.about(policy, rule)
    }

    fn about(self, policy: &Policy, rule: &CompiledRule) -> Self {
        let mut clues = self;
        if let Some(when) = &rule.when {
            clues.read(when, policy);
        }
        for path in clues.commands.clone() {
            let lines = commands::lines(&clues.words);
            clues.values.entry(("args".to_owned(), path)).or_default().extend(lines);
        }
        for (path, value) in clues.keys_of_facts(policy) {
            clues.values.entry(("args".to_owned(), path)).or_default().push(value);
        }
        clues
    }

    /// The arguments that facts are found by, each with a value that fits.
    fn keys_of_facts(&self, policy: &Policy) -> Vec<(Vec<String>, Json)> {
        let facts = self.facts.iter().filter(|_| self.is_thorough);
        let bound = facts.filter_map(|name| policy.bundle().facts.get(name));
        let keys = bound.filter_map(|fact| {
            let key = fact.key.as_ref()?;
            let asked = self.arguments(policy, &fact.result_of).next()?;
            Some((vec![key.clone()], asked.get(key)?.clone()))
        });
        keys.collect()
    }

    /// Arguments to try for a tool, the simplest first.
    pub(crate) fn arguments<'p>(
        &self,
        policy: &'p Policy,
        tool: &ToolName,
    ) -> impl Iterator<Item = Json> + use<'p> {
        let schema = policy.bundle().tools.get(tool).and_then(|tool| tool.input.as_ref());
        let own = self.values.iter().filter(|((root, _), _)| root == "args");
        let mut choices: Vec<(Vec<String>, Vec<Json>)> =
            own.map(|((_, path), values)| (path.clone(), values.clone())).collect();
        for (_, values) in &mut choices {
            values.extend(self.bounds.iter().flat_map(|bound| around(*bound)));
            // What is left of a bound on a sum when another call has used the rest.
            values.extend(self.bounds.first().map(|_| Json::from(1_i64)));
            values.dedup();
        }
        let compiled = policy.tools.find(tool).and_then(|tool| tool.schema.as_deref());
        arguments::assignments(schema, choices, move |args| {
            compiled.is_none_or(|schema| schema.validate(args).is_ok())
        })
    }

    /// Whole values to try for a root without a schema.
    pub(crate) fn values(&self, root: &str) -> impl Iterator<Item = Json> + use<> {
        let own: Vec<_> = self.values.iter().filter(|((own, _), _)| own == root).collect();
        let choices: Vec<_> =
            own.into_iter().map(|((_, path), values)| (path.clone(), values.clone())).collect();
        arguments::assignments(None, choices, |_| true)
    }

    /// What may have to come before, the shortest first.
    pub(crate) fn prefixes(
        &self,
        policy: &Policy,
        tools: &[ToolName],
        most: usize,
    ) -> Vec<Vec<EventBody>> {
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
            let shown = self.is_thorough.then(|| arguments::answer(policy, &bound.result_of));
            for value in shown.into_iter().flatten().chain(self.values(fact)) {
                let mut bodies = opened.clone();
                bodies.extend(self.answered(policy, &bound.result_of, opened.len(), value));
                prefixes.push(bodies);
            }
        }
        prefixes.extend(self.said(policy, tools, &opened));
        for term in self.terms.iter().filter_map(|term| policy.terms.get(*term)) {
            prefixes.extend(self.repeated(policy, term, &opened, most));
        }
        prefixes
    }

    /// Somebody says what will be asked for: the user, or a tool.
    fn said(
        &self,
        policy: &Policy,
        tools: &[ToolName],
        opened: &[EventBody],
    ) -> Vec<Vec<EventBody>> {
        let mut values: Vec<Json> = Vec::new();
        for args in tools.iter().flat_map(|tool| self.arguments(policy, tool)) {
            let own =
                self.origins.iter().filter_map(|path| args.at(path.iter().map(String::as_str)));
            for value in own {
                if values.len() < MOST_SAID && !values.contains(value) {
                    values.push(value.clone());
                }
            }
        }
        let all = policy.bundle().tools.iter();
        let labelled = |wanted: &str| {
            let label = |tool: &crate::Tool| tool.label.as_deref().unwrap_or("untrusted") == wanted;
            all.clone().find(|(_, tool)| label(tool)).map(|(name, _)| name)
        };
        let answering = ["trusted", "untrusted"].map(labelled);
        let mut prefixes = Vec::new();
        for value in values {
            let text = value.as_str().map_or_else(|| value.canonical(), str::to_owned);
            let mut asked = opened.to_vec();
            asked.push(EventBody::Request { text });
            prefixes.push(asked);
            for tool in answering.iter().flatten() {
                let mut bodies = opened.to_vec();
                bodies.extend(self.answered(policy, tool, opened.len(), value.clone()));
                prefixes.push(bodies);
            }
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
        let args =
            self.arguments(policy, tool).next().unwrap_or_else(|| Json::object::<String>([]));
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
            Core::In(pair) => self.listed(pair, policy),
            Core::Text2(_, pair) => {
                if let Core::Text(text) = &pair.right {
                    self.note(&pair.left, Json::from(text.as_str()));
                    self.note(&pair.left, Json::from(format!("{text}/{ANY_TEXT}")));
                }
                // A relative path lies in whatever folder it is asked about.
                self.note(&pair.left, Json::from(format!("/{ANY_TEXT}")));
                self.note(&pair.left, Json::from(ANY_TEXT));
                self.both(&pair.left, &pair.right, policy);
            }
            Core::Path(path) => {
                if let (true, Root::Fact(name)) = (self.is_thorough, &path.root) {
                    self.facts.insert(name.clone());
                }
                [true, false].into_iter().for_each(|truth| self.note(core, Json::Bool(truth)));
            }
            Core::Has(path) => self.note(&Core::Path(path.clone()), Json::from(ANY_TEXT)),
            Core::Matches(of, pattern, _) => {
                if self.is_thorough {
                    let fitting = matching::text(&pattern.source);
                    fitting.into_iter().for_each(|text| self.note(of, Json::from(text)));
                }
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
            Core::HasForm(of, _) => {
                self.note(of, Json::from(ANY_TEXT));
                self.read(of, policy);
            }
            Core::Shell(part) => {
                self.commands.extend(argument(&part.command));
                self.read(&part.command, policy);
            }
            Core::Origin(of, _) => {
                self.note(of, Json::from(ANY_TEXT));
                self.origins.extend(argument(of));
            }
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

    fn listed(&mut self, pair: &Pair, policy: &Policy) {
        if let Core::List(Json::Array(items)) = &pair.right {
            items.iter().for_each(|item| self.note(&pair.left, item.clone()));
        }
        self.note(&pair.left, Json::from(ANY_TEXT));
        if let Core::Text(text) = &pair.left {
            self.note(&pair.right, Json::from(text.as_str()));
        }
        if let Core::Path(Path { root: Root::Fact(_), .. }) = &pair.right {
            self.note(&pair.right, Json::Array(Vec::new()));
        }
        self.both(&pair.left, &pair.right, policy);
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
                _ => self.unlike(side),
            }
        }
        self.both(&pair.left, &pair.right, policy);
    }

    /// Notes what a fact may be that is compared with another place, most of all with an argument.
    fn unlike(&mut self, core: &Core) {
        match core {
            Core::Path(Path { root: Root::Fact(_), .. }) => {
                for value in [Json::from(UNLIKE), Json::from(0_i64), Json::from(MUCH)] {
                    self.note(core, value);
                }
            }
            Core::Arithmetic(_, a, b) => {
                self.unlike(a);
                self.unlike(b);
            }
            _ => {}
        }
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
            Core::Path(Path { root: Root::Variable(_), .. }) | Core::Shell(_) => {
                self.words.extend(value.as_str().map(str::to_owned));
                return;
            }
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
            Root::Topic => "topic".to_owned(),
            Root::Fact(name) => {
                self.facts.insert(name.clone());
                name.clone()
            }
            _ => return,
        };
        let Some(members) = members(path) else { return };
        let values = self.values.entry((root, members)).or_default();
        if !values.contains(&value) {
            values.push(value);
        }
    }
}

/// The place in the arguments that an expression is.
fn argument(core: &Core) -> Option<Vec<String>> {
    match core {
        Core::Path(path) if path.root == Root::Args => members(path),
        _ => None,
    }
}

/// The names of a path without indices.
fn members(path: &Path) -> Option<Vec<String>> {
    let name = |step: &Step| match step {
        Step::Member(name) => Some(name.clone()),
        Step::Item(_) => None,
    };
    path.steps.iter().map(name).collect()
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
    let steps =
        ["0", "1", "-1", "0.01", "-0.01"].map(|step| step.parse::<Decimal>().unwrap_or_default());
    steps.into_iter().filter_map(|step| number.checked_add(step)).map(Json::Number).collect()
}
