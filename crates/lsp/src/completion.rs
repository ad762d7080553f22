//! What can be written at a place.

mod item;

use bounden_policy::{Effect, EventName, ToolContract, ToolName, Trigger, glob};
use bounden_spec::yaml::Node;
use lsp_types::{CompletionItem, CompletionItemKind, Position};

use crate::Document;
use crate::cursor::{Cursor, Role};
use crate::expression::{self, Next};
use crate::names::{self, Kind};
use crate::place::{self, ITEM};
use crate::schema::Schema;
use crate::{tool, word};
use item::Offer;

/// The words of an action that takes no name.
const ACTIONS: [&str; 4] = ["block", "halt", "warn", "redact "];

impl Document {
    /// What can be written at a place, for the editor to choose from by what is there.
    #[must_use]
    pub fn completion(&self, position: Position) -> Vec<CompletionItem> {
        let byte = self.source.byte(position);
        let before = self.text().get(..byte).unwrap_or_default();
        let Some(cursor) = Cursor::after(before) else { return Vec::new() };
        let offers = match cursor.role {
            Role::Key => self.keys(&cursor, byte),
            Role::Value => self.values(&cursor, byte),
        };
        offers.into_iter().map(|offer| offer.item(&self.source, byte)).collect()
    }

    /// Keys of the mapping that are not there yet.
    fn keys(&self, cursor: &Cursor, byte: usize) -> Vec<Offer> {
        let path = cursor.path();
        let present = self.present(&path, byte);
        let is_absent = |offer: &Offer| !present.contains(&offer.label.as_str());
        let after = self.text().get(byte..).unwrap_or_default();
        let rest = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let is_named = rest.starts_with(':');
        let schema = Schema::at(&path);
        let known = schema.into_iter().flat_map(|schema| {
            schema.keys().map(move |(key, inner)| {
                let offer = Offer::new(key, CompletionItemKind::FIELD, cursor.typed.len());
                offer.about(inner.description()).ranked(u8::from(!schema.requires(key)))
            })
        });
        let offers = known.chain(self.free_keys(cursor)).filter(is_absent);
        offers.map(|offer| if is_named { offer } else { offer.followed_by(": ") }).collect()
    }

    /// Keys that the author chooses, where the document or a pinned tool suggests some.
    fn free_keys(&self, cursor: &Cursor) -> Vec<Offer> {
        let length = cursor.typed.len();
        let around = |key: &str| cursor.around.get(key).map_or("", String::as_str);
        match cursor.path().as_slice() {
            ["tools"] => self.pinned_tools(length),
            ["environments"] => self.declared(Kind::Environment, length),
            ["ownership", "sections"] => {
                let sections = Schema::at(&[]).into_iter().flat_map(Schema::keys);
                let offer = |key| Offer::new(key, CompletionItemKind::MODULE, length);
                sections.map(|(key, schema)| offer(key).about(schema.description())).collect()
            }
            ["escalations", _, "with"] => self.arguments(around("call"), "", length),
            ["success_criteria", _, "effects", ITEM, "args"] => {
                self.arguments(around("called"), "", length)
            }
            _ => Vec::new(),
        }
    }

    fn values(&self, cursor: &Cursor, byte: usize) -> Vec<Offer> {
        let path = cursor.path();
        let typed = cursor.typed.as_str();
        let whole = typed.len();
        let mut offers = match path.as_slice() {
            ["invariants", _, "enforce", "when"] => {
                self.expression(cursor, &self.triggered(cursor))
            }
            ["success_criteria", _, "given", "fact"]
            | ["success_criteria", _, "require", "all" | "any", ITEM] => self.facts(cursor),
            ["invariants", _, "enforce", "trigger"] => self.trigger(typed),
            ["invariants", _, "enforce", "do"] => self.action(whole),
            ["failure_modes", _, "do"] => {
                let words = ["clarify", "halt", "continue"];
                let words = words.map(|word| Offer::new(word, CompletionItemKind::KEYWORD, whole));
                words.into_iter().chain(self.escalations(whole)).collect()
            }
            ["failure_modes", _, "then"] => self.escalations(whole),
            ["tools", name, "money", "path" | "currency_path"] => {
                self.arguments(name, "args.", whole)
            }
            ["success_criteria", _, "effects", ITEM, ..] => {
                let words = ["escalation", "effects"];
                let words = words.map(|word| Offer::new(word, CompletionItemKind::KEYWORD, whole));
                let names = self.names(&path, whole);
                if names.is_empty() { names } else { words.into_iter().chain(names).collect() }
            }
            _ => self.names(&path, whole),
        };
        if let Some(schema) = Schema::at(&path) {
            let word = |word| Offer::new(word, CompletionItemKind::ENUM_MEMBER, whole);
            offers.extend(schema.words().into_iter().map(word));
            // Where nothing else can stand, the first key of a section is begun.
            let is_section = schema.keys().next().is_some() || !self.free_keys(cursor).is_empty();
            if is_section {
                offers.extend(self.keys(cursor, byte));
            }
        }
        offers
    }

    fn names(&self, path: &[&str], length: usize) -> Vec<Offer> {
        names::in_value(path).iter().flat_map(|kind| self.declared(*kind, length)).collect()
    }

    /// The names of a kind that the document declares.
    fn declared(&self, kind: Kind, length: usize) -> Vec<Offer> {
        let entries = self.tree().into_iter().flat_map(|tree| names::declared(tree, kind));
        let offers = entries.map(|entry| {
            let says = entry.value.get("says").and_then(Node::text);
            let says = says.map(|text| text.value.as_str());
            let symbol = if kind == Kind::Tool {
                CompletionItemKind::FUNCTION
            } else {
                CompletionItemKind::REFERENCE
            };
            Offer::new(&entry.key.name, symbol, length).detail(kind.word()).about(says)
        });
        offers.collect()
    }

