//! The formats that this program reads, each with its published JSON Schema.

use bounden_base::{Diagnostic, Digest, Json, Span, nearest};

use crate::read::Read as _;
use crate::yaml::{Document, Node};
use crate::{article, intent, organisation};

/// A format that this program reads.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Its name, which stands under `schema` of a document; the form of lists
    /// and prose, which has no such key, goes by the name of its file.
    pub name: &'static str,
    /// The file of its JSON Schema in the folder `schema`.
    pub file: &'static str,
    /// What the program does with it.
    pub standing: &'static str,
    schema: fn() -> Json,
}

/// All formats of documents that people write. A version that was released
/// stays in this list; a new one brings a row and its migration.
pub const FORMATS: [Format; 3] = [Format::INTENT, Format::FORM, Format::ORGANISATION];

impl Format {
    /// What a person promises an agent will and will not do.
    pub const INTENT: Self = Self {
        name: intent::SCHEMA,
        file: "behavior.intent.v1.json",
        standing: "read, and written by `bounden migrate`",
        schema: intent::Intent::schema,
    };

    /// The same as lists and prose.
    pub const FORM: Self = Self {
        name: article::FORM,
        file: "behavioral-spec.json",
        standing: "read, and migrated to `behavior.intent/v1`",
        schema: article::schema,
    };

    /// What an organisation demands of every intent.
    pub const ORGANISATION: Self = Self {
        name: organisation::SCHEMA,
        file: "org.policy.v1.json",
        standing: "read",
        schema: organisation::Document::schema,
    };

    /// The format of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        FORMATS.into_iter().find(|format| format.name == name)
    }

    /// Its JSON Schema (draft 2020-12).
    #[must_use]
    pub fn json_schema(&self) -> Json {
        let mut schema = match (self.schema)() {
            Json::Object(members) => members,
            other => return other,
        };
        let id = format!("urn:bounden:{}", self.name.replace('/', ":"));
        schema.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
        schema.insert("$id".to_owned(), id.into());
        schema.insert("title".to_owned(), self.name.into());
        if let Some(Json::Object(properties)) = schema.get_mut("properties")
            && let Some(key) = properties.get_mut("schema")
        {
            *key = Json::object([("const", self.name.into())]);
        }
        Json::Object(schema)
    }

    /// The digest of [`Self::json_schema`].
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.json_schema().digest()
    }
}

/// Why a document is none of the `supported` format: its schema is missing, or
/// one that this program does not read.
pub(crate) fn unsupported(document: &Document, supported: &'static str) -> Option<Diagnostic> {
    let root = &document.root;
    let Some(schema) = root.get("schema") else { return missing(root, supported) };
    let text = schema.text()?;
    (text.value != supported).then(|| {
        Diagnostic::error("B107", schema.span, format!("the schema `{text}` is not supported"))
            .help(format!("{}; {}", read_here(supported), advice(text, supported)))
    })
}

fn missing(root: &Node, supported: &str) -> Option<Diagnostic> {
    let entries = root.entries()?;
    let misspelt =
        entries.iter().find(|entry| nearest::name(&entry.key.name, ["schema"]).is_some());
    let span = misspelt.map_or(Span::at(root.span.start), |entry| entry.key.span);
    let write = format!("write `schema: {supported}` on the first line");
    let is_list = |key| root.get(key).is_some_and(|node| node.items().is_some());
    let has_lists =
        supported == intent::SCHEMA && (is_list("invariants") || is_list("success_criteria"));
    let help = if has_lists {
        format!(
            "{write}; or, in the form of lists and prose, give `scope` its lists `in_scope` and `out_of_scope`"
        )
    } else {
        write
    };
    let message = "the document does not say which schema it follows";
    Some(Diagnostic::error("B107", span, message).help(help))
}

/// What this program reads in place of an unknown schema.
fn read_here(supported: &str) -> String {
    if supported == intent::SCHEMA {
        format!("this program reads `{supported}`, and `{}`, which has no `schema`", article::FORM)
    } else {
        format!("this program reads `{supported}`")
    }
}

/// What to do about a schema that is not read.
fn advice(text: &str, supported: &str) -> String {
    let version = |name: &str| -> Option<u64> { name.rsplit_once("/v")?.1.parse().ok() };
    let family = |name: &str| name.rsplit_once("/v").map(|(family, _)| family.to_owned());
    let (given, known) = (version(text), version(supported));
    if family(text) != family(supported) || given.is_none() {
        let near = nearest::name(text, [supported]);
        return near.map_or_else(
            || format!("write `schema: {supported}` if that is meant"),
            |near| format!("did you mean `{near}`?"),
        );
    }
    if given > known {
        "a later version needs a later release of the program".to_owned()
    } else {
        format!(
            "there was no such version: write `schema: {supported}`, and `bounden check` says what differs"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{case, yaml};

    fn refused(text: &str, supported: &'static str) -> String {
        let document = yaml::read(text.as_bytes()).0.unwrap();
        let problems: Vec<_> = unsupported(&document, supported).into_iter().collect();
        case::show(text.as_bytes(), &problems)
    }

    #[test]
    fn a_version_that_is_not_read_says_which_are_and_what_to_do() {
        let said = |schema: &str| refused(&format!("schema: {schema}\n"), intent::SCHEMA);
        let reads = "this program reads `behavior.intent/v1`, and `behavioral-spec.yaml`, which has no `schema`";
        assert_eq!(said("behavior.intent/v1"), "");
        assert_eq!(
            said("behavior.intent/v2"),
            format!(
                "error B107 \"behavior.intent/v2\" the schema `behavior.intent/v2` is not supported; help: {reads}; a later version needs a later release of the program"
            )
        );
        assert!(said("behavior.intent/v0").ends_with("there was no such version: write `schema: behavior.intent/v1`, and `bounden check` says what differs"));
        assert!(said("behaviour.intent/v1").ends_with("did you mean `behavior.intent/v1`?"));
        assert!(said("behavior.intent/vx").contains("did you mean"));
        assert!(
            said("openapi/v3").ends_with("write `schema: behavior.intent/v1` if that is meant")
        );
        assert_eq!(
            refused("schema: org.policy/v2\n", organisation::SCHEMA),
            "error B107 \"org.policy/v2\" the schema `org.policy/v2` is not supported; help: this program reads `org.policy/v1`; a later version needs a later release of the program"
        );
    }

    #[test]
    fn lists_without_the_lists_of_the_scope_are_told_what_makes_them_the_form() {
        let said = refused("agent: {id: a}\ninvariants: [{rule: x}]\n", intent::SCHEMA);
        assert!(said.ends_with("give `scope` its lists `in_scope` and `out_of_scope`"), "{said}");
    }

    #[test]
    fn formats_have_names_files_and_schemas_of_their_own() {
        let count = |all: [String; 3]| std::collections::BTreeSet::from(all).len();
        assert_eq!(count(FORMATS.map(|format| format.name.to_owned())), 3);
        assert_eq!(count(FORMATS.map(|format| format.file.to_owned())), 3);
        assert_eq!(count(FORMATS.map(|format| format.digest().to_string())), 3);
        assert!(Format::named("behavior.intent/v2").is_none());
    }
}
