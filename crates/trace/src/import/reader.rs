//! What every importer needs: strict typed reading, exact counts, unique ids.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Format, Skip, SkipReason};
use crate::Run;
use crate::scan::{Records, Slice};

/// How a file was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The format, given or detected; `None` where the content is of no known format.
    pub format: Option<Format>,
    /// Records in the file: runs, spans or events, whatever the format's unit is.
    pub records: usize,
    /// Runs made of them.
    pub runs: usize,
    /// Records that are no part of any run, in the order of the file.
    pub skipped: Vec<Skip>,
    /// Parts of runs that could not be read, such as a message of unknown role.
    pub parts: Vec<Skip>,
}

impl Tally {
    /// How many records were left out, by reason.
    #[must_use]
    pub fn skipped_by_reason(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for skip in &self.skipped {
            *counts.entry(skip.reason.name()).or_insert(0) += 1;
        }
        counts
    }
}

/// The state of one import.
pub(crate) struct Reader<'a, 's> {
    file: &'a [u8],
    /// The whole file as text, where it is UTF-8 throughout.
    text: Option<&'a str>,
    tally: Tally,
    records: BTreeSet<Seen<'a>>,
    ids: BTreeMap<String, usize>,
    on_run: &'s mut dyn FnMut(Run<'a>),
}

impl<'a, 's> Reader<'a, 's> {
    pub(crate) fn new(
        file: &'a [u8],
        format: Option<Format>,
        on_run: &'s mut dyn FnMut(Run<'a>),
    ) -> Self {
        let tally = Tally { format, ..Tally::default() };
        let text = std::str::from_utf8(file).ok();
        Self { file, text, tally, records: BTreeSet::new(), ids: BTreeMap::new(), on_run }
    }

    /// How the file was read. A file that holds anything holds at least one
    /// record, even if nobody found it.
    pub(crate) fn finish(mut self, file: Slice<'a>) -> Tally {
        if self.tally.records == 0 && !file.is_blank() {
            self.count();
            self.skip(file.offset, SkipReason::Shape, "nothing in this file is a record");
        }
        self.tally
    }

    /// Reads records one after another and hands on, with their bytes, those
    /// that fit. Equal bytes mean the same run recorded twice.
    pub(crate) fn run_records<T: Deserialize<'a>>(
        &mut self,
        mut records: Records<'a>,
        mut take: impl FnMut(&mut Self, T, Slice<'a>),
    ) {
        while let Some(open) = records.next() {
            self.tally.records += 1;
            let (record, slice) = self.prefix(open);
            records.after(slice);
            match record {
                Ok(record) if self.records.insert(Seen::of(slice.bytes)) => {
                    take(self, record, slice)
                }
                Ok(_) => {
                    let message = "the same record stands earlier in the file";
                    self.skip(slice.offset, SkipReason::Duplicate, message);
                }
                Err(skip) => self.tally.skipped.push(skip),
            }
        }
    }

    /// Reads records one after another, equal ones too.
    pub(crate) fn each<T: Deserialize<'a>>(
        &mut self,
        records: Records<'a>,
        mut take: impl FnMut(&mut Self, T, Slice<'a>),
    ) {
        self.documents(records, |reader, record, slice| {
            reader.count();
            take(reader, record, slice);
        });
    }

    /// Reads documents that hold many records each; those that do not fit are
    /// counted as one record.
    pub(crate) fn documents<T: Deserialize<'a>>(
        &mut self,
        mut records: Records<'a>,
        mut take: impl FnMut(&mut Self, T, Slice<'a>),
    ) {
        while let Some(open) = records.next() {
            let (record, slice) = self.prefix(open);
            records.after(slice);
            match record {
                Ok(record) => take(self, record, slice),
                Err(skip) => {
                    self.count();
                    self.tally.skipped.push(skip);
                }
            }
        }
    }

    /// Counts a record.
    pub(crate) fn count(&mut self) {
        self.tally.records += 1;
    }

    /// Reads the value that `open` begins with; the value itself comes with it.
    /// Only one that does not fit is searched for its end.
    fn prefix<T: Deserialize<'a>>(&self, open: Slice<'a>) -> (Result<T, Skip>, Slice<'a>) {
        if let Some(text) = self.text.and_then(|text| text.get(open.offset..)) {
            let mut deserializer = serde_json::Deserializer::from_str(text);
            if let Ok(record) = T::deserialize(&mut deserializer) {
                let length = deserializer.into_iter::<IgnoredAny>().byte_offset();
                let bytes = open.bytes.get(..length).unwrap_or_default();
                return (Ok(record), Slice { bytes, ..open });
            }
        }
        let exact = open.exact();
        (typed(exact), exact)
    }

    /// Counts a record of no known format.
    pub(crate) fn unknown(&mut self, slice: Slice<'a>) {
        self.tally.records += 1;
        let skip = typed::<IgnoredAny>(slice).err().unwrap_or_else(|| Skip {
            offset: slice.offset,
            reason: SkipReason::Shape,
            message: "this is no record of any known format".into(),
        });
        self.tally.skipped.push(skip);
    }

    /// Notes that a record was left out.
    pub(crate) fn skip(&mut self, offset: usize, reason: SkipReason, message: impl Into<String>) {
        self.tally.skipped.push(Skip { offset, reason, message: message.into() });
    }

    /// Notes that a part of a run was left out.
    pub(crate) fn part(&mut self, offset: usize, reason: SkipReason, message: impl Into<String>) {
        self.tally.parts.push(Skip { offset, reason, message: message.into() });
    }

    /// Hands a run on, under an id of its own.
    pub(crate) fn run(&mut self, mut run: Run<'a>) {
        let seen = self.ids.entry(run.id.clone()).or_insert(0);
        *seen += 1;
        if *seen > 1 {
            run.id = format!("{}#{seen}", run.id);
        }
        self.tally.runs += 1;
        (self.on_run)(run);
    }

    /// Where a text that was borrowed from the file begins.
    pub(crate) fn offset_of(&self, text: &str) -> Option<usize> {
        let offset = (text.as_ptr() as usize).checked_sub(self.file.as_ptr() as usize)?;
        (offset <= self.file.len()).then_some(offset)
    }
}

