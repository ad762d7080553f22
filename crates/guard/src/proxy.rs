//! The MCP proxy.
mod catalogue;
mod names;
