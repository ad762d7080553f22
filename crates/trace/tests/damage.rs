//! Whatever bytes come, every importer ends, accounts for them, and never panics.

use bounden_trace::{Format, import};
use proptest::prelude::*;

const SAMPLES: [&str; 8] = [
    r#"[{"task_id":1,"reward":1.0,"trial":0,"info":{"task":{"user_id":"u","actions":[{"name":"pay","kwargs":{"n":1}}],"outputs":["7"]}},"traj":[{"role":"user","content":"hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","function":{"name":"pay","arguments":"{\"n\":1}"}}]},{"role":"tool","tool_call_id":"c","content":"ok"}]}]"#,
    r#"{"tasks":[{"id":"t","evaluation_criteria":{"actions":[{"name":"pay","arguments":{}}],"communicate_info":["7"]}}],"simulations":[{"id":"s","task_id":"t","trial":0,"reward_info":{"reward":1.0},"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"c","name":"pay","arguments":{},"requestor":"assistant"}]},{"role":"tool","id":"c","content":"x","error":false}]}]}"#,
    r#"{"suite_name":"s","user_task_id":"u","messages":[{"role":"assistant","content":[{"type":"text","content":"x"}],"tool_calls":[{"function":"pay","args":{},"id":"c"}]},{"role":"tool","content":"x","tool_call_id":"c","error":null}],"utility":true,"security":false}"#,
    "{\"id\":\"c\",\"session\":\"s\",\"event\":\"call\",\"tool\":\"pay\",\"args\":{\"n\":1}}\n{\"id\":\"r\",\"session\":\"s\",\"event\":\"result\",\"call\":\"c\",\"ok\":true,\"result\":{}}\n",
    r#"{"resourceSpans":[{"resource":{"attributes":[]},"scopeSpans":[{"spans":[{"traceId":"t","spanId":"a","parentSpanId":"a","startTimeUnixNano":"1","endTimeUnixNano":2,"attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.input.messages","value":{"stringValue":"[{\"role\":\"user\",\"content\":\"hi\"}]"}}],"events":[{"name":"gen_ai.choice","attributes":[{"key":"content","value":{"kvlistValue":{"values":[{"key":"x","value":{"intValue":"1"}}]}}}]}]}]}]}]}"#,
    r#"{"data":[{"traceID":"t","spans":[{"traceID":"t","spanID":"a","operationName":"execute_tool pay","references":[{"refType":"CHILD_OF","spanID":"b"}],"startTime":1,"duration":1,"tags":[{"key":"gen_ai.tool.name","value":"pay"},{"key":"error","value":true}],"logs":[]}]}]}"#,
    r#"{"eval":{"task":"t","model":"m"},"samples":[{"id":1,"epoch":1,"messages":[{"role":"assistant","content":"x","tool_calls":[{"id":"c","function":"f","arguments":{}}]}],"scores":{"m":{"value":"C"}}}]}"#,
    r#"[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"n","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"x"}]}]"#,
];

#[test]
fn every_sample_is_read_whole() {
    for (sample, format) in SAMPLES.iter().zip(Format::ALL) {
        let import = import(sample.as_bytes(), None);
        assert_eq!(import.tally.format, Some(format));
        assert_eq!(import.runs.len(), 1, "{}: {:?}", format.name(), import.tally);
        assert!(!import.runs[0].events.is_empty(), "{}", format.name());
        assert_eq!((import.tally.skipped, import.tally.parts), (vec![], vec![]));
    }
}

/// Changes to a text: replaced bytes, a cut, something put in.
fn damaged() -> impl Strategy<Value = (Vec<u8>, Option<Format>)> {
    let sample = proptest::sample::select(SAMPLES.to_vec());
    let bytes = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6);
    let piece =
        proptest::sample::select(vec!["", "NaN", "\"", "\\", "[", "}", "null", "\u{1F600}", "\n{"]);
    let format = proptest::option::of(proptest::sample::select(Format::ALL.to_vec()));
    let cut = any::<prop::sample::Index>();
    (sample, bytes, piece, any::<prop::sample::Index>(), cut, any::<bool>(), format).prop_map(
        |(sample, bytes, piece, place, cut, is_cut, format)| {
            let mut text = sample.as_bytes().to_vec();
            for (place, byte) in bytes {
                let place = place.index(text.len());
                text.splice(place..=place, [byte]);
            }
            let place = place.index(text.len());
            text.splice(place..place, piece.bytes());
            if is_cut {
                text.truncate(cut.index(text.len()));
            }
            (text, format)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_damage_is_passed_over_in_silence((bytes, format) in damaged()) {
        let import = import(&bytes, format);
        prop_assert!(import.tally.skipped.len() <= import.tally.records);
        prop_assert_eq!(import.tally.runs, import.runs.len());
        let silent = import.runs.is_empty()
            && import.tally.skipped.is_empty()
            && import.tally.parts.is_empty();
        let nothing = bytes.iter().all(|byte| b" \n\r\t[],".contains(byte));
        prop_assert!(!silent || nothing, "{}", String::from_utf8_lossy(&bytes));
        for run in &import.runs {
            for event in &run.events {
                prop_assert!(event.source.offset <= bytes.len());
            }
            run.calls().for_each(|(_, call, _)| drop(call.arguments.as_ref().map(|json| json.arguments())));
        }
    }
}
