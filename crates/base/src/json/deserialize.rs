//! A typed document, read strictly from its text in one pass.
//!
//! What is refused here is read again in two steps, strictly and then by
//! `serde_json`, so that every error and its place stay those of the two. So this
//! way may refuse too much, and must never accept what they refuse.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{
    self, Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer,
    MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::parse::{Reader, valid_text};
use super::{Json, Limits};
use crate::Decimal;

/// By this name a [`Json`] asks for its own text, since numbers of serde are not exact.
const EXACT: &str = "bounden_base::Json";

/// Reads a document, or `None` where only the two steps can, or say why not.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let limits = Limits::default();
    let text = valid_text(bytes, limits).ok()?;
    let mut reader = Reader::new(text, limits.depth, false);
    let document = T::deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(document)
}

/// The text has to be read in two steps.
#[derive(Debug)]
pub(super) struct OtherWay;

pub(super) type Read<T> = Result<T, OtherWay>;

impl fmt::Display for OtherWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this text has to be read in two steps")
    }
}

impl std::error::Error for OtherWay {}

impl de::Error for OtherWay {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl From<super::JsonErrorKind> for OtherWay {
    fn from(_: super::JsonErrorKind) -> Self {
        Self
    }
}

/// What is asked for has to begin so; `serde_json` refuses everything else as well.
macro_rules! beginning {
    ($($method:ident $first:pat,)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
            match self.next_byte() {
                Some($first) => self.deserialize_any(visitor),
                _ => Err(OtherWay),
            }
        }
    )+};
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = OtherWay;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.next_byte() {
            Some(b'{') => self.between(b'}', |members| visitor.visit_map(members)),
            Some(b'[') => self.between(b']', |items| visitor.visit_seq(items)),
            Some(b'"') => match self.string()? {
                Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                Cow::Owned(text) => visitor.visit_string(text),
            },
            Some(b'-' | b'0'..=b'9') => self.integer(visitor),
            _ => match self.value()? {
                Json::Null => visitor.visit_unit(),
                Json::Bool(value) => visitor.visit_bool(value),
                _ => Err(OtherWay),
            },
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if self.next_byte() != Some(b'n') {
            return visitor.visit_some(self);
        }
        self.value()?;
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Read<V::Value> {
        if name == EXACT {
            return visitor.visit_borrowed_bytes(self.value_text()?.as_bytes());
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        match self.next_byte() {
            Some(b'"') => visitor.visit_enum(self.string()?.into_deserializer()),
            Some(b'{') => self
                .between(b'}', |members| visitor.visit_enum(MapAccessDeserializer::new(members))),
            _ => Err(OtherWay),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.value()?;
        visitor.visit_unit()
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_any(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_unit(visitor)
    }

    /// Strings and lists are bytes to `serde_json`.
    fn deserialize_bytes<V: Visitor<'de>>(self, _: V) -> Read<V::Value> {
        Err(OtherWay)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, _: V) -> Read<V::Value> {
        Err(OtherWay)
    }

    beginning! {
        deserialize_unit b'n',
        deserialize_bool b't' | b'f',
        deserialize_i8 b'-' | b'0'..=b'9',
        deserialize_i16 b'-' | b'0'..=b'9',
        deserialize_i32 b'-' | b'0'..=b'9',
        deserialize_i64 b'-' | b'0'..=b'9',
        deserialize_i128 b'-' | b'0'..=b'9',
        deserialize_u8 b'-' | b'0'..=b'9',
        deserialize_u16 b'-' | b'0'..=b'9',
        deserialize_u32 b'-' | b'0'..=b'9',
        deserialize_u64 b'-' | b'0'..=b'9',
        deserialize_u128 b'-' | b'0'..=b'9',
        deserialize_f32 b'-' | b'0'..=b'9',
        deserialize_f64 b'-' | b'0'..=b'9',
        deserialize_char b'"',
        deserialize_str b'"',
        deserialize_string b'"',
        deserialize_identifier b'"',
        deserialize_seq b'[',
        deserialize_map b'{',
    }
}

impl<'de> Reader<'de> {
    /// An integer written as one; all other numbers are rounded by `serde_json`.
    fn integer<V: Visitor<'de>>(&mut self, visitor: V) -> Read<V::Value> {
        let text = self.number_text();
        text.parse::<Decimal>().map_err(|_| OtherWay)?;
        if text == "-0" {
            return Err(OtherWay);
        }
        match (text.parse::<u64>(), text.parse::<i64>()) {
            (Ok(number), _) => visitor.visit_u64(number),
            (_, Ok(number)) => visitor.visit_i64(number),
            _ => Err(OtherWay),
        }
    }

    /// Reads the list or object that begins here and ends with `close`.
    fn between<T>(&mut self, close: u8, visit: impl FnOnce(Parts<'_, 'de>) -> Read<T>) -> Read<T> {
        self.enter()?;
        let value = visit(Parts { reader: self, close, is_first: true, known: BTreeSet::new() })?;
        self.skip_space();
        if !self.take(close) {
            return Err(OtherWay);
        }
        self.leave();
        Ok(value)
    }
}

/// The items of a list or the members of an object, as far as they are read.
struct Parts<'r, 'de> {
    reader: &'r mut Reader<'de>,
    close: u8,
    is_first: bool,
    /// The keys so far.
    known: BTreeSet<Cow<'de, str>>,
}

impl Parts<'_, '_> {
    /// Whether another part follows; if so, it begins here.
    fn goes_on(&mut self) -> Read<bool> {
        if self.reader.next_byte() == Some(self.close) {
            return Ok(false);
        }
        if !self.is_first && !self.reader.take(b',') {
            return Err(OtherWay);
        }
        self.is_first = false;
        Ok(true)
    }
}

impl<'de> SeqAccess<'de> for Parts<'_, 'de> {
    type Error = OtherWay;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Read<Option<S::Value>> {
        if !self.goes_on()? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

impl<'de> MapAccess<'de> for Parts<'_, 'de> {
    type Error = OtherWay;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Read<Option<S::Value>> {
        if !self.goes_on()? {
            return Ok(None);
        }
        if self.reader.next_byte() != Some(b'"') {
            return Err(OtherWay);
        }
        let key = self.reader.string()?;
        if !self.known.insert(key.clone()) {
            return Err(OtherWay);
        }
        seed.deserialize(key.into_deserializer()).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Read<S::Value> {
        self.reader.skip_space();
        if !self.reader.take(b':') {
            return Err(OtherWay);
        }
        seed.deserialize(&mut *self.reader)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(EXACT, OwnText)
    }
}

/// Takes the text of a value from [`read`], or as raw text from `serde_json`.
struct OwnText;

impl<'de> Visitor<'de> for OwnText {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_borrowed_bytes<E: de::Error>(self, text: &'de [u8]) -> Result<Json, E> {
        Json::parse(text).map_err(E::custom)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, from: D) -> Result<Json, D::Error> {
        let raw = Box::<RawValue>::deserialize(from)?;
        Json::parse(raw.get().as_bytes()).map_err(de::Error::custom)
    }
}
