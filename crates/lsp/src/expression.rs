//! What can go on in an expression that is still being written.

use bounden_base::Json;
use bounden_policy::{ROOTS, ToolContract, vocabulary};

use crate::names::Kind;
use crate::{tool, word};

/// What may go on at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A name that the document declares.
    Name(Kind),
    /// One of these.
    Words(Vec<Word>),
}

/// A word, with what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// A member of an object, with its type and what its server says of it.
    Member { name: String, kind: String, about: String },
    /// A function or a method, with an example.
    Function { name: &'static str, example: &'static str },
    /// A word that says all.
    Plain(&'static str),
}

/// What may follow `typed`, and how many of its last bytes are part of it.
/// `tools` are those whose arguments and results the expression reads.
pub(crate) fn next(typed: &str, tools: &[&ToolContract]) -> (Next, usize) {
    if let Some((before, text)) = open_text(typed) {
        return (in_text(before), text.len());
    }
    let word = word::at_end(typed, word::is_in_member);
    let before = typed.get(..typed.len() - word.len()).unwrap_or_default();
    let next = match before.strip_suffix('.') {
        Some(receiver) => Next::Words(after_dot(receiver, tools)),
        None => Next::Words(beginnings()),
    };
    (next, word.len())
}

/// What stands before a text that is still open, and the text so far.
fn open_text(typed: &str) -> Option<(&str, &str)> {
    let mut open: Option<(usize, char)> = None;
    let mut escaped = false;
    for (at, character) in typed.char_indices() {
        match open {
            Some(_) if escaped => escaped = false,
            Some(_) if character == '\\' => escaped = true,
            Some((_, quote)) if character == quote => open = None,
            None if matches!(character, '"' | '\'') => open = Some((at, character)),
            _ => {}
        }
    }
    let (at, quote) = open?;
    Some((typed.get(..at)?, typed.get(at + quote.len_utf8()..)?))
}

fn in_text(before: &str) -> Next {
    let before = before.trim_end().trim_end_matches('[').trim_end();
    match word::at_end(before.strip_suffix('(').unwrap_or_default(), word::is_in_member) {
        "calls" | "since" | "after" => Next::Name(Kind::Tool),
        "window" => Next::Name(Kind::Window),
        "across" => Next::Words(["session", "principal", "agent"].map(Word::Plain).to_vec()),
        _ => Next::Words(Vec::new()),
    }
}

fn after_dot(receiver: &str, tools: &[&ToolContract]) -> Vec<Word> {
    let members = members(receiver, tools);
    if !members.is_empty() {
        return members;
    }
    // `calls("T").by(args.x)` is a chain wherever its bracket closes.
    let is_chain = receiver.ends_with(')') && receiver.contains("calls(");
    let words: Vec<_> =
        if is_chain { vocabulary::links().collect() } else { vocabulary::methods().collect() };
    words.into_iter().map(function).collect()
}

/// The members of the object that a path at the end of `receiver` leads to.
fn members(receiver: &str, tools: &[&ToolContract]) -> Vec<Word> {
    let path = word::at_end(receiver, |c| word::is_in_member(c) || c == '.');
    let mut steps = path.split('.');
    let root = steps.next().unwrap_or_default();
    let steps: Vec<_> = steps.collect();
    let mut found: Vec<Word> = Vec::new();
    for tool in tools {
        let schema = match root {
            "args" => tool.input_schema(),
            "result" => tool.output_schema(),
            _ => None,
        };
        for member in members_at(schema, &steps) {
            if !found.contains(&member) {
                found.push(member);
            }
        }
    }
    found
}

/// The members of the object that lies under `steps` in an object schema.
pub(crate) fn members_at(schema: Option<&Json>, steps: &[&str]) -> Vec<Word> {
    let inner =
        steps.iter().try_fold(schema, |schema, step| Some(Some(schema?.at(["properties", step])?)));
    let members = tool::members(inner.flatten()).map(|(name, schema, _)| Word::Member {
        name: name.to_owned(),
        kind: tool::kind(schema),
        about: schema.get("description").and_then(Json::as_str).unwrap_or_default().to_owned(),
    });
    members.collect()
}

fn beginnings() -> Vec<Word> {
    let roots = ROOTS.into_iter().map(Word::Plain);
    roots.chain(vocabulary::functions().map(function)).collect()
}

fn function(word: vocabulary::Word) -> Word {
    Word::Function { name: word.name, example: word.example }
}

#[cfg(test)]
mod tests {
    use bounden_policy::{Contracts, ToolName};

    use super::*;

    fn shown(typed: &str) -> Vec<String> {
        let path = bounden_testkit::repository().join("examples/support/behavior.contracts.json");
        let contracts = Contracts::parse(&bounden_testkit::read(path)).unwrap();
        let tool = contracts.tool(&ToolName::new("billing.issue_refund")).unwrap();
        let (next, length) = next(typed, &[tool]);
        let names: Vec<_> = match next {
            Next::Name(kind) => vec![kind.word().to_owned()],
            Next::Words(words) => words.iter().map(said).collect(),
        };
        names.into_iter().chain([length.to_string()]).collect()
    }

    fn said(word: &Word) -> String {
        match word {
            Word::Member { name, kind, .. } => format!("{name}: {kind}"),
            Word::Function { name, .. } => format!("{name}()"),
            Word::Plain(name) => (*name).to_owned(),
        }
    }

    #[test]
    fn arguments_come_from_the_pinned_schema() {
        for typed in ["args.", "x || args.", "(args.", "calls(\"a.b\").sum(args."] {
            let shown = shown(typed);
            assert!(shown.contains(&"amount: number".to_owned()), "{typed} {shown:?}");
            assert!(!shown.contains(&"has()".to_owned()), "{typed} {shown:?}");
        }
        assert_eq!(shown("args.am").last().unwrap(), "2");
    }

    #[test]
    fn chains_methods_and_texts_have_words_of_their_own() {
        for (typed, expected) in [
            ("calls(\"a.b\").by(args.x).wi", "within()"),
            ("args.amount.", "matches()"),
            ("x && ", "calls()"),
            ("", "args"),
            ("calls(\"bill", "tool"),
            ("window('", "window"),
            ("calls(\"a.b\").across(\"", "agent"),
        ] {
            let shown = shown(typed);
            assert!(shown.iter().any(|next| next == expected), "{typed} {shown:?}");
        }
    }

    #[test]
    fn a_text_that_is_no_name_has_nothing_to_offer() {
        assert_eq!(shown("args.note == \"bill"), ["4"]);
    }
}
