//! Names that a document declares in one place and uses in others.

use bounden_base::Span;
use bounden_spec::yaml::{Entry, Node};

use crate::place::{self, ITEM};
use crate::source::Source;
use crate::word;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Escalation,
    Server,
    Tool,
    Role,
    Request,
    Fact,
    Topic,
    Criterion,
    Environment,
    Window,
}

impl Kind {
    /// The word for one of them.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Escalation => "escalation path",
            Self::Server => "server",
            Self::Tool => "tool",
            Self::Role => "role",
            Self::Request => "kind of request",
            Self::Fact => "fact",
            Self::Topic => "topic",
            Self::Criterion => "criterion",
            Self::Environment => "environment",
            Self::Window => "window",
        }
    }

    /// The mappings whose keys are these names.
    fn sections(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Escalation => &[&["escalations"]],
            Self::Server => &[&["servers"]],
            Self::Tool => &[&["tools"]],
            Self::Role => &[&["ownership", "approvers"]],
            Self::Request => &[&["bind", "intents"]],
            Self::Fact => &[&["bind", "facts"]],
            Self::Topic => &[&["scope", "in"], &["scope", "out"]],
            Self::Criterion => &[&["success_criteria"]],
            Self::Environment => &[&["promotion"]],
            Self::Window => &[&["windows"]],
        }
    }
}

/// The kinds of names that a value may hold.
pub(crate) fn in_value(path: &[&str]) -> &'static [Kind] {
    match path {
        ["scope", "out", _, "escalate"] | ["failure_modes", _, "do" | "then"] => {
            &[Kind::Escalation]
        }
        ["escalations", _, "call"]
        | ["bind", "effects" | "escalation", ITEM]
        | ["bind", "facts", _, "result_of"]
        | ["success_criteria", _, "given", "called"]
        | ["success_criteria", _, "effects", ITEM, "called" | "never"]
        | ["success_criteria", _, "effects", ITEM, "before", "first" | "then"]
        | ["success_criteria", _, "effects", ITEM, "sequence", ITEM]
        | ["invariants", _, "enforce", "trigger"]
        | ["invariants", _, "enforce", "deny", ITEM]
        | ["ladder", _, "overlay", "deny" | "require_approval", ITEM] => &[Kind::Tool],
        ["invariants", _, "enforce", "when"] => &[Kind::Tool, Kind::Window, Kind::Topic],
        ["invariants", _, "enforce", "do"] => &[Kind::Role, Kind::Escalation],
        ["ladder", _, "owner" | "deputy"] => &[Kind::Role],
        ["success_criteria", _, "given", "intent"] => &[Kind::Request],
        ["success_criteria", _, "given", "fact"]
        | ["success_criteria", _, "require", "all" | "any", ITEM] => &[Kind::Fact],
        ["bind", "intents", _, "topic"] => &[Kind::Topic],
        ["commitments", _, "criterion"] => &[Kind::Criterion],
        ["promotion", _, "from"] => &[Kind::Environment],
        _ => &[],
    }
}

/// The kinds of names that a key may be, beside what it declares.
pub(crate) fn in_key(path: &[&str]) -> &'static [Kind] {
    match path {
        ["tools", _] => &[Kind::Server],
        ["environments", _] => &[Kind::Environment],
        _ => &[],
    }
}

/// The entries that declare names of this kind.
pub(crate) fn declared(root: &Node, kind: Kind) -> impl Iterator<Item = &Entry> {
    let sections = kind.sections().iter().filter_map(|path| place::value(root, path));
    sections.filter_map(Node::entries).flatten()
}

/// The declaration of the name in a word; of `billing.get_order` as a server,
/// and of `order.age_days` as a fact, what stands before the dot is the name.
pub(crate) fn declaration<'t>(
    root: &'t Node,
    kinds: &[Kind],
    word: &str,
) -> Option<(Kind, &'t Entry)> {
    let head = word.split('.').next().unwrap_or(word);
    [word, head].into_iter().find_map(|name| {
        kinds.iter().find_map(|kind| {
            let mut entries = declared(root, *kind);
            entries.find(|entry| entry.key.name == name).map(|entry| (*kind, entry))
        })
    })
}

/// The word at a byte, within a span: what a name is made of, without the
/// punctuation at its ends.
pub(crate) fn word_at(source: &Source, within: Span, byte: usize) -> Option<(&str, Span)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_.:/-".contains(c);
    let before = word::at_end(source.slice(Span::new(within.start, byte)), is_part);
    let after = source.slice(Span::new(byte, within.end));
    let length = after.find(|c| !is_part(c)).unwrap_or(after.len());
    let start = byte.checked_sub(before.len())?;
    let whole = source.slice(Span::new(start, byte + length));
    let word = whole.trim_matches(['.', ':', '/', '-']);
    let start = start + whole.find(word)?;
    (!word.is_empty()).then(|| (word, Span::new(start, start + word.len())))
}