/// A record that was read. Trials of one case are alike for long stretches, so
/// their lengths and ends are compared before the whole.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Seen<'a> {
    length: usize,
    tail: &'a [u8],
    head: &'a [u8],
    bytes: &'a [u8],
}

impl<'a> Seen<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        const END: usize = 64;
        let tail = bytes.get(bytes.len().saturating_sub(END)..).unwrap_or(bytes);
        let head = bytes.get(..END).unwrap_or(bytes);
        Self { length: bytes.len(), tail, head, bytes }
    }
}

/// Reads a value into its shape, or says why that is impossible.
pub(crate) fn typed<'a, T: Deserialize<'a>>(slice: Slice<'a>) -> Result<T, Skip> {
    let skip = |reason, message: String| Skip { offset: slice.offset, reason, message };
    if slice.truncated {
        return Err(skip(SkipReason::Truncated, "the file ends inside this record".into()));
    }
    let text = std::str::from_utf8(slice.bytes).map_err(|error| {
        let at = slice.offset + error.valid_up_to();
        skip(SkipReason::NotUtf8, format!("byte {at} is not UTF-8"))
    })?;
    serde_json::from_str(text).map_err(|error| {
        let reason = if error.is_data() { SkipReason::Shape } else { SkipReason::Malformed };
        skip(reason, explain(text, &error))
    })
}

/// The parser's message; NaN and its like are named, since Python writes them.
fn explain(text: &str, error: &serde_json::Error) -> String {
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    let from = error.column().saturating_sub(2);
    let rest = line.get(from..).unwrap_or_default().trim_start_matches([' ', ':', '[', ',', '-']);
    for word in ["NaN", "Infinity"] {
        if rest.starts_with(word) {
            return format!("{word} is no JSON number ({error})");
        }
    }
    error.to_string()
}
