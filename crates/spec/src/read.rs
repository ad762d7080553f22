//! From a tree to typed sections: every finding is noted, and reading goes on.
//!
//! A section is declared once, with [`section!`]; its reader, its messages and
//! its JSON Schema follow from the declaration.

mod named;
mod scalar;
mod section;
mod values;

use bounden_base::{Diagnostic, Edit, Json, Span, nearest};

use crate::yaml::{Entry, Key, Node, Value};

pub(crate) use named::is_name;
pub use named::{Item, Named};
pub use scalar::Spanned;
pub use values::Raw;

pub(crate) use scalar::Scalar;
pub(crate) use section::{key_of, one_of, section, section_schema, text, words, written};

/// A value that a document can hold.
pub(crate) trait Read: Sized {
    /// Reads the value, or notes what is wrong with it.
    fn read(node: &Node, reader: &mut Reader) -> Option<Self>;

    /// The value that stands for a key that is not there; `None` where the key is required.
    fn absent() -> Option<Self> {
        None
    }

    /// The JSON Schema of the value.
    fn schema() -> Json;

    /// The value as a document holds it; nothing where it is what an absent key means.
    fn write(&self) -> Option<Value>;
}

/// Collects what is wrong while a document is read.
#[derive(Default)]
pub(crate) struct Reader {
    problems: Vec<Diagnostic>,
    path: Vec<Key>,
}

/// A key that a section can hold.
pub(crate) struct Field {
    pub(crate) key: &'static str,
    pub(crate) doc: &'static str,
}

/// The entries of one mapping while a section is made of them.
pub(crate) struct Fields<'n> {
    entries: &'n [Entry],
    known: &'static [Field],
    missing: Vec<&'static Field>,
    span: Span,
}

impl Reader {
    pub(crate) fn into_problems(self) -> Vec<Diagnostic> {
        self.problems
    }

    pub(crate) fn push(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    /// Reads what stands under `key`.
    pub(crate) fn under<T: Read>(&mut self, key: &Key, node: &Node) -> Option<T> {
        self.path.push(key.clone());
        let value = T::read(node, self);
        self.path.pop();
        value
    }

    /// The dotted path of what is being read, or `the document`.
    pub(crate) fn place(&self) -> String {
        let names: Vec<_> = self.path.iter().map(|key| key.name.as_str()).collect();
        if names.is_empty() { "the document".to_owned() } else { format!("`{}`", names.join(".")) }
    }

    /// Notes that `node` is not what was expected.
    pub(crate) fn wrong_type(&mut self, node: &Node, expected: &str) {
        if node.value == Value::Refused {
            return;
        }
        let message = format!("{} is {}; expected {expected}", self.place(), node.kind());
        let span = if node.value == Value::Null { self.key_span(node.span) } else { node.span };
        self.push(Diagnostic::error("B103", span, message));
    }

    /// The fields of a section, or nothing where `node` is no mapping.
    pub(crate) fn fields<'n>(
        &mut self,
        node: &'n Node,
        known: &'static [Field],
    ) -> Option<Fields<'n>> {
        let Some(entries) = node.entries() else {
            self.wrong_type(node, "a mapping");
            return None;
        };
        Some(Fields { entries, known, missing: Vec::new(), span: self.key_span(node.span) })
    }

    /// The key under which the present value stands; `otherwise` at the root.
    pub(crate) fn key_span(&self, otherwise: Span) -> Span {
        self.path.last().map_or(Span::at(otherwise.start), |key| key.span)
    }
}

impl<'n> Fields<'n> {
    /// Reads the field `key`.
    pub(crate) fn take<T: Read>(&mut self, key: &str, reader: &mut Reader) -> Option<T> {
        if let Some(entry) = self.entries.iter().find(|entry| entry.key.name == key) {
            return reader.under(&entry.key, &entry.value);
        }
        let absent = T::absent();
        if absent.is_none() {
            self.missing.extend(self.known.iter().find(|field| field.key == key));
        }
        absent
    }

    /// Notes the keys that are unknown and those that are missing.
    pub(crate) fn finish(mut self, reader: &mut Reader) {
        for entry in self.entries {
            if self.known.iter().all(|field| field.key != entry.key.name) {
                self.unknown(&entry.key, reader);
            }
        }
        for field in &self.missing {
            let message = format!("{} has no `{}`", reader.place(), field.key);
            let help = format!("add `{}`: {}", field.key, as_phrase(field.doc));
            reader.push(Diagnostic::error("B102", self.span, message).help(help));
        }
    }

    fn unknown(&mut self, key: &Key, reader: &mut Reader) {
        let is_free = |name: &&str| self.entries.iter().all(|entry| entry.key.name != *name);
        let free = self.known.iter().map(|field| field.key).filter(is_free);
        let near = nearest::name(&key.name, free);
        let message = format!("{} has no key `{key}`", reader.place());
        let problem = Diagnostic::error("B101", key.span, message);
        let problem = match near {
            Some(near) => problem
                .help(format!("did you mean `{near}`?"))
                .fix(vec![Edit { span: key.span, replacement: near.to_owned() }], false),
            None => {
                let known: Vec<_> = self.known.iter().map(|field| field.key).collect();
                problem.help(format!("it can hold {}", known.join(", ")))
            }
        };
        reader.push(problem);
        // A misspelt key is one mistake, not also a missing one.
        self.missing.retain(|field| Some(field.key) != near);
    }
}

/// A doc comment as part of a sentence: ` The team.` becomes `the team`.
fn as_phrase(doc: &str) -> String {
    let doc = doc.trim().trim_end_matches('.');
    let mut characters = doc.chars();
    characters
        .next()
        .map_or(String::new(), |first| first.to_lowercase().chain(characters).collect())
}
