//! The router as a whole: what it answers, when it does not, and what it is made of.

use proptest::prelude::*;

use super::*;

const PARCELS: [&str; 5] = [
    "where is my parcel",
    "has the parcel been shipped",
    "track the delivery of my parcel",
    "when will the delivery arrive",
    "the delivery is late",
];
const ACCOUNTS: [&str; 5] = [
    "delete my account",
    "close the account for good",
    "change the password of my account",
    "I forgot my password",
    "erase my profile and the account",
];

/// A router between parcels, in scope, and accounts, which are not.
fn router(inside: &[&str], outside: &[&str]) -> Router {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let topic = Topic { examples: texts(inside), phrases: vec!["parcel shop".to_owned()] };
    let exclusion = Exclusion {
        escalate: Some("people".to_owned()),
        examples: texts(outside),
        phrases: vec!["my lawyer".to_owned()],
    };
    Router {
        inside: [("parcels".into(), topic)].into(),
        outside: [("accounts".into(), exclusion)].into(),
        ..Router::default()
    }
}

fn trained() -> ScopeRouter {
    ScopeRouter::train(&mut router(&PARCELS, &ACCOUNTS)).unwrap()
}

/// `in`, `out` or `?`.
fn side(route: &Route) -> &'static str {
    match route.scope {
        Scope::Inside(_) => "in",
        Scope::Outside { .. } => "out",
        Scope::Ambiguous => "?",
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(side(&trained().route(text)), expected, "{:#?}", trained().explain(text));
}

#[test]
fn each_side_is_known_by_its_examples_and_the_rest_is_ambiguous() {
    check("My parcel has not been shipped!", "in");
    check("please delete the account", "out");
    check("what is the capital of France", "?");
    check("hello", "?");
    check("", "?");
    check("42", "?");
    let route = trained().route("please close my account");
    let escalate = Some("people".to_owned());
    assert_eq!(route.scope, Scope::Outside { topic: "accounts".into(), escalate });
    assert_eq!(route.threshold, Some(27));
    assert!(route.margin >= 27);
}

#[test]
fn a_request_about_both_sides_is_ambiguous_however_much_speaks_for_the_inside() {
    let inside = PARCELS.join(", ");
    check(&inside, "in");
    check(&format!("{inside}. Delete my account. {inside}"), "?");
    check(&format!("delete my account {}", "parcel delivery ".repeat(500)), "?");
}

#[test]
fn phrases_of_exclusions_decide_and_those_inside_give_way_to_a_suspicion() {
    check("the parcel is late and my lawyer knows", "out");
    check("where is the parcel shop", "in");
    check("parcel shop", "in");
    check("parcel shop: delete my account", "out");
    check("an account at the parcel shop", "?");
    check("my parcel, lawyer", "in");
    assert_eq!(trained().route("MY  LAWYER!").phrase.as_deref(), Some("my lawyer"));
}

#[test]
fn disguises_change_nothing() {
    for text in [
        "DELETE MY ACCOUNT",
        "delete \n\n my\taccount",
        "d e l e t e my a c c o u n t",
        "dеlеtе my ассоunt",
        "del\u{200B}ete my acc\u{AD}ount",
        "ｄｅｌｅｔｅ ｍｙ ａｃｃｏｕｎｔ",
        "d3lete my acc0unt",
        "d\u{301}elete my account\u{327}",
    ] {
        check(text, "out");
    }
}

#[test]
fn too_few_examples_are_never_an_answer() {
    for (inside, outside) in
        [(&PARCELS[..], &ACCOUNTS[..2]), (&PARCELS[..2], &ACCOUNTS[..]), (&PARCELS[..], &[])]
    {
        let mut from = router(inside, outside);
        let router = ScopeRouter::train(&mut from).unwrap();
        assert_eq!((from.threshold, router.route("").threshold), (None, None));
        for text in inside.iter().chain(outside) {
            assert_eq!(router.route(text).scope, Scope::Ambiguous, "{text}");
        }
        assert_eq!(side(&router.route("my lawyer")), "out", "a phrase needs no examples");
    }
}

