//! What an agent's model has been told before, so that of a message history
//! that every call repeats only the new end is kept.

use std::borrow::Cow;

use super::turn::{Role, Turn, turns};
use crate::Payload;

/// The messages of one agent so far.
#[derive(Default)]
pub(super) struct History<'a> {
    /// Words in order of appearance.
    words: Vec<Words>,
    /// The previous call's messages as raw text, and how many words were known with it.
    previous: Option<(&'a str, usize)>,
}

struct Words {
    role: Role,
    text: String,
    /// The event that they are.
    event: usize,
}

impl<'a> History<'a> {
    /// The messages of `input`, without words that were there before. Where the
    /// text continues the previous call's, only the continuation is decoded.
    /// `None` where it cannot be read.
    pub(super) fn new_turns(&mut self, input: &Payload<'a>) -> Option<Vec<Turn>> {
        let raw = match input {
            Payload::Json(Cow::Borrowed(raw)) => Some(*raw),
            _ => None,
        };
        let continued = raw.and_then(|raw| {
            let (previous, known) = self.previous?;
            Some((turns(&continuation(previous, raw)?)?, known))
        });
        let (all, known) = match continued {
            Some(continued) => continued,
            None => (turns(&input.text())?, 0),
        };
        let fresh = self.fresh(all, known);
        let added: usize = fresh.iter().map(|turn| turn.words.len()).sum();
        self.previous = raw.map(|raw| (raw, self.words.len() + added));
        Some(fresh)
    }

    /// The messages, without words that were there before.
    pub(super) fn fresh_turns(&self, all: Vec<Turn>) -> Vec<Turn> {
        self.fresh(all, 0)
    }

    /// Notes words and the event that they are.
    pub(super) fn note(&mut self, role: Role, text: &str, event: usize) {
        self.words.push(Words { role, text: text.to_owned(), event });
    }

    /// An event was put in at `place`; those from there on have moved by one.
    pub(super) fn moved(&mut self, place: usize) {
        let later = self.words.iter_mut().filter(|words| words.event >= place);
        later.for_each(|words| words.event += 1);
    }

    /// Removes from `all` the words that repeat those known from `since` on:
    /// as far as the end of what is known is the beginning of `all`; where the
    /// two do not meet (a compacted history) whatever was said before.
    fn fresh(&self, mut all: Vec<Turn>, since: usize) -> Vec<Turn> {
        all.retain(|turn| turn.role != Role::System);
        let known = self.words.get(since..).unwrap_or_default();
        let overlap = overlap(known, &all);
        let mut repeated = known.iter().skip(known.len() - overlap);
        let mut left: Vec<&Words> = if overlap == 0 { known.iter().collect() } else { Vec::new() };
        for turn in &mut all {
            let role = turn.role;
            let mut last = None;
            turn.words.retain(|text| {
                if let Some(words) = repeated.next() {
                    last = Some(words.event);
                    return false;
                }
                let before =
                    left.iter().position(|words| words.role == role && words.text == *text);
                before.map(|place| left.remove(place)).is_none()
            });
            turn.repeats = last;
        }
        all
    }
}

/// How many words at the end of `known` are the beginning of `all`.
fn overlap(known: &[Words], all: &[Turn]) -> usize {
    let heard: Vec<(Role, &str)> = all
        .iter()
        .flat_map(|turn| turn.words.iter().map(|text| (turn.role, text.as_str())))
        .collect();
    let meets = |length: &usize| {
        let end = known.iter().skip(known.len() - length);
        end.zip(&heard).all(|(words, heard)| (words.role, words.text.as_str()) == *heard)
    };
    (0..=known.len().min(heard.len())).rev().find(meets).unwrap_or(0)
}

/// The JSON list of what `current` has after `previous`, both string literals
/// that hold JSON lists; `None` where it does not continue it.
fn continuation(previous: &str, current: &str) -> Option<String> {
    let head = previous.strip_suffix("]\"")?;
    let tail = current.strip_prefix(head)?;
    let rest = tail.strip_prefix(',').or_else(|| {
        // The previous list was empty, or nothing was added.
        (head.ends_with('[') || tail.starts_with(']')).then_some(tail)
    })?;
    serde_json::from_str(&format!("\"[{rest}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(messages: &[(&str, &str)]) -> String {
        let list: Vec<String> = messages
            .iter()
            .map(|(role, text)| {
                format!(r#"{{"role":"{role}","parts":[{{"type":"text","content":"{text}"}}]}}"#)
            })
            .collect();
        serde_json::to_string(&format!("[{}]", list.join(", "))).unwrap()
    }

    fn words(turns: &[Turn]) -> Vec<&str> {
        turns.iter().flat_map(|turn| turn.words.iter().map(String::as_str)).collect()
    }

    fn after<'a>(history: &mut History<'a>, literal: &'a str) -> Vec<Turn> {
        let turns = history.new_turns(&Payload::Json(Cow::Borrowed(literal))).unwrap();
        for turn in &turns {
            turn.words.iter().for_each(|text| history.note(turn.role, text, 0));
        }
        turns
    }

    #[test]
    fn a_growing_history_yields_each_message_once() {
        let first = literal(&[("user", "hi")]);
        let second =
            literal(&[("user", "hi"), ("assistant", "yes?"), ("user", "yes"), ("user", "yes")]);
        let mut history = History::default();
        assert_eq!(words(&after(&mut history, &first)), ["hi"]);
        history.note(Role::Assistant, "yes?", 1);
        assert_eq!(words(&after(&mut history, &second)), ["yes", "yes"]);
        assert_eq!(words(&after(&mut history, &second)), Vec::<&str>::new());
    }

    #[test]
    fn a_window_that_slides_yields_its_end() {
        let first = literal(&[("user", "a"), ("user", "b"), ("user", "yes")]);
        let second = literal(&[("user", "b"), ("user", "yes"), ("user", "yes")]);
        let mut history = History::default();
        after(&mut history, &first);
        assert_eq!(words(&after(&mut history, &second)), ["yes"]);
    }

    #[test]
    fn a_compacted_history_yields_what_was_never_said() {
        let first = literal(&[("user", "a"), ("user", "b"), ("user", "c")]);
        let second = literal(&[("user", "summary"), ("user", "c"), ("user", "d")]);
        let mut history = History::default();
        after(&mut history, &first);
        assert_eq!(words(&after(&mut history, &second)), ["summary", "d"]);
    }
}
