//! Mappings whose keys are ids that the author chooses.

use bounden_base::{Diagnostic, Json};

use super::{Read, Reader, written};
use crate::yaml::{Key, Node, Value};

/// Values by name, in the order of the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Named<T> {
    /// The entries that could be read.
    pub items: Vec<Item<T>>,
    /// The names of those that could not; they are known all the same.
    broken: Vec<Key>,
}

/// One named value.
#[derive(Clone, Debug, PartialEq)]
pub struct Item<T> {
    /// Its name.
    pub key: Key,
    /// The value.
    pub value: T,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self { items: Vec::new(), broken: Vec::new() }
    }
}

impl<T> Named<T> {
    /// Makes a name known that has no value.
    pub(crate) fn declare(&mut self, key: Key) {
        if !self.contains(&key.name) {
            self.broken.push(key);
        }
    }

    /// The value of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.items.iter().find(|item| item.key.name == name).map(|item| &item.value)
    }

    /// Whether the document has this name, readable or not.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }

    /// All names, readable or not.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let items = self.items.iter().map(|item| &item.key);
        items.chain(&self.broken).map(|key| key.name.as_str())
    }

    /// Whether there is no name at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.broken.is_empty()
    }

    /// The entries that could be read, in the order of the document.
    pub fn iter(&self) -> std::slice::Iter<'_, Item<T>> {
        self.items.iter()
    }
}

impl<T> FromIterator<Item<T>> for Named<T> {
    fn from_iter<I: IntoIterator<Item = Item<T>>>(items: I) -> Self {
        Self { items: items.into_iter().collect(), broken: Vec::new() }
    }
}

impl<'a, T> IntoIterator for &'a Named<T> {
    type Item = &'a Item<T>;
    type IntoIter = std::slice::Iter<'a, Item<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Read> Read for Named<T> {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        let Some(entries) = node.entries() else {
            reader.wrong_type(node, "a mapping of names");
            return None;
        };
        let mut named = Self::default();
        for entry in entries {
            check_name(&entry.key, reader);
            match reader.under(&entry.key, &entry.value) {
                Some(value) => named.items.push(Item { key: entry.key.clone(), value }),
                None => named.broken.push(entry.key.clone()),
            }
        }
        Some(named)
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn write(&self) -> Option<Value> {
        let entries = self.iter().map(|item| (item.key.name.as_str(), item.value.write()));
        (!self.items.is_empty()).then(|| written(entries))
    }

    fn schema() -> Json {
        let names = Json::object([("pattern", NAME_PATTERN.into())]);
        Json::object([
            ("type", "object".into()),
            ("propertyNames", names),
            ("additionalProperties", T::schema()),
        ])
    }
}

const NAME_PATTERN: &str = "^[A-Za-z0-9_][A-Za-z0-9_.:/-]*$";

/// Whether a text can be a name. Names stand in diffs, receipts and approvals,
/// where look-alikes would deceive.
pub(crate) fn is_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_.:/-".contains(c);
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    starts_well && text.chars().all(allowed)
}

fn check_name(key: &Key, reader: &mut Reader) {
    if !is_name(&key.name) {
        let message = format!("`{key}` in {} is no name", reader.place());
        reader.push(
            Diagnostic::error("B105", key.span, message)
                .help("a name is made of the letters a to z, digits, `-`, `_`, `.`, `:` and `/`"),
        );
    }
}
