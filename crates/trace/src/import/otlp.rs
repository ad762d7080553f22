//! OTLP/JSON traces (opentelemetry-proto, `TracesData` and `LogsData`), a
//! document or a line each; also Tempo's `batches` and the older
//! `instrumentationLibrarySpans`. Spans become runs in [`super::genai`].
//!
//! Integers of 64 bits come as strings or numbers, ids in any encoding, times
//! in nanoseconds.

mod value;

use std::borrow::Cow;

use serde::Deserialize;

use super::SkipReason;
use super::field::Name;
use super::genai::{Attribute, Log, Span, Trace};
use super::reader::Reader;
use crate::scan::Slice;

use value::AnyValue;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(
        borrow,
        default,
        rename = "resourceSpans",
        alias = "resource_spans",
        alias = "batches"
    )]
    spans: Option<Vec<Resource<'a>>>,
    #[serde(borrow, default, rename = "resourceLogs", alias = "resource_logs")]
    logs: Option<Vec<Resource<'a>>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(borrow, default)]
    resource: Option<Attributes<'a>>,
    #[serde(
        borrow,
        default,
        rename = "scopeSpans",
        alias = "scope_spans",
        alias = "instrumentationLibrarySpans",
        alias = "scopeLogs",
        alias = "scope_logs"
    )]
    scopes: Vec<Scope<'a>>,
}

#[derive(Deserialize)]
struct Attributes<'a> {
    #[serde(borrow, default)]
    attributes: Vec<KeyValue<'a>>,
}

#[derive(Deserialize)]
struct Scope<'a> {
    #[serde(borrow, default)]
    spans: Vec<RawSpan<'a>>,
    #[serde(borrow, default, rename = "logRecords", alias = "log_records")]
    logs: Vec<RawLog<'a>>,
}

#[derive(Deserialize)]
struct RawSpan<'a> {
    #[serde(borrow, rename = "traceId", alias = "trace_id")]
    trace: Name<'a>,
    #[serde(borrow, rename = "spanId", alias = "span_id")]
    id: Name<'a>,
    #[serde(borrow, default, rename = "parentSpanId", alias = "parent_span_id")]
    parent: Option<Name<'a>>,
    #[serde(borrow, default)]
    name: Option<Name<'a>>,
    #[serde(borrow, default, rename = "startTimeUnixNano", alias = "start_time_unix_nano")]
    start: Option<Name<'a>>,
    #[serde(borrow, default, rename = "endTimeUnixNano", alias = "end_time_unix_nano")]
    end: Option<Name<'a>>,
    #[serde(borrow, default)]
    attributes: Vec<KeyValue<'a>>,
    #[serde(borrow, default)]
    events: Vec<RawEvent<'a>>,
    #[serde(borrow, default)]
    status: Option<Status<'a>>,
}

#[derive(Deserialize)]
struct Status<'a> {
    #[serde(borrow, default)]
    code: Option<Name<'a>>,
}

#[derive(Deserialize)]
struct RawEvent<'a> {
    #[serde(borrow, default)]
    name: Option<Name<'a>>,
    #[serde(borrow, default)]
    attributes: Vec<KeyValue<'a>>,
}

#[derive(Deserialize)]
struct RawLog<'a> {
    #[serde(borrow, default, rename = "traceId", alias = "trace_id")]
    trace: Option<Name<'a>>,
    #[serde(borrow, default, rename = "spanId", alias = "span_id")]
    span: Option<Name<'a>>,
    #[serde(borrow, default, rename = "eventName", alias = "event_name")]
    name: Option<Name<'a>>,
    #[serde(borrow, default)]
    body: Option<AnyValue<'a>>,
    #[serde(borrow, default)]
    attributes: Vec<KeyValue<'a>>,
}

#[derive(Deserialize)]
struct KeyValue<'a> {
    #[serde(borrow)]
    key: Name<'a>,
    #[serde(borrow, default)]
    value: Option<AnyValue<'a>>,
}

pub(super) fn read<'a>(file: Slice<'a>, reader: &mut Reader<'a, '_>) {
    let mut trace = Trace::default();
    reader.documents(file.records(), |reader, document: Document<'a>, slice| {
        if document.spans.is_none() && document.logs.is_none() {
            reader.count();
            let message = "the document holds neither spans nor log records";
            reader.skip(slice.offset, SkipReason::Shape, message);
        }
        for resource in document.spans.into_iter().chain(document.logs).flatten() {
            let tags = resource.resource.map(|resource| attributes(resource.attributes));
            let tags = trace.resource(tags.unwrap_or_default());
            for scope in resource.scopes {
                for span in scope.spans {
                    let span = convert(span, tags, slice, reader);
                    trace.push(span, reader);
                }
                for log in scope.logs {
                    trace.log(convert_log(log, slice), reader);
                }
            }
        }
    });
    trace.finish(reader);
}

fn convert<'a>(
    span: RawSpan<'a>,
    resource: usize,
    slice: Slice<'a>,
    reader: &Reader<'a, '_>,
) -> Span<'a> {
    let offset = match &span.id.0 {
        Cow::Borrowed(id) => reader.offset_of(id),
        Cow::Owned(_) => None,
    };
    let code = span.status.and_then(|status| status.code);
    Span {
        offset: offset.unwrap_or(slice.offset),
        resource,
        trace: span.trace.0,
        id: span.id.0,
        parent: span.parent.map(|name| name.0).filter(|id| !id.is_empty()),
        name: span.name.map_or(Cow::Borrowed(""), |name| name.0),
        start: nanoseconds(span.start.as_ref()),
        end: nanoseconds(span.end.as_ref()),
        failed: code.is_some_and(|code| matches!(&*code.0, "2" | "STATUS_CODE_ERROR")),
        attributes: attributes(span.attributes),
        logs: span.events.into_iter().filter_map(convert_event).collect(),
    }
}

fn convert_event(event: RawEvent<'_>) -> Option<Log<'_>> {
    let name = event.name?.0;
    name.starts_with("gen_ai.").then(|| Log {
        name,
        body: None,
        attributes: attributes(event.attributes),
        ..Log::default()
    })
}

fn convert_log<'a>(log: RawLog<'a>, slice: Slice<'a>) -> Log<'a> {
    let attributes = attributes(log.attributes);
    let named = attributes.iter().find(|attribute| attribute.key == "event.name");
    let name = named.map(|attribute| attribute.value.text().into_owned());
    Log {
        offset: slice.offset,
        trace: log.trace.map(|name| name.0),
        span: log.span.map(|name| name.0),
        name: log.name.map(|name| name.0).or(name.map(Cow::Owned)).unwrap_or_default(),
        body: log.body.map(AnyValue::payload),
        attributes,
    }
}

fn attributes(list: Vec<KeyValue<'_>>) -> Vec<Attribute<'_>> {
    list.into_iter()
        .filter_map(|pair| Some(Attribute { key: pair.key.0, value: pair.value?.payload() }))
        .collect()
}

/// A time; 0 where it is missing or beyond reckoning.
fn nanoseconds(text: Option<&Name<'_>>) -> u64 {
    text.and_then(|name| name.0.parse().ok()).unwrap_or(0)
}
