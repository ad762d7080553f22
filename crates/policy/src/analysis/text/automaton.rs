//! One machine for each set of texts, fed letter by letter.

use std::collections::BTreeMap;
use std::rc::Rc;

use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};

use super::TextSet;

/// A deterministic machine.
pub(super) enum Automaton {
    /// A tree of letters: for each node where a letter leads, and whether a text ends there.
    Words(Vec<(BTreeMap<char, usize>, bool)>),
    /// Letters in a row at the beginning.
    Start(Vec<char>),
    /// Letters in a row at the end, or anywhere; where to go on after a mismatch.
    Part { letters: Vec<char>, fallback: Vec<usize>, anywhere: bool },
    /// The order of texts.
    Order { letters: Vec<char>, or_equal: bool },
    /// A regular expression.
    Pattern(Rc<dense::DFA<Vec<u32>>>),
}

/// Largest automaton of one pattern, in bytes.
const LARGEST: usize = 1 << 20;

impl Automaton {
    /// The machine of a set; `None` where none of reasonable size is found.
    pub(super) fn of(set: &TextSet) -> Option<Self> {
        let letters = |text: &str| text.chars().collect::<Vec<char>>();
        Some(match set {
            TextSet::OneOf(texts) => {
                let mut nodes = vec![(BTreeMap::new(), false)];
                for text in texts {
                    enter(&mut nodes, text)?;
                }
                Self::Words(nodes)
            }
            TextSet::StartsWith(part) => Self::Start(letters(part)),
            TextSet::EndsWith(part) => Self::part(letters(part), false),
            TextSet::Contains(part) => Self::part(letters(part), true),
            TextSet::Before(bound) => Self::Order { letters: letters(bound), or_equal: false },
            TextSet::UpTo(bound) => Self::Order { letters: letters(bound), or_equal: true },
            TextSet::Matches(matches) => {
                let made = || pattern(&matches.source, matches.whole);
                Self::Pattern(matches.machine.get_or_init(made).clone()?)
            }
            TextSet::Under(_) | TextSet::Path => return None,
        })
    }

    /// About how many states there are.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Words(nodes) => nodes.len(),
            Self::Start(letters) | Self::Part { letters, .. } | Self::Order { letters, .. } => {
                letters.len()
            }
            Self::Pattern(pattern) => pattern.memory_usage() / 64,
        }
    }

    fn part(letters: Vec<char>, anywhere: bool) -> Self {
        let fallback = fallbacks(&letters);
        Self::Part { letters, fallback, anywhere }
    }

    pub(super) fn start(&self) -> Option<usize> {
        match self {
            Self::Pattern(pattern) => {
                let config = start::Config::new().anchored(Anchored::Yes);
                Some(pattern.start_state(&config).ok()?.as_usize())
            }
            _ => Some(0),
        }
    }

    /// The state after one more letter; `None` where no text can be in the set any more.
    pub(super) fn step(&self, state: usize, letter: char) -> Option<usize> {
        match self {
            Self::Words(nodes) => nodes.get(state)?.0.get(&letter).copied(),
            Self::Start(letters) => match letters.get(state) {
                None => Some(state),
                Some(wanted) => (*wanted == letter).then_some(state + 1),
            },
            Self::Part { letters, fallback, anywhere } => {
                Some(part_step(letters, fallback, *anywhere, state, letter))
            }
            Self::Order { letters, .. } => Some(match letters.get(state) {
                // Past the bound: longer than it, or decided before.
                None if state == letters.len() => Self::after(letters),
                None => state,
                Some(wanted) if letter == *wanted => state + 1,
                Some(wanted) if letter < *wanted => Self::before(letters),
                Some(_) => Self::after(letters),
            }),
            Self::Pattern(pattern) => {
                let mut state = StateID::new(state).ok()?;
                let mut bytes = [0; 4];
                for byte in letter.encode_utf8(&mut bytes).bytes() {
                    state = pattern.next_state(state, byte);
                }
                (!pattern.is_dead_state(state)).then(|| state.as_usize())
            }
        }
    }

    /// Whether a text that ends here is in the set.
    pub(super) fn accepts(&self, state: usize) -> bool {
        match self {
            Self::Words(nodes) => nodes.get(state).is_some_and(|(_, ends)| *ends),
            Self::Start(letters) | Self::Part { letters, .. } => state == letters.len(),
            Self::Order { letters, or_equal } => {
                state < letters.len()
                    || state == Self::before(letters)
                    || (*or_equal && state == letters.len())
            }
            Self::Pattern(pattern) => {
                let ended = StateID::new(state).map(|state| pattern.next_eoi_state(state));
                ended.is_ok_and(|state| pattern.is_match_state(state))
            }
        }
    }

    /// The state of texts that differ from the bound and lie before it.
    fn before(letters: &[char]) -> usize {
        letters.len() + 1
    }

    fn after(letters: &[char]) -> usize {
        letters.len() + 2
    }
}

fn enter(nodes: &mut Vec<(BTreeMap<char, usize>, bool)>, text: &str) -> Option<()> {
    let mut at = 0;
    for letter in text.chars() {
        let new = nodes.len();
        let next = *nodes.get_mut(at)?.0.entry(letter).or_insert(new);
        if next == new {
            nodes.push((BTreeMap::new(), false));
        }
        at = next;
    }
    nodes.get_mut(at)?.1 = true;
    Some(())
}

/// For each number of letters that matched: how many still do after a mismatch
/// (Knuth, Morris and Pratt 1977).
fn fallbacks(letters: &[char]) -> Vec<usize> {
    let mut table = vec![0; letters.len() + 1];
    let mut matched = 0;
    for (index, letter) in letters.iter().enumerate().skip(1) {
        while matched > 0 && letters.get(matched) != Some(letter) {
            matched = table.get(matched).copied().unwrap_or(0);
        }
        if letters.get(matched) == Some(letter) {
            matched += 1;
        }
        if let Some(slot) = table.get_mut(index + 1) {
            *slot = matched;
        }
    }
    table
}

fn part_step(
    letters: &[char],
    fallback: &[usize],
    anywhere: bool,
    state: usize,
    letter: char,
) -> usize {
    if anywhere && state == letters.len() {
        return state;
    }
    let mut matched = state;
    while matched > 0 && letters.get(matched) != Some(&letter) {
        matched = fallback.get(matched).copied().unwrap_or(0);
    }
    if letters.get(matched) == Some(&letter) { matched + 1 } else { matched }
}

fn pattern(source: &str, whole: bool) -> Option<Rc<dense::DFA<Vec<u32>>>> {
    let source =
        if whole { format!("(?:{source})") } else { format!("(?s:.*)(?:{source})(?s:.*)") };
    let anchored = format!(r"\A(?:{source})\z");
    let config = dense::Config::new()
        .start_kind(StartKind::Anchored)
        .match_kind(MatchKind::All)
        .dfa_size_limit(Some(LARGEST))
        .determinize_size_limit(Some(LARGEST));
    Some(Rc::new(dense::Builder::new().configure(config).build(&anchored).ok()?))
}
