//! Jaeger's query API (`{data: [{traceID, spans}]}`): tags with types, times in
//! microseconds. Spans become runs in [`super::genai`].

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::field::{Name, payload};
use super::genai::{Attribute, Log, Span, Trace};
use super::reader::Reader;
use crate::scan::Slice;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    data: Vec<JaegerTrace<'a>>,
}

#[derive(Deserialize)]
struct JaegerTrace<'a> {
    #[serde(borrow)]
    spans: Vec<RawSpan<'a>>,
}

#[derive(Deserialize)]
struct RawSpan<'a> {
    #[serde(borrow, rename = "traceID")]
    trace: Name<'a>,
    #[serde(borrow, rename = "spanID")]
    id: Name<'a>,
    #[serde(borrow, default, rename = "operationName")]
    name: Option<Name<'a>>,
    #[serde(borrow, default)]
    references: Vec<Reference<'a>>,
    #[serde(default, rename = "startTime")]
    start: u64,
    #[serde(default)]
    duration: u64,
    #[serde(borrow, default)]
    tags: Vec<Tag<'a>>,
    #[serde(borrow, default)]
    logs: Vec<RawLog<'a>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow, rename = "refType")]
    kind: Name<'a>,
    #[serde(borrow, rename = "spanID")]
    span: Name<'a>,
}

#[derive(Deserialize)]
struct Tag<'a> {
    #[serde(borrow)]
    key: Name<'a>,
    #[serde(borrow)]
    value: &'a RawValue,
}

#[derive(Deserialize)]
struct RawLog<'a> {
    #[serde(borrow, default)]
    fields: Vec<Tag<'a>>,
}

pub(super) fn read<'a>(file: Slice<'a>, reader: &mut Reader<'a, '_>) {
    let mut trace = Trace::default();
    reader.documents(file.records(), |reader, document: Document<'a>, slice| {
        let resource = trace.resource(Vec::new());
        for span in document.data.into_iter().flat_map(|trace| trace.spans) {
            let span = convert(span, resource, slice, reader);
            trace.push(span, reader);
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
    let parent = span.references.into_iter().find(|reference| reference.kind.0 == "CHILD_OF");
    let attributes = attributes(span.tags);
    let failed = attributes.iter().any(|tag| match &*tag.key {
        "error" => tag.value.text() == "true",
        "otel.status_code" => tag.value.text() == "ERROR",
        _ => false,
    });
    Span {
        offset: offset.unwrap_or(slice.offset),
        resource,
        trace: span.trace.0,
        id: span.id.0,
        parent: parent.map(|reference| reference.span.0),
        name: span.name.map_or(Cow::Borrowed(""), |name| name.0),
        start: span.start.saturating_mul(1000),
        end: span.start.saturating_add(span.duration).saturating_mul(1000),
        failed,
        attributes,
        logs: span.logs.into_iter().filter_map(convert_log).collect(),
    }
}

fn convert_log(log: RawLog<'_>) -> Option<Log<'_>> {
    let attributes = attributes(log.fields);
    let name = attributes.iter().find(|field| field.key == "event")?.value.text().into_owned();
    let name: Cow<'_, str> = Cow::Owned(name);
    name.starts_with("gen_ai.").then(|| Log { name, attributes, ..Log::default() })
}

fn attributes(tags: Vec<Tag<'_>>) -> Vec<Attribute<'_>> {
    tags.into_iter()
        .filter_map(|tag| Some(Attribute { key: tag.key.0, value: payload(tag.value)? }))
        .collect()
}
