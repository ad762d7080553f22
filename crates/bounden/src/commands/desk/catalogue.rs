//! Which tools each part of the desk offers, as its servers define them.

use bounden_base::{Json, JsonError};
use bounden_mcp::Tool;

/// The desk can run as two servers.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Part {
    /// Orders, returns, refunds and accounts
    Billing,
    /// The queues that people work on
    Desk,
}

impl Part {
    pub(super) const ALL: [Self; 2] = [Self::Billing, Self::Desk];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Billing => "acme-billing",
            Self::Desk => "acme-desk",
        }
    }

    fn definitions(self) -> &'static str {
        match self {
            Self::Billing => include_str!("billing.json"),
            Self::Desk => include_str!("desk.json"),
        }
    }
}

/// The tools of these parts, in the order of their files.
pub(super) fn tools(parts: &[Part]) -> Result<Vec<Tool>, JsonError> {
    let mut tools = Vec::new();
    for part in parts {
        let definitions = Json::parse(part.definitions().as_bytes())?;
        tools.extend(
            definitions.as_array().unwrap_or_default().iter().cloned().filter_map(Tool::from_json),
        );
    }
    Ok(tools)
}
