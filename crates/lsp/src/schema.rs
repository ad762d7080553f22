//! What the published JSON Schema says of a place.

use std::sync::LazyLock;

use bounden_base::Json;
use bounden_spec::Format;

use crate::place::ITEM;

static ROOT: LazyLock<Json> = LazyLock::new(|| Format::INTENT.json_schema());

/// What may stand at one place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schema(&'static Json);

impl Schema {
    /// What may stand where a path leads; none where nothing is known of it.
    pub(crate) fn at(path: &[&str]) -> Option<Self> {
        let step = |schema: &'static Json, step: &&str| {
            let next = if *step == ITEM {
                schema.get("items")
            } else {
                schema.at(["properties", step]).or_else(|| schema.get("additionalProperties"))
            };
            next.filter(|next| next.as_object().is_some())
        };
        path.iter().try_fold(&*ROOT, step).map(Self)
    }

    /// What it is for, in a sentence.
    pub(crate) fn description(self) -> Option<&'static str> {
        self.0.get("description")?.as_str()
    }

    /// The keys of a section, with what may stand under each.
    pub(crate) fn keys(self) -> impl Iterator<Item = (&'static str, Self)> {
        let properties = self.0.get("properties").and_then(Json::as_object);
        properties.into_iter().flatten().map(|(key, schema)| (key.as_str(), Self(schema)))
    }

    /// Whether a section has to have this key.
    pub(crate) fn requires(self, key: &str) -> bool {
        let required = self.0.get("required").and_then(Json::as_array).unwrap_or_default();
        required.iter().any(|required| required.as_str() == Some(key))
    }

    /// The words that a value is one of.
    pub(crate) fn words(self) -> Vec<&'static str> {
        let words = self.0.get("enum").and_then(Json::as_array).unwrap_or_default();
        let only = self.0.get("const").into_iter();
        let booleans: &[&str] = if self.is("boolean") { &["true", "false"] } else { &[] };
        words.iter().chain(only).filter_map(Json::as_str).chain(booleans.iter().copied()).collect()
    }

    fn is(self, name: &str) -> bool {
        self.0.get("type").and_then(Json::as_str) == Some(name)
    }
}
