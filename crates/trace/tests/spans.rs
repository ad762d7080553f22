//! Traces of OpenTelemetry and Jaeger.

use std::path::Path;

use bounden_testkit::{corpus, read_gz};
use bounden_trace::{Event, EventKind, Format, Import, Run, SkipReason, import};

/// What happened, in a form that can be compared across formats.
fn outline(run: &Run<'_>) -> Vec<String> {
    run.events
        .iter()
        .map(|event| match &event.kind {
            EventKind::Request(words) => format!("request {}", words.text()),
            EventKind::Message(words) => format!("message {}", words.text()),
            EventKind::Output(words) => format!("output {}", words.text()),
            EventKind::Call(call) => {
                let arguments = call.arguments.as_ref().and_then(|json| json.arguments().ok());
                let arguments = arguments.map(|json| json.canonical());
                format!("call {} {}", call.tool, arguments.unwrap_or_default())
            }
            EventKind::Result(result) => {
                let content = result.content.as_ref().map(|content| content.text().into_owned());
                format!("result {:?} {:?} {content:?}", result.call, result.ok)
            }
            EventKind::Handover(agent) => format!("handover {agent}"),
            EventKind::Control(json) => format!("control {json}"),
        })
        .collect()
}

/// Time never runs backwards, and every result follows its call.
fn assert_ordered(run: &Run<'_>) {
    let times: Vec<_> = run.events.iter().filter_map(|event| event.at).collect();
    assert!(times.is_sorted(), "{}: {times:?}", run.id);
    for (index, event) in run.events.iter().enumerate() {
        if let EventKind::Result(result) = &event.kind {
            let call = result.call.filter(|call| *call < index);
            let call = call.and_then(|call| run.events.get(call)).map(|call| &call.kind);
            assert!(matches!(call, Some(EventKind::Call(_))), "{}: {event:?}", run.id);
        }
    }
}

/// The same runs were recorded by the benchmark and converted to spans: both ways lead to
/// the same events, save for what the user said after the last model call.
#[test]
fn spans_tell_the_same_as_the_benchmark_that_they_were_made_from() {
    let Some(corpus) = corpus() else { return };
    for domain in ["airline", "retail"] {
        let spans = read_gz(corpus.join(format!("otlp/tau2_{domain}_gpt-4.1.otlp.jsonl.gz")));
        let plain = read_gz(corpus.join(format!("tau2/{domain}-gpt-4.1.json.gz")));
        let (spans, plain) = (import(&spans, None), import(&plain, None));
        assert_eq!(spans.tally.format, Some(Format::Otlp));
        assert_eq!(spans.tally.skipped, []);
        assert_eq!(spans.runs.len(), plain.runs.len());
        for (spans, plain) in spans.runs.iter().zip(&plain.runs) {
            assert_ordered(spans);
            let (told, mut expected) = (unordered_calls(spans), unordered_calls(plain));
            while expected.last().is_some_and(|event| event.starts_with("request")) {
                expected.pop();
            }
            assert_eq!(told, expected, "{}", plain.id);
        }
    }
}

/// The outline, with calls and results between two words in no order: spans
/// show parallel calls one after another, messages show the calls first.
fn unordered_calls(run: &Run<'_>) -> Vec<String> {
    let mut lines = outline(run);
    let is_tool = |line: &String| line.starts_with("call ") || line.starts_with("result ");
    for block in lines.chunk_by_mut(|a, b| is_tool(a) && is_tool(b)) {
        for line in block.iter_mut().filter(|line| line.starts_with("result ")) {
            *line = line.split_once(") ").map_or(String::new(), |(_, rest)| rest.to_owned());
        }
        block.sort();
    }
    lines
}

fn sample(corpus: &Path, name: &str) -> Vec<u8> {
    read_gz(corpus.join(format!("otel_samples/{name}.json.gz")))
}

fn kinds(run: &Run<'_>) -> Vec<String> {
    let words = |line: String| line.split(' ').next().unwrap_or_default().to_owned();
    outline(run).into_iter().map(words).collect()
}

#[test]
fn one_agent_run_hides_among_spans_of_web_servers() {
    let Some(corpus) = corpus() else { return };
    for (name, format, spans, tool) in [
        ("helm", Format::Jaeger, 96, true),
        ("helm_2", Format::Jaeger, 72, false),
        ("helm_3", Format::Jaeger, 125, true),
        ("k8s", Format::Jaeger, 73, false),
        ("tempo_export_with_batches", Format::Otlp, 86, true),
    ] {
        let bytes = sample(&corpus, name);
        let import = import(&bytes, None);
        assert_eq!(import.tally.format, Some(format), "{name}");
        assert_eq!((import.tally.records, import.runs.len()), (spans, 1), "{name}");
        let unrelated = |skip: &bounden_trace::Skip| skip.reason == SkipReason::Unrelated;
        assert!(import.tally.skipped.iter().all(unrelated), "{name}");
        let run = &import.runs[0];
        assert_ordered(run);
        let expected: &[&str] =
            if tool { &["request", "call", "result", "output"] } else { &["request", "output"] };
        // Each model call is recorded up to three times, by the framework and by the client.
        assert_eq!(kinds(run), expected, "{name}");
        if let Some((_, call, result)) = run.calls().next() {
            assert_eq!(call.tool, "helm_list_releases");
            assert_eq!(result.unwrap().ok, Some(true));
        }
    }
}

