//! Side effects: which calls happen, how often, in which order, and which do not.

use bounden_base::Span;

use super::Translation;
use super::conditions::tagged;
use super::criteria::Parts;
use crate::intent::{EffectClause, Order};
use crate::read::{Named, Spanned};
use crate::yaml::Text;

/// What one clause says of calls.
pub(super) enum Clause {
    AtLeast(Text, u64),
    AtMost(Text, u64),
    Exactly(Text, u64),
    Never(Text),
    Before(Text, Text),
}

/// How often, in the words of a sentence.
#[derive(Clone, Copy)]
enum Count {
    AtLeast(u64),
    AtMost(u64),
    Exactly(u64),
}

impl Translation<'_> {
    /// `tool_call=TOOL executed`, `no tool_call=TOOL`, `TOOL called at most once`,
    /// `A before B`, `no escalation`; other words are phrases.
    pub(super) fn side_effect(&mut self, clause: &Text, parts: &mut Parts) {
        match self.said_of_calls(clause) {
            Some(said) => match self.meant(clause, said) {
                Some(said) => parts.effects.push(effect(clause.span, said)),
                None => parts.tagged.push(Text::derived(tagged(clause), clause.span)),
            },
            None => self.output(clause, parts),
        }
    }

    /// Whether a name alone stands beside what may not happen: `no A, B` may forbid
    /// both, or forbid A and require B.
    pub(super) fn is_unclear(&self, clauses: &[Text], index: usize) -> bool {
        let is_never = |at: usize| clauses.get(at).is_some_and(|text| self.forbids(text));
        let is_alone = clauses.get(index).is_some_and(|clause| self.is_call(clause));
        is_alone && (is_never(index + 1) || index.checked_sub(1).is_some_and(is_never))
    }

    fn forbids(&self, clause: &str) -> bool {
        matches!(self.said_of_calls(clause), Some(Said::Never(_)))
    }

    /// A name alone of which nothing says whether it has to be called.
    pub(super) fn unclear(&mut self, clause: &Text, parts: &mut Parts) {
        let message = format!("whether `{clause}` has to be called or may not be is not said");
        let help = format!("write `{clause} executed`, or `no {clause}`");
        self.error("B140", clause.span, message, help);
        parts.tagged.push(Text::derived(tagged(clause), clause.span));
    }

    /// What a clause says of calls, in its own words.
    fn said_of_calls<'t>(&self, clause: &'t str) -> Option<Said<'t>> {
        let is_call = |words: &&'t str| self.is_call(words);
        for (joint, is_reversed) in [(" before ", false), (" after ", true)] {
            let sides = clause.split_once(joint).map(|(left, right)| (bare(left), bare(right)));
            if let Some((left, right)) =
                sides.filter(|(left, right)| is_call(left) && is_call(right))
            {
                let (first, then) = if is_reversed { (right, left) } else { (left, right) };
                return Some(Said::Before(first, then));
            }
        }
        let absent = ["no ", "never "].iter().find_map(|word| clause.strip_prefix(word));
        let absent = absent.map(bare).or_else(|| {
            let denied = [
                " is not executed",
                " not executed",
                " is not called",
                " not called",
                " never called",
            ];
            denied.iter().find_map(|words| clause.strip_suffix(words)).map(bare)
        });
        if let Some(words) = absent {
            return is_call(&words).then_some(Said::Never(words));
        }
        let (words, count) = counted(clause)?;
        let words = bare(words);
        is_call(&words).then_some(Said::Count(words, count.unwrap_or(Count::AtLeast(1))))
    }

    /// Whether words name a call: `tool_call=TOOL`, a tool, an escalation, or any call.
    fn is_call(&self, words: &str) -> bool {
        let is_one_word = !words.is_empty() && !words.contains(char::is_whitespace);
        let bare = words.strip_prefix("tool_call=").unwrap_or(words);
        matches!(words, "escalation" | "tool calls" | "side effects")
            || (is_one_word && (words.len() > bare.len() || self.is_tool(words)))
    }

    /// The clause with tools for its words; nothing where a word is not bound.
    fn meant(&mut self, clause: &Text, said: Said<'_>) -> Option<Clause> {
        Some(match said {
            Said::Never(words) => Clause::Never(self.calls(clause, words)?),
            Said::Before(first, then) => {
                Clause::Before(self.calls(clause, first)?, self.calls(clause, then)?)
            }
            Said::Count(words, count) => {
                let tools = self.calls(clause, words)?;
                match count {
                    Count::AtLeast(count) => Clause::AtLeast(tools, count),
                    Count::AtMost(count) => Clause::AtMost(tools, count),
                    Count::Exactly(count) => Clause::Exactly(tools, count),
                }
            }
        })
    }

    fn calls(&mut self, clause: &Text, words: &str) -> Option<Text> {
        let derived = |tools: String| Text::derived(tools, clause.span);
        let bind = &self.article.bind;
        let (word, bound, example) = match words {
            "tool calls" => return Some(derived("*".to_owned())),
            "escalation" => ("escalation", &bind.escalation, "an escalation"),
            "side effects" => ("effects", &bind.effects, "side effects"),
            _ => {
                let word = words.strip_prefix("tool_call=").unwrap_or(words);
                let tools = self.tools_meant(word, clause.span);
                let tools: Vec<_> = tools.into_iter().map(|tool| tool.value).collect();
                return Some(derived(tools.join(", ")));
            }
        };
        if !bound.is_empty() {
            return Some(derived(word.to_owned()));
        }
        let message = format!("which calls are {example} is not said");
        let yaml = format!("bind: {{{word}: [SERVER.TOOL]}}");
        self.open("B140", clause.span, message, yaml, ", with all such tools");
        None
    }
}

