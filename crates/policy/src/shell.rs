//! Reads a POSIX command line as far as it says by itself which programs run.
//!
//! What dash and bash would run is among the segments of the answer, or there is
//! no answer: a program that a variable names, an alias, a `PATH` that is
//! changed, a quote without its end. What zsh reads differently has none either.
//! A word that an expansion makes longer keeps its segment, and only its own
//! text is not known.

mod chars;
mod expand;
mod files;
mod form;
mod group;
mod here;
mod list;
mod memo;
mod nested;
mod options;
mod program;
mod read;
mod simple;
mod variables;
mod word;
mod wrappers;

pub(crate) use form::{Part, shape};
pub(crate) use memo::Memo;

use files::Files;
use word::Word;

/// Longest command line, in bytes: what Linux lets one argument have.
const MOST_BYTES: usize = 128 * 1024;
/// Most words of a command line, those of the programs inside it included.
const MOST_WORDS: usize = 10_000;
/// Most programs that a command line runs.
const MOST_SEGMENTS: usize = 1_000;
/// Deepest nesting of groups, substitutions and programs that run programs.
const MOST_DEPTH: usize = 24;

/// Most steps for each byte of a command line, so that reading takes linear time.
const MOST_STEPS: usize = 64;

/// Why a command line has no form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It does not say by itself what would run, for this reason.
    Unclear(&'static str),
    /// It is longer or deeper than is looked at.
    TooLarge,
}

/// What a command line runs.
#[derive(Debug, Default)]
struct Line {
    segments: Vec<Segment>,
    /// Names of variables that it sets.
    env: Vec<String>,
    files: Files,
    /// The texts of here-documents, where they are literal.
    bodies: Vec<Option<String>>,
    words: usize,
    /// Bytes that were looked at, those of texts inside texts again.
    steps: usize,
    most_steps: usize,
    /// Whether a name may stand for something that the line itself defines.
    defines: bool,
    /// Whether the folder changes, so that a relative path is not known.
    moves: bool,
}

/// One program and what it is run with.
#[derive(Debug)]
struct Segment {
    /// As it is written, without quotes.
    path: String,
    args: Vec<Word>,
    env: Vec<String>,
    files: Files,
    /// Whether its input is the output of another segment.
    piped: bool,
    input: Input,
}

/// Where a program's input comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Input {
    /// Not said, or not known.
    #[default]
    Elsewhere,
    File(String),
    Text(String),
    /// A here-document, by its place in [`Line::bodies`].
    Here(usize),
}

type Reads<T> = Result<T, Unread>;

/// Reads a command line.
fn line(text: &str) -> Reads<Line> {
    if text.len() > MOST_BYTES {
        return Err(Unread::TooLarge);
    }
    let mut line = Line { most_steps: MOST_STEPS * (text.len() + 1), ..Line::default() };
    read::Reader::new(text, 0, &mut line).script()?;
    Ok(line)
}

impl Unread {
    /// Says that a command line has no form.
    fn because<T>(why: &'static str) -> Reads<T> {
        Err(Self::Unclear(why))
    }
}

impl Line {
    /// Counts words against the bound.
    fn count(&mut self, words: usize) -> Reads<()> {
        self.words += words;
        if self.words > MOST_WORDS { Err(Unread::TooLarge) } else { Ok(()) }
    }

    /// Counts bytes that were looked at against the bound.
    fn spend(&mut self, steps: usize) -> Reads<()> {
        self.steps += steps;
        if self.steps > self.most_steps { Err(Unread::TooLarge) } else { Ok(()) }
    }

    fn push(&mut self, segment: Segment) -> Reads<()> {
        if self.segments.len() == MOST_SEGMENTS {
            return Err(Unread::TooLarge);
        }
        self.segments.push(segment);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
