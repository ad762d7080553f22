//! What becomes of requests in and out of scope, under each answer of a failure mode.

use std::sync::Arc;

use bounden_base::Json;

use crate::engine::{Engine, Reference};
use crate::{Bundle, CriterionVerdict, Event, Policy, ScopeCanary, TopicName};

/// A shop whose router tells parcels from accounts; `more` are further members.
fn bundle(rules: &str, more: &str) -> Bundle {
    let text = format!(
        r#"{{"semantics":1,"agent":"acme/shop","tools":{{"shop.look":{{"effects":["observe"],"timeout_seconds":9}}}},
        "escalations":{{"desk":{{"webhook":"https://desk.example/"}},"law":{{"webhook":"https://law.example/"}}}},
        "router":{{"in":{{"parcels":{{"examples":["where is my parcel","has the parcel been shipped","track the delivery of my parcel","when will the delivery arrive"]}}}},
          "out":{{"accounts":{{"escalate":"desk","examples":["delete my account","close the account for good","change the password of my account"]}},
                 "news":{{"phrases":["weather report"]}}}}}},
        {more}"rules":{{{rules}}}}}"#
    );
    bounden_base::json::from_slice(text.as_bytes()).unwrap()
}

fn policy(rules: &str, more: &str) -> Arc<Policy> {
    Arc::new(
        Policy::compile(bundle(rules, more)).unwrap_or_else(|problems| panic!("{problems:#?}")),
    )
}

const ANY: &str = r#""any":{"says":"s","by":"policy_engine","trigger":{"event":"output"},"do":{"action":"warn"}}"#;

fn request_rule(when: &str, action: &str) -> String {
    let when = Json::from(when).canonical();
    format!(
        r#""r":{{"says":"s","by":"scope_router","trigger":{{"event":"request"}},"when":{when},"do":{action}}}"#
    )
}

