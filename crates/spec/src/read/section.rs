//! Declares sections and closed sets of words once, for reading, messages and schema.

/// Declares a struct that is read from a mapping. Keys are the names of the
/// fields; [`super::Read::absent`] of a field's type says whether it is required.
macro_rules! section {
    ($(
        $(#[doc = $doc:literal])+
        $vis:vis struct $name:ident {
            $($(#[doc = $field_doc:literal])+ $field:ident: $type:ty,)+
        }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq)]
        $vis struct $name {
            /// Where the section stands.
            $vis span: bounden_base::Span,
            $($(#[doc = $field_doc])+ $vis $field: $type,)+
        }

        impl $crate::read::Read for $name {
            fn read(
                node: &$crate::yaml::Node,
                reader: &mut $crate::read::Reader,
            ) -> Option<Self> {
                const KNOWN: &[$crate::read::Field] = &[$($crate::read::Field {
                    key: $crate::read::key_of(stringify!($field)),
                    doc: concat!($($field_doc),+),
                }),+];
                let mut fields = reader.fields(node, KNOWN)?;
                $(let $field = fields.take($crate::read::key_of(stringify!($field)), reader);)+
                fields.finish(reader);
                Some(Self { span: node.span, $($field: $field?),+ })
            }

            fn write(&self) -> Option<$crate::yaml::Value> {
                let fields = [$((
                    $crate::read::key_of(stringify!($field)),
                    $crate::read::Read::write(&self.$field),
                )),+];
                Some($crate::read::written(fields))
            }

            fn schema() -> bounden_base::Json {
                $crate::read::section_schema(concat!($($doc),+), [$((
                    $crate::read::key_of(stringify!($field)),
                    concat!($($field_doc),+),
                    <$type as $crate::read::Read>::schema(),
                    <$type as $crate::read::Read>::absent().is_none(),
                )),+])
            }
        }
    )+};
}

/// Declares an enum that is written as one of a few words.
macro_rules! words {
    ($(
        $(#[doc = $doc:literal])+
        pub enum $name:ident {
            $($(#[doc = $word_doc:literal])+ $variant:ident = $word:literal,)+
        }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[doc = $word_doc])+ $variant,)+
        }

        impl $name {
            /// All of them, in the order of the reference.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word as it stands in documents.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// The value of this word.
            #[must_use]
            pub fn named(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }

        impl $crate::read::Scalar for $name {
            fn expected() -> String {
                $crate::read::one_of(&[$($word),+])
            }

            fn from_node(node: &$crate::yaml::Node) -> Option<Self> {
                Self::named(node.text()?)
            }

            fn near(text: &str) -> Option<&'static str> {
                bounden_base::nearest::name(text, [$($word),+])
            }

            fn to_value(&self) -> $crate::yaml::Value {
                $crate::read::text(self.word())
            }

            fn schema() -> bounden_base::Json {
                let words = [$($word),+].into_iter().map(bounden_base::Json::from);
                bounden_base::Json::object([("enum", words.collect())])
            }
        }
    )+};
}

pub(crate) use {section, words};

use bounden_base::{Json, Span};

use crate::yaml::{Entry, Key, Node, Text, Value};

/// The key of a field: its name, without the mark of a raw identifier.
pub(crate) const fn key_of(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}

/// A mapping of the fields that have a value.
pub(crate) fn written<'k>(fields: impl IntoIterator<Item = (&'k str, Option<Value>)>) -> Value {
    let entries = fields.into_iter().filter_map(|(name, value)| {
        let span = Span::default();
        let key = Key { name: name.to_owned(), span };
        Some(Entry { key, value: Node { span, value: value? } })
    });
    Value::Map(entries.collect())
}

/// A text as a value.
pub(crate) fn text(text: impl Into<String>) -> Value {
    Value::Text(Text::derived(text, Span::default()))
}

/// `a, b or c`
pub(crate) fn one_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The JSON Schema of a section: key, description, schema and whether it is required.
pub(crate) fn section_schema<const N: usize>(
    doc: &str,
    fields: [(&str, &str, Json, bool); N],
) -> Json {
    let required = fields.iter().filter(|(.., required)| *required);
    let required: Json = required.map(|(key, ..)| Json::from(*key)).collect();
    let properties = fields.map(|(key, doc, schema, _)| (key, described(schema, doc)));
    Json::object([
        ("type", "object".into()),
        ("description", doc.trim().into()),
        ("additionalProperties", false.into()),
        ("required", required),
        ("properties", Json::object(properties)),
    ])
}

fn described(schema: Json, doc: &str) -> Json {
    match schema {
        Json::Object(mut members) => {
            members.insert("description".to_owned(), doc.trim().into());
            Json::Object(members)
        }
        _ => Json::object([("description", doc.trim().into())]),
    }
}
