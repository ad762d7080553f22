//! A shortest text that is in every set, found by running all machines at once.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::super::budget::Budget;
use super::TextSet;
use super::automaton::Automaton;
use super::letters;

/// What a search for a text found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::analysis) enum Found {
    /// A text that is in every set, none shorter.
    Text(String),
    /// No text is in all of them.
    Nothing,
    /// The search would have been too long, or a set is no regular one.
    Undecided,
}

/// Texts that were found before, so that no question is gone through twice.
#[derive(Debug, Default)]
pub(in crate::analysis) struct Searches(RefCell<BTreeMap<Asked, Answered>>);

/// Which sets, by their places in memory, and how many letters.
type Asked = (Vec<(*const TextSet, bool)>, usize, Option<usize>);

#[derive(Debug)]
struct Answered {
    found: Found,
    /// Kept, so that no other set comes to stand in their places.
    _sets: Vec<Rc<TextSet>>,
}

impl Searches {
    /// What [`shortest`] finds.
    pub(in crate::analysis) fn shortest(
        &self,
        sets: &[(Rc<TextSet>, bool)],
        least: usize,
        most: Option<usize>,
        budget: &Budget,
    ) -> Found {
        let asked: Vec<_> = sets.iter().map(|(set, holds)| (Rc::as_ptr(set), *holds)).collect();
        let asked = (asked, least, most);
        if let Some(answered) = self.0.borrow().get(&asked) {
            return answered.found.clone();
        }
        let found = shortest(sets, least, most, budget);
        // What was too much may not be with what another question may spend.
        if found != Found::Undecided {
            let kept = sets.iter().map(|(set, _)| Rc::clone(set)).collect();
            self.0.borrow_mut().insert(asked, Answered { found: found.clone(), _sets: kept });
        }
        found
    }
}

/// The states of all machines, and the number of letters up to the least.
type State = (Vec<Option<usize>>, usize);

/// A shortest text with `least` to `most` letters that is in every set that it
/// has to be in, and in none that it must not be in.
pub(super) fn shortest(
    sets: &[(Rc<TextSet>, bool)],
    least: usize,
    most: Option<usize>,
    budget: &Budget,
) -> Found {
    let finite = sets.iter().find_map(|(set, holds)| match &**set {
        TextSet::OneOf(texts) if *holds => Some(texts),
        _ => None,
    });
    if let Some(texts) = finite {
        let fits = |text: &&String| {
            let length = text.chars().count();
            least <= length
                && most.is_none_or(|most| length <= most)
                && sets.iter().all(|(set, holds)| set.contains(text) == *holds)
        };
        let found = texts.iter().filter(fits).min_by_key(|text| text.chars().count());
        return found.map_or(Found::Nothing, |text| Found::Text(text.clone()));
    }
    // Paths are compared by walking them; without them the search is wider.
    let (regular, irregular): (Vec<_>, Vec<_>) = sets.iter().partition(|(set, _)| set.is_regular());
    match search(&regular, least, most, budget) {
        Found::Text(text) if irregular.iter().any(|(set, holds)| set.contains(&text) != *holds) => {
            paths(sets, least, most)
        }
        found => found,
    }
}

/// Tries paths in and beside the folders that are asked for.
fn paths(sets: &[(Rc<TextSet>, bool)], least: usize, most: Option<usize>) -> Found {
    let words: Vec<&str> = sets.iter().flat_map(|(set, _)| set.words()).collect();
    let inside = words.iter().map(|word| format!("{}/a", word.trim_end_matches('/')));
    let tried = inside.chain(["a".to_owned(), "/".to_owned(), "/a".to_owned(), "..".to_owned()]);
    let pairs = words.iter().flat_map(|a| words.iter().map(move |b| format!("{a}/{b}")));
    let plain = words.iter().map(|word| (*word).to_owned());
    let fits = |text: &String| {
        let length = text.chars().count();
        least <= length
            && most.is_none_or(|most| length <= most)
            && sets.iter().all(|(set, holds)| set.contains(text) == *holds)
    };
    let found = plain.chain(tried).chain(pairs).find(fits);
    found.map_or(Found::Undecided, Found::Text)
}

fn search(
    sets: &[&(Rc<TextSet>, bool)],
    least: usize,
    most: Option<usize>,
    budget: &Budget,
) -> Found {
    let Some(letters) = letters::classes(sets.iter().map(|(set, _)| &**set)) else {
        return Found::Undecided;
    };
    let machines: Option<Vec<(Automaton, bool)>> =
        sets.iter().map(|(set, holds)| Some((Automaton::of(set)?, *holds))).collect();
    let Some(machines) = machines else { return Found::Undecided };
    if !budget.spend(machines.iter().map(|(machine, _)| machine.size()).sum()) {
        return Found::Undecided;
    }
    let start: Vec<Option<usize>> = machines.iter().map(|(machine, _)| machine.start()).collect();
    if start.contains(&None) {
        return Found::Undecided;
    }
    let mut seen: BTreeMap<State, Option<(State, char)>> = BTreeMap::new();
    let mut queue = VecDeque::from([((start.clone(), 0), 0_usize)]);
    seen.insert((start, 0), None);
    while let Some((state, length)) = queue.pop_front() {
        if most.is_some_and(|most| length > most) {
            return Found::Nothing;
        }
        if state.1 >= least && accepts(&machines, &state.0) {
            return Found::Text(walked(&seen, state));
        }
        for letter in &letters {
            let Some(next) = step(&machines, &state.0, *letter) else { continue };
            let next = (next, (state.1 + 1).min(least));
            if !budget.spend(machines.len()) {
                return Found::Undecided;
            }
            if !seen.contains_key(&next) {
                seen.insert(next.clone(), Some((state.clone(), *letter)));
                queue.push_back((next, length + 1));
            }
        }
    }
    Found::Nothing
}

fn accepts(machines: &[(Automaton, bool)], states: &[Option<usize>]) -> bool {
    machines.iter().zip(states).all(|((machine, holds), state)| {
        state.is_some_and(|state| machine.accepts(state)) == *holds
    })
}

/// Where all machines are after one more letter; `None` where no text can fit any more.
fn step(
    machines: &[(Automaton, bool)],
    states: &[Option<usize>],
    letter: char,
) -> Option<Vec<Option<usize>>> {
    let moved = machines.iter().zip(states).map(|((machine, holds), state)| {
        let next = state.and_then(|state| machine.step(state, letter));
        if next.is_none() && *holds { None } else { Some(next) }
    });
    moved.collect()
}

/// The letters that led to a state.
fn walked(seen: &BTreeMap<State, Option<(State, char)>>, mut state: State) -> String {
    let mut letters = Vec::new();
    while let Some(Some((before, letter))) = seen.get(&state) {
        letters.push(*letter);
        state = before.clone();
    }
    letters.into_iter().rev().collect()
}