    /// The tools of all servers, as they were pinned.
    fn pinned_tools(&self, length: usize) -> Vec<Offer> {
        let pinned = self.contracts().into_iter().flat_map(|contracts| contracts.tools());
        let offers = pinned.map(|(name, contract)| {
            let offer = Offer::new(name.as_str(), CompletionItemKind::FUNCTION, length);
            offer.detail("pinned tool").explained(tool::pinned(contract))
        });
        offers.collect()
    }

    fn escalations(&self, length: usize) -> Vec<Offer> {
        let paths = self.declared(Kind::Escalation, length);
        paths.into_iter().map(|offer| offer.preceded_by("escalate ")).collect()
    }

    fn action(&self, length: usize) -> Vec<Offer> {
        let words = ACTIONS.map(|word| Offer::new(word, CompletionItemKind::KEYWORD, length));
        let roles = self.declared(Kind::Role, length);
        let approvals = roles.into_iter().map(|role| role.preceded_by("require approval from "));
        words.into_iter().chain(self.escalations(length)).chain(approvals).collect()
    }

    /// An event, and after `call` and `result` the tools and effects that it is about.
    fn trigger(&self, typed: &str) -> Vec<Offer> {
        let Some((event, tools)) = typed.split_once(' ') else {
            let events = EventName::ALL.into_iter().map(EventName::name);
            return events
                .map(|name| Offer::new(name, CompletionItemKind::EVENT, typed.len()))
                .collect();
        };
        if !matches!(event, "call" | "result") {
            return Vec::new();
        }
        let word = tools.rsplit([',', ' ']).next().unwrap_or_default();
        let effects = Effect::ALL.into_iter().map(|effect| {
            let class = format!("@{}", effect.name());
            Offer::new(&class, CompletionItemKind::ENUM_MEMBER, word.len()).detail("effect")
        });
        self.declared(Kind::Tool, word.len()).into_iter().chain(effects).collect()
    }

    /// The pinned tools that the rule around the cursor is about.
    fn triggered(&self, cursor: &Cursor) -> Vec<&ToolContract> {
        let below = || {
            let path: Vec<_> = cursor.path.iter().map(String::as_str).collect();
            let (_, siblings) = path.split_last()?;
            let enforce = place::value(self.tree()?, siblings)?;
            Some(enforce.get("trigger")?.text()?.value.clone())
        };
        let trigger = cursor.around.get("trigger").cloned().or_else(below);
        let trigger = trigger.and_then(|text| Trigger::parse(&text).ok());
        let patterns = trigger.map(|trigger| trigger.tools).unwrap_or_default();
        let named = |name: &ToolName| {
            let in_trigger = patterns.iter().any(|pattern| glob::matches(pattern, name.as_str()));
            in_trigger || patterns.is_empty() || cursor.typed.contains(name.as_str())
        };
        let pinned = self.contracts().into_iter().flat_map(|contracts| contracts.tools());
        pinned.filter(|(name, _)| named(name)).map(|(_, contract)| contract).collect()
    }

    fn expression(&self, cursor: &Cursor, tools: &[&ToolContract]) -> Vec<Offer> {
        match expression::next(&cursor.typed, tools) {
            (Next::Name(kind), length) => self.declared(kind, length),
            (Next::Words(words), length) => {
                words.into_iter().map(|word| Offer::of(word, length)).collect()
            }
        }
    }

    /// Facts, and after a dot the members of what their tool answers.
    fn facts(&self, cursor: &Cursor) -> Vec<Offer> {
        let typed = cursor.typed.as_str();
        let path = word::at_end(typed, |c| word::is_in_member(c) || ".-".contains(c));
        let Some((fact, rest)) = path.split_once('.') else {
            return self.declared(Kind::Fact, path.len());
        };
        let members = rest.rsplit('.').next().unwrap_or_default();
        let steps: Vec<_> = rest.split('.').collect();
        let contract = self.tree().and_then(|tree| {
            let tool = place::value(tree, &["bind", "facts", fact, "result_of"])?.text()?;
            self.contracts()?.tool(&ToolName::new(tool.value.clone()))
        });
        let schema = contract.and_then(ToolContract::output_schema);
        let above = steps.split_last().map_or(&[][..], |(_, above)| above);
        let words = expression::members_at(schema, above);
        words.into_iter().map(|word| Offer::of(word, members.len())).collect()
    }

    /// The arguments of a pinned tool, each after `prefix`.
    fn arguments(&self, name: &str, prefix: &str, length: usize) -> Vec<Offer> {
        let contract = self.contracts().and_then(|contracts| contracts.tool(&ToolName::new(name)));
        let members = expression::members_at(contract.and_then(ToolContract::input_schema), &[]);
        members.into_iter().map(|word| Offer::of(word, length).preceded_by(prefix)).collect()
    }

    /// The keys that the mapping has already, but for one at the cursor.
    fn present(&self, path: &[&str], byte: usize) -> Vec<&str> {
        let mapping = self.tree().and_then(|tree| place::value(tree, path));
        let entries = mapping.and_then(Node::entries).unwrap_or_default();
        let others = entries.iter().filter(|entry| !place::holds(entry.key.span, byte));
        others.map(|entry| entry.key.name.as_str()).collect()
    }
}

#[cfg(test)]
mod tests;
