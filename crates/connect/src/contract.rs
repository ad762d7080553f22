//! What a server offers, to be pinned: the tool definitions in full.

use bounden_base::Json;

use crate::{Client, ConnectError, Source, Timeouts};

/// What one server offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerContract {
    /// The version of the protocol that was spoken.
    pub protocol_version: String,
    /// The server's name and version, and whatever else it says of itself.
    pub server_info: Json,
    /// The whole definition of every tool, in the order of their names.
    pub tools: Vec<Json>,
}

/// Asks a server for its contract; the same server gives the same answer.
///
/// # Errors
/// As [`Client::connect`] and [`Client::tools`].
pub async fn contract(source: &Source, timeouts: Timeouts) -> Result<ServerContract, ConnectError> {
    let mut client = Client::connect(source, timeouts).await?;
    let mut tools = client.tools().await?;
    tools.sort_by(|a, b| a.name().cmp(b.name()));
    let contract = ServerContract {
        protocol_version: client.server().protocol_version().to_owned(),
        server_info: client.server().server_info().clone(),
        tools: tools.iter().map(bounden_mcp::Tool::pinned).collect(),
    };
    client.close().await?;
    Ok(contract)
}
