//! Files that define tools: those of OpenAI and Anthropic requests, answers to
//! MCP `tools/list`, and OpenAPI 3. All become definitions in the form of MCP.

use std::collections::BTreeMap;

use bounden_base::{Json, JsonError, LineIndex};

use super::{openapi, place};
use crate::yaml;

/// The tools that a file defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiTools {
    /// What the file calls itself; empty where it does not say.
    pub title: String,
    /// The release that the file states; empty where it does not say.
    pub version: String,
    /// One definition each, in the form of MCP.
    pub tools: Vec<Json>,
    /// File and line of each tool, by its name.
    pub places: BTreeMap<String, String>,
}

/// A file defines no tools.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionError {
    /// It is no JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// It is no YAML in the strict profile.
    #[error("line {line}: {message}; write it without this, or give the same document as JSON")]
    Yaml {
        /// From 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// It is something else.
    #[error(
        "it defines no tools: neither a list of those of OpenAI, Anthropic or MCP, nor `openapi: 3`, nor `mcpServers` or `servers` of a client"
    )]
    Unknown,
    /// One of the tools is none.
    #[error("tool {0} of the list has no name")]
    Nameless(usize),
    /// Two tools have one name.
    #[error("the tool `{0}` is defined twice")]
    Twice(String),
}

/// Reads the tools that a file defines.
///
/// # Errors
/// What keeps the file from being read, and where.
pub fn definitions(text: &str, file: &str) -> Result<ApiTools, DefinitionError> {
    let root = if text.trim_start().starts_with(['{', '[']) {
        Json::parse(text.as_bytes())?
    } else {
        from_yaml(text)?
    };
    let is_openapi = root.get("openapi").and_then(Json::as_str);
    let found = match is_openapi.filter(|version| version.starts_with("3.")) {
        Some(_) => openapi::read(&root, text, file),
        None => listed(&root, text, file)?,
    };
    let mut names: Vec<_> =
        found.tools.iter().filter_map(|tool| tool.get("name")?.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair.first() == pair.last()) {
        Some([twice, _]) => Err(DefinitionError::Twice((*twice).to_owned())),
        _ => Ok(found),
    }
}

fn from_yaml(text: &str) -> Result<Json, DefinitionError> {
    if text.trim().is_empty() {
        return Err(DefinitionError::Unknown);
    }
    let (document, problems) = yaml::read(text.as_bytes());
    if let Some(problem) = problems.iter().find(|problem| problem.is_error()) {
        let line = LineIndex::new(text).position(problem.span.start).line;
        return Err(DefinitionError::Yaml { line, message: problem.message.clone() });
    }
    document.map(|document| document.json()).ok_or(DefinitionError::Unknown)
}

fn listed(root: &Json, text: &str, file: &str) -> Result<ApiTools, DefinitionError> {
    let lists: [&[&str]; 3] = [&["tools"], &["functions"], &["result", "tools"]];
    let list = root
        .as_array()
        .or_else(|| lists.iter().find_map(|path| root.at(path.iter().copied())?.as_array()));
    let list = list.ok_or(DefinitionError::Unknown)?;
    let mut found = ApiTools {
        title: String::new(),
        version: String::new(),
        tools: Vec::new(),
        places: BTreeMap::new(),
    };
    for (index, tool) in list.iter().enumerate() {
        let tool = tool.get("function").unwrap_or(tool);
        // Tools that a provider runs itself have a type and no name.
        let name = tool.get("name").or(tool.get("type")).and_then(Json::as_str);
        let name =
            name.filter(|name| !name.is_empty()).ok_or(DefinitionError::Nameless(index + 1))?;
        let quoted = Json::from(name).canonical();
        let own = place::of(text, file, &["\"name\"", &quoted]);
        found.places.insert(
            name.to_owned(),
            if own == file { place::of(text, file, &[&quoted]) } else { own },
        );
        found.tools.push(definition(name, tool));
    }
    Ok(found)
}

/// The tool in the form of MCP.
fn definition(name: &str, tool: &Json) -> Json {
    let schemas = ["inputSchema", "input_schema", "parameters"];
    let schema = schemas
        .into_iter()
        .find_map(|key| tool.get(key))
        .filter(|schema| schema.as_object().is_some());
    let any_object = || Json::object([("type", Json::from("object"))]);
    let mut members = vec![
        ("name", Json::from(name)),
        ("inputSchema", schema.cloned().unwrap_or_else(any_object)),
    ];
    for kept in ["title", "description", "annotations", "outputSchema"] {
        members.extend(tool.get(kept).map(|value| (kept, value.clone())));
    }
    Json::object(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let found = definitions(text, "t.json").unwrap();
        found
            .tools
            .iter()
            .map(|tool| {
                let name = tool.get("name").unwrap().as_str().unwrap();
                format!("{} {}", found.places[name], tool.canonical())
            })
            .collect()
    }

    #[test]
    fn every_form_of_a_tool_is_read() {
        let schema = r#"{"type":"object","properties":{"to":{"type":"string"}}}"#;
        let wanted = r#"{"description":"D","inputSchema":{"properties":{"to":{"type":"string"}},"type":"object"},"name":"send"}"#;
        for text in [
            format!(
                r#"[{{"type":"function","function":{{"name":"send","description":"D","parameters":{schema}}}}}]"#
            ),
            format!(
                r#"[{{"type":"function","name":"send","description":"D","parameters":{schema},"strict":true}}]"#
            ),
            format!(
                r#"{{"model":"m","tools":[{{"name":"send","description":"D","input_schema":{schema}}}]}}"#
            ),
            format!(
                r#"{{"functions":[{{"name":"send","description":"D","parameters":{schema}}}]}}"#
            ),
            format!(
                r#"{{"result":{{"tools":[{{"name":"send","description":"D","inputSchema":{schema}}}]}}}}"#
            ),
        ] {
            assert_eq!(shown(&text), [format!("t.json:1 {wanted}")], "{text}");
        }
    }

    #[test]
    fn tools_of_a_provider_have_no_schema() {
        let text = "[\n{\"type\":\"web_search_20250305\",\"name\":\"web_search\"},\n{\"type\":\"file_search\"}]";
        assert_eq!(
            shown(text),
            [
                r#"t.json:2 {"inputSchema":{"type":"object"},"name":"web_search"}"#,
                r#"t.json:3 {"inputSchema":{"type":"object"},"name":"file_search"}"#,
            ]
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, expected) in [
            ("{}", "it defines no tools"),
            ("", "it defines no tools"),
            ("[{}]", "tool 1 of the list has no name"),
            ("[1]", "tool 1 of the list has no name"),
            (r#"[{"name":"a"},{"name":"a"}]"#, "the tool `a` is defined twice"),
            ("{", ""),
            ("openapi: 3.0.0\nx: &a 1\n", "line 2: "),
            ("swagger: \"2.0\"\n", "it defines no tools"),
        ] {
            let said = definitions(text, "f").unwrap_err().to_string();
            assert!(said.starts_with(expected), "{text:?}: {said}");
        }
    }
}