#[test]
fn sets_of_golden_answers_are_no_recordings() {
    let Some(corpus) = corpus() else { return };
    let bytes = sample(&corpus, "eval_set_helm");
    let import = import(&bytes, None);
    assert_eq!((import.tally.format, import.tally.records, import.runs.len()), (None, 1, 0));
}

/// A document with these spans, each `ID PARENT START ATTRIBUTES…` with attributes as `key=value`.
fn document(spans: &[&str]) -> String {
    let spans: Vec<String> = spans.iter().map(|span| document_span(span)).collect();
    format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{}]}}]}}]}}"#, spans.join(","))
}

fn document_span(text: &str) -> String {
    let mut parts = text.split('|').map(str::trim);
    let mut next = || parts.next().unwrap_or_default();
    let (id, parent, start) = (next(), next(), next());
    let attributes: Vec<String> = parts
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| {
            let value = serde_json::to_string(value).unwrap_or_default();
            format!(r#"{{"key":"{key}","value":{{"stringValue":{value}}}}}"#)
        })
        .collect();
    format!(
        r#"{{"traceId":"t","spanId":"{id}","parentSpanId":"{parent}","startTimeUnixNano":"{start}","endTimeUnixNano":{start}1,"attributes":[{}]}}"#,
        attributes.join(",")
    )
}

#[expect(clippy::panic, reason = "a test without its run has failed")]
fn only_run<'a>(import: &'a Import<'_>) -> &'a Run<'a> {
    match import.runs.as_slice() {
        [run] => run,
        runs => panic!("{} runs: {:?}", runs.len(), import.tally),
    }
}

#[test]
fn arguments_missing_on_the_tool_span_come_from_the_message() {
    let text = document(&[
        r#"a||10|gen_ai.operation.name=chat|gen_ai.output.messages=[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"pay","arguments":{"n":9007199254740993}},{"type":"tool_call","id":"c2","name":"pay","arguments":"{\"n\":2}"}]}]"#,
        "b||30|gen_ai.operation.name=execute_tool|gen_ai.tool.name=pay|gen_ai.tool.call.id=c2|error.type=timeout",
        r#"c||40|gen_ai.operation.name=execute_tool|gen_ai.tool.name=pay|gen_ai.tool.call.id=c1|gen_ai.tool.call.result={"isError":false}"#,
    ]);
    let import = import(text.as_bytes(), None);
    let outline = outline(only_run(&import));
    assert_eq!(
        outline,
        [
            r#"call pay {"n":9007199254740993}"#,
            r#"call pay {"n":2}"#,
            "result Some(1) Some(false) None",
            r#"result Some(0) Some(true) Some("{\"isError\":false}")"#,
        ]
    );
}

#[test]
fn a_result_that_only_a_message_tells_is_of_unknown_success() {
    let text = document(&[
        r#"a||10|gen_ai.operation.name=chat|gen_ai.output.messages=[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"pay","arguments":{}}]}]"#,
        r#"b||30|gen_ai.operation.name=chat|gen_ai.input.messages=[{"role":"user","parts":[{"type":"text","content":"go"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"pay","arguments":{}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"paid"}]}]"#,
    ]);
    let import = import(text.as_bytes(), None);
    assert_eq!(
        outline(only_run(&import)),
        ["request go", "call pay {}", r#"result Some(1) None Some("paid")"#]
    );
}

#[test]
fn openinference_and_gemini_dialects_are_read() {
    let text = document(&[
        "a||10|openinference.span.kind=LLM|llm.input_messages.0.message.role=user|llm.input_messages.0.message.content=go|llm.output_messages.0.message.role=assistant|llm.output_messages.0.message.tool_calls.0.tool_call.id=c1|llm.output_messages.0.message.tool_calls.0.tool_call.function.name=pay|llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments={}",
        "b||30|openinference.span.kind=TOOL|tool.name=pay|input.value={\"n\":1}|output.value=paid",
        r#"c||40|gen_ai.request.model=g|gcp.vertex.agent.llm_request={"contents":[{"role":"user","parts":[{"text":"go"}]},{"role":"user","parts":[{"function_response":{"id":"c1","name":"pay","response":{}}}]}]}|gcp.vertex.agent.llm_response={"content":{"role":"model","parts":[{"text":"done"}]}}"#,
    ]);
    let import = import(text.as_bytes(), None);
    assert_eq!(
        outline(only_run(&import)),
        [
            "request go",
            r#"call pay {"n":1}"#,
            r#"result Some(1) Some(true) Some("paid")"#,
            "output done"
        ]
    );
}

#[test]
fn events_of_version_1_36_carry_messages_too() {
    let text = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"t","spanId":"a","startTimeUnixNano":"10","endTimeUnixNano":"20",
        "attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.system","value":{"stringValue":"openai"}}],
        "events":[{"name":"gen_ai.user.message","attributes":[{"key":"content","value":{"stringValue":"go"}}]}]}]}]}]}
{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":"t","spanId":"a","eventName":"gen_ai.choice","body":{"kvlistValue":{"values":[
        {"key":"index","value":{"intValue":"0"}},{"key":"message","value":{"kvlistValue":{"values":[{"key":"content","value":{"stringValue":"done"}}]}}}]}}},
        {"traceId":"t","spanId":"zz","body":{"stringValue":"GET /"}}]}]}]}"#;
    let import = import(text.as_bytes(), None);
    assert_eq!(outline(only_run(&import)), ["request go", "output done"]);
    assert_eq!((import.tally.records, import.tally.skipped.len()), (3, 1));
}