/// The bound that a number makes.
type Bound = fn(u64) -> Count;

/// What a clause says, in its own words.
enum Said<'t> {
    Never(&'t str),
    Before(&'t str, &'t str),
    Count(&'t str, Count),
}

/// The words of a clause without those that say that a call happened.
fn bare(words: &str) -> &str {
    let words = words.trim();
    let happened = [" is executed", " executed", " is called", " called"];
    happened.iter().find_map(|word| words.strip_suffix(word)).unwrap_or(words).trim()
}

/// How often a clause says that something is called, and the words besides;
/// nothing where it gives a bound that is no number.
fn counted(clause: &str) -> Option<(&str, Option<Count>)> {
    let bounds: [(&str, Bound); 3] =
        [("at most ", Count::AtMost), ("at least ", Count::AtLeast), ("exactly ", Count::Exactly)];
    for (words, bound) in bounds {
        let Some((before, rest)) = clause.split_once(words) else { continue };
        if before.trim().is_empty() {
            // `at most one escalation` has the count first.
            let (number, after) = rest.trim().split_once(' ')?;
            return Some((after, Some(bound(number_of(number)?))));
        }
        return Some((before, Some(bound(number_of(rest)?))));
    }
    if let Some(before) = clause.strip_suffix(" times") {
        let (before, number) = before.rsplit_once(' ')?;
        return Some((before, Some(Count::Exactly(number_of(number)?))));
    }
    Some(match clause.rsplit_once(' ') {
        Some((before, number @ ("once" | "twice"))) => {
            (before, number_of(number).map(Count::Exactly))
        }
        _ => (clause, None),
    })
}

/// A number in digits or words, with or without `times`.
fn number_of(words: &str) -> Option<u64> {
    let words = words.trim();
    let words = words.strip_suffix(" times").unwrap_or(words);
    match words {
        "once" | "one" => Some(1),
        "twice" | "two" => Some(2),
        "three" => Some(3),
        "four" => Some(4),
        "five" => Some(5),
        _ => words.parse().ok(),
    }
}

pub(super) fn effect(span: Span, said: Clause) -> EffectClause {
    let mut effect = EffectClause {
        span,
        called: None,
        times: None,
        at_least: None,
        at_most: None,
        ok: None,
        args: Named::default(),
        never: None,
        before: None,
        sequence: Vec::new(),
    };
    let count = |value: u64| Some(Spanned { value, span });
    match said {
        Clause::AtLeast(tools, least) => {
            (effect.called, effect.at_least) = (Some(tools), count(least))
        }
        Clause::AtMost(tools, most) => (effect.called, effect.at_most) = (Some(tools), count(most)),
        Clause::Exactly(tools, times) => {
            (effect.called, effect.times) = (Some(tools), count(times))
        }
        Clause::Never(tools) => effect.never = Some(tools),
        Clause::Before(first, then) => effect.before = Some(Order { span, first, then }),
    }
    effect
}
