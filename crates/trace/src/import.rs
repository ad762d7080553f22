//! Recordings of many formats become runs; what does not is counted and named.

mod agentdojo;
mod bounden;
mod chat;
mod detect;
mod field;
mod genai;
mod inspect;
mod jaeger;
mod messages;
mod otlp;
mod reader;
mod tau2;
mod tau_bench;

pub use detect::Format;
pub use reader::Tally;

use reader::Reader;

use crate::Run;
use crate::scan::Slice;

/// What became of a file.
#[derive(Clone, Debug)]
pub struct Import<'a> {
    /// The runs, in the order of the file.
    pub runs: Vec<Run<'a>>,
    /// How the file was read and what was left out.
    pub tally: Tally,
}

/// Something that did not become a run, or not a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// Where it begins, in bytes from the start of the file.
    pub offset: usize,
    /// Why.
    pub reason: SkipReason,
    /// The details, as a sentence.
    pub message: String,
}

/// Why something was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// The file ends inside the record.
    Truncated,
    /// The bytes are not UTF-8.
    NotUtf8,
    /// The record is not JSON; NaN and Infinity belong here.
    Malformed,
    /// The record is JSON of another shape.
    Shape,
    /// The same bytes stand earlier in the file.
    Duplicate,
    /// The record is no part of an agent's run, such as a span of a web server.
    Unrelated,
}

impl SkipReason {
    /// The stable name, in kebab-case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::NotUtf8 => "not-utf8",
            Self::Malformed => "malformed",
            Self::Shape => "shape",
            Self::Duplicate => "duplicate",
            Self::Unrelated => "unrelated",
        }
    }
}

/// Reads all runs of a (decompressed) file; without a `format` the content tells.
#[must_use]
pub fn import(bytes: &[u8], format: Option<Format>) -> Import<'_> {
    let mut runs = Vec::new();
    let tally = import_each(bytes, format, &mut |run| runs.push(run));
    Import { runs, tally }
}

/// Reads the runs of a file one after another, keeping none of them.
pub fn import_each<'a>(
    bytes: &'a [u8],
    format: Option<Format>,
    on_run: &mut dyn FnMut(Run<'a>),
) -> Tally {
    let file = Slice::file(bytes);
    let format = format.or_else(|| detect::detect(file));
    let mut reader = Reader::new(bytes, format, on_run);
    match format {
        Some(Format::TauBench) => tau_bench::read(file, &mut reader),
        Some(Format::Tau2) => tau2::read(file, &mut reader),
        Some(Format::AgentDojo) => agentdojo::read(file, &mut reader),
        Some(Format::Bounden) => bounden::read(file, &mut reader),
        Some(Format::Otlp) => otlp::read(file, &mut reader),
        Some(Format::Jaeger) => jaeger::read(file, &mut reader),
        Some(Format::Inspect) => inspect::read(file, &mut reader),
        Some(Format::Messages) => messages::read(file, &mut reader),
        None => detect::reject(file, &mut reader),
    }
    reader.finish(file)
}