/// An exclusion of two examples is never an answer, and is not let in either.
#[test]
fn a_topic_of_too_few_examples_still_raises_suspicion() {
    let mut from = router(&PARCELS, &ACCOUNTS);
    let examples = vec!["is the parcel insured".to_owned(), "parcel insurance".to_owned()];
    from.outside.insert("insurance".into(), Exclusion { examples, ..Exclusion::default() });
    let router = ScopeRouter::train(&mut from).unwrap();
    assert_eq!(side(&router.route("insurance for my parcel delivery")), "?");
    assert_eq!(side(&trained().route("insurance for my parcel delivery")), "in");
}

#[test]
fn no_example_that_is_left_out_is_answered_with_the_wrong_side() {
    let mut from = router(&PARCELS, &ACCOUNTS);
    let misleading = ["delete the delivery of my account", "close the password"];
    let topic = from.inside.get_mut(&TopicName::from("parcels")).unwrap();
    topic.examples.extend(misleading.map(str::to_owned));
    let router = ScopeRouter::train(&mut from).unwrap();
    let reviewed = router.review(&from);
    assert_eq!(reviewed.len(), 12);
    assert!(reviewed.iter().all(|example| example.left_out != Outcome::Wrong), "{reviewed:#?}");
    let threshold = from.threshold.unwrap();
    assert!(threshold > calibration::LEAST);
    let raising: Vec<&Reviewed> =
        reviewed.iter().filter(|example| example.raises == Some(threshold)).collect();
    assert!(raising.iter().all(|example| misleading.contains(&example.example.as_str())));
    // One point less would be too little.
    let examples = from.counted();
    let left_out = calibration::leave_out(&examples);
    let wrong = |threshold: i64| {
        left_out.iter().any(|example| {
            answer(&example.standing, threshold)
                .is_some_and(|side| side != examples.sides[example.topic])
        })
    };
    assert!(wrong(threshold - 1) && !wrong(threshold));
}

/// The weights of one release are those of every platform; a change of this
/// value is a change of the semantics.
#[test]
fn the_weights_are_the_same_everywhere() {
    let mut from = router(&PARCELS, &ACCOUNTS);
    ScopeRouter::train(&mut from).unwrap();
    let weights = from.weights.unwrap().to_string();
    assert_eq!(weights, "sha256:2ac653529b6049135738d2c25a4ea4247b9ac92437bf4fa2cb09017fc9c36d65");
}

#[test]
fn order_and_repetition_of_examples_mean_nothing() {
    let mut from = router(&PARCELS, &ACCOUNTS);
    let mut other = router(&PARCELS, &ACCOUNTS);
    for topic in other.inside.values_mut() {
        topic.examples.reverse();
        topic.examples.extend(topic.examples.clone());
    }
    ScopeRouter::train(&mut from).unwrap();
    ScopeRouter::train(&mut other).unwrap();
    assert_eq!(from, other);
    // What was trained is its own normal form.
    let again = from.clone();
    ScopeRouter::train(&mut from).unwrap();
    assert_eq!(from, again);
}

