//! Bounden's own events, one a line.

use bounden_trace::{Event, EventKind, Format, SkipReason, import};

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
