//! Where a `$ref` leads: along a JSON pointer (RFC 6901) to another schema of the
//! same document. Whatever else it may say is refused, since what one reader
//! follows and another passes over is a constraint that nobody can rely on.

use bounden_base::Json;

/// A reference that is not followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ReferenceError {
    /// Another document is never fetched.
    #[error("`{0}` lies outside the document; inline it")]
    Outside(String),
    /// A fragment that is no pointer.
    #[error("`{0}` names an anchor; write the place itself, such as `#/$defs/name`")]
    Anchor(String),
    /// A pointer that RFC 6901 does not know.
    #[error(
        "`{0}` is no JSON pointer: `%` begins two hexadecimal digits of a UTF-8 byte, \
         and `~0` and `~1` stand for `~` and `/`"
    )]
    Pointer(String),
    /// Nothing is there, or something that is no schema.
    #[error("`{0}` leads to no schema")]
    NoSchema(String),
    /// The schema on the way is a document of its own.
    #[error("`{0}` leads into a schema with an `$id` of its own; take that away")]
    OtherBase(String),
}

/// What a keyword holds.
enum Part<'j> {
    Schema(&'j Json),
    /// A list of schemas, or schemas by name.
    Schemas(&'j Json),
}

/// The schema that a reference leads to.
pub(crate) fn target<'j>(document: &'j Json, reference: &str) -> Result<&'j Json, ReferenceError> {
    let refused = |why: fn(String) -> ReferenceError| why(reference.to_owned());
    let fragment = reference.strip_prefix('#').ok_or_else(|| refused(ReferenceError::Outside))?;
    let path = decoded(fragment).ok_or_else(|| refused(ReferenceError::Pointer))?;
    if !path.is_empty() && !path.starts_with('/') {
        return Err(refused(ReferenceError::Anchor));
    }
    let mut part = Part::Schema(document);
    for step in path.split('/').skip(1) {
        let step = unescaped(step).ok_or_else(|| refused(ReferenceError::Pointer))?;
        part = part.step(&step).ok_or_else(|| refused(ReferenceError::NoSchema))?;
        if let Part::Schema(schema) = part
            && schema.get("$id").is_some()
        {
            return Err(refused(ReferenceError::OtherBase));
        }
    }
    match part {
        Part::Schema(schema) => Ok(schema),
        Part::Schemas(_) => Err(refused(ReferenceError::NoSchema)),
    }
}

impl<'j> Part<'j> {
    fn step(&self, step: &str) -> Option<Self> {
        match self {
            Self::Schema(schema) => {
                let value = schema.get(step)?;
                match step {
                    "items" | "additionalProperties" | "propertyNames" | "not" => {
                        Some(Self::Schema(value))
                    }
                    "$defs" | "definitions" | "properties" | "patternProperties"
                    | "prefixItems" | "allOf" | "anyOf" | "oneOf" => Some(Self::Schemas(value)),
                    _ => None,
                }
            }
            Self::Schemas(Json::Array(items)) => items.get(index(step)?).map(Self::Schema),
            Self::Schemas(members) => members.get(step).map(Self::Schema),
        }
    }
}

/// The text of a fragment, which is decoded as a whole before it is cut into
/// steps (RFC 6901, section 6).
fn decoded(fragment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    while let Some(byte) = rest.next() {
        let is_escaped = byte == b'%';
        bytes.push(if is_escaped {
            digit(rest.next()?)? << 4 | digit(rest.next()?)?
        } else {
            byte
        });
    }
    String::from_utf8(bytes).ok()
}

fn unescaped(step: &str) -> Option<String> {
    let mut parts = step.split('~');
    let mut name = parts.next()?.to_owned();
    for part in parts {
        let (escaped, rest) = part.split_at_checked(1)?;
        name.push(match escaped {
            "0" => '~',
            "1" => '/',
            _ => return None,
        });
        name.push_str(rest);
    }
    Some(name)
}

/// The place in a list: digits without a leading zero (RFC 6901, section 4).
fn index(step: &str) -> Option<usize> {
    let is_plain = step == "0" || step.starts_with(|first: char| matches!(first, '1'..='9'));
    step.parse().ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r##"{
        "$id":"https://example.com/tool","$anchor":"here",
        "properties":{"a":{"title":"1"},"title":{"title":"2"},"m~n":{"title":"3"},"x/y":{"title":"4"},
            "ü b":{"title":"5"},"100%":{"title":"6"},"":{"title":"7"},"~1":{"title":"8"}},
        "allOf":[{"title":"9"},{"items":{"title":"10"}}],
        "$defs":{"own":{"$id":"https://example.com/other","properties":{"a":{}}},"group":{"a":{}}},
        "required":["a"],"default":{"properties":{"a":{}}}
    }"##;

    fn found(reference: &str) -> Result<String, ReferenceError> {
        let document = Json::parse(DOCUMENT.as_bytes()).unwrap();
        let schema = target(&document, reference)?;
        Ok(schema.get("title").and_then(Json::as_str).unwrap_or("the document").to_owned())
    }

    #[test]
    fn a_pointer_is_read_as_its_standard_says() {
        for (reference, title) in [
            ("#", "the document"),
            ("#/properties/a", "1"),
            ("#/properties/%61", "1"),
            ("#%2Fproperties%2fa", "1"),
            ("#/properties/title", "2"),
            ("#/properties/m~0n", "3"),
            ("#/properties/m%7E0n", "3"),
            ("#/properties/x~1y", "4"),
            ("#/properties/%C3%BC%20b", "5"),
            ("#/properties/ü b", "5"),
            ("#/properties/100%25", "6"),
            ("#/properties/", "7"),
            ("#/properties/~01", "8"),
            ("#/allOf/0", "9"),
            ("#/allOf/1/items", "10"),
        ] {
            assert_eq!(found(reference).as_deref(), Ok(title), "{reference}");
        }
    }

    #[test]
    fn what_is_no_pointer_to_a_schema_is_not_followed() {
        type Kind = fn(String) -> ReferenceError;
        let kinds: [(Kind, &[&str]); 5] = [
            (
                ReferenceError::Outside,
                &["", "a.json", "https://example.com/tool", "other#/a", "/properties/a"],
            ),
            (
                ReferenceError::Anchor,
                &["#here", "#nowhere", "#properties/a", "# ", "#%68ere", "##/properties/a"],
            ),
            (
                ReferenceError::Pointer,
                &[
                    "#/properties/100%",
                    "#/%zz",
                    "#/%+1",
                    "#/%ff",
                    "#/m~n",
                    "#/m~",
                    "#/m~2",
                    "#/~~01",
                    "#/~ü",
                ],
            ),
            (
                ReferenceError::NoSchema,
                &[
                    "#/",
                    "#/properties",
                    "#/properties/b",
                    "#/allOf",
                    "#/allOf/2",
                    "#/allOf/00",
                    "#/allOf/+1",
                    "#/allOf/-",
                    "#/required/0",
                    "#/default/properties/a",
                    "#/$defs/group/a",
                    "#/properties/x/y",
                    "#/properties/a/",
                ],
            ),
            (ReferenceError::OtherBase, &["#/$defs/own", "#/$defs/own/properties/a"]),
        ];
        for (kind, references) in kinds {
            for reference in references {
                assert_eq!(found(reference), Err(kind((*reference).to_owned())), "{reference}");
            }
        }
    }
}
