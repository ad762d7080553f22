//! The outline: sections, and what they declare.

use bounden_spec::yaml::{Entry, Value};
use lsp_types::{DocumentSymbol, SymbolKind};

use crate::Document;

/// Sections, their entries, and the keys of those.
const DEPTH: usize = 3;

/// Longer texts say nothing more in an outline.
const MOST_CHARACTERS: usize = 80;

impl Document {
    /// The outline of the document.
    #[must_use]
    pub fn symbols(&self) -> Vec<DocumentSymbol> {
        let entries = self.tree().and_then(|tree| tree.entries()).unwrap_or_default();
        entries.iter().map(|entry| self.symbol(entry, "", DEPTH)).collect()
    }

    fn symbol(&self, entry: &Entry, section: &str, depth: usize) -> DocumentSymbol {
        let name = entry.key.name.as_str();
        let inner = entry.value.entries().filter(|_| depth > 1).unwrap_or_default();
        let children: Vec<_> =
            inner.iter().map(|child| self.symbol(child, name, depth - 1)).collect();
        #[expect(deprecated, reason = "the type has no other constructor")]
        DocumentSymbol {
            // Editors refuse an outline with a nameless line.
            name: if name.is_empty() { "\"\"".to_owned() } else { name.to_owned() },
            detail: detail(&entry.value.value),
            kind: kind(entry, section, depth),
            tags: None,
            deprecated: None,
            range: self.source.range(entry.key.span.to(entry.value.span)),
            selection_range: self.source.range(entry.key.span),
            children: (!children.is_empty()).then_some(children),
        }
    }
}

fn kind(entry: &Entry, section: &str, depth: usize) -> SymbolKind {
    match (&entry.value.value, section) {
        (Value::Map(_), _) if depth == DEPTH => SymbolKind::NAMESPACE,
        (_, "tools") => SymbolKind::FUNCTION,
        (Value::Map(_), _) => SymbolKind::OBJECT,
        (Value::List(_), _) => SymbolKind::ARRAY,
        _ => SymbolKind::PROPERTY,
    }
}

/// A value of one line, or how many there are.
fn detail(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => {
            let line = text.value.lines().next().unwrap_or_default();
            Some(line.chars().take(MOST_CHARACTERS).collect())
        }
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::List(items) => Some(format!("{} items", items.len())),
        Value::Null | Value::Map(_) | Value::Refused => None,
    }
}
