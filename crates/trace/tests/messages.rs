//! Message logs of APIs, and Inspect's logs.

use bounden_base::Json;
use bounden_testkit::{corpus, read_gz};
use bounden_trace::{Format, Run, SkipReason, import, kind_name};

fn kinds(run: &Run<'_>) -> Vec<&'static str> {
    run.events.iter().map(|event| kind_name(&event.kind)).collect()
}

#[test]
fn a_list_of_messages_is_one_run() {
    let text = r#"[{"role":"system","content":"be kind"},{"role":"user","content":"hi"},
      {"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"look","arguments":"{}"}}]},
      {"role":"tool","tool_call_id":"c","content":"seen"},{"role":"assistant","content":"done"}]"#;
    let import = import(text.as_bytes(), None);
    assert_eq!(import.tally.format, Some(Format::Messages));
    assert_eq!((import.tally.records, import.runs.len()), (5, 1));
    assert_eq!(kinds(&import.runs[0]), ["request", "call", "result", "output"]);
    // Nothing says whether the tool succeeded.
    assert_eq!(import.runs[0].calls().next().unwrap().2.unwrap().ok, None);
}

#[test]
fn lines_with_messages_are_a_run_each_with_their_answers() {
    let text = r#"{"id":"a","model":"m","messages":[{"role":"user","content":"hi"}],"choices":[{"index":0,"message":{"role":"assistant","content":"yes"}},{"index":1,"message":{"role":"assistant","content":"no"}}]}
{"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],"response":{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"look","input":{}}]}}
{"messages":"none"}"#;
    let import = import(text.as_bytes(), None);
    assert_eq!(import.tally.format, Some(Format::Messages));
    let ids: Vec<&str> = import.runs.iter().map(|run| run.id.as_str()).collect();
    assert_eq!(ids, ["a", "2"]);
    assert_eq!(kinds(&import.runs[0]), ["request", "output"]);
    assert_eq!(kinds(&import.runs[1]), ["request", "call"]);
    assert_eq!(import.tally.skipped[0].reason, SkipReason::Shape);
}

#[test]
fn inspect_samples_carry_their_score() {
    let Some(corpus) = corpus() else { return };
    let one = Json::parse(b"1").unwrap();
    for (name, runs, calls, rewarded) in [
        ("2025-05-12T20-27-36-04-00_browser", 1, true, 1),
        ("2025-05-12T20-28-13-04-00_popularity", 3, false, 2),
        ("2025-05-12T20-28-26-04-00_security-guide", 3, false, 3),
        ("log_formats", 1, false, 0),
    ] {
        let bytes = read_gz(corpus.join(format!("inspect/{name}.json.gz")));
        let import = import(&bytes, None);
        assert_eq!(import.tally.format, Some(Format::Inspect), "{name}");
        assert_eq!((import.runs.len(), import.tally.skipped.len()), (runs, 0), "{name}");
        assert_eq!(import.tally.parts, [], "{name}");
        assert_eq!(import.runs.iter().any(|run| run.calls().next().is_some()), calls, "{name}");
        let full = import.runs.iter().filter(|run| run.labels.get("reward") == Some(&one));
        assert_eq!(full.count(), rewarded, "{name}");
        let answered = |run: &Run<'_>| {
            run.calls().all(|(_, call, result)| {
                let read = call.arguments.as_ref().is_some_and(|json| json.arguments().is_ok());
                read && result.is_some_and(|result| result.ok.is_some())
            })
        };
        assert!(import.runs.iter().all(answered), "{name}");
    }
}
