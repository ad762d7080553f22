//! Texts are found where there are some, and nothing is where there is none.

use std::rc::Rc;

use proptest::prelude::*;

use super::super::budget::Budget;
use super::*;

fn matches(source: &str, whole: bool) -> TextSet {
    let anchored = if whole { format!(r"\A(?:{source})\z") } else { source.to_owned() };
    TextSet::matches(Regex::new(&anchored).unwrap(), source, whole)
}

fn one_of(texts: &[&str]) -> TextSet {
    TextSet::OneOf(texts.iter().map(|text| (*text).to_owned()).collect())
}

fn found(sets: Vec<(TextSet, bool)>, least: usize, most: Option<usize>) -> Found {
    let sets: Vec<_> = sets.into_iter().map(|(set, holds)| (Rc::new(set), holds)).collect();
    shortest(&sets, least, most, &Budget::new())
}

fn text(text: &str) -> Found {
    Found::Text(text.to_owned())
}

#[test]
fn a_shortest_text_is_found() {
    let starts = || TextSet::StartsWith("ab".into());
    let ends = || TextSet::EndsWith("ba".into());
    assert_eq!(found(vec![], 0, None), text(""));
    assert_eq!(found(vec![(starts(), true), (ends(), true)], 0, None), text("aba"));
    assert_eq!(found(vec![(starts(), true), (ends(), true)], 5, None), text("ababa"));
    assert_eq!(found(vec![(TextSet::Contains("x".into()), false)], 2, None), text("aa"));
    assert_eq!(found(vec![(matches("[A-Z]{2}-[0-9]+", true), true)], 0, None), text("AA-0"));
    assert_eq!(found(vec![(matches("^[^a]", false), true)], 0, None), text("b"));
    assert_eq!(
        found(vec![(one_of(&["x", "yy"]), true), (one_of(&["x"]), false)], 0, None),
        text("yy")
    );
    let under = || (TextSet::Under("/a".into()), true);
    assert_eq!(found(vec![under()], 0, None), text(""), "a folder lies in itself");
    assert_eq!(found(vec![under(), (TextSet::StartsWith("/".into()), true)], 0, None), text("/a"));
}

#[test]
fn nothing_is_proven() {
    let starts = |part: &str| (TextSet::StartsWith(part.into()), true);
    assert_eq!(found(vec![starts("a"), starts("b")], 0, None), Found::Nothing);
    assert_eq!(found(vec![starts("abc")], 0, Some(2)), Found::Nothing);
    let sub = (TextSet::Contains("b".into()), false);
    assert_eq!(found(vec![starts("ab"), sub], 0, None), Found::Nothing);
    assert_eq!(
        found(vec![(matches("[a-z]+", true), true), (matches("[a-z]", false), false)], 0, None),
        Found::Nothing
    );
    assert_eq!(
        found(
            vec![(TextSet::Before("b".into()), true), (TextSet::UpTo("b".into()), false)],
            0,
            None
        ),
        Found::Nothing
    );
    assert_eq!(found(vec![(TextSet::Before(String::new()), true)], 0, None), Found::Nothing);
}

#[test]
fn what_is_too_much_is_not_decided() {
    assert_eq!(found(vec![(matches(r"\bx\b", true), true)], 0, None), Found::Undecided);
    let folders = [(TextSet::Under("/a".into()), true), (TextSet::Under("/a".into()), false)];
    assert_eq!(found(folders.into(), 0, None), Found::Undecided);
}

fn set() -> impl Strategy<Value = TextSet> {
    let part = prop::sample::select(vec!["", "a", "b", "ab", "ba", "aab", "é"]);
    let pattern = prop::sample::select(vec!["a*b?", "[ab]{2}", "(?i)a.b", "[^a]+", "^a|b$", "é+"]);
    (part, pattern, 0_u8..8).prop_map(|(part, pattern, form)| {
        let part = part.to_owned();
        match form {
            0 => TextSet::OneOf([part, "aba".to_owned()].into()),
            1 => TextSet::StartsWith(part),
            2 => TextSet::EndsWith(part),
            3 => TextSet::Contains(part),
            4 => TextSet::Before(part),
            5 => TextSet::UpTo(part),
            6 => matches(pattern, true),
            _ => matches(pattern, false),
        }
    })
}

/// Every text of up to four letters over a small alphabet, the shortest first.
fn small() -> Vec<String> {
    let mut all = vec![String::new()];
    let mut from = 0;
    for _ in 0..4 {
        let to = all.len();
        for index in from..to {
            let longer = ['a', 'b', 'é', 'B', '~'].map(|letter| format!("{}{letter}", all[index]));
            all.extend(longer);
        }
        from = to;
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What trying every short text finds is what the machines find.
    #[test]
    fn the_search_agrees_with_trying(
        sets in prop::collection::vec((set(), any::<bool>()), 1..5), least in 0_usize..3,
    ) {
        let fits = |text: &&String| text.chars().count() >= least
            && sets.iter().all(|(set, holds)| set.contains(text) == *holds);
        let small = small();
        for (set, _) in &sets {
            if let Some(truth) = set.plainly() {
                prop_assert!(small.iter().all(|text| set.contains(text) == truth), "{set:?}");
            }
        }
        let tried = small.iter().find(fits);
        match (found(sets.clone(), least, None), tried) {
            (Found::Text(text), tried) => {
                prop_assert!(fits(&&text), "{text:?} of {sets:?}");
                if let Some(tried) = tried {
                    prop_assert!(text.chars().count() <= tried.chars().count());
                }
            }
            (other, tried) => prop_assert_eq!((other, tried), (Found::Nothing, None)),
        }
    }
}
