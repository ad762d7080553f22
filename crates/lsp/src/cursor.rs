//! Where a person is writing: which keys lead there, and what was typed so far.

use std::collections::BTreeMap;

use bounden_spec::yaml::{self, Node, Value};

use crate::place::ITEM;

/// Stands for the cursor in the text that is read; no document has a use for it.
const MARK: char = '\u{E000}';

/// What may have to follow the cursor for the text to be YAML: nothing, or the
/// end of a key or a text that is still open.
const ENDINGS: [&str; 4] = ["", ":", "\"", "'"];

/// A place in a document that is still being written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The keys that lead to the value, or to the mapping that a key is written in.
    pub(crate) path: Vec<String>,
    pub(crate) role: Role,
    /// What stands before the cursor in the same key or value.
    pub(crate) typed: String,
    /// The texts under the keys of the mappings around, inner ones first.
    pub(crate) around: BTreeMap<String, String>,
}

/// What is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Key,
    Value,
}

impl Cursor {
    /// The cursor at the end of `before`; what follows it does not matter. None
    /// within comments, and where nothing can be made of the text.
    pub(crate) fn after(before: &str) -> Option<Self> {
        ENDINGS.into_iter().find_map(|ending| {
            let tree = yaml::salvage(&format!("{before}{MARK}{ending}"))?;
            let mut cursor = Self {
                path: Vec::new(),
                role: Role::Value,
                typed: String::new(),
                around: BTreeMap::new(),
            };
            cursor.find(&tree).then_some(cursor)
        })
    }

    pub(crate) fn path(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// Goes down to the mark, noting the way; `false` where it is not below `node`.
    fn find(&mut self, node: &Node) -> bool {
        match &node.value {
            Value::Text(text) => self.is_in(&text.value, Role::Value),
            Value::List(items) => items.iter().any(|item| self.find_under(ITEM, item)),
            Value::Map(entries) => entries.iter().any(|entry| {
                let found = self.is_in(&entry.key.name, Role::Key)
                    || self.find_under(&entry.key.name, &entry.value);
                if found {
                    self.note(node);
                }
                found
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Refused => false,
        }
    }

    fn find_under(&mut self, step: &str, node: &Node) -> bool {
        self.path.push(step.to_owned());
        let found = self.find(node);
        if !found {
            self.path.pop();
        }
        found
    }

    fn is_in(&mut self, text: &str, role: Role) -> bool {
        let Some((typed, _)) = text.split_once(MARK) else { return false };
        self.role = role;
        typed.clone_into(&mut self.typed);
        true
    }

    fn note(&mut self, mapping: &Node) {
        for entry in mapping.entries().unwrap_or_default() {
            if let Some(text) = entry.value.text() {
                self.around
                    .entry(entry.key.name.clone())
                    .or_insert_with(|| text.value.replace(MARK, ""));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(before: &str) -> String {
        match Cursor::after(before) {
            Some(cursor) => format!("{} {:?} {}", cursor.path.join("."), cursor.role, cursor.typed),
            None => "nothing".to_owned(),
        }
    }

    #[test]
    fn the_way_to_the_cursor_is_found_in_any_style() {
        for (before, expected) in [
            ("", " Value "),
            ("ag", " Value ag"),
            ("agent:\n  id: a\n", " Key "),
            ("agent:\n  id: a\nsc", " Key sc"),
            ("agent:\n  ti", "agent Value ti"),
            ("agent:\n  id: a\n  ti", "agent Key ti"),
            ("agent:\n  id: a\n  tier: me", "agent.tier Value me"),
            ("agent: {id: a, ti", "agent Key ti"),
            ("agent: {id: a, tier: ", "agent.tier Value "),
            ("tools:\n  a.b: {effects: [observe, se", "tools.a.b.effects.[] Value se"),
            ("e:\n  - {called: x, ti", "e.[] Key ti"),
            ("e:\n  - called: x\n    ti", "e.[] Key ti"),
            ("i:\n  when: \"args.a > 1 && args.", "i.when Value args.a > 1 && args."),
            ("i: {when: 'args.", "i.when Value args."),
            ("i: 1 # not he", "nothing"),
        ] {
            assert_eq!(seen(before), expected, "{before:?}");
        }
    }

    #[test]
    fn a_broken_line_above_does_not_hide_it() {
        assert_eq!(seen("agent: {id: @a}\nscope:\n  in: {}\n  o"), "scope Key o");
    }

    #[test]
    fn the_texts_around_are_known() {
        let cursor = Cursor::after("a:\n  call: x\n  do: outer\n  with: {do: inner, k").unwrap();
        let around = cursor.around.iter().map(|(key, text)| format!("{key}={text}"));
        assert_eq!(around.collect::<Vec<_>>(), ["call=x", "do=inner"]);
    }
}
