//! Tool definitions and the pages that list them.

use bounden_base::json::Members;
use bounden_base::{Digest, Json};

/// One tool as its server defines it; the whole definition is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    name: String,
    definition: Json,
}

/// One page of a server's tools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolPage {
    /// The tools, in the server's order.
    pub tools: Vec<Tool>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
    rest: Members,
}

/// Members of a definition's `_meta` that may differ from one answer to the
/// next without the tool being another one: W3C Trace Context and Baggage.
const VOLATILE_META: [&str; 3] = ["baggage", "traceparent", "tracestate"];

impl Tool {
    /// Reads a definition; `None` where the name or the input schema is missing.
    #[must_use]
    pub fn from_json(definition: Json) -> Option<Self> {
        let name = definition.get("name")?.as_str()?.to_owned();
        definition.get("inputSchema")?.as_object()?;
        Some(Self { name, definition })
    }

    /// The name that calls use.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole definition.
    #[must_use]
    pub fn definition(&self) -> &Json {
        &self.definition
    }

    /// The same tool under another name.
    #[must_use]
    pub fn renamed(self, name: &str) -> Self {
        let Json::Object(mut members) = self.definition else { return self };
        members.insert("name".to_owned(), name.into());
        Self { name: name.to_owned(), definition: Json::Object(members) }
    }

    /// What identifies the definition: the digest of [`Tool::pinned`].
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.pinned().digest()
    }

    /// The definition as it is pinned: name, title, description, schemas,
    /// annotations and every other member, less the volatile part of `_meta`.
    #[must_use]
    pub fn pinned(&self) -> Json {
        let mut definition = self.definition.clone();
        if let Json::Object(members) = &mut definition
            && let Some(Json::Object(meta)) = members.get_mut("_meta")
        {
            meta.retain(|key, _| !VOLATILE_META.contains(&key));
            if meta.is_empty() {
                members.remove("_meta");
            }
        }
        definition
    }
}

impl ToolPage {
    /// Reads the result of `tools/list`; `None` where any part of it is no tool list.
    #[must_use]
    pub fn from_json(result: Json) -> Option<Self> {
        let Json::Object(mut rest) = result else { return None };
        let Some(Json::Array(tools)) = rest.remove("tools") else { return None };
        let next_cursor = match rest.remove("nextCursor") {
            None | Some(Json::Null) => None,
            Some(Json::String(cursor)) => Some(cursor),
            Some(_) => return None,
        };
        let tools = tools.into_iter().map(Tool::from_json).collect::<Option<_>>()?;
        Some(Self { tools, next_cursor, rest })
    }

    /// A last page of these tools.
    #[must_use]
    pub fn of(tools: Vec<Tool>) -> Self {
        Self { tools, next_cursor: None, rest: Members::default() }
    }

    /// The page with those tools for which `keep` holds, in the same order. It
    /// differs from client to client now, so shared caches may not hold it.
    #[must_use]
    pub fn filtered(mut self, keep: impl FnMut(&Tool) -> bool) -> Self {
        self.tools.retain(keep);
        if let Some(scope) = self.rest.get_mut("cacheScope") {
            *scope = Json::from("private");
        }
        self
    }

    /// The result of `tools/list`.
    #[must_use]
    pub fn into_json(self) -> Json {
        let mut members = self.rest;
        let tools = self.tools.into_iter().map(|tool| tool.definition).collect();
        members.insert("tools".to_owned(), tools);
        if let Some(cursor) = self.next_cursor {
            members.insert("nextCursor".to_owned(), Json::String(cursor));
        }
        Json::Object(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        Json::parse(text.as_bytes()).unwrap()
    }

    fn tool(text: &str) -> Tool {
        Tool::from_json(json(text)).unwrap()
    }

    #[test]
    fn every_part_of_a_definition_is_in_its_digest() {
        let base = tool(r#"{"name":"a","description":"d","inputSchema":{}}"#);
        for other in [
            r#"{"name":"b","description":"d","inputSchema":{}}"#,
            r#"{"name":"a","description":"D","inputSchema":{}}"#,
            r#"{"name":"a","description":"d","inputSchema":{"type":"object"}}"#,
            r#"{"name":"a","description":"d","inputSchema":{},"title":"t"}"#,
            r#"{"name":"a","description":"d","inputSchema":{},"annotations":{"readOnlyHint":true}}"#,
            r#"{"name":"a","description":"d","inputSchema":{},"_meta":{"x":1}}"#,
            r#"{"name":"a","description":"d","inputSchema":{},"anything":1}"#,
        ] {
            assert_ne!(base.digest(), tool(other).digest(), "{other}");
        }
    }

    #[test]
    fn key_order_and_trace_context_are_not() {
        let base = tool(r#"{"name":"a","description":"d","inputSchema":{}}"#);
        let other =
            r#"{"inputSchema":{},"_meta":{"traceparent":"00-1"},"description":"d","name":"a"}"#;
        assert_eq!(base.digest(), tool(other).digest());
    }

    #[test]
    fn a_filtered_page_keeps_order_cursor_and_definitions() {
        let text = r#"{"tools":[{"name":"c","inputSchema":{}},{"name":"a","inputSchema":{"x":1.50}},
            {"name":"b","inputSchema":{}}],"nextCursor":"2","_meta":{"m":1},"cacheScope":"public"}"#;
        let page = ToolPage::from_json(json(text)).unwrap().filtered(|tool| tool.name() != "b");
        let expected = r#"{"tools":[{"name":"c","inputSchema":{}},{"name":"a","inputSchema":{"x":1.5}}],
            "nextCursor":"2","_meta":{"m":1},"cacheScope":"private"}"#;
        assert_eq!(page.into_json(), json(expected));
    }

    #[test]
    fn a_page_with_anything_else_in_it_is_none() {
        for text in [
            "[]",
            "{}",
            r#"{"tools":{}}"#,
            r#"{"tools":[1]}"#,
            r#"{"tools":[{"name":"a"}]}"#,
            r#"{"tools":[{"name":1,"inputSchema":{}}]}"#,
            r#"{"tools":[],"nextCursor":2}"#,
        ] {
            assert_eq!(ToolPage::from_json(json(text)), None, "{text}");
        }
    }
}
