//! The configuration files of MCP clients: `.mcp.json` of Claude Code, the file
//! of Claude Desktop and of Cursor (`mcpServers`), `mcp.json` of VS Code
//! (`servers`) and its settings (`mcp.servers`).

use std::collections::BTreeMap;

use bounden_base::{Json, JsonError};
use bounden_policy::detect::{Kinds, find};

use super::place;

/// How a server is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// A program to start, with its arguments.
    Command(Vec<String>),
    /// The address of its streamable HTTP endpoint.
    Url(String),
}

/// One server that a client is configured to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configured {
    /// As the client calls it.
    pub name: String,
    /// File and line.
    pub origin: String,
    /// How it is reached, or why it cannot be.
    pub reach: Result<Reach, String>,
    /// Variables that the client sets for it, or why one is not known.
    pub environment: Result<BTreeMap<String, String>, String>,
}

impl Reach {
    /// The kind of secret that it seems to hold, which an intent must not.
    #[must_use]
    pub fn secret(&self) -> Option<&'static str> {
        let secrets = Kinds::named("secrets").ok()?;
        let texts = match self {
            Self::Url(url) => vec![url.clone()],
            // An option and its value stand in one word or in two.
            Self::Command(words) => vec![words.join(" "), words.join("=")],
        };
        texts.iter().find_map(|text| find(text, secrets).next()).map(|found| found.kind.name())
    }
}

