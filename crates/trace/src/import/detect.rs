//! Which format a recording has, told by its content and never by its name.

use super::reader::Reader;
use crate::scan::Slice;

/// The formats that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// τ-bench results: a list of `{task_id, reward, trial, info, traj}`.
    TauBench,
    /// τ²-bench results: `{info, tasks, simulations}`.
    Tau2,
    /// AgentDojo runs: `{suite_name, user_task_id, messages, utility, security}`, one or one a line.
    AgentDojo,
    /// Bounden's events as `bounden decide` reads them, one a line.
    Bounden,
    /// OpenTelemetry traces and logs with GenAI attributes as OTLP/JSON, one or one a line.
    Otlp,
    /// The same out of Jaeger's query API.
    Jaeger,
    /// Inspect logs as JSON: `{eval, samples}`.
    Inspect,
    /// Plain messages of OpenAI's or Anthropic's APIs: a list, or `{messages}`, one or one a line.
    Messages,
}

impl Format {
    /// Every format, in the order in which they are documented.
    pub const ALL: [Self; 8] = [
        Self::TauBench,
        Self::Tau2,
        Self::AgentDojo,
        Self::Bounden,
        Self::Otlp,
        Self::Jaeger,
        Self::Inspect,
        Self::Messages,
    ];

    /// The name that `--from` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TauBench => "tau-bench",
            Self::Tau2 => "tau2",
            Self::AgentDojo => "agentdojo",
            Self::Bounden => "bounden",
            Self::Otlp => "otlp",
            Self::Jaeger => "jaeger",
            Self::Inspect => "inspect",
            Self::Messages => "messages",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// How many records are looked at; the first may be damaged.
const PROBES: usize = 16;

/// The format of the first record that reveals one.
pub(crate) fn detect(file: Slice<'_>) -> Option<Format> {
    file.records().exact().take(PROBES).find_map(of_record)
}

fn of_record(record: Slice<'_>) -> Option<Format> {
    let mut format = None;
    for (key, value) in record.members() {
        match key {
            b"traj" => return Some(Format::TauBench),
            b"samples" => return Some(Format::Inspect),
            b"simulations" => return Some(Format::Tau2),
            b"user_task_id" | b"suite_name" => format = Some(Format::AgentDojo),
            b"resourceSpans" | b"resource_spans" | b"batches" | b"resourceLogs" => {
                return Some(Format::Otlp);
            }
            b"data" => {
                let first = value.items().exact().next()?;
                return first.member("spans").map(|_| Format::Jaeger);
            }
            b"messages" | b"role" => format = format.or(Some(Format::Messages)),
            b"event" => format = Some(Format::Bounden),
            _ => {}
        }
    }
    format
}

/// Counts every record of a file of no known format.
pub(crate) fn reject<'a>(file: Slice<'a>, reader: &mut Reader<'a, '_>) {
    for record in file.records().exact() {
        reader.unknown(record);
    }
}
