//! The strict reader. It never guesses: every doubt is an error with a place.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::{fmt, mem};

use super::plain::plain_length;
use super::{Json, Members};
use crate::{DecimalError, LineIndex};

/// How large a value may be before it is refused.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest text, in bytes.
    pub bytes: usize,
    /// Deepest nesting of lists and objects.
    pub depth: usize,
}

/// A text is not JSON that can be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// What is wrong.
    pub kind: JsonErrorKind,
    /// Where, in bytes from the start.
    pub offset: usize,
    /// Line and column, both from 1; 0 where unknown.
    pub position: (usize, usize),
}

/// What can be wrong with a JSON text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonErrorKind {
    /// Larger than [`Limits::bytes`].
    #[error("the text is larger than {0} bytes")]
    TooLarge(usize),
    /// Nested deeper than [`Limits::depth`].
    #[error("lists and objects are nested deeper than {0}")]
    TooDeep(usize),
    /// The bytes are not UTF-8.
    #[error("the text is not UTF-8")]
    NotUtf8,
    /// The text starts with a byte order mark.
    #[error("the text starts with a byte order mark")]
    ByteOrderMark,
    /// The text ends inside a value.
    #[error("the text ends too early; expected {0}")]
    UnexpectedEnd(&'static str),
    /// Something else stands where a part of JSON should.
    #[error("expected {0}")]
    Expected(&'static str),
    /// A second value or other text after the value.
    #[error("something follows the value")]
    Trailing,
    /// The same key twice in one object.
    #[error("the key `{0}` is given twice")]
    DuplicateKey(String),
    /// An escape that JSON does not have.
    #[error("this is not an escape sequence of JSON")]
    Escape,
    /// Half of a surrogate pair.
    #[error("this is half of a surrogate pair and no character")]
    Surrogate,
    /// A raw control character in a string.
    #[error("a control character in a string has to be escaped")]
    Control,
    /// A number that cannot be held exactly.
    #[error("{0}")]
    Number(#[from] DecimalError),
    /// The value does not have the shape of the document that it should be.
    #[error("{0}")]
    Shape(String),
}

impl Default for Limits {
    /// 16 MiB, 64 levels.
    fn default() -> Self {
        Self { bytes: 16 << 20, depth: 64 }
    }
}

impl JsonError {
    pub(super) fn shape(error: &serde_json::Error) -> Self {
        Self {
            kind: JsonErrorKind::Shape(error.to_string()),
            offset: 0,
            position: (error.line(), error.column()),
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.kind, self.position) {
            // serde_json names the place itself.
            (JsonErrorKind::Shape(message), _) => f.write_str(message),
            (kind, (0, _)) => kind.fmt(f),
            (kind, (line, column)) => write!(f, "{kind} at line {line} column {column}"),
        }
    }
}

impl std::error::Error for JsonError {}

pub(super) fn parse(bytes: &[u8], limits: Limits) -> Result<Json, JsonError> {
    parse_but(bytes, limits, &[]).map(|(value, _)| value)
}

/// Reads a value; what stands at `path` is read as strictly, and not built: its
/// text is given back, and null stands in its place.
pub(super) fn parse_but<'t>(
    bytes: &'t [u8],
    limits: Limits,
    path: &'t [&'t str],
) -> Result<(Json, Option<&'t str>), JsonError> {
    let text = valid_text(bytes, limits)?;
    let mut reader = Reader::new(text, limits.depth, false);
    reader.path = path;
    if let Ok(value) = reader.document() {
        return Ok((value, reader.left_out));
    }
    // That a key is given twice is seen at the end of its object. Of a text with
    // several faults the first is told, so such a text is read again, key by key.
    let mut reader = Reader::new(text, limits.depth, true);
    match reader.document() {
        Ok(value) if path.is_empty() => Ok((value, None)),
        Ok(_) => Err(reader.error(JsonErrorKind::Expected("a value"))),
        Err(kind) => Err(reader.error(kind)),
    }
}

/// The text of one value without what stands around it, read strictly.
pub(super) fn check(text: &str) -> Result<&str, JsonError> {
    let limits = Limits::default();
    let mut reader = Reader::new(valid_text(text.as_bytes(), limits)?, limits.depth, false);
    let read = reader.leave_out().and_then(|_| reader.end());
    match (read, reader.left_out) {
        (Ok(()), Some(value)) => Ok(value),
        _ => parse(text.as_bytes(), limits)
            .and_then(|_| Err(reader.error(JsonErrorKind::Expected("a value")))),
    }
}

