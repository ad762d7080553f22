//! What stands at a place of a document, and how it is reached from the root.

use bounden_base::Span;
use bounden_spec::yaml::{Entry, Node};

/// The step to any item of a list.
pub(crate) const ITEM: &str = "[]";

/// Something in a document with the keys that lead to it; [`ITEM`] leads into a list.
#[derive(Debug)]
pub(crate) struct Place<'t> {
    pub(crate) path: Vec<&'t str>,
    pub(crate) part: Part<'t>,
}

/// A part of a mapping, or a value that has no parts at the place.
#[derive(Debug)]
pub(crate) enum Part<'t> {
    Key(&'t Entry),
    Value(&'t Node),
}

impl Place<'_> {
    /// Where the key or the value stands.
    pub(crate) fn span(&self) -> Span {
        match self.part {
            Part::Key(entry) => entry.key.span,
            Part::Value(node) => node.span,
        }
    }
}

/// The innermost thing at a byte.
pub(crate) fn at(root: &Node, byte: usize) -> Place<'_> {
    let mut path = Vec::new();
    let mut node = root;
    loop {
        if let Some(item) = node.items().and_then(|items| holding(items, byte)) {
            path.push(ITEM);
            node = item;
        } else if let Some(entry) = node.entries().and_then(|entries| entry_at(entries, byte)) {
            path.push(entry.key.name.as_str());
            if holds(entry.key.span, byte) {
                return Place { path, part: Part::Key(entry) };
            }
            node = &entry.value;
        } else {
            return Place { path, part: Part::Value(node) };
        }
    }
}

/// The value that a path leads to.
pub(crate) fn value<'t>(root: &'t Node, path: &[&str]) -> Option<&'t Node> {
    path.iter().try_fold(root, |node, step| node.get(step))
}

/// Whether a cursor at the byte touches the span.
pub(crate) fn holds(span: Span, byte: usize) -> bool {
    span.start <= byte && byte <= span.end
}

fn holding(items: &[Node], byte: usize) -> Option<&Node> {
    items.iter().find(|item| holds(item.span, byte))
}

fn entry_at(entries: &[Entry], byte: usize) -> Option<&Entry> {
    entries.iter().find(|entry| holds(entry.key.span, byte) || holds(entry.value.span, byte))
}
