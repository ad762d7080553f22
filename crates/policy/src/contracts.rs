//! `behavior.contracts.json`: every tool definition that an agent was resolved against.

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::{Digest, Json, JsonError, json};
use serde::{Deserialize, Serialize};

use crate::ToolName;

/// The tool definitions of all servers, as pinned beside the intent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contracts {
    /// By the name that the intent gives the server.
    pub servers: BTreeMap<String, ServerContract>,
}

/// What one MCP server answered when it was resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerContract {
    /// The protocol version that was negotiated, such as `2025-11-25`.
    pub protocol_version: String,
    /// Who the server says it is.
    pub server_info: ServerInfo,
    /// By the name that the server gives the tool.
    pub tools: BTreeMap<String, ToolContract>,
}

/// Who a server says it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerInfo {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// One whole tool definition, as `tools/list` gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolContract {
    definition: Json,
    digest: Digest,
}

/// A text is no contracts document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContractsError {
    /// Not JSON, or not of the document's shape.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// Another document, or another version of it.
    #[error("the schema of the document is `{0}`, not `{SCHEMA}`")]
    Schema(String),
    /// A name that cannot stand before the dot of `SERVER.TOOL`.
    #[error("`{0}` is no server name: it is empty or holds a dot")]
    ServerName(String),
    /// A definition without name or input schema.
    #[error("a tool of server `{server}` has no {member}")]
    Definition {
        /// The server.
        server: String,
        /// What is missing.
        member: &'static str,
    },
    /// Two definitions of one name.
    #[error("server `{server}` defines the tool `{tool}` twice")]
    Twice {
        /// The server.
        server: String,
        /// The tool.
        tool: String,
    },
}

const SCHEMA: &str = "behavior.contracts/v1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    schema: String,
    servers: BTreeMap<String, WireServer>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct WireServer {
    protocol_version: String,
    server_info: ServerInfo,
    tools: Vec<Json>,
}

impl Contracts {
    /// Reads `behavior.contracts/v1`.
    ///
    /// # Errors
    /// Says which server or tool is not as it should be.
    pub fn parse(bytes: &[u8]) -> Result<Self, ContractsError> {
        let wire: Wire = json::from_slice(bytes)?;
        if wire.schema != SCHEMA {
            return Err(ContractsError::Schema(wire.schema));
        }
        let servers = wire.servers.into_iter().map(|(name, server)| {
            let server = ServerContract::new(
                &name,
                server.protocol_version,
                server.server_info,
                server.tools,
            )?;
            Ok((name, server))
        });
        Ok(Self { servers: servers.collect::<Result<_, ContractsError>>()? })
    }

    /// The document that [`Contracts::parse`] reads.
    ///
    /// # Errors
    /// None in practice: every part is JSON already.
    pub fn to_json(&self) -> Result<Json, JsonError> {
        let server = |server: &ServerContract| WireServer {
            protocol_version: server.protocol_version.clone(),
            server_info: server.server_info.clone(),
            tools: server.tools.values().map(|tool| tool.definition.clone()).collect(),
        };
        let servers = self.servers.iter().map(|(name, pinned)| (name.clone(), server(pinned)));
        Json::from_serialize(&Wire { schema: SCHEMA.to_owned(), servers: servers.collect() })
    }

    /// The pinned definition of a tool.
    #[must_use]
    pub fn tool(&self, name: &ToolName) -> Option<&ToolContract> {
        self.servers.get(name.server())?.tools.get(name.tool())
    }

    /// All tools by their full names.
    pub fn tools(&self) -> impl Iterator<Item = (ToolName, &ToolContract)> {
        self.servers.iter().flat_map(|(server, pinned)| {
            let tools = pinned.tools.iter();
            tools.map(move |(tool, contract)| (ToolName::new(format!("{server}.{tool}")), contract))
        })
    }
}

impl ServerContract {
    /// The contract of the server that the intent calls `name`.
    ///
    /// # Errors
    /// A name with a dot, a definition without name or input schema, or two of one name.
    pub fn new(
        name: &str,
        protocol_version: String,
        server_info: ServerInfo,
        definitions: Vec<Json>,
    ) -> Result<Self, ContractsError> {
        if name.is_empty() || name.contains('.') {
            return Err(ContractsError::ServerName(name.to_owned()));
        }
        let mut tools = BTreeMap::new();
        for definition in definitions {
            let missing = |member| ContractsError::Definition { server: name.to_owned(), member };
            let tool = ToolContract::new(definition).map_err(missing)?;
            let tool_name = tool.name().to_owned();
            if tools.insert(tool_name.clone(), tool).is_some() {
                return Err(ContractsError::Twice { server: name.to_owned(), tool: tool_name });
            }
        }
        Ok(Self { protocol_version, server_info, tools })
    }
}