/// The text, if it is one and not too large.
pub(super) fn valid_text(bytes: &[u8], limits: Limits) -> Result<&str, JsonError> {
    let unplaced = |kind, offset| JsonError { kind, offset, position: (0, 0) };
    if bytes.len() > limits.bytes {
        return Err(unplaced(JsonErrorKind::TooLarge(limits.bytes), limits.bytes));
    }
    std::str::from_utf8(bytes)
        .map_err(|error| unplaced(JsonErrorKind::NotUtf8, error.valid_up_to()))
}

/// A place in a text from which values are read.
pub(super) struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth_left: usize,
    depth: usize,
    /// Whether each key is compared with those before it at once.
    key_by_key: bool,
    /// What was read of the objects and of the lists that are not closed yet, so
    /// that each of them is given its place when its size is known.
    members: Vec<(String, Json)>,
    items: Vec<Json>,
    /// The same for objects of which only the text is wanted.
    keys: Vec<Cow<'a, str>>,
    /// The way from here to the value that is not built; empty where there is none.
    path: &'a [&'a str],
    /// The text of that value.
    left_out: Option<&'a str>,
}

type Read<T> = Result<T, JsonErrorKind>;

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, depth: usize, key_by_key: bool) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            depth_left: depth,
            depth,
            key_by_key,
            members: Vec::new(),
            items: Vec::new(),
            keys: Vec::new(),
            path: &[],
            left_out: None,
        }
    }

    fn document(&mut self) -> Read<Json> {
        if self.text.starts_with('\u{feff}') {
            return Err(JsonErrorKind::ByteOrderMark);
        }
        let value = self.value()?;
        self.end()?;
        Ok(value)
    }

    fn error(&self, kind: JsonErrorKind) -> JsonError {
        let place = LineIndex::new(self.text).position(self.at);
        JsonError { kind, offset: self.at, position: (place.line, place.column) }
    }

    /// Nothing follows any more.
    pub(super) fn end(&mut self) -> Read<()> {
        if self.next_byte().is_some() { Err(JsonErrorKind::Trailing) } else { Ok(()) }
    }

    pub(super) fn value(&mut self) -> Read<Json> {
        match self.next_byte() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => Ok(Json::String(self.string()?.into_owned())),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => Err(JsonErrorKind::Expected("a value")),
            None => Err(JsonErrorKind::UnexpectedEnd("a value")),
        }
    }

    /// Reads a value without building it.
    fn pass(&mut self) -> Read<()> {
        match self.next_byte() {
            Some(b'{') => self.nested(Self::pass_object),
            Some(b'[') => self.nested(|reader| reader.parts(b']', Self::pass)),
            Some(b'"') => self.string().map(drop),
            _ => self.value().map(drop),
        }
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        self.enter()?;
        let value = read(self)?;
        self.leave();
        Ok(value)
    }

    /// Goes into the list or object that begins here.
    pub(super) fn enter(&mut self) -> Read<()> {
        self.depth_left =
            self.depth_left.checked_sub(1).ok_or(JsonErrorKind::TooDeep(self.depth))?;
        self.at += 1;
        Ok(())
    }

    /// Comes out of a list or object that has ended.
    pub(super) fn leave(&mut self) {
        self.depth_left += 1;
    }

    fn object(&mut self) -> Read<Json> {
        let first = self.members.len();
        let mut known = BTreeSet::new();
        self.parts(b'}', |reader| {
            let (key_at, key) = reader.key()?;
            let key = key.into_owned();
            let value = reader.member(&key)?;
            if reader.key_by_key && !known.insert(key.clone()) {
                reader.at = key_at;
                return Err(JsonErrorKind::DuplicateKey(key));
            }
            reader.members.push((key, value));
            Ok(())
        })?;
        let members = Members::distinct(self.members.drain(first..));
        members.map(Json::Object).ok_or(JsonErrorKind::DuplicateKey(String::new()))
    }

    /// The value of a member, unless it is the one that is not built.
    fn member(&mut self, key: &str) -> Read<Json> {
        let path = mem::take(&mut self.path);
        let value = match path.split_first() {
            Some((name, [])) if *name == key => self.leave_out(),
            Some((name, rest)) if *name == key => {
                self.path = rest;
                self.value()
            }
            _ => self.value(),
        };
        self.path = path;
        value
    }

    fn leave_out(&mut self) -> Read<Json> {
        self.skip_space();
        let start = self.at;
        self.pass()?;
        self.left_out = self.text.get(start..self.at);
        Ok(Json::Null)
    }

    fn pass_object(&mut self) -> Read<()> {
        let first = self.keys.len();
        self.parts(b'}', |reader| {
            let (_, key) = reader.key()?;
            reader.keys.push(key);
            reader.pass()
        })?;
        let keys = self.keys.get_mut(first..).unwrap_or_default();
        keys.sort_unstable();
        let is_distinct = keys.windows(2).all(|pair| pair.first() != pair.last());
        self.keys.truncate(first);
        if is_distinct { Ok(()) } else { Err(JsonErrorKind::DuplicateKey(String::new())) }
    }

    fn array(&mut self) -> Read<Json> {
        let first = self.items.len();
        let path = mem::take(&mut self.path);
        self.parts(b']', |reader| {
            let item = reader.value()?;
            reader.items.push(item);
            Ok(())
        })?;
        self.path = path;
        Ok(Json::Array(self.items.drain(first..).collect()))
    }

    /// A key with its place, up to the value.
    fn key(&mut self) -> Read<(usize, Cow<'a, str>)> {
        self.skip_space();
        let at = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.expected("a key in double quotes"));
        }
        let key = self.string()?;
        self.skip_space();
        if self.take(b':') { Ok((at, key)) } else { Err(self.expected("`:` after a key")) }
    }

    /// The items of a list or the members of an object, up to its end.
    fn parts(&mut self, close: u8, mut part: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.skip_space();
        if self.take(close) {
            return Ok(());
        }
        loop {
            part(self)?;
            self.skip_space();
            if self.take(close) {
                return Ok(());
            }
            if !self.take(b',') {
                let wanted = if close == b'}' { "`,` or `}`" } else { "`,` or `]`" };
                return Err(self.expected(wanted));
            }
        }
    }

    /// A string, which is a part of the text unless it holds escapes.
    pub(super) fn string(&mut self) -> Read<Cow<'a, str>> {
        self.at += 1;
        let plain = self.plain();
        if self.take(b'"') {
            return Ok(Cow::Borrowed(plain));
        }
        let mut out = plain.to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(out));
                }
                Some(b'\\') => out.push(self.escape()?),
                Some(_) => return Err(JsonErrorKind::Control),
                None => return Err(JsonErrorKind::UnexpectedEnd("the closing `\"`")),
            }
            out.push_str(self.plain());
        }
    }

    /// The characters up to the next one that ends a string or has a meaning in it.
    fn plain(&mut self) -> &'a str {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        self.at += plain_length(rest);
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn escape(&mut self) -> Read<char> {
        let start = self.at;
        let refuse = |reader: &mut Self, kind| {
            reader.at = start;
            Err(kind)
        };
        self.at += 1;
        let letter = self.peek();
        self.at += 1;
        Ok(match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let Some(unit) = self.four_hex_digits() else {
                    return refuse(self, JsonErrorKind::Escape);
                };
                let code = if (0xd800..0xdc00).contains(&unit) {
                    let low = (self.take(b'\\') && self.take(b'u'))
                        .then(|| self.four_hex_digits())
                        .flatten();
                    match low {
                        Some(low @ 0xdc00..0xe000) => {
                            0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
                        }
                        _ => return refuse(self, JsonErrorKind::Surrogate),
                    }
                } else {
                    unit
                };
                match char::from_u32(code) {
                    Some(character) => character,
                    None => return refuse(self, JsonErrorKind::Surrogate),
                }
            }
            _ => return refuse(self, JsonErrorKind::Escape),
        })
    }

    fn four_hex_digits(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    /// What stands where a number begins.
    pub(super) fn number_text(&mut self) -> &'a str {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
        {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn number(&mut self) -> Read<Json> {
        let start = self.at;
        self.number_text().parse().map(Json::Number).map_err(|error| {
            self.at = start;
            JsonErrorKind::Number(error)
        })
    }

    fn word(&mut self, word: &'static str, value: Json) -> Read<Json> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word) {
            return Err(JsonErrorKind::Expected("a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    /// The text of the next value, of which only the brackets and strings are
    /// looked at: whoever reads it has to read it strictly.
    pub(super) fn value_text(&mut self) -> Read<&'a str> {
        self.skip_space();
        let start = self.at;
        let outside = self.depth_left;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.string()?;
                }
                Some(b'{' | b'[') => self.enter()?,
                Some(b'}' | b']') if self.depth_left < outside => {
                    self.at += 1;
                    self.leave();
                }
                Some(b'}' | b']') | None => return Err(JsonErrorKind::Expected("a value")),
                Some(_) => self.at += 1,
            }
            let is_scalar_open =
                self.peek().is_some_and(|byte| !matches!(byte, b',' | b'}' | b']'));
            if self.depth_left == outside && !is_scalar_open {
                return Ok(self.text.get(start..self.at).unwrap_or_default());
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The first byte of what comes next, after white space.
    pub(super) fn next_byte(&mut self) -> Option<u8> {
        self.skip_space();
        self.peek()
    }

    pub(super) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expected(&self, what: &'static str) -> JsonErrorKind {
        if self.peek().is_none() {
            JsonErrorKind::UnexpectedEnd(what)
        } else {
            JsonErrorKind::Expected(what)
        }
    }

    pub(super) fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }
}
