//! The benchmark importers, on recorded runs and on damaged ones.

use bounden_base::Json;
use bounden_testkit::{corpus, read_gz};
use bounden_trace::{Actor, EventKind, Format, Import, Run, SkipReason, import};

fn labelled(runs: &[Run<'_>], name: &str, value: &Json) -> usize {
    runs.iter().filter(|run| run.labels.get(name) == Some(value)).count()
}

fn results<'r>(runs: &'r [Run<'r>]) -> impl Iterator<Item = (Option<usize>, Option<bool>)> {
    runs.iter().flat_map(|run| &run.events).filter_map(|event| match &event.kind {
        EventKind::Result(result) => Some((result.call, result.ok)),
        _ => None,
    })
}

/// Every call's arguments can be read, every result has found its call.
fn assert_joined(import: &Import<'_>) {
    assert_eq!(import.tally.records, import.runs.len() + import.tally.skipped.len());
    assert_eq!(import.tally.parts, []);
    for run in &import.runs {
        for (_, call, _) in run.calls() {
            let arguments = call.arguments.as_ref().map(|arguments| arguments.arguments());
            assert!(matches!(arguments, Some(Ok(_))), "{call:?}");
        }
    }
    assert!(results(&import.runs).all(|(call, ok)| call.is_some() && ok.is_some()));
}

#[test]
fn tau_bench_runs_are_read_with_rewards_and_expected_actions() {
    let Some(corpus) = corpus() else { return };
    let bytes = read_gz(corpus.join("tau_bench/gpt-4o-airline.json.gz"));
    let import = import(&bytes, None);
    assert_eq!(import.tally.format, Some(Format::TauBench));
    assert_eq!((import.runs.len(), import.tally.skipped.len()), (200, 0));
    assert_joined(&import);
    let one = Json::parse(b"1").unwrap();
    assert_eq!(labelled(&import.runs, "reward", &one), 84);
    assert_eq!(results(&import.runs).count(), 1164);
    assert!(import.runs.iter().all(|run| run.expected.is_some()));
    let first = &import.runs[0];
    assert_eq!((first.id.as_str(), first.case.as_deref()), ("0/0", Some("0")));
    let request = &first.events[0];
    let EventKind::Request(words) = &request.kind else { panic!("{request:?}") };
    assert_eq!(
        words.text(),
        "Hi! I'm looking to book a flight from New York to Seattle on May 20th."
    );
    // The pointer leads to the very words in the file.
    assert!(bytes[request.source.offset..].starts_with(b"\"Hi! I'm looking"));
}

#[test]
fn tau2_runs_know_whose_tool_was_called() {
    let Some(corpus) = corpus() else { return };
    for (name, runs, tools, failed) in
        [("airline", 20, 148, 1), ("retail", 40, 299, 12), ("telecom", 40, 689, 0)]
    {
        let bytes = read_gz(corpus.join(format!("tau2/{name}-gpt-4.1.json.gz")));
        let import = import(&bytes, None);
        assert_eq!(import.tally.format, Some(Format::Tau2));
        assert_eq!(import.runs.len(), runs);
        assert_joined(&import);
        assert_eq!(results(&import.runs).count(), tools);
        assert_eq!(results(&import.runs).filter(|(_, ok)| *ok == Some(false)).count(), failed);
        let by_user = |run: &Run<'_>| run.calls().any(|(_, call, _)| call.actor == Actor::User);
        assert_eq!(import.runs.iter().any(by_user), name == "telecom");
        assert!(import.runs.iter().all(|run| run.expected.is_some() && run.cost().is_some()));
        assert!(import.runs.iter().all(|run| run.events.iter().all(|event| event.at.is_some())));
    }
}

#[test]
fn agentdojo_lines_carry_both_labels() {
    let Some(corpus) = corpus() else { return };
    let bytes = read_gz(corpus.join("agentdojo/gpt-4o-mini-2024-07-18.jsonl.gz"));
    let import = import(&bytes, None);
    assert_eq!(import.tally.format, Some(Format::AgentDojo));
    assert_eq!((import.runs.len(), import.tally.skipped.len()), (753, 0));
    assert_joined(&import);
    assert_eq!(labelled(&import.runs, "utility", &Json::Bool(true)), 90 + 62 + 252);
    let attacked = import.runs.iter().filter(|run| run.tags.contains_key("attack"));
    let succeeded = attacked.filter(|run| run.labels["security"] == Json::Bool(true)).count();
    assert_eq!(succeeded, 109 + 62);
    let output = |run: &Run<'_>| matches!(run.events.last().unwrap().kind, EventKind::Output(_));
    assert!(import.runs.iter().filter(|run| output(run)).count() > 700);
}

const LINE: &str =
    r#"{"suite_name":"s","user_task_id":"u","messages":[{"role":"user","content":"hi"}]}"#;

fn reasons(bytes: &[u8]) -> (usize, Vec<(usize, SkipReason)>) {
    let import = import(bytes, None);
    let skipped = import.tally.skipped.iter().map(|skip| (skip.offset, skip.reason)).collect();
    assert_eq!(import.tally.records, import.runs.len() + import.tally.skipped.len());
    (import.runs.len(), skipped)
}

#[test]
fn what_cannot_be_read_is_counted_with_its_place_and_reason() {
    let next = LINE.len() + 1;
    let damaged = |bad: &[u8]| [LINE.as_bytes(), b"\n", bad].concat();
    let other = LINE.replace("\"u\"", "\"v\"");
    let cases: [(Vec<u8>, SkipReason); 6] = [
        (damaged(LINE.as_bytes()), SkipReason::Duplicate),
        (damaged(&other.as_bytes()[..40]), SkipReason::Truncated),
        (damaged(other.replace("\"hi\"", "NaN").as_bytes()), SkipReason::Malformed),
        (damaged(other.replace("messages", "message").as_bytes()), SkipReason::Shape),
        (damaged(&[b"\"\xff\xfe\"\n", LINE.as_bytes()].concat()), SkipReason::NotUtf8),
        (damaged(b"nonsense"), SkipReason::Malformed),
    ];
    for (bytes, reason) in cases {
        let (runs, skipped) = reasons(&bytes);
        assert_eq!((runs, skipped[0]), (1, (next, reason)), "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn nan_is_named() {
    let bytes = br#"[{"task_id": 1, "reward": NaN, "traj": []}]"#;
    let message = import(bytes, None).tally.skipped[0].message.clone();
    assert!(message.starts_with("NaN is no JSON number"), "{message}");
}

#[test]
fn a_file_of_no_known_format_is_all_skipped() {
    for bytes in [&b"[{\"a\":1},{\"b\":2}]"[..], b"{}\n[1, 2]", b"hello world"] {
        let import = import(bytes, None);
        assert_eq!((import.tally.format, import.runs.len()), (None, 0));
        assert!(import.tally.records > 0);
        assert_eq!(import.tally.records, import.tally.skipped.len());
    }
    assert_eq!(import(b"", None).tally.records, 0);
}

#[test]
fn parallel_calls_find_their_results_by_id_and_equal_ids_in_order() {
    let run = r#"[{"task_id":1,"traj":[
      {"role":"assistant","content":null,"tool_calls":[
        {"id":"a","function":{"name":"x","arguments":"{\"n\":9007199254740993}"}},
        {"id":"b","function":{"name":"y","arguments":{"n":1}}}]},
      {"role":"tool","tool_call_id":"b","content":"ok"},
      {"role":"tool","tool_call_id":"a","content":"Error: no"},
      {"role":"assistant","content":null,"tool_calls":[{"id":"a","function":{"name":"z","arguments":"{}"}}]},
      {"role":"tool","tool_call_id":"a","content":"ok"},
      {"role":"tool","tool_call_id":"zzz","content":"whose?"}]}]"#;
    let import = import(run.as_bytes(), None);
    let joined: Vec<_> =
        import.runs[0].calls().map(|(_, call, result)| (&*call.tool, result.unwrap().ok)).collect();
    assert_eq!(joined, [("x", Some(false)), ("y", Some(true)), ("z", Some(true))]);
    assert_eq!(results(&import.runs).last().unwrap().0, None);
    let (_, call, _) = import.runs[0].calls().next().unwrap();
    let arguments = call.arguments.as_ref().unwrap().arguments().unwrap();
    assert_eq!(arguments.canonical(), r#"{"n":9007199254740993}"#);
}

#[test]
fn anthropic_blocks_are_calls_and_results_too() {
    let run = r#"[{"task_id":1,"traj":[
      {"role":"user","content":[{"type":"text","text":"go"}]},
      {"role":"assistant","content":[{"type":"text","text":"let me see"},
        {"type":"tool_use","id":"t1","name":"look","input":{"at":1}}]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"no","is_error":true}]},
      {"role":"assistant","content":"done"},
      {"role":"narrator","content":"the end"}]}]"#;
    let import = import(run.as_bytes(), None);
    let kinds: Vec<&str> = import.runs[0]
        .events
        .iter()
        .map(|event| match event.kind {
            EventKind::Request(_) => "request",
            EventKind::Message(_) => "message",
            EventKind::Call(_) => "call",
            EventKind::Result(_) => "result",
            EventKind::Output(_) => "output",
            EventKind::Handover(_) => "handover",
            EventKind::Control(_) => "control",
        })
        .collect();
    assert_eq!(kinds, ["request", "message", "call", "result", "output"]);
    assert_eq!(results(&import.runs).next(), Some((Some(2), Some(false))));
    assert_eq!(import.tally.parts.len(), 1, "{:?}", import.tally.parts);
}
