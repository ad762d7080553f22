//! What servers offer, to be pinned: their tool definitions in full.

use std::collections::BTreeMap;

use bounden_base::Json;
use bounden_mcp::Tool;
use bounden_policy::{Contracts, ServerContract, ServerInfo};

use crate::{Client, ConnectError, Source, Timeouts};

/// Asks every server, by the name that the intent gives it, for its tools.
/// The same servers give the same document.
///
/// # Errors
/// As [`Client::connect`] and [`Client::tools`], with the server's name, and
/// definitions that cannot be pinned.
pub async fn contracts(
    servers: &BTreeMap<String, Source>,
    timeouts: Timeouts,
) -> Result<Contracts, ConnectError> {
    let mut contracts = Contracts::default();
    for (name, source) in servers {
        let contract = contract(name, source, timeouts).await;
        let contract =
            contract.map_err(|error| ConnectError::Server(name.clone(), Box::new(error)))?;
        contracts.servers.insert(name.clone(), contract);
    }
    Ok(contracts)
}

async fn contract(
    name: &str,
    source: &Source,
    timeouts: Timeouts,
) -> Result<ServerContract, ConnectError> {
    let mut client = Client::connect(source, timeouts).await?;
    let tools = client.tools().await?;
    let says = |member| client.server().server_info().get(member).and_then(Json::as_str);
    let text = |member| says(member).unwrap_or_default().to_owned();
    let info = ServerInfo { name: text("name"), version: text("version") };
    let version = client.server().protocol_version().to_owned();
    let definitions = tools.iter().map(Tool::pinned).collect();
    let contract = ServerContract::new(name, version, info, definitions)?;
    client.close().await?;
    Ok(contract)
}