fn event(id: usize, kind: &str) -> Event {
    let text = format!(r#"{{"id":"e{id}","session":"s",{kind}}}"#);
    Event::from_json(&Json::parse(text.as_bytes()).unwrap()).unwrap()
}

/// `verdict reason -> path [obligations]` of each request of one session; both
/// engines agree.
fn requests(policy: &Arc<Policy>, texts: &[&str]) -> Vec<String> {
    let mut engine = Engine::new(Arc::clone(policy));
    let mut reference = Reference::new(Arc::clone(policy));
    let decide = |(id, text): (usize, &&str)| {
        let event =
            event(id, &format!(r#""event":"request","text":{}"#, Json::from(*text).canonical()));
        let decision = engine.decide(&event).decision;
        assert_eq!(decision, reference.decide(&event).decision);
        let word = |json: Json| json.canonical().replace('"', "");
        let reason = word(Json::from_serialize(&decision.reason).unwrap());
        let path = decision.escalate.map(|path| format!(" -> {path}")).unwrap_or_default();
        let more = word(Json::from_serialize(&decision.obligations).unwrap());
        let retry = if decision.retryable { " retry" } else { "" };
        format!("{} {reason}{path} {more}{retry}", decision.verdict.name())
    };
    texts.iter().enumerate().map(decide).collect()
}

const ACCOUNT: &str = "please delete my account";
const PARCEL: &str = "where is the parcel, has it been shipped";
const UNCLEAR: &str = "well, it depends";

#[test]
fn what_follows_is_what_the_failure_mode_says() {
    for (modes, account, unclear) in [
        (
            r#""out_of_scope":{"do":{"escalate":{"path":"law"}}},"ambiguous_request":{"do":{"clarify":{"max":1}},"then":"law"}"#,
            "escalate out-of-scope -> desk [{escalate:desk}]",
            "block ambiguous [clarify] retry",
        ),
        (
            r#""out_of_scope":{"do":"halt","inform":true},"ambiguous_request":{"do":"halt","then":"law"}"#,
            "halt out-of-scope -> desk [halt,{escalate:desk},inform]",
            "halt ambiguous -> law [halt,{escalate:law}]",
        ),
        (
            r#""ambiguous_request":{"do":{"escalate":{"path":"law"}},"inform":true}"#,
            "escalate out-of-scope -> desk [{escalate:desk}]",
            "escalate ambiguous -> law [{escalate:law},inform]",
        ),
        (
            r#""out_of_scope":{"do":"continue"},"ambiguous_request":{"do":"continue"}"#,
            "escalate out-of-scope -> desk [{escalate:desk}]",
            "block ambiguous [clarify] retry",
        ),
    ] {
        let policy = policy(ANY, &format!(r#""failure_modes":{{{modes}}},"#));
        assert_eq!(requests(&policy, &[ACCOUNT]), [account]);
        assert_eq!(requests(&policy, &[UNCLEAR]), [unclear]);
        assert_eq!(requests(&policy, &[PARCEL]), ["allow allowed []"]);
    }
}

#[test]
fn an_exclusion_without_a_path_takes_that_of_the_failure_mode_or_is_blocked() {
    let weather = ["what does the weather report say"];
    let with =
        policy(ANY, r#""failure_modes":{"out_of_scope":{"do":{"escalate":{"path":"law"}}}},"#);
    assert_eq!(requests(&with, &weather), ["escalate out-of-scope -> law [{escalate:law}]"]);
    assert_eq!(requests(&policy(ANY, ""), &weather), ["block out-of-scope []"]);
}

const CLARIFY: &str =
    r#""failure_modes":{"ambiguous_request":{"do":{"clarify":{"max":1}},"then":"law"}},"#;

#[test]
fn the_user_is_asked_so_often_in_a_row_and_no_more() {
    let asked = "block ambiguous [clarify] retry";
    let handed = "escalate ambiguous -> law [{escalate:law}]";
    let policy = policy(ANY, CLARIFY);
    assert_eq!(requests(&policy, &[UNCLEAR; 3]), [asked, handed, handed]);
    let refused = "escalate out-of-scope -> desk [{escalate:desk}]";
    assert_eq!(
        requests(&policy, &[UNCLEAR, PARCEL, ACCOUNT, UNCLEAR]),
        [asked, "allow allowed []", refused, asked]
    );
}

#[test]
fn a_conversation_goes_on_until_it_may_be_about_an_exclusion() {
    let policy = policy(ANY, CLARIFY);
    assert_eq!(requests(&policy, &["yes, please"]), ["block ambiguous [clarify] retry"]);
    assert_eq!(
        requests(
            &policy,
            &[PARCEL, "yes, please", "and the password?", "yes, please", ACCOUNT, "yes, please"]
        ),
        [
            "allow allowed []",
            "allow allowed []",
            "block ambiguous [clarify] retry",
            "allow allowed []",
            "escalate out-of-scope -> desk [{escalate:desk}]",
            "block ambiguous [clarify] retry",
        ]
    );
}

#[test]
fn the_stricter_of_rule_and_scope_holds_and_both_are_told() {
    let halting =
        policy(&request_rule("request.topic == \"accounts\"", r#"{"action":"halt"}"#), "");
    assert_eq!(
        requests(&halting, &[ACCOUNT, PARCEL]),
        ["halt rule-fired -> desk [halt,{escalate:desk}]", "block session-halted []"]
    );
    let warning = policy(&request_rule("request.topic != \"parcels\"", r#"{"action":"warn"}"#), "");
    assert_eq!(
        requests(&warning, &[PARCEL, ACCOUNT]),
        ["allow allowed []", "escalate out-of-scope -> desk [{escalate:desk}]"]
    );
    let own = r#"{"action":"escalate","path":"law"}"#;
    let same = policy(&request_rule("request.topic in [\"accounts\", \"ambiguous\"]", own), "");
    assert_eq!(
        requests(&same, &[ACCOUNT, UNCLEAR]),
        [
            "escalate out-of-scope -> law [{escalate:desk},{escalate:law}]",
            "block ambiguous [{escalate:law},clarify] retry",
        ]
    );
}

#[test]
fn a_rule_that_blocks_a_request_leaves_the_conversation_without_a_topic() {
    let rule = request_rule("request.text.contains(\"shipped\")", r#"{"action":"block"}"#);
    let policy = policy(&rule, CLARIFY);
    assert_eq!(
        requests(&policy, &[PARCEL, "yes, please"]),
        ["block rule-fired []", "block ambiguous [clarify] retry"]
    );
}

#[test]
fn criteria_know_what_the_conversation_was_about() {
    let criteria = r#""criteria":{"c":{"given":"request.topic == \"parcels\"","expect":[{"says":"always","expr":"true"}]}},"#;
    let policy = policy(ANY, criteria);
    for (texts, expected) in [
        (&[PARCEL, "yes"][..], CriterionVerdict::Pass),
        (&[ACCOUNT], CriterionVerdict::NotApplicable),
        (&["yes"], CriterionVerdict::Undecidable),
        (&[], CriterionVerdict::Undecidable),
    ] {
        let mut engine = Engine::new(Arc::clone(&policy));
        for (id, text) in texts.iter().enumerate() {
            engine.decide(&event(id, &format!(r#""event":"request","text":"{text}""#)));
        }
        let ruling = engine.decide(&event(9, r#""event":"end""#));
        assert_eq!(ruling.criteria[0].verdict, expected, "{texts:?}");
    }
}

#[test]
fn topics_are_a_closed_set_that_rules_are_typed_with() {
    let problem = |when: &str, event: &str| {
        let rule = request_rule(when, r#"{"action":"warn"}"#)
            .replace("request\"}", &format!("{event}\"}}"));
        let problems = Policy::compile(bundle(&rule, "")).unwrap_err();
        let help = problems[0].help.clone().unwrap_or_default();
        format!("{} {} {help}", problems[0].code, problems[0].message)
    };
    assert_eq!(
        problem("request.topic == \"account\"", "request"),
        "B251 no topic of the scope is called `account` did you mean `accounts`?"
    );
    assert!(problem("request.topic in [\"parcels\", \"x\"]", "request").contains("called `x`"));
    assert!(problem("\"x\" != request.topic", "request").contains("called `x`"));
    assert!(problem("request.topic == 1", "request").starts_with("B252"));
    assert!(problem("request.topic == \"news\"", "output").contains("on requests and at the end"));
    let mut without = bundle(&request_rule("request.topic == \"a\"", r#"{"action":"warn"}"#), "");
    without.router = None;
    let problems = Policy::compile(without).unwrap_err();
    assert_eq!(problems[0].message, "nothing tells what a request is about");
}

#[test]
fn the_digest_binds_the_router_and_a_bundle_without_one_has_none() {
    let with = policy(ANY, "");
    assert!(with.canonical().contains(r#""threshold":27,"weights":"sha256:"#));
    let mut other = bundle(ANY, "");
    let router = other.router.as_mut().unwrap();
    router.inside.values_mut().for_each(|topic| topic.examples.push("parcel".to_owned()));
    assert_ne!(Policy::compile(other).unwrap().digest(), with.digest());
    let mut without = bundle(ANY, "");
    without.router = None;
    let without = Arc::new(Policy::compile(without).unwrap());
    assert!(!without.canonical().contains("router"));
    assert_eq!(requests(&without, &[ACCOUNT, UNCLEAR]), ["allow allowed []", "allow allowed []"]);
    // What was compiled compiles to itself.
    let again: Bundle = bounden_base::json::from_slice(with.canonical().as_bytes()).unwrap();
    assert_eq!(Policy::compile(again).unwrap().digest(), with.digest());
}

#[test]
fn every_exclusion_that_is_kept_out_has_a_canary() {
    let modes = r#""failure_modes":{"out_of_scope":{"do":{"escalate":{"path":"law"}}}},"#;
    let policy =
        policy(&request_rule("request.topic == \"accounts\"", r#"{"action":"block"}"#), modes);
    let canary =
        |topic: &str| -> Option<ScopeCanary> { policy.scope_canary(&TopicName::from(topic)) };
    // Where a rule decides by itself, its own canary shows that it is alive.
    assert_eq!(canary("accounts"), None);
    let rule = policy.canary(&"r".into()).unwrap();
    let decision = Engine::new(Arc::clone(&policy)).decide(&rule.events[0]).decision;
    assert!(rule.is_stopped_by(&decision));
    let news = canary("news").unwrap();
    let decide =
        |policy: &Arc<Policy>| Engine::new(Arc::clone(policy)).decide(&news.event).decision;
    assert!(news.is_stopped_by(&decide(&policy)));
    assert_eq!((canary("parcels"), canary("weather")), (None, None));
    // Without its phrase the exclusion is dead.
    let mut bundle = policy.bundle().clone();
    bundle.router.as_mut().unwrap().outside.remove(&TopicName::from("news"));
    let dead = Arc::new(Policy::compile(reset(bundle)).unwrap());
    assert!(!news.is_stopped_by(&decide(&dead)));
}

/// What follows from the examples is written anew.
fn reset(mut bundle: Bundle) -> Bundle {
    let router = bundle.router.as_mut().unwrap();
    (router.threshold, router.weights) = (None, None);
    bundle
}