impl ToolContract {
    fn new(definition: Json) -> Result<Self, &'static str> {
        if definition.get("name").and_then(Json::as_str).is_none_or(str::is_empty) {
            return Err("name");
        }
        if definition.get("inputSchema").and_then(Json::as_object).is_none() {
            return Err("inputSchema");
        }
        let digest = definition.digest();
        Ok(Self { definition, digest })
    }

    /// The name on its server.
    #[must_use]
    pub fn name(&self) -> &str {
        self.definition.get("name").and_then(Json::as_str).unwrap_or_default()
    }

    /// The whole definition.
    #[must_use]
    pub fn definition(&self) -> &Json {
        &self.definition
    }

    /// The digest of the definition's canonical JSON.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The JSON Schema of the arguments.
    #[must_use]
    pub fn input_schema(&self) -> Option<&Json> {
        self.definition.get("inputSchema")
    }

    /// The JSON Schema of the structured result, if the tool declares one.
    #[must_use]
    pub fn output_schema(&self) -> Option<&Json> {
        self.definition.get("outputSchema")
    }

    /// The names of the arguments that the schema declares.
    #[must_use]
    pub fn arguments(&self) -> BTreeSet<&str> {
        let properties = self.definition.at(["inputSchema", "properties"]);
        properties
            .and_then(Json::as_object)
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"{"schema":"behavior.contracts/v1","servers":{"billing":{"protocolVersion":"2025-11-25","serverInfo":{"name":"desk","version":"1.0.0"},"tools":[{"inputSchema":{"properties":{"amount":{"maximum":9007199254740993},"to":{}}},"name":"pay.now","title":"Pay"}]}}}"#;

    fn said(text: &str) -> String {
        Contracts::parse(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_document_survives_a_round_trip() {
        let contracts = Contracts::parse(DOCUMENT.as_bytes()).unwrap();
        let again = contracts.to_json().unwrap().canonical();
        assert_eq!(Json::parse(again.as_bytes()), Json::parse(DOCUMENT.as_bytes()));
    }

    #[test]
    fn tools_are_found_by_their_full_name() {
        let contracts = Contracts::parse(DOCUMENT.as_bytes()).unwrap();
        let tool = contracts.tool(&"billing.pay.now".into()).unwrap();
        assert_eq!(tool.arguments().into_iter().collect::<Vec<_>>(), ["amount", "to"]);
        assert_eq!(tool.digest(), tool.definition().digest());
        assert_eq!(contracts.tools().next().unwrap().0.as_str(), "billing.pay.now");
        for absent in ["billing.pay", "desk.pay.now", "pay.now", ""] {
            assert_eq!(contracts.tool(&absent.into()), None, "{absent}");
        }
    }

    #[test]
    fn the_digest_covers_every_member_of_a_definition() {
        let digest = |text: &str| {
            let contracts = Contracts::parse(text.as_bytes()).unwrap();
            contracts.tool(&"billing.pay.now".into()).unwrap().digest()
        };
        assert_ne!(digest(DOCUMENT), digest(&DOCUMENT.replace("\"Pay\"", "\"Pay \"")));
        assert_ne!(digest(DOCUMENT), digest(&DOCUMENT.replace("0993", "0992")));
        assert_eq!(digest(DOCUMENT), digest(&DOCUMENT.replace(":{\"", ": {\"")));
    }

    #[test]
    fn what_is_no_contracts_document_says_why() {
        assert_eq!(
            said(&DOCUMENT.replace("/v1", "/v2")),
            "the schema of the document is `behavior.contracts/v2`, not `behavior.contracts/v1`"
        );
        assert_eq!(
            said(&DOCUMENT.replace("\"name\":\"pay.now\",", "")),
            "a tool of server `billing` has no name"
        );
        assert_eq!(
            said(&DOCUMENT.replace("inputSchema", "input_schema")),
            "a tool of server `billing` has no inputSchema"
        );
        assert_eq!(
            said(&DOCUMENT.replace("\"billing\"", "\"bil.ling\"")),
            "`bil.ling` is no server name: it is empty or holds a dot"
        );
        let twice = DOCUMENT.replace("]}}}", r#",{"name":"pay.now","inputSchema":{}}]}}}"#);
        assert_eq!(said(&twice), "server `billing` defines the tool `pay.now` twice");
        assert!(
            said(&DOCUMENT.replace("\"tools\"", "\"x\":1,\"tools\"")).contains("unknown field `x`")
        );
    }
}
