//! Effects that are equal although they are written differently.

use proptest::prelude::*;

use super::*;

fn canonical(json: &str) -> String {
    canonical_arguments(Json::parse(json.as_bytes()).unwrap()).canonical()
}

fn effect(text: &str) -> Effect {
    let (tool, arguments) = text.split_once(' ').unwrap_or((text, "{}"));
    let arguments = Json::parse(arguments.as_bytes()).map(canonical_arguments);
    let arguments = arguments.map_err(|error| error.to_string());
    Effect { tool: tool.to_owned(), arguments, event: None }
}

fn list(texts: &[&str]) -> Vec<Effect> {
    texts.iter().map(|text| effect(text)).collect()
}

fn equal(expected: &[&str], actual: &[&str], by: Match) -> bool {
    compare(&list(expected), &list(actual), by).is_empty()
}

#[test]
fn paired_lists_are_sorted_together() {
    let ordered = canonical(r#"{"item_ids":["1","2"],"new_item_ids":["9","8"]}"#);
    assert_eq!(ordered, canonical(r#"{"item_ids":["2","1"],"new_item_ids":["8","9"]}"#));
    assert_ne!(ordered, canonical(r#"{"item_ids":["1","2"],"new_item_ids":["8","9"]}"#));
    // An amount goes with the id beside it.
    let ordered = canonical(r#"{"ids":["b","a"],"amounts":[1,2]}"#);
    assert_eq!(ordered, canonical(r#"{"ids":["a","b"],"amounts":[2,1]}"#));
    assert_ne!(ordered, canonical(r#"{"ids":["a","b"],"amounts":[1,2]}"#));
}

#[test]
fn lists_of_objects_have_no_order_and_lists_of_numbers_have() {
    assert_eq!(
        canonical(r#"{"flights":[{"n":"B","d":1},{"n":"A","d":2}],"payments":[{"z":1},{"a":1}]}"#),
        canonical(
            r#"{"flights":[{"n":"A","d":2.0},{"n":"B","d":1}],"payments":[{"a":1},{"z":1}]}"#
        ),
    );
    assert_ne!(canonical(r#"{"at":[2,1]}"#), canonical(r#"{"at":[1,2]}"#));
}

#[test]
fn one_and_one_point_zero_are_one_value() {
    assert!(equal(&[r#"pay {"n":1}"#], &[r#"pay {"n":1.0}"#], Match::Multiset));
    assert!(!equal(
        &[r#"pay {"n":9007199254740993}"#],
        &[r#"pay {"n":9007199254740992}"#],
        Match::Set
    ));
}

#[test]
fn each_way_of_comparing_has_its_table() {
    use Match::{Multiset, Set, Strict, Subset, Superset};
    let cases: [(&[&str], &[&str], &[Match]); 7] = [
        (&[], &[], &[Set, Multiset, Subset, Superset, Strict]),
        (&["a", "b"], &["a", "b"], &[Set, Multiset, Subset, Superset, Strict]),
        (&["a", "b"], &["b", "a"], &[Set, Multiset, Subset, Superset]),
        (&["a"], &["a", "a"], &[Set, Subset, Superset]),
        (&["a", "a"], &["a"], &[Set, Subset]),
        (&["a"], &["a", "b"], &[Superset]),
        (&["a", "b"], &["a"], &[Subset]),
    ];
    for (expected, actual, equal_by) in cases {
        for by in [Set, Multiset, Subset, Superset, Strict] {
            let found = equal(expected, actual, by);
            assert_eq!(found, equal_by.contains(&by), "{expected:?} {actual:?} {by:?}");
        }
    }
}

#[test]
fn what_differs_is_named() {
    let difference = compare(&list(&["a", "b"]), &list(&["c", "a"]), Match::Set);
    assert_eq!((difference.missing, difference.unexpected), (vec![1], vec![0]));
}

#[test]
fn arguments_that_cannot_be_read_match_nothing() {
    assert!(!equal(&["a {"], &["a {"], Match::Set));
}

fn names() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[abc]( \\{\"n\":[01]\\})?", 0..6)
}

fn matches() -> impl Strategy<Value = Match> {
    proptest::sample::select(vec![Match::Set, Match::Multiset, Match::Subset, Match::Superset])
}

proptest! {
    #[test]
    fn order_never_changes_a_verdict(
        (expected, shuffled) in names().prop_flat_map(|names| (Just(names.clone()), Just(names).prop_shuffle())),
        (actual, other) in names().prop_flat_map(|names| (Just(names.clone()), Just(names).prop_shuffle())),
        by in matches(),
    ) {
        let effects = |names: &[String]| names.iter().map(|name| effect(name)).collect::<Vec<_>>();
        let one = compare(&effects(&expected), &effects(&actual), by);
        let two = compare(&effects(&shuffled), &effects(&other), by);
        prop_assert_eq!(one.missing.len(), two.missing.len());
        prop_assert_eq!(one.unexpected.len(), two.unexpected.len());
    }

    #[test]
    fn a_matching_is_as_large_as_trying_everything_finds(edges in proptest::collection::vec(any::<bool>(), 20)) {
        let edge = |left: usize, right: usize| edges[left * 5 + right];
        let pairs = maximum_matching(4, 5, edge);
        let mut partners: Vec<usize> = pairs.iter().flatten().copied().collect();
        partners.sort_unstable();
        partners.dedup();
        prop_assert_eq!(partners.len(), pairs.iter().flatten().count());
        prop_assert!(pairs.iter().enumerate().all(|(left, pair)| pair.is_none_or(|right| edge(left, right))));
        prop_assert_eq!(partners.len(), best(&edge, 0, &mut [false; 5]));
    }
}

fn best(edge: &impl Fn(usize, usize) -> bool, left: usize, used: &mut [bool; 5]) -> usize {
    if left == 4 {
        return 0;
    }
    let mut most = best(edge, left + 1, used);
    for right in 0..5 {
        if !used[right] && edge(left, right) {
            used[right] = true;
            most = most.max(1 + best(edge, left + 1, used));
            used[right] = false;
        }
    }
    most
}
