//! A recorded run in Bounden's own words: the events that `bounden decide`
//! reads and [`Format::Bounden`](crate::Format::Bounden) imports.

use bounden_base::Json;

use crate::Run;
use crate::evaluate::{Events, Names};
use crate::run::EventKind;

/// The events of a run, and how many of its events have no counterpart among
/// them: words that only the agent sees, calls by the user, results that do
/// not say whether the call succeeded.
#[must_use]
pub fn normalise(run: &Run<'_>) -> (Vec<Json>, usize) {
    let names = Names::of(std::iter::empty());
    let mut events = Events::of(run, &names, None, &|_| true);
    let mut lines = vec![with_case(events.start().to_json(), run)];
    let mut dropped = 0;
    for index in 0..run.events.len() {
        match events.event(index) {
            Some(event) => lines.push(event.to_json()),
            None => dropped += 1,
        }
    }
    lines.push(events.end().to_json());
    (lines, dropped)
}

/// The start names the case, so that trials of one case are known as such.
fn with_case(start: Json, run: &Run<'_>) -> Json {
    let (Json::Object(mut members), Some(case)) = (start.clone(), &run.case) else { return start };
    if let Some(Json::Object(tags)) = members.get_mut("tags") {
        tags.insert("case".to_owned(), Json::from(&**case));
    }
    Json::Object(members)
}

/// The kind of an event, in one word.
#[must_use]
pub fn kind_name(kind: &EventKind<'_>) -> &'static str {
    match kind {
        EventKind::Request(_) => "request",
        EventKind::Message(_) => "message",
        EventKind::Call(_) => "call",
        EventKind::Result(_) => "result",
        EventKind::Output(_) => "output",
        EventKind::Handover(_) => "handover",
        EventKind::Control(_) => "control",
    }
}