#[test]
fn weights_that_the_examples_do_not_give_are_refused() {
    let mut from = router(&PARCELS, &ACCOUNTS);
    ScopeRouter::train(&mut from).unwrap();
    let changes: [fn(&mut Router); 4] = [
        |router| router.threshold = Some(1),
        |router| router.threshold = None,
        |router| router.weights = Some(bounden_base::Digest::of("other")),
        |router| {
            router.inside.values_mut().for_each(|topic| {
                topic.examples.pop();
            });
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut changed = from.clone();
        change(&mut changed);
        let problems = ScopeRouter::train(&mut changed).unwrap_err();
        assert!(problems[0].message.contains("not those that its examples give"), "{number}");
    }
}

#[test]
fn what_cannot_be_told_apart_is_refused() {
    let problem = |change: fn(&mut Router)| {
        let mut from = router(&PARCELS, &ACCOUNTS);
        change(&mut from);
        ScopeRouter::train(&mut from).unwrap_err().remove(0).message
    };
    let both = |router: &mut Router| {
        router.outside.insert("parcels".into(), Exclusion::default());
    };
    assert_eq!(problem(both), "`parcels` is both in scope and excluded");
    let reserved = |router: &mut Router| {
        router.inside.insert("ambiguous".into(), Topic::default());
    };
    assert_eq!(problem(reserved), "no topic can be called `ambiguous`");
    let spoken = |router: &mut Router| {
        let topic = Topic { phrases: vec!["My Lawyer".to_owned()], ..Topic::default() };
        router.inside.insert("law".into(), topic);
    };
    assert_eq!(problem(spoken), "`my lawyer` decides for `law` and for `accounts`");
    let empty = |router: &mut Router| {
        let topic = Topic { examples: vec!["...".to_owned()], ..Topic::default() };
        router.inside.insert("void".into(), topic);
    };
    assert_eq!(problem(empty), "`...`, for `void`, has no words, or more than 1000 bytes");
    let many = |router: &mut Router| {
        let names = (0..=MOST_TOPICS).map(|number| format!("t{number}"));
        router.inside = names.map(|name| (name.into(), Topic::default())).collect();
    };
    assert!(problem(many).contains("more than 64 topics"));
}

#[test]
fn an_explanation_names_the_words_that_decided() {
    let explained = trained().explain("would you please close my account today");
    let outside = explained.outside.unwrap();
    assert_eq!((outside.topic.as_str(), outside.run.as_str()), ("accounts", "close my account"));
    assert_eq!(outside.why[0].feature, "account");
    assert_eq!(outside.why[0].kind, FeatureKind::Word);
    assert_eq!(explained.route.margin, outside.points);
    assert_eq!(explained.inside, None);
}

/// Words of both sides and of neither, signs, and whatever else there is.
fn texts() -> impl Strategy<Value = String> {
    let words = PARCELS.iter().chain(&ACCOUNTS).flat_map(|text| text.split(' '));
    let words: Vec<String> =
        words.chain(["a", "ß", "退", "٣", "0", "é", "x"]).map(str::to_owned).collect();
    let known = proptest::collection::vec(proptest::sample::select(words), 0..30);
    prop_oneof![3 => known.prop_map(|words| words.join(" ")), 1 => ".*", 1 => "\\PC{0,60}"]
}

proptest! {
    #[test]
    fn any_text_has_an_answer_and_always_the_same(text in texts()) {
        let router = trained();
        let explained = router.explain(&text);
        prop_assert_eq!(&explained.route, &router.route(&text));
        prop_assert_eq!(&explained.route, &trained().route(&text));
    }

    /// What speaks of an exclusion clearly is never in scope, whatever stands around it.
    #[test]
    fn padding_never_lets_an_exclusion_in(before in texts(), core in texts(), after in texts()) {
        let router = trained();
        prop_assume!(side(&router.route(&core)) == "out");
        let padded = format!("{before} . {core} . {after}");
        prop_assert_ne!(side(&router.route(&padded)), "in", "{}", padded);
    }

    #[test]
    fn case_and_space_mean_nothing(words in proptest::collection::vec("[a-z]{2,9}", 0..20)) {
        let router = trained();
        let route = router.route(&words.join(" "));
        prop_assert_eq!(&route, &router.route(&words.join(" \n\t ").to_uppercase()));
        prop_assert_eq!(&route, &router.route(&words.join("!? ")));
    }

    #[test]
    fn training_takes_any_examples(inside in proptest::collection::vec(texts(), 0..9), outside in proptest::collection::vec(texts(), 0..9)) {
        let strings = |texts: &[String]| texts.to_vec();
        let mut from = Router {
            inside: [("a".into(), Topic { examples: strings(&inside), phrases: Vec::new() })].into(),
            outside: [("b".into(), Exclusion { examples: strings(&outside), ..Exclusion::default() })].into(),
            ..Router::default()
        };
        if let Ok(router) = ScopeRouter::train(&mut from) {
            let reviewed = router.review(&from);
            prop_assert!(reviewed.iter().all(|example| example.left_out != Outcome::Wrong));
            prop_assert!(ScopeRouter::train(&mut from).is_ok());
        }
    }
}
