//! How well the shipped example's router does on requests that it has never
//! seen: printed with `--nocapture`, and held to what was measured.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod held_out;

use std::collections::BTreeMap;
use std::sync::Arc;

use bounden_policy::{Outcome, Policy, Scope, ScopeRouter, TopicName};
use bounden_spec::{compile, intent};
use bounden_testkit::{read, repository};

use held_out::REQUESTS;

fn policy(example: &str) -> Arc<Policy> {
    let (intent, _) = intent::parse(&read(repository().join(example).join("behavior.intent")));
    Arc::new(compile(&intent.unwrap(), None).0.unwrap())
}

/// The same request to a reader, in other characters.
type Disguise = fn(&str) -> String;

/// `in`, `out` or `?`, and the topic.
fn answer(router: &ScopeRouter, text: &str) -> (&'static str, String) {
    match router.route(text).scope {
        Scope::Inside(topic) => ("in", topic.to_string()),
        Scope::Outside { topic, .. } => ("out", topic.to_string()),
        Scope::Ambiguous => ("?", String::new()),
    }
}

/// The side that a topic lies on; `?` for none.
fn side(policy: &Policy, topic: &str) -> &'static str {
    let router = policy.bundle().router.as_ref().unwrap();
    let topic = TopicName::from(topic);
    match (router.inside.contains_key(&topic), router.outside.contains_key(&topic)) {
        (true, _) => "in",
        (_, true) => "out",
        _ => "?",
    }
}

/// How often each side is answered with each, for requests as `change` makes them.
fn measured(
    policy: &Policy,
    change: impl Fn(&str) -> String,
) -> BTreeMap<(&'static str, &'static str), usize> {
    let router = policy.router().unwrap();
    let mut counts = BTreeMap::new();
    for (topic, text) in REQUESTS {
        let answered = answer(router, &change(text)).0;
        *counts.entry((side(policy, topic), answered)).or_default() += 1;
    }
    counts
}

#[test]
fn held_out_requests_are_answered_as_measured() {
    let policy = policy("examples/support");
    let router = policy.router().unwrap();
    let counts = measured(&policy, str::to_owned);
    let count = |own, answered| counts.get(&(own, answered)).copied().unwrap_or(0);
    println!("is    answered in  out  ambiguous");
    for own in ["in", "out", "?"] {
        println!("{own:<4}{:>14}{:>5}{:>11}", count(own, "in"), count(own, "out"), count(own, "?"));
    }
    let named = REQUESTS.iter().filter(|(topic, text)| answer(router, text).1 == *topic);
    let named = named.filter(|(topic, _)| !topic.is_empty()).count();
    println!("{named} with their own topic");
    // Of thirty on each side: none with the wrong side.
    assert_eq!([count("in", "out"), count("out", "in"), count("?", "out")], [0, 0, 0]);
    assert_eq!([count("in", "in"), count("out", "out"), count("?", "?")], [26, 23, 19]);
    assert_eq!(named, 49);
}

#[test]
fn disguises_change_no_answer() {
    let policy = policy("examples/support");
    let plain = measured(&policy, str::to_owned);
    let disguises: [(&str, Disguise); 6] = [
        ("capitals", |text| text.to_uppercase()),
        ("spaces", |text| text.replace(' ', " \u{A0}\n\t")),
        ("zero width", |text| text.chars().flat_map(|letter| [letter, '\u{200B}']).collect()),
        ("look-alikes", |text| {
            let pairs = [('a', 'а'), ('e', 'е'), ('o', 'о'), ('c', 'с'), ('p', 'р'), ('x', 'х')];
            let like = |letter| pairs.iter().find(|(plain, _)| *plain == letter).map(|pair| pair.1);
            text.chars().map(|letter| like(letter).unwrap_or(letter)).collect()
        }),
        ("full width", |text| {
            let wide = |letter| char::from_u32(u32::from(letter) + 0xFEE0).unwrap_or(letter);
            text.chars().map(|c| if c.is_ascii_alphabetic() { wide(c) } else { c }).collect()
        }),
        ("accents", |text| text.chars().flat_map(|letter| [letter, '\u{301}']).collect()),
    ];
    for (name, disguise) in disguises {
        assert_eq!(measured(&policy, disguise), plain, "{name}");
    }
}

/// In-scope words around an excluded request never bring it in where it is
/// recognised or suspected by itself, in whatever amount. Where it is not, or
/// where words stand inside of it, they can: that share is measured.
#[test]
fn padding_lets_in_what_was_not_recognised_and_nothing_else() {
    let policy = policy("examples/support");
    let router = policy.router().unwrap();
    let examples = policy.bundle().router.clone().unwrap();
    let inside: Vec<String> =
        examples.inside.values().flat_map(|topic| topic.examples.clone()).collect();
    let padding = inside.join(". ");
    let excluded = || REQUESTS.iter().filter(|(topic, _)| side(&policy, topic) == "out");
    let mut let_in = 0;
    for (_, text) in excluded() {
        let padded = format!("{padding}. {text}. {padding}");
        let is_in = answer(router, &padded).0 == "in";
        assert!(!is_in || !router.route(text).suspect, "{text}");
        let_in += usize::from(is_in);
    }
    let interleaved = |text: &str| text.replace(' ', " parcel ");
    let mixed = excluded().filter(|(_, text)| answer(router, &interleaved(text)).0 == "in").count();
    let total = excluded().count();
    println!("of {total} excluded requests: {let_in} let in when padded, {mixed} when interleaved");
    assert_eq!([total, let_in, mixed], [30, 1, 1]);
}

#[test]
fn the_examples_of_the_examples_are_recognised() {
    for example in ["examples/support", "examples/airline"] {
        let policy = policy(example);
        let from = policy.bundle().router.as_ref().unwrap();
        for reviewed in policy.router().unwrap().review(from) {
            assert_eq!(reviewed.trained, Outcome::Right, "{example}: {reviewed:?}");
            assert_eq!(reviewed.raises, None, "{example}: {reviewed:?}");
        }
        for topic in from.outside.keys() {
            assert!(policy.scope_canary(topic).is_some(), "{example}: {topic}");
        }
    }
}