/// Reads the configuration of a client; `None` where the text is none.
/// `variable` tells the value of an environment variable.
///
/// # Errors
/// The text is no JSON, comments and trailing commas aside.
pub fn configured(
    text: &str,
    file: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Vec<Configured>>, JsonError> {
    let root = Json::parse(without_comments(text).as_bytes())?;
    let places: [&[&str]; 3] = [&["mcpServers"], &["servers"], &["mcp", "servers"]];
    let listed = places.into_iter().find_map(|path| root.at(path.iter().copied())?.as_object());
    let is_server = |server: &Json| server.get("command").or(server.get("url")).is_some();
    let Some(listed) = listed.filter(|listed| listed.values().all(is_server)) else {
        return Ok(None);
    };
    let is_on = |server: &Json| server.get("disabled").and_then(Json::as_bool) != Some(true);
    let servers = listed.iter().filter(|(_, server)| is_on(server));
    Ok(Some(
        servers
            .map(|(name, server)| Configured {
                name: name.clone(),
                origin: place::of(
                    text,
                    file,
                    &[&format!("{}:", Json::from(name.as_str()).canonical())],
                ),
                reach: reach(server),
                environment: environment(server, variable),
            })
            .collect(),
    ))
}

fn reach(server: &Json) -> Result<Reach, String> {
    if let Some(url) = server.get("url").and_then(Json::as_str) {
        if server.get("type").and_then(Json::as_str) == Some("sse") {
            return Err("it speaks the SSE transport of 2024, which is not spoken here".to_owned());
        }
        if let Some((header, _)) = server
            .get("headers")
            .and_then(Json::as_object)
            .and_then(|headers| headers.iter().next())
        {
            return Err(format!("it wants the header `{header}`, and headers are not sent"));
        }
        return written(url).map(Reach::Url);
    }
    let program = server.get("command").and_then(Json::as_str);
    let program = program.ok_or("its `command` is no text")?;
    let arguments = server.get("args").and_then(Json::as_array).unwrap_or_default();
    let arguments = arguments.iter().map(|word| word.as_str().ok_or("its `args` are no texts"));
    let words: Vec<_> = std::iter::once(Ok(program)).chain(arguments).collect::<Result<_, _>>()?;
    words.into_iter().map(written).collect::<Result<_, _>>().map(Reach::Command)
}

/// A word as the intent holds it. The folder is where commands run, and
/// anything else is not known to whoever starts the server later.
fn written(word: &str) -> Result<String, String> {
    let word = word.replace("${workspaceFolder}", ".");
    match word.split_once("${").and_then(|(_, rest)| rest.split_once('}')) {
        None => Ok(word),
        Some((name, _)) => Err(format!(
            "its command holds `${{{name}}}`, which an intent cannot; pass it as an environment variable"
        )),
    }
}

fn environment(
    server: &Json,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<BTreeMap<String, String>, String> {
    let set = server.get("env").and_then(Json::as_object);
    let set = set.into_iter().flatten().filter_map(|(name, value)| Some((name, value.as_str()?)));
    set.map(|(name, value)| Ok((name.clone(), expanded(value, variable)?))).collect()
}

/// The value with `${NAME}`, `${env:NAME}` and `${NAME:-default}` replaced.
fn expanded(value: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let Some((before, rest)) = value.split_once("${") else { return Ok(value.to_owned()) };
    let Some((inside, after)) = rest.split_once('}') else { return Ok(value.to_owned()) };
    let (name, default) = match inside.split_once(":-") {
        Some((name, default)) => (name, Some(default.to_owned())),
        None => (inside.strip_prefix("env:").unwrap_or(inside), None),
    };
    let found = if name == "workspaceFolder" { Some(".".to_owned()) } else { variable(name) };
    let found = found.or(default).ok_or_else(|| format!("it needs `{name}`, which is not set"))?;
    Ok(format!("{before}{found}{}", expanded(after, variable)?))
}

/// The text with comments and trailing commas as spaces, each line in its place.
fn without_comments(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (kept, taken) = match first {
            '"' => (true, string_length(rest)),
            '/' if rest.starts_with("//") => (false, rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => {
                (false, rest.find("*/").map_or(rest.len(), |at| at + 2))
            }
            _ => (true, first.len_utf8()),
        };
        let (part, after) = rest.split_at_checked(taken).unwrap_or((rest, ""));
        match kept {
            true => plain.push_str(part),
            false => plain.extend(part.chars().map(|c| if c == '\n' { c } else { ' ' })),
        }
        rest = after;
        if matches!(first, '}' | ']') {
            drop_trailing_comma(&mut plain);
        }
    }
    plain
}

/// Bytes of the string that begins here, quotes included.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Where a comma stands before the bracket that was just written.
fn drop_trailing_comma(plain: &mut String) {
    let Some(bracket) = plain.pop() else { return };
    let kept = plain.trim_end().len();
    if plain.get(..kept).is_some_and(|before| before.ends_with(',')) {
        plain.replace_range(kept - 1..kept, " ");
    }
    plain.push(bracket);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Configured> {
        let variable = |name: &str| (name == "TOKEN").then(|| "t0".to_owned());
        configured(text, ".mcp.json", &variable).unwrap().unwrap()
    }

    fn command(words: &[&str]) -> Result<Reach, String> {
        Ok(Reach::Command(words.iter().map(|word| (*word).to_owned()).collect()))
    }

    #[test]
    fn servers_are_read_from_the_files_of_several_clients() {
        let text = "{\n  // of VS Code\n  \"inputs\": [],\n  \"servers\": {\n    \"files\": {\"command\": \"npx\", \"args\": [\"-y\", \"x//y\", \"${workspaceFolder}/src\"],},\n    /* by address */ \"web\": {\"type\": \"http\", \"url\": \"https://a.example/mcp\"},\n  }\n}\n";
        let found = read(text);
        assert_eq!(found[0].reach, command(&["npx", "-y", "x//y", "./src"]));
        assert_eq!(found[0].origin, ".mcp.json:5");
        assert_eq!(found[1].reach, Ok(Reach::Url("https://a.example/mcp".into())));
        assert_eq!(found[1].origin, ".mcp.json:6");
        for key in ["mcpServers", "servers"] {
            let found = read(&format!(
                "{{\"{key}\":{{\"a\":{{\"command\":\"b\"}},\"off\":{{\"command\":\"c\",\"disabled\":true}}}}}}"
            ));
            assert_eq!(found.len(), 1);
        }
        assert_eq!(read(r#"{"mcp":{"servers":{"a":{"command":"b"}}}}"#).len(), 1);
    }

    #[test]
    fn variables_are_set_and_never_written() {
        let found = read(
            r#"{"mcpServers":{"a":{"command":"b","env":{"K":"x-${TOKEN}","L":"${env:TOKEN}","M":"${NO:-d}"}}}}"#,
        );
        let expected = [("K", "x-t0"), ("L", "t0"), ("M", "d")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(found[0].environment, Ok(BTreeMap::from(expected)));
        let missing = read(r#"{"mcpServers":{"a":{"command":"b","env":{"K":"${input:key}"}}}}"#);
        assert_eq!(missing[0].environment, Err("it needs `input:key`, which is not set".into()));
    }

    #[test]
    fn what_cannot_be_reached_says_why() {
        for (server, expected) in [
            (r#"{"command":"b","args":["--key=${TOKEN}"]}"#, "holds `${TOKEN}`"),
            (r#"{"url":"https://a.example","headers":{"Authorization":"x"}}"#, "`Authorization`"),
            (r#"{"url":"https://a.example","type":"sse"}"#, "SSE"),
            (r#"{"command":"b","args":[1]}"#, "`args`"),
            (r#"{"command":1}"#, "`command`"),
        ] {
            let found = read(&format!("{{\"mcpServers\":{{\"a\":{server}}}}}"));
            let reason = found[0].reach.clone().unwrap_err();
            assert!(reason.contains(expected), "{reason}");
        }
    }

    #[test]
    fn secrets_in_a_command_or_an_address_are_seen() {
        let command = |words: &[&str]| command(words).unwrap();
        let url = |url: &str| Reach::Url(url.to_owned());
        for (reach, secret) in [
            (command(&["npx", "-y", "x", "--api-key", "k8Jd02nfQmZ71xPa"]), Some("credential")),
            (command(&["npx", "x", "--api-key=k8Jd02nfQmZ71xPa"]), Some("credential")),
            (url("https://me:hunter22x@a.example/mcp"), Some("url_password")),
            (url("https://a.example/mcp?api_key=k8Jd02nfQmZ71xPa"), Some("credential")),
            (command(&["npx", "-y", "@modelcontextprotocol/server-filesystem", "/srv/a"]), None),
            (url("https://a.example/mcp"), None),
        ] {
            assert_eq!(reach.secret(), secret, "{reach:?}");
        }
    }

    #[test]
    fn other_documents_are_none() {
        for text in
            ["{}", r#"{"openapi":"3.0.0","servers":[]}"#, "[]", r#"{"mcpServers":{"a":{}}}"#]
        {
            assert_eq!(configured(text, "f", &|_| None).unwrap(), None, "{text}");
        }
        assert!(configured("{", "f", &|_| None).is_err());
        assert!(configured("", "f", &|_| None).is_err());
    }
}
