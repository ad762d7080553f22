//! A tool in words: what the intent says of it, and what was pinned.

use bounden_base::Json;
use bounden_policy::ToolContract;
use bounden_spec::yaml::Node;

/// What the intent says of a tool, in Markdown.
pub(crate) fn declared(value: &Node) -> Vec<String> {
    let line = |key: &str| Some(format!("- {key}: {}", code(&shown(&value.get(key)?.json()))));
    ["version", "effects", "labels", "money", "timeout"].into_iter().filter_map(line).collect()
}

/// What a server said of its tool when it was pinned, in Markdown. Servers are
/// strangers: their words are shown as they are, and can mean nothing to a renderer.
pub(crate) fn pinned(contract: &ToolContract) -> String {
    let definition = contract.definition();
    let said = |key: &str| definition.get(key).and_then(Json::as_str);
    let mut lines: Vec<String> =
        ["title", "description"].into_iter().filter_map(said).map(str::to_owned).collect();
    lines.push(String::new());
    lines.extend(members(contract.input_schema()).map(|(name, schema, is_required)| {
        let required = if is_required { ", required" } else { "" };
        format!("args.{name}: {}{required}{}", kind(schema), about(schema))
    }));
    lines.extend(
        members(contract.output_schema())
            .map(|(name, schema, _)| format!("result.{name}: {}{}", kind(schema), about(schema))),
    );
    let text = lines.join("\n");
    let block: Vec<_> = text.split(['\n', '\r']).map(|line| format!("    {line}")).collect();
    format!("Pinned as {}\n\n{}", code(&contract.digest().to_string()), block.join("\n"))
}

/// The type of a value in the words of JSON Schema.
pub(crate) fn kind(schema: &Json) -> String {
    if let Some(words) = schema.get("enum").and_then(Json::as_array) {
        return words.iter().map(shown).collect::<Vec<_>>().join(" | ");
    }
    match schema.get("type") {
        Some(Json::Array(types)) => types.iter().map(shown).collect::<Vec<_>>().join(" | "),
        Some(only) => shown(only),
        None => "any".to_owned(),
    }
}

/// The members that an object schema declares, and whether they have to be there.
pub(crate) fn members(schema: Option<&Json>) -> impl Iterator<Item = (&str, &Json, bool)> {
    let required = schema.and_then(|schema| schema.get("required")).and_then(Json::as_array);
    let properties = schema.and_then(|schema| schema.get("properties")).and_then(Json::as_object);
    properties.into_iter().flatten().map(move |(name, schema)| {
        let named = |item: &Json| item.as_str() == Some(name);
        (name.as_str(), schema, required.is_some_and(|required| required.iter().any(named)))
    })
}

fn about(schema: &Json) -> String {
    let about = schema.get("description").and_then(Json::as_str);
    about.map_or(String::new(), |about| format!("  {about}"))
}

/// A text as itself, anything else as JSON.
fn shown(value: &Json) -> String {
    value.as_str().map_or_else(|| value.canonical(), str::to_owned)
}

/// A text as code within a line.
pub(crate) fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace(['\n', '\r'], " "))
}

#[cfg(test)]
mod tests {
    use bounden_policy::{Contracts, ToolName};

    use super::*;

    #[test]
    fn what_a_server_says_can_mean_nothing_to_a_renderer() {
        let document = r#"{"schema":"behavior.contracts/v1","servers":{"a":{"protocolVersion":"1",
            "serverInfo":{"name":"a","version":"1"},"tools":[{"name":"b",
            "description":"x\n\n```\r[click](http://evil.example)\n# y",
            "inputSchema":{"properties":{"c":{"description":"`\n\n[d](e)"}}}}]}}}"#;
        let contracts = Contracts::parse(document.as_bytes()).unwrap();
        let text = pinned(contracts.tool(&ToolName::new("a.b")).unwrap());
        let (_, block) = text.split_once("\n\n").unwrap();
        assert!(block.contains("click") && block.contains("[d]"), "{text}");
        assert!(block.split(['\n', '\r']).all(|line| line.starts_with("    ")), "{text}");
        assert_eq!(code("`\n\n[d](e)"), "`'  [d](e)`");
    }
}
