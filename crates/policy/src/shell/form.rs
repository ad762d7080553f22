//! What rules see of a command line: its static shape, and its value.

use std::collections::BTreeSet;
use std::sync::Arc;

use bounden_base::Json;

use super::word::Word;
use super::{Line, Segment};
use crate::schema::Shape;

/// Texts in the order in which they first appeared.
#[derive(Default)]
struct Distinct {
    texts: Vec<String>,
    known: BTreeSet<String>,
}

impl Distinct {
    fn add(&mut self, text: String) {
        if self.known.insert(text.clone()) {
            self.texts.push(text);
        }
    }
}

/// What a shape is a part of, for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Line,
    Segment,
}

impl Part {
    /// The part that has this shape.
    pub(crate) fn with(shape: &Shape) -> Option<Self> {
        let parts = [(Self::Line, self::shape()), (Self::Segment, segment_shape())];
        parts.into_iter().find(|(_, known)| known == shape).map(|(part, _)| part)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Line => "a command line",
            Self::Segment => "a segment of a command line",
        }
    }
}

/// The shape of `shell(x)`.
pub(crate) fn shape() -> Shape {
    object([
        ("env", texts()),
        ("programs", texts()),
        ("reads", texts()),
        ("segments", Shape::List(segment_shape().into())),
        ("writes", texts()),
    ])
}

/// The shape of one of its segments.
fn segment_shape() -> Shape {
    object([
        ("args", texts()),
        ("env", texts()),
        ("flags", texts()),
        ("name", Shape::Text),
        ("operands", texts()),
        ("piped", Shape::Bool),
        ("program", Shape::Text),
        ("reads", texts()),
        ("writes", texts()),
    ])
}

fn texts() -> Shape {
    Shape::List(Shape::Text.into())
}

fn object<const N: usize>(members: [(&str, Shape); N]) -> Shape {
    let members = members.map(|(name, shape)| (name.into(), (shape, true)));
    Shape::Object { members: Arc::new(members.into_iter().collect()), open: false }
}

/// The value of `shell(x)`; what is not known in it is null, which is absent.
pub(super) fn json(line: &Line) -> Json {
    let mut files = line.files.clone();
    let mut segments: Vec<Json> = Vec::new();
    let mut programs = Distinct::default();
    if line.moves {
        files.lose_relative();
    }
    for segment in &line.segments {
        programs.add(segment.program());
        programs.add(segment.name());
        segments.push(of_segment(segment, line.moves));
    }
    let env: BTreeSet<&str> = line
        .env
        .iter()
        .chain(line.segments.iter().flat_map(|segment| &segment.env))
        .map(String::as_str)
        .collect();
    Json::object([
        ("env", env.into_iter().map(Json::from).collect()),
        ("programs", programs.texts.into_iter().map(Json::from).collect()),
        ("reads", list(files.reads)),
        ("segments", segments.into_iter().collect()),
        ("writes", list(files.writes)),
    ])
}

fn of_segment(segment: &Segment, moves: bool) -> Json {
    let mut files = segment.files.clone();
    if moves {
        files.lose_relative();
    }
    let args: Option<Vec<&str>> = segment.args.iter().map(Word::known).collect();
    let operands = args.as_ref().map(|args| operands(args));
    Json::object([
        ("args", list(args.map(|args| args.into_iter().map(str::to_owned).collect()))),
        ("env", segment.env.iter().map(|name| Json::from(name.as_str())).collect()),
        ("flags", list(flags(&segment.args))),
        ("name", segment.name().into()),
        ("operands", list(operands)),
        ("piped", segment.piped.into()),
        ("program", segment.program().into()),
        ("reads", list(files.reads)),
        ("writes", list(files.writes)),
    ])
}

fn list(texts: Option<Vec<String>>) -> Json {
    texts.map_or(Json::Null, |texts| texts.into_iter().map(Json::from).collect())
}

/// What a program may take for a flag, wherever it stands: the word itself up
/// to `=`, and every letter of a cluster such as `-rf`.
fn flags(args: &[Word]) -> Option<Vec<String>> {
    let mut flags = Distinct::default();
    for arg in args {
        let Some(text) = arg.known() else {
            // Something that begins with another character is no flag, however it goes on.
            if arg.may_be_flag() {
                return None;
            }
            continue;
        };
        if !text.starts_with('-') || text == "-" || text == "--" {
            continue;
        }
        let flag = text.split('=').next().unwrap_or_default();
        flags.add(flag.to_owned());
        let letters = flag.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
        for letter in letters.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric) {
            flags.add(format!("-{letter}"));
        }
    }
    Some(flags.texts)
}

/// What a program may take for an operand: words without a dash, all words
/// after `--`, and the values of `--name=value`.
fn operands(args: &[&str]) -> Vec<String> {
    let mut operands = Vec::new();
    let mut only_operands = false;
    for arg in args {
        if only_operands || *arg == "-" || !arg.starts_with('-') {
            operands.push((*arg).to_owned());
        } else if *arg == "--" {
            only_operands = true;
        } else if let Some((_, value)) = arg.split_once('=') {
            operands.push(value.to_owned());
        }
    }
    operands
}
