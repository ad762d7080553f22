//! Bounden's own events, one a line.

use bounden_testkit::{corpus, read_gz};
use bounden_trace::{Event, EventKind, Format, Run, SkipReason, import, normalise};

const LINES: &str = r#"{"id":"s1","session":"a","event":"start","tags":{"scenario":"refund"},"at":"2026-01-02T03:04:05Z"}
{"id":"r1","session":"a","principal":"u1","event":"request","text":"refund, please"}
{"id":"c1","session":"b","event":"call","tool":"billing.look","args":{"n":1}}
{"id":"c1","session":"a","event":"call","tool":"billing.refund","args":{"amount":12345678901234567890},"cost":0.5}
{"id":"x1","session":"a","event":"result","call":"c1","ok":true,"result":{"done":true},"labels":["untrusted"]}
{"id":"x1","session":"a","event":"result","call":"c1","ok":true,"result":{"done":true},"labels":["untrusted"]}
{"id":"w1","session":"a","event":"window","name":"freeze","open":true}
{"id":"o1","session":"a","event":"output","text":"done"}
{"id":"z1","session":"a","event":"dance"}
{"id":"e1","session":"a","event":"end"}
"#;

#[test]
fn lines_of_one_session_make_one_run() {
    let import = import(LINES.as_bytes(), None);
    assert_eq!(import.tally.format, Some(Format::Bounden));
    let ids: Vec<&str> = import.runs.iter().map(|run| run.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    let run = &import.runs[0];
    assert_eq!(run.tags["scenario"], "refund");
    assert_eq!((run.principal.as_deref(), run.ended.as_deref()), (Some("u1"), Some("end")));
    let (_, call, result) = run.calls().next().unwrap();
    assert_eq!(call.tool, "billing.refund");
    let arguments = call.arguments.as_ref().unwrap().arguments().unwrap();
    assert_eq!(arguments.canonical(), r#"{"amount":12345678901234567890}"#);
    let result = result.unwrap();
    assert_eq!((result.ok, &*result.labels), (Some(true), &["untrusted".into()][..]));
    let control = |event: &Event<'_>| matches!(&event.kind, EventKind::Control(json) if json.contains("freeze"));
    assert!(run.events.iter().any(control));
}

#[test]
fn a_line_recorded_twice_or_of_unknown_kind_is_skipped() {
    let import = import(LINES.as_bytes(), None);
    let reasons: Vec<SkipReason> = import.tally.skipped.iter().map(|skip| skip.reason).collect();
    assert_eq!(reasons, [SkipReason::Duplicate, SkipReason::Shape]);
    assert_eq!(import.tally.records, 10);
}

/// What was called, with what, and whether it succeeded.
fn calls(run: &Run<'_>) -> Vec<(String, Option<String>, Option<bool>)> {
    run.calls()
        .map(|(_, call, result)| {
            let arguments = call.arguments.as_ref().and_then(|json| json.arguments().ok());
            let arguments = arguments.map(|json| json.canonical());
            (call.tool.to_string(), arguments, result.and_then(|result| result.ok))
        })
        .collect()
}

#[test]
fn a_normalised_run_says_the_same() {
    let Some(corpus) = corpus() else { return };
    let bytes = read_gz(corpus.join("tau_bench/gpt-4o-airline.json.gz"));
    let recorded = import(&bytes, None);
    for run in recorded.runs.iter().step_by(7) {
        let (events, dropped) = normalise(run);
        let lines: Vec<String> = events.iter().map(|event| event.canonical()).collect();
        let lines = lines.join("\n");
        let again = import(lines.as_bytes(), None);
        assert_eq!((again.runs.len(), again.tally.skipped.len()), (1, 0));
        assert_eq!(calls(&again.runs[0]), calls(run));
        assert_eq!((&again.runs[0].id, &again.runs[0].case), (&run.id, &run.case));
        assert_eq!(again.runs[0].events.len() + dropped, run.events.len());
    }
}