#[test]
fn another_agents_words_are_no_output_and_its_coming_is_a_handover() {
    let text = document(&[
        "main||10|gen_ai.operation.name=invoke_agent|gen_ai.agent.name=desk",
        r#"m1|main|20|gen_ai.operation.name=chat|gen_ai.input.messages=[{"role":"user","content":"go"}]|gen_ai.output.messages=[{"role":"assistant","content":"asking"}]"#,
        "sub|main|30|gen_ai.operation.name=invoke_agent|gen_ai.agent.name=expert",
        r#"s1|sub|40|gen_ai.operation.name=chat|gen_ai.input.messages=[{"role":"user","content":"what?"}]|gen_ai.output.messages=[{"role":"assistant","content":"that"}]"#,
    ]);
    let import = import(text.as_bytes(), None);
    assert_eq!(
        outline(only_run(&import)),
        ["request go", "output asking", "handover expert", "message what?", "message that"]
    );
}

#[test]
fn traces_of_one_conversation_are_one_run_and_a_span_sent_twice_is_one_span() {
    let span = |trace: &str, id: &str, start: u32, words: &str| {
        document(&[&format!(
            r#"{id}||{start}|gen_ai.operation.name=chat|gen_ai.conversation.id=k|gen_ai.input.messages=[{{"role":"user","content":"{words}"}}]"#
        )])
        .replace("\"traceId\":\"t\"", &format!("\"traceId\":\"{trace}\""))
    };
    let lines =
        [span("t2", "b", 20, "two"), span("t1", "a", 10, "one"), span("t1", "a", 10, "one")];
    let text = lines.join("\n");
    let import = import(text.as_bytes(), None);
    assert_eq!(outline(only_run(&import)), ["request one", "request two"]);
    let skipped: Vec<SkipReason> = import.tally.skipped.iter().map(|skip| skip.reason).collect();
    assert_eq!(skipped, [SkipReason::Duplicate]);
    let spans: Vec<&str> = import.runs[0].events.iter().filter_map(span_id).collect();
    assert_eq!(spans, ["a", "b"]);
}

fn span_id<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    event.source.span.as_deref()
}

#[test]
fn calls_without_ids_are_told_apart_by_counting() {
    let call = r#"{"role":"model","parts":[{"function_call":{"name":"pay","args":{}}}]}"#;
    let paid = r#"{"role":"user","parts":[{"function_response":{"name":"pay","response":{}}}]}"#;
    let go = r#"{"role":"user","parts":[{"text":"go"}]}"#;
    let model = |id: &str, start: u32, input: &[&str], output: &str| {
        let input = input.join(",");
        format!(
            r#"{id}||{start}|gen_ai.request.model=g|gcp.vertex.agent.llm_request={{"contents":[{input}]}}|gcp.vertex.agent.llm_response={{"content":{output}}}"#
        )
    };
    let tool = |id: &str, start: u32| {
        format!(
            "{id}||{start}|gen_ai.operation.name=execute_tool|gen_ai.tool.name=pay|gcp.vertex.agent.tool_response={{}}"
        )
    };
    let text = document(&[
        &model("a", 10, &[go], call),
        &tool("b", 20),
        &model("c", 30, &[go, call, paid], call),
        &tool("d", 40),
        &model(
            "e",
            50,
            &[go, call, paid, call, paid],
            r#"{"role":"model","parts":[{"text":"done"}]}"#,
        ),
    ]);
    let import = import(text.as_bytes(), None);
    assert_eq!(kinds(only_run(&import)), ["request", "call", "result", "call", "result", "output"]);
    assert_ordered(only_run(&import));
}

#[test]
fn content_that_is_cut_off_is_told() {
    let text = document(&[
        r#"a||10|gen_ai.operation.name=chat|gen_ai.input.messages=[{"role":"user","content":"hi"}]|gen_ai.output.messages=[{"role":"assistant","cont"#,
    ]);
    let import = import(text.as_bytes(), None);
    assert_eq!(outline(only_run(&import)), ["request hi"]);
    assert_eq!(import.tally.parts.len(), 1, "{:?}", import.tally);
}
