//! What a form leaves open, each with the YAML that closes it.

use std::fmt::Write as _;

use bounden_base::{Diagnostic, LineIndex, Span};

use crate::yaml::{self, Entry, Node, Value};

/// YAML that closes a gap, and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    pub(super) place: Place,
    pub(super) yaml: String,
}

/// Where YAML belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Among the sections of the document.
    Sections,
    /// In place of what stands there.
    Instead(Span),
    /// Beside the `enforcement` that stands there.
    Beside(Span),
}

/// Words in capitals that stand for what only the author knows.
const PLACEHOLDERS: [&str; 14] = [
    "ADDRESS",
    "CLASS",
    "PATH",
    "PERSON",
    "PROGRAM",
    "PROVIDER/MODEL",
    "ROLE",
    "SERVER",
    "TEAM",
    "TOOL",
    "WORDS THAT ARE NOT SAID",
    "WORDS THAT ARE SAID",
    "What the agent is for, in a sentence.",
    "https://ADDRESS",
];

/// Whether a text still is what a help proposed to be filled in.
pub(super) fn is_placeholder(text: &str) -> bool {
    PLACEHOLDERS.contains(&text) || text.starts_with("SERVER.")
}

/// What was added to a document without being filled in.
pub(super) fn unfilled(node: &Node) -> Vec<Diagnostic> {
    let check = |text: &str, span: Span| {
        let message = format!("`{text}` has not been filled in");
        let help = "write what it stands for, or remove the entry";
        is_placeholder(text).then(|| Diagnostic::error("B150", span, message).help(help))
    };
    match &node.value {
        Value::Text(text) => check(text, text.span).into_iter().collect(),
        Value::List(items) => items.iter().flat_map(unfilled).collect(),
        Value::Map(entries) => {
            // Variables of the environment are called in capitals.
            let entries = entries.iter().filter(|entry| entry.key.name != "pass_env");
            let found = |entry: &Entry| {
                let key = check(&entry.key.name, entry.key.span);
                key.into_iter().chain(unfilled(&entry.value)).collect::<Vec<_>>()
            };
            entries.flat_map(found).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Refused => Vec::new(),
    }
}

/// All that is open, once each, under the sections that the document has.
pub(crate) fn rendered(bindings: &[Binding], root: &Node, source: &str) -> String {
    let lines = LineIndex::new(source);
    let line = |span: Span| lines.position(span.start).line;
    let mut text = String::new();
    let mut sections = Vec::new();
    for binding in bindings {
        let place = match binding.place {
            Place::Sections => {
                merge(&mut sections, entries(&binding.yaml));
                continue;
            }
            Place::Instead(span) => {
                let written = source.get(span.start..span.end).unwrap_or("");
                format!("in place of {written}, line {}", line(span))
            }
            Place::Beside(span) => format!("beside `enforcement`, line {}", line(span)),
        };
        let _ = writeln!(text, "# {place}\n{}", binding.yaml.trim_end());
    }
    let mut groups = Vec::new();
    group(sections, root, &mut Vec::new(), &mut groups);
    for (path, added) in groups {
        let place =
            if path.is_empty() { "at the end".to_owned() } else { format!("under `{path}`") };
        let _ = write!(text, "# {place}\n{}", printed(&added));
    }
    text
}

/// A mapping as sections, a list item by item.
fn printed(added: &Value) -> String {
    match added {
        Value::List(items) => {
            items.iter().map(|item| format!("- {}\n", yaml::flow(&item.value))).collect()
        }
        other => yaml::print(other),
    }
}

/// The entries of a mapping that is written as YAML.
fn entries(text: &str) -> Vec<Entry> {
    match yaml::read(text.as_bytes()).0.map(|document| document.root.value) {
        Some(Value::Map(entries)) => entries,
        _ => Vec::new(),
    }
}

/// Adds entries to others: mappings entry by entry, lists item by item.
fn merge(into: &mut Vec<Entry>, from: Vec<Entry>) {
    for entry in from {
        let Some(known) = into.iter_mut().find(|known| known.key.name == entry.key.name) else {
            into.push(entry);
            continue;
        };
        match (&mut known.value.value, entry.value.value) {
            (Value::Map(known), Value::Map(entries)) => merge(known, entries),
            (Value::List(known), Value::List(items)) => {
                let is_new = |item: &Node| known.iter().all(|known| known.json() != item.json());
                let new: Vec<_> = items.into_iter().filter(is_new).collect();
                known.extend(new);
            }
            _ => {}
        }
    }
}

/// Entries by the innermost mapping or list that the document has already.
fn group(
    added: Vec<Entry>,
    node: &Node,
    path: &mut Vec<String>,
    groups: &mut Vec<(String, Value)>,
) {
    let mut own = Vec::new();
    for entry in added {
        match (node.get(&entry.key.name), entry.value.value) {
            (Some(known), Value::Map(entries)) if known.entries().is_some() => {
                path.push(entry.key.name);
                group(entries, known, path, groups);
                path.pop();
            }
            (Some(known), Value::List(items)) if known.items().is_some() => {
                let place: Vec<_> = path.iter().chain([&entry.key.name]).cloned().collect();
                groups.push((place.join("."), Value::List(items)));
            }
            (_, value) => {
                let value = Node { span: entry.value.span, value };
                own.push(Entry { key: entry.key, value });
            }
        }
    }
    if !own.is_empty() {
        groups.push((path.join("."), Value::Map(own)));
    }
}
