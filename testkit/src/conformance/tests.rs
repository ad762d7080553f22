//! Cases are read whole or refused with their line, and a case that is not met says why.

use bounden_base::{Diagnostic, Span};

use super::*;

const FILE: &str = r#"# Caps

What all cases share.

```yaml intent
shared: 1
```

```json contracts
{}
```

## A cap of 500

Prose, and `code`.

```jsonl events
{"id":"e1"}

{"id":"e2"
```

```jsonl decisions
{"verdict":"allow"}
{}
```

## Another `intent`

```yaml intent
own: 2
```

```text diagnostics
B201 1:6 no path
B301 2:1
```
"#;

fn wrong(text: &str) -> Vec<String> {
    let errors = parse("c.md", text).expect_err("this must be refused");
    errors.iter().map(ToString::to_string).collect()
}

fn step(decision: &str) -> Step {
    let place = Place { file: "c.md".to_owned(), line: 7 };
    Step { event: String::new(), decision: Json::parse(decision.as_bytes()).unwrap(), place }
}

fn against(expected: &str, actual: &str) -> String {
    step(expected).check(actual).err().map_or_else(String::new, |mismatch| mismatch.to_string())
}

#[test]
fn a_file_is_read_with_its_places() {
    let cases = parse("c.md", FILE).unwrap();
    let [cap, another] = cases.as_slice() else { panic!("{cases:?}") };
    assert_eq!((cap.title.as_str(), cap.place.line), ("A cap of 500", 13));
    assert_eq!((cap.intent.text.as_str(), cap.intent.place.line), ("shared: 1\n", 6));
    assert_eq!(cap.contracts.as_ref().unwrap().text, "{}\n");
    let steps: Vec<_> = cap.steps.iter().map(|s| (s.event.as_str(), s.place.line)).collect();
    assert_eq!(steps, [(r#"{"id":"e1"}"#, 24), (r#"{"id":"e2""#, 25)]);
    assert_eq!(another.title, "Another intent");
    assert_eq!(another.intent.text, "own: 2\n");
    let found: Vec<_> = another
        .diagnostics
        .iter()
        .map(|d| (d.code.as_str(), d.line, d.column, d.words.as_str(), d.place.line))
        .collect();
    assert_eq!(found, [("B201", 1, 6, "no path", 35), ("B301", 2, 1, "", 36)]);
}

#[test]
fn what_could_hide_a_case_is_refused() {
    let case = |body: &str| format!("```yaml intent\na: 1\n```\n## T\n{body}");
    let decided = "```jsonl events\n{}\n```\n```jsonl decisions\n{}\n```\n";
    assert!(parse("c.md", &case(decided)).is_ok());

    assert_eq!(
        wrong(&case("```jsonl decision\n{}\n```\n")),
        [
            "c.md:4: this case expects nothing: neither decisions nor diagnostics",
            "c.md:5: a block is one of `yaml intent`, `json contracts`, `jsonl events`, `jsonl \
             decisions` and `text diagnostics`, not `jsonl decision`; indent what is only shown",
        ]
    );
    assert_eq!(
        wrong(&format!("## T\n{decided}")),
        ["c.md:1: this case has no intent, and the file shares none"]
    );
    assert_eq!(
        wrong(&case("```jsonl events\n{}\n{}\n```\n```jsonl decisions\n{}\n```\n")),
        ["c.md:4: there are 2 events and 1 decisions; each event has its decision"]
    );
    assert_eq!(
        wrong(&case(&format!("{decided}```jsonl events\n```\n"))),
        [
            "c.md:4: there are 0 events and 1 decisions; each event has its decision",
            "c.md:11: this case already has a block `jsonl events`"
        ]
    );
    assert_eq!(
        wrong(&case(&format!("{decided}## T\n{decided}"))),
        ["c.md:11: an earlier case has the title `T`"]
    );
    assert_eq!(
        wrong("```jsonl events\n{}\n```\n"),
        ["c.md:1: only an intent and contracts can be shared by all cases, not `jsonl events`"]
    );
}

#[test]
fn a_line_that_cannot_be_read_is_named() {
    let decision = |line: &str| {
        let blocks = format!("```jsonl events\n{{}}\n```\n```jsonl decisions\n{line}\n```\n");
        wrong(&format!("## T\n```yaml intent\n```\n{blocks}"))
    };
    assert_eq!(decision("{\"a\":}"), ["c.md:8: expected a value, in column 6"]);
    assert_eq!(decision("\"allow\""), ["c.md:8: a decision is an object"]);
    for line in ["B201", "B201 3", "B20 3:1", "E201 3:1", "B201 x:1", "B201: 3:1"] {
        let text = format!("## T\n```yaml intent\n```\n```text diagnostics\n{line}\n```\n");
        let expected = "c.md:5: a diagnostic is `CODE LINE:COLUMN` and perhaps words of its \
                        message, not `";
        assert_eq!(wrong(&text), [format!("{expected}{line}`")]);
    }
}

#[test]
fn a_decision_is_compared_by_the_members_that_are_written() {
    let actual = r#"{"verdict":"block","rules":[{"id":"a","do":"block"}],"escalate":null}"#;
    for met in [
        "{}",
        r#"{"verdict":"block"}"#,
        r#"{"rules":[{"id":"a"}]}"#,
        r#"{"escalate":null,"args":null}"#,
    ] {
        assert_eq!(against(met, actual), "", "{met}");
    }
    for (expected, difference) in [
        (r#"{"verdict":"warn"}"#, r#"`verdict` is "block"; expected "warn""#),
        (r#"{"reason":"malformed"}"#, r#"`reason` is absent; expected "malformed""#),
        (r#"{"verdict":null}"#, r#"`verdict` is "block"; expected null"#),
        (r#"{"rules":[{"id":"b"}]}"#, r#"`rules`, [0], `id` is "a"; expected "b""#),
        (r#"{"rules":[]}"#, r#"`rules` is [{"do":"block","id":"a"}]; expected []"#),
    ] {
        assert_eq!(against(expected, actual), format!("c.md:7: the decision, {difference}"));
    }
    assert_ne!(against(r#"{"n":9007199254740992}"#, r#"{"n":9007199254740993}"#), "");
    assert_eq!(
        against("{}", "block"),
        "c.md:7: the decision is not JSON: expected a value at line 1 column 1"
    );
}

#[test]
fn diagnostics_are_compared_by_code_place_and_words() {
    let cases = parse("c.md", FILE).unwrap();
    let case = cases.last().unwrap();
    let check = |reported: &[Diagnostic]| -> Vec<String> {
        let mismatches = case.check_diagnostics(reported).err().unwrap_or_default();
        mismatches.iter().map(ToString::to_string).collect()
    };
    let path = Diagnostic::error("B201", Span::new(5, 6), "there is no path here");
    let shadowed = Diagnostic::warning("B301", Span::at(7), "a rule is shadowed");
    let other = |severity| Diagnostic { severity, code: "B999".to_owned(), ..path.clone() };
    assert!(check(&[shadowed.clone(), path.clone()]).is_empty());
    assert!(
        check(&[shadowed.clone(), path.clone(), other(bounden_base::Severity::Warning)]).is_empty()
    );
    assert_eq!(
        check(&[path.clone(), shadowed.clone(), other(bounden_base::Severity::Error)]),
        ["c.md:28: unexpected: B999 1:6 there is no path here"]
    );
    assert_eq!(check(std::slice::from_ref(&path)), ["c.md:36: not reported: B301 2:1"]);
    let moved = Diagnostic { span: Span::at(0), ..path };
    assert_eq!(
        check(&[moved, shadowed]),
        [
            "c.md:35: not reported: B201 1:6 no path",
            "c.md:28: unexpected: B201 1:1 there is no path here"
        ]
    );
}

#[test]
fn the_shipped_cases_can_be_read() {
    for case in cases() {
        assert!(!case.steps.is_empty() || !case.diagnostics.is_empty(), "{}", case.place);
    }
}
